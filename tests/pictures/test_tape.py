"""The tape's picture as data: values and adjoints at every step, halos, arrows, what is grey."""

import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.lesson import Lesson
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.values import constant
from gradwidgets.pictures.marks import Polyline
from gradwidgets.pictures.tape import _numbers, graph_scene, lesson_drawing, tape_picture
from gradwidgets.pictures.terrain import coordinate

NEURON = "z = w*x + b\ny = tanh(z)\nloss = (y - t)^2"
PLACE = {"b": 0.1, "t": 0.7, "w": -0.3, "x": 2.0}


def lesson_of(text, watched, sources=None, **more):
    program = parse_lines(text)
    roles = {n: "variable" if n in watched else "constant" for n in program.inputs}
    return Lesson(program, roles, program.names[-1], sources or tuple(watched), **more)


def picture_of(lesson, values):
    return tape_picture(lesson, values, [coordinate(name, (-3, 3)) for name in values])


@pytest.fixture(scope="module")
def neuron():
    lesson = lesson_of(NEURON, ("w", "b"))
    return picture_of(lesson, PLACE), lesson_drawing(lesson, PLACE)


def at(neuron, step):
    picture, drawing = neuron
    return picture.scene((*PLACE.values(), step)), drawing


def index(drawing, name):
    return next(k for k in range(len(drawing.graph.nodes)) if drawing.called(k) == name)


def test_it_is_traced(neuron):
    picture, _ = neuron
    rows = np.random.default_rng(3).uniform(-2, 2, (5, 4))
    for row in rows:
        for step in (0, 3, 7, picture.controls[-1].high):
            values = (*row, float(step))
            traced, plain = picture.replayed.numbers(*values), picture.replayed.plain(*values)
            for one, other in zip(traced, plain, strict=True):
                np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), 1e-12)
    assert picture.replayed.why == ""


def test_at_the_end_every_number_is_autograd_s(neuron):
    scene, drawing = at(neuron, neuron[1].end)
    program = parse_lines(NEURON)
    for name, axis in (("b", 0), ("w", 2)):
        slope = grad(program, axis)(*PLACE.values())
        assert scene[f"adjoint {index(drawing, name)}"][-1] == slope
    y = np.tanh(PLACE["w"] * PLACE["x"] + PLACE["b"])
    assert scene[f"value {index(drawing, 'y')}"][-1] == y
    assert scene[f"adjoint {index(drawing, 'y')}"][-1] == 2 * (y - PLACE["t"])
    assert scene.text(f"value {index(drawing, 'y')}") == "y = −0.462"
    assert scene.text(f"adjoint {index(drawing, 'loss')}") == "∂ 1.00"
    assert scene.captions[0] == "∂loss/∂w = −3.66, ∂loss/∂b = −1.83."


def test_values_fill_in_and_then_adjoints_flow_back(neuron):
    drawing = neuron[1]
    kinds = [step.kind for step in drawing.steps]
    assert kinds == ["start", *["forward"] * 5, "seed", *["backward"] * 6, "end"]
    for step in range(len(kinds)):
        scene, _ = at(neuron, step)
        shown = {
            node.index
            for node in drawing.graph.nodes
            if f"value {node.index}" in scene.numbers and scene.text(f"value {node.index}")
        }
        done = {s.node for s in drawing.steps[: step + 1] if s.kind == "forward"}
        leaves = {n.index for n in drawing.graph.nodes if not n.operation} - set(drawing.literals)
        assert shown == done | leaves
        given = {
            node.index
            for node in drawing.graph.nodes
            if f"adjoint {node.index}" in scene.numbers and scene.text(f"adjoint {node.index}")
        }
        flowed = [s for s in drawing.steps[: step + 1] if s.kind in ("seed", "backward")]
        parents = {drawing.graph.edges[s.edge].parent for s in flowed if s.edge >= 0}
        assert given == parents | {s.node for s in flowed if s.kind == "seed"}


def test_the_active_node_has_the_halo_and_the_arrow_goes_from_child_to_parent(neuron):
    drawing = neuron[1]
    for place, step in enumerate(drawing.steps):
        scene, _ = at(neuron, place)
        halos = {name: scene[f"{name} halo"].ravel() for name in ("forward", "backward")}
        active = {"forward": "forward", "seed": "backward", "backward": "backward"}.get(step.kind)
        for name, halo in halos.items():
            if name == active:
                assert halo.tolist() == list(drawing.place(step.node))
            else:
                assert np.isnan(halo).all()
        arrow = scene["backward arrow"]
        if step.kind != "backward":
            assert np.isnan(arrow).all()
            continue
        edge = drawing.graph.edges[step.edge]
        parent, child = (np.array(drawing.place(k)) for k in (edge.parent, edge.child))
        assert np.dot(arrow[2:] - arrow[:2], parent - child) > 0


