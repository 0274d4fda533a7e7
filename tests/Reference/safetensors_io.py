"""Writes and reads safetensors without the package, which Debian does not have: eight bytes of length, a JSON header, the data."""
import json
import struct

import torch

NAMES = {torch.float32: "F32", torch.int64: "I64", torch.bool: "I64"}


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in sorted(tensors.items()):
        tensor = tensor.detach()
        tensor = tensor.to(torch.int64 if tensor.dtype in (torch.bool, torch.int64) else torch.float32).contiguous()
        raw = tensor.numpy().tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def read(path):
    """Tensors of float32, as float64."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {
        name: torch.frombuffer(bytearray(data[slice(*entry["data_offsets"])]), dtype=torch.float32).view(entry["shape"]).double()
        for name, entry in header.items() if name != "__metadata__"
    }
