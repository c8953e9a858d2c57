"""Reads event files without TensorFlow, and with TensorBoard's own reader where it is installed.

    python tensorboard_events.py FOLDER     prints the scalars of the event files in FOLDER
"""
import pathlib
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    while data:
        (length, check), rest = struct.unpack("<QI", data[:12]), data[12:]
        assert check == masked(data[:8]), "the checksum of a length"
        assert struct.unpack("<I", rest[length:length + 4])[0] == masked(rest[:length]), "a checksum"
        yield rest[:length]
        data = rest[length + 4:]


def fields(data):
    def varint():
        nonlocal data
        value = shift = 0
        while True:
            byte, data = data[0], data[1:]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while data:
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            size = {1: 8, 5: 4}.get(key & 7) or varint()
            content, data = data[:size], data[size:]
            form = {1: "<d", 5: "<f"}.get(key & 7)
            yield key >> 3, struct.unpack(form, content)[0] if form else content


def scalars(path):
    for record in records(path.read_bytes()):
        event = dict(fields(record))
        if 5 in event:
            value = dict(fields(dict(fields(event[5]))[1]))
            yield value[1].decode(), event.get(2, 0), value[2]
        else:
            assert event[3] == b"brain.Event:2", event


folder = pathlib.Path(sys.argv[1])
found = [point for path in sorted(folder.glob("*tfevents*")) for point in scalars(path)]
for name, step, value in found:
    print(f"{name}  {step}  {value}")
try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError:
    print("(TensorBoard is not installed: its own reader was not asked)")
else:
    reader = EventAccumulator(str(folder))
    reader.Reload()
    theirs = [
        (tag, point.step, point.value)
        for tag in reader.Tags()["scalars"] for point in reader.Scalars(tag)]
    if not theirs:
        theirs = [
            (tag, point.step, point.tensor_proto.float_val[0])
            for tag in reader.Tags()["tensors"] for point in reader.Tensors(tag)]
    assert sorted(map(repr, theirs)) == sorted(map(repr, found)), (theirs, found)
    print("TensorBoard's reader finds the same")
