// SPDX-License-Identifier: Apache-2.0
/// Written by generate_uncertainty.py with Python 3.11.7, NumPy 2.4.6, SciPy
/// 1.17.1, statsmodels 0.15.0.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace golden {

/// Two models on the rows of one class: variances and covariance of their AUROCs by all pairs, with
/// every row its own cluster and with the given ones.
struct PairedAuroc {
  std::vector<double> first, second;
  std::vector<int> labels;
  std::vector<std::size_t> clusters;
  double auroc_first, auroc_second;
  double variance_first, variance_second, covariance;
  double clustered_first, clustered_second, clustered_covariance;
};

inline const std::vector<PairedAuroc> paired_aurocs{
    {{3, 1, 1, 0, 3, 2},
     {4, 0, 2, 0, 4, 2},
     {1, 0, 1, 0, 1, 1},
     {0, 1, 2, 2, 2, 1},
     0.9375,
     1,
     0.0078125,
     0,
     0,
     0.001708984375,
     0,
     0},
    {{2, 0, 3, 2, 2, 2, 0, 1, 3},
     {4, 2, 4, 2, 2, 4, 0, 1, 2},
     {1, 0, 1, 0, 1, 1, 0, 0, 0},
     {0, 1, 2, 2, 2, 3, 3, 2, 0},
     0.75,
     0.925,
     0.0321875,
     0.0065625000000000015,
     0.004375,
     0.03390625,
     0.003514062500000003,
     -0.002984375000000002},
    {{4, 5, 6, 4, 2, 5, 5, 1, 6, 5, 0, 6, 2, 5},
     {4, 4, 6, 1, 3, 1, 4, 0, 5, 1, 1, 2, 4, 5},
     {1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0},
     {0, 1, 2, 2, 2, 3, 0, 0, 1, 0, 2, 3, 0, 5},
     0.8555555555555555,
     0.8111111111111111,
     0.012283950617283953,
     0.01339506172839506,
     0.0023765432098765433,
     0.01343081847279378,
     0.01332930955647005,
     0.006969730224051215},
    {{4, 14, 11, 24, 9, 16, 33, 7, 37, 25, 20, 24, 31, 12, 16, 5, 26, 32, 25, 17},
     {17, 18, 5, 9, 31, 39, 17, 26, 32, 1, 10, 1, 16, 4, 20, 38, 40, 10, 15, 37},
     {1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0},
     {0, 1, 2, 2, 2, 4, 4, 3, 6, 6, 5, 0, 6, 0, 2, 7, 6, 3, 7, 0},
     0.24500000000000002,
     0.53,
     0.013827777777777777,
     0.019022222222222218,
     0.000144444444444444,
     0.011546800000000001,
     0.009867657142857141,
     0.0031506285714285715},
    {{7, 7, 4, 0, 8, 5, 8, 5, 3, 6, 2, 5, 1, 8, 6, 0, 1, 7, 5, 6, 8, 1, 5, 3, 0, 6, 4, 3, 4, 1, 8},
     {2, 6, 8, 5, 2, 10, 5, 3, 6, 4, 1, 1, 5, 2, 2, 1, 8, 8, 2, 1, 7, 9, 7, 2, 1, 7, 7, 0, 7, 5, 8},
     {1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1},
     {0, 1, 2, 2, 7,  14, 8,  13, 8, 5, 6,  14, 6, 12, 6, 0,
      5, 3, 3, 3, 14, 12, 13, 14, 7, 7, 14, 8,  7, 10, 10},
     0.6458333333333333,
     0.7395833333333333,
     0.01126719576719577,
     0.008030299272486774,
     -1.4570932539682618e-05,
     0.015251348664597361,
     0.0044245850705404745,
     -0.002080147996896044},
};

/// Newcombe's interval of an AUROC, method 5, by root finding.
struct NewcombeInterval {
  double auroc, n_positive, n_negative, level, lower, upper;
};

inline constexpr std::array newcombe_intervals{
    NewcombeInterval{1, 1, 1, 0.95, 0.2065493143772374, 1},
    NewcombeInterval{1, 5, 100, 0.95, 0.800368050435888, 1},
    NewcombeInterval{0, 5, 100, 0.9, 0, 0.14463963120203338},
    NewcombeInterval{0.5, 3, 7, 0.95, 0.18959563751849842, 0.8104043624815026},
    NewcombeInterval{0.9, 1, 40, 0.99, 0.2539532565682296, 0.9949524816639758},
    NewcombeInterval{0.73, 41, 72, 0.95, 0.6229389343002785, 0.8128105901836461},
};

/// McNemar's test of b and c rows: p-values exact, asymptotic, with continuity correction.
struct McnemarValues {
  unsigned b, c;
  double exact, asymptotic, corrected;
};

inline constexpr std::array mcnemar_values{
    McnemarValues{1, 0, 1, 0.31731050786291115, 1},
    McnemarValues{5, 1, 0.21875, 0.10247043485974942, 0.22067136191984324},
    McnemarValues{3, 3, 1, 1, 0.6830913983096086},
    McnemarValues{12, 2, 0.012939453125, 0.007526315166457882, 0.016156931261181322},
    McnemarValues{0, 9, 0.00390625, 0.0026997960632601883, 0.007660761135179461},
    McnemarValues{40, 61, 0.046044066929342785, 0.03665571555141613, 0.04658274252301569},
    McnemarValues{300, 251, 0.04077065347549079, 0.036845653703805645, 0.04086779957623104},
};

/// Cohen's kappa of a table (both, only the second, only the first, neither) with its variance.
struct KappaValues {
  unsigned tp, fp, fn, tn;
  double kappa, variance;
};

inline constexpr std::array kappa_values{
    KappaValues{20, 5, 10, 15, 0.3999999999999999, 0.016127999999999997},
    KappaValues{3, 1, 0, 96, 0.8520710059171599, 0.021190080936034784},
    KappaValues{1, 7, 9, 2, -0.6703296703296701, 0.030312463466074677},
    KappaValues{40, 0, 3, 757, 0.9618805590851331, 0.0004818463746095806},
    KappaValues{2, 2, 3, 2, -0.09756097560975609, 0.10535922889444643},
};

/// p-values with their adjustments.
struct AdjustedValues {
  std::vector<double> p, holm, benjamini_hochberg;
};

inline const std::vector<AdjustedValues> adjusted_values{
    {{0.829}, {0.829}, {0.829}},
    {{0.034, 0.792, 0}, {0.068, 0.792, 0}, {0.051000000000000004, 0.792, 0}},
    {{0.116, 0.909, 0.084, 0.093, 0.116, 0.461, 0.17, 0.124},
     {0.6960000000000001, 0.922, 0.672, 0.672, 0.6960000000000001, 0.922, 0.6960000000000001,
      0.6960000000000001},
     {0.1984, 0.909, 0.1984, 0.1984, 0.1984, 0.5268571428571429, 0.22666666666666668, 0.1984}},
    {{0.321, 0.327, 0.022, 0.225, 0.887, 0.097, 0.099, 0.321, 0.616, 0.01, 0.619, 0.007, 0, 0.799},
     {1, 1, 0.242, 1, 1, 0.97, 0.97, 1, 1, 0.12, 1, 0.091, 0, 1},
     {0.4578, 0.4578, 0.077, 0.45, 0.887, 0.231, 0.231, 0.4578, 0.7221666666666667,
      0.04666666666666667, 0.7221666666666667, 0.04666666666666667, 0, 0.8604615384615385}},
};

}  // namespace golden
