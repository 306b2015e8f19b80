"""What a browser may set: good values together, each refused one told, nothing told too early."""

import json
from functools import cache

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets import GradientExplorer, PartialsExplorer
from gradwidgets.explorers import client
from tests.explorers.face import OWN, Face

BOWL = "x**2 + 10*y**2"
NAN, INF = float("nan"), float("inf")
KINDS = [getattr(gw, name) for name in gw.__all__ if name.endswith("Explorer")]
every = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@pytest.fixture
def face():
    return Face(GradientExplorer(BOWL, point=(1, 2)))


def text_for(kind):
    texts = {gw.DerivativeExplorer: "x**2", gw.FitExplorer: "w*x + b"}
    return texts.get(kind, BOWL)


def opened(kind):
    return Face(kind() if kind is gw.FitExplorer else kind(text_for(kind)))


# ── the echo ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_accepted_is_echoed_in_one_message(face):
    face.tell(point=[0.5, 1], angle=90)
    assert [one.method for one in face.messages] == ["echo_update"]
    assert face.messages[0].state == {"point": [0.5, 1.0], "angle": 90.0, "_heard": 1.0}
    assert face.agrees()


def test_what_is_moved_comes_back_as_it_is(face):
    face.tell(point=[99, -99])
    told, echo = face.messages
    assert echo.state == {"point": [3.0, -3.0], "_heard": 1.0}
    assert told.state == {"note": face.note, "_news": face.note}
    assert "x = 99, y = −99" in face.note
    assert face.values["x"] == 3
    assert face.agrees()


def test_what_is_refused_comes_back_and_the_others_are_taken(face):
    face.tell(point=[0.5, 1], angle=999, density=9)
    assert (face.explorer.point, face.explorer.density) == ((0.5, 1.0), 9)
    assert face.explorer.angle == 30.0
    (echo,) = (one for one in face.messages if one.method == "echo_update")
    assert echo.state == {"point": [0.5, 1.0], "angle": 30.0, "density": 9, "_heard": 1.0}
    assert "angle" in face.note
    assert face.agrees()
    face.drag(x=0)
    assert face.note == ""


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (["ab", 1], "a point has a number for each of: x, y"),
        ([1], "has 2 coordinates (x, y)"),
        ([NAN, 1], "point stays as it was: it takes finite numbers"),
    ],
)
def test_a_point_is_refused_in_plain_words(face, point, said):
    face.tell(point=point)
    assert said in face.note
    assert face.explorer.point == (1, 2)


@pytest.mark.parametrize("bad", [{"angle": NAN}, {"angle": "east"}, {"density": 10**6}])
def test_a_refusal_is_told_though_the_others_are_good(face, bad):
    face.tell(point=[0.5, 1], **bad)
    assert face.explorer.point == (0.5, 1.0)
    assert face.note != ""
    assert face.agrees()


def test_nothing_is_echoed_before_it_is_accepted(face):
    order = []
    face.explorer.observe(lambda change: order.append("set"), "point")
    send = face.explorer._send
    face.explorer._send = lambda message, buffers=None: (
        order.append(message["method"]),
        send(message, buffers),
    )
    face.tell(point=[0.5, 1])
    assert order == ["set", "echo_update"]


def test_the_last_tick_is_told(face):
    for count in range(1, 4):
        face.drag(x=count / 10)
        assert face.seen["_heard"] == face.explorer._heard == count


def test_an_observer_that_sets_another_trait_is_heard(face):
    face.explorer.observe(lambda change: setattr(face.explorer, "angle", 77.0), "point")
    face.drag(x=0.5)
    assert (face.updates, face.echoes) == ([{"angle"}], [{"point", "_heard"}])
    assert face.values["angle"] == 77
    assert face.agrees()


def test_an_observer_that_sets_the_same_trait_has_the_last_word(face):
    face.explorer.observe(lambda change: setattr(face.explorer, "point", (2, 2)), "point")
    face.drag(x=0.5)
    assert face.messages[-1].state == {"point": [2.0, 2.0], "_heard": 1.0}
    assert face.updates == []
    assert face.agrees()


