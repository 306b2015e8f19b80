"""How near a central difference comes to the derivative: its error over the step h."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.agreement import Along
from gradwidgets.calculus.differences import difference
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, row
from gradwidgets.pictures.palette import HANDLE, INK, QUIET
from gradwidgets.pictures.panels import Panel

SMALLEST, LARGEST = -14.0, -1.0  # exponents of h
EXPONENTS = tuple(np.linspace(SMALLEST, LARGEST, 105).tolist())
NONE, MOST = -17.0, 1.0  # exponents of the error: none that a float tells, and more than 10
STEP = Control("h", "h", 10**SMALLEST, 10**LARGEST, 0.01, 1e-5, "log")


def error_panel() -> Panel:
    """The axes of the error curve."""
    return Panel(
        "error",
        (SMALLEST, LARGEST),
        (NONE, MOST),
        title="Error of the central difference",
        xlabel="$h$",
        xlog=True,
        ylog=True,
    )


def error_marks(target: str, source: str) -> tuple[Mark, ...]:
    """The curve, the handle of h, its number, and what there is to see."""
    told = (
        f"Central difference of ∂{target}/∂{source} with h = {{g}}: {{g}}, off by {{g}}. "
        "Large h: the curve bends. Small h: rounding."
    )
    return (
        Polyline(name="error", panel="error", color=INK, width=1.6, along=EXPONENTS),
        Marker(name="h", panel="error", color=HANDLE, moves=("h", None)),
        Label(name="error label", panel="error", color=INK, texts=("{g}",)),
        Label(name="error told", panel="", color=QUIET, texts=(told,)),
    )


def error_numbers(line: Along, place: Sequence[Any], h: Any) -> Numbers:
    """The numbers of `error_marks` where the function's arguments are at a place."""
    exact = value_and_partials(line.function, place)[1][line.axis]
    steps = 10.0 ** np.array(EXPONENTS)
    curve = _exponent(anp.abs(difference(line.function, place, steps, axis=line.axis) - exact))
    quotient = difference(line.function, place, h, axis=line.axis)
    error = anp.abs(quotient - exact)
    at = (anp.log10(h), _exponent(error))
    return {
        "error": curve,
        "h": row(*at),
        "error label": beside(at, (0.3, 1.0), True, error),
        "error told": caption(0.0, h, quotient, error),
    }


def _exponent(error: Any) -> Any:
    return anp.log10(anp.maximum(error, 10.0**NONE))
