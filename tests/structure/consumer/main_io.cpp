// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/io.hpp>
#include <iostream>

int main() { std::cout << "cxrlt " << cxrlt::version << '\n'; }
