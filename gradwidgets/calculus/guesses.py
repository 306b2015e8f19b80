"""Guesses beside what is right: arrows, tangents, choices, learning rates.

Written with autograd.numpy and without branches, so that a picture can be traced with them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.truths import both

EXACT = 10.0  # degrees within which a direction is right
CLOSE = 14.0  # degrees within which it is that of a mistake
FACTOR = 1.4  # to either side: a length that is right
FLAT = 7.0  # degrees in a square window within which a tangent is right, or lies flat
NEAR = 1.2  # to either side: a learning rate that is right
NEARLY = 1.35  # or that of a mistake

Pair = tuple[Any, Any]


class Arrow(NamedTuple):
    """A guessed arrow, the right one, and what leads to the nearest minimum, NaN without one.

    Where it is not `measured` its direction alone counts.
    """

    guess: Pair
    truth: Pair
    aim: Pair
    measured: bool = True

    @property
    def angle(self) -> Any:
        """Degrees by which the direction is wrong."""
        return apart(self.guess, self.truth)

    @property
    def ratio(self) -> Any:
        """The guessed length over the right one."""
        return length(self.guess) / length(self.truth) if self.measured else np.nan


class Tangent(NamedTuple):
    """A guessed slope, f′, f, and by what a slope is multiplied in a square window."""

    guess: Any
    truth: Any
    value: Any
    unit: Any

    @property
    def angle(self) -> Any:
        """Degrees by which the tangent is wrong in a square window."""
        return self.beside(self.truth)

    @property
    def ratio(self) -> Any:
        """The guessed slope over f′."""
        return self.guess / self.truth

    def beside(self, slope: Any) -> Any:
        """Degrees between the guess and another slope."""
        seen = [anp.arctan(one * self.unit) * (180 / np.pi) for one in (self.guess, slope)]
        return anp.abs(seen[0] - seen[1])


class Choice(NamedTuple):
    """What was chosen of several, and what is right; NaN where there is nothing more to tell."""

    guess: Any
    truth: Any
    angle: Any = np.nan
    ratio: Any = np.nan


class Rate(NamedTuple):
    """A guessed limit of α, and the least and the greatest eigenvalue at the minimum."""

    guess: Any
    least: Any
    greatest: Any
    angle: Any = np.nan

    @property
    def ratio(self) -> Any:
        """The guess over 2/λmax."""
        return self.guess * self.greatest / 2.0

    def at(self, rate: Any) -> Any:
        """Whether about this rate was guessed."""
        return within(self.guess / rate, NEARLY)


def apart(one: Pair, other: Pair) -> Any:
    """Degrees between two arrows, 0 to 180.

    >>> float(apart((1.0, 0.0), (0.0, -2.0)))
    90.0
    """
    cross = one[0] * other[1] - one[1] * other[0]
    dot = one[0] * other[0] + one[1] * other[1]
    return anp.arctan2(anp.abs(cross), dot) * (180 / np.pi)


def length(arrow: Pair) -> Any:
    """How long an arrow is."""
    return anp.sqrt(arrow[0] * arrow[0] + arrow[1] * arrow[1])


def within(ratio: Any, factor: float) -> Any:
    """Whether a ratio is 1, up to a factor to either side."""
    return both(ratio <= factor, ratio >= 1.0 / factor)


def minus(arrow: Pair) -> Pair:
    """The arrow that points the other way."""
    return (-arrow[0], -arrow[1])
