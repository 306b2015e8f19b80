"""Scenes as data: how numbers become text, which text a label shows, what a caption says."""

from decimal import Decimal

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.pictures.scene import (
    BY_OTHERS,
    BY_X,
    BY_Y,
    GRADIENT,
    HANDLE,
    Control,
    Label,
    Layer,
    Marker,
    Panel,
    Picture,
    Scene,
    beside,
    caption,
    fill,
    format_number,
    hue,
    label_text,
    points,
    row,
)

FIGURE_SPACE = "\u2007"

# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (41, 2, "41.00"),
        (0, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (0.125, 2, "0.13"),  # a tie in binary too
        (-0.125, 2, "−0.13"),
        (1.005, 2, "1.00"),  # not a tie: the float lies below
        (0.375, 2, "0.38"),
        (-0.5, 0, "−1"),
        (999999, 0, "999999"),
        (1e6, 1, "1.0·10⁶"),
        (-2.5e7, 2, "−2.50·10⁷"),
        (1.25e300, 1, "1.3·10³⁰⁰"),
        (0.005, 2, "0.01"),
        (0.0049, 2, "4.90·10⁻³"),
        (-4e-5, 2, "−4.00·10⁻⁵"),
        (1e-13, 2, "0.00"),  # rounding's own dust
        (float("nan"), 2, "undefined"),
        (float("inf"), 2, "∞"),
        (float("-inf"), 2, "−∞"),
    ],
)
def test_a_number_for_a_reader(value, decimals, text):
    assert format_number(value, decimals) == text


@pytest.mark.parametrize("value", [9.9996e6, -9.9996e6, 9.9996e-5, 9.9999999e11])
def test_the_number_before_a_power_of_ten_has_one_digit_before_the_point(value):
    mantissa = format_number(value, 2).partition("·")[0].removeprefix("−")
    assert mantissa.index(".") == 1


def read(text):
    """The number that a reader reads."""
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    mantissa, _, exponent = text.partition("·10")
    return Decimal(mantissa.translate(powers)).scaleb(int(exponent.translate(powers) or 0))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_what_is_read_is_within_half_a_digit_of_what_was_meant(value, decimals):
    text = format_number(value, decimals)
    _, power, exponent = text.partition("·10")
    unit = Decimal(1).scaleb(-decimals)
    if power:
        unit = unit.scaleb(read("1·10" + exponent).adjusted())
    slack = abs(Decimal(value)) * Decimal("1e-15") + Decimal("1e-12")  # a float's own digits
    assert abs(read(text) - Decimal(value)) <= unit / 2 + slack
    assert "-" not in text


@given(st.floats(0.01, 999_999.0), st.integers(0, 4))
def test_a_sign_adds_one_character_and_nothing_else(value, decimals):
    assert format_number(-value, decimals) == "−" + format_number(value, decimals)


# ── text with slots ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("no slot", [1.0], "no slot"),
        ("{.0}°", [86.6], "87°"),
        ("f = {.2}, slope {.1}", [41, 2.25], "f = 41.00, slope 2.3"),
        ("{6.1}|", [4], FIGURE_SPACE * 3 + "4.0|"),
        ("{6.1}|", [-41], FIGURE_SPACE + "−41.0|"),
        ("{2.1}|", [1234.5], "1234.5|"),
        ("{.1@1} then {.1@0} then {.1@1}", [1, 2], "2.0 then 1.0 then 2.0"),
        ("{.1@1}, {.1}, {.1}", [1, 2], "2.0, 1.0, 2.0"),
        ("{.0}", [float("nan")], "undefined"),
        ("{x} {} {2}", [], "{x} {} {2}"),  # not slots
    ],
)
def test_values_go_into_their_slots(template, values, text):
    assert fill(template, values) == text


@given(st.floats(-99_999.0, 99_999.0).filter(lambda v: v == 0 or abs(v) > 0.05))
def test_a_wide_slot_never_jumps(value):
    assert len(fill("{8.1}", [value])) == 8


