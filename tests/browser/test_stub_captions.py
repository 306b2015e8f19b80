"""Captions, symbols and sizes of an explorer: the front end over a stub model in a bare page."""

from __future__ import annotations

from functools import cache

import pytest
from playwright.sync_api import Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.picture import Picture
from tests.browser.axe import violations
from tests.browser.formed import START, descent
from tests.browser.stub import Stub, stub
from tests.browser.view import View

AT = (1.0, 2.0, 30.0)
SHOWN = ".gw-captions p:visible"


@cache
def gradient(text: str = "x**2 + 10*y**2") -> Picture:
    return gradient_picture(ScalarField(text))


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, gradient(), AT)


def top(view: View) -> float:
    """Where the inputs begin."""
    box = view.root.locator(".gw-below").bounding_box()
    assert box
    return box["y"]


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


def test_one_headline_and_the_others_on_demand(one: Stub, view: View) -> None:
    headline = "At (1.00, 2.00): f = 41.0, slope 40.0 toward 87°."
    assert view.root.locator(SHOWN).all_text_contents() == [headline]
    more = view.root.get_by_role("button", name="more")
    more.press("Enter")
    assert view.root.locator(SHOWN).count() == len(view.captions) > 2
    less = view.root.get_by_role("button", name="less")
    assert less.get_attribute("aria-expanded") == "true"
    one.receive(point=[2, 2])  # it stays open, whatever is said
    view.wait("(root) => root.querySelector('.gw-captions').textContent.includes('(2.00, 2.00)')")
    assert view.root.locator(SHOWN).count() == len(view.captions)
    less.press(" ")
    assert view.root.locator(SHOWN).count() == 1


def test_each_view_has_its_own_fold(one: Stub, view: View) -> None:
    other = one.show()
    view.root.get_by_role("button", name="more").click()
    assert other.root.locator(SHOWN).count() == 1


def test_what_changes_what_to_do_is_always_seen(page: Page) -> None:
    view = stub(page, gradient("abs(x) + y**2"), (0.0, 1.0, 30.0)).show()
    shown = view.root.locator(SHOWN).all_text_contents()
    assert len(shown) == 2
    assert shown[1].startswith("Corner along x")


def test_a_line_that_comes_and_goes_moves_nothing_twice(page: Page) -> None:
    one = stub(page, gradient("abs(x) + y**2"), (0.0, 1.0, 30.0))
    view = one.show()
    before = top(view)
    one.receive(point=[1, 1])
    view.wait("(root) => root.querySelectorAll('.gw-captions p:not([hidden])').length === 1")
    assert top(view) == before


@pytest.mark.parametrize("width", [360, 640, 960])
def test_a_caption_that_changes_while_a_hand_drags_has_its_room_from_the_first(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1300})
    one = stub(page, descent(), START)
    view = one.show()
    before, text = top(view), view.captions[0]
    for rate in (0.07, 0.0999, 0.2):  # converging, alternating, diverging
        one.receive(rate=rate)
        view.wait("(root, text) => root.querySelector('p').dataset.text !== text", text)
        text = view.captions[0]
        assert top(view) == before, text
    assert len({len(text) > 100 for text in view.captions}) == 2


def test_the_room_of_captions_is_that_of_the_width(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 1300})
    view = stub(page, descent(), START).show()
    height = "(root) => root.querySelector('.gw-captions').offsetHeight"
    narrow = view.root.evaluate(height)
    page.set_viewport_size({"width": 1200, "height": 1300})
    view.wait(f"(root, narrow) => ({height})(root) < narrow / 2", narrow)


def test_mathematics_is_set_as_such_and_can_be_selected(view: View) -> None:
    letters = view.root.locator(".gw-captions p").first.locator("i").all_text_contents()
    assert letters == ["f"]
    selected = """(root) => {
      getSelection().selectAllChildren(root.querySelector(".gw-captions p"));
      return String(getSelection());
    }"""
    assert view.root.evaluate(selected) == view.captions[0]


# ── symbols and units ────────────────────────────────────────────────────────────────────────────


def test_a_symbol_stands_beside_its_slider_and_a_unit_behind_its_number(view: View) -> None:
    symbols = view.root.locator(".gw-slider .gw-symbol").all_text_contents()
    assert symbols == ["x", "y", "u"]
    units = [one.get_attribute("data-unit") for one in view.root.locator(".gw-number").all()]
    assert units == ["", "", "°"]
    angle = view.root.get_by_role("slider", name="direction of u", exact=True).last
    assert angle.get_attribute("aria-valuetext") == "30°"


def test_sliders_are_long_enough_and_their_columns_are_one(view: View) -> None:
    boxes = [one.bounding_box() for one in view.root.locator(".gw-range").all()]
    assert all(box and box["width"] >= 180 for box in boxes)
    lefts = """(root) => [...root.querySelectorAll(".gw-slider")].map((one) =>
      one.querySelector("input").getBoundingClientRect().left - one.getBoundingClientRect().left)"""
    assert len(set(view.root.evaluate(lefts))) == 1


# ── sizes, themes ────────────────────────────────────────────────────────────────────────────────


def test_compact_shows_the_first_panel_and_the_others_on_demand(one: Stub, view: View) -> None:
    one.receive(size="compact")
    panels = view.root.locator(".gw-panel:visible")
    view.wait("(root) => root.querySelector('.gw-view').clientWidth <= 480")
    assert panels.count() == 1
    assert view.root.locator(".gw-slider:visible").count() == 3
    view.root.get_by_role("button", name="all panels").click()
    assert panels.count() == 2
    one.receive(size="usual")
    assert panels.count() == 2


@pytest.mark.parametrize("width", [360, 640])
def test_a_narrow_page_does_not_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 400})
    view = stub(page, gradient(), AT).show()
    view.root.get_by_role("button", name="more").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    clipped = """(root) => [...root.querySelectorAll("p, label, button, span")].filter((one) =>
      one.clientWidth && one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""
    assert view.root.evaluate(clipped) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_readers_see_enough_contrast(page: Page, theme: str) -> None:
    """Also of what is told in boxes, and of what Python wrote."""
    dark = "() => { document.documentElement.dataset.theme = 'dark'; }"
    if theme == "dark":
        page.evaluate(dark)
        page.add_style_tag(content="html { background: #121212; }")
    said = "<span role='alert'>no such thing</span>"
    code = "<div class='gw-call'><code>f</code> → <code class='gw-error'>an error</code></div>"
    form = {
        "rows": [[{"kind": "html", "part": "told"}]],
        "pages": [{"title": "Options", "rows": [[{"kind": "label", "text": "words"}]]}],
    }
    told = {"told": f"<pre>x = 1</pre>{code}<p class='gw-why'>why</p>"}
    view = stub(
        page, gradient(), AT, form=form, traits={"_parts": told, "_open": ["Options"]}
    ).show()
    view.root.get_by_role("button", name="more").click()
    Stub(page).receive(_message=said, note="A note.")
    view.root.get_by_text("no such thing").wait_for()
    assert violations(page, ".gw-explorer") == []
