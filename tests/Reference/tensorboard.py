"""Writes an event file of TensorBoard as its formats say, with nothing but the standard library.

tensorflow/core/lib/io/record_writer.h: length (uint64), masked CRC-32C of it, message, masked CRC-32C of that.
tensorflow/core/util/event.proto and framework/summary.proto: the field numbers below.
"""
import base64
import json
import pathlib
import struct


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283  # the check value of CRC-32C
assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4


def masked(data):
    crc = crc32c(data)
    return (crc >> 15 | crc << 17) + 0xA282EAD8 & 0xFFFFFFFF


def record(message):
    length = struct.pack("<Q", len(message))
    return length + struct.pack("<I", masked(length)) + message + struct.pack("<I", masked(message))


def varint(number):
    number &= (1 << 64) - 1
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def bytes_field(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def event(wall_time, step, values):
    summary = b"".join(bytes_field(1, bytes_field(1, name.encode()) + varint(2 << 3 | 5) + struct.pack("<f", value)) for name, value in values.items())
    return varint(1 << 3 | 1) + struct.pack("<d", wall_time) + varint(2 << 3) + varint(step) + bytes_field(5, summary)


BEGUN = 1_700_000_000.25
ROWS = [
    (1, 1_700_000_001.5, {"eval/pass@1": 0.25, "reward": 1.0}),
    (300, 1_700_000_123.004, {"größe": -1e-3, "reward": float("inf")}),
]
first = varint(1 << 3 | 1) + struct.pack("<d", BEGUN) + bytes_field(3, b"brain.Event:2")
file = record(first) + b"".join(record(event(time, step, values)) for step, time, values in ROWS)
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps({"file": base64.b64encode(file).decode()}) + "\n")
