"""Operations on arrays, spelled with less ado than a call of numpy's function by its name.

A shortcut takes the writer and the step; it returns "" where it is none. Small arrays are the rule
in pictures, and there numpy's ways in cost more than its arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from gradwidgets.calculus.program import kernels
from gradwidgets.calculus.program.data import Instruction, Listing, Slot


class _Writer(Protocol):
    """What a shortcut must know of the source in which it stands."""

    numbers: bool
    shapes: dict[int, Any]
    namespace: dict[str, Any]

    @property
    def tuples(self) -> set[int]: ...
    def value(self, value: Any) -> str: ...
    def keep(self, name: str, value: Any) -> str: ...
    def caller(self, step: Instruction, made: Callable[[Mapping[str, Any]], Any]) -> str: ...
    def is_number(self, value: Any) -> bool: ...
    def is_truth(self, value: Any) -> bool: ...


def _all(writer: _Writer, step: Instruction) -> str:
    return ", ".join([*map(writer.value, step.arguments), ""])


def _stacked(writer: _Writer, step: Instruction) -> str:
    return f"{writer.keep('np_array_0', np.array)}(({_all(writer, step)}))"


def _joined(writer: _Writer, step: Instruction) -> str:
    ((_, axis),) = step.attributes
    return f"{writer.keep('np_concatenate_0', np.concatenate)}(({_all(writer, step)}), {axis})"


def _taken(writer: _Writer, step: Instruction) -> str:
    (_, index), source = step.attributes[0], step.arguments[0]
    name = writer.value(source)
    if writer.numbers and step.shape is None and None not in index:  # a number of Python's
        places = ", ".join(map(repr, index))
        return f"{name}[{places}]" if source.place in writer.tuples else f"{name}.item({places})"
    chosen = kernels.indices(index)
    kept = writer.keep(f"c{len(writer.namespace)}", chosen[0] if len(chosen) == 1 else chosen)
    return f"{name}[{kept}]"


def _reshaped(writer: _Writer, step: Instruction) -> str:
    value = step.arguments[0]
    if writer.is_number(value):
        return ""
    return f"{writer.value(value)}.reshape({step.shape or ()!r})"


def _gathered(writer: _Writer, step: Instruction) -> str:
    array, places = step.arguments
    if isinstance(places, Slot) or writer.is_number(array) or np.min(places, initial=0) < 0:
        return ""  # a place −1 is one of zeros
    kept = writer.keep(f"c{len(writer.namespace)}", np.asarray(places).astype(np.intp))
    return f"{writer.value(array)}.take({kept})"


def _contracted(writer: _Writer, step: Instruction) -> str:
    found = kernels.contraction(dict(step.attributes)["subscripts"])
    arguments = ", ".join(map(writer.value, step.arguments))
    return f"{writer.keep(f'np_einsum_{len(writer.namespace)}', found)}({arguments})"


def _called(writer: _Writer, step: Instruction) -> str:
    if step.output not in writer.tuples:
        return ""
    arguments = ", ".join(map(writer.value, step.arguments))
    return f"{writer.caller(step, lambda known: known['body'].steady)}({arguments})"


def _called_if(writer: _Writer, step: Instruction) -> str:
    if step.output not in writer.tuples:
        return ""
    condition, *numbers = map(writer.value, step.arguments)
    made = writer.caller(step, lambda known: known["body"].steady)
    nothing = writer.keep(f"c{len(writer.namespace)}", (np.nan,) * (step.shape or (0,))[0])
    return f"{made}({', '.join(numbers)}) if {condition} else {nothing}"


def _repeated(writer: _Writer, step: Instruction) -> str:
    if step.output not in writer.tuples:
        return ""
    arguments = ", ".join(map(writer.value, step.arguments))
    return f"{writer.caller(step, _repeating)}({arguments})"


def _repeating(known: Mapping[str, Any]) -> Callable[..., tuple[Any, ...]]:
    found: Callable[..., tuple[Any, ...]] = known["body"].repeated(
        known["handed"], known["capacity"]
    )
    return found


def handed_out(program: Listing) -> set[int]:
    """Calls and loops of which nothing is asked but single numbers, and these are no truths."""
    calls = {
        step.output
        for step in program.instructions
        if step.operation in ("call", "call_if", "repeat") and _gives_numbers(step)
    }
    asked = {value.place for value in program.outputs if isinstance(value, Slot)}
    for step in program.instructions if calls else ():
        if not (step.operation == "take" and step.shape is None):
            asked |= {value.place for value in step.arguments if isinstance(value, Slot)}
    return calls - asked


def _gives_numbers(step: Instruction) -> bool:
    body = dict(step.attributes)["body"]
    truths = {one.output for one in body.instructions if one.truth}
    results = body.outputs[step.operation == "repeat" :]  # not whether there is another round
    return body.gives_numbers and not any(
        value.place in truths if isinstance(value, Slot) else isinstance(value, bool)
        for value in results
    )


# ── truths as numbers ────────────────────────────────────────────────────────────────────────────


def _where(writer: _Writer, step: Instruction) -> str:
    condition, yes, no = step.arguments
    return _as_floats(writer, step, condition) if _is(yes, 1.0) and _is(no, 0.0) else ""


def _product(writer: _Writer, step: Instruction) -> str:
    one, other = step.arguments
    return _as_floats(writer, step, other) if _is(one, 1.0) else ""


def _is(value: Any, number: float) -> bool:
    return type(value) is float and repr(value) == repr(number)  # −0 is not 0


def _as_floats(writer: _Writer, step: Instruction, value: Any) -> str:
    if step.shape is None or not isinstance(value, Slot) or not writer.is_truth(value):
        return ""
    if writer.shapes[value.place] != step.shape:
        return ""
    return f"{writer.value(value)}.astype({writer.keep('np_float_0', np.dtype(float))})"


# ── along axes ───────────────────────────────────────────────────────────────────────────────────


def _along(function: Callable[..., Any], name: str) -> Callable[[_Writer, Instruction], str]:
    """By numpy's own `reduce` or `accumulate`; truths are counted in floats."""

    def spelled(writer: _Writer, step: Instruction) -> str:
        value, attributes = step.arguments[0], dict(step.attributes)
        axis = attributes["axis"]
        axis = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
        counted = writer.is_truth(value) and not name.startswith("m")
        kind = writer.keep("np_float_0", np.dtype(float)) if counted else None
        more = f", None, {attributes['keepdims']}" if "keepdims" in attributes else ""
        called = writer.keep(f"np_{name}_0", function)
        return f"{called}({writer.value(value)}, {axis}, {kind}{more})"

    return spelled


SHORTCUTS: dict[str, Callable[[_Writer, Instruction], str]] = {
    "stack": _stacked,
    "concatenate": _joined,
    "take": _taken,
    "reshape": _reshaped,
    "gather": _gathered,
    "einsum": _contracted,
    "call": _called,
    "call_if": _called_if,
    "repeat": _repeated,
    "where": _where,
    "multiply": _product,
    "sum": _along(np.add.reduce, "sum"),
    "max": _along(np.maximum.reduce, "max"),
    "min": _along(np.minimum.reduce, "min"),
    "cumsum": _along(np.add.accumulate, "cumsum"),
}