def test_one_message_with_several_names_is_settled_once(face):
    settled = []
    face.explorer.settled.register_callback(settled.append)
    face.tell(point=[0.5, 1], angle=90, arrows=False, density=9)
    assert len(settled) == 1
    assert face.key == 2
    assert face.agrees()


def test_a_browser_s_own_is_no_other_s(face):
    face.open("Options")
    assert all(OWN.isdisjoint(one.names) for one in face.messages)


def test_options_are_set_as_by_jslink(face):
    face.set("density", 21)
    face.set("arrows", False)
    assert (face.explorer.density, face.explorer.arrows) == (21, False)
    assert face.echoes == [{"density", "_heard"}, {"arrows", "_heard"}]
    assert face.agrees()


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_formula_stays_as_typed_with_its_message(face):
    field = face.explorer.field
    face.type("x +")
    assert (face.text, face.explorer.formula) == ("x +", "x +")
    assert "missing" in face.message
    assert face.explorer.field is field
    assert (face.updates, face.echoes) == ([{"_message"}], [{"formula", "_heard"}])
    assert face.agrees()


def test_from_python_a_refused_formula_raises_and_stays_too(face):
    field = face.explorer.field
    with pytest.raises(gw.FormulaError, match="missing"):
        face.explorer.formula = "x +"
    assert face.explorer.formula == face.text == "x +"
    assert "missing" in face.message
    assert face.explorer.field is field
    face.explorer.formula = "x*y"
    assert (face.message, face.explorer.field.text) == ("", "x*y")
    assert face.agrees()


def test_a_formula_and_a_number_in_one_message_are_both_taken(face):
    face.tell(formula="x*y", angle=90)
    assert (face.explorer.field.text, face.explorer.angle) == ("x*y", 90)
    face.tell(formula="x*", angle=45)
    assert (face.explorer.field.text, face.explorer.angle) == ("x*y", 45)
    assert (face.text, face.values["angle"]) == ("x*", 45)
    assert face.agrees()


def test_a_name_of_an_example_becomes_its_formula(face):
    face.type("himmelblau")
    assert face.text == face.explorer.formula == gw.catalog["himmelblau"].text
    assert face.shown == "himmelblau"
    assert face.agrees()


# ── intervals ────────────────────────────────────────────────────────────────────────────────────


def test_intervals_are_pairs_of_numbers():
    assert client.intervals({"x": [1, 2], "y": [-1.5, 1e9]}) == {"x": (1, 2), "y": (-1.5, 1e9)}
    assert client.intervals({}) == {}


@pytest.mark.parametrize(
    "values",
    [
        None,
        5,
        "x",
        [1, 2],
        {"x": 1},
        {"x": None},
        {"x": [1]},
        {"x": [1, 2, 3]},
        {"x": ["1", "2"]},
        {"x": "12"},
        {"x": [NAN, 1]},
        {"x": [0, INF]},
        {"x": [0, 10**400]},
        {"x": [True, False]},
        {"x": {"0": 1, "1": 2}},
    ],
)
def test_what_is_no_interval_is_refused(values):
    with pytest.raises(ValueError, match="two finite ends"):
        client.intervals(values)


@pytest.mark.parametrize("values", [None, 5, {"q": [0, 1]}, {"x": [1, 0]}, {"x": [0, 1e200]}, []])
def test_a_bad_domain_of_the_page_is_answered_there(face, values):
    before = face.explorer.domain
    face.do("domain", values=values, typed=True)
    assert face.explorer.domain == before
    assert "alert" in face.domain_message or values == []


# ── wild values ──────────────────────────────────────────────────────────────────────────────────

WILD = [
    None,
    True,
    False,
    0,
    -1,
    1e308,
    -1e308,
    10**400,
    NAN,
    INF,
    -INF,
    "",
    "x",
    "1",
    "x" * 20_000,
    "(" * 5_000,
    [],
    [1],
    [NAN, INF],
    [[1, 2], 3],
    ["x", "y"],
    [0.5] * 100_000,
    [None],
    {},
    {"key": 1},
    {"x": {"y": {"z": {"a": {}}}}},
    {str(n): n for n in range(10_000)},
]
MESSAGES = [
    None,
    5,
    "reset",
    [],
    {},
    {"do": None},
    {"do": []},
    {"do": "close"},
    {"do": "__init__"},
    {"do": "_reset"},
    *({"do": do} for do in ("reset", "example", "domain", "cancel", "across", "up")),
    *({"do": "example", "key": key} for key in (None, [], {}, "nobody", 10**400)),
    *({"do": do, "value": v} for do in ("across", "up") for v in (None, [], {}, "nobody", 1e308)),
]


