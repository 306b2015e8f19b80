"""Descent: the path downhill, loss and slope along it, and what the learning rate decides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gradwidgets.calculus.critical import value_at
from gradwidgets.calculus.descent import Trajectory, descend
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.rates import error_factor
from gradwidgets.calculus.reference import Reference, is_close, minimum_near, reference
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.verdict import REASONS, WORDS, sentence
from gradwidgets.pictures import rates, terrain
from gradwidgets.pictures.loss import (
    CURVE_POINTS,
    Frame,
    View,
    exponents,
    frame_of,
    loss_panel,
    losses,
    seen,
    slope_panel,
    view_of,
)
from gradwidgets.pictures.rates import WITH_FACTOR, WITH_MOMENTUM, Curvature
from gradwidgets.pictures.scene import (
    GRADIENT,
    HANDLE,
    INK,
    QUIET,
    SECOND,
    Arrow,
    Control,
    Label,
    Layer,
    Mark,
    Marker,
    Numbers,
    Panel,
    Picture,
    Polyline,
    beside,
    caption,
    points,
    row,
)

# Methods whose learning rates mean about the same.
FAMILIES = {
    **dict.fromkeys(("gradient descent", "momentum", "nesterov"), "gradient"),
    **dict.fromkeys(("adagrad", "rmsprop", "adam"), "adaptive"),
    **dict.fromkeys(("exact line search", "backtracking"), "search"),
    "newton": "newton",
}
HEADING = ("converged", "converging", "alternating", "oscillating", "noisy")  # for a minimum
FLOORS = ("trough", "trough exactly", "trough at once", "corner")
MEMORY = "#332288"  # what a method remembers: its momentum
MEMORIES = ("momentum", "adjusted", "noise")  # what a step is beside −α∇f
WALKED = "#B9C3CE"
LOWEST_RATE, HIGHEST_RATE = 1e-307, 1e307
LEAST_EPSILON = 1e-12  # its axis is logarithmic
LONGEST, SHORTEST = 0.2, 0.05  # of the map's width: arrows are magnified to lie between
UNSEEN = 1e-6  # of the map's width: a step that is not magnified any more
MOST_NUMBERS = 8  # in a verdict's sentence
REASON_KEYS = tuple(REASONS)
UNTRACED = "a descent is a loop: one step of it is traced"


@dataclass(frozen=True)
class Settings:
    """How to search and what to show, beside the numbers that have a control.

    `loss` is "log" or "linear"; `components` splits the loss among the Hessian's eigenvectors;
    `rate_map` shows the convergence rate over (α, β) where the method has a momentum; `span` holds
    the exponents of the learning rates that are shown; `note` is a
    caption of its own, and the learning rate to which it belongs.
    """

    method: str = "gradient descent"
    steps: int = 100
    schedule: str = "constant"
    noise: float = 0.0
    seed: int = 0
    loss: str = "log"
    components: bool = False
    rate_map: bool = False
    span: Interval = (-4.0, 1.0)
    note: tuple[str, float] = ("", 0.0)


def descent_picture(
    field: ScalarField,
    settings: Settings,
    *,
    curvature: Curvature | None = None,
    frame: Frame | None = None,
) -> Picture:
    """The map with the path of a search; loss and slope over its steps; the learning rate.

    Args:
        field: a field of one or two variables.
        settings: see `Settings`.
        curvature: the extreme eigenvalues for which the rate map is painted.
        frame: what the loss is measured from, and its range; by default what the domain shows.

    Raises:
        ValueError: a field of more variables.
    """
    check_variables(field)
    view = view_of(field)
    mapped = _mapped(settings, curvature)
    rate, main = _rate_part(settings, mapped), main_panel(field)
    shown = frame or frame_of(field, field.middle, (), settings.loss == "log")
    steps = settings.steps
    return Picture(
        (main, loss_panel(steps, shown), slope_panel(steps, shown), rate.panel),
        _backdrop(field, main, rate),
        (
            *_main_marks(field, main.name),
            *_run_marks(field, settings),
            *rate.marks,
            *_captions(field, settings),
        ),
        controls(field, settings),
        lambda *values: _numbers(field, settings, view, shown, mapped, values),
        field,
        UNTRACED,
    )


def check_variables(field: ScalarField) -> None:
    """Refuse a field that has neither a curve nor a map."""
    if len(field.variables) > 2:
        raise ValueError(
            f"This picture needs one or two variables, and here are {len(field.variables)}: "
            f"{', '.join(field.variables)}."
        )


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


def controls(field: ScalarField, settings: Settings) -> tuple[Control, ...]:
    """The start, the learning rate, the method's parameters, and the step that is looked at."""
    low, high = (10.0**exponent for exponent in settings.span)
    rate = Control("rate", "learning rate α", low, high, 0.01, low, "log")
    own = tuple(_parameter(settings.method, name) for name in methods[settings.method].parameters)
    step = Control("step", "step", 0.0, float(settings.steps), 1.0, 0.0)
    return (*terrain.controls(field), rate, *own, step)


