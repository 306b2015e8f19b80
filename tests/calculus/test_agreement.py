"""Four ways to one derivative, and functions of a step in the middle of a program."""

import numpy as np
import pytest

from gradwidgets.calculus.agreement import agreement, along
from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.lesson import Lesson

TEXT = "a = x*x\nb = sin(a)\nc = b*w"
VALUES = {"w": 1.5, "x": 0.7}


def lesson(target="c", inner="", role="watched"):
    program = parse_lines(TEXT)
    return Lesson(program, dict.fromkeys(program.inputs, role), target, ("x",), inner=inner)


def test_all_of_them_agree():
    found = agreement(lesson(), VALUES, "x", 1e-5, "w*cos(a)*2*x")
    exact = 1.5 * np.cos(0.49) * 1.4
    assert found.tape == found.autograd == pytest.approx(exact, rel=1e-14)
    assert found.own == pytest.approx(exact, rel=1e-14)
    assert found.central == pytest.approx(exact, rel=1e-9)
    assert found.reason == ""


def test_of_a_second_derivative_too():
    found = agreement(lesson(inner="x"), VALUES, "x", 1e-5)
    x, w = 0.7, 1.5
    exact = 2 * w * np.cos(x * x) - 4 * w * x * x * np.sin(x * x)
    assert found.tape == found.autograd == pytest.approx(exact, rel=1e-13)
    assert found.central == pytest.approx(exact, rel=1e-8)
    assert found.own is None


def test_a_step_is_moved_by_itself():
    line = along(lesson(), "a")
    assert line.names == ("w", "x", "a")
    assert line.function(1.5, 0.7, np.array([0.0, 0.5])) == pytest.approx(1.5 * np.sin([0.0, 0.5]))
    assert agreement(lesson(), VALUES, "a", 1e-5).tape == pytest.approx(1.5 * np.cos(0.49))


def test_the_target_by_itself_is_one():
    found = agreement(lesson(), VALUES, "c", 1e-3)
    assert found.autograd == 1.0
    assert found.central == pytest.approx(1.0, rel=1e-12)


def test_where_the_tape_gives_none_its_reason_stands():
    found = agreement(lesson(role="constant"), VALUES, "x", 1e-5)
    assert found.tape is None
    assert "x was not watched" in found.reason
    assert found.central == pytest.approx(found.autograd, rel=1e-8)


@pytest.mark.parametrize(("own", "said"), [("q*x", "“q” has no value"), ("2*", "missing")])
def test_a_formula_that_can_t_be_used_is_refused(own, said):
    with pytest.raises(FormulaError, match=said):
        agreement(lesson(), VALUES, "x", 1e-5, own)
