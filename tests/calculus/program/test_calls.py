"""A program as one step of another: replayed, cleaned, printed, and written down as data."""

import json
import math
from functools import cached_property

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from autograd.tracer import isbox

from gradwidgets.calculus.program import (
    OPERATIONS,
    Program,
    Slot,
    TracingError,
    call,
    in_one_step,
    recorded_once,
    repeat,
    scan,
    trace,
)
from tests.calculus.program.checks import READ, agree, check, executed, wasted
from tests.calculus.program.test_data import again, check_again


def both(x, y):
    """Two results, with a constant of its own, one shared, and a branch."""
    return anp.where(x > y, anp.exp(x) / y, 0.75 * y), x * y + 12.5


def three(x):
    high, low = INNER(x, 2.0)
    return (anp.sin(high) + 12.5, low, high * low)


INNER, OUTER = in_one_step(both), in_one_step(three)
PLAIN = {
    "two calls": (lambda x, y: (INNER(x, y)[0] + INNER(y, x)[1] * 12.5,), [0.3, 0.7]),
    "in a call": (lambda x, y: (OUTER(x * y)[2] - OUTER(y)[0], INNER(x, y)[0]), [0.3, 0.7]),
    "one result": (lambda x, y: (in_one_step(lambda a: (a * a,))(x + y)[0] * y,), [0.3, 0.7]),
}
POINTS = [(0.3, 0.7), (0.7, 0.3), (-0.0, 0.0), (900.0, 2.0), (math.nan, 1.0), (math.inf, -1.0)]


@pytest.mark.parametrize("name", PLAIN)
def test_a_call_computes_what_its_function_does(name):
    function, start = PLAIN[name]
    program = check(function, start, *POINTS)
    assert "call" in {step.operation for step in program.instructions}


@pytest.mark.parametrize("name", PLAIN)
def test_a_program_with_calls_comes_back_from_its_data(name):
    check_again(trace(PLAIN[name][0], 0.3, 0.7), *POINTS)


def test_programs_in_a_program_share_its_constants():
    program = trace(PLAIN["in a call"][0], 0.3, 0.7)
    data, numbers = program.as_data()
    assert sorted(numbers) == [0.75, 2.0, 12.5]
    bodies = data["bodies"]
    assert len(bodies) == 2  # each once, though one of them is called twice
    assert all(body.keys() == {"inputs", "calls", "steps", "outputs"} for body in bodies)
    assert {name for body in bodies for name, *_ in body["calls"]} <= set(OPERATIONS)


def test_a_body_comes_back_as_a_program_that_runs():
    step = next(s for s in again(trace(three, 0.5)).instructions if s.operation == "call")
    body = dict(step.attributes)["body"]
    assert isinstance(body, Program)
    assert body(0.5, 2.0) == trace(both, 1.0, 1.0)(0.5, 2.0)


def test_unknown_operations_are_refused_inside_of_a_body():
    data, numbers = trace(three, 0.5).as_data()
    text = json.dumps(data).replace('"exp"', '"open"')
    with pytest.raises(ValueError, match="open: no row"):
        Program.from_data(json.loads(text), numbers)


def test_programs_are_equal_where_their_bodies_are():
    one, same = (trace(three, 0.5) for _ in range(2))
    other = trace(lambda x: (in_one_step(lambda a, b: both(b, a))(x, 2.0)[0],), 0.5)
    another = trace(lambda x: (INNER(x, 2.0)[0],), 0.5)
    assert one == same
    assert hash(one) == hash(same)
    assert other != another


def test_equal_calls_are_one_step_and_cleaning_leaves_their_body_alone():
    def function(x, y):
        anp.cos(x)  # dead: all slots move
        return INNER(x, y)[0] * INNER(1.0 * x, y)[1], y

    program = trace(function, 0.3, 0.7)
    calls = [step for step in program.instructions if step.operation == "call"]
    assert wasted(program) == []
    assert [(step.arguments, step.output) for step in calls] == [((Slot(0), Slot(1)), 2)]
    assert dict(calls[0].attributes)["body"] == trace(both, 0.5, 0.5)


def test_a_call_of_constants_alone_is_no_step():
    assert len(trace(lambda x: (x + call(trace(both, 1.0, 1.0), 0.5, 2.0)[0],), 1.0)) == 1


@pytest.mark.parametrize("name", PLAIN)
def test_printed_code_defines_what_it_calls(name):
    program = trace(PLAIN[name][0], 0.3, 0.7, names=("x", "y"))
    for point in POINTS[:2]:
        agree(executed(program, *point, names={**vars(np), **READ}), program(*point))


def test_a_program_takes_arrays_too():
    spread = trace(lambda x, y: (np.max(x) - np.min(x), np.sum(x) * y), np.ones(3), 2.0)
    twice = lambda x, y: (call(spread, x * y, y)[1] + call(spread, x, 1.0)[0],)  # noqa: E731
    outer = trace(twice, np.ones(3), 1.0)
    check_again(outer, (np.array([1.0, 2.0, 4.0]), 3.0))
    assert outer(np.array([1.0, 2.0, 4.0]), 3.0) == (66.0,)


