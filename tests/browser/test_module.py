"""An explorer as a module: imported by a page whose policy is strict, as MyST does and by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

import gradwidgets as gw
from tests.browser.paged import KINDS, ORIGIN, alone, key_of, wait_verified
from tests.browser.view import View

BOWL = "x**2 + 10*y**2"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'"
)
PAGE = """<!DOCTYPE html><html lang="en"><title>book</title>
<script type="module" src="host.js"></script><main></main></html>"""
# As the theme of MyST has it: state is what the directive's body tells, and more is not there.
HOST = """
const missing = (name) => { throw new Error(`${name} not implemented yet.`); };
class Model {
  #state;
  constructor(state) { this.#state = state; }
  get(name) { return this.#state[name]; }
  set(name, value) { this.#state[name] = value; }
  on() {}
  off() { missing("off"); }
  save_changes() { missing("save_changes"); }
  send() { missing("send"); }
  get widget_manager() { return missing("widget_manager"); }
}
const ends = [];
window.host = {
  async inShadow(file, state) {
    const { default: widget } = await import(file), model = new Model(state);
    const root = document.createElement("div"), el = document.createElement("div");
    root.attachShadow({ mode: "open" }).append(el);
    document.querySelector("main").append(root);
    await widget.initialize?.({ model });
    ends.push(await widget.render({ model, el }));
  },
  async plainly(file, state) {
    const { default: widget } = await import(file), el = document.createElement("section");
    ends.push(widget.render(state ? { el, model: new Map(state) } : { el }));
    document.querySelector("main").append(el);
  },
  end: () => ends.splice(0).forEach((end) => end()),
};
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1200, "height": 1000}) as page:
        yield page


def book(page: Page, folder: Path, **explorers: Any) -> None:
    """A page that can import each of them by its name."""
    files = {"": (PAGE, "text/html"), "host.js": (HOST, "text/javascript")}
    for name, explorer in explorers.items():
        explorer.save(folder / f"{name}.mjs")
        text = (folder / f"{name}.mjs").read_text("utf-8")
        files[f"{name}.mjs"] = (text, "text/javascript")

    def serve(route: Route) -> None:
        body, kind = files[route.request.url.removeprefix(ORIGIN)]
        headers = {"content-security-policy": POLICY}
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers=headers)

    page.route(f"{ORIGIN}**", serve)
    page.goto(ORIGIN)
    page.wait_for_function("() => window.host")


def in_shadow(page: Page, name: str, state: Mapping[str, Any]) -> View:
    """A view as MyST makes it, the last of the page."""
    page.evaluate("([file, state]) => host.inShadow(file, state)", [f"./{name}.mjs", dict(state)])
    return awake(page)


def awake(page: Page, place: int = -1) -> View:
    root = page.locator("main > *").nth(place).locator(".gw-alone")
    root.locator(".gw-captions p").first.wait_for(state="attached")
    return View(root, lambda: {"key": key_of(root)})


def says(view: View, caption: str) -> None:
    """Wait until the first caption is this one."""
    view.wait("(root, said) => root.querySelector('.gw-captions p').dataset.text === said", caption)


def number(view: View, place: int) -> float:
    """What a box shows."""
    return float(view.root.locator(".gw-box").nth(place).input_value().replace("−", "-"))


@pytest.mark.parametrize("name", KINDS)
def test_every_explorer_lives_in_a_shadow_root(page: Page, tmp_path: Path, name: str) -> None:
    book(page, tmp_path, one=KINDS[name]())
    view = in_shadow(page, "one", {})
    assert wait_verified(view) == ""
    look = view.look()
    view.root.locator("input[type=range]:visible").first.press("Shift+ArrowLeft")
    view.other_look(look)


def test_a_drag_and_a_key_change_what_is_drawn_and_told(page: Page, tmp_path: Path) -> None:
    explorer = gw.GradientExplorer(BOWL, point=(1, 2))
    book(page, tmp_path, bowl=explorer)
    view = in_shadow(page, "bowl", {})
    look = view.look()
    view.drag("map", (1, 2), (-1, 1))
    look = view.other_look(look)
    x, y = number(view, 0), number(view, 1)
    assert (x, y) == pytest.approx((-1, 1), abs=0.05)
    explorer.point = (x, y)
    says(view, explorer.scene.captions[0])
    view.root.locator(".gw-handle:visible").first.press("Shift+ArrowRight")
    view.other_look(look)
    assert number(view, 0) > x


