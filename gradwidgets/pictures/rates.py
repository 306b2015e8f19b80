"""What the learning rate decides: the error factor over α, and for momentum over (α, β)."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.rates import Factor, error_factor, landmarks
from gradwidgets.calculus.truths import both
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.pictures.ground import Contours, Sheet
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, points, row
from gradwidgets.pictures.palette import GUIDE, HANDLE, INK, QUIET, SECOND, UNSTABLE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer

PANEL = "rates"
CURVE_POINTS = 121
TOP = 1.25  # of the strip: an error factor over 1 is an error that grows
ROWS = {"monotone": 0.14, "best": 0.44, "bound": 0.74}  # heights at which the landmarks stand
BESIDE_TICK = 10.0  # pixels from a triangle's middle to its name: it touches no more
ROOM_FOR_NAMES = 0.8  # decades: so wide is an unstable zone that has room for a name
NAMES = {"monotone": "1/λmax", "best": "2/(λmin + λmax)", "bound": "2/λmax"}
NO_FACTOR = "f has no Hessian there, and so no factor"
MOST_MOMENTUM = 0.999
MAP_LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
MAP_POINTS, COARSE = (161, 101), 4
ROOM = 2  # coarse points around a word


Span: TypeAlias = tuple[Any, Any]  # the exponents of α that are shown, numbers of a program


class Part(NamedTuple):
    """A panel with its backdrop and its marks."""

    panel: Panel
    backdrop: Layer
    marks: tuple[Mark, ...]


class Curvature(NamedTuple):
    """The least and the greatest eigenvalue of a Hessian; NaN where there is none."""

    least: Any
    greatest: Any


# ── the strip ────────────────────────────────────────────────────────────────────────────────────


def along(span: Interval) -> tuple[float, ...]:
    """The exponents of α at which the factors are drawn."""
    return tuple(map(float, np.linspace(*span, CURVE_POINTS)))


def strip(span: Interval, factor: Factor | None) -> Part:
    """α on a logarithmic axis, over exponents of ten: error factors, landmarks, the unstable zone.

    The triangles set α where they stand; the handle drags it.
    """
    known = factor is not None
    panel = Panel(
        PANEL,
        span,
        (0.0, TOP),
        title="Error factor" if known else r"Learning rate $\alpha$",
        xlabel=r"learning rate $\alpha$",
        yticks=(0.0, 0.5, 1.0) if known else (),
        xlog=True,
        left=True,
        tall=1.25 if known else 0.6,
    )
    one = Polyline(name="one", panel=PANEL, color=GUIDE, width=1.2)
    backdrop = Layer((one,), {"one": np.array([[span[0], 1.0], [span[1], 1.0]])})
    return Part(panel, backdrop, _strip_marks(span, factor))


def _strip_marks(span: Interval, factor: Factor | None) -> tuple[Mark, ...]:
    exponents = along(span)
    names = NAMES | {"bound": factor.told} if factor else NAMES
    ticks = (
        mark
        for name in ROWS
        for mark in (
            Polyline(name=f"line {name}", panel=PANEL, color=QUIET, width=1.0, dash=(2, 3)),
            Label(
                name=f"name {name}",
                panel=PANEL,
                color=INK,
                size=12,
                aside=BESIDE_TICK,
                level=True,
                texts=(names[name],),
            ),
            Marker(
                name=f"landmark {name}",
                panel=PANEL,
                color=HANDLE,
                shape="triangle",
                size=11,
                sets=("rate", None),
            ),
        )
    )
    return (
        Polyline(name="zone", panel=PANEL, color=UNSTABLE, fill=UNSTABLE, width=0),
        Polyline(name="factor least", panel=PANEL, color=SECOND, dash=(5, 3), along=exponents),
        Polyline(name="factor greatest", panel=PANEL, color=SECOND, width=2.0, along=exponents),
        Label(name="least", panel=PANEL, color=SECOND, size=12, texts=("λmin = {g}",)),
        Label(name="unstable", panel=PANEL, color=QUIET, size=12, texts=("unstable",)),
        Label(name="no factor", panel=PANEL, color=QUIET, size=12, texts=(NO_FACTOR,)),
        *ticks,
        Marker(name="rate", panel=PANEL, color=HANDLE, moves=("rate", None)),
        Label(name="rate label", panel=PANEL, color=INK, texts=("α = {6g}",), above=True),
    )


def strip_numbers(
    span: Span, factor: Factor | None, curvature: Curvature, rate: Any, momentum: Any
) -> Numbers:
    """The numbers of the strip's marks; `momentum` counts where the factor depends on it."""
    traced = any(map(isbox, (*span, *curvature, rate, momentum)))
    found: Numbers = (_strip if traced else _kept_strip)(span, factor, curvature, rate, momentum)
    return found


