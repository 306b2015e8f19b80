"""A race: several methods from one start, and for each the final loss over its learning rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rules import methods as known
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.pictures import terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.descent import ambient, main_panel
from gradwidgets.pictures.framing import form_of, range_of
from gradwidgets.pictures.loss import (
    View,
    loss_panel,
    view_of,
)
from gradwidgets.pictures.marks import Dash, Label, Mark, Marker, Polyline
from gradwidgets.pictures.palette import HANDLE, METHODS, QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.racing import OUTCOMES, Finals, Racing, numbers, rates_in
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.settings import capacity_for

OLD = "The curves belong to the previous start."


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
_DASHES: tuple[Dash, ...] = (
    (),
    (9, 4),
    (5, 3),
    (9, 3, 2, 3),
    (5, 3, 2, 3),
    (2, 2.5),
    (16, 4),
    (9, 3, 2, 3, 2, 3),
    (5, 3, 2, 3, 2, 3),
    (9, 3, 5, 3),
    (16, 4, 2, 4),
    (16, 4, 5, 4),
    (9, 3, 5, 3, 5, 3),
)
LOOKS = tuple(map(Look, METHODS, _DASHES))


def look_of(method: str) -> Look:
    """The look that belongs to a method's place in the table."""
    return LOOKS[list(known).index(method) % len(LOOKS)]


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
    chosen, room = tuple(methods), capacity_for(steps)
    racing = Racing(field, chosen, room, finals, bool(told))
    seen = (field.state, *(known[method] for method in chosen))
    program = _general(field, seen, chosen, room, bool(told))
    return replace(_picture(racing, steps, span, told), program=program)


@lru_cache(maxsize=2)
def _general(
    field: ScalarField, seen: Any, methods: tuple[str, ...], room: int, changed: bool
) -> Picture:
    """The picture whose program serves all numbers of steps up to its room, and all spans."""
    racing = Racing(field, methods, room, lambda: ({}, False), changed)
    return _picture(racing, room, (-4.0, 1.0), "")


def _picture(racing: Racing, steps: int, span: Interval, told: str) -> Picture:
    field, view = racing.field, view_of(racing.field)
    return Picture(
        (main_panel(field), loss_panel(steps, view), _final_panel(span, view)),
        Layer(),
        _marks(field, racing, told),
        controls(field, racing.methods, span),
        lambda **at: numbers(racing, at),
        field,
        ambient=ambient(steps, span),
        outputs=(
            *(tell(name) for name in ("loss", "final") for tell in (range_of, form_of)),
            *(f"swept {method}" for method in racing.methods),
        ),
        searches=True,
        soon=tuple(
            f"{part} {method}" for part in ("told", "final", "swept") for method in racing.methods
        ),
    )


def controls(field: ScalarField, methods: Sequence[str], span: Interval) -> tuple[Control, ...]:
    """The start, and for every method its learning rate."""
    low, high = (10.0**exponent for exponent in span)
    rates = (
        Control(f"rate {m}", f"α of {m}", low, high, 0.01, low, "log", symbol=m) for m in methods
    )
    return (*terrain.controls(field), *rates)


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


def _marks(field: ScalarField, racing: Racing, extra: str) -> tuple[Mark, ...]:
    (across, up), methods = field.variables, racing.methods
    lines = (mark for method in methods for mark in _lines(method, racing.room))
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
        Label(name="changed", panel="", color=QUIET, texts=(extra,), urgent=True),
    )


def _lines(method: str, room: int) -> tuple[Mark, ...]:
    color, dash = look_of(method)
    times = tuple(map(float, range(room + 1)))
    style: dict[str, Any] = {"color": color, "dash": dash}
    return (
        Polyline(name=f"final {method}", panel="final", width=1.6, **style),
        Polyline(name=f"stem {method}", panel="final", width=1.2, **style),
        Polyline(name=f"path {method}", panel="map", width=1.8, dots=4.0, **style),
        Marker(name=f"end {method}", panel="map", color=color, shape="square", size=8),
        Polyline(name=f"loss {method}", panel="loss", width=1.8, along=times, counts=True, **style),
    )


def _told(method: str) -> tuple[Mark, ...]:
    look = look_of(method)
    texts = tuple(
        f"{look.sign} {method}, α = {{g}}: {word}, f = {{g}} after {{.0}} {steps}."
        for steps in ("steps", "step")
        for word in OUTCOMES
    )
    room = len(max(texts, key=len)) + 4  # for numbers in place of slots
    return (
        Label(
            name=f"told {method}",
            panel="",
            color=look.color,
            texts=texts,
            urgent=True,
            letters=room,
        ),
    )
