"""Screenshots of every explorer in a real JupyterLab, and the README's picture and film.

`python docs/gallery.py [folder]` writes `gradient-dark-360.png` and its like;
`python docs/gallery.py --readme` writes what README shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.explorer import Shown
from tests.browser.host import LAB, READY, Server, launch_browser, open_notebook, serve

HERE = Path(__file__).parent
EXPLORERS = ("derivative", "gradient", "partials", "descent", "race", "curvature", "tape")
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Wide as a reader has it, 640 as 1280 at 200 %, a telephone: these high enough for the whole.
SIZES = {1280: 800, 640: 2000, 360: 3000}
SHARP = 2  # pixels of the picture for one of CSS
MARGIN = 8  # around the explorer

CHANGE_THEME = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
THEMED = "(root, theme) => root.dataset.gwTheme === theme"
# So many frames alike, that neither Python's next picture nor the fine terrain is still to come.
# The canvases are compared small: at full size a frame would take a second.
CALM = """([root, frames]) => new Promise((resolve) => {
  const ctx = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
  const look = () => {
    ctx.clearRect(0, 0, 64, 64);
    const canvases = [...root.querySelectorAll("canvas")].filter((one) => one.width && one.height);
    for (const canvas of canvases) ctx.drawImage(canvas, 0, 0, 64, 64);
    return root.offsetHeight + String(ctx.getImageData(0, 0, 64, 64).data);
  };
  let [last, alike] = ["", 0];
  const watch = () => {
    const seen = look();
    [last, alike] = [seen, seen === last ? alike + 1 : 0];
    if (alike < frames) requestAnimationFrame(watch);
    else resolve();
  };
  document.fonts.ready.then(watch);
})"""
ALIKE = 10


def main() -> None:
    asked = questions().parse_args()
    with launch_browser() as browser, serve(LAB) as server:
        asked.folder.mkdir(parents=True, exist_ok=True)
        for name in asked.only:
            photograph(browser, server, name, asked.folder)


def questions() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("gallery"))
    parser.add_argument("--only", nargs="+", choices=EXPLORERS, default=EXPLORERS)
    parser.add_argument("--readme", action="store_true", help="what README shows, nothing else")
    return parser


# ── the gallery ──────────────────────────────────────────────────────────────────────────────────


def photograph(browser: Browser, server: Server, name: str, folder: Path) -> None:
    """One explorer in its default setting, in both themes and at all sizes."""
    with opened(browser, server, f"gw.{name.title()}Explorer()", 1280, 800) as shown:
        for theme in THEMES:
            change_theme(shown, theme)
            for width, height in SIZES.items():
                shown.page.set_viewport_size({"width": width, "height": height})
                picture = take(shown, folder / f"{name}-{theme}-{width}.png")
                print(picture.name, "{width:.0f} × {height:.0f}".format(**box(shown)), flush=True)


@contextmanager
def opened(
    browser: Browser, server: Server, cell: str, width: int, height: int
) -> Iterator[Shown]:
    """An explorer in a notebook of its own."""
    cells = [f"import gradwidgets as gw\n\ne = {cell}\ne"]
    notebook = open_notebook(
        browser, server, cells, width=width, height=height, device_scale_factor=SHARP
    )
    yield Shown.of(notebook)
    notebook.close()


def change_theme(shown: Shown, theme: str) -> None:
    shown.page.evaluate(CHANGE_THEME, THEMES[theme])
    shown.wait(THEMED, theme)


def take(shown: Shown, target: Path) -> Path:
    """The explorer, once nothing moves any more; where it is higher than the page, its top."""
    shown.notebook.wait_page(READY)
    shown.root.evaluate("(root) => root.scrollIntoView()")
    shown.page.evaluate(CALM, [shown.root.element_handle(), ALIKE])
    shown.page.screenshot(path=target, clip=box(shown))
    return target


def box(shown: Shown) -> dict[str, float]:
    """Where the explorer is on the page, with a margin."""
    place = shown.root.bounding_box()
    assert place
    size = {side: place[side] + 2 * MARGIN for side in ("width", "height")}
    return {"x": place["x"] - MARGIN, "y": place["y"] - MARGIN} | size


if __name__ == "__main__":
    main()
