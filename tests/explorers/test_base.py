"""The life of every explorer: one answer to each gesture, never blank, never stale, and an end."""

import base64
import functools
import gc
import io
import json
import subprocess
import sys
import weakref

import autograd.numpy as anp
import ipywidgets as ipw
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure
from PIL import Image

import gradwidgets as gw
from gradwidgets import (
    CurvatureExplorer,
    DescentExplorer,
    FormulaError,
    GradientExplorer,
    PartialsExplorer,
    RaceExplorer,
    ScalarField,
    catalog,
)
from gradwidgets.explorers.base import Explorer

BOWL = "x**2 + 10*y**2"
BOTH = pytest.mark.parametrize("kind", [GradientExplorer, PartialsExplorer])
KINDS = (GradientExplorer, PartialsExplorer, DescentExplorer, RaceExplorer, CurvatureExplorer)
EVERY = pytest.mark.parametrize("kind", KINDS)


def state(explorer):
    """What an explorer shows, to be compared."""
    return (
        explorer.field,
        explorer.point,
        {name: numbers.tobytes() for name, numbers in explorer.scene.numbers.items()},
        explorer._canvas.numbers,
        explorer._canvas.background,
        [getattr(made, "slider", made).value for made in explorer._sliders.values()],
    )


def message(explorer):
    place = explorer._message
    assert (place.layout.display == "none") == (place.value == "")
    return place.value


def drag(explorer, tick=1.0, **values):
    """What the page does while a handle is dragged."""
    explorer._canvas.set_state({"gesture": {"tick": tick, "values": values}})


def type_formula(explorer, text):
    explorer._formula.set_state({"value": text})


# ── one gesture, one recomputation ───────────────────────────────────────────────────────────────


