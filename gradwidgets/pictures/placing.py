"""Where labels stand among arrows: beside what they name, on nothing else, and on no other label.

It is written without branches on values, for it belongs to what moves with the point. Lengths are
pixels of a map of usual size, y upwards; a painter's own map may be somewhat larger or smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.scene import Label, Panel, points

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
_TURNS = np.arange(16) * (np.pi / 8)
RING = np.stack([(74, 96), (34, 58)], axis=-1)[:, None, :] * np.stack(
    [np.cos(_TURNS), np.sin(_TURNS)], axis=-1
)
RING = RING.reshape(-1, 2)  # around the point, in pixels
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
    counts = [len(label.anchors) * len(DIRECTIONS) + len(RING) for label in labels]
    ways = np.concatenate([_ways(label) for label in labels])
    half = np.repeat(np.array([label.half for label in labels]), counts, axis=0)
    around = points(foot) + RING / sheet.scale
    anchors = anp.concatenate([_each_way(label.anchors, around) for label in labels])
    centres = (anchors - sheet.corner) * sheet.scale + (ASIDE * ways + _side(ways) * half)
    centres = anp.minimum(anp.maximum(centres, half + EDGE), sheet.size - half - EDGE)
    x, y = centres[:, 0], centres[:, 1]
    cost = _on_obstacles(sheet, obstacles, x, y, half)
    found, start = [], 0
    for label, count in zip(labels, counts, strict=True):
        own = slice(start, start + count)
        start += count
        astray = ways[own, 0] * label.toward[0] + ways[own, 1] * label.toward[1]
        price = cost[own] + _reluctance(count) - 0.02 * astray
        best = anp.min(price)
        chosen = anp.where(price == best, 1.0, 0.0)[:, None]
        where, way = anp.sum(chosen * anchors[own], axis=0), anp.sum(chosen * ways[own], axis=0)
        shown = anp.logical_and(label.shown, best < 0.9)
        found.append(((where[0], where[1]), (way[0], way[1]), shown))
        if start < len(ways):
            stands = anp.sum(chosen * centres[own], axis=0)
            beside = anp.abs(x - stands[0]) < half[:, 0] + (label.half[0] + EDGE)
            level = anp.abs(y - stands[1]) < half[:, 1] + (label.half[1] + EDGE)
            taken = anp.logical_and(anp.logical_and(beside, level), shown)
            cost = cost + anp.where(taken, 1.0, 0.0)
    return found


def _ways(label: Named) -> Array:
    """How a label steps aside at each of its places; around the foot it stands where it is."""
    return np.concatenate([np.tile(DIRECTIONS, (len(label.anchors), 1)), 0.0 * RING])


def _reluctance(count: int) -> Array:
    """What the places of a label cost: no two alike, and those around the foot more."""
    order = np.arange(count)
    return 1e-4 * order + np.where(order >= count - len(RING), FARTHER, 0.0)


def _each_way(anchors: Sequence[tuple[Any, Any]], around: Any) -> Any:
    """Places, each as often as there are directions, and those around the foot: shape (n, 2)."""
    often = points(*anchors)[:, None, :] + np.zeros((1, len(DIRECTIONS), 2))
    return anp.concatenate([anp.reshape(often, (-1, 2)), around])


def _side(ways: Array) -> Array:
    """On which side of its place a label stands, as painters have it."""
    return np.where(np.abs(ways) > 0.38, np.sign(ways), 0.0)


def _on_obstacles(sheet: Sheet, obstacles: Sequence[Obstacle], x: Any, y: Any, half: Array) -> Any:
    """On how many obstacles each box lies: a segment misses it along x, along y, or sideways."""
    tails = (points(*(each.tail for each in obstacles)) - sheet.corner) * sheet.scale
    tips = (points(*(each.tip for each in obstacles)) - sheet.corner) * sheet.scale
    middles, runs = (tails + tips) / 2, (tips - tails) / 2
    wide = np.array([each.wide for each in obstacles])
    across, up = half[:, :1] + wide, half[:, 1:] + wide
    off_x, off_y = x[:, None] - middles[:, 0], y[:, None] - middles[:, 1]
    run, rise = runs[:, 0], runs[:, 1]
    long_x, long_y = anp.abs(run), anp.abs(rise)
    apart = anp.abs(off_x * rise - off_y * run) - (across * long_y + up * long_x)
    apart_x, apart_y = anp.abs(off_x) - (across + long_x), anp.abs(off_y) - (up + long_y)
    return anp.sum(anp.where(anp.maximum(anp.maximum(apart_x, apart_y), apart) <= 0, 1.0, 0.0), 1)
