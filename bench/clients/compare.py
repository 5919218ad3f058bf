#!/usr/bin/python3
"""
Measures OurTorrent beside other clients on this machine.

    compare.py download     1 GiB from a raw seeder; --payload small: 5,000 files; --seeders 50: from 50 at once
    compare.py seed         1 GiB to a raw leecher, after the content was checked
    compare.py create       a torrent of one file of 2 GiB
    compare.py idle         500 torrents that nobody asks for anything; --torrents 10000: so many
    compare.py show         what starting a program and reading a torrent of 21,613 pieces takes
    compare.py floor        what this machine can do at best: SHA-1, writing, copying over loopback TCP

Only 127.0.0.0/8 is contacted. Clients find the raw seeders through a fresh opentracker for every run (transmission refuses
loopback addresses from a tracker, so there the seeder connects to it).

Each run: wall is from starting the process until it is done (it exits, or calls its own hook), CPU is user and kernel time of
its whole process session until then, anon is the peak of its anonymous memory, looked at every 20 ms (clients that map files
count page cache as resident). After a download the content is hashed against the torrent, outside the timing. Programs take
turns, so that drift hits all alike; the figures are medians. A run during which others used the machine (or its host took it
away) is repeated, and the last try is kept and marked '!' when it was noisy too: it is never the fastest of several.
"""
import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

import floor
import idle
import programs
from processes import Failed, Noise, Process, is_listening, new_port, wait_for
from raw_peer import has_all
from torrents import MIB, Torrent, make_file, payload

HERE = os.path.dirname(os.path.abspath(__file__))
RAW_PEER = [sys.executable, os.path.join(HERE, 'raw_peer.py')]
SHOWN = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'tests', 'OurTorrent.Protocol.Tests', 'Fixtures',
                     'ubuntu-24.10-desktop-amd64.iso.torrent')


class Run:
    """One run of one program: its folder and its processes, which end with it."""

    def __init__(self, options, name):
        self.options = options
        self.folder = os.path.join(options.work, 'run', name)
        self.content = os.path.join(self.folder, 'content')
        self.processes = []

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.content)
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.stop(1.0)
        shutil.rmtree(self.content, ignore_errors=True)
        if not self.options.keep_logs:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, argv, name):
        # A state of its own for every run, so that none begins where another stopped.
        env = {'HOME': self.folder, 'XDG_STATE_HOME': os.path.join(self.folder, 'state')}
        process = Process(argv, os.path.join(self.folder, name + '.log'), env, self.folder)
        self.processes.append(process)
        return process

    def watch(self, process, done=None):
        """Waits until it is done. Returns its wall and CPU seconds."""
        while not (done and os.path.exists(done)):
            wall = time.perf_counter() - process.started
            if process.has_ended():
                if process.exit_code != 0:
                    raise Failed('exit code %s: %s' % (process.exit_code, process.tail()))
                return wall, process.exit_cpu
            if wall > self.options.timeout:
                raise Failed('not done after %d s: %s' % (self.options.timeout, process.tail()))
            process.sample()
            time.sleep(0.003)
        return time.perf_counter() - process.started, process.cpu()


def run_download(options, name, make, torrent, root):
    with Run(options, 'download-' + name) as run:
        port, seeder_port = new_port(), new_port()
        ready = os.path.join(run.folder, 'ready')
        argv = [*RAW_PEER, 'seed', torrent.path, root, str(seeder_port), str(options.seeders), ready]
        if name in programs.PUSHED:
            argv.append(str(port))
        else:
            torrent = start_tracker(run, torrent)
            argv[len(RAW_PEER) + 1] = torrent.path
        seeder = run.start(argv, 'seeder')
        wait_for(lambda: os.path.exists(ready), 30, 'raw seeder', seeder)
        time.sleep(0.2)
        seeder_cpu = seeder.cpu()
        start = make(run.folder, torrent=torrent.path, dir=run.content, port=port, peer='127.0.1.1:%d' % seeder_port)
        noise = Noise(list(run.processes))
        client = run.start(start.argv, 'client')
        wall, cpu = run.watch(client, start.done)
        noise = noise.cores(cpu)
        seeder_cpu = seeder.cpu() - seeder_cpu
        client.sample(True)
        client.stop()
        fault = torrent.fault(run.content)
        if fault:
            raise Failed(fault)
        return dict(wall=wall, cpu=cpu, noise=noise, anon=client.anon, rss=client.rss, peer_cpu=seeder_cpu)


def start_tracker(run, torrent):
    """Starts a tracker for one torrent. Returns the torrent that names it."""
    folder, port = os.path.join(run.folder, 'tracker'), new_port()
    os.makedirs(folder)
    os.chmod(folder, 0o755)  # it gives up its rights before it reads the list
    with open(os.path.join(folder, 'list'), 'w') as f:
        f.write(torrent.info_hash.hex() + '\n')
    tracker = run.start(['opentracker', '-i', '127.0.0.1', '-p', str(port), '-P', str(port), '-d', folder, '-w', 'list'], 'tracker')
    wait_for(lambda: is_listening(port), 5, 'opentracker', tracker)
    return torrent.with_announce(os.path.join(run.folder, 'announced.torrent'), 'http://127.0.0.1:%d/announce' % port)


