"""The derivative explorer: x and h by hand, by slider and from Python; what it costs."""

import math

import ipywidgets as ipw
import numpy as np
import pytest
import traitlets

from gradwidgets import DerivativeExplorer, PartialsExplorer, ScalarField, catalog, link
from tests.explorers.face import Face
from tests.explorers.test_base import again, assert_same_view, state

ONE = {name for name, example in catalog.items() if len(example.variables) == 1}


@pytest.fixture
def explorer():
    return DerivativeExplorer("sin(x)", point=1.2, h=0.5)


GESTURES = {
    "the point from Python": lambda f: setattr(f.explorer, "point", (0.7,)),
    "the point dragged": lambda f: f.drag(x=0.7),
    "the point's slider": lambda f: f.explorer.slider("x").set_state({"value": 0.7}),
    "the step from Python": lambda f: setattr(f.explorer, "h", 0.25),
    "the step dragged": lambda f: f.drag(h=0.25),
    "the step typed": lambda f: f.drag(h=1e-8),
    "both at once": lambda f: f.drag(x=0.7, h=0.25),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
def test_one_gesture_computes_nothing_until_it_is_asked_for(explorer, gesture, computed, presented):
    face, before = Face(explorer), (explorer.point, explorer.h)
    computed.clear(), presented.clear()
    gesture(face)
    assert (explorer.point, explorer.h) != before
    assert (computed, presented) == ([], [])
    assert face.numbers["point"][0] == explorer.scene["point"][0] == explorer.point[0]
    now = pytest.approx(math.log10(explorer.h))
    assert face.numbers["now"][0] == explorer.scene["now"][0] == now
    assert computed == [(*explorer.point, explorer.h)]
    assert face.values["h"] == explorer.h
    assert face.agrees()


def test_shrinking_h_turns_the_secant_into_the_tangent(explorer):
    off = []
    for h in (1.0, 1e-2, 1e-4, 1e-8):
        explorer.h = h
        off.append(abs(explorer.scene["slopes"][5] - math.cos(1.2)))
    assert off == sorted(off, reverse=True)
    assert off[-1] < 1e-7


def test_it_speaks_of_point_and_slope(explorer):
    assert explorer.scene.captions[0] == "At x = 1.20: f = 0.932, slope 0.362."


@pytest.mark.parametrize("kind", ["backward", "central"])
def test_another_difference_is_told_once_and_not_computed(explorer, kind, presented, computed):
    face = Face(explorer)
    presented.clear(), computed.clear()
    face.set("difference", kind)
    assert explorer.difference == kind
    assert (computed, len(presented)) == ([], 1)
    x, h = 1.2, 0.5
    wanted = {
        "backward": (math.sin(x) - math.sin(x - h)) / h,
        "central": (math.sin(x + h) - math.sin(x - h)) / (2 * h),
    }
    assert explorer.scene["slopes"][5] == pytest.approx(wanted[kind], rel=1e-12)
    explorer.difference = "forward"
    assert face.seen["difference"] == "forward"


@pytest.mark.parametrize("kind", ["sideways", "", None, 3])
def test_other_differences_are_refused(explorer, kind):
    before = state(explorer)
    with pytest.raises(traitlets.TraitError):
        explorer.difference = kind
    assert state(explorer) == before


@pytest.mark.parametrize("h", [0.0, -1.0, math.inf, math.nan, "small"])
def test_a_step_is_a_number_above_0(explorer, h):
    with pytest.raises(traitlets.TraitError):
        explorer.h = h
    assert explorer.h == 0.5
    with pytest.raises(traitlets.TraitError):
        DerivativeExplorer("sin(x)", h=h)


def test_it_opens_with_a_step_of_the_domain_s_size():
    small = DerivativeExplorer("x^2", domain={"x": (0, 1e-7)})
    assert small.h == pytest.approx(1e-8)
    assert "slope 1.33·10⁻⁷" in small.scene.captions[0]
    small.close()


def test_the_step_stays_on_its_slider(explorer):
    explorer.h = 100.0
    assert explorer.h == 2.0
    assert explorer.slider("h").max == pytest.approx(math.log10(2))
    explorer.h = 1e-30
    assert explorer.h == 1e-12
    explorer.h = 1.5
    explorer.domain = {"x": (0.9, 1.5)}
    assert explorer.h == 0.2
    explorer.domain = {"x": (-1e5, 1e5)}
    assert explorer.h == 0.2
    assert explorer.slider("h").max == pytest.approx(math.log10(6e4))


# ── which functions ──────────────────────────────────────────────────────────────────────────────


def test_its_menu_has_the_functions_of_one_variable(explorer):
    face = Face(explorer)
    assert set(face.examples) == ONE
    assert {"wave", "corner", "cubic", "bell", "ramp"} <= ONE


@pytest.mark.parametrize("key", sorted(ONE))
def test_every_example_opens_at_its_start(key):
    explorer = DerivativeExplorer("x**7", point=0.5)
    face = Face(explorer)
    face.choose(key)
    assert face.message == ""
    assert (explorer.field.text, explorer.point) == (catalog[key].text, catalog[key].start)
    assert explorer.scene.captions[0].startswith("At x = ")


@pytest.mark.parametrize("text", ["x*y", "h**2", "x + "])
def test_what_it_can_t_show_is_told_and_the_picture_stays(explorer, text):
    face = Face(explorer)
    before = state(explorer)
    face.type(text)
    assert "<span role='alert'>" in face.message
    assert state(explorer) == before
    with pytest.raises(
        ValueError, match=r"one variable|step of the difference|ends|missing|number"
    ):
        DerivativeExplorer(text)


def test_a_number_alone_is_a_constant_function(explorer):
    face = Face(explorer)
    face.type("5")
    assert explorer.field.variables == ("x",)
    assert explorer.scene["slope"][1] == 0
    constant = DerivativeExplorer("5")
    assert constant.field.variables == ("x",)
    assert_same_view(again(constant), constant)


def test_another_variable_keeps_step_and_difference(explorer):
    face = Face(explorer)
    explorer.difference = "central"
    face.type("t**2")
    assert (explorer.h, explorer.difference) == (0.5, "central")
    assert list(face.values) == ["t", "h"]
    face.drag(t=1.0)
    assert explorer.scene.captions[0] == "At t = 1.00: f = 1.00, slope 2.00."


def test_a_callable_can_be_shown():
    explorer = DerivativeExplorer(lambda t: t * t * t, point=2.0, h=0.5, difference="central")
    assert explorer.scene["slopes"][5:] == pytest.approx((12.25, 12.0))


# ── the panel has room for the point ─────────────────────────────────────────────────────────────


def test_the_curve_s_panel_grows_where_the_point_would_leave_it(presented):
    explorer = DerivativeExplorer("exp(2*x)", point=0.0)
    face = Face(explorer)
    low, high = explorer.scene.panel("curve").y
    presented.clear()
    face.drag(x=0.5)
    assert face.numbers["curve range"].tolist()[2:] == [low, high]
    face.drag(x=2.5)
    assert face.numbers["curve range"][3] > math.exp(5) > high
    assert presented == []
    assert face.panels["curve"]["y"] == face.numbers["curve range"].tolist()[2:]
    assert explorer.scene.panel("curve").y[1] > math.exp(5) > high
    face.drag(x=0.0)
    assert explorer.scene.panel("curve").y == (low, high)


def test_where_f_is_undefined_it_says_so(presented):
    explorer = DerivativeExplorer("log(x)")
    face = Face(explorer)
    presented.clear()
    face.drag(x=-1.0)
    assert explorer.scene.captions == ["At x = −1.00: f is undefined."]
    face.drag(x=1.0)
    assert explorer.scene.captions[0] == "At x = 1.00: f = 0.000, slope 1.00."


# ── what all explorers can ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "make",
    [
        lambda: DerivativeExplorer(),
        lambda: DerivativeExplorer("exp(x)", point=1, h=6e-6, difference="central"),
        lambda: DerivativeExplorer(ScalarField("t**3", {"t": (-1, 5)}), point=(2,)),
    ],
)
def test_code_makes_the_view_again(make):
    explorer = make()
    assert_same_view(again(explorer), explorer)


