"""From a key press to changed pixels: the explorers beside `interact` and a blitted ipympl figure.

Run as `python benchmarks/live.py [--presses N]`. One browser and one JupyterLab server for all, a
notebook with its own kernel for each; they take turns, so that a machine that slows down slows
all. Exit code 1 where an explorer misses a bar.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.host import LAB, PANEL, Notebook, Server, launch_browser, open_notebook, serve

WARM_UP, STRETCH = 8, 8  # presses; after a stretch of them the point turns back
UPDATES, MOVES = 200, 20
INTERACT, IPYMPL = "interact, redrawn", "ipympl, blitted"
BY_INTERACT, BY_IPYMPL, MOST_BYTES = 0.1, 0.5, 6144

EXPLORER = """
import gradwidgets as gw
explorer = gw.{}("x**2 + 10*y**2", point=(1.0, -0.4))
explorer
"""

# What both rivals draw is the gradient explorer's background, with the same levels and places.
PICTURE = """
import autograd.numpy as np
import matplotlib.pyplot as plt
from autograd import elementwise_grad, grad
from ipywidgets import FloatSlider, interact

def f(x, y):
    return x**2 + 10 * y**2

gradient = grad(f, argnum=(0, 1))
side, places = np.linspace(-3, 3, 121), np.linspace(-3, 3, 27)[1::2]
X, Y = np.meshgrid(side, side)
Z = f(X, Y)
PX, PY = np.meshgrid(places, places)
U, V = elementwise_grad(f, 0)(PX, PY), elementwise_grad(f, 1)(PX, PY)
angles = np.linspace(0, 360, 49)
x = FloatSlider(value=1.0, min=-3, max=3, step=0.1, description="x")
y = FloatSlider(value=-0.4, min=-3, max=3, step=0.1, description="y")

def background():
    fig = plt.figure(figsize=SIZE, dpi=100)
    left, right = fig.add_axes(LEFT), fig.add_axes(RIGHT)
    left.contourf(X, Y, Z, LEVELS, cmap="Blues", extend="both")
    lines = left.contour(X, Y, Z, LEVELS, colors="slategray", linewidths=0.7)
    left.clabel(lines, LEVELS[1::2], fontsize=7, fmt="%g")
    left.quiver(PX, PY, U, V, color="lightsalmon", pivot="middle", width=0.003)
    left.set(title="$f(x, y) = x^2 + 10 y^2$", xlabel="$x$", ylabel="$y$")
    right.axhline(0, color="lightgray")
    right.set(title="slope in every direction", xlim=(0, 360), ylim=(-1.35, 1.35))
    right.set(xlabel="direction in degrees", ylabel="slope", xticks=range(0, 361, 45))
    return fig, left, right

def numbers(x, y):
    dx, dy = gradient(x, y)
    return dx / 30, dy / 30, np.cos(np.radians(angles) - np.arctan2(dy, dx))

def foreground(left, right, x, y):
    dx, dy, cosine = numbers(x, y)
    arrow = left.arrow(x, y, dx, dy, width=0.05, length_includes_head=True, color="orangered")
    (point,) = left.plot(x, y, "o", color="orange", markersize=10, markeredgecolor="black")
    (curve,) = right.plot(angles, cosine, color="black")
    return arrow, point, curve
"""

# Without the cell's usual tight box, which costs a second layout: the picture's size is given.
REDRAWN = """
%matplotlib inline
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None}

def show(x, y):
    fig, left, right = background()
    foreground(left, right, x, y)
    plt.show()

interact(show, x=x, y=y);
"""

BLITTED = """
%matplotlib widget
fig, left, right = background()
moving = arrow, point, curve = foreground(left, right, x.value, y.value)
plt.setp(moving, animated=True)

def draw_moving():
    for artist in moving:
        artist.axes.draw_artist(artist)

def keep(event):
    global kept
    kept = fig.canvas.copy_from_bbox(fig.bbox)
    draw_moving()

def moved(change):
    dx, dy, cosine = numbers(x.value, y.value)
    arrow.set_data(x=x.value, y=y.value, dx=dx, dy=dy)
    point.set_data([x.value], [y.value])
    curve.set_ydata(cosine)
    fig.canvas.restore_region(kept)
    draw_moving()
    fig.canvas.blit(fig.bbox)

fig.canvas.mpl_connect("draw_event", keep)
for slider in (x, y):
    slider.observe(moved, "value")
    display(slider)
