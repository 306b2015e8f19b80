"""Guesses beside what is right: arrows, tangents, choices, learning rates.

Written with autograd.numpy and without branches, so that a picture can be traced with them.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.truths import both, either, where

EXACT = 10.0  # degrees within which a direction is right
CLOSE = 14.0  # degrees within which it is that of a mistake
FACTOR = 1.4  # to either side: a length that is right
NO_ARROW = 0.03  # of the right length: what is shorter points nowhere
FLAT = 7.0  # degrees in a square window within which a tangent is right, or lies flat
CLEARLY = 1.0  # degree by which one must be nearer than another that is alike
ALIKE = 2.0  # to either side: a slope that may have been read off
LEAST = 1e-300  # a slope that has one over itself
NEAR = 1.2  # to either side: a learning rate that is right
NEARLY = 1.35  # or that of a mistake
CLEARER = 1.05  # times by which it must be nearer than one that comes first

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
    def is_none(self) -> Any:
        """Whether the guess is too short to point anywhere."""
        return length(self.guess) <= NO_ARROW * length(self.truth)

    @property
    def angle(self) -> Any:
        """Degrees by which the direction is wrong; NaN where there is none."""
        return where(self.is_none, np.nan, apart(self.guess, self.truth))

    @property
    def ratio(self) -> Any:
        """The guessed length over the right one."""
        return length(self.guess) / length(self.truth) if self.measured else np.nan

    def points(self) -> Any:
        """Whether the direction is right."""
        return self.angle <= EXACT

    def is_right(self) -> Any:
        """Whether the direction is, and the length where it counts."""
        return both(self.points(), within(self.ratio, FACTOR)) if self.measured else self.points()

    def is_opposite(self) -> Any:
        """Whether it points the other way."""
        return apart(self.guess, minus(self.truth)) <= CLOSE

    def leads(self, way: Pair) -> Any:
        """Whether it goes that way, rather than against what is right."""
        off = apart(self.guess, way)
        return both(off <= EXACT, off < apart(self.guess, minus(self.truth)) - CLEARLY)

    def is_along_axis(self) -> Any:
        """Whether one of its components is next to nothing, and the other has the right sign."""
        x, y = anp.abs(self.guess[0]), anp.abs(self.guess[1])
        agree = [one * other > 0 for one, other in zip(self.guess, self.truth, strict=True)]
        along = anp.minimum(x, y) <= np.tan(np.radians(EXACT)) * anp.maximum(x, y)
        return both(along, where(x >= y, *agree))

    def is_across(self) -> Any:
        """Whether it stands at a right angle to what is right."""
        return anp.abs(self.angle - 90.0) <= CLOSE

    def is_mirrored(self) -> Any:
        """Whether one of its components has the other sign."""
        x, y = self.truth
        mirrored = (apart(self.guess, (x, -y)), apart(self.guess, (-x, y)))
        return either(mirrored[0] <= EXACT, mirrored[1] <= EXACT)

    def is_swapped(self) -> Any:
        """Whether its components are exchanged."""
        return apart(self.guess, self.truth[::-1]) <= EXACT


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

    def usual(self) -> tuple[Any, Any, Any, Any]:
        """The slopes that mistakes lead to: none, the other sign, f itself, run over rise."""
        level = anp.abs(self.truth) < LEAST
        upside_down = where(level, np.inf, 1.0 / where(level, 1.0, self.truth))
        return 0.0, -self.truth, self.value, upside_down

    def is_like(self, place: int) -> Any:
        """Whether it is one of those; of several that are alike the first."""
        off = [self.beside(slope) for slope in self.usual()]
        return both(off[place] <= FLAT, off[place] <= reduce(anp.minimum, off) + CLEARLY)

    def is_read(self, place: int) -> Any:
        """Whether also the number is about that one: steep lines look alike."""
        own, other = anp.abs(self.guess), anp.abs(self.usual()[place])
        return both(self.is_like(place), own <= ALIKE * other, other <= ALIKE * own)


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

    def usual(self) -> tuple[Any, Any, Any]:
        """What is taken for it: where α·λmax = 1, the best α, the limit of the flat direction."""
        return 1.0 / self.greatest, 2.0 / (self.least + self.greatest), 2.0 / self.least

    def is_like(self, place: int) -> Any:
        """Whether it is one of those; of several that are alike the first."""
        off = [anp.exp(anp.abs(anp.log(self.guess / rate))) for rate in self.usual()]
        return both(off[place] <= NEARLY, off[place] <= CLEARER * reduce(anp.minimum, off))


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
