"""Scenes as plain data: panels, and in them primitives with their numbers.

A `Picture` is a lesson's fixed list of primitives together with one function from the controls to
all their numbers; a `Scene` is a picture at one setting of its controls. The function is written
with autograd.numpy and never branches on a value, so it can be traced and replayed elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.numpy.numpy_wrapper import array_from_args
from autograd.tracer import isbox

from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.wording import fill
from gradwidgets.calculus.wording import format_number as format_number
from gradwidgets.pictures.control import Control as Control
from gradwidgets.pictures.ground import Contours as Contours
from gradwidgets.pictures.ground import Terrain, rising
from gradwidgets.pictures.palette import INK, PAGE, words_in

Dash: TypeAlias = tuple[float, ...]


# ── the primitives ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the primitives share: a name in the scene, the panel they stand in, a colour.

    Numbers are coordinates of the panel, two to a place. In a panel with a `space` a place has
    three: x, y and height in the box, which the painters project from where it is seen; only what
    is `pinned` stands on the panel itself there, and has two.
    """

    name: str
    panel: str
    color: str = INK
    pinned: bool = False


@dataclass(frozen=True, kw_only=True)
class Polyline(Mark):
    """A line through points; NaN interrupts it. Numbers: (k, 2), or (k,) heights over `along`.

    In a space: (k, 3).

    Where a program gives its panel another range, `along` is stretched as the range is, unless its
    places are `counts`, as of steps. `fill` is the colour of the area that its points enclose,
    below the line; an area with a corner that is undefined is not there. `dots` is the diameter of
    a dot at each point. Without a width there is no line.
    """

    width: float = 1.5
    dash: Dash = ()
    along: tuple[float, ...] | None = None
    counts: bool = False
    fill: str = ""
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
    handle, and stays where it is.
    """

    size: float = 9.0
    shape: str = "circle"
    moves: tuple[str | None, str | None] = (None, None)
    origin: str = ""
    sets: tuple[str | None, str | None] = (None, None)

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
    it may stand above, beside a title on the left. `aside` is how many pixels it steps aside.

    In a space place and direction have three numbers each. With `front` the direction is one of
    the axes, and the label stands in front: where the direction leads away from the eye, it and
    the place are mirrored in the plane across it through the middle of the box.

    The first line of the caption is its headline, and others are folded away but those that are
    `urgent`: they change what the reader should do.

    A colour too pale for words becomes the one for words of its role.
    """

    texts: tuple[str, ...]
    size: float = 13.0
    above: bool = False
    aside: float = 9.0
    front: bool = False
    urgent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "color", words_in(self.color))


@dataclass(frozen=True, kw_only=True)
class Surface(Mark):
    """The mesh of its panel's `space`, or with `flat` its level curves on the floor.

    Numbers: none. It stands still, so painters may keep what they have painted until the view
    turns. Cells are shaded from `low` to `high` by their height; `color` is that of lines.
    """

    flat: bool = False
    low: str = PAGE
    high: str = PAGE


# ── panels, pictures, scenes ─────────────────────────────────────────────────────────────────────


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
    {.2@3}. Where `equal` is true, both axes have one
    scale, so that right angles look right. Along an axis with `xlog` or `ylog` the coordinates are
    exponents of ten, and the axis is labelled with the powers. `tall` is the height in comparison
    with other panels beside or below the main one. A `bare` panel shows no axes; `least` is the
    height in pixels below which a main panel can't be read, `most` the width that is enough. A
    `stacked` panel follows the main one or another such panel, and shares its x axis, directly
    above. A panel that is `under` the others stands in a row of its kind, below the main one and
    those beside it. `others` are forms that the picture's program may give it, see `form_of`.

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


