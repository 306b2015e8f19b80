"""Truths joined without branches: of numbers, of arrays, traced; asked only where it matters."""

import itertools

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.program import trace
from gradwidgets.calculus.truths import both, either, is_known, no, where

ALL = list(itertools.product((True, False), repeat=3))
JOINED = [(both, all), (either, any)]


def never():
    raise AssertionError("this was settled before")


@pytest.mark.parametrize(("join", "python_s"), JOINED)
@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_of_truths_it_is_python_s(join, python_s, kind):
    for truths in ALL:
        found = join(*map(kind, truths))
        assert is_known(found)
        assert found == python_s(truths)
        assert join(*(lambda t=t: kind(t) for t in truths)) == found
    assert join() == python_s(())


@pytest.mark.parametrize(("join", "python_s"), JOINED)
def test_of_arrays_and_numbers_it_is_so_element_by_element(join, python_s):
    columns = np.array(ALL).T
    found = join(*columns)
    assert found.tolist() == [python_s(truths) for truths in ALL]
    assert join(*(lambda c=c: c for c in columns)).tolist() == found.tolist()
    neutral, (first, second, _) = join is both, columns
    assert join(neutral, first) is first
    assert join(first, neutral) is first
    table = join(first[:, None], second)
    assert np.array_equal(table, join(second, first[:, None]))
    assert table.shape == (8, 8)


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_what_is_settled_is_not_asked_any_more(kind):
    assert not both(True, kind(False), never)
    assert not both(lambda: kind(False), never)
    assert either(False, kind(True), never)
    assert either(lambda: kind(True), never)
    assert both(True, lambda: either(kind(True), never))


def test_an_array_settles_nothing_but_a_truth_beside_it_does():
    columns = np.array([True, False])
    assert both(columns, False) is False
    assert either(columns, True) is True
    assert both(columns, False, never) is False
    asked = []

    def other():
        asked.append(1)
        return np.array([True, True])

    assert both(np.array([False, False]), other).tolist() == [False, False]
    assert asked == [1]


def test_each_is_asked_once_and_in_order():
    asked = []

    def ask(name, truth):
        def told():
            asked.append(name)
            return truth

        return told

    assert both(ask("a", True), ask("b", True), ask("c", False), ask("d", True)) is False
    assert either(ask("e", False), ask("f", True), ask("g", False)) is True
    assert asked == ["a", "b", "c", "e", "f"]


@pytest.mark.parametrize(("join", "python_s"), JOINED)
def test_traced_it_is_what_it_is_of_truths(join, python_s):
    def joined(x, y, z):
        return (
            1.0 * join(x > 0, lambda: y > 0, z > 0),
            1.0 * join(lambda: both(x > 0, lambda: no(y > 0)), z > 0),
            1.0 * join(join is both, x > 0),
        )

    program = trace(joined, 0.5, 0.5, 0.5)
    for truths in ALL:
        x, y, z = truths
        wanted = (python_s(truths), python_s((x and not y, z)), x)
        numbers = [1.0 if truth else -1.0 for truth in truths]
        assert program(*numbers) == program.careful(*numbers) == wanted


def test_in_a_trace_all_is_asked_but_what_a_known_truth_settles():
    asked = []

    def more(x):
        asked.append(1)
        return x > 1

    program = trace(lambda x: (1.0 * both(x > 0, lambda: more(x)),), -5.0)
    assert asked == [1]
    assert [program(x)[0] for x in (-1.0, 0.5, 2.0)] == [0.0, 0.0, 1.0]
    trace(lambda x: (1.0 * x, 1.0 * both(False, never)), 0.5)
    trace(lambda x: (1.0 * x, 1.0 * both(x > 0, False, never)), 0.5)


def test_the_traced_truth_of_arrays():
    program = trace(
        lambda x: (1.0 * either(x > 1, no(x > -1)), 1.0 * both(x > 0, True)), np.ones(3)
    )
    found = program(np.array([-2.0, 0.5, 3.0]))
    assert [part.tolist() for part in found] == [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]


def test_the_other_way_round():
    assert (no(True), no(np.False_)) == (False, True)
    assert is_known(no(np.True_))
    assert no(np.array([True, False])).tolist() == [False, True]
    assert trace(lambda x: (1.0 * no(x > 0),), 0.5)(3.0) == (0.0,)
    assert trace(lambda x: (1.0 * no(anp.isnan(x)),), 0.5)(3.0) == (1.0,)


@pytest.mark.parametrize("other", [np.array([True]), 1.0, 0, None, "yes"])
def test_only_a_truth_is_known(other):
    assert not is_known(other)


# ── one of two ───────────────────────────────────────────────────────────────────────────────────

CONDITIONS = [True, False, np.True_, np.array([True, False]), np.array([[1.0], [0.0]]), 0.0, np.nan]
VALUES = [3.0, -0.0, np.float64(np.nan), 7, True, np.array([1.0, 2.0])]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_one_of_two_is_numpy_s(condition):
    for yes, other in itertools.product(VALUES, repeat=2):
        found, wanted = where(condition, yes, other), np.where(condition, yes, other)
        np.testing.assert_array_equal(found, wanted, strict=isinstance(found, np.ndarray))
        assert np.array_equal(np.signbit(found), np.signbit(wanted))


def test_one_of_two_numbers_is_that_number():
    one, other = 3.0, np.float64(4.0)
    assert where(True, one, other) is one
    assert where(np.False_, one, other) is other


def test_traced_one_of_two_has_its_derivative():
    def bent(x):
        return where(x > 0, x * x, -3.0 * x) + where(True, x, 0.0)

    assert (grad(bent)(2.0), grad(bent)(-2.0)) == (5.0, -2.0)
    program = trace(lambda x: (bent(x), grad(bent)(x), where(x > 1, 1.0, 2.0)), 0.5)
    assert program(2.0) == (6.0, 5.0, 1.0)
    assert program(-2.0) == (4.0, -2.0, 2.0)
    one, other = (
        trace(lambda x, kind=kind: (kind(x > 0, x * x, 2.0),), 0.5) for kind in (where, anp.where)
    )
    assert one == other
