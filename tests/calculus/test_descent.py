"""Whole descents: any function and setting, batches, noise, and what is traced how often."""

import gc
import math
import weakref
from functools import cache

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradwidgets import Trajectory, descend
from gradwidgets.calculus import replay
from gradwidgets.calculus.callables import DerivativeError
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.verdict import WORDS
from tests.calculus.trees import formulas

BOWL = "x**2 + 10*y**2"
PLANAR = [name for name, example in catalog.items() if len(example.variables) == 2]
field_of = cache(ScalarField)
STATES = {name: method.state for name, method in methods.items()}


def check(run, steps):
    """What holds for every single run."""
    count = len(run)
    assert isinstance(run, Trajectory)
    assert count <= steps
    assert run.points.shape == run.gradients.shape == (count + 1, len(run.field.variables))
    assert (run.values.shape, run.step_sizes.shape) == ((count + 1,), (count,))
    assert np.isfinite(run.points).all()
    assert np.isfinite(run.values[:-1]).all()
    assert np.isfinite(run.gradients[:-1]).all()
    assert np.isfinite(run.step_sizes).all()
    assert run.ended == (count < steps or not np.isfinite(run.values[-1]))
    assert tuple(run.state) == STATES[run.method]
    for part in run.state.values():
        assert part.shape == (count, run.points.shape[1])
    assert run.evaluations > count
    check_verdict(run)


def check_verdict(run):
    assert run.verdict in set(WORDS.values())
    assert run.why == run.judgement.why
    assert run.why.endswith(".")
    assert not any(mark in run.why for mark in ("{", "}", "nan", "inf", "None"))
    if run.judgement.reason != "nowhere":
        assert not np.isnan(run.judgement.numbers).any()


# ── any function, any setting ────────────────────────────────────────────────────────────────────

rates = st.floats(-3, 3).map(lambda exponent: 10.0**exponent)
places = st.tuples(*[st.floats(-4, 4)] * 2)
slow = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(formulas(), places, rates)
def test_whatever_the_function_every_method_gives_a_trajectory(text, start, rate):
    try:
        field = ScalarField(text, variables=("x", "y"))
    except FormulaError:  # a tree without a value anywhere
        return
    for method in methods:
        run = descend(field, start, rate, 30, method)
        check(run, 30)
        check_steps(run)


def check_steps(run):
    """Each step is the one that the recorded slopes, sizes and state make."""
    made = np.diff(run.points, axis=0)
    scale = np.maximum(np.abs(run.points[1:]), np.abs(run.points[:-1]))
    with np.errstate(all="ignore"):
        expected = moves(run)
        wrong = np.abs(made - expected) > 1e-9 * (scale + np.abs(expected)) + 1e-300
    assert not (wrong & np.isfinite(expected)).any()


def moves(run):
    slopes, sizes, state = run.gradients[:-1], run.step_sizes[:, None], run.state
    parameters = run.parameters
    if run.method == "newton":
        hessians = [run.field.hessian(point) for point in run.points[:-1]]
        found = [
            np.linalg.solve(h, g) if np.linalg.cond(h) < 1e7 else g * np.nan
            for h, g in zip(hessians, slopes, strict=True)
        ]
        return -sizes * np.array(found).reshape(slopes.shape)
    if run.method == "momentum":
        return -sizes * state["velocity"]
    if run.method == "nesterov":
        return -sizes * (slopes + parameters["momentum"] * state["velocity"])
    if run.method in ("adagrad", "rmsprop"):
        return -sizes * slopes / (np.sqrt(state["squares"]) + parameters["epsilon"])
    if run.method == "adam":
        times = np.arange(1, len(run) + 1)[:, None]
        mean = state["mean"] / (1 - parameters["beta1"] ** times)
        spread = np.sqrt(state["squares"] / (1 - parameters["beta2"] ** times))
        return -sizes * mean / (spread + parameters["epsilon"])
    return -sizes * slopes


@slow
@given(formulas(), places, rates, st.sampled_from(list(schedules)), st.floats(0, 3))
def test_with_noise_and_schedules_too(text, start, rate, schedule, noise):
    field = ScalarField(text, variables=("x", "y"))
    for method in methods:
        check(descend(field, start, rate, 12, method, noise=noise, schedule=schedule), 12)


