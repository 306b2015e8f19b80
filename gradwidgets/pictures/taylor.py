"""Taylor's models of first and second order on a slice, and how their errors shrink."""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.quadratic import cleared, norm
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.local import Frame, Local
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import GRADIENT, HANDLE, INK, MODEL, QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.window import as_seen, evenly

SLICE_POINTS, ERROR_POINTS = 61, 31
TALLEST = 4.0  # times the model's own change: what else a slice may show
LOWEST, HIGHEST = -11.0, 0.8  # exponents of the errors that are shown, in units of the slice
HEIGHTS = (-1.35, 1.35)  # of the slice, in its own unit
ANCHOR = 4  # the place among the errors at which the reference lines are fixed
ROUNDING = 1e-14  # of f, and ten times of the slice: an error below this is none
ONE_CURVE = 1e-9  # of the slice's unit: curves that are nearer to each other
ORDERS = (0.1, 20.0)  # beyond them a fall is no power of h
TINY = 1e-300


def slice_panel(frame: Frame) -> Panel:
    """f along u, with the point in the middle; heights in units of their own greatest change."""
    return Panel(
        "slice",
        (-frame.longest, frame.longest),
        HEIGHTS,
        title=r"Slice along $\mathbf{u}$",
        xlabel=r"distance $t$ along $\mathbf{u}$",
        ylabel=r"change of $f$, in $s$",
        left=True,
        yticks=(-1, 0, 1),
    )


def errors_panel(frame: Frame) -> Panel:
    """|f − T₁| and |f − T₂| over the distance, both axes logarithmic."""
    return Panel(
        "errors",
        frame.exponents,
        (LOWEST, HIGHEST),
        title="Errors of $T_1$ and $T_2$, in $s$",
        xlabel=r"distance $h$ along $\mathbf{u}$",
        xlog=True,
        ylog=True,
    )


def _along(frame: Frame) -> Any:
    """The places of the slice."""
    return evenly((-frame.longest, frame.longest), SLICE_POINTS)


def _exponents(frame: Frame) -> Any:
    """Those of the distances at which errors are shown."""
    return evenly(frame.exponents, ERROR_POINTS)


def ranges(frame: Frame) -> Numbers:
    """What frames both panels."""
    return {
        range_of("slice"): as_seen((-frame.longest, frame.longest), HEIGHTS),
        range_of("errors"): as_seen(frame.exponents, (LOWEST, HIGHEST)),
    }


def slice_marks(frame: Frame) -> tuple[Mark, ...]:
    """f and both models."""
    panel, along = "slice", tuple(map(float, _along(frame)))
    return (
        Polyline(name="at h", panel=panel, color=QUIET, width=1.0, dash=(2, 3)),
        Label(name="at h label", panel=panel, color=QUIET, size=12, texts=("h",)),
        Polyline(name="true", panel=panel, color=INK, width=2.4, along=along),
        Polyline(name="first", panel=panel, color=GRADIENT, width=1.8, dash=(3, 3), along=along),
        Polyline(name="second", panel=panel, color=MODEL, width=1.8, dash=(8, 4), along=along),
        Label(name="true label", panel=panel, color=INK, texts=("f",)),
        Label(name="first label", panel=panel, color=GRADIENT, texts=("T₁",)),
        Label(name="second label", panel=panel, color=MODEL, texts=("T₂",)),
        Label(name="height", panel=panel, color=INK, texts=("s = {6g}",), above=True),
    )


