"""What a tape answers to a student's call, and the graph that an observer sees of it."""

from dataclasses import replace

import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.lesson import ROLES, Lesson, answers, derivative_name, observe


def lesson(text, roles, target, sources, **more):
    return Lesson(parse_lines(text), roles, target, sources, **more)


def test_a_variable_is_watched_by_itself_and_a_constant_is_not():
    both = lesson("y = x*w", {"w": "variable", "x": "constant"}, "y", ("w", "x"))
    (answer,) = answers(both, {"w": 3.0, "x": 2.0}, 1)
    assert answer.found == (2.0, None)
    assert answer.reasons == ("", "x was not watched: call tape.watch(x) before it is used")


def test_every_call_after_the_first_is_refused_unless_the_tape_is_persistent():
    roles = {"w": "watched", "x": "constant"}
    once = answers(lesson("y = x*w", roles, "y", ("w",)), {"w": 3.0, "x": 2.0}, 3)
    assert once[0].found == (2.0,)
    assert all("persistent=True" in answer.error for answer in once[1:])
    held = lesson("y = x*w", roles, "y", ("w",), persistent=True)
    assert [a.found for a in answers(held, {"w": 3.0, "x": 2.0}, 3)] == [(2.0,)] * 3


def test_a_step_can_be_target_and_source():
    text = "a = x*x\nb = sin(a)\nc = b*x"
    one = lesson(text, {"x": "watched"}, "c", ("a", "b", "x"))
    x = 0.7
    found = answers(one, {"x": x}, 1)[0].found
    assert found == pytest.approx(
        (np.cos(x * x) * x, x, np.sin(x * x) + x * np.cos(x * x) * 2 * x), rel=1e-14
    )


def test_a_path_of_derivative_zero_is_no_missing_path():
    text = "y = where(x > 0, w*x, 0)\nz = 2*b"
    roles = dict.fromkeys(("b", "w", "x"), "watched")
    answer = answers(lesson(text, roles, "y", ("w", "b")), {"b": 1.0, "w": 2.0, "x": -1.0}, 1)[0]
    assert answer.found == (0.0, None)
    assert "y does not depend on b" in answer.reasons[1]


def test_two_tapes_give_the_derivative_of_a_derivative():
    text = "z = w*x + b\ny = tanh(z)"
    program = parse_lines(text)
    roles = dict.fromkeys(program.inputs, "variable")
    two = Lesson(program, roles, "y", program.inputs, inner="w")
    values = {"b": 0.1, "w": -0.3, "x": 2.0}
    found = answers(two, values, 1)[0].found
    wanted = [grad(grad(program, 1), axis)(*values.values()) for axis in range(3)]
    assert list(found) == wanted
    assert two.asked == derivative_name("y", "w") == "dy_dw"


def test_an_operation_without_a_rule_is_an_answer_too():
    one = lesson("y = floor(x)*x", {"x": "watched"}, "y", ("x",))
    assert answers(one, {"x": 2.5}, 1)[0].found == (2.0,)


def test_the_observer_sees_all_and_adjoints_go_where_the_tape_goes():
    one = lesson("y = x*w + b", {"b": "constant", "w": "watched", "x": "constant"}, "y", ("w", "b"))
    graph = observe(one, {"b": 0.5, "w": 2.0, "x": 3.0}).graph
    adjoints = {node.name: node.adjoint for node in graph.nodes if not node.operation}
    assert adjoints["w"] == 3.0
    assert adjoints["b"] is None
    assert adjoints["x"] is None
    assert [node.operation for node in graph.nodes if node.operation] == ["×", "+"]


def test_the_observer_does_not_change_the_answer():
    one = lesson("y = x*w", {"w": "watched", "x": "watched"}, "y", ("w", "x"), inner="w")
    values = {"w": 2.0, "x": 3.0}
    before = answers(one, values, 1)
    observe(one, values)
    assert answers(one, values, 1) == before


