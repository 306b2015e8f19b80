"""Descent: the path downhill, loss and slope along it, and what the learning rate decides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rules import BESIDE, Parameter, methods
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.truths import both
from gradwidgets.calculus.types import Interval
from gradwidgets.calculus.verdict import REASONS, WORDS, sentence
from gradwidgets.calculus.walk import Walk
from gradwidgets.pictures import rates, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import form_of, range_of
from gradwidgets.pictures.loss import (
    CURVE_POINTS,
    WITH_SLOPE,
    View,
    loss_panel,
    view_of,
)
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import GRADIENT, GUIDE, HANDLE, INK, MEMORY, QUIET, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.rates import Curvature
from gradwidgets.pictures.run import Seen, known_walk, run_numbers, traced_walk
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.settings import Settings as Settings
from gradwidgets.pictures.settings import capacity_for
from gradwidgets.pictures.spans import HIGHEST_RATE, LOWEST_RATE

REASON_KEYS = tuple(REASONS)
LETTERS = 145  # of a verdict: all but the rarest have no more


def descent_picture(
    field: ScalarField,
    settings: Settings,
    *,
    curvature: Curvature | None = None,
) -> Picture:
    """The map with the path of a search; loss and slope on one axis over its steps; α.

    Args:
        field: a field of one or two variables.
        settings: see `Settings`.
        curvature: the extreme eigenvalues for which the rate map is painted.

    Raises:
        ValueError: a field of more variables.
    """
    check_variables(field)
    mapped = _mapped(settings, curvature)
    program = _general(field, field.state, settings.general, mapped)
    return replace(_picture(field, settings, mapped), program=program)


@lru_cache(maxsize=4)
def _general(
    field: ScalarField, seen: Any, settings: Settings, mapped: Curvature | None
) -> Picture:
    """The picture whose program serves all numbers of steps up to its own, and all spans."""
    return _picture(field, settings, mapped)


def _picture(field: ScalarField, settings: Settings, mapped: Curvature | None) -> Picture:
    view, steps = view_of(field), settings.steps
    rate, main = _rate_part(settings, mapped), main_panel(field)
    return Picture(
        (main, loss_panel(steps, view, WITH_SLOPE), rate.panel),
        _backdrop(field, main, rate),
        (
            *_main_marks(field, main.name),
            *_run_marks(field, settings),
            *rate.marks,
            *_captions(field, settings),
        ),
        controls(field, settings),
        lambda **at: _numbers(field, settings, view, mapped, at),
        field,
        ambient=ambient(settings.steps, settings.span),
        outputs=(range_of("loss"), form_of("loss")),
        searches=True,
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
    rate = Control("rate", "learning rate α", low, high, 0.01, low, "log", symbol="α")
    own = (parameter(*named) for named in methods[settings.method].parameters.items())
    step = Control("step", "step", 0.0, float(settings.steps), 1.0, 0.0)
    return (*terrain.controls(field), rate, *own, step)


def ambient(steps: int, span: Interval) -> tuple[Control, ...]:
    """How many steps are taken, and the exponents of the learning rates that are shown."""
    most, (low, high) = float(capacity_for(steps)), span
    ends = (math.log10(LOWEST_RATE), math.log10(HIGHEST_RATE))
    return (
        Control("steps", "number of steps", 0.0, most, 1.0, float(steps)),
        Control("span low", "least exponent of α", *ends, 0.5, low),
        Control("span high", "greatest exponent of α", *ends, 0.5, high),
    )


def parameter(name: str, known: Parameter) -> Control:
    """The control of a method's parameter."""
    label = f"{name.replace('_', ' ')} {known.symbol}"
    if known.least:
        scale, step = "log", 0.1
    else:
        scale, step = "linear", 0.001
    ends = known.lowest, known.high
    return Control(name, label, *ends, step, known.usual, scale, symbol=known.symbol)


# ── panels ───────────────────────────────────────────────────────────────────────────────────────


def main_panel(field: ScalarField) -> Panel:
    """The map or the curve; the same for all settings, so that it is painted only once."""
    return _main_panel(field, field.state)


@lru_cache(maxsize=32)  # more than explorers keep pictures: another map would be painted anew
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
        axes=(name, None),
    )


def _mapped(settings: Settings, curvature: Curvature | None) -> Curvature | None:
    """The curvature that the map of rates is for, or None where there is no such map."""
    wanted = settings.rate_map and methods[settings.method].with_momentum
    return curvature if wanted and curvature is not None and curvature.least > 0 else None


