"""How steep is it? A curve and a line to turn until it is the tangent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.guesses import Tangent
from gradwidgets.calculus.questions import Question, heights
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.truths import no
from gradwidgets.calculus.types import Interval
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import asked, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, points, row
from gradwidgets.pictures.palette import BY_X, GUIDE, HANDLE, INK
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.window import as_seen, ends_of, evenly, window_inputs

POINTS = 241  # of the curve
ASKS = "How steep is f at the dot? Turn the line by its end until it is the tangent."
FIGURES = "Off by {.0}°, were the picture square: your slope is {.2@1} times f′, which is {g@2}."


def tangent_picture(field: ScalarField, question: Question) -> Picture:
    """The curve with a line through the point, whose end is a handle; the tangent once checked."""
    span = heights(question.field)
    return Picture(
        (_panel(field, span),),
        Layer(),
        (*_marks(field), *asked.captions(question, ASKS, FIGURES)),
        asked.controls(_end(question, span)),
        lambda **at: _numbers(field, question, span, at),
        field,
        ambient=window_inputs(field),
        outputs=(range_of("curve"), asked.VERDICT),
    )


def _panel(field: ScalarField, span: Interval) -> Panel:
    ((name, ends),) = field.domain.items()
    title, axis = terrain.title(field), f"${symbol(name)}$"
    return Panel("curve", ends, span, title=title, xlabel=axis, axes=(name, None), least=300)


def _end(question: Question, span: Interval) -> Control:
    (start,) = question.start
    own = terrain.coordinate("", span)
    return Control(asked.GUESS[0], "height of the line’s end", *span, own.step, start)


def _marks(field: ScalarField) -> tuple[Mark, ...]:
    along = tuple(map(float, field.axis(field.variables[0], POINTS)))
    return (
        Polyline(name="zero", panel="curve", color=GUIDE, width=1.0),
        Polyline(name="f", panel="curve", color=INK, width=2.2, along=along),
        Polyline(name="answer", panel="curve", color=BY_X, width=2.2),
        Polyline(name="guess", panel="curve", color=INK, width=1.6, dash=(5, 3)),
        Label(name="answer label", panel="curve", color=BY_X, texts=("f′ = {g}",)),
        Label(name="guess label", panel="curve", texts=("slope {g}",)),
        Marker(name="point", panel="curve", color=INK),
        Marker(name="end", panel="curve", color=HANDLE, moves=(None, asked.GUESS[0])),
    )


def _numbers(
    field: ScalarField, question: Question, span: Interval, at: Mapping[str, Any]
) -> Numbers:
    (x,), reach, name = question.point, question.scale, field.variables[0]
    shown, (end,) = asked.is_shown(question, at), asked.guess_in(question, at)
    f, (truth,) = value_and_partials(field.function, question.point)
    slope = (end - f) / reach
    low, high = question.field.domain[name]
    guess = Tangent(slope, truth, f, (high - low) / (span[1] - span[0]))
    window = ends_of(name, at)
    along, seen = evenly(window, POINTS), asked.veiled(shown, truth)
    return {
        "zero": points((window[0], 0.0), (window[1], 0.0)),
        "f": field.function(along) + 0.0 * along,
        "answer": _line(x, f, reach, seen),
        "guess": _line(x, f, reach, slope),
        "answer label": beside((x + reach, f + reach * seen), (1.0, 0.0), shown, seen),
        "guess label": row(x + reach, end, 1.0, 0.0, 0.0, slope),
        "point": row(x, f),
        "end": asked.veiled(no(shown), row(x + reach, end)),
        **asked.judged(question, shown, guess, (truth,), (slope,)),
        range_of("curve"): as_seen(window, span),
    }


def _line(x: float, f: Any, reach: float, slope: Any) -> Any:
    return anp.reshape(row(x - reach, f - reach * slope, x + reach, f + reach * slope), (2, 2))
