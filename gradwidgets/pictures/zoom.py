"""The curve, its secant and its tangent near the point, where the curve becomes straight."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.differences import ENDS, rises, rounding_error
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures.curve import ZOOM, Local, View
from gradwidgets.pictures.marks import Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, points
from gradwidgets.pictures.palette import BY_X, INK, QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.secant import Secant, line_through

ROUNDINGS = 8.0  # of a difference in the zoom: what may come of several operations in f
BELOW = 26.0  # pixels from a corner to a second line of words there


def zoom_panel(view: View) -> Panel:
    """The curve near the point; along both axes the unit is h."""
    return Panel(
        "zoom",
        *view.ranges["zoom"],
        title="Zoom",
        xlabel=f"steps of $h$ from ${symbol(view.name)}$",
        left=True,
    )


def zoom_marks(view: View) -> Marks:
    """The curve, both lines, the places where the secant meets it, and how much it is magnified."""
    slope = f"{{.{view.digits[1]}}}"
    return (
        Polyline(name="zoomed", panel="zoom", color=QUIET, width=4.0, along=ZOOM),
        Polyline(name="zoomed secant", panel="zoom", color=INK, width=1.6, dash=(7, 4)),
        Polyline(name="zoomed tangent", panel="zoom", color=BY_X, width=2.2),
        Marker(name="zoomed ends", panel="zoom", color=INK, size=8),
        Label(
            name="slopes",
            panel="zoom",
            color=INK,
            size=12,
            texts=(f"╌╌ secant {slope}",),
            above=True,
        ),
        Label(name="scale", panel="zoom", color=QUIET, size=12, texts=("magnified {g} times",)),
        Label(
            name="zoomed slope",
            panel="zoom",
            color=BY_X,
            size=12,
            aside=BELOW,
            texts=(f"━━ tangent {slope}",),
        ),
    )


def zoom_numbers(view: View, here: Local, secant: Secant, smooth: Any, h: Any) -> Numbers:
    """In steps of h from the point, both across and up."""
    panel, high = ((ZOOM[0], ZOOM[-1]), view.rises), view.rises[1]
    ends = [
        (by, (height - here.f) / h)
        for by, (_, height) in zip(ENDS[view.difference], secant[:2], strict=True)
    ]
    middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
    lost = ROUNDINGS * rounding_error("forward", h, here.x, here.f, here.slope)
    curve = rises(view.field.function, (here.x, here.f), h, np.array(ZOOM), lost)
    across = anp.abs(curve[1:] - curve[:-1]) > 2.0 * high  # a pole, or so steep that it is out
    free = _corner(curve, secant.slope, high)
    return {
        "zoomed": anp.concatenate((curve[:1], anp.where(across, np.nan, curve[1:]))),
        "zoomed secant": line_through(panel, middle, secant.slope),
        "zoomed tangent": line_through(panel, (0.0, 0.0), anp.where(smooth, here.slope, np.nan)),
        "zoomed ends": points(
            *((by, anp.where(anp.abs(rise) <= high, rise, np.nan)) for by, rise in ends)
        ),
        "slopes": beside(
            (ZOOM[-1], high), (0.0, 1.0), anp.isfinite(secant.slope), secant.slope, here.slope
        ),
        "scale": beside(*free, True, view.width / (ZOOM[-1] * 2 * h)),
        "zoomed slope": beside(free[0], (0.4 * free[1][0], free[1][1]), smooth, here.slope),
    }


def _corner(curve: Any, slope: Any, high: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The corner that a bent curve and its lines leave free, and the way into the panel."""
    up = anp.where(curve[0] + curve[-1] < 0, 1.0, -1.0)
    right = up * anp.where(slope < 0, 1.0, -1.0)
    return (right * ZOOM[-1], up * high), (-right, -up)
