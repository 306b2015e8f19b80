"""An explorer in a notebook: its parts on the page, and the kernel's variable `e` behind it."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Locator

from tests.browser.host import PANEL, PATIENCE, Notebook
from tests.browser.view import DRAWN, WRITTEN, Place, View

PRELUDE = """
import gradwidgets as gw
import ipywidgets as ipw
from IPython.display import display

def patchy(x, y):
    if x > 1:
        raise ArithmeticError("nothing beyond 1")
    return x**2 + y**2
"""
FIRST_CELL = f"(code) => {PANEL}.content.widgets[0].model.sharedModel.setSource(code)"
LISTEN = f"""() => {{
  const socket = {PANEL}.sessionContext.session.kernel._ws;
  const decoder = new TextDecoder("latin1");
  const note = (way, data) => {{
    const text = typeof data === "string" ? data : decoder.decode(data);
    const size = typeof data === "string" ? data.length : data.byteLength;
    window.traffic.push([way, text.match(/"msg_type": ?"(\\w+)"/)[1], size]);
    if (way === "up" && text.includes('"point"')) window.told = text;
  }};
  window.traffic = [];
  if (socket.noted) return;
  socket.noted = true;
  const send = socket.send.bind(socket);
  socket.send = (data) => {{ note("up", data); send(data); }};
  socket.addEventListener("message", ({{ data }}) => note("down", data));
}}"""
TOLD = '() => window.told?.match(/"point": ?(\\[[^\\]]*\\])/)[1]'
# What Jupyter's own shortcuts change: which cell is active, how, and how many cells there are.
CELLS = f"""() => [{PANEL}.content.activeCellIndex, {PANEL}.content.mode,
  {PANEL}.content.widgets.length]"""
IDLE = f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'"


@dataclass(frozen=True)
class Shown(View):
    """An explorer's view: what a reader sees, and what hands and keys do to it, by its names."""

    notebook: Notebook
    name: str = "e"  # of the explorer in Python

    @classmethod
    def of(cls, notebook: Notebook, place: int = 0, name: str = "e") -> Shown:
        """An explorer in one of the outputs, once its picture is drawn."""
        root = notebook.page.locator(".gw-explorer").nth(place)
        shown = cls(root, lambda: dict(notebook.python(f"{name}._picture")), notebook, name)
        root.wait_for(state="attached")
        if not root.is_visible():  # it is behind a title
            notebook.page.get_by_text("two", exact=True).click()
        shown.wait_shown()
        return shown

    def other_output(self, place: int) -> Shown:
        return replace(self, root=self.page.locator(".gw-explorer").nth(place))

    # ── Python ───────────────────────────────────────────────────────────────────────────────────

    def python(self, expression: str) -> Any:
        """Something of the explorer, as JSON can carry it."""
        return self.notebook.python(f"{self.name}.{expression}")

    def wait_python(self, expression: str) -> None:
        self.notebook.wait_python(f"{self.name}.{expression}")

    def wait_idle(self) -> None:
        """Until the kernel has told that it has nothing to do any more."""
        self.page.wait_for_function(IDLE)

    def cells(self) -> list[object]:
        """What a shortcut of Jupyter's would change."""
        return list(self.page.evaluate(CELLS))

    def wait_shown(self) -> None:
        """Until the page shows the picture that Python told last, and what it says of it."""
        self.wait_drawn()
        self.wait_captions()

    def wait_drawn(self) -> None:
        """Until the view shows the picture that Python told last, which may be another by then."""
        deadline = time.monotonic() + PATIENCE
        while (told := str(self.spec()["key"])) != (seen := self.key()):
            assert time.monotonic() < deadline, f"picture {seen} is shown, and Python told {told}"
            self.page.wait_for_timeout(20)
        self.wait(DRAWN)

    def wait_captions(self) -> None:
        """Until the lines below the picture are Python's, which may still have to hear of it."""
        deadline = time.monotonic() + PATIENCE
        while self.captions != self.python("scene.captions"):
            assert time.monotonic() < deadline, "the captions are not Python's"
            self.page.wait_for_timeout(20)

    def wait_seen(self, captions: Sequence[str]) -> None:
        self.wait(f"(root, texts) => String(texts) === String(({WRITTEN})(root))", captions)

    def key(self) -> str:
        """Which of the pictures that Python told is shown."""
        return str(self.root.locator(".gw-stage").get_attribute("data-key"))

    # ── the picture ──────────────────────────────────────────────────────────────────────────────

    def handle(self, name: str | None = None) -> Locator:
        """A handle over the picture: the first of this name, or of all."""
        handles = self.root.locator(".gw-stage").get_by_role("slider", name=name, exact=True)
        return handles.first

    def press_key(self, *keys: str, handle: str | None = None) -> None:
        """Keys for a handle."""
        for key in keys:
            self.handle(handle).press(key)

    def pull(self, *ways: Place, handle: str | None = None) -> None:
        """Drag a handle, ways in pixels from where it stands; asks the kernel nothing."""
        box = self.handle(handle).bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for across, down in ways:
            self.page.mouse.move(x + across, y + down)
        self.page.mouse.up()

    def stands(self, name: str) -> Place:
        """Where a marker, or an arrow's tip, stands in its panel."""
        *_, x, y = self.python(f"scene[{name!r}].ravel().tolist()")
        return x, y

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    @property
    def formula(self) -> Locator:
        return self.root.get_by_role("textbox", name=re.compile("=$")).first

    @property
    def message(self) -> Locator:
        return self.root.locator(".gw-message [role=alert]")

    @property
    def spoken(self) -> str:
        """What a screen reader is told."""
        return self.root.locator(".gw-spoken").text_content() or ""

    def type(self, formula: str) -> None:
        """Type another formula, key by key, and Enter."""
        self.formula.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(formula)
        self.page.keyboard.press("Enter")

    def slider(self, name: str) -> Locator:
        """The range of a control."""
        return self.root.locator("input[type=range]").and_(self.root.get_by_label(name, exact=True))

    def box(self, name: str) -> Locator:
        """The box for a number beside a slider."""
        return self.root.get_by_label(f"{name}, as a number", exact=True)

    def number(self, name: str) -> float:
        """The number beside a slider."""
        return float(self.box(name).input_value().replace("−", "-"))

    def wait_number(self, name: str, value: float) -> None:
        """Until the number beside a slider is this one, with the digits that are shown."""
        said = "([box, value]) => Number(box.value.replace('−', '-')) === value"
        asked = [self.box(name).element_handle(), float(f"{value:.12g}")]
        self.page.wait_for_function(said, arg=asked)

    def slide(self, name: str, *shares: float) -> None:
        """Drag a slider to shares of its length."""
        self.slider(name).scroll_into_view_if_needed()
        box = self.slider(name).bounding_box()
        assert box
        mouse, (left, width) = self.page.mouse, (box["x"], box["width"])
        y = box["y"] + box["height"] / 2
        mouse.move(left + shares[0] * width, y)
        mouse.down()
        for share in shares[1:]:
            mouse.move(left + share * width, y)
        mouse.up()

    def open_options(self) -> None:
        self.root.get_by_text("Options").click()

    # ── messages ─────────────────────────────────────────────────────────────────────────────────

    def listen(self) -> None:
        """From now on note what goes through the kernel's websocket."""
        self.page.evaluate(LISTEN)

    def heard(self, way: str) -> list[tuple[str, int]]:
        """Kind and size of the messages that went "up" or "down" since."""
        traffic = self.page.evaluate("() => window.traffic")
        return [(kind, size) for went, kind, size in traffic if went == way]

    def told(self) -> list[float]:
        """The point in the last message that told one to Python, since `listen`."""
        point: list[float] = json.loads(self.page.evaluate(TOLD))
        return point


@contextmanager
def busy(notebook: Notebook) -> Iterator[None]:
    """While the kernel's process stands still: a sleeping cell hears messages in another thread."""
    kernel = notebook.python("__import__('os').getpid()")
    os.kill(kernel, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(kernel, signal.SIGCONT)


def show_cell(notebook: Notebook, code: str) -> Shown:
    """Put the code into the notebook's first cell and run it; the explorer in it is shown."""
    notebook.page.evaluate(FIRST_CELL, code)
    notebook.run_all_cells()
    return Shown.of(notebook)


def button(shown: Shown, name: str) -> Locator:
    """By a part of its name, as it is written: "Reset" is not the map's "reset view"."""
    return shown.root.get_by_role("button", name=re.compile(re.escape(name)))


Opener = Callable[..., Shown]  # code that makes an explorer → what is shown of it