def _parameter(method: str, name: str) -> Control:
    parameter = methods[method].parameters[name]
    label = f"{name.replace('_', ' ')} {parameter.symbol}"
    if name == "epsilon":
        return Control(name, label, LEAST_EPSILON, parameter.high, 0.1, parameter.usual, "log")
    return Control(name, label, parameter.low, parameter.high, 0.001, parameter.usual)


def span_of_rates(field: ScalarField, start: Sequence[float], rate: float, method: str) -> Interval:
    """Exponents of the learning rates to show: around 2/λmax, and wider where this rate asks."""
    greatest = reference(field, tuple(map(float, start))).values[-1]
    middle = rate if FAMILIES[method] in ("gradient", "search") else methods[method].rate
    if method in WITH_FACTOR and 0 < greatest < math.inf:
        middle = 0.4 / greatest
    middle = min(max(middle, LOWEST_RATE), HIGHEST_RATE)
    (low, high), place = _halves(math.log10(middle), 1.5), math.log10(rate)
    if low <= place <= high:
        return low, high
    left, right = _halves(place, 0.2)
    return min(low, left), max(high, right)


def _halves(middle: float, reach: float) -> Interval:
    """Halves around exponents of learning rates, within the possible ones."""
    least, most = math.log10(LOWEST_RATE), math.log10(HIGHEST_RATE)
    low, high = math.floor(2 * (middle - reach)) / 2, math.ceil(2 * (middle + reach)) / 2
    return max(least, low), min(most, high)


# ── where the Hessian is taken ───────────────────────────────────────────────────────────────────


def curvature_of(found: Reference) -> Curvature:
    """The extreme eigenvalues."""
    return Curvature(found.values[0], found.values[-1])


def reached(run: Trajectory) -> Reference:
    """The minimum that a run reached or is heading for, or else the one downhill of its start."""
    start, last = tuple(run.points[0].tolist()), tuple(run.points[-1].tolist())
    if run.judgement.word in HEADING:
        on_floor = run.judgement.reason in FLOORS  # the minimum beside it would be another one
        for find in (reference, minimum_near) if on_floor else (minimum_near, reference):
            found = find(run.field, last)
            if found.minimum and (run.arrived is None or is_close(run.field, found.place, last)):
                return found
    return reference(run.field, start)


# ── panels ───────────────────────────────────────────────────────────────────────────────────────


def main_panel(field: ScalarField) -> Panel:
    """The map or the curve; the same for all settings, so that it is painted only once."""
    return _main_panel(field, field.state)


@lru_cache(maxsize=4)
def _main_panel(field: ScalarField, seen: Any) -> Panel:
    if len(field.variables) == 2:
        across, up = field.variables
        return terrain.map_panel(field, across, up, {})
    (name,) = field.variables
    return Panel(
        "curve",
        field.domain[name],
        view_of(field).heights,
        title=terrain.title(field),
        xlabel=f"${name}$",
        ylabel="$f$",
    )


