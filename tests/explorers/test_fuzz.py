"""Wild clients: whatever a browser sends, the picture works, and no junk stays in a trait.

Work is bounded by counting: what is malformed makes no picture, presented nothing, and of its parts
few are looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import ipywidgets as ipw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets.explorers.base import Explorer

KINDS = (
    gw.DerivativeExplorer,
    gw.PartialsExplorer,
    gw.GradientExplorer,
    gw.DescentExplorer,
    gw.RaceExplorer,
    gw.CurvatureExplorer,
    gw.FitExplorer,
    gw.TapeExplorer,
)
FROM_THE_BROWSER = ("_tick", "_following", "_open", "_live")
TYPED = ("formula", "own")  # a text stays as it was typed, with a message beside it
LONG, FEW = 10**6, 10_000

NOTHING_LIKE_IT: dict[str, Any] = {
    "NaN": math.nan,
    "1e999": math.inf,
    "minus 1e999": -math.inf,
    "a huge whole number": 10**400,
    "a huge text": "x+" * LONG,
    "a list of NaN": [math.nan, math.nan],
    "a list of 1e999": [1.0, math.inf],
    "a list of huge whole numbers": [10**400, -(10**400)],
    "a list of texts": ["no such", "name"],
    "a list of yes": [True, True],
    "a list of lists": [[1.0], [2.0]],
    "a list of mappings": [{"x": 1.0}, {"y": None}],
    "a long list": [0.5] * 5000,
    "a mapping of NaN": {"x": math.nan, "adam": math.nan, "w": math.nan},
    "a mapping of mappings": {"no such": {"name": {"at": "all"}}},
    "bytes": memoryview(b"\0" * 16),
}
TEXTS = {"a zero": "x\0", "half a letter": "\ud800", "no formula": "x +* y", "a page": "<b>x</b>"}


class Long(list):  # type: ignore[type-arg]
    """A list that says it is long, and counts how many of its parts are taken."""

    taken = 0

    def __len__(self) -> int:
        return LONG

    def __iter__(self) -> Iterator[float]:
        for k in range(LONG):
            Long.taken += 1
            yield float(k)


def nested(depth: int) -> list[Any]:
    inside: list[Any] = []
    for _ in range(depth):
        inside = [inside]
    return inside


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the explorers' classes, once for each picture that they made."""
    pictures: list[str] = []

    def counting(kind: type[Explorer]) -> Any:
        make = kind._make_picture
        return lambda explorer: (pictures.append(kind.__name__), make(explorer))[1]

    for kind in KINDS:
        monkeypatch.setattr(kind, "_make_picture", counting(kind))
    return pictures


