"""What a tape answers to a student's call, and the graph that an observer sees of it."""

import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.lesson import Lesson, answers, derivative_name, observe


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
    graph = observe(one, {"b": 0.5, "w": 2.0, "x": 3.0})
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
