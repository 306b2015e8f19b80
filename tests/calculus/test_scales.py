"""Whatever the size of f and of its domain: one verdict, one share for the usual α, one word."""

import math
from itertools import cycle

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.critical import curvatures, is_smooth, kind
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rates import landmarks
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.usual import usual_rate, why_useless

FIRST_ORDER = ("gradient descent", "momentum", "nesterov")
NAMED = {
    "cone": ("sqrt(x**2 + y**2)", (1.0, 1.0)),
    "sum of corners": ("abs(x) + abs(y)", (1.0, 0.7)),
    "one and a half": ("abs(x)**1.5", (1.0,)),
    "four thirds": ("abs(x)**(4/3)", (1.0,)),
    "an exact fit": ("sqrt(((x - 2)**2 + (2*x - 4)**2 + (3*x - 6)**2)/3)", (0.5,)),
    "almost an exact fit": ("sqrt(((x - 2.1)**2 + (2*x - 4)**2 + (3*x - 6)**2)/3)", (0.5,)),
}
STARTS = {name: (e.field, e.start) for name, e in catalog.items()} | {
    name: (ScalarField(text), start) for name, (text, start) in NAMED.items()
}
ENDLESS = ("monkey saddle", "hill", "saddle")  # there is no minimum to stay for


def scaled(field, height, width):
    """The same function, taller and on a wider domain."""
    names = field.variables
    inside = ", ".join(names)
    body = f"lambda {inside}: {height!r} * f({', '.join(f'{n} / {width!r}' for n in names)})"
    function = eval(body, {"f": field.function})
    domain = {n: (low * width, high * width) for n, (low, high) in field.domain.items()}
    return ScalarField(function, domain=domain)


def diagonal(field):
    return math.hypot(*(high - low for low, high in field.domain.values()))


# each run in one other unit, each unit with every third run
SCALED = [
    (name, *scale)
    for name, scale in zip(STARTS, cycle([(1e-12, 1.0), (1e9, 1e3), (1e3, 1e-7)]), strict=False)
]


@pytest.mark.parametrize(("name", "height", "width"), SCALED)
def test_a_scaled_function_has_the_same_verdict_and_the_same_share_of_alpha(name, height, width):
    field, start = STARTS[name]
    other, there = scaled(field, height, width), tuple(width * x for x in start)
    unit = width**2 / height
    usual = usual_rate(field, start, "gradient descent")
    twin = usual_rate(other, there, "gradient descent")
    assert twin == pytest.approx(usual * unit, rel=1e-9)
    for share in (0.37, 0.93, 1.7, 3.1):
        one = descend(field, start, usual * share, 60)
        two = descend(other, there, usual * share * unit, 60)
        assert one.verdict == two.verdict
        apart = np.max(np.abs(one.points - two.points / width))
        if share < 2 or apart < 1e-6 * diagonal(field):  # else rounding alone has led them apart
            assert one.judgement.reason == two.judgement.reason
            assert two.arrived == one.arrived


@pytest.mark.parametrize("name", STARTS)
def test_the_first_step_is_seen_and_thirty_stay_in_the_picture(name):
    field, start = STARTS[name]
    slope = np.hypot.reduce(field.gradient(start))
    for method in FIRST_ORDER:
        rate = usual_rate(field, start, method)
        assert 0.01 <= rate * slope / diagonal(field) <= 0.25 or slope == 0
        run = descend(field, start, rate, 30, method)
        if name not in ENDLESS:
            assert run.values[-1] <= run.values[0]
            low, high = np.array(list(field.domain.values())).T
            room = 0.25 * (high - low)
            assert ((low - room <= run.points) & (run.points <= high + room)).all()
            assert why_useless(field, start, rate, method) == ""


def test_a_rate_that_is_useless_has_its_reason():
    bowl = ScalarField("x**2 + 10*y**2")
    reasons = [
        why_useless(bowl, (2, 1), rate, "gradient descent") for rate in (1e-6, 0.04, 0.11, 3.0)
    ]
    assert reasons == [
        "the first step would hardly be seen",
        "",
        "f would rise",
        "the first step would leave the picture",
    ]


# ── tips and corners ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["sqrt(x**2 + y**2)", "abs(x) + abs(y)", "max(abs(x), abs(y))"])
@given(
    exponent=st.integers(-14, -6),
    angle=st.floats(0, 6.28),
    height=st.integers(-9, 9),
)
@settings(max_examples=20, deadline=None)
def test_beside_a_tip_there_is_no_curvature(text, exponent, angle, height):
    field = ScalarField(f"1e{height}*({text})")
    place = (10.0**exponent * math.cos(angle), 10.0**exponent * math.sin(angle))
    assert not is_smooth(field, place)
    assert np.isnan(curvatures(field, place)).all()
    assert np.isnan(landmarks(curvatures(field, place))).all()


@pytest.mark.parametrize("power", [1, 1.2, 4 / 3, 1.5, 1.9])
def test_a_power_below_two_has_none_at_its_lowest_place(power):
    for x in (0.0, 1e-12, 1e-9, -1e-7):
        assert not is_smooth(ScalarField(f"abs(x)**{power}"), x)
    assert is_smooth(ScalarField(f"abs(x)**{power}"), 1.0)


@pytest.mark.parametrize("name", catalog)
def test_the_catalogue_is_smooth_where_it_is(name):
    field = catalog[name].field
    for share in (0.13, 0.41, 0.77):
        place = [low + share * (high - low) for low, high in field.domain.values()]
        assert is_smooth(field, place)
        assert curvatures(field, place) == pytest.approx(np.linalg.eigvalsh(field.hessian(place)))


