#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores two CSV files by the program cxrlt: python_report.py CXRLT PREDICTIONS TRUTH."""
import json
import subprocess
import sys

program, predictions, truth = sys.argv[1:]
command = [program, "score", predictions, "--truth", truth, "--format", "json"]
done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
if done.returncode != 0:
    sys.exit(done.returncode)  # the program has said why
report = json.loads(done.stdout)
macro = report["macro"]["average_precision"]
print(f"macro AP {macro['value']:.3f} over {macro['n_defined']} of {macro['n_classes']} classes")
for one in report["classes"]:
    ap = one["average_precision"]
    print(f"{one['name']:10}", ap.get("undefined") or f"{ap['value']:.3f}")
