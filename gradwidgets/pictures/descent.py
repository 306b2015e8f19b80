"""Descent: the path downhill, loss and slope along it, and what the learning rate decides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.critical import UNDEFINED, eigenvalues, minimum_below
from gradwidgets.calculus.descent import Trajectory, descend
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.rates import error_factor
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.verdict import REASONS, WORDS, sentence
from gradwidgets.pictures import rates, terrain
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
    **dict.fromkeys(("newton", "exact line search", "backtracking"), "search"),
}
MEMORY = "#332288"  # what a method remembers: its momentum
MEMORIES = ("momentum", "adjusted", "noise")  # what a step is beside −α∇f
WALKED = "#B9C3CE"
LOWEST_RATE, HIGHEST_RATE = 1e-7, 1e3
LEAST_EPSILON = 1e-12  # its axis is logarithmic
DECADES = 10  # of loss and slope that a logarithmic axis shows
LONGEST, SHORTEST = 0.2, 0.05  # of the map's width: arrows are magnified to lie between
LATTICE = 256  # places along the domain from which minima are looked for
UNSEEN = 1e-6  # of the map's width: a step that is not magnified any more
CURVE_POINTS = 201
MOST_NUMBERS = 8  # in a verdict's sentence
REASON_KEYS = tuple(REASONS)
UNTRACED = "a descent is a loop: one step of it is traced"


@dataclass(frozen=True)
class Settings:
    """How to search and what to show, beside the numbers that have a control.

    `loss` is "log" or "linear"; `components` splits the loss among the Hessian's eigenvectors;
    `rate_map` shows the convergence rate over (α, β) where the method has a momentum; `span` holds
    the exponents of the learning rates that are shown.
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


