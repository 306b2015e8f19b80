"""An explorer is live in Voilà and in marimo: a key on its handle moves Python's trait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.host import MARIMO, PATIENCE, VOILA, Host, of_cells, serve

MADE = 'e = gw.GradientExplorer("x**2 + 10*y**2", point=(1, 2))'
VOILA_CELL = f"""
import gradwidgets as gw
import ipywidgets as ipw
{MADE}
heard = ipw.Label("nothing yet")
e.observe(lambda change: setattr(heard, "value", f"Python: {{e.point}}"), "point")
ipw.VBox([e, heard])
"""
MARIMO_NOTEBOOK = f"""
import marimo

app = marimo.App()


@app.cell
def _():
    import gradwidgets as gw
    import marimo as mo

    {MADE}
    live = mo.ui.anywidget(e)
    live
    return e, live, mo


@app.cell
def _(e, live, mo):
    live.value
    mo.md(f"Python: {{e.point}}")
    return
"""


@contextmanager
def opened(browser: Browser, host: Host, name: str, text: str) -> Iterator[Page]:
    """A page of a host that serves this notebook alone; nothing comes from the internet."""
    with serve(host, {name: text}) as server, closing(browser.new_page()) as page:
        page.set_default_timeout(1000 * PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error.stack or error)))
        page.route("**/*", only_here)
        page.goto(server.url + host.path.format(name=name))
        yield page
        assert errors == [], server.log


def only_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        route.abort()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "name", "text"),
    [
        (VOILA, "page.ipynb", nbformat.writes(of_cells([VOILA_CELL]))),
        (MARIMO, "page.py", MARIMO_NOTEBOOK),
    ],
    ids=["Voilà", "marimo"],
)
def test_a_key_on_a_handle_moves_the_point_in_python(
    browser: Browser, host: Host, name: str, text: str
) -> None:
    with opened(browser, host, name, text) as page:
        explorer = page.locator(".gw-explorer")
        explorer.locator(".gw-captions p").first.wait_for()
        point = explorer.locator(".gw-stage").get_by_role("slider", name="point").first
        point.focus()
        point.press("ArrowRight")
        page.get_by_text("Python: (1.1, 2.0)").wait_for()
        assert point.get_attribute("aria-valuetext").startswith("x 1.10, y 2.00")
        point.press("Shift+ArrowDown")
        page.get_by_text("Python: (1.1, 1.0)").wait_for()
