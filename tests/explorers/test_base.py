"""The life of every explorer: one answer to each gesture, never blank, never stale, and an end."""

import functools
import gc
import json
import re
import subprocess
import sys
import weakref

import autograd.numpy as anp
import ipywidgets as ipw
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure

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
from gradwidgets.explorers.options import option_traits
from tests.explorers.face import Face
from tests.explorers.rated import RatedExplorer
from tests.explorers.views import registered

BOWL = "x**2 + 10*y**2"
BOTH = pytest.mark.parametrize("kind", [GradientExplorer, PartialsExplorer])
KINDS = (GradientExplorer, PartialsExplorer, DescentExplorer, RaceExplorer, CurvatureExplorer)
EVERY = pytest.mark.parametrize("kind", KINDS)


def state(explorer):
    """What an explorer shows, to be compared."""
    numbers = {name: part.tobytes() for name, part in explorer.scene.numbers.items()}
    options = {name: getattr(explorer, name) for name in option_traits(type(explorer))}
    return explorer.field, explorer.point, numbers, options, explorer.domain


def branching(x, y):
    """A function that no program can stand for."""
    return x * y if x > 0 else x + y


# ── one gesture, one recomputation ───────────────────────────────────────────────────────────────


GESTURES = {
    "the point is set": lambda f: setattr(f.explorer, "point", (1.5, -0.5)),
    "a handle is dragged": lambda f: f.drag(x=1.5, y=-0.5),
    "a handle moves one coordinate": lambda f: f.drag(x=1.5),
    "as jslink does": lambda f: f.tell(point=[1.5, 2]),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
@BOTH
def test_where_a_browser_replays_a_gesture_python_computes_no_scene(
    kind, gesture, computed, presented
):
    explorer = kind(BOWL, point=(1, 2))
    face = Face(explorer)
    computed.clear(), presented.clear(), face.clear()
    gesture(face)
    assert (computed, presented) == ([], [])
    assert explorer.point[0] == 1.5
    assert face.numbers["point"].tolist() == list(explorer.point)
    assert set().union(*face.updates, *face.echoes) <= {"point", "_heard"}
    assert explorer.scene["point"].tolist() == list(explorer.point)
    assert explorer.scene is explorer.scene
    assert len(computed) == 1
    assert computed[0][:2] == explorer.point
    assert face.agrees()


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
@BOTH
def test_without_a_program_one_gesture_is_one_recomputation_and_no_other_picture(
    kind, gesture, computed, presented
):
    explorer = kind(branching, point=(1, 2))
    face = Face(explorer)
    computed.clear(), presented.clear(), face.clear()
    gesture(face)
    assert face.seen["_program"] == b""
    assert (len(computed), presented) == (1, [])
    assert computed[0][:2] == explorer.point != (1, 2)
    assert face.numbers["point"].tolist() == list(explorer.point)
    assert explorer.scene["point"].tolist() == list(explorer.point)
    assert len(computed) == 1
    assert face.agrees()


SOURCES = {
    "text": lambda f: setattr(f.explorer, "field", "x*y"),
    "a field": lambda f: setattr(f.explorer, "field", ScalarField("x*y")),
    "a callable": lambda f: setattr(f.explorer, "field", lambda x, y: x * y),
    "other variables": lambda f: setattr(f.explorer, "field", "a*b"),
    "typed": lambda f: f.type("x*y"),
    "chosen": lambda f: f.choose("saddle"),
    "a domain": lambda f: setattr(f.explorer, "domain", {"x": (0, 5)}),
    "a domain typed": lambda f: f.bounds(x=(0, 5)),
}


@pytest.mark.parametrize("change", SOURCES.values(), ids=SOURCES)
@BOTH
def test_another_function_is_another_picture_and_not_computed(kind, change, computed, presented):
    explorer = kind(BOWL, point=(1, 2))
    face = Face(explorer)
    key = face.key
    computed.clear(), presented.clear()
    change(face)
    assert face.key == key + 1
    assert (len(presented), computed) == (1, [])
    for panel in explorer.scene.panels:
        told = face.panels[panel.name]
        assert (tuple(told["x"]), tuple(told["y"])) == (panel.x, panel.y)
    assert len(computed) == 1
    assert face.agrees()


OTHER_PICTURES = {
    "levels": (lambda e: setattr(e, "levels", "even"), 1),
    "view": (lambda e: setattr(e, "view", "both"), 1),
    "the same view": (lambda e: setattr(e, "view", "map"), 0),
    "point": (lambda e: setattr(e, "point", (2, 2)), 0),
    "azimuth": (lambda e: setattr(e, "azimuth", 12.0), 0),
    "the inputs are hidden": (lambda e: setattr(e, "controls", False), 0),
    "reset of what is open": (lambda e: e._asked_for(e, {"do": "reset"}, []), 0),
}


@pytest.mark.parametrize("name", OTHER_PICTURES)
@BOTH
def test_a_picture_is_made_only_where_its_structure_changes(kind, name):
    change, more = OTHER_PICTURES[name]
    face = Face(kind(BOWL, point=(1, 2)))
    key = face.key
    change(face.explorer)
    assert face.key == key + more
    assert face.agrees()


@BOTH
def test_nothing_happens_where_nothing_changes(kind, computed):
    face = Face(kind(BOWL, point=(1, 2)))
    computed.clear()
    face.explorer.point = (1.0, 2.0)
    assert face.messages == []
    face.type(BOWL)
    assert computed == []
    assert (face.updates, face.echoes) == ([], [{"formula", "_heard"}])


@BOTH
def test_one_drag_is_answered_once_and_moves_few_bytes(kind):
    face = Face(kind(BOWL, point=(1, 2)))
    face.drag(x=1.5, y=-0.5)
    assert [one.method for one in face.messages] == ["echo_update"]
    assert face.messages[0].state == {"point": [1.5, -0.5], "_heard": 1.0}


# ── names of widgets ─────────────────────────────────────────────────────────────────────────────


@EVERY
def test_an_explorer_is_one_model_beside_its_layout(kind):
    before = registered()
    explorer = kind(BOWL)
    assert registered() - before == {explorer.model_id, explorer.layout.model_id}
    assert "gw-explorer" in explorer._dom_classes


SIZED = {
    "gradient": lambda: GradientExplorer(BOWL, point=(1, 2)),
    "gradient of an example": lambda: GradientExplorer("himmelblau", density=25),
    "partials": lambda: PartialsExplorer(BOWL, point=(1, 2)),
    "partials of six": lambda: PartialsExplorer("a*b + c*d*u*v"),
    "derivative": lambda: gw.DerivativeExplorer("sin(x)"),
}


@pytest.mark.parametrize("make", SIZED.values(), ids=SIZED)
def test_the_state_is_json_without_nan_and_small(make):
    explorer = make()
    plain, sizes = {}, 0
    for name, value in explorer.get_state().items():
        if isinstance(value, bytes | memoryview):
            sizes += len(value)
        elif name not in ("_esm", "_css", "layout"):
            plain[name] = value
    assert len(json.dumps(plain, allow_nan=False)) + sizes <= 120 * 1024


# ── points ───────────────────────────────────────────────────────────────────────────────────────


@BOTH
def test_a_point_stays_exact(kind):
    explorer = kind(BOWL, point=(0.123456789, 1))
    assert explorer.point == (0.123456789, 1.0)
    explorer.point = (np.pi / 3, -np.e / 2)
    assert explorer.point == (np.pi / 3, -np.e / 2)
    face = Face(explorer)
    face.drag(x=0.12345)
    assert explorer.point == (0.12345, -np.e / 2)
    assert face.values["x"] == 0.12345


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
    face = Face(explorer)
    before = state(explorer)
    face.type(text)
    assert says in face.message
    assert "<b>" not in face.message
    assert state(explorer) == before
    assert face.text == text
    explorer.point = (2, 1)  # the message stays while the text does
    assert face.message != ""
    assert face.text == text
    face.type("x*y")
    assert face.message == ""
    assert explorer.field.text == "x*y"


def test_the_message_marks_the_place():
    explorer = GradientExplorer(BOWL)
    face = Face(explorer)
    face.type("x + foo(y)")
    assert "<pre aria-hidden='true'>x + foo(y)\n    ▲</pre>" in face.message


def test_the_good_formula_typed_again_takes_the_message_away():
    explorer = GradientExplorer(BOWL)
    face = Face(explorer)
    face.type("x +")
    face.type(BOWL)
    assert face.message == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda f: setattr(f.explorer, "field", "x*y"),
        lambda f: f.choose("saddle"),
        lambda f: f.reset(),
    ],
    ids=["python", "menu", "reset"],
)
@BOTH
def test_another_way_to_a_good_function_takes_bad_text_and_message_away(kind, change):
    face = Face(kind(BOWL))
    face.type("x +")
    change(face)
    assert face.text == face.explorer.field.text
    assert face.message == ""


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
    face = Face(explorer)
    before = state(explorer)
    for text in HOSTILE:
        face.type(text)
        assert face.message != "", text
        assert state(explorer) == before, text
        assert face.text == text
        assert "<script" not in face.message


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
    face = Face(explorer)
    face.type(typed)
    assert explorer.field.variables == variables
    assert explorer.field.text == typed
    assert len(explorer.point) == len(variables)
    assert list(face.values)[: len(variables)] == list(variables)
    assert face.seen["_picture"]["variables"] == list(variables)
    assert face.seen["_form"]["text"]["label"] == f"f({', '.join(variables)}) ="


