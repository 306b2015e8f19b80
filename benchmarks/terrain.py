"""One frame of a pan in Chromium: f over the window, levels, curves and bands, painted on a canvas.

Run as `python benchmarks/terrain.py [--rounds N]`. For every example of the catalogue the median
and the quickest round of the coarse ground that is made while things move, and of the fine one at
rest. Exit code 1 where a coarse median misses the bar; on a busy machine the median is the
neighbours'.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.rendering.terrain import as_terrain
from tests.browser.bare import bare_page
from tests.browser.host import launch_browser

BAR = 12.0  # milliseconds
SIDE = 440  # pixels of a map
MEASURE = """async ({ panel, program: [data, constants], rounds, side }) => {
  const terrain = gw.terrainOf({ panels: { map: panel } }, gw.programSource(data, Float64Array.from(constants)));
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const ctx = canvas.getContext("2d");
  const [x0, x1] = panel.x, times = { make: [], paint: [], coarse: [], refine: [], repaint: [], fine: [] };
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    const shift = (round + 1) * 0.003 * (x1 - x0), x = [x0 + shift, x1 + shift];
    const place = { box: [0, 0, side, side], x, y: panel.y };
    const inputs = { "x low": x[0], "x high": x[1] };
    const paint = () => {
      ctx.clearRect(0, 0, side, side);
      gw.paintTerrain(ctx, place, terrain.at(inputs).grounds.map);
      ctx.getImageData(0, 0, 1, 1); // so that it is painted now
    };
    const at = [performance.now()];
    const tick = () => at.push(performance.now());
    terrain.at(inputs), tick();
    paint(), tick();
    while (!terrain.goOn()); // at rest
    tick();
    paint(), tick();
    times.make.push(at[1] - at[0]);
    times.paint.push(at[2] - at[1]);
    times.coarse.push(at[2] - at[0]);
    times.refine.push(at[3] - at[2]);
    times.repaint.push(at[4] - at[3]);
    times.fine.push(at[4] - at[2]);
  }
  return times;
}"""


def terrain_of(name: str) -> dict[str, Any]:
    """What the page needs of an example's terrain."""
    field = catalog[name].field
    picture = gradient_picture(field)
    panel = picture.panels[0]
    assert picture.terrain is not None
    data, constants = picture.terrain.program(*field.middle).as_data()
    seen = {"x": panel.x, "y": panel.y, "terrain": as_terrain(panel)}
    return {"panel": seen, "program": [data, constants.tolist()], "side": SIDE}


def main() -> int:
    """Measure, print a line for each example, and judge the coarse grounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds, late = parser.parse_args().rounds, 0
    names = [name for name, example in catalog.items() if len(example.variables) == 2]
    with launch_browser() as browser, bare_page(browser) as page:
        for name in names:
            told = page.evaluate(MEASURE, {**terrain_of(name), "rounds": rounds})
            middle = {part: statistics.median(times) for part, times in told.items()}
            print(
                f"{name:16} coarse {middle['coarse']:5.1f} ms (f and curves {middle['make']:.1f}, "
                f"painted {middle['paint']:.1f}; quickest {min(told['coarse']):.1f}), "
                f"fine {middle['fine']:5.1f} (made {middle['refine']:.1f}, "
                f"painted {middle['repaint']:.1f})"
            )
            late += middle["coarse"] > BAR
    return int(late > 0)


if __name__ == "__main__":
    sys.exit(main())