Numbers: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Layer:
    """Primitives and, by name, their numbers."""

    marks: tuple[Mark, ...] = ()
    numbers: Numbers = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Scene:
    """A picture at one setting of its controls, whose `values` are kept in order by name.

    `numbers` has those of every mark, and the picture's `outputs`.
    """

    panels: tuple[Panel, ...]
    backdrop: Layer
    marks: tuple[Mark, ...]
    numbers: Mapping[str, Array]
    values: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, name: str) -> Array:
        return self.numbers[name]

    def panel(self, name: str) -> Panel:
        """The panel with this name."""
        return next(panel for panel in self.panels if panel.name == name)

    def text(self, name: str) -> str:
        """A label's text as it is drawn, or "" where it is hidden."""
        label = next(m for m in self.marks if m.name == name and isinstance(m, Label))
        return label_text(label, self.numbers[name], self.axes(label))

    def axes(self, mark: Mark) -> int:
        """How many numbers a place of this mark has: three in a space, else two."""
        spaces = (panel.name for panel in self.panels if panel.space is not None)
        return 3 if not mark.pinned and mark.panel in spaces else 2

    @property
    def captions(self) -> list[str]:
        """The lines below the picture."""
        lines = [self.text(m.name) for m in self.marks if m.panel == ""]
        return [line for line in lines if line]


def range_of(panel: str) -> str:
    """The name of the output that frames a panel: the least and the greatest x, then y, (4,)."""
    return f"{panel} range"


def form_of(panel: str) -> str:
    """The name of the output that tells a panel's form, (1,): 0 for itself, k for its k-th other.

    So an axis is logarithmic or not, as the numbers ask.
    """
    return f"{panel} form"