def run_seed(options, name, make, torrent, root):
    with Run(options, 'seed-' + name) as run:
        port = new_port()
        # The leecher is told the address. rtorrent takes no torrent without a tracker: one that is not there.
        torrent = torrent.with_announce(os.path.join(run.folder, 'seed.torrent'),
                                        'http://127.0.0.1:9/announce' if name == 'rtorrent' else None)
        client = run.start(make(run.folder, torrent=torrent.path, dir=root, port=port).argv, 'client')
        wait_for(lambda: is_listening(port) and has_all(torrent, port), options.timeout, 'seeding', client, 0.05)
        check, check_cpu = time.perf_counter() - client.started, client.cpu()
        time.sleep(0.7)
        cpu = client.cpu()
        noise = Noise([client])
        leecher = run.start([*RAW_PEER, 'leech', torrent.path, '127.0.0.1:%d' % port], 'leecher')
        while not leecher.has_ended():
            if client.has_ended():
                raise Failed('it ended: ' + client.tail())
            if time.perf_counter() - leecher.started > options.timeout:
                raise Failed('not done after %d s' % options.timeout)
            client.sample()
            time.sleep(0.003)
        wall, cpu = time.perf_counter() - leecher.started, client.cpu() - cpu
        if leecher.exit_code != 0:
            raise Failed('raw leecher: ' + leecher.tail())
        return dict(wall=wall, cpu=cpu, noise=noise.cores(leecher.exit_cpu), anon=client.anon, rss=client.rss,
                    peer_cpu=leecher.exit_cpu, check=check, check_cpu=check_cpu)


def run_create(options, name, make, path):
    with Run(options, 'create-' + name) as run:
        noise = Noise([])
        process = run.start(make(run.folder, file=path, out=os.path.join(run.content, 'made.torrent')).argv, 'client')
        wall, cpu = run.watch(process)
        made = Torrent(os.path.join(run.content, 'made.torrent'))
        fault = made.fault(os.path.dirname(path))
        if fault:
            raise Failed(fault)
        return dict(wall=wall, cpu=cpu, noise=noise.cores(cpu), anon=process.anon, rss=process.rss)


def run_show(options, name, make):
    """Twenty starts in a row count as one run: a single one is too short to be measured."""
    times = 20
    with Run(options, 'show-' + name) as run:
        argv = make(run.folder, torrent=SHOWN).argv
        noise, started, before = Noise([]), time.perf_counter(), os.times()
        for _ in range(times):
            subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, cwd=run.folder)
        wall, after = time.perf_counter() - started, os.times()
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        return dict(wall=wall / times, cpu=cpu / times, noise=noise.cores(cpu), anon=0, rss=0)


def run_idle(options, name, make):
    with Run(options, 'idle-' + name) as run:
        noise = Noise(list(run.processes))
        row = idle.measure(run, make, options, options.work)
        return dict(row, noise=noise.cores(run.processes[0].cpu()))


def chosen(options, known):
    """The programs to measure, in the order they were named."""
    names = options.clients.split(',') if options.clients else list(known)
    found = [(name, known[name]) for name in names if name in known]
    for text in options.client or []:
        name, _, command = text.partition('=')
        found.append((name, programs.template(command)))
    return found


def rounds(options, entries, run):
    """The programs take turns. Returns the runs of each, and the last error of those that had none."""
    results, errors = {name: [] for name, _ in entries}, {}
    for number in range(options.runs):
        for name, make in entries:
            for tries_left in range(options.noise_tries - 1, -1, -1):
                try:
                    row = run(name, make)
                except (Failed, OSError, subprocess.SubprocessError) as e:
                    errors[name] = str(e)
                    print('  ! run %d %s: %s' % (number + 1, name, e), file=sys.stderr, flush=True)
                    break
                is_calm = row['noise'] <= options.max_noise
                print('  . run %d %-14s wall %.3f s  CPU %.3f s  anon %3.0f MiB  noise %.2f cores%s' % (
                    number + 1, name, row['wall'], row['cpu'], row['anon'] / MIB, row['noise'],
                    '' if is_calm else ', again' if tries_left else ', kept though noisy'), file=sys.stderr, flush=True)
                if is_calm or not tries_left:
                    results[name].append(row)
                    break
    return results, errors


