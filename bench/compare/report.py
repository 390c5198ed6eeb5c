# SPDX-License-Identifier: Apache-2.0
"""From measured seconds to medians, ratios, verdicts and Markdown. Standard library only."""

import math
import statistics


def summary(seconds):
    """Median, extremes and number of the calls."""
    return {"median": statistics.median(seconds), "min": min(seconds), "max": max(seconds), "calls": len(seconds)}


def largest_difference(ours, theirs):
    """The largest difference of AP, AUROC and best F1; what the other library lacks (None) is left out."""
    return max(abs(a - b) for mine, other in zip(ours, theirs) for a, b in zip(mine[:3], other[:3]) if b is not None)


def other_thresholds(ours, theirs):
    """For how many classes the threshold of the best F1 is not the same number."""
    return sum(b[3] is not None and a[3] != b[3] for a, b in zip(ours, theirs))


def verdict(measured, floor, aim, higher_is_better=True):
    """Whether a figure reaches its floor and its aim, and by how much it falls short."""
    sign = 1 if higher_is_better else -1
    if sign * measured >= sign * aim:
        return "aim met"
    of = measured / aim if higher_is_better else aim / measured
    if sign * measured >= sign * floor:
        return f"floor met; {of:.0%} of the aim"
    of = measured / floor if higher_is_better else floor / measured
    return f"**missed**: {of:.0%} of the floor"


def seconds_text(seconds):
    """Three digits and a unit: 0.187 ms, 15.2 ms, 62.0 s."""
    value, unit = (seconds, "s") if seconds >= 1 else (seconds * 1000, "ms")
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:,.{digits}f} {unit}"


def figure_text(value):
    """A ratio: whole from 20 on, two digits below."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def table(header, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def goals_table(goals):
    """One line for each goal: {"work", "unit", "floor", "aim", "measured", "higher_is_better"}."""
    rows = []
    for goal in goals:
        unit = goal["unit"]
        rows.append([goal["work"], f"{goal['floor']:g}{unit}", f"{goal['aim']:g}{unit}",
                     f"{figure_text(goal['measured'])}{unit}",
                     verdict(goal["measured"], goal["floor"], goal["aim"], goal["higher_is_better"])])
    return table(["work", "floor", "aim", "measured", "verdict"], rows)


def times_table(times, reference):
    """All times of one kind of work; `reference` is the key that the others are divided by."""
    base = times[reference]["median"]
    rows = [[name, seconds_text(t["median"]), f"{seconds_text(t['min'])} – {seconds_text(t['max'])}", str(t["calls"]),
             figure_text(t["median"] / base)] for name, t in times.items()]
    return table(["what", "median", "range", "calls", f"÷ {reference}"], rows)
