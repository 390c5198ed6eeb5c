// SPDX-License-Identifier: Apache-2.0
/// Upper tails of binomial counts: n, k, p and P(X >= k), to the nearest double. Written by
/// generate_binomial.py with exact fractions, Python 3.11.7.
#pragma once

#include <array>

namespace golden {

struct BinomialTail {
  unsigned n;
  unsigned k;
  double p;
  double tail;
};

inline constexpr std::array<BinomialTail, 18> binomial_tails{{
    {22, 22, 0.9, 0.09847709021836118},
    {29, 29, 0.9, 0.047101286972462485},
    {29, 28, 0.9, 0.1988721005503971},
    {46, 45, 0.9, 0.048003799624482466},
    {100, 96, 0.9, 0.023711082663476803},
    {100, 90, 0.9, 0.5831555122664921},
    {100, 70, 0.9, 0.9999999939529616},
    {5, 1, 0.25, 0.7626953125},
    {5, 4, 0.25, 0.015625},
    {40, 39, 0.01, 3.961000000000003e-77},
    {1000, 950, 0.9, 5.995167632379695e-09},
    {1000, 880, 0.9, 0.98274276947338},
    {1000, 40, 0.03, 0.04373437893478392},
    {3000, 1600, 0.5, 0.00013928198051961686},
    {3000, 1500, 0.5, 0.5072830492578979},
    {3000, 2990, 0.99, 2.0865821286143413e-05},
    {2000, 2000, 0.75, 1.3259488879096076e-250},
    {4000, 3100, 0.75, 0.00012011188620348408},
}};

}  // namespace golden
