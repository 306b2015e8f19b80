"""An explorer in a notebook: its parts on the page, and the kernel's variable `e` behind it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Locator

from tests.browser.host import PANEL, PATIENCE, Notebook
from tests.browser.view import LOOK, View

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
  }};
  window.traffic = [];
  if (socket.noted) return;
  socket.noted = true;
  const send = socket.send.bind(socket);
  socket.send = (data) => {{ note("up", data); send(data); }};
  socket.addEventListener("message", ({{ data }}) => note("down", data));
}}"""
# The width of the view, once the picture in it was painted for that width.
WIDTH_SHOWN = """(root) => {
  const [width] = root.querySelector(".gw-stage").style.aspectRatio.split(" / ");
  return Number(width) === root.querySelector(".gw-canvas").clientWidth && Number(width);
}"""
IDLE = f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'"


@dataclass(frozen=True)
class Shown(View):
    """An explorer's view, with the controls around the picture."""

    notebook: Notebook

    @classmethod
    def of(cls, notebook: Notebook, place: int = 0) -> Shown:
        """The explorer `e` in one of its outputs, once its picture fits its width."""
        root = notebook.page.locator(".gw-explorer").nth(place)
        shown = cls(root, lambda: dict(notebook.python("e._canvas.spec")), notebook)
        root.wait_for(state="attached")
        if not root.is_visible():  # it is behind a tab
            notebook.page.get_by_role("tab", name="two").click()
        shown.wait_painted()
        return shown

    def other_output(self, place: int) -> Shown:
        return replace(self, root=self.page.locator(".gw-explorer").nth(place))

    # ── Python ───────────────────────────────────────────────────────────────────────────────────

    def python(self, expression: str) -> Any:
        """Something of the explorer, as JSON can carry it."""
        return self.notebook.python(f"e.{expression}")

    def wait_python(self, expression: str) -> None:
        self.notebook.wait_python(f"e.{expression}")

    def wait_idle(self) -> None:
        """Until the kernel has told that it has nothing to do any more."""
        self.page.wait_for_function(IDLE)

    def wait_painted(self) -> None:
        """Until Python has painted for the width of the page, and the page shows it."""
        self.canvas.wait_for()
        deadline = time.monotonic() + PATIENCE
        while self.spec()["width"] != self.root.evaluate(WIDTH_SHOWN):
            assert time.monotonic() < deadline, "Python has not painted for the page's width"
            self.page.wait_for_timeout(20)
        self.wait_captions()

    def wait_captions(self) -> None:
        """Until the lines below the picture are Python's."""
        shown = """(root, texts) => String(texts) ===
          String([...root.querySelectorAll('.gw-captions p')].map((line) => line.textContent))"""
        self.wait(shown, self.python("scene.captions"))

    def wait_look(self, look: int) -> None:
        self.wait(f"(root, look) => ({LOOK})(root) === look", look)

    def image(self) -> str:
        """The background that is shown."""
        return str(self.root.locator(".gw-stage img").get_attribute("src"))

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    @property
    def formula(self) -> Locator:
        return self.root.locator("input[type=text]").first

    @property
    def message(self) -> Locator:
        return self.root.locator(".gw-message [role=alert]")

    def type(self, formula: str) -> None:
        """Type another formula, key by key, and Enter."""
        self.formula.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(formula)
        self.page.keyboard.press("Enter")

    def slider(self, name: str) -> Locator:
        label = self.page.locator(".widget-label", has_text=re.compile(f"^{name}$"))
        return self.root.locator(".widget-slider").filter(has=label)

    def readout(self, name: str) -> Locator:
        return self.slider(name).locator(".widget-readout")

    def number(self, name: str) -> float:
        """The number beside a slider."""
        return float((self.readout(name).text_content() or "").replace("−", "-"))

    def open_options(self) -> None:
        self.root.get_by_text("Display and domain").click()
        self.root.locator("input[type=number]").first.wait_for()

    # ── messages ─────────────────────────────────────────────────────────────────────────────────

    def listen(self) -> None:
        """From now on note what goes through the kernel's websocket."""
        self.page.evaluate(LISTEN)

    def heard(self, way: str) -> list[tuple[str, int]]:
        """Kind and size of the messages that went "up" or "down" since."""
        traffic = self.page.evaluate("() => window.traffic")
        return [(kind, size) for went, kind, size in traffic if went == way]


def show_cell(notebook: Notebook, code: str) -> Shown:
    """Put the code into the notebook's first cell and run it; the explorer in it is shown."""
    notebook.page.evaluate(FIRST_CELL, code)
    notebook.run_all_cells()
    return Shown.of(notebook)


def button(shown: Shown, name: str) -> Locator:
    return shown.root.get_by_role("button", name=name)


Opener = Callable[..., Shown]  # code that makes an explorer → what is shown of it
