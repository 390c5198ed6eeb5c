// SPDX-License-Identifier: Apache-2.0
/// 113 patients with a subarachnoid haemorrhage: outcome (1: poor), grade of the World Federation
/// of Neurological Surgeons, and the place of S100 beta among its distinct values. Facts from N.
/// Turck et al., "A multiparameter panel method for outcome prediction following aneurysmal
/// subarachnoid hemorrhage", Intensive Care Medicine 36 (2010), which the R package pROC documents
/// its tests with. Written by generate_asah.py.
#pragma once

#include <array>

namespace golden {

inline constexpr std::array<signed char, 113> asah_poor{
    0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0,
    1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0};

inline constexpr std::array<double, 113> asah_wfns{
    1, 1, 1, 1, 3, 2, 5, 4, 1, 2, 5, 2, 5, 5, 1, 2, 5, 2, 2, 5, 2, 1, 1, 1, 1, 2, 1, 2, 1,
    1, 3, 4, 2, 1, 4, 5, 4, 1, 4, 2, 5, 5, 1, 1, 2, 4, 1, 1, 2, 5, 5, 2, 1, 2, 5, 1, 2, 2,
    2, 1, 5, 1, 1, 2, 5, 2, 1, 4, 5, 2, 4, 4, 1, 4, 1, 2, 1, 4, 2, 1, 2, 3, 2, 4, 2, 1, 4,
    5, 1, 1, 5, 4, 2, 2, 1, 1, 1, 3, 1, 2, 5, 2, 2, 5, 5, 5, 2, 4, 4, 5, 1, 1, 1};

inline constexpr std::array<double, 113> asah_s100b{
    10, 11, 7,  1,  10, 7,  35, 13, 15, 7,  9,  7,  32, 43, 1,  5,  37, 1,  4,  26, 6, 6,  4,
    8,  4,  14, 4,  8,  10, 16, 2,  13, 30, 11, 27, 28, 36, 6,  48, 20, 38, 34, 13, 4, 31, 33,
    8,  5,  6,  47, 39, 5,  3,  10, 49, 7,  11, 12, 4,  3,  45, 2,  6,  24, 0,  6,  1, 18, 42,
    6,  22, 43, 5,  21, 5,  13, 6,  10, 7,  5,  8,  26, 8,  23, 4,  7,  25, 17, 4,  2, 19, 29,
    7,  12, 5,  11, 7,  4,  1,  16, 40, 11, 41, 25, 46, 44, 12, 35, 14, 32, 12, 38, 36};

}  // namespace golden