def test_reset_brings_everything_back(explorer):
    face = Face(explorer)
    before = explorer.code()
    face.drag(x=-2.0, h=1e-5)
    explorer.difference = "central"
    face.reset()
    assert explorer.code() == before


def test_it_can_be_linked_with_slices(explorer):
    slices = PartialsExplorer("x**2")
    together = link(explorer, slices)
    Face(slices).drag(x=0.5)
    assert explorer.point == (0.5,)
    assert slices.field.text == "sin(x)"
    together.unlink()


@pytest.mark.parametrize("h", [math.nan, math.inf, -1.0, 1e308, "0.1", None, True])
def test_a_hostile_step_does_nothing_or_stays_on_the_slider(explorer, h):
    explorer.set_state({"h": h})
    assert explorer.h in (0.5, 1e-12, 2.0)


def test_closed_it_leaves_nothing_behind():
    registered = ipw.widgets.widget._instances
    DerivativeExplorer().close()  # what is made once and kept
    before = set(registered)
    for _ in range(5):
        explorer = DerivativeExplorer("x**3", point=1.0)
        Face(explorer).drag(x=0.5, h=0.1)
        explorer.difference = "central"
        explorer.close()
        assert set(registered) == before


def test_its_figure_has_all_panels(explorer):
    assert len(explorer.figure().axes) == 5


def test_home_is_the_opening(explorer):
    face = Face(explorer)
    face.drag(x=-2.0, h=0.3)
    explorer.difference = "central"
    home = {name: face.control(name)["start"] for name in face.values}
    assert home == {"x": 1.2, "h": 0.5}
    assert np.isfinite(explorer.scene["end"]).all()


def test_an_empty_text_box_suggests_a_formula_that_can_be_shown(explorer):
    face = Face(explorer)
    suggested = face.seen["_form"]["text"]["placeholder"].removeprefix(
        "type a formula, for example "
    )
    explorer.field = suggested
    assert explorer.field.variables == ("x",)