HARD = {
    "a logarithm": ("log(x)", 1.0),
    "a pole": ("1/x", -1.0),
    "poles": ("1/(x*y)", (1.0, -0.5)),
    "overflow": ("exp(x**2)", 3.0),
    "quick overflow": ("exp(exp(x))", 4.0),
    "a tower": ("exp(x**4 + y**4)", (2.0, 2.0)),
    "a constant": ("5", (1.0, 1.0)),
    "a plane": ("x - 2*y", (1.0, 1.0)),
    "no value": ("log(-1 - x**2)", 1.0),
    "no value at the start": ("sqrt(x)", -1.0),
    "a cone": ("sqrt(x**2 + y**2)", (1.0, 0.0)),
    "the tip of a cone": ("sqrt(x**2 + y**2)", (0.0, 0.0)),
    "a vertical slope": ("sqrt(x)", 0.0),
    "stairs": ("floor(x) + x", 0.5),
    "a jump": ("where(x > 0, x, 5)", 0.3),
    "a trough": ("x**2 + 0*y", (1.0, 1.0)),
    "three variables": (catalog["ellipsoid"].text, (1, -1, 0.5)),
    "three singular variables": ("x**2 + y**2 + 0*z", (1, -1, 0.5)),
    "no minimum": ("x**3 - 3*x*y**2", (0.6, 0.6)),
    "enormous": ("1e200*x**2", 1.0),
    "tiny": ("1e-200*x**2", 1.0),
    "huge place": ("x**2", 1e200),
    "a power": ("abs(x)**0.3", 1.0),
}


@pytest.mark.parametrize("method", methods)
@pytest.mark.parametrize("name", HARD)
def test_hard_functions_never_raise(name, method):
    text, start = HARD[name]
    field = field_of(text)
    for rate in (None, 1e-3, 1e3, 1e300, 0.0, -0.1):
        check(descend(field, start, rate, 25, method), 25)
    for steps in (0, 1, 2):
        check(descend(field, start, 1.0, steps, method), steps)


def partly(x, y):
    if x < 0:
        raise ValueError("no value")
    return x**1.5 + y**2


def divides(x):
    return x * x if x > 1 else 1.0 / 0.0 if x < -1 else abs(x)


CALLABLES = {
    "raises in part": (partly, (1.0, 1.0)),
    "raises at the start": (partly, (-1.0, 1.0)),
    "branches": (lambda x, y: x * y if x > y else x * x + y * y, (1.0, 0.5)),
    "divides by zero": (divides, 1.5),
    "turns a vector": (lambda x, y: anp.sum(anp.array([x, y]) ** 2), (1.0, 1.0)),
    "takes a loop": (lambda x: sum(x**n for n in range(5)), 1.0),
}


@pytest.mark.parametrize("method", methods)
@pytest.mark.parametrize("name", CALLABLES)
def test_callables_never_raise_for_want_of_a_value(name, method):
    function, start = CALLABLES[name]
    for rate in (None, 0.3, 50.0):
        check(descend(field_of(function), start, rate, 25, method), 25)


def test_a_callable_s_own_error_is_its_own():
    def function(x):
        if x < 0:
            raise IndexError("its own")
        return x * x

    with pytest.raises(IndexError, match="its own"):
        descend(function, 1.0, 0.6)


def without_derivative(x):
    return x**2 if x > 0.5 else float(x)


@pytest.mark.parametrize("start", [0.2, 1.0, [[0.2]], [[1.0], [2.0]]])
def test_a_callable_without_derivative_is_an_error_at_once_or_where_it_shows(start):
    with pytest.raises(
        DerivativeError, match=r"without_derivative: float\(\) takes the number away"
    ):
        descend(without_derivative, start, 0.2)
    with pytest.raises(DerivativeError):
        descend(lambda x: math.sin(x), start, 0.1, 0)


# ── arguments ────────────────────────────────────────────────────────────────────────────────────

