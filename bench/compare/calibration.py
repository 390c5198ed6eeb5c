#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the speed of calibration with scikit-learn's isotonic regression and SciPy's bounded search for one
temperature, and that of the best thresholds with counting alone, on the same arrays in one process, round by round, and
checks that the results agree.

Needs the modules compare_native and compare_generic of the preset bench; see scripts/bench-compare for the machine.
"""

import ctypes
import json
import os
import pathlib
import statistics
import sys

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression

import samples
from arguments import parser_of
from rounds import alternate

# What the best thresholds of all classes may cost, counting included, over counting alone.
THRESHOLDS_LIMIT = 1.05

# Who, over whom, floor, aim.
GOALS = [("isotonic", "scikit-learn", "cxrlt, 1 thread", 18, 30), ("temperature", "SciPy", "cxrlt, 1 thread", 30, 60)]


class Ours:
    """The library, in one of its builds."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.calibration_error.restype = ctypes.c_char_p
        self.library.calibration_isotonic_at.restype = ctypes.c_double

    def call(self, name, scores, labels, threads, *more):
        assert scores.flags.c_contiguous and labels.flags.c_contiguous and labels.dtype == np.uint8
        function = getattr(self.library, f"calibration_{name}_{scores.dtype.name}")
        if function(ctypes.c_void_p(scores.ctypes.data), ctypes.c_void_p(labels.ctypes.data),
                    ctypes.c_size_t(scores.shape[0]), ctypes.c_size_t(scores.shape[1]), ctypes.c_int(threads), *more):
            raise RuntimeError(self.library.calibration_error().decode())

    def isotonic(self, scores, labels, threads):
        self.call("isotonic", scores, labels, threads)
        return lambda c, queries: [self.library.calibration_isotonic_at(ctypes.c_size_t(c), ctypes.c_double(q))
                                   for q in queries]

    def temperature(self, logits, labels, threads):
        inverse = ctypes.c_double()
        self.call("temperature", logits, labels, threads, ctypes.byref(inverse))
        return inverse.value

    def per_class(self, work, scores, labels):
        """One number for each class, of "count" or "thresholds", on one thread."""
        values = np.empty(scores.shape[1])
        self.call(work, scores, labels, 1, ctypes.c_void_p(values.ctypes.data))
        return values


def best_thresholds(scores, labels):
    """The highest score at which F1 is highest, of each class, by one sort."""
    thresholds = []
    for c in range(scores.shape[1]):
        order = np.argsort(-scores[:, c], kind="stable")
        s, y = scores[order, c], labels[order, c]
        ends = np.r_[np.flatnonzero(np.diff(s)), len(s) - 1]
        tp = np.cumsum(y, dtype=np.int64)[ends]
        thresholds.append(s[ends][np.argmax(2 * tp / (ends + 1 + y.sum()))])
    return np.array(thresholds, np.float64)


def isotonic_by_scikit_learn(scores, labels):
    maps = [IsotonicRegression(out_of_bounds="clip").fit(scores[:, c], labels[:, c]) for c in range(scores.shape[1])]
    return lambda c, queries: maps[c].predict(queries)


def temperature_by_scipy(logits, labels):
    """The mean log loss of all cells, softplus(-m / T), searched as is usual, from margins made once."""
    margins = (logits.astype(np.float64) * (2.0 * labels - 1)).ravel()
    search = minimize_scalar(lambda t: np.logaddexp(0, -margins / t).mean(), bounds=(0.05, 20), method="bounded",
                             options={"xatol": 1e-8})
    return 1 / search.x


def largest_difference(results, reference, scores):
    """Between the maps of two libraries, at scores of each class and around them."""
    largest = 0
    for c in range(scores.shape[1]):
        queries = np.quantile(scores[:, c].astype(np.float64), np.linspace(0, 1, 101)).astype(scores.dtype)
        values = [np.asarray(result(c, queries), np.float64) for result in (results, reference)]
        largest = max(largest, np.max(np.abs(values[0] - values[1])))
    return float(largest)


