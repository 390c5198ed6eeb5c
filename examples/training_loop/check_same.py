#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains by two programs, the second with --device, and fails unless they come to the same values.

Usage: check_same.py PROGRAM PROGRAM
"""

import json
import pathlib
import subprocess
import sys
import tempfile

TOLERANCE = 1e-4  # sums in float may be formed in another order

SETTINGS = [
    ["--loss", "ldam-drw", "--hidden", "16", "--crt"],
    ["--loss", "db"],
    ["--loss", "asl", "--sampler", "square-root"],
]


def values_of(program, options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "values.json"
        subprocess.run([program, "--synthetic", "--rows", "3000", "--features", "24", "--epochs", "3", "--batch", "64",
                        "--rate", "0.01", "--quiet", "--json", path, *options], check=True, stdout=subprocess.DEVNULL)
        return json.loads(path.read_text(encoding="utf-8"))["validation"]


def main():
    host, device = sys.argv[1:]
    n_values = 0
    for options in SETTINGS:
        expected = values_of(host, options)
        found = values_of(device, [*options, "--device"])
        for group, values in expected.items():
            for name, value in values.items():
                other = found[group][name]
                n_values += 1
                if (value is None) != (other is None) or (value is not None and abs(value - other) > TOLERANCE):
                    sys.exit(f"{' '.join(options)}: {group} {name} is {other} on the device, {value} on the host")
    print(f"{n_values} values are the same")


if __name__ == "__main__":
    main()
