#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes uncertainty.hpp: AUROC variances by their definitions (all pairs), tests and adjustments by statsmodels.

Usage: tests/golden/generate_uncertainty.py > tests/golden/uncertainty.hpp
"""

import platform

import numpy as np
import scipy
import statsmodels
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests


def placements(scores, labels):
    """V of the positives and W of the negatives, from all pairs."""
    x, y = scores[labels == 1], scores[labels == 0]
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def obuchowski(a, b, labels, clusters):
    """The covariance of two AUROCs: Obuchowski 1997, equations of S10, S01 and S11."""
    m, n = (labels == 1).sum(), (labels == 0).sum()
    sums = {}
    for name, scores in (("a", a), ("b", b)):
        v, w = placements(scores, labels)
        theta = v.mean()
        x = {c: (v[clusters[labels == 1] == c] - theta).sum() for c in set(clusters)}
        y = {c: (w[clusters[labels == 0] == c] - theta).sum() for c in set(clusters)}
        sums[name] = (x, y)
    every = sorted(set(clusters))
    i10 = len(set(clusters[labels == 1]))
    i01 = len(set(clusters[labels == 0]))
    i = len(every)
    (xa, ya), (xb, yb) = sums["a"], sums["b"]
    s10 = i10 / ((i10 - 1) * m) * sum(xa[c] * xb[c] for c in every)
    s01 = i01 / ((i01 - 1) * n) * sum(ya[c] * yb[c] for c in every)
    s11 = i / (i - 1) * sum(xa[c] * yb[c] for c in every)
    s11 += i / (i - 1) * sum(xb[c] * ya[c] for c in every)
    return s10 / m + s01 / n + s11 / (m * n)


def newcombe(theta, m, n, level):
    z = norm.isf((1 - level) / 2)
    k = (m + n) / 2 - 1
    def gap(t):
        v = t * (1 - t) * (1 + k * (1 - t) / (2 - t) + k * t / (1 + t)) / (m * n)
        return (t - theta) ** 2 - z * z * v
    tiny = 1e-15
    lower = brentq(gap, tiny, theta - tiny, xtol=1e-16, rtol=1e-14) if theta > 0 else 0
    upper = brentq(gap, theta + tiny, 1 - tiny, xtol=1e-16, rtol=1e-14) if theta < 1 else 1
    return lower, upper


def numbers(values):
    return ", ".join(repr(float(v)) if not float(v).is_integer() else str(int(v)) for v in values)


print(f"""// SPDX-License-Identifier: Apache-2.0
/// Written by generate_uncertainty.py with Python {platform.python_version()}, NumPy {np.__version__}, SciPy
/// {scipy.__version__}, statsmodels {statsmodels.__version__}.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace golden {{

/// Two models on the rows of one class: variances and covariance of their AUROCs by all pairs, with
/// every row its own cluster and with the given ones.
struct PairedAuroc {{
  std::vector<double> first, second;
  std::vector<int> labels;
  std::vector<std::size_t> clusters;
  double auroc_first, auroc_second;
  double variance_first, variance_second, covariance;
  double clustered_first, clustered_second, clustered_covariance;
}};

inline const std::vector<PairedAuroc> paired_aurocs{{""")
random = np.random.default_rng(20240501)
for n, n_values in ((6, 3), (9, 4), (14, 6), (20, 40), (31, 9)):
    labels = (random.random(n) < 0.45).astype(int)
    labels[:4] = (1, 0, 1, 0)
    first = random.integers(0, n_values, n) + labels
    second = random.integers(0, n_values, n) + 2 * labels
    clusters = random.integers(0, max(3, n // 2), n)
    clusters[:4] = (0, 1, 2, 2)
    own = np.arange(n)
    values = [placements(first, labels)[0].mean(), placements(second, labels)[0].mean()]
    for grouping in (own, clusters):
        values += [obuchowski(first, first, labels, grouping), obuchowski(second, second, labels, grouping),
                   obuchowski(first, second, labels, grouping)]
    v, w = placements(first, labels)
    assert np.isclose(values[2], v.var(ddof=1) / v.size + w.var(ddof=1) / w.size)
    lists = ", ".join("{" + numbers(row) + "}" for row in (first, second, labels, clusters))
    print(f"    {{{lists}, {numbers(values)}}},")
print("""};

/// Newcombe's interval of an AUROC, method 5, by root finding.
struct NewcombeInterval {
  double auroc, n_positive, n_negative, level, lower, upper;
};

inline constexpr std::array newcombe_intervals{""")
for row in ((1, 1, 1, 0.95), (1, 5, 100, 0.95), (0, 5, 100, 0.9), (0.5, 3, 7, 0.95), (0.9, 1, 40, 0.99), (0.73, 41, 72, 0.95)):
    print(f"    NewcombeInterval{{{numbers([*row, *newcombe(*row)])}}},")
print("""};

/// McNemar's test of b and c rows: p-values exact, asymptotic, with continuity correction.
struct McnemarValues {
  unsigned b, c;
  double exact, asymptotic, corrected;
};

inline constexpr std::array mcnemar_values{""")
for b, c in ((1, 0), (5, 1), (3, 3), (12, 2), (0, 9), (40, 61), (300, 251)):
    table = [[0, b], [c, 0]]
    values = [mcnemar(table, exact=True).pvalue, mcnemar(table, exact=False, correction=False).pvalue,
              mcnemar(table, exact=False, correction=True).pvalue]
    print(f"    McnemarValues{{{b}, {c}, {numbers(values)}}},")
print("""};

/// Cohen's kappa of a table (both, only the second, only the first, neither) with its variance.
struct KappaValues {
  unsigned tp, fp, fn, tn;
  double kappa, variance;
};

inline constexpr std::array kappa_values{""")
for tp, fp, fn, tn in ((20, 5, 10, 15), (3, 1, 0, 96), (1, 7, 9, 2), (40, 0, 3, 757), (2, 2, 3, 2)):
    result = cohens_kappa(np.array([[tp, fn], [fp, tn]]))
    print(f"    KappaValues{{{tp}, {fp}, {fn}, {tn}, {numbers([result.kappa, result.var_kappa])}}},")
print("""};

/// p-values with their adjustments.
struct AdjustedValues {
  std::vector<double> p, holm, benjamini_hochberg;
};

inline const std::vector<AdjustedValues> adjusted_values{""")
for n in (1, 3, 8, 14):
    p = np.round(random.random(n) ** 3, 3)
    if n > 3:
        p[n // 2] = p[0]
    values = [p, multipletests(p, method="holm")[1], multipletests(p, method="fdr_bh")[1]]
    print("    {" + ", ".join("{" + numbers(v) + "}" for v in values) + "},")
print("""};

}  // namespace golden""")