def report(options, title, entries, results, errors, gib, columns=()):
    """Prints a table, with ratios to libtorrent where it took part."""
    def median(name, key):
        return statistics.median(row[key] for row in results[name])

    base = 'libtorrent' if results.get('libtorrent') else None
    unit, per_unit = ('s/GiB', gib) if gib else ('ms', 0.001)
    print('\n### %s, %d runs\n' % (title, options.runs))
    head = ['', 'wall s' if gib else 'wall ms', 'min-max', '/ libtorrent', 'CPU ' + unit, '/ libtorrent']
    head += [title for title, _, _ in columns] + ['noise, cores']
    print('| ' + ' | '.join(head) + ' |\n|' + '---|' * len(head))
    scale = 1 if gib else 1000
    for name, _ in entries:
        if not results[name]:
            print('| %s | failed: %s |' % (name, errors.get(name, '?').replace('\n', ' ')[:120]))
            continue
        walls = sorted(row['wall'] * scale for row in results[name])
        noise = max(row['noise'] for row in results[name])
        cells = [name, '%.2f' % statistics.median(walls), '%.2f-%.2f' % (walls[0], walls[-1]),
                 '%.2f' % (median(name, 'wall') / median(base, 'wall')) if base else '', '%.2f' % (median(name, 'cpu') / per_unit),
                 '%.2f' % (median(name, 'cpu') / median(base, 'cpu')) if base else '']
        cells += [form % (median(name, key) / (MIB if key in ('anon', 'rss') else gib if key == 'peer_cpu' else 1))
                  for _, key, form in columns]
        print('| ' + ' | '.join(cells + ['%.2f%s' % (noise, '!' if noise > options.max_noise else '')]) + ' |')
    sys.stdout.flush()


MEMORY = ('anon MiB', 'anon', '%.0f'), ('resident MiB', 'rss', '%.0f')


def compare_download(options):
    torrent, root = payload(options.work, options.payload)
    entries = chosen(options, programs.DOWNLOAD)
    results, errors = rounds(options, entries, lambda name, make: run_download(options, name, make, torrent, root))
    report(options, 'Download %s from %d raw seeder%s' % (options.payload, options.seeders, '' if options.seeders == 1 else 's'),
           entries, results, errors, torrent.size / (1 << 30), MEMORY + (('seeder CPU s/GiB', 'peer_cpu', '%.2f'),))
    return results


def compare_seed(options):
    torrent, root = payload(options.work, options.payload)
    entries = chosen(options, programs.SEED)
    results, errors = rounds(options, entries, lambda name, make: run_seed(options, name, make, torrent, root))
    report(options, 'Seed %s to a raw leecher' % options.payload, entries, results, errors, torrent.size / (1 << 30),
           MEMORY + (('start and check s', 'check', '%.2f'), ('check CPU s', 'check_cpu', '%.2f')))
    return results


def compare_create(options):
    path = os.path.join(options.work, 'payload', 'create', 'create.bin')
    make_file(path, options.size_mib * MIB, 'create')
    with open(path, 'rb') as f:
        while f.read(MIB):
            pass
    entries = chosen(options, programs.CREATE)
    results, errors = rounds(options, entries, lambda name, make: run_create(options, name, make, path))
    report(options, 'Create a torrent of %d MiB in the page cache' % options.size_mib, entries, results, errors,
           options.size_mib / 1024, MEMORY)
    return results


def compare_show(options):
    entries = chosen(options, programs.SHOW)
    results, errors = rounds(options, entries, lambda name, make: run_show(options, name, make))
    report(options, 'Start, read and show a torrent of 21,613 pieces', entries, results, errors, 0)
    return results


def compare_idle(options):
    idle.make(options.work, options.torrents)
    entries = chosen(options, programs.IDLE)
    results, errors = rounds(options, entries, lambda name, make: run_idle(options, name, make))
    report(options, 'Start %d torrents and wait' % options.torrents, entries, results, errors, 1,
           MEMORY + (('idle CPU %', 'idle', '%.2f'),))
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=['download', 'seed', 'create', 'idle', 'show', 'floor'])
    parser.add_argument('--clients', help='which of the known programs, with commas between; all when not given')
    parser.add_argument('--client', action='append', metavar='NAME=COMMAND',
                        help='another program, for instance another build; {torrent} {torrents} {dir} {port} {peer} {file} {out} are filled in')
    parser.add_argument('--payload', default='1g', help='a size like 1g or 200m, or small: 5,000 files of 256 MiB together')
    parser.add_argument('--seeders', type=int, default=1)
    parser.add_argument('--size-mib', type=int, default=2048, help='of the file to create a torrent of')
    parser.add_argument('--torrents', type=int, default=500, help='how many are idle')
    parser.add_argument('--settle', type=float, default=3, help='seconds between the start of the last torrent and the idle time')
    parser.add_argument('--idle', type=float, default=10, help='seconds of idle time that are measured')
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--timeout', type=float, default=120, help='seconds')
    parser.add_argument('--max-noise', type=float, default=0.15, help='cores that others may use; above it a run is repeated')
    parser.add_argument('--noise-tries', type=int, default=4)
    parser.add_argument('--work', default='/dev/shm/ourtorrent-bench', help='where content and downloads are kept; tmpfs, so that no disk is measured')
    parser.add_argument('--json', help='a file for every single run')
    parser.add_argument('--keep-logs', action='store_true')
    options = parser.parse_args()
    if options.client:
        options.client = [re.sub(r'=~/', '=' + os.path.expanduser('~/'), text) for text in options.client]
    os.makedirs(options.work, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was started ends with us
    results = floor.measure(options) if options.what == 'floor' else globals()['compare_' + options.what](options)
    if options.json:
        with open(options.json, 'w') as f:
            json.dump({'what': options.what, 'payload': options.payload, 'seeders': options.seeders, 'results': results}, f, indent=1)


if __name__ == '__main__':
    main()
