"""Loops as one step of a program: beside plain loops of Python's, as data, as text, and refused."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.program import Program, TracingError, repeat, scan, trace
from tests.calculus.program.checks import plainly, wasted
from tests.calculus.program.test_calls import INNER
from tests.calculus.program.test_data import check_again

RATES = np.array([0.1, 0.25, 0.25])
CAPACITY = 5


# ── plain loops ──────────────────────────────────────────────────────────────────────────────────


def plain_scan(body, start, inputs, rounds, fixed):
    """The rows of one run, made with numpy's numbers alone."""
    handed, rows = start, []
    count = 0 if math.isnan(rounds) else int(min(max(rounds, 0.0), len(inputs[0])))
    for place in range(count):
        numbers = map(np.float64, (*handed, *(part[place] for part in inputs), *fixed))
        handed, kept = body(*numbers)
        rows.append([*handed, *kept])
        if not np.isfinite(kept[0]):
            break
    width = len(start) + 2
    rows += [[math.nan] * width] * (len(inputs[0]) - len(rows))
    return np.array(rows, float)


def plain_repeat(body, start, rounds, fixed):
    handed = start
    for _ in range(rounds):
        again, handed = body(*map(np.float64, (*handed, *fixed)))
        if not again:
            break
    return np.array(handed, float)


# What is correct to the last bit everywhere; divisions and roots raise in Python's arithmetic.
OPERATIONS = {
    "+": (2, lambda a, b: a + b),
    "−": (2, lambda a, b: a - b),
    "·": (2, lambda a, b: a * b),
    "/": (2, lambda a, b: a / b),
    "√": (1, anp.sqrt),
    "| |": (1, anp.abs),
    "max": (2, lambda a, b: anp.where(a > b, a, b)),
    "?": (3, lambda a, b, c: anp.where(a < b, c, a * c)),
    "two": (1, lambda a: 0.0 * a + 2.0),
}


@st.composite
def recipes(draw, values, results):
    """Operations on the values before them, and which values are the results."""
    steps = []
    for known in range(values, values + draw(st.integers(1, 6))):
        name = draw(st.sampled_from(sorted(OPERATIONS)))
        places = [draw(st.integers(0, known - 1)) for _ in range(OPERATIONS[name][0])]
        steps.append((name, places))
    known = values + len(steps)
    return steps, [draw(st.integers(0, known - 1)) for _ in range(results)]


def cooked(recipe, values):
    steps, results = recipe
    known = list(values)
    for name, places in steps:
        known.append(OPERATIONS[name][1](*(known[place] for place in places)))
    return [known[place] for place in results]


NUMBERS = st.sampled_from(
    [0.0, -0.0, 1.0, -1.0, 0.5, 3.0, -2.5, 1e200, -1e-200, math.inf, math.nan]
)
NUMBERS = st.one_of(NUMBERS, st.floats(-10, 10))
ROUNDS = st.sampled_from([CAPACITY, 3.0, 2.9, 0.0, -1.0, 99.0, math.inf, math.nan])


def a_list(count):
    return st.lists(NUMBERS, min_size=count, max_size=count)


@settings(max_examples=40)
@given(recipes(5, 4), a_list(2), a_list(2 * CAPACITY), a_list(1), ROUNDS, a_list(3))
def test_a_scan_is_a_loop(recipe, start, inputs, fixed, rounds, others):
    """Two values handed on, two inputs, one fixed, two kept; alone, and three runs of a batch."""

    def body(*values):
        found = cooked(recipe, values)
        return found[:2], found[2:]

    def whole(*values):
        handed, kept = scan(body, values[:2], values[2:4], values[4], values[5:])
        return (anp.stack([*handed, *kept], axis=1),)

    inputs = np.array(inputs).reshape(2, CAPACITY)
    with np.errstate(all="ignore"):
        expected = plain_scan(body, start, inputs, rounds, fixed)
        runs = [plain_scan(body, (x, start[1]), inputs, rounds, fixed) for x in others]
    program = trace(whole, 1.0, 1.0, *inputs, 1.0, 1.0)
    assert [step.operation for step in program.instructions].count("scan") == 1
    for found in (
        whole(*start, *inputs, rounds, *fixed),
        program(*start, *inputs, float(rounds), *fixed),
        program.careful(*start, *inputs, rounds, *fixed),
    ):
        np.testing.assert_array_equal(found[0], expected)
    batch = trace(whole, np.ones(3), 1.0, *inputs, 1.0, 1.0)
    (found,) = batch(np.array(others), start[1], *inputs, float(rounds), *fixed)
    np.testing.assert_array_equal(found, np.stack(runs, axis=-1))


