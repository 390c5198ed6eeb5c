# SPDX-License-Identifier: Apache-2.0
"""Times what people use today for AP and AUROC on the same device and data as device_bench.

Usage: peers.py FOLDER, where device_bench left its matrices; writes FOLDER/peers.jsonl. Says so, and writes what
is installed, where torch, torchmetrics or torcheval is missing. Values must agree with those of device_bench.
"""

import json
import pathlib
import sys
import time
import warnings

import numpy as np

try:
    import torch
except ImportError:
    sys.exit("peers.py: torch is not installed; nothing to compare with")

LIMIT = 20  # seconds for one way of doing it


def by_torchmetrics(scores, labels):
    from torchmetrics.functional.classification import multilabel_auroc, multilabel_average_precision

    options = {"num_labels": scores.shape[1], "average": None, "thresholds": None}
    ap = multilabel_average_precision(scores, labels, **options)
    return torch.stack([ap, multilabel_auroc(scores, labels, **options)]).T


def by_torcheval(scores, labels):
    from torcheval.metrics.functional import binary_auroc, multilabel_auprc

    ap = multilabel_auprc(scores, labels, num_labels=scores.shape[1], average=None)
    return torch.stack([ap, binary_auroc(scores.T, labels.T, num_tasks=scores.shape[1])]).T


def sums_of_sorted(s, y):
    """AP, AUROC, best F1 and its threshold of columns in descending order; ties are one group."""
    n = len(s)
    ends = torch.ones_like(s, dtype=torch.bool)
    ends[:-1] = s[1:] != s[:-1]
    tp = y.cumsum(0, dtype=torch.int64)
    rank = torch.arange(1, n + 1, device=s.device)
    rank = rank.view(-1, *[1] * (s.dim() - 1))
    # The end of each row's group: the next row that ends one.
    here = torch.where(ends, rank - 1, n)
    end = here.flip(0).cummin(0).values.flip(0)
    tp_end = tp.gather(0, end)
    rank_end = (end + 1).to(torch.float64)
    positives = tp[-1].to(torch.float64)
    negatives = n - positives
    ap = (y * (tp_end / rank_end)).sum(0) / positives
    first = torch.ones_like(ends)
    first[1:] = ends[:-1]
    begin = torch.where(first, rank - 1, 0).cummax(0).values
    fp_end = rank_end - tp_end
    fp_before = begin - torch.where(begin > 0, tp.gather(0, (begin - 1).clamp(min=0)), 0)
    auroc = (y * (negatives - fp_end + (fp_end - fp_before) / 2)).sum(0) / (positives * negatives)
    f1 = torch.where(ends, 2 * tp / (rank + positives), -1.0)
    best, at = f1.max(0)
    return torch.stack([ap, auroc, best, s.gather(0, at.unsqueeze(0)).squeeze(0).to(torch.float64)])


def by_argsort(scores, labels):
    """One argsort for each class, everything from it."""
    columns = []
    for c in range(scores.shape[1]):
        order = scores[:, c].argsort(descending=True)
        columns.append(sums_of_sorted(scores[order, c], labels[order, c]))
    return torch.stack(columns)


def by_one_sort(scores, labels):
    """All classes in one sort along the samples: the best that plain torch does."""
    s, order = scores.T.contiguous().sort(dim=1, descending=True)
    return sums_of_sorted(s.T.contiguous(), labels.T.contiguous().gather(1, order).T.contiguous()).T


PEERS = {
    "torchmetrics": (by_torchmetrics, 2e-5, ("torchmetrics",)),
    "torcheval": (by_torcheval, 2e-5, ("torcheval",)),
    "torch, argsort class by class": (by_argsort, 1e-9, ()),
    "torch, one sort of all classes": (by_one_sort, 1e-9, ()),
}


def seconds_of(call):
    torch.cuda.synchronize()
    start = time.perf_counter()
    values = call().cpu()  # the values are wanted on the host, as device_bench has them
    return time.perf_counter() - start, values


def times_of(call):
    warm_up, values = seconds_of(call)
    seconds = []
    while len(seconds) < 3 or (sum(seconds) < 0.5 and len(seconds) < 100):
        seconds.append(seconds_of(call)[0])
        if warm_up + sum(seconds) > LIMIT:
            break
    return seconds, values.to(torch.float64).numpy()


def main():
    if not torch.cuda.is_available():
        sys.exit("peers.py: torch sees no device")
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "peers.jsonl", "w", encoding="utf-8") as out:
        versions = {"torch": torch.__version__, "numpy": np.__version__}
        for values_file in sorted(folder.glob("values_*.bin"), key=lambda file: file.stat().st_size):
            size = values_file.stem.removeprefix("values_")
            n_samples, n_classes = map(int, size.split("x"))
            expected = np.fromfile(values_file).reshape(n_classes, 4)
            shape = (n_samples, n_classes)
            scores = torch.from_numpy(np.fromfile(folder / f"scores_{size}.bin", np.float32).reshape(shape)).cuda()
            labels = torch.from_numpy(np.fromfile(folder / f"labels_{size}.bin", np.uint8).reshape(shape)).cuda()
            for name, (peer, tolerance, modules) in PEERS.items():
                try:
                    for module in modules:
                        versions[module] = __import__(module).__version__
                    wide = labels.to(torch.int64) if modules else labels
                    seconds, values = times_of(lambda: peer(scores, wide))
                except ImportError:
                    print(f"{size:12} {name}: not installed")
                    continue
                except torch.cuda.OutOfMemoryError:
                    print(f"{size:12} {name}: out of memory")
                    out.write(json.dumps({"group": size, "what": name, "error": "out of memory"}) + "\n")
                    torch.cuda.empty_cache()
                    continue
                n = min(values.shape[1], 3)  # of equal maxima of F1, torch may take any
                off = float(np.abs(values[:, :n] - expected[:, :n]).max())
                print(f"{size:12} {name:34} {np.median(seconds) * 1e3:10.3f} ms, off by {off:.1e}", flush=True)
                line = {"group": size, "what": name, "ms": [s * 1e3 for s in seconds], "off": off}
                if off > tolerance:
                    line["error"] = f"values differ by {off:.1e}"
                out.write(json.dumps(line) + "\n")
        out.write(json.dumps({"versions": versions}) + "\n")


warnings.simplefilter("ignore")
main()
