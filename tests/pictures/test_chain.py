"""The rules that are told are true: each equals autograd's derivative."""

import re

import pytest
from autograd import grad

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.formula import FUNCTIONS, parse
from gradwidgets.calculus.lesson import Lesson, observe
from gradwidgets.pictures.chain import OPERANDS, RULES, applied, local_rule, symbol

PLACES = [{"u": 0.3, "v": 0.7}, {"u": 0.8, "v": 0.25}]


def function(text, names, truth):
    """A rule as a function of its operands; c stands for a truth."""
    formula = parse(re.sub(r"where\(c, ", f"where({'u > -9' if truth else 'u < -9'}, ", text))
    return lambda *values: formula.function(
        *(dict(zip(names, values, strict=True))[name] for name in formula.variables)
    )


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("truth", [True, False])
def test_a_rule_is_autograd_s_derivative(rule, truth):
    names = tuple(name for name in OPERANDS[rule[1]] if name != "c")
    whole, *parts = RULES[rule]
    for place in PLACES:
        shift = 1.0 if rule[0] == "arccosh" else 0.0
        values = [place[name] + shift for name in names]
        for axis, part in enumerate(parts[-len(names) :]):
            wanted = grad(function(whole, names, truth), axis)(*values)
            assert function(part, names, truth)(*values) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"sign", "floor", "ceil"}))
def test_whatever_a_formula_can_call_has_rules(name):
    arguments = ["x", "x, y", "x > y, x, y"][FUNCTIONS[name].arity - 1]
    program = parse_lines(f"z = {name}({arguments})")
    lesson = Lesson(program, dict.fromkeys(program.inputs, "watched"), "z", program.inputs)
    graph = observe(lesson, dict.fromkeys(program.inputs, 1.5 if name == "arccosh" else 0.4)).graph
    for node in graph.nodes:
        if node.operation:
            count = sum(edge.child == node.index for edge in graph.edges)
            assert (node.operation, count) in RULES


def test_every_operator_has_rules():
    graph = observe(
        Lesson(
            parse_lines("a = x + y - x*y\nb = -a/y + x^y\nc = b % 3"),
            {"x": "watched", "y": "watched"},
            "c",
            ("x", "y"),
        ),
        {"x": 1.3, "y": 0.6},
    ).graph
    for node in graph.nodes:
        count = sum(edge.child == node.index for edge in graph.edges)
        assert not node.operation or (node.operation, count) in RULES


def test_rules_look_like_mathematics():
    for (operation, count), (_, *parts) in RULES.items():
        for place in range(len(parts)):
            text = local_rule(operation, count, place)
            assert text.startswith("∂(")
            assert "*" not in text
            assert "-" not in text
    assert local_rule("×", 2, 0) == "∂(u·v)/∂u = v"
    assert local_rule("÷", 2, 1) == "∂(u/v)/∂v = −u/v²"
    assert local_rule("max", 2, 0) == "∂(max(u, v))/∂u = 1 if u > v, else 0"
    assert local_rule("sum", 1, 0) == "autograd's rule for sum"


def test_operations_and_symbols_are_written_as_mathematics():
    assert applied("−", ["a", "b"]) == "a − b"
    assert applied("max", ["a", "b"]) == "max(a, b)"
    assert symbol("×", "{.0}", 0) == "{.0}×"
