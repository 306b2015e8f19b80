"""Points without slope: what they are called, and the minimum downhill of a start."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.corners import is_corner
from gradwidgets.calculus.critical import classify, eigenvalues, is_lowest, kind, nearby
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import ground_of

# ── by eigenvalues ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ((2.0, 20.0), "minimum"),
        ((1e-6, 20.0), "minimum"),
        ((-2.0, -0.1), "maximum"),
        ((-2.0, 2.0), "saddle"),
        ((-1.0, 0.0, 1.0), "saddle"),
        ((0.0, 2.0), "trough"),
        ((0.0, 0.0, 2.0), "trough"),
        ((-1e-12, 2.0), "trough"),
        ((-1e-8, 20.0), "trough"),  # negligible beside the greatest
        ((-1e-8, 2.0), "saddle"),
        ((0.0, 0.0), "degenerate"),
        ((-2.0, 0.0), "degenerate"),
        ((1e-12,), "minimum"),  # only beside each other they are large or small
        ((1e-12, 2e-12), "minimum"),
        ((3.0,), "minimum"),
        ((-3.0,), "maximum"),
    ],
)
def test_signs_name_the_point(values, word):
    assert classify(np.array(values)) == word


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=4))
def test_turned_upside_down_a_minimum_is_a_maximum(values):
    assert classify(np.array(values)) == "minimum"
    assert classify(-np.array(values)) == "maximum"
    assert classify(np.array([*values, -1.0])) == "saddle"


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=4), st.integers(-200, 200))
def test_a_point_is_what_it_is_in_any_unit(values, power):
    assert classify(np.array(values) * 10.0**power) == classify(np.array(values))


@pytest.mark.parametrize("name", catalog)
def test_eigenvalues_come_in_rising_order_and_belong_to_the_hessian(name):
    field, point = catalog[name].field, np.add(catalog[name].start, 0.1)
    values, hessian = eigenvalues(field, point), field.hessian(point)
    assert (np.diff(values) >= 0).all()
    assert np.sum(values) == pytest.approx(np.trace(hessian))
    assert np.prod(values) == pytest.approx(np.linalg.det(hessian), abs=1e-9)


@pytest.mark.parametrize(
    ("source", "point"),
    [
        ("sqrt(x**2 + y**2)", (0, 0)),
        ("log(x)", -1.0),
        ("1/x", 0.0),
        (lambda x: anp.log(x) if x > 0 else 1 / 0, -1.0),
    ],
)
def test_where_there_is_no_hessian_its_eigenvalues_are_no_numbers(source, point):
    assert np.isnan(eigenvalues(ScalarField(source), point)).all()


# ── beyond the second-order test ─────────────────────────────────────────────────────────────────

HIGHER = [
    ("x**4", 0.0, "minimum"),
    ("x**4", 0.01, "minimum"),
    ("1 + x**6", 0.0, "minimum"),
    ("-x**4", 0.0, "maximum"),
    ("x**4 + y**2", (1e-3, 0.0), "minimum"),
    ("x**4 + y**4", (0, 0), "minimum"),
    ("abs(x)", 0.0, "minimum"),
    ("-abs(x)", 0.0, "maximum"),
    ("max(x**2, abs(y))", (0, 0), "minimum"),
    ("x**3", 0.0, "degenerate"),
    ("x**3", 5e-4, "degenerate"),  # the Hessian is positive on this side
    ("x**3", 1e-7, "degenerate"),
    ("x**3 + y**2", (5e-4, 0.0), "degenerate"),
    ("x**2 + y**3", (0, 0), "degenerate"),
    ("x**4 - y**4", (0, 0), "degenerate"),
    ("x**3 - 3*x*y**2", (0, 0), "degenerate"),
    ("5 + 0*x", 0.3, "degenerate"),
    ("floor(x)", 0.5, "degenerate"),
    ("(x - y)**2", (1.5, 1.5), "trough"),
    ("x**2 + 0*y", (0.0, 0.5), "trough"),
    ("1e12 + x**2", 0.0, "minimum"),  # f's own digits are too few to show it
    ("x**2 - y**2", (1e-9, 0.0), "saddle"),
    ("x**2 - 1e-4*y**2", (0, 0), "saddle"),
    ("x**3 - 3*x*y**2", (1e-3, 0.0), "degenerate"),  # not the saddle that its Hessian pretends
    ("exp(-x)", 20.0, "plain"),
    ("exp(-x**2 - y**2)", (2.9, 2.9), "plain"),
    ("log(x)", 1e9, "plain"),
    ("arctan(x)", 1e4, "plain"),
    ("1/x", 4e17, "plain"),
    ("1/x**2", 3e12, "plain"),
    ("x**2 + 1e-7*y", (0, 0), "plain"),
    ("1e-8*x", 0.0, "plain"),
]


@pytest.mark.parametrize(("text", "point", "word"), HIGHER)
def test_the_neighbours_are_asked(text, point, word):
    assert kind(ScalarField(text), point) == word


@pytest.mark.parametrize("name", catalog)
def test_the_minima_of_the_catalogue_are_minima(name):
    field = catalog[name].field
    for minimum in catalog[name].minima:
        beside = np.array(minimum) + 1e-9
        expected = "trough" if name == "trough" else "minimum"
        assert kind(field, beside) == expected or name == "ackley"


@given(st.integers(-3, 2), st.floats(-2, 2), st.floats(0.01, 50))
def test_the_size_of_a_bowl_does_not_matter(exponent, middle, ratio):
    scale = 10.0**exponent
    field = ScalarField(f"{scale}*((x - ({middle:.6f}))**2 + {ratio:.4f}*(y - x)**2)")
    assert kind(field, (round(middle, 6), round(middle, 6))) == "minimum"


def test_the_point_beside_is_where_the_slope_vanishes():
    ground = ground_of(ScalarField("x**2 - y**2 + x*y"))
    assert nearby(ground, 1e-3, -2e-3) == pytest.approx([0, 0], abs=1e-15)
    assert list(nearby(ground_of(ScalarField("5 + 0*x")), 0.3)) == [0.3]


# ── the minimum downhill ─────────────────────────────────────────────────────────────────────────


def starts(example, count=5):
    """The start, and a grid of others over the domain."""
    axes = [
        np.linspace(low, high, count + 2)[1:-1] + 0.0137 * (high - low)
        for low, high in example.intervals
    ]
    return [example.start, *np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))]


@pytest.mark.parametrize("name", catalog)
def test_what_is_found_downhill_is_a_minimum_and_lower(name):
    example = catalog[name]
    field = example.field
    found = 0
    for start in starts(example):
        minimum = minimum_below(field, start)
        if minimum is None:
            continue
        found += 1
        if is_corner(field, minimum):
            assert is_lowest(field, np.array(minimum))
        else:
            values = eigenvalues(field, minimum)
            assert np.linalg.norm(field.gradient(minimum)) <= 1e-8 * max(1, np.max(np.abs(values)))
            assert values[0] >= -1e-9 * max(1, np.max(np.abs(values)))
        assert field.value(minimum) <= field.value(start) + 1e-12
    if name in ("saddle", "monkey saddle", "hill", "bell", "ramp"):
        assert found == 0
    elif name not in ("corner", "ackley", "beale", "peaks", "cubic"):
        assert found == len(starts(example))
    else:
        assert found > 0


@pytest.mark.parametrize("name", ["bowl", "valley", "rosenbrock", "booth", "matyas", "ellipsoid"])
def test_the_only_minimum_is_found_from_everywhere(name):
    example = catalog[name]
    for start in starts(example):
        found = minimum_below(example.field, start)
        assert found == pytest.approx(example.minima[0], abs=1e-6)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x", 1.0),
        ("x**3", 1.0),
        ("x**3", 0.0),
        ("x**3 + y**2", (1.0, 1.0)),
        ("exp(-x**2 - y**2)", (0.8, 0.4)),
        ("exp(-x**2 - y**2)", (0.0, 0.0)),
        ("exp(-x)", 0.0),
        ("1/x", 1.0),
        ("log(x)", 1.0),
        ("-x**2", 1.0),
        ("5", (1.0, 1.0)),
        ("log(x)", -1.0),
        ("-sqrt(x**2 + y**2)", (0.0, 0.0)),
        ("abs(x) - abs(y)", (0.0, 0.0)),
        ("max(0, x)", 1.0),
        ("x**2 - y**2", (0.0, 0.0)),
    ],
)
def test_where_there_is_no_minimum_none_is_found(text, start):
    assert minimum_below(ScalarField(text), start) is None


FLATTENING = ["exp({k}*x)", "exp(-{k}*x)", "tanh({k}*x)", "log(1 + exp({k}*x))", "sigmoid(-{k}*x)"]


@pytest.mark.parametrize("text", FLATTENING)
@given(st.floats(0.5, 8), st.floats(-1, 1), st.floats(-2, 2), st.floats(0.1, 5))
@settings(max_examples=12)
def test_where_f_only_flattens_out_there_is_no_minimum(text, k, x, y, bend):
    """However steep, from wherever, and whatever it is added to."""
    field = ScalarField(f"{text.format(k=round(k, 2))} + {round(bend, 2)}*y^2")
    assert minimum_below(field, (x, y)) is None


@pytest.mark.parametrize("start", [(1, 1), (-1, 1), (0.5, 2), (2, -1)])
def test_a_jump_far_away_is_no_minimum(start):
    assert minimum_below(ScalarField("arctan2(y, x)"), start) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("max(0, x)^2 + y^2", (0, 0)),
        ("(x - y)^2 + 1e-3*x^4", (0, 0)),
        ("exp(3*x) - 3*x + y^2", (0, 0)),
        ("log(1 + exp(5*x)) + log(1 + exp(-5*x)) + y^2", (0, 0)),
        ("log(1 + exp(10*x)) - x/10 + y^2", (math.log(1 / 99) / 10, 0)),
    ],
)
def test_beside_a_side_that_flattens_out_a_minimum_is_found(text, place):
    found = minimum_below(ScalarField(text), (1.0, 1.0))
    assert found == pytest.approx(place, abs=2e-3)


@pytest.mark.parametrize(
    ("text", "start", "place"),
    [
        ("(x - 1)**2", 1.0, 1.0),  # it begins there
        ("x**4", 1.0, 0.0),
        ("x*log(x)", 1.0, np.exp(-1)),
        ("x - log(x)", 2.9, 1.0),
        ("(x**2 - 1)**2", 0.1, 1.0),
        ("(x**2 - 1)**2", -0.1, -1.0),
        ("(x - 50)**2", 0.0, 50.0),
        ("abs(x)", 0.0, 0.0),
    ],
)
def test_the_minimum_downhill_is_found(text, start, place):
    assert minimum_below(ScalarField(text), start) == pytest.approx((place,), abs=1e-3)


def partly(x):
    if x < 0:
        raise ValueError("undefined")
    return (x - 1) ** 2


def nowhere(x):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("function", "start", "expected"),
    [(partly, 3.0, 1.0), (partly, -1.0, None), (nowhere, 1, None)],
)
def test_a_callable_that_raises_is_no_obstacle(function, start, expected):
    found = minimum_below(ScalarField(function), start)
    assert found == (None if expected is None else pytest.approx((expected,)))