@settings(max_examples=40)
@given(recipes(3, 3), a_list(2), a_list(1), a_list(3), st.sampled_from([1, 2, 7]))
def test_a_repetition_is_a_loop(recipe, start, fixed, others, most):
    def body(*values):
        again, *handed = cooked(recipe, values)
        return again > 0.75, handed

    def whole(*values):
        return (anp.stack(repeat(body, values[:2], most, values[2:])),)

    with np.errstate(all="ignore"):
        expected = plain_repeat(body, start, most, fixed)
        runs = [plain_repeat(body, (x, start[1]), most, fixed) for x in others]
    program = trace(whole, 1.0, 1.0, 1.0)
    for found in (
        whole(*start, *fixed),
        program(*start, *fixed),
        program.careful(*start, *fixed),
    ):
        np.testing.assert_array_equal(found[0], expected)
    (found,) = trace(whole, np.ones(3), 1.0, 1.0)(np.array(others), start[1], *fixed)
    np.testing.assert_array_equal(found, np.stack(runs, axis=-1))


def test_runs_of_a_batch_end_in_rounds_of_their_own():
    ((x,), (y,)) = scan(
        lambda x, rate: ((x - rate,), (anp.sqrt(x),)),
        (np.array([[0.5], [2.0], [9.0]]),),
        (np.ones(4),),
        4,
    )
    assert x.shape == y.shape == (4, 3, 1)
    assert np.isnan(y[:, :, 0]).sum(axis=0).tolist() == [3, 1, 0]  # a run ends with its first NaN
    assert np.isnan(x[:, :, 0]).sum(axis=0).tolist() == [2, 0, 0]  # but that round still counts
    (found,) = repeat(
        lambda x, least: (x / 2 > least, (x / 2,)), (4.0,), 9, (np.array([3.0, 0.3]),)
    )
    assert found.tolist() == [2.0, 0.25]


def test_inputs_may_differ_for_the_runs_of_a_batch():
    rates = np.array([[1.0, 2.0], [3.0, 4.0]])
    ((x,), _) = scan(lambda x, rate: ((x + rate,), (x,)), (0.0,), (rates,), 2)
    assert x.tolist() == [[1.0, 2.0], [4.0, 6.0]]


# ── loops in loops ───────────────────────────────────────────────────────────────────────────────


def nested(x, y):
    """A repetition, a call and a derivative in every round of a scan, and a scan in a scan."""

    def body(x, rate, y):
        half, count = repeat(halved, (x, 0.0), 20, (y,))
        _, (inner,) = scan(lambda a, r, n: ((a * r,), (a + r * n,)), (half,), (RATES,), 2, (count,))
        slope = elementwise_grad(lambda v: v**3 + INNER(y, 2.0)[1] * v)(x)
        return (x - rate * slope,), (half, inner[1], x > 1.0)

    def halved(a, n, y):
        return (a > y) * (n < 2.0), (a / 2.0, n + 1.0)

    (x,), (half, inner, large) = scan(body, (x,), (RATES,), 3.0, (y,))
    return x, half, inner, large


def test_loops_hold_loops_and_calls():
    program = trace(nested, 1.0, 0.25, names=("x", "y"))
    for point in [(1.0, 0.25), (0.3, 0.1), (-2.0, 4.0)]:
        expected = plainly(nested, *point)
        for found in (program(*point), program.careful(*point)):
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_allclose(one, other, 1e-14)
    check_again(program, (1.0, 0.25), (900.0, -1.0))
    x, y = np.array([1.0, 0.3]), np.array([0.25, 0.1])
    batch = trace(nested, x, y)(x, y)
    for place in range(2):
        for one, other in zip(batch, program(x[place], y[place]), strict=True):
            np.testing.assert_allclose(one[:, place], other, 1e-14)


def test_truths_that_are_handed_on_count_as_numbers():
    def function(x):
        (n,), (more,) = scan(lambda n, r: ((n > 0.5,), (n + n,)), (x > 0,), (RATES,), 3)
        return n, more, repeat(lambda n: (n < 1.0, (n > 0.5,)), (x > 0,), 2)[0] + 1.0

    program, batch = trace(function, 1.0), trace(function, np.ones(1))
    assert [np.ravel(part).tolist() for part in program(2.0)] == [[1.0] * 3, [2.0] * 3, [2.0]]
    assert [np.ravel(part).tolist() for part in batch(np.ones(1))] == [[1.0] * 3, [2.0] * 3, [2.0]]


