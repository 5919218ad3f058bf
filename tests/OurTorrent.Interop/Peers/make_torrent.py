"""Makes a .torrent file as libtorrent makes it: CONTENT OUTPUT VERSION PIECE_LENGTH [private]

VERSION is v1, v1-padded, v2 or hybrid. One JSON object on standard output says how it went.
"""
import json
import os
import sys

try:
    import libtorrent as lt
except ImportError:
    print(json.dumps({'missing': 'libtorrent'}), flush=True)
    sys.exit(1)


def main():
    content, output, version, piece_length = sys.argv[1:5]
    make = lt.create_torrent
    flags = {
        'v1': make.v1_only,
        'v1-padded': make.v1_only | make.canonical_files,
        'v2': make.v2_only,
        'hybrid': 0,
    }[version]
    files = lt.file_storage()
    lt.add_files(files, content)
    torrent = make(files, int(piece_length), flags)
    torrent.set_priv('private' in sys.argv[5:])
    torrent.set_creator('libtorrent ' + lt.__version__)
    lt.set_piece_hashes(torrent, os.path.dirname(content))
    with open(output, 'wb') as file:
        file.write(lt.bencode(torrent.generate()))
    print('{}', flush=True)


main()
