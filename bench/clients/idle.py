"""Many torrents that nobody asks for anything: what starting a session of them takes, and what it costs while nothing happens."""
import hashlib
import os
import time

from processes import is_listening, new_port, wait_for
from raw_peer import has_all
from torrents import Torrent, encode

LENGTH = 64 * 1024
PIECE_LENGTH = 16 * 1024


def make(work, count):
    """Makes the torrents and their content, once. Returns both folders, and the torrents."""
    root = os.path.join(work, 'payload', 'idle-%d' % count)
    folders = [os.path.join(root, name) for name in ('torrents', 'content')]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    torrents = []
    for number in range(count):
        path = os.path.join(folders[0], '%06d.torrent' % number)
        if not os.path.exists(path):
            name = '%06d.bin' % number
            content = hashlib.sha256(name.encode()).digest() * (LENGTH // 32)
            with open(os.path.join(folders[1], name), 'wb') as f:
                f.write(content)
            pieces = b''.join(hashlib.sha1(content[at:at + PIECE_LENGTH]).digest() for at in range(0, LENGTH, PIECE_LENGTH))
            with open(path, 'wb') as f:
                f.write(encode({'info': {'name': name, 'length': LENGTH, 'piece length': PIECE_LENGTH, 'pieces': pieces}}))
        torrents.append(path)
    return (*folders, torrents)


def measure(run, start, options, work):
    """Starts a program on the torrents and watches it do nothing. `start` gets the folders and a port."""
    folder, content, torrents = make(work, options.torrents)
    port = new_port()
    process = run.start(start(run.folder, torrents=folder, dir=content, port=port).argv, 'client')
    wait_for(lambda: is_listening(port), options.timeout, 'listening', process)
    for path in (torrents[0], torrents[-1]):
        torrent = Torrent(path)
        wait_for(lambda: has_all(torrent, port), options.timeout, 'all torrents', process, 0.05)
    load, load_cpu = time.perf_counter() - process.started, process.cpu()
    time.sleep(options.settle)
    cpu, started = process.cpu(), time.perf_counter()
    time.sleep(options.idle)
    idle = (process.cpu() - cpu) / (time.perf_counter() - started)
    process.sample(True)
    return dict(wall=load, cpu=load_cpu, idle=idle * 100, anon=process.anon, rss=process.rss)
