"""From a gesture to changed pixels: the explorers beside `interact` and a blitted ipympl figure.

Run as `python benchmarks/live.py [--delay 0 50 200] [--presses N]`: a delay is that of a round
trip between browser and server, in milliseconds. One browser and one JupyterLab server for all, a
notebook with its own kernel for each; they take turns, so that a machine that slows down slows
all. Exit code 1 where an explorer misses a bar. ipympl comes with the extra "bench".
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.gestures import (
    BYTES,
    NO_BYTES,
    PROBE,
    SETTLED,
    WAYS,
    Contender,
    dragging,
    frames,
    pan,
    per_second,
    pressing,
    reachable,
    slide,
    stepping,
    typing,
    zoom,
)
from benchmarks.rivals import BLITTED, FACTS, PICTURE, REDRAWN, WHOLE
from gradwidgets.rendering.stage import Stage
from tests.browser.explorer import FIRST_CELL
from tests.browser.host import LAB, Server, launch_browser, open_notebook, serve
from tests.browser.network import Network, slow_network

WARM_UP = 4  # gestures
UPDATES, MOVES, OPENINGS = 200, 20, 3
FRAMES, PLAYED = 120, 3000  # moves of a pan or a zoom; milliseconds of play
INTERACT, IPYMPL = "interact, redrawn", "ipympl, blitted"
SLOWEST, TYPED, MOST_BYTES, MOST_IN_KERNEL = 34.0, 120.0, 1024, 0.3  # ms, ms, bytes of content, ms
LONGEST_OPENING = 1500.0  # ms beside the round trips of a far kernel, which may take as long again
MOST_STATE, MODELS = 120_000, 2  # bytes; the explorer, its layout
MOST_TOLD, MOST_FRONT, MOST_RECEIVED = 60_000, 90_000, 650_000  # bytes: one, its text, four in all
SCRIPT, STYLE = (text.default_value.encode() for text in (Stage._esm, Stage._css))
LEAST_FRAMES = 30.0  # a second

HOME = "explorer.point = (1.0, -0.4)"  # stretches on and back do not end where they began
ANEW = "explorer.formula = 'x**2 + 10*y**2'; explorer.step = 20"
EXPLORER = """
import gradwidgets as gw
explorer = gw.{}("x**2 + 10*y**2", point=(1.0, -0.4))
explorer
"""
HIDDEN = """
import gradwidgets as gw
explorer = gw.PartialsExplorer("x**2 + 2*y**2 + 3*z**2 + x*y + cos(y*z)", point=(1, 0.5, 0.5))
explorer
"""
IMPORT = "import gradwidgets as gw\nfrom IPython.display import display"
KINDS = ("GradientExplorer", "PartialsExplorer", "DescentExplorer", "CurvatureExplorer")
SHOW = "for kind in {}: display(getattr(gw, kind)('x**2 + 10*y**2'))"

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

# From the command that runs the cells to explorers with picture and captions.
OPENING = """async ([count, patience]) => {
  const start = performance.now();
  const shown = root => root.querySelector(".gw-captions p") &&
    root.querySelector(".gw-stage").dataset.key && root.querySelector(".gw-ground").width;
  jupyterapp.commands.execute("notebook:run-all-cells");
  for (;;) {
    const roots = [...document.querySelectorAll(".gw-explorer")];
    if (roots.length === count && roots.every(shown)) return performance.now() - start;
    if (performance.now() - start > patience) throw new Error(`${roots.length} explorers`);
    await new Promise(requestAnimationFrame);
  }
}"""
GROUND, MARKS = ".gw-hero .gw-ground", ".gw-hero .gw-marks"
BESIDE = ".gw-panel:not(.gw-hero) .gw-marks"  # of the first panel after the leading one
PLOT = ".gw-hero .gw-plot"


# ── the contenders ───────────────────────────────────────────────────────────────────────────────


def explorer(browser: Browser, server: Server, name: str) -> list[Contender]:
    """One explorer: a key on its handle, a key on a slider, a drag."""
    notebook = open_notebook(browser, server, [EXPLORER.format(name)])
    handle = ".gw-stage [role=slider][aria-label=point]"
    ours = Contender(f"{name}, key", notebook, BESIDE, handle, pressing, redraw=HOME).prepare()
    slider = ".gw-explorer input[type=range]:visible >> nth=0"
    return [
        ours,
        replace(ours, title=f"{name}, slider", focus=slider),
        replace(ours, title=f"{name}, drag", act=dragging),
    ]


def descent(browser: Browser, server: Server) -> list[Contender]:
    """Steps by the buttons beside play, and another formula."""
    notebook = open_notebook(browser, server, [EXPLORER.format("DescentExplorer")])
    buttons, box = ".gw-player button", ".gw-explorer input[type=text]:visible >> nth=0"
    steps = Contender("DescentExplorer, step", notebook, BESIDE, buttons, stepping, redraw=ANEW)
    formula = replace(steps, title="formula", surface=GROUND, focus=box, act=typing)
    return [steps.prepare(), formula]


def rivals(browser: Browser, server: Server, facts: Mapping[str, Any]) -> list[Contender]:
    """Both matplotlib notebooks, each with the sliders x and y; without ipympl the first alone."""
    given = "\n".join(f"{name} = {value!r}" for name, value in facts.items())
    images, canvas = ".jp-OutputArea img", ".jupyter-matplotlib-canvas-div canvas"
    offered = [(INTERACT, REDRAWN, images, "pass"), (IPYMPL, BLITTED, canvas, WHOLE)]
    there = offered if find_spec("ipympl") else offered[:1]
    return [
        Contender(
            title,
            open_notebook(browser, server, [given + PICTURE, cell]),
            surface,
            ".noUi-handle",
            pressing,
            redraw=redraw,
            share=0.5,
        ).prepare()
        for title, cell, surface, redraw in there
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
    moves = [
        moved_bytes(ours.page, lambda k=k: ours.page.mouse.move(x + 3 * k, y + 2 * k))
        for k in range(1, MOVES + 1)
    ]
    ours.page.mouse.up()
    return {way: max(move[way] for move in moves) for way in WAYS}


def moved_bytes(page: Page, act: Callable[[], object]) -> dict[str, int]:
    """The bytes each way of something that is done, until the kernel is idle again."""
    page.evaluate(SETTLED, 0)
    page.evaluate(NO_BYTES)
    act()
    page.evaluate(SETTLED, 0)
    moved: dict[str, int] = page.evaluate(BYTES)
    return moved


def opening(
    browser: Browser, server: Server, network: Network, delay: float, kinds: Sequence[str]
) -> tuple[float, int]:
    """Milliseconds from running a cell with explorers to all of them shown, and the bytes that came
    until the kernel rests: in a page and a kernel of their own, where only the import has run."""
    network.delay = 0.0
    notebook = open_notebook(browser, server, [IMPORT])
    notebook.page.evaluate(FIRST_CELL, SHOW.format(tuple(kinds)))
    notebook.page.evaluate(PROBE, ["body", 1])
    notebook.page.evaluate("() => probe.count()")
    notebook.page.evaluate(NO_BYTES)
    network.delay = delay / 1e3
    time = float(notebook.page.evaluate(OPENING, [len(kinds), 60_000]))
    notebook.page.evaluate(SETTLED, delay)
    received = int(notebook.page.evaluate(BYTES)["down"])
    network.delay = 0.0
    notebook.close()
    return time, received


def fluency(gradient: Contender, steps: Contender, hidden: Contender) -> dict[str, float]:
    """Frames a second in which a picture changes under a hand that moves in every frame."""
    plot = gradient.page.locator(PLOT).first
    play = steps.page.locator(".gw-play").first

    def played() -> None:
        play.click()
        steps.page.wait_for_timeout(PLAYED)

    found = {
        "pan": frames(gradient.page, GROUND, lambda: pan(gradient.page, plot, FRAMES)),
        "zoom": frames(gradient.page, GROUND, lambda: zoom(gradient.page, plot, FRAMES)),
        "a hidden coordinate": frames(hidden.page, GROUND, lambda: slide(hidden.held, FRAMES)),
        "play": frames(steps.page, MARKS, played),
    }
    return {title: per_second(times) for title, times in found.items()}


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def table(times: Mapping[str, Sequence[float]], delay: float) -> str:
    medians = {title: statistics.median(samples) for title, samples in times.items()}
    beside = [rival for rival in (INTERACT, IPYMPL) if rival in medians]
    title = f"{delay:g} ms of network"
    heads = "".join(f"{'/ ' + rival.split(',')[0]:>12}" for rival in beside)
    head = f"{title:<26}{'median ms':>10}{'p90 ms':>8}{heads}"
    rows = [
        f"{title:<26}{medians[title]:>10.1f}{sorted(samples)[9 * len(samples) // 10]:>8.1f}"
        + "".join(f"{medians[title] / medians[rival]:>12.3f}" for rival in beside)
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
        first, second = (explorer(browser, server, name) for name in KINDS[:2])
        steps, formula = descent(browser, server)
        quick = [*first, *second, steps]
        beside = rivals(browser, server, first[0].notebook.python(FACTS))
        for delay in delays:
            network.delay = delay / 1e3
            times = latencies([*quick, *beside], presses, delay)
            times |= latencies([prepared(formula)], presses, delay)
            prepared(steps)
            print(table(times, delay), flush=True)
            middle = {title: statistics.median(samples) for title, samples in times.items()}
            slowest = max(middle[one.title] for one in quick)
            kept.append(verdict(f"ms from event to pixels with {delay:g} ms", SLOWEST, slowest))
            bar = f"ms from a typed formula to its picture with {delay:g} ms"
            kept.append(verdict(bar, TYPED + delay, middle[formula.title]))
        network.delay = 0.0
        kept.append(verdict("bytes of the front end", MOST_FRONT, len(SCRIPT)))
        kept += [*weigh(first[0]), *weigh(second[0]), *flow(browser, server, first[0], steps)]
        for delay in delays:
            kept += open_all(browser, server, network, delay)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return all(kept)


def prepared(one: Contender) -> Contender:
    """Look at what this one changes: contenders that share a page have one probe."""
    one.page.evaluate(PROBE, [one.surface, one.share])
    return one


def open_all(browser: Browser, server: Server, network: Network, delay: float) -> list[bool]:
    """What one explorer and what four cost to open."""
    kept = []
    for kinds, most in ((KINDS[:1], MOST_TOLD + len(SCRIPT + STYLE)), (KINDS, MOST_RECEIVED)):
        found = [opening(browser, server, network, delay, kinds) for _ in range(OPENINGS)]
        times, received = zip(*found, strict=True)
        print(f"\nopenings of {len(kinds)}, ms:", *(f"{time:.0f}" for time in times))
        bar = f"median ms until {len(kinds)} are shown with {delay:g} ms"
        longest = LONGEST_OPENING if delay == 0 else 2 * LONGEST_OPENING
        kept.append(verdict(bar, longest, statistics.median(times)))
        kept.append(verdict("bytes received", most, statistics.median(received)))
    return kept


def flow(browser: Browser, server: Server, gradient: Contender, steps: Contender) -> list[bool]:
    """Whether pictures flow under a hand."""
    notebook = open_notebook(browser, server, [HIDDEN])
    slider = ".gw-explorer input[type=range]:visible >> nth=2"
    hidden = Contender("hidden", notebook, GROUND, slider, pressing).prepare()
    kept = []
    for title, found in fluency(gradient, steps, hidden).items():
        kept.append(found >= LEAST_FRAMES)
        answer = "yes" if kept[-1] else "NO"
        print(f"frames a second, {title}, at least {LEAST_FRAMES:g}: {found:.1f} {answer}")
    return kept


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