def test_fan_out_adds_up_before_the_reader_s_eyes():
    lesson = lesson_of("y = x*x + x", ("x",))
    picture, drawing = picture_of(lesson, {"x": 3.0}), lesson_drawing(lesson, {"x": 3.0})
    x = index(drawing, "x")
    texts = [picture.scene((3.0, step)).text(f"adjoint {x}") for step in range(drawing.end + 1)]
    assert [text for k, text in enumerate(texts) if text and text != texts[k - 1]] == [
        "∂ 1.00",
        "∂ 1.00 + 3.00 = 4.00",
        "∂ 1.00 + 3.00 + 3.00 = 7.00",
    ]
    routes = [r for e, r in zip(drawing.edges, drawing.layout.routes, strict=True)]
    assert len({tuple(route) for route in routes}) == len(routes)


def test_what_the_tape_does_not_know_is_grey_and_dashed():
    lesson = lesson_of("p = a*c\ny = p*w", ("w",))
    values = {"a": 1.0, "c": 2.0, "w": 3.0}
    picture = picture_of(lesson, values)
    drawing = lesson_drawing(lesson, values)
    assert {drawing.called(k) for k in drawing.off} == {"a", "c", "p"}
    assert picture.scene((*values.values(), 0))["off"].tolist() == [
        list(drawing.place(index(drawing, "p")))
    ]
    dashed = next(m for m in picture.backdrop.marks if m.name == "edges off")
    assert isinstance(dashed, Polyline)
    assert dashed.dash
    assert "Grey and dashed: not on the tape." in picture.scene((*values.values(), 0)).captions[1]


@pytest.mark.parametrize("watched", [("b",), ("w", "b"), ("w", "x", "b")])
def test_every_mark_has_a_name_of_its_own(watched):
    """The page keeps all numbers by name: one name twice, and edges would lie among disks."""
    program = "a = x*w\ny = tanh(a + b)**2 + log(x)"
    names = parse_lines(program).inputs
    picture = picture_of(lesson_of(program, watched), dict.fromkeys(names, 0.5))
    called = [mark.name for mark in (*picture.backdrop.marks, *picture.marks)]
    assert len(called) == len(set(called))


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("y = x^2", ["x", "^2"]),
        ("y = 3 - x", ["x", "3−"]),
        ("y = x/4", ["x", "÷4"]),
        ("y = 0.5*x", ["x", "0.500×"]),
        ("y = softplus(x)", ["x", "softplus"]),
        ("y = relu(x)", ["x", "max 0"]),
        ("y = -x", ["x", "−"]),
    ],
)
def test_plain_numbers_stand_in_the_symbol(text, symbols):
    picture = picture_of(lesson_of(text, ("x",)), {"x": 1.0})
    scene = picture.scene((1.0, 0))
    assert [scene.text(m.name) for m in scene.marks if m.name.startswith("symbol")] == symbols


def test_second_order_is_the_graph_of_the_gradient():
    lesson = lesson_of("y = x*w^2", ("w", "x"), inner="w")
    values = {"w": 2.0, "x": 3.0}
    scene = picture_of(lesson, values).scene((2.0, 3.0, lesson_drawing(lesson, values).end))
    assert scene.captions[0] == "∂dy_dw/∂w = 6.00, ∂dy_dw/∂x = 4.00."
    assert {m.color for m in scene.marks if m.name.startswith("adjoint")} == {"#AA4499"}


def test_without_a_way_there_is_no_backward_pass():
    lesson = lesson_of("y = x*w", (), ("w",))
    values = {"w": 1.0, "x": 2.0}
    assert [s.kind for s in lesson_drawing(lesson, values).steps] == ["start", "forward", "end"]
    assert picture_of(lesson, values).scene((1.0, 2.0, 2)).captions[0] == "∂y/∂w is None."


def test_another_path_is_noticed():
    lesson = lesson_of("y = x*x", ("x",))
    other = lesson_drawing(lesson_of("y = sin(x)", ("x",)), {"x": 1.0})
    with pytest.raises(ValueError, match="another path"):
        _numbers(lesson_drawing(lesson, {"x": 1.0}), other.graph, 0.0)


