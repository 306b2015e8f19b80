"""Where labels stand among arrows: beside what they name, on nothing else, and on no other label.

It is written without branches on values, for it belongs to what moves with the point. Lengths are
pixels of a map of usual size, y upwards; a painter's own map may be somewhat larger or smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.scene import Label, Panel, row

USUAL = 400.0  # the longer side of a map
ASIDE, EDGE = 9.0, 2.0  # from a label to its place, and to the panel's edge
LINE = 0.57  # half the height of a line of text, in its size
FARTHER = (
    0.3  # what a place costs that is neither an arrow's tip nor its middle; one that is taken, 1
)
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


@dataclass(frozen=True)
class Sheet:
    """A map of usual size: its lower left corner, how many pixels a unit has, and its size."""

    corner: Array
    scale: Array
    size: Array


def sheet_of(panel: Panel) -> Sheet:
    """The sheet of a panel, as large as a map usually is."""
    low, high = np.array([panel.x, panel.y]).T
    scale = USUAL / (high - low)
    scale = np.full(2, scale.min()) if panel.equal else scale
    return Sheet(low, scale, (high - low) * scale)


def half_size(label: Label, *values: float) -> tuple[float, float]:
    """Half the width and half the height of a label with these values."""
    text = fill(label.texts[0], values)
    width = sum(_WIDTHS.get(letter, USUAL_WIDTH) for letter in text)
    return width * label.size / 2, LINE * label.size


@dataclass(frozen=True)
class Named:
    """A label to be placed: places beside which it may stand, and the way it would rather step."""

    anchors: Sequence[tuple[Any, Any]]
    half: tuple[float, float]
    toward: tuple[Any, Any]
    shown: Any


@dataclass(frozen=True)
class Obstacle:
    """An arrow, or with one place for both ends a dot: `wide` is half its width in pixels."""

    tail: tuple[Any, Any]
    tip: tuple[Any, Any]
    wide: float


def place_labels(
    sheet: Sheet, foot: tuple[Any, Any], labels: Sequence[Named], obstacles: Sequence[Obstacle]
) -> list[tuple[tuple[Any, Any], tuple[Any, Any], Any]]:
    """For every label its place on the map, the way it steps aside from there, and whether it can.

    Each label in turn takes what lies on no obstacle, on no label before it, and nearest to the way
    it would rather step; where arrows and edges leave nothing else, a place around their `foot`.
    If that is taken too it is not shown. A painter moves a label into the panel: that is foreseen.
    """
    choice, count = _choice(labels), sum(len(label.anchors) + len(RING) for label in labels)
    starts = anp.reshape(_starts(labels, foot), (2, count, 1)) + choice.offsets / _both(sheet.scale)
    places = anp.reshape(starts, (2, -1))
    shift = choice.shifts - sheet.corner[:, None] * sheet.scale[:, None]
    most = sheet.size[:, None] - choice.half - EDGE
    centres = anp.maximum(places * sheet.scale[:, None] + shift, choice.half + EDGE)
    centres = anp.minimum(centres, most)
    toward = row(*(part for label in labels for part in label.toward))
    price = _on_obstacles(sheet, obstacles, centres, choice.half)
    price = price + (choice.reluctance - anp.dot(choice.wishes, toward))
    table = anp.concatenate([places, choice.ways, centres])
    found = []
    for label, own in zip(labels, choice.own, strict=True):
        prices = price[own]
        least = anp.min(prices)
        chosen = anp.dot(table[:, own], anp.where(prices == least, 1.0, 0.0))
        shown = anp.logical_and(label.shown, least < 0.9)
        found.append(((chosen[0], chosen[1]), (chosen[2], chosen[3]), shown))
        if label is not labels[-1]:
            reach = choice.half + np.array(label.half)[:, None] + EDGE
            gaps = anp.abs(centres - chosen[4:, None]) - reach
            apart = anp.maximum(gaps[0], gaps[1])
            price = price + anp.where(apart < anp.where(shown, 0.0, -np.inf), 1.0, 0.0)
    return found


def _both(pair: Array) -> Array:
    """Numbers for x and y, ready for places of all anchors in all directions."""
    return pair[:, None, None]


class _Choice(NamedTuple):
    """What never changes of all places of all labels, one after the other."""

    own: list[slice]  # whose they are
    offsets: Array  # pixels from the anchor, x and y, a row for each anchor
    ways: Array  # how the label steps aside there
    shifts: Array  # from its place to the middle of its box
    half: Array
    reluctance: Array  # what a place costs: no two of a label's alike
    wishes: Array  # what it gains by the components of every label's `toward`


def _choice(labels: Sequence[Named]) -> _Choice:
    own, offsets, ways, half, wishes, costs = [], [], [], [], [], []
    start = 0
    for place, label in enumerate(labels):
        rows = [np.zeros((8, 2))] * len(label.anchors) + list(RING)
        steps = [DIRECTIONS] * len(label.anchors) + [np.zeros((8, 2))] * len(RING)
        count = 8 * len(rows)
        own.append(slice(start, start + count))
        start += count
        offsets += rows
        ways += steps
        half.append(np.full((count, 2), label.half))
        wish = np.zeros((count, 2 * len(labels)))
        wish[:, 2 * place : 2 * place + 2] = 0.02 * np.concatenate(steps)
        wishes.append(wish)
        order = np.arange(count)
        costs.append(1e-4 * order + np.where(order >= 8 * len(label.anchors), FARTHER, 0.0))
    way, halves = np.concatenate(ways), np.concatenate(half)
    side = np.where(np.abs(way) > 0.38, np.sign(way), 0.0)  # as painters have it
    return _Choice(
        own,
        np.array(offsets).transpose(2, 0, 1),
        way.T,
        (ASIDE * way + side * halves).T,
        halves.T,
        np.concatenate(costs),
        np.concatenate(wishes),
    )


def _starts(labels: Sequence[Named], foot: tuple[Any, Any]) -> Any:
    """All labels' anchors, x and then y; around the foot stands a ring of places."""
    places = [place for label in labels for place in (*label.anchors, *([foot] * len(RING)))]
    return row(*(place[axis] for axis in (0, 1) for place in places))


def _on_obstacles(sheet: Sheet, obstacles: Sequence[Obstacle], centres: Any, half: Array) -> Any:
    """On how many obstacles each box lies: a segment misses it along x, along y, or sideways."""
    shape = (2, 2, len(obstacles), 1)
    numbers = (end[axis] for axis in (0, 1) for ends in _ends(obstacles) for end in ends)
    ends = anp.reshape(row(*numbers), shape)
    tails, tips = ends[:, 0], ends[:, 1]
    scale = _both(sheet.scale) / 2
    middles, run = (tails + tips) * scale - 2 * _both(sheet.corner) * scale, (tips - tails) * scale
    reach = half[:, None, :] + np.array([each.wide for each in obstacles])[:, None]
    off, long = centres[:, None, :] - middles, anp.abs(run)
    turned, shadow = off * run[::-1], reach * long[::-1]
    apart = anp.abs(turned[0] - turned[1]) - (shadow[0] + shadow[1])
    gaps = anp.abs(off) - (reach + long)
    touched = anp.maximum(anp.maximum(gaps[0], gaps[1]), apart) <= 0
    return anp.sum(1.0 * touched, axis=0)


def _ends(obstacles: Sequence[Obstacle]) -> tuple[list[Any], list[Any]]:
    return [each.tail for each in obstacles], [each.tip for each in obstacles]
