"""A notebook that was saved and is opened without running: its pictures live, or stand still."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.explorer import PRELUDE, Shown
from tests.browser.host import Notebook, Server, of_cells, open_notebook
from tests.browser.paged import key_of
from tests.browser.view import View

CELLS = [
    f"{PRELUDE}\ne = gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))\ne",
    "ipw.HBox([gw.DerivativeExplorer('sin(x)'), gw.TapeExplorer()])",
    "ipw.Tab([ipw.HTML('first'), gw.PartialsExplorer('x*y')], titles=['one', 'two'])",
]
COUNT = 4
Drag = tuple[Any, ...]  # a panel, and places on the way
FIRST: dict[int, Drag] = {
    0: ("map", (1, 2), (0, 1), (-2, -1)),
    1: ("curve", (1, 0.84), (0, 0)),
}
EVERY: dict[int, Drag] = {**FIRST, 3: ("map", (1, 1), (0, 0), (-1, -1))}
ALL_SAVED = """([count, cells]) => document.querySelectorAll("[data-gw-saved]").length === count
  && document.querySelectorAll("style.gw-saved-script").length === cells"""
LIVE = f"""() => [...document.querySelectorAll(".gw-view")].filter(
  (el) => !el.closest(".gw-still")).length === {COUNT}"""
SEEN_TWICE = """() => [...document.querySelectorAll(".gw-still")].filter(
  (el) => el.getClientRects().length || el.querySelector(".gw-view")).length"""


def save(notebook: Notebook, explorers: int, cells: int) -> Path:
    """The notebook's file, saved when all that belongs into it is there."""
    notebook.wait_page(ALL_SAVED, [explorers, cells])
    notebook.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    return notebook.server.folder / "notebooks" / notebook.name


def reopen(browser: Browser, server: Server, name: str) -> Notebook:
    """Open a file, and run nothing."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    notebook = Notebook(page, server, name)
    notebook.load()
    return notebook


@pytest.fixture(scope="module")
def saved(browser: Browser, lab: Server) -> Path:
    notebook = open_notebook(browser, lab, CELLS, height=3000)
    path = save(notebook, COUNT, len(CELLS))
    assert notebook.page.evaluate(SEEN_TWICE) == 0
    notebook.load()  # its kernel runs on, and the live views come back
    notebook.wait_page(LIVE)
    assert notebook.page.evaluate(SEEN_TWICE) == 0
    notebook.close()
    return path


def alive(page: Page, place: int) -> View:
    """The one at this place on the page, when it is seen and lives."""
    root = page.locator(".gw-still").nth(place)
    root.scroll_into_view_if_needed()
    root.locator(".gw-view .gw-captions p").first.wait_for(state="attached")
    return View(root, lambda: {"key": key_of(root)})


def use(view: View, panel: str, *places: tuple[float, float]) -> None:
    """Both mouse and keys do something."""
    before = view.look()
    view.drag(panel, *places)
    before = view.other_look(before)
    view.page.keyboard.press("Shift+ArrowRight")  # ten steps
    view.other_look(before)


def test_it_lives_by_mouse_and_keys_until_its_cell_runs_again(
    browser: Browser, lab: Server, saved: Path
) -> None:
    with closing(reopen(browser, lab, saved.name)) as notebook:
        view = alive(notebook.page, 0)
        use(view, "map", (1, 2), (0, 1), (-2, -1))
        assert view.captions[0].startswith("At (−1.00, −1.00)")
        assert "run this cell" in (view.root.locator(".gw-foot").text_content() or "")
        assert notebook.page.get_by_text("model not found").locator("visible=true").count() == 0
        notebook.run_all_cells()
        notebook.wait_page(LIVE)
        assert notebook.page.evaluate(SEEN_TWICE) == 0  # the live views are seen alone
        Shown.of(notebook).wait_captions()


def test_it_lives_within_other_widgets(browser: Browser, lab: Server, saved: Path) -> None:
    with closing(reopen(browser, lab, saved.name)) as notebook:
        use(alive(notebook.page, 1), *EVERY[1])
        step = alive(notebook.page, 2)
        before = step.look()
        step.root.get_by_role("button", name="forward").click()
        step.other_look(before)
        use(alive(notebook.page, 3), *EVERY[3])


def test_where_a_notebook_is_not_trusted_the_picture_stands(
    browser: Browser, lab: Server, saved: Path
) -> None:
    content = nbformat.read(saved, as_version=4)
    content.cells[0].source += "  # changed by nobody knows whom"
    nbformat.write(content, saved.with_name("untrusted.ipynb"))
    with closing(reopen(browser, lab, "untrusted.ipynb")) as notebook:
        pictures = notebook.page.locator(".jp-OutputArea img[alt^='At ']")
        pictures.first.scroll_into_view_if_needed()
        assert pictures.first.evaluate("(one) => one.naturalWidth") == 960
        words = notebook.page.locator(".jp-OutputArea").first.inner_text()
        assert words.startswith("A picture, as it was saved: run this cell")
        assert len(words) < 500
        assert notebook.page.locator(".gw-view, [data-gw-saved]").count() == 0


def converted(notebook: Path, *options: str) -> Path:
    """The page that nbconvert makes of a notebook."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", *options, str(notebook)]
    subprocess.run(command, check=True, capture_output=True)
    return notebook.with_suffix(".html")


def check_page(browser: Browser, path: Path, drags: Mapping[int, Drag]) -> None:
    with closing(browser.new_context(offline=True)) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        for place, drag in drags.items():
            use(alive(page, place), *drag)


def test_the_page_that_nbconvert_makes_of_it_lives_without_a_network(
    browser: Browser, saved: Path, tmp_path: Path
) -> None:
    shutil.copy(saved, tmp_path)
    check_page(browser, converted(tmp_path / saved.name), EVERY)


def test_so_does_the_page_that_it_makes_by_running(browser: Browser, tmp_path: Path) -> None:
    nbformat.write(of_cells(CELLS[:2]), tmp_path / "course.ipynb")
    path = converted(tmp_path / "course.ipynb", "--execute")
    check_page(browser, path, FIRST)


def test_in_notebook_7_it_lives_by_mouse_and_keys(browser: Browser, notebook7: Server) -> None:
    notebook = open_notebook(browser, notebook7, CELLS[:1], height=3000)
    name = save(notebook, 1, 1).name
    notebook.close()
    with closing(reopen(browser, notebook7, name)) as notebook:
        use(alive(notebook.page, 0), *FIRST[0])