def test_a_program_that_gives_arrays_is_no_step():
    to_arrays = trace(lambda x: (x * np.ones(3),), 1.0)
    with pytest.raises(TracingError, match="a program that gives arrays"):
        trace(lambda x: (call(to_arrays, x)[0, 1],), 1.0)


def test_by_what_is_called_in_one_step_can_be_differentiated():
    program = check(lambda x, y: (grad(lambda v: INNER(v, y)[0])(x),), (0.7, 0.3), (0.3, 0.7))
    assert program(0.7, 0.3) == pytest.approx((math.exp(0.7) / 0.3,), rel=1e-14)
    xs = np.array([0.7, 0.3])
    np.testing.assert_array_equal(INNER(xs, 0.5)[1], both(xs, 0.5)[1])


# ── where a condition holds ──────────────────────────────────────────────────────────


class Heard(Program):
    """A program that keeps what it was called with."""

    @cached_property
    def runs(self):
        return []

    def __call__(self, *values):
        self.runs.append(values)
        return super().__call__(*values)

    @cached_property
    def steady(self):
        return self.__call__


def heard(function, *values):
    found = trace(function, *values)
    return Heard(found.names, found.shapes, found.instructions, found.outputs)


PAIR = trace(lambda a, b: (anp.log(a) / b, a * b), 0.5, 0.25)
SPREAD = trace(lambda x, y: (np.max(x) - np.min(x), np.sum(x) * y), np.ones(3), 2.0)
NONE = [math.nan, math.nan]


def asked_for(condition, x, y):
    return call(PAIR, x, y) if condition else np.array(NONE)


def apart(x, y):
    """Its numbers one by one."""
    found = call(PAIR, x, y, when=x > y)
    return found[0] + 1.0, found[1]


def together(x, y):
    """Its numbers as an array."""
    return (2.0 * call(PAIR, x, y, when=x > y),)


def of_arrays(x, y):
    found = call(SPREAD, x * np.array([1.0, 2.0, 4.0]), y, when=anp.logical_not(y > x))
    return found[1], found


def in_another(x, y):
    outer = trace(lambda a, b: (call(PAIR, a, b, when=a > 0)[0], b), 0.5, 0.25)
    return tuple(call(outer, x, y, when=y < 5) + call(outer, y, x)[0])


def in_rounds(x, y):
    def halved(a, b, y):
        return a > 0.3, (0.5 * a, call(PAIR, a, y, when=a > 0.4)[1])

    def row(a, share, y):
        return (a * share,), (call(SPREAD, a * np.ones(3), y, when=share > 0.3)[1], a)

    last = repeat(halved, (x, 0.0), 9, (y,))
    _, kept = scan(row, (x,), (np.array([0.5, 0.25, 2.0]),), 3.0, (y,))
    return (*last, *kept)


CONDITIONED = {each.__name__: each for each in (apart, together, of_arrays, in_another, in_rounds)}
STATES = [*POINTS, (3.0, 2.0), (-3.0, -4.0), (2.0, 0.0), (0.35, 9.0), (1.0, math.nan)]


@pytest.mark.parametrize("name", CONDITIONED)
def test_where_its_condition_holds_a_call_is_computed(name):
    program = check_conditioned(CONDITIONED[name])
    check_again(program, *STATES)


def check_conditioned(function):
    program = trace(function, 0.3, 0.7)
    calls = {
        step.operation
        for listing in (program, *program.bodies)
        for step in (*listing.instructions, *(s for b in listing.bodies for s in b.instructions))
    }
    assert "call_if" in calls
    for point in STATES:
        with np.errstate(all="ignore"):
            expected = function(*map(np.float64, point))
        for replay in (program, program.careful):
            agree(replay(*point), expected)
    return program


@pytest.mark.parametrize("point", STATES)
def test_a_condition_is_a_branch(point):
    program = trace(lambda x, y: (call(PAIR, x, y, when=x > y),), 0.5, 0.25)
    with np.errstate(all="ignore"):
        expected = asked_for(point[0] > point[1], *point)
    np.testing.assert_array_equal(program(*point)[0], expected)
    np.testing.assert_array_equal(program.careful(*point)[0], expected)


@pytest.mark.parametrize(
    "ask",
    [
        lambda body, x: (call(body, x, when=x > 0)[0],),
        lambda body, x: (call(body, x, when=x > 0),),
        lambda body, x: (call(body, x + 0.0, when=anp.array([x, 1.0])[0] > 0)[1] * np.ones(2),),
    ],
    ids=["a number", "an array", "among arrays"],
)
def test_where_it_does_not_hold_nothing_is_computed(ask):
    body = heard(lambda x: (x * x, -x), 0.5)
    program = trace(lambda x: ask(body, x), 0.5)
    for replay in (program, program.careful):
        body.runs.clear()
        for x in (-1.0, 0.0, math.nan):
            assert np.isnan(replay(x)).all()
        assert body.runs == []
        assert np.isfinite(replay(3.0)).all()
        assert body.runs == [(3.0,)]


