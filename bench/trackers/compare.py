#!/usr/bin/python3
"""The published tracker beside opentracker, over loopback: UDP, HTTP, workers, the journal's cost, the start.

Run it on a machine with nothing else to do. The server has core 0 and the load core 1, except where two workers are measured.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'bench', 'clients'))

from processes import Failed, Noise, Process, is_listening, new_port, wait_for  # noqa: E402

MIB = 1 << 20


def build(options):
    """The load generator, compiled for this machine."""
    program = os.path.join(options.work, 'udp_tracker_load')
    source = os.path.join(HERE, 'udp_tracker_load.c')
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        subprocess.run(['gcc', '-O2', '-march=native', '-pthread', '-o', program, source, '-lm'], check=True)
    return program


def is_bound(port):
    want = ':%04X' % port
    with open('/proc/net/udp') as f:
        return any(line.split()[1].endswith(want) for line in f)


def ourtorrent(options, port, *more):
    return [options.binary, 'tracker', '--udp', '127.0.0.1:%d' % port, '--quiet', *more]


def known_hashes(options):
    hashes = os.path.join(options.work, 'hashes.txt')
    if not os.path.exists(hashes):
        subprocess.run([options.load, '--torrents', str(options.torrents), '--whitelist-out', hashes], check=True, stdout=subprocess.DEVNULL)
    return hashes


def opentracker(options, port):
    # Debian's opentracker serves only torrents it is told of.
    hashes = known_hashes(options)
    # With a thread for UDP it answers a third more than with its event loop alone.
    settings = os.path.join(options.work, 'opentracker.conf')
    with open(settings, 'w') as f:
        f.write('listen.udp.workers 1\nlisten.tcp_udp 127.0.0.1:%d\naccess.whitelist %s\n' % (port, hashes))
    return ['opentracker', '-f', settings]


def udp_run(options, name, argv, port, server_cores='0', load_cores='1', load=()):
    """One run of the load generator against a server; what the generator says, checked."""
    server = Process(['taskset', '-c', server_cores, *argv], os.path.join(options.work, name + '.log'))
    try:
        wait_for(lambda: is_bound(port), 30, name, server)
        output = subprocess.run(
            ['taskset', '-c', load_cores, options.load, '--port', str(port), '--pid', str(server.pid), '--label', name,
             '--peers', str(options.peers), '--torrents', str(options.torrents), '--prefill', '--duration', str(options.duration), *load],
            stdout=subprocess.PIPE, text=True, timeout=600).stdout
        row = json.loads(output.strip().splitlines()[-1])
    finally:
        server.stop()
    if row['validation_errors']:
        raise Failed('%s gave wrong answers: %s' % (name, row['errors']))
    row['noise'] = row['stolen_cores'] + row['other_cores']
    return row


def turns(options, entries):
    """The servers take turns; a run that others disturbed is repeated."""
    rows = {name: [] for name, _ in entries}
    for number in range(options.runs):
        for name, run in entries:
            for tries_left in range(options.noise_tries - 1, -1, -1):
                row = run()
                calm = row['noise'] <= options.max_noise
                print('  . run %d %-22s %7.0f responses/s  %.2f CPU s a million  noise %.2f%s' % (
                    number + 1, name, row['responses_per_s'], row['tracker_cpu_s_per_million'], row['noise'],
                    '' if calm else ', again' if tries_left else ', kept though noisy'), file=sys.stderr, flush=True)
                if calm or not tries_left:
                    rows[name].append(row)
                    break
    return rows


def udp_table(title, rows):
    print('\n### %s\n' % title)
    print('| | responses/s | CPU s a million | p99 us | resident MiB | wrong | noise, cores |\n|---|---|---|---|---|---|---|')
    for name, runs in rows.items():
        def median(key):
            return statistics.median(row[key] for row in runs)
        print('| %s | %.0f | %.2f | %.0f | %.1f | %d | %.2f |' % (
            name, median('responses_per_s'), median('tracker_cpu_s_per_million'), median('p99_us'), median('rss_end_mib'),
            sum(row['validation_errors'] for row in runs), max(row['noise'] for row in runs)))
    sys.stdout.flush()


def database(options, name):
    path = os.path.join(options.work, name + '.db')
    for old in os.listdir(options.work):
        if old.startswith(name + '.db'):
            os.remove(os.path.join(options.work, old))
    return path


def compare_udp(options):
    port, other = new_port(), new_port()
    entries = [('ourtorrent', lambda: udp_run(options, 'ourtorrent', ourtorrent(options, port, '--workers', '1'), port))]
    if shutil.which('opentracker'):
        entries.append(('opentracker', lambda: udp_run(options, 'opentracker', opentracker(options, other), other)))
    udp_table('UDP, %d peers on %d torrents, server on core 0, load on core 1' % (options.peers, options.torrents), turns(options, entries))


def compare_journal(options):
    port = new_port()

    def with_journal():
        return udp_run(options, 'journal', ourtorrent(options, port, '--workers', '1', '--database', database(options, 'journal')), port)
    rows = turns(options, [
        ('without a journal', lambda: udp_run(options, 'memory', ourtorrent(options, port, '--workers', '1'), port)),
        ('with the SQLite journal', with_journal)])
    udp_table('The cost of the journal', rows)


def compare_workers(options):
    port = new_port()

    def run(workers):
        return lambda: udp_run(options, 'workers', ourtorrent(options, port, '--workers', str(workers)), port, '0,1', '0,1', ('--sockets', '64'))
    udp_table('Workers; server and load share two cores', turns(options, [('1 worker', run(1)), ('2 workers', run(2))]))


def http_run(options, name, argv, port):
    server = Process(argv, os.path.join(options.work, name + '.log'))
    try:
        wait_for(lambda: is_listening(port), 30, name, server)
        noise, before = Noise([server]), server.cpu()
        result = subprocess.run(
            ['wrk', '-t1', '-c64', '-d%ds' % options.duration, '--latency', '-s', os.path.join(HERE, 'announce.lua'), 'http://127.0.0.1:%d' % port],
            stdout=subprocess.PIPE, text=True, timeout=120, env={**os.environ, 'TORRENTS': str(options.torrents), 'HASHES': known_hashes(options)}).stdout
        cpu = server.cpu() - before
        lines = {line.split(':')[0].strip(): line.split(':')[1].strip() for line in result.splitlines() if ':' in line}
        total = int(next(line for line in result.splitlines() if 'requests in' in line).split()[0])
        server.sample(force=True)
        return dict(rate=float(lines['Requests/sec']), cpu=cpu / total * 1e6, p99=next(
            line.split()[1] for line in result.splitlines() if line.strip().startswith('99%')), rss=server.rss / MIB,
            failed=lines.get('Non-2xx or 3xx responses', '0'), noise=noise.cores(cpu))
    finally:
        server.stop()


def compare_http(options):
    port, other = new_port(), new_port()
    print('\n### HTTP announce, wrk with 64 connections; server and load share the machine\n')
    print('| | requests/s | CPU s a million | p99 | resident MiB | failed |\n|---|---|---|---|---|---|')
    entries = [('ourtorrent', lambda: http_run(options, 'http', [options.binary, 'tracker', '--http', '127.0.0.1:%d' % port, '--quiet'], port))]
    if shutil.which('opentracker'):
        entries.append(('opentracker', lambda: http_run(options, 'http-opentracker', opentracker(options, other), other)))
    for name, run in entries:
        rows = [run() for _ in range(options.runs)]
        best = statistics.median(row['rate'] for row in rows)
        row = min(rows, key=lambda row: abs(row['rate'] - best))
        print('| %s | %.0f | %.1f | %s | %.1f | %s |' % (name, row['rate'], row['cpu'], row['p99'], row['rss'], row['failed']), flush=True)


def compare_start(options):
    """A tracker is filled, stopped, and started again on its database."""
    port, path = new_port(), database(options, 'start')
    row = udp_run(options, 'start', ourtorrent(options, port, '--workers', '1', '--database', path), port)
    started = time.perf_counter()
    server = Process(ourtorrent(options, port, '--workers', '1', '--database', path), os.path.join(options.work, 'again.log'))
    try:
        wait_for(lambda: is_bound(port), 60, 'start', server, step=0.001)
        wall, cpu = time.perf_counter() - started, server.cpu()
        server.sample(force=True)
    finally:
        server.stop()
    size = sum(os.path.getsize(os.path.join(options.work, name)) for name in os.listdir(options.work) if name.startswith('start.db'))
    print('\n### Start with a journal of %d peers\n' % options.peers)
    print('| until it answers, s | CPU s | resident MiB after the start | database MiB | resident MiB before the stop |\n|---|---|---|---|---|')
    print('| %.2f | %.2f | %.1f | %.1f | %.1f |' % (wall, cpu, server.rss / MIB, size / MIB, row['rss_end_mib']), flush=True)


MODES = {'udp': compare_udp, 'journal': compare_journal, 'workers': compare_workers, 'http': compare_http, 'start': compare_start}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('mode', nargs='*', choices=[*MODES, []], help='what to measure; all of it when not given')
    parser.add_argument('--binary', default=os.path.join(ROOT, 'artifacts', 'native', 'ourtorrent'), help='the published program')
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--duration', type=int, default=10, help='seconds measured in a run')
    parser.add_argument('--peers', type=int, default=1_000_000)
    parser.add_argument('--torrents', type=int, default=100_000)
    parser.add_argument('--max-noise', type=float, default=0.15, help='cores that others may use; above it a run is repeated')
    parser.add_argument('--noise-tries', type=int, default=3)
    parser.add_argument('--work', default='/dev/shm/ourtorrent-tracker-bench', help='where databases and logs are kept')
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    options.load = build(options)
    for mode in options.mode or MODES:
        MODES[mode](options)


if __name__ == '__main__':
    main()