@pytest.mark.parametrize(
    ("choice", "text"), [(0, "first 1.5"), (1, "second 2.5"), (-1, ""), (-0.9, "first 1.5")]
)
def test_a_label_shows_the_text_that_its_numbers_choose(choice, text):
    label = Label(name="l", panel="p", texts=("first {.1}", "second {.1@1}"))
    assert label_text(label, np.array([0, 0, 0, 0, choice, 1.5, 2.5])) == text


# ── scenes and pictures ──────────────────────────────────────────────────────────────────────────

PANEL = Panel("map", (0.0, 1.0), (0.0, 1.0))
MARKS = (
    Marker(name="dot", panel="map", moves=("a", "b")),
    Label(name="beside", panel="map", texts=("a = {.1}",)),
    Label(name="said", panel="", texts=("a is {.1}.", "a is negative.")),
    Label(name="hidden", panel="", texts=("never",)),
)


def compute(a, b):
    return {
        "dot": row(a, b),
        "beside": beside((a, b), (1.0, 0.0), a > 0, a),
        "said": caption(anp.where(a < 0, 1.0, 0.0), a),
        "hidden": caption(-1.0),
    }


PICTURE = Picture((PANEL,), Layer(), MARKS, (), compute)


@pytest.mark.parametrize(
    ("a", "captions", "beside"),
    [(2, ["a is 2.0."], "a = 2.0"), (-2, ["a is negative."], "")],
)
def test_a_scene_tells_its_captions_in_order_and_leaves_hidden_ones_out(a, captions, beside):
    scene = PICTURE.scene((a, 5))
    assert scene.captions == captions
    assert scene.text("beside") == beside
    assert scene.text("hidden") == ""


def test_a_scene_holds_float_arrays_that_stay():
    scene = PICTURE.scene((1, 5))
    assert list(scene.numbers) == [mark.name for mark in MARKS]
    assert all(scene[name].dtype == float for name in scene.numbers)
    assert scene["dot"].tolist() == [1.0, 5.0]
    assert scene.panel("map") is PANEL
    with pytest.raises(TypeError):
        scene.numbers["dot"] = np.zeros(2)


def test_a_scene_is_quiet_where_numbers_overflow():
    picture = Picture((PANEL,), Layer(), MARKS[:1], (), lambda a: {"dot": row(1 / a, anp.exp(a))})
    assert picture.scene([0.0])["dot"].tolist() == [np.inf, 1.0]
    assert picture.scene([1e9])["dot"][1] == np.inf


def test_a_line_is_one_array_of_points():
    assert points((1, 2), (3, 4), (5, 6)).tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("mark", MARKS)
def test_marks_and_panels_can_not_be_changed(mark):
    with pytest.raises(AttributeError):
        mark.color = "red"
    with pytest.raises(AttributeError):
        PANEL.title = "another"


@pytest.mark.parametrize(
    ("step", "decimals"), [(0.001, 3), (0.01, 2), (0.1, 1), (0.5, 1), (1, 0), (10, 0), (1e-9, 9)]
)
def test_a_control_shows_as_many_decimals_as_its_step(step, decimals):
    assert Control("x", "x", 0.0, 1.0, step, 0.5).decimals == decimals


def test_every_role_has_a_hue_of_its_own_and_the_handle_s_is_no_other():
    hues = [hue(index) for index in range(2 + len(BY_OTHERS))]
    assert hues[:2] == [BY_X, BY_Y]
    assert len({*hues, GRADIENT, HANDLE}) == len(hues) + 2
    assert hue(99) == BY_OTHERS[-1]


def test_two_scenes_of_one_picture_share_all_but_the_numbers():
    one, other = PICTURE.scene((1, 2)), PICTURE.scene((3, 4))
    assert isinstance(one, Scene)
    assert (one.panels, one.backdrop, one.marks) == (other.panels, other.backdrop, other.marks)
    assert one["dot"].tolist() != other["dot"].tolist()