WATCH_X = "x was not watched: call tape.watch(x) before it is used"
REASONS = {  # program, constants, target, source, inner: why the others are None
    "an input": ("y = x*w", "", "x", "w", "", "x does not depend on w"),
    "an input, unwatched": ("y = x*w", "wx", "x", "w", "", "x does not depend on w"),
    "another name": ("y = x\nz = y*w", "", "y", "w", "", "y is x, and x does not depend on w"),
    "another name, unwatched": ("y = x\nz = y*w", "x", "z", "y", "", f"y is x, and {WATCH_X}"),
    "names of names": ("a = x\nb = a\nz = b*w", "x", "z", "b", "", f"b is x, and {WATCH_X}"),
    "watching would not help": ("y = x*x\nz = 3", "x", "z", "x", "", "z does not depend on x"),
    "a number": ("a = 3\ny = a*x", "x", "y", "a", "", WATCH_X.replace("x", "a")),
    "a number that is not used": ("a = 3\ny = x*x", "", "y", "a", "", "y does not depend on a"),
    "a step": (
        "a = x*2\ny = a*a",
        "x",
        "y",
        "a",
        "",
        f"a was not watched: watch what it is computed from, or {WATCH_X[19:].replace('(x', '(a')}",
    ),
    "a later step": ("a = x*x\nb = a*w", "", "a", "b", "", "b was computed after a"),
    "a derivative that is 1": ("y = 1*x", "", "y", "x", "x", "dy/dx = 1 does not depend on x"),
}


@pytest.mark.parametrize("case", REASONS)
def test_the_reason_is_what_would_help(case):
    text, constants, target, source, inner, why = REASONS[case]
    program = parse_lines(text)
    roles = {name: "constant" if name in constants else "watched" for name in program.inputs}
    one = Lesson(program, roles, target, (source,), inner=inner)
    (answer,) = answers(one, dict.fromkeys(program.inputs, 2.0), 1)
    assert (answer.found, answer.reasons) == ((None,), (why,))


def test_a_value_is_its_own_source_whether_watched_or_not():
    for role in ("constant", "watched", "variable"):
        one = lesson("y = x\nz = y", {"x": role}, "z", ("x", "y", "z"))
        assert answers(one, {"x": 2.0}, 1)[0] == ((1.0,) * 3, ("",) * 3, "")
        assert [n.adjoint for n in observe(one, {"x": 2.0}).graph.nodes] == [1.0]


FORMS = ("{a}", "{a}*{b}", "{a} + {b}", "{a}^2", "3", "sin({a})", "floor({a})", "{a}*{b}*{a}")
STEP = st.tuples(st.sampled_from(FORMS), st.integers(0, 5), st.integers(0, 5))


@st.composite
def lessons(draw):
    """Programs of one to four lines, with aliases, numbers and names that nobody uses."""
    names, lines = ["w", "x"], []
    for name, (form, a, b) in zip(
        "pqrs", draw(st.lists(STEP, min_size=1, max_size=4)), strict=False
    ):
        step = form.format(a=names[a % len(names)], b=names[b % len(names)])
        lines.append(f"{name} = {step}")
        names.append(name)
    program = parse_lines("\n".join([*lines, "u = w + x"]))
    roles = {name: draw(st.sampled_from(ROLES)) for name in "wx"}
    inner = draw(st.sampled_from(("", "w", "x")))
    return Lesson(program, roles, draw(st.sampled_from(names)), tuple(names), inner=inner)


@settings(max_examples=100)
@given(lessons())
def test_what_is_drawn_is_what_the_tape_answers_and_reasons_are_true(one):
    values = {"w": 0.7, "x": 1.5}
    (answer,), (graph, first) = answers(one, values, 1), observe(one, values)
    drawn = {node.name: node.adjoint for node in reversed(graph.nodes)}
    if answer.error:
        assert not any(node.adjoint is not None for node in graph.nodes)
        return
    everything = replace(one, roles=dict.fromkeys("wx", "watched"))
    full = dict(zip(one.sources, answers(everything, values, 1)[0].found, strict=True))
    for source, found, why in zip(one.sources, answer.found, answer.reasons, strict=True):
        assert drawn.get(first[source]) == found
        assert (found is None) == bool(why)
        if found is None and "was not watched" in why:
            assert full[source] is not None or one.program.first(source) not in "wx"
        if found is None and "was not watched" not in why:
            assert full[source] is None