@lru_cache(maxsize=4)  # a start that is dragged leaves them as they are
def _kept_strip(*asked: Any) -> Numbers:
    return _strip(*asked)


def _strip(
    span: Span, factor: Factor | None, curvature: Curvature, rate: Any, momentum: Any
) -> Numbers:
    known = factor is not None
    least, greatest = curvature if known else Curvature(np.nan, np.nan)
    alphas = 10.0 ** (
        span[0] + np.arange(CURVE_POINTS) * ((span[1] - span[0]) / (CURVE_POINTS - 1))
    )
    lowest, highest = _factors(factor, alphas, curvature, momentum)
    worst = anp.maximum(*_factors(factor, rate, curvature, momentum))
    place = anp.log10(rate)
    height = anp.where(anp.isnan(worst), 0.0, anp.minimum(worst, 0.96 * TOP))
    places = _landmark_places(factor, curvature, momentum)
    edge = places["bound"]
    top, right = 0.97 * TOP, span[1]
    resting = -anp.log10(anp.where(both(least > 0, least < greatest), least, np.nan))
    return {
        "zone": points((edge, 0.0), (right, 0.0), (right, TOP), (edge, TOP)),
        "factor least": lowest,
        "factor greatest": highest,
        "least": beside((resting, 0.03), (0.6, 1.0), _within(resting, span), least),
        "no factor": beside(
            (sum(span) / 2, TOP / 2), (0.0, 0.0), both(known, anp.isnan(greatest)), 0.0
        ),
        "unstable": beside((right, top), (-1.0, 0.0), edge < right - 0.25, 0.0),
        **_tick_numbers(places, span),
        "rate": row(place, height),
        "rate label": beside((right, TOP), (0.0, 1.0), True, rate),
    }


def _tick_numbers(places: Numbers, span: Span) -> Numbers:
    """A line, a name and a triangle for each landmark; names keep off the curves where they can."""
    numbers = {}
    for name, height in ROWS.items():
        place = places[name]
        numbers[f"line {name}"] = points((place, 0.0), (place, height))
        side = (
            -1.0 if name == "monotone" else anp.where(place < span[1] - ROOM_FOR_NAMES, 1.0, -1.0)
        )
        numbers[f"name {name}"] = beside((place, height), (side, 0.0), _within(place, span), 0.0)
        numbers[f"landmark {name}"] = row(place, height)
    return numbers


def _within(place: Any, span: Span) -> Any:
    return both(span[0] <= place, place <= span[1])


def _factors(
    factor: Factor | None, rate: Any, curvature: Curvature, momentum: Any
) -> tuple[Any, Any]:
    """The error's factors along the flattest and the steepest eigenvector."""
    if factor is None:
        return np.nan * rate, np.nan * rate
    least, greatest = (error_factor(value * rate, momentum, factor) for value in curvature)
    return least, greatest


def _landmark_places(factor: Factor | None, curvature: Curvature, momentum: Any) -> dict[str, Any]:
    """Exponents of the landmarks, NaN for those that mean nothing here."""
    if factor is None:
        return dict.fromkeys(ROWS, np.nan)
    found = landmarks(curvature)
    bound = found.bound * factor.bound(momentum) / 2.0
    alone = not factor.with_momentum  # with a single eigenvalue, the best is 1/λ
    between = anp.where(found.best > found.monotone * 1.001, found.best, np.nan)
    return {
        "monotone": anp.log10(found.monotone) if alone else np.nan,
        "best": anp.log10(between) if alone else np.nan,
        "bound": anp.log10(bound),
    }


# ── the map of α and β ───────────────────────────────────────────────────────────────────────────


def rate_map(span: Interval, factor: Factor, curvature: Curvature) -> Part:
    """The convergence rate of the local quadratic over (α, β), with its regimes named."""
    x, y = np.linspace(*span, MAP_POINTS[0]), np.linspace(0, MOST_MOMENTUM, MAP_POINTS[1])
    alpha, beta = np.meshgrid(10.0**x, y, indexing="ij")
    factors = [error_factor(alpha * value, beta, factor) for value in curvature]
    panel = Panel(
        PANEL,
        span,
        (0.0, 1.0),
        title="Error factor",
        xlabel=r"learning rate $\alpha$",
        ylabel=r"momentum $\beta$",
        contours=Contours(partial(Sheet, x, y, np.maximum(*factors)), MAP_LEVELS),
        xlog=True,
        left=True,
        tall=1.6,
    )
    lines = {
        "stable up to here": _boundary(curvature.greatest, factor),
        "critical greatest": _critical(curvature.greatest, span, factor),
        "critical least": _critical(curvature.least, span, factor),
    }
    edge = Polyline(name="stable up to here", panel=PANEL, color=INK, width=1.6)
    damped = tuple(
        Polyline(name=f"critical {end}", panel=PANEL, color=SECOND, width=1.4, dash=dash)
        for end, dash in (("greatest", ()), ("least", (5, 3)))
    )
    words, places = _regime_labels(x, y, factor, curvature)
    named = Label(name="critical", panel=PANEL, color=SECOND, size=12, texts=("critically damped",))
    places["critical"] = _beside_curve(lines["critical least"], span)
    zone = Polyline(name="divergent zone", panel=PANEL, color=UNSTABLE, fill=UNSTABLE, width=0)
    lines["divergent zone"] = _beyond(lines["stable up to here"], span)
    backdrop = Layer((zone, edge, *damped, named, *words), {**lines, **places})
    return Part(panel, backdrop, _map_marks())


