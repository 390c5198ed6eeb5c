// SPDX-License-Identifier: Apache-2.0
/// The one word of CUDA that headers of all rooms may use.
#pragma once

/// Marks a function that runs on the host and on a CUDA device. Nothing to compilers other than
/// nvcc.
#if defined(__CUDACC__)
#define CXRLT_HD __host__ __device__
#else
#define CXRLT_HD
#endif
