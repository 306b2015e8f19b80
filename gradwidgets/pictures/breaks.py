"""Where a map's function is undefined at a place of its grid alone, and where it jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array

BESIDE = 1e-6  # of the grid's spacing: so near to a place f tells what it is like around it
SUDDEN = 4.0  # times the change from a neighbour to the next: what may be a jump
VISIBLE = 0.01  # of all that the map shows: a smaller jump is left alone
HALVINGS = 12  # after which a smooth change is next to nothing
LARGEST = 1e307
SETTLED = 0.05  # of the change: with so little left it is none, and is halved no more
LEFT = 0.25  # of the change: what is left of a jump, however near its two sides are

Cut = Callable[[Any, Any], Any]


def filled(cut: Cut, x: Array, y: Array, values: Array) -> Array:
    """Values over a grid, with f close by wherever it is undefined at a place of the grid alone.

    So a line along which f is undefined does not look like a region.

    >>> x = np.array([-1.0, 0.0, 1.0])
    >>> unknown = np.full((3, 3), np.nan)
    >>> filled(lambda x, y: np.sin(x) / x + y, x, x, unknown)[1].round(5).tolist()
    [0.0, 1.0, 2.0]
    """
    values = values.copy()
    (dx, dy) = BESIDE * (x[1] - x[0]), BESIDE * (y[1] - y[0])
    for across, up in ((1, 1), (-1, -1), (1, -1), (-1, 1)):
        i, j = np.nonzero(np.isnan(values))
        if len(i):
            near = _values(cut, x[i] + across * dx, y[j] + up * dy)
            values[i, j] = np.where(np.isfinite(near), near, np.nan)
    return values


@np.errstate(all="ignore")
def torn(cut: Cut, x: Array, y: Array, values: Array, span: float) -> Array:
    """The places of a grid beside which f jumps, by a visible part of `span`.

    A sudden change between neighbours is halved until a smooth one would have vanished.

    >>> x = np.linspace(0, 1, 6)
    >>> step = lambda x, y: np.where(x > 0.5, 1.0, 0.0) + 0 * y
    >>> torn(step, x, x, step(*np.meshgrid(x, x, indexing="ij")), 1.0)[:, 0].astype(int).tolist()
    [0, 0, 1, 1, 0, 0]
    """
    found = np.zeros(values.shape, bool)
    for axis in (0, 1):
        sudden = np.argwhere(_sudden(values, axis, VISIBLE * span))
        ends = [sudden, sudden + np.eye(2, dtype=int)[axis]]
        places = [np.stack([x[end[:, 0]], y[end[:, 1]]]) for end in ends]
        jumps = _jumps(cut, places, [values[tuple(end.T)] for end in ends])
        for end in ends:
            found[tuple(end[jumps].T)] = True
    return found


def _sudden(values: Array, axis: int, least: float) -> Array:
    """From which places to the next f changes much more than from there on."""
    change = np.abs(np.diff(values, axis=axis))
    gap = np.full_like(np.take(change, [0], axis), np.nan)
    before = np.concatenate([gap, np.delete(change, -1, axis)], axis)
    after = np.concatenate([np.delete(change, 0, axis), gap], axis)
    return np.asarray((change > SUDDEN * np.fmin(before, after)) & (change > least))


def _jumps(cut: Cut, places: list[Array], values: list[Array]) -> Array:
    """Which changes do not vanish as their two ends approach each other."""
    (low, high), (below, above) = places, values
    whole, still = np.abs(above - below), np.arange(len(below))
    found = np.zeros(len(below), bool)
    for _ in range(HALVINGS if len(found) else 0):
        middle = (low + high) / 2
        value = np.clip(_values(cut, *middle), -LARGEST, LARGEST)
        left = ~(np.abs(above - value) > np.abs(value - below))
        low, high = np.where(left, low, middle), np.where(left, middle, high)
        below, above = np.where(left, below, value), np.where(left, value, above)
        doubtful = ~(np.abs(above - below) <= SETTLED * whole)
        low, high, still = low[:, doubtful], high[:, doubtful], still[doubtful]
        below, above, whole = below[doubtful], above[doubtful], whole[doubtful]
    found[still] = np.abs(above - below) > LEFT * whole
    return found


def _values(cut: Cut, x: Array, y: Array) -> Array:
    """f at many places; NaN where a callable fails."""
    try:
        with calm():
            return np.asarray(cut(x, y), float) + 0.0 * x
    except Exception:  # a callable may fail anywhere
        return np.full(x.shape, np.nan)
