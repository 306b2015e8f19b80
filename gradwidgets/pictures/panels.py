"""The panels of a picture: rectangles with axes, and windows into a space that has none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gradwidgets.calculus.types import Array, Interval
from gradwidgets.pictures.ground import Contours, Terrain


@dataclass(frozen=True, eq=False)
class Space:
    """A box with a height over every place of its floor, seen from an angle.

    `x`, `y` and `heights[i, j]` are in units of the box, from `low` to `high`; a height that is NaN
    is a hole. A field's coordinates are `centre` + `half` · (x, y). The level curves of `levels`
    lie on the floor, at the height `floor`. `box` is the output that tells the middle of the
    window, a unit along x and y, and the values at `low` and `high`. `turns` names the controls
    azimuth and elevation, from where the painters show it: at 0° and 90° the floor would be seen as
    a map is. The panel's own coordinates are units of the box, to the right and upwards, around its
    middle.
    """

    x: Array
    y: Array
    heights: Array
    levels: tuple[float, ...]
    floor: float
    centre: tuple[float, float]
    half: tuple[float, float]
    low: float = -1.0
    high: float = 1.0
    box: str = ""
    turns: tuple[str, str] = ("azimuth", "elevation")


HIGHEST = 1e307  # matplotlib looks for ticks among numbers ten times as large
FLATTEST = 1e-286  # matplotlib draws no axis between smaller numbers


def drawable(interval: Interval) -> Interval:
    """An interval that an axis can have: its ends cut, or moved apart, where floats end.

    >>> drawable((-1e308, math.inf)), drawable((0.0, 5e-324)), drawable((0.0, 2.0))
    ((-1e+307, 1e+307), (-1e-286, 1e-286), (0.0, 2.0))
    """
    low, high = (min(max(end, -HIGHEST), HIGHEST) for end in interval)
    if not max(abs(low), abs(high)) >= FLATTEST:
        return (-FLATTEST, FLATTEST)
    return (low, high) if low != high else (low - abs(low) / 2, high + abs(high) / 2)


@dataclass(frozen=True)
class Panel:
    """A rectangle with axes, or a window into a `space`, which has none.

    `title` may hold mathematics between dollar signs, and stands on the left where `left` is true,
    for a label to share its line. `xlabel` may hold controls' values, by their places, in slots as
    {.2@3}. Where `equal` is true, both axes have one scale, so that right angles look right. Along
    an axis with `xlog` or `ylog` the coordinates are exponents of ten, and the axis is labelled
    with the powers. `tall` is the height in comparison with other panels beside or below the main
    one. A `bare` panel shows no axes; `least` is the height in pixels below which a main panel
    can't be read, `most` the width that is enough: with it a panel beside the main one shares a row
    with the next. A `stacked` panel follows the main one or another such panel, and shares its x
    axis, directly above. A panel that is `under` the others
    stands in a row of its kind, below the main one and those beside it. `others` are forms that the
    picture's program may give it, see `form_of`.

    `axes` are the variables whose window is shown across and up. Of its `terrain` the browser makes
    level curves by itself; `contours` are those that a file shows, and without terrain all do.
    """

    name: str
    x: Interval
    y: Interval
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    equal: bool = False
    axes: tuple[str | None, str | None] = (None, None)
    terrain: Terrain | None = None
    contours: Contours | None = None
    space: Space | None = None
    xticks: tuple[float, ...] | None = None
    yticks: tuple[float, ...] | None = None
    left: bool = False
    xlog: bool = False
    ylog: bool = False
    tall: float = 1.0
    bare: bool = False
    least: float = 0.0
    most: float = math.inf
    stacked: bool = False
    under: bool = False
    others: tuple[Panel, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", drawable(self.x))
        object.__setattr__(self, "y", drawable(self.y))