GESTURES = {
    "the point is set": lambda e: setattr(e, "point", (1.5, -0.5)),
    "a slider moves": lambda e: e._sliders["x"].set_state({"value": 1.5}),
    "a handle is dragged": lambda e: drag(e, x=1.5, y=-0.5),
    "a handle moves one coordinate": lambda e: drag(e, x=1.5),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
@BOTH
def test_one_gesture_is_one_recomputation_and_no_painting(kind, gesture, computed, paints):
    explorer = kind(BOWL, point=(1, 2))
    computed.clear(), paints.clear()
    gesture(explorer)
    assert len(computed) == 1
    assert computed[0][:2] == explorer.point != (1, 2)
    assert explorer.scene["point"].tolist() == list(explorer.point)
    assert explorer._sliders["x"].value == pytest.approx(explorer.point[0], abs=0.005)
    assert paints == []


SOURCES = {
    "text": lambda e: setattr(e, "field", "x*y"),
    "a field": lambda e: setattr(e, "field", ScalarField("x*y")),
    "a callable": lambda e: setattr(e, "field", lambda x, y: x * y),
    "other variables": lambda e: setattr(e, "field", "a*b"),
    "typed": lambda e: type_formula(e, "x*y"),
    "chosen": lambda e: e._menu.set_state({"index": 3}),
    "a domain": lambda e: setattr(e, "domain", {"x": (0, 5)}),
}


@pytest.mark.parametrize("change", SOURCES.values(), ids=SOURCES)
@BOTH
def test_another_function_is_painted_and_computed_once(kind, change, computed, paints):
    explorer = kind(BOWL, point=(1, 2))
    computed.clear(), paints.clear()
    change(explorer)
    assert explorer.field is not None
    assert len(paints) == len(computed) == 1
    assert paints[0].panels == explorer.scene.panels


@BOTH
def test_nothing_happens_where_nothing_changes(kind, computed, sent):
    explorer = kind(BOWL, point=(1, 2))
    computed.clear(), sent.clear()
    explorer.point = (1.0, 2.0)
    type_formula(explorer, BOWL)
    assert computed == []
    assert sent == []


@BOTH
def test_one_drag_sends_one_answer_and_each_slider_at_most_once(kind, sent):
    explorer = kind(BOWL, point=(1, 2))
    sent.clear()
    drag(explorer, tick=7.0, x=1.5, y=-0.5)
    assert explorer._canvas.answered == 7.0
    assert [names for widget, names in sent if widget is explorer._canvas] == [
        {"numbers", "answered"}
    ]
    others = [widget for widget, _ in sent if widget is not explorer._canvas]
    assert sorted(map(id, others)) == sorted(id(explorer._sliders[name]) for name in "xy")


@BOTH
def test_a_slider_s_own_value_is_not_sent_back(kind, sent):
    explorer = kind(BOWL, point=(1, 2))
    slider = explorer._sliders["x"]
    for steps in range(0, 600, 7):
        sent.clear()
        # The page's slider (noUiSlider) counts steps in percent of its length.
        slider.set_state({"value": steps * (0.01 * 100 / 6) * 6 / 100 - 3})
        assert explorer.point[0] == (steps - 300) / 100
        assert [widget for widget, _ in sent] in ([], [explorer._canvas])


def test_a_gesture_that_changes_nothing_is_answered_too():
    explorer = GradientExplorer(BOWL, point=(1, 2))
    drag(explorer, tick=5.0, x=1, y=2)
    assert explorer._canvas.answered == 5.0


# ── points ───────────────────────────────────────────────────────────────────────────────────────


@BOTH
def test_a_point_between_two_steps_of_a_slider_stays_exact(kind):
    explorer = kind(BOWL, point=(0.123456789, 1))
    assert explorer.point == (0.123456789, 1.0)
    explorer.point = (np.pi / 3, -np.e / 2)
    assert explorer.point == (np.pi / 3, -np.e / 2)
    slider = explorer._sliders["x"]
    assert slider.value == pytest.approx(1.05)
    slider.set_state({"value": slider.value})  # as the page does when it shows the slider
    assert explorer.point == (np.pi / 3, -np.e / 2)


@BOTH
def test_a_number_typed_beside_a_slider_is_taken_as_it_is(kind):
    explorer = kind(BOWL, point=(1, 2))
    explorer._sliders["x"].set_state({"value": 0.12345})
    assert explorer.point == (0.12345, 2.0)


@pytest.mark.parametrize(
    "point", [[0.5, 2], np.array([0.5, 2.0]), {"y": 2, "x": 0.5}], ids=["list", "array", "mapping"]
)
@BOTH
def test_a_point_is_given_in_any_usual_form(kind, point):
    assert kind(BOWL, point=point).point == (0.5, 2.0)
    explorer = kind(BOWL, point=(1, 1))
    explorer.point = point
    assert explorer.point == (0.5, 2.0)


@pytest.mark.parametrize(
    "point", [(float("nan"), 1), (1, float("inf")), (1,), (1, 2, 3), (), ("a", 1), (None, 1), None]
)
@BOTH
def test_a_point_that_is_none_is_refused(kind, point):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    with pytest.raises(traitlets.TraitError):
        explorer.point = point
    assert state(explorer) == before
    if point is not None:
        with pytest.raises((ValueError, TypeError)):
            kind(BOWL, point=point)


@BOTH
def test_a_point_outside_of_the_domain_is_moved_to_its_edge(kind):
    explorer = kind(BOWL, point=(1, 2))
    explorer.point = (99, -99)
    assert explorer.point == (3.0, -3.0)


@EVERY
def test_a_first_point_far_away_widens_the_domain_unless_it_was_asked_for(kind):
    explorer = kind(BOWL, point=(10, 2))
    assert explorer.point == (10.0, 2.0)
    assert explorer.domain == {"x": (-3.0, 15.0), "y": (-3.0, 3.0)}
    with pytest.raises(ValueError, match="x = 10 lies outside"):
        kind(BOWL, point=(10, 2), domain={"x": (0, 5)})


# ── what is typed ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x +", "missing after"),
        ("", "Type a formula"),
        ("foo(x)", "no function"),
        ("x + <b>", "missing before"),
        ("sqrt(-1 - x**2)*y", "no finite value"),
    ],
)
@BOTH
def test_bad_text_is_answered_below_it_and_the_good_picture_stays(kind, text, says):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    type_formula(explorer, text)
    assert says in message(explorer)
    assert "<b>" not in message(explorer)
    assert state(explorer) == before
    assert explorer._formula.value == text
    explorer.point = (2, 1)  # the message stays while the text does
    assert message(explorer) != ""
    assert explorer._formula.value == text
    type_formula(explorer, "x*y")
    assert message(explorer) == ""
    assert explorer.field.text == "x*y"