plt.show()
"""

# A page that is slow to start may miss ipympl's first picture, and would show differences to it.
WHOLE = "fig.canvas._force_full = True; fig.canvas.draw()"

# Asked of the gradient explorer: what the rivals need to know in order to draw the same picture.
FACTS = """(lambda canvas: {
    "SIZE": (canvas.spec["width"] / 100, canvas.spec["height"] / 100),
    **{name: (left / canvas.spec["width"], 1 - (top + height) / canvas.spec["height"],
              width / canvas.spec["width"], height / canvas.spec["height"])
       for name, panel in zip(("LEFT", "RIGHT"), canvas.spec["panels"].values())
       for left, top, width, height in [panel["box"]]},
    "LEVELS": canvas.scene.panels[0].contours.levels,
})(explorer._canvas)"""

UPDATE = f"""
import random, statistics, time

def one_update():
    point = {{name: random.uniform(-3, 3) for name in "xy"}}
    start = time.perf_counter()
    explorer._set_controls(point)
    return 1e3 * (time.perf_counter() - start)

def updates():
    for _ in range({UPDATES}):
        yield one_update()
        time.sleep(0.005)  # the browser keeps up
"""

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
  const settled = async (rests = 6) => {{
    for (let quiet = 0; quiet < rests; quiet = kernel.status === "idle" ? quiet + 1 : 0) {{
      await sleep(20);
    }}
  }};
  const watch = () => {{
    const before = look();
    const late = sleep(20000).then(() => Promise.reject(new Error(`unchanged: ${{surface}}`)));
    const shown = new Promise(resolve => addEventListener("keydown", () => {{
      const start = performance.now();
      requestAnimationFrame(() => changed(before, start, resolve));
    }}, {{ capture: true, once: true }}));
    probe.shown = Promise.race([shown, late]);
  }};
  const bytes = {{ up: 0, down: 0 }};
  const size = data => data.byteLength ?? data.size ?? new TextEncoder().encode(data).length;
  const count = () => {{
    const socket = kernel._ws, send = socket.send;
    socket.send = data => {{ bytes.up += size(data); send.call(socket, data); }};
    socket.addEventListener("message", ({{ data }}) => {{ bytes.down += size(data); }});
  }};
  window.probe = {{ look, watch, settled, count, bytes }};
}}"""
QUIET_SECOND = "() => probe.settled(50)"
SHOWN = "async () => { const time = await probe.shown; await probe.settled(); return time; }"
NO_BYTES = "() => { Object.assign(probe.bytes, { up: 0, down: 0 }); }"
ALL_BYTES = "async () => { await probe.settled(); return probe.bytes; }"


