"""Telling places of curves: found where they are, and nowhere else."""

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.sketch import branches, curves, places

KNOWN = {
    "sin(x)": [(-np.pi / 2, "minimum"), (0, "inflection"), (np.pi / 2, "maximum")],
    "x**3 - 3*x": [(-1, "maximum"), (0, "inflection"), (1, "minimum")],
    "exp(-x**2)": [(-(0.5**0.5), "inflection"), (0, "maximum"), (0.5**0.5, "inflection")],
    "x**4": [(0, "minimum")],  # f″ touches 0 and keeps its sign
    "-(x - 0.123)**4": [(0.123, "maximum")],
    "x**3": [(0, "flat")],  # f′ touches 0 and keeps its sign
    "(x - 0.123)**5": [(0.123, "flat")],
    "x**5 - x**4": [(0, "maximum"), (0.6, "inflection"), (0.8, "minimum")],
    "x**3 - 3*x + 1e6": [(-1, "maximum"), (0, "inflection"), (1, "minimum")],
    "exp(x**2)": [(0, "minimum")],  # among values up to 8000
    "x*abs(x)": [(0, "flat")],  # f″ jumps from −2 to 2
    "abs(x**2 - 1)": [(0, "maximum")],  # and two corners
    "max(sin(x), 0)": [(np.pi / 2, "maximum")],
    "tanh(50*x)": [(0, "inflection")],
    "tan(x)": [(0, "inflection")],  # at the poles f″ changes its sign, too
    "1/(x - 0.123)": [],
    "1/x": [],
    "abs(x)": [],
    "sqrt(abs(x))": [],
    "max(x, 0)": [],
    "floor(x)": [],
    "log(x)": [],
    "2*x + 1": [],
    "5": [],
    "0*x": [],
    "(x + 1)**2 - x**2 - 2*x": [],  # 1 and rounding
}


def field(text, domain=(-3, 3)):
    return ScalarField(text, {"x": domain}, ("x",))


@pytest.mark.parametrize("text", KNOWN)
def test_the_places_of_a_curve(text):
    found = places(field(text))
    assert [place.kind for place in found] == [kind for _, kind in KNOWN[text]]
    assert [place.x for place in found] == pytest.approx([x for x, _ in KNOWN[text]], abs=1e-7)


@pytest.mark.parametrize("domain", [(-2.7, 3.1), (-1.1, 8), (-100, 90)])
def test_the_places_do_not_depend_on_the_grid(domain):
    found = places(field("x**3 - 3*x", domain))
    assert found == places(field("x**3 - 3*x"))


def test_a_callable_that_branches_has_places_too():
    def wave(x):
        return anp.sin(x) if x > 0 else x

    assert [(round(x, 9), kind) for x, kind in places(ScalarField(wave))] == [
        (round(np.pi / 2, 9), "maximum")
    ]


def test_undefined_everywhere_is_without_places():
    assert places(field("log(x)", (-3, -1))) == ()


# ── branches ─────────────────────────────────────────────────────────────────────────────────────


def breaks(text, order):
    """Where a drawn curve is interrupted, beside where it is undefined."""
    made = field(text)
    x = made.axis("x", 801)
    drawn = branches(made, x, curves(made, x), order)
    at = np.flatnonzero(np.isnan(drawn[:, 1]) & np.isin(drawn[:, 0], x, invert=True))
    return drawn, [round(float(place), 6) for place in drawn[at, 0]]


@pytest.mark.parametrize(
    ("text", "order", "where"),
    [
        ("where(x < 0.123, x, x + 1)", 0, [0.123]),
        ("where(x < 0.123, x, x + 1)", 1, []),
        ("abs(x - 0.123)", 0, []),
        ("abs(x - 0.123)", 1, [0.123]),
        ("abs(x - 0.123)", 2, []),
        ("(x - 0.123)*abs(x - 0.123)", 2, [0.123]),
        ("tan(x)", 0, [-1.570796, 1.570796]),
        ("1/(x - 0.123)", 0, [0.123]),
        ("tanh(100*x)", 0, []),
        ("sin(20*x)", 2, []),
        ("x**3", 0, []),
        ("log(x)", 0, []),
        ("5", 0, []),
        ("(x + 1)**2 - x**2 - 2*x", 0, []),
    ],
)
def test_a_curve_is_broken_where_it_jumps(text, order, where):
    assert breaks(text, order)[1] == where


def test_a_step_is_drawn_up_to_its_edges():
    drawn, _ = breaks("where(x < 0.123, x, x + 1)", 0)
    gap = int(np.flatnonzero(np.isnan(drawn[:, 1]))[0])
    assert drawn[gap - 1] == pytest.approx((0.123, 0.123))
    assert drawn[gap + 1] == pytest.approx((0.123, 1.123))
    assert np.all(np.diff(drawn[:, 0]) >= 0)


@pytest.mark.parametrize("x", [-2.0, 0.3, 1.7])
def test_curves_are_the_derivatives(x):
    f, slope, bend = curves(field("x**3 - sin(2*x)"), np.array([x]))[:, 0]
    assert f == pytest.approx(x**3 - np.sin(2 * x))
    assert slope == pytest.approx(3 * x**2 - 2 * np.cos(2 * x))
    assert bend == pytest.approx(6 * x + 4 * np.sin(2 * x))
