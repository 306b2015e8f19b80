"""From a gesture to changed pixels: the explorers beside `interact` and a blitted ipympl figure.

Run as `python benchmarks/live.py [--delay 0 50 200] [--presses N]`: a delay is that of a round
trip between browser and server, in milliseconds. One browser and one JupyterLab server for all, a
notebook with its own kernel for each; they take turns, so that a machine that slows down slows
all. Exit code 1 where an explorer misses a bar.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from benchmarks.rivals import BLITTED, FACTS, PICTURE, REDRAWN, WHOLE
from tests.browser.explorer import FIRST_CELL
from tests.browser.host import LAB, PANEL, Notebook, Server, launch_browser, open_notebook, serve
from tests.browser.network import Network, slow_network

WARM_UP, STRETCH = 4, 8  # gestures; after a stretch of them the point turns back
UPDATES, MOVES, OPENINGS = 200, 20, 3
INTERACT, IPYMPL = "interact, redrawn", "ipympl, blitted"
SLOWEST, MOST_BYTES, MOST_IN_KERNEL = 34.0, 1024, 0.3  # ms, bytes of content each way, ms
LONGEST_OPENING, MOST_STATE, MODELS = 3000.0, 120_000, 2  # ms, bytes; the explorer, its layout

EXPLORER = """
import gradwidgets as gw
explorer = gw.{}("x**2 + 10*y**2", point=(1.0, -0.4))
explorer
"""
IMPORT = "import gradwidgets as gw\nfrom IPython.display import display"
KINDS = ("GradientExplorer", "PartialsExplorer", "DescentExplorer", "CurvatureExplorer")
FOUR = f"for kind in {KINDS}: display(getattr(gw, kind)('x**2 + 10*y**2'))"

HOME = "explorer.point = (1.0, -0.4)"  # stretches on and back do not end where they began
UPDATE = f"""
import random, statistics, time

def one_update(tick):
    told = {{"point": [random.uniform(-3, 3) for name in "xy"], "_tick": tick}}
    start = time.perf_counter()
    explorer.set_state(told)
    return 1e3 * (time.perf_counter() - start)

def updates():
    for k in range({UPDATES}):
        yield one_update(explorer._heard + 1)
        time.sleep(0.005)  # the browser keeps up
