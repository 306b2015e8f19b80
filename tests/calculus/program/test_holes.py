"""Programs with holes: traced once, and filled with whatever stands there."""

import math

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.program import Program, call, hole, repeat, scan, trace
from tests.calculus.program.checks import READ, agree, executed
from tests.calculus.program.test_data import check_again

HOLE = hole("f", 2, 1)
FILLINGS = {
    "sum": trace(lambda x, y: (x + 2.0 * y,), 0.5, 0.25),
    "waves": trace(lambda x, y: (anp.sin(x) * anp.exp(y),), 0.5, 0.25),
    "root": trace(lambda x, y: (anp.sqrt(x) / y,), 0.5, 0.25),  # numpy's where Python raises
    "choice": trace(lambda x, y: (anp.where(x > y, x * x, -y),), 0.5, 0.25),
    "constant": trace(lambda x, y: (3.0,), 0.5, 0.25),
}
POINTS = [(0.3, 0.7), (0.7, 0.3), (-1.0, 0.0), (0.0, 0.0), (900.0, 800.0)]
POINTS += [(math.nan, 1.0), (math.inf, -math.inf)]


def straight(f, x, y):
    return (call(f, call(f, x, y)[0], 0.5 * x)[0] * y, call(f, y, x)[0])


def nested(f, x, y):
    inner = trace(lambda a, b: (call(f, b, a)[0] - a, call(f, a + b, 2.0)[0]), 0.5, 0.25)
    outer = trace(lambda a: (call(inner, a, 3.0)[1] + call(inner, 1.0, a)[0],), 0.5)
    return (call(outer, x * y)[0], call(outer, y)[0] + call(f, x, 1.0)[0])


def in_rounds(f, x, y):
    def halved(step, x, y):
        return call(f, x + step, y)[0] > 1.0, (0.5 * step,)

    def step(x, share, y):
        return (x - share * call(f, x, y)[0],), (call(f, x, y)[0],)

    (last,) = repeat(halved, (x,), 9, (x, y))
    places, values = scan(step, (last,), (np.array([0.5, 0.25, 0.125]),), 2.0 + anp.tanh(y), (y,))
    return (last, places[0], values[0])


def where_asked(f, x, y):
    high = trace(lambda a, b: (call(f, a, b, when=a > b)[0],), 0.5, 0.25)
    return (call(f, x, y, when=x < y)[0], call(high, x, y)[0], call(high, y, x, when=x > 0)[0])


def many(f, x, y):
    """A batch: the loop is one of arrays, and what is called takes them all."""
    peaks = trace(lambda a, b: (anp.max(a * call(f, b, 2.0)[0]),), np.ones(4), 0.25)
    return (call(peaks, x * np.arange(4.0), y)[0] * np.ones(3),)


WHOLES = {
    "straight": straight,
    "nested": nested,
    "rounds": in_rounds,
    "if": where_asked,
    "many": many,
}


def whole(name, f):
    return trace(lambda x, y: WHOLES[name](f, x, y), 0.5, 0.25, names=("x", "y"))


