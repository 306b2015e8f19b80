"""Zooming and panning in JupyterLab: the page scrolls as ever, and Python's domain follows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.browser.explorer import Shown, show_cell
from tests.browser.host import PATIENCE, Notebook

# Longer than its page.
ROSENBROCK = """
e = gw.GradientExplorer(gw.ScalarField("(1 - x)**2 + 100*(y - x**2)**2",
    domain={"x": (-2, 2), "y": (-1, 3)}), point=(0.5, 0.5))
display(e, __import__('IPython').display.HTML('<div style="height: 2000px">below</div>'))
"""
SCROLLED = """(root) => {
  let top = 0;
  for (let part = root; part; part = part.parentElement) top += part.scrollTop;
  return top;
}"""
DOMAIN = {"x": [-2, 2], "y": [-1, 3]}
Ranges = dict[str, list[float]]


@pytest.fixture(scope="module")
def rosenbrock(notebook: Notebook) -> Iterator[Shown]:
    notebook.page.set_viewport_size({"width": 1200, "height": 800})
    yield show_cell(notebook, ROSENBROCK)
    notebook.run("e.close()")
    notebook.page.set_viewport_size({"width": 1200, "height": 1300})
    assert notebook.errors == []


@pytest.fixture
def shown(rosenbrock: Shown) -> Shown:
    rosenbrock.notebook.run("e.domain, e.point = {'x': (-2, 2), 'y': (-1, 3)}, (0.5, 0.5)")
    rosenbrock.wait_drawn()
    return rosenbrock


def ranges(shown: Shown, panel: str = "map") -> Ranges:
    _, x, y = json.loads(shown.plot(panel).get_attribute("data-frame") or "")
    return {"x": x, "y": y}


def wait_agreement(shown: Shown) -> None:
    """Until picture and Python show the same window, and it is not the one of the beginning."""
    deadline = time.monotonic() + PATIENCE
    while not (ranges(shown) == shown.python("domain") != DOMAIN):
        assert time.monotonic() < deadline, "picture and Python show different windows"
        shown.page.wait_for_timeout(20)


def test_the_plain_wheel_scrolls_the_notebook(shown: Shown) -> None:
    before = shown.root.evaluate(SCROLLED)
    shown.move("map", (0, 1))
    shown.page.mouse.wheel(0, 150)
    shown.wait(f"(root, before) => ({SCROLLED})(root) > before + 50", before)
    shown.page.wait_for_timeout(400)
    assert ranges(shown) == DOMAIN
    assert shown.python("domain") == DOMAIN


def test_with_control_it_zooms_and_python_follows(shown: Shown) -> None:
    before = shown.look()
    shown.move("map", (0.5, 0.5))
    top = shown.root.evaluate(SCROLLED)
    shown.page.keyboard.down("Control")
    for _ in range(3):
        shown.page.mouse.wheel(0, -100)
    shown.page.keyboard.up("Control")
    shown.other_look(before)
    wait_agreement(shown)
    low, high = ranges(shown)["x"]
    assert high - low < 3
    assert shown.root.evaluate(SCROLLED) == top
    assert shown.python("point") == [0.5, 0.5]
    assert shown.python("code()").count("domain=") == 1


def test_keys_on_the_map_are_not_jupyters(shown: Shown) -> None:
    """There 0 twice restarts the kernel, and arrows choose a cell."""
    cells = shown.cells()
    shown.plot("map").focus()
    for key in ("ArrowRight", "ArrowDown", "+"):
        shown.page.keyboard.press(key)
    wait_agreement(shown)
    shown.page.keyboard.press("0")
    shown.wait_python("domain == {'x': (-2, 2), 'y': (-1, 3)}")
    shown.page.keyboard.press("0")
    shown.wait_drawn()
    assert ranges(shown) == DOMAIN
    assert shown.cells()[2] == cells[2]
    assert shown.page.locator(".jp-Dialog").count() == 0


def test_a_point_outside_waits_at_the_edge_and_returns(shown: Shown) -> None:
    shown.plot("map").focus()
    for _ in range(2):
        shown.page.keyboard.press("Shift+ArrowRight")
    shown.wait_python("point[0] > 0.5")
    wait_agreement(shown)
    assert shown.python("point[0]") == shown.python("domain['x'][0]")
    assert "x = 0.5" in shown.note
    shown.page.keyboard.press("0")
    shown.wait_python("point == (0.5, 0.5)")


def test_a_domain_set_right_after_a_formula_was_typed_is_shown(shown: Shown) -> None:
    """The page is answered on another thread than the one that runs the cells."""
    for k in range(3):
        shown.notebook.run("e.domain = {'x': (0, 5), 'y': (-3, 3)}")
        shown.type("sqrt(x-2)+y")
        shown.wait_python("field.text == 'sqrt(x-2)+y'")
        shown.wait_drawn()
        shown.type(f"x**2 + {k + 2}*y**2")
        shown.notebook.run("e.domain = {'x': (-3, 3), 'y': (-3, 3)}")
        shown.wait_python(f"field.text == 'x**2 + {k + 2}*y**2'")
        assert shown.python("domain") == {"x": [-3, 3], "y": [-3, 3]}
        wait_agreement(shown)


def test_a_refused_window_is_told_below_the_picture(shown: Shown) -> None:
    shown.type("sqrt(x-2)+y")
    shown.wait_python("field.text == 'sqrt(x-2)+y'")
    shown.notebook.run("e.domain = {'x': (0, 5), 'y': (-3, 3)}")
    wait_agreement(shown)
    shown.plot("map").focus()
    for _ in range(14):
        shown.page.keyboard.press("ArrowLeft")
    note = shown.root.locator(".gw-note")
    note.filter(has_text="no finite value").wait_for()
    wait_agreement(shown)
    shown.page.keyboard.press("ArrowRight")
    note.wait_for(state="hidden")
    wait_agreement(shown)
