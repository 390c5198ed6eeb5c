#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains each method with several seeds and prints a table of macro average precision, over all classes and by group, with
differences from the first method paired by seed.

Usage: compare_losses.py PROGRAM [--seeds N] [OPTION...]     further options go to PROGRAM, such as --rows 30000

A seed makes other data (labels, embeddings, split) and other first weights; all methods of a seed share both.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

METHODS = {"BCE": ["--loss", "bce"], "ASL": ["--loss", "asl"], "LDAM": ["--loss", "ldam"],
           "LDAM-DRW": ["--loss", "ldam-drw"], "cRT": ["--loss", "bce", "--crt"]}
COLUMNS = {"overall": "macro", "head": "head", "medium": "medium", "tail": "tail"}


def train(program, options, seed, more):
    """The validation values of the best epoch."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "result.json"
        subprocess.run([program, "--synthetic", "--quiet", *options, "--seed", str(seed), "--data-seed", str(seed),
                        "--json", path, *more], check=True, stdout=subprocess.DEVNULL)
        return json.loads(path.read_text(encoding="utf-8"))["validation"]


def mean_and_error(values):
    """The mean over seeds and its standard error."""
    return statistics.mean(values), statistics.stdev(values) / math.sqrt(len(values))


def table(results, metric):
    """Rows of a Markdown table: the mean of each method, its difference from the first, the difference's error."""
    first = next(iter(results))
    lines = ["| | " + " | ".join(COLUMNS) + " |", "|---" + "|---" * len(COLUMNS) + "|"]
    for method, runs in results.items():
        cells = []
        for key in COLUMNS.values():
            values = [run[key][metric] for run in runs]
            cell = f"{statistics.mean(values):.3f}"
            if method != first:
                difference, error = mean_and_error([a - b[key][metric] for a, b in zip(values, results[first])])
                cell += f" ({difference:+.3f} ± {error:.3f})"
            cells.append(cell)
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path, help="the built training_loop")
    parser.add_argument("--seeds", type=int, default=10)
    options, more = parser.parse_known_args()
    if options.seeds < 2:
        parser.error("--seeds must be 2 or more: differences need an error")
    results = {method: [] for method in METHODS}
    for seed in range(options.seeds):
        for method, arguments in METHODS.items():
            results[method].append(train(options.program.resolve(), arguments, seed, more))
            if sys.stderr.isatty():
                print(f"\rseed {seed + 1} of {options.seeds}: {method:<10}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    for metric, title in {"average_precision": "macro AP", "auroc": "macro AUROC", "f1": "macro F1 at one half"}.items():
        print(f"{title}; in brackets the difference from the first, paired by seed, ± its standard error\n")
        print(table(results, metric) + "\n")


if __name__ == "__main__":
    main()
