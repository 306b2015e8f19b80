"""Scenes as data: which text a label shows, what a caption says, what a control is."""

import math
from dataclasses import replace

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import form_of, range_of
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.ground import Contours, Sheet
from gradwidgets.pictures.marks import Label, Marker, Polyline, label_text
from gradwidgets.pictures.numbers import beside, caption, points, row
from gradwidgets.pictures.palette import BY_OTHERS, BY_X, BY_Y, GRADIENT, HANDLE, hue
from gradwidgets.pictures.panels import Panel, Space
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene

# ── text ─────────────────────────────────────────────────────────────────────────────────────────


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


CONTROLS = tuple(Control(name, name, -9.0, 9.0, 0.1, 1.0) for name in "ab")
PICTURE = Picture((PANEL,), Layer(), MARKS, CONTROLS, compute)


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


def test_controls_come_to_the_function_by_name_and_stay_in_the_scene():
    numbers = lambda b, a: {"dot": row(a, b)}  # noqa: E731
    scene = Picture((PANEL,), Layer(), MARKS[:1], CONTROLS, numbers).scene((1, 5))
    assert scene["dot"].tolist() == [1.0, 5.0]
    assert list(scene.values.items()) == [("a", 1.0), ("b", 5.0)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_scene_needs_one_value_for_each_control(count):
    with pytest.raises(ValueError, match="2 controls, and"):
        PICTURE.scene(range(count))


# What a gesture may change beside the controls: how far the map reaches to the right.
HIGH = Control("right", "right end", 1.0, 9.0, 0.1, 1.0)


def framed(a, b, right):
    half = row(a * right, b)
    return {"dot": half, "map range": row(0.0, right, 0.0, 1.0), "cuts": half / 2}


FRAMED = Picture(
    (PANEL, Panel("other", (0, 1), (0, 1))),
    Layer(),
    MARKS[:1],
    CONTROLS,
    framed,
    ambient=(HIGH,),
    outputs=("map range", "cuts"),
)


def test_ambient_numbers_have_their_present_value_or_another():
    assert FRAMED.scene((2, 5))["dot"].tolist() == [2.0, 5.0]
    assert FRAMED.scene((2, 5), {"right": 4})["dot"].tolist() == [8.0, 5.0]
    assert FRAMED.inputs((2, 5)) == (2.0, 5.0, 1.0)
    assert FRAMED.inputs((2, 5), {"right": 4}) == (2.0, 5.0, 4.0)
    assert list(FRAMED.scene((2, 5), {"right": 4}).values) == ["a", "b"]
    with pytest.raises(ValueError, match="not ambient: left"):
        FRAMED.inputs((2, 5), {"left": 4})


def test_a_program_frames_its_panels():
    assert range_of("map") == "map range"
    assert FRAMED.scene((2, 5)).panels == FRAMED.panels
    assert FRAMED.scene((2, 5)).panel("map") is PANEL
    moved = FRAMED.scene((2, 5), {"right": 4})
    assert (moved.panel("map").x, moved.panel("map").y) == ((0.0, 4.0), (0.0, 1.0))
    assert moved.panel("other") is FRAMED.panels[1]
    assert moved["cuts"].tolist() == [4.0, 2.5]


def grown(a, b, right):
    """The map reaches as far as the dot ever was."""
    return {"dot": row(a, b), "map range": row(0.0, anp.maximum(right, a), 0.0, b)}


def test_a_scene_leaves_to_the_next_what_is_kept():
    line = Polyline(name="line", panel="map", along=(0.0, 0.1, 0.7, 1.0))
    picture = Picture(
        (PANEL,),
        Layer(),
        (MARKS[0], line),
        CONTROLS,
        lambda **at: grown(**at) | {"line": np.zeros(4)},
        ambient=(HIGH,),
        outputs=("map range",),
        kept=(("right", "map range", 1),),
    )
    left = picture.left_by(picture.scene((3, 2)))
    assert left == {"right": 3.0}
    assert picture.scene((2, 2), left).panel("map").x == (0.0, 3.0)
    assert FRAMED.left_by(FRAMED.scene((2, 5))) == {}
    higher = picture.scene((1, 2), {"right": 1.0})
    assert (higher.panel("map").y, higher.marks[1].along) == ((0.0, 2.0), line.along)


def test_a_program_gives_a_panel_one_of_its_forms():
    tall = replace(PANEL, title="tall", ylog=True)
    picture = Picture(
        (replace(PANEL, others=(tall,)),),
        Layer(),
        MARKS[:1],
        CONTROLS,
        lambda a, b: {"dot": row(a, b), form_of("map"): row(a), range_of("map"): row(0, b, 0, b)},
        outputs=(form_of("map"), range_of("map")),
    )
    assert form_of("map") == "map form"
    shown = [picture.scene((form, 7)).panel("map") for form in (0, 1)]
    assert [(panel.title, panel.ylog) for panel in shown] == [(PANEL.title, False), ("tall", True)]
    assert [(panel.x, panel.y) for panel in shown] == [((0, 7), (0, 7))] * 2


def test_a_picture_may_have_the_program_of_another():
    other = replace(FRAMED, ambient=(replace(HIGH, start=4.0),), program=FRAMED)
    assert other.replayed is FRAMED.replayed
    assert other.scene((2, 5))["dot"].tolist() == [8.0, 5.0]


def test_an_ambient_number_is_called_like_no_control():
    with pytest.raises(ValueError, match="Here a is a control"):
        Picture((PANEL,), Layer(), MARKS, CONTROLS, compute, ambient=CONTROLS[:1])


def test_two_controls_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Here a is a control: give the variable another name"):
        Picture((PANEL,), Layer(), MARKS, (*CONTROLS, CONTROLS[0]), compute)


def test_a_label_in_a_space_has_three_numbers_to_a_place():
    space = Space(np.zeros(2), np.zeros(2), np.zeros((2, 2)), (), 0.0, (0.0, 0.0), (1.0, 1.0))
    panels = (PANEL, Panel("box", (-1, 1), (-1, 1), space=space))
    texts = {"texts": ("no", "{.1}")}
    marks = (
        Label(name="in it", panel="box", **texts),
        Label(name="on it", panel="box", pinned=True, **texts),
        Label(name="beside it", panel="map", **texts),
        Label(name="below", panel="", **texts),
    )
    numbers = {mark.name: row(0, 0, 0, 0, 1, 2.5) for mark in marks}
    numbers["in it"] = beside((1, 2, 3), (0, 0, 1), True, 0.0)
    scene = Scene(panels, Layer(), marks, numbers)
    assert [scene.axes(mark) for mark in marks] == [3, 2, 2, 2]
    assert [scene.text(mark.name) for mark in marks] == ["no", "2.5", "2.5", "2.5"]


def test_a_scene_is_quiet_where_numbers_overflow():
    dot = lambda a: {"dot": row(1 / a, anp.exp(a))}  # noqa: E731
    picture = Picture((PANEL,), Layer(), MARKS[:1], CONTROLS[:1], dot)
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


RATE = Control("rate", "rate", 1e-4, 10.0, 0.01, 0.1, "log")


@pytest.mark.parametrize(
    ("control", "coordinate", "value"),
    [
        (Control("x", "x", -3.0, 3.0, 0.01, 0.5), 0.123456789, 0.123456789),
        (Control("x", "x", -3.0, 3.0, 0.01, 0.5), 4.0, 3.0),
        (Control("x", "x", -3.0, 3.0, 0.01, 0.5), -4.0, -3.0),
        (RATE, -1.0, 0.1),
        (RATE, math.log10(0.2), 0.2),
        (RATE, math.log10(0.00037), 0.00037),
        (RATE, 5000.0, 10.0),
        (RATE, -5000.0, 1e-4),
    ],
)
def test_a_control_has_a_value_at_every_place_of_its_axis(control, coordinate, value):
    assert control.at(coordinate) == value


@pytest.mark.parametrize(
    ("options", "handle", "tick"),
    [
        ({}, False, False),
        ({"moves": ("a", None)}, True, False),
        ({"moves": (None, "a")}, True, False),
        ({"sets": ("a", None)}, False, True),
        ({"sets": ("a", "b")}, False, True),
    ],
)
def test_a_marker_is_a_handle_a_tick_or_neither(options, handle, tick):
    mark = Marker(name="m", panel="p", **options)
    assert (mark.handle, mark.tick) == (handle, tick)


def test_panels_with_level_curves_can_be_compared():
    grid, values = np.linspace(0, 1, 3), np.zeros((3, 3))
    one, other = (Contours(lambda: Sheet(grid, grid, values), (0.0, 1.0)) for _ in range(2))
    panels = [Panel("map", (0, 1), (0, 1), contours=contours) for contours in (one, one, other)]
    assert panels[0] == panels[1]
    assert panels[0] != panels[2]


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


def test_a_picture_says_why_the_browser_has_no_program_of_it():
    branching = gradient_picture(ScalarField(lambda x, y: x * y if x > 0 else x - y))
    assert "if" in branching.why_python((1.0, 2.0, 30.0))
    assert gradient_picture(ScalarField("x*y")).why_python((1.0, 2.0, 30.0)) == ""
