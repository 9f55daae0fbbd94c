"""Writes small .npy files of shape [2,3], and checks the sum of two of them."""

import struct
import sys


def header(descr, shape):
    text = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, shape)
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def bf16(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] >> 16


values = [0.0, 1.0, -2.0, 0.5, 3.0, -0.25]


def write(folder):
    def save(name, descr, data, shape="(2, 3)"):
        with open("%s/%s.npy" % (folder, name), "wb") as out:
            out.write(header(descr, shape) + data)

    save("f4", "<f4", struct.pack("<6f", *values))
    save("f8", "<f8", struct.pack("<6d", *values))
    save("f2", "<f2", struct.pack("<6e", *values))
    save("u2", "<u2", struct.pack("<6H", *[bf16(v) for v in values]))
    save("shape", "<f4", struct.pack("<6f", *values), "(3, 2)")
    save("i4", "<i4", struct.pack("<6i", *range(6)))
    save("short", "<f4", struct.pack("<5f", *values[:5]))


def check(path, descr):
    data = open(path, "rb").read()
    assert ("'descr': '%s'" % descr).encode() in data, data[:80]
    assert b"'shape': (2, 3" in data, data[:80]
    size = 10 + struct.unpack("<H", data[8:10])[0]
    assert size % 64 == 0
    if descr == "<f4":
        got = list(struct.unpack("<6f", data[size:]))
    else:
        got = [struct.unpack("<f", struct.pack("<I", b << 16))[0]
               for b in struct.unpack("<6H", data[size:])]
    assert got == [2 * v for v in values], got


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    check(*sys.argv[2:])
