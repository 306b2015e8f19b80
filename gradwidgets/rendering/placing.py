"""Where labels stand, so that none lies on another, on an arrow or on a handle.

front/placing.js has the same rule, and the same numbers. Lengths are pixels, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array

APART = 8.0  # between words of two labels
FARTHER = 14.0  # where all that is near is taken
INSIDE = 2.0  # from a room's edge
FAR_COST, TAKEN = 0.4, 12.0
LOYAL = 0.5  # what another place must be better by: labels do not hop
_TURNS = np.radians([0, 45, -45, 90, -90, 135, -135, 180])  # from where a label would step
_COSINE, _SINE = np.cos(_TURNS), np.sin(_TURNS)
_PREFERRED = np.array([0, 0.12, 0.12, 0.3, 0.3, 0.45, 0.45, 0.5])
_RELUCTANCE = np.concatenate([_PREFERRED + FAR_COST * more for more in range(3)])


class Asked(NamedTuple):
    """A label with half its width and height, which keeps within its room.

    `toward` is where it steps aside, a unit long, or where that is nothing it is at its place;
    one that is `still` has no choice, and one that is `level` that of two sides, and it chooses
    before others. A room, as every box, is left, top, right, bottom.
    """

    name: str
    anchor: Array
    toward: Array
    half: Array
    aside: float
    room: Array
    still: bool
    level: bool = False


class Obstacles(NamedTuple):
    """What labels avoid: boxes (k, 4), lines (k, 4) from two numbers to the others; their weights.

    >>> Obstacles.joined([]).boxes.shape
    (0, 4)
    """

    boxes: Array = np.empty((0, 4))
    box_weights: Array = np.empty(0)
    lines: Array = np.empty((0, 4))
    line_weights: Array = np.empty(0)

    @classmethod
    def joined(cls, several: Iterable[Obstacles]) -> Obstacles:
        """Those of several kinds as one."""
        return cls(*map(np.concatenate, zip(*[cls(), *several], strict=True)))


def middles_of(
    labels: Sequence[Asked], obstacles: Obstacles, chosen: dict[str, int]
) -> dict[str, Array]:
    """The middles of labels by their names.

    One after the other, each keeps near its own side, and where it was: `chosen` holds the choice
    of each, and is kept for the next time.

    >>> room = np.array([0, 0, 400, 300])
    >>> one = Asked("one", np.array([9, 99]), np.array([1, 0]), np.array([30, 7]), 9, room, False)
    >>> middles_of([one], Obstacles(), {})["one"].tolist()
    [48.0, 99.0]
    """
    taken, middles = np.empty((0, 4)), {}
    for label in sorted(labels, key=lambda label: not (label.still or label.level)):
        places = _places(label)
        costs = _RELUCTANCE[: len(places)] + _badness(_around(places, label.half), obstacles, taken)
        if chosen.get(label.name, len(costs)) < len(costs):
            costs[chosen[label.name]] -= LOYAL
        best = chosen[label.name] = int(np.argmin(costs))
        middles[label.name] = places[best]
        words = _around(places[best], label.half + np.array([APART, 0.0]))
        taken = np.concatenate([taken, words[None]])
    return middles


def _places(label: Asked) -> Array:
    """All the middles (k, 2) that a label might have, its own first."""
    sides = np.array([[1.0], [-1.0]])[: 1 if label.still or not label.level else 2]
    own = _middles(label, sides * label.toward, label.aside)
    if label.still or label.level:
        return own
    free = bool(label.toward.any())
    x, y = label.toward if free else (0.0, -1.0)
    ways = np.stack([_COSINE * x - _SINE * y, _SINE * x + _COSINE * y], axis=-1)
    every = [_middles(label, ways, label.aside + more * FARTHER) for more in range(3)]
    found = np.concatenate(every)
    return found if free else np.concatenate([own, found[1:]])


def _middles(label: Asked, ways: Array, aside: float) -> Array:
    """Where a label's middle is when it steps aside in these directions (k, 2)."""
    side = np.where(np.abs(ways) > 0.38, np.sign(ways), 0.0)
    inside = INSIDE + label.half
    wanted = label.anchor + aside * ways + label.half * side
    return np.minimum(np.maximum(wanted, label.room[:2] + inside), label.room[2:] - inside)


def _around(middles: Array, half: Array) -> Array:
    return np.concatenate([middles - half, middles + half], axis=-1)


def _badness(boxes: Array, obstacles: Obstacles, taken: Array) -> Array:
    """What is bad about each of some boxes (k, 4): 0 where nothing is."""
    weights = np.concatenate([np.full(len(taken), TAKEN), obstacles.box_weights])
    shares = shares_in(boxes, np.concatenate([taken, obstacles.boxes]))
    hits = np.where(shares > 0, 0.2 + 2 * shares, 0.0) @ weights
    high = boxes[:, 3] - boxes[:, 1]
    struck: Array = lengths_in(boxes, obstacles.lines) @ obstacles.line_weights
    return np.asarray(hits + struck / high)


def shares_in(boxes: Array, others: Array) -> Array:
    """The share (k, m) of each box (k, 4) that lies in each of the others (m, 4).

    >>> shares_in(np.array([[0, 0, 4, 2]]), np.array([[3, 0, 9, 9], [5, 0, 9, 9]])).tolist()
    [[0.25, 0.0]]
    """
    low = np.maximum(boxes[:, None, :2], others[:, :2])
    wide = np.minimum(boxes[:, None, 2:], others[:, 2:]) - low
    whole = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return np.asarray(np.prod(np.maximum(wide, 0.0), axis=2) / whole[:, None])


def lengths_in(boxes: Array, lines: Array) -> Array:
    """How many pixels (k, m) of each line (m, 4) lie in each box (k, 4); none, if it has no place.

    >>> lengths_in(np.array([[0, 0, 4, 2]]), np.array([[-4, 1, 12, 1], [1, 1, 1, 9]])).tolist()
    [[4.0, 1.0]]
    """
    start, step = lines[:, :2], lines[:, 2:] - lines[:, :2]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one = (boxes[:, None, :2] - start) / step
        two = (boxes[:, None, 2:] - start) / step
    flat = np.abs(step) < 1e-9  # along an axis: it is in the box all along, or nowhere
    within = (boxes[:, None, :2] <= start) & (start <= boxes[:, None, 2:])
    enter = np.where(flat, np.where(within, 0.0, 2.0), np.minimum(one, two)).max(axis=2)
    leave = np.where(flat, 1.0, np.maximum(one, two)).min(axis=2)
    share = np.minimum(leave, 1.0) - np.maximum(enter, 0.0)
    return np.where(share > 0, share, 0.0) * np.where(share > 0, np.hypot(*step.T), 0.0)
