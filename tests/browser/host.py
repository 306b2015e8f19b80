"""Open notebooks in a real browser, on a throw-away Jupyter server, and question their kernels."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import nbformat
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PATIENCE = 60.0  # seconds; only something broken takes that long

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Each window's address bar would load two pages of its own: half a second of work that nobody sees.
# What stands here is in place of what playwright turns off, so that follows.
OFF = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "OptimizationHints"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch", "LensOverlay"),
)
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    f"--disable-features={','.join(OFF)}",
)


def find_browser() -> str | None:
    """Path of an installed Chromium, or None where playwright has to use its own."""
    found = (shutil.which(name) for name in BROWSERS)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


@contextmanager
def launch_browser() -> Iterator[Browser]:
    """A headless Chromium; inside the block this thread counts as running an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)
        with closing(browser):
            yield browser


@dataclass(frozen=True)
class Host:
    """An application that shows notebooks: its module, where it shows one, and says it runs."""

    module: str
    path: str
    alive: str
    options: Callable[[Path, int], Sequence[str]]  # for a folder of notebooks and a port


def jupyter(application: str) -> Callable[[Path, int], Sequence[str]]:
    """Options of an application on Jupyter's own server."""
    return lambda notebooks, port: given(
        {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": notebooks,
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "IdentityProvider.token": "",
            f"{application}.expose_app_in_browser": True,
        }
    )


def voila(notebooks: Path, port: int) -> Sequence[str]:
    options = {"Voila.ip": "127.0.0.1", "Voila.port": port, "Voila.port_retries": 0}
    return [str(notebooks), "--no-browser", *given(options | {"Voila.token": ""})]


def marimo(notebooks: Path, port: int) -> Sequence[str]:
    """Options for the one notebook in the folder; `--no-check` asks for no other tool."""
    (notebook,) = notebooks.iterdir()
    return ["run", str(notebook), "--headless", "--no-token", "--no-check", f"--port={port}"]


def given(options: Mapping[str, object]) -> Sequence[str]:
    return [f"--{name}={value}" for name, value in options.items()]


LAB = Host("jupyterlab", "lab/tree/{name}?reset", "api/status", jupyter("LabApp"))
NOTEBOOK7 = Host("notebook", "notebooks/{name}", "api/status", jupyter("JupyterNotebookApp"))
VOILA = Host("voila", "voila/render/{name}", "", voila)
MARIMO = Host("marimo", "", "health", marimo)

FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
)

# What would lay itself over the notebook, or ask the internet.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    }
}


