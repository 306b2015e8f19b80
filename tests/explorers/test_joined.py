"""ipywidgets' own sliders and text boxes beside an explorer: they and it follow one another."""

import math

import ipywidgets as ipw
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets import GradientExplorer, PartialsExplorer
from gradwidgets.explorers.joined import meant, says_nothing_new
from gradwidgets.pictures.control import Control
from tests.explorers.face import Face
from tests.explorers.rated import RatedExplorer

BOWL = "x**2 + 10*y**2"


def slide(slider, value):
    """What the page's slider tells."""
    slider.set_state({"value": value})


@pytest.fixture
def rated():
    return RatedExplorer(BOWL, point=(1, 2))


# ── what is made ─────────────────────────────────────────────────────────────────────────────────


def test_a_slider_is_its_control():
    made = GradientExplorer(BOWL, point=(1, 2)).slider("x")
    assert isinstance(made, ipw.FloatSlider)
    assert (made.min, made.max, made.step, made.value) == (-3, 3, 0.01, 1)
    assert (made.description, made.readout_format) == ("x", ".2f")


def test_a_logarithmic_control_has_a_slider_of_exponents(rated):
    made = rated.slider("rate")
    assert isinstance(made, ipw.FloatLogSlider)
    assert (made.min, made.max, made.step, made.value) == (-4, 1, 0.01, pytest.approx(0.1))
    assert made.description == "learning rate"


def test_a_cyclic_control_has_one():
    made = GradientExplorer(BOWL, view="both").slider("azimuth")
    assert (made.min, made.max) == (-180, 180)


def test_what_can_not_be_chosen_has_no_slider():
    with pytest.raises(ValueError, match=r"'rate' is none of x, y, angle"):
        GradientExplorer(BOWL).slider("rate")


@pytest.mark.parametrize(
    ("domain", "format_"), [((0, 1e-9), ".3e"), ((1e7, 1e7 + 1), ".3f"), ((0, 10), ".2f")]
)
def test_a_slider_shows_the_digits_of_its_steps(domain, format_):
    made = PartialsExplorer("x**2", domain=domain).slider("x")
    assert made.readout_format[-1] == format_[-1]


def test_the_browser_is_told_what_is_joined(rated):
    face = Face(rated)
    slider, text = rated.slider("rate"), rated.text()
    assert face.seen["_joined"] == [
        {"model": f"IPY_MODEL_{slider.model_id}", "control": "rate"},
        {"model": f"IPY_MODEL_{text.model_id}", "trait": "formula"},
    ]


# ── both ways ────────────────────────────────────────────────────────────────────────────────────


def test_a_slider_moves_a_coordinate_and_follows_it():
    explorer = GradientExplorer(BOWL, point=(1, 2))
    face, made = Face(explorer), explorer.slider("x")
    slide(made, 1.5)
    assert explorer.point == (1.5, 2.0)
    explorer.point = (-0.5, 0.0)
    assert made.value == -0.5
    face.drag(x=0.25)
    assert made.value == 0.25
    assert face.agrees()


def test_a_slider_moves_an_option_and_follows_it():
    explorer = GradientExplorer(BOWL, view="both")
    for name in ("angle", "azimuth"):
        made = explorer.slider(name)
        slide(made, 45.0)
        assert getattr(explorer, name) == 45.0
        setattr(explorer, name, 60.0)
        assert made.value == 60.0


def test_a_slider_of_exponents_moves_its_control_and_follows_it(rated):
    made = rated.slider("rate")
    slide(made, 10**-1.5)
    assert rated.rate == 0.0316
    rated.rate = 0.2
    assert made.value == 0.2
    slide(made, 10**0.5)
    assert rated.rate == 3.16


def test_two_sliders_of_one_control_stay_in_step(rated):
    one, other = rated.slider("rate"), rated.slider("rate")
    slide(one, 0.01)
    assert (rated.rate, other.value) == (0.01, 0.01)


def test_a_slider_without_a_picture_that_has_its_control_is_not_heard():
    explorer = GradientExplorer(BOWL, view="both")
    made = explorer.slider("azimuth")
    explorer.view = "map"
    before = explorer.azimuth
    slide(made, 10.0)
    assert explorer.azimuth == before
    explorer.view = "both"
    slide(made, 20.0)
    assert explorer.azimuth == 20


def test_a_slider_follows_to_another_range():
    explorer = GradientExplorer(BOWL, point=(1, 2))
    made = explorer.slider("x")
    explorer.domain = {"x": (10, 20)}
    assert (made.min, made.max, made.value) == (10, 20, explorer.point[0])
    assert explorer.point[0] == 10
    made.max = 15  # a teacher's own end stays
    explorer.point = (12, 0)
    assert (made.max, made.value) == (15, 12)


# ── no more than rounding ────────────────────────────────────────────────────────────────────────


