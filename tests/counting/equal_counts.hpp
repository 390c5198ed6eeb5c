// SPDX-License-Identifier: Apache-2.0
/// Comparing counts to the bit.
#pragma once

#include "cxrlt/counting/threshold_counts.hpp"
#include "support.hpp"

template <class Count>
void check_equal(const cxrlt::ThresholdCounts<Count>& a, const cxrlt::ThresholdCounts<Count>& b) {
  CHECK(a.threshold == b.threshold);
  CHECK(a.tp == b.tp);
  CHECK(a.fp == b.fp);
  CHECK(a.fp_above == b.fp_above);
  CHECK(a.n_positive == b.n_positive);
  CHECK(a.n_negative == b.n_negative);
}
