"""Level curves traced in Chromium: 121 × 121 values of Rosenbrock's function, its own levels.

Run as `python benchmarks/contours.py [--rounds N]`. Exit code 1 where the median misses the bar.
The quickest round is told too, for on a busy machine the median is the neighbours'.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.terrain import map_panel
from gradwidgets.rendering.contours import drawable
from tests.browser.bare import bare_page
from tests.browser.host import launch_browser

BAR = 4.0  # milliseconds
MEASURE = """async ({ x, y, values, levels, rounds }) => {
  const grid = Object.fromEntries(Object.entries({ x, y, values })
    .map(([name, list]) => [name, Float64Array.from(list)]));
  const timed = async (trace) => {
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      await new Promise((resolve) => setTimeout(resolve));
      const start = performance.now();
      trace(grid, levels);
      times.push(performance.now() - start);
    }
    return times;
  };
  return { curves: await timed(gw.levelCurves), rings: await timed(gw.levelRings) };
}"""


def terrain() -> dict[str, Any]:
    """A grid of values and levels, as they come to a page."""
    contours = map_panel(catalog["rosenbrock"].field, "x", "y", {}).contours
    assert contours is not None
    values, levels = drawable(contours.sheet.values, contours.levels)
    axes = {"x": list(map(float, contours.sheet.x)), "y": list(map(float, contours.sheet.y))}
    return {**axes, "values": values.ravel().tolist(), "levels": levels.tolist()}


def main() -> int:
    """Measure, print a line for curves and one for bands, and judge the curves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    sent = {**terrain(), "rounds": parser.parse_args().rounds}
    with launch_browser() as browser, bare_page(browser) as page:
        told = page.evaluate(MEASURE, sent)
    for name, times in told.items():
        middle, best = statistics.median(times), min(times)
        print(f"{name:7} {len(sent['levels'])} levels: {middle:.2f} ms, quickest {best:.2f}")
    return int(statistics.median(told["curves"]) > BAR)


if __name__ == "__main__":
    sys.exit(main())
