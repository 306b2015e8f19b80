"""Hands, keys and ears on the picture: the front end over a stub model in a bare page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.descent import descent_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.settings import Settings
from tests.browser.stub import Stub, stub, stub_page
from tests.browser.view import View

FIELD = ScalarField("x**2 + 10*y**2")
AT, START = (1.0, 2.0, 30.0), (2.0, 1.0, 0.02, 3.0)
PIXEL = 0.02  # of the map, in data


@cache
def gradient() -> Picture:
    return gradient_picture(FIELD)


@cache
def descent() -> Picture:
    return descent_picture(FIELD, Settings(steps=60, span=(-3.0, 0.0)))


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, gradient(), AT)


def handle(view: View, name: str = "point") -> Locator:
    return view.root.locator(".gw-stage").get_by_role("slider", name=name)


def state(one: Stub, trait: str = "point") -> Any:
    return one.get(trait)


def told(one: Stub) -> dict[str, Any]:
    """All that was sent, as Python would have it."""
    return {name: value for message in one.sent() for name, value in message.items()}


# ── the pointer ──────────────────────────────────────────────────────────────────────────────────


def test_a_drag_moves_the_point_the_picture_and_the_slider(one: Stub, view: View) -> None:
    before = view.look()
    view.drag("map", (1, 2), (2, 1.5), (2, -1))
    view.other_look(before)
    assert state(one) == pytest.approx([2, -1], abs=PIXEL)
    view.wait("(root) => root.querySelector('.gw-captions p').textContent.includes('−1.00)')")
    sent = told(one)
    assert sent.keys() == {"point", "_tick"}
    assert sent["point"] == state(one)
    slider = view.root.locator(".gw-sliders").get_by_role("slider", name="y", exact=True)
    assert float(slider.input_value()) == state(one)[1]


def test_a_press_on_the_map_brings_the_nearest_handle_there(one: Stub, view: View) -> None:
    view.drag("map", (-2, -2))
    assert state(one) == pytest.approx([-2, -2], abs=PIXEL)
    assert handle(view).evaluate("(one) => one === document.activeElement")


def test_what_is_grabbed_beside_its_middle_does_not_jump(one: Stub, view: View) -> None:
    x, y = view.at("map", (1, 2))
    view.page.mouse.move(x + 8, y)
    view.page.mouse.down()
    view.page.mouse.up()
    assert state(one) == pytest.approx([1, 2], abs=PIXEL)


def test_a_tick_is_pressed_by_mouse_and_key(page: Page) -> None:
    one = stub(page, descent(), START)
    view = one.show()
    tick = view.root.locator(".gw-tick").first
    assert (tick.get_attribute("aria-label") or "").startswith("set learning rate α 0.")
    tick.click()
    pressed = state(one, "rate")
    assert pressed != START[2]
    assert len([message for message in one.sent() if "rate" in message]) == 1
    one.receive(rate=START[2])
    tick.focus()
    page.keyboard.press("Enter")
    assert state(one, "rate") == pressed


def test_escape_gives_back_where_a_drag_began(one: Stub, view: View) -> None:
    view.press("map", (1, 2))
    view.move("map", (2, -1))
    assert state(one) != [1, 2]
    view.page.keyboard.press("Escape")
    assert state(one) == [1, 2]
    view.move("map", (0, 0))
    assert state(one) == [1, 2]
    view.release()
    view.page.keyboard.press("Escape")
    assert view.page.evaluate("() => document.activeElement === document.body")


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "point"),
    [
        ("ArrowRight", [1.1, 2]),
        ("ArrowDown", [1, 1.9]),
        ("Shift+ArrowLeft", [0, 2]),
        ("Alt+ArrowUp", [1, 2.01]),
        ("Home", [1, 1]),
    ],
)
def test_keys_move_the_handle_that_has_the_focus(
    key: str, point: list[float], one: Stub, view: View
) -> None:
    handle(view).focus()
    view.page.keyboard.press(key)
    start = [control["start"] for control in one.get("_picture")["controls"][:2]]
    assert state(one) == pytest.approx(start if key == "Home" else point)


def test_keys_of_the_host_are_left_to_it(one: Stub, view: View) -> None:
    handle(view).focus()
    for key in ("Control+ArrowRight", "a", "Tab"):
        view.page.keyboard.press(key)
    assert state(one) == [1, 2]
    silent = "(one) => one.closest('[data-lm-suppress-shortcuts]') === one"
    inputs = view.root.locator("input, select, button, summary, [role=slider]")
    assert all(inputs.nth(k).evaluate(silent) for k in range(inputs.count()))


def test_tab_goes_through_handles_ticks_and_inputs(page: Page) -> None:
    one = stub(page, descent(), START)
    view = one.show()
    seen = []
    focused = "() => document.activeElement.classList[0] ?? document.activeElement.localName"
    for _ in range(40):
        page.keyboard.press("Tab")
        now = page.evaluate(focused)
        if now == "body":
            break
        seen.append(now)
    seen = [name.removesuffix(" gw-quiet") for name in seen]
    order = [name for k, name in enumerate(seen) if k == 0 or seen[k - 1] != name]
    assert order[:6] == ["gw-text", "select", "gw-button", "gw-plot", "gw-handle", "gw-tick"]
    assert seen.count("gw-handle") == view.root.locator(".gw-handle:visible").count()
    assert order[6:9] == ["gw-more", "gw-range", "gw-box"]


# ── ears ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_handle_says_what_it_is_and_where(one: Stub, view: View) -> None:
    point = handle(view)
    text = point.get_attribute("aria-valuetext") or ""
    assert text.startswith("x 1.00, y 2.00")
    assert "f = 41" in text
    assert [point.get_attribute(f"aria-value{end}") for end in ("min", "now", "max")] == [
        "-3",
        "1",
        "3",
    ]
    assert handle(view, "direction of u").count() == 1
    view.wait("(root) => root.querySelector('.gw-spoken').textContent.includes('f = 41')")


# ── fingers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    size = {"width": 360, "height": 640}
    with stub_page(browser, viewport=size, has_touch=True, is_mobile=True) as page:
        yield page


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", start)
    for share in (0.25, 0.5, 0.75, 1.0):
        touch("touchMove", tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
    touch("touchEnd")


def test_a_finger_drags_a_handle_and_scrolls_elsewhere(phone: Page) -> None:
    one = stub(phone, gradient(), (1.0, 1.0, 30.0))
    view = one.show()
    assert handle(view).evaluate("(one) => one.offsetWidth") == 44
    x, y = view.at("map", (1, 1))
    before = phone.evaluate("() => scrollY")
    swipe(phone, (x, y), (x - 60, y + 40))
    assert state(one)[0] < 0.2
    assert phone.evaluate("() => scrollY") == before
    moved = state(one)
    x, y = view.at("map", (2, -2))
    before = phone.evaluate("() => scrollY")
    swipe(phone, (x, y), (x, y - 150))
    phone.wait_for_function("(before) => scrollY > before + 50", arg=before)
    assert state(one) == moved
    phone.touchscreen.tap(*view.at("map", (-1, -1)))
    one.wait("(model) => model.get('point')[1] < -0.9")
    assert state(one) == pytest.approx([-1, -1], abs=2 * PIXEL)
