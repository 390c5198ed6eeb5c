// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io.hpp"

const char* version_seen_by_the_second_unit();

const char* version_seen_by_the_second_unit() { return cxrlt::version; }
