"""Small programs as text: what they compute, and what is said of mistakes."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.assignments import MAX_LINES, parse_lines
from gradwidgets.calculus.formula import FormulaError

NEURON = "z = w*x + b\ny = tanh(z)\nloss = (y - t)^2"


def test_a_program_has_inputs_names_and_a_result():
    program = parse_lines(NEURON)
    assert program.inputs == ("b", "t", "w", "x")
    assert program.names == ("z", "y", "loss")
    assert program.__name__ == "loss"
    b, t, w, x = 0.1, 0.7, -0.3, 2.0
    assert program(b, t, w, x) == pytest.approx((np.tanh(w * x + b) - t) ** 2, rel=1e-15)


def test_it_is_differentiable_and_takes_arrays():
    program = parse_lines(NEURON)
    slope = grad(program, 2)(0.1, 0.7, -0.3, 2.0)
    y = anp.tanh(-0.3 * 2.0 + 0.1)
    assert slope == pytest.approx(2 * (y - 0.7) * (1 - y**2) * 2.0, rel=1e-12)
    assert program(0.1, 0.7, np.array([-0.3, 0.5]), 2.0).shape == (2,)


def test_a_lone_formula_is_called_f():
    assert parse_lines("x*w + b").names == ("f",)
    assert parse_lines("\n  where(x == 0, 1, x) \n\n").names == ("f",)


def test_comparisons_are_no_equals_signs():
    program = parse_lines("y = where(x >= 1, x, -x)\nz = where(y != 2, y, 0)")
    assert program.names == ("y", "z")
    assert program(-3.0) == 3.0


def test_a_name_that_has_a_value_keeps_it():
    program = parse_lines(NEURON)
    known = program.run({"b": 0.0, "t": 0.0, "w": 1.0, "x": 1.0, "y": 5.0})
    assert known["loss"] == 25.0


def test_every_line_is_shown_when_it_is_done_and_may_be_replaced():
    shown = []

    def keep(name, value):
        shown.append(name)
        return 5.0 if name == "y" else value

    known = parse_lines(NEURON).run(dict.fromkeys("btwx", 1.0), keep)
    assert shown == ["z", "y", "loss"]
    assert known["loss"] == 16.0


def test_a_square_is_one_operation():
    """A formula of its own computes it as a product; here it is something to look at."""
    seen = []

    class Squared:
        def __pow__(self, exponent):
            seen.append(exponent)
            return 0.0

    parse_lines("y = x**2")(Squared())
    assert seen == [2.0]


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "Type a program"),
        ("\n \n", 0, "Type a program"),
        ("y =", 3, "Type a formula"),
        (" = x", 1, "A name is missing"),
        ("sin = x", 0, "its own meaning"),
        ("pi = x", 0, "its own meaning"),
        ("y = x\ny = z", 6, "has a value already"),
        ("y = y + 1", 0, "computed from itself"),
        ("y = z\nz = x", 6, "is used for y, before this line"),
        ("y = x; z = 1", 5, "can't be read"),
        ("2y = x", 0, "one name"),
        ("a b = x", 0, "one name"),
        ("x.y = 3", 0, "one name"),
        ("__import__('os') = 3", 0, "one name"),
        ("y = 3", None, "no input"),
        ("y = x*w\nx + 1", 8, "each one needs a name"),
        ("y = x*w +\nz = 3*x", 9, "Something is missing"),
        ("y = x\nz = y + foo(x)", 14, "no function"),
        ("a = x\nb = a.T", 11, "can't be read"),
        ("y = 9**9**9 + x", 7, "too large"),
        ("y = __import__('os').system('id')", 4, "can't be read"),
        ("y = [c for c in x]", 4, "can't be read"),
        ("y = (z := 3)", 7, "can't be read"),
    ],
)
def test_mistakes_are_named_with_their_place(text, position, said):
    with pytest.raises(FormulaError, match=said) as error:
        parse_lines(text)
    assert error.value.position == position


def test_a_program_has_its_limits():
    lines = [f"a{k} = x + {k}" for k in range(MAX_LINES + 1)]
    assert parse_lines("\n".join(lines[:-1])).inputs == ("x",)
    with pytest.raises(FormulaError, match="at most 20 lines"):
        parse_lines("\n".join(lines))
    long = " + ".join(["x*x*x"] * 30)
    with pytest.raises(FormulaError, match="at most 300 parts"):
        parse_lines(f"a = {long}\nb = {long}")


def test_hostile_text_answers_at_once():
    for text in ("y = " + "(" * 2500, "y = " + "9" * 400, "\n" * 10_000 + "y = 1e999", "=" * 500):
        with pytest.raises(FormulaError):
            parse_lines(text)