"""
# What one explorer adds to the widgets, and its state without its own front end.
WEIGHT = """(lambda before, explorer, apart: {
    "models": len(__import__("ipywidgets").widgets.widget._instances) - before,
    "state": sum(
        len(value) if isinstance(value, bytes) else len(__import__("json").dumps(value))
        for name, value in explorer.get_state().items() if name not in apart
        for value in [value if name != "layout" else 0]
    ),
})(len(__import__("ipywidgets").widgets.widget._instances), gw.%s("x**2 + 10*y**2"),
   ("_esm", "_css"))"""

# The same look at every contender: in each animation frame, 80×60 pixels picked from the right half
# of the picture, where the result of the calculation stands and not only the point that was moved.
# Picked, not averaged, and read from a small canvas of their own: copying a large one back would
# cost more than what is measured. An image that is not loaded yet counts as unchanged; what has
# loaded is decoded by the look itself, which spares it the further frame that decode() takes.
# The time is that of the first frame in which the look differs; a frame lasts 16.7 ms.
PROBE = f"""surface => {{
  const [width, height] = [80, 60];
  const small = Object.assign(document.createElement("canvas"), {{ width, height }});
  const ctx = small.getContext("2d", {{ willReadFrequently: true }});
  ctx.imageSmoothingEnabled = false;
  const look = () => {{
    const shown = document.querySelector(surface);
    if (!shown || shown.complete === false) return null;
    const [w, h] = [shown.naturalWidth ?? shown.width, shown.naturalHeight ?? shown.height];
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(shown, w / 2, 0, w / 2, h, 0, 0, width, height);
    return new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
  }};
  const sleep = time => new Promise(resolve => setTimeout(resolve, time));
  const kernel = {PANEL}.sessionContext.session.kernel;
  const changed = (before, start, resolve) => {{
    const now = performance.now();
    if (look()?.some((pixel, k) => pixel !== before[k])) resolve(now - start);
    else requestAnimationFrame(() => changed(before, start, resolve));
  }};
  const settled = async (delay, rests = 6) => {{ // what is under way takes a round trip
    for (let quiet = 0; quiet < rests; quiet = kernel.status === "idle" ? quiet + 1 : 0) {{
      await sleep(20 + delay / 4);
    }}
  }};
  const watch = type => {{
    const before = look();
    const unchanged = new Error(`unchanged by ${{type}}: ${{surface}}`);
    const late = sleep(20000).then(() => Promise.reject(unchanged));
    const shown = new Promise(resolve => addEventListener(type, () => {{
      const start = performance.now();
      requestAnimationFrame(() => changed(before, start, resolve));
    }}, {{ capture: true, once: true }}));
    probe.shown = Promise.race([shown, late]);
  }};
  const bytes = {{}};
  const size = data => data.byteLength ?? data.size ?? new TextEncoder().encode(data).length;
  const content = data => {{ // with its buffers: what is not of the protocol's own
    if (typeof data === "string") return size(JSON.stringify(JSON.parse(data).content));
    const starts = new DataView(data instanceof ArrayBuffer ? data : data.buffer);
    return size(data) - Number(starts.getBigUint64(8 * 5, true)); // count, then 6 offsets or more
  }};
  const note = (way, data) => {{
    bytes[way] += content(data);
    bytes[`${{way}} in frames`] += size(data);
  }};
  const count = () => {{
    const socket = kernel._ws, send = socket.send;
    socket.send = data => {{ note("up", data); send.call(socket, data); }};
    socket.addEventListener("message", ({{ data }}) => note("down", data));
  }};
  window.probe = {{ look, watch, settled, count, bytes }};
}}"""
SETTLED = "delay => probe.settled(delay)"
QUIET_SECOND = "() => probe.settled(0, 50)"
SHOWN = "() => probe.shown"
WAYS = ("up", "down", "up in frames", "down in frames")
NO_BYTES = f"() => {{ for (const way of {list(WAYS)}) probe.bytes[way] = 0; }}"
# From the command that runs the cells to four explorers with picture and captions.
OPENING = """async ([count, patience]) => {
  const start = performance.now();
  const shown = root => root.querySelector(".gw-captions p") &&
    [root.querySelector(".gw-stage img")].every(image => image.complete && image.naturalWidth);
  jupyterapp.commands.execute("notebook:run-all-cells");
  for (;;) {
    const roots = [...document.querySelectorAll(".gw-explorer")];
    if (roots.length === count && roots.every(shown)) return performance.now() - start;
    if (performance.now() - start > patience) throw new Error(`${roots.length} explorers`);
    await new Promise(requestAnimationFrame);
  }
}"""


@dataclass(frozen=True)
class Contender:
    """A notebook whose picture moves when something is done to it."""

    title: str
    notebook: Notebook
    surface: str  # selector of the canvas or image that changes
    focus: str  # selector of what hears the keys, or is dragged
    event: str = "keydown"  # what the time counts from
    redraw: str = "pass"  # code that shows the whole picture anew, as it was first of all

    @property
    def page(self) -> Page:
        return self.notebook.page

    @property
    def held(self) -> Locator:
        return self.page.locator(self.focus).last

    def prepare(self) -> Contender:
        self.page.evaluate(PROBE, self.surface)
        self.page.evaluate(QUIET_SECOND)
        self.notebook.run(self.redraw)
        self.notebook.wait_page("() => probe.look()?.some(Boolean)")
        self.page.evaluate(QUIET_SECOND)
        self.page.locator(self.surface).first.scroll_into_view_if_needed()
        return self

    def gesture(self, turn: int, delay: float) -> float:
        """Milliseconds from the event to the first frame with other pixels."""
        back = turn // STRETCH % 2 == 1
        act = self.dragging(back) if self.event == "pointermove" else self.pressing(back)
        self.page.evaluate(SETTLED, delay)
        self.page.evaluate("type => probe.watch(type)", self.event)
        act()
        time = float(self.page.evaluate(SHOWN))
        self.page.mouse.up()
        self.page.evaluate(SETTLED, delay)
        return time

    def pressing(self, back: bool) -> Callable[[], None]:
        self.held.focus()
        return lambda: self.page.keyboard.press("ArrowDown" if back else "ArrowUp")

    def dragging(self, back: bool) -> Callable[[], None]:
        x, y = reachable(self.held)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        return lambda: self.page.mouse.move(x + (24 if back else -24), y + (16 if back else -16))


def reachable(place: Locator) -> tuple[float, float]:
    """The middle of an element that a mouse is to hit: a slider's focus may have scrolled it away,
    and below the toolbar it still counts as visible."""
    place.evaluate("part => part.scrollIntoView({ block: 'center' })")
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ── the contenders ───────────────────────────────────────────────────────────────────────────────


def explorer(browser: Browser, server: Server, name: str) -> list[Contender]:
    """One explorer: a key on its handle, a key on a slider, a drag."""
    notebook = open_notebook(browser, server, [EXPLORER.format(name)])
    canvas, handle = ".gw-stage canvas", ".gw-stage [role=slider][aria-label=point]"
    ours = Contender(f"{name}, key", notebook, canvas, handle, redraw=HOME).prepare()
    slider = ".gw-explorer input[type=range]:visible >> nth=0"
    return [
        ours,
        replace(ours, title=f"{name}, slider", focus=slider),
        replace(ours, title=f"{name}, drag", event="pointermove"),
    ]


def rivals(browser: Browser, server: Server, facts: Mapping[str, Any]) -> list[Contender]:
    """Both matplotlib notebooks, each with the sliders x and y."""
    given = "\n".join(f"{name} = {value!r}" for name, value in facts.items())
    redrawn, blitted = (
        open_notebook(browser, server, [given + PICTURE, cell]) for cell in (REDRAWN, BLITTED)
    )
    handle, canvas = ".noUi-handle", ".jupyter-matplotlib-canvas-div canvas"
    return [
        Contender(INTERACT, redrawn, ".jp-OutputArea img", handle).prepare(),
        Contender(IPYMPL, blitted, canvas, handle, redraw=WHOLE).prepare(),
    ]


# ── the measurements ─────────────────────────────────────────────────────────────────────────────


def latencies(everyone: Sequence[Contender], presses: int, delay: float) -> dict[str, list[float]]:
    """The times of every contender's gestures, taken in turns."""
    for one in everyone:
        one.notebook.run(one.redraw)
    rounds = [
        {one.title: one.gesture(k, delay) for one in everyone} for k in range(WARM_UP + presses)
    ]
    return {one.title: [times[one.title] for times in rounds[WARM_UP:]] for one in everyone}