def still_works(face):
    """A picture that answers, a state that is JSON and the same on both sides."""
    name = next(iter(face.values))
    control = face.control(name)
    middle = (control["low"] + control["high"]) / 2
    face.drag(**{name: middle})
    assert face.values[name] == middle
    assert face.agrees()
    assert face.captions
    assert face.explorer.scene.captions


@every
def test_wild_values_for_every_trait_leave_a_picture_that_works(kind):
    face = opened(kind)
    explorer, closed = face.explorer, {"_esm", "_css", "_program", "_picture"}
    before = {name: getattr(explorer, name) for name in closed}
    names = sorted({*explorer.keys, "field", "scene", "_life", "nobody", "comm", "layout"})
    for name in names:
        for value in WILD:
            explorer.set_state({name: value, "_tick": 1})
    face.reset()
    face.type(text_for(kind))
    still_works(face)
    assert {name: getattr(explorer, name) for name in closed if name in ("_esm", "_css")} == {
        name: before[name] for name in ("_esm", "_css")
    }


@every
def test_wild_messages_leave_a_picture_that_works(kind):
    face = opened(kind)
    for message in MESSAGES:
        face.explorer._asked_for(face.explorer, message, [])
    still_works(face)


@pytest.mark.parametrize(
    "name",
    [
        "_program",
        "_numbers",
        "_picture",
        "_form",
        "_esm",
        "_css",
        "_fixed",
        "_terrain",
        "_grid",
        "_joined",
        "_parts",
        "_message",
        "note",
        "_work",
        "_heard",
        "field",
        "layout",
        "_model_name",
    ],
)
def test_what_is_python_s_own_no_browser_can_set(face, name):
    before = getattr(face.explorer, name)
    for value in ({"steps": []}, "x", 5.0, [1], b"bytes"):
        face.explorer.set_state({name: value})
        assert getattr(face.explorer, name) is before
        assert name not in {n for one in face.messages for n in one.names} - {"_heard"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = ("point", "angle", "density", "arrows", "view", "levels", "azimuth", "_tick", "_live")


@cache
def shared():
    return GradientExplorer(BOWL)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from((*NAMES, "_open", "formula")), JSON, max_size=4))
def test_any_message_is_harmless(state):
    explorer = shared()
    explorer.set_state(state)
    assert all(-3 <= number <= 3 for number in explorer.point)
    assert 0 <= explorer.angle <= 360
    json.dumps({n: getattr(explorer, n) for n in NAMES}, allow_nan=False)


def test_a_bool_is_no_number(face):
    face.tell(angle=True)
    assert face.explorer.angle == 30
    face.tell(point=[True, False])
    assert face.explorer.point == (1.0, 2.0)
    assert face.agrees()


def test_names_of_a_tuple_may_come_as_a_list():
    explorer = PartialsExplorer("x*y*z")
    Face(explorer).tell(axes=["z", "x"])
    assert explorer.axes == ("z", "x")


def test_from_python_the_same_values_raise(face):
    with pytest.raises(traitlets.TraitError):
        face.explorer.angle = 999
    with pytest.raises(traitlets.TraitError):
        face.explorer.point = (NAN, 1)


def test_all_observers_hear_of_a_refused_formula(face):
    heard = []

    def hear(text):
        heard.append((text, face.explorer._message))

    face.explorer.observe(lambda change: hear(change["new"]), "formula")
    face.type("x +")
    with pytest.raises(gw.FormulaError):
        face.explorer.formula = "x *"
    face.type("x*y")
    assert [text for text, _ in heard] == ["x +", "x *", "x*y"]
    assert [bool(message) for _, message in heard] == [True, True, False]
