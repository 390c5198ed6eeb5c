# SPDX-License-Identifier: Apache-2.0
"""What users write: macro AP, AUROC and F1 of a CSV of predictions, by pandas and scikit-learn.

Usage: score_script.py PREDICTIONS TRUTH
"""

import json
import sys

import pandas as pd
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

predictions = pd.read_csv(sys.argv[1])
truth = pd.read_csv(sys.argv[2])
classes = [name for name in truth.columns if name != "image_id"]
merged = truth.merge(predictions, on="image_id", suffixes=("_true", ""))
y_true = merged[[name + "_true" for name in classes]].to_numpy()
y_score = merged[classes].to_numpy()
print(json.dumps({
    "average_precision": average_precision_score(y_true, y_score, average="macro"),
    "auroc": roc_auc_score(y_true, y_score, average="macro"),
    "f1": f1_score(y_true, y_score >= 0.5, average="macro", zero_division=0),
}))