def kernel_time(ours: Contender) -> float:
    """Milliseconds of one update in the kernel, the median over random points."""
    ours.notebook.run(UPDATE)
    return float(ours.notebook.python("statistics.median(updates())"))


def drag_bytes(ours: Contender) -> dict[str, int]:
    """The most bytes that one move of a dragged point sends each way, content and whole frames."""
    x, y = reachable(ours.held)
    ours.page.evaluate("() => probe.count()")
    ours.page.mouse.move(x, y)
    ours.page.mouse.down()
    moves = [move_bytes(ours.page, x + 3 * k, y + 2 * k) for k in range(1, MOVES + 1)]
    ours.page.mouse.up()
    return {way: max(move[way] for move in moves) for way in WAYS}


def move_bytes(page: Page, x: float, y: float) -> dict[str, int]:
    """The bytes of one mouse move each way, until the kernel is idle again."""
    page.evaluate(SETTLED, 0)
    page.evaluate(NO_BYTES)
    page.mouse.move(x, y)
    page.evaluate(SETTLED, 0)
    moved: dict[str, int] = page.evaluate("() => ({ ...probe.bytes })")
    return moved


def opening_time(browser: Browser, server: Server, network: Network, delay: float) -> float:
    """Milliseconds from running a cell with four explorers to all of them shown, in a page and a
    kernel of their own, where only the import has run: nothing is kept from an earlier picture."""
    network.delay = 0.0
    notebook = open_notebook(browser, server, [IMPORT])
    notebook.page.evaluate(FIRST_CELL, FOUR)
    network.delay = delay / 1e3
    time = float(notebook.page.evaluate(OPENING, [len(KINDS), 60_000]))
    network.delay = 0.0
    notebook.close()
    return time


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def table(times: Mapping[str, Sequence[float]], delay: float) -> str:
    medians = {title: statistics.median(samples) for title, samples in times.items()}
    title = f"{delay:g} ms of network"
    head = f"{title:<26}{'median ms':>10}{'p90 ms':>8}{'/ interact':>12}{'/ ipympl':>10}"
    rows = [
        f"{title:<26}{medians[title]:>10.1f}{sorted(samples)[9 * len(samples) // 10]:>8.1f}"
        f"{medians[title] / medians[INTERACT]:>12.3f}{medians[title] / medians[IPYMPL]:>10.3f}"
        for title, samples in times.items()
    ]
    return "\n".join([head, *rows, ""])


