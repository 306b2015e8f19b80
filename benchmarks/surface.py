"""How fluently the surface turns: the explorer beside matplotlib's own `plot_surface` in ipympl.

Run as `python benchmarks/surface.py [--moves N] [--ratio R]`. One browser and one JupyterLab server
for both, a notebook with its own kernel for each; they take turns. The mouse moves once in every
animation frame, as a hand's does, and every frame whose pixels differ from the one before is a
repaint. Exit code 1 where the explorer misses its bar.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import Browser

from tests.browser.host import LAB, PANEL, Notebook, Server, launch_browser, open_notebook, serve

ROUNDS, LEAST = 5, 15.0  # repaints per second

EXPLORER = """
import gradwidgets as gw
explorer = gw.GradientExplorer("x**2 + 10*y**2", point=(1.5, 1.0), view="both")
explorer
"""

# What the explorer's surface panel shows, as matplotlib itself does it: as many cells, as many
# pixels, the slices, the gradient below, the point.
PEER = """
%matplotlib widget
import matplotlib.pyplot as plt
import numpy as np

side = np.linspace(-3, 3, 61)
X, Y = np.meshgrid(side, side)
fig = plt.figure(figsize=(4.3, 4.3), dpi=100)
fig.canvas.toolbar_visible = fig.canvas.header_visible = False
ax = fig.add_subplot(projection="3d")
ax.plot_surface(X, Y, X**2 + 10 * Y**2, rcount=61, ccount=61, cmap="Blues", alpha=0.7)
ax.plot(side, 0 * side + 1, side**2 + 10)
ax.plot(0 * side + 1.5, side, 2.25 + 10 * side**2)
ax.quiver(1.5, 1, -60, 0.15, 1, 0, color="orangered")
ax.plot([1.5], [1], [-60], "o", color="orange")
ax.set_zlim(-60, 100)
plt.show()
"""

# In each animation frame 80×60 pixels of what is dragged are compared with the frame before.
WATCH = """([selector, left, top, width, height]) => {
  const small = Object.assign(document.createElement("canvas"), { width: 80, height: 60 });
  const ctx = small.getContext("2d", { willReadFrequently: true });
  ctx.imageSmoothingEnabled = false;
  const look = () => {
    const shown = document.querySelector(selector);
    const [w, h] = [shown.width, shown.height];
    ctx.clearRect(0, 0, 80, 60);
    ctx.drawImage(shown, left * w, top * h, width * w, height * h, 0, 0, 80, 60);
    return new Uint32Array(ctx.getImageData(0, 0, 80, 60).data.buffer);
  };
  const watch = { going: true, times: [] };
  let before = look();
  const frame = (now) => {
    const after = look();
    if (after.some((pixel, k) => pixel !== before[k])) watch.times.push(now);
    before = after;
    if (watch.going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.watch = watch;
}"""
FRAME = "() => new Promise(requestAnimationFrame)"
END = "() => { watch.going = false; return watch.times; }"
QUIET = f"""async () => {{
  const kernel = {PANEL}.sessionContext.session.kernel;
  for (let quiet = 0; quiet < 15; quiet = kernel.status === "idle" ? quiet + 1 : 0) {{
    await new Promise(resolve => setTimeout(resolve, 20));
  }}
}}"""
# The surface's panel, in shares of the picture.
PLACE = """[share for (left, top, width, height), (w, h) in [(
    explorer._canvas.spec["panels"]["surface"]["box"],
    (explorer._canvas.spec["width"], explorer._canvas.spec["height"]))]
    for share in (left / w, top / h, width / w, height / h)]"""


@dataclass(frozen=True)
class Contender:
    """A notebook with a surface that is turned by dragging."""

    title: str
    notebook: Notebook
    selector: str
    place: Sequence[float]  # of the surface, in shares of what the selector finds

    def turn(self, moves: int) -> list[float]:
        """Milliseconds between repaints while the mouse drags to and fro."""
        page = self.notebook.page
        surface = page.locator(self.selector).first
        surface.scroll_into_view_if_needed()
        box = surface.bounding_box()
        assert box
        left, top, width, height = self.place
        x = box["x"] + (left + 0.15 * width) * box["width"]
        y = box["y"] + (top + 0.15 * height) * box["height"]
        page.evaluate(QUIET)
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(WATCH, [self.selector, *self.place])
        for k in range(moves):
            swing = abs((k + 60) % 120 - 60)
            page.mouse.move(x + 4 * swing, y + swing)
            page.evaluate(FRAME)
        times: list[float] = page.evaluate(END)
        page.mouse.up()
        page.evaluate(QUIET)
        return [after - before for before, after in pairwise(times)]


def contenders(browser: Browser, server: Server, ratio: float) -> list[Contender]:
    """The explorer and its peer, shown and at rest."""
    ours, peer = (
        open_notebook(browser, server, [cell], device_scale_factor=ratio)
        for cell in (EXPLORER, PEER)
    )
    ours.wait_page("() => document.querySelector('.gw-captions p')")
    ours.page.evaluate(QUIET)
    canvas = ".jupyter-matplotlib-canvas-div canvas"
    peer.page.locator(canvas).first.wait_for()
    peer.page.evaluate(QUIET)
    return [
        Contender("gradwidgets", ours, ".gw-stage canvas", ours.python(PLACE)),
        Contender("plot_surface, ipympl", peer, canvas, (0.0, 0.0, 1.0, 1.0)),
    ]


def measure(moves: int, ratio: float) -> bool:
    with launch_browser() as browser, serve(LAB) as server:
        both = contenders(browser, server, ratio)
        gaps: dict[str, list[float]] = {one.title: [] for one in both}
        for turn in range(ROUNDS + 1):
            for one in both:
                found = one.turn(moves)
                gaps[one.title] += found if turn else []  # the first warms up
    print(f"{'contender':<22}{'repaints/s':>11}{'median ms':>11}{'p90 ms':>8}{'repaints':>10}")
    for title, times in gaps.items():
        mean, middle = 1e3 * len(times) / sum(times), statistics.median(times)
        slow = sorted(times)[9 * len(times) // 10]
        print(f"{title:<22}{mean:>11.1f}{middle:>11.1f}{slow:>8.1f}{len(times):>10}")
    ours = gaps["gradwidgets"]
    kept = 1e3 * len(ours) / sum(ours) >= LEAST
    print(f"at least {LEAST:.0f} repaints per second: {'yes' if kept else 'no'}")
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=150, help="of each drag (default: 150)")
    parser.add_argument("--ratio", type=float, default=1.0, help="dots to a pixel (default: 1)")
    options = parser.parse_args()
    sys.exit(0 if measure(options.moves, options.ratio) else 1)
