# SPDX-License-Identifier: Apache-2.0
# Warnings for our own programs and tests; never linked by the library's targets.
add_library(cxrlt_warnings INTERFACE)
if(MSVC)
  set(cxrlt_warning_flags /W4 /permissive- /utf-8)
else()
  set(cxrlt_warning_flags -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
endif()
target_compile_options(cxrlt_warnings INTERFACE ${cxrlt_warning_flags})
