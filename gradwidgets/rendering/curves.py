"""The lines of a function of one variable, which a page without Python draws by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import Program
from gradwidgets.calculus.sketch import GRID_POINTS
from gradwidgets.calculus.tracing import value_partials_and_seconds
from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering.wire import pack_fixed

POINTS = GRID_POINTS
_ORDERS = {"f": 0, "f′": 1, "f″": 2, "curve": 0}  # by the marks' names, which derivative they show


class Curves(NamedTuple):
    """A program from the variable to f, f′ and f″, and which of these each mark shows."""

    program: Program
    marks: list[tuple[str, int]]


def curves_of(picture: Picture) -> Curves | None:
    """The curves of a picture's backdrop, or None where it has none or f has no program."""
    field = picture.field
    shown = [(mark.name, _ORDERS[mark.name]) for mark in picture.backdrop.marks if _is_curve(mark)]
    if field is None or len(field.variables) != 1 or not shown:
        return None

    def curves(x: Any) -> tuple[Any, ...]:
        f, (slope,), ((bend,),) = value_partials_and_seconds(field.function, (x,))
        known = anp.isfinite(f)  # autograd has a slope of log at −1
        return f + 0.0 * x, anp.where(known, slope, np.nan), anp.where(known, bend, np.nan)

    program = field.replay(curves, field.variables).current(*field.middle)
    return None if program is None else Curves(program, shown)


def _is_curve(mark: Any) -> bool:
    return mark.name in _ORDERS


def pack_without_curves(picture: Picture) -> bytes:
    """The numbers of what stands still, but for those of the curves."""
    numbers = {
        name: np.empty(0) if name in _ORDERS else part
        for name, part in picture.backdrop.numbers.items()
    }
    return pack_fixed(replace(picture.backdrop, numbers=numbers))
