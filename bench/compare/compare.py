# SPDX-License-Identifier: Apache-2.0
"""Compares the library's speed with scikit-learn's, NumPy's and others', in one run, and checks that they agree.

Everything that is compared takes turns, round by round, and only one process works at a time; what stands in one
table was timed on the same arrays in the same minutes. scripts/bench-compare prepares what this needs and runs it.
"""

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import goals
import machine
import measure
import plots
import report

MARKS = ("<!-- begin: written by scripts/bench-compare -->", "<!-- end: written by scripts/bench-compare -->")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build folder of the preset bench")
    parser.add_argument("--baseline", required=True, help="the Python that the goals are about")
    parser.add_argument("--current", required=True, help="a Python with current packages")
    parser.add_argument("--seconds", type=float, default=30, help="for each table, though at least three rounds")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, few rounds: not for quoting")
    parser.add_argument("--only", default="", help="comma-separated parts: " + ", ".join(measure.SECTIONS))
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go, default BUILD/compare.json")
    parser.add_argument("--write-docs", action="store_true", help="replace the figures and plots in docs/")
    return parser.parse_args()


def about(result):
    """The machine, the compilers, the packages, as a list."""
    lines = [f"- {result['date']}" + (", **a quick run, not for quoting**" if result["quick"] else ""),
             "- " + ", ".join(f"{key} {value}" for key, value in result["machine"].items()),
             "- load average " + ", ".join(f"{load:.2f}" for load in result["load_average"]["before"]) + " before and "
             + ", ".join(f"{load:.2f}" for load in result["load_average"]["after"]) + " after"]
    lines += [f"- cxrlt, {name}: {build}" for name, build in result["builds"].items()]
    for name, versions in result["environments"].items():
        lines.append(f"- {name}: " + ", ".join(f"{package} {version}" for package, version in versions.items()))
    return "\n".join(lines)


def markdown(result):
    """The page's figures: goals, every table, and the plots."""
    parts = [about(result), "### Goals", report.goals_table(goals.goals_of(result))]
    for section in result["sections"]:
        parts += [f"### {section['title']}", report.times_table(section["times"], section["reference"])]
        parts += [section["note"]] if section["note"] else []
    if result["plots"]:
        parts += ["### Growth"]
        parts += [f"![{plot['title']}](performance_{plot['name']}.svg)" for plot in result["plots"]]
    return "\n\n".join(parts) + "\n"


def write_docs(docs, text, plotted):
    page = docs / "performance.md"
    begin, end = MARKS
    old = page.read_text(encoding="utf-8")
    new, n = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: f"{begin}\n{text}{end}", old, flags=re.DOTALL)
    if n != 1:
        sys.exit(f"{page} should hold one pair of the lines {begin} and {end}")
    page.write_text(new, encoding="utf-8")
    for plot in plotted:
        svg = plots.line_chart(plot["title"], plot["x_label"], "time", plot["series"])
        (docs / f"performance_{plot['name']}.svg").write_text(svg, encoding="utf-8")


def main():
    options = arguments()
    root = pathlib.Path(__file__).resolve().parents[2]
    wanted = options.only.split(",") if options.only else list(measure.SECTIONS)
    if unknown := set(wanted) - set(measure.SECTIONS):
        sys.exit(f"--only: there is no {', '.join(sorted(unknown))}; there are {', '.join(measure.SECTIONS)}")
    before = machine.load_average()
    if before and before[0] > 0.5:
        print(f"the load average is {before[0]:.2f}: figures will be noisy", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="cxrlt_compare_") as scratch:
        bench = measure.Bench(options, pathlib.Path(scratch))
        try:
            for name in wanted:
                measure.SECTIONS[name](bench)
        finally:
            bench.close()
    result = {
        "date": datetime.date.today().isoformat(),
        "quick": options.quick,
        "machine": machine.describe(),
        "load_average": {"before": before, "after": machine.load_average()},
        "builds": bench.builds,
        "environments": bench.versions,
        "sections": bench.sections,
        "plots": bench.plots,
    }
    result["goals"] = goals.goals_of(result)
    text = markdown(result)
    path = options.json or options.build / "compare.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(text)
    print(f"written to {path}", file=sys.stderr)
    if options.write_docs:
        write_docs(root / "docs", text, bench.plots)


if __name__ == "__main__":
    main()
