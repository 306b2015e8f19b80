"""The box in which a surface stands: from the field's coordinates in a window to its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.pictures.arrows import Lengths
from gradwidgets.pictures.numbers import Numbers, beside, points, row
from gradwidgets.pictures.window import Ends, Window, longer

# Lengths in the box; its floor reaches from −1 to 1.
FLOOR, LOW, HIGH = -1.05, -0.3, 0.75  # heights of the floor, of the least and the greatest value
WIDE, BELOW, ABOVE = 1.72, 1.84, 1.6  # what the panel shows: enough for every turn of the box
KNOB = 0.14  # the place of the knob that turns the view: so far from the panel's corner


class Box(NamedTuple):
    """A surface's box in a window: from the field's coordinates to its own."""

    window: Window
    values: Ends  # the least and the greatest that are told apart
    drawn: Lengths
    function: Any
    centre: tuple[Any, Any]
    half_x: Any
    half_y: Any
    texts: Sequence[Any]  # for each end of the window whether its name is that of the domain's

    @property
    def width(self) -> Any:
        """How far the floor reaches along x."""
        ((left, right), _) = self.window.values()
        return (right - left) / 2 / self.half_x

    @property
    def depth(self) -> Any:
        """How far the floor reaches along y."""
        (_, (bottom, top)) = self.window.values()
        return (top - bottom) / 2 / self.half_y

    @property
    def rise(self) -> Any:
        """How high a unit of f is."""
        return (HIGH - LOW) / reach_of(self.values)

    def at(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A place of the field on the box's floor."""
        return (x - self.centre[0]) / self.half_x, (y - self.centre[1]) / self.half_y

    def height(self, value: Any) -> Any:
        """The height of a value."""
        return heights_of(self.values, value)


def placed(window: Window, equal: bool) -> tuple[Any, Any, Any, Any]:
    """The middle of a window, and how much of it is a unit of the box along x and along y."""
    middle = [(low + high) / 2 for low, high in window.values()]
    half = [(high - low) / 2 for low, high in window.values()]
    if equal:
        half = [longer(*half)] * 2
    return middle[0], middle[1], half[0], half[1]


def heights_of(span: Ends, values: Any) -> Any:
    """Heights of values in the box; what is beyond the range stands at its end."""
    share = (values - span[0]) / reach_of(span)
    known = anp.where(anp.isfinite(values), share, np.nan)
    return LOW + (HIGH - LOW) * anp.minimum(anp.maximum(known, 0.0), 1.0)


def reach_of(values: Ends) -> Any:
    """How far values reach; 1 where they are all one."""
    reach = values[1] - values[0]
    return anp.where(reach > 0, reach, 1.0)


def still_numbers(box: Box) -> Numbers:
    """What nothing moves but a turn."""
    w, d = box.width, box.depth
    corner = (WIDE - KNOB, ABOVE - KNOB)
    return {
        "floor": points(
            *((x, y, FLOOR) for x, y in ((-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)))
        ),
        "floor levels": np.empty(0),
        "surface mesh": np.empty(0),
        **_axes(box),
        "turn": row(*corner),
        "turn label": beside(corner, (-1.0, 0.0), True),
    }


def _axes(box: Box) -> Numbers:
    """Names and ends of both variables, along those edges of the floor that are in front."""
    w, d, out = box.width, box.depth, 1.08
    (left, right), (bottom, top) = box.window.values()
    x, y = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
    return {
        "floor low x": row(-0.92 * w, d * out, FLOOR, *x, box.texts[0], left),
        "floor name x": beside((0.0, d * out, FLOOR), x, True),
        "floor high x": row(0.92 * w, d * out, FLOOR, *x, box.texts[1], right),
        "floor low y": row(w * out, -0.92 * d, FLOOR, *y, box.texts[2], bottom),
        "floor name y": beside((w * out, 0.0, FLOOR), y, True),
        "floor high y": row(w * out, 0.92 * d, FLOOR, *y, box.texts[3], top),
    }
