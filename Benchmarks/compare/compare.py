#!/usr/bin/env python3
"""Runs the rows of `Benchmarks` in Apus and in its peers, alternately, and prints the ratios.

For each row and number of threads: ours, each peer, ours again, … for several rounds, every one in a
process of its own that stays alive. A ratio is a peer's time over ours in the same round (more than
1: Apus is faster), and the median over the rounds is what is printed.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent
TUNED_ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
    "MALLOC_TOP_PAD_": "268435456",
}
PEERS = {
    "torch": ("torch_rows", False),
    "torch-tuned": ("torch_rows", True),
    "jax": ("jax_rows", False),
    "numpy": ("numpy_rows", False),
    "onnx": ("onnx_rows", False),
    "gensim": ("gensim_rows", False),
    "gensim-tuned": ("gensim_rows", True),
}


class Process:
    """Ours or a peer at one number of threads; answers one row at a time."""

    def __init__(self, command, environment, threads, pinned):
        processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

        def limit():
            if pinned and processors:
                os.sched_setaffinity(0, processors[:threads])

        self.child = subprocess.Popen(
            command, cwd=HERE, env={**os.environ, **environment}, preexec_fn=limit, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1,
        )

    def measure(self, row):
        """The answer for a row, or `None` where it has none."""
        self.child.stdin.write(row + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            sys.exit(f"compare: {self.child.args} stopped at {row}")
        answer = json.loads(line)
        return answer if answer["row"] else None

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def start_ours(binary, threads, quick, corpus):
    command = [binary, "--serve", "--threads", str(threads)] + (["--quick"] if quick else [])
    command += ["--corpus", corpus] if corpus else []
    return Process(command, {}, threads, pinned=False)


def start_peer(name, threads, quick, corpus):
    module, tuned = PEERS[name]
    command = [sys.executable, "worker.py", module, "--threads", str(threads)]
    command += (["--tuned"] if tuned else []) + (["--quick"] if quick else [])
    environment = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"), str(threads)
    )
    environment["JAX_PLATFORMS"] = "cpu"
    environment["APUS_CORPUS"] = corpus or ""
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if tuned:
        environment |= TUNED_ALLOCATOR
    # XLA makes as many threads as the process has processors, so those are what is limited.
    return Process(command, environment, threads, pinned=module == "jax_rows")


def compare(row, ours, peers, rounds, statistic):
    """Times in all rounds: our answers, and those of each peer that has the row."""
    own, others = [], {name: [] for name in peers}
    for _ in range(rounds):
        own.append(ours.measure(row))
        for name, peer in peers.items():
            answer = peer.measure(row)
            if answer:
                others[name].append(answer)
            # Threads of a library may spin for a while after its last call.
            time.sleep(0.01)
    result = {"row": row, "threads": own[0]["threads"], "rounds": rounds}
    key = f"{statistic}_s"
    combine = min if statistic == "min" else statistics.median
    result["ours_s"] = combine(answer[key] for answer in own)
    fractions = [answer["peak_fraction"] for answer in own if "peak_fraction" in answer]
    if fractions:
        result["peak_fraction"] = statistics.median(fractions)
    result["peers"] = {
        name: {
            "seconds": combine(answer[key] for answer in answers),
            "ratio": ratio(answers, own, key, statistic),
        }
        for name, answers in others.items()
        if answers
    }
    return result


def ratio(theirs, own, key, statistic):
    if statistic == "min":
        return min(answer[key] for answer in theirs) / min(answer[key] for answer in own)
    return statistics.median(a[key] / b[key] for a, b in zip(theirs, own))


def time_text(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6), ("ns", 1e9)):
        if seconds * factor >= 1 or unit == "ns":
            return f"{seconds * factor:.3g} {unit}"


def print_header(names, width):
    columns = "".join(f"{name:>13}" for name in names)
    print(f"{'row':<{width}} threads       ours  of peak{columns}   fastest peer", flush=True)


def print_result(result, names, width):
    peers = result["peers"]
    fraction = f"{100 * result['peak_fraction']:.1f} %" if "peak_fraction" in result else ""
    columns = "".join(f"{peers[n]['ratio']:>13.2f}" if n in peers else " " * 13 for n in names)
    fastest = min(peers, key=lambda name: peers[name]["ratio"], default=None)
    best = f"{peers[fastest]['ratio']:.2f} × {fastest}" if fastest else ""
    ours = time_text(result["ours_s"])
    print(
        f"{result['row']:<{width}} {result['threads']:>7} {ours:>10} {fraction:>8}{columns}   {best}",
        flush=True,
    )


def installed():
    modules = {"jax": "jax", "numpy": "numpy", "onnx": "onnxruntime", "gensim": "gensim", "gensim-tuned": "gensim"}
    return [
        name for name in PEERS if importlib.util.find_spec(modules.get(name, "torch")) is not None]


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--filter", action="append", default=[], metavar="TEXT",
        help="only rows whose names contain TEXT; may be repeated")
    add("--threads", type=int, action="append", metavar="N",
        help="at N threads; may be repeated (default: one, then all)")
    add("--rounds", type=int, default=5, metavar="N", help="alternations (default: 5)")
    add("--corpus", type=pathlib.Path, metavar="FILE",
        help="the text that word vectors are learnt from (default: the bundled Genesis)")
    add("--json", type=pathlib.Path, metavar="FILE", help="also write an object a line")
    add("--peers", default=",".join(installed()), metavar="A,B",
        help=f"which of {', '.join(PEERS)} (default: those installed)")
    add("--quick", action="store_true", help="shorter samples")
    add("--statistic", choices=("median", "min"), default="median",
        help="min, over everything, for a machine that others use at the same time")
    add("--binary", help="our program (default: built by swift build -c release)")
    return parser.parse_args()


def build():
    command = ["swift", "build", "-c", "release", "--product", "Benchmarks"]
    subprocess.run(command, cwd=PACKAGE, check=True, stdout=sys.stderr)
    path = subprocess.run(
        command + ["--show-bin-path"], cwd=PACKAGE, check=True, stdout=subprocess.PIPE, text=True
    )
    return str(pathlib.Path(path.stdout.strip()) / "Benchmarks")


def main():
    options = parse()
    corpus = str(options.corpus.resolve()) if options.corpus else None
    binary = str(pathlib.Path(options.binary).resolve()) if options.binary else build()
    command = [binary, "--list"] + [word for text in options.filter for word in ("--filter", text)]
    listing = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if listing.returncode != 0:
        sys.exit(listing.returncode)
    rows = [row for row in listing.stdout.split() if not row.startswith("limit/")]
    names = options.peers.split(",")
    for name in names:
        if name not in PEERS:
            sys.exit(f"compare: no peer {name}; there are {', '.join(PEERS)}")
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    width = max(map(len, rows), default=0)
    output = options.json.open("w") if options.json else None
    print_header(names, width)
    for threads in options.threads or sorted({1, processors}):
        ours = start_ours(binary, threads, options.quick, corpus)
        peers = {name: start_peer(name, threads, options.quick, corpus) for name in names}
        for row in rows:
            result = compare(row, ours, peers, options.rounds, options.statistic)
            print_result(result, names, width)
            if output:
                output.write(json.dumps(result) + "\n")
                output.flush()
        for process in (ours, *peers.values()):
            process.close()


if __name__ == "__main__":
    main()
