"""Which way, and how long? A map and an arrow to drag: the gradient, or a step of a descent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.guesses import Arrow as Guess
from gradwidgets.calculus.questions import Question
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.truths import no, where
from gradwidgets.pictures import asked, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker
from gradwidgets.pictures.numbers import Numbers, beside, caption, row
from gradwidgets.pictures.palette import GRADIENT, HANDLE, INK
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.window import as_seen, window_inputs, window_of

ASKS = {
    "gradient": "What is ∇f at the dot? Drag the arrow’s tip; it is drawn at {scale}.",
    "step": "Where does one step of gradient descent with α = {scale} lead? Drag the arrow’s tip.",
}
WAYS = {
    "gradient": "Which way does ∇f point there? Drag the arrow’s tip; its length does not count.",
    "step": "Which way does a step of gradient descent lead? Drag the arrow’s tip; its length does "
    "not count.",
}
FIGURES = {
    "gradient": "Off by {.0}°, and {.2} times as long as ∇f = ({g}, {g}).",
    "step": "Off by {.0}°, and {.2} times as long as the step ({g}, {g}).",
}
SKEWED = " The axes have different scales: right angles look skewed."
OFF = "Off by {.0}°."
NO_ARROW = {
    "gradient": "∇f = ({g@2}, {g@3}).",
    "step": "The step is ({g@2}, {g@3}).",
}


def arrow_picture(field: ScalarField, question: Question) -> Picture:
    """The map with the point and an arrow whose tip is a handle; the true arrow once checked."""
    x, y = field.variables
    panel = terrain.map_panel(field, x, y, {})
    told = {"gradient": terrain.ratio_text(question.scale, "its"), "step": f"{question.scale:g}"}
    asks = ASKS[question.kind] if question.numbers else WAYS[question.kind]
    figures = FIGURES[question.kind] if question.numbers else OFF
    none = NO_ARROW[question.kind] if question.numbers else ""
    asks = asks.format(scale=told[question.kind]) + ("" if panel.equal else SKEWED)
    return Picture(
        (panel,),
        Layer(),
        (
            *_marks(field, question),
            *asked.captions(question, asks, figures, none),
            terrain.levels_caption(panel),
        ),
        asked.controls(*_tips(question)),
        lambda **at: _numbers(field, question, at),
        field,
        ambient=window_inputs(field),
        outputs=(range_of("map"), asked.VERDICT),
    )


def _tips(question: Question) -> list[Control]:
    """The coordinates of the arrow's tip."""
    ends = zip(terrain.controls(question.field), asked.GUESS, question.start, strict=True)
    return [
        Control(name, f"{own.name} of the arrow’s tip", own.low, own.high, own.step, start)
        for own, name, start in ends
    ]


def _marks(field: ScalarField, question: Question) -> tuple[Mark, ...]:
    what = "∇f" if question.kind == "gradient" else "−α∇f"
    return (
        Arrow(name="answer", panel="map", color=GRADIENT, width=4.0, free=True),
        Arrow(name="guess", panel="map", color=INK, width=2.5, free=True),
        Label(name="answer label", panel="map", color=GRADIENT, texts=(what,)),
        Label(name="guess label", panel="map", texts=("length {g}",)),
        Marker(name="point", panel="map", color=INK),
        Marker(name="tip", panel="map", color=HANDLE, moves=asked.GUESS),
    )


def _numbers(field: ScalarField, question: Question, at: Mapping[str, Any]) -> Numbers:
    px, py = question.point
    shown, tip = asked.is_shown(question, at), asked.guess_in(question, at)
    _, (fx, fy) = value_and_partials(field.function, question.point)
    is_gradient = question.kind == "gradient"
    unit, drawn = (1.0 / question.scale, 1.0) if is_gradient else (1.0, -question.scale)
    truth = (drawn * fx, drawn * fy)
    guess = ((tip[0] - px) * unit, (tip[1] - py) * unit)
    aim = np.subtract(question.aim, question.point) if question.aim else (np.nan, np.nan)
    judge = Guess(guess, truth, (aim[0], aim[1]), question.numbers)
    seen = [asked.veiled(shown, part) for part in truth]
    end = [p + part / unit for p, part in zip((px, py), seen, strict=True)]
    return {
        "answer": asked.veiled(shown, row(px, py, *end)),
        "guess": row(px, py, *tip),
        "answer label": beside(row(*end), _outward(seen), shown),
        "guess label": row(*tip, *_outward(guess), 0.0, anp.hypot(*guess)),
        "point": row(px, py),
        "tip": asked.veiled(no(shown), row(*tip)),
        **asked.judged(
            question, shown, judge, truth, guess, figures=where(judge.is_none, 1.0, 0.0)
        ),
        terrain.LEVELS_NOTE: caption(0.0),
        range_of("map"): as_seen(*window_of(field, at).values()),
    }


def _outward(arrow: Any) -> list[Any]:
    """The unit vector of an arrow, in which its label steps aside."""
    length = anp.hypot(*arrow)
    return [part / (length + 1e-300) for part in arrow]
