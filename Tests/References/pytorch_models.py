#!/usr/bin/env python3
"""Three small networks, trained in PyTorch on the bundled digits, as files for Apus, and the way back.

    python Tests/References/pytorch_models.py                 # writes Tests/References/pytorch_*.safetensors
    python Tests/References/pytorch_models.py --check DIR     # checks what Apus wrote to DIR

Made with torch 2.15 on CPU. The files hold each network's state_dict (pytorch_cnn, pytorch_lstm,
pytorch_transformer), and the same 16 digits with the three outputs in evaluation mode
(pytorch_outputs). Tests/ApusTests/PyTorchModelTests.swift loads them, compares, trains a step
further, and writes networks and outputs to the folder that APUS_ROUND_TRIP names;
.ci/pytorch-round-trip runs both halves.

safetensors by hand: eight bytes with the length of a JSON header, the header, the elements.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
DIGITS = HERE.parent.parent / "Modules" / "Datasets" / "Resources" / "digits.csv"
TYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "BOOL": "|b1"}


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        array = tensor.detach().contiguous().numpy()
        code = next(code for code, kind in TYPES.items() if np.dtype(kind) == array.dtype)
        end = len(data) + array.nbytes
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [len(data), end]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, data = json.loads(content[8:8 + length]), content[8 + length:]
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(
            np.frombuffer(data[entry["data_offsets"][0]:entry["data_offsets"][1]],
                          TYPES[entry["dtype"]]).reshape(entry["shape"]).copy())
        for name, entry in header.items()}


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            nn.AvgPool2d(2))
        self.classifier = nn.Linear(64, 10)

    def forward(self, x):  # [batch, 8, 8]
        return self.classifier(self.features(x.unsqueeze(1)).flatten(1))


class Recurrent(nn.Module):
    """Reads a digit line by line, in both directions."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 12, num_layers=2, bidirectional=True)
        self.head = nn.Linear(24, 10)

    def forward(self, x):
        states, _ = self.lstm(x.transpose(0, 1))
        return self.head(states.mean(0))


class Transformer(nn.Module):
    """Takes the lines of a digit as tokens."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 16)
        self.positions = nn.Parameter(0.1 * torch.randn(8, 16))
        layer = nn.TransformerEncoderLayer(
            16, 2, dim_feedforward=32, dropout=0.1, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x) + self.positions).mean(1))


MODELS = {"cnn": CNN, "lstm": Recurrent, "transformer": Transformer}


def digits():
    table = np.loadtxt(DIGITS, delimiter=",", dtype=np.float32)
    return torch.from_numpy(table[:, :64] / 16).reshape(-1, 8, 8), torch.from_numpy(table[:, 64]).long()


def train(model, inputs, labels, epochs=8):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(inputs)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs[batch]), labels[batch]).backward()
            optimizer.step()
    model.eval()


def make():
    torch.manual_seed(7)
    torch.set_num_threads(1)
    inputs, labels = digits()
    outputs = {"inputs": inputs[-16:], "labels": labels[-16:]}
    for name, make_model in MODELS.items():
        model = make_model()
        train(model, inputs[:-297], labels[:-297])
        with torch.no_grad():
            right = (model(inputs[-297:]).argmax(1) == labels[-297:]).float().mean()
            outputs[name] = model(inputs[-16:])
        print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters, "
              f"test accuracy {right:.3f}")
        write(HERE / f"pytorch_{name}.safetensors", model.state_dict())
    write(HERE / "pytorch_outputs.safetensors", outputs)


def check(folder):
    worst = 0.0
    for name, make_model in MODELS.items():
        model = make_model()
        model.load_state_dict(read(folder / f"{name}.safetensors"))
        model.eval()
        pair = read(folder / f"{name}_outputs.safetensors")
        with torch.no_grad():
            gap = (model(pair["inputs"]) - pair["outputs"]).abs().max().item()
        print(f"{name}: every name fits, the outputs differ by at most {gap:.1e}")
        worst = max(worst, gap)
    if not worst < 1e-5:
        sys.exit("pytorch_models.py: the outputs differ by 1e-5 or more")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"] and len(sys.argv) == 3:
        check(pathlib.Path(sys.argv[2]))
    elif len(sys.argv) == 1:
        make()
    else:
        sys.exit(__doc__)
