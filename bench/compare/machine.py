# SPDX-License-Identifier: Apache-2.0
"""What the figures were measured on. Standard library only; what a system does not tell is left out."""

import glob
import os
import pathlib
import platform
import re


def _read(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _caches():
    """`L1d 32K, L2 1024K, L3 32768K`, of the first core."""
    caches = []
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        kind = {"Data": "d", "Instruction": "i"}.get(_read(f"{folder}/type"), "")
        caches.append(f"L{_read(f'{folder}/level')}{kind} {_read(f'{folder}/size')}")
    return ", ".join(caches)


def describe():
    cpu = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.+)"$', _read("/etc/os-release"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB$", _read("/proc/meminfo"), re.MULTILINE)
    found = {
        "processor": cpu[1] if cpu else platform.processor(),
        "cores": str(os.cpu_count()),
        "caches": _caches(),
        "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "",
        "system": system[1] if system else platform.platform(),
        "kernel": platform.release(),
    }
    return {key: value for key, value in found.items() if value}


def load_average():
    return list(os.getloadavg()) if hasattr(os, "getloadavg") else []