def test_a_round_that_python_refuses_is_made_by_numpy():
    """1/0 and the root of −1 are no end of a loop unless they are kept first."""

    def body(x, rate):
        return (x - rate,), (x, 1.0 / x, anp.sqrt(x))

    ((x,), (_, inverse, root)) = scan(body, (2.0,), (np.ones(5),), 5)
    assert x.tolist() == [1.0, 0.0, -1.0, -2.0, -3.0]
    assert inverse.tolist() == [0.5, 1.0, math.inf, -1.0, -0.5]
    assert np.isnan(root).tolist() == [False] * 3 + [True] * 2
    (x,) = repeat(lambda x: (1.0 / x > 0.0, (x - 1.0,)), (2.0,), 9)
    assert x == -2.0


def test_a_program_can_be_a_body():
    body = trace(lambda x, rate: (x - rate * x, x * x), 1.0, 1.0)
    assert scan(body, (1.0,), (RATES,), 3)[1][0].tolist() == pytest.approx([1, 0.81, 0.455625])
    with pytest.raises(ValueError, match="no body for 3 values"):
        scan(body, (1.0,), (RATES,), 3, (1.0,))
    with pytest.raises(ValueError, match=r"of the shape \(2,\)"):
        scan(body, (np.ones(2),), (RATES,), 3)


# ── as text, cleaned, and as data ────────────────────────────────────────────────────────────────


def shrinking(x, n):
    def body(x, rate, least):
        (small,) = repeat(lambda y, least: (y > least, (y / 2,)), (x,), 100, (least,))
        return (x - rate * small,), (x * x,)

    (there,), (values,) = scan(body, (x,), (RATES,), n, (2 * x,))
    return there[1], values


def test_a_loop_reads_as_a_loop():
    assert str(trace(shrinking, 3.0, 2.0, names=("x", "n"))).splitlines() == [
        "def round_0(y, least):",
        "    a = y > least",
        "    b = y / 2.0",
        "    return a, b",
        "",
        "",
        "def round_1(x, rate, least):",
        "    a = repeat(round_0, start=(x,), rounds=100, fixed=(least,))",
        "    b = a[0]",
        "    c = rate * b",
        "    d = x - c",
        "    e = x * x",
        "    return d, e",
        "",
        "",
        "def program(x, n):",
        "    a = 2.0 * x",
        "    b = scan(round_1, start=(x,), inputs=(<array 3>,), rounds=n, fixed=(a,))",
        "    c = b[:3, 0]",
        "    d = b[:3, 1]",
        "    e = c[1]",
        "    return e, d",
    ]


def test_equal_loops_are_one_step_and_dead_ones_none():
    def function(x, n):
        scan(lambda x, rate: ((x,), (x + rate,)), (x,), (RATES,), n)
        first, second = shrinking(x, n)
        return first + shrinking(1.0 * x, n)[0], second

    program = trace(function, 3.0, 2.0)
    assert wasted(program) == []
    assert [step.operation for step in program.instructions].count("scan") == 1


def test_programs_are_equal_where_their_loops_are():
    def of(body, rates=RATES, most=5):
        return trace(lambda x: (*scan(body, (x,), (rates,), 2)[1], *repeat(end, (x,), most)), 1.0)

    def end(x):
        return x > 1, (x / 2,)

    one, same = (of(lambda x, rate: ((x * rate,), (x,))) for _ in range(2))
    others = [
        of(lambda x, rate: ((rate * x,), (x,))),
        of(lambda x, rate: ((x * rate,), (x, x))),
        of(lambda x, rate: ((x * rate,), (x,)), RATES[:2]),
        of(lambda x, rate: ((x * rate,), (x,)), most=6),
    ]
    assert one == same
    assert hash(one) == hash(same)
    assert len({one, *others}) == 5


