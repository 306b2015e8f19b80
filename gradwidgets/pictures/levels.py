"""Where a map's level curves stand: evenly at round numbers, or logarithmically in a valley."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.wording import power_of_ten

SPACINGS = ("auto", "even", "log")
MOST_LEVELS = 18
MOST_LOG_LEVELS = 18
EMPTY = 15.0  # in the lowest of so many parts of its range lies a half of f: a valley left empty
LOWEST = 0.005  # of a valley: so much of it lies below the first curve
LEAST = 1e-300  # what differs by less is flat
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
STRIDES = (1, 2, 5, 10, 20, 25, 50, 100)  # decades from curve to curve, where there are many


class Levels(NamedTuple):
    """Rising values of f, how they are spaced ("even" or "log"), and that in a few words."""

    values: tuple[float, ...] = ()
    spacing: str = "even"
    note: str = ""
    told: str = ""  # the same in a sentence, with what to see in it
    valley: bool = False  # whether evenly spaced ones leave a valley empty


def choose_levels(values: Array, span: Interval, spacing: str = "auto") -> Levels:
    """Values for the level curves of f.

    Args:
        values: f all over the map; what is not finite doesn't count.
        span: the least and the greatest value that the map shows.
        spacing: "even" for equal steps of 1, 2, 2.5 or 5 · 10ᵏ, "log" for 1, 2 and 5 · 10ᵏ above
            the least value (below the greatest, where f crowds there), "auto" for even steps
            unless they would leave a valley empty.

    >>> choose_levels(np.linspace(0, 1, 99), (0.0, 1.0)).note
    'curves every 0.1'
    >>> choose_levels(np.linspace(-10, 10, 99) ** 8, (0.0, 1e8)).spacing
    'log'
    """
    low, high = span
    inside = values[np.isfinite(values)]
    if not high - low > LEAST:
        return Levels()
    empty = bool(np.median(inside) - low < (high - low) / EMPTY)
    valley = empty and _has_floor(values)
    if spacing == "log" or (spacing == "auto" and valley):
        return _log(inside, span, valley)
    return _even(span, empty, valley)


def _has_floor(values: Array) -> bool:
    """Whether f is nowhere lower on the map's edge than inside: a plain that falls away is none."""
    known = np.where(np.isfinite(values), values, np.inf)
    return bool(known[(slice(1, -1),) * known.ndim].min(initial=np.inf) <= known.min())


# ── even ─────────────────────────────────────────────────────────────────────────────────────────


def _even(span: Interval, empty: bool, valley: bool) -> Levels:
    low, high = span
    step = _round_step((high - low) / MOST_LEVELS)
    counts = range(math.floor(low / step) + 1, math.ceil(high / step))
    values = tuple(float(f"{count * step:.14g}") for count in counts)
    apart = short(step)
    told = (
        f"From one level curve to the next f changes by {apart}: where they are close, f is steep."
    )
    if empty:
        told = f'{told} Half of the map lies below them all: levels "log" show what is there.'
    return Levels(values, "even", f"curves every {apart}", told, valley)


def _round_step(least: float) -> float:
    """The smallest round step that is not below a positive number."""
    power = 10.0 ** math.floor(math.log10(least))
    return float(f"{next(s for s in ROUND_STEPS if s * power >= least * (1 - 1e-9)) * power:.3g}")


# ── logarithmic ──────────────────────────────────────────────────────────────────────────────────


def _log(values: Array, span: Interval, valley: bool) -> Levels:
    """Curves at round distances from the end of the range where f crowds."""
    low, high = span
    down = bool(np.median(values) - low > (high - low) / 2)
    base = _base(values, span, down)
    distances = base - values if down else values - base
    far = base - low if down else high - base
    near = min(float(np.quantile(np.maximum(distances, LEAST), LOWEST)), far / 100)
    marks, rule = _one_two_five(near, far)
    sign = -1 if down else 1
    levels = sorted(float(f"{base + sign * mark:.14g}") for mark in marks)
    inside = tuple(level for level in dict.fromkeys(levels) if low < level < high)
    where = f"{short(base)} {'−' if down else '+'} {rule}" if base or down else rule
    why = ", for even steps would leave half of the map empty" if valley else ""
    told = (
        f"The level curves stand at {where}, spaced logarithmically{why}: "
        "where they are close, f changes by a large factor, not always by much."
    )
    return Levels(inside, "log", f"log curves: {where}", told, valley)


def _base(values: Array, span: Interval, down: bool) -> float:
    """A round number at the end of a range: the least value on a grid is hardly ever the least.

    It is as round as it can be while it is much nearer to that end than most of f is.
    """
    low, high = span
    if 0 <= (-high if down else low) < (high - low) / 200:
        return 0.0
    end = high if down else low
    near = float(np.quantile(np.abs(values - end), 0.05)) / 5
    base = end
    for digits in range(1, 12):
        unit = max(10.0 ** (math.floor(math.log10(high - low)) - digits), LEAST)
        base = (math.ceil(end / unit) if down else math.floor(end / unit)) * unit
        if abs(end - base) <= near:
            break
    return float(f"{base:.12g}") + 0.0


def _one_two_five(near: float, far: float) -> tuple[list[float], str]:
    """Round distances from near to far, few enough for a map, and what they are called."""
    first, last = math.floor(math.log10(near)), math.floor(math.log10(far))
    fine = [digit * 10.0**k for k in range(first, last + 1) for digit in (1, 2, 5)]
    fine = [mark for mark in fine if near <= mark <= far]
    if len(fine) <= MOST_LOG_LEVELS:
        return fine, "1, 2, 5 · 10ᵏ"
    stride = next(s for s in STRIDES if (last - first) / s <= MOST_LOG_LEVELS)
    powers = [10.0**k for k in range(math.ceil(first / stride) * stride, last + 1, stride)]
    return powers, "10ᵏ" if stride == 1 else f"10ᵏ, k = 0, ±{stride}, …"


def short(number: float) -> str:
    """A round number as it is written: 2.5, and with a power of ten where it is far.

    >>> short(-400.0), short(2.5e9)
    ('−400', '2.5·10⁹')
    """
    if 1e-4 <= abs(number) < 1e6 or number == 0:
        return f"{number:.12g}".replace("-", "−")
    exponent = math.floor(math.log10(abs(number)) + 1e-12)
    lead = f"{number / 10.0**exponent:.4g}".replace("-", "−")
    return power_of_ten(exponent) if lead == "1" else f"{lead}·{power_of_ten(exponent)}"
