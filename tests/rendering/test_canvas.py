"""The canvas's messages: numbers that come back as they went, and a client that can't do harm."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.scene import (
    Control,
    Label,
    Layer,
    Marker,
    Panel,
    Picture,
    Polyline,
    row,
)
from gradwidgets.rendering import paint
from gradwidgets.rendering.canvas import (
    NARROWEST,
    RATIO,
    SHARPEST,
    WIDEST,
    WIDTH,
    Canvas,
    usable_gesture,
    usable_press,
    usable_view,
)
from gradwidgets.rendering.wire import describe, pack

BOWL = ScalarField("x**2 + 10*y**2")
PICTURES = {
    "gradient": (gradient_picture(BOWL), (1, 2, 30)),
    "partials": (partials_picture(BOWL), (1, 2)),
}


def packed(name):
    picture, values = PICTURES[name]
    scene = picture.scene(values)
    return describe(picture, scene, paint.plan(scene.panels, 960)), pack(scene)


# ── what a client may send ───────────────────────────────────────────────────────────────────────

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("view", "usable"),
    [
        ([800, 1], (800, 1.0)),
        ([800.4, 1.25], (800, 1.25)),
        ([0, 0], (NARROWEST, 1.0)),
        ([-800, -2], (NARROWEST, 1.0)),
        ([1e9, 1e9], (WIDEST, SHARPEST)),
    ],
)
def test_a_view_is_kept_within_what_can_be_painted(view, usable):
    assert usable_view(view) == usable


@pytest.mark.parametrize(
    "view",
    [
        [],
        [800],
        [800, 1, 1],
        None,
        7,
        "wide",
        ["wide", 2],
        [None, 2],
        [[800], 2],
        [{}, 2],
        [float("nan"), 2],
        [800, float("inf")],
        [-float("inf"), 1],
        {"width": 800},
        [10**400, 1],
        [800, -(10**400)],
        [True, True],
    ],
)
def test_a_view_without_sense_is_the_usual_one(view):
    assert usable_view(view) == (WIDTH, RATIO)


@given(JSON | st.lists(JSON, min_size=2, max_size=2))
def test_any_view_can_be_painted(view):
    width, ratio = usable_view(view)
    assert isinstance(width, int)
    assert NARROWEST <= width <= WIDEST
    assert 1 <= ratio <= SHARPEST


PICTURE = PICTURES["gradient"][0]


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        ({"x": 1}, {"x": 1.0}),
        ({"x": 1, "y": -2.5, "angle": 0}, {"x": 1.0, "y": -2.5, "angle": 0.0}),
        ({"x": 99, "y": -99, "angle": 1e200}, {"x": 3.0, "y": -3.0, "angle": 360.0}),
        ({"x": 1, "z": 1, "field": "x", "__class__": 3}, {"x": 1.0}),
        ({"x": "1", "y": 2}, {"y": 2.0}),
        ({"x": None, "y": [1], "angle": {}}, {}),
        ({"x": True, "y": False}, {}),
        ({"x": float("nan"), "y": float("inf"), "angle": -float("inf")}, {}),
        ({"x": 10**400, "y": 1}, {"y": 1.0}),
        ({}, {}),
        ([1, 2], {}),
        ("x", {}),
        (None, {}),
    ],
)
def test_only_known_finite_numbers_of_a_gesture_are_used(values, usable):
    assert usable_gesture({"tick": 1, "values": values}, PICTURE) == usable


@pytest.mark.parametrize("gesture", [None, 3, "x", [], [("values", 1)], {}, {"tick": 4}])
def test_a_gesture_without_values_asks_for_nothing(gesture):
    assert usable_gesture(gesture, PICTURE) == {}


@given(st.dictionaries(st.sampled_from(["x", "y", "angle", "z"]), JSON))
def test_any_gesture_stays_within_the_controls(values):
    ranges = {control.name: (control.low, control.high) for control in PICTURE.controls}
    for name, number in usable_gesture({"values": values}, PICTURE).items():
        low, high = ranges[name]
        assert low <= number <= high
        assert type(number) is float


# ── pressed ticks ────────────────────────────────────────────────────────────────────────────────

TICKED = Picture(
    (Panel("p", (-4, 1), (0, 1), xlog=True),),
    Layer(),
    (
        Marker(name="best", panel="p", sets=("rate", None)),
        Marker(name="both", panel="p", sets=("rate", "x")),
        Marker(name="lost", panel="p", sets=("rate", "x")),
        Marker(name="none", panel="p", sets=("rate", None)),
        Marker(name="unknown", panel="p", sets=("speed", None)),
        Marker(name="handle", panel="p", moves=("rate", None)),
        Label(name="label", panel="p", texts=("",)),
    ),
    (
        Control("rate", "rate", 1e-4, 10.0, 0.01, 0.1, "log"),
        Control("x", "x", 0.0, 1.0, 0.01, 0.5),
    ),
    lambda rate, x: {
        "best": row(np.log10(2 / 3), 0.25),
        "both": row(7, 1 / 3),
        "lost": row(-1, np.nan),
        "none": np.empty((0, 2)),
        "unknown": row(-1, 0),
        "handle": row(np.log10(rate), 0),
        "label": row(0, 0, 0, 0, -1),
    },
)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("best", {"rate": pytest.approx(2 / 3, rel=1e-13)}),
        ("both", {"rate": 10.0, "x": 1 / 3}),  # within the range, and to the last digit
        ("lost", {}),
        ("none", {}),
        ("unknown", {}),
        ("handle", {}),
        ("label", {}),
        ("nobody", {}),
    ],
)
def test_a_pressed_tick_means_its_own_place(name, values):
    scene = TICKED.scene((0.1, 0.5))
    assert usable_press({"tick": 1, "values": {}, "pressed": name}, TICKED, scene) == values


@pytest.mark.parametrize("gesture", [None, 3, "best", ["pressed", "best"], {}, {"values": {}}])
def test_a_gesture_without_a_press_means_no_tick(gesture):
    assert usable_press(gesture, TICKED, TICKED.scene((0.1, 0.5))) == {}


@given(JSON)
def test_any_press_is_harmless(pressed):
    assert usable_press({"pressed": pressed}, TICKED, TICKED.scene((0.1, 0.5))) == {}


# ── the widget ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def paints(monkeypatch):
    """The sizes of all backgrounds that were painted; the painting itself is left out."""
    sizes = []

    def background(scene, width, ratio):
        sizes.append((width, ratio))
        return b"\x89PNG %d" % len(sizes), paint.plan(scene.panels, width)

    monkeypatch.setattr(paint, "background", background)
    return sizes


@pytest.fixture
def canvas(paints):
    picture, values = PICTURES["gradient"]
    return Canvas(picture, picture.scene(values))


def test_a_new_canvas_is_complete(canvas, paints):
    assert paints == [(WIDTH, RATIO)]
    assert canvas.background.startswith(b"\x89PNG")
    assert canvas.numbers == packed("gradient")[1]
    assert canvas.spec == packed("gradient")[0]


def test_another_view_is_painted_once(canvas, paints):
    canvas.set_state({"view": [500, 1.5]})
    assert paints[1:] == [(500, 1.5)]
    assert canvas.spec["width"] == 500
    canvas.set_state({"view": [500, 1.5]})
    assert len(paints) == 2


@pytest.mark.parametrize("view", [["a", "b"], [float("nan"), 1], [1e12, 1e12], [], [[], {}]])
def test_a_hostile_view_is_painted_in_a_possible_size(canvas, paints, view):
    canvas.set_state({"view": view})
    assert set(paints) <= {(WIDTH, RATIO), (WIDEST, SHARPEST)}


def test_a_move_changes_the_numbers_and_nothing_else(canvas, paints):
    before = (canvas.background, canvas.spec)
    scene = canvas.picture.scene((2, 1, 90))
    canvas.move(scene)
    assert canvas.numbers == pack(scene)
    assert (canvas.background, canvas.spec) == before
    assert len(paints) == 1
    assert canvas.scene is scene


def test_a_move_that_frames_a_panel_anew_is_painted(canvas, paints):
    scene = canvas.picture.scene((2, 1, 90))
    first, *others = scene.panels
    framed = replace(scene, panels=(replace(first, title="wider", x=(-9.0, 9.0)), *others))
    canvas.move(framed)
    canvas.move(framed)
    assert len(paints) == 2
    assert canvas.scene is framed


def test_another_picture_is_painted_once(canvas, paints):
    picture, values = PICTURES["partials"]
    canvas.show(picture, picture.scene(values))
    assert len(paints) == 2
    assert canvas.spec == packed("partials")[0]
    assert canvas.numbers == packed("partials")[1]


def with_backdrop(picture, **numbers):
    marks = tuple(Polyline(name=name, panel=picture.panels[0].name) for name in numbers)
    return replace(picture, backdrop=Layer(marks, numbers))


def shown(canvas, picture, values=(2, 1, 90)):
    canvas.show(picture, picture.scene(values))


def test_a_picture_with_the_same_background_is_not_painted_again(canvas, paints):
    before = canvas.background
    fewer = replace(canvas.picture, marks=canvas.picture.marks[:-1])
    shown(canvas, fewer)
    assert (len(paints), canvas.background) == (1, before)
    assert len(canvas.spec["marks"]) == len(fewer.marks)
    assert canvas.numbers == pack(fewer.scene((2, 1, 90)))
    canvas.set_state({"view": [500, 1.5]})
    assert paints[1:] == [(500, 1.5)]
    assert canvas.spec["width"] == 500
    shown(canvas, canvas.picture)
    assert (len(paints), canvas.spec["width"]) == (2, 500)


def test_equal_panels_and_an_equal_backdrop_are_the_same_background(canvas, paints):
    places = [np.array([[0, 0], [1, np.nan]]) for _ in range(2)]
    shown(canvas, with_backdrop(canvas.picture, line=places[0]))
    assert len(paints) == 2
    shown(canvas, with_backdrop(canvas.picture, line=places[1]))
    assert len(paints) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, panels=(replace(p.panels[0], title="another"), *p.panels[1:])),
        lambda p: replace(p, ambient=tuple(replace(c, start=3.0 * c.start) for c in p.ambient)),
        lambda p: with_backdrop(p, other=np.array([[0.0, 0.0], [1.0, 1.0]])),
        lambda p: with_backdrop(p, line=np.array([[0.0, 0.0], [1.0, 2.0]])),
        lambda p: with_backdrop(p, line=np.array([[0.0, 0.0]])),
    ],
    ids=["title", "range", "marks", "numbers", "length"],
)
def test_another_panel_or_backdrop_is_painted(canvas, paints, change):
    picture = with_backdrop(canvas.picture, line=np.array([[0.0, 0.0], [1.0, 1.0]]))
    shown(canvas, picture)
    shown(canvas, change(picture))
    assert len(paints) == 3


def test_a_background_that_could_not_be_painted_is_tried_again(canvas, paints, monkeypatch):
    another = with_backdrop(canvas.picture, line=np.array([[0.0, 0.0], [1.0, 1.0]]))
    with monkeypatch.context() as broken:
        broken.setattr(paint, "background", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shown(canvas, another)
    shown(canvas, another)
    assert len(paints) == 2


def test_a_repaint_is_one_message(canvas, monkeypatch):
    """Else the page would draw the numbers of one picture over the background of another."""
    messages = []

    def send(message, buffers=None):
        binary = {path[0] for path in message["buffer_paths"]}
        messages.append(binary | set(message["state"]))

    monkeypatch.setattr(canvas, "_send", send)
    picture, values = PICTURES["partials"]
    canvas.show(picture, picture.scene(values))
    assert messages == [{"spec", "numbers", "background"}]


def test_a_view_after_a_move_shows_where_the_point_is_now(canvas):
    scene = canvas.picture.scene((2, 1, 90))
    canvas.move(scene)
    canvas.set_state({"view": [700, 1]})
    assert canvas.numbers == pack(scene)


def test_the_front_end_is_one_module_that_imports_nothing():
    source = Canvas._esm if isinstance(Canvas._esm, str) else str(Canvas._esm)
    assert not re.search(r"^\s*import\b|\bimport\s*\(|\brequire\s*\(|\bfrom\s+[\"']", source, re.M)
    assert source.count("export default") == 1
    assert not re.search(r"https?://(?!www\.w3\.org)", source)
