"""Descent and race open wherever f has a value, and the loss has an axis that fits."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import gradwidgets
from gradwidgets import DescentExplorer, RaceExplorer, ScalarField
from gradwidgets.calculus.catalog import catalog
from tests.explorers.face import Face

HARD = [
    *("sqrt(x)", "log(x)", "1/x", "x^x", "tan(x)", "log(log(x))", "exp(1/x)", "abs(x)**1.5"),
    *("where(x>0, log(x), 0)", "log(x - 2.9)", "1e200*x", "5", "1e-200*x^2", "exp(x^5)"),
    *("sqrt(x) + y^2", "sqrt(x - 1)*log(y)", "arcsin(x) + y", "1/(x*y)", "sqrt(1 - x^2 - y^2)"),
    *("log(x - 2.9) + log(y - 2.9)", "sqrt(x^2 + y^2)", "abs(x) + abs(y)", "max(x, y)"),
    *(
        "1/(x^2 + y^2)",
        "exp(exp(x*y))",
        "sqrt(x)*sqrt(y)",
        "1e200*x*y",
        "1e-200*(x^2 + y^2)",
        "1e-300*x*y",
        "1e300*x*y",
    ),
]


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("kind", [DescentExplorer, RaceExplorer])
def test_it_opens_with_finite_axes(kind, text):
    explorer = kind(text, steps=20)
    for panel in explorer.scene.panels:
        assert np.isfinite([*panel.x, *panel.y]).all()
        assert panel.y[0] < panel.y[1]
    explorer.point = tuple(0.9 * x for x in explorer.point)
    assert explorer.point == pytest.approx(tuple(explorer.scene["start"][: len(explorer.point)]))


ONE, TWO = ("DerivativeExplorer", "PartialsExplorer"), ("GradientExplorer", "CurvatureExplorer")
EXTREMES = {  # where the numbers end: with every warning an error
    **dict.fromkeys(("1e308*x", "1e308*x^2", "5e-324*x"), ONE),
    **dict.fromkeys(("1e308*sin(x)*sin(y)", "1e308*x*y", "1e-310*(x^2 + 10*y^2)"), TWO),
}
OPENED = [(kind, text) for text, kinds in EXTREMES.items() for kind in kinds]
OPENED += [("DescentExplorer", text) for text in ("1e308*x", "1e308*sin(x)*sin(y)", "5e-324*x")]
OPENED += [("RaceExplorer", "1e308*x^2"), ("PartialsExplorer", "1e308*(x^2 + y^2)")]


@pytest.mark.parametrize(("kind", "text"), OPENED)
def test_it_opens_where_numbers_end(kind, text):
    explorer = getattr(gradwidgets, kind)(text)
    for panel in explorer.scene.panels:
        for low, high in (panel.x, panel.y):
            assert np.isfinite([low, high, high - low, 1 / (high - low)]).all()
    explorer.point = tuple(-0.9 * x for x in explorer.point)
    explorer.figure()
    for caption in explorer.scene.captions:
        assert not re.search("nan|inf|autograd answers", caption)


@given(
    mantissa=st.floats(1, 9.99),
    exponent=st.one_of(st.integers(300, 308), st.integers(-323, -300)),
    text=st.sampled_from(["x", "x^2", "sin(x)", "abs(x)", "sin(x)*sin(y)", "x^2 + y^2", "x*y"]),
    kind=st.sampled_from(["PartialsExplorer", "GradientExplorer", "DescentExplorer"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_size_of_f_keeps_an_explorer_from_opening(mantissa, exponent, text, kind):
    size = float(f"{mantissa}e{exponent}")
    assume(0 < size < np.inf)
    explorer = getattr(gradwidgets, kind)(f"{size!r}*({text})")
    explorer.point = tuple(0.3 * x for x in explorer.point)
    assert all(np.isfinite([*panel.x, *panel.y]).all() for panel in explorer.scene.panels)


def test_a_pole_or_an_edge_at_every_place_of_the_grid():
    explorer = DescentExplorer("sqrt(x - 2.999)*y", point=(2.9995, 1), steps=5)
    assert np.isfinite(explorer.scene.panel("loss").y).all()


# ── the axis of the loss ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["saddle", "monkey saddle", "hill"])
def test_where_there_is_no_minimum_f_itself_is_shown(name):
    explorer = DescentExplorer(catalog[name].field, point=catalog[name].start, steps=20)
    assert explorer.scene.panel("loss").title == "Loss $f$"
    low, high = explorer.scene.panel("loss").y
    shown = explorer.run.values[np.isfinite(explorer.run.values)]
    assert explorer.scene["loss"][: len(shown)] == pytest.approx(shown)
    assert low <= shown.min() <= shown.max() <= high


def test_what_falls_below_the_minimum_of_its_start_is_f_itself():
    """x³ − 3x has a minimum, and no floor."""
    explorer = DescentExplorer("x**3 - 3*x", domain={"x": (-2.2, 2.2)}, point=(0.4,), rate=0.05)
    assert explorer.scene.panel("loss").ylog
    assert explorer.scene["loss"][0] == pytest.approx(np.log10(0.4**3 - 1.2 + 2))
    explorer.point = (-1.2,)
    assert not explorer.scene.panel("loss").ylog
    explorer.point = (0.4,)
    assert explorer.scene.panel("loss").ylog


@pytest.mark.parametrize("rate", [0.101, 0.11, 0.2, 1.0, 30.0])
@pytest.mark.parametrize("loss", ["log", "linear"])
def test_the_axis_follows_a_run_that_grows(rate, loss):
    explorer = DescentExplorer("x**2 + 10*y**2", point=(2, 1), rate=0.05, steps=60, loss=loss)
    usual = explorer.scene.panel("loss").y
    explorer.rate = rate
    explorer.step = len(explorer.run)
    low, high = explorer.scene.panel("loss").y
    for name in ("loss", "slope") if loss == "log" else ("loss",):
        heights = explorer.scene[name][np.isfinite(explorer.scene[name])]
        assert heights.max() <= high or high > 300  # beyond 10³⁰⁰ no axis goes
        assert heights[-1] > low
    explorer.rate = 0.05
    assert explorer.scene.panel("loss").y == usual


def test_a_growing_axis_grows_seldom(presented):
    explorer = DescentExplorer("x**2 + 10*y**2", point=(2, 1), rate=0.1, steps=30)
    face, frames = Face(explorer), set()
    presented.clear()
    for rate in np.geomspace(0.1, 0.2, 60):
        face.drag(rate=float(rate))
        frames.add(explorer.scene.panel("loss").y)
    assert 2 <= len(frames) <= 21
    assert presented == []


@pytest.mark.parametrize("start", [(1.2, 0.3), (1.2, 1.9)])
def test_a_race_on_a_saddle_shows_f_itself(start):
    explorer = RaceExplorer("x**2 - y**2", point=start, steps=20)
    assert explorer.scene.panel("loss").title == "Loss $f$"
    low, high = explorer.scene.panel("loss").y
    for method in explorer.methods:
        heights = explorer.scene[f"loss {method}"]
        assert (low <= heights[np.isfinite(heights)]).all()
        assert (heights[np.isfinite(heights)] <= high).all()


# ── tips ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["abs(x)", "abs(x) + abs(y)", "abs(x)**1.5"])
def test_at_a_tip_no_landmark_stands_and_the_note_says_why(text):
    explorer = DescentExplorer(ScalarField(text), point=None)
    marks = [explorer.scene[f"landmark {name}"] for name in ("monotone", "best", "bound")]
    assert np.isnan(marks)[:, 0].all()
    assert "10⁹" not in explorer.scene.text("rate note")
    assert "no eigenvalue tells" in explorer.scene.text("rate note")
