"""Numbers in sentences: fixed decimals or three digits, and powers of ten where they help."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np

_SLOT = re.compile(r"\{(?:(\d*)\.(\d)|g)(?:@(\d+))?\}")


def fill(template: str, values: Sequence[float] | np.ndarray[Any, Any]) -> str:
    """Put values into slots, in turn or by number as in {7.2@3} and {g@3}.

    {width.decimals} has fixed decimals, see `format_number`; {g} three digits, see `three_digits`.

    >>> fill("f = {.2}, slope {8.1@0}, step {g}", [41.0, 0.0123])
    'f = 41.00, slope \u2007\u2007\u2007\u200741.0, step 0.0123'
    """
    turn = iter(range(len(values)))

    def number(match: re.Match[str]) -> str:
        width, decimals, index = match.groups()
        value = float(values[int(index) if index else next(turn)])
        if decimals is None:
            return three_digits(value)
        return format_number(value, int(decimals)).rjust(int(width or 0), "\u2007")

    return _SLOT.sub(number, template)


def plain(value: float) -> float:
    """A number without the digits that only rounding made.

    >>> plain(0.1 * 3), plain(6 * 1e-4), plain(1 / 3)
    (0.3, 0.0006, 0.3333333333333333)
    """
    short = float(f"{value:.15g}")
    shorter = len(repr(short)) + 5 < len(repr(value)) and math.isfinite(short)
    return short if shorter else value


def format_number(value: float, decimals: int) -> str:
    """A number for a reader: fixed decimals, powers of ten where they would mislead.

    Half is rounded away from zero, as in JavaScript's toFixed, so that both painters agree.

    >>> format_number(-0.125, 2), format_number(2.5e7, 2), format_number(4e-5, 2)
    ('−0.13', '2.50·10⁷', '4.00·10⁻⁵')
    """
    if not math.isfinite(value):
        return _no_number(value)
    size = abs(value)
    if size < 1e-12:
        value = size = 0.0
    exponent = 0
    if size >= 1e6 or 0 < size < 0.5 * 10.0**-decimals:
        exponent = math.floor(math.log10(size))
        if abs(_rounded(value / 10.0**exponent, decimals)) >= 10:
            exponent += 1
    text = str(_rounded(value / 10.0**exponent, decimals))
    return text.replace("-", "−") + (f"·{power_of_ten(exponent)}" if exponent else "")


def three_digits(value: float) -> str:
    """A number of any size for a reader, in three digits that count.

    >>> [three_digits(value) for value in (0.0, -0.01234, 9.999, 12345.6, 4e-16)]
    ['0', '−0.0123', '10.0', '12346', '4.00·10⁻¹⁶']
    """
    if not math.isfinite(value):
        return _no_number(value)
    if value == 0:
        return "0"
    short = _THREE.create_decimal(value)
    exponent = short.adjusted()  # once it is rounded: 9.999 counts as 10.0
    if 1e-3 <= abs(value) < 1e5:
        return str(_rounded(value, max(0, 2 - exponent))).replace("-", "−")
    mantissa = str(_rounded(short.scaleb(-exponent), 2))
    return f"{mantissa.replace('-', '−')}·{power_of_ten(exponent)}"


def power_of_ten(exponent: int) -> str:
    """Ten with a raised exponent.

    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return f"10{str(exponent).translate(_RAISED)}"


_THREE = Context(prec=3, rounding=ROUND_HALF_UP)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _no_number(value: float) -> str:
    return "undefined" if math.isnan(value) else "−∞" if value < 0 else "∞"


def _rounded(value: float | Decimal, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
