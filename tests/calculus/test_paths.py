"""Descents as part of a program: the same numbers as `descend`, to the last bit."""

import math

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.paths import last_value, path
from gradwidgets.calculus.program import TracingError, trace
from gradwidgets.calculus.rules import complete, methods
from tests.calculus.program.test_data import check_again

STEPS = 30


def program_of(field, method, steps=STEPS, noise=0.0, shape=()):
    """Of start, rate, number of steps and the method's parameters."""
    count = len(field.variables)

    def picture(*values):
        start, rate, rounds, *given = values[:count], *values[count:]
        found = path(
            field.function,
            method,
            dict(zip(methods[method].parameters, given, strict=True)),
            start,
            anp.reshape(rate, (*np.shape(rate), 1)) * np.ones(steps),
            noise * np.random.default_rng(0).standard_normal((steps, count)),
            rounds,
        )
        return (*found[:4], *found.state.values())

    coordinates = [np.full(shape, x) if shape else x for x in field.middle]
    return trace(picture, *coordinates, coordinates[0], 3.0, *complete(method, {}).values())


def parts(run):
    return (run.points, run.values, run.gradients, run.step_sizes, *run.state.values())


def same(found, run, close=0.0):
    """The run's numbers, and NaN behind its end."""
    for each, expected in zip(found, parts(run), strict=True):
        length = len(expected)
        if close:
            np.testing.assert_allclose(each[:length], expected, close, close)
        else:
            np.testing.assert_array_equal(each[:length], expected)
        assert np.isnan(each[length:]).all()


@pytest.mark.parametrize("turn", range(9))
def test_a_path_has_the_numbers_of_descend(turn):
    """Every function of the catalogue by a third of the methods, each method on many of them."""
    for place, example in enumerate(catalog.values()):
        method = list(methods)[(turn + 4 * place) % 9]
        if (turn + place) % 3:
            continue
        field, given = example.field, complete(method, {})
        program = program_of(field, method)
        for share, shift in [(1.0, 0.0), (0.1, 0.3), (3.0, -0.7)]:
            start = [x + shift for x in example.start]
            rate = share * methods[method].rate
            found = program(*map(float, start), rate, float(STEPS), *given.values())
            # For three variables descend asks LAPACK.
            close = 1e-12 if (method, len(start)) == ("newton", 3) else 0.0
            same(found, descend(field, start, rate, STEPS, method), close)


ENDING = {
    "to infinity": ("x**4 + y**2", (3.0, 1.0), 1.0, "gradient descent"),
    "out of its domain": ("log(x) + y**2", (0.5, 1.0), 0.4, "gradient descent"),
    "momentum to infinity": ("x**2 - exp(y)", (1.0, 2.0), 0.5, "momentum"),
    "a root": ("sqrt(x) + y**2", (0.1, 1.0), 0.3, "nesterov"),
    "singular": ("(x - y)**2", (1.0, 2.0), 1.0, "newton"),
    "singular on the way": ("x**3 + y**2", (1.0, 2.0), 1.0, "newton"),
    "singular at one variable": ("x**3", (0.0,), 1.0, "newton"),
    "a slope that never ends": ("-x - y", (0.0, 0.0), 1.0, "exact line search"),
    "no slope": ("floor(x) + 0*y", (0.5, 0.0), 1.0, "exact line search"),
    "steps over a pole": ("1/(x - 2) + x**2 + y**2", (2.5, 1.0), 5.0, "exact line search"),
    "into a tip": ("sqrt(abs(x)) + 0*y", (1.0, 1.0), 0.1, "exact line search"),
    "into a pole": ("1/x", (-1.0,), 0.1, "exact line search"),
    "nothing is enough": ("abs(x) + 0*y", (0.0, 0.0), 1.0, "backtracking"),
    "backtracking from outside": ("-log(x) + x + y**2", (0.2, 3.0), 9.0, "backtracking"),
    "uphill rates": ("x**2 + y**2", (1.0, 1.0), -0.3, "backtracking"),
    "a rate of zero": ("x**2 + 3*y**2", (1.0, 1.0), 0.0, "exact line search"),
}