def _mapped(settings: Settings, curvature: Curvature | None) -> Curvature | None:
    """The curvature that the map of rates is for, or None where there is no such map."""
    wanted = settings.rate_map and settings.method in WITH_MOMENTUM
    return curvature if wanted and curvature is not None and curvature.least > 0 else None


def _rate_part(settings: Settings, mapped: Curvature | None) -> rates.Part:
    if mapped is not None:
        return rates.rate_map(settings.span, settings.method, mapped)
    return rates.strip(settings.span, settings.method)


def _backdrop(field: ScalarField, main: Panel, rate: rates.Part) -> Layer:
    if main.name == "map":
        return rate.backdrop
    x = field.axis(field.variables[0], CURVE_POINTS)
    curve = Polyline(name="curve", panel="curve", color=QUIET, width=1.6)
    numbers = {"curve": np.stack([x, field.on_grid(x).values], axis=1)}
    return Layer((curve, *rate.backdrop.marks), {**numbers, **rate.backdrop.numbers})


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def _main_marks(field: ScalarField, panel: str) -> tuple[Mark, ...]:
    """The path, the arrows at the step that is looked at, and the handle at the start."""
    moves = (field.variables[0], field.variables[1] if panel == "map" else None)
    return (
        Polyline(name="walked", panel=panel, color=WALKED, width=6.0),
        Polyline(name="path", panel=panel, color=INK, width=1.4, dots=4.0),
        Polyline(name="tangent", panel=panel, color=GRADIENT, width=1.6, dash=(5, 3)),
        Marker(name="reference", panel=panel, color=SECOND, shape="diamond", size=11),
        Arrow(name="move", panel=panel, color=INK, width=2.2),
        Arrow(name="by gradient", panel=panel, color=GRADIENT, width=4.0),
        Arrow(name="by memory", panel=panel, color=MEMORY, width=3.0),
        Label(name="by gradient label", panel=panel, color=GRADIENT, texts=("−α∇f",)),
        Label(name="by memory label", panel=panel, color=MEMORY, texts=MEMORIES),
        Marker(name="current", panel=panel, color=INK, size=10),
        Marker(name="start", panel=panel, color=HANDLE, moves=moves),
    )


def _run_marks(field: ScalarField, settings: Settings) -> tuple[Mark, ...]:
    """Loss and slope over the steps; the handle on the loss is the step that is looked at."""
    steps = tuple(map(float, range(settings.steps + 1)))
    split = tuple(
        Polyline(
            name=f"component {place}",
            panel="loss",
            color=SECOND,
            width=1.2 + 0.6 * place,
            dash=() if place else (5, 3),
            along=steps,
        )
        for place in range(len(field.variables) if settings.components else 0)
    )
    return (
        *split,
        Polyline(name="loss", panel="loss", color=INK, width=1.8, along=steps),
        Marker(name="step", panel="loss", color=HANDLE, moves=("step", None)),
        Label(name="loss label", panel="loss", color=INK, texts=("f = {g}",), above=True),
        Polyline(name="slope", panel="slope", color=GRADIENT, width=1.8, along=steps),
        Marker(name="slope now", panel="slope", color=GRADIENT, shape="diamond"),
        Label(name="slope label", panel="slope", color=GRADIENT, texts=("‖∇f‖ = {g}",), above=True),
    )


