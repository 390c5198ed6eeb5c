// SPDX-License-Identifier: Apache-2.0
// Labels are bytes; a vector of int is not reinterpreted.
#include <cstdint>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"

#ifdef MISUSE
using Stored = int;
#else
using Stored = std::uint8_t;
#endif

auto first_label(const std::vector<Stored>& labels) {
  return cxrlt::LabelColumnView(labels)[0];
}