@pytest.mark.parametrize("name", ENDING)
def test_a_path_ends_as_a_run_does(name):
    text, start, rate, method = ENDING[name]
    field = ScalarField(text, variables="xy"[: len(start)])
    given = complete(method, {})
    program = program_of(field, method)
    run = descend(field, start, rate, STEPS, method)
    same(program(*start, rate, float(STEPS), *given.values()), run)
    same(program.careful(*start, rate, float(STEPS), *given.values()), run, 1e-9)


@pytest.mark.parametrize("steps", [0.0, 1.0, 7.9, 30.0, 99.0])
def test_the_number_of_steps_is_an_input(steps):
    field = catalog["bowl"].field
    program = program_of(field, "momentum")
    run = descend(field, (2.0, 1.0), 0.02, min(int(steps), STEPS), "momentum")
    same(program(2.0, 1.0, 0.02, steps, 0.9), run)


@pytest.mark.parametrize("method", ["adam", "newton", "backtracking"])
def test_noise_and_parameters_are_inputs(method):
    field, other = catalog["rosenbrock"].field, {"adam": {"beta1": 0.5}}.get(method, {})
    program = program_of(field, method, noise=0.1)
    run = descend(field, (0.5, 0.4), 0.1, STEPS, method, noise=0.1, **other)
    same(program(0.5, 0.4, 0.1, float(STEPS), *complete(method, other).values()), run)


@pytest.mark.parametrize("contraction", [0.1, 0.5, 0.99])
def test_backtracking_gives_up_where_descend_does(contraction):
    """A minimum from which every step leads up, with any number of trials."""
    field = ScalarField(lambda x: anp.where(x > 1, -x, 1e9 * anp.abs(x)), domain={"x": (-1, 2)})
    program = program_of(field, "backtracking", 2)
    run = descend(field, 0.0, 0.5, 2, "backtracking", contraction=contraction)
    same(program(0.0, 0.5, 2.0, 1e-4, contraction), run)


@pytest.mark.parametrize("method", methods)
def test_a_batch_has_the_numbers_of_its_runs(method):
    field, given = catalog["himmelblau"].field, complete(method, {})
    starts = np.array([[1.0, -2.0], [3.0, 2.0], [-400.0, 300.0], [0.5, 0.25]])
    rates = methods[method].rate * np.array([0.2, 1.0, 3.0, 0.0])
    program = program_of(field, method, 12, shape=(4,))
    found = program(*starts.T, rates, 12.0, *given.values())
    batch = descend(field, starts, rates, 12, method)
    for each, expected in zip(found, parts(batch), strict=True):
        np.testing.assert_allclose(each, expected, 1e-9, 1e-12)


@pytest.mark.parametrize("method", ["adam", "newton", "exact line search", "backtracking"])
def test_a_picture_with_a_path_comes_back_from_its_data(method):
    program = program_of(catalog["peaks"].field, method, 5)
    given = complete(method, {}).values()
    check_again(program, (0.3, -0.5, 0.1, 5.0, *given), (math.nan, 1.0, 0.1, 3.0, *given))
    assert [step.operation for step in program.instructions].count("scan") == 1


@pytest.mark.parametrize("method", ["adam", "newton", "exact line search"])
def test_a_path_over_data_has_the_numbers_of_descend(method):
    """The loss is a number, but arrays are on the way to it."""
    x = np.linspace(-1.0, 2.0, 8)
    y = 3.0 * x - 1.0 + np.sin(9 * x)
    field = ScalarField(
        lambda w, b: anp.mean((w * x + b - y) ** 2), domain={"w": (0, 5), "b": (-3, 2)}
    )
    run = descend(field, (0.5, 1.0), 0.1, STEPS, method)
    program = program_of(field, method)
    same(program(0.5, 1.0, 0.1, float(STEPS), *complete(method, {}).values()), run, 1e-12)


def test_a_function_that_branches_has_no_program():
    given, rates, noise = complete("momentum", {}), np.ones(3), np.zeros((3, 1))

    def run(start):
        return path(lambda x: x if x > 0 else -x, "momentum", given, (start,), rates, noise, 3)

    with pytest.raises(TracingError, match="decides by values"):
        trace(lambda start: run(start)[:2], 1.0)
    field = ScalarField(lambda x: x if x > 0 else -x)
    other = descend(field, 1.0, rate=1.0, steps=3, method="momentum")
    assert run(1.0).points.tolist() == other.points.tolist()


