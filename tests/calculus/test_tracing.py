"""Derivatives in one pass are autograd's own, on numbers and on arrays, in peace and in threads."""

import sys
import threading
import time
import warnings

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad, hessian, jacobian
from autograd.tracer import trace_stack

from gradwidgets.calculus.tracing import calm, value_and_partials, value_partials_and_seconds


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def waves(x, y, z):
    return anp.sin(x * y) * anp.exp(-z) + anp.where(x > 0, x**3, y**2) / (2 + anp.cos(z))


FUNCTIONS = [
    pytest.param(anp.sin, (0.7,), id="sin"),
    pytest.param(lambda x: x, (0.7,), id="identity"),
    pytest.param(rosenbrock, (-1.2, 1.0), id="rosenbrock"),
    pytest.param(waves, (0.4, -1.3, 0.9), id="waves"),
    pytest.param(lambda x, y: anp.maximum(x, y) * anp.abs(y), (1.0, -2.0), id="kinks"),
    pytest.param(lambda x, y: x**y, (1.7, 2.3), id="power"),
    pytest.param(lambda x, y: x * x * x, (1.7, 2.3), id="y unused"),
    pytest.param(lambda x, y: y, (1.7, 2.3), id="y itself"),
]


def of_one_vector(function):
    return lambda point: function(*point)


def mixed(function, i, j):
    return elementwise_grad(elementwise_grad(function, i), j)


# ── the numbers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("function", "point"), FUNCTIONS)
def test_partials_are_autograd_s_at_a_point(function, point):
    value, partials = value_and_partials(function, point)
    assert value == function(*point)
    vector = np.array(point)
    np.testing.assert_allclose(partials, grad(of_one_vector(function))(vector), rtol=1e-12)


@pytest.mark.parametrize(("function", "point"), FUNCTIONS)
def test_second_partials_are_autograd_s_at_a_point(function, point):
    value, partials, seconds = value_partials_and_seconds(function, point)
    assert value == function(*point)
    assert partials == value_and_partials(function, point)[1]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent")  # autograd's own word for 0
        expected = hessian(of_one_vector(function))(np.array(point))
    np.testing.assert_allclose(seconds, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(1,), (5,), (3, 4), (2, 3, 2)])