def test_a_variable_that_a_typed_formula_brought_goes_with_it():
    explorer = PartialsExplorer(BOWL)
    face = Face(explorer)
    face.type("x*y*z")
    face.bounds(z=(0, 1))
    face.type("sqrt(x) + y")
    assert explorer.field.variables == ("x", "y")
    assert list(face.values) == ["x", "y"]
    (domain,) = (item for item in face.items if item["kind"] == "domain")
    assert list(domain["intervals"]) == ["x", "y"]
    face.type("t**2")
    assert explorer.field.variables == ("t",)
    face.type("y**2")
    assert explorer.field.variables == ("x", "y")


def test_variables_of_an_example_or_a_field_stay_while_formulas_are_typed():
    explorer = PartialsExplorer(BOWL)
    face = Face(explorer)
    explorer.field = ScalarField("a*b*c")
    face.type("a**2")
    assert explorer.field.variables == ("a", "b", "c")
    with pytest.raises(ValueError, match="no finite value"):
        explorer.field = ScalarField("log(-1 - u**2)")
    face.type("b**2")
    assert explorer.field.variables == ("a", "b", "c")
    face.choose("wave")
    face.type("5")
    assert explorer.field.variables == catalog["wave"].variables


@EVERY
def test_a_typed_formula_keeps_point_and_domain(kind):
    explorer = kind(BOWL, point=(1, 2), domain={"x": (0, 5)})
    face = Face(explorer)
    face.type("sin(x) + y")
    assert explorer.point == (1.0, 2.0)
    assert explorer.domain == {"x": (0.0, 5.0), "y": (-3.0, 3.0)}


