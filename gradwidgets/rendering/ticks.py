"""Ticks of an axis whose coordinates are exponents of ten: few labels, and they never touch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from gradwidgets.calculus.types import Interval
from gradwidgets.calculus.wording import power_of_ten

LETTER, LINE = 7.5, 22.0  # pixels: a letter's width and a line's height, with some air
GAP = 8.0  # between two labels side by side
_FINE = (range(1, 10), (1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class Ticks:
    """Labels with their places, and the places of the small ticks between them."""

    labels: tuple[tuple[float, str], ...]
    minor: tuple[float, ...]


def log_ticks(interval: Interval, room: float, upright: bool = False) -> Ticks:
    """Ticks for exponents of ten, on an axis of so many pixels."""
    low, high = interval
    scale = room / (high - low)

    def fits(labels: list[tuple[float, str]]) -> bool:
        return all(
            (right - left) * scale >= (LINE if upright else _width(first, second))
            for (left, first), (right, second) in pairwise(labels)
        )

    plain = high - low < 2 and max(-low, high) < 300
    chosen = _first(fits, _values(low, high) if plain else _powers(low, high))
    labelled = {place for place, _ in chosen}
    minor = (place for place in _places(low, high, _between(scale)) if place not in labelled)
    return Ticks(tuple(chosen), tuple(minor))


def _between(scale: float) -> Iterable[int]:
    """Which digits have a tick, where a decade has so many pixels."""
    return range(1, 10) if scale >= 24 else (1,) if scale >= 4 else ()


def _width(first: str, second: str) -> float:
    """How far the middles of two labels must be apart."""
    return LETTER * (len(first) + len(second)) / 2 + GAP


def _first(
    fits: Callable[[list[tuple[float, str]]], bool],
    candidates: Iterable[list[tuple[float, str]]],
) -> list[tuple[float, str]]:
    last: list[tuple[float, str]] = []
    for last in candidates:
        if fits(last):
            return last
    return last[:1]


def _powers(low: float, high: float) -> Iterator[list[tuple[float, str]]]:
    """Every power of ten, every second, and so on."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    for stride in chain(range(1, 9), (10, 12, 15), range(20, 400, 10)):
        start = math.ceil(first / stride) * stride
        yield [(float(n), power_of_ten(n)) for n in range(start, last + 1, stride)]


def _values(low: float, high: float) -> Iterator[list[tuple[float, str]]]:
    """Plain numbers, from many to few; on less than an octave in even steps."""
    for digits in _FINE:
        places = list(_places(low, high, digits))
        if len(places) >= 2:
            yield [(place, _plain(place)) for place in places]
    for step in _steps(10.0**high - 10.0**low):
        first, last = math.ceil(10.0**low / step), math.floor(10.0**high / step)
        yield [(place, _plain(place)) for place in _logs(range(first, last + 1), step)]


def _places(low: float, high: float, digits: Iterable[int]) -> Iterator[float]:
    for exponent in range(math.floor(low), math.floor(high) + 1):
        places = (exponent + math.log10(digit) for digit in digits)
        yield from (place for place in places if low - 1e-9 <= place <= high + 1e-9)


def _plain(place: float) -> str:
    value, exponent = 10.0**place, math.floor(place + 1e-9)
    if -4 <= exponent < 5:
        return f"{value:.12g}"
    return f"{value / 10.0**exponent:.12g}·{power_of_ten(exponent)}"


def _logs(counts: range, step: float) -> Iterator[float]:
    return (math.log10(count * step) for count in counts)


def _steps(width: float) -> Iterator[float]:
    """A fifth of a width, about, and coarser."""
    unit = 10.0 ** math.floor(math.log10(width / 5))
    return (unit * factor for factor in (1, 2, 5, 10, 20, 50))
