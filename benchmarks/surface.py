"""How fluently the surface turns: the explorer beside matplotlib's own `plot_surface` in ipympl.

Run as `python benchmarks/surface.py [--moves N] [--ratio R]`. One browser and one JupyterLab server
for both, a notebook with its own kernel for each; they take turns. The mouse moves once in every
animation frame, as a hand's does, and every frame whose pixels differ from the one before is a
repaint. Exit code 1 where the explorer misses its bar. ipympl comes with the extra "bench".
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

from playwright.sync_api import Browser

from benchmarks.gestures import PROBE, QUIET_SECOND, SETTLED, WHOLE, frames, swing
from tests.browser.host import LAB, Notebook, Server, launch_browser, open_notebook, serve

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

# The surface's frame, in shares of its canvas.
FRAMED = """() => {
  const plot = document.querySelector("[data-panel=surface] .gw-plot");
  const { width, height } = plot.getBoundingClientRect();
  const [[left, top, wide, high]] = JSON.parse(plot.dataset.frame);
  return [left / width, top / height, wide / width, high / height];
}"""
SURFACE = "[data-panel=surface] .gw-marks"


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
        page.evaluate(SETTLED, 0)
        times = frames(page, self.selector, lambda: swing(page, (x, y), moves, 240, 60), self.place)
        page.evaluate(SETTLED, 0)
        return [after - before for before, after in pairwise(times)]


def contenders(browser: Browser, server: Server, ratio: float) -> list[Contender]:
    """The explorer and, where ipympl is installed, its peer: shown and at rest."""
    found = [opened(browser, server, ratio, "gradwidgets", EXPLORER, SURFACE)]
    if find_spec("ipympl"):
        canvas = ".jupyter-matplotlib-canvas-div canvas"
        found.append(opened(browser, server, ratio, "plot_surface, ipympl", PEER, canvas))
    return found


def opened(
    browser: Browser, server: Server, ratio: float, title: str, cell: str, selector: str
) -> Contender:
    notebook = open_notebook(browser, server, [cell], device_scale_factor=ratio)
    notebook.page.locator(selector).first.wait_for()
    notebook.page.evaluate(PROBE, [selector, 1])
    notebook.page.evaluate(QUIET_SECOND)
    place = notebook.page.evaluate(FRAMED) if selector == SURFACE else WHOLE
    return Contender(title, notebook, selector, place)


def measure(moves: int, ratio: float) -> bool:
    with launch_browser() as browser, serve(LAB) as server:
        everyone = contenders(browser, server, ratio)
        gaps: dict[str, list[float]] = {one.title: [] for one in everyone}
        for turn in range(ROUNDS + 1):
            for one in everyone:
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
