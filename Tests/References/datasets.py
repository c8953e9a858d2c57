"""Packed files made by zlib and by this script's own PNG writer, as a Swift source.

    python datasets.py > ../DatasetsTests/PackedReferences.swift

Made with Python 3.11 (zlib 1.2.13); Pillow 13.0 reads the PNG files for a check. Their samples follow
a formula, so that the tests know them: (7x + 13y + 29c + xy) mod 2^depth.
"""

import base64
import gzip
import io
import struct
import zlib

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 9, 10
TEXT = b"In the beginning God created the heaven and the earth. And the earth was without form.\n"
# Longer than the decoder's window, with runs, and with matches from nearly 32 KB ago.
NUMBERS = b"".join(b"%d\n" % (i * i % 977) for i in range(300))
LONG = (NUMBERS + b"0" * 31500) * 4


def deflate(data, level=9, strategy=zlib.Z_DEFAULT_STRATEGY, flush_every=None):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    if flush_every is None:
        return packer.compress(data) + packer.flush()
    parts = b""
    for start in range(0, len(data), flush_every):
        parts += packer.compress(data[start : start + flush_every])
        parts += packer.flush(zlib.Z_FULL_FLUSH)
    return parts + packer.flush()


def member(data, packed, flags=0):
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, flags, 1234567890, 2, 3)
    if flags & 4:
        header += struct.pack("<H", 6) + b"AB\x02\x00xy"
    if flags & 8:
        header += b"verse.txt\0"
    if flags & 16:
        header += b"a comment\0"
    if flags & 2:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    return header + packed + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def gzip_files():
    half = len(TEXT) // 2
    parts = TEXT[:half], TEXT[half:]
    return {
        "best": member(TEXT, deflate(TEXT)),
        "fixed codes": member(TEXT, deflate(TEXT, strategy=zlib.Z_FIXED)),
        "own codes": member(TEXT, deflate(TEXT, strategy=zlib.Z_HUFFMAN_ONLY)),
        "stored": member(TEXT, deflate(TEXT, level=0)),
        "flushed": member(TEXT, deflate(TEXT, flush_every=20)),
        "all header fields": member(TEXT, deflate(TEXT), flags=2 | 4 | 8 | 16),
        "two members": b"".join(member(part, deflate(part)) for part in parts),
        "an empty member": member(b"", deflate(b"")) + member(TEXT, deflate(TEXT)),
        "padded": member(TEXT, deflate(TEXT)) + bytes(13),
    }


def sample(x, y, c, depth):
    return (7 * x + 13 * y + 29 * c + x * y) % 2**depth


def packed_rows(samples, depth):
    """Rows of a pass, [height, width, channel], each with a filter of its own."""
    height, width, channels = samples.shape
    pixel = max(1, channels * depth // 8)
    result, above = b"", bytes((width * channels * depth + 7) // 8)
    for y in range(height):
        if depth == 16:
            row = samples[y].astype(">u2").tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in samples[y].reshape(-1))
            bits += "0" * (-len(bits) % 8)
            row = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        kind = y % 5
        result += bytes([kind])
        for i, value in enumerate(row):
            a = row[i - pixel] if i >= pixel else 0
            b = above[i]
            c = above[i - pixel] if i >= pixel else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            guess = [0, a, b, (a + b) // 2, nearest][kind]
            result += bytes([(value - guess) % 256])
        above = row
    return result


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(colour, depth, interlaced=False, transparency=b"", width=WIDTH, height=HEIGHT):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    samples = np.array(
        [[[sample(x, y, c, depth) for c in range(channels)] for x in range(width)]
         for y in range(height)])
    rows = b""
    for x, y, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if part.size:
            rows += packed_rows(part, depth)
    data = zlib.compress(rows, 9)
    content = b"\x89PNG\r\n\x1a\n"
    content += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    content += chunk(b"gAMA", struct.pack(">I", 45455))
    if colour == 3:
        entries = bytes((i * 11 + c * 83) % 256 for i in range(2**depth) for c in range(3))
        content += chunk(b"PLTE", entries)
    if transparency:
        content += chunk(b"tRNS", transparency)
    half = len(data) // 2
    content += chunk(b"IDAT", data[:half]) + chunk(b"IDAT", b"") + chunk(b"IDAT", data[half:])
    content += chunk(b"tEXt", b"Comment\0made for a test") + chunk(b"IEND", b"")
    check(content, samples, colour, depth)
    return content


def check(content, samples, colour, depth):
    """Pillow reads the same samples, where it keeps them."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    read = np.array(picture)
    if depth == 8 or colour in (0, 3) and depth == 16 or colour == 3:
        assert (read.reshape(samples.shape) == samples).all(), (colour, depth)


def png_files():
    kinds = [(0, d) for d in (1, 2, 4, 8, 16)] + [(2, 8), (2, 16)] + [(3, d) for d in (1, 2, 4, 8)]
    kinds += [(4, 8), (4, 16), (6, 8), (6, 16)]
    return {(c, d, i): png(c, d, i) for c, d in kinds for i in (False, True)}


def literal(data):
    text = base64.b64encode(data).decode()
    lines = [text[i : i + 90] for i in range(0, len(text), 90)]
    return '"""\n      ' + "\\\n      ".join(lines) + '\n      """'


def main():
    print("// Made by Tests/References/datasets.py; do not edit.\n")
    print("/// Files packed by zlib, in base64.")
    print("enum PackedReferences {")
    print(f"  /// What each of ``gzip`` unpacks to.\n  static let text =\n    {literal(TEXT)}\n")
    print("  static let gzip: [(name: String, base64: String)] = [")
    for name, data in gzip_files().items():
        assert gzip.decompress(data) == TEXT
        print(f'    (\n      "{name}",\n      {literal(data)}\n    ),')
    print("  ]\n")
    packed = gzip.compress(LONG, 9, mtime=0)
    print("  /// Four times the lines `i² mod 977` for i below 300 and then 31,500 zeros.")
    print(f"  static let long =\n    {literal(packed)}\n")
    print("  static let png: [(colour: Int, depth: Int, isInterlaced: Bool, base64: String)] = [")
    for (colour, depth, interlaced), data in png_files().items():
        print(f"    (\n      {colour}, {depth}, {str(interlaced).lower()},\n      {literal(data)}\n    ),")
    print("  ]\n")
    print("  /// Pictures of 9×10 with a transparent colour, and of 1×1.")
    print("  static let special: [String: String] = [")
    special = {
        "grey 20 is clear": png(0, 8, transparency=struct.pack(">H", 20)),
        "colour (20, 49, 78) is clear": png(2, 8, True, struct.pack(">HHH", 20, 49, 78)),
        "palette of 16, three clearer": png(3, 4, transparency=bytes([0, 64, 128])),
        "one pixel": png(6, 16, True, width=1, height=1),
    }
    for name, data in special.items():
        print(f'    "{name}":\n      {literal(data)},')
    print("  ]\n}")


main()
