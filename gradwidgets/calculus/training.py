"""Descent on a loss over data: all rows at every step, or a mini-batch of them.

Written with autograd.numpy and without branches on values, so that it is traced with the data as
inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.bodies import Body, body
from gradwidgets.calculus.fitting import batch
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.over import Over
from gradwidgets.calculus.paths import Path, path_of
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array


class Data(NamedTuple):
    """What a loss is made of beside θ: rows, their weights, Huber's δ, and the penalties."""

    x: Any
    y: Any
    weights: Any
    delta: Any = 1.0
    l2: Any = 0.0
    l1: Any = 0.0


class Run(NamedTuple):
    """A search on data that has been made: T steps, each from the gradient of a batch.

    `points` has the shape (T + 1, P), `values` (T + 1,) the loss over all rows.
    """

    points: Array
    values: Array


def trained(
    objective: Objective,
    data: Data,
    method: str,
    parameters: Mapping[str, Any],
    start: Sequence[Any],
    rates: Any,
    steps: Any,
    size: Any,
) -> Path:
    """The path of a search from θ₀, each step by the gradient of a mini-batch of so many rows.

    Its `values` are the loss over all rows, its `gradients` those of the batches. Batches follow
    one another through the rows as they stand: see `batch`.

    Args:
        objective: the loss.
        data: the rows; arrays of one length.
        method: the name of a row of `rules.methods`.
        parameters: all that the method has, in the rule's order.
        start: θ₀, a number for each of the model's parameters.
        rates: the learning rate of every step, shape (C,).
        steps: how many to take, at most C.
        size: how many rows a batch has.

    >>> from gradwidgets.calculus.losses import LOSSES
    >>> from gradwidgets.calculus.models import model
    >>> line = Objective(model("w*x"), LOSSES["squared"])
    >>> rows = Data(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.ones(2))
    >>> whole = trained(line, rows, "gradient descent", {}, (0.0,), np.full(3, 0.1), 2, 2)
    >>> whole.points[:3, 0].tolist(), whole.values.tolist()
    ([0.0, 1.0, 1.5], [10.0, 2.5, 0.625, nan])
    >>> halves = trained(line, rows, "gradient descent", {}, (0.0,), np.full(3, 0.1), 2, 1)
    >>> halves.points[:3, 0].round(9).tolist()
    [0.0, 0.4, 1.68]
    """
    count = len(objective.model.parameters)
    noise = np.zeros((np.shape(rates)[-1], count))
    step = _step(objective, method, count)
    return path_of(step, method, parameters, start, rates, noise, steps, (*data, size))


def _step(objective: Objective, method: str, count: int) -> Body:
    """A step by a batch, which keeps the loss over all rows."""
    state = methods[method].state
    taken = count * (2 + len(state)) + 2 + len(methods[method].parameters)

    def step(*values: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        own, (*known, rows) = values[:taken], values[taken:]
        given, time = Data(*known), own[count * (1 + len(state)) + 1]
        drawn = given._replace(weights=batch(given.weights, time, rows))
        loss: Any = Over(lambda *numbers: objective(numbers[:count], *numbers[count:]), drawn)
        handed, (_, *kept) = body(method, loss, count)(*own, *drawn)
        return handed, (objective(own[:count], *given), *kept)

    return step


def run_of(
    objective: Objective,
    data: Data,
    method: str,
    parameters: Mapping[str, float],
    start: Sequence[float],
    rate: float,
    steps: int,
    size: int,
    schedule: str = "constant",
) -> Run:
    """The search as numbers, as far as it went. Arguments are those of `trained`.

    >>> from gradwidgets.calculus.losses import LOSSES
    >>> from gradwidgets.calculus.models import model
    >>> line = Objective(model("w*x"), LOSSES["squared"])
    >>> rows = Data(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.ones(2))
    >>> run_of(line, rows, "gradient descent", {}, (0.0,), 0.1, 2, 2).points.tolist()
    [[0.0], [1.0], [1.5]]
    """
    rates = rate * schedules[schedule](np.arange(float(steps)), float(steps))
    with calm():
        found = trained(objective, data, method, parameters, start, rates, float(steps), size)
    there = np.isfinite(found.points).all(axis=-1)
    return Run(np.array(found.points)[there], np.array(found.values)[there])