SENSELESS = [
    ({"start": (math.nan, 1)}, ValueError, "finite"),
    ({"start": (math.inf, 1)}, ValueError, "finite"),
    ({"start": (1,)}, ValueError, r"2 coordinates \(x, y\), not 1"),
    ({"start": (1, 2, 3)}, ValueError, "2 coordinates"),
    ({"start": 1.0}, ValueError, "2 coordinates"),
    ({"start": {"x": 1}}, ValueError, "names each of"),
    ({"start": "here"}, ValueError, "could not convert"),
    ({"start": np.zeros((0, 2))}, ValueError, "at least one"),
    ({"rate": []}, ValueError, "at least one"),
    ({"rate": math.nan}, ValueError, "finite"),
    ({"rate": [0.1, math.inf]}, ValueError, "finite"),
    ({"rate": lambda time: math.inf}, ValueError, "finite"),
    ({"rate": [[0.1, 0.2]] * 2, "start": [[1, 1]] * 3}, ValueError, "make no batch"),
    ({"method": "sgd"}, ValueError, "one of gradient descent, momentum"),
    ({"method": None}, ValueError, "one of gradient descent"),
    ({"schedule": "linear"}, ValueError, "one of constant, step, 1/t, exponential, cosine"),
    ({"schedule": lambda time: math.nan}, ValueError, "finite"),
    ({"momentum": 0.9}, TypeError, "has no 'momentum'"),
    ({"method": "momentum", "momentum": 1.0}, ValueError, "between 0 and 0.999"),
    ({"method": "adam", "epsilon": -1e-8}, ValueError, "between 0 and 1"),
    ({"method": "backtracking", "contraction": 1.0}, ValueError, "between 0.01 and 0.99"),
    ({"steps": -1}, ValueError, "between 0 and 1000000, not -1"),
    ({"steps": 1_000_001}, ValueError, "between 0 and"),
    ({"steps": 1.5}, TypeError, "whole number, not 1.5"),
    ({"steps": True}, TypeError, "whole number"),
    ({"noise": -0.1}, ValueError, "noise and tolerance"),
    ({"noise": math.nan}, ValueError, "noise and tolerance"),
    ({"tolerance": -1e-6}, ValueError, "noise and tolerance"),
    ({"tolerance": math.inf}, ValueError, "noise and tolerance"),
]


@pytest.mark.parametrize(("given", "error", "told"), SENSELESS)
def test_what_makes_no_sense_is_refused(given, error, told):
    with pytest.raises(error, match=told):
        descend(BOWL, **{"start": (2, 1), **given})


def test_a_start_has_many_forms():
    usual = descend(BOWL, (2, 1), 0.03, 5).points
    for start in ([2, 1], np.array([2, 1]), {"y": 1, "x": 2}, (np.float32(2), np.int64(1))):
        assert np.array_equal(descend(BOWL, start, 0.03, 5).points, usual)
    one = descend("x**2", 1.5, 0.1, 3).points
    for start in (1.5, (1.5,), [1.5], np.array(1.5), {"x": 1.5}):
        assert np.array_equal(descend("x**2", start, 0.1, 3).points, one)