def test_the_message_marks_the_place():
    explorer = GradientExplorer(BOWL)
    type_formula(explorer, "x + foo(y)")
    assert "<pre aria-hidden='true'>x + foo(y)\n    ▲</pre>" in message(explorer)


def test_the_good_formula_typed_again_takes_the_message_away():
    explorer = GradientExplorer(BOWL)
    type_formula(explorer, "x +")
    type_formula(explorer, BOWL)
    assert message(explorer) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda e: setattr(e, "field", "x*y"),
        lambda e: e._menu.set_state({"index": 3}),
        lambda e: e._reset.click(),
    ],
    ids=["python", "menu", "reset"],
)
@BOTH
def test_another_way_to_a_good_function_takes_bad_text_and_message_away(kind, change):
    explorer = kind(BOWL)
    type_formula(explorer, "x +")
    change(explorer)
    assert explorer._formula.value == explorer.field.text
    assert message(explorer) == ""


HOSTILE = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__",
    "x.T",
    "x.tofile('f')",
    "sin.__globals__",
    "np.sin(x)",
    'f"{x.__class__}"',
    "eval('1')",
    "open('/etc/passwd')",
    "getattr(x,'T')",
    "import os;",
    "lambda x:x",
    "[c for c in x]",
    "x[0]",
    "x if x>0 else y",
    "(y:=3)",
    "sin(*x)",
    "sin(x=1)",
    "x<y",
    "x@y",
    "1j",
    "True",
    "9**9**9",
    "10**10**10",
    "x**1e308",
    "1e999",
    "9" * 400,
    "1<<1000000",
    "(" * 2500,
    "sin(" * 60 + "x" + ")" * 60,
    "zeros(10**9)",
    "sin",
    "sin()",
    "sin(x",
    "x\0",
    "1/0",
    "log(0)",
    "sqrt(-1)",
    "<script>alert(1)</script>",
]


@BOTH
def test_hostile_text_leaves_everything_as_it_was(kind):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    for text in HOSTILE:
        type_formula(explorer, text)
        assert message(explorer) != "", text
        assert state(explorer) == before, text
        assert explorer._formula.value == text
        assert "<script" not in message(explorer)


@pytest.mark.parametrize(
    ("kind", "first", "typed", "variables"),
    [
        (GradientExplorer, "x*y", "x**2", ("x", "y")),
        (GradientExplorer, "a*b", "b**2", ("a", "b")),
        (GradientExplorer, "a*b", "x**2", ("x", "y")),
        (GradientExplorer, "a*b", "y**2", ("x", "y")),
        (GradientExplorer, "a*b", "5", ("a", "b")),
        (PartialsExplorer, "x*y*z", "x", ("x", "y", "z")),
        (PartialsExplorer, "x*y", "x*t", ("t", "x")),
        (PartialsExplorer, "x*y", "sin(t)", ("t",)),
        (PartialsExplorer, "sin(x)", "x*y", ("x", "y")),
    ],
)
def test_a_typed_formula_keeps_the_variables_where_it_can(kind, first, typed, variables):
    explorer = kind(first)
    type_formula(explorer, typed)
    assert explorer.field.variables == variables
    assert explorer.field.text == typed
    assert len(explorer.point) == len(variables)
    assert list(explorer._sliders)[: len(variables)] == list(variables)
    assert explorer._formula.description == f"f({', '.join(variables)}) ="


@EVERY
def test_a_typed_formula_keeps_point_and_domain(kind):
    explorer = kind(BOWL, point=(1, 2), domain={"x": (0, 5)})
    type_formula(explorer, "sin(x) + y")
    assert explorer.point == (1.0, 2.0)
    assert explorer.domain == {"x": (0.0, 5.0), "y": (-3.0, 3.0)}


@EVERY
def test_a_point_where_the_new_function_is_undefined_moves_to_where_it_is(kind):
    explorer = kind(BOWL, point=(-1, 2))
    type_formula(explorer, "log(x)*y")
    assert np.isfinite(explorer.field.value(explorer.point))


