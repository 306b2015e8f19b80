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

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.rates import HEAVY_BALL
from gradwidgets.calculus.rules import (
    Method,
    Parameter,
    all_parameters,
    complete,
    methods,
    schedules,
)
from gradwidgets.calculus.searches import Search
from gradwidgets.calculus.usual import usual_rate, why_useless
from gradwidgets.calculus.verdict import WORDS

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


# ── a row more ───────────────────────────────────────────────────────────────────────────────────


def amsgrad(gradient, rate, time, mean, squares, most, beta1, beta2, power):
    """Reddi, Kale & Kumar (2018), *On the convergence of Adam and beyond*, and any root."""
    mean = beta1 * mean + (1 - beta1) * gradient
    squares = beta2 * squares + (1 - beta2) * gradient * gradient
    most = anp.maximum(most, squares)
    return -rate * mean / most**power, mean, squares, most


AMSGRAD = Method(
    amsgrad,
    0.1,
    "adaptive",
    ("mean", "squares", "most"),
    {
        **{name: methods["adam"].parameters[name] for name in ("beta1", "beta2")},
        "power": Parameter("p", "which root of the squares", 0.5, 0.1, 1.0),
    },
    beside="momentum",
)


def by_hand(start, rate, steps, beta1, beta2, power):
    """AMSGrad on x² + 10y²."""
    place, mean, squares, most = np.array(start, float), 0.0, 0.0, 0.0
    points = [place]
    for _ in range(steps):
        gradient = np.array([2, 20]) * place
        mean = beta1 * mean + (1 - beta1) * gradient
        squares = beta2 * squares + (1 - beta2) * gradient**2
        most = np.maximum(most, squares)
        place = place - rate * mean / most**power
        points.append(place)
    return np.array(points)


@pytest.fixture
def add(monkeypatch):
    """Puts a row into the table until the test is over."""
    return lambda name, row: monkeypatch.setitem(methods, name, row)


def test_a_new_row_is_a_method_for_runs_batches_and_programs(add):
    add("amsgrad", AMSGRAD)
    field, wanted = ScalarField("x**2 + 10*y**2"), by_hand((2, 1), 0.2, 30, 0.8, 0.99, 0.4)
    own = {"beta1": 0.8, "beta2": 0.99, "power": 0.4}
    run = descend(field, (2, 1), 0.2, 30, "amsgrad", **own)
    assert run.points == pytest.approx(wanted, rel=1e-12)
    assert list(run.state) == ["mean", "squares", "most"]
    batch = descend(field, [(2, 1), (-1, 2)], 0.2, 30, "amsgrad", **own)
    assert batch.points[0] == pytest.approx(wanted, rel=1e-12)
    found = path(
        field.function, "amsgrad", own, (2.0, 1.0), np.full(30, 0.2), np.zeros((30, 2)), 30.0
    )
    assert found.points == pytest.approx(wanted, rel=1e-12)
    assert run.verdict in set(WORDS.values())
    assert usual_rate(field, (2, 1), "amsgrad") == 0.1
    with pytest.raises(TypeError, match="amsgrad takes beta1, beta2, power; it has no 'decay'"):
        descend(field, (2, 1), method="amsgrad", decay=0.5)


def test_a_row_that_is_written_anew_under_its_name_counts_from_then_on(add):
    field = ScalarField("x**2 + 10*y**2")
    for sign in (-1, 1):
        add("mine", Method(lambda g, rate, time, sign=sign: (sign * rate * g,), 0.05, "gradient"))
        assert descend(field, (2, 1), 0.1, 1, "mine").points[1, 0] == 2 + sign * 0.4


@pytest.mark.parametrize(
    ("like", "rate", "text"),
    [
        ("gradient descent", 0.11, "x**2 + 10*y**2"),  # α·λmax over its bound
        ("gradient descent", 0.09, "x**2 + 10*y**2"),  # it alternates
        ("momentum", 0.2, "x**2 + 10*y**2"),
        ("nesterov", 0.1, "x**2 + 10*y**2"),
        ("adagrad", 0.5, "x**2 + 0*y"),  # 0/0 with ε = 0
        ("newton", 1.0, "x + 2*y"),
        ("newton", 0.5, "x**3 - 3*x + 0.1*y**2"),
        ("exact line search", 1.0, "x**2 + 10*y**2"),
    ],
)
def test_nothing_depends_on_a_method_s_name(add, like, rate, text):
    add("mine", methods[like])
    own = {"epsilon": 0.0} if like == "adagrad" else {}
    known, mine = (descend(text, (2, 1), rate, 60, name, **own) for name in (like, "mine"))
    assert (mine.verdict, mine.why) == (known.verdict, known.why)
    assert np.array_equal(mine.points, known.points, equal_nan=True)
    field = ScalarField(text)
    assert usual_rate(field, (2, 1), "mine") == usual_rate(field, (2, 1), like)
    assert why_useless(field, (2, 1), 9, "mine") == why_useless(field, (2, 1), 9, like)


def test_a_new_search_is_a_row_too(add):
    """It goes half as far as it is told."""
    half = Search(
        lambda along, f, fall, rate, together: (0.5 * rate + 0.0 * fall, 0),
        lambda function, place, down, f, fall, rate: 0.5 * rate,
    )
    add("half", Method(None, 1.0, "search", search=half))
    run = descend("x**2 + 10*y**2", (2, 1), 0.1, 10, "half")
    plain = descend("x**2 + 10*y**2", (2, 1), 0.05, 10)
    assert run.points == pytest.approx(plain.points)
    assert run.step_sizes.tolist() == [0.05] * 10
    found = path(
        run.field.function, "half", {}, (2.0, 1.0), np.full(10, 0.1), np.zeros((10, 2)), 10.0
    )
    assert found.points == pytest.approx(plain.points)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"family": "Gradient"}, "a family is one of gradient, adaptive, search, newton, not 'Gr"),
        ({"beside": "inertia"}, "beside is one of momentum, adjusted, noise, not 'inertia'"),
        ({"rule": None}, "a step is found by a rule, by a search, or is Newton's"),
        ({"second_order": True}, "a step is found by a rule, by a search, or is Newton's"),
        ({"factor": HEAVY_BALL}, "this error factor asks for a parameter named momentum"),
        ({"rate": math.nan}, "a usual learning rate is a number above 0, not nan"),
        ({"rate": -1.0}, "a usual learning rate is a number above 0, not -1.0"),
        ({"state": "velocity"}, r"the state is a tuple of names: write \('velocity',\)"),
        ({"rule": lambda g, rate, time: -rate * g}, "a rule returns a tuple: the step and its st"),
        ({"rule": lambda g, rate, time: (-rate * g, g)}, "a rule returns a tuple: the step and it"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_at_once(row, told):
    with pytest.raises(ValueError, match=told):
        Method(**{"rule": amsgrad, "rate": 0.1, "family": "gradient"} | row)


@pytest.mark.parametrize("given", [(2.0, 0.0, 1.0), (0.5, 1.0, 0.0), (0.5, 0.0, 1.0, -1.0)])
def test_a_parameter_s_range_has_its_usual_value(given):
    with pytest.raises(ValueError, match="usual value lies in its range"):
        Parameter("γ", "a share", *given)


def test_a_parameter_is_the_same_in_every_row_that_has_it():
    for name, known in all_parameters().items():
        own = {row.parameters[name] for row in methods.values() if name in row.parameters}
        assert own == {known}


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
