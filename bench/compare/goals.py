# SPDX-License-Identifier: Apache-2.0
"""What the library is held to: each goal with its floor, its aim, and how it follows from the measured medians."""

# Ratios of two medians of one section: work, section, dividend, divisor, floor, aim.
FASTER = [
    ("142,928 × 30, one thread", "challenge", "sk3", "cxrlt, 1 thread", 100, 180),
    ("the same, over np1", "challenge", "np1", "cxrlt, 1 thread", 25, 45),
    ("the same, plain `-O2` for any x86-64", "challenge", "sk3", "cxrlt -O2, 1 thread", 65, 120),
    ("the same, two threads", "challenge", "sk3", "cxrlt, 2 threads", 150, 280),
    ("scores rounded to 3 decimals, one thread", "three_decimals", "sk3", "cxrlt, 1 thread", 95, 160),
    ("1,621 × 30, one thread, repeated calls", "small", "sk3", "cxrlt, 1 thread", 140, 300),
    ("1,000,000 × 100, two threads", "large", "sk3", "cxrlt, 2 threads", 130, 260),
    ("142,928 × 30 double scores, one thread", "double", "sk3", "cxrlt, 1 thread", 50, 100),
    ("reading the CSV, one thread, over pandas", "csv", "pandas", "cxrlt, 1 thread", 4.5, 8),
    ("reading the CSV, two threads, over pandas", "csv", "pandas", "cxrlt, 2 threads", 8.5, 15),
    ("`cxrlt score` on two CSV files, over pandas + scikit-learn", "process", "pandas + scikit-learn",
     "cxrlt score, AP AUROC F1", 15, 40),
]
# The same, where less is better.
LESS = [
    ("rare class (0.3 %) by bins, over a radix sort of it", "rare", "bins, 0.3%", "radix, 0.3%", 0.5, 0.3),
]


def _goal(work, unit, floor, aim, measured, higher_is_better):
    return {"work": work, "unit": unit, "floor": floor, "aim": aim, "measured": measured,
            "higher_is_better": higher_is_better}


def _growth(times):
    """The time per cell of the larger of the two matrices over that of the smaller."""
    per_cell = {name: time["median"] / time["cells"] for name, time in times.items()}
    return max(per_cell.items(), key=lambda item: times[item[0]]["cells"])[1] / \
        min(per_cell.items(), key=lambda item: times[item[0]]["cells"])[1]


def goals_of(result):
    """The goals for which something was measured, in the order of the tables above."""
    sections = {section["name"]: section["times"] for section in result["sections"]}
    goals = []
    for rows, higher in [(FASTER, True), (LESS, False)]:
        for work, section, dividend, divisor, floor, aim in rows:
            times = sections.get(section, {})
            if dividend in times and divisor in times:
                ratio = times[dividend]["median"] / times[divisor]["median"]
                goals.append(_goal(work, " ×" if higher else "", floor, aim, ratio, higher))
    if "growth" in sections:
        goals.append(_goal("time per cell, 1,000,000 rows over 14,293", "", 2.5, 1.5, _growth(sections["growth"]), False))
    csv = sections.get("csv", {})
    for key, work in [("peak_kib", "peak memory of the process that reads the CSV, over pandas"),
                      ("read_kib", "the same, less that of a process that reads nothing")]:
        memory = {name: time[key] for name, time in csv.items() if time.get(key, 0) > 0}
        if {"pandas", "cxrlt, 2 threads"} <= memory.keys():
            ratio = memory["cxrlt, 2 threads"] / memory["pandas"]
            goals.append(_goal(work, "", 0.5, 0.4, ratio, False))
    return goals