def errors_marks(frame: Frame) -> tuple[Mark, ...]:
    """Both errors with lines of slope 2 and 3 beside them, and the handle at h."""
    panel, along = "errors", tuple(map(float, _exponents(frame)))
    return (
        Polyline(name="slope 2", panel=panel, color=QUIET, width=1.0, along=along),
        Polyline(name="slope 3", panel=panel, color=QUIET, width=1.0, along=along),
        Polyline(name="error 1", panel=panel, color=GRADIENT, width=2.2, dash=(3, 3), along=along),
        Polyline(name="error 2", panel=panel, color=MODEL, width=2.2, dash=(8, 4), along=along),
        Label(name="slope 2 label", panel=panel, color=QUIET, size=12, texts=("h²",)),
        Label(name="slope 3 label", panel=panel, color=QUIET, size=12, texts=("h³",)),
        Marker(name="error at h", panel=panel, color=HANDLE, moves=("h", None)),
        Marker(name="error 2 at h", panel=panel, color=MODEL, shape="diamond", size=11),
        Label(name="error 1 label", panel=panel, color=GRADIENT, texts=("T₁: {g}",)),
        Label(name="error 2 label", panel=panel, color=MODEL, texts=("T₂: {g}",)),
    )


def caption_marks() -> tuple[Mark, ...]:
    """What happens to the errors when h is halved."""
    begin = "From h = {g} to h/2 the error of T₁ falls {g}-fold (order {.2}"
    moves = "From h = {g} to h/2 the error of T₁ goes from {g@5} to {g@6}"
    texts = (
        f"{begin}, in the limit h²), that of T₂ {{g}}-fold (order {{.2}}, in the limit h³).",
        f"{begin}, in the limit h²). T₂ has no error: along u, f is a quadratic.",
        "T₁ and T₂ have no error: along u, f is linear.",
        f"{begin}). There is no T₂ here.",
        f"{moves}, that of T₂ from {{g@7}} to {{g@8}}: here they follow no power of h.",
        f"{moves}: it follows no power of h.",
    )
    return (Label(name="order note", panel="", color=QUIET, texts=texts),)


class Errors(NamedTuple):
    """|f − T₁| and |f − T₂|."""

    first: Any
    second: Any


def errors_of(at: Local, t: Any, change: Any, unit: Any) -> Errors:
    """The errors of both models where f changes so much over t; 0 where it is but rounding."""
    first = change - t * at.slope
    least = ROUNDING * (anp.abs(at.f) + 10.0 * unit)
    both = (anp.abs(first), anp.abs(first - 0.5 * t * t * at.bend))
    return Errors(*(anp.where(error <= least, 0.0, error) for error in both))


def numbers(frame: Frame, at: Local, errors: bool) -> Numbers:
    """The numbers of all these marks, from f at all distances in a single pass.

    Those of the `errors` may be left out.
    """
    both = anp.concatenate([_along(frame), 10.0 ** _exponents(frame), row(at.h, 0.5 * at.h)])
    changes = at.along(both) - at.f
    return _told(frame, at.without_f, both, changes, errors)


@copied_in
def _told(frame: Frame, at: Local, both: Any, changes: Any, errors: bool) -> Numbers:
    """The same from the changes of f over these distances."""
    t, change = _along(frame), changes[:SLICE_POINTS]
    first = at.slope * t
    second = first + 0.5 * at.bend * t * t
    unit = _height(frame, at, change)
    known = anp.isfinite(at.slope + at.bend)
    left, middle, right = SLICE_POINTS // 12, 3 * SLICE_POINTS // 4, SLICE_POINTS - 4
    return {
        "at h": points((at.h, HEIGHTS[0]), (at.h, HEIGHTS[1])),
        "at h label": beside((at.h, HEIGHTS[0]), (1.0, 1.0), True, 0.0),
        "true": change / unit,
        "first": first / unit,
        "second": second / unit,
        "true label": beside((t[left], change[left] / unit), (0.0, 1.0), known, 0.0),
        "first label": _away(t[middle], first[middle] / unit, second[middle] / unit, known),
        "second label": _away(t[right], second[right] / unit, change[right] / unit, known),
        "height": beside((frame.longest, HEIGHTS[1]), (0.0, 1.0), known, unit),
        **(_error_numbers(frame, at, unit, both, changes) if errors else {}),
    }


def _away(t: Any, height: Any, other: Any, known: Any) -> Any:
    """A curve's name, on the side that is away from another curve; above, where they are one."""
    under = height < other - ONE_CURVE
    return beside((t, height), (0.0, anp.where(under, -1.0, 1.0)), known, 0.0)


