#!/usr/bin/python3
"""
Measures OurTorrent with much at once on this machine.

    scale.py connections    many peers of one torrent that want nothing for now: memory of each, CPU at rest (--peers 2000)
    scale.py active         many torrents downloaded at once from one raw seeder (--torrents 100, 10 MiB each)
    scale.py sparse         a torrent of 100 GiB (--gib 100) of which 1 GiB is not zeros and comes from a raw seeder

Only 127.0.0.0/8 is contacted. active takes libtorrent for comparison where its module is there; compare.py idle has torrents at rest.
Memory is the peak of what is anonymous; CPU at rest is over --seconds, as a share of one core. In sparse, the zeros are there at the start as a file without blocks, so that all of it is checked and hashed, none of
it is stored, and the whole torrent is in the books.
"""
import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import time

import programs
from processes import Failed, Process, is_listening, new_port, wait_for
from raw_peer import has_all
from torrents import MIB, PIECE_LENGTH, Torrent, encode

HERE = os.path.dirname(os.path.abspath(__file__))
RAW_PEER = [sys.executable, os.path.join(HERE, 'raw_peer.py')]


class Bench:
    """A folder, and the processes that end with it."""

    def __init__(self, options):
        self.options = options
        self.folder = os.path.join(options.work, 'scale')
        self.processes = []

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, 'torrents'))
        os.makedirs(os.path.join(self.folder, 'content'))
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self, argv, name):
        state = self.path('state-' + name)
        shutil.rmtree(state, ignore_errors=True)
        process = Process(argv, self.path(name + '.log'), {'HOME': state, 'XDG_STATE_HOME': state}, self.folder)
        self.processes.append(process)
        return process

    def stop(self):
        for process in reversed(self.processes):
            process.stop(20.0)
        self.processes.clear()

    def make_torrents(self, count, length):
        """Torrents of one file each, with random content."""
        numbers = random.Random('scale')
        for i in range(count):
            name, data = 't%05d' % i, numbers.randbytes(length)
            with open(self.path('content', name), 'wb') as f:
                f.write(data)
            pieces = b''.join(hashlib.sha1(data[at:at + PIECE_LENGTH]).digest() for at in range(0, length, PIECE_LENGTH))
            self.write_torrent(name, length, pieces)
        return [self.path('torrents', name) for name in sorted(os.listdir(self.path('torrents')))]

    def write_torrent(self, name, length, pieces):
        path = self.path('torrents', name + '.torrent')
        with open(path, 'wb') as f:
            f.write(encode({'info': {'name': name, 'length': length, 'piece length': PIECE_LENGTH, 'pieces': pieces}}))
        return path

    def at_rest(self, process):
        """The share of a core a program takes while nothing happens."""
        time.sleep(3)
        before, started = process.cpu(), time.perf_counter()
        time.sleep(self.options.seconds)
        share = (process.cpu() - before) / (time.perf_counter() - started)
        process.sample(True)
        return share

    def ours(self, verb, torrents, directory, port, *more):
        return [self.options.program, verb, *torrents, '-d', directory, '--port', str(port), '--bind', '127.0.0.1', '--json', *more]

    def libtorrent(self, *words):
        return [*programs.LIBTORRENT, *map(str, words)]


def row(*cells):
    print('| ' + ' | '.join(str(cell) for cell in cells) + ' |', flush=True)


def header(*cells):
    row(*cells)
    print('|' + '---|' * len(cells), flush=True)


def connections(bench):
    options, port = bench.options, new_port()
    torrent = Torrent(bench.make_torrents(1, 16 * MIB)[0])
    process = bench.start(bench.ours('seed', [torrent.path], bench.path('content'), port, '-m', str(options.peers)), 'ourtorrent')
    wait_for(lambda: is_listening(port) and has_all(torrent, port), 30, 'seeding', process, 0.05)
    time.sleep(1)
    process.sample(True)
    before, cpu = process.anon, process.cpu()
    crowd = bench.start([*RAW_PEER, 'crowd', torrent.path, '127.0.0.1:%d' % port, str(options.peers), bench.path('ready')], 'crowd')
    wait_for(lambda: os.path.exists(bench.path('ready')), options.timeout, 'all connected', crowd)
    wall, cpu = time.perf_counter() - crowd.started, process.cpu() - cpu
    share = bench.at_rest(process)
    print('\n### %d connections to one torrent\n' % options.peers)
    header('connected in s', 'CPU s', 'anonymous MiB', 'anonymous KiB / connection', 'CPU at rest, % of a core')
    row('%.2f' % wall, '%.2f' % cpu, '%.0f' % (process.anon / MIB), '%.1f' % ((process.anon - before) / 1024 / options.peers), '%.2f' % (share * 100))


