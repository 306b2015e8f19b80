"""Tasks in a real browser: by mouse and keys, in pages without a kernel and in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import gradwidgets as gw
from gradwidgets.explorers.handed import Handed
from gradwidgets.explorers.task import MEND
from tests.browser.explorer import Opener, button
from tests.browser.paged import alone, show, wait_verified
from tests.browser.view import View

LANDSCAPE = "17*x**2 + 23*(y - 1)**4"
FIRST = "(root, said) => root.querySelector('.gw-captions p').textContent.startsWith(said)"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1200, "height": 1000}) as page:
        yield page


def opened(page: Page, folder: Path, task: Handed, address: str = "") -> View:
    """The page of a task."""
    task.save(folder / "task.html")
    (view,) = show(page, folder / "task.html", address)
    assert wait_verified(view) == ""
    return view


def says(view: View, said: str) -> None:
    """Wait for the first line below the picture."""
    view.wait(FIRST, said)


def bowl() -> Handed:
    return gw.task("flat one way", "x**2 + y**2", seed=1, point=(1, 1))


def test_a_place_is_found_by_the_mouse(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, bowl())
    assert view.root.get_by_text("Put the point where ∂f/∂y = 0 and ∂f/∂x > 0.").is_visible()
    assert view.captions[0] == "Not checked yet."
    check = view.root.get_by_role("button", name="Check", exact=True)
    check.click()
    says(view, "Check 1: not yet. ∂f/∂y is 2.00 there, and should be 0.")
    view.drag("map", (1, 1), (1.5, 0.5), (2, 0))
    says(view, "Changed since check 1")
    check.click()
    says(view, "Check 2: yes. ∂f/∂y is 0 there")


def test_a_place_is_found_by_keys_and_handed_on_by_the_address(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, bowl())
    handle = view.root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowDown")  # by 1
    check = view.root.get_by_role("button", name="Check", exact=True)
    check.press("Enter")
    says(view, "Check 1: yes.")
    expect(view.root.locator(".gw-spoken")).to_have_text(re.compile("Check 1: yes"))
    page.wait_for_url(re.compile("task\\+done=1"))
    told = view.captions[0]
    page.goto("about:blank")
    page.goto(f"{(tmp_path / 'task.html').as_uri()}#{page_address(bowl(), point=(1.0, 0.0))}")
    (again,) = [View(page.locator(".gw-alone"), dict)]
    says(again, told)


AT_ONCE = """([handle, check]) => {
  const pressed = { key: "ArrowDown", shiftKey: true, bubbles: true };
  handle.dispatchEvent(new KeyboardEvent("keydown", pressed));
  check.click();
}"""


def test_what_is_checked_is_the_state_and_not_the_last_frame_s(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, bowl())
    handle = view.root.locator(".gw-handle:visible").first.element_handle()
    check = view.root.get_by_role("button", name="Check", exact=True).element_handle()
    page.evaluate(AT_ONCE, [handle, check])
    says(view, "Check 1: yes.")


def page_address(task: gw.GradientExplorer, **values: object) -> str:
    """What a link to a page tells of a task that was checked in Python."""
    for name, value in values.items():
        setattr(task, name, value)
    task.check()
    return str(task.link("").removeprefix("#"))


def test_no_slider_stands_for_what_is_known_of_checks(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, bowl())
    names = view.root.locator("input[type=range]").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    assert names == ["x", "y", "direction of u"]


def test_a_typed_answer_needs_python_and_the_page_says_so(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, gw.task("saddle", seed=1))
    assert view.root.get_by_role("textbox", name=re.compile("=$")).get_attribute("readonly") == ""
    assert view.root.get_by_text("To type a function of your own, run in a notebook").is_visible()


def test_the_fog_is_walked_by_mouse_and_keys_and_lifted(page: Page, tmp_path: Path) -> None:
    view = opened(page, tmp_path, gw.task("fog", LANDSCAPE, point=(2, 2)))
    step = view.root.get_by_role("button", name="Step there", exact=True)
    says(view, "Step 0 of 40: f = 91.0 here")
    view.press("map", (1, 1))
    view.release()
    says(view, "Step 0 of 40: f = 91.0 here")
    step.click()
    says(view, "Step 1 of 40: f = 1")
    handle = view.root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowLeft")
    says(view, "Step 1 of 40: f = 1")
    step.press("Enter")
    says(view, "Step 2 of 40: f = 0")
    assert not re.search(r"x\*\*|x\^|17\*|17x", shown_text(page))
    view.root.get_by_label("lift the fog").click()
    view.root.get_by_role("textbox", name=re.compile("=$")).wait_for()
    assert "17*x**2" in shown_text(page)
    assert any("gradient descent with α" in line for line in view.captions)


def shown_text(page: Page) -> str:
    """All texts and attributes of a page, and what stands in its boxes, without its packet."""
    return str(
        page.evaluate("""() => [
      document.title, document.body.innerText, ...document.querySelectorAll("body *")
    ].map((one) => typeof one === "string" ? one
      : one.matches("script, style") ? "" : [...one.attributes].map(({ value }) => value).join(" ")
        + (one.value ?? "") + one.textContent).join(" ")""")
    )


def test_in_a_notebook_a_function_is_typed_and_checked(explore: Opener) -> None:
    shown = explore("gw.task('saddle', seed=1)")
    shown.type("(x - 1)**2 + (y - 2)**2")
    button(shown, "Check").click()
    says(shown, "Check 1: not yet. f has a minimum at (1, 2)")
    shown.type("(x - 1)*(y - 2)")
    says(shown, "Changed since check 1")
    shown.formula.fill("(x - 1)*(y - 2)*2")
    button(shown, "Check").click()  # which takes the line's focus, and so its text
    says(shown, "Check 2: yes.")
    shown.wait_python("task[1:3] == (True, 2)")
    assert shown.python("field.text") == "(x - 1)*(y - 2)*2"


def test_in_a_notebook_a_formula_that_can_t_be_read_is_not_checked(explore: Opener) -> None:
    shown = explore("gw.task('saddle', seed=7)")
    shown.formula.fill("(x+1)**2-(y+2")
    for _ in range(2):
        button(shown, "Check").click()
        expect(shown.root.locator(".gw-note")).to_have_text(MEND)
    says(shown, "Not checked yet.")
    assert shown.python("task[1:3] == (False, 0)")
    shown.formula.fill("x + y")
    button(shown, "Check").click()
    says(shown, "Check 1: not yet.")
    expect(shown.root.locator(".gw-note")).to_have_text("")


def test_where_only_python_knows_numbers_it_is_asked_for_them(explore: Opener) -> None:
    f = "lambda x, y: x**2 + (y**2 if y > 0 else y**2)"  # has no program
    shown = explore(f"gw.task('flat one way', {f}, seed=1, point=(1, 1))")
    handle = shown.root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowDown")
    button(shown, "Check").click()
    says(shown, "Check 1: yes.")
    shown.wait_python("task[1:3] == (True, 1)")