def same(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("name", WHOLES)
def test_a_filled_program_is_the_one_that_is_traced_with_it(name, filling):
    body, pattern = FILLINGS[filling], whole(name, HOLE)
    filled, traced = pattern.filled({"f": body}, {}), whole(name, body)
    assert pattern.is_open
    assert not filled.is_open
    for point in POINTS:
        same(filled(*point), traced(*point))
        same(filled.careful(*point), traced.careful(*point))
    check_again(filled, *POINTS)


@pytest.mark.parametrize("name", WHOLES)
def test_one_pattern_serves_all_and_stays_open(name):
    pattern = whole(name, HOLE)
    before = str(pattern)
    filled = [pattern.filled({"f": body}, {}) for body in FILLINGS.values()]
    for program, body in zip(filled, FILLINGS.values(), strict=True):
        same(program(0.3, 0.7), whole(name, body)(0.3, 0.7))
    assert str(pattern) == before
    assert pattern.is_open
    assert len(set(filled)) == len(FILLINGS)


def test_filled_alike_they_are_equal():
    pattern, body = whole("nested", HOLE), FILLINGS["waves"]
    one, other = (pattern.filled({"f": body}, {}) for _ in range(2))
    assert (one, hash(one)) == (other, hash(other))
    assert one != pattern.filled({"f": FILLINGS["sum"]}, {})
    assert one == whole("nested", body)


def test_what_is_filled_once_is_not_filled_again():
    pattern, done = whole("nested", HOLE), {}
    one = pattern.filled({"f": FILLINGS["sum"]}, done)
    assert pattern.filled({"f": FILLINGS["sum"]}, done) is one
    assert len(done) == 3  # the whole, and the two that it calls
    closed = FILLINGS["sum"]
    assert closed.filled({"f": FILLINGS["waves"]}, {}) is closed


def test_each_hole_has_its_own_filling():
    two = trace(
        lambda x, y: (call(hole("f", 2, 1), x, y)[0] - call(hole("g", 1, 2), x)[1],), 0.5, 0.25
    )
    double = trace(lambda x: (x, 2.0 * x), 0.5)
    assert two.filled({"f": FILLINGS["sum"], "g": double}, {})(3.0, 1.0) == (-1.0,)
    assert hole("f", 2, 1) == HOLE
    assert hole("f", 2, 1) != hole("g", 2, 1)
    assert hole("f", 1, 1) != HOLE


def test_a_hole_may_be_filled_with_an_open_program():
    pattern = whole("straight", HOLE)
    swapped = trace(lambda x, y: (call(hole("g", 2, 1), y, x)[0],), 0.5, 0.25)
    half = pattern.filled({"f": swapped}, {})
    assert half.is_open
    found = half.filled({"g": FILLINGS["waves"]}, {})
    same(found(0.3, 0.7), whole("straight", swapped.filled({"g": FILLINGS["waves"]}, {}))(0.3, 0.7))


@pytest.mark.parametrize("name", WHOLES)
def test_an_open_program_has_no_data_and_does_not_run(name):
    pattern = whole(name, HOLE)
    with pytest.raises(ValueError, match="a program with a hole has no data yet"):
        pattern.as_data()
    with pytest.raises(ValueError, match="the program has a hole"):
        pattern(0.3, 0.7)
    for kind in ("fast", "careful", "steady"):
        with pytest.raises(ValueError, match="the program has a hole"):
            getattr(pattern, kind)


def test_a_hole_itself_tells_its_name():
    with pytest.raises(ValueError, match="has a hole, f"):
        HOLE(0.3, 0.7)
    with pytest.raises(ValueError, match="a program with a hole has no data yet"):
        HOLE.as_data()
    assert str(HOLE) == "def program(x0, x1):\n    ...  # f"


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("name", ["straight", "nested", "if"])
def test_printed_it_shows_what_was_filled_in(name, filling):
    filled = whole(name, HOLE).filled({"f": FILLINGS[filling]}, {})
    assert str(filled) == str(whole(name, FILLINGS[filling]))
    agree(executed(filled, 0.7, 0.3, names={**vars(np), **READ}), filled(0.7, 0.3))


def test_printed_an_open_program_shows_where_its_hole_is():
    lines = str(whole("straight", HOLE)).splitlines()
    assert lines[:2] == ["def called_0(x0, x1):", "    ...  # f"]
    assert "    a = array([called_0(x, y)])" in lines


def test_a_filled_program_is_a_program_with_its_spelling_shared():
    pattern = whole("straight", HOLE)
    one, other = (pattern.filled({"f": FILLINGS[name]}, {}) for name in ("sum", "waves"))
    assert type(one) is Program
    assert one._spellings is other._spellings is pattern._spellings
    assert one(1.0, 2.0) != other(1.0, 2.0)
    assert one.fast is not other.fast
