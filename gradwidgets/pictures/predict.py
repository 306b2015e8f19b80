"""Predict first: the picture of a question, which hides its answer until it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.questions import Question
from gradwidgets.pictures.asked_arrow import arrow_picture
from gradwidgets.pictures.asked_critical import critical_picture
from gradwidgets.pictures.asked_run import limit_picture, run_picture
from gradwidgets.pictures.asked_tangent import tangent_picture
from gradwidgets.pictures.picture import Picture

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
    """The picture of a question over the domain of a field, which is the question's own."""
    return PICTURES[question.kind](field, question)
