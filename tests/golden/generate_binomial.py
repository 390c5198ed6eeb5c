#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes binomial.hpp: upper tails of binomial counts, by exact fractions.

Usage: tests/golden/generate_binomial.py > tests/golden/binomial.hpp
"""

import math
import platform
from fractions import Fraction

CASES = [
    (22, 22, "0.9"), (29, 29, "0.9"), (29, 28, "0.9"), (46, 45, "0.9"), (100, 96, "0.9"), (100, 90, "0.9"),
    (100, 70, "0.9"), (5, 1, "0.25"), (5, 4, "0.25"), (40, 39, "0.01"), (1000, 950, "0.9"), (1000, 880, "0.9"),
    (1000, 40, "0.03"), (3000, 1600, "0.5"), (3000, 1500, "0.5"), (3000, 2990, "0.99"), (2000, 2000, "0.75"),
    (4000, 3100, "0.75"),
]


def tail(n, k, p):
    p = Fraction(p)
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


print(f"""// SPDX-License-Identifier: Apache-2.0
/// Upper tails of binomial counts: n, k, p and P(X >= k), to the nearest double. Written by
/// generate_binomial.py with exact fractions, Python {platform.python_version()}.
#pragma once

#include <array>

namespace golden {{

struct BinomialTail {{
  unsigned n;
  unsigned k;
  double p;
  double tail;
}};

inline constexpr std::array<BinomialTail, {len(CASES)}> binomial_tails{{{{""")
for n, k, p in CASES:
    # The tail of the double that is nearest to p, which is what the library is given.
    print(f"    {{{n}, {k}, {p}, {float(tail(n, k, float(p)))!r}}},")
print("""}};

}  // namespace golden""")
