"""Where values of a program are kept: variables that serve again, and arrays that do."""

from __future__ import annotations

import math

import numpy as np

from gradwidgets.calculus.program.data import Listing, Slot
from gradwidgets.calculus.program.operations import OPERATIONS

LARGE = 1024  # from this size on an array's memory is worth reusing


def _last_uses(program: Listing) -> dict[int, int]:
    """The instruction after which each value is not needed any more by others."""
    return {
        value.place: place
        for place, step in enumerate(program.instructions)
        for value in step.arguments
        if isinstance(value, Slot)
    }


def _kept(program: Listing) -> set[int]:
    return {value.place for value in program.outputs if isinstance(value, Slot)}


def registers(program: Listing) -> dict[int, int]:
    """A local variable for every value: those of values that are not needed any more serve again.

    What is dropped early leaves its memory to what comes next, and that is still in the cache.
    Inputs keep theirs, for a loop begins with them anew.
    """
    inputs, last_use, kept = len(program.names), _last_uses(program), _kept(program)
    chosen, free, used = {place: place for place in range(inputs)}, list[int](), inputs
    for place, step in enumerate(program.instructions):
        arguments = {value.place for value in step.arguments if isinstance(value, Slot)}
        ending = {i for i in arguments - kept if i >= inputs and last_use[i] == place}
        free += sorted(chosen[index] for index in ending)
        if not free:
            free, used = [used], used + 1
        chosen[step.output] = free.pop()
    return chosen


def reusable(program: Listing) -> dict[int, int]:
    """For large results the argument whose memory can take them: it is not needed any more.

    Only the results of other ufuncs qualify, for these own their memory, and only while no other
    function has seen them, for it may have kept a view.
    """
    last_use, kept = _last_uses(program), _kept(program)
    own: dict[int, tuple[int, ...]] = {}
    reused: dict[int, int] = {}
    for place, step in enumerate(program.instructions):
        inputs = [value.place for value in step.arguments if isinstance(value, Slot)]
        if not isinstance(OPERATIONS[step.operation].numpy, np.ufunc):
            for index in inputs:
                own.pop(index, None)
            continue
        free = (i for i in inputs if last_use[i] == place and own.get(i) == step.shape)
        target = next((i for i in free if i not in kept), None)
        if step.shape is not None and math.prod(step.shape) >= LARGE and not step.truth:
            if target is not None:
                reused[step.output] = target
            own[step.output] = step.shape
    return reused