def _rate_part(settings: Settings, mapped: Curvature | None) -> rates.Part:
    factor = methods[settings.method].factor
    if mapped is not None and factor:
        return rates.rate_map(settings.span, factor, mapped)
    return rates.strip(settings.span, factor)


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
        Polyline(name="walked", panel=panel, color=GUIDE, width=6.0),
        Polyline(name="path", panel=panel, color=INK, width=1.4, dots=4.0),
        Polyline(name="tangent", panel=panel, color=GRADIENT, width=1.6, dash=(5, 3)),
        Marker(name="reference", panel=panel, color=SECOND, shape="diamond", size=11),
        Arrow(name="move", panel=panel, color=INK, width=2.2),
        Arrow(name="by gradient", panel=panel, color=GRADIENT, width=4.0),
        Arrow(name="by memory", panel=panel, color=MEMORY, width=3.0),
        Label(name="by gradient label", panel=panel, color=GRADIENT, texts=("−α∇f",)),
        Label(name="by memory label", panel=panel, color=MEMORY, texts=BESIDE),
        Marker(name="current", panel=panel, color=INK, size=10),
        Marker(name="start", panel=panel, color=HANDLE, moves=moves),
    )


def _run_marks(field: ScalarField, settings: Settings) -> tuple[Mark, ...]:
    """Loss and slope on one axis; the handle on the loss is the step that is looked at."""
    steps = tuple(map(float, range(settings.capacity + 1)))
    split = tuple(
        Polyline(
            name=f"component {place}",
            panel="loss",
            color=SECOND,
            width=1.2 + 0.6 * place,
            dash=() if place else (5, 3),
            along=steps,
            counts=True,
        )
        for place in range(len(field.variables) if settings.components else 0)
    )
    return (
        *split,
        Polyline(
            name="slope",
            panel="loss",
            color=GRADIENT,
            width=1.8,
            dash=(6, 3),
            along=steps,
            counts=True,
        ),
        Polyline(name="loss", panel="loss", color=INK, width=2.2, along=steps, counts=True),
        Marker(name="slope now", panel="loss", color=GRADIENT, shape="diamond"),
        Marker(name="step", panel="loss", color=HANDLE, moves=("step", None)),
        Label(name="loss label", panel="loss", color=INK, texts=("f = {6g}",), above=True),
        Label(name="slope label", panel="loss", color=GRADIENT, texts=("‖∇f‖ = {g}",)),
    )


def _captions(field: ScalarField, settings: Settings) -> tuple[Mark, ...]:
    count = len(field.variables)
    told = tuple(f"{WORDS[key].capitalize()}. {sentence(key, count)}" for key in REASON_KEYS)
    place = ", ".join(["{g}"] * count)
    place = f"({place})" if count > 1 else f"{field.variables[0]} = {place}"
    at = f"Step {{.0}} of {{.0}}, at {place}: f = {{g}}, ‖∇f‖ = {{g}}"
    now = (
        f"{at}. The step is {{g}} long; arrows at their true length.",
        f"{at}. The step is {{g}} long; arrows at {{.0}} times their length.",
        f"{at}. The step is {{g}} long; arrows at 1/{{.0}} of their length.",
        f"{at}. The run ends here.",
        f"{at}. The step is 0 long: nothing moves.",
    )
    return (
        Label(name="verdict", panel="", texts=told, letters=LETTERS),
        Label(name="now", panel="", color=QUIET, texts=now),
        Label(name="rate note", panel="", color=SECOND, texts=_rate_notes(field, settings)),
        Label(name="note", panel="", color=QUIET, texts=(settings.note[0],), urgent=True),
    )


def _rate_notes(field: ScalarField, settings: Settings) -> tuple[str, ...]:
    """What α does along the Hessian's eigenvectors: at the minimum, or at the start."""
    count, factor = len(field.variables), methods[settings.method].factor
    place = ", ".join(["{g}"] * count)
    place = f"({place})" if count > 1 else place
    eigen = " and ".join(["λ = {g}"] * count)
    if factor is None:
        return ("",) * 6
    once = "a step multiplies the error by"
    what = f"in the long run {once}" if factor.with_momentum else f"{once} 1 − αλ:"
    what = f"{what} {' and '.join(['{g}'] * count)}"
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
        return _remembered(field, (field.state, methods[settings.method]), asked)
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


def searched_walk(field: ScalarField, settings: Settings, at: Mapping[str, Any]) -> Walk:
    """The run for the values of all inputs, by Python itself."""
    asked = replace(settings, steps=int(at["steps"]))
    values = [at[control.name] for control in controls(field, settings)]
    return known_walk(search(field, asked, values), settings.capacity)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(
    field: ScalarField,
    settings: Settings,
    view: View,
    mapped: Curvature | None,
    at: Mapping[str, Any],
) -> Numbers:
    """Everything that is drawn, for the values of all controls."""
    rate = at["rate"]
    traced = any(map(isbox, at.values()))
    walk = (traced_walk if traced else searched_walk)(field, settings, at)
    span = (at["span low"], at["span high"])
    momentum = at.get("momentum", 0.0)
    run = Seen(field, settings, view, walk, momentum, at["steps"], at["step"])
    found = run.reached
    curvature = Curvature(found.values[0], found.values[-1])
    factor = methods[settings.method].factor
    shown = (
        rates.map_numbers(span, factor, mapped, rate, momentum)
        if factor and mapped is not None
        else rates.strip_numbers(span, factor, curvature, rate, momentum)
    )
    told = both(settings.note[0] != "", rate == settings.note[1])
    return {**run_numbers(run), **shown, "note": caption(anp.where(told, 0.0, -1.0))}
