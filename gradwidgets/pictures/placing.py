"""Where labels stand among arrows: beside what they name, on nothing else, and on no other label.

It is written without branches on values, for it belongs to what moves with the point. Lengths are
pixels of a map of usual size, y upwards; a painter's own map may be somewhat larger or smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from numpy.typing import NDArray

from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.marks import Label
from gradwidgets.pictures.numbers import row
from gradwidgets.pictures.window import Ends

USUAL = 400.0  # the longer side of a map
ASIDE, EDGE = 9.0, 2.0  # from a label to its place, and to the panel's edge
LINE = 0.57  # half the height of a line of text, in its size
FARTHER = (
    0.3  # what a place costs that is neither an arrow's tip nor its middle; one that is taken, 1
)
WISH = 0.02  # what a step along the way gains that a label would rather go
STRIP = 28.0  # pixels around a panel, where what is free may be
_ROOT = 0.5**0.5
DIRECTIONS = np.array(
    [(0, 1), (0, -1), (1, 0), (-1, 0), *((s * _ROOT, t * _ROOT) for s in (1, -1) for t in (1, -1))]
)
_TURNS = np.arange(8) * (np.pi / 4)
RING = np.stack([(74, 96), (34, 58)], axis=-1)[:, None, :] * np.stack(
    [np.cos(_TURNS), np.sin(_TURNS)], axis=-1
)
RING = RING.reshape(-1, 8, 2)  # pixels around the point
# Widths of letters in matplotlib's type, which is wide, in its size.
_WIDTHS = {" ": 0.32, ".": 0.32, "f": 0.36, "/": 0.34, "=": 0.84, "−": 0.84, "·": 0.32}
USUAL_WIDTH = 0.64


class Sheet(NamedTuple):
    """A map of usual size: its lower left corner, how many pixels a unit has, and its size.

    All three have two components, along x and along y.
    """

    corner: Any
    scale: Any
    size: Any


def sheet_of(x: Ends, y: Ends, equal: bool) -> Sheet:
    """The sheet of a panel that shows so much, as large as a map usually is."""
    low, high = row(x[0], y[0]), row(x[1], y[1])
    scale = USUAL / (high - low)
    scale = anp.min(scale) * np.ones(2) if equal else scale
    return Sheet(low, scale, (high - low) * scale)


def half_size(label: Label, *values: float) -> tuple[float, float]:
    """Half the width and half the height of a label with these values."""
    text = fill(label.texts[0], values)
    width = sum(_WIDTHS.get(letter, USUAL_WIDTH) for letter in text)
    return width * label.size / 2, LINE * label.size


class Named(NamedTuple):
    """A label to be placed: places beside which it may stand, and the way it would rather step."""

    anchors: Sequence[tuple[Any, Any]]
    half: tuple[float, float]
    toward: tuple[Any, Any]
    shown: Any
    free: bool = False  # whether it may leave the panel beside an anchor


class Obstacle(NamedTuple):
    """An arrow, or with one place for both ends a dot: `wide` is half its width in pixels."""

    tail: tuple[Any, Any]
    tip: tuple[Any, Any]
    wide: float


@copied_in
def place_labels(
    sheet: Sheet, foot: tuple[Any, Any], labels: Sequence[Named], obstacles: Sequence[Obstacle]
) -> list[tuple[tuple[Any, Any], tuple[Any, Any], Any]]:
    """For every label its place on the map, the way it steps aside from there, and whether it can.

    Each label in turn takes what lies on no obstacle, on no label before it, and nearest to the way
    it would rather step; where arrows and edges leave nothing else, a place around their `foot`.
    If that is taken too it is not shown. A painter moves a label into the panel, or if it is free
    near to it: that is foreseen.
    """
    choice, every = _choice(sheet, labels), [label.anchors for label in labels]
    tails, tips = [each.tail for each in obstacles], [each.tip for each in obstacles]
    marked = _side_by_side([foot, *(place for own in every for place in own), *tails, *tips])
    places = marked[:, choice.anchor] + choice.offsets
    centres = anp.maximum(places * choice.scale + choice.shifts, choice.least)
    centres = anp.minimum(centres, choice.most)
    toward = _side_by_side([label.toward for label in labels])[:, choice.whose]
    arrows = marked[:, -2 * len(obstacles) :]
    price = _on_obstacles(sheet, obstacles, arrows, centres, choice.half)
    price = price + (choice.reluctance - WISH * anp.sum(choice.ways * toward, axis=0))
    table, (x, y) = anp.concatenate([places, choice.ways, centres]), (centres[0], centres[1])
    found = []
    for label, own in zip(labels, choice.own, strict=True):
        prices = price[own]
        least = anp.min(prices)
        chosen = anp.dot(table[:, own], anp.where(prices == least, 1.0, 0.0))
        shown = anp.logical_and(label.shown, least < 0.9)
        found.append(((chosen[0], chosen[1]), (chosen[2], chosen[3]), shown))
        if label is not labels[-1]:
            wide, high = choice.half + np.array(label.half)[:, None] + EDGE
            beside = anp.abs(x - anp.where(shown, chosen[4], np.nan)) < wide
            level = anp.abs(y - anp.where(shown, chosen[5], np.nan)) < high
            price = price + anp.where(anp.logical_and(beside, level), 1.0, 0.0)
    return found


def _side_by_side(places: Sequence[tuple[Any, Any]]) -> Any:
    """Places as columns."""
    return anp.reshape(row(*(place[axis] for axis in (0, 1) for place in places)), (2, -1))


class _Choice(NamedTuple):
    """What only the window changes of all places of all labels, one after the other."""

    own: list[slice]  # those of each label
    whose: NDArray[np.intp]  # the label's number
    anchor: NDArray[np.intp]  # of the foot and all anchors in a row the one where it is
    offsets: Any  # from there, in the map's units
    ways: Array  # how the label steps aside there
    scale: Any
    shifts: Any  # from its place to the middle of its box
    half: Array
    least: Array  # the middle of a box that touches the panel's edges
    most: Any
    reluctance: Array  # what a place costs: no two of a label's alike


def _choice(sheet: Sheet, labels: Sequence[Named]) -> _Choice:
    own, anchor, offsets, ways, half, costs, room = [], [], [], [], [], [], []
    start, first = 0, 1
    for label in labels:
        beside = len(label.anchors)
        rows = [np.zeros((8, 2))] * beside + list(RING)
        steps = [DIRECTIONS] * beside + [np.zeros((8, 2))] * len(RING)
        count = 8 * len(rows)
        own.append(slice(start, start + count))
        anchor += [*range(first, first + beside), *[0] * len(RING)]
        start, first = start + count, first + beside
        offsets += rows
        ways += steps
        half.append(np.full((count, 2), label.half))
        order = np.arange(count)
        room.append(np.where(order < 8 * beside, label.free * STRIP, 0.0))
        costs.append(1e-4 * order + np.where(order >= 8 * beside, FARTHER, 0.0))
    way, halves, away = (np.concatenate(parts).T.copy() for parts in (ways, half, offsets))
    inside = halves + EDGE - np.concatenate(room)
    side = np.where(np.abs(way) > 0.38, np.sign(way), 0.0)  # as painters have it
    scale = sheet.scale[:, None] * np.ones(start)
    return _Choice(
        own,
        np.repeat(np.arange(len(labels)), [part.stop - part.start for part in own]),
        np.repeat(anchor, 8),
        away / scale,
        way,
        scale,
        ASIDE * way + side * halves - (sheet.corner * sheet.scale)[:, None],
        halves,
        inside,
        sheet.size[:, None] - inside,
        np.concatenate(costs),
    )


def _on_obstacles(
    sheet: Sheet, obstacles: Sequence[Obstacle], ends: Any, centres: Any, half: Array
) -> Any:
    """On how many obstacles each box lies: a segment misses it along x, along y, or sideways.

    `ends` are all tails, then all tips, as columns. Sizes of boxes and widths of obstacles are put
    together last: their sums for all pairs would be the most of a program's constants.
    """
    count = len(obstacles)
    tails, tips = ends[:, :count], ends[:, count:]
    scale = sheet.scale[:, None] / 2 * np.ones(count)
    middles = (tails + tips) * scale - 2 * sheet.corner[:, None] * scale
    run = (tips - tails) * scale
    long = anp.abs(run)
    wide = np.array([each.wide for each in obstacles])
    off = centres[:, None, :] - middles[:, :, None]
    turned, shadow = off * run[::-1, :, None], half[:, None, :] * long[::-1, :, None]
    apart = anp.abs(turned[0] - turned[1]) - (shadow[0] + shadow[1])
    apart = apart - (wide * (long[0] + long[1]))[:, None]
    gaps = anp.abs(off) - half[:, None, :] - (wide + long)[:, :, None]
    touched = anp.maximum(anp.maximum(gaps[0], gaps[1]), apart) <= 0
    return anp.dot(np.ones(count), 1.0 * touched)