@dataclass(frozen=True)
class Contender:
    """A notebook whose picture moves when an arrow key is pressed."""

    title: str
    notebook: Notebook
    surface: str  # selector of the canvas or image that changes
    focus: str  # selector of what hears the keys
    redraw: str = "pass"  # code that shows the whole picture anew

    @property
    def page(self) -> Page:
        return self.notebook.page

    def prepare(self) -> Contender:
        self.page.evaluate(PROBE, self.surface)
        self.page.evaluate(QUIET_SECOND)
        self.notebook.run(self.redraw)
        self.notebook.wait_page("() => probe.look()?.some(Boolean)")
        self.page.evaluate(QUIET_SECOND)
        self.page.locator(self.surface).first.scroll_into_view_if_needed()
        self.page.locator(self.focus).last.focus()
        return self

    def press(self, turn: int) -> float:
        """Milliseconds from the key's event to the first frame with other pixels."""
        self.page.evaluate("() => probe.settled()")
        self.page.evaluate("() => probe.watch()")
        self.page.keyboard.press("ArrowDown" if turn // STRETCH % 2 else "ArrowUp")
        return float(self.page.evaluate(SHOWN))


# ── the contenders ───────────────────────────────────────────────────────────────────────────────


def explorer(browser: Browser, server: Server, name: str) -> Contender:
    notebook = open_notebook(browser, server, [EXPLORER.format(name)])
    canvas = ".gw-stage canvas"
    return Contender(name, notebook, canvas, canvas).prepare()


def rivals(browser: Browser, server: Server, facts: Mapping[str, Any]) -> list[Contender]:
    """Both matplotlib notebooks, each with the sliders x and y."""
    given = "\n".join(f"{name} = {value!r}" for name, value in facts.items())
    redrawn, blitted = (
        open_notebook(browser, server, [given + PICTURE, cell]) for cell in (REDRAWN, BLITTED)
    )
    handle, canvas = ".noUi-handle", ".jupyter-matplotlib-canvas-div canvas"
    return [
        Contender(INTERACT, redrawn, ".jp-OutputArea img", handle).prepare(),
        Contender(IPYMPL, blitted, canvas, handle, WHOLE).prepare(),
    ]


def contenders(browser: Browser, server: Server) -> tuple[list[Contender], list[Contender]]:
    """The explorers, and the rivals that draw the first one's picture."""
    names = ("GradientExplorer", "PartialsExplorer")
    ours = [explorer(browser, server, name) for name in names]
    return ours, rivals(browser, server, ours[0].notebook.python(FACTS))


# ── the measurements ─────────────────────────────────────────────────────────────────────────────


def latencies(everyone: Sequence[Contender], presses: int) -> dict[str, list[float]]:
    """The times of every contender's presses, taken in turns."""
    rounds = [{one.title: one.press(k) for one in everyone} for k in range(WARM_UP + presses)]
    return {one.title: [times[one.title] for times in rounds[WARM_UP:]] for one in everyone}


def kernel_time(ours: Contender) -> float:
    """Milliseconds of one update in the kernel, the median over random points."""
    ours.notebook.run(UPDATE)
    return float(ours.notebook.python("statistics.median(updates())"))


def drag_bytes(ours: Contender) -> tuple[int, int]:
    """The most bytes that one move of a dragged point sends to the kernel, and back."""
    box = ours.page.locator(ours.surface).bounding_box()
    assert box
    left, top = box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"]
    ours.page.evaluate("() => probe.count()")
    ours.page.mouse.move(left, top)
    ours.page.mouse.down()
    moves = [move_bytes(ours.page, left + 7 * k, top + 5 * k) for k in range(1, MOVES + 1)]
    ours.page.mouse.up()
    return max(move["up"] for move in moves), max(move["down"] for move in moves)


def move_bytes(page: Page, x: float, y: float) -> dict[str, int]:
    """The bytes of one mouse move each way, until the kernel is idle again."""
    page.evaluate(ALL_BYTES)
    page.evaluate(NO_BYTES)
    page.mouse.move(x, y)
    moved: dict[str, int] = page.evaluate(ALL_BYTES)
    return moved


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def table(times: Mapping[str, Sequence[float]]) -> str:
    medians = {title: statistics.median(samples) for title, samples in times.items()}
    head = f"{'contender':<20}{'median ms':>10}{'p90 ms':>8}{'/ interact':>12}{'/ ipympl':>10}"
    rows = [
        f"{title:<20}{medians[title]:>10.1f}{sorted(samples)[9 * len(samples) // 10]:>8.1f}"
        f"{medians[title] / medians[INTERACT]:>12.3f}{medians[title] / medians[IPYMPL]:>10.3f}"
        for title, samples in times.items()
    ]
    return "\n".join([head, *rows])


def bars(times: Mapping[str, Sequence[float]], bytes_moved: Mapping[str, tuple[int, int]]) -> bool:
    """Print whether the slower explorer and the larger message pass."""
    slowest = max(statistics.median(times[title]) for title in bytes_moved)
    by_interact, by_ipympl = (slowest / statistics.median(times[t]) for t in (INTERACT, IPYMPL))
    most = max(size for both in bytes_moved.values() for size in both)
    verdicts = {
        "at most 1/10 of interact": by_interact <= BY_INTERACT,
        "at most 1/2 of blitted ipympl": by_ipympl <= BY_IPYMPL,
        f"drag bytes up/down at most {MOST_BYTES}": most <= MOST_BYTES,
    }
    print(*(f"{bar}: {'yes' if kept else 'no'}" for bar, kept in verdicts.items()), sep="\n")
    return all(verdicts.values())


def measure(presses: int) -> bool:
    with launch_browser() as browser, serve(LAB) as server:
        ours, others = contenders(browser, server)
        times = latencies([*ours, *others], presses)
        print(table(times), "", sep="\n")
        moved = {one.title: drag_bytes(one) for one in ours}
        for one in ours:
            up, down = moved[one.title]
            print(f"{one.title}: {kernel_time(one):.2f} ms in the kernel for one update,", end=" ")
            print(f"{up} bytes up and {down} down for one move of a drag")
    return bars(times, moved)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=40, help="of each contender (default: 40)")
    sys.exit(0 if measure(parser.parse_args().presses) else 1)
