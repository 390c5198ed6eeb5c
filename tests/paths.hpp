// SPDX-License-Identifier: Apache-2.0
/// Where things lie. Only `paths.cpp` is compiled with these names, so that a compiler cache knows
/// the other tests again wherever the sources are.
#pragma once

#include <string>

/// The folder `tests` of the sources.
std::string tests_folder();

/// The program; "" where it is not built.
std::string program_path();
