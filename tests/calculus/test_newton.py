"""Critical points from a grid of starts: found, counted once, and rightly named."""

import collections

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import KINDS, critical_points

# Of every function of the catalogue: how many minima, maxima, saddles, degenerate points.
KNOWN = {
    "bowl": (1, 0, 0, 0),
    "valley": (1, 0, 0, 0),
    "saddle": (0, 0, 1, 0),
    "monkey saddle": (0, 0, 0, 1),
    "trough": (0, 0, 0, 27),
    "hill": (0, 1, 0, 0),
    "rosenbrock": (1, 0, 0, 0),
    "himmelblau": (4, 1, 4, 0),
    "beale": (1, 0, 2, 0),
    "booth": (1, 0, 0, 0),
    "matyas": (1, 0, 0, 0),
    "three-hump camel": (3, 0, 2, 0),
    "six-hump camel": (6, 2, 7, 0),
    "rastrigin": (121, 100, 220, 0),
    "ackley": (56, 64, 144, 0),
    "peaks": (3, 3, 3, 0),
    "wave": (2, 2, 0, 0),
    "cubic": (1, 1, 0, 0),
    "bell": (0, 1, 0, 0),
    "ramp": (0, 0, 0, 46),  # all of its flat half
    "corner": (0, 0, 0, 0),
    "ellipsoid": (1, 0, 0, 0),
}


@pytest.fixture(scope="module")
def found():
    return {name: critical_points(example.field) for name, example in catalog.items()}


def counts(points):
    seen = collections.Counter(one.kind for one in points)
    return tuple(seen[kind] for kind in KINDS)


def at(points, place, within=1e-6):
    """The critical point at a place."""
    (one,) = [p for p in points if np.linalg.norm(np.subtract(p.point, place)) < within]
    return one


@pytest.mark.parametrize("name", catalog)
def test_all_of_them_are_found_once_and_named(name, found):
    assert counts(found[name]) == KNOWN[name]


@pytest.mark.parametrize("name", catalog)
def test_there_the_slope_vanishes_inside_of_the_domain(name, found):
    field = catalog[name].field
    low, high = np.array(list(field.domain.values())).T
    grid = field.on_grid(*(field.axis(v, 9) for v in field.variables), order=1)
    steepest = np.nanmax(np.abs(grid.gradient))
    for one in found[name][:25]:
        assert np.linalg.norm(field.gradient(one.point)) < 1e-8 * steepest
        assert ((low <= one.point) & (np.array(one.point) <= high)).all()
        assert one.value == pytest.approx(field.value(one.point), abs=1e-12)


@pytest.mark.parametrize("name", catalog)
def test_eigenvalues_say_what_it_is(name, found):
    for one in found[name][:25]:
        values = np.array(one.eigenvalues)
        wanted = np.linalg.eigvalsh(catalog[name].field.hessian(one.point))
        assert values == pytest.approx(wanted, abs=1e-6 * max(1, np.abs(wanted).max()))
        if one.kind == "minimum":
            assert (values > 0).all()
        if one.kind == "maximum":
            assert (values < 0).all()
        if one.kind == "saddle":
            assert values[0] < 0 < values[-1]
        if one.kind == "degenerate":
            assert np.abs(values).min() < 1e-6


SMOOTH = [name for name in catalog if name not in ("ackley", "corner", "trough")]


@pytest.mark.parametrize("name", SMOOTH)
def test_the_known_minima_are_among_them(name, found):
    for place in catalog[name].minima:
        one = at(found[name], place)
        assert one.kind == one.beyond == "minimum"
        lowest = min(other.value for other in found[name])
        assert one.value == pytest.approx(lowest, abs=1e-9)


# Eigenvalues by hand: from (f_xx, f_xy, f_yy) at known critical points.
HESSIANS = [
    ("bowl", (0, 0), (2, 0, 20)),
    ("saddle", (0, 0), (2, 0, -2)),
    ("hill", (0, 0), (-2, 0, -2)),
    ("rosenbrock", (1, 1), (802, -400, 200)),
    ("himmelblau", (3, 2), (74, 20, 34)),
    ("beale", (3, 0.5), (3.15625, -11.4375, 46.125)),
    ("booth", (1, 3), (10, 8, 10)),
    ("matyas", (0, 0), (0.52, -0.48, 0.52)),
    ("three-hump camel", (0, 0), (4, 1, 2)),
    ("rastrigin", (0, 0), (2 + 40 * np.pi**2, 0, 2 + 40 * np.pi**2)),
]


