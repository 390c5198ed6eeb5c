# SPDX-License-Identifier: Apache-2.0
"""What the library is compared with. Each function takes row-major scores and labels, and returns for every
class [average precision, AUROC, best F1, its threshold], with None for what the library has no function for.
"""

import warnings

import numpy as np


def sk3(y, s):
    """One class by scikit-learn, as users write it."""
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

    p, r, t = precision_recall_curve(y, s)
    f = np.divide(2 * p * r, p + r, out=np.zeros_like(p), where=p + r > 0)
    return average_precision_score(y, s), roc_auc_score(y, s), f.max(), t[f[:-1].argmax()]


def np1(y, s):
    """One class by NumPy, everything from one sort: the fair baseline."""
    o = np.argsort(-s, kind="stable")
    s, y = s[o], y[o]
    e = np.r_[np.flatnonzero(np.diff(s)), len(s) - 1]
    tp = np.cumsum(y, dtype=np.int64)[e]
    fp = e + 1 - tp
    P, N = tp[-1], fp[-1]
    d = np.diff(tp, prepend=0)
    f = 2 * tp / (tp + fp + P)
    auroc = ((tp - d / 2) * np.diff(fp, prepend=0)).sum() / (P * N)
    return (d * tp / (tp + fp)).sum() / P, auroc, f.max(), s[e][f.argmax()]


def by_scikit_learn(scores, labels):
    return [sk3(labels[:, c], scores[:, c]) for c in range(scores.shape[1])]


def by_numpy(scores, labels):
    # Columns side by side first: a fifth faster than sorting strided ones.
    scores, labels = np.ascontiguousarray(scores.T), np.ascontiguousarray(labels.T)
    return [np1(y, s) for y, s in zip(labels, scores)]


def by_torchmetrics(scores, labels):
    """Exact mode (no binning), one thread. There is no function for the best F1."""
    import torch
    from torchmetrics.functional.classification import multilabel_auroc, multilabel_average_precision

    torch.set_num_threads(1)
    s, y = torch.from_numpy(scores), torch.from_numpy(labels)
    options = {"num_labels": scores.shape[1], "average": None, "thresholds": None}
    ap = multilabel_average_precision(s, y, **options).tolist()
    auroc = multilabel_auroc(s, y, **options).tolist()
    return [[a, b, None, None] for a, b in zip(ap, auroc)]


def by_torcheval(scores, labels):
    """One thread. There is no function for the best F1."""
    import torch
    from torcheval.metrics.functional import binary_auroc, multilabel_auprc

    torch.set_num_threads(1)
    s, y = torch.from_numpy(scores), torch.from_numpy(labels)
    ap = multilabel_auprc(s, y, num_labels=scores.shape[1], average=None).tolist()
    auroc = binary_auroc(s.T, y.T, num_tasks=scores.shape[1]).tolist()
    return [[a, b, None, None] for a, b in zip(ap, auroc)]


def by_xgboost(scores, labels):
    """The metrics that XGBoost evaluates while it trains, one thread. Its `aucpr` interpolates, so it is timed as
    part of the work, but is another quantity than average precision."""
    import xgboost

    options = {"objective": "binary:logitraw", "eval_metric": ["auc", "aucpr"], "nthread": 1, "base_score": 0.5}
    nothing = np.zeros((len(scores), 1), np.float32)
    values = []
    for y, s in zip(labels.T, scores.T):
        data = xgboost.DMatrix(nothing, label=y, base_margin=s, nthread=1)
        text = xgboost.Booster(options, [data]).eval(data)
        values.append([None, float(text.split("eval-auc:")[1].split()[0]), None, None])
    return values


PEERS = {
    "sk3": by_scikit_learn,
    "np1": by_numpy,
    "torchmetrics": by_torchmetrics,
    "torcheval": by_torcheval,
    "xgboost": by_xgboost,
}


def values_of(peer, scores, labels):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return PEERS[peer](scores, labels)
