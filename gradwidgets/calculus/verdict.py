"""What became of a descent, and why: one word, and a sentence with the numbers that explain it.

A verdict is the first row of a table whose condition holds for the run's features.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.ends import ENDS
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.looking import Ground, numbers_of, question
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.reason import Reason
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.trends import TRENDS
from gradwidgets.calculus.truths import where
from gradwidgets.calculus.walk import Manner, Walk
from gradwidgets.calculus.wording import fill

MOST_NUMBERS = 8  # in a sentence

TABLE: Mapping[str, Reason] = {**ENDS, **TRENDS}
REASONS: Mapping[str, str] = {key: reason.sentence for key, reason in TABLE.items()}
PLACES: Mapping[str, int] = {key: place for place, key in enumerate(TABLE)}
WORDS: Mapping[str, str] = {key: reason.word for key, reason in TABLE.items()}


class Verdict(NamedTuple):
    """A key of `TABLE`, and the numbers for its slots."""

    reason: str
    numbers: tuple[float, ...]
    variables: int

    @property
    def word(self) -> str:
        """The verdict in a word or three."""
        return WORDS[self.reason]

    @property
    def why(self) -> str:
        """The reason as a sentence."""
        return fill(sentence(self.reason, self.variables), self.numbers)


def sentence(reason: str, variables: int) -> str:
    """A reason's template for a number of variables."""
    numbers = ", ".join(["{g}"] * variables)
    all_of_them = f"({numbers})" if variables > 1 else numbers
    return re.sub("<place>|<slopes>", all_of_them, REASONS[reason])


def judge(features: Features) -> Verdict:
    """The verdict on a run; the table is read up to the first row that holds."""
    with calm():
        key = next(key for key, reason in TABLE.items() if reason.holds(features))
        numbers = TABLE[key].numbers(features)
    return Verdict(key, tuple(map(float, numbers)), features.ground.count)


def judged(features: Features) -> tuple[Any, Any]:
    """The verdict on a run that is computed: the row's place, and MOST_NUMBERS numbers for it."""
    *rows, manner = features.walk
    if not any(map(isbox, (*rows, *manner))):
        reason, numbers, _ = judge(features)
        return float(PLACES[reason]), np.array([*numbers, *[0.0] * (MOST_NUMBERS - len(numbers))])
    found = _judged(features.ground, *(1.0 * part for part in rows), *manner)
    return found[0], found[1:]


@question
def _judged(ground: Ground, *parts: Any) -> Any:
    rows = len(Walk._fields) - 1
    features = Features(ground, Walk._make((*parts[:rows], Manner(*parts[rows:]))))
    holds = [where(reason.holds(features), 1.0, 0.0) for reason in TABLE.values()]
    places = np.arange(float(len(TABLE)))
    which = anp.min(where(anp.array(holds) > 0, places, np.inf))
    told = [reason.numbers(features) for reason in TABLE.values()]
    padded = [n for numbers in told for n in (*numbers, *[0.0] * (MOST_NUMBERS - len(numbers)))]
    table = anp.reshape(anp.array(padded), (len(TABLE), MOST_NUMBERS))
    return (which, *numbers_of(pick(table, which)))
