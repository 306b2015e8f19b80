"""Python's own numbers at some states of a picture, by which a page checks its own.

alone/check.js makes its numbers in the same way: few are told one by one, a list in short. Beside
each stands by how much it may differ: what rounding alone does to it, found by moving the inputs by
a last digit, and the results of exp, sin and the like by a few.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.program import Program, cleaned, shaken
from gradwidgets.calculus.types import Array
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.picture import Picture

STATES = 3
NEAR = 0.1  # of a control's range: so far from the state that is shown others are checked
CLOSE = 1e-12  # relative to the largest number of a list
ROUNDINGS = 10.0  # times what a last digit does
FEW = 8  # numbers that are told one by one
TURNS = 7  # as in alone/check.js


class Checked(NamedTuple):
    """The program's inputs but for arrays, state after state; what it gives; how much that may be
    off."""

    states: Array
    numbers: Array
    room: Array


def checked(picture: Picture, program: Program, values: Sequence[float]) -> Checked:
    """Numbers of a picture at a state, and at others near by, without what comes later."""
    kept = [part for k, part in enumerate(program.outputs) if k not in picture.later]
    asked = cleaned(replace(program, outputs=tuple(kept)))
    states = [picture.inputs(state) for state in _states(picture.controls, values)]
    rough = shaken(asked, 0, {})
    told = [_with_room(asked, rough, state, len(values)) for state in states]
    numbers, room = (np.concatenate(parts) for parts in zip(*told, strict=True))
    alone = [state[: len(state) - len(picture.arrays)] for state in states]
    return Checked(np.concatenate(alone), numbers, room)


def _states(controls: Sequence[Control], values: Sequence[float]) -> Iterator[tuple[float, ...]]:
    yield tuple(values)
    rng = np.random.default_rng(0)
    for _ in range(STATES - 1):
        pairs = zip(controls, values, strict=True)
        yield tuple(_moved(control, value, rng.uniform(-NEAR, NEAR)) for control, value in pairs)


def _moved(control: Control, value: float, share: float) -> float:
    if control.scale == "log":
        value *= (control.high / control.low) ** share
    else:
        value += share * (control.high - control.low)
    return control.at(math.log10(value) if control.scale == "log" else value)


def _with_room(
    program: Program, rough: Program, state: tuple[float, ...], moving: int
) -> tuple[Array, Array]:
    """The numbers at a state, and how much each may differ."""
    found, sizes = _briefly(program, state)
    room = CLOSE * sizes
    for other in (rough, program):
        for moved in [state] if other is rough else _nearby(state, moving):
            with np.errstate(all="ignore"):
                off = np.abs(_briefly(other, moved)[0] - found)
            room = np.maximum(room, ROUNDINGS * np.where(np.isnan(off), math.inf, off))
    room = np.where(np.isfinite(found), room, 0.0)
    return found, np.minimum(room, np.finfo(float).max)


def _nearby(state: tuple[float, ...], moving: int) -> Iterator[tuple[float, ...]]:
    """The controls' values one last digit farther, each by itself to either side."""
    for end in (-math.inf, math.inf):
        for place in range(moving):
            yield (*state[:place], math.nextafter(state[place], end), *state[place + 1 :])


def _briefly(program: Program, state: tuple[float, ...]) -> tuple[Array, Array]:
    """All results in short, and what of each counts as its size."""
    parts = [_in_short(np.ravel(np.asarray(part, float))) for part in program(*state)]
    numbers, sizes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return numbers, sizes


def _in_short(numbers: Array) -> tuple[Array, Array]:
    known = np.isfinite(numbers)
    largest = float(np.abs(numbers[known]).max(initial=0.0))
    if numbers.size <= FEW:
        return numbers, np.full(numbers.size, largest)
    places = np.arange(numbers.size)
    weights = 1.0 + (places % TURNS) / TURNS
    total = np.sum(np.where(known, weights * np.where(known, numbers, 0.0) / (largest or 1.0), 0.0))
    codes = np.select([np.isnan(numbers), numbers > 0], [1.0, 2.0], 3.0)
    kinds = np.sum(np.where(known, 0.0, (places + 1) * codes))
    return np.array([largest, total, kinds]), np.array([largest, np.sum(weights), 0.0])


def as_parts(found: Checked) -> dict[str, Any]:
    """The bytes of each list."""
    return {name: part.astype("<f8").tobytes() for name, part in found._asdict().items()}
