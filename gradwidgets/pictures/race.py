"""A race: several methods from one start, and for each the final loss over its learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gradwidgets.calculus.descent import Trajectory, descend
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.looking import ground_of
from gradwidgets.calculus.rules import methods as known
from gradwidgets.calculus.verdict import WORDS
from gradwidgets.pictures import terrain
from gradwidgets.pictures.descent import main_panel, span_of_rates
from gradwidgets.pictures.loss import (
    Frame,
    View,
    frame_of,
    framing,
    loss_panel,
    losses,
    seen,
    view_of,
)
from gradwidgets.pictures.scene import (
    BY_X,
    BY_Y,
    GRADIENT,
    HANDLE,
    INK,
    QUIET,
    SECOND,
    Control,
    Dash,
    Label,
    Layer,
    Mark,
    Marker,
    Numbers,
    Panel,
    Picture,
    Polyline,
    caption,
    form_of,
    range_of,
    row,
)

Finals: TypeAlias = Mapping[str, Array]  # by method, the final loss for each of `rates`
RATES = 61
OLD = "The curves belong to the previous start."
UNTRACED = "a race is many loops: one step of each is traced"
OUTCOMES = tuple(dict.fromkeys(WORDS.values()))


class Look(NamedTuple):
    """A method's colour and dash."""

    color: str
    dash: Dash

    @property
    def sign(self) -> str:
        """Its dash in a line of text: strokes of the same lengths, and dots."""
        strokes = ["━" * round(length / STROKE) or "•" for length in self.dash[::2]]
        return GAP.join((strokes * SHOWN)[: max(SHOWN, len(strokes) + 1)]) or "━" * (SHOWN + 1)


STROKE, SHOWN, GAP = 5.0, 3, "\u00a0"  # pixels of a dash for a sign, strokes, and between them
# In the order of the table of methods; the last are there for those that come to it.
LOOKS = (
    Look(INK, ()),
    Look(BY_X, (9, 4)),
    Look(BY_Y, (5, 3)),
    Look("#7F6000", (9, 3, 2, 3)),
    Look("#2B9BD1", (5, 3, 2, 3)),
    Look(GRADIENT, (2, 2.5)),
    Look(SECOND, (16, 4)),
    Look("#332288", (9, 3, 2, 3, 2, 3)),
    Look("#5B5B5B", (5, 3, 2, 3, 2, 3)),
    Look("#882255", (9, 3, 5, 3)),
    Look("#44692B", (16, 4, 2, 4)),
    Look("#A0522D", (16, 4, 5, 4)),
    Look("#3B6FB6", (9, 3, 5, 3, 5, 3)),
)


def look_of(method: str) -> Look:
    """The look that belongs to a method's place in the table."""
    return LOOKS[list(known).index(method) % len(LOOKS)]


# Of the loss panel's width and height: a letter of a name, its line, and from its curve to its
# middle; and how many places along a curve are tried.
LETTER, LINE, ASIDE, TRIED = 0.027, 0.15, 0.12, 21


def race_picture(
    field: ScalarField,
    methods: Sequence[str],
    steps: int,
    span: Interval,
    finals: Callable[[], tuple[Finals, bool]],
    *,
    told: str = "",
) -> Picture:
    """The map with one path for each method, their losses, and the final loss over α.

    Args:
        field: a field of two variables.
        methods: those that race, in this order.
        steps: how many steps each takes.
        span: the exponents of the learning rates that are shown.
        finals: what the last sweep over this span found, and whether it belongs to the start that
            is shown.
        told: a caption of its own.
    """
    terrain.check_two_variables(field)
    view, moves = view_of(field), controls(field, methods, span)
    return Picture(
        (main_panel(field), loss_panel(steps, view), _final_panel(span, view)),
        Layer(),
        _marks(field, methods, steps, span, told),
        moves,
        lambda **at: _numbers(
            field, methods, steps, span, finals, bool(told), [at[c.name] for c in moves]
        ),
        field,
        UNTRACED,
        outputs=(*(tell(name) for name in ("loss", "final") for tell in (range_of, form_of)),),
    )


def controls(field: ScalarField, methods: Sequence[str], span: Interval) -> tuple[Control, ...]:
    """The start, and for every method its learning rate."""
    low, high = (10.0**exponent for exponent in span)
    rates = (Control(f"rate {m}", f"α of {m}", low, high, 0.01, low, "log") for m in methods)
    return (*terrain.controls(field), *rates)