def test_the_page_s_rounding_of_our_own_value_is_not_heard(rated):
    x, rate = rated.slider("x"), rated.slider("rate")
    rated.point, rated.rate = (math.pi / 3, 0.0), 0.0123
    slide(x, 1.05)
    for slip in (1, -1, 5):
        slide(rate, 10**-1.91 * (1 + slip * 2e-16))
    assert (rated.point, rated.rate) == ((math.pi / 3, 0.0), 0.0123)
    slide(x, 1.06)
    slide(rate, 10**-1.90)
    assert (rated.point, rated.rate) == ((1.06, 0.0), 0.0126)


CONTROLS = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-2, 1e4), st.floats(0, 1), st.floats(0, 1))


@given(CONTROLS)
def test_another_step_is_always_heard_and_the_nearest_never(drawn):
    low, width, share, there = drawn
    slider = ipw.FloatSlider(min=low, max=low + width, step=width / 500)
    now = low + share * width
    near = min(low + round((now - low) / slider.step) * slider.step, slider.max)
    assert says_nothing_new(slider, now, near)
    other = low + round(there * 500) * slider.step
    assert says_nothing_new(slider, now, other) == (abs(other - near) < slider.step / 2)
    slider.close()


@pytest.mark.parametrize(
    ("scale", "told", "value"),
    [
        ("linear", 0.30000000000000004, 0.3),
        ("linear", 0.12345, 0.12345),
        ("linear", 99.0, 10.0),
        ("log", 10**-0.5, 0.316),
        ("log", 1e-9, 1e-3),
    ],
)
def test_what_a_slider_means_has_no_digit_of_its_rounding(scale, told, value):
    assert meant(Control("a", "a", 1e-3, 10.0, 0.01, 1.0, scale), told) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_wild_slider_leaves_a_value_that_can_be(rated, value):
    made = rated.slider("rate")
    slide(made, value)
    assert 1e-4 <= rated.rate <= 10
    slide(made, 0.5)
    assert rated.rate == 0.5


def test_one_slide_is_one_change(rated):
    settled = []
    rated.settled.register_callback(settled.append)
    made = rated.slider("rate")
    settled.clear()
    slide(made, 0.01)
    assert len(settled) == 1


# ── where the browser follows ────────────────────────────────────────────────────────────────────


def test_python_says_nothing_of_what_a_browser_that_follows_knows(rated, sent):
    face = Face(rated)
    made, text = rated.slider("rate"), rated.text()
    face.tell(_following=True)
    face.clear(), sent.clear()
    slide(made, 0.01)
    assert (rated.rate, face.messages) == (0.01, [])
    face.tell(rate=0.5)
    assert made.value == 0.5
    assert not [names for widget, names in sent if widget is made]
    text.set_state({"value": "x*y"})
    assert rated.field.text == "x*y"
    assert not [one for one in face.updates if "formula" in one]
    rated.rate = 0.2  # nobody but Python knows
    assert made.value == 0.2
    assert face.seen["rate"] == 0.2


def test_without_one_both_are_told(rated, sent):
    face, made = Face(rated), rated.slider("rate")
    face.clear(), sent.clear()
    slide(made, 0.01)
    assert face.updates == [{"rate"}] or {"rate"} <= set().union(*face.updates)
    face.tell(rate=0.5)
    assert [names for widget, names in sent if widget is made] == [{"value"}]
    assert face.agrees()


# ── the text box ─────────────────────────────────────────────────────────────────────────────────


def test_a_text_box_and_the_formula_follow_one_another():
    explorer = GradientExplorer(BOWL)
    face, box = Face(explorer), explorer.text()
    assert (box.value, box.continuous_update) == (BOWL, False)
    box.set_state({"value": "x*y"})
    assert (explorer.field.text, face.text) == ("x*y", "x*y")
    face.type("x +")
    assert box.value == "x +"
    box.set_state({"value": "x + "})
    assert "missing" in face.message
    face.reset()
    assert box.value == explorer.formula == "x*y"
    face.choose("saddle")
    assert box.value == gw.catalog["saddle"].text


# ── ipywidgets' own ways ─────────────────────────────────────────────────────────────────────────


def test_link_and_observe_work_with_an_option(rated):
    slider, seen = ipw.FloatSlider(0.5, min=0.0, max=1.0), []
    link = ipw.link((slider, "value"), (rated, "rate"))
    rated.observe(lambda change: seen.append(change["new"]), "rate")
    slider.value = 0.25
    assert rated.rate == 0.25
    Face(rated).drag(rate=0.75)
    assert (slider.value, seen) == (0.75, [0.25, 0.75])
    link.unlink()


def test_every_option_can_be_linked_in_the_browser(rated):
    made = ipw.jslink((ipw.FloatSlider(), "value"), (rated, "rate"))
    assert made.target == (rated, "rate")
    assert all(rated.trait_metadata(name, "sync") for name in ("rate", "point", "formula"))


def test_a_closed_explorer_leaves_its_slider_in_peace(rated):
    made = rated.slider("rate")
    rated.close()
    slide(made, 0.01)
    assert made.comm is not None