def main():
    options = parser_of(__doc__, "calibration", 30, "each table").parse_args()
    build = options.build.resolve() / "bench"
    native, generic = (Ours(build / f"compare_{name}.so") for name in ("native", "generic"))
    n_rows = 14_292 if options.quick else 142_928
    tables, ratios = {}, {}
    for kind in ("continuous", "double"):
        scores, labels = samples.make_sample(n_rows, 30, kind)
        inner = np.clip(scores.astype(np.float64), 2.0**-53, 1 - 2.0**-53)
        logits = (1.5 * np.log(inner / (1 - inner))).astype(scores.dtype)
        for work, data, peer_name, peer in [("isotonic", scores, "scikit-learn", isotonic_by_scikit_learn),
                                            ("temperature", logits, "SciPy", temperature_by_scipy)]:
            def ours(library, threads):
                return lambda: getattr(library, work)(data, labels, threads)

            calls = {peer_name: lambda: peer(data, labels), "cxrlt, 1 thread": ours(native, 1),
                     "cxrlt, 2 threads": ours(native, 2), "cxrlt -O2, 1 thread": ours(generic, 1)}
            times, results = alternate(calls, options.seconds)
            if work == "isotonic":
                # In float32 scikit-learn takes scores less than 1e-6 apart for one: compare in double.
                exact = peer(data.astype(np.float64), labels) if kind == "continuous" else results[peer_name]
                difference = largest_difference(results["cxrlt, 1 thread"], exact, data)
                tolerance = 1e-12
            else:
                difference = abs(results["cxrlt, 1 thread"] - results[peer_name])
                tolerance = 1e-6  # where the bounded search ends
            if difference > tolerance:
                sys.exit(f"{work} of {kind}: cxrlt and {peer_name} differ by {difference}")
            title = f"{work}, {n_rows:,} x 30 {data.dtype.name}"
            medians = {name: statistics.median(values) for name, values in times.items()}
            tables[title] = {"seconds": times, "medians": medians, "difference": difference}
            print(f"\n{title}; results differ by at most {difference:.1e}\n")
            print("| | median, ms | " + peer_name + " over it |\n|---|--:|--:|")
            for name, median in medians.items():
                print(f"| {name} | {1e3 * median:.1f} | {medians[peer_name] / median:.1f} |")
            for goal, dividend, divisor, floor, aim in GOALS:
                if goal == work and kind == "continuous":
                    ratio = medians[dividend] / medians[divisor]
                    ratios[goal] = {"ratio": ratio, "floor": floor, "aim": aim, "met": ratio >= floor}
    scores, labels = samples.make_sample(n_rows, 30, "continuous")
    calls = {work: lambda work=work: native.per_class(work, scores, labels) for work in ("count", "thresholds")}
    times, results = alternate(calls, options.seconds, most=200)
    if not np.array_equal(results["thresholds"], best_thresholds(scores, labels)):
        sys.exit("thresholds: cxrlt and NumPy differ")
    medians = {name: statistics.median(values) for name, values in times.items()}
    tables["thresholds"] = {"seconds": times, "medians": medians, "difference": 0}
    cost = medians["thresholds"] / medians["count"]
    ratios["thresholds"] = {"ratio": cost, "limit": THRESHOLDS_LIMIT, "met": cost <= THRESHOLDS_LIMIT}
    print(f"\nbest F1 thresholds of 30 classes, {n_rows:,} rows float32, one thread: counting {1e3 * medians['count']:.2f} ms, "
          f"with thresholds {1e3 * medians['thresholds']:.2f} ms\n")
    for goal, entry in ratios.items():
        bound = f"floor {entry['floor']}, aim {entry['aim']}" if "floor" in entry else f"limit {entry['limit']}"
        print(f"{goal}: {entry['ratio']:.3g} x, {bound}")
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    path = options.json or options.build / "calibration.json"
    path.write_text(json.dumps({"quick": options.quick, "versions": versions, "tables": tables, "goals": ratios},
                               indent=1) + "\n", encoding="utf-8")
    print(f"written to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
