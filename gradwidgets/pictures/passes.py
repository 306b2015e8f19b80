"""The two passes through a computation graph in words: a sentence for every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradwidgets.calculus.graph import Graph
from gradwidgets.calculus.lesson import Lesson, answers
from gradwidgets.pictures.chain import applied, local_rule
from gradwidgets.pictures.graph import Drawing, Step, number_of
from gradwidgets.pictures.marks import Label
from gradwidgets.pictures.numbers import caption


def told_caption(lesson: Lesson, values: Mapping[str, float], drawing: Drawing) -> Label:
    """A sentence for every step, and for the end one more where the answer is not all."""
    end = _end(lesson, values, drawing)
    texts = (*_sentences(drawing), end, f"The tape answers {end}")
    return Label(name="told", panel="", texts=texts)


def told_numbers(graph: Graph, which: Any) -> Any:
    """Which sentence is told, and the numbers: values, adjoints, partials, contributions."""
    nodes, edges = graph.nodes, graph.edges
    numbers = [
        *(number_of(node.value) for node in nodes),
        *(number_of(node.adjoint) for node in nodes),
        *(number_of(edge.partial) for edge in edges),
        *(number_of(edge.contribution) for edge in edges),
    ]
    return caption(which, *numbers)


def _sentences(drawing: Drawing) -> tuple[str, ...]:
    """What is told before the end; slots are places among the numbers of `told_numbers`."""
    told = []
    for kind in ("forward", "backward"):
        passed = [step for step in drawing.steps if step.kind == kind]
        told += [
            f"{kind.capitalize()} {turn} of {len(passed)}: {_SENTENCES[kind](drawing, step)}"
            for turn, step in enumerate(passed, 1)
        ]
    forward, seeds = drawing.forward_steps, sum(step.kind == "seed" for step in drawing.steps)
    name = drawing.target
    seed = [f"The backward pass begins with ∂{name}/∂{name} = 1."] * seeds
    start = "Before the forward pass only the inputs have values."
    return (start, *told[:forward], *seed, *told[forward:])


def _end(lesson: Lesson, values: Mapping[str, float], drawing: Drawing) -> str:
    """What the tape answers, or why it can't."""
    (answer,) = answers(lesson, values, 1)
    return f"{answer.error.rstrip('.')}." if answer.error else _result(drawing, lesson.sources)


def _result(drawing: Drawing, sources: Sequence[str]) -> str:
    """The adjoints of the sources, once both passes are done."""
    at, count = answered(drawing, sources), len(drawing.graph.nodes)
    first = {**dict(zip(sources, sources, strict=True)), **drawing.first}
    told = [
        f"∂{drawing.target}/∂{name} " + (f"= {{g@{count + at[name]}}}" if name in at else "is None")
        for name in sources
    ]
    also = [
        f" {n} is {first[n]}, by another name."
        for n in (drawing.target, *sources)
        if n in first and n != first[n]
    ]
    return f"{', '.join(told)}.{''.join(dict.fromkeys(also))}"


def told_places(drawing: Drawing, sources: Sequence[str]) -> dict[str, int]:
    """Where the answer for each source stands in a label with the numbers of `told_numbers`."""
    before = len(caption(0.0)) + len(drawing.graph.nodes)
    return {name: before + node for name, node in answered(drawing, sources).items()}


def answered(drawing: Drawing, sources: Sequence[str]) -> dict[str, int]:
    """The node of every source for which the tape has an answer."""
    nodes = drawing.graph.nodes
    at = {drawing.called(k): k for k, node in enumerate(nodes) if node.adjoint is not None}
    first = {name: drawing.first.get(name, name) for name in sources}
    return {name: at[other] for name, other in first.items() if other in at}


def _forward(drawing: Drawing, step: Step) -> str:
    node = drawing.graph.nodes[step.node]
    operands = [edge.parent for edge in drawing.graph.edges if edge.child == step.node]
    numbers = applied(node.operation, [f"{{g@{index}}}" for index in operands])
    names = applied(node.operation, [_called(drawing, index) for index in operands])
    head = f"{drawing.called(step.node)} = " if drawing.called(step.node) else ""
    said = f"{names} = {numbers}" if names != numbers else numbers
    return f"{head}{said} = {{g@{step.node}}}."


def _called(drawing: Drawing, index: int) -> str:
    return drawing.called(index) or f"{{g@{index}}}"


def _backward(drawing: Drawing, step: Step) -> str:
    graph = drawing.graph
    nodes, edges, edge = len(graph.nodes), len(graph.edges), graph.edges[step.edge]
    count = sum(other.child == edge.child for other in graph.edges)
    rule = local_rule(graph.nodes[edge.child].operation, count, edge.place)
    adjoint, partial = f"{{g@{nodes + edge.child}}}", f"{{g@{2 * nodes + step.edge}}}"
    given = f"{{g@{2 * nodes + edges + step.edge}}}"
    to = drawing.called(edge.parent) or "the node above"
    return f"{rule}, here {partial}. The adjoint {adjoint} times {partial} brings {given} to {to}."


_SENTENCES = {"forward": _forward, "backward": _backward}