def race_span(field: ScalarField, start: Sequence[float], rates: Mapping[str, float]) -> Interval:
    """Exponents of the learning rates that make sense for any of the methods with these rates."""
    spans = [span_of_rates(field, start, rate, method) for method, rate in rates.items()]
    return min(low for low, _ in spans), max(high for _, high in spans)


def rates_in(span: Interval) -> Array:
    """The learning rates of a sweep, in three digits: the best can be told, and be run again."""
    low, high = (10.0**exponent for exponent in span)
    short = [float(f"{rate:.3g}") for rate in 10.0 ** np.linspace(*span, RATES)]
    return np.asarray(np.clip(short, low, high))


def sweep(
    field: ScalarField,
    start: Sequence[float],
    method: str,
    steps: int,
    span: Interval,
    told: Callable[[int, int], Any] | None = None,
) -> Array:
    """The value after all steps for every learning rate, in one vectorised search; NaN if lost."""
    return descend(field, start, rates_in(span), steps, method, told=told).values[:, -1]


def best_rate(span: Interval, finals: Array) -> float | None:
    """The learning rate with the least final value."""
    if not np.isfinite(finals).any():
        return None
    return float(rates_in(span)[int(np.nanargmin(finals))])


def runs(
    field: ScalarField, start: Sequence[float], rates: Mapping[str, float], steps: int
) -> tuple[Trajectory, ...]:
    """The methods' runs in turn; the same again while nothing of them changes."""
    asked = tuple(map(float, start)), tuple(rates.items()), steps
    if field.traced:  # what it reads beside its arguments is watched
        return _remembered(field, (field.state, *(known[m] for m in rates)), *asked)
    return _runs(field, *asked)


@lru_cache(maxsize=1)
def _remembered(field: ScalarField, state: Any, *asked: Any) -> tuple[Trajectory, ...]:
    return _runs(field, *asked)


def _runs(
    field: ScalarField,
    start: tuple[float, ...],
    rates: tuple[tuple[str, float], ...],
    steps: int,
) -> tuple[Trajectory, ...]:
    return tuple(descend(field, start, rate, steps, method) for method, rate in rates)


# ── panels and marks ─────────────────────────────────────────────────────────────────────────────


def _final_panel(span: Interval, view: View) -> Panel:
    """The final loss over α, in the forms of the loss."""
    forms = loss_panel(1, view)
    shown, plain = (
        replace(
            form,
            name="final",
            x=span,
            title=r"Final loss over $\alpha$",
            xlabel=r"learning rate $\alpha$",
            xlog=True,
            others=(),
        )
        for form in (forms, *forms.others)
    )
    return replace(shown, others=(plain,))


def _marks(
    field: ScalarField, methods: Sequence[str], steps: int, span: Interval, extra: str
) -> tuple[Mark, ...]:
    across, up = field.variables
    lines = (mark for method in methods for mark in _lines(method, steps, span))
    handles = (
        Marker(name=f"rate {m}", panel="final", color=HANDLE, size=8, moves=(f"rate {m}", None))
        for m in methods
    )
    names = (
        Label(
            name=f"name {m}", panel="loss", color=look_of(m).color, size=12, texts=(m,), aside=4.0
        )
        for m in methods
    )
    told = (mark for method in methods for mark in _told(method))
    note = (
        "How a race ends depends on α as much as on the method: compare the curves' lowest points."
    )
    return (
        *lines,
        *names,
        *handles,
        Marker(name="start", panel="map", color=HANDLE, moves=(across, up)),
        *told,
        Label(name="note", panel="", color=QUIET, texts=(note, f"{note} {OLD}")),
        Label(name="changed", panel="", color=QUIET, texts=(extra,)),
    )


def _lines(method: str, steps: int, span: Interval) -> tuple[Mark, ...]:
    color, dash = look_of(method)
    times = tuple(map(float, range(steps + 1)))
    rates = tuple(map(float, np.log10(rates_in(span))))
    style: dict[str, Any] = {"color": color, "dash": dash}
    return (
        Polyline(name=f"final {method}", panel="final", width=1.6, along=rates, **style),
        Polyline(name=f"path {method}", panel="map", width=1.8, dots=4.0, **style),
        Marker(name=f"end {method}", panel="map", color=color, shape="square", size=8),
        Polyline(name=f"loss {method}", panel="loss", width=1.8, along=times, **style),
    )


