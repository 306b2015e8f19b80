"""The tape: the computation graph, forward values filling in, adjoints flowing back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import getval, isbox

from gradwidgets.calculus.agreement import along
from gradwidgets.calculus.field import Array
from gradwidgets.calculus.graph import Graph, GraphEdge, GraphNode
from gradwidgets.calculus.lesson import Lesson, answers, observe
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.agreement import STEP, error_marks, error_numbers, error_panel
from gradwidgets.pictures.chain import applied, local_rule, symbol
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.fold import Group, folded
from gradwidgets.pictures.kinks import any_told, kink_labels, kink_lines, looked_at
from gradwidgets.pictures.layers import Layout, layered
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, caption, row
from gradwidgets.pictures.palette import (
    BACKWARD_HALO,
    CONSTANT,
    FOLDED,
    FORWARD_HALO,
    GRADIENT,
    GUIDE,
    INK,
    OFF,
    OPERATION,
    QUIET,
    SECOND,
    VARIABLE,
    WATCHED,
)
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene

LAYER, COLUMN = 68.0, 170.0  # pixels: from one layer to the next, and at most across
LEFT, RIGHT = 0.55, 1.0  # room beside the outermost nodes, in node distances
TERM, NOTE = 0.25, 0.8  # more room for each further term of a sum, for a note on what is folded
NODE, SMALL = 34.0, 12.0  # diameter of a node, size of the letters within
LETTER = 4.0  # half of a letter's width
HALO = 46.0  # diameter of the disk behind the active node
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


# ── what is drawn of a graph ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Step:
    """A step of both passes: "start", "forward" to a node, "seed", "backward" on an edge, "end"."""

    kind: str
    node: int = -1
    edge: int = -1


@dataclass(frozen=True, eq=False)
class Drawing:
    """A graph with places for its nodes and edges, and the steps that fill it.

    `off` are the nodes that the student's tape does not know; `second` tells whether the target is
    itself a derivative, `first` of a name by which other name its value is called in the graph.
    """

    graph: Graph
    target: str
    off: frozenset[int] = frozenset()
    second: bool = False
    first: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def literals(self) -> dict[int, int]:
        """Plain numbers that stand in the symbol of the one operation that uses them."""
        edges = self.graph.edges
        operands, parents = [e.child for e in edges], [e.parent for e in edges]
        return {
            edge.parent: edge.child
            for edge in edges
            if _is_literal(self.graph.nodes[edge.parent])
            and operands.count(edge.child) == 2
            and parents.count(edge.parent) == 1
        }

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What is drawn as one node."""
        return folded(self.graph, frozenset(self.literals))

    @cached_property
    def home(self) -> dict[int, int]:
        """For every node that is drawn, its group."""
        return {node: place for place, group in enumerate(self.groups) for node in group.nodes}

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """The edges that are drawn: one for each argument, and one between folded nodes."""
        kept, seen = [], set()
        for place, edge in enumerate(self.graph.edges):
            if edge.parent not in self.home:
                continue
            pair = (self.home[edge.parent], self.home[edge.child])
            many = any(self.groups[group].note for group in pair)
            if pair[0] != pair[1] and not (many and pair in seen):
                kept.append(place)
            seen.add(pair)
        return tuple(kept)

    @cached_property
    def layout(self) -> Layout:
        """Places of the groups and routes of the edges."""
        chosen = [self.graph.edges[place] for place in self.edges]
        return layered(
            len(self.groups), [(self.home[edge.parent], self.home[edge.child]) for edge in chosen]
        )

    @cached_property
    def singles(self) -> tuple[GraphNode, ...]:
        """The nodes that stand alone, and so show their numbers."""
        return tuple(self.graph.nodes[group.nodes[0]] for group in self.groups if not group.note)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Forward one operation after the other, then backward along one edge after the other."""
        nodes, edges = self.graph.nodes, self.graph.edges
        forward = [Step("forward", node.index) for node in nodes if node.operation]
        flows = [
            Step("backward", index, place)
            for index in self.graph.order
            for place, edge in enumerate(edges)
            if edge.child == index and edge.contribution is not None
        ]
        ends = [node.index for node in nodes if node.adjoint is not None]
        seed = [Step("seed", self.graph.order[0] if self.graph.order else ends[0])] if ends else []
        return (Step("start"), *forward, *seed, *flows, Step("end"))

    @property
    def forward_steps(self) -> int:
        """How many steps the forward pass has."""
        return sum(step.kind == "forward" for step in self.steps)

    @property
    def path(self) -> tuple[tuple[Any, ...], ...]:
        """What is done, operation after operation, and with what."""
        nodes = tuple((node.operation, node.name) for node in self.graph.nodes)
        return nodes, tuple((edge.parent, edge.child, edge.place) for edge in self.graph.edges)

    @property
    def written(self) -> tuple[float, ...]:
        """The plain numbers that stand in symbols."""
        return tuple(float(getval(self.graph.nodes[k].value)) for k in self.literals)

    @property
    def end(self) -> int:
        """The last step, at which both passes are done."""
        return len(self.steps) - 1

    def called(self, index: int) -> str:
        """A node's name; a tape may call an adjoint like the value that it has: not that."""
        name = self.graph.nodes[index].name
        owner = next(node for node in self.graph.nodes if node.name == name)
        return name if owner.index == index else ""

    def place(self, node: int) -> tuple[float, float]:
        """Where a node stands, y upwards; off the panel for one that is not drawn."""
        x, y = self.layout.places[self.home[node]]
        return x, -y

    def fill(self, node: GraphNode) -> str:
        """Which of the fills a node has."""
        if node.index in self.off:
            return "constant" if node.kind == "constant" else "off"
        return node.kind


