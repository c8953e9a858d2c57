"""The convolution rows, for every library: names and sizes."""

import re

NAMES = [
    "32x1x28x28-oc32-k3s1p1", "32x32x28x28-oc64-k3s1p1", "16x64x56x56-oc64-k3s1p1",
    "16x128x28x28-oc128-k3s1p1", "8x256x14x14-oc256-k3s1p1", "1x3x224x224-oc64-k7s2p3",
    "16x64x56x56-oc64-k1s1p0", "32x3x128x128-oc32-k8s2p3", "16x64x56x56-oc64-k3s1p1-depthwise",
    "16x64x28x28-oc64-k3s1p2-dil2",
]


class Case:
    """One convolution: x is [n, c, size, size], the weight [filters, c / groups, k, k]."""

    def __init__(self, name):
        numbers = re.match(r"(\d+)x(\d+)x(\d+)x\d+-oc(\d+)-k(\d+)s(\d+)p(\d+)", name).groups()
        self.n, self.c, self.size, self.filters, self.kernel, self.stride, self.padding = map(
            int, numbers)
        self.groups = self.c if "depthwise" in name else 1
        self.dilation = 2 if name.endswith("dil2") else 1
        self.input = (self.n, self.c, self.size, self.size)
        self.weight = (self.filters, self.c // self.groups, self.kernel, self.kernel)
        reach = self.dilation * (self.kernel - 1)
        side = (self.size + 2 * self.padding - reach - 1) // self.stride + 1
        self.output = (self.n, self.filters, side, side)


CASES = {name: Case(name) for name in NAMES}
TRANSPOSED = "32x64x14x14-oc32-k2s2"