def _told(method: str) -> tuple[Mark, ...]:
    look = look_of(method)
    texts = tuple(
        f"{look.sign} {method}, α = {{g}}: {word}, f = {{g}} after {{.0}} {steps}."
        for steps in ("steps", "step")
        for word in OUTCOMES
    )
    return (Label(name=f"told {method}", panel="", color=look.color, texts=texts),)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(
    field: ScalarField,
    methods: Sequence[str],
    steps: int,
    span: Interval,
    finals: Callable[[], tuple[Finals, bool]],
    changed: bool,
    values: Sequence[float],
) -> Numbers:
    start, rates = tuple(map(float, values[:2])), list(map(float, values[2:]))
    last, fresh = finals()
    old = 1.0 if last and not fresh else 0.0
    numbers: dict[str, Any] = {
        "start": row(*start),
        "note": caption(old),
        "changed": caption(0.0 if changed else -1.0),
    }
    racing = runs(field, start, dict(zip(methods, rates, strict=True)), steps)
    frame = _frame_of(field, racing, steps)
    for method, run, rate in zip(methods, racing, rates, strict=True):
        numbers |= _of_run(method, run, rate, steps, frame)
        numbers[f"final {method}"] = losses(last.get(method, np.full(RATES, np.nan)), frame)
    curves = np.array([numbers[f"loss {method}"] for method in methods])
    names = zip(methods, _name_places(methods, curves, frame), strict=True)
    return {
        **numbers,
        **{f"name {method}": place for method, place in names},
        **framing("loss", (0.0, float(max(steps, 1))), frame),
        **framing("final", span, frame),
    }


def _frame_of(field: ScalarField, racing: Sequence[Trajectory], steps: int) -> Frame:
    """What the losses are measured from, and their range."""
    values, slopes = (
        np.array([filled(part, steps + 1) for part in parts])
        for parts in zip(*((run.values, run.slopes) for run in racing), strict=True)
    )
    return frame_of(ground_of(field), racing[0].points[0], values, slopes, view_of(field))


def _name_places(methods: Sequence[str], curves: Array, frame: Frame) -> list[Array]:
    """A place for every name beside its curve, clear of other curves and names if there is one."""
    low, high = frame.loss
    steps = np.unique(np.linspace(0, curves.shape[1] - 1, TRIED).astype(int))
    across = steps / steps[-1]
    heights = np.clip((curves[:, steps] - low) / (high - low), -1, 2)
    placed, boxes = [], np.empty((0, 3))
    for own, name in enumerate(methods):
        wide = len(name) * LETTER / 2
        middle = np.tile(np.clip(across, wide, 1 - wide), 2)
        up = np.concatenate([heights[own] + ASIDE, heights[own] - ASIDE])
        beside = np.abs(across - middle[:, None]) <= wide
        away = np.where(beside, np.abs(heights[:, None, :] - up[:, None]), np.inf)
        covered = np.sum(away < LINE / 2, axis=(0, 2)) + np.sum(away < ASIDE, axis=(0, 2))
        met = (np.abs(boxes[:, 0] - middle[:, None]) < boxes[:, 2] + wide + LETTER) & (
            np.abs(boxes[:, 1] - up[:, None]) < LINE
        )
        usual = np.abs(np.tile(across, 2) - (own + 0.5) / len(methods))
        hidden = ~((up >= LINE / 2) & (up <= 1 - LINE / 2))
        best = int(np.argmin(covered + usual + TRIED * (3 * hidden + met.sum(axis=1))))
        boxes = np.append(boxes, [[middle[best], up[best], wide]], axis=0)
        side, at = (1.0 if best < len(steps) else -1.0), steps[best % len(steps)]
        placed.append(row(float(at), curves[own, at], 0.0, side, 0.0))
    return placed


def filled(parts: Array, length: int) -> Array:
    """Rows of NaN behind, up to a length."""
    made = np.full((length, *parts.shape[1:]), np.nan)
    made[: len(parts)] = parts
    return made


def _of_run(method: str, run: Trajectory, rate: float, steps: int, frame: Frame) -> Numbers:
    loss = losses(run.values, frame)
    final = math.nan if run.ended else float(loss[-1])
    outcome = float(OUTCOMES.index(run.judgement.word) + len(OUTCOMES) * (len(run) == 1))
    return {
        f"path {method}": filled(run.points, steps + 1),
        f"end {method}": row(*run.points[-1]),
        f"loss {method}": filled(loss, steps + 1),
        f"rate {method}": row(math.log10(rate), seen(final, frame, lost=1.0)),
        f"told {method}": caption(outcome, rate, run.values[-1], float(len(run))),
    }
