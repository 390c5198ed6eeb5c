# SPDX-License-Identifier: Apache-2.0
"""Runs the commands in the ```console blocks of the README and the docs, and compares their output.

Usage: check_console.py SOURCE_FOLDER PROGRAM. Commands begin with "$ cxrlt" and run, in the order of
the page, in a copy of examples/data. A line "..." in the output stands for any number of lines.
"""

import difflib
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def commands_of(block):
    """The command lines of a block, each with the lines of output that follow it."""
    commands = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line.rstrip())
    return commands


def fits(expected, actual):
    parts = [re.escape(line) + r"\n" if line != "..." else r"(?:.*\n)*?" for line in expected]
    return re.fullmatch("".join(parts), "".join(line + "\n" for line in actual)) is not None


def check(page, program, folder):
    n_commands = 0
    faults = []
    text = page.read_text(encoding="utf-8")
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for command, expected in commands_of(block[1]):
            n_commands += 1
            words = shlex.split(command)
            assert words[0] == "cxrlt", command
            done = subprocess.run([program, *words[1:]], cwd=folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
            actual = [line.rstrip() for line in done.stdout.splitlines()]
            if not fits(expected, actual):
                faults.append(f"{page.name}: $ {command}")
                faults += difflib.unified_diff(expected, actual, "page", "program", lineterm="")
    return n_commands, faults


root = pathlib.Path(sys.argv[1])
program = str(pathlib.Path(sys.argv[2]).resolve())
n_commands = 0
faults = []
for page in [root / "README.md", *sorted(root.glob("docs/*.md"))]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "data"
        shutil.copytree(root / "examples" / "data", folder)
        n, found = check(page, program, folder)
    n_commands += n
    faults += found
print("\n".join(faults) or f"{n_commands} commands print what the pages say")
sys.exit(1 if faults or n_commands == 0 else 0)
