"""Frames a second while a hand drags θ, the curve and a row of a fit, in a page without a kernel.

Run as `python benchmarks/fit.py [--moves N] [--rounds N]`. Pages are files, opened in Chromium
without a network. A mouse presses, and moves once in every frame; the frames are counted in which
what follows has changed: the curve of the data for θ and for the curve itself, the landscape for a
row. The best round counts, for a busy machine can only be slower. At 5,000 rows the whole path may
come later: the median of a move to the changed curve is told. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser, Page

import gradwidgets as gw
from benchmarks.gestures import swing
from tests.browser.host import launch_browser
from tests.browser.paged import alone, show, wait_verified
from tests.browser.view import View

LEAST_FRAMES, LATEST = 30.0, 16.7  # a second; milliseconds
FEW, MANY = 200, 5000  # rows
Times, Place = list[float], tuple[float, float]
GROUND, MARKS = '[data-panel="map"] .gw-ground', '[data-panel="data"] .gw-marks'

# The times of frames in which a canvas differs from the frame before, and of all moves.
PROBE = """(() => {
  const [width, height] = [80, 60];
  const small = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  small.imageSmoothingEnabled = false;
  window.watched = (selector) => {
    const shown = document.querySelector(selector), found = { changed: [], moved: [] };
    const look = () => {
      small.clearRect(0, 0, width, height);
      small.drawImage(shown, 0, 0, width, height);
      return new Uint32Array(small.getImageData(0, 0, width, height).data.buffer);
    };
    let before = look(), going = true;
    const note = () => found.moved.push(performance.now());
    const frame = () => {
      const after = look();
      if (after.some((dot, k) => dot !== before[k])) found.changed.push(performance.now());
      before = after;
      if (going) requestAnimationFrame(frame);
    };
    addEventListener("pointermove", note, { capture: true });
    requestAnimationFrame(frame);
    window.ended = () => {
      going = false;
      removeEventListener("pointermove", note, { capture: true });
      return [found.changed, found.moved];
    };
  };
})()"""


def made(count: int) -> gw.FitExplorer:
    draw = np.random.default_rng(0)
    x = draw.uniform(-2.5, 2.5, count)
    return gw.FitExplorer(x, 0.8 * x + 0.3 + 0.5 * draw.standard_normal(count), point=(0.6, 0.2))


@contextmanager
def opened(browser: Browser, explorer: gw.FitExplorer, folder: Path) -> Iterator[View]:
    """Its page, once all is at rest."""
    explorer.save(folder / "page.html")
    with alone(browser, viewport={"width": 1280, "height": 800}) as page:
        page.set_default_timeout(60_000)
        page.add_init_script(PROBE)
        (view,) = show(page, folder / "page.html")
        assert wait_verified(view) == ""
        yield view


def watched(page: Page, selector: str, start: Place, moves: int) -> tuple[Times, Times]:
    """The times of changed frames and of moves while a hand drags from there to and fro."""
    page.evaluate("(selector) => watched(selector)", selector)
    swing(page, start, moves, 30, -40)
    changed, moved = page.evaluate("() => ended()")
    return changed, moved


def rate_of(changed: Times) -> float:
    return 1e3 * (len(changed) - 1) / (changed[-1] - changed[0]) if len(changed) > 1 else 0.0


def lateness(changed: Times, moved: Times) -> float:
    """The median of the time from a move to the next changed frame."""
    waits = [next((c - m for c in changed if c >= m), np.inf) for m in moved[2:-2]]
    return statistics.median(waits)


def places(view: View, explorer: gw.FitExplorer) -> dict[str, tuple[str, str, Place]]:
    """What is dragged: what shows that, in which panel, and where it is taken."""
    x, y, _ = explorer._slots
    row = int(np.argmin(x))
    return {
        "θ": (MARKS, "map", tuple(explorer.scene["start"])),
        "the curve": (MARKS, "data", tuple(explorer.scene["right"])),
        "a row": (GROUND, "data", (float(x[row]), float(y[row]))),
    }


def measured(
    browser: Browser, folder: Path, count: int, names: tuple[str, ...], options: argparse.Namespace
) -> dict[str, tuple[float, float]]:
    """Frames a second, and the median wait, of each thing that is dragged, in its best round."""
    found: dict[str, tuple[float, float]] = {}
    explorer = made(count)
    with opened(browser, explorer, folder) as view:
        for name in names:
            selector, panel, place = places(view, explorer)[name]
            rounds = []
            for _ in range(options.rounds):
                changed, moved = watched(view.page, selector, view.at(panel, place), options.moves)
                rounds.append((rate_of(changed), lateness(changed, moved)))
                view.root.get_by_role("button", name="Reset", exact=True).click()
            found[name] = max(rate for rate, _ in rounds), min(wait for _, wait in rounds)
    explorer.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--moves", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    missed = 0
    with launch_browser() as browser, TemporaryDirectory() as folder:
        few = measured(browser, Path(folder), FEW, ("θ", "the curve", "a row"), options)
        many = measured(browser, Path(folder), MANY, ("θ",), options)
    for name, (rate, wait) in few.items():
        print(
            f"{FEW} rows, {name}: {rate:.0f} frames a second (≥ {LEAST_FRAMES:.0f}), {wait:.0f} ms"
        )
        missed += rate < LEAST_FRAMES
    for name, (rate, wait) in many.items():
        print(f"{MANY} rows, {name}: {rate:.0f} frames a second, {wait:.0f} ms (≤ {LATEST:.0f})")
        missed += wait > LATEST
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
