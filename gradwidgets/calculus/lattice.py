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
    """The function of numbers with these weights of its splines."""
    axes = "abc"[: weights.ndim]
    subscripts = f"{axes},{','.join(axes)}->"
    sides = [
        (low, (count - 3) / (high - low), np.arange(-1.0, count - 1.0))
        for (low, high), count in zip(domain, weights.shape, strict=True)
    ]

    def f(*place: Any) -> Any:
        parts = []
        for x, (low, per_step, knots) in zip(place, sides, strict=True):
            parts.append(_splines((x - low) * per_step - knots))
        return anp.einsum(subscripts, weights, *parts)

    return f


def _splines(away: Any) -> Any:
    """What splines have at distances from their middles, in steps.

    Without the size of a distance, whose second derivative is wrong in the middle.
    """
    near = anp.clip(away, -2.0, 2.0)
    third = [anp.maximum(near + shift, 0.0) ** 3 for shift in (2.0, 1.0, 0.0, -1.0)]
    return (third[0] - 4.0 * third[1] + 6.0 * third[2] - 4.0 * third[3]) / 6.0


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