@pytest.mark.parametrize("text", ["log(x)*y", "log(-x) + y", "sqrt(x - 2.5)*y", "log(x*y - 8)"])
@EVERY
def test_the_first_point_lies_where_the_function_is_defined(kind, text):
    explorer = kind(text)
    assert np.isfinite(explorer.field.gradient(explorer.point)).all()


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def product(x, y):
    return x * y


@pytest.mark.parametrize(
    "source", ["x*y", product, ScalarField("x*y")], ids=["text", "callable", "field"]
)
@BOTH
def test_a_source_is_text_a_callable_or_a_field(kind, source):
    explorer = kind(source, point=(1, 2))
    assert isinstance(explorer.field, ScalarField)
    assert explorer.field.value((3, 2)) == 6
    assert "f = 2.00" in explorer.scene.captions[0]
    explorer.field = "x + y"
    explorer.field = source
    assert explorer.field.value((3, 2)) == 6
    assert explorer._formula.value == ("" if source is product else "x*y")


@EVERY
def test_without_a_source_there_is_something_telling_to_see(kind):
    explorer = kind()
    example = catalog[kind.preset]
    assert explorer.point == example.start
    assert explorer.field.text == example.text
    assert explorer._menu.value == kind.preset


@pytest.mark.parametrize(
    ("source", "options", "error"),
    [
        ("x +", {}, FormulaError),
        ("sqrt(-1 - x**2)*y", {}, FormulaError),
        (5, {}, TypeError),
        ("x*y", {"colour": "red"}, TypeError),
        ("x*y", {"layout": None}, TypeError),
        ("x*y", {"children": ()}, TypeError),
        ("x*y", {"domain": {"q": (0, 1)}}, ValueError),
        ("x*y", {"domain": {"x": (1, 0)}}, ValueError),
    ],
)
@EVERY
def test_a_wrong_argument_is_refused_at_once(kind, source, options, error):
    with pytest.raises(error):
        kind(source, **options)


@EVERY
def test_an_unknown_option_is_answered_with_the_known_ones(kind):
    with pytest.raises(TypeError, match=r"no option 'colour'.*point, domain"):
        kind("x*y", colour="red")


@EVERY
def test_a_field_keeps_its_domain(kind):
    field = ScalarField("x*y", {"x": (0, 10)})
    assert kind(field).domain == {"x": (0.0, 10.0), "y": (-3.0, 3.0)}
    explorer = kind(BOWL)
    explorer.field = field
    assert explorer.domain == {"x": (0.0, 10.0), "y": (-3.0, 3.0)}


@pytest.mark.parametrize("source", ["x +", "sqrt(-1 - x**2)*y", "a*b*c*d*u*v*w"])
@BOTH
def test_from_python_a_bad_function_raises_and_the_good_one_stays(kind, source):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    with pytest.raises(ValueError, match=r"missing|no finite value|variables"):
        explorer.field = source
    assert state(explorer) == before
    explorer.point = (2, 1)
    assert explorer.scene["point"].tolist() == [2, 1]


# ── errors of the user's own code ────────────────────────────────────────────────────────────────


def picky(x, y):
    if np.ndim(x) == 0 and x > 1.5:
        raise RuntimeError("x is <too> large")
    return x * y


@BOTH
def test_an_exception_from_python_is_raised_and_the_state_restored(kind):
    explorer = kind(picky, point=(1, 1))
    before = state(explorer)
    with pytest.raises(RuntimeError, match="too"):
        explorer.point = (2, 1)
    assert state(explorer) == before
    explorer.point = (0.5, 1)
    assert explorer.scene["point"].tolist() == [0.5, 1]


@pytest.mark.parametrize(
    "act",
    [lambda e: drag(e, x=2.0), lambda e: e._sliders["x"].set_state({"value": 2.0})],
    ids=["drag", "slider"],
)
@BOTH
def test_an_exception_from_the_page_is_shown_and_the_state_restored(kind, act):
    explorer = kind(picky, point=(1, 1))
    before = state(explorer)
    act(explorer)
    assert explorer._canvas.note == "RuntimeError: x is <too> large"
    assert state(explorer) == before
    drag(explorer, x=0.5)
    assert explorer._canvas.note == ""
    assert explorer.point == (0.5, 1.0)


