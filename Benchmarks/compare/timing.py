"""Takes the time of a callable exactly as `Harness.swift` does."""

import contextlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Operation:
    """What a row of a peer measures."""

    call: Callable
    finish: Callable = lambda: None
    """Waits for what the calls left running; its time counts."""
    context: Callable = contextlib.nullcontext
    """A mode of the library that the calls run in; entered once, before the clock starts."""


@dataclass
class Harness:
    warm_up: float = 0.1
    sample: float = 0.008
    total: float = 0.3
    fewest: int = 7
    most: int = 31

    def measure(self, operation):
        """Seconds for one call, as (median, minimum) over samples of many calls."""
        with operation.context():
            once = self._estimate(operation)
            calls = max(1, -int(-self.sample // once))
            count = min(max(int(self.total / (once * calls)), self.fewest), self.most)
            samples = [_seconds(operation, calls) / calls for _ in range(count)]
        return statistics.median(samples), min(samples)

    def _estimate(self, operation):
        operation.call()
        operation.finish()
        calls, spent = 1, 0.0
        while True:
            seconds = _seconds(operation, calls)
            spent += seconds
            if spent >= self.warm_up:
                return max(seconds / calls, 1e-9)
            if seconds < self.sample:
                calls *= 2


def _seconds(operation, calls):
    call = operation.call
    start = time.perf_counter()
    for _ in range(calls):
        call()
    operation.finish()
    return time.perf_counter() - start


THOROUGH = Harness()
QUICK = Harness(warm_up=0.02, sample=0.002, total=0.06, most=25)