def descent_picture(
    field: ScalarField, settings: Settings, *, curvature: Curvature | None = None
) -> Picture:
    """The map with the path of a search; loss and slope over its steps; the learning rate.

    Args:
        field: a field of one or two variables.
        settings: see `Settings`.
        curvature: the extreme eigenvalues for which the rate map is painted.

    Raises:
        ValueError: a field of more variables.
    """
    check_variables(field)
    view = view_of(field)
    mapped = _mapped(settings, curvature)
    rate = _rate_part(settings, mapped)
    main = main_panel(field)
    return Picture(
        (
            main,
            loss_panel(settings.steps, view, settings.loss == "log"),
            _slope_panel(settings, view),
            rate.panel,
        ),
        _backdrop(field, main, rate),
        (
            *_main_marks(field, main.name),
            *_run_marks(field, settings, view),
            *rate.marks,
            *_captions(field, settings),
        ),
        controls(field, settings),
        lambda *values: _numbers(field, settings, view, mapped, values),
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
    greatest, middle = reference(field, tuple(start)).values[-1], methods[method].rate
    if method in WITH_FACTOR and greatest > 0:
        middle = min(max(0.4 / greatest, LOWEST_RATE), HIGHEST_RATE)
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


def usual_rate(field: ScalarField, start: Sequence[float], method: str) -> float:
    """A learning rate to begin with: half of what is stable, at the start and at the minimum."""
    steepest = max(reference(field, tuple(start)).values[-1], eigenvalues(field, start)[-1])
    if method in WITH_FACTOR and 0 < steepest < math.inf:
        stable = min(max(1.0 / steepest, 10 * LOWEST_RATE), 0.1 * HIGHEST_RATE)
        return terrain.round_down(stable)
    return methods[method].rate


# ── where the Hessian is taken ───────────────────────────────────────────────────────────────────


class Reference(NamedTuple):
    """The place whose Hessian explains the learning rate: a minimum, or else the start itself."""

    place: tuple[float, ...]
    values: tuple[float, ...]
    minimum: bool

    @property
    def curvature(self) -> Curvature:
        """The extreme eigenvalues."""
        return Curvature(self.values[0], self.values[-1])


def reference(field: ScalarField, start: tuple[float, ...]) -> Reference:
    """The minimum downhill of a start, or the start where none is found."""
    return _reference(field, start, field.state)


@lru_cache(maxsize=64)
def _reference(field: ScalarField, start: tuple[float, ...], seen: Any) -> Reference:
    """Found once, as long as what a callable reads beside its arguments stays the same."""
    found = minimum_below(field, start)
    place = start if found is None else found
    return Reference(place, tuple(eigenvalues(field, place).tolist()), found is not None)


def reached(run: Trajectory) -> Reference:
    """The minimum that a run reached or is heading for, or else the one downhill of its start.

    It is looked for from a near place of a fine lattice first: there it is mostly known already,
    for while a start is dragged the run's end hardly moves.
    """
    start, last = tuple(run.points[0].tolist()), tuple(run.points[-1].tolist())
    if run.judgement.word in ("converged", "converging", "oscillating"):
        for place in (_on_lattice(run.field, last), last):
            found = reference(run.field, place)
            if found.minimum and (run.arrived is None or _close(run.field, found.place, last)):
                return found
    return reference(run.field, start)


def _on_lattice(field: ScalarField, place: tuple[float, ...]) -> tuple[float, ...]:
    steps = ((high - low) / LATTICE for low, high in field.domain.values())
    return tuple(step * round(x / step) for x, step in zip(place, steps, strict=True))


def _close(field: ScalarField, one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two places are the same minimum, but for what a run has left to go."""
    widths = (high - low for low, high in field.domain.values())
    apart = (abs(a - b) / width for a, b, width in zip(one, other, widths, strict=True))
    return max(apart) < 1 / LATTICE


# ── panels ───────────────────────────────────────────────────────────────────────────────────────


class View(NamedTuple):
    """Ranges that stay while a start is dragged."""

    heights: Interval
    floor: float  # the least value in sight, from which a logarithmic loss is measured
    top_loss: float  # exponents of ten
    top_slope: float
    width: float


def view_of(field: ScalarField) -> View:
    """The ranges for a field on its domain."""
    count = CURVE_POINTS if len(field.variables) == 1 else 41
    grid = field.on_grid(*(field.axis(name, count) for name in field.variables), order=1)
    assert grid.gradient is not None
    low, high = terrain.value_range(grid.values)
    lengths = np.linalg.norm(grid.gradient, axis=0)
    steepest = float(np.nanpercentile(lengths, 98)) if np.isfinite(lengths).any() else 1.0
    floor = _floor(field, grid.values, grid.axes)
    margin = 0.06 * (high - low) or 1.0
    return View(
        (min(low, floor) - margin, high + margin),
        floor,
        math.ceil(math.log10(max(high - floor, 1e-12))) + 0.3,
        math.ceil(math.log10(max(steepest, 1e-12))) + 0.3,
        min(high - low for low, high in field.domain.values()),
    )


def _floor(field: ScalarField, values: Array, axes: tuple[Array, ...]) -> float:
    """The least value: of the minimum below the lowest place of a grid, or of that place."""
    places = np.unravel_index(int(np.nanargmin(values)), values.shape)
    lowest = tuple(float(axis[k]) for axis, k in zip(axes, places, strict=True))
    minimum = minimum_below(field, lowest)
    least = float(np.nanmin(values))
    return least if minimum is None else min(least, field.value(minimum))


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


def loss_panel(steps: int, view: View, logarithmic: bool = True) -> Panel:
    """f over the steps, or on a logarithmic axis what it lies above the least value in sight."""
    return Panel(
        "loss",
        (0.0, float(max(steps, 1))),
        (view.top_loss - DECADES, view.top_loss) if logarithmic else view.heights,
        title=r"Loss $f - f_{\mathrm{min}}$" if logarithmic else "Loss $f$",
        xlabel="step",
        ylog=logarithmic,
        left=True,
    )


def _slope_panel(settings: Settings, view: View) -> Panel:
    return Panel(
        "slope",
        (0.0, float(max(settings.steps, 1))),
        (view.top_slope - DECADES, view.top_slope),
        title=r"Slope $\Vert\nabla f\Vert$",
        xlabel="step",
        ylog=True,
        left=True,
        tall=0.85,
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
        Arrow(name="by gradient", panel=panel, color=GRADIENT, width=4.0),
        Arrow(name="by memory", panel=panel, color=MEMORY, width=3.0),
        Arrow(name="move", panel=panel, color=INK, width=2.2),
        Label(name="by gradient label", panel=panel, color=GRADIENT, texts=("−α∇f",)),
        Label(name="by memory label", panel=panel, color=MEMORY, texts=MEMORIES),
        Marker(name="current", panel=panel, color=INK, size=10),
        Marker(name="start", panel=panel, color=HANDLE, moves=moves),
    )


def _run_marks(field: ScalarField, settings: Settings, view: View) -> tuple[Mark, ...]:
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
    )
    return (
        Label(name="verdict", panel="", texts=told),
        Label(name="now", panel="", color=QUIET, texts=now),
        Label(name="rate note", panel="", color=SECOND, texts=_rate_notes(field, settings)),
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
        return ("", "")
    return (
        f"At the minimum {place} the Hessian has {eigen}; {what}.",
        f"At the start {place} (no minimum is found below it) the Hessian has {eigen}; {what}.",
    )


def search(field: ScalarField, settings: Settings, values: Sequence[float]) -> Trajectory:
    """The run for the values of all controls."""
    count, names = len(field.variables), methods[settings.method].parameters
    own = dict(zip(names, map(float, values[count + 1 : -1]), strict=True))
    return descend(
        field,
        values[:count],
        float(values[count]),
        settings.steps,
        settings.method,
        schedule=settings.schedule,
        noise=settings.noise,
        seed=settings.seed,
        **own,  # type: ignore[arg-type]
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(
    field: ScalarField,
    settings: Settings,
    view: View,
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
        **_run_numbers(run, at, view, settings, found),
        **_rate_numbers(settings, mapped, found.curvature, rate, run.parameters),
        **_caption_numbers(run, at, view, settings, found),
        "reference": row(*_on_main(field, found.place)),
        "start": row(*_on_main(field, start)),
        "current": row(*_on_main(field, run.points[at])),
    }


def _on_main(field: ScalarField, place: Sequence[float]) -> tuple[float, float]:
    """Where a place stands on the main panel: on the map, or on the curve."""
    if len(place) == 2:
        return float(place[0]), float(place[1])
    try:
        return float(place[0]), field.value(place)
    except UNDEFINED:  # a callable says so in this way
        return float(place[0]), math.nan


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
        "by gradient label": row(*tip, *by_gradient, 0.0 if shown and memory > room else -1.0),
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
    longest = max(float(np.linalg.norm(step)), float(np.linalg.norm(by_gradient)))
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
    run: Trajectory, at: int, view: View, settings: Settings, found: Reference
) -> Numbers:
    length, logarithmic = settings.steps + 1, settings.loss == "log"
    slopes = run.slopes
    loss = losses(run.values, view) if logarithmic else run.values
    heights = exponents(slopes, view.top_slope - DECADES)
    numbers = {
        "loss": filled(loss, length),
        "step": row(float(at), _seen(loss[at], view, logarithmic)),
        "loss label": _above(
            settings.steps, view.top_loss if logarithmic else view.heights[1], run.values[at]
        ),
        "slope": filled(heights, length),
        "slope now": row(float(at), heights[at]),
        "slope label": _above(settings.steps, view.top_slope, slopes[at]),
    }
    if settings.components:
        parts = _components(run, found)
        split = exponents(parts, view.top_loss - DECADES) if logarithmic else parts + view.floor
        numbers |= {f"component {k}": filled(part, length) for k, part in enumerate(split)}
    return numbers


def losses(values: Array, view: View) -> Array:
    """Exponents of f − f_min within the panel; NaN for what lies below the lowest place known."""
    above = np.asarray(values - view.floor)
    blur = 1e-12 * max(10.0**view.top_loss, abs(view.floor))
    rounded = (-blur <= above) & (above < 0)  # a run may end a rounding below the minimum
    return exponents(np.where(rounded, 0.0, above), view.top_loss - DECADES)


def exponents(values: Array, least: float = -np.inf) -> Array:
    """Exponents of ten, none below `least`; NaN for what is negative or undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.maximum(np.log10(values), least))


def _seen(height: float, view: View, logarithmic: bool) -> float:
    """The handle stays in the panel where the loss itself does not."""
    low, high = (view.top_loss - DECADES, view.top_loss) if logarithmic else view.heights
    margin = 0.04 * (high - low)
    return float(np.clip(low if math.isnan(height) else height, low + margin, high - margin))


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
    slope, length = float(run.slopes[at]), float(np.linalg.norm(step))
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
    values = np.array(found.values)
    if settings.method not in WITH_FACTOR or not np.isfinite(values).all():
        return caption(-1.0, *[0.0] * 3 * len(values))
    rate = float(run.step_sizes[0]) if len(run) else 0.0
    if settings.method == "gradient descent":
        factors = 1 - rate * values
    else:
        momentum = run.parameters["momentum"]
        factors = error_factor(rate * values, momentum, settings.method)
    place = np.where(np.abs(found.place) < 1e-5 * view.width, 0.0, found.place)
    return caption(0.0 if found.minimum else 1.0, *place, *values, *factors)
