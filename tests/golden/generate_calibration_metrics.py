#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes calibration_metrics.hpp beside this file: calibration metrics of small data sets by scikit-learn's
isotonic regression, statsmodels' GLM, SciPy's Poisson binomial distribution, and definitions in plain
NumPy and exact fractions. Run it in an environment with these; the versions used stand in the header that
it writes. The tests read only that header."""

import pathlib
from fractions import Fraction

import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr
from sklearn.isotonic import IsotonicRegression


def data_sets():
    """Name, probabilities, labels."""
    rng = np.random.default_rng(20261128)
    for name, n, scale, shift, digits in [("ties", 60, 1.0, 0.0, 1), ("distinct", 80, 2.0, 0.0, 0),
                                          ("rare", 150, 1.0, -4.0, 0), ("tail ties", 120, 1.0, -3.0, 2),
                                          ("timid", 50, 0.4, 0.5, 0)]:
        z = rng.normal(size=n) + shift
        p = expit(scale * (z - shift) + shift)
        p = np.round(p, digits) if digits else p
        y = (rng.random(n) < expit(z)).astype(int)
        y[np.argmin(p)], y[np.argmax(p)] = 1, 0  # so that nothing separates the labels
        yield name, p, y


def smoothed_total(p, residuals, sigma):
    """The integral of |F| by the primitive G of F between the roots of F, both as sums of images."""
    centres = np.concatenate([2 * k + s * p for k in range(-8, 9) for s in (1, -1)])
    masses = np.tile(residuals, 34)
    keep = (centres > -40 * sigma) & (centres < 1 + 40 * sigma)
    centres, masses = centres[keep], masses[keep]

    def density(t):
        return np.exp(-((t[:, None] - centres) / sigma) ** 2 / 2) @ masses

    def primitive(t):
        return ndtr((t[:, None] - centres) / sigma) @ masses

    grid = np.linspace(0, 1, int(60 / sigma) + 2)
    values = np.concatenate([density(part) for part in np.array_split(grid, max(1, len(grid) // 2000))])
    changes = np.nonzero((values[:-1] * values[1:] < 0) & (np.abs(values[:-1]) > 1e-12 * np.abs(values).max()))[0]
    roots = [brentq(lambda t: density(np.array([t]))[0], grid[i], grid[i + 1], xtol=1e-15) for i in changes]
    return np.sum(np.abs(np.diff(primitive(np.array([0, *roots, 1])))))


def smooth_ece(p, y):
    residuals = (y - p) / len(p)
    return brentq(lambda s: smoothed_total(p, residuals, s) - s, 1e-3, 1, xtol=1e-13, rtol=1e-13)


def equal_width(p, y, n):
    index = np.minimum(np.searchsorted([k / n for k in range(1, n)], p, side="right"), n - 1)
    return [(p[index == k], y[index == k]) for k in range(n) if np.any(index == k)]


def debiased_squared(p, y, n):
    bins = [(a, b) for a, b in equal_width(p, y, n) if len(a) > 1]
    used = sum(len(a) for a, _ in bins)
    return sum(len(a) / used * ((b.mean() - a.mean()) ** 2 - b.mean() * (1 - b.mean()) / (len(a) - 1))
               for a, b in bins)


def equal_mass(p, y, n):
    """Lists of (p, y), by exact fractions."""
    bins = {}
    for value in np.unique(p):
        below, own = int(np.sum(p < value)), int(np.sum(p == value))
        k = int(Fraction(2 * below + own, 2 * len(p)) * n)
        bins.setdefault(k, []).extend(zip(p[p == value], y[p == value]))
    return [bins[k] for k in sorted(bins)]


def sweep(p, y):
    """The number of bins that are not empty, and the ECE over them."""
    best = equal_mass(p, y, 1)
    for n in range(2, len(p) + 1):
        bins = equal_mass(p, y, n)
        rates = [Fraction(int(sum(b for _, b in one)), len(one)) for one in bins]
        if any(a > b for a, b in zip(rates, rates[1:])):
            break
        best = bins
    return len(best), sum(abs(sum(b - a for a, b in one)) for one in best) / len(p)


def murphy(p, y):
    rate = y.mean()
    parts = [(np.mean(p == v), v, y[p == v].mean()) for v in np.unique(p)]
    return sum(w * (v - r) ** 2 for w, v, r in parts), sum(w * (r - rate) ** 2 for w, v, r in parts)


def corp(p, y):
    fitted = IsotonicRegression().fit(p, y.astype(float)).predict(p)
    brier, recalibrated = np.mean((p - y) ** 2), np.mean((fitted - y) ** 2)
    return brier - recalibrated, y.mean() * (1 - y.mean()) - recalibrated


def slope(p, y):
    clipped = np.clip(p, 2.0**-52, 1 - 2.0**-52)
    z = logit(clipped)
    family = sm.families.Binomial()
    line = sm.GLM(y, np.column_stack([z, np.ones_like(z)]), family=family).fit(tol=1e-14, maxiter=200)
    shift = sm.GLM(y, np.ones((len(z), 1)), family=family, offset=z).fit(tol=1e-14, maxiter=200)
    return [line.params[0], line.bse[0], line.params[1], line.bse[1], shift.params[0], shift.bse[0]]


def bands(p, n, level):
    """Numbers of positives of the bins that are not empty: lower and upper."""
    ends = []
    for a, _ in equal_width(p, p, n):
        # Rows of probability 0 never count, rows of probability 1 always.
        distribution = scipy.stats.poisson_binom(a)
        k = np.arange(len(a) + 1)
        tail = (1 - level) / 2
        ends += [int(k[distribution.cdf(k) > tail][0]), int(k[distribution.sf(k - 1) > tail][-1])]
    return ends


def braces(values):
    return "{" + ", ".join(repr(v) for v in np.asarray(values).ravel().tolist()) + "}"


def main():
    rows = []
    for name, p, y in data_sets():
        n_sweep, error = sweep(p, y)
        rows.append("    {" + ",\n     ".join([
            f'"{name}"', braces(p), braces(y), repr(float(debiased_squared(p, y, 10))),
            f"{n_sweep}, {float(error)!r}", repr(float(smooth_ece(p, y))),
            ", ".join(repr(float(v)) for v in murphy(p, y)), ", ".join(repr(float(v)) for v in corp(p, y)),
            braces(slope(p, y)), braces(bands(p, 10, 0.9))]) + "}")
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Written by generate_calibration_metrics.py with scikit-learn {sklearn.__version__}, statsmodels "
        f"{statsmodels.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}.",
        "// clang-format off",
        "#pragma once",
        "",
        "#include <cstddef>",
        "#include <cstdint>",
        "#include <string_view>",
        "#include <vector>",
        "",
        "namespace golden {",
        "",
        "struct CalibrationMetrics {",
        "  std::string_view name;",
        "  std::vector<double> probabilities;",
        "  std::vector<std::int8_t> labels;",
        "  double debiased_squared;  ///< ten bins of equal width",
        "  std::size_t n_sweep_bins;",
        "  double ece_sweep;",
        "  double smooth_ece;",
        "  double reliability;",
        "  double resolution;",
        "  double miscalibration;",
        "  double discrimination;",
        "  std::vector<double> slope;       ///< slope, intercept, in the large, each with its standard error",
        "  std::vector<std::size_t> bands;  ///< lower and upper numbers at 0.9, of non-empty bins of ten",
        "};",
        "inline const std::vector<CalibrationMetrics> calibration_metrics = {", ",\n".join(rows) + "};",
        "",
        "}  // namespace golden",
    ]
    pathlib.Path(__file__).with_name("calibration_metrics.hpp").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
