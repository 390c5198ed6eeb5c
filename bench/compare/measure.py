# SPDX-License-Identifier: Apache-2.0
"""Runs the comparisons. A section is one table: calls that take turns on the same data. Standard library only; what
needs NumPy runs in worker.py."""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import report

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = {"torchmetrics": 1e-5, "torcheval": 1e-5}  # they compute in float32; all others agree to 1e-12


class Environment:
    """A worker process in one Python."""

    def __init__(self, python, build):
        self.process = subprocess.Popen([python, str(HERE / "worker.py"), str(build)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, encoding="utf-8")
        answer = self.ask("versions")
        self.versions, self.builds = answer["versions"], answer["builds"]

    def ask(self, do, **request):
        self.process.stdin.write(json.dumps({"do": do, **request}, default=str) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{do} {request}: {answer['error']}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def alternate(calls, seconds):
    """Lets `calls` (name -> function of the number of times, returning the seconds of each) take turns.

    The first round warms up; it counts where a call takes more than ten seconds. Calls of less than 0.1 s are
    repeated within a round. There are as many rounds as fit into `seconds`, from three to fifteen counted ones.
    """
    first = {name: call(1)[0] for name, call in calls.items()}
    times = {name: max(1, min(100, round(0.1 / cost))) for name, cost in first.items()}
    kept = {name: [cost] if cost > 10 else [] for name, cost in first.items()}
    round_cost = sum(cost * times[name] for name, cost in first.items())
    rounds = max(2 if max(first.values()) > 10 else 3, min(15, int(seconds / round_cost)))
    for _ in range(rounds):
        for name, call in calls.items():
            kept[name] += call(times[name])
    return {name: report.summary(values) for name, values in kept.items()}


class Bench:
    """The environments, the data, and what was measured."""

    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.seconds = 1 if options.quick else options.seconds
        self.environments = {"baseline": Environment(options.baseline, options.build),
                             "current": Environment(options.current, options.build)}
        self.versions = {name: environment.versions for name, environment in self.environments.items()}
        self.builds = self.environments["baseline"].builds
        self.sections, self.plots = [], []

    def close(self):
        for environment in self.environments.values():
            environment.close()

    def rows(self, n_samples):
        return n_samples // 10 if self.options.quick else n_samples

    def load(self, n_samples, n_classes, kind="continuous"):
        """Makes a sample and hands it to all environments; they know it by the name that is returned."""
        name = f"{n_samples}x{n_classes}_{kind}"
        files = {part: self.scratch / f"{name}_{part}.npy" for part in ("scores", "labels")}
        print(f"making {n_samples:,} x {n_classes} {kind}", file=sys.stderr)
        self.environments["baseline"].ask("make", n_samples=n_samples, n_classes=n_classes, kind=kind, **files)
        for environment in self.environments.values():
            environment.ask("load", name=name, **files)
        for file in files.values():
            file.unlink()
        return name

    def drop(self, name):
        for environment in self.environments.values():
            environment.ask("drop", name=name)

    def ours(self, sample, threads, build="native", environment="baseline"):
        return self.call(sample, "ours", environment, threads=threads, build=build)

    def call(self, sample, who, environment="baseline", **request):
        """A function that times; what it computes is kept in its attribute `values` at the first call."""
        def timed(times):
            wants_values = timed.values is None
            answer = self.environments[environment].ask("time", sample=sample, who=who, times=times,
                                                        values=wants_values, **request)
            timed.values = answer.get("values", timed.values)
            return answer["seconds"]

        timed.values, timed.who = None, who
        return timed

    def compare(self, name, title, calls, reference="cxrlt, 1 thread", note=""):
        """Measures a section, after which the values must agree with those of `reference`."""
        print(title, file=sys.stderr)
        times = alternate(calls, self.seconds)
        agreement = check_agreement(calls, reference)
        self.add(name, title, times, reference, " ".join(text for text in (agreement, note) if text))
        return times

    def add(self, name, title, times, reference, note=""):
        self.sections.append({"name": name, "title": title, "times": times, "reference": reference, "note": note})


def check_agreement(calls, reference):
    """Compares what was computed; a sentence about it. Raises where values differ."""
    ours = calls[reference].values
    largest, elsewhere = 0, 0
    for name, call in calls.items():
        difference = report.largest_difference(ours, call.values)
        if difference > TOLERANCE.get(call.who, 1e-12):
            raise RuntimeError(f"{name} and {reference} differ by {difference}")
        if call.who not in TOLERANCE:
            largest = max(largest, difference)
        other = report.other_thresholds(ours, call.values)
        if other and call.who != "sk3":  # sk3 forms F1 by way of rounded precision and recall
            raise RuntimeError(f"{name} and {reference} have other thresholds in {other} classes")
        elsewhere = max(elsewhere, other)
    text = f"AP, AUROC and best F1 agree to {largest:.1e}" if largest else "AP, AUROC and best F1 are equal"
    if any(call.who in TOLERANCE for call in calls.values()):
        text += " (in torch, which computes in float32, to 1e-5)"
    text += "; thresholds are the same numbers"
    return text + (f", but for {elsewhere} of the classes in sk3, where two have the same F1." if elsewhere else ".")


def challenge(bench):
    sample = bench.load(bench.rows(142_928), 30)
    calls = {
        "sk3": bench.call(sample, "sk3"),
        "np1": bench.call(sample, "np1"),
        "cxrlt, 1 thread": bench.ours(sample, 1),
        "cxrlt, 2 threads": bench.ours(sample, 2),
        "cxrlt -O2, 1 thread": bench.ours(sample, 1, "generic"),
        "cxrlt -O2, 2 threads": bench.ours(sample, 2, "generic"),
        "sk3, current": bench.call(sample, "sk3", "current"),
        "np1, current": bench.call(sample, "np1", "current"),
    }
    for peer, package in [("torchmetrics", "torchmetrics"), ("torcheval", "torcheval"), ("xgboost", "xgboost")]:
        if package in bench.versions["current"]:
            calls[peer] = bench.call(sample, peer, "current")
    calls["cxrlt, 1 thread, beside the current"] = bench.ours(sample, 1, environment="current")
    absent = [peer for peer in ("torchmetrics", "torcheval", "xgboost") if peer not in calls]
    note = "torchmetrics, torcheval and XGBoost run on one thread, and compute no best F1."
    bench.compare("challenge", f"{bench.rows(142_928):,} × 30, continuous float32", calls,
                  note=note + (f" Not installed, so not measured: {', '.join(absent)}." if absent else ""))
    bench.drop(sample)


def variant(name, title, n_samples, n_classes, kind="continuous"):
    """A section of the baseline's two scripts against one and two threads."""
    def run(bench):
        n = bench.rows(n_samples)
        sample = bench.load(n, n_classes, kind)
        calls = {"sk3": bench.call(sample, "sk3"), "np1": bench.call(sample, "np1"),
                 "cxrlt, 1 thread": bench.ours(sample, 1)}
        if n * n_classes >= 500_000:
            calls["cxrlt, 2 threads"] = bench.ours(sample, 2)
        bench.compare(name, f"{n:,} × {n_classes}, {title}", calls)
        bench.drop(sample)

    return run


def growth(bench):
    sizes = [(14_293, 30), (bench.rows(1_000_000), 30)]
    samples = [bench.load(*size) for size in sizes]
    calls = {f"{n:,} × {c}": bench.ours(sample, 1) for (n, c), sample in zip(sizes, samples)}
    times = alternate(calls, bench.seconds)
    for (n, c), time_of in zip(sizes, times.values()):
        time_of["cells"] = n * c
    note = "Per cell: " + ", ".join(f"{t['median'] / t['cells'] * 1e9:.2f} ns" for t in times.values()) + "."
    bench.add("growth", "Two sizes taking turns, one thread", times, next(iter(times)), note)
    for sample in samples:
        bench.drop(sample)


def rare(bench):
    """Rare classes counted by two strategies, by bench_counting, whose repetitions are interleaved."""
    seconds = {f"{strategy}, {prevalence}": [] for prevalence in ("0.3%", "0.03%") for strategy in ("bins", "radix")}
    done = subprocess.run(
        [bench.options.build / "bench" / "bench_counting", "--benchmark_format=json", "--benchmark_repetitions=9",
         "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1",
         "--benchmark_filter=^class/rare.*/continuous/(bins|radix)/"],
        stdout=subprocess.PIPE, check=True, encoding="utf-8")
    for run in json.loads(done.stdout)["benchmarks"]:
        _, name, _, strategy, *_ = run["name"].split("/")
        if run.get("error_occurred"):
            raise RuntimeError(f"{run['name']}: {run['error_message']}")
        if run["run_type"] == "iteration":
            seconds[f"{strategy}, {name.split('_')[1]}"].append(run["real_time"] / 1000)
    bench.add("rare", "142,928 float32 scores of one rare class, by strategy and prevalence",
              {name: report.summary(values) for name, values in seconds.items()}, "radix, 0.3%",
              "By `bench_counting`; each of the nine is the mean of many calls.")


def make_csv(bench):
    """The paths of predictions and truth as CSV, written once."""
    paths = {name: bench.scratch / f"{name}.csv" for name in ("predictions", "truth")}
    if not paths["predictions"].exists():
        sample = bench.load(bench.rows(142_928), 30)
        bench.environments["baseline"].ask("make_csv", sample=sample, **paths)
        bench.drop(sample)
    return paths["predictions"], paths["truth"]


def answer_of(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def csv(bench):
    """A fresh process for every reading, whose peak memory is noted."""
    predictions, _ = make_csv(bench)
    reader = bench.options.build / "bench" / "compare_read_csv"
    commands = {
        "pandas": [bench.options.baseline, HERE / "read_csv.py"],
        "pandas, current": [bench.options.current, HERE / "read_csv.py"],
        "cxrlt, 1 thread": [reader, 1],
        "cxrlt, 2 threads": [reader, 2],
    }
    idle = {name: answer_of(command)["peak_kib"] for name, command in commands.items()}
    answers = {name: [] for name in commands}

    def call(name):
        def timed(times):
            new = [answer_of([*commands[name], predictions]) for _ in range(times)]
            answers[name] += new
            return [answer["seconds"] for answer in new]

        return timed

    times = alternate({name: call(name) for name in commands}, bench.seconds)
    read = {name: (a[0]["rows"], a[0]["classes"], round(a[0]["sum"], 6)) for name, a in answers.items()}
    if len(set(read.values())) > 1:
        raise RuntimeError(f"the readers differ: {read}")
    for name, time_of in times.items():
        time_of["peak_kib"] = statistics.median(answer["peak_kib"] for answer in answers[name])
        time_of["read_kib"] = time_of["peak_kib"] - idle[name]
    megabytes = predictions.stat().st_size / 1e6
    note = "Peak resident memory of the process, and how much of that a process that reads nothing does not need: " + \
        "; ".join(f"{name} {time_of['peak_kib'] / 1024:.0f} MiB, {time_of['read_kib'] / 1024:.0f} MiB"
                  for name, time_of in times.items()) + "."
    bench.add("csv", f"Reading {read['pandas'][0]:,} × (id + {read['pandas'][1]}), {megabytes:.1f} MB of CSV",
              times, "cxrlt, 1 thread", note)


def process(bench):
    """Whole processes, from their start to their end."""
    predictions, truth = make_csv(bench)
    ours = [bench.options.build / "cxrlt", "score", predictions, "--truth", truth, "--format", "json", "--quiet"]
    few = [word for metric in ("average_precision", "auroc", "f1") for word in ("--metric", metric)]
    commands = {
        "pandas + scikit-learn": [bench.options.baseline, HERE / "score_script.py", predictions, truth],
        "pandas + scikit-learn, current": [bench.options.current, HERE / "score_script.py", predictions, truth],
        "cxrlt score, AP AUROC F1": ours + few,
        "cxrlt score, all metrics": ours,
    }
    answers = {}

    def call(name):
        def timed(times):
            seconds = []
            for _ in range(times):
                begin = time.perf_counter()
                answers[name] = answer_of(commands[name])
                seconds.append(time.perf_counter() - begin)
            return seconds

        return timed

    times = alternate({name: call(name) for name in commands}, bench.seconds)
    values = [macro_of(answer) for answer in answers.values()]
    difference = max(abs(value[metric] - values[0][metric]) for value in values for metric in values[0])
    if difference > 1e-12:
        raise RuntimeError(f"the processes differ by {difference}: {values}")
    bench.add("process", "Whole processes: macro AP, AUROC and F1 of two CSV files", times,
              "cxrlt score, AP AUROC F1", f"The values agree to {difference:.1e}. `cxrlt` uses all cores.")


def macro_of(answer):
    """The three macro averages of the script's answer or of a `cxrlt-score/1` report."""
    if "schema" not in answer:
        return answer
    found = answer.get("requested") or answer["macro"]
    return {metric: found[metric]["value"] for metric in ("average_precision", "auroc", "f1")}


def scaling(bench):
    """The time by the number of rows, and by the number of classes."""
    rows = [(bench.rows(n), 30) for n in (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)]
    classes = [(bench.rows(14_293), c) for c in (3, 10, 30, 100, 300)]
    plan = [("rows", "AP, AUROC and best F1 of 30 classes", "rows", rows, 0),
            ("classes", "AP, AUROC and best F1 of 14,293 rows", "classes", classes, 1)]
    for name, title, x_label, sizes, axis in plan:
        series = {"cxrlt, 1 thread": [], "NumPy, one sort": [], "scikit-learn": []}
        print(title, file=sys.stderr)
        for size in sizes:
            sample = bench.load(*size)
            calls = dict(zip(series, [bench.ours(sample, 1), bench.call(sample, "np1"), bench.call(sample, "sk3")]))
            for who, time_of in alternate(calls, bench.seconds / 6).items():
                series[who].append((size[axis], time_of["median"]))
            bench.drop(sample)
        bench.plots.append({"name": name, "title": title, "x_label": x_label, "series": series})


SECTIONS = {
    "challenge": challenge,
    "three_decimals": variant("three_decimals", "float32 rounded to 3 decimals", 142_928, 30, "three_decimals"),
    "double": variant("double", "double", 142_928, 30, "double"),
    "small": variant("small", "continuous float32", 1_621, 30),
    "large": variant("large", "continuous float32", 1_000_000, 100),
    "growth": growth,
    "rare": rare,
    "csv": csv,
    "process": process,
    "scaling": scaling,
}
