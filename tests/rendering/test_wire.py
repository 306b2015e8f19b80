"""What goes to the browser: numbers that come back as they went, a description that is JSON."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Marker, Polyline
from gradwidgets.pictures.numbers import row
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.rendering.typesetting import as_html
from gradwidgets.rendering.wire import describe, pack, pack_fixed, sent

BOWL = ScalarField("x**2 + 10*y**2")
PICTURES = {
    "gradient": (gradient_picture(BOWL), (1, 2, 30)),
    "partials": (partials_picture(BOWL), (1, 2)),
    "one variable": (partials_picture(ScalarField("sin(x)")), (1,)),
    "three variables": (partials_picture(ScalarField("x*y*z")), (1, 2, 3)),
    "undefined": (gradient_picture(ScalarField("log(x)*y")), (-1, 1, 30)),
    "infinite": (partials_picture(ScalarField("1/x + y")), (0, 1)),
    "critical": (gradient_picture(BOWL), (0, 0, 0)),
    "surface": (gradient_picture(BOWL, view="both"), (1, 2, 30, -30, 30)),
}


every_picture = pytest.mark.parametrize("name", PICTURES)


def packed(name):
    picture, values = PICTURES[name]
    scene = picture.scene(values)
    return scene, spec_of(picture, scene), pack(scene)


def spec_of(picture, scene):
    return describe(picture, {name: part.size for name, part in sent(scene).items()})


def unpack(spec, data):
    """What wire.js does: the controls' values, and the numbers of marks and outputs by name."""
    counts = {mark["name"]: mark["count"] for mark in spec["marks"]}
    names = spec["outputs"]
    head = -4 * len(names) // 8 * -8
    lengths = np.frombuffer(data, "<u4", len(names)).tolist()
    numbers = np.frombuffer(data[head:], "<f8")
    values, *parts = np.split(numbers, np.cumsum([len(spec["controls"]), *lengths]))
    assert parts.pop().size == 0
    whole = [
        np.concatenate([part, np.full(counts.get(name, part.size) - part.size, np.nan)])
        for name, part in zip(names, parts, strict=True)
    ]
    return values, dict(zip(names, whole, strict=True))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


@every_picture
def test_every_number_comes_back_from_the_bytes(name):
    scene, spec, data = packed(name)
    values, marks = unpack(spec, data)
    assert values.tolist() == list(scene.values.values()) == list(PICTURES[name][1])
    assert list(marks) == list(sent(scene))
    for mark, numbers in marks.items():
        np.testing.assert_array_equal(numbers, scene[mark].ravel())


def picture_of(*parts):
    marks = tuple(Polyline(name=f"mark {k}", panel="p") for k in range(len(parts)))
    numbers = {mark.name: np.array(part) for mark, part in zip(marks, parts, strict=True)}
    controls = (Control("a", "a", -2.0, 2.0, 0.01, 0.5),)
    return Picture((Panel("p", (0, 1), (0, 1)),), Layer(), marks, controls, lambda a: numbers)


@given(
    st.lists(st.lists(st.floats(width=64), max_size=6), min_size=1, max_size=5), st.floats(-2, 2)
)
def test_any_numbers_come_back_to_the_last_bit(parts, a):
    picture = picture_of(*parts)
    scene = picture.scene((a,))
    values, marks = unpack(spec_of(picture, scene), pack(scene))
    assert values.tobytes() == np.array([a]).tobytes()
    for part, found in zip(map(np.array, parts), marks.values(), strict=True):
        known = ~np.isnan(part)
        np.testing.assert_array_equal(~np.isnan(found), known)
        assert found[known].tobytes() == part[known].tobytes()


@pytest.mark.parametrize(
    ("numbers", "travel"),
    [
        ([1.0, 2.0], 2),
        ([1.0, np.nan, 3.0], 3),
        ([1.0, np.nan, np.inf, np.nan, np.nan], 3),
        ([[1.0, 2.0], [3.0, np.nan], [np.nan, np.nan]], 3),
        ([np.nan] * 1000, 0),
        ([], 0),
    ],
)
def test_nan_at_the_end_does_not_travel(numbers, travel):
    assert len(pack(picture_of(numbers).scene((0,)))) == 8 + 8 * (1 + travel)


def test_a_short_path_of_a_long_search_takes_few_bytes():
    path = np.full((1001, 2), np.nan)
    path[:13] = 1.5
    assert len(pack(picture_of(path).scene((0,)))) == 8 + 8 * (1 + 26)


@pytest.mark.parametrize(("name", "most"), [("gradient", 3200), ("partials", 3000)])
def test_a_frame_takes_few_bytes(name, most):
    scene, spec, data = packed(name)
    frames = 40 * (len(spec["outputs"]) - len(scene.marks))  # four numbers each, and how many
    assert len(data) < most + frames


# ── the description ──────────────────────────────────────────────────────────────────────────────