def test_arrays_are_differentiated_element_by_element(shape):
    coordinates = list(np.random.default_rng(7).uniform(-2, 2, (3, *shape)))
    value, partials, seconds = value_partials_and_seconds(waves, coordinates)
    np.testing.assert_array_equal(value, waves(*coordinates))
    np.testing.assert_array_equal(partials, value_and_partials(waves, coordinates)[1])
    for i, partial in enumerate(partials):
        np.testing.assert_allclose(partial, elementwise_grad(waves, i)(*coordinates), rtol=1e-12)
        for j, second in enumerate(seconds[i]):
            expected = mixed(waves, i, j)(*coordinates)
            np.testing.assert_allclose(second, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("x", [1.5, np.float64(1.5), np.array(1.5), np.array([1.5, -0.5])])
@pytest.mark.parametrize("constant", [lambda x, y: 3.0, lambda x, y: anp.sign(x) + anp.floor(y)])
def test_what_depends_on_nothing_has_zeros_and_no_warning(constant, x):
    value, partials, seconds = value_partials_and_seconds(constant, (x, x))
    assert np.all(value == constant(x, x))
    np.testing.assert_array_equal(partials, np.zeros((2, *np.shape(x))))
    np.testing.assert_array_equal(seconds, np.zeros((2, 2, *np.shape(x))))
    assert np.shape(value_and_partials(constant, (x, x))[1]) == (2, *np.shape(x))


def test_a_linear_function_has_zero_second_partials_and_no_warning():
    _, partials, seconds = value_partials_and_seconds(lambda x, y: 2 * x - y, (1.0, 2.0))
    assert partials == [2.0, -1.0]
    np.testing.assert_array_equal(seconds, np.zeros((2, 2)))


def test_the_same_object_twice_is_two_variables():
    x = np.array([1.0, 2.0])
    _, partials = value_and_partials(lambda a, b: a * a * b, (x, x))
    np.testing.assert_array_equal(partials, [2 * x * x, x * x])


# ── inside and outside autograd ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("i", [0, 1, 2])
def test_a_partial_can_be_differentiated_by_autograd(i):
    point = np.array([0.4, -1.3, 0.9])
    partial = grad(lambda v: value_and_partials(waves, list(v))[1][i])(point)
    np.testing.assert_allclose(partial, hessian(of_one_vector(waves))(point)[i], rtol=1e-12)


def test_a_second_partial_can_be_differentiated_by_autograd():
    def second(x):
        return value_partials_and_seconds(lambda x: anp.exp(2 * x), [x])[2][0][0]

    assert grad(second)(0.3) == pytest.approx(8 * np.exp(0.6), rel=1e-12)
    assert grad(grad(second))(0.3) == pytest.approx(16 * np.exp(0.6), rel=1e-12)


def test_the_value_can_be_differentiated_by_autograd():
    slope = grad(lambda x: value_and_partials(anp.sin, [x])[0])
    assert slope(0.3) == np.cos(0.3)


def test_autograd_may_be_used_inside():
    def directional(x, y):
        return grad(rosenbrock, 0)(x, y) + 2 * grad(rosenbrock, 1)(x, y)

    _, partials = value_and_partials(directional, (-1.2, 1.0))
    H = hessian(of_one_vector(rosenbrock))(np.array([-1.2, 1.0]))
    np.testing.assert_allclose(partials, [1, 2] @ H, rtol=1e-12)


def test_a_gradient_of_partials_keeps_an_outer_variable():
    def at_scale(scale):
        return value_and_partials(lambda x: scale * x**3, [2.0])[1][0]

    assert (at_scale(5.0), grad(at_scale)(5.0)) == (60.0, 12.0)


def test_partials_form_a_jacobian():
    point = np.array([-1.2, 1.0])
    rows = jacobian(lambda v: anp.array(value_and_partials(rosenbrock, list(v))[1]))(point)
    np.testing.assert_allclose(rows, hessian(of_one_vector(rosenbrock))(point), rtol=1e-12)


# ── calm ─────────────────────────────────────────────────────────────────────────────────────────


def fails(x):
    raise ArithmeticError("on purpose")


@pytest.mark.parametrize(
    "derivative",
    [
        lambda: grad(fails)(1.0),
        lambda: value_and_partials(fails, [1.0]),
        lambda: value_partials_and_seconds(fails, [1.0]),
        lambda: grad(lambda x: grad(fails)(x))(1.0),
    ],
)
def test_after_an_exception_the_trace_stack_is_as_it_was(derivative):
    level = trace_stack.top
    with calm(), pytest.raises(ArithmeticError, match="on purpose"):
        derivative()
    with pytest.raises(ArithmeticError, match="on purpose"), calm():
        derivative()
    assert trace_stack.top == level


def test_calm_inside_a_trace_restores_the_level_of_that_trace():
    def guarded(x):
        with pytest.raises(ArithmeticError), calm():
            grad(fails)(x)
        return x**2

    assert grad(guarded)(3.0) == 6.0


def test_calm_is_quiet_and_only_inside():
    with np.errstate(all="raise"):
        with calm(), calm():
            assert np.log(np.float64(0)) == -np.inf
            assert np.exp(np.float64(1e4)) == np.inf
        with pytest.raises(FloatingPointError):
            np.log(np.float64(0))


# ── two threads ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _hasty():
    """Let threads take turns as often as they can, so that a race shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def handing_over(x, y):
    """Rosenbrock's function, in the middle of which the other thread gets its turn."""
    wall = (1 - x) ** 2
    time.sleep(0)
    return wall + 100 * (y - x**2) ** 2


def answers(point, rounds, start_together, found):
    start_together.wait()
    for _ in range(rounds):
        with calm():
            found.append(value_partials_and_seconds(handing_over, point))


@pytest.mark.usefixtures("_hasty")
def test_two_threads_at_once_get_right_answers():
    points, rounds, barrier = [(-1.2, 1.0), (0.3, -0.7)], 200, threading.Barrier(2)
    level, found = trace_stack.top, [[], []]
    threads = [
        threading.Thread(target=answers, args=(point, rounds, barrier, into))
        for point, into in zip(points, found, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[value_partials_and_seconds(rosenbrock, p)] * rounds for p in points]
    assert trace_stack.top == level
