"""State between Python, views and joined models: the front end over stub models in a bare page."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import autograd.numpy as anp
import pytest
from playwright.sync_api import Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Label, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, row
from gradwidgets.pictures.numbers import caption as caption_of
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.race import race_picture
from gradwidgets.pictures.racing import Finals
from gradwidgets.pictures.scene import Layer
from tests.browser.stub import Stub, open_anew, painted, stub
from tests.browser.view import View

FIELD = ScalarField("x**2 + 10*y**2")
AT = (1.0, 2.0, 30.0)
RACE = (2.0, 1.0, 0.05, 0.02)
FORM = {
    "rows": [[{"kind": "switch", "at": {"trait": "best"}, "label": "best"}]],
    "best": {
        "switch": "best",
        "trait": "rates",
        "marks": {name: f"final {name}" for name in ("gradient descent", "momentum")},
    },
}
SILENT = "Python does not hear this; the picture still moves."


def nothing() -> tuple[Finals, bool]:
    return {}, False


@cache
def gradient() -> Picture:
    return gradient_picture(FIELD)


@cache
def race() -> Picture:
    return race_picture(FIELD, ("gradient descent", "momentum"), 60, (-3.0, 0.0), nothing)


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, gradient(), AT)


def press(view: View, key: str, name: str = "point") -> None:
    view.root.locator(".gw-stage").get_by_role("slider", name=name).first.press(key)


def caption(view: View, text: str) -> None:
    view.wait("(root, text) => root.querySelector('.gw-captions').textContent.includes(text)", text)


# ── views ────────────────────────────────────────────────────────────────────────────────────────


def test_two_views_stay_in_step(one: Stub, view: View) -> None:
    other = one.show()
    view.drag("map", (1, 2), (2, -1))
    one.wait("(model) => model.get('point').every((x, k) => Math.abs(x - [2, -1][k]) < 0.02)")
    x, y = one.get("point")
    caption(other, f"({x:.2f}, {y:.2f})".replace("-", "−"))
    assert other.look() == view.look()
    assert other.captions == view.captions
    press(other, "ArrowRight")
    caption(view, f"({x + 0.1:.2f}, {y:.2f})".replace("-", "−"))


def test_the_end_of_a_view_leaves_nothing_and_the_other_alive(one: Stub, view: View) -> None:
    count = one.page.evaluate("() => models.one.listeners.length")
    other = one.show()
    view.press("map", (1, 2))
    one.page.evaluate("() => ends[0]()")
    view.release()
    assert one.page.evaluate("() => models.one.listeners.length") == count
    press(other, "ArrowRight")
    caption(other, "(1.10, 2.00)")
    assert view.root.locator("*").count() == 0
    one.page.evaluate("() => ends[1]()")
    assert one.page.evaluate("() => models.one.listeners.length") == 0


# ── from Python ──────────────────────────────────────────────────────────────────────────────────


def test_python_s_word_moves_all(one: Stub, view: View) -> None:
    one.receive(point=[0.5, 0.25], note="Moved.")
    caption(view, "(0.50, 0.25)")
    assert view.note == "Moved."
    assert one.sent() == []


def test_another_picture_comes_in_one_message(one: Stub, view: View) -> None:
    other = gradient_picture(ScalarField("x*y"))
    one.receive(**painted(other, (1.0, 1.0, 30.0), key="2"), point=[1, 1], formula="x*y")
    caption(view, "f = 1.00")
    press(view, "ArrowRight")
    caption(view, "f = 1.10")


def test_nobody_hears(one: Stub, view: View) -> None:
    one.page.clock.install()
    press(view, "ArrowRight")
    one.page.clock.run_for(4900)
    assert view.note == ""
    one.page.clock.run_for(200)
    assert view.note == SILENT
    one.receive(_heard=one.get("_tick"))
    assert view.note == ""


def test_who_is_heard_is_told_nothing(one: Stub, view: View) -> None:
    one.page.clock.install()
    press(view, "ArrowRight")
    one.receive(_heard=one.get("_tick"))
    one.page.clock.run_for(9000)
    assert view.note == ""


def test_a_host_that_throws_is_no_kernel(one: Stub, view: View) -> None:
    one.page.evaluate("""() => {
      const no = () => { throw new Error("not here"); };
      Object.assign(models.one, { save_changes: no, send: no, off: no });
    }""")
    press(view, "ArrowRight")
    caption(view, "(1.10, 2.00)")
    view.root.get_by_role("button", name="Reset", exact=True).click()
    one.page.evaluate("() => ends[0]()")


# ── without a program ────────────────────────────────────────────────────────────────────────────


def test_without_a_program_python_moves_the_picture(page: Page) -> None:
    one = stub(page, gradient(), AT, program=False)
    view = one.show()
    one.sent()
    before = view.look()
    press(view, "ArrowRight")
    slider = view.root.locator(".gw-sliders").get_by_role("slider", name="x", exact=True)
    view.wait("(root) => root.querySelector('.gw-sliders .gw-range').value === '1.1'")
    assert slider.input_value() == "1.1"
    assert view.look() == before
    assert [message["point"] for message in one.sent()] == [[1.1, 2]]
    one.receive(_numbers=painted(gradient(), (1.1, 2.0, 30.0), program=False)["_numbers"])
    view.other_look(before)
    caption(view, "(1.10, 2.00)")


# ── frames ───────────────────────────────────────────────────────────────────────────────────────


@cache
def framed() -> Picture:
    """A map that grows to the right as x does and keeps that; with negative x another form."""
    panel = Panel("map", (-3.0, 3.0), (-1.0, 1.0), title="Usual")
    dot = Marker(name="dot", panel="map", moves=("x", None))
    line = Polyline(name="line", panel="map", along=(-3.0, 0.0, 3.0))
    said = Label(name="said", panel="", texts=("x = {.2}",))

    def compute(**at: Any) -> Numbers:
        high = anp.where(at["x"] > at["x high"], at["x"] + 1.0, at["x high"])
        return {
            "dot": row(at["x"], 0.0),
            "line": row(0.0, 0.5, at["x"]),
            "said": caption_of(0.0, at["x"]),
            "map range": row(-3.0, high, -1.0, 1.0),
            "map form": row(anp.where(at["x"] < 0.0, 1.0, 0.0)),
        }

    return Picture(
        (replace(panel, others=(replace(panel, title="Other"),)),),
        Layer(),
        (line, dot, said),
        (Control("x", "x", -9.0, 9.0, 0.1, 1.0),),
        compute,
        ambient=(Control("x high", "right end", -99.0, 99.0, 0.1, 3.0),),
        outputs=("map range", "map form"),
        kept=(("x high", "map range", 1),),
    )


def range_of(view: View) -> list[float]:
    frame = json.loads(view.plot("map").get_attribute("data-frame") or "")
    return [float(end) for end in frame[1]]


def test_another_frame_is_drawn_as_the_program_tells_and_kept(page: Page) -> None:
    one = stub(page, framed(), (1.0,))
    view = one.show()
    assert range_of(view) == [-3, 3]
    one.receive(x=4)
    caption(view, "x = 4.00")
    assert range_of(view) == [-3, 5]
    one.receive(x=2)
    caption(view, "x = 2.00")
    assert range_of(view) == [-3, 5]
    assert one.sent() == []


def test_a_line_fills_the_range_that_its_program_tells(page: Page) -> None:
    one = stub(page, framed(), (4.0,), ambient={"x high": 5.0})
    right = one.show().look()
    open_anew(page)
    one = stub(page, framed(), (1.0,))
    view = one.show()
    one.receive(x=4)
    caption(view, "x = 4.00")
    assert view.look() == right


def test_a_panel_takes_the_form_that_its_program_tells(page: Page) -> None:
    one = stub(page, framed(), (1.0,))
    view = one.show()
    title, before = view.root.locator(".gw-title"), view.look()
    assert title.text_content() == "Usual"
    one.receive(x=-2)
    caption(view, "x = −2.00")
    assert title.text_content() == "Other"
    one.receive(x=1)
    caption(view, "x = 1.00")
    assert title.text_content() == "Usual"
    assert view.look() == before


# ── what comes later ─────────────────────────────────────────────────────────────────────────────


def test_what_comes_later_is_pale_until_then(page: Page) -> None:
    slow = """() => {
      window.waiting = [];
      const usual = setTimeout;
      window.setTimeout = (act, wait, ...more) =>
        wait ? usual(act, wait, ...more) : (waiting.push(act), 0);
      const now = performance.now.bind(performance);
      let late = 0;
      performance.now = () => now() + (late += 3);
    }"""
    one = stub(page, race(), RACE, form=FORM, traits={"best": True})
    page.evaluate(slow)
    view = one.show()
    assert one.get("rates") == {"gradient descent": 0.05, "momentum": 0.02}
    let = "() => { while (waiting.length) waiting.shift()(); return true; }"
    page.wait_for_function(let.replace("true", "models.one.get('rates').momentum !== 0.02"))
    best = one.get("rates")
    look = view.look()
    one.receive(point=[2.5, 1.2])
    pale = view.other_look(look)
    page.wait_for_function("() => waiting.length")
    assert one.get("rates") == best
    page.wait_for_function(let)
    assert view.other_look(pale) != pale


def test_the_best_rates_are_set_until_a_hand_sets_one(page: Page) -> None:
    one = stub(page, race(), RACE, form=FORM, traits={"best": False})
    view = one.show()
    view.root.get_by_role("checkbox", name="best").check()
    one.wait("(model) => model.get('rates').momentum !== 0.02")
    rates = one.get("rates")
    assert all(float(f"{rate:.3g}") == rate for rate in rates.values())
    assert rates["gradient descent"] == pytest.approx(2 / 22, rel=0.2)
    box = view.root.get_by_role("textbox", name="α of momentum")
    box.fill("0.123")
    box.press("Enter")
    assert one.get("best") is False
    view.wait("(root) => !root.querySelector('input[type=checkbox]').checked")
    assert one.get("rates") == {**rates, "momentum": 0.123}


# ── joined models ────────────────────────────────────────────────────────────────────────────────


def joined(page: Page, *joined: dict[str, Any], **others: dict[str, Any]) -> Stub:
    """A model that follows others, which have these traits."""
    for name, traits in others.items():
        page.evaluate("([name, traits]) => modelNamed(name, traits)", [name, traits])
    one = stub(page, gradient(), AT, managed=True, traits={"_joined": list(joined)})
    page.evaluate("() => ends.push(gw.initialize({ model: models.one }))")
    one.wait("(model) => model.get('_following')")
    page.wait_for_function(
        "(names) => names.every((one) => models[one].listeners.length)", arg=[*others]
    )
    one.sent()
    return one


def test_a_joined_slider_moves_and_follows(page: Page) -> None:
    slider = {"value": 1, "min": -3, "max": 3, "step": 0.1}
    one = joined(page, {"model": "IPY_MODEL_slider", "control": "x"}, slider=slider)
    other = Stub(page, "slider")
    other.receive(value=1.7000000000000002)
    assert one.get("point") == [1.7, 2]
    one.receive(point=[1.2345, 2])
    assert other.get("value") == 1.2345
    assert other.sent() == [{"value": 1.2345}]
    other.receive(value=1.2000000000000002)  # its rounding alone
    assert one.get("point") == [1.2345, 2]
    other.receive(value=1.3)
    assert one.get("point") == [1.3, 2]


def test_a_joined_text_is_the_formula(page: Page) -> None:
    text = {"value": FIELD.text}
    one = joined(page, {"model": "IPY_MODEL_text", "trait": "formula"}, text=text)
    other = Stub(page, "text")
    other.receive(value="x*y")
    assert one.get("formula") == "x*y"
    one.receive(formula="x + y")
    assert other.get("value") == "x + y"


def test_linked_explorers_share_a_point_where_it_means_the_same(page: Page) -> None:
    same = {"formula": FIELD.text, "point": [1, 2], "_picture": {"variables": ["x", "y"]}}
    one = joined(page, {"model": "IPY_MODEL_two", "point": True}, two=same)
    two = Stub(page, "two")
    two.receive(point=[0, 1])
    assert one.get("point") == [0, 1]
    two.receive(formula="x*y", point=[2, 2])
    assert one.get("point") == [0, 1]
    page.evaluate("() => ends[0]()")
    assert page.evaluate("() => models.two.listeners.length") == 0
