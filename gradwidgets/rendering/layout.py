"""Where panels stand in a painted picture, and where in a panel a place is.

Lengths are in pixels of a screen, y downwards, as in the browser. front/layout.js is its partner.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.panels import Panel

DPI = 100  # pixels to the inch
NARROW, WIDE = 620, 900  # below these widths few or many panels stand in one column
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 34, 50  # around a panel: labels, ticks and title
TIGHT, BARE = 54, 8  # what is left of LEFT in one column, and where there are no axes
STACKED = 28  # between panels that share an axis
# Heights of a panel beside others: of a usual one, of one or two, of any.
READABLE, ROOMY, LOWEST = 90, 120, 46
LEADING = 0.53  # of the width: so wide is the main panel at most
SERVING, SERVED = 0.42, 150  # of its width, or in pixels: so high is one panel beside it at most
UNDER = 160  # the height of a panel below a map and a surface


@dataclass(frozen=True)
class Box:
    """Where a panel's axes lie in the picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Plan:
    """The size of a picture and the place of every panel."""

    width: int
    height: float
    boxes: Mapping[str, Box]


def plan(panels: Sequence[Panel], width: int) -> Plan:
    """Places for the panels: the first is the main one, the others stand beside or below it."""
    enough = NARROW if len(panels) <= 4 else WIDE
    if len(panels) == 1 or width < enough:
        return _one_column(panels, width)
    under = [panel for panel in panels if panel.under]
    upper = [panel for panel in panels if not panel.under]
    twins = len(upper) > 1 and upper[1].space is not None
    above = (_twins if twins else _two_columns)(upper, width)
    return _with_row(above, under) if under else above


def _one_column(panels: Sequence[Panel], width: int) -> Plan:
    boxes, bottom = {}, 0.0
    for place, panel in enumerate(panels):
        left = BARE if panel.bare else TIGHT if width < NARROW else LEFT
        room = width - left - RIGHT
        tallest = min(1.1 * room, 420) if place == 0 else min(0.75 * room, 260)
        size = _fit(panel, min(room, panel.most), max(tallest * panel.tall, LOWEST, panel.least))
        top = bottom + (STACKED if panel.stacked else TOP + (BOTTOM if place else 0))
        boxes[panel.name] = Box(left, top, *size)
        bottom = top + size[1]
    return Plan(width, math.ceil(bottom + BOTTOM), boxes)


def _twins(panels: Sequence[Panel], width: int) -> Plan:
    """A map and its surface side by side, the others in two columns below them."""
    pair, others = panels[:2], panels[2:]
    across, tallest = width / 2 - LEFT - RIGHT, min(0.4 * width + 30, 440)
    boxes = {
        panel.name: Box(left, TOP, *_fit(panel, across, tallest))
        for panel, left in zip(pair, (LEFT, width / 2 + LEFT / 2), strict=True)
    }
    columns = min(2, len(others))
    for start in range(0, len(others), 2):
        row = others[start : start + 2]
        top = max(box.top + box.height for box in boxes.values()) + BOTTOM + TOP
        height = max(UNDER * max(panel.tall for panel in row), LOWEST)
        for place, panel in enumerate(row):
            left = place * width / columns + LEFT
            boxes[panel.name] = Box(left, top, width / columns - LEFT - RIGHT, height)
    lowest = max(box.top + box.height for box in boxes.values())
    return Plan(width, math.ceil(lowest + BOTTOM), boxes)


def _two_columns(panels: Sequence[Panel], width: int) -> Plan:
    stack = [panels[0], *takewhile(lambda panel: panel.stacked, panels[1:])]
    boxes, others = _stack(stack, width), panels[len(stack) :]
    last = boxes[stack[-1].name]
    height, right = last.top + last.height - TOP, LEFT + last.width
    rows = _rows(others)
    heights = _row_heights([max(p.tall for p in row) for row in rows], _height([height]))
    start, top = right + RIGHT, float(TOP)
    for row, high in zip(rows, heights, strict=True):
        left = start
        for panel, across in zip(row, _widths(row, width - start), strict=True):
            room = min(across - LEFT - RIGHT - 4, panel.most)
            most = high if panel.equal or len(rows) > 1 else max(SERVING * room, SERVED)
            boxes[panel.name] = Box(left + LEFT + 4, top, *_fit(panel, room, min(high, most)))
            left += across
        top += high + TOP + BOTTOM
    lowest = max(box.top + box.height for box in boxes.values())
    return Plan(width, math.ceil(lowest + BOTTOM), boxes)


