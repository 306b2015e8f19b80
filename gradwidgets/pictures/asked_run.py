"""What becomes of a run, and from which α on does it diverge? The map, and an axis for α."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.endings import rates_around
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.guesses import Choice, Rate
from gradwidgets.calculus.misconceptions import DIVERGES, STRAIGHT, ZIGZAG
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.questions import Question
from gradwidgets.calculus.truths import no, where
from gradwidgets.calculus.types import Interval
from gradwidgets.pictures import asked, terrain
from gradwidgets.pictures.asked_critical import hessian_at
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import GRADIENT, GUIDE, HANDLE, INK, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.window import as_seen, window_inputs, window_of

STEPS = 30
FAR = 3.0  # times the domain's width: a path is drawn no farther
RATES = "rates"
EDGE = 0.12  # decades on both sides of the axis
ASKS = {
    "converges": "Gradient descent begins at the dot, with α = {rate:g}. What becomes of it?",
    "rate": "From which learning rate α on does gradient descent diverge here? Drag the mark.",
}
FIGURES = {
    "converges": "The first {steps} steps are shown; λmax = {{g@4}} at the minimum.",
    "rate": "Your α is {{.2@1}} times 2/λmax, which is {{g@2}}; "
    "the path shows {steps} steps with yours.",
}


def run_picture(field: ScalarField, question: Question) -> Picture:
    """The map with a start; the path once the choice is checked."""
    x, y = field.variables
    panel = terrain.map_panel(field, x, y, {})
    return Picture(
        (panel,),
        Layer(),
        (*_map_marks(), *_captions(question), terrain.levels_caption(panel)),
        asked.controls(Control(asked.GUESS[0], "what becomes of it", -1.0, 2.0, 1.0, -1.0)),
        lambda **at: _run_numbers(field, question, at),
        field,
        ambient=window_inputs(field),
        outputs=(range_of("map"), asked.VERDICT),
    )


def limit_picture(field: ScalarField, question: Question) -> Picture:
    """The map with a start, and the axis of α with a handle; the limit once it is checked."""
    x, y = field.variables
    panel, span = terrain.map_panel(field, x, y, {}), _span(field, question)
    exponents = (math.log10(span[0]), math.log10(span[1]))
    axis = Panel(
        RATES,
        (exponents[0] - EDGE, exponents[1] + EDGE),
        (0.0, 1.0),
        title=r"Learning rate $\alpha$",
        xlabel=r"learning rate $\alpha$",
        yticks=(),
        xlog=True,
        left=True,
        tall=0.6,
    )
    line = Polyline(name="axis", panel=RATES, color=GUIDE, width=1.2)
    return Picture(
        (panel, axis),
        Layer((line,), {"axis": np.array([[exponents[0], 0.5], [exponents[1], 0.5]])}),
        (*_map_marks(), *_axis_marks(), *_captions(question), terrain.levels_caption(panel)),
        asked.controls(_rate(question, span)),
        lambda **at: _limit_numbers(field, question, at),
        field,
        ambient=window_inputs(field),
        outputs=(range_of("map"), asked.VERDICT),
    )


def _captions(question: Question) -> tuple[Mark, ...]:
    asks = ASKS[question.kind].format(rate=question.scale)
    return asked.captions(question, asks, FIGURES[question.kind].format(steps=STEPS))


def _span(field: ScalarField, question: Question) -> Interval:
    greatest = float(np.linalg.eigvalsh(field.hessian(question.aim))[-1])
    return rates_around(2.0 / greatest)


def _rate(question: Question, span: Interval) -> Control:
    (start,) = question.start
    return Control(asked.GUESS[0], "learning rate α", *span, 0.01, start, "log", symbol="α")


def _map_marks() -> tuple[Mark, ...]:
    return (
        Polyline(name="path", panel="map", color=GRADIENT, width=1.8, dots=5.0),
        Marker(name="point", panel="map", color=INK),
    )


def _axis_marks() -> tuple[Mark, ...]:
    return (
        Polyline(name="limit", panel=RATES, color=SECOND, width=2.0),
        Label(name="limit label", panel=RATES, color=SECOND, texts=("2/λmax",)),
        Polyline(name="guess line", panel=RATES, color=INK, width=1.6, dash=(5, 3)),
        Label(name="guess label", panel=RATES, texts=("α = {g}",)),
        Marker(name="guess", panel=RATES, color=HANDLE, moves=(asked.GUESS[0], None)),
    )


def _run_numbers(field: ScalarField, question: Question, at: Mapping[str, Any]) -> Numbers:
    shown, (guess,) = asked.is_shown(question, at), asked.guess_in(question, at)
    greatest = hessian_at(field, question.aim).greatest
    product = question.scale * greatest
    end = where(product < 1.0, STRAIGHT, where(product < 2.0, ZIGZAG, DIVERGES))
    return {
        **_map_numbers(field, question, at, shown, question.scale),
        **asked.judged(question, shown, Choice(guess, end), (end,), (guess,), product, greatest),
    }


def _limit_numbers(field: ScalarField, question: Question, at: Mapping[str, Any]) -> Numbers:
    shown, (guess,) = asked.is_shown(question, at), asked.guess_in(question, at)
    bends = hessian_at(field, question.aim)
    limit = 2.0 / bends.greatest
    place, known = anp.log10(guess), asked.veiled(shown, anp.log10(limit))
    return {
        **_map_numbers(field, question, at, shown, guess),
        "limit": points((known, 0.0), (known, 1.0)),
        "limit label": beside((known, 0.85), (1.0, 0.0), shown),
        "guess line": points((place, 0.0), (place, 1.0)),
        "guess label": row(place, 0.22, 1.0, 0.0, 0.0, guess),
        "guess": asked.veiled(no(shown), row(place, 0.5)),
        **asked.judged(
            question, shown, Rate(guess, bends.least, bends.greatest), (limit,), (guess,)
        ),
    }


def _map_numbers(
    field: ScalarField, question: Question, at: Mapping[str, Any], shown: Any, rate: Any
) -> Numbers:
    """The start, and the first steps once they may be seen, as far as they are drawn."""
    noise = np.zeros((STEPS, len(question.point)))
    rates = rate * np.ones(STEPS)
    found = path(field.function, "gradient descent", {}, question.point, rates, noise, 1.0 * STEPS)
    middle = np.array([(low + high) / 2 for low, high in field.domain.values()])
    width = max(high - low for low, high in field.domain.values())
    near = anp.abs(found.points - middle) < FAR * width
    return {
        "path": asked.veiled(shown, anp.where(near, found.points, np.nan)),
        "point": row(*question.point),
        terrain.LEVELS_NOTE: caption(0.0),
        range_of("map"): as_seen(*window_of(field, at).values()),
    }
