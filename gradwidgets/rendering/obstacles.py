"""What labels avoid: handles, other markers, arrows, lines; front/label.js has the same."""

from __future__ import annotations

import math

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Arrow, Mark, Marker, Polyline
from gradwidgets.pictures.panels import Panel
from gradwidgets.rendering.layout import Box, to_pixels
from gradwidgets.rendering.pinning import FAR
from gradwidgets.rendering.placing import Obstacles

THICK = 2.0  # pixels: such a line strikes a label through as an arrow does
STRUCK, THIN = 1.0, 0.4  # what a pixel of it weighs, and one of a thinner line
FEW, MOST = 4, 60  # points of a line that labels avoid, and those of a longer one
LONG_LINE = 0.12  # what it weighs
ABOUT = 2.0  # pixels: it need not be avoided more exactly
FOLLOWED = 4.0  # heights of its panel that a steep curve is followed
HELD, OTHER = 4.0, 2.0  # what handles weigh, and other markers


def obstacles_of(panel: Panel, box: Box, mark: Mark, numbers: Array) -> Obstacles:
    """Those of one mark, in pixels; its numbers are the panel's own."""
    if isinstance(mark, Marker):
        return _boxes(mark, to_pixels(panel, box, numbers.reshape(-1, 2)))
    if isinstance(mark, Arrow):
        ends = to_pixels(panel, box, numbers.reshape(-1, 2)).reshape(-1, 4)
        return _lines(ends, STRUCK)
    if isinstance(mark, Polyline):
        return _along(mark, to_pixels(panel, box, _places(panel, mark, numbers)))
    return Obstacles()


def _boxes(mark: Marker, places: Array) -> Obstacles:
    held = mark.handle or mark.tick
    reach = mark.size * (0.7 if mark.handle else 0.5) + (4 if held else 1)
    boxes = np.concatenate([places - reach, places + reach], axis=1)
    return Obstacles(boxes, np.full(len(boxes), HELD if held else OTHER))


def _lines(ends: Array, weight: float) -> Obstacles:
    return Obstacles(lines=ends, line_weights=np.full(len(ends), weight))


def _places(panel: Panel, mark: Polyline, numbers: Array) -> Array:
    """The points of a line, which is followed only so far up and down."""
    if mark.along is None:
        return numbers.reshape(-1, 2)
    low, high = panel.y
    reach = FOLLOWED * (high - low)
    return np.stack([mark.along, np.clip(numbers, low - reach, high + reach)], axis=-1)


def _along(mark: Polyline, places: Array) -> Obstacles:
    """A line; of a long one some of its pieces stand for all."""
    pieces = _thinned(places)
    every = math.ceil((len(pieces) + 1) / MOST) if len(pieces) >= FEW else 0
    weight = LONG_LINE * every or (STRUCK if mark.width >= THICK else THIN)
    return _lines(pieces[:: every or 1], weight)


def _thinned(places: Array) -> Array:
    """The pieces (k, 4) of a line with fewer corners, but where it is interrupted."""
    from matplotlib.path import Path

    near = (np.abs(places) < FAR).all(axis=1, keepdims=True)
    path = Path(np.where(near, places, np.nan))
    path.simplify_threshold = ABOUT
    fewer = path.cleaned(simplify=True, remove_nans=True)
    corners, kinds = np.asarray(fewer.vertices), np.asarray(fewer.codes)
    pieces = np.concatenate([corners[:-1], corners[1:]], axis=1)
    return np.asarray(pieces[kinds[1:] == Path.LINETO])