@dataclass(frozen=True)
class Server:
    """A Jupyter server in a folder of its own: no user's settings, nothing left behind."""

    host: Host
    folder: Path
    port: int
    notebooks: list[Notebook] = field(default_factory=list)  # those that are open

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def write(self, files: Mapping[str, str]) -> None:
        (self.folder / "notebooks").mkdir()
        for name, text in files.items():
            (self.folder / "notebooks" / name).write_text(text, "utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        settings = self.folder / "JUPYTER_CONFIG_DIR/labconfig/default_setting_overrides.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(SETTINGS))
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def command(self) -> list[str]:
        options = self.host.options(self.folder / "notebooks", self.port)
        return [sys.executable, "-m", self.host.module, *options]

    def environment(self) -> dict[str, str]:
        foreign = ("JUPYTER", "IPYTHON", "MPLBACKEND")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
        return kept | {name: str(self.folder / name) for name in FOLDERS}

    def answers(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", f"/{self.host.alive}")
                return connection.getresponse().status == 200
            except OSError:
                return False

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > deadline or ended_within(process, 0.05):
                raise RuntimeError(f"{self.host.module} does not answer:\n{self.log}")


@contextmanager
def serve(host: Host, files: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """A running server with these notebooks; it ends with its kernels and files with the block."""
    with TemporaryDirectory(prefix="gradwidgets-", ignore_cleanup_errors=True) as folder:
        server = Server(host, Path(folder), free_port())
        server.write(files)
        process = server.start()
        try:
            server.wait(process)
            yield server
        finally:
            stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end its kernels and itself; if it does not, end it."""
    for demand in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, demand)
            ended_within(process, 10)


# JavaScript for the page. A test may open other tabs: the notebook is the one that has cells.
PANEL = "[...jupyterapp.shell.widgets('main')].find(tab => tab.content?.widgets)"
READY = f"""() => {{
  const context = window.jupyterapp && {PANEL}?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}}"""
FULL_WIDTH = "jupyterapp.restored.then(() => jupyterapp.shell.collapseLeft())"
RUN_ALL = """() => {
  window.allRan = false;
  const ran = jupyterapp.commands.execute('notebook:run-all-cells');
  ran.finally(() => { window.allRan = true; });
}"""
FAILURES = f"""() => {PANEL}.content.widgets.map(cell => cell.model).flatMap(cell => {{
  const source = cell.sharedModel.source;
  if (cell.type !== 'code' || !source.trim()) return [];
  if (cell.executionCount === null) return [`not run: ${{source}}`];
  if (cell.getMetadata('tags')?.includes('raises-exception')) return [];
  const errors = cell.outputs.toJSON().filter(output => output.output_type === 'error');
  return errors.map(error => error.traceback.join('\\n'));
}})"""
EXECUTE = f"""([content, patience]) => {{
  const kernel = {PANEL}.sessionContext.session.kernel;
  return new Promise((hear, refuse) => {{
    setTimeout(() => refuse(new Error(`no answer to ${{content.code}}`)), patience);
    kernel.requestExecute(content).done.then((reply) => hear(reply.content), refuse);
  }});
}}"""
SHUTDOWN = f"async () => {{ await (window.jupyterapp && {PANEL})?.sessionContext.shutdown(); }}"

# Python for the kernel: whatever numpy made becomes plain numbers and lists.
ANSWER = "_answer = __import__('json').dumps((\n{}\n), default=lambda value: value.tolist())"

# Jupyter's own mistakes, seen on pages where nothing of ours had gone wrong.
NOISE = (
    # Notebook 7.6: its shortcuts listen to other settings before their own are loaded.
    "Cannot read properties of undefined (reading 'schema')",
    # Lab 4.6, when a kernel is restarted.
    "Could not restore the debugger state: Canceled future for debug_request",
    # ipywidgets 8.1, wherever a model has something to say and no kernel is there.
    "Could not send widget sync message Error: Cannot send",
)


class KernelError(AssertionError):
    """Python code failed in the notebook's kernel; the message is its traceback there."""


@dataclass(eq=False)
class Notebook:
    """A notebook in a browser page, with a line to its kernel."""

    page: Page
    server: Server
    name: str  # of its file
    errors: list[str] = field(default_factory=list)  # of the page and its console

    def __post_init__(self) -> None:
        self.server.notebooks.append(self)
        self.page.on("close", lambda _: self.server.notebooks.remove(self))
        self.page.on("console", self.note_console)
        self.page.on("pageerror", lambda error: self.note(f"page error: {error.stack or error}"))

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.note(f"console: {message.text} ({message.location['url']})")

    def note(self, error: str) -> None:
        if not any(noise in error for noise in NOISE):
            self.errors.append(error)

    def load(self) -> None:
        """Open the notebook's file, or open it anew; nothing runs yet."""
        self.page.goto(self.server.url + self.server.host.path.format(name=self.name))
        self.wait_page(READY)
        self.page.evaluate(FULL_WIDTH)

    def wait_page(self, condition: str, argument: object = None, timeout: float = PATIENCE) -> Any:
        """What a JavaScript function returns in the page, once that is true."""
        handle = self.page.wait_for_function(condition, arg=argument, timeout=1000 * timeout)
        return handle.json_value()

    def run_all_cells(self) -> None:
        self.page.evaluate(RUN_ALL)
        self.wait_page("() => window.allRan")
        self.wait_page(READY)
        if failures := self.page.evaluate(FAILURES):
            raise KernelError(plain("\n".join(failures)))

    def run(self, code: str, timeout: float = PATIENCE) -> None:
        """Execute statements in the kernel, unseen."""
        self.execute({"code": code}, timeout)

    def run_cell(self, code: str) -> None:
        """Execute statements in the kernel as a cell does."""
        self.execute({"code": code, "silent": False, "store_history": True}, PATIENCE)

    def python(self, expression: str, timeout: float = PATIENCE) -> Any:
        """The value of a Python expression in the kernel, as JSON can carry it."""
        request = {"code": ANSWER.format(expression), "user_expressions": {"answer": "_answer"}}
        answer = self.execute(request, timeout)["user_expressions"]["answer"]
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def wait_python(self, expression: str, timeout: float = PATIENCE) -> Any:
        """The value of a Python expression in the kernel, once it is true."""
        deadline = time.monotonic() + timeout
        while not (value := self.python(expression)):
            if time.monotonic() > deadline:
                raise AssertionError(f"after {timeout} s still {value!r}: {expression}")
            self.page.wait_for_timeout(20)
        return value

    def execute(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        unseen = {"silent": True, "store_history": False, "allow_stdin": False}
        reply: dict[str, Any] = self.page.evaluate(EXECUTE, [unseen | request, 1000 * timeout])
        if reply["status"] != "ok":
            raise KernelError(plain("\n".join(reply.get("traceback", [reply["status"]]))))
        return reply

    def close(self) -> None:
        """Shut down the kernel and close the page."""
        if self in self.server.notebooks:
            with closing(self.page):
                self.page.evaluate(SHUTDOWN)


def open_notebook(
    browser: Browser,
    server: Server,
    cells: Sequence[str] | Path,
    *,
    width: int = 1200,
    height: int = 900,
    device_scale_factor: float = 1,
) -> Notebook:
    """Show these code cells, or a copy of this notebook file, and run them all."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=device_scale_factor
    )
    notebook = Notebook(page, server, write_notebook(cells, server.folder / "notebooks"))
    notebook.load()
    notebook.run_all_cells()
    return notebook


def write_notebook(cells: Sequence[str] | Path, folder: Path) -> str:
    """Write a notebook into the folder; without a kernel's name Jupyter would ask for one."""
    content = nbformat.read(cells, as_version=4) if isinstance(cells, Path) else of_cells(cells)
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    name = f"{len(list(folder.iterdir()))}.ipynb"
    nbformat.write(content, folder / name)
    return name


def of_cells(cells: Sequence[str]) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])


def plain(text: str) -> str:
    """Text without a terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
