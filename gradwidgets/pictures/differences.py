"""The error of a difference quotient over its step h: truncation, rounding, and the best h."""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.differences import (
    EPSILON,
    best_step,
    difference,
    rounding_error,
    truncation_error,
)
from gradwidgets.calculus.types import Array
from gradwidgets.pictures.curve import STEP, Local, View, exponents_of
from gradwidgets.pictures.marks import Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, row
from gradwidgets.pictures.palette import HANDLE, INK, QUIET, SECOND
from gradwidgets.pictures.panels import Panel

LAST_DIGITS = 4 * EPSILON  # of most slopes, or of the point's own: an error below that is none


def error_panel(view: View) -> Panel:
    """The error over h, both axes logarithmic."""
    return Panel(
        "error",
        *view.ranges["error"],
        title="Error over $h$",
        xlabel="step $h$",
        left=True,
        xlog=True,
        ylog=True,
    )


def error_marks(view: View) -> Marks:
    """The error, both parts that theory tells, the best step, and the handle of h."""
    central = view.difference == "central"
    truncation, width = ("⅙|f‴|h²", "2h") if central else ("½|f″|h", "h")
    ends = exponents_of(view.controls[1])
    told = ("{g} with h = {g}", "no f′ by autograd to compare with")
    return (
        Polyline(
            name="truncation", panel="error", color=SECOND, width=1.2, dash=(5, 3), along=ends
        ),
        Polyline(name="rounding", panel="error", color=QUIET, width=1.2, dash=(2, 3), along=ends),
        Polyline(name="error", panel="error", color=INK, width=1.6, along=view.exponents),
        Label(
            name="truncation label",
            panel="error",
            color=SECOND,
            size=12,
            texts=(f"truncation {truncation}",),
        ),
        Label(
            name="rounding label",
            panel="error",
            color=QUIET,
            size=12,
            texts=(f"rounding ε(|f| + |{view.name} f′|)/{width}",),
        ),
        Marker(name="best step", panel="error", color=INK, shape="diamond", size=9),
        Marker(name="now", panel="error", color=HANDLE, moves=(STEP, None)),
        Label(name="now label", panel="error", color=INK, texts=told, above=True),
    )


class Errors(NamedTuple):
    """The error of a difference for some steps, and what of it theory explains."""

    whole: Any
    truncation: Any
    rounding: Any


def _errors(view: View, here: Local, smooth: Any, steps: Any) -> Errors:
    """Undefined where there is no f′ to compare with; no truncation is not drawn."""
    kind = view.difference
    quotients = difference(view.field.function, (here.x,), steps, kind)
    cut = truncation_error(kind, steps, here.bend, here.third)
    return Errors(
        anp.where(smooth, anp.abs(quotients - here.slope), np.nan),
        anp.where(anp.logical_and(smooth, cut > 0), cut, np.nan),
        anp.where(smooth, rounding_error(kind, steps, here.x, here.f, here.slope), np.nan),
    )


def error_numbers(view: View, here: Local, smooth: Any, h: Any) -> Numbers:
    """The numbers of these marks and of the caption; none unless f is `smooth` there."""
    (floor, top), exponents = view.errors, np.array(view.exponents)
    words = np.array([exponents[-1] - 4.5, exponents[0] + 1.0])  # where they have room
    known, ends, named, now = (
        _errors(view, here, smooth, steps)
        for steps in (10.0**exponents, 10.0 ** exponents[[0, -1]], 10.0**words, h)
    )
    least = LAST_DIGITS * anp.maximum(anp.abs(here.slope), view.least)
    step, error = best_step(10.0**exponents, known.whole, least)

    def height(error: Any) -> Any:
        return anp.log10(anp.maximum(error, 10.0**floor))

    return {
        "truncation": anp.log10(ends.truncation),
        "rounding": anp.log10(ends.rounding),
        "error": height(known.whole),
        "truncation label": beside((words[0], anp.log10(named.truncation[0])), (1.0, -1.0), smooth),
        "rounding label": beside((words[1], anp.log10(named.rounding[1])), (1.0, 1.0), smooth),
        "best step": row(anp.log10(step), height(error)),
        "now": row(anp.log10(h), anp.minimum(height(now.whole), top)),
        "now label": row(exponents[-1], top, 0.0, 1.0, anp.where(smooth, 0.0, 1.0), now.whole, h),
        "best": caption(
            anp.where(smooth, _best_case(exponents, known.whole, step, error), -1.0), step, error
        ),
    }


# ── the best step in words ───────────────────────────────────────────────────────────────────────

BEST = (
    "The best h here is about {g}, with an error of at most about {g}. "
    "A larger h can miss by more because of truncation, a smaller one because of rounding.",
    "The largest h is about the best here, with an error of at most about {g@1}. "
    "A smaller one can miss by more because of rounding.",
    "Up to h = {g} or so every h does well here, with an error of at most about {g}: "
    "rounding does no harm. A larger h can miss by more.",
    "Every h does well here, with an error of at most about {g@1}: "
    "there is no truncation, and rounding does no harm.",
    "The smaller h, the better here: rounding does no harm.",
    "Up to h = {g} or so every h gives f′ exactly. A larger h can miss.",
    "Every h gives f′ exactly here: there is no error.",
)


def best_caption() -> Label:
    """Which h is about the best."""
    return Label(name="best", panel="", color=QUIET, texts=BEST)


def _best_case(exponents: Array, errors: Any, step: Any, error: Any) -> Any:
    """Which of `BEST` is true of these errors, with this step as the best and this error there."""
    steps = 10.0**exponents
    worst = anp.max(anp.where(anp.logical_and(steps <= step, anp.isfinite(errors)), errors, 0.0))
    first, last = step <= 1.1 * steps[0], step >= 0.9 * steps[-1]
    well = anp.where(last, 3.0, 2.0) + anp.where(worst == 0.0, 3.0, 0.0)
    harmless = anp.where(first, 4.0, well)
    return anp.where(worst > error, anp.where(last, 1.0, 0.0), harmless)
