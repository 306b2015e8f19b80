"""A record that is copied gives the program that recording the function again would give."""

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.program import copied_in, copying, trace


class Pair(NamedTuple):
    one: Any
    other: Any


def nest(pair, rest, words):
    """Every kind of nest, truths and constants, and something that nobody asks for."""
    x, y = pair
    known = anp.logical_and(x > 0, words["known"])
    made = anp.where(known, anp.sin(x) * rest[0] + y, 1.0 * y)
    return {
        "pair": Pair(made, [x * x, rest[1]]),
        "array": anp.stack([x, y, made]) + np.arange(3.0),
        words["name"]: 2.0,
        "unasked": anp.exp(y),
    }


def through(function):
    """A program that calls such a function twice, at other places."""

    def whole(x, y):
        words = {"known": y < 2.0, "name": "two"}
        first = function(Pair(x * x, y), [1.0, 3.0], words)
        second = function(Pair(first["pair"].one, x), [np.float64(0.25), 3.0], words)
        parts = first["pair"], second["pair"]
        return (
            *(part.one for part in parts),
            *(part.other[0] for part in parts),
            second["array"] * first["two"] * parts[1].other[1],
        )

    return whole


@pytest.fixture(autouse=True)
def records(monkeypatch):
    monkeypatch.setattr(copying, "_records", {})
    return copying._records


@pytest.mark.parametrize("points", [(0.5, -1.0), (2.0, 3.0)])
def test_the_program_is_that_of_the_function_itself(points):
    assert trace(through(copied_in(nest)), *points) == trace(through(nest), *points)


def test_a_record_serves_other_places_other_programs_and_other_computed_numbers():
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return nest(*arguments)

    copied = copied_in(counted)
    one = trace(through(copied), 0.5, -1.0)
    assert len(calls) == 2  # the second with a number of numpy's, which is computed
    assert trace(through(copied), 5.0, 7.0) == one
    assert len(calls) == 2


@pytest.mark.parametrize("setting", [0.0, -0.0, 1.0, True, "a", None])
def test_settings_of_any_kind_are_told_apart(setting, records):
    copied = copied_in(lambda x, chosen: x + (1.0 if repr(chosen) == repr(setting) else 0.0))
    for one in (0.0, -0.0, 1.0, 1, True, "a", None):
        program = trace(lambda x, one=one: (copied(x, one),), 2.0)
        assert program(2.0) == (3.0 if repr(one) == repr(setting) else 2.0,)


def test_arrays_and_shapes_are_told_apart():
    copied = copied_in(lambda x, known: anp.sum(x * known))
    x = np.array([1.0, 2.0])
    for known in (np.array([1.0, 2.0]), np.array([1.0, 3.0]), 2.0):
        assert trace(lambda x, k=known: (copied(x, k),), x)(x) == (np.sum(x * known),)
    assert trace(lambda x: (copied(x, 2.0),), 3.0)(3.0) == (6.0,)


def test_what_is_known_is_computed_at_once():
    copied = copied_in(lambda x, y: (anp.sin(y), x * y))
    program = trace(lambda x: copied(x, np.float64(0.5)), 3.0)
    assert len(program) == 1
    assert program.outputs[0] == np.sin(0.5)


def test_numbers_alone_and_numbers_by_which_is_differentiated_go_through_the_function():
    copied = copied_in(lambda x, y: anp.sin(x) * y)
    assert copied(0.5, 2.0) == np.sin(0.5) * 2.0
    assert grad(copied)(0.5, 2.0) == np.cos(0.5) * 2.0
    slope = trace(lambda x: (grad(copied)(x, 2.0),), 0.5)
    assert slope(1.5) == pytest.approx([2.0 * np.cos(1.5)])
    assert copying._records == {}


def test_it_may_differentiate_by_itself():
    slope = copied_in(lambda x: grad(lambda t: t * t * t)(x))
    program = trace(lambda x: (slope(x) + slope(2.0 * x),), 3.0)
    assert program(2.0) == (3 * 4.0 + 3 * 16.0,)


def test_only_the_last_records_are_kept(records):
    copied = copied_in(lambda x, times: x * times)
    for times in range(copying.MOST + 20):
        trace(lambda x, t=times: (copied(x, float(t)),), 2.0)
    assert len(records) == copying.MOST
