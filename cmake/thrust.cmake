# SPDX-License-Identifier: Apache-2.0
# Where Thrust's headers are: with nvcc (CUDA's CCCL), or by themselves (Debian's libthrust-dev).
# Installed beside cxrltConfig.cmake too.
if(NOT CXRLT_THRUST_INCLUDE_DIR)
  find_program(CXRLT_NVCC nvcc HINTS ENV CUDACXX ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
  mark_as_advanced(CXRLT_NVCC)
  set(cxrlt_cuda_include)
  if(CXRLT_NVCC)
    file(REAL_PATH ${CXRLT_NVCC} cxrlt_nvcc)
    cmake_path(GET cxrlt_nvcc PARENT_PATH cxrlt_nvcc_folder)
    set(cxrlt_cuda_include ${cxrlt_nvcc_folder}/../include/cccl ${cxrlt_nvcc_folder}/../include)
  endif()
  find_path(CXRLT_THRUST_INCLUDE_DIR thrust/version.h HINTS ${cxrlt_cuda_include}
    DOC "The folder that holds thrust/version.h")
  mark_as_advanced(CXRLT_THRUST_INCLUDE_DIR)
endif()