@EVERY
def test_a_point_where_the_new_function_is_undefined_moves_to_where_it_is(kind):
    explorer = kind(BOWL, point=(-1, 2))
    face = Face(explorer)
    face.type("log(x)*y")
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
    face = Face(explorer)
    assert isinstance(explorer.field, ScalarField)
    assert explorer.field.value((3, 2)) == 6
    assert "f = 2.00" in explorer.scene.captions[0]
    explorer.field = "x + y"
    explorer.field = source
    assert explorer.field.value((3, 2)) == 6
    assert face.text == ("" if source is product else "x*y")


@EVERY
def test_without_a_source_there_is_something_telling_to_see(kind):
    explorer = kind()
    face = Face(explorer)
    example = catalog[kind.preset]
    assert explorer.point == example.start
    assert explorer.field.text == example.text
    assert face.shown == kind.preset


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
    [lambda f: f.drag(x=2.0), lambda f: f.tell(point=[2.0, 1.0])],
    ids=["drag", "jslink"],
)
@BOTH
def test_an_exception_from_the_page_is_shown_and_the_state_restored(kind, act):
    explorer = kind(picky, point=(1, 1))
    before = state(explorer)
    face = Face(explorer)
    act(face)
    assert face.note == "RuntimeError: x is <too> large"
    assert state(explorer) == before
    face.drag(x=0.5)
    assert face.note == ""
    assert explorer.point == (0.5, 1.0)


