# SPDX-License-Identifier: Apache-2.0
"""Writes the page of measurements from what device_bench and peers.py left in a folder.

Usage: report.py FOLDER PAGE
"""

import csv
import datetime
import json
import pathlib
import re
import statistics
import sys

HEAD = """# Speed on a GPU

AP, AUROC, the best F1 and its threshold of every class, from scores and labels that lie on the device. `scripts/gpu` measured this and wrote this page; [gpu.md](gpu.md) tells how it works.
Times are of whole calls, from the call until the values are on the host: medians, with the extremes of all calls behind them. A ratio is one median over another.
"""

OURS = "cxrlt on the device"
SORT = "CUB segmented radix sort"


def read_text(file):
    return file.read_text(encoding="utf-8") if file.exists() else ""


def read_lines(file):
    return [json.loads(line) for line in read_text(file).splitlines()]


def median(line):
    return statistics.median(line["ms"])


def milliseconds(ms):
    return f"{ms:.3g} ms" if ms < 1000 else f"{ms / 1000:.3g} s"


def times(x):
    return f"{x:.3g}" if x < 1000 else f"{x:,.0f}"


def size_title(group):
    n_samples, n_classes = group.split("x")
    return f"{int(n_samples):,} × {n_classes}"


def table(lines, base):
    rows = ["| what | median | range | calls | ÷ cxrlt |", "|---|---|---|---|---|"]
    for line in lines:
        if "error" in line:
            rows.append(f"| {line['what']} | {line['error']} | | | |")
            continue
        lowest, highest = min(line["ms"]), max(line["ms"])
        extremes = f"{milliseconds(lowest)} – {milliseconds(highest)}"
        ratio = times(median(line) / base)
        rows.append(f"| {line['what']} | {milliseconds(median(line))} | {extremes} | {len(line['ms'])} | {ratio} |")
    return "\n".join(rows)


def goals(lines):
    """The aims, as one row for each size."""
    rows = ["| size | cxrlt | ÷ CUB's segmented radix sort | ÷ plain copy | torchmetrics ÷ cxrlt |", "|---|---|---|---|---|"]
    for group in dict.fromkeys(line["group"] for line in lines if "x" in line["group"] and "," not in line["group"]):
        found = {line["what"]: median(line) for line in lines if line["group"] == group and "ms" in line}
        ours = found[OURS]
        peer = times(found["torchmetrics"] / ours) if "torchmetrics" in found else "not installed"
        copied = times(ours / found["plain copy of scores and labels"])
        rows.append(f"| {size_title(group)} | {milliseconds(ours)} | {times(ours / found[SORT])} | {copied} | {peer} |")
    return "\n".join(rows)


def prevalences(lines):
    rows = ["| prevalence | negatives searched | negatives sorted |", "|---|---|---|"]
    for group in dict.fromkeys(line["group"] for line in lines if line["group"].startswith("prevalence")):
        found = {line["what"]: median(line) for line in lines if line["group"] == group}
        cells = f"{milliseconds(found['searched'])} | {milliseconds(found['sorted'])}"
        rows.append(f"| {group.split()[1]} | {cells} |")
    return "\n".join(rows)


def replicates(lines):
    rows = ["| what | median |", "|---|---|"]
    rows += [f"| {line['what']} | {milliseconds(median(line))} |" for line in lines if line["group"].startswith("replicates")]
    return "\n".join(rows)


def kernels(file):
    """Kernels of the last call that the profiler saw, in their order."""
    rows = [row for row in csv.reader(file.read_text(errors="replace").splitlines()) if len(row) > 10]
    head = rows[0]
    found = []
    for row in rows[1:]:
        cells = dict(zip(head, row))
        own = re.findall(r"thrust_cuda::(\w+)", cells["Kernel Name"])
        name = own[-1] if own else re.sub(r"<.*", "", cells["Kernel Name"]).split("::")[-1]
        scale = {"ns": 1e-3, "us": 1, "usecond": 1, "nsecond": 1e-3}.get(cells["Metric Unit"], 1)
        if name == "TallyStrips":
            found = []
        found.append((name, float(cells["Metric Value"].replace(",", "")) * scale))
    rows = ["| kernel | µs |", "|---|---|"] + [f"| {name} | {us:.1f} |" for name, us in found]
    return "\n".join([*rows, f"| all {len(found)} | {sum(us for _, us in found):.1f} |"])


def training(folder):
    """Medians over the epochs of the training program, whose last columns are seconds, seconds and milliseconds."""
    rows = ["| where | an epoch of training | evaluation after it, on the host | AP, AUROC and best F1 on the device |",
            "|---|---|---|---|"]
    for where in ("device", "host"):
        file = folder / f"training_{where}.txt"
        epochs = [line.rsplit("|", 1)[1].split() for line in read_text(file).splitlines() if re.match(r" +\d+ .*\|", line)]
        if not epochs:
            continue
        columns = [statistics.median(map(float, column)) for column in zip(*epochs)]
        cells = [milliseconds(1000 * columns[0]), milliseconds(1000 * columns[1])]
        cells.append(milliseconds(columns[2]) if len(columns) > 2 else "")
        rows.append(f"| {where} | " + " | ".join(cells) + " |")
    return "\n".join(rows) if len(rows) > 2 else ""


def main():
    folder, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    device, *ours = read_lines(folder / "device.jsonl")
    peers = read_lines(folder / "peers.jsonl")
    versions = next((line["versions"] for line in peers if "versions" in line), {})
    lines = ours + [line for line in peers if "group" in line]
    facts = read_text(folder / "facts.txt").splitlines()
    text = [HEAD]
    text += [f"- {datetime.date.today()}"]
    text += [f"- {device['device']}, {device['multiprocessors']} multiprocessors, {device['memory_gib']} GiB; driver for CUDA {device['driver']}, runtime {device['runtime']}"]
    text += [f"- host: {device['host_threads']} threads; the processor's part compiled by {device['host_build']}"]
    text += [f"- {fact}" for fact in facts]
    if versions:
        text += ["- " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))]
    text += ["", "## In short", "", goals(lines), ""]
    for group in dict.fromkeys(line["group"] for line in lines):
        of_group = [line for line in lines if line["group"] == group]
        if group.startswith(("prevalence", "replicates")):
            continue
        base = next((median(line) for line in of_group if line["what"] == OURS), None)
        if base is None:
            size = group.split(",")[0]
            base = next(median(line) for line in lines if line["group"] == size and line["what"] == OURS)
            text += [f"## {size_title(size)}, other scores", ""]
        else:
            text += [f"## {size_title(group)}, continuous float32", ""]
        text += [table(of_group, base), ""]
    if any(line["group"].startswith("prevalence") for line in lines):
        text += ["## 1,000,000 × 8, all classes of one prevalence", "", prevalences(lines), ""]
    if any(line["group"].startswith("replicates") for line in lines):
        text += ["## AP and AUROC in 1,000 replicates, 142,928 × 30", "", replicates(lines), ""]
    if epochs := training(folder):
        shape = read_text(folder / "training_device.txt").partition(";")[0]
        text += ["## Training", "", f"One layer, LDAM-DRW, batches of 256: {shape}.", "", epochs, ""]
    for file in sorted(folder.glob("kernels_*.csv")):
        text += [f"## Kernels of one call, {size_title(file.stem.removeprefix('kernels_'))}", "", kernels(file), ""]
    page.write_text("\n".join(text), encoding="utf-8")
    print(page.read_text(encoding="utf-8"))


main()
