# SPDX-License-Identifier: Apache-2.0
"""A process that times calls on demand: one JSON request a line on standard input, one answer a line on standard
output. compare.py runs one for each Python environment, and lets one of them work at a time.

Usage: worker.py BUILD_FOLDER, whose bench/ holds compare_native.so and compare_generic.so.
"""

import ctypes
import importlib.metadata
import json
import pathlib
import platform
import sys
import time

import numpy as np

import peers
import samples

PACKAGES = ["scikit-learn", "numpy", "scipy", "pandas", "torch", "torchmetrics", "torcheval", "xgboost"]


class Ours:
    """The library, in one of its two builds."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.compare_build.restype = ctypes.c_char_p
        self.library.compare_error.restype = ctypes.c_char_p
        self.build = self.library.compare_build().decode()

    def call(self, scores, labels, threads):
        """A function without arguments that computes, and the array of its results."""
        results = np.empty((scores.shape[1], 4))
        assert scores.flags.c_contiguous and labels.flags.c_contiguous and labels.dtype == np.uint8
        function = {"float32": self.library.compare_float, "float64": self.library.compare_double}[scores.dtype.name]
        pointer = ctypes.c_void_p
        arguments = (pointer(scores.ctypes.data), pointer(labels.ctypes.data), ctypes.c_size_t(scores.shape[0]),
                     ctypes.c_size_t(scores.shape[1]), ctypes.c_int(threads), pointer(results.ctypes.data))

        def compute():
            if function(*arguments) != 0:
                raise RuntimeError(self.library.compare_error().decode())

        return compute, results


class Worker:
    def __init__(self, build):
        self.ours = {name: Ours(build / "bench" / f"compare_{name}.so") for name in ("native", "generic")}
        self.samples = {}  # name -> scores, labels
        self.warm = set()  # who has been called before, and so imported what it needs

    def versions(self, request):
        found = {"python": platform.python_version()}
        for package in PACKAGES:
            try:
                found[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                pass
        return {"versions": found, "builds": {name: ours.build for name, ours in self.ours.items()}}

    def make(self, request):
        """Writes a sample to two files."""
        scores, labels = samples.make_sample(request["n_samples"], request["n_classes"], request["kind"])
        np.save(request["scores"], scores)
        np.save(request["labels"], labels)
        return {"positives": [int(labels[:, 0].sum()), int(labels[:, -1].sum())]}

    def make_csv(self, request):
        """Writes a loaded sample as predictions and truth, as `DataFrame.to_csv` writes them."""
        import pandas

        scores, labels = self.samples[request["sample"]]
        random = np.random.Generator(np.random.PCG64(samples.SEED))
        ids = [row.tobytes().hex() for row in random.integers(0, 256, (len(scores), 20), np.uint8)]
        names = [f"finding_{c}" for c in range(scores.shape[1])]
        for path, matrix in [(request["predictions"], scores), (request["truth"], labels)]:
            frame = pandas.DataFrame(matrix, columns=names)
            frame.insert(0, "image_id", ids)
            frame.to_csv(path, index=False)
        return {}

    def load(self, request):
        self.samples[request["name"]] = np.load(request["scores"]), np.load(request["labels"])
        return {}

    def drop(self, request):
        del self.samples[request["name"]]
        return {}

    def time(self, request):
        """Calls "who" so many "times"; the seconds of each call, and the values if asked for."""
        scores, labels = self.samples[request["sample"]]
        if request["who"] == "ours":
            compute, results = self.ours[request["build"]].call(scores, labels, request["threads"])
        else:
            if request["who"] not in self.warm:
                peers.values_of(request["who"], *samples.make_sample(1000, 3, "continuous"))
                self.warm.add(request["who"])
            results = None

            def compute():
                nonlocal results
                results = peers.values_of(request["who"], scores, labels)
        seconds = []
        for _ in range(request["times"]):
            begin = time.perf_counter()
            compute()
            seconds.append(time.perf_counter() - begin)
        if not request.get("values"):
            return {"seconds": seconds}
        values = [[None if value is None else float(value) for value in row] for row in results]
        return {"seconds": seconds, "values": values}


worker = Worker(pathlib.Path(sys.argv[1]).resolve())
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = getattr(worker, request["do"])(request)
    except Exception as error:  # goes to compare.py, which decides
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