def test_a_program_of_arrays_is_not_computed_either():
    body = heard(lambda x, y: (anp.sum(x) * y,), np.ones(3), 0.5)
    program = trace(lambda x, y: (call(body, x, y, when=y > 0)[0],), np.ones(3), 0.5)
    for replay in (program, program.careful):
        assert math.isnan(replay(np.arange(3.0), -1.0)[0])
        assert body.runs == []
        assert replay(np.arange(3.0), 2.0) == (6.0,)
        assert len(body.runs) == 1
        body.runs.clear()


def test_outside_of_a_trace_nothing_is_computed_either():
    body = heard(lambda x: (x * x, -x), 0.5)
    assert np.isnan(call(body, 2.0, when=False)).tolist() == [True, True]
    assert body.runs == []
    assert call(body, 2.0, when=np.True_).tolist() == [4.0, -2.0]


def test_a_number_is_a_condition_where_it_is_not_0():
    program = trace(lambda x, y: (call(PAIR, 1.0, y, when=x)[1],), 0.5, 0.25)
    for replay in (program, program.careful):
        found = [replay(x, 3.0)[0] for x in (0.0, -0.0, 2.0, -1e-300, math.nan, math.inf)]
        assert np.array_equal(found, [math.nan, math.nan, 3.0, 3.0, 3.0, 3.0], equal_nan=True)


def test_a_known_condition_is_none():
    always = trace(lambda x, y: (call(PAIR, x, y, when=True)[1],), 0.5, 0.25)
    assert always == trace(lambda x, y: (call(PAIR, x, y)[1],), 0.5, 0.25)
    for known in (np.True_, 1.0 > 0.5):
        assert trace(lambda x, y, k=known: (call(PAIR, x, y, when=k)[1],), 0.5, 0.25)(2, 3) == (6,)
    never = trace(lambda x, y: (call(PAIR, x, y, when=False)[1] + x,), 0.5, 0.25)
    assert np.isnan(never(2.0, 3.0)[0])


def test_calls_with_one_condition_are_one_step_and_with_two_are_two():
    def same(x, y):
        return call(PAIR, x, y, when=x > y)[0] + call(PAIR, x, y, when=x > y)[1]

    def other(x, y):
        return call(PAIR, x, y, when=x > y)[0] + call(PAIR, x, y, when=y > x)[1]

    for function, count in ((same, 1), (other, 2)):
        program = trace(lambda x, y, f=function: (f(x, y),), 0.5, 0.25)
        found = [step for step in program.instructions if step.operation == "call_if"]
        assert len(found) == count
        assert wasted(program) == []


@pytest.mark.parametrize("name", ["apart", "in_another"])
def test_printed_code_has_its_condition(name):
    program = trace(CONDITIONED[name], 0.3, 0.7, names=("x", "y"))
    for point in ((0.3, 0.7), (0.7, 0.3), (0.7, 9.0)):
        agree(executed(program, *point, names={**vars(np), **READ}), program(*point))


# ── recorded once ────────────────────────────────────────────────────────────────────


def runs_of(function):
    """The function, and a list that grows with every run of it by a recording."""
    runs = []

    def counted(*numbers):
        runs.extend(n for n in numbers[:1] if isbox(n))
        return function(*numbers)

    return counted, runs


def test_what_is_recorded_once_has_one_body():
    wave, runs = runs_of(lambda x, y: anp.where(x > y, anp.sin(x) * y, 2.0 - x))

    def both_ways(function):
        return lambda x, y: (function(x, y) - function(y, x + 1.0), function(2.0 * x, y), x)

    program = trace(lambda x, y: both_ways(recorded_once(wave))(x, y), 0.3, 0.7)
    assert len(runs) == 1
    bodies = [dict(s.attributes)["body"] for s in program.instructions if s.operation == "call"]
    assert bodies == [trace(lambda x, y: (wave(x, y),), 0.3, 0.7, names=bodies[0].names)] * 3
    for place in ((0.3, 0.7), (0.7, 0.3), (-1.0, 2.0)):
        assert program(*place) == trace(both_ways(wave), 0.3, 0.7)(*place)
    check(lambda x: (recorded_once(wave)(3.0, x),), [0.3], [5.0])


@pytest.mark.parametrize("function", [lambda x: 4.0, lambda x: x, lambda x: x > 0])
def test_what_computes_next_to_nothing_can_be_recorded_once(function):
    check(lambda x: (recorded_once(function)(2.0 * x) + x,), [1.5], [-1.5])


def test_outside_of_a_recording_and_by_derivatives_the_function_itself_is_called():
    cube, runs = runs_of(lambda x: x * x * x)
    once = recorded_once(cube)
    assert once(2.0) == 8.0
    np.testing.assert_array_equal(once(np.array([1.0, 2.0])), [1.0, 8.0])
    assert grad(once)(2.0) == 12.0
    program = check(lambda x: (grad(recorded_once(cube))(x),), [2.0], [-1.0])
    assert program(3.0) == (27.0,)
    assert runs
