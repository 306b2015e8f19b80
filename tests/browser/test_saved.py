"""A notebook that was saved and is opened without running: its pictures live, or stand still."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser

from tests.browser.explorer import PRELUDE, Shown
from tests.browser.host import Notebook, Server, of_cells, open_notebook
from tests.browser.kept import alive, save, use

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
LIVE = f"""() => [...document.querySelectorAll(".gw-view")].filter(
  (el) => !el.closest(".gw-still")).length === {COUNT}"""
SEEN_TWICE = """() => [...document.querySelectorAll(".gw-still")].filter(
  (el) => el.getClientRects().length || el.querySelector(".gw-view")).length"""


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


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Server, saved: Path) -> Iterator[Notebook]:
    """The file on a page of its own; one test after the other uses it, and the last one runs it."""
    with closing(reopen(browser, lab, saved.name)) as notebook:
        yield notebook


def test_it_lives_within_other_widgets(opened: Notebook) -> None:
    use(alive(opened.page, 1), *EVERY[1])
    step = alive(opened.page, 2)
    before = step.look()
    step.root.get_by_role("button", name="forward").click()
    step.other_look(before)
    use(alive(opened.page, 3), *EVERY[3])


def test_it_lives_by_mouse_and_keys_until_its_cell_runs_again(opened: Notebook) -> None:
    view = alive(opened.page, 0)
    use(view, "map", (1, 2), (0, 1), (-2, -1))
    assert view.captions[0].startswith("At (−1.00, −1.00)")
    assert "run this cell" in (view.root.locator(".gw-foot").text_content() or "")
    assert opened.page.get_by_text("model not found").locator("visible=true").count() == 0
    opened.run_all_cells()
    opened.wait_page(LIVE)
    assert opened.page.evaluate(SEEN_TWICE) == 0  # the live views are seen alone
    Shown.of(opened).wait_captions()


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
