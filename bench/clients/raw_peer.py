"""
Peers that are no client: the wire at its cheapest, so that they are not what is measured.

    raw_peer.py seed TORRENT CONTENT PORT COUNT READY_FILE [PUSH_TO_PORT]
    raw_peer.py seed-all FOLDER CONTENT PORT READY_FILE
    raw_peer.py leech TORRENT HOST:PORT
    raw_peer.py crowd TORRENT HOST:PORT COUNT READY_FILE

A seeder answers every request at once, with one sendmsg for up to 64 blocks from a mapped file: no disk thread, no hashing. It
is four to six times cheaper than a libtorrent seeder. COUNT seeders are on 127.0.1.1, 127.0.1.2 and so on, since some clients
keep one peer for each address. With seed-all it has all torrents of a folder. The leecher keeps 250 requests in flight and
drops what comes. A crowd is COUNT leechers that are interested and then stay, each on an address of its own.
"""
import http.client
import os
import socket
import struct
import sys
import threading
import time
import urllib.parse

from torrents import Torrent, encode

BLOCK = 16384
PROTOCOL = b'\x13BitTorrent protocol'
REQUESTS_TAKEN = 2000  # libtorrent's default; many clients keep no more in flight than the other side says, or 250


def read(s, count):
    data = b''
    while len(data) < count:
        part = s.recv(count - len(data))
        if not part:
            raise ConnectionError('closed')
        data += part
    return data


def handshake(torrent):
    return PROTOCOL + b'\0\0\0\0\0\x10\0\0' + torrent.info_hash + b'-RP0001-' + os.urandom(6).hex().encode()


def extension_handshake():
    body = encode({'m': {}, 'reqq': REQUESTS_TAKEN, 'v': 'raw'})
    return struct.pack('>IBB', 2 + len(body), 20, 0) + body


def announce(torrent, address, port):
    url = urllib.parse.urlparse(torrent.announce)
    query = '?info_hash=%s&peer_id=-RP0001-%s&port=%d&uploaded=0&downloaded=0&left=0&compact=1&event=started' % (
        urllib.parse.quote(torrent.info_hash), os.urandom(6).hex(), port)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5, source_address=(address, 0))
    connection.request('GET', url.path + query)
    connection.getresponse().read()
    connection.close()


class Seeder:
    def __init__(self, torrent, root, others=None):
        self.torrent = torrent
        self.others = {} if others is None else others  # by info-hash, behind the same port
        self.content = memoryview(torrent.content(root))
        bits = torrent.bitfield()
        self.greeting = extension_handshake() + struct.pack('>IB', 1 + len(bits), 5) + bits

    def accept(self, s):
        while True:
            connection, _ = s.accept()
            threading.Thread(target=self.accepted, args=(connection,), daemon=True).start()

    def accepted(self, s):
        with s:
            try:
                if read(s, 20) != PROTOCOL:
                    return  # an encrypted handshake, which aria2 tries first: closing makes it fall back
                seeder = self.others.get(read(s, 48)[8:28], self)
                s.sendall(handshake(seeder.torrent) + seeder.greeting)
                seeder.serve(s)
            except OSError:
                pass

    def push(self, port):
        """Connects to a client that refuses loopback addresses from a tracker."""
        while True:
            try:
                with socket.create_connection(('127.0.0.1', port), timeout=5) as s:
                    s.settimeout(None)
                    s.sendall(handshake(self.torrent))
                    read(s, 68)
                    s.sendall(self.greeting)
                    self.serve(s)
                    return
            except OSError:
                time.sleep(0.02)

    def serve(self, s):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        length_at, request_at, header = struct.Struct('>I').unpack_from, struct.Struct('>III').unpack_from, struct.Struct('>IBII').pack
        unchoke = struct.pack('>IB', 1, 1)
        received = bytearray()
        while data := s.recv(65536):
            received += data
            at, end, out = 0, len(received), []
            while end - at >= 4:
                length = length_at(received, at)[0]
                if end - at - 4 < length:
                    break
                kind = received[at + 4] if length else -1
                if kind == 6:
                    piece, offset, count = request_at(received, at + 5)
                    start = piece * self.torrent.piece_length + offset
                    out.append(header(9 + count, 7, piece, offset))
                    out.append(self.content[start:start + count])
                    if len(out) >= 128:
                        send_all(s, out)
                        out = []
                elif kind == 2:
                    out.append(unchoke)
                at += 4 + length
            del received[:at]
            if out:
                send_all(s, out)


