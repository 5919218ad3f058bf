"""A libtorrent session that takes one JSON object a line on standard input and answers each with one on standard output.

The first line it prints tells the port it listens on. It ends with its standard input.
"""
import json
import os
import sys
import time

try:
    import libtorrent as lt
except ImportError:
    print(json.dumps({'missing': 'libtorrent'}), flush=True)
    sys.exit(1)


def start():
    return lt.session({
        'listen_interfaces': '127.0.0.1:0',
        'outgoing_interfaces': '127.0.0.1',
        'enable_dht': False,
        'enable_lsd': False,
        'enable_upnp': False,
        'enable_natpmp': False,
        'enable_incoming_utp': False,
        'enable_outgoing_utp': False,
        'out_enc_policy': 2,
        'in_enc_policy': 2,
        'allow_multiple_connections_per_ip': True,
        'min_reconnect_time': 1,
        'stop_tracker_timeout': 1,
        'smooth_connects': False,
        'alert_mask': lt.alert.category_t.status_notification | lt.alert.category_t.error_notification
        | lt.alert.category_t.tracker_notification | lt.alert.category_t.storage_notification
        | lt.alert.category_t.connect_notification,
    })


class Peer:
    def __init__(self):
        self.session = start()
        self.torrents = {}
        self.fatal = None

    def look(self):
        """Prints what has happened where only people read it, and remembers what must not happen."""
        seen = self.session.pop_alerts()
        for alert in seen:
            print(alert.what(), alert.message(), file=sys.stderr, flush=True)
            if isinstance(alert, (lt.torrent_error_alert, lt.file_error_alert, lt.hash_failed_alert)):
                self.fatal = alert.message()
        return seen

    def listen(self):
        while not self.session.listen_port():
            self.session.wait_for_alert(100)
            self.look()
        return {'port': self.session.listen_port()}

    def add(self, ask):
        flags = lt.torrent_flags.default_flags & ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        self.torrents[ask['torrent']] = self.session.add_torrent(
            {'ti': lt.torrent_info(ask['torrent']), 'save_path': ask['folder'], 'flags': flags})
        return {}

    def connect(self, ask):
        self.torrents[ask['torrent']].connect_peer((ask['address'], ask['port']))
        return {}

    def status(self, ask):
        status = self.torrents[ask['torrent']].status()
        checking = status.state in (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
        return {'completed': status.total_done, 'checking': checking, 'seeding': status.is_seeding}

    def quit(self, _):
        """Waits until all that was received is on disk."""
        waiting = set()
        for handle in self.torrents.values():
            handle.pause()
            handle.flush_cache()
            waiting.add(handle)
        end = time.monotonic() + 10
        while waiting and time.monotonic() < end:
            self.session.wait_for_alert(100)
            for alert in self.look():
                if isinstance(alert, lt.cache_flushed_alert):
                    waiting.discard(alert.handle)
        return {'error': 'the content was not flushed'} if waiting else {}


def main():
    peer = Peer()
    print(json.dumps(peer.listen()), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            answer = getattr(peer, ask['do'])(ask)
        except Exception as error:  # whatever it is, the test has to be told
            answer = {'error': '%s: %s' % (type(error).__name__, error)}
        peer.look()
        if peer.fatal:
            answer = {'error': peer.fatal}
        print(json.dumps(answer), flush=True)
        if ask['do'] == 'quit':
            break
    # The session's own end waits for its trackers.
    os._exit(0)


main()
