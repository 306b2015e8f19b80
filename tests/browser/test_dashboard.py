"""The tour as a dashboard, by the README's line: alive, in words that fit, for so many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.host import PATIENCE, Host, Server, given, serve
from tests.browser.test_hosts import only_here

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LINE = re.compile(r"\.venv/bin/voila (?P<notebook>\S+) --Voila\.config_file_paths=(?P<folder>\S+)")


def by_the_readme(_: Path, port: int) -> list[str]:
    """The options of the README's line, and those that let one visitor in, and soon another."""
    (line,) = LINE.finditer(README)
    own = {
        "Voila.ip": "127.0.0.1",
        "Voila.port": port,
        "Voila.port_retries": 0,
        "Voila.open_browser": False,
        "Voila.config_file_paths": ROOT / line["folder"],
        "Kernels.most": 1,
        "Kernels.absence": 15,
        "MappingKernelManager.cull_interval": 1,
    }
    return [str(ROOT / line["notebook"]), *given(own)]


DASHBOARD = Host("voila", "", "voila/static/favicon.ico", by_the_readme)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(DASHBOARD) as running:
        yield running


@contextmanager
def visit(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that has not gone anywhere yet; the visitor leaves with the block."""
    with closing(browser.new_page(viewport={"width": 1280, "height": 900})) as page:
        page.set_default_timeout(1000 * PATIENCE)
        page.route("**/*", only_here)
        yield page


def enter(page: Page, server: Server) -> None:
    """Open the tour, as soon as there is room."""
    for _ in range(int(PATIENCE)):
        answer = page.goto(server.url)
        if answer and answer.ok:
            page.locator(".gw-captions p").first.wait_for()
            return
        page.wait_for_timeout(1000)
    raise AssertionError(server.log)


@pytest.mark.slow
def test_the_tour_answers_hand_and_keys_in_words_that_fit(browser: Browser, server: Server) -> None:
    with visit(browser, server) as page:
        enter(page, server)
        page.wait_for_function("document.querySelectorAll('.gw-explorer').length === 4")
        explorer = page.locator(".gw-explorer").first
        handle = explorer.locator(".gw-stage").get_by_role("slider", name="point").first
        box = handle.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 40, y, steps=3)
        page.mouse.up()
        explorer.get_by_text("At (0.8").first.wait_for()  # 60 pixels are one unit here
        handle.press("Home")
        explorer.get_by_text("At (1.50, 0.60)").first.wait_for()
        handle.press("ArrowRight")
        explorer.get_by_text("At (1.60, 0.60)").first.wait_for()
        formula = explorer.get_by_role("textbox", name=re.compile("=$")).first
        formula.fill("x*y")  # which only Python can make a picture of
        formula.press("Enter")
        explorer.get_by_text("f = 0.96").first.wait_for()

        text = page.locator("body").inner_text()
        assert "A tour in two minutes" in text
        for words in ("Run All Cells", "Shift + Enter", "the next cell", "import gradwidgets"):
            assert words not in text


@pytest.mark.slow
def test_where_it_is_full_another_visitor_waits_until_one_has_left(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server) as second:
        with visit(browser, server) as first:
            enter(first, server)
            answer = second.goto(server.url)
            assert answer
            assert answer.status == 503
            assert "All places are taken" in second.locator("body").inner_text()
        enter(second, server)
