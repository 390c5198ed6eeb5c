// SPDX-License-Identifier: Apache-2.0
// The stage for devices, with the host in the device's place.
#include "device_stage.cu"