@dataclass(frozen=True)
class Picture:
    """Panels, primitives and controls, and the function from controls to every number.

    `compute` takes one number for each control, by its name, and returns the numbers of each mark
    by name. It is traced where the field it shows can be, and then costs no more than its
    arithmetic, unless `untraced` gives a reason not to.

    What else a gesture may change is `ambient`: numbers that no input of the page is made for, as
    the ends of the window, which come to `compute` by name after the controls'. `outputs` are the
    names of what `compute` returns beside the marks' numbers: see `range_of` and `form_of`. What
    the next gesture finds as this one left it is `kept`: the name of an ambient number, and of the
    output where its next value stands, at which place: see `left_by`. Where
    another picture differs in its ambient numbers alone, its `program` serves this one, too. A
    program that `searches` makes every search that a value might ask for; Python makes those alone
    that are asked for, and so it calls `compute` as it is. The numbers named in `soon` may come
    later than the others where all would take longer than a frame. What Python alone can find, as
    by a search all over the domain, is named in `by_python`, be it a mark of the backdrop or one
    that no control moves; `why_python` tells why all is Python's, as for a callable that branches.

    Raises:
        ValueError: two controls of one name.

    >>> dot, x = Marker(name="dot", panel="map"), Control("x", "x", -3.0, 3.0, 0.1, 1.0)
    >>> high = Control("x high", "right end", -9.0, 9.0, 0.1, 3.0)
    >>> def compute(**at):
    ...     return {"dot": row(at["x"], 0.0), "map range": row(-3.0, at["x high"], -1.0, 1.0)}
    >>> panel = Panel("map", (-3.0, 3.0), (-1.0, 1.0))
    >>> picture = Picture(
    ...     (panel,), Layer(), (dot,), (x,), compute, ambient=(high,), outputs=("map range",)
    ... )
    >>> picture.scene((2,)).panel("map").x, picture.scene((2,), {"x high": 5}).panel("map").x
    ((-3.0, 3.0), (-3.0, 5.0))
    """

    panels: tuple[Panel, ...]
    backdrop: Layer
    marks: tuple[Mark, ...]
    controls: tuple[Control, ...]
    compute: Callable[..., Numbers]
    field: ScalarField | None = None
    untraced: str = ""
    ambient: tuple[Control, ...] = ()
    outputs: tuple[str, ...] = ()
    kept: tuple[tuple[str, str, int], ...] = ()
    program: Picture | None = None
    searches: bool = False
    soon: tuple[str, ...] = ()
    by_python: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for place, name in enumerate(self._names):
            if name in self._names[:place]:
                raise ValueError(f"Here {name} is a control: give the variable another name.")

    @cached_property
    def replayed(self) -> Replayed:
        """From all `inputs` to the numbers of every mark, in order, and to the outputs."""
        if self.program is not None:
            return self.program.replayed
        return self._replayed(self._in_order, self._names)

    @cached_property
    def present(self) -> Replayed:
        """The same from the controls' values alone, while all that is ambient stays as it is.

        What depends on nothing else is known before, so that each step of a slider is sooner done.
        """
        if not self.ambient:
            return self.replayed
        around = tuple(map(np.float64, self._present.values()))
        names = self._names[: len(self.controls)]
        return self._replayed(lambda *values: self._in_order(*values, *around), names)

    def _replayed(self, function: Callable[..., Any], names: tuple[str, ...]) -> Replayed:
        if self.field is None or self.untraced:
            return Replayed(function, names, why=self.untraced)
        return Replayed(function, names, self.field.watch, self.field.traced.why)

    @cached_property
    def terrain(self) -> Replayed | None:
        """From all the field's variables to f and its partials across and up, for the browser."""
        if self.program is not None:
            return self.program.terrain
        shown = next((panel.terrain for panel in self.panels if panel.terrain), None)
        if self.field is None or shown is None:
            return None
        return self.field.replay(rising(self.field, shown), self.field.variables)

    @cached_property
    def _stepwise(self) -> Replayed:
        return Replayed(self._in_order, self._names, why="Python computes by itself")

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(control.name for control in (*self.controls, *self.ambient))

    @cached_property
    def _present(self) -> dict[str, float]:
        return {control.name: control.start for control in self.ambient}

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The names of all that `compute` is asked for."""
        return (*(mark.name for mark in self.marks), *self.outputs)

    def why_python(self, values: Sequence[float]) -> str:
        """Why there is no program for the browser, or "" where there is one."""
        return "" if self.replayed.current(*self.inputs(values)) else self.replayed.why

    @cached_property
    def later(self) -> tuple[int, ...]:
        """The places of what may come later among the program's results."""
        return tuple(self.told.index(name) for name in self.soon)

    def _in_order(self, *values: Any) -> tuple[Any, ...]:
        found = self.compute(**dict(zip(self._names, values, strict=True)))
        return tuple(found[name] for name in self.told)

    def inputs(
        self, values: Sequence[float], ambient: Mapping[str, float] | None = None
    ) -> tuple[float, ...]:
        """What the program takes: the controls' values, then the ambient ones, present or others.

        Raises:
            ValueError: not as many values as controls, or others that are not ambient.
        """
        self._check(values)
        around = self._present
        if ambient:
            around = around | dict(ambient)
            if len(around) > len(self.ambient):
                raise ValueError(f"not ambient: {', '.join(around.keys() - self._present.keys())}")
        return (*map(float, values), *map(float, around.values()))

    def _check(self, values: Sequence[float]) -> None:
        if len(values) != len(self.controls):
            raise ValueError(f"{len(self.controls)} controls, and {len(values)} values")

    def scene(
        self,
        values: Sequence[float],
        ambient: Mapping[str, float] | None = None,
        program: Program | None = None,
    ) -> Scene:
        """The picture with its controls at these values, and all else at present or at others.

        With a program of `replayed` its numbers are what that tells.
        """
        replayed = program is not None and program(*self.inputs(values, ambient))
        found = replayed or self._found(values, ambient)
        numbers = {
            name: np.asarray(part, dtype=float) for name, part in zip(self.told, found, strict=True)
        }
        known = dict(zip(self._names, map(float, values), strict=False))
        panels = tuple(_told_at(values, _formed(panel, numbers)) for panel in self.panels)
        other = {
            panel.name: ends
            for panel in panels
            if (ends := _ends(panel, numbers)) != [*panel.x, *panel.y]
        }
        panels, marks = _framed(panels, self.marks, other) if other else (panels, self.marks)
        return Scene(panels, self.backdrop, marks, MappingProxyType(numbers), known)

    def left_by(self, scene: Scene) -> dict[str, float]:
        """The ambient values that a scene of this picture leaves to the next one."""
        return {name: float(scene[output][place]) for name, output, place in self.kept}

    def _found(self, values: Sequence[float], ambient: Mapping[str, float] | None) -> Sequence[Any]:
        if self.searches:
            return self._stepwise.plain(*self.inputs(values, ambient))
        if ambient and not ambient.items() <= self._present.items():
            return self.replayed.numbers(*self.inputs(values, ambient))
        self._check(values)
        return self.present.numbers(*map(float, values))


