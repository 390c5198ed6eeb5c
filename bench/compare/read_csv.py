# SPDX-License-Identifier: Apache-2.0
"""Reads a CSV by pandas, once, and prints as JSON what compare_read_csv prints.

Usage: read_csv.py [FILE]
"""

import json
import sys
import time

import pandas


def peak_memory():
    """The peak of resident memory in KiB, or 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except OSError:
        return 0


if len(sys.argv) < 2:
    print(json.dumps({"peak_kib": peak_memory()}))
    sys.exit()
begin = time.perf_counter()
table = pandas.read_csv(sys.argv[1])
seconds = time.perf_counter() - begin
peak = peak_memory()
scores = table.iloc[:, 1:]
total = sum(float(scores[name].sum()) for name in scores)
print(json.dumps({"seconds": seconds, "rows": len(table), "classes": scores.shape[1], "sum": total, "peak_kib": peak}))
