#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the speed of the bootstrap of macro average precision and AUROC with a loop over scikit-learn and with NumPy
on presorted scores, on the same arrays, round by round, and checks that replicates agree; then times `cxrlt leaderboard`
on 100 submissions.

NumPy is measured twice, as its time depends on what its process did before: in a process that loads the arrays and only
resamples, which gives the memory of each temporary array back to the system and gets it anew, and beside scikit-learn,
whose large arrays teach malloc to keep what is freed.

Needs the modules compare_native and compare_generic, and the program, of the preset bench.
"""

import ctypes
import json
import multiprocessing
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, roc_auc_score

import samples
from arguments import parser_of
from rounds import alternate

N_CLASSES = 30
REPLICATES = 1000
NUMPY_ALONE = "NumPy, presorted"
NUMPY_BESIDE = "NumPy, presorted, beside scikit-learn"
PEERS = ("scikit-learn", NUMPY_ALONE, NUMPY_BESIDE)

# Of the peer's time for as many replicates: floor, aim.
GOALS = {"scikit-learn": (3000, 5000), NUMPY_ALONE: (300, None)}
SMALL_LIMIT = 0.03  # seconds for 2,000 replicates of 1,621 rows
LEADERBOARD_LIMIT = 15  # seconds for 100 submissions of 1,400 rows, 2,000 replicates


class Ours:
    """The library, in one of its builds."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.calibration_error.restype = ctypes.c_char_p

    def check(self, refused):
        if refused:
            raise RuntimeError(self.library.calibration_error().decode())

    def replicates(self, scores, labels, threads, n):
        """Macro average precision and AUROC of each replicate."""
        assert scores.flags.c_contiguous and scores.dtype == np.float32 and labels.dtype == np.uint8
        values = np.empty((2, n))
        self.check(self.library.bootstrap_macro(
            ctypes.c_void_p(scores.ctypes.data), ctypes.c_void_p(labels.ctypes.data), ctypes.c_size_t(scores.shape[0]),
            ctypes.c_size_t(scores.shape[1]), ctypes.c_int(threads), ctypes.c_int(n),
            ctypes.c_void_p(values[0].ctypes.data), ctypes.c_void_p(values[1].ctypes.data)))
        return values

    def weights(self, n_rows, n, n_wanted):
        weights = np.empty((n_wanted, n_rows), np.uint8)
        self.check(self.library.bootstrap_weights(ctypes.c_size_t(n_rows), ctypes.c_int(n), ctypes.c_size_t(n_wanted),
                                                  ctypes.c_void_p(weights.ctypes.data)))
        return weights


def by_scikit_learn(scores, labels, rows):
    scores, labels = scores[rows], labels[rows]
    classes = range(scores.shape[1])
    return (np.mean([average_precision_score(labels[:, c], scores[:, c]) for c in classes]),
            np.mean([roc_auc_score(labels[:, c], scores[:, c]) for c in classes]))


class Presorted:
    """Each class sorted once; a replicate sums its weights along that order."""

    def __init__(self, scores, labels):
        self.classes = []
        for c in range(scores.shape[1]):
            order = np.argsort(-scores[:, c], kind="stable")
            sorted_scores = scores[order, c]
            ends = np.r_[np.flatnonzero(np.diff(sorted_scores)), len(order) - 1]
            self.classes.append((order, labels[order, c], ends))

    def __call__(self, weights):
        average_precisions, aurocs = [], []
        for order, positive, ends in self.classes:
            sorted_weights = weights[order]
            tp = np.cumsum(sorted_weights * positive)[ends]
            predicted = np.cumsum(sorted_weights)[ends]
            fp = predicted - tp
            fresh = np.diff(tp, prepend=0)
            average_precisions.append((fresh * tp / np.maximum(predicted, 1)).sum() / tp[-1])
            aurocs.append(((tp - fresh / 2) * np.diff(fp, prepend=0)).sum() / (tp[-1] * fp[-1]))
        return np.mean(average_precisions), np.mean(aurocs)


def draw(random, n_rows):
    return random.integers(0, n_rows, n_rows)


def serve_presorted(files, requests):
    """One replicate for each request, as a script that loads its scores and labels makes them."""
    scores, labels = map(np.load, files)
    presorted = Presorted(scores, labels)
    n_rows = len(scores)
    random = np.random.default_rng(samples.SEED)
    requests.send("ready")
    while requests.recv():
        requests.send(presorted(np.bincount(draw(random, n_rows), minlength=n_rows)))


class PresortedAlone:
    """`Presorted` in a process of its own."""

    def __init__(self, scores, labels):
        context = multiprocessing.get_context("spawn")
        self.requests, theirs = context.Pipe()
        with tempfile.TemporaryDirectory() as folder:
            files = [f"{folder}/{name}.npy" for name in ("scores", "labels")]
            for file, array in zip(files, (scores, labels)):
                np.save(file, array)
            self.process = context.Process(target=serve_presorted, args=(files, theirs), daemon=True)
            self.process.start()
            theirs.close()  # so that an early end is noticed
            self.requests.recv()

    def __call__(self):
        self.requests.send(True)
        return self.requests.recv()

    def end(self):
        self.requests.send(False)
        self.process.join()


def check_replicates(ours, scores, labels, presorted, n):
    """The first replicates, by their own weights, with both peers; the largest difference."""
    values = ours.replicates(scores, labels, 1, REPLICATES)
    largest = 0
    for b, weights in enumerate(ours.weights(len(scores), REPLICATES, n)):
        for peer in (by_scikit_learn(scores, labels, np.repeat(np.arange(len(scores)), weights)),
                     presorted(weights.astype(np.int64))):
            largest = max(largest, *np.abs(values[:, b] - peer))
    if largest > 1e-12:
        sys.exit(f"replicates differ by {largest}")
    return largest


