// SPDX-License-Identifier: Apache-2.0
/// Everything but files and reports, which are in `cxrlt/io.hpp`.
#pragma once

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/count_classes.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/version.hpp"