def test_in_a_strict_explorer_it_is_raised_after_it_was_shown(monkeypatch):
    monkeypatch.setattr(Explorer, "strict", True)
    explorer = GradientExplorer(picky, point=(1, 1))
    face = Face(explorer)
    with pytest.raises(RuntimeError, match="too"):
        face.drag(x=2.0)
    assert face.note == "RuntimeError: x is <too> large"
    face.type("x +")  # a student's slip is no error of the program
    assert face.message != ""


# ── domain, presets, reset ───────────────────────────────────────────────────────────────────────


@EVERY
def test_a_domain_changes_in_part_and_takes_the_point_along(kind):
    explorer = kind(BOWL, point=(1, 2))
    face = Face(explorer)
    explorer.domain = {"x": (-1, 0.5)}
    assert explorer.domain == {"x": (-1.0, 0.5), "y": (-3.0, 3.0)}
    assert explorer.point == (0.5, 2.0)
    control = face.control("x")
    assert (control["low"], control["high"], face.values["x"]) == (-1, 0.5, 0.5)
    assert face.panels["map"]["x"] == [-1.0, 0.5]


@pytest.mark.parametrize("end", [3.0, 99.0, float("nan"), float("inf"), 1e12])
@BOTH
def test_a_bad_domain_is_answered_below_its_boxes(kind, end):
    explorer = kind(BOWL, point=(1, 2))
    before = state(explorer)
    face = Face(explorer)
    face.bounds(x=(end, 3.0))
    assert re.search("The range of x|An interval has two finite ends", face.domain_message)
    assert state(explorer) == before
    assert explorer.domain["x"] == (-3.0, 3.0)
    face.bounds(x=(-1.0, 3.0))
    assert face.domain_message == ""
    assert explorer.domain["x"] == (-1.0, 3.0)


@BOTH
def test_a_domain_without_a_finite_value_is_answered_below_its_boxes(kind):
    explorer = kind("log(x)*y", point=(1, 2))
    before = state(explorer)
    face = Face(explorer)
    face.bounds(x=(-3.0, -1.0))
    assert "no finite value" in face.domain_message
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
    face = Face(explorer)
    least = 2 if kind is GradientExplorer else 1
    assert set(face.examples) == {
        key for key, example in catalog.items() if least <= len(example.variables) <= most
    }
    for key in face.examples:
        face.choose(key)
        assert face.message == ""
        assert explorer.field.text == face.text == catalog[key].text
        assert explorer.domain == catalog[key].domain
        assert explorer.point == catalog[key].start, key


def test_an_example_s_start_counts_even_where_the_numbers_stay():
    explorer = PartialsExplorer("t**2", point=1.0)
    Face(explorer).choose("wave")
    assert explorer.point == catalog["wave"].start == (1.0,)


def test_the_menu_tells_which_example_is_shown():
    face = Face(GradientExplorer("x**2 - y**2"))
    assert face.shown == "saddle"
    face.type("x**2 - 3*y**2")
    assert face.shown == ""
    assert face.seen["_form"]["menu"]["options"][0] == ["", "your own"]
    face.type(catalog["peaks"].text)
    assert face.shown == "peaks"


@BOTH
def test_reset_returns_to_the_opening_view(kind):
    explorer = kind(BOWL, point=(1, 2))
    before, face = state(explorer), Face(explorer)
    explorer.domain = {"x": (-1, 0.5)}
    explorer.point = (0, 0)
    face.type("x +")
    face.reset()
    assert state(explorer) == before
    assert face.text == BOWL
    assert face.message == ""