def test_in_a_strict_explorer_it_is_raised_after_it_was_shown(monkeypatch):
    monkeypatch.setattr(Explorer, "strict", True)
    explorer = GradientExplorer(picky, point=(1, 1))
    with pytest.raises(RuntimeError, match="too"):
        drag(explorer, x=2.0)
    assert explorer._canvas.note == "RuntimeError: x is <too> large"
    type_formula(explorer, "x +")  # a student's slip is no error of the program
    assert message(explorer) != ""


# ── domain, presets, reset ───────────────────────────────────────────────────────────────────────


@EVERY
def test_a_domain_changes_in_part_and_takes_the_point_along(kind, paints):
    explorer = kind(BOWL, point=(1, 2))
    explorer.domain = {"x": (-1, 0.5)}
    assert explorer.domain == {"x": (-1.0, 0.5), "y": (-3.0, 3.0)}
    assert explorer.point == (0.5, 2.0)
    assert (explorer._sliders["x"].min, explorer._sliders["x"].max) == (-1, 0.5)
    assert paints[-1].panel("map").x == (-1.0, 0.5)


@pytest.mark.parametrize("end", [3.0, 99.0, float("nan"), float("inf"), 1e12])
@BOTH
def test_a_bad_domain_is_answered_below_its_boxes(kind, end):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    low, _, _ = explorer._domain._rows["x"]
    low.set_state({"value": end})
    assert "the range of x" in explorer._domain.message.value
    assert state(explorer) == before
    assert explorer.domain["x"] == (-3.0, 3.0)
    low.set_state({"value": -1.0})
    assert explorer._domain.message.value == ""
    assert explorer.domain["x"] == (-1.0, 3.0)


@BOTH
def test_a_domain_without_a_finite_value_is_answered_below_its_boxes(kind):
    explorer = kind("log(x)*y", point=(1, 2))
    before = state(explorer)
    _, _, high = explorer._domain._rows["x"]
    high.set_state({"value": -1.0})
    assert "no finite value" in explorer._domain.message.value
    assert state(explorer) == before


@pytest.mark.parametrize("domain", [{"x": (1, 1)}, {"x": 5}, {"q": (0, 1)}, {"x": (0, "a")}])
def test_from_python_a_bad_domain_raises(domain):
    explorer = GradientExplorer(BOWL, point=(1, 2))
    before = state(explorer)
    with pytest.raises(ValueError, match=r"range of|domain names"):
        explorer.domain = domain
    assert state(explorer) == before


@pytest.mark.parametrize(
    ("kind", "first", "most"), [(GradientExplorer, "a*b", 2), (PartialsExplorer, "a*b*c", 6)]
)
def test_every_example_of_the_menu_opens_at_its_telling_start(kind, first, most):
    explorer = kind(first)
    offered = [key for _, key in explorer._menu.options]
    least = kind.least_variables
    assert set(offered) - {""} == {
        key for key, example in catalog.items() if least <= len(example.variables) <= most
    }
    for place, key in enumerate(offered[1:], 1):
        explorer._menu.set_state({"index": place})
        assert message(explorer) == ""
        assert explorer.field.text == explorer._formula.value == catalog[key].text
        assert explorer.domain == catalog[key].domain
        assert explorer.point == catalog[key].start, key


def test_an_example_s_start_counts_even_where_the_numbers_stay():
    explorer = PartialsExplorer("t**2", point=1.0)
    explorer._menu.set_state({"index": [key for _, key in explorer._menu.options].index("wave")})
    assert explorer.point == catalog["wave"].start == (1.0,)


def test_the_menu_tells_which_example_is_shown():
    explorer = GradientExplorer("x**2 - y**2")
    assert explorer._menu.value == "saddle"
    type_formula(explorer, "x**2 - 3*y**2")
    assert explorer._menu.value == ""
    assert explorer._menu.label == "your own"
    type_formula(explorer, catalog["peaks"].text)
    assert explorer._menu.value == "peaks"


@BOTH
def test_reset_returns_to_the_opening_view(kind):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)[:4]
    explorer.domain = {"x": (-1, 0.5)}
    explorer.point = (0, 0)
    type_formula(explorer, "x +")
    explorer._reset.click()
    assert state(explorer)[:4] == before
    assert explorer._formula.value == BOWL
    assert message(explorer) == ""


