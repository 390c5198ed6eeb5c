# SPDX-License-Identifier: Apache-2.0
"""Tests what bench/compare does with measured seconds: medians, ratios, verdicts, tables, plots. Times nothing.

Usage: check_compare.py SOURCE_FOLDER
"""

import json
import pathlib
import sys
import xml.dom.minidom

sys.dont_write_bytecode = True
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "bench" / "compare"))

import compare
import goals
import measure
import plots
import report

n_checks = 0
faults = []


def check(actual, expected):
    global n_checks
    n_checks += 1
    if actual != expected:
        faults.append(f"found {actual!r}; expected {expected!r}")


# Numbers as text.
check(report.summary([3.0, 1.0, 2.0]), {"median": 2.0, "min": 1.0, "max": 3.0, "calls": 3})
check([report.seconds_text(s) for s in (62.04, 0.0152, 0.000187, 1.0, 0.9996)],
      ["62.0 s", "15.2 ms", "0.187 ms", "1.00 s", "1,000 ms"])
check([report.figure_text(r) for r in (141.6, 3.42, 0.347)], ["142", "3.4", "0.35"])

# Verdicts, for figures that should be high and for those that should be low.
check(report.verdict(200, 100, 180), "aim met")
check(report.verdict(135, 100, 180), "floor met; 75% of the aim")
check(report.verdict(90, 100, 180), "**missed**: 90% of the floor")
check(report.verdict(0.3, 0.5, 0.3, False), "aim met")
check(report.verdict(0.4, 0.5, 0.3, False), "floor met; 75% of the aim")
check(report.verdict(1.0, 0.5, 0.3, False), "**missed**: 50% of the floor")

# Agreement of values: AP, AUROC, best F1, its threshold; None is what a library lacks.
ours = [[0.5, 0.75, 0.6, 0.1], [0.25, 0.5, 0.4, 0.2]]
check(report.largest_difference(ours, [[0.5, 0.75, None, None], [0.25, 0.625, None, None]]), 0.125)
check(report.other_thresholds(ours, [[0.5, 0.75, 0.6, 0.1], [0.25, 0.5, 0.4, 0.3]]), 1)


class Call:
    def __init__(self, who, values):
        self.who, self.values = who, values


def agreement(who, values):
    try:
        measure.check_agreement({"cxrlt": Call("ours", ours), "other": Call(who, values)}, "cxrlt")
        return "agrees"
    except RuntimeError as error:
        return "differ" if "differ" in str(error) else "other thresholds"


off = [[0.5, 0.75 + 1e-6, 0.6, 0.1], ours[1]]
elsewhere = [[0.5, 0.75, 0.6, 0.3], ours[1]]
check([agreement("np1", ours), agreement("np1", off), agreement("torcheval", off)], ["agrees", "differ", "agrees"])
check([agreement("np1", elsewhere), agreement("sk3", elsewhere)], ["other thresholds", "agrees"])

# Turns: every call in every round, the first not counted.
order = []


def call(name, seconds):
    def timed(times):
        order.append(name)
        return [seconds] * times

    return timed


times = measure.alternate({"slow": call("slow", 0.5), "quick": call("quick", 0.05)}, 2.5)
check(order, ["slow", "quick"] * 5)
check([times["slow"]["calls"], times["quick"]["calls"]], [4, 8])

# Goals from sections, and the page.
sections = [
    {"name": "challenge", "title": "142,928 × 30", "reference": "cxrlt, 1 thread", "note": "",
     "times": {"sk3": report.summary([2.0]), "cxrlt, 1 thread": report.summary([0.01])}},
    {"name": "growth", "title": "Growth", "reference": "small", "note": "",
     "times": {"small": {**report.summary([1.0]), "cells": 10}, "large": {**report.summary([40.0]), "cells": 200}}},
    {"name": "csv", "title": "CSV", "reference": "cxrlt, 1 thread", "note": "",
     "times": {"pandas": {**report.summary([0.9]), "peak_kib": 400, "read_kib": 200},
               "cxrlt, 2 threads": {**report.summary([0.1]), "peak_kib": 100, "read_kib": 90}}},
]
sections[2]["times"]["cxrlt, 1 thread"] = report.summary([0.2])
result = {"date": "2026-01-01", "quick": True, "machine": {"processor": "one"}, "builds": {"native": "g++ -O3"},
          "load_average": {"before": [0.1], "after": [1.0]}, "environments": {"baseline": {"numpy": "1.24"}},
          "sections": sections, "plots": [{"name": "rows", "title": "Time", "x_label": "rows", "series": {}}]}
check([round(goal["measured"], 9) for goal in goals.goals_of(result)], [200, 4.5, 9, 2, 0.25, 0.45])
text = compare.markdown(json.loads(json.dumps(result)))
for part in ["| 142,928 × 30, one thread | 100 × | 180 × | 200 × | aim met |", "| sk3 | 2.00 s | 2.00 s – 2.00 s | 1 | 200 |",
             "not for quoting", "![Time](performance_rows.svg)"]:
    check(part in text, True)

# A plot is well-formed, and has a point for every measurement.
series = {"a": [(1000, 1e-4), (1_000_000, 0.1)], "b & c": [(1000, 2e-3), (1_000_000, 60.0)]}
svg = xml.dom.minidom.parseString(plots.line_chart("Time", "rows", "time", series))
check(len(svg.getElementsByTagName("circle")), 4)
words = [node.firstChild.data for node in svg.getElementsByTagName("text")]
for word in ["Time", "rows", "100 µs", "100 s", "1,000", "1,000,000", "b & c"]:
    check(word in words, True)

print("\n".join(faults) or f"{n_checks} checks of bench/compare passed")
sys.exit(1 if faults else 0)