@every_picture
def test_the_description_is_legal_json_and_tells_places_and_controls(name):
    scene, spec, _ = packed(name)
    read = json.loads(json.dumps(spec, allow_nan=False))
    assert list(read["panels"]) == [panel.name for panel in scene.panels]
    for panel in scene.panels:
        told = read["panels"][panel.name]
        own = PICTURES[name][0].panels[list(read["panels"]).index(panel.name)]
        assert (told["x"], told["y"]) == (list(own.x), list(own.y))
        assert told["title"] == as_html(own.title)
        assert (told["space"] is None) == (panel.space is None)
    controls = PICTURES[name][0].controls
    assert [control["name"] for control in read["controls"]] == [c.name for c in controls]
    assert [control["start"] for control in read["controls"]] == [c.start for c in controls]
    assert len(read["controls"]) == len(scene.values)


def test_the_description_holds_each_mark_s_style():
    marks = {entry["name"]: entry for entry in packed("gradient")[1]["marks"]}
    assert marks["gradient"]["kind"] == "Arrow"
    assert (marks["gradient"]["color"], marks["gradient"]["width"]) == ("#D55E00", 4.0)
    assert marks["point"]["moves"] == ("x", "y")
    assert marks["point"]["sets"] == (None, None)
    assert (marks["cosine"]["fill"], marks["cosine"]["dots"]) == ("", 0.0)
    assert marks["direction"]["moves"] == ("angle", None)
    assert marks["level tangent"]["dash"] == (5, 4)
    assert len(marks["cosine"]["along"]) == 49
    assert marks["u label"]["texts"] == ("u",)


@every_picture
def test_the_description_tells_how_many_numbers_each_mark_has(name):
    scene, spec, _ = packed(name)
    still, moving = scene.backdrop, scene.marks
    assert [(mark["name"], mark["count"], mark.get("fixed")) for mark in spec["marks"]] == [
        *((mark.name, np.size(still.numbers[mark.name]), True) for mark in still.marks),
        *((mark.name, scene[mark.name].size, None) for mark in moving),
    ]


@every_picture
def test_what_stands_still_travels_for_itself(name):
    scene, spec, _ = packed(name)
    fixed = [mark for mark in spec["marks"] if "fixed" in mark]
    own = {"marks": fixed, "controls": [], "outputs": [mark["name"] for mark in fixed]}
    _, marks = unpack(own, pack_fixed(scene.backdrop))
    for mark, numbers in marks.items():
        np.testing.assert_array_equal(numbers, np.ravel(scene.backdrop.numbers[mark]))


@every_picture
def test_what_frames_a_panel_travels_with_its_marks(name):
    scene, spec, data = packed(name)
    numbers = unpack(spec, data)[1]
    for panel in scene.panels:
        if f"{panel.name} range" in scene.numbers:
            assert numbers[f"{panel.name} range"].tolist() == [*panel.x, *panel.y]


def test_a_panel_s_other_forms_are_told_whole():
    other = Panel("p", (0, 1), (-2, 2), title="$f$", ylog=True)
    panel = Panel("p", (0, 1), (0, 1), most=300.0, others=(other,))
    outputs = ("p form",)
    picture = Picture((panel,), Layer(), (), (), lambda: {"p form": row(1.0)}, outputs=outputs)
    told = spec_of(picture, picture.scene(()))["panels"]["p"]
    (form,) = told["others"]
    assert (told["form"], told["most"], form["most"]) == (0, 300.0, None)
    assert (form["y"], form["ylog"], form["title"]) == ((-2, 2), True, as_html("$f$"))


def test_every_colour_has_one_for_a_dark_page():
    spec = packed("surface")[1]
    parts = ("color", "fill", "low", "high")
    named = {mark.get(part) for mark in spec["marks"] for part in parts}
    assert named - {None, ""} <= set(spec["dark"])


def test_the_description_tells_ticks_and_logarithmic_controls():
    tick = Marker(name="best", panel="p", sets=("rate", None))
    rate = Control("rate", "rate", 1e-4, 10.0, 0.01, 0.1, "log")
    panels = (Panel("p", (-4, 1), (0, 1), xlog=True),)
    picture = Picture(panels, Layer(), (tick,), (rate,), lambda rate: {"best": row(-1, 0)})
    spec = spec_of(picture, picture.scene((0.1,)))
    assert spec["marks"][0]["sets"] == ("rate", None)
    assert spec["controls"][0]["scale"] == "log"


@pytest.mark.parametrize("name", catalog)
def test_every_function_of_the_catalogue_can_be_sent(name):
    example = catalog[name]
    picture = partials_picture(example.field)
    scene = picture.scene(example.start)
    spec = spec_of(picture, scene)
    unpack(spec, pack(scene))
    json.dumps(spec, allow_nan=False)


@every_picture
def test_the_description_tells_what_the_program_takes_and_gives(name):
    scene, spec, _ = packed(name)
    picture = PICTURES[name][0]
    assert spec["outputs"] == list(sent(scene))
    assert spec["ambient"] == [{"name": c.name, "start": c.start} for c in picture.ambient]
    assert spec["kept"] == [list(one) for one in picture.kept]
    assert spec["later"] == list(picture.later)
    assert all(panel["form"] == 0 for panel in spec["panels"].values())


def test_a_control_tells_its_digits():
    controls = {one["name"]: one for one in packed("gradient")[1]["controls"]}
    assert controls["x"]["digits"] == {"decimals": 2, "exponent": None}
