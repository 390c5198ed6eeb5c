#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes scikit_learn.hpp beside this file: small data sets and what scikit-learn, SciPy and plain
exact arithmetic make of them. Run it in an environment with scikit-learn and SciPy; the versions
used stand in the header that it writes. The tests read only that header."""

import pathlib
import warnings
from fractions import Fraction

import numpy as np
import scipy
import scipy.stats
import sklearn
from sklearn import metrics

warnings.simplefilter("ignore")


def data_sets():
    """Name, scores, labels, weights. Every class has both labels, except in `absent`."""
    rng = np.random.default_rng(20260801)

    def labels(n, prevalences):
        y = (rng.random((n, len(prevalences))) < np.array(prevalences)).astype(int)
        for c in range(y.shape[1]):
            y[rng.integers(n), c] = 1
            y[(np.argmax(y[:, c]) + 1) % n, c] = 0
        return y

    def scores(y, grid):
        z = 1.2 * y + rng.normal(size=y.shape) - 1
        p = 1 / (1 + np.exp(-z))
        return np.round(p * grid) / grid if grid else p

    y = labels(60, [0.5, 0.2, 0.1, 0.03, 0.3])
    yield "ties", scores(y, 20), y, rng.integers(0, 4, 60).astype(float)
    y = labels(40, [0.5, 0.1, 0.05])
    yield "distinct", scores(y, 0), y, rng.exponential(size=40)
    y = labels(30, [0.6, 0.4, 0.5, 0.2, 0.7, 0.5])
    y[3, :] = y[11, :] = y[20, :] = 0
    y[5, :] = y[17, :] = 1
    p = scores(y, 4)
    p[11, :] = 0.25
    w = rng.integers(0, 8, 30) / 4
    yield "coarse", p, y, w
    y = labels(50, [0.3, 0.1, 0.2, 0.1])
    y[:, 1] = 0
    y[:, 3] = 0
    p = scores(y, 10)
    p[:, 3] = 0.1
    yield "absent", p, y, np.ones(50)


def share(numerator, denominator):
    return float(Fraction(numerator) / Fraction(denominator)) if denominator else float("nan")


def best_f1(y, s, w):
    """The highest F1 over all distinct scores and the highest score that attains it, exactly."""
    best, threshold = Fraction(-1), None
    y = [int(v) for v in y]
    w = [Fraction(float(v)) for v in w]
    for t in sorted(set(s), reverse=True):
        tp = sum(wi for wi, yi, si in zip(w, y, s) if yi and si >= t)
        predicted = sum(wi for wi, si in zip(w, s) if si >= t)
        positive = sum(wi for wi, yi in zip(w, y) if yi)
        if predicted + positive and 2 * tp / (predicted + positive) > best:
            best, threshold = 2 * tp / (predicted + positive), t
    return float(best), float(threshold)


def bins_error(groups):
    """Mean and largest gap of [(weight, weight * p, weight * y)], exactly."""
    groups = [g for g in groups if g[0]]
    total = sum(g[0] for g in groups)
    gaps = [abs(g[2] - g[1]) / g[0] for g in groups]
    return float(sum(g[0] * gap for g, gap in zip(groups, gaps)) / total), float(max(gaps))


def calibration(y, p, w, n_bins):
    """ECE, MCE, ECE of correctness over [k/n, (k+1)/n) with the last closed, edges as doubles; ECE
    over equal masses: a group of equal p goes to bin floor(n (weight below + half its own) / all)."""
    edges = [k / n_bins for k in range(n_bins + 1)]

    def of(target):
        groups = [[Fraction(0)] * 3 for _ in range(n_bins)]
        for yi, pi, wi in zip(target, p, w):
            k = max(j for j in range(n_bins) if edges[j] <= pi)
            wi = Fraction(float(wi))
            for i, v in enumerate((wi, wi * Fraction(float(pi)), wi * int(yi))):
                groups[k][i] += v
        return bins_error(groups)

    total = sum(Fraction(float(v)) for v in w)
    below, mass = Fraction(0), [[Fraction(0)] * 3 for _ in range(n_bins)]
    for value in sorted(set(p)):
        rows = [i for i in range(len(p)) if p[i] == value]
        weight = sum(Fraction(float(w[i])) for i in rows)
        if not weight:
            continue
        k = int(n_bins * (below + weight / 2) / total)
        mass[k][0] += weight
        mass[k][1] += weight * Fraction(float(value))
        mass[k][2] += sum(Fraction(float(w[i])) * int(y[i]) for i in rows)
        below += weight
    ece, mce = of(y)
    correct, _ = of([(pi >= 0.5) == bool(yi) for yi, pi in zip(y, p)])
    return ece, mce, correct, bins_error(mass)[0]


CLASS_FIELDS = ["average_precision", "auroc", "partial_auroc_01", "partial_auroc_03", "best_f1",
                "best_threshold", "f1", "f_beta_2", "precision", "recall", "specificity", "npv",
                "mcc", "balanced_accuracy", "kappa", "jaccard", "brier", "log_loss", "ece", "mce",
                "ece_correctness", "ece_mass"]


def class_values(y, s, w):
    d = (s >= 0.5).astype(int)
    a = dict(sample_weight=w)
    return [
        metrics.average_precision_score(y, s, **a),
        metrics.roc_auc_score(y, s, **a),
        metrics.roc_auc_score(y, s, max_fpr=0.1, **a),
        metrics.roc_auc_score(y, s, max_fpr=0.3, **a),
        *best_f1(y, s, w),
        metrics.f1_score(y, d, **a),
        metrics.fbeta_score(y, d, beta=2, **a),
        metrics.precision_score(y, d, zero_division=np.nan, **a),
        metrics.recall_score(y, d, **a),
        metrics.recall_score(y, d, pos_label=0, **a),
        metrics.precision_score(y, d, pos_label=0, zero_division=np.nan, **a),
        metrics.matthews_corrcoef(y, d, **a) if 0 < np.sum(w * d) < np.sum(w) else float("nan"),
        metrics.balanced_accuracy_score(y, d, **a),
        metrics.cohen_kappa_score(y, d, **a),
        metrics.jaccard_score(y, d, **a),
        metrics.brier_score_loss(y, s, **a),
        metrics.log_loss(y, s, labels=[0, 1], **a),
        *calibration(y, s, w, 15),
    ]


ROW_FIELDS = ["micro_average_precision", "micro_auroc", "micro_f1", "lrap", "coverage_error",
              "ranking_loss", "exact_match", "hamming_loss", "samples_f1", "samples_jaccard",
              "samples_precision", "samples_recall"]


def row_values(y, s, w):
    d = (s >= 0.5).astype(int)
    a = dict(sample_weight=w)
    # Rows with nothing to find and nothing predicted count 1; otherwise x / 0 counts 0.
    empty = (y.sum(1) == 0) & (d.sum(1) == 0)

    def samples(score):
        value = score(y[~empty], d[~empty], average="samples", zero_division=0,
                      sample_weight=w[~empty])
        return (value * w[~empty].sum() + w[empty].sum()) / w.sum()

    return [
        metrics.average_precision_score(y, s, average="micro", **a),
        metrics.roc_auc_score(y, s, average="micro", **a),
        metrics.f1_score(y, d, average="micro", **a),
        metrics.label_ranking_average_precision_score(y, s, **a),
        metrics.coverage_error(y, s, **a),
        metrics.label_ranking_loss(y, s, **a),
        metrics.accuracy_score(y, d, **a),
        metrics.hamming_loss(y, d, **a),
        samples(metrics.f1_score), samples(metrics.jaccard_score),
        samples(metrics.precision_score), samples(metrics.recall_score),
    ]


def poisson():
    for observed in (0, 1, 2, 3, 7, 30, 100, 1000, 50000, 1000000):
        for level in (0.5, 0.9, 0.95, 0.999):
            tail = (1 - level) / 2
            lower = scipy.stats.chi2.ppf(tail, 2 * observed) / 2 if observed else 0.0
            yield observed, level, lower, scipy.stats.chi2.isf(tail, 2 * observed + 2) / 2


def number(value):
    value = float(value)
    return "kNone" if np.isnan(value) else repr(value)


def braces(values, form=number):
    return "{" + ", ".join(form(v) for v in np.asarray(values).ravel()) + "}"


def main():
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        "// Written by generate.py with "
        f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}.",
        "// clang-format off",
        "#pragma once",
        "",
        "#include <cstdint>",
        "#include <limits>",
        "#include <string_view>",
        "#include <vector>",
        "",
        "namespace golden {",
        "",
        "/// Stands for a value that does not exist.",
        "inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();",
        "",
        "struct ClassValues {",
        *[f"  double {name};" for name in CLASS_FIELDS],
        "};",
        "",
        "struct RowValues {",
        *[f"  double {name};" for name in ROW_FIELDS],
        "};",
        "",
        "/// Row-major n_samples x n_classes; `plain` with equal weights, `weighted` with `weights`.",
        "struct DataSet {",
        "  std::string_view name;",
        "  std::size_t n_samples;",
        "  std::size_t n_classes;",
        "  std::vector<double> scores;",
        "  std::vector<std::int8_t> labels;",
        "  std::vector<double> weights;",
        "  std::vector<ClassValues> plain;",
        "  std::vector<ClassValues> weighted;",
        "  RowValues plain_rows;",
        "  RowValues weighted_rows;",
        "};",
        "",
    ]
    sets, absent = [], None
    for name, s, y, w in data_sets():
        if name == "absent":
            absent = (s, y)
            continue
        one = np.ones(len(w))
        columns = [(y[:, c], s[:, c]) for c in range(y.shape[1])]
        sets.append("    {" + ",\n     ".join([
            f'"{name}", {y.shape[0]}, {y.shape[1]}', braces(s), braces(y, str), braces(w),
            "{" + ",\n      ".join(braces(class_values(a, b, one)) for a, b in columns) + "}",
            "{" + ",\n      ".join(braces(class_values(a, b, w)) for a, b in columns) + "}",
            braces(row_values(y, s, one)), braces(row_values(y, s, w)),
        ]) + "}")
    out += ["inline const std::vector<DataSet> data_sets = {", ",\n".join(sets) + "};", ""]

    s, y = absent
    d = (s >= 0.5).astype(int)
    macro = [metrics.average_precision_score(y, s, average="macro"),
             np.nanmean([metrics.roc_auc_score(y[:, c], s[:, c]) if y[:, c].any() else np.nan
                         for c in range(y.shape[1])]),
             metrics.f1_score(y, d, average="macro", zero_division=0)]
    out += [
        "/// Classes 1 and 3 have no positive; scikit-learn's macro averages (AUROC: of the defined).",
        "struct Absent {", "  std::size_t n_samples;", "  std::size_t n_classes;",
        "  std::vector<double> scores;", "  std::vector<std::int8_t> labels;",
        "  double average_precision;", "  double auroc;", "  double f1;", "};",
        "inline const Absent absent = {" + ",\n    ".join(
            [f"{y.shape[0]}, {y.shape[1]}", braces(s), braces(y, str), *map(number, macro)]) + "};",
        "",
        "/// Exact limits of a Poisson mean by SciPy's chi-square quantiles.",
        "struct PoissonLimits {", "  std::uint64_t observed;", "  double level;", "  double lower;",
        "  double upper;", "};",
        "inline const std::vector<PoissonLimits> poisson_limits = {",
        ",\n".join(f"    {{{o}, {v}, {number(lo)}, {number(hi)}}}" for o, v, lo, hi in poisson())
        + "};",
        "", "}  // namespace golden",
    ]
    pathlib.Path(__file__).with_name("scikit_learn.hpp").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
