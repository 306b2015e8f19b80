"""A notebook's file as it is saved and opened without running: its pictures, alive on the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.host import Notebook
from tests.browser.paged import key_of
from tests.browser.view import View

ALL_SAVED = """([count, cells]) => document.querySelectorAll("[data-gw-saved]").length === count
  && document.querySelectorAll("style.gw-saved-script").length === cells"""


def save(notebook: Notebook, explorers: int, cells: int) -> Path:
    """The notebook's file, saved when all that belongs into it is there."""
    notebook.wait_page(ALL_SAVED, [explorers, cells])
    notebook.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    return notebook.server.folder / "notebooks" / notebook.name


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
