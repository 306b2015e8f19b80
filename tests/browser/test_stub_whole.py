"""An explorer as a whole, also for readers of screens: over a stub model in a bare page."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.palette import GRADIENT
from gradwidgets.rendering.joining import joined_style
from tests.browser.axe import violations
from tests.browser.bare import FRONT
from tests.browser.formed import FORM, START, TRAITS, descent
from tests.browser.stub import Stub, stub
from tests.browser.view import View


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, descent(), START, form=FORM, traits=TRAITS)


def box(view: View, name: str) -> Locator:
    return view.root.get_by_role("textbox", name=f"{name}, as a number", exact=True)


def type_into(found: Locator, text: str, key: str = "Enter") -> None:
    found.fill(text)
    found.press(key)


def test_without_its_controls(one: Stub, view: View) -> None:
    one.receive(controls=False)
    assert view.root.locator("input:visible, select:visible, .gw-button:visible").count() == 0
    assert view.plot("map").is_visible()
    assert view.captions
    view.drag("map", (1, 1))
    assert one.get("point") == pytest.approx([1, 1], abs=0.03)


def test_readers_of_screens_find_all_named(one: Stub, view: View) -> None:
    for title in ("Options", "Code"):
        view.root.get_by_text(title).click()
    one.receive(
        _work={"name": "Sweeping", "share": 0.5, "cancel": True},
        _message="<span role='alert'>no</span>",
        note="A note.",
    )
    view.root.locator("progress").wait_for()
    assert violations(view.page, ".gw-explorer") == []


def test_a_narrow_page_clips_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    one = stub(page, descent(), START, form=FORM, traits=TRAITS)
    view = one.show()
    for title in ("Options", "Code"):
        view.root.get_by_text(title).click()
    outside = """(root) => [...root.querySelectorAll("*")].filter((one) => {
      const { right, width } = one.getBoundingClientRect();
      return width > 1 && right > 360.5 && !one.closest(".gw-code, .gw-hands");
    }).map((one) => one.outerHTML.slice(0, 100))"""
    assert view.root.evaluate(outside) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360


def test_what_is_typed_does_not_move_the_page(one: Stub, view: View) -> None:
    places = "(root) => [...root.querySelectorAll('.gw-box')].map((one) => one.offsetLeft)"
    before = view.root.evaluate(places)
    type_into(box(view, "x"), "1.23456789012345")
    type_into(box(view, "learning rate α"), "0.001234567")
    assert view.root.evaluate(places) == before


@pytest.mark.parametrize("controls", [True, False])
def test_what_is_wrong_with_a_formula_does_not_move_the_picture(
    one: Stub, view: View, controls: bool
) -> None:
    one.receive(controls=controls)
    places = """(root) => [".gw-stage", ".gw-captions"].map((one) =>
      root.querySelector(one).getBoundingClientRect().top)"""
    before = view.root.evaluate(places)
    told = "<pre>x +\n  ▲</pre><span role='alert'>Something is missing after “+”.</span>"
    one.receive(_message=told)
    message = view.root.get_by_role("alert")
    message.wait_for()
    assert view.root.evaluate(places) == before
    on_top = """(one) => { const { left, top } = one.getBoundingClientRect();
      return document.elementFromPoint(left + 9, top + 9) === one; }"""
    assert message.evaluate(on_top)


def test_an_arrow_lies_over_the_title_which_can_still_be_selected(page: Page) -> None:
    picture = gradient_picture(ScalarField("x**2 + 10*y**2"))
    view = stub(page, picture, (-2.6, 2.9, 30.0)).show()
    title = view.root.locator(".gw-title").first
    box = title.bounding_box()
    assert box
    seen = np.asarray(Image.open(BytesIO(page.screenshot(clip={**box}))).convert("RGB"), float)
    vermilion = [int(GRADIENT[at : at + 2], 16) for at in (1, 3, 5)]
    assert (np.abs(seen - vermilion).max(axis=-1) < 8).sum() > 40
    under = "([x, y]) => document.elementFromPoint(x, y).closest('.gw-title') !== null"
    assert page.evaluate(under, [box["x"] + box["width"] - 12, box["y"] + 12])


def test_fractions_in_titles_can_be_read(page: Page) -> None:
    picture = gradient_picture(ScalarField("(x - 1)/(1 + x/(2 + y)) + exp(-x/2)"))
    view = stub(page, picture, (1.0, 1.0, 30.0)).show()
    sizes = """(root) => [...root.querySelectorAll(".gw-title mfrac > *")].map((one) =>
      parseFloat(getComputedStyle(one).fontSize))"""
    found = view.root.evaluate(sizes)
    assert len(found) == 6
    assert min(found) >= 12


def test_no_rule_of_the_style_is_lost(page: Page) -> None:
    """A brace too many takes the rule after it along, and nobody says so."""
    known = page.evaluate("""() => [...document.styleSheets[0].cssRules]
      .reduce((sum, one) => sum + 1 + (one.cssRules?.length ?? 0), 0)""")
    style = re.sub(r"/\*.*?\*/", "", joined_style(FRONT / "explorer.css"), flags=re.DOTALL)
    assert style.count("{") == style.count("}") == known - 1  # the page has one of its own
