"""How each program is started for a run, with settings that let it be fast and keep it on this machine."""
import json
import os
import re
import shlex
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OURTORRENT = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'artifacts', 'native', 'ourtorrent')
LIBTORRENT = [sys.executable, os.path.join(HERE, 'libtorrent_client.py')]


class Start:
    """A command; it is done when it exits, or when the file it makes when it is done is there."""

    def __init__(self, argv, done=None):
        self.argv, self.done = argv, done


def template(command):
    """A command as people type it, with {torrent} {dir} {port} {file} {out} {peer} in it."""
    def make(run, **values):
        words = shlex.split(command)
        return Start([re.sub(r'\{(\w+)\}', lambda m: str(values.get(m[1], m[0])), word) for word in words])
    return make


def _write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def _done_script(run):
    done = os.path.join(run, 'done')
    return _write(os.path.join(run, 'done.sh'), '#!/bin/sh\n: > "%s"\n' % done, 0o755), done


def _rtorrent(run, torrent, dir, port, done=None):
    session = os.path.join(run, 'session')
    os.makedirs(session, exist_ok=True)
    # One with no tracker and no DHT is refused, so for seeding there is a tracker that is not there.
    hook = 'method.set_key = event.download.finished,done,"execute.nothrow=touch,%s"' % done if done else ''
    config = _write(os.path.join(run, 'rtorrent.rc'), '''
system.daemon.set = true
network.port_range.set = %d-%d
network.port_random.set = no
network.bind_address.set = 127.0.0.1
dht.mode.set = disable
protocol.pex.set = no
trackers.use_udp.set = no
protocol.encryption.set = none
directory.default.set = %s
session.path.set = %s
throttle.max_peers.normal.set = 200
throttle.max_peers.seed.set = 200
throttle.max_uploads.set = 50
throttle.max_downloads.global.set = 300
throttle.max_uploads.global.set = 300
network.max_open_files.set = 600
network.max_open_sockets.set = 600
network.send_buffer.size.set = 4M
network.receive_buffer.size.set = 4M
pieces.memory.max.set = 4096M
pieces.hash.on_completion.set = no
%s
''' % (port, port, dir, session, hook))
    return Start(['env', 'TERM=xterm', 'rtorrent', '-n', '-o', 'import=' + config, torrent], done)


def _aria2(torrent, dir, port, *more):
    return ['aria2c', '--no-conf', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false',
            '--enable-peer-exchange=false', '--file-allocation=none', '--disk-cache=64M', '--bt-max-peers=0',
            '--bt-max-open-files=500', '--listen-port=%d' % port, '--dir=' + dir, '--summary-interval=0',
            '--console-log-level=warn', '--show-console-readout=false', *more, torrent]


def _get_rtorrent(run, torrent, dir, port, **_):
    return _rtorrent(run, torrent, dir, port, os.path.join(run, 'done'))


def _get_aria2(run, torrent, dir, port, **_):
    script, done = _done_script(run)
    return Start(_aria2(torrent, dir, port, '--seed-time=0', '--bt-stop-timeout=60', '--on-bt-download-complete=' + script), done)


def _get_transmission(run, torrent, dir, port, **_):
    script, done = _done_script(run)
    settings = {'dht-enabled': False, 'lpd-enabled': False, 'pex-enabled': False, 'utp-enabled': False, 'encryption': 0,
                'port-forwarding-enabled': False, 'bind-address-ipv4': '127.0.0.1', 'cache-size-mb': 64, 'preallocation': 0,
                'rename-partial-files': False, 'rpc-enabled': False, 'message-level': 1}
    _write(os.path.join(run, 'transmission', 'settings.json'), json.dumps(settings))
    return Start(['transmission-cli', '-g', os.path.join(run, 'transmission'), '-w', dir, '-p', str(port), '-M', '-f', script, torrent], done)


def _seed_rtorrent(run, torrent, dir, port, **_):
    return _rtorrent(run, torrent, dir, port)


def _seed_aria2(run, torrent, dir, port, **_):
    return Start(_aria2(torrent, dir, port, '--seed-ratio=0.0', '--check-integrity=true', '--bt-hash-check-seed=true'))


def _libtorrent(verb, *names):
    return lambda run, **values: Start([*LIBTORRENT, verb, *(str(values[name]) for name in names)])


def _ourtorrent(text):
    return template(shlex.quote(OURTORRENT) + ' ' + text)


DOWNLOAD = {
    'ourtorrent': _ourtorrent('get {torrent} -d {dir} --port {port} --bind 127.0.0.1'),
    'libtorrent': _libtorrent('get', 'torrent', 'dir', 'port'),
    'rtorrent': _get_rtorrent,
    'aria2': _get_aria2,
    'transmission': _get_transmission,
}

SEED = {
    'ourtorrent': _ourtorrent('seed {torrent} -d {dir} --port {port} --bind 127.0.0.1'),
    'libtorrent': _libtorrent('seed', 'torrent', 'dir', 'port'),
    'rtorrent': _seed_rtorrent,
    'aria2': _seed_aria2,
}

CREATE = {
    'ourtorrent': _ourtorrent('create {file} -o {out} --piece-length 256K --force'),
    'libtorrent': _libtorrent('create', 'file', 'out'),
    'mktorrent': template('mktorrent -l 18 -t 2 -o {out} {file}'),
    'transmission': template('transmission-create -s 256 -o {out} {file}'),
}

IDLE = {
    'ourtorrent': _ourtorrent('seed {torrents} -d {dir} --port {port} --bind 127.0.0.1'),
    'libtorrent': _libtorrent('idle', 'torrents', 'dir', 'port'),
}

SHOW = {
    'ourtorrent': _ourtorrent('show {torrent}'),
    'transmission': template('transmission-show {torrent}'),
    'aria2': template('aria2c --no-conf -S {torrent}'),
}

# Refuses loopback addresses from a tracker: here the seeder connects to the client.
PUSHED = {'transmission'}