def test_loops_come_back_from_their_data():
    program = trace(shrinking, 3.0, 2.0, names=("x", "n"))
    check_again(program, (3.0, 2.0), (-1.0, 9.0), (math.nan, math.nan))
    data, numbers = program.as_data()
    (name, shape, how) = next(call for call in data["calls"] if call[0] == "scan")
    assert (name, shape) == ("scan", [3, 2])
    assert {key: how[key] for key in ("handed", "own", "capacity")} == {
        "handed": 1,
        "own": 1,
        "capacity": 3,
    }
    assert data["bodies"][how["body"]].keys() == {"inputs", "calls", "steps", "outputs"}
    back = Program.from_data(data, numbers)
    assert all(isinstance(dict(s.attributes).get("body", back), Program) for s in back.instructions)


def test_a_loop_of_constants_alone_is_no_step():
    assert (
        len(
            trace(
                lambda x: (x + scan(lambda a, r: ((a,), (a + r,)), (1.0,), (RATES,), 2)[1][0],), 1.0
            )
        )
        == 1
    )


def test_a_repetition_in_a_round_keeps_python_s_numbers():
    """Its results are only taken apart, so that no array is made of them."""
    program = trace(shrinking, 3.0, 2.0)
    body = next(dict(s.attributes)["body"] for s in program.instructions if s.operation == "scan")
    names = body.looped(1, 1).__code__.co_names
    assert any(name.startswith("repeat_") for name in names)
    assert not any(name.startswith("np_") for name in names)
    loops = next(dict(s.attributes)["body"] for s in body.instructions if s.operation == "repeat")
    whole = trace(lambda x: repeat(loops, (x,), 3, (2.0,)), 1.0)  # an array, where it is a result
    assert whole(5.0) == (0.625,)


# ── refused ──────────────────────────────────────────────────────────────────────────────────────


def over(a, body):
    return scan(body, (1.0,), (RATES,), 2)[1]