def test_a_minimum_at_a_tip_has_no_eigenvalues():
    assert np.isnan(curvatures(catalog["ackley"].field, (0, 0))).all()
    found = reference(ScalarField("abs(x) + 0*y"), (0.0, 1.0))
    assert found.minimum
    assert np.isnan(found.values).all()


@given(st.integers(-100, 100), st.integers(-8, 8))
@settings(max_examples=30, deadline=None)
def test_what_a_critical_point_is_depends_on_no_size(height, width):
    for text, at in [("x**2", 0.0), ("x**4", 0.0), ("x**3", 0.0), ("-x**2", 0.0)]:
        field = scaled(ScalarField(text), 10.0**height, 10.0**width)
        assert kind(field, at) == kind(ScalarField(text), at)
    bowl = scaled(ScalarField("(x - 1)**2"), 10.0**height, 10.0**width)
    assert minimum_below(bowl, 2 * 10.0**width) == pytest.approx((10.0**width,), rel=1e-9)


# ── where the mathematics has the border ─────────────────────────────────────────────────────────

SLOW = [HealthCheck.too_slow]


@given(
    small=st.floats(0.05, 0.9),
    angle=st.floats(0.2, 1.3),
    product=st.one_of(st.floats(0.3, 0.995), st.floats(1.005, 1.995), st.floats(2.02, 2.8)),
    exponent=st.integers(-6, 6),
)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_on_a_quadratic_the_word_is_that_of_its_products(small, angle, product, exponent):
    """Eigenvalues 1 and `small`, turned: the factors 1 − αλ tell what the errors do."""
    c, s, size = math.cos(angle), math.sin(angle), 10.0**exponent
    a, b, d = c * c + small * s * s, c * s * (1 - small), s * s + small * c * c
    field = ScalarField(f"{size}*({a}*x**2 + {2 * b}*x*y + {d}*y**2)/2")
    start = (1.2 * c - 0.7 * s, 1.2 * s + 0.7 * c)
    word = descend(field, start, product / size, 12).verdict
    assume(word != "converged")
    if product < 1:
        assert word == "converging"
    elif product < 2:
        assert word == "alternating"
    else:
        first = 0.5 * (1.2**2 + small * 0.7**2)
        last = 0.5 * (
            (1.2 * (1 - product) ** 12) ** 2 + small * (0.7 * (1 - small * product) ** 12) ** 2
        )
        assert word == ("diverged" if last > first else word)
        assert word in ("diverged", "oscillating", "left the window")


@given(
    st.sampled_from(["momentum", "nesterov"]),
    st.floats(0.1, 0.9),
    st.sampled_from([0.5, 0.9, 1.05, 1.3]),
    st.integers(-6, 6),
)
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
def test_with_momentum_it_diverges_beyond_two_and_two_beta(method, momentum, share, exponent):
    bound = (2 + 2 * momentum) / (1 + 2 * momentum if method == "nesterov" else 1)
    field = ScalarField(f"1e{exponent}*(x**2 + 10*y**2)/20")
    run = descend(field, (2, 1), share * bound / 10.0**exponent, 300, method, momentum=momentum)
    assert (run.verdict == "diverged") == (share > 1)


@pytest.mark.parametrize("method", ["adagrad", "rmsprop", "adam"])
@pytest.mark.parametrize("start", [(1.0, 0.0), (0.0, -1.0), (0.0, 0.0)])
def test_zero_over_zero_is_told_as_that(method, start):
    run = descend("x**2 + y**2", start, 0.1, 20, method, epsilon=0.0)
    assert run.judgement.reason == ("zero" if any(start) else "minimum exactly")
    assert "overflow" not in run.why


@pytest.mark.parametrize("text", ["x**2 + y**2", "sqrt(x**2 + y**2)", "x*y", "sin(x)"])
@pytest.mark.parametrize("method", ["gradient descent", "momentum", "adam"])
def test_with_alpha_zero_nothing_moves(text, method):
    field = ScalarField(text)
    run = descend(field, (0.7, 0.4)[: len(field.variables)], 0.0, 20, method)
    assert (run.verdict, run.judgement.reason) == ("not moving", "still")


@pytest.mark.parametrize("rate", [0.02, 0.03, 0.05, 0.07, 0.1, 0.2])
@pytest.mark.parametrize("text", ["ln(abs(x))", "-1/x**2/50", "-1/abs(x)/20"])
def test_who_jumps_a_pole_does_not_converge(text, rate):
    run = descend(text, 1.0, rate)
    assert run.verdict not in ("converged", "converging")


@pytest.mark.parametrize("text", ["x", "x**3", "-exp(x)", "log(x)", "x + y", "-x**2 - y**2"])
def test_where_there_is_no_minimum_nothing_converges(text):
    field = ScalarField(text)
    for rate in (0.001, 0.01, 0.03):
        run = descend(field, (1.0, 0.8)[: len(field.variables)], rate, 40)
        assert run.verdict not in ("converged", "converging", "alternating")


@pytest.mark.parametrize("method", ["gradient descent", "adam", "newton", "backtracking"])
@pytest.mark.parametrize(
    ("text", "start"),
    [("where(x > 0, sqrt(x), -x)", -2.0), ("where(x == 0, 1, sin(x)/x)", 0.0)],
)
def test_a_gradient_that_autograd_lacks_is_no_edge_of_the_domain(text, start, method):
    run = descend(text, start, 0.1, 20, method)
    assert math.isfinite(run.values[-1])
    assert run.verdict == "stuck" or np.isfinite(run.gradients[0]).all()
    assert run.verdict != "left the domain"