def _told_at(values: Sequence[float], panel: Panel) -> Panel:
    """A panel that tells values of controls; braces without a place are those of a formula."""
    if "@" not in panel.xlabel:
        return panel
    told = re.sub(r"\{[^{}]*@\d+\}", lambda slot: fill(slot[0], values), panel.xlabel)
    return replace(panel, xlabel=told)


def _formed(panel: Panel, numbers: Mapping[str, Array]) -> Panel:
    """The form of a panel that the program tells."""
    if not panel.others:
        return panel
    return (panel, *panel.others)[int(numbers[form_of(panel.name)][0])]


def _ends(panel: Panel, numbers: Mapping[str, Array]) -> list[float]:
    """The range that the program gives to a panel, or its own."""
    told = numbers.get(range_of(panel.name))
    return [*panel.x, *panel.y] if told is None else list(map(float, told))


def _framed(
    panels: tuple[Panel, ...], marks: tuple[Mark, ...], ranges: Mapping[str, Sequence[float]]
) -> tuple[tuple[Panel, ...], tuple[Mark, ...]]:
    """Panels with other ranges; lines over places of theirs fill them as they did."""
    usual = {panel.name: panel.x for panel in panels}
    across = {name: new[:2] for name, new in ranges.items() if tuple(new[:2]) != usual[name]}
    framed = tuple(
        _in_range(panel, *ranges[panel.name]) if panel.name in ranges else panel for panel in panels
    )
    stretched = tuple(
        replace(mark, along=_between(mark.along, usual[mark.panel], across[mark.panel]))
        if isinstance(mark, Polyline) and mark.along and not mark.counts and mark.panel in across
        else mark
        for mark in marks
    )
    return framed, stretched


def _in_range(panel: Panel, left: float, right: float, bottom: float, top: float) -> Panel:
    return replace(panel, x=(left, right), y=(bottom, top))


def _between(places: Sequence[float], old: Interval, new: Sequence[float]) -> tuple[float, ...]:
    shares = ((place - old[0]) / (old[1] - old[0]) for place in places)
    return tuple(new[0] * (1.0 - share) + new[1] * share for share in shares)


# ── numbers of marks, in autograd.numpy ──────────────────────────────────────────────────────────


def row(*numbers: Any) -> Any:
    """Numbers side by side: a marker's place, an arrow from tail to tip."""
    if any(map(isbox, numbers)):  # anp.array would make an array of every number first
        return array_from_args((), {}, *map(_as_float, numbers))
    return np.array(numbers, dtype=float)  # autograd's own takes longer than all the rest


def _as_float(number: Any) -> Any:
    """A truth becomes 1 or 0; what is a float already needs no step of a program."""
    return number if type(getattr(number, "_value", number)) is np.float64 else 1.0 * number


def points(*places: tuple[Any, ...]) -> Any:
    """The points of a polyline."""
    numbers = [number for place in places for number in place]
    if any(map(isbox, numbers)):
        return anp.reshape(row(*numbers), (len(places), len(places[0])))
    return np.array(places, dtype=float)


def beside(place: Sequence[Any], toward: Sequence[Any], shown: Any, *values: Any) -> Any:
    """A label at a place, stepping aside in a direction, where `shown` holds."""
    choice = anp.where(shown, 0.0, -1.0) if isbox(shown) else 0.0 if shown else -1.0
    return row(*place, *toward, choice, *values)


def caption(choice: Any, *values: Any) -> Any:
    """A line of the caption, with the alternative chosen."""
    return row(0.0, 0.0, 0.0, 0.0, choice, *values)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def label_text(label: Label, numbers: Array, axes: int = 2) -> str:
    """The alternative that the numbers choose, its slots filled; a place has so many `axes`."""
    choice, values = int(numbers[2 * axes]), numbers[2 * axes + 1 :]
    return "" if choice < 0 else fill(label.texts[choice], values)
