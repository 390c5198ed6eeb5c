// SPDX-License-Identifier: Apache-2.0
/// Everything, files and reports included.
#pragma once

#include "cxrlt/cxrlt.hpp"