# ── the last value alone ─────────────────────────────────────────────────────────────────────────

SPREAD = np.array([1e-3, 0.01, 0.05, 0.2, 1.0, 3.0, 30.0, 1e200])
LOSING = ["(1 - x)**2 + 100*(y - x**2)**2", "log(x) + y**2", "1/(x - 2) + x**2 + y**2"]


def last_program(field, method, most, count):
    """Of a start, learning rates and the number of steps."""

    def told(x, y, rates, steps):
        given = complete(method, {})
        return (last_value(field.function, method, given, (x, y), rates, steps, most),)

    return trace(told, 1.0, 1.0, np.full(count, 0.1) if count else 0.1, 3.0)


@pytest.mark.parametrize("text", LOSING)
@pytest.mark.parametrize("method", methods)
def test_the_last_value_is_that_of_a_run(method, text):
    """Of fewer steps than there is room for, and of as many; with a trace, and without."""
    field, given = ScalarField(text), complete(method, {})
    program = last_program(field, method, 20, len(SPREAD))
    for start, steps in (((2.5, 1.0), 20), ((2.5, 1.0), 7), ((0.3, -0.7), 1), ((0.3, -0.7), 0)):
        batch = descend(field, start, SPREAD, steps, method).values
        (found,) = program(*start, SPREAD, float(steps))
        (careful,) = program.careful(*start, SPREAD, float(steps))
        plain = last_value(field.function, method, given, start, SPREAD, steps, 20)
        np.testing.assert_array_equal(found, plain)
        np.testing.assert_array_equal(found, careful)
        # What is thrown far away also magnifies the rounding.
        near = np.nanmax(np.abs(batch), axis=1) < 1e6
        np.testing.assert_allclose(found[near], batch[near, -1], 1e-9, 1e-12)
        assert np.isnan(found).tolist() == np.isnan(batch[:, -1]).tolist()


@pytest.mark.parametrize("text", LOSING[:2])
def test_a_run_that_is_lost_has_no_last_value(text):
    program = last_program(ScalarField(text), "gradient descent", 20, len(SPREAD))
    (found,) = program(0.5, -0.7, SPREAD, 20.0)
    ended = [descend(text, (0.5, -0.7), rate, 20).ended for rate in SPREAD]
    assert np.isnan(found).tolist() == ended
    assert 0 < sum(ended) < len(SPREAD)


@pytest.mark.parametrize("method", methods)
def test_of_one_learning_rate_it_is_a_number(method):
    """A fraction of a step is none, and there is room for 30."""
    field, rate = catalog["himmelblau"].field, 0.1 * methods[method].rate
    program = last_program(field, method, 30, 0)
    for asked, steps in ((0.0, 0), (12.7, 12), (30.0, 30), (99.0, 30)):
        run = descend(field, (1.0, -2.0), rate, steps, method)
        (found,) = program(1.0, -2.0, rate, asked)
        assert found == pytest.approx(run.values[-1], rel=1e-12)


def test_a_last_value_needs_little_room_and_comes_back_from_its_data():
    program = last_program(catalog["peaks"].field, "adam", 1000, 3)
    rates = np.array([0.01, 0.1, 1.0])
    check_again(program, (0.3, -0.5, rates, 5.0), (math.nan, 1.0, rates, 3.0))
    sizes = [math.prod(step.shape or ()) for step in program.instructions]
    assert max(sizes) < 100


def test_a_sweep_has_the_last_digits_of_its_runs():
    """Adam takes powers; numpy's of arrays are not those of numbers, which other languages know."""
    field, rates = catalog["rosenbrock"].field, np.geomspace(1e-3, 1.0, 61)
    (found,) = last_program(field, "adam", 100, len(rates))(0.5, 0.4, rates, 80.0)
    single = last_program(field, "adam", 100, 0)
    assert found.tolist() == [single(0.5, 0.4, float(rate), 80.0)[0] for rate in rates]
