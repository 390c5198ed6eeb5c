# SPDX-License-Identifier: Apache-2.0
"""The options that comparisons of one kind of work share."""

import argparse
import pathlib


def parser_of(about, name, seconds, what):
    """For a script whose docstring begins with `about`, which spends `seconds` on `what` and writes NAME.json."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build folder of the preset bench")
    parser.add_argument("--seconds", type=float, default=seconds, help=f"for {what}, though at least three rounds")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows: not for quoting")
    parser.add_argument("--json", type=pathlib.Path, help=f"where the figures go, default BUILD/{name}.json")
    return parser
