"""Presses and drags on panels, ticks, logarithmic axes: the front end over a stub model."""

from __future__ import annotations

import math
from contextlib import closing
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.pictures.picture import Picture
from tests.browser.stub import Stub, stub, stub_page
from tests.browser.view import View
from tests.explorers.rated import BEST, CORNER, RatedExplorer

AT = (1.0, 2.0, 0.1)
TICK = (math.log10(BEST), 0.0)
PIXEL = 0.02  # of the map, in data


@cache
def rated() -> Picture:
    with closing(RatedExplorer("x**2 + 10*y**2", point=(1, 2))) as explorer:
        return explorer._make_picture()


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, rated(), AT)


def cursor(view: View) -> Any:
    return view.root.evaluate("(root) => root.querySelector('.gw-plot:hover').style.cursor")


# ── presses and drags ────────────────────────────────────────────────────────────────────────────


def test_a_press_outside_of_the_panels_or_with_another_button_does_nothing(
    one: Stub, view: View
) -> None:
    before, box = view.look(), view.plot("map").bounding_box()
    assert box
    view.page.mouse.click(box["x"] + 4, box["y"] + 4)
    view.page.mouse.click(*view.at("map", (1, 2)), button="right")
    view.drag("map", (-3.4, -3.4), (0, 0))
    assert one.sent() == []
    assert view.look() == before


def test_a_drag_beyond_the_picture_stays_in_range(one: Stub, view: View) -> None:
    low, high = view.spec()["panels"]["map"]["x"]
    view.press("map", (1, 2))
    view.page.mouse.move(959, 1299)
    assert (one.get("x"), one.get("y")) == (high, low)
    view.release()
    one.sent()
    view.move("map", (0, 0))
    assert one.sent() == []


def test_the_cursor_tells_what_can_be_grabbed_and_pressed(view: View) -> None:
    for panel, place, shape in (
        ("rates", TICK, "pointer"),
        ("map", CORNER, "pointer"),
        ("map", (1, 2), "grab"),
        ("map", (-2, -2), "crosshair"),
    ):
        view.move(panel, place)
        assert cursor(view) == shape


def test_the_keyboard_s_focus_is_shown_by_a_ring(view: View) -> None:
    handle = view.root.locator(".gw-handle").first
    ring = "(handle) => getComputedStyle(handle).outlineStyle"
    assert handle.evaluate(ring) == "none"
    handle.press("ArrowRight")
    assert handle.evaluate(ring) == "dashed"


def test_only_keys_with_ctrl_or_meta_reach_the_page_around(one: Stub, view: View) -> None:
    view.page.evaluate("""() => {
      window.heard = [];
      const hear = ({ key, defaultPrevented }) => heard.push([key, defaultPrevented]);
      addEventListener("keydown", hear);
    }""")
    view.root.locator(".gw-handle").first.focus()
    for key in ("ArrowLeft", "Home", "a", "Control+ArrowLeft", "Meta+ArrowLeft"):
        view.page.keyboard.press(key)
    asked = [["Control", False], ["ArrowLeft", False], ["Meta", False], ["ArrowLeft", False]]
    assert view.page.evaluate("() => heard") == asked
    assert len(one.sent()) == 2


# ── ticks ────────────────────────────────────────────────────────────────────────────────────────


def test_a_press_on_a_tick_sets_its_control_and_drags_nothing(one: Stub, view: View) -> None:
    before = view.look()
    view.press("rates", TICK)
    view.move("rates", (-2, 0.5))
    view.release()
    (message,) = one.sent()
    assert message.keys() == {"rate", "_tick"}
    assert message["rate"] == pytest.approx(BEST, rel=1e-13)
    view.other_look(before)


def test_a_tick_on_the_map_brings_the_point_exactly_there(one: Stub, view: View) -> None:
    view.drag("map", CORNER, (2, 2))
    assert (one.get("x"), one.get("y")) == CORNER
    view.drag("map", CORNER, (2, 2))  # now there is the handle
    assert (one.get("x"), one.get("y")) == pytest.approx((2, 2), abs=PIXEL)


def test_a_handle_on_a_logarithmic_axis_is_dragged_and_moved_by_keys(one: Stub, view: View) -> None:
    view.drag("rates", (-1, 0.5), (-2.5, 0.5))
    rate = one.get("rate")
    assert rate == pytest.approx(10**-2.5, rel=0.02)
    assert rate == float(f"{rate:.3g}")
    start = view.spec()["controls"][2]["start"]
    for key, value in (("Home", start), ("Shift+ArrowLeft", 0.0631), ("Alt+ArrowRight", 0.06339)):
        view.page.keyboard.press(key)
        assert one.get("rate") == value


def test_a_finger_on_a_tick_presses_it_and_the_page_stays(browser: Browser) -> None:
    size = {"width": 390, "height": 640}
    with stub_page(browser, viewport=size, has_touch=True, is_mobile=True) as page:
        one = stub(page, rated(), AT)
        view = one.show()
        x, y = view.at("map", CORNER)
        before = page.evaluate("() => scrollY")
        session = page.context.new_cdp_session(page)
        for kind, down in (("touchStart", 0), ("touchMove", -40), ("touchMove", -150)):
            places = [{"x": x, "y": y + down}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        one.wait("(model, x) => model.get('x') === x", CORNER[0])
        assert one.get("y") == CORNER[1]
        assert page.evaluate("() => scrollY") == before