def _captions(field: ScalarField, settings: Settings) -> tuple[Mark, ...]:
    count = len(field.variables)
    told = tuple(f"{WORDS[key].capitalize()}. {sentence(key, count)}" for key in REASON_KEYS)
    place = ", ".join(["{g}"] * count)
    place = f"({place})" if count > 1 else f"{field.variables[0]} = {place}"
    at = f"Step {{.0}} of {settings.steps}, at {place}: f = {{g}}, ‖∇f‖ = {{g}}"
    now = (
        f"{at}. The step is {{g}} long; arrows at their true length.",
        f"{at}. The step is {{g}} long; arrows at {{.0}} times their length.",
        f"{at}. The step is {{g}} long; arrows at 1/{{.0}} of their length.",
        f"{at}. The run ends here.",
        f"{at}. The step is 0 long: nothing moves.",
    )
    return (
        Label(name="verdict", panel="", texts=told),
        Label(name="now", panel="", color=QUIET, texts=now),
        Label(name="rate note", panel="", color=SECOND, texts=_rate_notes(field, settings)),
        Label(name="note", panel="", color=QUIET, texts=(settings.note[0],)),
    )


def _rate_notes(field: ScalarField, settings: Settings) -> tuple[str, ...]:
    """What α does along the Hessian's eigenvectors: at the minimum, or at the start."""
    count, method = len(field.variables), settings.method
    place = ", ".join(["{g}"] * count)
    place = f"({place})" if count > 1 else place
    eigen = " and ".join(["λ = {g}"] * count)
    if method == "gradient descent":
        what = "a step multiplies the error by 1 − αλ: " + " and ".join(["{g}"] * count)
    elif method in WITH_FACTOR:
        what = "in the long run a step multiplies the error by " + " and ".join(["{g}"] * count)
    else:
        return ("",) * 6
    where = (f"At the minimum {place}", f"At the start {place} (no minimum is found below it)")
    none = "there is no Hessian there, and no eigenvalue tells what a step does to the error"
    told = (
        f"the Hessian has {eigen}; {what}.",
        f"f is not twice differentiable: {none}.",
        f"f has a corner or a tip: {none}.",
    )
    return tuple(f"{at} {what}" for what in told for at in where)


def search(field: ScalarField, settings: Settings, values: Sequence[float]) -> Trajectory:
    """The run for the values of all controls; the same again while nothing of it changes."""
    asked = (
        settings.method,
        settings.steps,
        settings.schedule,
        settings.noise,
        settings.seed,
        tuple(map(float, values[:-1])),
    )
    if field.traced:  # what it reads beside its arguments is watched
        return _remembered(field, field.state, asked)
    return _searched(field, *asked)


@lru_cache(maxsize=1)
def _remembered(field: ScalarField, seen: Any, asked: tuple[Any, ...]) -> Trajectory:
    return _searched(field, *asked)


