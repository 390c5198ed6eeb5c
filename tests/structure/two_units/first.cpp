// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io.hpp"

const char* version_seen_by_the_second_unit();

int main() { return version_seen_by_the_second_unit() == cxrlt::version ? 0 : 1; }
