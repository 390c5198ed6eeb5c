# SPDX-License-Identifier: Apache-2.0
"""Made-up scores and labels: classes from common to rare, scores as a decent, calibrated model gives them."""

import numpy as np

SEED = 2026
MOST_COMMON, RAREST = 0.4, 0.0003  # prevalence of the first and of the last class; geometric between


def make_sample(n_samples, n_classes, kind):
    """Row-major scores and uint8 labels.

    kind: "continuous" (float32), "three_decimals" (float32, rounded) or "double" (float64).
    Each class has a whole number of positives, 2 or more, at random rows.
    """
    random = np.random.Generator(np.random.PCG64(SEED))
    scores = np.empty((n_samples, n_classes), np.float64 if kind == "double" else np.float32)
    labels = np.zeros((n_samples, n_classes), np.uint8)
    for c, prevalence in enumerate(np.geomspace(MOST_COMMON, RAREST, n_classes)):
        positives = random.choice(n_samples, max(2, round(prevalence * n_samples)), replace=False)
        labels[positives, c] = 1
        separation = random.uniform(1.2, 2.5)
        margin = random.standard_normal(n_samples) + separation * labels[:, c]
        logit = separation * margin - separation**2 / 2 + np.log(prevalence / (1 - prevalence))
        score = 1 / (1 + np.exp(-logit))
        scores[:, c] = np.round(score, 3) if kind == "three_decimals" else score
    return scores, labels