def _searched(
    field: ScalarField,
    method: str,
    steps: int,
    schedule: str,
    noise: float,
    seed: int,
    values: Sequence[float],
) -> Trajectory:
    count = len(field.variables)
    own = dict(zip(methods[method].parameters, values[count + 1 :], strict=True))
    return descend(
        field,
        values[:count],
        values[count],
        steps,
        method,
        schedule=schedule,
        noise=noise,
        seed=seed,
        **own,  # type: ignore[arg-type]
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(
    field: ScalarField,
    settings: Settings,
    view: View,
    frame: Frame,
    mapped: Curvature | None,
    values: Sequence[float],
) -> Numbers:
    """Everything that is drawn, for the values of all controls."""
    count = len(field.variables)
    start, rate = values[:count], float(values[count])
    run = search(field, settings, values)
    found, at = reached(run), min(int(values[-1]), len(run))
    return {
        **(_map_numbers if count == 2 else _curve_numbers)(run, at, view, settings),
        **_run_numbers(run, at, frame, settings, found),
        **_rate_numbers(settings, mapped, curvature_of(found), rate, run.parameters),
        "note": caption(0.0 if settings.note[0] and rate == settings.note[1] else -1.0),
        **_caption_numbers(run, at, view, settings, found),
        "reference": row(*_on_main(field, found.place)),
        "start": row(*_on_main(field, start)),
        "current": row(*_on_main(field, run.points[at])),
    }


def _on_main(field: ScalarField, place: Sequence[float]) -> tuple[float, float]:
    """Where a place stands on the main panel: on the map, or on the curve."""
    if len(place) == 2:
        return float(place[0]), float(place[1])
    return float(place[0]), value_at(field, np.array(place))


def filled(parts: Array, length: int) -> Array:
    """Rows of NaN behind, up to a length."""
    made = np.full((length, *parts.shape[1:]), np.nan)
    made[: len(parts)] = parts
    return made


def _map_numbers(run: Trajectory, at: int, view: View, settings: Settings) -> Numbers:
    length, here = settings.steps + 1, run.points[at]
    step, by_gradient, by_memory = _moves(run, at)
    scale = _magnified(step, by_gradient, view.width)
    room = SHORTEST / 2 * view.width
    memory = scale * float(np.hypot(*by_memory))
    tip = here + scale * by_gradient
    far = here + scale * by_memory
    shown = scale * float(np.hypot(*by_gradient)) > room
    return {
        "walked": filled(run.points[: at + 1], length),
        "path": filled(run.points, length),
        "tangent": np.full((2, 2), np.nan),
        "by gradient": row(*here, *tip),
        "by memory": row(*here, *far),
        "move": row(*here, *(here + scale * step)),
        "by gradient label": row(*tip, *by_gradient, 0.0 if shown else -1.0),
        "by memory label": _memory_label(run, far, by_memory, memory > room),
    }


def _memory_label(run: Trajectory, tip: Array, toward: Array, shown: bool) -> Any:
    remembers = "velocity" in run.state or "mean" in run.state
    adjusts = bool(run.state) or run.method == "newton"
    which = 0.0 if remembers else 1.0 if adjusts else 2.0
    return row(*tip, *toward, which if shown else -1.0)


def _moves(run: Trajectory, at: int) -> tuple[Array, Array, Array]:
    """The step taken from a point, −α∇f there, and what the method's memory makes of it."""
    if at >= len(run):
        nothing = np.full(run.points.shape[1], np.nan)
        return nothing, nothing, nothing
    step = run.points[at + 1] - run.points[at]
    by_gradient = -run.step_sizes[at] * run.gradients[at]
    return step, by_gradient, step - by_gradient


def _magnified(step: Array, by_gradient: Array, width: float) -> float:
    """A round factor by which the arrows can be seen: 1 where they can be seen as they are."""
    longest = max(float(np.hypot.reduce(step)), float(np.hypot.reduce(by_gradient)))
    unseen = not UNSEEN * width < longest < math.inf
    if unseen or SHORTEST * width <= longest <= 3 * LONGEST * width:
        return 1.0
    return terrain.arrow_scale(np.array([longest]), LONGEST * width)


def _curve_numbers(run: Trajectory, at: int, view: View, settings: Settings) -> Numbers:
    length, place, height = settings.steps + 1, run.points[at], run.values[at]
    trail = np.column_stack([run.points[:, 0], run.values])
    step, by_gradient, _ = _moves(run, at)
    slope, reach = run.gradients[at], 0.12 * view.width
    scale = _magnified(step, by_gradient, view.width)
    tip = place + scale * by_gradient
    return {
        "walked": filled(trail[: at + 1], length),
        "path": filled(trail, length),
        "tangent": points(
            (place[0] - reach, height - slope[0] * reach),
            (place[0] + reach, height + slope[0] * reach),
        ),
        "by gradient": row(place[0], height, tip[0], height),
        "by memory": np.full(4, np.nan),
        "move": row(place[0], height, place[0] + scale * step[0], height),
        "by gradient label": row(0.0, 0.0, 0.0, 0.0, -1.0),
        "by memory label": row(0.0, 0.0, 0.0, 0.0, -1.0),
    }


def _run_numbers(
    run: Trajectory, at: int, frame: Frame, settings: Settings, found: Reference
) -> Numbers:
    length, slopes = settings.steps + 1, run.slopes
    loss, heights = losses(run.values, frame), exponents(slopes, frame.slope[0])
    numbers = {
        "loss": filled(loss, length),
        "step": row(float(at), seen(loss[at], frame)),
        "loss label": _above(settings.steps, frame.loss[1], run.values[at]),
        "slope": filled(heights, length),
        "slope now": row(float(at), heights[at]),
        "slope label": _above(settings.steps, frame.slope[1], slopes[at]),
    }
    if settings.components:
        parts = _components(run, found)
        lowest = value_at(run.field, np.array(found.place))
        split = exponents(parts, frame.loss[0]) if frame.logarithmic else parts + lowest
        numbers |= {f"component {k}": filled(part, length) for k, part in enumerate(split)}
    return numbers


def _above(steps: int, top: float, value: float) -> Any:
    """A number that shares the title's line, on the right."""
    return beside((float(max(steps, 1)), top), (0.0, 1.0), True, value)


def _components(run: Trajectory, found: Reference) -> Array:
    """½λᵢcᵢ² for the error's components cᵢ along the Hessian's eigenvectors, shape (n, T + 1)."""
    if not np.isfinite(found.values).all():
        return np.full((len(found.place), len(run.points)), np.nan)
    hessian = run.field.hessian(found.place)
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    components = (run.points - np.array(found.place)) @ vectors
    return np.asarray(0.5 * values[:, None] * components.T**2)


def _rate_numbers(
    settings: Settings,
    mapped: Curvature | None,
    curvature: Curvature,
    rate: float,
    parameters: Mapping[str, float],
) -> Numbers:
    """On a map those of its own curvature, whichever minimum the run reaches."""
    momentum = parameters.get("momentum", 0.0)
    if mapped is not None:
        return rates.map_numbers(settings.span, settings.method, mapped, rate, momentum)
    return rates.strip_numbers(settings.span, settings.method, curvature, rate, momentum)


def _caption_numbers(
    run: Trajectory, at: int, view: View, settings: Settings, found: Reference
) -> Numbers:
    judged = run.judgement
    told = [*judged.numbers, *[0.0] * (MOST_NUMBERS - len(judged.numbers))]
    step, by_gradient, _ = _moves(run, at)
    scale = _magnified(step, by_gradient, view.width)
    which = 3.0 if at >= len(run) else 0.0 if scale == 1 else 1.0 if scale > 1 else 2.0
    slope, length = float(run.slopes[at]), float(np.hypot.reduce(step))
    which = 4.0 if which < 3 and length == 0 else which
    place = np.where(np.abs(run.points[at]) < 1e-5 * view.width, 0.0, run.points[at])
    return {
        "verdict": caption(float(REASON_KEYS.index(judged.reason)), *told),
        "now": caption(
            which,
            float(at),
            *place,
            run.values[at],
            slope,
            length,
            scale if scale > 1 else 1 / scale,
        ),
        "rate note": _rate_note(run, settings, found, view),
    }


def _rate_note(run: Trajectory, settings: Settings, found: Reference, view: View) -> Any:
    values, here = np.array(found.values), 0.0 if found.minimum else 1.0
    place = np.where(np.abs(found.place) < 1e-5 * view.width, 0.0, found.place)
    if settings.method not in WITH_FACTOR:
        return caption(-1.0, *[0.0] * 3 * len(values))
    if not np.isfinite(values).all():
        which = here + (4.0 if found.corner else 2.0)
        return caption(which, *place, *[0.0] * 2 * len(values))
    rate = float(run.step_sizes[0]) if len(run) else 0.0
    if settings.method == "gradient descent":
        factors = 1 - rate * values
    else:
        momentum = run.parameters["momentum"]
        factors = error_factor(rate * values, momentum, settings.method)
    return caption(here, *place, *values, *factors)
