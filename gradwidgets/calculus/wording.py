"""Numbers in sentences: fixed decimals or three digits, and powers of ten where they help."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np

_SLOT = re.compile(r"\{(?:(\d*)\.(\d+)(?:e(-?\d+))?(\+)?|(\d*)g)(?:@(\d+))?\}")

PLAIN = 1e-3  # below it zeros would have to be counted
SHORT = 1e3  # below it three digits need no power of ten
SAME = 1e-9  # of a number: so far off it is what was meant


class Digits(NamedTuple):
    """How numbers of one kind are shown: so many decimals, and where given of a power of ten.

    >>> fill(f"{{.{Digits(2)}}}, {{.{Digits(2, -8)}}}", [1.5, 1.5e-8])
    '1.50, 1.50·10⁻⁸'
    """

    decimals: int
    exponent: int | None = None

    def __str__(self) -> str:
        return f"{self.decimals}" if self.exponent is None else f"{self.decimals}e{self.exponent}"

    def at_least(self, decimals: int) -> Digits:
        """No fewer decimals than these."""
        return self._replace(decimals=max(self.decimals, decimals))

    def finer(self, by: int) -> Digits:
        """More decimals."""
        return self._replace(decimals=self.decimals + by)


def fill(template: str, values: Sequence[float] | np.ndarray[Any, Any]) -> str:
    """Put values into slots, in turn or by number as in {7.2@3} and {g@3}.

    {width.decimals} has fixed decimals and {width.decimalse-8} those of a fixed power of ten, see
    `format_number`; with a + behind, as in {.0+}, a number that they would change has three digits
    that count, or more. {g} has three digits, see `three_digits`, and {6g} room behind them.

    >>> fill("f = {.2}, slope {8.1@0}, step {g}", [41.0, 0.0123])
    'f = 41.00, slope \u2007\u2007\u2007\u200741.0, step 0.0123'
    >>> fill("({.0+}, {.0+}, {.0+})", [-2.93, 3.0, 1234.5])
    '(−2.93, 3, 1235)'
    """
    turn = iter(range(len(values)))

    def number(match: re.Match[str]) -> str:
        width, decimals, exponent, own, wide, index = match.groups()
        value = float(values[int(index) if index else next(turn)])
        if decimals is None:
            return three_digits(value).ljust(int(wide or 0), "\u2007")
        power = None if exponent is None else int(exponent)
        shown = own_digits if own else format_number
        return shown(value, int(decimals), power).rjust(int(width or 0), "\u2007")

    return _SLOT.sub(number, template)


def plain(value: float) -> float:
    """A number without the digits that only rounding made.

    >>> plain(0.1 * 3), plain(6 * 1e-4), plain(1 / 3)
    (0.3, 0.0006, 0.3333333333333333)
    """
    short = float(f"{value:.15g}")
    shorter = len(repr(short)) + 5 < len(repr(value)) and math.isfinite(short)
    return short if shorter else value


def format_number(value: float, decimals: int, power: int | None = None) -> str:
    """A number for a reader: fixed decimals, powers of ten where they would mislead.

    With `power` the decimals are those of this power of ten. They are made for numbers of a usual
    size: one far below it, of which they would leave a digit or none, or with `power` less than
    three, is shown in three digits that count. With the power 0 they are fixed. What is not 0 is
    never written as 0. What is rounded is the number that a float exactly is, half away from zero;
    text.js does the same.

    >>> format_number(-0.125, 2), format_number(2.5e7, 2), format_number(4e-5, 2)
    ('−0.13', '2.50·10⁷', '4.00·10⁻⁵')
    >>> format_number(0.0213, 2), format_number(0.02, 2), format_number(2.2e4, 2, 6)
    ('0.0213', '0.02', '2.20·10⁴')
    >>> format_number(92.51, 2, 18)
    '92.5'
    >>> format_number(0.0, 2, -8), format_number(3e-30, 2, -8), format_number(1e6 + 0.5, 1, 0)
    ('0.00·10⁻⁸', '3.00·10⁻³⁰', '1000000.5')
    """
    if not math.isfinite(value):
        return _no_number(value)
    exponent, most = power or 0, 15 if power == 0 else 6
    exact = Decimal(value) if value else Decimal(0)
    shown = _rounded(exact, decimals, exponent)
    vague = bool(exact) and _is_vague(shown, decimals, value, power)
    if vague and power != 0 and PLAIN <= abs(value) < SHORT:
        return three_digits(value)
    if vague or abs(value) >= _ten(exponent + most):
        decimals = max(decimals, 2) if vague else decimals
        exponent = _digits(decimals + 1).create_decimal(exact).adjusted()
        shown = _rounded(exact, decimals, exponent)
    text = f"{shown:f}"
    return text.replace("-", "−") + (f"·{power_of_ten(exponent)}" if exponent else "")


def own_digits(value: float, decimals: int, power: int | None = None) -> str:
    """The same, but for numbers that this would change, and of which it leaves less than three
    digits: these have three.

    >>> [own_digits(value, 1) for value in (2.5, -2.93, 29.33, 0.04)]
    ['2.5', '−2.93', '29.3', '0.0400']
    """
    shown = _rounded(Decimal(value), decimals, power or 0) if math.isfinite(value) else Decimal(0)
    digits = shown.adjusted() + 1 + decimals if shown else 0
    meant = abs(float(shown.scaleb(power or 0, _EXACT)) - value) <= SAME * abs(value)
    return format_number(value, decimals, power) if meant or digits >= 3 else three_digits(value)


def _is_vague(shown: Decimal, decimals: int, value: float, power: int | None) -> bool:
    """Whether too few digits are left of a number that is not 0, below 1 as it is shown."""
    if not shown or power == 0:
        return not shown
    digits = shown.adjusted() + 1 + decimals
    if power is None:  # 0.05 is all that there is
        return digits < min(2, decimals + 1) and abs(float(shown) - value) > SAME * abs(value)
    return digits < min(3, decimals + 1)


def three_digits(value: float) -> str:
    """A number of any size for a reader, in three digits that count.

    >>> [three_digits(value) for value in (0.0, -0.01234, 9.999, 12345.6, 4e-16)]
    ['0', '−0.0123', '10.0', '12346', '4.00·10⁻¹⁶']
    """
    if not math.isfinite(value):
        return _no_number(value)
    if value == 0:
        return "0"
    short = _digits(3).create_decimal(value)
    exponent = short.adjusted()  # once it is rounded: 9.999 counts as 10.0
    if PLAIN <= abs(value) < 1e5:
        return f"{_rounded(Decimal(value), max(0, 2 - exponent)):f}".replace("-", "−")
    mantissa = str(_rounded(short, 2, exponent))
    return f"{mantissa.replace('-', '−')}·{power_of_ten(exponent)}"


def power_of_ten(exponent: int) -> str:
    """Ten with a raised exponent.

    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return f"10{str(exponent).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _no_number(value: float) -> str:
    return "undefined" if math.isnan(value) else "−∞" if value < 0 else "∞"


@cache
def _digits(count: int) -> Context:
    return Context(prec=count, rounding=ROUND_HALF_UP)


_EXACT = _digits(800)  # no float has more


@cache
def _ten(power: int) -> float:
    """The float nearest to a power of ten, which 10.0**power need not be."""
    return float(f"1e{power}")


def _rounded(value: Decimal, decimals: int, power: int = 0) -> Decimal:
    """A number in units of a power of ten, to so many decimals."""
    scaled = value.scaleb(-power, _EXACT)
    return scaled.quantize(Decimal((0, (1,), -decimals)), context=_EXACT)