@BOTH
def test_home_is_where_the_function_opened(kind):
    explorer = kind(BOWL, point=(1, 2))
    explorer.point = (0, 0)
    explorer.domain = {"x": (-5, 5)}
    face = Face(explorer)
    assert [face.control(name)["start"] for name in "xy"] == [1, 2]
    explorer.field = "a*b"
    assert [face.control(name)["start"] for name in "ab"] == list(explorer.point)


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
    with pytest.raises(ValueError, match=r"save to \.png, \.svg, \.pdf, \.html or \.mjs"):
        GradientExplorer(BOWL).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_saved_page_holds_the_line_that_makes_it_live(tmp_path):
    explorer = GradientExplorer(BOWL, point=(1, 2))
    explorer.save(str(tmp_path / "page.html"))
    assert "gw.GradientExplorer(" in (tmp_path / "page.html").read_text("utf-8")


@EVERY
def test_the_live_view_stands_alone_in_its_output(kind):
    bundle, _ = kind(BOWL)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def again(explorer, **names):
    return eval(explorer.code(), {"gw": gw, **names})


def assert_same_view(one, other):
    assert type(one) is type(other)
    assert one.code() == other.code()
    assert (one.point, one.domain) == (other.point, other.domain)
    for name, numbers in one.scene.numbers.items():
        np.testing.assert_array_equal(numbers, other.scene[name])
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
    "typed": lambda f: f.type("x*y - 2"),
    "typed with other variables": lambda f: f.type("a*b - 2"),
    "dragged": lambda f: f.drag(x=0.5, y=0.25),
    "evenly spaced": lambda f: f.set("levels", "even"),
    "another domain": lambda f: setattr(f.explorer, "domain", {"x": (-1, 1)}),
    "an example": lambda f: f.choose("valley"),
    "without inputs": lambda f: setattr(f.explorer, "controls", False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@BOTH
def test_the_code_makes_the_same_view_after_a_change(kind, change):
    explorer = kind(BOWL, point=(0, 0))
    change(Face(explorer))
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


def classes(kind=Explorer):
    return {kind}.union(*map(classes, kind.__subclasses__()))


def test_fifty_explorers_leave_nothing_behind():
    kinds = GradientExplorer, PartialsExplorer, DescentExplorer
    for kind in (*kinds, RatedExplorer):
        kind(BOWL).close()  # what is made once and kept
    gc.collect()
    before, known, gone = registered(), classes(), []
    for kind in (*kinds, *47 * (RatedExplorer,)):
        explorer = kind(BOWL, point=(1, 2))
        face = Face(explorer)
        face.drag(x=2.0), face.type("x*y"), face.type("x +")
        gone += [weakref.ref(explorer), weakref.ref(explorer.layout)]
        explorer.close()
        assert registered() == before
    del explorer, face
    gc.collect()
    assert classes() <= known
    assert [ref for ref in gone if ref() is not None] == []


@EVERY
def test_closing_twice_and_closing_a_box_are_harmless(kind):
    before = registered()
    explorer = kind(BOWL)
    explorer.close()
    explorer.close()
    assert registered() == before


def test_an_explorer_that_was_never_made_is_gone_without_a_word():
    class Refused(GradientExplorer):
        def __init__(self):
            raise ValueError("not today")

    before = registered()
    with pytest.raises(ValueError, match="not today"):
        Refused()
    Refused.__new__(Refused).close()
    assert registered() == before


def test_closing_one_explorer_leaves_the_other_alive():
    one, other = GradientExplorer(BOWL, point=(1, 2)), GradientExplorer(BOWL, point=(1, 2))
    one.close()
    other.point = (2, 1)
    assert other.scene["point"].tolist() == [2, 1]
    assert other.comm is not None


def test_changing_functions_makes_no_widgets():
    face = Face(PartialsExplorer("x*y"))
    before = registered()
    for text in ("a*b*c", "x*y", "sin(t)"):
        face.type(text)
    assert registered() == before


def test_what_a_refused_argument_leaves_is_gone():
    before = registered()
    for _ in range(3):
        with pytest.raises(ValueError, match="missing"):
            GradientExplorer("x +")
    gc.collect()
    assert registered() == before


def test_explorers_left_open_let_python_end_in_peace():
    opened = ", ".join(f"gw.{kind.__name__}('x*y')" for kind in KINDS)
    code = f"import gradwidgets as gw\nexplorers = {opened}\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ── numbers as they are meant ────────────────────────────────────────────────────────────────────


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
