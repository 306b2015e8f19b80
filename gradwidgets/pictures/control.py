"""Controls: the numbers of a picture that the reader may change."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gradwidgets.calculus.wording import Digits

PLAIN = 5  # decimals that are read without counting


@dataclass(frozen=True)
class Control:
    """A number that the reader may change: where it starts, its range, its finest step.

    With the scale "log" it is positive, its step is one of its exponent of ten (0.01, say, and not
    below 0.005, for a slider tells three digits), and along an axis it stands at that exponent.
    Where it is `cyclic`, both ends of its range mean the same. Beside its slider stands its
    `symbol`, as α, or else its label, and behind its number the `unit`, as °. Without a label it
    has no slider.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    scale: str = "linear"
    cyclic: bool = False
    symbol: str = ""
    unit: str = ""

    @property
    def decimals(self) -> int:
        """How many digits behind the point its step needs."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))

    @property
    def digits(self) -> Digits:
        """How its values are told apart: all digits that its step needs, of a power of ten where
        numbers without one would be long.

        >>> [str(Control("x", "x", 0.0, 100 * s, s, s).digits) for s in (0.01, 1e-9, 1e7)]
        ['2', '2e-7', '2e9']
        """
        largest = max(abs(self.low), abs(self.high))
        if largest < 1e6 and self.decimals <= PLAIN:
            return Digits(self.decimals)
        if largest < 1e9 and self.decimals <= PLAIN:  # far from 0
            return Digits(self.decimals, 0)
        exponent = math.floor(math.log10(largest) + 1e-9)
        return Digits(max(0, round(exponent - math.log10(self.step))), exponent)

    def at(self, coordinate: float) -> float:
        """Its value at a place of its axis, within its range."""
        value = coordinate
        if self.scale == "log":
            # 10**log10(0.2) is not quite 0.2: fourteen digits are what a logarithm keeps.
            value = float(f"{10.0 ** min(coordinate, 300.0):.14g}")
        return min(max(value, self.low), self.high)