REFUSED = {
    "reads": (lambda a: over(a, lambda x, r: ((x * a,), (x,))), "reads a from outside"),
    "returns": (lambda a: over(a, lambda x, r: ((x,), (a,))), "reads a from outside"),
    "reads what is computed": (
        lambda a: (lambda b: over(a, lambda x, r: ((x - anp.sin(b) * r,), (x,))))(2 * a),
        "reads b from outside",
    ),
    "reads by another function": (
        lambda a: (lambda f: over(a, lambda x, r: ((f(x),), (x,))))(lambda x: x * a),
        "reads a traced value from outside",
    ),
    "reads in a condition": (
        lambda a: over(a, lambda x, r: ((anp.where(a > x, x, r),), (x,))),
        "reads a from outside",
    ),
    "a loop in it reads": (
        lambda a: over(a, lambda x, r: (repeat(lambda y: (y > x, (y / 2,)), (r,), 3), (x,))),
        "reads x from outside",
    ),
    "repeats what reads": (
        lambda a: repeat(lambda x: (x > a, (x / 2,)), (9.0,), 9),
        "reads a from outside",
    ),
    "is differentiated": (
        lambda a: (grad(lambda b: scan(lambda x, r: ((x,), (x,)), (b,), (RATES,), 2)[1][0][1])(a),),
        "no derivative: differentiate inside",
    ),
    "is differentiated by what it reads": (
        lambda a: (grad(lambda b: over(a, lambda x, r: ((x,), (x * b,)))[0][1])(a),),
        "no derivative: differentiate inside",
    ),
    "a repetition is differentiated": (
        lambda a: (grad(lambda b: repeat(lambda x, b: (x > b, (x / 2,)), (9.0,), 9, (b,))[0])(a),),
        "no derivative: differentiate inside",
    ),
    "branches": (
        lambda a: over(a, lambda x, r: ((x if x > 0 else r,), (x,))),
        "it decides by values",
    ),
    "is not in the table": (
        lambda a: over(a, lambda x, r: ((anp.sort(anp.array([x, r]))[0],), (x,))),
        "sort has no row in the table",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_would_freeze_is_refused_by_name(name):
    function, words = REFUSED[name]
    with pytest.raises(TracingError, match=words):
        trace(function, 1.0)


def test_outside_of_a_trace_a_loop_has_no_derivative_either():
    with pytest.raises(TracingError, match="no derivative"):
        grad(lambda b: scan(lambda x, r: ((x,), (x,)), (b,), (RATES,), 2)[1][0][1])(1.0)


SENSELESS = {
    "no start": (lambda: scan(lambda r: ((), (r,)), (), (RATES,), 2), "at least one value"),
    "no inputs": (lambda: scan(lambda x: ((x,), (x,)), (1.0,), (), 2), "a scan has inputs"),
    "a number": (lambda: scan(lambda x, r: ((x,), (x,)), (1.0,), (2.0,), 2), "has inputs, arrays"),
    "lengths": (
        lambda: scan(lambda x, r, q: ((x,), (x,)), (1.0,), (RATES, RATES[:2]), 2),
        "has inputs, arrays",
    ),
    "nothing kept": (lambda: scan(lambda x, r: ((x,), ()), (1.0,), (RATES,), 2), "keeps at least"),
    "hands on too much": (
        lambda: scan(lambda x, r: ((x, r), (x,)), (1.0,), (RATES,), 2),
        "is handed 1 values, and hands on 2",
    ),
    "several numbers of rounds": (
        lambda: scan(lambda x, r: ((x,), (x,)), (1.0,), (RATES,), np.ones(2)),
        "one number for all runs",
    ),
    "no rounds": (lambda: repeat(lambda x: (x > 1, (x,)), (1.0,), 0), "at least one round"),
    "nothing repeated": (lambda: repeat(lambda: (True, ()), (), 1), "at least one value"),
    "shapes": (
        lambda: scan(lambda x, r: ((x,), (x,)), (np.ones(2),), (np.ones((3, 4)),), 2),
        "could not be broadcast|shape mismatch",
    ),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_a_loop_that_makes_no_sense_is_refused(name):
    loop, words = SENSELESS[name]
    with pytest.raises(ValueError, match=words):
        loop()


def test_while_a_program_is_traced_no_rounds_are_made():
    """A thousand rounds of a batch would cost more than the tracing itself."""
    seen = []
    body = trace(lambda x, rate: (x - rate, x), np.ones(2), np.ones(2))

    class Counting(Program):
        def __call__(self, *values):
            seen.append(values)
            return super().__call__(*values)

    counting = Counting(body.names, body.shapes, body.instructions, body.outputs)
    program = trace(lambda x: scan(counting, (x,), (np.ones(9),), 9)[1], np.ones(2))
    assert seen == []
    assert program(np.ones(2))[0][:, 0].tolist() == [1.0 - k for k in range(9)]
    assert len(seen) == 9


# ── whole arrays ─────────────────────────────────────────────────────────────────────────────────


def _line_step(w, b, rate, damped, x, y):
    errors = w * x + b - y
    slopes = 2 * anp.mean(errors * x), 2 * anp.mean(errors)
    return (w - rate * damped * slopes[0], b - rate * damped * slopes[1]), (anp.mean(errors**2),)


def _line_fit(w, b, rounds, damped, x, y):
    (w, b), (loss,) = scan(_line_step, (w, b), (np.full(6, 0.05),), rounds, (damped,), whole=(x, y))
    return w, b, loss


def test_a_scan_is_handed_whole_arrays_as_they_are():
    x, y = np.arange(5.0), np.array([1.0, 2.5, 5.5, 7.0, 9.0])
    program = trace(_line_fit, 0.0, 0.0, 3.0, 1.0, x, y)
    copy = Program.from_data(*program.as_data())
    for other in (y, y[::-1].copy()):
        w, b, losses = 0.0, 0.0, []
        for _ in range(4):
            (w, b), (loss,) = _line_step(w, b, 0.05, 0.5, x, other)
            losses.append(loss)
        for found in (program, copy, lambda *given: _line_fit(*given)):
            ws, bs, own = found(0.0, 0.0, 4.0, 0.5, x, other)
            np.testing.assert_allclose([ws[3], bs[3]], [w, b], rtol=1e-14)
            np.testing.assert_allclose(own[:4], losses, rtol=1e-14)
            assert np.isnan(own[4:]).all()
            assert np.isnan(ws[4:]).all()


def test_a_scan_over_whole_arrays_ends_where_what_it_keeps_is_not_finite():
    x = np.ones(3)
    (values,), (kept,) = scan(
        lambda v, _, data: ((v * 1e200,), (v * anp.sum(data),)),
        (1.0,),
        (np.zeros(6),),
        6,
        whole=(x,),
    )
    assert kept[:2].tolist() == [3.0, 3e200]
    assert kept[2] == np.inf
    assert np.isnan(kept[3:]).all()
    assert np.isnan(values[3:]).all()


def test_a_scan_that_is_handed_whole_arrays_has_no_batch():
    with pytest.raises(ValueError, match="no batch"):
        scan(lambda v, _, data: ((v,), (v,)), (np.ones(2),), (np.zeros(3),), 3, whole=(np.ones(4),))
