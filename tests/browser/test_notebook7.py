"""An explorer in Notebook 7, whose shortcuts keep the arrow keys unless they are told not to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.explorer import PRELUDE, Shown
from tests.browser.host import SHUTDOWN, Notebook
from tests.browser.kept import alive, save, use


def test_mouse_keys_sliders_and_formula_work_and_it_is_saved_alive(
    open_notebook7: Callable[..., Notebook],
) -> None:
    cell = f"{PRELUDE}\ne = gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))\ndisplay(e)"
    notebook = open_notebook7([cell, "'the next cell'"], height=1300)
    shown = Shown.of(notebook)

    look = shown.look()
    shown.drag("map", (1, 2), (0, 0), (-2, -1))
    shown.wait_python("point[1] < -0.9")
    assert shown.python("point") == pytest.approx([-2, -1], abs=0.02)
    look = shown.other_look(look)
    cells = shown.cells()

    shown.notebook.run("e.point = (1, 1)")
    look = shown.other_look(look)
    for key, point in {
        "ArrowUp": (1, 1.1),
        "ArrowDown": (1, 1),
        "Shift+ArrowRight": (2, 1),
        "Home": (1, 2),
    }.items():
        shown.page.keyboard.press(key)
        shown.wait_python(f"point == {point}")
        look = shown.other_look(look)
    assert shown.cells() == cells

    shown.type("x*y")
    shown.wait_python("field.text == 'x*y'")
    look = shown.other_look(look)
    shown.wait_captions()

    shown.slider("x").focus()
    for key, point in {"ArrowRight": (1.01, 2), "ArrowDown": (1, 2), "ArrowUp": (1.01, 2)}.items():
        shown.page.keyboard.press(key)
        shown.wait_python(f"point == {point}")
        look = shown.other_look(look)
    (active, _, count), (was_active, _, was_count) = shown.cells(), cells
    assert (active, count) == (was_active, was_count)
    assert notebook.errors == []
    check_saved(notebook)


def check_saved(notebook: Notebook) -> None:
    """Opened without running, it lives by mouse and keys."""
    save(notebook, 1, 1)
    notebook.page.evaluate(SHUTDOWN)
    notebook.load()
    assert notebook.page.locator(".gw-explorer:not(.gw-still *)").count() == 0
    use(alive(notebook.page, 0), "map", (1, 2), (0, 1), (-2, -1))
