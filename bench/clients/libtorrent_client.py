"""
libtorrent as a program, set up for speed.

    libtorrent_client.py get TORRENT DIR PORT        downloads, ends when the content is on disk
    libtorrent_client.py seed TORRENT DIR PORT       checks the content, then seeds until it is ended
    libtorrent_client.py idle FOLDER DIR PORT        seeds all torrents of a folder until it is ended
    libtorrent_client.py get-all FOLDER DIR PORT PEER    downloads all torrents of a folder from one peer
    libtorrent_client.py create FILE OUT             makes a v1 torrent with pieces of 256 KiB
"""
import os
import sys
import time

import libtorrent as lt

MIB = 1 << 20


def session(port):
    kinds = lt.alert.category_t
    return lt.session({
        'listen_interfaces': '127.0.0.1:%s' % port, 'alert_mask': kinds.status_notification | kinds.storage_notification
        | kinds.error_notification,
        'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
        'enable_incoming_utp': False, 'enable_outgoing_utp': False, 'out_enc_policy': 2, 'in_enc_policy': 2,
        'allow_multiple_connections_per_ip': True, 'smooth_connects': False, 'connection_speed': 500,
        'torrent_connect_boost': 100, 'unchoke_slots_limit': -1, 'connections_limit': 500, 'aio_threads': 4,
        'hashing_threads': 2, 'max_queued_disk_bytes': 64 * MIB, 'max_out_request_queue': 1500,
        'max_allowed_in_request_queue': 4000, 'request_queue_time': 3, 'send_buffer_watermark': 4 * MIB,
        'send_buffer_low_watermark': MIB // 2, 'send_buffer_watermark_factor': 150, 'stop_tracker_timeout': 1,
    })


def add(s, torrent, directory):
    flags = lt.torrent_flags
    return s.add_torrent({'ti': lt.torrent_info(torrent), 'save_path': directory,
                          'flags': flags.default_flags & ~flags.auto_managed & ~flags.paused})


def get(torrent, directory, port):
    s = session(port)
    handle = add(s, torrent, directory)
    while True:
        s.wait_for_alert(1000)
        for alert in s.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert):
                handle.flush_cache()
            elif isinstance(alert, lt.cache_flushed_alert) and handle.status().is_finished:
                os._exit(0)
            elif isinstance(alert, (lt.torrent_error_alert, lt.file_error_alert)):
                sys.exit(alert.message())


def seed(torrent, directory, port):
    s = session(port)
    add(s, torrent, directory).replace_trackers([])
    while True:
        time.sleep(3600)


def idle(folder, directory, port):
    s = session(port)
    s.apply_settings({'alert_mask': 0})
    for name in sorted(os.listdir(folder)):
        add(s, os.path.join(folder, name), directory)
    while True:
        time.sleep(3600)


def get_all(folder, directory, port, peer):
    s = session(port)
    host, number = peer.rsplit(':', 1)
    handles = [add(s, os.path.join(folder, name), directory) for name in sorted(os.listdir(folder))]
    for handle in handles:
        handle.connect_peer((host, int(number)))
    while not all(handle.status().is_seeding for handle in handles):
        for alert in s.pop_alerts():
            if isinstance(alert, (lt.torrent_error_alert, lt.file_error_alert)):
                sys.exit(alert.message())
        time.sleep(0.02)
    os._exit(0)


def create(path, out):
    files = lt.file_storage()
    lt.add_files(files, path)
    torrent = lt.create_torrent(files, 262144, lt.create_torrent.v1_only)
    lt.set_piece_hashes(torrent, os.path.dirname(path))
    with open(out, 'wb') as f:
        f.write(lt.bencode(torrent.generate()))


if __name__ == '__main__':
    {'get': get, 'seed': seed, 'idle': idle, 'get-all': get_all, 'create': create}[sys.argv[1]](*sys.argv[2:])
