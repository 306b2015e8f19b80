"""The tape: the computation graph, forward values filling in, adjoints flowing back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.agreement import along
from gradwidgets.calculus.graph import Graph
from gradwidgets.calculus.lesson import Lesson, observe
from gradwidgets.pictures.agreement import STEP, error_marks, error_numbers, error_panel
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.edges import edges_layer, partial_marks, partial_numbers
from gradwidgets.pictures.flow import flow_marks, flow_numbers, halo_marks
from gradwidgets.pictures.graph import Drawing, number_of
from gradwidgets.pictures.kinks import any_told, kink_labels, kink_lines, looked_at
from gradwidgets.pictures.marks import Label, Marks
from gradwidgets.pictures.nodes import MOST_TERMS, node_labels, node_numbers, shape_marks
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.passes import answered, told_caption, told_numbers
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Scene

LAYER, COLUMN = 68.0, 170.0  # pixels: from one layer to the next, and at most across
LEFT, RIGHT = 0.55, 1.0  # room beside the outermost nodes, in node distances
TERM, NOTE = 0.25, 0.8  # more room for each further term of a sum, for a note on what is folded


def graph_scene(graph: Graph, target: str) -> Scene:
    """A graph as it stands, with every number that it has."""
    drawing = Drawing(graph, target)
    marks = (*_marks(drawing), _legend(drawing))

    def compute() -> Numbers:
        return _numbers(drawing, graph, drawing.end)

    panel, backdrop = _panel(drawing), edges_layer(drawing)
    return Picture((panel,), backdrop, marks, (), compute, untraced="nothing moves").scene(())


def tape_picture(
    lesson: Lesson, values: Mapping[str, float], inputs: Sequence[Control], compared: str = ""
) -> Picture:
    """The graph of a lesson, with `step` of its two passes as a control after the inputs.

    The numbers are those of a gradient tape, run anew for each point, or its traced program.

    Args:
        values: a number for each input, at which the graph is looked at to draw it.
        inputs: the controls of the inputs.
        compared: a source whose central difference has a panel of its own, and `h` as a control.
    """
    drawing = lesson_drawing(lesson, values)
    step = Control("step", "step", 0.0, drawing.end, 1.0, drawing.end)
    line = along(lesson, compared) if compared else None
    sources = answered(drawing, lesson.sources)
    looked = looked_at(lesson, list(sources), inputs)

    def compute(**values: Any) -> Numbers:
        known = {axis.name: values[axis.name] for axis in inputs}
        graph, at = observe(lesson, known).graph, values["step"]
        found = [number_of(graph.nodes[node].adjoint) for node in sources.values()]
        named = lesson.program.run(known)
        kinks = kink_lines(looked, named, found, at > drawing.end - 0.5)
        told = told_numbers(graph, at + any_told(kinks))
        error = error_numbers(line, line.place(named), values["h"]) if line else {}
        return {**_numbers(drawing, graph, at), "told": told, **error, **kinks}

    told = told_caption(lesson, values, drawing)
    own = (told, *kink_labels(looked, lesson.asked), _legend(drawing))
    return Picture(
        (_panel(drawing), *((error_panel(),) if line else ())),
        edges_layer(drawing),
        (*_marks(drawing), *own, *(error_marks(lesson.asked, compared) if line else ())),
        (*inputs, step, *((STEP,) if line else ())),
        compute,
        untraced="" if lesson.program.fixed else "a callable may take another path elsewhere",
    )


def lesson_drawing(lesson: Lesson, values: Mapping[str, float]) -> Drawing:
    """The graph of a lesson at some values, what the student's tape does not know set apart."""
    graph, first = observe(lesson, values)
    known = set[int]()
    for node in graph.nodes:
        parents = {edge.parent for edge in graph.edges if edge.child == node.index}
        if parents & known or (node.name in lesson.known and not node.operation):
            known.add(node.index)
    roles = [
        node if node.operation else replace(node, kind=lesson.roles.get(node.name, "constant"))
        for node in graph.nodes
    ]
    off = {node.index for node in graph.nodes} - known
    return Drawing(
        replace(graph, nodes=tuple(roles)), lesson.asked, frozenset(off), bool(lesson.inner), first
    )


def frame(lesson: Lesson, values: Mapping[str, float]) -> tuple[Any, ...]:
    """What a lesson's picture is drawn for: the path of a callable there, and its plain numbers.

    A program of formulas takes one path alone.
    """
    if lesson.program.fixed:
        return ()
    drawing = lesson_drawing(lesson, values)
    return drawing.path, drawing.written


def _panel(drawing: Drawing) -> Panel:
    layout = drawing.layout
    longest = max(len(drawing.terms(node.index)) for node in drawing.singles)
    width = layout.width + RIGHT + TERM * max(0, min(longest, MOST_TERMS) - 1)
    width += NOTE * any(group.note for group in drawing.groups)
    return Panel(
        "graph",
        (-LEFT, width),
        (0.5 - layout.layers, 0.5),
        bare=True,
        tall=0.1,
        least=LAYER * layout.layers,
        most=COLUMN * (LEFT + width),
    )


def _marks(drawing: Drawing) -> Marks:
    """The graph in drawing order."""
    return (
        *halo_marks(),
        *flow_marks(drawing),
        *shape_marks(drawing),
        *partial_marks(drawing),
        *node_labels(drawing),
    )


def _legend(drawing: Drawing) -> Label:
    flows = any(node.adjoint is not None for node in drawing.graph.nodes)
    adjoint = ", and after ∂ its adjoint ∂{}/∂node" if flows else ""
    parts = [
        f"Beside a node: its value{adjoint}.",
        "On an edge: the local partial derivative. ■ variable, ◆ watched.",
    ]
    if drawing.off:
        parts.append("Grey and dashed: not on the tape.")
    notes = [group.note for group in drawing.groups if group.note]
    if notes:
        parts.append(f"Folded: {'; '.join(notes)}.")
    text = " ".join(parts).replace("{}", drawing.target or "target")
    return Label(name="legend", panel="", color=QUIET, texts=(text,))


def _numbers(drawing: Drawing, graph: Graph, step: Any) -> Numbers:
    """The numbers of every mark at a step of the two passes, from a graph of the same structure."""
    if Drawing(graph, "").path != drawing.path:
        raise ValueError("the program has taken another path")
    now = anp.abs(np.arange(len(drawing.steps)) - step) < 0.5
    return {
        **partial_numbers(drawing, graph, step),
        **node_numbers(drawing, graph, step),
        **flow_numbers(drawing, now),
        "legend": caption(0.0),
    }
