"""The primitives of a picture as plain data: lines, arrows, points, labels, surfaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gradwidgets.calculus.types import Array
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.palette import INK, PAGE, words_in

Dash: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the primitives share: a name in the scene, the panel they stand in, a colour.

    Numbers are coordinates of the panel, two to a place. In a panel with a `space` a place has
    three: x, y and height in the box, which the painters project from where it is seen; only what
    is `pinned` stands on the panel itself there, and has two.

    What is `still` no control moves, though a hand on the data may: a page draws it with the ground
    below all else, so it comes before all marks of its panel that are not.
    """

    name: str
    panel: str
    color: str = INK
    pinned: bool = False
    still: bool = False


Marks: TypeAlias = tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Polyline(Mark):
    """A line through points; NaN interrupts it. Numbers: (k, 2), or (k,) heights over `along`.

    In a space: (k, 3).

    Where a program gives its panel another range, `along` is stretched as the range is, unless its
    places are `counts`, as of steps. `fill` is the colour of the area that its points enclose,
    below the line; an area with a corner that is undefined is not there. Where it has `squares`,
    every two points, one above the other, are the side of a square on the page, which lies towards
    the middle of the panel. `dots` is the diameter of
    a dot at each point. Without a width there is no line.
    """

    width: float = 1.5
    dash: Dash = ()
    along: tuple[float, ...] | None = None
    counts: bool = False
    fill: str = ""
    squares: bool = False
    dots: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Arrow(Mark):
    """Arrows from a tail to a tip. Numbers: (k, 4) or (4,), tail x, tail y, tip x, tip y.

    One that is `free` may stick out of its panel: whoever computes it keeps it near. In a space:
    (k, 6) or (6,).
    """

    width: float = 2.0
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class Marker(Mark):
    """Points with a shape. Numbers: (k, 2) or (2,); in a space (k, 3) or (3,).

    `shape` is circle, diamond, square, triangle or triangle down.

    `moves` names the controls that dragging it changes, along x and along y; such a marker is a
    handle and is drawn as one. With `origin`, another control, they take the distance from the
    value of that one, to either side, in place of the coordinate. `sets` names the controls to
    which a press gives the marker's own coordinates; such a marker is a tick, ringed like a
    handle, and stays where it is. `pulls` names controls that a drag upwards changes, by how much
    for each unit is told by the output of `pull_of` the marker.
    """

    size: float = 9.0
    shape: str = "circle"
    moves: tuple[str | None, str | None] = (None, None)
    origin: str = ""
    sets: tuple[str | None, str | None] = (None, None)
    pulls: tuple[str, ...] = ()

    @property
    def handle(self) -> bool:
        """Whether it can be dragged."""
        return self.moves != (None, None)

    @property
    def tick(self) -> bool:
        """Whether it can be pressed."""
        return self.sets != (None, None)


@dataclass(frozen=True, kw_only=True)
class Label(Mark):
    """Text with numbers in it, beside a place; with the panel "" a line of the caption.

    `texts` are alternatives. Numbers: x, y, the direction in which the text steps aside (as on the
    screen, y upwards), which alternative (−1 for none), and the values for its slots. A slot
    is written {width.decimals} or {g}: see `fill`. A label keeps inside of its panel; with `above`
    it may stand above, beside a title on the left. `aside` is how many pixels it steps aside. One
    that is `free` may leave its panel, as the arrow does that it names. One that is `level` stands
    right beside its place, on one side or the other, so that it names nothing else.

    In a space place and direction have three numbers each. With `front` the direction is one of
    the axes, and the label stands in front: where the direction leads away from the eye, it and
    the place are mirrored in the plane across it through the middle of the box.

    The first line of the caption is its headline, and others are folded away but those that are
    `urgent`: they change what the reader should do. A line keeps room for so many `letters` from
    the first, so that what stands below it stays where it is while a hand drags.

    A colour too pale for words becomes the one for words of its role.
    """

    texts: tuple[str, ...]
    size: float = 13.0
    above: bool = False
    aside: float = 9.0
    front: bool = False
    urgent: bool = False
    letters: int = 0
    free: bool = False
    level: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "color", words_in(self.color))


def label_text(label: Label, numbers: Array, axes: int = 2) -> str:
    """The alternative that the numbers choose, its slots filled; a place has so many `axes`."""
    choice, values = int(numbers[2 * axes]), numbers[2 * axes + 1 :]
    return "" if choice < 0 else fill(label.texts[choice], values)


@dataclass(frozen=True, kw_only=True)
class Surface(Mark):
    """The mesh of its panel's `space`, or with `flat` its level curves on the floor.

    Numbers: none. It stands still, so painters may keep what they have painted until the view
    turns. Cells are shaded from `low` to `high` by their height; `color` is that of lines.
    """

    flat: bool = False
    low: str = PAGE
    high: str = PAGE
