"""Update rules against PyTorch's and optax's own steps, the parameters, and the schedules.

`reference_steps.json` holds eleven points for every optimizer and function. It was made with
torch 2.15.0, optax 0.2.8 and jax 0.10.2, each line of the file by one line that this prints:

    import json, jax, optax as A, torch; jax.config.update("jax_enable_x64", True)
    O, B, gd = torch.optim, {"eps": 1e-8}, "gradient descent"
    FIELDS = {"bowl": (lambda x, y: x**2 + 10 * y**2, (2.0, 1.0), 0.03), "rosenbrock": (
        lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0), 0.0005)}
    TORCH = {gd: lambda p, a: O.SGD(p, a), "momentum": lambda p, a: O.SGD(p, a, 0.9),
        "nesterov": lambda p, a: O.SGD(p, a, 0.9, nesterov=True),
        "adagrad": lambda p, a: O.Adagrad(p, 0.5, **B),  # optax adds eps inside of the root
        "rmsprop": lambda p, a: O.RMSprop(p, 0.05, alpha=0.9, **B),
        "adam": lambda p, a: O.Adam(p, 0.1, **B)}
    OPTAX = {gd: A.sgd, "momentum": lambda a: A.sgd(a, 0.9), "adam": lambda a: A.adam(0.1, **B),
        "nesterov": lambda a: A.sgd(a, 0.9, True),
        "rmsprop": lambda a: A.rmsprop(0.05, decay=0.9, eps_in_sqrt=False, **B)}
    for name, (f, start, a) in FIELDS.items():
        for method, make in TORCH.items():
            p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
            optimizer, points = make([p], a), [start]
            for _ in range(10):
                optimizer.zero_grad(), f(*p).backward(), optimizer.step(), points.append(p.tolist())
            print(f'"torch {method} {name}": {json.dumps(points)}')
        for method, make in OPTAX.items():
            p, rule, points = jax.numpy.array(start), make(a), [start]
            state = rule.init(p)
            for _ in range(10):
                step, state = rule.update(jax.grad(lambda p: f(*p))(p), state)
                p = p + step; points.append(p.tolist())
            print(f'"optax {method} {name}": {json.dumps(points)}')
"""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.rules import complete, methods, schedules

REFERENCE = json.loads((Path(__file__).parent / "reference_steps.json").read_text("utf-8"))
FIELDS = {  # as they were given to the other libraries
    "bowl": ("x**2 + 10*y**2", 0.03),
    "rosenbrock": ("(1 - x)**2 + 100*(y - x**2)**2", 0.0005),
}
RATES = {"adagrad": 0.5, "rmsprop": 0.05, "adam": 0.1}
BY_RULE = [name for name, method in methods.items() if method.rule]

# ── the steps of other libraries ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("made", REFERENCE)
def test_ten_steps_are_those_of_another_library(made):
    _, rest = made.split(" ", 1)
    method, name = rest.rsplit(" ", 1)
    text, rate = FIELDS[name]
    points = np.array(REFERENCE[made])
    assert points.shape == (11, 2)
    run = descend(text, points[0], RATES.get(method, rate), 10, method)
    assert np.max(np.abs(run.points - points) / np.maximum(np.abs(points), 1e-3)) < 1e-12


def test_every_rule_has_a_reference_for_both_functions():
    assert {f"torch {method} {name}" for method in BY_RULE for name in FIELDS} <= set(REFERENCE)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_nesterov_follows_the_places_where_the_classical_form_looks_ahead(momentum):
    """θₜ₊₁ = yₜ − α∇f(yₜ) and yₜ₊₁ = θₜ₊₁ + β(θₜ₊₁ − θₜ), which begins at y₀ = θ₀."""
    rate, slope = 0.001, grad(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)
    place = ahead = np.array([-1.2, 1.0])
    classical = [ahead]
    for _ in range(60):
        before, place = place, ahead - rate * slope(ahead)
        ahead = place + momentum * (place - before)
        classical.append(ahead)
    run = descend(FIELDS["rosenbrock"][0], (-1.2, 1.0), rate, 60, "nesterov", momentum=momentum)
    assert np.max(np.abs(run.points - classical)) < 1e-12


# ── what the rules promise ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
def test_without_momentum_it_is_gradient_descent(method):
    plain = descend("x**2 + 10*y**2", (2, 1), 0.03, 50)
    assert np.array_equal(
        descend("x**2 + 10*y**2", (2, 1), 0.03, 50, method, momentum=0).points, plain.points
    )


@pytest.mark.parametrize("method", ["adagrad", "rmsprop", "adam"])
def test_adaptive_steps_do_not_feel_the_scale_of_f(method):
    small, large = (
        descend(f"{scale}*(x**2 + 10*y**4)", (2, 1), 0.05, 40, method, epsilon=0.0).points
        for scale in (1.0, 4096.0)
    )
    assert np.max(np.abs(small - large)) < 1e-12


