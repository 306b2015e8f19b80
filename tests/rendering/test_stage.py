"""The stage: what it tells of a picture and paints behind it, and a client that can't do harm."""

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
    Layer,
    Polyline,
)
from gradwidgets.rendering import paint
from gradwidgets.rendering.stage import (
    NARROWEST,
    RATIO,
    SHARPEST,
    WIDEST,
    WIDTH,
    Stage,
    looks_like,
    usable_frame,
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
        ([1, 0], (NARROWEST, 1.0)),
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
        [0, 2],
        [800],
        [800, 1, 1],
        ["wide", 2],
        [None, 2],
        [[800], 2],
        [{}, 2],
        [float("nan"), 2],
        [800, float("inf")],
        [-float("inf"), 1],
        [10**400, 1],
        [800, -(10**400)],
        [True, True],
    ],
)
def test_a_view_without_sense_is_the_usual_one(view):
    assert usable_view(view) == (WIDTH, RATIO)


@given(st.lists(JSON, max_size=3))
def test_any_view_can_be_painted(view):
    width, ratio = usable_view(view)
    assert isinstance(width, int)
    assert NARROWEST <= width <= WIDEST
    assert 1 <= ratio <= SHARPEST


FRAMED = replace(
    PICTURES["gradient"][0],
    ambient=(Control("low", "low", -9.0, 9.0, 0.1, 0.0), Control("high", "high", 0, 9, 0.1, 1.0)),
    outputs=("map range",),
    kept=(("low", "map range", 2), ("high", "map range", 3)),
)


def test_a_frame_is_what_a_view_s_last_one_leaves():
    assert usable_frame({"kept": [1, 2.5]}, FRAMED) == {"low": 1.0, "high": 2.5}
    assert usable_frame({"kept": []}, PICTURES["gradient"][0]) == {}


@pytest.mark.parametrize(
    "kept", [None, 5, "12", [], [1], [1, 2, 3], [None, 1], [float("nan"), 1], [1, True], {"low": 1}]
)
def test_a_frame_without_sense_is_none(kept):
    assert usable_frame({"kept": kept}, FRAMED) == {}


@given(JSON)
def test_any_frame_is_usable(kept):
    told = usable_frame({"kept": kept}, FRAMED)
    assert all(np.isfinite(number) for number in told.values())


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


PLACES = [{"trait": "point", "key": 0}, {"trait": "point", "key": 1}, {"trait": "angle"}]


def shown(stage, picture, values=(2, 1, 90)):
    stage._present(picture, picture.scene(values), PLACES[: len(values)], ("x", "y"))


@pytest.fixture
def stage(paints):
    made = Stage()
    made.set_trait("_view", [WIDTH, RATIO])
    shown(made, *PICTURES["gradient"])
    return made


def test_until_a_view_has_told_its_size_nothing_is_painted(paints):
    stage = Stage()
    shown(stage, *PICTURES["gradient"])
    assert (paints, stage._background) == ([], b"")
    assert stage._picture["width"] == WIDTH
    assert stage._program


def test_a_still_picture_leaves_a_background_for_the_view(stage, monkeypatch):
    monkeypatch.setattr(Stage, "_last_view", (500, 1.0))
    fresh, (picture, values) = Stage(), PICTURES["gradient"]
    shown(fresh, picture, values)
    scene = picture.scene(values)
    monkeypatch.setattr(paint, "still", lambda scene, background, plan: background)
    assert fresh._still(scene) == fresh._background != b""
    assert fresh._picture["width"] == 500
    painted = fresh._background
    fresh.set_trait("_view", [500, 1.0])
    fresh._paint_for_view(scene)
    assert fresh._background is painted
    fresh.set_trait("_view", [700, 2.0])
    fresh._paint_for_view(scene)
    assert fresh._background != painted
    assert Stage._last_view == (700, 2.0)


def test_it_tells_picture_places_program_and_background(stage, paints):
    assert paints == [(WIDTH, RATIO)]
    assert stage._background.startswith(b"\x89PNG")
    told, _ = packed("gradient")
    controls = [{**one, "at": at} for one, at in zip(told["controls"], PLACES, strict=True)]
    assert stage._picture == told | {"controls": controls, "key": 1, "variables": ["x", "y"]}
    assert stage._numbers == b""


def test_without_a_program_it_tells_the_numbers(stage):
    picture = replace(PICTURES["gradient"][0], untraced="a search")
    shown(stage, picture)
    scene = picture.scene((2, 1, 90))
    assert (bool(stage._program), stage._constants, stage._numbers) == (False, b"", pack(scene))
    moved = picture.scene((0, 1, 90))
    stage._move(moved)
    assert stage._numbers == pack(moved)
    assert stage._picture["key"] == 2


