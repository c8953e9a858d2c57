"""A small file written by Python's `safetensors`, as the literal in StateFileTests.swift.

    python state_files.py            prints the literal
    python state_files.py FILE       prints what `safetensors` reads from FILE
"""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import save

if len(sys.argv) > 1:
    with safe_open(sys.argv[1], framework="pt") as file:
        print(file.metadata())
        for name in file.keys():
            tensor = file.get_tensor(name)
            print(name, tensor.dtype, list(tensor.shape), tensor.flatten().tolist()[:8])
    sys.exit()

TENSORS = {
    "weight": torch.tensor([[1.5, -2.0, 0.25], [3.0, 0.0, -0.5]]),
    "double": torch.tensor([0.1, -1e300], dtype=torch.float64),
    "half": torch.tensor([1.0, -2.5, 6.104e-05, 6e-08, 65504.0, float("-inf")]).half(),
    "brain": torch.tensor([1.0, -3.0, 1e30]).bfloat16(),
    "index": torch.tensor([-7, 2**40]),
    "small": torch.tensor([5, -6, 7], dtype=torch.int32),
    "truth": torch.tensor([True, False, True]),
    "scalar": torch.tensor(4.0),
    "empty": torch.zeros(0, 3),
}
data = save(TENSORS, metadata={"made by": 'Python, "quoted" é'})
text = data.hex()
for start in range(0, len(text), 92):
    print(f'    {text[start:start + 92]}\\')
