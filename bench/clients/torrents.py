"""Bencode, v1 torrents, and the content that is shared in a comparison."""
import hashlib
import mmap
import os
import random
import re
import sys

MIB = 1 << 20
PIECE_LENGTH = 256 * 1024


def encode(value):
    if isinstance(value, int):
        return b'i%de' % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b'%d:' % len(value) + value
    if isinstance(value, list):
        return b'l' + b''.join(map(encode, value)) + b'e'
    items = sorted((k.encode() if isinstance(k, str) else k, v) for k, v in value.items())
    return b'd' + b''.join(encode(k) + encode(v) for k, v in items) + b'e'


def decode(data, at=0):
    """Returns the value at an offset, and the offset behind it."""
    kind = data[at:at + 1]
    if kind == b'i':
        end = data.index(b'e', at)
        return int(data[at + 1:end]), end + 1
    if kind in (b'l', b'd'):
        at += 1
        values = []
        while data[at:at + 1] != b'e':
            value, at = decode(data, at)
            values.append(value)
        return (values if kind == b'l' else dict(zip(values[::2], values[1::2]))), at + 1
    colon = data.index(b':', at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1:end], end


class Torrent:
    """What the comparison and its raw peers need to know of a v1 torrent."""

    def __init__(self, path):
        self.path = path
        with open(path, 'rb') as f:
            meta, _ = decode(f.read())
        info = meta[b'info']
        self.announce = meta.get(b'announce', b'').decode()
        self.info_hash = hashlib.sha1(encode(info)).digest()
        self.name = info[b'name'].decode()
        self.piece_length = info[b'piece length']
        hashes = info[b'pieces']
        self.pieces = [hashes[i:i + 20] for i in range(0, len(hashes), 20)]
        if b'files' in info:
            self.files = [(os.path.join(self.name, *[part.decode() for part in f[b'path']]), f[b'length'])
                          for f in info[b'files']]
        else:
            self.files = [(self.name, info[b'length'])]
        self.size = sum(length for _, length in self.files)

    def with_announce(self, path, announce):
        """Writes a copy that names another tracker, or none."""
        with open(self.path, 'rb') as f:
            meta, _ = decode(f.read())
        meta.pop(b'announce', None)
        if announce:
            meta[b'announce'] = announce.encode()
        with open(path, 'wb') as f:
            f.write(encode(meta))
        return Torrent(path)

    def bitfield(self):
        """The wire form of having everything."""
        count = len(self.pieces)
        bits = bytearray(b'\xff' * ((count + 7) // 8))
        if count % 8:
            bits[-1] = (0xff << (8 - count % 8)) & 0xff
        return bytes(bits)

    def content(self, root):
        """The whole content as one buffer."""
        if len(self.files) == 1:
            with open(os.path.join(root, self.files[0][0]), 'rb') as f:
                return mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
        out = bytearray()
        for relative, _ in self.files:
            with open(os.path.join(root, relative), 'rb') as f:
                out += f.read()
        return out

    def fault(self, root):
        """'' when the content under root is whole, else what is wrong."""
        for relative, length in self.files:
            try:
                actual = os.path.getsize(os.path.join(root, relative))
            except OSError as e:
                return str(e)
            if actual != length:
                return '%s has %d bytes, not %d' % (relative, actual, length)
        for index, digest in enumerate(hash_pieces(root, [f for f, _ in self.files])):
            if digest != self.pieces[index]:
                return 'piece %d differs' % index
        return ''


def hash_pieces(root, files):
    """The SHA-1 of each piece of files laid end to end."""
    digests, current, room = [], hashlib.sha1(), PIECE_LENGTH
    for relative in files:
        with open(os.path.join(root, relative), 'rb') as f:
            while data := f.read(room):
                current.update(data)
                room -= len(data)
                if room == 0:
                    digests.append(current.digest())
                    current, room = hashlib.sha1(), PIECE_LENGTH
    if room < PIECE_LENGTH:
        digests.append(current.digest())
    return digests


def make_file(path, size, seed):
    """Random bytes, the same ones each time."""
    if os.path.exists(path) and os.path.getsize(path) == size:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    numbers = random.Random(seed)
    with open(path, 'wb') as f:
        for done in range(0, size, MIB):
            f.write(numbers.randbytes(min(MIB, size - done)))


def small_files():
    """5,000 files in 50 folders, 256 MiB together: most are small, some large."""
    numbers, count, total = random.Random('small'), 5000, 256 * MIB
    weights = [numbers.expovariate(1) + 0.02 for _ in range(count)]
    sizes = [max(1, int(w / sum(weights) * total)) for w in weights]
    sizes[-1] += total - sum(sizes)
    return [(['d%02d' % (i // 100), 'f%04d.dat' % i], size) for i, size in enumerate(sizes)]


def payload(work, kind):
    """Makes content (once) and its torrent; kind is a size like 1g or 200m, or 'small'. Returns both."""
    root = os.path.join(work, 'payload', kind)
    cache = root + '.pieces'
    size = re.fullmatch(r'(\d+)([gm])', kind)
    info = {'piece length': PIECE_LENGTH}
    if size:
        info['name'] = kind + '.bin'
        info['length'] = int(size[1]) * (MIB << 10 if size[2] == 'g' else MIB)
        make_file(os.path.join(root, kind + '.bin'), info['length'], kind)
        files = [kind + '.bin']
    elif kind == 'small':
        info['name'] = 'small'
        info['files'] = [{'path': parts, 'length': length} for parts, length in small_files()]
        for f in info['files']:
            make_file(os.path.join(root, 'small', *f['path']), f['length'], f['path'][-1])
        files = [os.path.join('small', *f['path']) for f in info['files']]
    else:
        sys.exit('unknown payload ' + kind)

    if not os.path.exists(cache):
        with open(cache, 'wb') as f:
            f.write(b''.join(hash_pieces(root, files)))
    with open(cache, 'rb') as f:
        info['pieces'] = f.read()
    path = root + '.torrent'
    with open(path, 'wb') as f:
        f.write(encode({'created by': 'compare.py', 'info': info}))
    return Torrent(path), root