def _rows(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    """Panels beside the main one: a small one shares its row with the next, many come in twos."""
    small = next((k for k, panel in enumerate(panels[:-1]) if panel.most < math.inf), None)
    if small is not None:
        return [*zip(panels[:small]), panels[small : small + 2], *zip(panels[small + 2 :])]
    columns = 1 if len(panels) <= 3 else 2
    return [panels[k : k + columns] for k in range(0, len(panels), columns)]


def _widths(row: Sequence[Panel], width: float) -> list[float]:
    """Widths of a row's panels: a small one has no more than it needs."""
    first = min(width / len(row), row[0].most + LEFT + RIGHT + 4) if len(row) > 1 else width
    return [first, *[(width - first) / max(len(row) - 1, 1)] * (len(row) - 1)]


def _stack(panels: Sequence[Panel], width: int) -> dict[str, Box]:
    """The main panel, and directly below it those that share its axis."""
    main, *others = panels
    tallest = max(min(0.36 * width + 20, 440) * main.tall, main.least)
    size = _fit(main, min(LEADING * width, main.most), tallest)
    boxes, top = {main.name: Box(LEFT, TOP, *size)}, TOP + size[1]
    for panel in others:
        box = Box(LEFT, top + STACKED, size[0], max(ROOMY * panel.tall, LOWEST))
        boxes[panel.name], top = box, box.top + box.height
    return boxes


def _with_row(above: Plan, under: Sequence[Panel]) -> Plan:
    """A plan with a row of panels below it, all of one height."""
    across = above.width / len(under)
    room = across - LEFT - RIGHT
    height = max(ROOMY, min(0.75 * room, 260)) * max(panel.tall for panel in under)
    boxes = {
        panel.name: Box(LEFT + place * across, above.height + TOP, *_fit(panel, room, height))
        for place, panel in enumerate(under)
    }
    whole = above.height + TOP + height + BOTTOM
    return Plan(above.width, math.ceil(whole), {**above.boxes, **boxes})


# ── heights ──────────────────────────────────────────────────────────────────────────────────────


def _height(axes: Sequence[float]) -> float:
    """The height of a column of axes with their titles and labels."""
    return sum(axes) + len(axes) * (TOP + BOTTOM)


def _row_heights(rows: Sequence[float], available: float) -> list[float]:
    """Heights of the axes in every row: shares of a height that is enough to read them all."""
    least = READABLE if len(rows) > 2 else ROOMY
    needed = sum(max(least * share, LOWEST) for share in rows)
    return _shared(max(available - len(rows) * (TOP + BOTTOM), needed), rows)


def _shared(height: float, shares: Sequence[float]) -> list[float]:
    """A height in proportion to shares, but none of them too low."""
    ordered = sorted(shares)
    for low in range(len(shares)):  # how many are lifted to the lowest height
        unit = (height - low * LOWEST) / sum(ordered[low:])
        if unit * ordered[low] >= LOWEST:
            break
    return [max(unit * share, LOWEST) for share in shares]


# ── inside of a panel ────────────────────────────────────────────────────────────────────────────


def _fit(panel: Panel, width: float, height: float) -> tuple[float, float]:
    """The largest box within a room, of the panel's own proportions where its axes are equal."""
    if not panel.equal:
        return width, height
    ratio = (panel.x[1] - panel.x[0]) / (panel.y[1] - panel.y[0])
    return min(width, height * ratio), min(height, width / ratio)


def to_pixels(panel: Panel, box: Box, places: Array) -> Array:
    """Pixels of places (…, 2) in a panel's coordinates."""
    (left, right), (bottom, top) = panel.x, panel.y
    x = box.left + (places[..., 0] - left) / (right - left) * box.width
    y = box.top + (top - places[..., 1]) / (top - bottom) * box.height
    return np.stack([x, y], axis=-1)
