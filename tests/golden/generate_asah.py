#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes asah.hpp: the order of two scores of 113 patients, which is all that an AUROC needs.

Usage: tests/golden/generate_asah.py aSAH.csv > tests/golden/asah.hpp

aSAH.csv is the data set aSAH of the R package pROC (1.18.0) as a table with the columns outcome, wfns and s100b, in the
order of its rows. The package is under the GPL, version 3 or later; of its data only the facts named here are kept,
none of its code.
"""

import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
levels = sorted({float(row["s100b"]) for row in rows})


def lines(values):
    text = [str(value) for value in values]
    return ",\n    ".join(", ".join(text[k : k + 24]) for k in range(0, len(text), 24))


print(f"""// SPDX-License-Identifier: Apache-2.0
/// {len(rows)} patients with a subarachnoid haemorrhage: outcome (1: poor), grade of the World Federation of
/// Neurological Surgeons, and the place of S100 beta among its distinct values. Facts from N. Turck et al., "A
/// multiparameter panel method for outcome prediction following aneurysmal subarachnoid hemorrhage", Intensive Care
/// Medicine 36 (2010), which the R package pROC documents its tests with. Written by generate_asah.py.
#pragma once

#include <array>

namespace golden {{

inline constexpr std::array<signed char, {len(rows)}> asah_poor{{
    {lines(int(row["outcome"] == "Poor") for row in rows)}}};

inline constexpr std::array<double, {len(rows)}> asah_wfns{{
    {lines(int(row["wfns"]) for row in rows)}}};

inline constexpr std::array<double, {len(rows)}> asah_s100b{{
    {lines(levels.index(float(row["s100b"])) for row in rows)}}};

}}  // namespace golden""")
