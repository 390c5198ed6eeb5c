#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes calibration.hpp beside this file: scikit-learn's isotonic regression on small data sets, and
the best inverse temperature by SciPy's Brent root of the gradient. Run it in an environment with both;
the versions used stand in the header that it writes. The tests read only that header."""

import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression


def isotonic_sets():
    """Name, scores, labels, queries."""
    rng = np.random.default_rng(20260802)
    for name, n, grid, slope in [("distinct", 60, 0, 1.0), ("ties", 80, 12, 1.0), ("coarse", 40, 4, 0.5),
                                 ("rare", 120, 0, 3.0), ("reversed", 30, 0, -1.0), ("sharp", 25, 0, 9.0)]:
        z = rng.normal(size=n)
        p = expit(z)
        p = np.round(p * grid) / grid if grid else p
        y = (rng.random(n) < expit(slope * z - (4 if name == "rare" else 0))).astype(int)
        y[0], y[1] = 0, 1
        queries = np.concatenate([[-0.5, 1.5], rng.random(20), rng.choice(p, 10)])
        yield name, p, y, queries


def temperature_sets():
    """Name, logits, labels: cells of all classes."""
    rng = np.random.default_rng(20260803)
    for name, n, scale, offset in [("overconfident", 300, 3.0, 0.0), ("too shy", 300, 0.3, 0.0),
                                   ("rare", 500, 1.5, -4.0)]:
        z = scale * rng.normal(size=n) + offset
        yield name, z, (rng.random(n) < expit(z / scale + offset / 4)).astype(int)


def braces(values, form=repr):
    return "{" + ", ".join(form(v) for v in np.asarray(values).ravel().tolist()) + "}"


def main():
    isotonic = []
    for name, p, y, queries in isotonic_sets():
        model = IsotonicRegression(out_of_bounds="clip").fit(p, y.astype(float))
        isotonic.append("    {" + ",\n     ".join(
            [f'"{name}"', braces(p), braces(y), braces(queries), braces(model.predict(p)),
             braces(model.predict(queries))]) + "}")
    temperature = []
    for name, z, y in temperature_sets():
        root = brentq(lambda b: np.sum((expit(b * z) - y) * z), 0, 100, xtol=1e-15, rtol=1e-15, maxiter=1000)
        temperature.append("    {" + ",\n     ".join([f'"{name}"', braces(z), braces(y), repr(float(root))]) + "}")
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Written by generate_calibration.py with scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, "
        f"NumPy {np.__version__}.",
        "// clang-format off",
        "#pragma once",
        "",
        "#include <cstdint>",
        "#include <string_view>",
        "#include <vector>",
        "",
        "namespace golden {",
        "",
        '/// IsotonicRegression(out_of_bounds="clip"): its values at the scores and at queries.',
        "struct Isotonic {",
        "  std::string_view name;",
        "  std::vector<double> scores;",
        "  std::vector<std::int8_t> labels;",
        "  std::vector<double> queries;",
        "  std::vector<double> at_scores;",
        "  std::vector<double> at_queries;",
        "};",
        "inline const std::vector<Isotonic> isotonic = {", ",\n".join(isotonic) + "};",
        "",
        "/// The root of sum (sigmoid(b z) - y) z by brentq.",
        "struct Temperature {",
        "  std::string_view name;",
        "  std::vector<double> logits;",
        "  std::vector<std::int8_t> labels;",
        "  double inverse_temperature;",
        "};",
        "inline const std::vector<Temperature> temperature = {", ",\n".join(temperature) + "};",
        "",
        "}  // namespace golden",
    ]
    pathlib.Path(__file__).with_name("calibration.hpp").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
