"""The same results with less work: nothing twice, nothing in vain, slots without gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.program.data import Instruction, L, Listing, Slot, call_key, slot


class _Step(NamedTuple):
    """An instruction as it was written down, and what its arguments have become."""

    written: Instruction
    arguments: tuple[Any, ...]


def cleaned(listing: L) -> L:
    """A listing with equal results, without common subexpressions and dead code."""
    steps, outputs = _shared(listing)
    return _renumbered(listing, _without_dead_code(steps, outputs), outputs)


def _shared(listing: Listing) -> tuple[list[_Step], tuple[Any, ...]]:
    """Common subexpressions once, and products that change nothing left out."""
    stands_for: dict[Any, Any] = {}
    seen: dict[Any, Slot] = {}
    steps: list[_Step] = []
    kinds: dict[int, Any] = {k: (shape, False) for k, shape in enumerate(listing.shapes)}

    def resolve(value: Any) -> Any:
        return stands_for.get(value.place, value) if isinstance(value, Slot) else value

    for raw in listing.instructions:
        kinds[raw.output] = (raw.shape, raw.truth)
        step = _Step(raw, tuple(map(resolve, raw.arguments)))
        known = _unchanged(step, kinds) if raw.operation == "multiply" else None
        if known is None:
            result = slot(raw.output)
            key = call_key(raw.operation, step.arguments, raw.attributes, raw.shape)
            known = seen.setdefault(key, result)
            if known is result:
                steps.append(step)
                continue
        stands_for[raw.output] = known
    return steps, tuple(map(resolve, listing.outputs))


def _unchanged(step: _Step, kinds: Mapping[int, Any]) -> Slot | None:
    """The argument that a product with one hands on as it is, if it does."""
    for one, other in (step.arguments, step.arguments[::-1]):
        if not isinstance(other, Slot) or not _is_one(one):
            continue
        if kinds[other.place] == (step.written.shape, step.written.truth):
            return other
    return None


def _is_one(value: Any) -> bool:
    return not isinstance(value, Slot) and bool(np.all(value == 1.0))


def _without_dead_code(steps: Sequence[_Step], outputs: Sequence[Any]) -> list[_Step]:
    needed = {value.place for value in outputs if isinstance(value, Slot)}
    kept: list[_Step] = []
    for step in reversed(steps):
        if step.written.output in needed:
            needed.update(value.place for value in step.arguments if isinstance(value, Slot))
            kept.append(step)
    return kept[::-1]


def _renumbered(listing: L, steps: Sequence[_Step], outputs: Sequence[Any]) -> L:
    """Slots without gaps, so that equal listings are equal."""
    inputs = len(listing.names)
    places = {place: slot(place) for place in range(inputs)}
    places |= {step.written.output: slot(inputs + k) for k, step in enumerate(steps)}

    def moved(value: Any) -> Any:
        return places[value.place] if isinstance(value, Slot) else value

    instructions = tuple(
        Instruction(
            raw.operation,
            tuple(map(moved, arguments)),
            raw.attributes,
            places[raw.output].place,
            raw.shape,
            raw.truth,
        )
        for raw, arguments in steps
    )
    return replace(listing, instructions=instructions, outputs=tuple(map(moved, outputs)))
