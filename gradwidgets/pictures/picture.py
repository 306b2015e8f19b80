"""A picture: a lesson's fixed primitives, and one function from the controls to their numbers.

The function is written with autograd.numpy and never branches on a value, so it can be traced and
replayed elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as nothing
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.types import Array
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import framed, told_at
from gradwidgets.pictures.ground import Dependent, rising
from gradwidgets.pictures.marks import Mark
from gradwidgets.pictures.numbers import Numbers
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.rows import Rows
from gradwidgets.pictures.scene import Layer, Scene


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

    Data are `arrays`, which `compute` is handed by name, too, after all numbers; a hand touches
    their `rows`. Where f depends on them, the terrain is made `over` them.

    Raises:
        ValueError: two controls of one name.

    >>> from gradwidgets.pictures.marks import Marker
    >>> from gradwidgets.pictures.numbers import row
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
    arrays: Mapping[str, Array] = nothing(default_factory=dict, compare=False)
    rows: Rows | None = None
    over: Dependent | None = None

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
        if not self.ambient or self.arrays:
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
        if self.over is None:
            return self.field.replay(rising(self.field, shown), self.field.variables)
        names = (*self.field.variables, *self.over.controls, *self.arrays)
        return Replayed(rising(self.field, shown, self.over.function), names)

    @property
    def terrain_inputs(self) -> tuple[Any, ...]:
        """What the terrain's program may be asked for: the middle of the domain, its controls'
        values, and what it takes of the arrays."""
        assert self.field is not None
        if self.over is None:
            return self.field.middle
        starts = {control.name: control.start for control in self.controls}
        others = (starts[name] for name in self.over.controls)
        return (*self.field.middle, *others, *(x[: self.over.rows] for x in self.arrays.values()))

    @cached_property
    def _stepwise(self) -> Replayed:
        return Replayed(self._in_order, self._names, why="Python computes by itself")

    @cached_property
    def _names(self) -> tuple[str, ...]:
        numbers = (control.name for control in (*self.controls, *self.ambient))
        return (*numbers, *self.arrays)

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
        self,
        values: Sequence[float],
        ambient: Mapping[str, float] | None = None,
        arrays: Mapping[str, Array] | None = None,
    ) -> tuple[Any, ...]:
        """What the program takes: the controls' values, then what is ambient, then the arrays,
        present or others.

        Raises:
            ValueError: not as many values as controls, or others that are not ambient.
        """
        self._check(values)
        around = self._present
        if ambient:
            around = around | dict(ambient)
            if len(around) > len(self.ambient):
                raise ValueError(f"not ambient: {', '.join(around.keys() - self._present.keys())}")
        data = (arrays or self.arrays).values()
        return (*map(float, values), *map(float, around.values()), *data)

    def _check(self, values: Sequence[float]) -> None:
        if len(values) != len(self.controls):
            raise ValueError(f"{len(self.controls)} controls, and {len(values)} values")

    def scene(
        self,
        values: Sequence[float],
        ambient: Mapping[str, float] | None = None,
        program: Program | None = None,
        arrays: Mapping[str, Array] | None = None,
    ) -> Scene:
        """The picture with its controls at these values, and all else at present or at others.

        With a program of `replayed` its numbers are what that tells.
        """
        inputs = self.inputs(values, ambient, arrays)
        replayed = program is not None and program(*inputs)
        found = replayed or self._found(inputs)
        numbers = {
            name: np.asarray(part, dtype=float) for name, part in zip(self.told, found, strict=True)
        }
        known = dict(zip(self._names, map(float, values), strict=False))
        panels, marks = framed(self.panels, self.marks, numbers)
        told = tuple(told_at(values, panel) for panel in panels)
        return Scene(told, self.backdrop, marks, MappingProxyType(numbers), known)

    def left_by(self, scene: Scene) -> dict[str, float]:
        """The ambient values that a scene of this picture leaves to the next one."""
        return {name: float(scene[output][place]) for name, output, place in self.kept}

    def _found(self, inputs: tuple[Any, ...]) -> Sequence[Any]:
        if self.searches:
            return self._stepwise.plain(*inputs)
        count = len(self.controls)
        if self.arrays or inputs[count:] != tuple(self._present.values()):
            return self.replayed.numbers(*inputs)
        return self.present.numbers(*inputs[:count])
