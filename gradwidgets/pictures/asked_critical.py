"""Minimum, maximum or saddle? A map around a point where the gradient is zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.guesses import Choice
from gradwidgets.calculus.misconceptions import MAXIMUM, MINIMUM, SADDLE
from gradwidgets.calculus.quadratic import Eigen, eigen
from gradwidgets.calculus.questions import Question
from gradwidgets.calculus.tracing import value_partials_and_seconds
from gradwidgets.calculus.truths import where
from gradwidgets.pictures import asked, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, row
from gradwidgets.pictures.palette import INK, SECOND
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.window import as_seen, window_inputs, window_of

ASKS = "At the dot ∇f = 0. Is it a minimum, a maximum or a saddle?"
FIGURES = (
    "Both eigenvalues of H are positive, {g@3} and {g@4}: f bends up in every direction.",
    "Both eigenvalues of H are negative, {g@3} and {g@4}: f bends down in every direction.",
    "The eigenvalues of H are {g@3} and {g@4}: f bends down along one axis, up along the other.",
)
REACH = 0.14  # of the map's width: half of an axis


def critical_picture(field: ScalarField, question: Question) -> Picture:
    """The map with the critical point; the Hessian's axes once the choice is checked."""
    x, y = field.variables
    panel = terrain.map_panel(field, x, y, {})
    return Picture(
        (panel,),
        Layer(),
        (*_marks(), *asked.captions(question, ASKS, *FIGURES), terrain.levels_caption(panel)),
        asked.controls(Control(asked.GUESS[0], "what it is", -1.0, 2.0, 1.0, -1.0)),
        lambda **at: _numbers(field, question, at),
        field,
        ambient=window_inputs(field),
        outputs=(range_of("map"), asked.VERDICT),
    )


def _marks() -> tuple[Mark, ...]:
    return (
        Polyline(name="axis least", panel="map", color=SECOND, width=2.0, dash=(5, 3)),
        Polyline(name="axis greatest", panel="map", color=SECOND, width=2.5),
        Label(name="least", panel="map", color=SECOND, texts=("λ = {g}",)),
        Label(name="greatest", panel="map", color=SECOND, texts=("λ = {g}",)),
        Marker(name="point", panel="map", color=INK),
    )


def hessian_at(field: ScalarField, point: tuple[float, ...]) -> Eigen:
    """The eigenvalues and axes of the Hessian at a place that is no input."""
    _, _, ((a, b), (_, c)) = value_partials_and_seconds(field.function, point)
    return eigen(a, b, c)


def _numbers(field: ScalarField, question: Question, at: Mapping[str, Any]) -> Numbers:
    shown, (guess,) = asked.is_shown(question, at), asked.guess_in(question, at)
    bends = hessian_at(field, question.point)
    kind = where(bends.least > 0, MINIMUM, where(bends.greatest < 0, MAXIMUM, SADDLE))
    width = min(high - low for low, high in field.domain.values())
    px, py = question.point
    axes = {"greatest": (bends.x, bends.y), "least": (-bends.y, bends.x)}
    sizes = {"greatest": bends.greatest, "least": bends.least}
    ends = {
        name: [REACH * width * asked.veiled(shown, part) for part in axis]
        for name, axis in axes.items()
    }
    told = (bends.least, bends.greatest)
    return {
        **{
            f"axis {name}": anp.reshape(row(px - x, py - y, px + x, py + y), (2, 2))
            for name, (x, y) in ends.items()
        },
        **{
            name: beside((px + x, py + y), axes[name], shown, asked.veiled(shown, sizes[name]))
            for name, (x, y) in ends.items()
        },
        "point": row(px, py),
        **asked.judged(
            question, shown, Choice(guess, kind), (kind,), (guess,), *told, figures=kind
        ),
        terrain.LEVELS_NOTE: caption(0.0),
        range_of("map"): as_seen(*window_of(field, at).values()),
    }