@pytest.mark.parametrize(("name", "place", "second"), HESSIANS)
def test_the_eigenvalues_are_those_by_hand(name, place, second, found):
    a, b, c = second
    middle, reach = (a + c) / 2, np.hypot((a - c) / 2, b)
    wanted = (middle - reach, middle + reach)
    assert at(found[name], place).eigenvalues == pytest.approx(wanted, rel=1e-9, abs=1e-9)


# ── where the second-order test is silent ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("x**4 + y**4", "minimum"),
        ("x**2 + y**4", "minimum"),
        ("-x**4 - y**2", "maximum"),
        ("x**3 + y**2", "degenerate"),
        ("x**3 - 3*x*y**2", "degenerate"),
        ("(x - 0.3)**4 + (y + 0.7)**6", "minimum"),
    ],
)
def test_a_degenerate_point_is_one_point_and_f_itself_is_asked(text, beyond):
    (one,) = critical_points(ScalarField(text))
    assert (one.kind, one.beyond) == ("degenerate", beyond)
    wanted = (0.3, -0.7) if "0.3" in text else (0, 0)
    assert one.point == pytest.approx(wanted, abs=1e-5)


def test_a_trough_is_a_line_of_them():
    points = critical_points(catalog["trough"].field)
    assert all(one.kind == "degenerate" and one.beyond == "trough" for one in points)
    assert all(one.point[0] == 0 for one in points)
    assert np.ptp([one.point[1] for one in points]) == 4


def test_a_tilted_trough_too():
    points = critical_points(ScalarField("(x + 0.3*y)**2"))
    assert len(points) > 20
    assert {one.kind for one in points} == {"degenerate"}
    assert max(abs(one.point[0] + 0.3 * one.point[1]) for one in points) < 1e-7


def test_little_curvature_is_curvature():
    (one,) = critical_points(ScalarField("x**2 + 1e-8*y**2"))
    assert (one.kind, one.point) == ("minimum", (0.0, 0.0))


# ── none, and other kinds of functions ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["3*x + 4*y", "exp(x + y)", "1/x + y**2", "log(x) + y", "x**2 + y"]
)
def test_where_there_is_none_none_is_found(text):
    assert critical_points(ScalarField(text)) == ()


def test_a_flat_tail_is_no_critical_point():
    wide = ScalarField("exp(-x**2 - y**2)", {"x": (-6, 6), "y": (-6, 6)})
    (one,) = critical_points(wide)
    assert (one.kind, one.point) == ("maximum", pytest.approx((0, 0), abs=1e-9))


@pytest.mark.parametrize("text", ["abs(x) + y**2", "max(x, -x) + y**2", "abs(x) + x**2 + y**2"])
def test_a_kink_is_none_whatever_autograd_returns_there(text):
    assert critical_points(ScalarField(text)) == ()


def test_of_a_constant_every_point_is_one():
    points = critical_points(ScalarField("5"))
    assert len(points) == 729
    assert {one.kind for one in points} == {"degenerate"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("x**2 + y**2 + z**2", "minimum"), ("w**2 + x*y + z**2", "saddle"), ("-x**2", "maximum")],
)
def test_any_number_of_variables(text, kind):
    (one,) = critical_points(ScalarField(text))
    assert one.kind == kind
    assert one.point == pytest.approx((0,) * len(one.point), abs=1e-9)


def patchy(x, y):
    if x > 1:
        raise ArithmeticError("nothing beyond 1")
    return (x - 0.5) ** 2 + y**2


def smooth(x, y):
    return anp.sin(x) * anp.cosh(y)


def test_callables_have_them_too():
    assert [one.kind for one in critical_points(ScalarField(patchy))] == ["minimum"]
    points = critical_points(ScalarField(smooth))
    assert [one.kind for one in points] == ["saddle", "saddle"]
    assert sorted(one.point[0] for one in points) == pytest.approx([-np.pi / 2, np.pi / 2])


def test_they_come_in_the_order_of_f():
    values = [one.value for one in critical_points(catalog["peaks"].field)]
    assert values == sorted(values)
