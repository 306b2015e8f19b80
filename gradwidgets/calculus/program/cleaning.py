"""The same results with less work: nothing in vain, slots without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gradwidgets.calculus.program.data import Instruction, L, Slot, slot


def cleaned(listing: L) -> L:
    """A listing with equal results, without what no result needs; equal ones are equal then."""
    kept = _without_dead_code(listing.instructions, listing.outputs)
    inputs = len(listing.names)
    places = {place: slot(place) for place in range(inputs)}
    places |= {step.output: slot(inputs + k) for k, step in enumerate(kept)}

    def moved(values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple([places[one.place] if type(one) is Slot else one for one in values])

    steps = tuple(
        Instruction(name, moved(arguments), attributes, places[output].place, shape, truth)
        for name, arguments, attributes, output, shape, truth in kept
    )
    return replace(listing, instructions=steps, outputs=moved(listing.outputs))


def _without_dead_code(steps: Sequence[Instruction], outputs: Sequence[Any]) -> list[Instruction]:
    needed = {value.place for value in outputs if type(value) is Slot}
    kept: list[Instruction] = []
    for step in reversed(steps):
        if step.output in needed:
            needed.update([value.place for value in step.arguments if type(value) is Slot])
            kept.append(step)
    return kept[::-1]
