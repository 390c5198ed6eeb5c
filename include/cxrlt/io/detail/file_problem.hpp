// SPDX-License-Identifier: Apache-2.0
/// Problems of whole files.
#pragma once

#include <string>
#include <utility>

#include "cxrlt/core/problem.hpp"

namespace cxrlt::detail {

/// An error about a file as a whole.
inline Problem file_problem(const std::string& file, const char* code, std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = file;
  problem.message = std::move(message);
  return problem;
}

}  // namespace cxrlt::detail
