"""Every explorer in JupyterLab, light and dark and narrow, for eyes and for readers of screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations
from tests.browser.explorer import PRELUDE, Shown
from tests.browser.host import Notebook, Server, open_notebook

EXPLORERS = {
    "gradient": "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2), view='both')",
    "partials": "gw.PartialsExplorer('x**2 + 10*y**2', point=(1, 2))",
    "derivative": "gw.DerivativeExplorer('sin(x)', point=1.0)",
    "descent": "gw.DescentExplorer(method='momentum', steps=20)",
    "race": "gw.RaceExplorer(steps=20, methods=('gradient descent', 'adam'))",
    "curvature": "gw.CurvatureExplorer()",
    "tape": "gw.TapeExplorer('y = x*w', point=(1, 2), compare='w')",
}
CELL = f"{PRELUDE}\nevery = [{', '.join(EXPLORERS.values())}]\ndisplay(*every)"
THEME = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
# How bright letters are, from 0 to 1, and what the explorer takes the theme for.
SHADES = """(root) => {
  const [red, green, blue] = getComputedStyle(root).color.match(/[\\d.]+/g);
  return [(0.3 * red + 0.6 * green + 0.1 * blue) / 255, root.dataset.gwTheme];
}"""
# What reaches out of the explorer, but for code, which is scrolled in its place.
CLIPPED = """(root) => {
  const { left, right } = root.getBoundingClientRect();
  return [...root.querySelectorAll("*")].filter((part) => {
    const box = part.getBoundingClientRect();
    const scrolls = part.closest("pre, .gw-code, .gw-hands, .gw-message pre");
    return box.width > 1 && !scrolls && (box.right > right + 1 || box.left < left - 1);
  }).map((part) => part.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Server) -> Iterator[Notebook]:
    """All explorers in one output, with all their pages open."""
    notebook = open_notebook(browser, lab, [CELL], width=1200, height=1300)
    for place in range(len(EXPLORERS)):
        explorer(notebook, place)
    for page in notebook.page.locator(".gw-page > summary").all():
        page.click()
    notebook.page.get_by_text("with gw.GradientTape(persistent=True) as outer:").wait_for()
    yield notebook
    assert notebook.errors == []
    notebook.close()


def explorer(notebook: Notebook, place: int) -> Shown:
    return Shown.of(notebook, place, f"every[{place}]")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_readers_of_screens_find_nothing_wrong_in_any_explorer(
    notebook: Notebook, theme: str
) -> None:
    notebook.page.evaluate(THEME, theme)
    assert violations(notebook.page, ".gw-explorer") == []
    letters, told = notebook.page.locator(".gw-explorer").first.evaluate(SHADES)
    assert told == theme.split()[1].lower()
    assert (letters > 0.7) is theme.endswith("Dark")


def test_a_narrow_page_holds_every_explorer_whole(notebook: Notebook) -> None:
    notebook.page.set_viewport_size({"width": 360, "height": 800})
    for place, name in enumerate(EXPLORERS):
        shown = explorer(notebook, place)
        assert shown.root.evaluate(CLIPPED) == [], name
        assert shown.root.evaluate("(root) => root.scrollWidth <= root.clientWidth"), name
    shown = explorer(notebook, 1)
    before = shown.look()
    shown.drag("map", (1, 2), (-1, -1))
    shown.wait_python("point[0] < -0.9")
    shown.other_look(before)
