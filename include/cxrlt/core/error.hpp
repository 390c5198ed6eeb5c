// SPDX-License-Identifier: Apache-2.0
/// The exceptions of the library. A value that does not exist is no error: see `MetricValue`.
#pragma once

#include <stdexcept>

namespace cxrlt {

/// The root of everything that the library throws.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A call that cannot be right: sizes that differ, a NaN score, a label outside {0, 1, missing}.
class InvalidArgument : public Error {
 public:
  using Error::Error;
};

}  // namespace cxrlt