def _map_marks() -> tuple[Mark, ...]:
    rate = "{.3} at α = {g}, β = {.3}"
    return (
        Marker(name="rate", panel=PANEL, color=HANDLE, moves=("rate", "momentum")),
        Label(name="rate label", panel=PANEL, color=INK, texts=(rate,), above=True),
    )


def map_numbers(
    span: Span, factor: Factor, curvature: Curvature, rate: Any, momentum: Any
) -> Numbers:
    """The numbers of the rate map's marks."""
    worst = anp.max(error_factor(rate * np.array(curvature), momentum, factor))
    return {
        "rate": row(anp.log10(rate), momentum),
        "rate label": beside((span[1], 1.0), (0.0, 1.0), True, worst, rate, momentum),
    }


def _boundary(greatest: float, factor: Factor) -> Array:
    """The largest stable learning rate for every momentum."""
    momentum = np.linspace(0, MOST_MOMENTUM, MAP_POINTS[1])
    bounds = [factor.bound(float(beta)) / greatest for beta in momentum]
    return np.stack([np.log10(bounds), momentum], axis=1)


def _beyond(boundary: Array, span: Interval) -> Array:
    """All rates over the largest stable ones."""
    inside = np.minimum(boundary, (span[1], np.inf))
    return np.concatenate([inside, [[span[1], 1.0], [span[1], 0.0]]])


def _critical(value: float, span: Interval, factor: Factor) -> Array:
    """Critical damping along an eigenvector, as far as there is such a momentum."""
    assert factor.critical
    most = math.log10(factor.most / value)
    exponents = np.linspace(span[0], max(most, span[0]), 4 * CURVE_POINTS)
    return np.stack([exponents, factor.critical(10.0**exponents * value)], axis=1)


def _beside_curve(curve: Array, span: Interval) -> Array:
    """Below a curve, where it comes down to a momentum of 0.8, or else at the right edge."""
    seen = curve[curve[:, 0] <= span[1]]
    low = np.flatnonzero(seen[:, 1] <= 0.8)
    x, y = seen[low[0] if low.size else -1]
    return np.asarray(beside((x, y), (-1.0, -1.0), True, 0.0))


REGIMES = ("monotone", "oscillating", "divergent")


def regimes(alpha: Array, beta: Array, factor: Factor, curvature: Curvature) -> Array:
    """The place in `REGIMES` of the slowest part of the error, for rates and momenta."""
    factors, turning = [], []
    for value in curvature:
        product = alpha * value
        factors.append(error_factor(product, beta, factor))
        middle, last = factor.polynomial(product, beta)
        turning.append((middle**2 < 4 * last) | (middle < 0))
    worst, slow = np.maximum(*factors), factors[1] > factors[0]
    oscillating = np.where(slow, turning[1], turning[0])
    return np.asarray(np.where(worst >= 1, 2, np.where(oscillating, 1, 0)))


def _regime_labels(
    x: Array, y: Array, factor: Factor, curvature: Curvature
) -> tuple[tuple[Mark, ...], dict[str, Array]]:
    """Each regime's name, at the place of it that is farthest from the others and the edges.

    A regime that is a narrow strip, as where κ is large, has no room for it.
    """
    x, y = x[::COARSE], y[::COARSE]
    kinds = regimes(*np.meshgrid(10.0**x, y, indexing="ij"), factor, curvature)
    padded = np.pad(kinds, 1, constant_values=-1)
    places = np.argwhere(padded >= -1)
    words, numbers = [], {}
    for kind, name in enumerate(REGIMES):
        own, others = np.argwhere(padded == kind), places[padded.ravel() != kind]
        away = np.min(np.sum((own[:, None] - others[None]) ** 2, axis=-1), axis=1)
        if np.max(away, initial=0) < ROOM**2:
            continue
        i, j = own[np.argmax(away)] - 1
        words.append(Label(name=name, panel=PANEL, color=INK, size=13, texts=(name,)))
        numbers[name] = np.asarray(beside((x[i], y[j]), (0.0, 0.0), True, 0.0))
    return tuple(words), numbers