def test_a_move_that_frames_a_panel_anew_is_painted(stage, paints):
    picture = replace(PICTURES["gradient"][0], untraced="a search")
    shown(stage, picture)
    scene = picture.scene((2, 1, 90))
    first, *others = scene.panels
    framed = replace(scene, panels=(replace(first, title="wider", x=(-9.0, 9.0)), *others))
    count = len(paints)
    stage._move(framed)
    stage._move(framed)
    assert len(paints) == count + 1
    assert stage._picture["panels"][first.name]["x"] == (-9.0, 9.0)


def test_another_view_is_painted_in_its_size(stage, paints):
    stage.set_trait("_view", [500, 1.5])
    stage._paint(stage._painted, anew=True)
    assert paints[1:] == [(500, 1.5)]
    assert stage._picture["width"] == 500


def test_another_picture_has_another_key_and_is_painted_once(stage, paints):
    shown(stage, *PICTURES["partials"])
    assert len(paints) == 2
    assert stage._picture["key"] == 2
    assert [mark["name"] for mark in stage._picture["marks"]] == [
        mark["name"] for mark in packed("partials")[0]["marks"]
    ]


def with_backdrop(picture, **numbers):
    marks = tuple(Polyline(name=name, panel=picture.panels[0].name) for name in numbers)
    return replace(picture, backdrop=Layer(marks, numbers))


def test_a_picture_with_the_same_background_is_not_painted_again(stage, paints):
    before, picture = stage._background, PICTURES["gradient"][0]
    fewer = replace(picture, marks=picture.marks[:-1])
    shown(stage, fewer)
    assert (len(paints), stage._background) == (1, before)
    assert len(stage._picture["marks"]) == len(fewer.marks)
    assert stage._picture["key"] == 2


LINE = np.array([[0.0, 0.0], [1.0, np.nan]])


def test_equal_panels_and_an_equal_backdrop_look_the_same():
    picture = PICTURES["gradient"][0]
    one, two = (with_backdrop(picture, line=LINE.copy()).scene((2, 1, 90)) for _ in range(2))
    assert looks_like(one, two)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, panels=(replace(p.panels[0], title="another"), *p.panels[1:])),
        lambda p: replace(p, ambient=tuple(replace(c, start=3.0 * c.start) for c in p.ambient)),
        lambda p: with_backdrop(p, other=LINE),
        lambda p: with_backdrop(p, line=2 * LINE),
        lambda p: with_backdrop(p, line=LINE[:1]),
    ],
    ids=["title", "range", "marks", "numbers", "length"],
)
def test_another_panel_or_backdrop_is_painted(stage, paints, change):
    picture = with_backdrop(PICTURES["gradient"][0], line=LINE + np.array([0, 1.0]))
    shown(stage, picture)
    shown(stage, change(picture))
    assert len(paints) == 3


def test_a_background_that_could_not_be_painted_leaves_all_as_it_was(stage, paints, monkeypatch):
    another = with_backdrop(PICTURES["gradient"][0], line=LINE)
    before = stage.get_state()
    with monkeypatch.context() as broken:
        broken.setattr(paint, "background", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shown(stage, another)
    assert stage.get_state() == before
    shown(stage, another)
    assert len(paints) == 2
    assert stage._picture["key"] == 2


def test_another_picture_is_one_message(stage, monkeypatch):
    """Else the page would draw the program of one picture over the background of another."""
    messages = []

    def send(message, buffers=None):
        binary = {path[0] for path in message["buffer_paths"]}
        messages.append(binary | set(message["state"]))

    monkeypatch.setattr(stage, "_send", send)
    shown(stage, *PICTURES["partials"])
    assert messages == [{"_picture", "_program", "_constants", "_background"}]


def test_stages_are_of_one_class():
    """anywidget would give each a class of its own, and with it another docstring and signature."""
    assert type(Stage()) is type(Stage()) is Stage
    assert Stage()._anywidget_id == "gradwidgets.rendering.stage.Stage"


def test_the_front_end_is_one_module_that_imports_nothing():
    source = re.sub(r"(?m)^ \* .*", "", Stage()._esm)  # without comments, which name types
    assert not re.search(r"^\s*import\b|\bimport\s*\(|\brequire\s*\(|\bfrom\s+[\"']", source, re.M)
    assert source.count("export default") == 1
    assert not re.search(r"https?://(?!www\.w3\.org)", source)
