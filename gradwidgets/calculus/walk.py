"""What is known of a descent before it is judged: its rows, and how it was made, as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from gradwidgets.calculus.rates import PLAIN
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.truths import either


class Walk(NamedTuple):
    """What is known of a run of T steps, or of at most T: the rows behind its end are NaN.

    Shapes: `points` and `gradients` are (T + 1, n), `values` (T + 1,), `step_sizes` (T,). `steps`
    is how many were taken, `ended` whether it could not take all that were asked for.
    """

    points: Any
    values: Any
    gradients: Any
    step_sizes: Any
    steps: Any
    ended: Any
    manner: Manner


class Manner(NamedTuple):
    """How a run was made, as numbers, so that one verdict serves all methods.

    Attributes:
        bound: the product α·λ beyond which the method's error grows; ∞ where none is known.
        plain: whether a step is −α∇f and nothing else.
        bare: whether the rule divides by the size of slopes, and nothing keeps that from 0.
        second_order: whether a step is Newton's.
        noise: how large the errors are that are added to the slopes.
        tolerance: the slope up to which the run counts as converged; NaN for what is usual.
    """

    bound: Any
    plain: Any
    bare: Any
    second_order: Any
    noise: Any
    tolerance: Any


def manner_of(method: str, parameters: Mapping[str, Any], noise: Any, tolerance: Any) -> Manner:
    """What a row of the table of methods says, for values of its parameters."""
    row, factor = methods[method], methods[method].factor
    guards = [parameters[name] for name, known in row.parameters.items() if known.guards]
    return Manner(
        factor.bound(parameters.get("momentum", 0.0)) if factor else math.inf,
        1.0 * (factor is PLAIN),
        1.0 * either(False, *(guard == 0 for guard in guards)),
        1.0 * row.second_order,
        noise,
        tolerance,
    )