@pytest.fixture(autouse=True)
def echoes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The answers to what a browser had sent; all that is said must be JSON, without NaN."""
    states: list[dict[str, Any]] = []
    send = ipw.Widget._send

    def listening(widget: ipw.Widget, message: dict[str, Any], buffers: Any = None) -> None:
        json.dumps(message, allow_nan=False, ensure_ascii=False).encode("utf-8")
        if message["method"] == "echo_update":
            states.append(dict(message["state"]))
        send(widget, message, buffers)

    monkeypatch.setattr(ipw.Widget, "_send", listening)
    return states


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__.removesuffix("Explorer"))
def explorer(request: pytest.FixtureRequest) -> Explorer:
    explorer: Explorer = request.param()
    return explorer


def public(explorer: Explorer) -> list[str]:
    """The names that both sides may set."""
    every = dict.fromkeys(["formula", "point", "controls", *explorer._option_names()])
    return [name for name in every if name not in explorer._private()]


def told(explorer: Explorer) -> str:
    return str(explorer.note + explorer._message + explorer._domain_message)


def forget(explorer: Explorer) -> None:
    explorer.note = explorer._message = explorer._domain_message = ""


def state(explorer: Explorer, *without: str) -> dict[str, Any]:
    return {name: getattr(explorer, name) for name in public(explorer) if name not in without}


def refused(explorer: Explorer, name: str, value: Any) -> None:
    """Send one value, which has to be told and to change nothing."""
    forget(explorer)
    before = state(explorer)
    explorer.set_state({name: value})
    assert told(explorer), name
    assert state(explorer) == before


def still_works(explorer: Explorer) -> None:
    """Every trait is one that its own rules take, and gestures move the point."""
    for name in public(explorer):
        if name not in TYPED:
            setattr(explorer, name, getattr(explorer, name))
    for share in (0.4, 0.6):
        point = [low + share * (high - low) for low, high in explorer.domain.values()]
        explorer.set_state({"point": point, "_tick": explorer._heard + 1})
        assert list(explorer.point) == pytest.approx(point)
    assert explorer.scene.captions


# ── one value ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_no_value_is_refused_and_told_and_makes_no_picture(
    explorer, made, presented
) -> None:
    made.clear()
    presented.clear()
    for name in public(explorer):
        for junk in NOTHING_LIKE_IT.values():
            refused(explorer, name, junk)
    assert (made, presented) == ([], [])
    still_works(explorer)


def test_lists_without_end_or_floor_are_not_read_through(explorer, made) -> None:
    made.clear()
    for name in (*public(explorer), *FROM_THE_BROWSER):
        Long.taken = 0
        explorer.set_state({name: Long()})
        assert Long.taken <= FEW, name
        explorer.set_state({name: nested(900)})
        explorer.set_state({name: {"x": nested(900)}})
    assert made == []
    still_works(explorer)


def test_texts_that_are_no_formula_stay_as_they_were_typed(explorer, made) -> None:
    made.clear()
    before = state(explorer, *TYPED)
    for text in TEXTS.values():
        forget(explorer)
        explorer.set_state({"formula": text})
        assert explorer._message
        assert "<b>" not in explorer._message
    assert state(explorer, *TYPED) == before
    assert made == []
    still_works(explorer)


def test_another_kind_of_value_never_stays(explorer) -> None:
    others = (None, True, 0, -1, 0.5, 1e308, -1e308, 5e-324, "", "no such", [], {}, *TEXTS.values())
    for name in public(explorer):
        for value in others:
            explorer.set_state({name: value})
        still_works(explorer)


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def test_what_python_alone_tells_cannot_be_set(explorer, made) -> None:
    made.clear()
    said = {n for n, trait in explorer.traits().items() if trait.metadata.get("sync")}
    said -= {*public(explorer), *FROM_THE_BROWSER}
    assert {
        "_esm",
        "_css",
        "_picture",
        "_program",
        "_fixed",
        "_terrain",
        "_form",
    } <= said
    before = {name: getattr(explorer, name) for name in said - {"_heard"}}
    for junk in (*NOTHING_LIKE_IT.values(), "alert(1)", {}, [], None, {"key": 10**9}, b"bytes"):
        explorer.set_state(dict.fromkeys(said, junk))
    assert {name: getattr(explorer, name) for name in said - {"_heard"}} == before
    assert made == []
    still_works(explorer)


def test_names_that_are_no_traits_are_not_heard(explorer) -> None:
    names = ("no_such", "_life", "_picture_", "field", "domain", "__class__", "close", "strict", "")
    before = dict(vars(explorer))
    explorer.set_state(dict.fromkeys(names, 1.0))
    assert {n: vars(explorer).get(n) for n in names} == {n: before.get(n) for n in names}
    still_works(explorer)


def test_what_only_the_browser_tells_may_be_nonsense(explorer) -> None:
    for junk in (*NOTHING_LIKE_IT.values(), *TEXTS.values(), None, {}, [], [0, 0], [-1, 1e308]):
        for name in FROM_THE_BROWSER:
            explorer.set_state({name: junk})
    still_works(explorer)


# ── several values ───────────────────────────────────────────────────────────────────────────────


def test_good_values_are_taken_from_between_bad_ones(explorer, echoes) -> None:
    point = [low + 0.3 * (high - low) for low, high in explorer.domain.values()]
    heard = set(explorer._option_names()) - explorer._private()
    bad = dict.fromkeys(heard, memoryview(b"bytes"))
    echoes.clear()
    explorer.set_state({**bad, "point": point, "_esm": "alert(1)", "no such": 1, "_tick": 41.0})
    assert list(explorer.point) == pytest.approx(point)
    (echo,) = echoes
    assert echo["_heard"] == 41.0
    assert list(echo["point"]) == list(explorer.point)
    assert set(echo) >= set(bad)
    present = explorer.get_state(key=list(bad))
    assert {name: echo[name] for name in bad} == present
    assert not {"_esm", "no such"} & set(echo)


def test_a_value_is_moved_and_told_to_all(explorer, echoes) -> None:
    far = [2 * high - low for low, high in explorer.domain.values()]
    explorer.set_state({"point": far})
    assert list(explorer.point) == [high for _, high in explorer.domain.values()]
    assert list(echoes[-1]["point"]) == list(explorer.point)


NUMBERS = st.floats() | st.integers() | st.booleans() | st.none()
VALUES = st.recursive(
    NUMBERS | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=6), inside),
    max_leaves=8,
)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_messages_leave_an_explorer_that_works(explorer, presented, data) -> None:
    names = st.sampled_from([*public(explorer), *FROM_THE_BROWSER, "_program", "_esm", "no such"])
    for message in data.draw(st.lists(st.dictionaries(names, VALUES, max_size=6), max_size=4)):
        explorer.set_state(message)
    still_works(explorer)


# ── what a page may ask for ──────────────────────────────────────────────────────────────────────


def ask(explorer: Explorer, content: Any) -> None:
    explorer._handle_msg({"content": {"data": {"method": "custom", "content": content}}})


def test_nonsense_asked_for_changes_nothing(explorer, made) -> None:
    made.clear()
    before: Mapping[str, Any] = state(explorer)
    for junk in (None, 1, "text", [], {}, math.nan, 10**400, {"x": [1]}):
        for content in nonsense(junk):
            ask(explorer, content)
    assert state(explorer) == before
    assert made == []
    still_works(explorer)


def nonsense(junk: Any) -> tuple[Any, ...]:
    return (
        *({"do": junk}, {"do": "close"}, {"do": "_renew"}, {"do": "__init__"}, {}, junk),
        *({"do": "example", "key": junk}, {"do": "example"}, {"do": "domain"}),
        *({"do": "domain", "values": junk}, {"do": "domain", "values": {"x": junk}}),
        *({"do": "domain", "values": {"x": [junk, junk]}}, {"do": "cancel", "what": junk}),
    )