@BOTH
def test_home_is_where_the_function_opened(kind):
    explorer = kind(BOWL, point=(1, 2))
    explorer.point = (0, 0)
    explorer.domain = {"x": (-5, 5)}
    assert [control["start"] for control in explorer._canvas.spec["controls"]][:2] == [1, 2]
    explorer.field = "a*b"
    assert [c["start"] for c in explorer._canvas.spec["controls"]][:2] == list(explorer.point)


# ── what a client may send ───────────────────────────────────────────────────────────────────────

NAN, INF = float("nan"), float("inf")


GESTURES = [
    {},
    {"tick": 1},
    {"values": {"x": 1.5}},
    {"tick": "1", "values": {"x": "1.5"}},
    {"tick": None, "values": None},
    {"tick": NAN, "values": {"x": NAN, "y": INF}},
    {"tick": INF, "values": {"x": -INF}},
    {"tick": [], "values": [1, 2]},
    {"tick": 2, "values": {"x": None, "y": {}, "angle": "30"}},
    {"tick": 2, "values": {"field": "x", "point": [0, 0], "_good": 1, "density": 10**6}},
    {"tick": 2, "values": {"x": True}},
    {"tick": 2, "values": {"x": 1e308, "y": -1e308}},
    {"tick": 10**400, "values": {"x": 10**400}},
]


@EVERY
def test_a_hostile_gesture_does_nothing_or_stays_in_the_domain(kind):
    explorer = kind(BOWL, point=(1, 2))
    for turn, gesture in enumerate(GESTURES):
        explorer._canvas.gesture = gesture
        assert all(-3 <= number <= 3 for number in explorer.point), gesture
        assert explorer._canvas.note == "", gesture
        assert np.isfinite(explorer._canvas.answered), gesture
        json.dumps(explorer._canvas.get_state("answered"), allow_nan=False)
        drag(explorer, tick=9.0 + turn, x=0.5, y=0.5)
        assert explorer.point == (0.5, 0.5), gesture
        explorer.point = (1, 2)


@pytest.mark.parametrize("value", [NAN, INF, -INF, 1e308])
@BOTH
def test_a_hostile_slider_does_nothing_or_stays_in_the_domain(kind, value):
    explorer = kind(BOWL, point=(1, 2))
    explorer._sliders["x"].set_state({"value": value})
    assert -3 <= explorer.point[0] <= 3
    assert explorer.scene["point"].tolist() == list(explorer.point)
    assert explorer._sliders["x"].value == pytest.approx(explorer.point[0])


# ── files, code, the cell's output ───────────────────────────────────────────────────────────────


@BOTH
def test_the_figure_is_the_picture_as_it_stands(kind):
    explorer = kind(BOWL, point=(1, 2))
    explorer.point = (2, 1)
    made = explorer.figure()
    assert isinstance(made, Figure)
    (dot,) = (found for found in made.findobj() if found.get_gid() == "point")
    assert dot.get_offsets().tolist() == [[2, 1]]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("picture.png", b"\x89PNG"),
        ("picture.PNG", b"\x89PNG"),
        ("picture.svg", b"<?xml"),
        ("picture.pdf", b"%PDF"),
        ("picture.html", b"<!DOCTYPE html>"),
    ],
)
def test_a_picture_is_saved_in_the_form_its_name_asks_for(tmp_path, name, start):
    explorer = GradientExplorer(BOWL, point=(1, 2))
    explorer.save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["picture.jpg", "picture", "picture.png.exe", ".png"])
def test_another_form_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"save to \.png, \.svg, \.pdf or \.html"):
        GradientExplorer(BOWL).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_saved_page_holds_the_line_that_makes_it_live(tmp_path):
    explorer = GradientExplorer(BOWL, point=(1, 2))
    explorer.save(str(tmp_path / "page.html"))
    assert "gw.GradientExplorer(" in (tmp_path / "page.html").read_text("utf-8")


@EVERY
def test_a_picture_stands_beside_the_live_view(kind):
    bundle = kind(BOWL)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    image = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert image.width > 900


def again(explorer, **names):
    return eval(explorer.code(), {"gw": gw, **names})


