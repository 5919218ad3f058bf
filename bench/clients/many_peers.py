"""
Many peers of one seed at once, each with a connection of its own.

    many_peers.py TORRENT HOST:PORT COUNT SECONDS RATE

COUNT peers on addresses of their own (127.1.1.1 and so on) shake hands and say that they are interested; each that is unchoked asks for
RATE bytes a second (0: nothing). Prints how many connections are open, how many peers were unchoked, and what all receive a second.
"""
import asyncio
import struct
import sys
import time

from raw_peer import BLOCK, handshake
from torrents import Torrent


class Peer:
    def __init__(self, torrent, target, number, rate):
        self.torrent, self.target, self.rate = torrent, target, rate
        self.source = '127.1.%d.%d' % (1 + number // 250, 1 + number % 250)
        self.is_open = self.was_unchoked = False
        self.received = 0
        self.piece = number

    async def run(self):
        try:
            host, port = self.target.split(':')
            reader, writer = await asyncio.open_connection(host, int(port), local_addr=(self.source, 0), limit=4 * BLOCK)
            writer.write(handshake(self.torrent) + struct.pack('>IB', 1, 2))
            await reader.readexactly(68)
            self.is_open = True
            while True:
                length = struct.unpack('>I', await reader.readexactly(4))[0]
                body = await reader.readexactly(length)
                if length and body[0] == 1:
                    self.was_unchoked = True
                    self.ask(writer)
                elif length and body[0] == 7:
                    self.received += length - 9
                    await asyncio.sleep(BLOCK / self.rate)
                    self.ask(writer)
        except (OSError, asyncio.IncompleteReadError):
            self.is_open = False

    def ask(self, writer):
        if self.rate > 0:
            self.piece = (self.piece + 1) % (len(self.torrent.pieces) - 1)
            writer.write(struct.pack('>IBIII', 13, 6, self.piece, 0, BLOCK))


async def main(torrent, target, count, seconds, rate):
    peers = [Peer(Torrent(torrent), target, number, float(rate)) for number in range(int(count))]
    tasks = []
    for peer in peers:
        tasks.append(asyncio.create_task(peer.run()))
        await asyncio.sleep(0.001)
    started, before = time.perf_counter(), sum(peer.received for peer in peers)
    await asyncio.sleep(float(seconds))
    received = (sum(peer.received for peer in peers) - before) / (time.perf_counter() - started)
    print('%d open, %d were unchoked, %.1f MB/s' % (
        sum(peer.is_open for peer in peers), sum(peer.was_unchoked for peer in peers), received / 1e6), flush=True)
    for task in tasks:
        task.cancel()


asyncio.run(main(*sys.argv[1:]))
