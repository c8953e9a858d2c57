"""One peer at one number of threads: reads row names, answers each with a JSON object on a line.

Started by compare.py, which sets what has to be set before a library is loaded: the allocator's
environment, the processors that the process may use, and the libraries' own thread counts.
"""

import argparse
import importlib
import json
import sys

import timing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("module", help="a module of the package peers")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    peer = importlib.import_module(f"peers.{arguments.module}")
    rows = peer.rows(threads=arguments.threads, tuned=arguments.tuned)
    harness = timing.QUICK if arguments.quick else timing.THOROUGH

    last = None, None
    for line in sys.stdin:
        name = line.strip()
        if name not in rows:
            answer = {"row": None}
        else:
            if last[0] != name:
                last = None, None
                last = name, rows[name]()
            operation = last[1]
            if not isinstance(operation, timing.Operation):
                operation = timing.Operation(operation)
            median, minimum = harness.measure(operation)
            answer = {
                "row": name, "threads": arguments.threads, "median_s": median, "min_s": minimum,
            }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
