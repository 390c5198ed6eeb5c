#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes losses.hpp beside this file: losses of cells with first and second derivatives by the logit,
from PyTorch in double. Where PyTorch has the loss it is taken from there; the others are written as
in the papers, with sigmoids and logarithms, and all derivatives are PyTorch's own. Run it in an
environment with PyTorch; the versions used stand in the header that it writes. The tests read only
that header."""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F

COUNTS = [1200, 300, 17, 2]
N_SAMPLES = 2000


def cells():
    """Logits (exact in float) and labels, 12 rows of 4 classes; the first rows have no positives."""
    rng = np.random.default_rng(20261128)
    z = np.round(rng.normal(scale=2.5, size=(12, 4)), 3).astype(np.float32).astype(np.float64)
    y = (rng.random((12, 4)) < 0.4).astype(np.int64)
    y[:3] = 0
    return torch.tensor(z, dtype=torch.float64), torch.tensor(y)


def priors():
    return torch.tensor(COUNTS, dtype=torch.float64) / N_SAMPLES


def bce(z, y):
    return F.binary_cross_entropy_with_logits(z, y.double(), reduction="none")


def weighted_bce(z, y):
    weight = torch.tensor([(N_SAMPLES - n) / n for n in COUNTS], dtype=torch.float64)
    return F.binary_cross_entropy_with_logits(z, y.double(), pos_weight=weight, reduction="none")


def focal(z, y, gamma=2.0, positive=1.0, negative=1.0):
    p = torch.sigmoid(z)
    p_t = torch.where(y == 1, p, 1 - p)
    alpha = torch.where(y == 1, torch.tensor(positive).double(), torch.tensor(negative).double())
    return -alpha * (1 - p_t) ** gamma * torch.log(p_t)


def effective_number(beta):
    n = np.array(COUNTS, dtype=np.longdouble)
    w = (1 - np.longdouble(beta)) / (1 - np.longdouble(beta) ** n)
    return torch.tensor((w * len(COUNTS) / w.sum()).astype(np.float64))


def class_balanced(z, y):
    return effective_number(0.99) * focal(z, y)


def asymmetric(z, y, positive=0.0, negative=4.0, shift=0.05, detach=False):
    p = torch.sigmoid(z)
    p_m = torch.clamp(p - shift, min=0)
    focus_positive = (1 - p) ** positive
    focus_negative = p_m ** negative
    if detach:
        focus_positive, focus_negative = focus_positive.detach(), focus_negative.detach()
    return torch.where(y == 1, -focus_positive * torch.log(p), -focus_negative * torch.log(1 - p_m))


def margins(largest=0.5):
    n = torch.tensor(COUNTS, dtype=torch.float64) ** -0.25
    return n * largest / n.max()


def ldam(z, y, scale=30.0):
    return F.binary_cross_entropy_with_logits(scale * (z - y * margins()), y.double(), reduction="none")


def ldam_drw(z, y):
    return torch.where(y == 1, effective_number(0.9999), torch.tensor(1.0).double()) * ldam(z, y, 4.0)


def distribution_balanced(z, y, gamma=2.0, balance=2.0, scale=2.0):
    inverse = 1 / torch.tensor(COUNTS, dtype=torch.float64)
    total = (y * inverse).sum(dim=1, keepdim=True)
    share = torch.where(total > 0, inverse / torch.where(total > 0, total, 1.0), 0.0)
    weight = 0.1 + torch.sigmoid(10 * (share - 0.2))
    u = z - torch.log(1 / priors() - 1) * 0.05 / scale
    loss = torch.where(y == 1, -torch.log(torch.sigmoid(u)), -torch.log(torch.sigmoid(-scale * u)))
    p_t = torch.exp(-loss)
    return balance * weight * (1 - p_t) ** gamma * torch.where(y == 1, loss, loss / scale)


def logit_adjusted(z, y, tau=1.5):
    shift = tau * (torch.log(priors()) - torch.log1p(-priors()))
    return F.binary_cross_entropy_with_logits(z + shift, y.double(), reduction="none")


LOSSES = {
    "bce": bce,
    "weighted bce": weighted_bce,
    "focal": focal,
    "focal, gamma 0.5, weighted": lambda z, y: focal(z, y, 0.5, 0.25, 0.75),
    "class-balanced focal": class_balanced,
    "asymmetric": asymmetric,
    "asymmetric, 1 and 2.5, shift 0.2": lambda z, y: asymmetric(z, y, 1.0, 2.5, 0.2),
    "asymmetric, no shift": lambda z, y: asymmetric(z, y, 1.5, 3.0, 0.0),
    "asymmetric, detached": lambda z, y: asymmetric(z, y, 1.0, 4.0, 0.05, True),
    "ldam": ldam,
    "ldam-drw": ldam_drw,
    "distribution-balanced": distribution_balanced,
    "distribution-balanced, plain": lambda z, y: distribution_balanced(z, y, 0.0, 1.0, 5.0),
    "logit-adjusted": logit_adjusted,
}


def derivatives(loss, z, y):
    z = z.clone().requires_grad_(True)
    value = loss(z, y)
    (gradient,) = torch.autograd.grad(value.sum(), z, create_graph=True)
    (curvature,) = torch.autograd.grad(gradient.sum(), z)
    return value, gradient, curvature


def softmax_losses(z):
    """Name, classes, summed value and gradient."""
    classes = torch.tensor(np.random.default_rng(7).integers(0, 4, len(z)))
    counts = torch.tensor(COUNTS, dtype=torch.float64)
    for name, shift in [("cross-entropy", torch.zeros(4).double()),
                        ("logit-adjusted", 1.5 * torch.log(counts / counts.sum())),
                        ("balanced", torch.log(counts))]:
        x = z.clone().requires_grad_(True)
        value = F.cross_entropy(x + shift, classes, reduction="sum")
        (gradient,) = torch.autograd.grad(value, x)
        yield name, classes, value, gradient


def braces(values):
    return "{" + ", ".join(repr(v) for v in values.detach().numpy().ravel().tolist()) + "}"


def main():
    z, y = cells()
    losses = []
    for name, loss in LOSSES.items():
        losses.append("    {" + ",\n     ".join([f'"{name}"'] + [braces(v) for v in derivatives(loss, z, y)]) + "}")
    softmax = ["    {" + ",\n     ".join([f'"{name}"', braces(classes), braces(value), braces(gradient)]) + "}"
               for name, classes, value, gradient in softmax_losses(z)]
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Written by generate_losses.py with PyTorch {torch.__version__.split('+')[0]}, NumPy {np.__version__}.",
        "// clang-format off",
        "#pragma once",
        "",
        "#include <cstdint>",
        "#include <string_view>",
        "#include <vector>",
        "",
        "namespace golden {",
        "",
        "/// 12 rows of 4 classes, and the training positives of the classes among how many rows.",
        f"inline const std::vector<double> loss_logits = {braces(z)};",
        f"inline const std::vector<std::int8_t> loss_labels = {braces(y)};",
        f"inline const std::vector<std::uint64_t> loss_counts = {braces(torch.tensor(COUNTS))};",
        f"inline constexpr std::uint64_t loss_n_samples = {N_SAMPLES};",
        "",
        "/// The loss of each cell and its derivatives by the logit.",
        "struct CellLosses {",
        "  std::string_view name;",
        "  std::vector<double> value, gradient, curvature;",
        "};",
        "inline const std::vector<CellLosses> losses = {", ",\n".join(losses) + "};",
        "",
        "/// The sum of a softmax loss over rows, and its gradient.",
        "struct SoftmaxLosses {",
        "  std::string_view name;",
        "  std::vector<int> classes;",
        "  std::vector<double> value, gradient;",
        "};",
        "inline const std::vector<SoftmaxLosses> softmax_losses = {", ",\n".join(softmax) + "};",
        "",
        "}  // namespace golden",
    ]
    pathlib.Path(__file__).with_name("losses.hpp").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