def verdict(bar: str, most: float, found: float) -> bool:
    """Print whether a bar is kept."""
    print(f"{bar} at most {most:g}: {found:.4g} {'yes' if found <= most else 'NO'}", flush=True)
    return found <= most


def measure(delays: Sequence[float], presses: int) -> bool:
    kept: list[bool] = []
    with launch_browser() as browser, serve(LAB) as direct, slow_network(direct.port, 0) as network:
        server = replace(direct, port=network.port)
        ours = [explorer(browser, server, name) for name in KINDS[:2]]
        first = ours[0][0]
        everyone = [*ours[0], *ours[1], *rivals(browser, server, first.notebook.python(FACTS))]
        for delay in delays:
            network.delay = delay / 1e3
            times = latencies(everyone, presses, delay)
            print(table(times, delay))
            slowest = max(statistics.median(times[one.title]) for one in everyone[:-2])
            kept.append(verdict(f"ms from event to pixels with {delay:g} ms", SLOWEST, slowest))
        network.delay = 0.0
        for key, _, _ in ours:
            kept += weigh(key)
        for delay in delays:
            opened = [opening_time(browser, server, network, delay) for _ in range(OPENINGS)]
            print("\nopenings, ms:", *(f"{time:.0f}" for time in opened))
            bar = f"median ms until four explorers are shown with {delay:g} ms"
            kept.append(verdict(bar, LONGEST_OPENING, statistics.median(opened)))
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return all(kept)


def weigh(ours: Contender) -> list[bool]:
    """What an explorer costs the kernel, the network, and the page."""
    name = ours.title.split(",")[0]
    moved, weight = drag_bytes(ours), ours.notebook.python(WEIGHT % name)
    print(f"\n{name}: one move of a drag, whole frames:", end=" ")
    print(f"{moved['up in frames']} bytes up, {moved['down in frames']} down")
    return [
        verdict("bytes of content up", MOST_BYTES, moved["up"]),
        verdict("bytes of content down", MOST_BYTES, moved["down"]),
        verdict("ms in the kernel for one move", MOST_IN_KERNEL, kernel_time(ours)),
        verdict("models", MODELS, weight["models"]),
        verdict("bytes of state", MOST_STATE, weight["state"]),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, nargs="+", default=[0, 50, 200], help="in ms")
    parser.add_argument("--presses", type=int, default=20, help="of each contender (default: 20)")
    given = parser.parse_args()
    sys.exit(0 if measure(given.delay, given.presses) else 1)