def active(bench):
    options = bench.options
    torrents = bench.make_torrents(options.torrents, options.mib * MIB)
    total = options.torrents * options.mib / 1024
    print('\n### %d torrents of %d MiB at once\n' % (len(torrents), options.mib))
    header('', 'wall s', 'CPU s/GiB', 'anonymous MiB')
    port = new_port()
    seeder = bench.start([*RAW_PEER, 'seed-all', bench.path('torrents'), bench.path('content'), str(port), bench.path('ready')], 'seeder')
    wait_for(lambda: os.path.exists(bench.path('ready')), 30, 'raw seeder', seeder)
    peer = '127.0.1.1:%d' % port
    for name in options.clients.split(','):
        target = bench.path('to-' + name)
        os.makedirs(target)
        if name == 'libtorrent':
            argv = bench.libtorrent('get-all', bench.path('torrents'), target, new_port(), peer)
        else:
            argv = bench.ours('get', torrents, target, new_port(), '--peer', peer)
        process = bench.start(argv, name)
        run_to_end(process, options.timeout)
        wall = time.perf_counter() - process.started
        for torrent in torrents:
            fault = Torrent(torrent).fault(target)
            if fault:
                raise Failed(fault)
        row(name, '%.2f' % wall, '%.2f' % (process.exit_cpu / total), '%.0f' % (process.anon / MIB))
        shutil.rmtree(target)


def sparse(bench):
    options = bench.options
    pieces, real = (options.gib << 30) // PIECE_LENGTH, (1 << 30) // PIECE_LENGTH
    digests = [hashlib.sha1(bytes(PIECE_LENGTH)).digest()] * pieces
    chosen = random.Random('sparse').sample(range(pieces), min(real, pieces))
    numbers, source = random.Random('data'), bench.path('content', 'sparse.bin')
    with open(source, 'wb') as f:
        f.truncate(options.gib << 30)
        for piece in chosen:
            data = numbers.randbytes(PIECE_LENGTH)
            digests[piece] = hashlib.sha1(data).digest()
            os.pwrite(f.fileno(), data, piece * PIECE_LENGTH)
    torrent = bench.write_torrent('sparse.bin', options.gib << 30, b''.join(digests))
    target, port = bench.path('to'), new_port()
    os.makedirs(target)
    with open(os.path.join(target, 'sparse.bin'), 'wb') as f:
        f.truncate(options.gib << 30)
    seeder = bench.start([*RAW_PEER, 'seed-all', bench.path('torrents'), bench.path('content'), str(port), bench.path('ready')], 'seeder')
    wait_for(lambda: os.path.exists(bench.path('ready')), 30, 'raw seeder', seeder)
    process = bench.start(bench.ours('get', [torrent], target, new_port(), '--peer', '127.0.1.1:%d' % port), 'ourtorrent')
    run_to_end(process, options.timeout)
    wall = time.perf_counter() - process.started
    with open(source, 'rb') as a, open(os.path.join(target, 'sparse.bin'), 'rb') as b:
        for piece in chosen:
            if os.pread(a.fileno(), PIECE_LENGTH, piece * PIECE_LENGTH) != os.pread(b.fileno(), PIECE_LENGTH, piece * PIECE_LENGTH):
                raise Failed('piece %d differs' % piece)
    print('\n### A torrent of %d GiB (%d pieces), 1 GiB of it downloaded, the rest checked\n' % (options.gib, pieces))
    header('wall s', 'CPU s', 'anonymous MiB', 'resident MiB')
    row('%.1f' % wall, '%.1f' % process.exit_cpu, '%.0f' % (process.anon / MIB), '%.0f' % (process.rss / MIB))


def run_to_end(process, timeout):
    while not process.has_ended():
        if time.perf_counter() - process.started > timeout:
            raise Failed('not done after %d s: %s' % (timeout, process.tail()))
        process.sample()
        time.sleep(0.003)
    if process.exit_code != 0:
        raise Failed('exit code %s: %s' % (process.exit_code, process.tail()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=['connections', 'active', 'sparse'])
    parser.add_argument('--program', default=programs.OURTORRENT, help='the published program')
    parser.add_argument('--clients', default='ourtorrent,libtorrent')
    parser.add_argument('--torrents', type=int, default=100, help='how many are active')
    parser.add_argument('--mib', type=int, default=10, help='of each active torrent')
    parser.add_argument('--peers', type=int, default=2000)
    parser.add_argument('--gib', type=int, default=100)
    parser.add_argument('--seconds', type=float, default=20, help='how long to look at a program at rest')
    parser.add_argument('--timeout', type=float, default=600, help='seconds')
    parser.add_argument('--work', default='/dev/shm/ourtorrent-bench', help='a folder in tmpfs')
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was started ends with us
    with Bench(options) as bench:
        globals()[options.what](bench)


if __name__ == '__main__':
    main()
