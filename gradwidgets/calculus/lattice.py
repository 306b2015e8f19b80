"""A function known by its values on a lattice alone, smooth in between, and traced in any case.

Cubic B-splines go through all values, and have two derivatives everywhere. So a callable that
branches on values can be shown where no Python is, as well as a lattice tells of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Array

PLACES = {1: 121, 2: 41, 3: 13}  # along each side, for so many variables


def interpolated(field: ScalarField) -> ScalarField:
    """The field as its values on a lattice over its domain tell of it.

    Raises:
        ValueError: too many variables, or values that are none.

    >>> known = interpolated(ScalarField(lambda x: x**3 if x > 0 else -(x**3), (-1, 1)))
    >>> known.traced.why, [round(known.value(x), 4) for x in (-0.5, 0.205)]
    ('', [0.125, 0.0086])
    """
    count = PLACES.get(len(field.variables))
    if count is None:
        raise ValueError(f"{len(field.variables)} variables are too many for a lattice")
    values = field.on_grid(*(field.axis(name, count) for name in field.variables)).values
    if not np.isfinite(values).all():
        raise ValueError(f"{field.text} is not a finite number everywhere")
    function = _spline(_weights(values), list(field.domain.values()))
    function.__name__, function.on_lattice = field.text, True  # type: ignore[attr-defined]
    made = ScalarField(function, field.domain, field.variables)
    made.start = field.start
    return made


def is_interpolated(field: ScalarField) -> bool:
    """Whether a field is one of these."""
    return hasattr(field.source, "on_lattice")


def _spline(weights: Array, domain: list[tuple[float, float]]) -> Callable[..., Any]:
    """The function of numbers with these weights of its splines, undefined far outside.

    Of all splines four along each axis count anywhere. Their weights are found by sums of zeros and
    one of them, which round nowhere, and are added in an order of our own: in a longer sum each
    machine rounds otherwise, and a difference quotient shows it.
    """
    counts = weights.shape
    places = [np.arange(float(count)) for count in counts]

    def f(*place: Any) -> Any:
        known = zip(place, domain, counts, strict=True)
        cells = [_cell(x, ends, count - 2) for x, ends, count in known]

        def added(axis: int, left: Any) -> Any:
            if axis == len(counts):
                return left
            more = "bc"[: len(counts) - axis - 1]
            cell, splines = cells[axis]
            parts = []
            for k, share in enumerate(splines):
                here = anp.where(places[axis] == cell + k, 1.0, 0.0)
                parts.append(share * added(axis + 1, anp.einsum(f"a{more},a->{more}", left, here)))
            return parts[0] + parts[1] + parts[2] + parts[3]

        return added(0, weights)

    return f


def _cell(x: Any, ends: tuple[float, float], count: int) -> tuple[Any, list[Any]]:
    """Between which places of an axis a number stands, and what the four splines have there."""
    low, high = ends
    along = (x - low) * ((count - 1) / (high - low))
    is_near = anp.logical_and(along > -1.0, along < float(count))
    cell = anp.where(is_near, anp.clip(anp.floor(along), 0.0, count - 2.0), np.nan)
    up = along - cell
    down = 1.0 - up
    return cell, [
        down * down * down / 6.0,
        (4.0 - 3.0 * (2.0 - up) * up * up) / 6.0,
        (4.0 - 3.0 * (2.0 - down) * down * down) / 6.0,
        up * up * up / 6.0,
    ]


def _weights(values: Array) -> Array:
    """Those of the splines that go through values: two more along each side, bent as their
    neighbours are."""
    for axis in range(values.ndim):
        count = values.shape[axis]
        system = np.zeros((count + 2, count + 2))
        for row in range(count):
            system[row + 1, row : row + 3] = 1 / 6, 2 / 3, 1 / 6
        system[0, :5] = system[-1, -5:] = 1, -4, 6, -4, 1  # no knot at the second place
        known = np.moveaxis(values, axis, 0)
        padded = np.concatenate([0 * known[:1], known, 0 * known[:1]])
        solved = np.linalg.solve(system, padded.reshape(count + 2, -1))
        values = np.moveaxis(solved.reshape(padded.shape), 0, axis)
    return values