def assert_same_view(one, other):
    assert type(one) is type(other)
    assert one.code() == other.code()
    assert (one.point, one.domain) == (other.point, other.domain)
    assert one._canvas.numbers == other._canvas.numbers
    assert one.scene.marks == other.scene.marks
    assert [panel.title for panel in one.scene.panels] == [p.title for p in other.scene.panels]
    for panel, twin in zip(one.scene.panels, other.scene.panels, strict=True):
        assert (panel.name, panel.x, panel.y) == (twin.name, twin.x, twin.y)


VIEWS = {
    "as it opens": lambda: GradientExplorer(),
    "partials": lambda: PartialsExplorer(),
    "a point": lambda: GradientExplorer(BOWL, point=(1, 2)),
    "a domain": lambda: GradientExplorer("x*y", domain={"x": (0, 10)}, point=(1 / 3, 0)),
    "a far point": lambda: GradientExplorer("x*y", point=(40, -2)),
    "options": lambda: GradientExplorer(
        "x*y", angle=120.5, arrows=False, density=9, normalized=True
    ),
    "a trough": lambda: GradientExplorer("x**2", point=(1, 2)),
    "a constant": lambda: GradientExplorer("5"),
    "a constant's slices": lambda: PartialsExplorer("5"),
    "one variable": lambda: PartialsExplorer("sin(x)", point=1.25),
    "curvature": lambda: CurvatureExplorer(),
    "curvature's options": lambda: CurvatureExplorer(
        "x*y*z", axes=("z", "x"), show=("steps", "slice"), exact=True, rate=0.2, h=0.1, angle=80
    ),
    "three variables": lambda: PartialsExplorer("x*y*z", point=(1, -1, 2), axes=("z", "x")),
    "variables in another order": lambda: PartialsExplorer(
        ScalarField("x - y", variables=("y", "x")), point=(1, 2)
    ),
    "Greek and spaces": lambda: GradientExplorer(" θ^2 + 2x "),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_code_makes_the_same_view(view):
    explorer = view()
    assert_same_view(explorer, again(explorer))


CHANGES = {
    "typed": lambda e: type_formula(e, "x*y - 2"),
    "typed with other variables": lambda e: type_formula(e, "a*b - 2"),
    "dragged": lambda e: drag(e, x=0.5, y=0.25),
    "turned": lambda e: drag(e, angle=200.0),
    "another domain": lambda e: setattr(e, "domain", {"x": (-1, 1)}),
    "an example": lambda e: e._menu.set_state({"index": 2}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@BOTH
def test_the_code_makes_the_same_view_after_a_change(kind, change):
    explorer = kind(BOWL, point=(0, 0))
    change(explorer)
    assert_same_view(explorer, again(explorer))


def test_the_code_makes_the_same_view_for_any_options():
    rng = np.random.default_rng(3)
    for _ in range(12):
        explorer = GradientExplorer(
            BOWL,
            point=(rng.normal(scale=9), rng.uniform(-3, 3)),
            angle=rng.uniform(0, 360),
            density=int(rng.integers(5, 26)),
            arrows=bool(rng.integers(2)),
            normalized=bool(rng.integers(2)),
        )
        assert_same_view(explorer, again(explorer))


def test_the_code_of_a_callable_uses_its_name():
    explorer = GradientExplorer(product, point=(1, 2))
    assert_same_view(explorer, again(explorer, product=product))


def test_the_code_of_a_lambda_is_its_own_source():
    explorer = GradientExplorer(lambda x, y: x * anp.sin(y), point=(1, 2))
    assert "ScalarField(lambda x, y: x * anp.sin(y), " in explorer.code()
    twin = again(explorer, anp=anp)
    assert (twin.point, twin.field.value((3, 4))) == (explorer.point, explorer.field.value((3, 4)))
    assert "lambda" not in explorer.scene.panel("map").title


@pytest.mark.parametrize(
    "make",
    [
        lambda slope: lambda x, y: slope * x * y,
        lambda slope: functools.partial(lambda k, x, y: k * x * y, slope),
        lambda slope: eval("lambda x, y: 2.0 * x * y"),
        lambda slope: lambda x, y, k=slope: k * x * y,
    ],
    ids=["closure", "partial", "without source", "default from a name"],
)
def test_what_a_line_can_t_say_is_to_be_defined_before_it(make):
    explorer = GradientExplorer(make(2.0), point=(1, 2))
    first, line = explorer.code().splitlines()
    assert first == "f = ...  # your own function of x, y"
    twin = eval(line, {"gw": gw, "f": lambda x, y: 2.0 * x * y})
    assert twin.point == explorer.point
    assert twin.field.value((3, 4)) == 24


def test_a_shown_explorer_nests_like_any_widget():
    one, other = GradientExplorer(BOWL), PartialsExplorer(BOWL)
    box = ipw.HBox([one, other])
    assert box.children == (one, other)
    assert isinstance(one, ipw.DOMWidget)


# ── the end ──────────────────────────────────────────────────────────────────────────────────────


def registered():
    return set(ipw.widgets.widget._instances)


def test_fifty_explorers_leave_nothing_behind():
    kinds = GradientExplorer, PartialsExplorer, DescentExplorer
    for kind in kinds:
        kind(BOWL).close()  # what is made once and kept
    gc.collect()
    before, gone = registered(), []
    for kind in 17 * kinds:
        explorer = kind(BOWL, point=(1, 2))
        drag(explorer, x=2.0)
        gone += [weakref.ref(explorer), weakref.ref(explorer._canvas)]
        explorer.close()
        assert registered() == before
    del explorer
    gc.collect()
    assert [ref for ref in gone if ref() is not None] == []


@EVERY
def test_closing_twice_and_closing_a_box_are_harmless(kind):
    before = registered()
    explorer = kind(BOWL)
    explorer.close()
    explorer.close()
    assert registered() == before


def test_closing_one_explorer_leaves_the_other_alive():
    one, other = GradientExplorer(BOWL, point=(1, 2)), GradientExplorer(BOWL, point=(1, 2))
    one.close()
    other.point = (2, 1)
    assert other.scene["point"].tolist() == [2, 1]
    assert other._canvas.comm is not None


def test_changing_functions_leaves_no_old_sliders_behind():
    explorer = PartialsExplorer("x*y")
    type_formula(explorer, "a*b*c")
    type_formula(explorer, "x*y")
    before = registered()
    for _ in range(3):
        type_formula(explorer, "a*b*c")
        type_formula(explorer, "x*y")
    assert len(registered()) == len(before)


def test_explorers_left_open_let_python_end_in_peace():
    opened = ", ".join(f"gw.{kind.__name__}('x*y')" for kind in KINDS)
    code = f"import gradwidgets as gw\nexplorers = {opened}\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ── numbers as they are meant ────────────────────────────────────────────────────────────────────


@BOTH
def test_a_gesture_leaves_no_digit_of_its_rounding(kind):
    explorer = kind(BOWL)
    drag(explorer, x=0.1 * 3, y=0.7 + 0.1)
    assert explorer.point == (0.3, 0.8)
    assert "point=(0.3, 0.8)" in explorer.code()


def test_a_slider_of_the_domain_leaves_none_either():
    explorer = GradientExplorer(BOWL)
    _, span, _ = explorer._domain._rows["x"]
    span.set_state({"value": [-0.1 * 3, 0.1 * 3]})
    assert explorer.domain["x"] == (-0.3, 0.3)
    assert "(-0.3, 0.3)" in explorer.code()


def test_code_writes_short_what_python_computed():
    explorer = GradientExplorer(BOWL, point=(0.1 * 3, 1 / 3), angle=3 * 1.1)
    assert explorer.point == (0.1 * 3, 1 / 3)
    assert "point=(0.3, 0.3333333333333333), angle=3.3" in explorer.code()


def test_an_interval_alone_is_the_domain_of_one_variable():
    explorer = gw.DerivativeExplorer("t^2", domain=(-1, 2))
    assert explorer.domain == {"t": (-1.0, 2.0)}
    explorer.domain = (0, 4)
    assert explorer.domain == {"t": (0.0, 4.0)}
    with pytest.raises(ValueError, match=r'write domain=\{"x": \(-1, 1\), "y": \(-1, 1\)\}'):
        gw.GradientExplorer("x^2", domain=(-1, 1))


@pytest.mark.parametrize("kind", [gw.GradientExplorer, gw.TapeExplorer])
def test_names_that_were_given_stay_names(kind):
    field = gw.ScalarField("ax*lr", variables=("ax", "lr"))
    explorer = kind(field)
    assert explorer.field.variables == ("ax", "lr")
    assert "ax*lr" in explorer.code()
