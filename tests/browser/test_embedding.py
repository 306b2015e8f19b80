"""Explorers where pages are shown in other ways: in a frame of a course, on a slide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

import gradwidgets as gw
from tests.browser.paged import NONCE, ORIGIN, POLICY, alone, under_policy, wait_verified
from tests.browser.view import View

BOWL = "x**2 + 10*y**2"
# As a learning platform shows a file that a teacher has put there: nothing but scripts.
COURSE = """<!DOCTYPE html><title>course</title>
<iframe sandbox="allow-scripts" title="slopes" src="slopes.html#y=1.5&angle=75"
  style="width: 100%; height: 640px; border: 0"></iframe>"""
# As slides are: of a size of their own, scaled to the screen; all but one are hidden.
SLIDES = """<!DOCTYPE html><title>slides</title><style>
section {{ width: 720px; transform: scale({scale}); transform-origin: 0 0; font-size: 42px; }}
</style><section hidden>{html}</section>
<script nonce="{nonce}">
  window.heard = [];
  document.addEventListener("keydown", ({{ key }}) => heard.push(key));
  const slide = document.querySelector("section");
  const show = () => {{ if (slide.querySelector("[data-verified]")) slide.hidden = false; }};
  new MutationObserver(show).observe(slide, {{ attributes: true, subtree: true }});
</script>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1200, "height": 1000}) as page:
        yield page


def test_in_a_course_s_frame_without_storage(page: Page, tmp_path: Path) -> None:
    gw.save_page(tmp_path / "slopes.html", [gw.GradientExplorer(BOWL, point=(1, 2))], nonce=NONCE)
    text = (tmp_path / "slopes.html").read_text("utf-8")

    def serve(route: Route) -> None:
        headers = {"content-security-policy": f"{POLICY}; sandbox allow-scripts"}
        route.fulfill(body=text, content_type="text/html; charset=utf-8", headers=headers)

    page.route(f"{ORIGIN}slopes.html", serve)
    page.route(ORIGIN, lambda route: route.fulfill(body=COURSE, content_type="text/html"))
    page.goto(ORIGIN)
    root = page.frame_locator("iframe").locator("[data-verified=true]")
    root.wait_for()
    frame = page.frames[1]
    assert frame.evaluate("() => origin") == "null"
    caption = root.locator(".gw-captions p").first
    assert (caption.text_content() or "").startswith("At (1.00, 1.50)")
    handle = root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowLeft")
    frame.wait_for_function("() => location.hash === '#x=0&y=1.5&angle=75'")
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 60)
    page.mouse.up()
    frame.wait_for_function("() => !location.hash.includes('y=1.5')")


def on_slide(page: Page, scale: float) -> View:
    """An explorer on a slide that was hidden when it woke up."""
    html = gw.GradientExplorer(BOWL, point=(1, 2)).to_html(nonce=NONCE)
    slides = SLIDES.format(scale=scale, html=html, nonce=NONCE)
    (view,) = under_policy(page, slides)
    assert wait_verified(view) == ""
    return view


def place_on(view: View, place: tuple[float, float], scale: float) -> tuple[float, float]:
    """Where a place of the map is on the screen."""
    plot = view.plot("map")
    (left, top, width, height), x, y = json.loads(plot.get_attribute("data-frame") or "")
    box = plot.bounding_box()
    assert box
    across = left + (place[0] - x[0]) / (x[1] - x[0]) * width
    down = top + (y[1] - place[1]) / (y[1] - y[0]) * height
    return box["x"] + scale * across, box["y"] + scale * down


@pytest.mark.parametrize("scale", [0.6, 1.5])
def test_a_hand_is_exact_on_a_scaled_slide(page: Page, scale: float) -> None:
    view = on_slide(page, scale)
    page.mouse.move(*place_on(view, (1, 2), scale))
    page.mouse.down()
    page.mouse.move(*place_on(view, (-2, -1), scale))
    page.mouse.up()
    view.wait(
        """(root) => {
          const boxes = [...root.querySelectorAll(".gw-box")];
          const [x, y] = boxes.map((box) => Number(box.value.replace("−", "-")));
          return Math.abs(x + 2) < 0.03 && Math.abs(y + 1) < 0.03;
        }"""
    )


def test_keys_in_it_do_not_turn_the_slides(page: Page) -> None:
    view = on_slide(page, 1)
    before = view.captions[0]
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
        view.root.locator(".gw-handle:visible").first.press(key)
    view.root.locator("input[type=range]").first.press("ArrowRight")
    view.root.locator("input[type=range]").first.press("Shift+ArrowRight")
    view.wait(
        "(root, before) => root.querySelector('.gw-captions p').dataset.text !== before", before
    )
    assert page.evaluate("() => heard") == []
    page.locator("section").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => heard") == ["ArrowRight"]


def test_large_centred_letters_of_a_slide_are_not_its_own(page: Page) -> None:
    view = on_slide(page, 1)
    foot = view.root.locator(".gw-foot")
    assert foot.evaluate("(one) => getComputedStyle(one).fontSize") == "13px"
    assert foot.evaluate("(one) => getComputedStyle(one).textAlign") == "start"
