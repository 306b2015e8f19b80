"""The nodes of a computation graph: their shapes, and beside them values and adjoints."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import getval

from gradwidgets.calculus.graph import Graph, GraphNode
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.chain import symbol
from gradwidgets.pictures.graph import SMALL, Drawing, is_number, number_of, since
from gradwidgets.pictures.marks import Label, Marker, Marks
from gradwidgets.pictures.numbers import Numbers, row
from gradwidgets.pictures.palette import (
    CONSTANT,
    FOLDED,
    INK,
    OFF,
    OPERATION,
    QUIET,
    VARIABLE,
    WATCHED,
)

NODE = 34.0  # diameter of a node
LETTER = 4.0  # half of a letter's width
FILLS = {
    "operation": ("circle", OPERATION),
    "constant": ("square", CONSTANT),
    "watched": ("diamond", WATCHED),
    "variable": ("square", VARIABLE),
    "off": ("circle", OFF),
    "folded": ("square", FOLDED),
}
MOST_TERMS = 3  # of a sum of contributions that is written out
SHORT_ARRAY = 3  # elements of an array whose numbers are shown


def shape_marks(drawing: Drawing) -> Marks:
    """The nodes' shapes, kind by kind."""
    return tuple(
        Marker(name=kind, panel="graph", color=color, shape=shape, size=_size(shape))
        for kind, (shape, color) in FILLS.items()
        if _places(drawing, kind)
    )


def _size(shape: str) -> float:
    return NODE * {"circle": 1.0, "diamond": 0.98, "square": 0.84}[shape]


def _places(drawing: Drawing, kind: str) -> list[tuple[float, float]]:
    if kind == "folded":
        return [drawing.place(g.nodes[0]) for g in drawing.groups if g.note]
    return [drawing.place(n.index) for n in drawing.singles if drawing.fill(n) == kind]


def node_labels(drawing: Drawing) -> Marks:
    """What stands in the nodes and beside them, and what is folded."""
    folds = [
        Label(name=f"fold {place}", panel="graph", color=INK, texts=(group.note,), aside=22.0)
        for place, group in enumerate(drawing.groups)
        if group.note
    ]
    return (*(label for node in drawing.singles for label in _node_labels(drawing, node)), *folds)


def _node_labels(drawing: Drawing, node: GraphNode) -> list[Label]:
    """What stands in a node, its value beside it, and its adjoint below."""
    dim, told = QUIET if node.index in drawing.off else INK, _symbol(drawing, node)
    beside: dict[str, Any] = {
        "panel": "graph",
        "aside": max(25.0, LETTER * len(fill(told, [0.5])) + 8),
    }
    name = drawing.called(node.index)
    named = f"{name} = " if name and node.operation else ""
    labels = [
        Label(
            name=f"symbol {node.index}",
            panel="graph",
            color=dim,
            texts=(told,),
            size=SMALL + 1.0,
        ),
        Label(
            name=f"value {node.index}",
            color=dim,
            texts=(named + _shown(node.value, 0),),
            **beside,
        ),
    ]
    if node.adjoint is not None:
        texts = _sums(node, len(drawing.terms(node.index)))
        labels.append(Label(name=f"adjoint {node.index}", color=drawing.hue, texts=texts, **beside))
    return labels


def _symbol(drawing: Drawing, node: GraphNode) -> str:
    if not node.operation:
        return node.name or ("?" if isinstance(getval(node.value), bool | np.bool_) else "")
    literal = _literal_in(drawing, node.index)
    if literal is None:
        return symbol(node.operation)
    number = float(getval(drawing.graph.nodes[literal].value))
    if node.operation == "logaddexp" and number == 0:
        return "softplus"
    place = next(e.place for e in drawing.graph.edges if e.parent == literal)
    return symbol(node.operation, "{.0}" if number.is_integer() else "{g}", place)


def _literal_in(drawing: Drawing, index: int) -> int | None:
    """The plain number that stands in a node's symbol."""
    return next((k for k, child in drawing.literals.items() if child == index), None)


def _shown(value: Any, slot: int) -> str:
    """How a value is written: a number in a slot, a short array in full, else its shape."""
    array = np.asarray(getval(value))
    if array.ndim == 0:
        return f"{{g@{slot}}}"
    if array.size <= SHORT_ARRAY:
        return f"[{', '.join(format(float(v), '.3g') for v in array.ravel())}]".replace("-", "−")
    return f"shape {array.shape}"


def _sums(node: GraphNode, terms: int) -> tuple[str, ...]:
    """The adjoint's text after each contribution: the sum is shown while it grows."""
    if not is_number(node.adjoint):
        return tuple(f"∂ {_shown(node.adjoint, 0)}" for _ in range(terms))
    if terms > MOST_TERMS:
        return tuple(f"∂ {{g@{terms}}}, a sum of {count + 1}" for count in range(terms))
    sums = [" + ".join(f"{{g@{k}}}" for k in range(count + 1)) for count in range(terms)]
    return (f"∂ {sums[0]}", *(f"∂ {text} = {{g@{terms}}}" for text in sums[1:]))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def node_numbers(drawing: Drawing, graph: Graph, step: Any) -> Numbers:
    """The numbers of all these marks at a step of the two passes."""
    numbers = {kind: np.array(_places(drawing, kind)) for kind in FILLS if _places(drawing, kind)}
    for place, group in enumerate(drawing.groups):
        if group.note:
            numbers[f"fold {place}"] = row(*drawing.place(group.nodes[0]), 1.0, 0.0, 0.0, 0.0)
    for node in drawing.singles:
        numbers |= _node_numbers(drawing, graph, node.index, step)
    return numbers


def _node_numbers(drawing: Drawing, graph: Graph, index: int, step: Any) -> dict[str, Any]:
    place, node = drawing.place(index), graph.nodes[index]
    literal = _literal_in(drawing, index)
    told = 0.0 if literal is None else number_of(graph.nodes[literal].value)
    value = row(*place, 0.94, 0.34, since(step, drawing.reached(index)), number_of(node.value))
    found = {
        f"symbol {index}": row(*place, 0.0, 0.0, 0.0, told),
        f"value {index}": value,
    }
    if drawing.graph.nodes[index].adjoint is not None:
        found[f"adjoint {index}"] = _adjoint(drawing, graph, index, step)
    return found


def _adjoint(drawing: Drawing, graph: Graph, index: int, step: Any) -> Any:
    """A node's adjoint while contributions arrive: each of them, and the sum so far."""
    terms = drawing.terms(index)
    parts = [number_of(graph.edges[e].contribution) if e >= 0 else 1.0 for _, e in terms]
    there = [anp.where(step > first - 0.5, 1.0, 0.0) for first, _ in terms]
    total = sum(part * have for part, have in zip(parts, there, strict=True))
    return row(*drawing.place(index), 0.94, -0.34, sum(there) - 1.0, *parts, total)
