"""What the machine can do at best, part by part: a download cannot cost less than the sum."""
import os
import re
import socket
import statistics
import subprocess

MIB = 1 << 20


def measure(options):
    rows = {'SHA-1, in one thread (openssl speed)': sha1()}
    writes = [write(options.work) for _ in range(options.runs)]
    rows['write 256 KiB at a time into a new file'] = statistics.median(first for first, _ in writes)
    rows['the same over pages that exist'] = statistics.median(second for _, second in writes)
    copies = [copy() for _ in range(options.runs)]
    rows['receive 256 KiB at a time over loopback TCP'] = statistics.median(received for received, _ in copies)
    rows['send 256 KiB at a time over loopback TCP'] = statistics.median(sent for _, sent in copies)
    print('\n### The floor of this machine\n\n| | CPU s/GiB |\n|---|---|')
    for what, seconds in rows.items():
        print('| %s | %.2f |' % (what, seconds))
    return rows


def sha1():
    out = subprocess.run(['openssl', 'speed', '-seconds', '2', '-bytes', '16384', 'sha1'], capture_output=True, text=True,
                         timeout=30, check=True).stdout
    return (1 << 30) / (float(re.findall(r'([\d.]+)k', out)[-1]) * 1000)


def cpu():
    return sum(os.times()[:2])


def write(folder):
    data, path = os.urandom(MIB // 4), os.path.join(folder, 'floor')
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        costs = []
        for _ in range(2):
            before = cpu()
            for k in range(4096):
                os.pwrite(file, data, k * len(data))
            costs.append(cpu() - before)
        return costs
    finally:
        os.close(file)
        os.unlink(path)


def copy(total=4 << 30):
    listener = socket.create_server(('127.0.0.1', 0))
    child = os.fork()
    if child == 0:
        data, left = bytes(MIB // 4), total
        with socket.create_connection(listener.getsockname()) as s:
            while left > 0:
                left -= s.send(data)
        os._exit(0)
    s, _ = listener.accept()
    with s, listener:
        buffer, before = bytearray(MIB // 4), cpu()
        while s.recv_into(buffer):
            pass
        received = cpu() - before
    _, _, usage = os.wait4(child, 0)
    gib = total / (1 << 30)
    return received / gib, (usage.ru_utime + usage.ru_stime) / gib
