"""What pictures of all questions share: when the answer is shown, the headline, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.misconceptions import MISTAKES, found
from gradwidgets.calculus.questions import QUESTIONS, Question
from gradwidgets.calculus.truths import both, either, where
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label, Mark
from gradwidgets.pictures.numbers import Numbers, caption, row
from gradwidgets.pictures.palette import QUIET

CHECKED, NUMBER = "checked", "question"
GUESS = ("guess 0", "guess 1")  # the controls of a guess: a question takes one or both
BLUER = " The bluer the map, the higher f is."  # in light and in dark pages
WAITS = "When you are sure, press Check."
HALF = 0.5  # numbers of questions are whole
EXACT = 1e-6  # degrees: what is less has been made by rounding
HEADLINE, FIGURES, VERDICT = "headline", "figures", "guess verdict"


def controls(*guesses: Control) -> tuple[Control, ...]:
    """Those of a question: the guess, the question's number, and the number that is checked.

    The picture of a question does not depend on its number: it is for the button that leads on.
    """
    number = Control(NUMBER, "number of the question", 1.0, QUESTIONS, 1.0, 1.0)
    checked = Control(CHECKED, "number of the checked question", 0.0, QUESTIONS, 1.0, 0.0)
    return (*guesses, number, checked)


def captions(question: Question, asks: str, *figures: str) -> tuple[Mark, ...]:
    """The headline, which is the question and then what the guess shows, and figures behind it.

    Of several `figures` the picture tells which belong to the answer. Where no number stands on a
    map its question says which way is up.
    """
    silent_map = not question.numbers and len(question.field.variables) > 1
    asks += BLUER if silent_map else ""
    texts = (asks, *(row.told(question.numbers) for row in MISTAKES[question.kind]))
    longest = max(map(len, texts))
    return (
        Label(name=HEADLINE, panel="", texts=texts, letters=longest),
        Label(
            name=FIGURES, panel="", color=QUIET, texts=(WAITS, *figures), urgent=True, letters=60
        ),
    )


def guess_in(question: Question, at: Mapping[str, Any]) -> list[Any]:
    """The guess among the values of controls."""
    return [at[name] for name, _ in zip(GUESS, question.start, strict=False)]


def is_shown(question: Question, at: Mapping[str, Any]) -> Any:
    """Whether the answer may be seen: the question is checked, and there was a guess."""
    pairs = zip(guess_in(question, at), question.start, strict=True)
    checked = anp.abs(at[CHECKED] - question.number) < HALF
    return both(checked, either(*(now != own for now, own in pairs)))


def judged(
    question: Question,
    shown: Any,
    guess: Any,
    answer: tuple[Any, ...],
    said: tuple[Any, ...],
    *more: Any,
    figures: Any = 0.0,
) -> Numbers:
    """The numbers of the captions and of the verdict, none of them before they may be seen.

    The verdict is the row of `MISTAKES`, the angle error, the length ratio, the answer, and what
    was said instead, as one tells an answer. Slots of captions count from the angle error, and
    `more` stands behind the answer.
    """
    mistake = found(MISTAKES[question.kind], guess)
    angle = where(guess.angle < EXACT, 0.0, guess.angle)
    seen = veiled(shown, row(angle, guess.ratio, *answer, *more))
    return {
        HEADLINE: caption(where(shown, mistake + 1.0, 0.0), *_each(seen)),
        FIGURES: caption(where(shown, figures + 1.0, 0.0), *_each(seen)),
        VERDICT: anp.concatenate(
            [veiled(shown, row(mistake)), seen[: 2 + len(answer)], veiled(shown, row(*said))]
        ),
    }


def veiled(shown: Any, numbers: Any) -> Any:
    """Numbers that are NaN until they may be seen."""
    return anp.where(shown, numbers, np.nan)


def _each(numbers: Any) -> list[Any]:
    return [numbers[place] for place in range(np.shape(numbers)[0])]
