#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes ensemble.hpp: combinations of models, views, gates and smoothing by NumPy and SciPy.

Usage: tests/golden/generate_ensemble.py > tests/golden/ensemble.hpp
"""

import platform

import numpy as np
import scipy
from scipy.special import expit, logit
from scipy.stats import rankdata, spearmanr

N_MODELS, N_ROWS, N_CLASSES = 3, 14, 3
LEAST = 2.0**-53
random = np.random.default_rng(2026)


def numbers(values):
    return ", ".join(np.format_float_positional(v, unique=True, trim="-") if 1e-4 < abs(v) < 1e6 or v == 0
                     else repr(float(v)) for v in np.asarray(values, dtype=float).ravel())


def average(terms, weights):
    """Over models; weights are one a model and class."""
    return np.einsum("mnk,mk->nk", terms, weights) / weights.sum(axis=0)


def ranks(models):
    return np.stack([np.stack([rankdata(m[:, k], method="average") for k in range(N_CLASSES)], axis=1) for m in models])


def combined(models, method, weights):
    if method == "mean":
        return average(models, weights)
    if method == "logit":
        return expit(average(logit(np.clip(models, LEAST, 1 - LEAST)), weights))
    if method == "geometric":
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.log(models)
        terms = np.where(weights[:, None, :] == 0, 0, terms)
        return np.exp(average(terms, weights))
    if method == "power:2":
        return np.sqrt(average(models**2, weights))
    if method == "power:-1.5":
        with np.errstate(divide="ignore"):
            return average(models**-1.5, weights) ** (-1 / 1.5)
    if method == "rank":
        return average(ranks(models), weights) / N_ROWS
    return {"median": np.median, "max": np.max}[method](models, axis=0)


# Few distinct values, so that there are ties, and 0 and 1 among them in one class.
models = np.round(random.beta(0.6, 1.2, (N_MODELS, N_ROWS, N_CLASSES)), 2)
models = np.clip(models, 0.01, 0.99)
models[0, 2, 1], models[1, 5, 1], models[2, 5, 1], models[0, 7, 1] = 0, 1, 1, 1
models[:, 3, 2] = models[:, 9, 2]

equal = np.ones((N_MODELS, N_CLASSES))
one_each = np.array([2.0, 1.0, 1.0])[:, None] * equal
per_class = np.array([[0.25, 1, 0], [0.5, 0, 3], [0.25, 2, 1]])

print(f"""// SPDX-License-Identifier: Apache-2.0
/// Written by generate_ensemble.py with Python {platform.python_version()}, NumPy {np.__version__}, SciPy
/// {scipy.__version__}.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace golden {{

inline constexpr std::size_t n_models = {N_MODELS};
inline constexpr std::size_t n_rows = {N_ROWS};
inline constexpr std::size_t n_classes = {N_CLASSES};

/// Model after model, row after row.
inline const std::vector<double> models{{{numbers(models)}}};

/// A combination, row after row.
struct Combined {{
  std::string method;
  std::vector<std::vector<double>> weights;  // none: equal ones
  std::vector<double> scores;
}};

inline const std::vector<Combined> combined{{""")
for method in ("mean", "logit", "geometric", "power:2", "power:-1.5", "rank", "median", "max"):
    ways = [("", equal), ("{2}, {1}, {1}", one_each),
            (", ".join("{" + numbers(w) + "}" for w in per_class), per_class)]
    for text, weights in ways[:1] if method in ("median", "max") else ways:
        print(f'    {{"{method}", {{{text}}}, {{{numbers(combined(models, method, weights))}}}}},')
print("};\n")

first = models[0]
study = np.array([0, 1, 0, 2, 2, 3, 1, 0, 2, 4, 4, 3, 2, 0])
views = ["PA", "LATERAL", "LL", "AP", "LATERAL", "", "pa", "PA", "LATERAL", "OBLIQUE", " AP ", "LL", "PA", "LATERAL"]
group = np.array([0 if v.strip().upper() in ("PA", "AP") else 1 if v in ("LATERAL", "LL") else 2 for v in views])
weight = np.array([7.0, 3.0, 5.0])
results = {"weighted": [], "mean": [], "group-means": [], "max": []}
for s in range(5):
    rows = study == s
    results["weighted"].append(np.average(first[rows], axis=0, weights=weight[group[rows]]))
    results["mean"].append(first[rows].mean(axis=0))
    here = sorted(set(group[rows]))
    means = np.array([first[rows & (group == g)].mean(axis=0) for g in here])
    results["group-means"].append(np.average(means, axis=0, weights=weight[here]))
    results["max"].append(first[rows].max(axis=0))
print(f"""/// The first model's rows as images of studies.
inline const std::vector<std::size_t> study_of{{{numbers(study)}}};
inline const std::vector<std::string> views{{{", ".join('"' + v + '"' for v in views)}}};

/// Scores of studies, study after study, with PA+AP 7, LATERAL+LL 3, other 5.
struct Viewed {{
  std::string method;
  std::vector<double> scores;
}};

inline const std::vector<Viewed> viewed{{""")
for name, values in results.items():
    print(f'    {{"{name}", {{{numbers(values)}}}}},')
print("};\n")

print("""/// The first model gated by its last class, its second one being an exception or not.
struct Gated {
  std::string gate;
  bool exception;
  std::vector<double> scores;
};

inline const std::vector<Gated> gated{""")
for gate, factor in (("power:0.5", lambda p: (1 - p) ** 0.5), ("power:2", lambda p: (1 - p) ** 2),
                     ("linear:0.4", lambda p: 1 - 0.4 * p), ("hard:0.3", lambda p: np.where(p >= 0.3, 0, 1))):
    for exception in (False, True):
        result = first.copy()
        for k in range(1 if exception else 2):
            result[:, k] *= factor(first[:, 2])
        print(f'    {{"{gate}", {"true" if exception else "false"}, {{{numbers(result)}}}}},')
print("};\n")

labels = (random.random((N_ROWS, N_CLASSES)) < 0.4).astype(int)
together = (labels.T @ labels).astype(float)
np.fill_diagonal(together, 0)
walk = together / together.sum(axis=1, keepdims=True)
print(f"""/// Labels of training rows, row after row, and the first model smoothed by 0.3 along them.
inline const std::vector<int> labels{{{numbers(labels)}}};
inline const std::vector<double> walk{{{numbers(walk)}}};
inline const std::vector<double> smoothed{{{numbers(0.7 * first + 0.3 * first @ walk)}}};

/// Spearman's correlation of the first two models in each class.
inline const std::vector<double> spearman{{{numbers([spearmanr(models[0][:, k], models[1][:, k]).statistic for k in range(N_CLASSES)])}}};

}}  // namespace golden""")
