#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the speed of losses, value and gradient, with the same formulas in NumPy and with a plain copy, on the same
arrays in one process, round by round, and checks that the results agree.

Needs the modules compare_native and compare_generic of the preset bench:
  python3 bench/compare/losses.py --build build/bench
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

import samples
from arguments import parser_of
from rounds import alternate

# Speed of LDAM-DRW as a share of that of a copy of the logits into the gradient.
FLOOR, AIM = 0.12, 0.20
TOLERANCES = {"float32": 1e-5, "float64": 1e-12}


class Ours:
    """The library, in one of its builds."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.calibration_error.restype = ctypes.c_char_p

    def __call__(self, name, logits, labels, positives, gradient, threads):
        value = ctypes.c_double()
        function = getattr(self.library, f"loss_{logits.dtype.name}")
        if function(name.encode(), *(ctypes.c_void_p(array.ctypes.data) for array in (logits, labels, positives)),
                    ctypes.c_size_t(logits.shape[0]), ctypes.c_size_t(logits.shape[1]), ctypes.c_int(threads),
                    ctypes.c_void_p(gradient.ctypes.data), ctypes.byref(value)):
            raise RuntimeError(self.library.calibration_error().decode())
        return value.value


# In NumPy: losses of cells, and their derivatives by the logit. Each exponential is taken once.


def of_margins(m):
    """softplus(-m) and sigmoid(m), without overflow."""
    small = np.exp(-np.abs(m))
    return np.maximum(-m, 0) + np.log1p(small), np.where(m > 0, 1, small) / (1 + small)


def signs_of(y, z):
    return np.where(y, 1, -1).astype(z.dtype)


def bce(z, y, _):
    sign = signs_of(y, z)
    value, p = of_margins(sign * z)
    return value, sign * (p - 1)


def focal_of_margins(m):
    """gamma 2."""
    log_loss, p = of_margins(m)
    rest = 1 - p
    square = rest * rest
    return square * log_loss, -square * (rest + 2 * p * log_loss)


def focal(z, y, _):
    sign = signs_of(y, z)
    value, slope = focal_of_margins(sign * z)
    return value, sign * slope


def asymmetric(z, y, _):
    """gamma 0 for positives and 4 for negatives, shift 0.05."""
    log_loss, p = of_margins(z)
    shifted = np.maximum(p - z.dtype.type(0.05), 0)
    cube = shifted * shifted * shifted
    log_rest = np.log1p(-shifted)
    negative = -cube * shifted * log_rest
    slope = (cube * shifted / (1 - shifted) - 4 * cube * log_rest) * p * (1 - p)
    return np.where(y, log_loss, negative), np.where(y, p - 1, slope)


def ldam_drw(z, y, positives):
    """Scale 30, largest margin 0.5; positives weighted by the effective number, beta 0.9999, with mean 1."""
    margins = (0.5 * (positives.min() / positives) ** 0.25).astype(z.dtype)
    weights = 1 / -np.expm1(positives * np.log(0.9999))
    weights = (weights * len(weights) / weights.sum()).astype(z.dtype)
    scale = z.dtype.type(30)
    sign = signs_of(y, z)
    log_loss, p = of_margins(sign * scale * (z - y * margins))
    factor = np.where(y, weights, z.dtype.type(1))
    return factor * log_loss, factor * sign * scale * (p - 1)


def distribution_balanced(z, y, positives):
    """The defaults of COCO in the paper."""
    inverse = 1 / positives
    total = (y * inverse).sum(axis=1, keepdims=True)
    share = np.where(total > 0, inverse / np.where(total > 0, total, 1), 0)
    weight = (0.1 + 1 / (1 + np.exp(-10 * (share - 0.2)))).astype(z.dtype)
    negative_scale, kappa = z.dtype.type(2), 0.05
    u = z - (np.log(len(z) / positives - 1) * kappa / negative_scale).astype(z.dtype)
    value, slope = focal_of_margins(np.where(y, u, -negative_scale * u))
    factor = 2 * weight
    return factor * np.where(y, value, value / negative_scale), factor * np.where(y, slope, -slope)


LOSSES = {function.__name__: function for function in (bce, focal, asymmetric, ldam_drw, distribution_balanced)}


def mean_and_gradient(loss, logits, labels, positives):
    value, gradient = loss(logits, labels, positives)
    return value.mean(dtype=np.float64), gradient / logits.dtype.type(logits.size)


def check(ours, name, logits, labels, positives):
    """The largest difference of value and gradient from NumPy, in parts of the largest of each."""
    gradient = np.empty_like(logits)
    value = ours(name, logits, labels, positives, gradient, 1)
    peer_value, peer_gradient = mean_and_gradient(LOSSES[name], logits, labels.astype(bool), positives)
    difference = max(abs(value / peer_value - 1), np.abs(gradient - peer_gradient).max() / np.abs(peer_gradient).max())
    if difference > TOLERANCES[logits.dtype.name]:
        sys.exit(f"{name}, {logits.dtype.name}: cxrlt and NumPy differ by {difference}")
    return float(difference)


def main():
    options = parser_of(__doc__, "losses", 15, "each loss").parse_args()
    build = options.build.resolve() / "bench"
    native, generic = (Ours(build / f"compare_{name}.so") for name in ("native", "generic"))
    n_rows = 14_292 if options.quick else 142_928
    scores, labels = samples.make_sample(n_rows, 30, "double")
    positives = labels.sum(axis=0, dtype=np.uint64)
    exact = 0.1 * np.log(scores / (1 - scores))
    logits = exact.astype(np.float32)
    truth = labels.astype(bool)
    gradient = np.empty_like(logits)
    rows, table = [], {}
    for name, loss in LOSSES.items():
        differences = [check(native, name, data, labels, positives) for data in (logits, exact)]
        calls = {"copy": lambda: np.copyto(gradient, logits),
                 "NumPy": lambda loss=loss: mean_and_gradient(loss, logits, truth, positives),
                 "cxrlt, 1 thread": lambda name=name: native(name, logits, labels, positives, gradient, 1),
                 "cxrlt, 2 threads": lambda name=name: native(name, logits, labels, positives, gradient, 2),
                 "cxrlt -O2, 1 thread": lambda name=name: generic(name, logits, labels, positives, gradient, 1)}
        times, _ = alternate(calls, options.seconds, most=100)
        medians = {who: statistics.median(values) for who, values in times.items()}
        table[name] = {"seconds": times, "medians": medians, "differences": differences}
        ours = medians["cxrlt, 1 thread"]
        rows.append([name.replace("_", "-"), *(f"{1e3 * medians[who]:.1f}" for who in calls),
                     f"{medians['NumPy'] / ours:.1f} ×", f"{100 * medians['copy'] / ours:.0f} %",
                     f"{differences[0]:.0e}, {differences[1]:.0e}"])
    print(f"\nvalue and gradient, {n_rows:,} x 30 float32, ms\n")
    print("| | copy | NumPy | 1 thread | 2 threads | -O2, 1 thread | NumPy over 1 thread | of a copy's speed | "
          "differences, float32 and float64 |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    medians = table["ldam_drw"]["medians"]
    share = medians["copy"] / medians["cxrlt, 1 thread"]
    print(f"\nldam-drw: {share:.2f} of the speed of a copy, floor {FLOOR}, aim {AIM}")
    path = options.json or options.build / "losses.json"
    path.write_text(json.dumps({"quick": options.quick, "versions": {"numpy": np.__version__}, "tables": table,
                                "goals": {"ldam_drw": {"ratio": share, "floor": FLOOR, "aim": AIM,
                                                       "met": share >= FLOOR}}}, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
