"""A tape's answers: what backward passes have brought to a source, as a value with a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.core import add_outgrads
from autograd.tracer import isbox

from gradwidgets.calculus.values import TapeNode, Value, constant, is_real


def total(adjoints: Sequence[tuple[TapeNode, Any]], nodes: set[TapeNode]) -> Any:
    """The sum of what arrived at some nodes as a value, or None."""
    found = None
    for node, adjoint in adjoints:
        if node in nodes:
            found = adjoint if found is None else add_outgrads((found, False), adjoint)[0]
    if found is None or isbox(found):  # a box of autograd's stays one
        return found
    return _computed(found)


def _computed(number: Any) -> Value:
    """A number as a value that does not pass for one that was given."""
    value = constant(number)
    value._node.computed = True
    return value


def stacked(rows: list[Any], value: Value, source: Value) -> Any:
    """Derivatives of single elements as one array, or None where all of them are."""
    if rows and rows[0] is None:
        return None
    whole = anp.reshape(anp.array(rows), np.shape(value) + np.shape(source))
    return whole if isbox(whole) else _computed(whole)


def zeros(source: Value, target: Value | None = None) -> Value:
    """What a source without influence gets: of its shape, behind that of the target."""
    shape = (() if target is None else np.shape(target)) + np.shape(source)
    return constant(np.zeros(shape, source.dtype if is_real(source._value) else float))


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def name_derivatives(found: Sequence[Any], target: Value, sources: Sequence[Value]) -> None:
    """Give derivatives their names, like dy/dw; those that are one and the same get none."""
    nodes = [gradient._node for gradient in found if isinstance(gradient, Value)]
    for gradient, source in zip(found, sources, strict=True):
        if isinstance(gradient, Value) and source.name and nodes.count(gradient._node) == 1:
            known_as = f" = {gradient.name}" if gradient.name else ""
            gradient.name = _derivative_name(target.name, source.name) + known_as


def _derivative_name(target: str, source: str) -> str:
    """How a derivative is written.

    >>> _derivative_name("y", "w"), _derivative_name("dy/dw", "w"), _derivative_name("dy/dw", "b")
    ('dy/dw', 'd²y/dw²', 'd(dy/dw)/db')
    """
    target = target.partition(" = ")[0]
    powers = ["", "²", "³", "⁴"]
    for order in (1, 2, 3):
        head, tail = f"d{powers[order - 1]}", f"/d{source}{powers[order - 1]}"
        if target.startswith(head) and target.endswith(tail):
            function = target[len(head) : -len(tail)]
            return f"d{powers[order]}{function}/d{source}{powers[order]}"
    return f"d({target})/d{source}" if "/" in target else f"d{target}/d{source}"
