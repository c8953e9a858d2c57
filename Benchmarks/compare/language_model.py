#!/usr/bin/env python3
"""`course language-model` beside the same model in PyTorch: held-out perplexity and time.

    python3 Benchmarks/compare/language_model.py kjv.txt --epochs 2 --threads 1

Both read the text themselves and make the same of it: lower-case words and marks, an <end> after
each line, the last tenth of the lines held out, the most frequent words of the first nine tenths,
streams in windows whose states carry on. Both draw the vectors and the output's weight uniformly
from ±0.1 and the LSTM's weights from ±1/√hidden, and take steps of plain descent along gradients
clipped to a norm, at a rate that decays after each epoch. The numbers drawn differ.

Times are of whole processes, reading and testing included; --only measures one side alone.
"""

import argparse
import collections
import math
import re
import subprocess
import sys
import time

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\s\w]|_")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("--binary", default=".build/release/course")
    parser.add_argument("--only", choices=["apus", "pytorch"])
    for name, value in [
        ("epochs", 2), ("hidden", 200), ("embedding", 200), ("window", 35), ("batch", 20),
        ("vocabulary", 10000), ("seed", 7), ("threads", 1),
    ]:
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in [("learning-rate", 20.0), ("decay", 0.5), ("clip", 0.25)]:
        parser.add_argument(f"--{name}", type=float, default=value)
    return parser.parse_args()


def apus(options):
    names = [
        "epochs", "hidden", "embedding", "window", "batch", "vocabulary", "seed", "threads",
        "learning_rate", "decay", "clip",
    ]
    command = [
        options.binary, "language-model", "--corpus", options.text, "--optimizer", "sgd",
        "--dropout", "0", "--minimum-count", "1", "--length", "0",
    ]
    for name in names:
        command += ["--" + name.replace("_", "-"), str(getattr(options, name))]
    output = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            output.append(line)
            if line.startswith("epoch") or len(output) <= 2:
                print("  " + line, end="", flush=True)
    if process.returncode != 0:
        sys.exit(f"{options.binary} failed")
    return float(re.match(r"held-out perplexity ([\d.]+)", output[-1])[1])


def encoded(options):
    with open(options.text, encoding="utf-8") as file:
        lines = file.read().splitlines()
    boundary = int(0.9 * len(lines))
    parts = [
        [token for line in part for token in [*TOKEN.findall(line.lower()), "<end>"]]
        for part in (lines[:boundary], lines[boundary:])
    ]
    counts = collections.Counter(parts[0])
    counts.pop("<end>")
    kept = sorted(counts, key=lambda word: (-counts[word], word))[: options.vocabulary - 2]
    numbers = {word: number for number, word in enumerate(["<end>", "<unknown>", *kept])}
    return len(numbers), [[numbers.get(token, 1) for token in part] for part in parts]


def pytorch(options):
    import torch
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    size, parts = encoded(options)

    def windows(tokens):
        steps = len(tokens) // options.batch
        table = torch.tensor(tokens[: steps * options.batch]).view(options.batch, steps)
        table = table.t().contiguous()
        return [
            (table[i : i + n], table[i + 1 : i + 1 + n])
            for i in range(0, steps - 1, options.window)
            for n in [min(options.window, steps - 1 - i)]
        ]

    training, held_out = map(windows, parts)
    print(f"  {len(parts[0])} and {len(parts[1])} words, {size} different ones", flush=True)
    embedding = nn.Embedding(size, options.embedding)
    network = nn.LSTM(options.embedding, options.hidden)
    output = nn.Linear(options.hidden, size)
    nn.init.uniform_(embedding.weight, -0.1, 0.1)
    nn.init.uniform_(output.weight, -0.1, 0.1)
    nn.init.zeros_(output.bias)
    parameters = [p for part in (embedding, network, output) for p in part.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=options.learning_rate, fused=True)

    def loss(inputs, targets, state):
        y, state = network(embedding(inputs), state)
        logits = output(y).flatten(0, 1)
        return F.cross_entropy(logits, targets.flatten()), tuple(s.detach() for s in state)

    @torch.inference_mode()
    def test():
        total, count, state = 0.0, 0, None
        for inputs, targets in held_out:
            value, state = loss(inputs, targets, state)
            total, count = total + value.item() * targets.numel(), count + targets.numel()
        return math.exp(total / count)

    for epoch in range(options.epochs):
        total, count, state = 0.0, 0, None
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * options.decay**epoch
        for inputs, targets in training:
            optimizer.zero_grad()
            value, state = loss(inputs, targets, state)
            value.backward()
            nn.utils.clip_grad_norm_(parameters, options.clip)
            optimizer.step()
            total, count = total + value.item() * targets.numel(), count + targets.numel()
        perplexity = test()
        print(
            f"  epoch {epoch + 1}/{options.epochs}   perplexity {math.exp(total / count):.2f}"
            f" (held out {perplexity:.2f})", flush=True)
    return perplexity


def main():
    options = arguments()
    results = {}
    for name, run in [("apus", apus), ("pytorch", pytorch)]:
        if options.only in (None, name):
            print(name)
            start = time.perf_counter()
            perplexity = run(options)
            results[name] = (perplexity, time.perf_counter() - start)
            print(f"  held-out perplexity {perplexity:.3f}, {results[name][1]:.1f} s")
    if len(results) == 2:
        (ours, our_time), (theirs, their_time) = results["apus"], results["pytorch"]
        print(
            f"perplexity {ours / theirs:.4f} of PyTorch's, "
            f"{their_time / our_time:.2f} times as fast")


if __name__ == "__main__":
    main()
