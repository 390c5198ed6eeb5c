# SPDX-License-Identifier: Apache-2.0
"""Fails if a ```cpp block of the README or the docs does not stand in a compiled example.

Usage: check_snippets.py SOURCE_FOLDER. Differences of white space do not count.
"""

import pathlib
import re
import sys


def words(text):
    return " ".join(text.split())


root = pathlib.Path(sys.argv[1])
examples = [words(path.read_text(encoding="utf-8")) for path in sorted(root.glob("examples/**/*.cpp"))]
pages = [page for page in [root / "README.md", *sorted(root.glob("docs/*.md"))] if page.exists()]
n_blocks = 0
strangers = []
for page in pages:
    text = page.read_text(encoding="utf-8")
    for block in re.finditer(r"^ *```cpp\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        n_blocks += 1
        if not any(words(block[1]) in example for example in examples):
            line = text.count("\n", 0, block.start()) + 1
            strangers.append(f"{page.relative_to(root)}:{line}: this block stands in no examples/*.cpp")
print("\n".join(strangers) or f"{n_blocks} code blocks of {len(pages)} pages stand in the examples")
sys.exit(1 if strangers else 0)