def send_all(s, buffers):
    while buffers:
        sent = s.sendmsg(buffers)
        rest = []
        for buffer in buffers:
            if sent >= len(buffer):
                sent -= len(buffer)
            else:
                rest.append(memoryview(buffer)[sent:])
                sent = 0
        buffers = rest


def seed(path, root, port, count, ready, push_to=None):
    seeder = Seeder(Torrent(path), root)
    for i in range(int(count)):
        address = '127.0.1.%d' % (i + 1)
        listener = socket.create_server((address, int(port)), backlog=64)
        threading.Thread(target=seeder.accept, args=(listener,), daemon=True).start()
        if not push_to:
            announce(seeder.torrent, address, int(port))
    if push_to:
        threading.Thread(target=seeder.push, args=(int(push_to),), daemon=True).start()
    open(ready, 'w').close()
    while True:
        time.sleep(3600)


def seed_all(folder, root, port, ready):
    seeders = {}
    for name in os.listdir(folder):
        torrent = Torrent(os.path.join(folder, name))
        seeders[torrent.info_hash] = Seeder(torrent, root, seeders)
    listener = socket.create_server(('127.0.1.1', int(port)), backlog=1024)
    threading.Thread(target=next(iter(seeders.values())).accept, args=(listener,), daemon=True).start()
    open(ready, 'w').close()
    while True:
        time.sleep(3600)


def crowd(path, peer, count, ready):
    torrent = Torrent(path)
    host, port = peer.rsplit(':', 1)
    peers = []
    for i in range(int(count)):
        address = '127.1.%d.%d' % (i // 250, i % 250 + 1)
        s = socket.create_connection((host, int(port)), timeout=60, source_address=(address, 0))
        s.sendall(handshake(torrent) + extension_handshake() + struct.pack('>IB', 1, 2))
        peers.append(s)
    for s in peers:
        read(s, 68)
    open(ready, 'w').close()
    while True:
        time.sleep(3600)


def leech(path, peer):
    torrent = Torrent(path)
    host, port = peer.rsplit(':', 1)
    s = socket.create_connection((host, int(port)), timeout=30)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.sendall(handshake(torrent))
    read(s, 68)
    s.sendall(extension_handshake() + struct.pack('>IB', 1, 2))
    blocks, per_piece = (torrent.size + BLOCK - 1) // BLOCK, torrent.piece_length // BLOCK

    def request(k):
        return struct.pack('>IBIII', 13, 6, k // per_piece, k % per_piece * BLOCK, min(BLOCK, torrent.size - k * BLOCK))

    buffer = bytearray(4 << 20)
    view = memoryview(buffer)
    held = got = asked = 0
    choked = True
    while got < blocks:
        count = s.recv_into(view[held:])
        if not count:
            raise ConnectionError('closed')
        held += count
        at = 0
        while held - at >= 4:
            length = struct.unpack_from('>I', buffer, at)[0]
            if held - at - 4 < length:
                break
            kind = buffer[at + 4] if length else -1
            if kind == 7:
                got += 1
            elif kind == 1:
                choked = False
            elif kind == 0:
                choked, asked = True, got
            at += 4 + length
        more = []
        while not choked and asked < blocks and asked - got < 250:
            more.append(request(asked))
            asked += 1
        if more:
            s.sendall(b''.join(more))
        view[:held - at] = view[at:held]
        held -= at


def has_all(torrent, port, timeout=2.0):
    """Whether who listens on the port shows the whole torrent."""
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=timeout) as s:
            s.sendall(PROTOCOL + b'\0\0\0\0\0\0\0\4' + torrent.info_hash + b'-RP0001-' + os.urandom(6).hex().encode())
            read(s, 68)
            for _ in range(20):
                message = read(s, struct.unpack('>I', read(s, 4))[0])
                if message[:1] in (b'\x0e', b'\x0f'):
                    return message[:1] == b'\x0e'
                if message[:1] == b'\x05':
                    return message[1:] == torrent.bitfield()
    except OSError:
        pass
    return False


if __name__ == '__main__':
    {'seed': seed, 'seed-all': seed_all, 'leech': leech, 'crowd': crowd}[sys.argv[1]](*sys.argv[2:])