def _is_literal(node: GraphNode) -> bool:
    number = np.ndim(getval(node.value)) == 0
    return node.kind == "constant" and not node.name and number


# ── the picture ──────────────────────────────────────────────────────────────────────────────────


def graph_scene(graph: Graph, target: str) -> Scene:
    """A graph as it stands, with every number that it has."""
    drawing = Drawing(graph, target)
    marks = (*_marks(drawing), _legend(drawing))

    def compute() -> Numbers:
        return {**_numbers(drawing, graph, drawing.end), "legend": caption(0.0)}

    panel, backdrop = _panel(drawing), _backdrop(drawing)
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
    sources = _answered(drawing, lesson.sources)
    looked = looked_at(lesson, list(sources), inputs)

    def compute(**values: Any) -> Numbers:
        known = {axis.name: values[axis.name] for axis in inputs}
        graph, at = observe(lesson, known).graph, values["step"]
        found = [_number(graph.nodes[node].adjoint) for node in sources.values()]
        named = lesson.program.run(known)
        kinks = kink_lines(looked, named, found, at > drawing.end - 0.5)
        told = {"told": caption(at + any_told(kinks), *_every(graph)), "legend": caption(0.0)}
        if line is not None:
            told |= error_numbers(line, line.place(named), values["h"])
        return {**_numbers(drawing, graph, at), **told, **kinks}

    own = (_told(lesson, values, drawing), *kink_labels(looked, lesson.asked), _legend(drawing))
    return Picture(
        (_panel(drawing), *((error_panel(),) if line else ())),
        _backdrop(drawing),
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
    longest = max(len(_terms(drawing, node.index)) for node in drawing.singles)
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


def _backdrop(drawing: Drawing) -> Layer:
    """The edges; dashed where the student's tape does not go."""
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    kinds = (("edges", QUIET, (), False), ("edges off", GUIDE, (3, 3), True))
    for name, color, dash, off in kinds:
        routes = [_upright(r) for e, r in _routes(drawing) if (e.parent in drawing.off) == off]
        if routes:
            marks.append(Polyline(name=name, panel="graph", color=color, width=1.2, dash=dash))
            numbers[name] = _broken(routes)
            marks.append(Arrow(name=f"{name} heads", panel="graph", color=color, width=1.4))
            numbers[f"{name} heads"] = np.array([_head(route) for route in routes])
    return Layer(tuple(marks), numbers)


def _routes(drawing: Drawing) -> list[tuple[GraphEdge, Any]]:
    edges = [drawing.graph.edges[place] for place in drawing.edges]
    return list(zip(edges, drawing.layout.routes, strict=True))


def _upright(route: Sequence[tuple[float, float]]) -> Array:
    return np.array(route) * (1.0, -1.0)


def _broken(routes: Sequence[Array]) -> Array:
    """Several lines as one, with breaks."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for route in routes for part in (route, gap)])


def _along(route: Array, share: float) -> Array:
    """The place at a share of a route's length."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(route, axis=0).T))])
    return np.array([np.interp(share * lengths[-1], lengths, part) for part in route.T])


def _head(route: Array, backward: bool = False) -> Array:
    """An arrow on the part of an edge that is straight."""
    start, stop = (0.35, 0.5) if _level(route) else (0.54, 0.68)
    ends = (stop, start - 0.14) if backward else (start, stop)
    return np.concatenate([_along(route, share) for share in ends])


def _level(route: Array) -> bool:
    """Whether an edge starts between two layers, and so is nearly level at first."""
    return bool(route[0, 1] % 1)


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def _marks(drawing: Drawing) -> tuple[Mark, ...]:
    halos = [
        Polyline(name=f"{kind} halo", panel="graph", color=color, width=0, dots=HALO)
        for kind, color in (("forward", FORWARD_HALO), ("backward", BACKWARD_HALO))
    ]
    flows: list[Mark] = [
        Polyline(name="forward flow", panel="graph", color=INK, width=2.5),
        Polyline(name="backward flow", panel="graph", color=_color(drawing), width=3.5),
        Arrow(name="backward arrow", panel="graph", color=_color(drawing), width=4.5),
    ]
    nodes = [
        Marker(name=kind, panel="graph", color=color, shape=shape, size=_size(shape))
        for kind, (shape, color) in FILLS.items()
        if _places(drawing, kind)
    ]
    labels = [label for node in drawing.singles for label in _node_labels(drawing, node)]
    folds = [
        Label(name=f"fold {place}", panel="graph", color=INK, texts=(group.note,), aside=22.0)
        for place, group in enumerate(drawing.groups)
        if group.note
    ]
    partials = [
        Label(name=f"partial {place}", panel="graph", color=QUIET, texts=("{g}",), size=SMALL)
        for place in _shown_partials(drawing)
    ]
    return (*halos, *flows, *nodes, *partials, *labels, *folds)


def _size(shape: str) -> float:
    return NODE * {"circle": 1.0, "diamond": 0.98, "square": 0.84}[shape]


def _color(drawing: Drawing) -> str:
    """The adjoints' hue: that of second order where the target is a derivative."""
    return SECOND if drawing.second else GRADIENT


def _places(drawing: Drawing, kind: str) -> list[tuple[float, float]]:
    if kind == "folded":
        return [drawing.place(g.nodes[0]) for g in drawing.groups if g.note]
    return [drawing.place(n.index) for n in drawing.singles if drawing.fill(n) == kind]


def _shown_partials(drawing: Drawing) -> list[int]:
    """The edges between single nodes that tell their local derivative."""
    return [
        place
        for place in drawing.edges
        if (edge := drawing.graph.edges[place]).partial is not None
        and edge.parent not in drawing.off
        and not any(drawing.groups[drawing.home[n]].note for n in (edge.parent, edge.child))
        and _is_number(edge.partial)
    ]


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
        texts = _sums(node, len(_terms(drawing, node.index)))
        labels.append(
            Label(name=f"adjoint {node.index}", color=_color(drawing), texts=texts, **beside)
        )
    return labels


def _symbol(drawing: Drawing, node: GraphNode) -> str:
    if not node.operation:
        return node.name or ("?" if isinstance(getval(node.value), bool | np.bool_) else "")
    literal = next((k for k, child in drawing.literals.items() if child == node.index), None)
    if literal is None:
        return symbol(node.operation)
    number = float(getval(drawing.graph.nodes[literal].value))
    if node.operation == "logaddexp" and number == 0:
        return "softplus"
    place = next(e.place for e in drawing.graph.edges if e.parent == literal)
    return symbol(node.operation, "{.0}" if number.is_integer() else "{g}", place)


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
    if not _is_number(node.adjoint):
        return tuple(f"∂ {_shown(node.adjoint, 0)}" for _ in range(terms))
    if terms > MOST_TERMS:
        return tuple(f"∂ {{g@{terms}}}, a sum of {count + 1}" for count in range(terms))
    sums = [" + ".join(f"{{g@{k}}}" for k in range(count + 1)) for count in range(terms)]
    return (f"∂ {sums[0]}", *(f"∂ {text} = {{g@{terms}}}" for text in sums[1:]))


def _terms(drawing: Drawing, index: int) -> list[tuple[int, int]]:
    """The steps at which a node's adjoint grows, and the edges that bring it (−1: the seed)."""
    return [
        (step, found.edge)
        for step, found in enumerate(drawing.steps)
        if (found.kind == "seed" and found.node == index)
        or (found.kind == "backward" and drawing.graph.edges[found.edge].parent == index)
    ]


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


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(drawing: Drawing, graph: Graph, step: Any) -> Numbers:
    """The numbers of every mark at a step of the two passes, from a graph of the same structure."""
    if Drawing(graph, "").path != drawing.path:
        raise ValueError("the program has taken another path")
    now = anp.abs(np.arange(len(drawing.steps)) - step) < 0.5
    numbers = {kind: np.array(_places(drawing, kind)) for kind in FILLS if _places(drawing, kind)}
    for place, group in enumerate(drawing.groups):
        if group.note:
            numbers[f"fold {place}"] = row(*drawing.place(group.nodes[0]), 1.0, 0.0, 0.0, 0.0)
    for place in _shown_partials(drawing):
        edge = graph.edges[place]
        route = _upright(drawing.layout.routes[drawing.edges.index(place)])
        shown = _since(step, _reached(drawing, edge.child))
        numbers[f"partial {place}"] = row(*_room_beside(route), shown, edge.partial)
    for node in drawing.singles:
        numbers |= _node_numbers(drawing, graph, node.index, step)
    return {**numbers, **_active(drawing, now)}


def _room_beside(route: Array) -> tuple[float, ...]:
    """The middle of an edge, and the direction in which it leaves room for its number."""
    (start, *_, end), ends = route, np.sort(route[[0, -1], 0])
    if _level(route):
        return (*_along(route, 0.4), 0.0, 1.0)
    middle = _along(route, 0.5)
    if ends[0] == ends[1]:
        return (*middle, 1.0 if middle[0] > ends[1] + 1e-9 else -1.0, 0.0)
    return (*middle, 1.0, 0.6 * float(np.sign(end[0] - start[0])))


def _since(step: Any, first: int, choice: Any = 0.0) -> Any:
    """A label's choice from a step on, and none before."""
    return anp.where(step > first - 0.5, choice, -1.0)


def _reached(drawing: Drawing, node: int) -> int:
    """The step at which the forward pass has a node's value."""
    steps = drawing.steps
    return next((k for k, s in enumerate(steps) if s.kind == "forward" and s.node == node), 0)


def _node_numbers(drawing: Drawing, graph: Graph, index: int, step: Any) -> dict[str, Any]:
    place, node = drawing.place(index), graph.nodes[index]
    literal = next((k for k, child in drawing.literals.items() if child == index), None)
    told = 0.0 if literal is None else _number(graph.nodes[literal].value)
    value = row(*place, 0.94, 0.34, _since(step, _reached(drawing, index)), _number(node.value))
    found = {
        f"symbol {index}": row(*place, 0.0, 0.0, 0.0, told),
        f"value {index}": value,
    }
    if drawing.graph.nodes[index].adjoint is not None:
        found[f"adjoint {index}"] = _adjoint(drawing, graph, index, step)
    return found


def _adjoint(drawing: Drawing, graph: Graph, index: int, step: Any) -> Any:
    """A node's adjoint while contributions arrive: each of them, and the sum so far."""
    terms = _terms(drawing, index)
    parts = [_number(graph.edges[e].contribution) if e >= 0 else 1.0 for _, e in terms]
    there = [anp.where(step > first - 0.5, 1.0, 0.0) for first, _ in terms]
    total = sum(part * have for part, have in zip(parts, there, strict=True))
    return row(*drawing.place(index), 0.94, -0.34, sum(there) - 1.0, *parts, total)


def _number(value: Any) -> Any:
    """A value's number; NaN for an array and where there is none."""
    if value is None or not _is_number(value):
        return np.nan
    return anp.reshape(1.0 * value, ()) if isbox(value) else float(value)


def _is_number(value: Any) -> bool:
    return np.ndim(getval(value)) == 0


def _every(graph: Graph) -> list[Any]:
    """The numbers that sentences speak of: values, adjoints, partials, contributions."""
    nodes, edges = graph.nodes, graph.edges
    return [
        *(_number(node.value) for node in nodes),
        *(_number(node.adjoint) for node in nodes),
        *(_number(edge.partial) for edge in edges),
        *(_number(edge.contribution) for edge in edges),
    ]


def _active(drawing: Drawing, now: Any) -> dict[str, Any]:
    """The halo of the active node and the edges along which something flows, at a step."""
    steps = drawing.steps
    moving = {"forward": ("forward",), "backward": ("seed", "backward")}
    spots = {
        name: [[drawing.place(s.node) if s.kind in kinds else NOWHERE] for s in steps]
        for name, kinds in moving.items()
    }
    incoming = [_incoming(drawing, s.node) if s.kind == "forward" else [] for s in steps]
    flowing = [_flowing(drawing, s.edge) for s in steps]
    arrows = [_head(route[0], True) if route else [np.nan] * 4 for route in flowing]
    return {
        "forward halo": _chosen(now, spots["forward"]),
        "backward halo": _chosen(now, spots["backward"]),
        "forward flow": _chosen(now, _even(incoming)),
        "backward flow": _chosen(now, _even(flowing)),
        "backward arrow": _chosen(now, arrows),
    }


NOWHERE = (np.nan, np.nan)


def _chosen(now: Any, table: Any) -> Any:
    """The row of a table that belongs to the step; NaN where none does."""
    rows = np.array(table, dtype=float)
    mask = anp.reshape(now, (len(rows), *[1] * (rows.ndim - 1)))
    return anp.sum(anp.where(mask, rows, 0.0), axis=0) + anp.where(anp.any(now), 0.0, np.nan)


def _even(routes: Sequence[Sequence[Array]]) -> Array:
    """One line for each step, all with equally many points."""
    lines = [_broken(parts) if parts else np.empty((0, 2)) for parts in routes]
    most = max(1, *(len(line) for line in lines))
    return np.array(
        [np.pad(line, ((0, most - len(line)), (0, 0)), constant_values=np.nan) for line in lines]
    )


def _incoming(drawing: Drawing, node: int) -> list[Array]:
    return [_upright(route) for edge, route in _routes(drawing) if edge.child == node]


def _flowing(drawing: Drawing, edge: int) -> list[Array]:
    if edge not in drawing.edges:
        return []
    return [_upright(drawing.layout.routes[drawing.edges.index(edge)])]


# ── sentences ────────────────────────────────────────────────────────────────────────────────────


def _told(lesson: Lesson, values: Mapping[str, float], drawing: Drawing) -> Label:
    """A sentence for every step, and for the end one more where the answer is not all."""
    end = _end(lesson, values, drawing)
    texts = (*_sentences(drawing), end, f"The tape answers {end}")
    return Label(name="told", panel="", texts=texts)


def _sentences(drawing: Drawing) -> tuple[str, ...]:
    """What is told before the end; slots are places among the numbers of `_every`."""
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
    at, count = _answered(drawing, sources), len(drawing.graph.nodes)
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


def _answered(drawing: Drawing, sources: Sequence[str]) -> dict[str, int]:
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
