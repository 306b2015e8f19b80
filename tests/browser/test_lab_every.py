"""Every explorer in JupyterLab, light and dark and narrow, for eyes and for readers of screens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Locator

from tests.browser.axe import violations
from tests.browser.boxes import faults
from tests.browser.explorer import FIRST_CELL, Shown
from tests.browser.host import Notebook

EXPLORERS = {
    "gradient": "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2), view='both')",
    "partials": "gw.PartialsExplorer('x**2 + 10*y**2', point=(1, 2))",
    "derivative": "gw.DerivativeExplorer('sin(x)', point=1.0)",
    "descent": "gw.DescentExplorer(method='momentum', steps=20)",
    "race": "gw.RaceExplorer(steps=20, methods=('gradient descent', 'adam'))",
    "curvature": "gw.CurvatureExplorer()",
    "fit": "gw.FitExplorer([1, 2, 3, 4], [2, 5, 6, 9], steps=20)",
    "tape": "gw.TapeExplorer('y = x*w', point=(1, 2), compare='w')",
}
CELL = f"every = [{', '.join(EXPLORERS.values())}]\ndisplay(*every)"
THEME = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
# How bright letters are, from 0 to 1, and what the explorer takes the theme for.
SHADES = """(root) => {
  const [red, green, blue] = getComputedStyle(root).color.match(/[\\d.]+/g);
  return [(0.3 * red + 0.6 * green + 0.1 * blue) / 255, root.dataset.gwTheme];
}"""
# How bright most of a map is.
GROUND = """(root) => {
  const { width, height } = root.querySelector("[data-panel=map] .gw-ground");
  const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  ctx.fillStyle = getComputedStyle(document.body).getPropertyValue("--jp-layout-color0");
  ctx.fillRect(0, 0, width, height);
  ctx.drawImage(root.querySelector("[data-panel=map] .gw-ground"), 0, 0);
  const { data } = ctx.getImageData(0, 0, width, height);
  let sum = 0;
  for (let k = 0; k < data.length; k += 4)
    sum += 0.3 * data[k] + 0.6 * data[k + 1] + 0.1 * data[k + 2];
  return sum / (255 * data.length / 4);
}"""
SIZES = ((360, 640), (640, 400), (1280, 800), (1920, 1080))  # 640 × 400 is 1280 × 800 at 200 %
SIDEWAYS = """(root) => {
  const page = document.documentElement, output = root.closest(".jp-OutputArea-output");
  return [page, output].some((one) => one.scrollWidth > one.clientWidth);
}"""


@pytest.fixture(scope="module")
def notebook(notebook: Notebook) -> Iterator[Notebook]:
    """All explorers in one output, with all their pages open, and saved as they are usually."""
    notebook.run("gw.options(saved='live')")
    notebook.page.evaluate(FIRST_CELL, CELL)
    notebook.run_all_cells()
    for place in range(len(EXPLORERS)):
        explorer(notebook, place)
    for page in notebook.page.locator(".gw-page > summary").all():
        page.click()
    notebook.page.get_by_text("with gw.GradientTape(persistent=True) as outer:").wait_for()
    yield notebook
    notebook.run("gw.options(saved='nothing'); [one.close() for one in every]")
    notebook.page.evaluate(THEME, "JupyterLab Light")
    notebook.page.emulate_media(color_scheme="light")
    notebook.page.set_viewport_size({"width": 1200, "height": 1300})
    assert notebook.errors == []


def explorer(notebook: Notebook, place: int) -> Shown:
    return Shown.of(notebook, place, f"every[{place}]")


# A system that is as its Lab, and one that is not.
@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lab_tells_the_theme_and_not_the_system(
    notebook: Notebook, theme: str, system: Literal["light", "dark"]
) -> None:
    notebook.page.emulate_media(color_scheme=system)
    notebook.page.evaluate(THEME, f"JupyterLab {theme.title()}")
    for place in range(len(EXPLORERS)):
        root = notebook.page.locator(".gw-explorer").nth(place)
        letters, told = root.evaluate(SHADES)
        assert told == theme
        assert (letters > 0.7) is (theme == "dark")
    # the ground of a map is pale or deep, too: what is painted heard of it
    explorer(notebook, 0).wait(f"(root, dark) => ({GROUND})(root) < 0.4 === dark", theme == "dark")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_readers_of_screens_find_nothing_wrong_in_any_explorer(
    notebook: Notebook, theme: str
) -> None:
    notebook.page.evaluate(THEME, theme)
    assert violations(notebook.page, ".gw-explorer") == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "×".join(map(str, size)))
def test_a_page_of_any_size_holds_every_explorer_whole(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.page.set_viewport_size({"width": size[0], "height": size[1]})
    found = {
        name: settled(notebook.page.locator(".gw-explorer").nth(place))
        for place, name in enumerate(EXPLORERS)
    }
    assert not any(found.values()), "\n".join(str(one) for one in found.items() if one[1])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "×".join(map(str, size)))
def test_the_graph_of_a_tape_comes_before_its_inputs_or_stands_beside_them(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.page.set_viewport_size({"width": size[0], "height": size[1]})
    places = """(root) => [".gw-text", ".gw-stage", "[aria-label='x'][type=range]"].map((one) =>
      root.querySelector(one).getBoundingClientRect())"""
    below = f"(root) => {{ const [program, graph, inputs] = ({places})(root); return (" + (
        "program.bottom <= graph.top && graph.bottom <= inputs.top); }"
        if size[0] < 1280
        else "program.top < inputs.top && graph.left >= program.right); }"
    )
    Shown.of(notebook, list(EXPLORERS).index("tape"), "every[-1]").wait(below)


def settled(root: Locator) -> list[str]:
    """What is wrong with an explorer's boxes once it is laid out for the page's size."""
    deadline = time.monotonic() + 10
    while found := faults(root) + ["sideways"] * root.evaluate(SIDEWAYS):
        if time.monotonic() > deadline:
            break
        root.page.wait_for_timeout(50)
    return found


def test_a_narrow_picture_is_dragged(notebook: Notebook) -> None:
    notebook.page.set_viewport_size({"width": 360, "height": 800})
    shown = explorer(notebook, 1)
    before = shown.look()
    shown.drag("map", (1, 2), (-1, -1))
    shown.wait_python("point[0] < -0.9")
    shown.other_look(before)