def test_its_model_tells_the_state_as_an_address_does(page: Page, tmp_path: Path) -> None:
    explorer = gw.DescentExplorer(BOWL, point=(2, 1))
    book(page, tmp_path, run=explorer)
    view = in_shadow(page, "run", {"x": -1.25, "rate": 0.03, "method": "momentum"})
    explorer.method, explorer.point, explorer.rate = "momentum", (-1.25, 1), 0.03
    says(view, explorer.scene.captions[0])
    assert number(view, 0) == -1.25


def test_a_map_of_a_page_tells_it_as_well(page: Page, tmp_path: Path) -> None:
    book(page, tmp_path, bowl=gw.GradientExplorer(BOWL, point=(1, 2)))
    page.evaluate("(file) => host.plainly(file, [['x', -1.25], ['angle', 75]])", "./bowl.mjs")
    view = awake(page)
    assert (number(view, 0), number(view, 1)) == (-1.25, 2)


def test_its_menu_is_chosen_from_by_number(page: Page, tmp_path: Path) -> None:
    explorer = gw.GradientExplorer(BOWL)
    explorer.save(tmp_path / "menu.mjs", functions=["x*y"])
    text = (tmp_path / "menu.mjs").read_text("utf-8")
    book(page, tmp_path, bowl=explorer)
    page.route(
        f"{ORIGIN}menu.mjs", lambda route: route.fulfill(body=text, content_type="text/javascript")
    )
    view = in_shadow(page, "menu", {"function": 1, "x": 0.5})
    assert view.root.locator(".gw-text").input_value() == "x*y"
    assert view.captions[0].startswith("At (0.50,")


def test_several_stand_on_one_page_each_with_its_own_state(page: Page, tmp_path: Path) -> None:
    book(page, tmp_path, bowl=gw.GradientExplorer(BOWL), wave=gw.DerivativeExplorer("sin(x)"))
    for x in (1, -1):
        in_shadow(page, "bowl", {"x": x})
    page.evaluate("(file) => host.plainly(file)", "./wave.mjs")
    views = [awake(page, place) for place in range(3)]
    assert [wait_verified(view) for view in views] == ["", "", ""]
    told = [view.captions[0] for view in views]
    assert told[0].startswith("At (1.00,")
    assert told[1].startswith("At (−1.00,")
    look = views[1].look()
    views[0].root.locator("input[type=range]:visible").first.press("Shift+ArrowLeft")
    views[0].wait(
        "(root, told) => root.querySelector('.gw-captions p').textContent !== told", told[0]
    )
    assert views[1].captions[0] == told[1]
    assert views[1].look() == look


def test_its_styles_reach_into_the_shadow_root_alone(page: Page, tmp_path: Path) -> None:
    book(page, tmp_path, bowl=gw.GradientExplorer(BOWL))
    view = in_shadow(page, "bowl", {})
    assert (
        view.root.locator(".gw-foot").evaluate("(one) => getComputedStyle(one).display") == "flex"
    )
    assert page.evaluate("() => document.querySelectorAll('head style').length") == 0
    page.evaluate("() => document.documentElement.classList.add('dark')")
    view.wait("(root) => root.querySelector('[data-gw-theme=dark]')")


def test_what_it_returns_ends_it_awake_or_not(page: Page, tmp_path: Path) -> None:
    book(page, tmp_path, bowl=gw.GradientExplorer(BOWL))
    in_shadow(page, "bowl", {})
    page.evaluate("() => host.end()")
    page.evaluate("async (file) => { await host.plainly(file); host.end(); }", "./bowl.mjs")
    in_shadow(page, "bowl", {})
    assert page.locator(".gw-explorer").count() == 1
    assert page.locator("section").evaluate("(one) => one.childElementCount") == 0


def test_it_says_what_is_seen_until_it_is_awake(tmp_path: Path) -> None:
    explorer = gw.GradientExplorer(BOWL, point=(1, 2))
    explorer.save(tmp_path / "bowl.mjs")
    text = (tmp_path / "bowl.mjs").read_text("utf-8")
    assert json.dumps(explorer.scene.captions[0], ensure_ascii=False)[1:-1] in text