def _height(frame: Frame, at: Local, change: Any) -> Any:
    """The unit of a slice: the greatest change of f on it, within a few times the model's."""
    seen = anp.max(anp.where(anp.isfinite(change), anp.abs(change), 0.0))
    far = frame.longest
    terms = anp.abs(at.f) + far * (norm(at.model.gx, at.model.gy) + far * at.model.steepest)
    seen = cleared(seen, terms)
    most = TALLEST * (anp.abs(at.slope) * far + 0.5 * anp.abs(at.bend) * far * far)
    unit = anp.where(most > 0, anp.minimum(seen, most), seen)
    return anp.where(unit > 0, unit, 1.0)


def _error_numbers(frame: Frame, at: Local, unit: Any, along: Any, changes: Any) -> Numbers:
    """Errors over the distances, and in the last two places those at h and h/2."""
    exponents, known = _exponents(frame), anp.isfinite(at.slope + at.bend)
    errors = errors_of(at, along[SLICE_POINTS:], changes[SLICE_POINTS:], unit)
    first, second = (_exponent(error / unit) for error in errors)
    one, two = first[-2], second[-2]
    place, low, high = anp.log10(at.h), LOWEST + 0.3, HIGHEST - 0.3
    shown = anp.minimum(anp.maximum(one, low), high)
    second_shown = anp.logical_and(two > LOWEST, two < HIGHEST)
    two_up, three_up = (
        part[ANCHOR] + lift + order * (exponents - exponents[ANCHOR])
        for part, lift, order in ((first, 0.7, 2), (second, -0.7, 3))
    )
    return {
        "slope 2": two_up,
        "slope 3": three_up,
        "error 1": first[:-2],
        "error 2": second[:-2],
        "slope 2 label": beside(
            (exponents[ANCHOR], two_up[ANCHOR]), (-0.5, 1.0), two_up[ANCHOR] > LOWEST, 0.0
        ),
        "slope 3 label": beside(
            (exponents[ANCHOR], three_up[ANCHOR]), (0.5, -1.0), three_up[ANCHOR] > LOWEST, 0.0
        ),
        "error at h": row(place, anp.where(known, shown, low)),
        "error 2 at h": row(place, anp.where(second_shown, two, np.nan)),
        "error 1 label": beside((place, shown), (-1.0, 1.0), known, errors.first[-2] / unit),
        "error 2 label": beside((place, two), (1.0, -1.0), second_shown, errors.second[-2] / unit),
        "order note": _order_note(at, errors),
    }


def _exponent(error: Any) -> Any:
    return anp.log10(anp.maximum(error, TINY))


def _order_note(at: Local, errors: Errors) -> Any:
    """By how much both errors fall from h to h/2, and as which power of h."""
    falls = [error[-2] / anp.maximum(error[-1], TINY) for error in errors]
    orders = [_exponent(fall) / np.log10(2.0) for fall in falls]
    exact = 1.0 * (errors.second[-2] == 0) + 1.0 * (errors.first[-2] == 0)
    exact = anp.where(anp.isfinite(errors.second[-2] + errors.second[-1]), exact, 3.0)
    powers = [_is_power(order, error) for order, error in zip(orders, errors, strict=True)]
    second = anp.logical_or(powers[1], exact > 0)
    straight = anp.logical_or(anp.logical_and(powers[0], second), exact == 2.0)
    case = anp.where(straight, exact, anp.where(exact == 0, 4.0, 5.0))
    case = anp.where(anp.isfinite(errors.first[-2] + errors.first[-1]), case, -1.0)
    ends = [error[place] for error in errors for place in (-2, -1)]
    return caption(case, at.h, falls[0], orders[0], falls[1], orders[1], *ends)


def _is_power(order: Any, error: Any) -> Any:
    """Whether an error falls as a power of h may: not where a kink lies between h/2 and h."""
    within = anp.logical_and(order > ORDERS[0], order < ORDERS[1])
    return anp.logical_and(within, error[-1] > 0)
