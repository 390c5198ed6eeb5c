// SPDX-License-Identifier: Apache-2.0
/// Which device system Thrust was told to use. What depends on it lives in an inline namespace of
/// its name, so that units built for different systems may be linked into one program.
#pragma once

#include <thrust/device_ptr.h>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#define CXRLT_DEVICE_SYSTEM thrust_cuda
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
#define CXRLT_DEVICE_SYSTEM thrust_omp
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
#define CXRLT_DEVICE_SYSTEM thrust_cpp
#else
#error "cxrlt/cuda: THRUST_DEVICE_SYSTEM must be CUDA, OMP or CPP"
#endif
