"""Learning from data: mini-batches, the exact minimum, and θ for an x that is standardised.

All but `carried_over` and `as_lines` is written with autograd.numpy and without branches on
values, so that it is traced with θ and the data as inputs.
"""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.fit_lines import as_lines
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import Model
from gradwidgets.calculus.objective import Objective, slopes
from gradwidgets.calculus.observations import Observations, standardised
from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.quadratic import newton
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.truths import both
from gradwidgets.calculus.types import Array

__all__ = [
    "Objective",
    "as_lines",
    "batch",
    "carried_over",
    "exact_minimum",
    "slopes",
    "standardised",
]

REFINEMENTS = 2  # Newton's steps after the first: they remove what rounding left


def batch(weights: Any, time: Any, size: Any) -> Any:
    """The weights of the mini-batch of a step: those of its rows, and 0 of all others.

    Rows of weight > 0 are numbered 0 … n − 1 as they stand. The batch of step t are the numbers
    (t·size + j) mod n for j < size, so that batches follow one another round the data.

    >>> batch(np.array([1.0, 1.0, 0.0, 1.0]), 1, 2).tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    present = weights > 0
    counts = anp.cumsum(1.0 * present)
    count = anp.maximum(counts[-1], 1.0)
    chosen = (counts - 1.0 - time * size) % count < size
    return anp.where(both(present, chosen), weights, 0.0)


def exact_minimum(objective: Objective, x: Any, y: Any, weights: Any, l2: Any = 0.0) -> Any:
    """The θ* of least squares, shape (P,), by autograd's gradient and Hessian at 0; no l1.

    For the squared loss and a linear model L is a quadratic, so that Newton's step from anywhere
    leads to its minimum: these are the normal equations. Parameters are first measured in units in
    which L bends alike in all, and further steps refine the first. NaN where the minimum is not a
    single point.

    Raises:
        ValueError: there is no such formula for this loss or model.

    >>> from gradwidgets.calculus.losses import LOSSES
    >>> from gradwidgets.calculus.models import model
    >>> line = Objective(model("w*x + b"), LOSSES["squared"])
    >>> exact_minimum(line, np.array([0.0, 1.0]), np.array([1.0, 3.0]), np.ones(2)).tolist()
    [1.0, 2.0]
    """
    if objective.loss is not LOSSES["squared"] or not objective.model.is_linear:
        raise ValueError("only least squares of a linear model has an exact minimum")
    solve = _exact_minimum if objective.model.formula is None else _exact_minimum_of_formula
    return solve(objective, x, y, weights, l2)


def _exact_minimum(objective: Objective, x: Any, y: Any, weights: Any, l2: Any) -> Any:
    function = objective.field(x, y, weights, 1.0, l2)
    start = [0.0] * len(objective.model.parameters)
    _, gradient, hessian = value_partials_and_seconds(function, start)
    bends = [hessian[place][place] for place in range(len(start))]
    units = [1.0 / anp.sqrt(anp.where(bend > 0, bend, 1.0)) for bend in bends]
    scaled = [
        [u * v * h for v, h in zip(units, row, strict=True)]
        for u, row in zip(units, hessian, strict=True)
    ]
    theta: list[Any] = start
    for _ in range(1 + REFINEMENTS):
        step = newton([u * g for u, g in zip(units, gradient, strict=True)], scaled).step
        theta = [t + u * s for t, u, s in zip(theta, units, step, strict=True)]
        _, gradient = value_and_partials(function, theta)
    return anp.stack(theta)


_exact_minimum_of_formula = copied_in(_exact_minimum)  # a callable may read what changes


def carried_over(model: Model, theta: Any, before: Observations, after: Observations) -> Array:
    """The θ that predicts on `after` what θ predicts on `before`, as nearly as it can.

    Rows stand in the same order in both. A model that is not linear in θ keeps its θ.

    >>> from gradwidgets.calculus.models import model
    >>> from gradwidgets.calculus.observations import observations, standardised
    >>> data = observations([1, 3], [0, 0])
    >>> carried_over(model("w*x + b"), (1.0, 2.0), data, standardised(data)).round(9).tolist()
    [5.0, 2.0]
    """
    start = np.asarray(theta, dtype=float)
    if not model.is_linear:
        return start
    columns = np.stack(slopes(model, after.x, [float(t) for t in start]), axis=1)
    missing = model(before.x, *start) - model(after.x, *start)
    sizes = np.max(np.abs(columns), axis=0)
    sizes = np.where(sizes > 0, sizes, 1.0)
    change: Array = np.linalg.lstsq(columns / sizes, missing, rcond=None)[0] / sizes
    return start + change