def test_a_run_knows_how_it_was_asked_for():
    field = ScalarField(BOWL)
    run = descend(field, (2, 1), steps=np.int64(7), method="adam", beta1=0.5, noise=0.1)
    assert run.field is field
    assert (run.method, run.noise, run.tolerance) == ("adam", 0.1, 1e-6)
    assert run.parameters == {"beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
    assert (run.step_sizes == methods["adam"].rate).all()


def test_a_start_is_not_changed():
    start = np.array([[2.0, 1.0], [1.0, 1.0]])
    descend(BOWL, start, 0.03, 5).points[:] = 0
    descend(BOWL, start[0], 0.03, 5).points[:] = 0
    assert start.tolist() == [[2.0, 1.0], [1.0, 1.0]]


# ── learning rates over time ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", schedules)
def test_a_schedule_scales_the_rate(name):
    run = descend(BOWL, (2, 1), 0.04, 20, schedule=name)
    expected = [0.04 * schedules[name](time, 20) for time in range(20)]
    assert run.step_sizes == pytest.approx(expected, rel=1e-15)
    check_steps(run)


def test_rates_and_factors_may_be_functions_of_time():
    rate = descend(BOWL, (2, 1), lambda time: 0.04 / (1 + time), 20)
    factor = descend(BOWL, (2, 1), 0.04, 20, schedule=lambda time: 1 / (1 + time))
    named = descend(BOWL, (2, 1), 0.04, 20, schedule="1/t")
    both = descend(BOWL, (2, 1), lambda time: 0.04, 20, schedule="1/t")
    for run in (rate, factor, both):
        assert run.step_sizes == pytest.approx(named.step_sizes, rel=1e-15)
        assert run.points == pytest.approx(named.points, rel=1e-13)
    assert named.step_sizes[3] == 0.01


@pytest.mark.parametrize("method", [m for m in methods if m not in ("backtracking",)])
def test_each_step_has_its_own_rate(method):
    """Runs under a step schedule are, until it steps, those with the constant rate."""
    scheduled = descend(BOWL, (2, 1), 0.04, 8, method, schedule="step")
    constant = descend(BOWL, (2, 1), 0.04, 8, method)
    assert np.array_equal(scheduled.points[:3], constant.points[:3])
    assert method == "exact line search" or scheduled.points[3, 0] != constant.points[3, 0]


# ── batches ──────────────────────────────────────────────────────────────────────────────────────

STARTS = np.array([(2.0, 1.0), (-1.0, 0.5), (0.3, -2.0), (0.0, 0.0)])
SHAPES = [  # start, rate, the shape of the batch
    (STARTS, 0.03, (4,)),
    (STARTS[:1], 0.03, (1,)),
    (STARTS[0], [0.01, 0.03, 0.2], (3,)),
    (STARTS[0], [0.03], (1,)),
    (STARTS, [0.01, 0.02, 0.03, 0.2], (4,)),
    (STARTS[:, None], [0.01, 0.03, 0.2], (4, 3)),
    (STARTS.reshape(2, 2, 2), 0.03, (2, 2)),
    (STARTS.reshape(2, 1, 2, 2), np.array([[0.01], [0.2], [0.3]]), (2, 3, 2)),
]


@pytest.mark.parametrize(
    ("start", "rate", "shape", "method"),
    [
        *((*one, method) for one in SHAPES for method in ("gradient descent", "momentum")),
        *((*SHAPES[5], method) for method in list(methods)[2:]),
    ],
)
def test_a_batch_has_the_shape_of_its_starts_and_rates(start, rate, shape, method):
    field = field_of(BOWL)
    batch = descend(field, start, rate, 6, method)
    assert len(batch) == 6
    assert batch.points.shape == batch.gradients.shape == (*shape, 7, 2)
    assert batch.values.shape == (*shape, 7)
    assert batch.step_sizes.shape == (*shape, 6)
    assert {part.shape for part in batch.state.values()} <= {(*shape, 6, 2)}
    assert np.shape(batch.verdict) == np.shape(batch.why) == shape
    starts = np.broadcast_to(start, (*shape, 2))
    rates = np.broadcast_to(rate, shape)
    for place in np.ndindex(shape):
        alike(batch[place], descend(field, starts[place], float(rates[place]), 6, method))
        assert (batch.verdict[place], batch.why[place]) == (batch[place].verdict, batch[place].why)


def alike(one, other, tolerance=1e-12):
    """Two single runs are the same."""
    assert len(one) == len(other)
    assert (one.ended, one.method, one.parameters) == (other.ended, other.method, other.parameters)
    for name in ("points", "values", "gradients", "step_sizes"):
        close(getattr(one, name), getattr(other, name), tolerance)
    for name in one.state:
        close(one.state[name], other.state[name], tolerance)


def close(one, other, tolerance):
    assert one.shape == other.shape
    with np.errstate(all="ignore"):
        same = np.abs(one - other) <= tolerance * np.maximum(1.0, np.abs(other))
    assert (same | (one == other) | (np.isnan(one) & np.isnan(other))).all()


UNLIKE = {  # functions whose runs end at different times
    "a bowl": (BOWL, [(2, 1), (0, 0), (-3, 2)], [0.03, 0.05, 0.2]),
    "a logarithm": ("log(x) + y**2", [(1, 1), (-1, 1), (2.5, 0)], [0.1, 0.4, 2.0]),
    "a root": ("x*log(x) + y**2", [(1, 1), (0.2, 1), (2, 0)], [0.05, 0.3, 1.0]),
    "no bottom": ("x**3 - 3*x*y**2", [(0.6, 0.6), (0, 0), (0.6, 0)], [0.05, 0.3, 2.0]),
    "overflow": ("exp(x**2) + y", [(0.5, 0), (3, 0), (0, 0)], [0.1, 0.5, 1.0]),
    "wells": ("(x**2 - 1)**2 + y**2", [(0.1, 1), (-0.1, 1), (0, 0)], [0.1, 0.4, 0.8]),
    "a kink": ("abs(x) + y**2", [(1, 1), (0.3, 0), (0, 0)], [0.1, 0.25, 0.5]),
    "a branch": (lambda x, y: x * x + y if x > 0 else y * y - x, [(1, 1), (-1, 2)], [0.1, 0.6]),
    "a vector": (lambda x, y: anp.sum(anp.array([x, y, x * y]) ** 2), [(1, 1), (9, 9)], [0.1, 1]),
    "part": (partly, [(1, 1), (-1, 1), (0.1, 2)], [0.05, 0.2, 0.8]),
}


def rotated(names):
    """Every name with gradient descent and with three more methods, each method with its share."""
    others = [method for method in methods if method != "gradient descent"]
    for place, name in enumerate(names):
        yield name, "gradient descent"
        yield from ((name, others[(3 * place + k) % len(others)]) for k in range(3))


@pytest.mark.parametrize(("name", "method"), list(rotated(UNLIKE)))
def test_every_run_of_a_batch_is_the_single_run(name, method):
    source, starts, rates = UNLIKE[name]
    field = field_of(source)
    batch = descend(field, np.array(starts, float)[:, None], rates, 25, method)
    lengths = set()
    for i, start in enumerate(starts):
        for j, rate in enumerate(rates):
            alone, run = descend(field, start, rate, 25, method), batch[i, j]
            # Chaos and overflow magnify numpy's and Python's different last digits.
            known = np.abs(alone.values) < 1e9
            assert len(run) == len(alone)
            alike(cut(run, known), cut(alone, known), 1e-9)
            assert run.verdict == alone.verdict
            assert np.isnan(batch.points[i, j, len(run) + 1 :]).all()
            assert np.isnan(batch.values[i, j, len(run) + 1 :]).all()
            assert np.isnan(batch.gradients[i, j, len(run) + 1 :]).all()
            assert np.isnan(batch.step_sizes[i, j, len(run) :]).all()
            lengths.add(len(run))
    early = ("a logarithm", "a root", "no bottom", "overflow", "part")
    assert name not in early or method != "gradient descent" or len(lengths) > 1


def cut(run, known):
    """The beginning of a run, as long as its values are known."""
    count = len(known) if known.all() else int(np.argmin(known))
    sizes = run.step_sizes[: max(count - 1, 0)]
    parts = {name: getattr(run, name)[:count] for name in ("points", "values", "gradients")}
    state = {name: part[: len(sizes)] for name, part in run.state.items()}
    made = {**run.__dict__, **parts, "step_sizes": sizes, "state": state}
    return Trajectory(**{name: made[name] for name in Trajectory.__dataclass_fields__})


@pytest.mark.parametrize("method", methods)
def test_noise_is_the_same_for_all_runs_of_a_batch_and_for_the_single_run(method):
    rates = [0.01, 0.03]
    batch = descend(BOWL, (2, 1), rates, 20, method, noise=0.5, seed=3, schedule="cosine")
    for place, rate in enumerate(rates):
        alone = descend(BOWL, (2, 1), rate, 20, method, noise=0.5, seed=3, schedule="cosine")
        alike(batch[place], alone)


def test_a_run_is_taken_out_of_a_batch_by_its_place():
    batch = descend(BOWL, STARTS.reshape(2, 2, 2), 0.03, 5)
    assert np.array_equal(batch[1, 0].points, batch.points[1, 0])
    assert np.array_equal(batch[-1, -1].points, batch.points[1, 1])
    with pytest.raises(IndexError, match="2 numbers"):
        batch[0]
    with pytest.raises(IndexError):
        batch[0, 7]
    with pytest.raises(TypeError, match="single run"):
        batch[0, 0][0]
    assert [run.verdict for run in descend(BOWL, STARTS, 0.03, 5)] == ["converging"] * 3 + [
        "converged"
    ]


class Counted:
    """x² + 10y², which can't be traced, and which counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x, y):
        self.calls += 1
        return x * x + 10 * y * y


@pytest.mark.parametrize("method", methods)
def test_a_batch_calls_its_function_as_often_as_one_run_does(method):
    function = Counted()
    field = ScalarField(function)
    assert not field.traced

    def calls(count):
        before = function.calls
        starts = np.random.default_rng(0).normal(size=(count, 2))
        descend(field, starts, 0.03, 10, method)
        return function.calls - before

    few, many = calls(2), calls(300)
    if method in ("backtracking", "exact line search"):
        assert many < 5 * few  # until the last run's search is done
    else:
        assert many == few <= 14


@pytest.mark.parametrize("method", methods)
def test_evaluations_are_the_calls_of_the_function(method):
    function = Counted()
    field = ScalarField(function)
    field.gradient((1, 1)), field.hessian((1, 1))
    before = function.calls
    run = descend(field, (2, 1), 0.03, 10, method)
    beside = 2 if method == "newton" else 1  # a look whether there are derivatives
    assert function.calls - before - beside == run.evaluations
    if method not in ("backtracking", "exact line search"):
        assert run.evaluations == 11


# ── against a loop by hand ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "function", "rate"),
    [
        ("bowl", lambda x, y: x**2 + 10 * y**2, 0.01),
        ("rosenbrock", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, 0.0005),
        ("himmelblau", lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, 0.005),
    ],
)
def test_a_thousand_steps_are_those_of_a_loop_of_autograd(name, function, rate):
    example, slope = catalog[name], grad(lambda p: function(p[0], p[1]))
    place = np.array(example.start, float)
    points = [place]
    for _ in range(1000):
        place = place - rate * slope(place)
        points.append(place)
    for source in (example.field, function):
        run = descend(source, example.start, rate, 1000)
        assert np.max(np.abs(run.points - points)) < 1e-9
        assert np.max(np.abs(run.gradients - [slope(point) for point in points])) < 1e-7
        assert run.values == pytest.approx([function(*point) for point in points], abs=1e-9)


@pytest.mark.parametrize("method", methods)
def test_a_traced_run_is_the_plain_run(method):
    """A class is not traced, a formula is."""
    plain = descend(Counted(), (2, 1), 0.02, 40, method)
    traced = descend(BOWL, (2, 1), 0.02, 40, method)
    assert (plain.field.traced.yes, traced.field.traced.yes) == (False, True)
    close(plain.points, traced.points, 1e-12)
    close(plain.values, traced.values, 1e-12)
    assert plain.verdict == traced.verdict


# ── noise, and progress ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", methods)
def test_a_seed_chooses_the_noise(method):
    first, again, other = (
        descend(BOWL, (2, 1), 0.02, 30, method, noise=0.3, seed=seed).points for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, descend(BOWL, (2, 1), 0.02, 30, method).points)


def test_noise_is_normal_and_in_the_steps_but_not_in_the_gradients_recorded():
    run = descend(BOWL, (2, 1), 0.02, 4000, noise=0.5, seed=7)
    errors = -np.diff(run.points, axis=0) / 0.02 - run.gradients[:-1]
    assert np.std(errors) == pytest.approx(0.5, rel=0.02)
    assert np.mean(errors) == pytest.approx(0, abs=0.02)
    assert run.gradients == pytest.approx(run.points * (2, 20), abs=1e-12)
    # ⟨y²⟩ in the long run: ασ²/(λ(2 − αλ)).
    expected = 0.02 * 0.5**2 / (20 * (2 - 0.02 * 20))
    assert np.mean(run.points[500:, 1] ** 2) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("start", [(2, 1), [(2, 1), (1, 1)]])
@pytest.mark.parametrize("steps", [0, 1, 50, 51, 333])
def test_progress_is_told_in_rising_numbers(start, steps):
    told = []
    descend(BOWL, start, 0.02, steps, told=lambda done, total: told.append((done, total)))
    counts = [done for done, _ in told]
    assert counts == sorted(set(counts))
    assert {total for _, total in told} == {steps}
    assert counts[0] == 0
    assert counts[-1] == steps
    assert max(np.diff(counts), default=0) <= 50


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, ValueError, ZeroDivisionError])
@pytest.mark.parametrize("start", [(2, 1), [(2, 1), (1, 1)]])
@pytest.mark.parametrize("when", [0, 50, 200])
def test_what_is_raised_on_being_told_passes_through(error, start, when):
    def told(done, total):
        if done == when:
            raise error("enough")

    with pytest.raises(error, match="enough"):
        descend(BOWL, start, 0.02, 200, told=told)


# ── programs and memory ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def traced(monkeypatch):
    """The names of the inputs of every program that is traced."""
    names = []

    def recorded(*args, **kwargs):
        names.append(kwargs["names"])
        return trace(*args, **kwargs)

    monkeypatch.setattr(replay, "trace", recorded)
    return names


@pytest.mark.parametrize("source", [BOWL, lambda x, y: x * x + 10 * y * y])
@pytest.mark.parametrize("method", methods)
def test_a_field_s_step_is_traced_once(traced, source, method):
    field = ScalarField(source)
    for rate in (0.01, 0.02):
        for steps in (3, 10):
            descend(field, (2, 1), rate, steps, method, noise=0.1, schedule="cosine")
    first = list(traced)
    assert len(first) <= 4  # f; its slopes; for Newton its Hessian; and the step
    descend(field, (1, 1), 0.5, 20, method, seed=2)
    assert traced == first


@pytest.mark.parametrize("method", methods)
def test_a_batch_s_step_is_traced_once_for_a_shape(traced, method):
    field = ScalarField(BOWL)
    for _ in range(
        2
    ):  # the look at the last place is one call, and arrays are traced at the second
        descend(field, STARTS, 0.02, 5, method)
    first = list(traced)
    for rate in (0.01, 0.02):
        descend(field, STARTS, rate, 10, method)
    assert traced == first
    assert len(first) <= 6


@pytest.mark.parametrize("source", [BOWL, Counted, lambda x, y: anp.exp(x * y)])
def test_nothing_holds_a_field_after_its_descent(source):
    held = {}
    for method in methods:
        field = ScalarField(source() if source is Counted else source)
        run = descend(field, (2, 1), 0.02, 10, method)
        batch = descend(field, STARTS, 0.02, 10, method)
        assert run.verdict
        assert batch.verdict.shape == (4,)
        held[method] = weakref.ref(field)
    del field, run, batch
    gc.collect()
    assert [method for method, field in held.items() if field() is not None] == []


def test_a_change_outside_a_callable_shows_in_the_next_descent():
    names = {"k": 2.0}
    exec("f = lambda x: k * x**2", names)
    field = ScalarField(names["f"])
    before = descend(field, 1.0, 0.1, 3).points
    names["k"] = 3.0
    after = descend(field, 1.0, 0.1, 3).points
    assert before[:, 0] == pytest.approx(0.6 ** np.arange(4))
    assert after[:, 0] == pytest.approx(0.4 ** np.arange(4))


@pytest.mark.parametrize("name", PLANAR)
@pytest.mark.parametrize("method", methods)
def test_the_catalogue_descends_from_its_starts(name, method):
    example = catalog[name]
    run = descend(example.field, example.start, steps=60, method=method)
    check(run, 60)
    check_steps(run)


def test_slopes_neither_overflow_nor_vanish():
    for scale in (1e200, 1e-200):
        run = descend(ScalarField(f"{scale!r}*(3*x - 4*y)"), (0.5, 0.5), 1e-3 / scale, 3)
        np.testing.assert_allclose(run.slopes, 5 * scale, rtol=1e-15)
    line = descend("-2*x", (1.0,), [[0.1], [0.2]], 4)
    np.testing.assert_array_equal(line.slopes, np.full((2, 1, 5), 2.0))
