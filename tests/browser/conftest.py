"""Fixtures for tests in a real browser: servers for the folder, notebooks for one test."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.explorer import PRELUDE, Opener, show_cell
from tests.browser.host import (
    LAB,
    NOTEBOOK7,
    Notebook,
    Server,
    launch_browser,
    open_notebook,
    serve,
)
from tests.browser.paged import packed_once
from tests.browser.stub import Stub, clear, stub_page
from tests.browser.view import View

Opening = Callable[..., Notebook]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


# For this folder, not for the session: while playwright is at work its event loop counts as
# running, and no test elsewhere could call asyncio.run.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launch_browser() as browser:
        yield browser


@pytest.fixture(scope="package", autouse=True)
def packets() -> Iterator[None]:
    with packed_once():
        yield


@pytest.fixture(scope="package")
def lab() -> Iterator[Server]:
    with serve(LAB) as server:
        yield server


@pytest.fixture(scope="package")
def notebook7() -> Iterator[Server]:
    with serve(NOTEBOOK7) as server:
        yield server


@pytest.fixture
def open_lab(
    browser: Browser, lab: Server, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Opening]:
    yield partial(open_notebook, browser, lab)
    finish(lab, request.node, tmp_path)


@pytest.fixture
def open_notebook7(
    browser: Browser, notebook7: Server, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Opening]:
    yield partial(open_notebook, browser, notebook7)
    finish(notebook7, request.node, tmp_path)


# Stubs of tests/browser/stub.py: a page for a module, empty again after each test. A module says
# what its `one` is.
@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[Page]:
    with stub_page(browser) as page:
        yield page


@pytest.fixture
def page(shared: Page) -> Iterator[Page]:
    shared.set_viewport_size({"width": 960, "height": 1300})
    shared.mouse.up()
    yield shared
    errors = shared.evaluate("() => (cleared(), errors.splice(0))")
    clear(shared)
    assert errors == []


@pytest.fixture
def view(one: Stub) -> View:
    view = one.show()
    one.sent()
    return view


@pytest.fixture(scope="package")
def notebook(browser: Browser, lab: Server) -> Iterator[Notebook]:
    """One notebook and one kernel for all: tests put their explorers into its first cell.

    What a file would keep of them is made for the tests of that alone: it takes a second each time.
    """
    notebook = open_notebook(browser, lab, ["pass", "'the next cell'"], width=1200, height=1300)
    notebook.run(f"{PRELUDE}\ngw.options(saved='nothing')")
    yield notebook
    notebook.close()


@pytest.fixture
def explore(notebook: Notebook, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Shows an explorer, in Python the variable `e`; afterwards the page may have no error."""
    yield lambda made, code="display(e)": show_cell(notebook, f"e = {made}\n{code}")
    if request.node.stash[FAILED]:
        show(notebook, tmp_path)
    errors, notebook.errors[:] = list(notebook.errors), []
    notebook.run("e.close()")
    assert errors == []


def finish(server: Server, test: pytest.Item, folder: Path) -> None:
    """Close what the test opened; show what it looked like if the test failed."""
    for notebook in list(server.notebooks):
        if test.stash[FAILED]:
            show(notebook, folder)
        notebook.close()


def show(notebook: Notebook, folder: Path) -> None:
    picture = folder / f"{notebook.server.host.module}-{notebook.name}.png"
    notebook.page.screenshot(path=picture)
    log = notebook.server.log.splitlines()[-20:]
    print(f"screenshot: {picture}", *notebook.errors, "server log:", *log, sep="\n")
