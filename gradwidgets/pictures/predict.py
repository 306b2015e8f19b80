"""Predict first: the picture of a question, which hides its answer until it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.questions import Question
from gradwidgets.pictures.asked_arrow import arrow_picture
from gradwidgets.pictures.asked_critical import critical_picture
from gradwidgets.pictures.asked_run import limit_picture, run_picture
from gradwidgets.pictures.asked_tangent import tangent_picture
from gradwidgets.pictures.marks import Label
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.terrain import LEVELS_NOTE

READINGS = ("guess label", LEVELS_NOTE)

PICTURES: Mapping[str, Callable[[ScalarField, Question], Picture]] = MappingProxyType(
    {
        "tangent": tangent_picture,
        "gradient": arrow_picture,
        "kind": critical_picture,
        "step": arrow_picture,
        "converges": run_picture,
        "rate": limit_picture,
    }
)


def question_picture(field: ScalarField, question: Question) -> Picture:
    """The picture of a question in the window of a field, which is the question's own.

    What can be guessed, and how a guess is judged, is the same in every window.
    """
    made = PICTURES[question.kind](field, question)
    return made if question.numbers else _silent(made)


def _silent(made: Picture) -> Picture:
    """The same without numbers on level curves and on what is guessed."""
    marks = tuple(
        replace(mark, texts=("",)) if isinstance(mark, Label) and mark.name in READINGS else mark
        for mark in made.marks
    )
    return replace(made, panels=tuple(map(_silent_panel, made.panels)), marks=marks)


def _silent_panel(panel: Panel) -> Panel:
    if panel.terrain is None or panel.contours is None:
        return panel
    contours = replace(panel.contours, note="", told="", silent=True)
    return replace(panel, terrain=replace(panel.terrain, silent=True), contours=contours)