# ── a tape's own picture ─────────────────────────────────────────────────────────────────────────


def test_a_loop_is_folded_and_that_is_said():
    w = constant(0.5, name="w")
    with GradientTape() as tape:
        tape.watch(w)
        y = w
        for _ in range(50):
            y = y * w + 1.0
    graph = tape.graph(y, w)
    scene = graph_scene(graph, "y")
    assert len([m for m in scene.marks if m.name.startswith("symbol")]) < 60
    assert "Folded: the same 2 operations, 48 times more." in scene.captions[0]
    assert scene["folded"].shape == (1, 2)


def test_arrays_are_told_by_their_shape_or_their_numbers():
    a = constant(np.arange(6.0).reshape(2, 3), name="A")
    with GradientTape() as tape:
        tape.watch(a)
        s = a.sum(axis=1)
    scene = graph_scene(tape.graph(s, a), "s")
    assert scene.text("value 0") == "shape (2, 3)"
    assert scene.text("value 1") == "[3, 12]"


def ended(text, point, sources=None, domain=(-3, 3), **more):
    """What is said at the end of both passes, but for the legend."""
    inputs = parse_lines(text).inputs
    values = dict(zip(inputs, point, strict=True))
    lesson = lesson_of(text, inputs, sources, **more)
    picture = tape_picture(lesson, values, [coordinate(name, domain) for name in values])
    return picture.scene((*point, lesson_drawing(lesson, values).end)).captions[:-1]


NONE = "autograd has no answer along x here; the slopes from left and right agree"
CONVENTION = "autograd's answer {} is a convention."


@pytest.mark.parametrize(
    ("text", "point", "answer", "said"),
    [
        ("y = where(x > 0, sqrt(x), -x)", (-2.0,), "undefined", f"{NONE}: −1.00."),
        ("y = where(x > 0, sqrt(x), 3*x)", (-1.0,), "undefined", f"{NONE}: 3.00."),
        ("y = where(x == 0, 1, sin(x)/x)", (0.0,), "undefined", f"{NONE}: 0."),
        ("y = x^x", (0.0,), "0", "y ends here along x: it is defined on the right alone, with "),
        ("y = abs(x)", (0.0,), "0", "Corner along x: slope −1.00 on the left, 1.00 on the right. "),
        ("y = abs(x)", (0.0,), "0", CONVENTION.format(0)),
        ("y = relu(x)", (0.0,), "0.500", CONVENTION.format("0.500")),
        ("y = ln(x)", (-1.0,), "−1.00", "y is undefined here: it has no slope along x."),
        ("y = log2(x)", (-2.0,), "−0.721", "y is undefined here: it has no slope along x."),
    ],
)
def test_the_truth_is_said_beside_what_the_tape_answers(text, point, answer, said):
    first, beside = ended(text, point)
    assert first == f"The tape answers ∂y/∂x = {answer}."
    assert said in beside


@pytest.mark.parametrize(
    ("text", "point"),
    [("y = x^x", (0.5,)), ("y = abs(x)", (0.1,)), ("y = ln(x)", (2.0,)), ("y = x^3", (0.0,))],
)
def test_where_the_answer_is_all_nothing_is_said_beside_it(text, point):
    (first,) = ended(text, point)
    assert first.startswith("∂y/∂x = ")


def test_a_corner_is_told_of_every_source_that_has_one():
    _, corner = ended("u = x - w\ny = abs(u)*w", (2.0, 2.0), ("u",))
    assert corner.startswith("Corner along u: slope −2.00 on the left, 2.00 on the right.")
    _, *corners = ended("y = max(x, w) + v", (0.0, 1.0, 1.0))
    assert [line.split(":")[0] for line in corners] == ["Corner along w", "Corner along x"]


def test_a_corner_of_a_derivative_is_that_of_its_own_derivative():
    first, corner = ended("y = x*abs(x)", (0.0,), inner="x")
    assert first.startswith("The tape answers ∂dy_dx/∂x = ")
    assert corner.startswith("Corner along x: slope −2.00 on the left, 2.00 on the right.")


def test_the_truth_is_said_only_once_both_passes_are_done():
    lesson = lesson_of("y = abs(x)", ("x",))
    picture = picture_of(lesson, {"x": 0.0})
    end = lesson_drawing(lesson, {"x": 0.0}).end
    lines = [picture.scene((0.0, step)).text("kink along x") for step in range(end + 1)]
    assert [bool(line) for line in lines] == [False] * end + [True]
