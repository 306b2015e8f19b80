"""Values and derivatives on a whole grid, and how fine one may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwidgets.calculus.types import Array

GRID_WORK = 600_000  # operations that one repaint may cost: the finest grid is this over the size
GRID_POINTS = 200_000
FINEST, COARSEST = 121, 41


@dataclass(frozen=True)
class Grid:
    """Values and derivatives of a field on a grid; NaN where the field is undefined.

    Shapes: `values` is (len(axis) for every axis), indexed in the order of the variables;
    `gradient` is (n, *shape) and `hessian` (n, n, *shape), or None where they were not asked for.
    """

    axes: tuple[Array, ...]
    values: Array
    gradient: Array | None = None
    hessian: Array | None = None


def grid_of(axes: tuple[Array, ...], found: Sequence[Any], order: int) -> Grid:
    """A grid from a function's flat results on the mesh of its axes, derivatives up to `order`.

    It masks what autograd answers where the function itself has no finite value.
    """
    shape, count = tuple(axis.size for axis in axes), len(axes)
    parts = np.empty((len(found), *shape))
    for place, part in enumerate(found):
        parts[place] = part
    undefined = ~np.isfinite(parts[0])
    if undefined.any():
        parts[:, undefined] = np.nan
    values, gradient = parts[0], parts[1 : count + 1] if order else None
    hessian = parts[count + 1 :].reshape(count, count, *shape) if order == 2 else None
    return Grid(axes, values, gradient, hessian)


def finest_map(size: int) -> int:
    """How many points along both axes of a map one repaint affords, of so many operations."""
    return int(np.clip(np.sqrt(GRID_WORK / size), COARSEST, FINEST))


def finest_grid(size: int, variables: int) -> int:
    """The same along every axis of a grid over all variables."""
    return min(finest_map(size), int(GRID_POINTS ** (1 / variables)))