def write_submissions(folder, n_teams, n_rows):
    """A truth and the predictions of teams, each a little noisier than the last."""
    random = np.random.default_rng(samples.SEED)
    scores, labels = samples.make_sample(n_rows, N_CLASSES, "double")
    header = "id," + ",".join(f"class {c}" for c in range(N_CLASSES))
    logits = np.log(scores / (1 - scores))

    def write(path, values, pattern):
        rows = (f"{i}," + ",".join(pattern % value for value in row) for i, row in enumerate(values))
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    write(folder / "truth.csv", labels, "%d")
    for team in range(n_teams):
        noisy = logits + 0.02 * team * random.standard_normal(logits.shape)
        write(folder / f"team_{team:03}.csv", 1 / (1 + np.exp(-noisy)), "%.6f")


def run_and_watch(command):
    """Seconds, and the most memory seen at any time, in bytes (0 where the system does not say)."""
    begin = time.perf_counter()
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        status = pathlib.Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            if status.exists():
                found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
                most = max(most, 1024 * int(found[1]) if found else 0)
            time.sleep(0.01)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - begin, most


def time_leaderboard(program, n_teams, rounds=3):
    """Seconds of each run, and the most memory that one took, in bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_submissions(folder, n_teams, 1400)
        teams = sorted(str(path) for path in folder.glob("team_*.csv"))
        runs = [run_and_watch([program, "leaderboard", *teams, "--truth", folder / "truth.csv", "--ci", "2000", "--quiet"])
                for _ in range(rounds)]
    return [seconds for seconds, _ in runs], max(memory for _, memory in runs)


def main():
    parser = parser_of(__doc__, "bootstrap", 60, "the table")
    parser.add_argument("--program", type=pathlib.Path, help="cxrlt for the leaderboard, default BUILD/cxrlt")
    options = parser.parse_args()
    build = options.build.resolve()
    native, generic = (Ours(build / "bench" / f"compare_{name}.so") for name in ("native", "generic"))
    n_rows = 14_292 if options.quick else 142_928
    scores, labels = samples.make_sample(n_rows, N_CLASSES, "continuous")
    presorted = Presorted(scores, labels)
    difference = check_replicates(native, scores, labels, presorted, 3)
    random = np.random.default_rng(samples.SEED)
    alone = PresortedAlone(scores, labels)
    # A round of the peers is one replicate, its drawing included; of ours it is all of them.
    calls = {"scikit-learn": lambda: by_scikit_learn(scores, labels, draw(random, n_rows)),
             NUMPY_ALONE: alone,
             NUMPY_BESIDE: lambda: presorted(np.bincount(draw(random, n_rows), minlength=n_rows)),
             "cxrlt, 1 thread": lambda: native.replicates(scores, labels, 1, REPLICATES),
             "cxrlt, 2 threads": lambda: native.replicates(scores, labels, 2, REPLICATES),
             "cxrlt -O2, 1 thread": lambda: generic.replicates(scores, labels, 1, REPLICATES)}
    times, _ = alternate(calls, options.seconds)
    alone.end()
    medians = {name: statistics.median(values) for name, values in times.items()}
    for peer in PEERS:
        medians[peer] *= REPLICATES
    print(f"\n{REPLICATES:,} replicates of macro average precision and AUROC, {n_rows:,} x {N_CLASSES} float32; "
          f"replicates differ by at most {difference:.1e}\n")
    print("| | median, s | scikit-learn over it | NumPy over it | NumPy beside scikit-learn over it |\n|---|--:|--:|--:|--:|")
    for name, median in medians.items():
        ratios_of_peers = " | ".join(f"{medians[peer] / median:.3g}" for peer in PEERS)
        print(f"| {name}{' (one replicate measured)' if name in PEERS else ''} | {median:.3g} | {ratios_of_peers} |")
    ratios = {}
    for peer, (floor, aim) in GOALS.items():
        ratio = medians[peer] / medians["cxrlt, 1 thread"]
        ratios[peer] = {"ratio": ratio, "floor": floor, "aim": aim, "met": ratio >= floor}

    small_scores, small_labels = samples.make_sample(1621, N_CLASSES, "continuous")
    small, _ = alternate({"small": lambda: native.replicates(small_scores, small_labels, 1, 2000)}, 2, most=50)
    seconds, memory = time_leaderboard((options.program or build / "cxrlt").resolve(), 100)
    limits = {"2,000 replicates of 1,621 x 30, one thread, s": (statistics.median(small["small"]), SMALL_LIMIT),
              "leaderboard of 100 x 1,400 x 30, 2,000 replicates, s": (statistics.median(seconds), LEADERBOARD_LIMIT)}
    print()
    for goal, entry in ratios.items():
        print(f"{goal}: {entry['ratio']:.0f} x, floor {entry['floor']}" +
              (f", aim {entry['aim']}" if entry["aim"] else ""))
    for name, (value, limit) in limits.items():
        print(f"{name}: {value:.3g}, limit {limit}")
        ratios[name] = {"seconds": value, "limit": limit, "met": value < limit}
    print(f"memory of the leaderboard, MB: {memory / 1e6:.0f}")
    path = options.json or build / "bootstrap.json"
    path.write_text(json.dumps({"quick": options.quick, "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
                                "seconds": times, "medians": medians, "difference": difference, "memory": memory,
                                "goals": ratios}, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