@pytest.mark.parametrize(("method", "length"), [("adam", 1.0), ("adagrad", 1.0), ("rmsprop", 10)])
def test_the_first_adaptive_step_is_as_long_as_the_rate_in_every_coordinate(method, length):
    """Adam's bias correction makes it so; RMSprop begins with 1/√(1 − ρ) times the rate."""
    run = descend("x**2 + 10*y**2", (2, 1), 0.01, 1, method)
    expected = 0.01 * math.sqrt(length)
    assert run.points[0] - run.points[1] == pytest.approx([expected, expected], rel=1e-7)


@pytest.mark.parametrize("method", BY_RULE)
def test_a_rule_serves_arrays_as_it_serves_numbers(method):
    rule, rng = methods[method].rule, np.random.default_rng(3)
    values = complete(method, {}).values()
    gradient, rates, *state = np.abs(rng.normal(size=(2 + len(methods[method].state), 5)))
    together = rule(gradient, rates, 3.0, *state, *values)
    for place in range(5):
        alone = rule(gradient[place], rates[place], 3.0, *(s[place] for s in state), *values)
        assert np.allclose([part[place] for part in together], alone, rtol=1e-15)


# ── methods and parameters ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", methods)
def test_usual_parameters_lie_in_their_range(method):
    assert methods[method].rate > 0
    for parameter in methods[method].parameters.values():
        assert parameter.low <= parameter.usual <= parameter.high
    assert complete(method, {}) == {
        name: parameter.usual for name, parameter in methods[method].parameters.items()
    }


def test_parameters_come_in_the_rule_s_order_as_floats():
    given = complete("adam", {"epsilon": 0, "beta1": np.float32(0.5)})
    assert list(given) == ["beta1", "beta2", "epsilon"]
    assert list(given.values()) == [0.5, 0.999, 0.0]
    assert {type(value) for value in given.values()} == {float}


RANGES = [
    (method, name, value)
    for method in methods
    for name, parameter in methods[method].parameters.items()
    for value in (parameter.low - 1e-9, parameter.high + 1e-9, -5.0, math.nan, math.inf)
]


@pytest.mark.parametrize(("method", "name", "value"), RANGES)
def test_a_parameter_out_of_its_range_is_refused(method, name, value):
    parameter = methods[method].parameters[name]
    assert complete(method, {name: parameter.low})[name] == parameter.low
    assert complete(method, {name: parameter.high})[name] == parameter.high
    told = f"{name} lies between {parameter.low:g} and {parameter.high:g}"
    with pytest.raises(ValueError, match=told):
        complete(method, {name: value})


def test_an_unknown_method_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match=r"gradient descent, momentum, .*, not 'sgd'"):
        complete("sgd", {})


@pytest.mark.parametrize(
    ("method", "name", "told"),
    [
        ("gradient descent", "momentum", "gradient descent has no parameters; it has no 'momentum"),
        ("adam", "momentum", "adam takes beta1, beta2, epsilon; it has no 'momentum'"),
        ("backtracking", "rho", "sufficient_decrease, contraction; it has no 'rho'"),
        ("newton", "epsilon", "newton has no parameters"),
    ],
)
def test_a_parameter_of_another_method_is_refused(method, name, told):
    with pytest.raises(TypeError, match=told):
        complete(method, {name: 0.5})


# ── schedules ────────────────────────────────────────────────────────────────────────────────────

FACTORS = {  # at t = 0, 1, … of eight steps
    "constant": [1.0] * 8,
    "step": [1, 1, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 8, 1 / 8],
    "1/t": [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 1 / 8],
    "exponential": [10 ** (-t / 4) for t in range(8)],
    "cosine": [(1 + math.cos(math.pi * t / 8)) / 2 for t in range(8)],
}


@pytest.mark.parametrize("name", schedules)
def test_a_schedule_gives_its_factors(name):
    assert [schedules[name](time, 8) for time in range(8)] == pytest.approx(FACTORS[name])


@pytest.mark.parametrize("name", schedules)
@pytest.mark.parametrize("steps", [1, 2, 3, 7, 10, 1000])
def test_a_schedule_begins_with_the_rate_and_never_raises_it(name, steps):
    factors = [schedules[name](time, steps) for time in range(steps)]
    assert factors[0] == 1.0
    assert all(0 <= after <= before for before, after in itertools.pairwise(factors))


def test_a_schedule_ends_where_it_promises():
    assert schedules["exponential"](1000, 1000) == pytest.approx(0.01)
    assert schedules["cosine"](1000, 1000) == pytest.approx(0.0)
    assert schedules["step"](999, 1000) == 1 / 8
    assert [schedules["step"](time, 1000) for time in (249, 250)] == [1.0, 0.5]


@pytest.mark.parametrize("name", ["lr", "learning_rate", "alpha", "eta", "step_size"])
@pytest.mark.parametrize("method", ["gradient descent", "adam"])
def test_the_learning_rate_by_another_name_is_pointed_out(method, name):
    with pytest.raises(TypeError, match=f"called rate here: write rate=…, not {name}=…"):
        descend("x**2", 1.0, method=method, **{name: 0.1})
