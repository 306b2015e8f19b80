"""The same results with less work: nothing twice, nothing in vain, slots without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gradwidgets.calculus.program.data import Instruction, Listing, Slot


def cleaned(listing: Listing) -> Listing:
    """A listing with equal results, without common subexpressions and dead code."""
    return _renumbered(_without_dead_code(_shared(listing)))


def _shared(listing: Listing) -> Listing:
    """Common subexpressions once, and products that change nothing left out."""
    stands_for: dict[int, Any] = {}
    seen: dict[Any, Slot] = {}
    steps: list[Instruction] = []
    kinds: dict[int, Any] = {k: (shape, False) for k, shape in enumerate(listing.shapes)}

    def resolve(value: Any) -> Any:
        return stands_for.get(value.place, value) if isinstance(value, Slot) else value

    for raw in listing.instructions:
        kinds[raw.output] = (raw.shape, raw.truth)
        step = replace(raw, arguments=tuple(map(resolve, raw.arguments)))
        same = _unchanged(step, kinds)
        known = same if same is not None else seen.get(step.key)
        if known is not None:
            stands_for[raw.output] = known
            continue
        seen[step.key] = Slot(raw.output)
        steps.append(step)
    outputs = tuple(map(resolve, listing.outputs))
    return replace(listing, instructions=tuple(steps), outputs=outputs)


def _unchanged(step: Instruction, kinds: Mapping[int, Any]) -> Slot | None:
    """The argument that a product with one hands on as it is, if it does."""
    if step.operation != "multiply":
        return None
    for one, other in (step.arguments, step.arguments[::-1]):
        if not isinstance(other, Slot) or not _is_one(one):
            continue
        if kinds[other.place] == (step.shape, step.truth):
            return other
    return None


def _is_one(value: Any) -> bool:
    return not isinstance(value, Slot) and bool(np.all(value == 1.0))


def _without_dead_code(listing: Listing) -> Listing:
    needed = {value.place for value in listing.outputs if isinstance(value, Slot)}
    kept: list[Instruction] = []
    for step in reversed(listing.instructions):
        if step.output in needed:
            needed |= {value.place for value in step.arguments if isinstance(value, Slot)}
            kept.append(step)
    return replace(listing, instructions=tuple(reversed(kept)))


def _renumbered(listing: Listing) -> Listing:
    """Slots without gaps, so that equal listings are equal."""
    inputs = len(listing.names)
    places = {step.output: inputs + k for k, step in enumerate(listing.instructions)}

    def moved(value: Any) -> Any:
        return Slot(places.get(value.place, value.place)) if isinstance(value, Slot) else value

    steps = tuple(
        replace(step, arguments=tuple(map(moved, step.arguments)), output=places[step.output])
        for step in listing.instructions
    )
    return replace(listing, instructions=steps, outputs=tuple(map(moved, listing.outputs)))
