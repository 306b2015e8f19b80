"""A row of the table of verdicts, and the numbers that several rows tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from gradwidgets.calculus.features import Features
from gradwidgets.calculus.looking import numbers_of

Numbers: TypeAlias = Sequence[Any]


class Reason(NamedTuple):
    """A row of the table: the word, when it holds, the sentence, and the numbers for its slots.

    In the sentence <place> stands for the coordinates of a point, <slopes> for as many slopes.
    """

    word: str
    holds: Callable[[Features], Any]
    sentence: str
    numbers: Callable[[Features], Numbers]


def at_the_end(run: Features) -> Numbers:
    """The last step, f there, and the place."""
    return run.steps, run.last, *numbers_of(run.shown)


def shown(run: Features) -> Numbers:
    """The place where the run ended."""
    return numbers_of(run.shown)


def at_the_critical_place(run: Features) -> Numbers:
    """The place where ∇f = 0 that the run has come to."""
    return numbers_of(run.critical_place)


def at_a_saddle(run: Features) -> Numbers:
    """The same place, and between which eigenvalues the Hessian's lie there."""
    return *numbers_of(run.critical_place), run.eigenvalues[0], run.eigenvalues[-1]
