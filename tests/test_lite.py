"""The site on which lessons run in the reader's browser: complete, as far as that shows offline."""

import hashlib
import importlib.util
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.browser.host import PATIENCE, launch_browser
from tests.test_package import new_environment, run

ROOT = Path(__file__).parents[1]
# What a reader's browser gets from Pyodide's own server, and what the kernel for it has with it.
PYODIDE = {"numpy", "matplotlib", "ipython", "traitlets", "typing-extensions"}
KERNEL = {"ipykernel", "piplite", "pyodide-kernel", "widgetsnbextension"}
BROWSER = {"python_version": "3.14", "sys_platform": "emscripten", "extra": ""}


@pytest.fixture(scope="module")
def script():
    """`lite/build.py` as a module."""
    spec = importlib.util.spec_from_file_location("lite_build", ROOT / "lite/build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_whatever_is_needed_is_brought_by_somebody(script):
    there = {*script.PURE, "gradwidgets"}
    needed = {
        canonicalize_name(need.name)
        for name in there
        for need in map(Requirement, metadata.requires(name) or ())
        if need.marker is None or need.marker.evaluate(BROWSER)
    }
    assert {"numpy", "autograd", "psygnal"} <= needed
    assert needed <= there | PYODIDE | KERNEL


def test_nothing_else_is_fetched_while_a_lesson_runs():
    config = json.loads((ROOT / "lite/jupyter-lite.json").read_text())["jupyter-config-data"]
    (kernel,) = config["litePluginSettings"].values()
    assert kernel == {"disablePyPIFallback": True}


def test_each_lesson_begins_by_fetching_gradwidgets(script, tmp_path):
    script.write_notebooks(tmp_path)
    written = {path.name: json.loads(path.read_text("utf-8")) for path in tmp_path.iterdir()}
    assert set(written) == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    for notebook in written.values():
        assert "".join(notebook["cells"][0]["source"]) == "%pip install -q gradwidgets"
        assert notebook["metadata"]["kernelspec"]["name"] == "python"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What the one command makes, in an environment of its own."""
    programs = new_environment(tmp_path_factory.mktemp("lite"), ".[lite]", "pip")
    folder = tmp_path_factory.mktemp("site")
    run(programs / "python", "lite/build.py", folder)
    return folder


@pytest.mark.slow
def test_the_site_holds_the_wheels_as_its_index_tells(site, script):
    index = json.loads((site / "pypi/all.json").read_text())
    assert {canonicalize_name(name) for name in index} == {*script.PURE, "gradwidgets"}
    for package in index.values():
        for (wheel,) in package["releases"].values():
            data = (site / "pypi" / wheel["filename"]).read_bytes()
            assert wheel["filename"].endswith("-none-any.whl")
            assert hashlib.sha256(data).hexdigest() == wheel["digests"]["sha256"]


@pytest.mark.slow
def test_the_site_holds_the_extensions_and_the_lessons(site, script):
    config = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    loaded = {entry["name"]: entry["load"] for entry in config["federated_extensions"]}
    assert set(loaded) == set(script.EXTENSIONS)
    assert all((site / "extensions" / name / file).is_file() for name, file in loaded.items())
    lessons = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (site / "files").iterdir()} == lessons
    listed = json.loads((site / "api/contents/all.json").read_text())["content"]
    assert {entry["path"] for entry in listed} == lessons


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def address(site):
    """Where the site is served, as any web server would."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page():
    with launch_browser() as browser:
        # without a service worker, whose requests nobody could hold back
        page = browser.new_page(color_scheme="dark", service_workers="block")
        page.set_default_timeout(1000 * PATIENCE)
        yield page


@pytest.mark.slow
@pytest.mark.parametrize("app", ["lab", "notebooks"])
def test_a_lesson_opens_and_only_python_itself_is_fetched_from_elsewhere(page, address, app):
    asked = []

    def only_here(route):
        asked.append(route.request.url)
        here = urlsplit(route.request.url).hostname == "127.0.0.1"
        route.continue_() if here else route.abort()

    page.route("**/*", only_here)
    python = page.context.expect_event("request", lambda one: "jsdelivr" in one.url)
    with python:
        page.goto(f"{address}{app}/index.html?path=01-derivative.ipynb")
        page.get_by_text("pip install -q gradwidgets").first.wait_for()
    page.get_by_role("heading", name="The derivative").wait_for()
    dark = page.locator("body[data-jp-theme-light=false]")  # as the reader's system is
    dark.wait_for(state="attached")
    assert any("/extensions/anywidget/" in url for url in asked)
    away = {url for url in asked if urlsplit(url).hostname not in ("127.0.0.1", None)}
    assert all(url.startswith("https://cdn.jsdelivr.net/pyodide/v") for url in away), away
