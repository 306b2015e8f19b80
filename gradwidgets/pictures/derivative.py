"""The derivative: a secant that becomes the tangent, f over f′ over f″, the error over h."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.sketch import GRID_POINTS, curves, noise
from gradwidgets.calculus.slopes import blur
from gradwidgets.pictures import terrain
from gradwidgets.pictures.curve import STEP, View, local, view_of
from gradwidgets.pictures.differences import best_caption, error_marks, error_numbers, error_panel
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Marks
from gradwidgets.pictures.numbers import Numbers
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.secant import (
    comparison,
    comparison_caption,
    secant_marks,
    secant_numbers,
    secant_of,
)
from gradwidgets.pictures.sketch import (
    cursor_marks,
    curves_layer,
    spoken_caption,
    stack_marks,
    stack_numbers,
    stack_panels,
)
from gradwidgets.pictures.window import as_seen
from gradwidgets.pictures.zoom import zoom_marks, zoom_numbers, zoom_panel


def derivative_picture(field: ScalarField, *, difference: str = "forward") -> Picture:
    """A curve with secant and tangent above f′ and f″; a zoom in steps of h; the error over h.

    Args:
        field: a field of one variable.
        difference: "forward", "backward" or "central": where the secant meets the curve.

    Raises:
        ValueError: a field of more variables, or with a variable called h.
    """
    _check(field)
    x = field.axis(field.variables[0], GRID_POINTS)
    values = curves(field, x)
    levels = np.array([[noise(x, values, order)] for order in range(3)])
    values = np.where(np.abs(values) <= levels, 0.0 * values, values)
    view = view_of(field, values, difference)
    return Picture(
        _panels(view),
        curves_layer(field, x, values),
        _marks(view),
        view.controls,
        lambda **at: _numbers(view.at(at), at[view.name], at["h"]),
        field,
        ambient=view.ambient,
        outputs=tuple(map(range_of, view.ranges)),
    )


def _check(field: ScalarField) -> None:
    if len(field.variables) != 1:
        raise ValueError(
            f"This picture needs one variable, and here are {len(field.variables)}: "
            f"{', '.join(field.variables)}."
        )
    if field.variables == (STEP,):
        raise ValueError("Here h is the step of the difference: call the variable x.")


def _panels(view: View) -> tuple[Panel, ...]:
    return (*stack_panels(view), zoom_panel(view), error_panel(view))


def _marks(view: View) -> Marks:
    """Every primitive in drawing order; the first handle is the one that keys move."""
    return (
        *cursor_marks(),
        *secant_marks(view),
        *stack_marks(view),
        *zoom_marks(view),
        *error_marks(view),
        spoken_caption(view),
        *terrain.kink_captions(view.field),
        comparison_caption(view),
        best_caption(),
    )


def _numbers(view: View, x: Any, h: Any) -> Numbers:
    here = local(view.field, x)
    view = view.around(here.f)
    secant = secant_of(view, here, h)
    smooth = anp.logical_and(here.sides.smooth, anp.isfinite(here.slope))
    blurred = blur(here.sides, here.f, view.usual, view.field.height)
    return {
        **stack_numbers(view, here),
        **secant_numbers(view, here, secant, smooth),
        **zoom_numbers(view, here, secant, smooth, h),
        **error_numbers(view, here, anp.logical_and(smooth, blurred == 0.0), h),
        f"kink along {view.name}": terrain.kink_line(here.sides, here.answer),
        "compared": comparison(view, here, secant, smooth, h, blurred),
        **{range_of(name): as_seen(*shown) for name, shown in view.ranges.items()},
    }
