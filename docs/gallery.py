"""Screenshots of every explorer in a real JupyterLab, and the README's picture and film.

`python docs/gallery.py [folder]` writes `gradient-dark-360.png` and its like;
`python docs/gallery.py --readme` writes what README shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from film import Film, along, middle
from playwright.sync_api import Browser

from tests.browser.explorer import Shown, button
from tests.browser.host import LAB, READY, Server, launch_browser, open_notebook, serve

HERE = Path(__file__).parent
EXPLORERS = ("derivative", "gradient", "partials", "descent", "race", "curvature", "tape", "fit")
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Wide as a reader has it, 640 as 1280 at 200 %, a telephone: these high enough for the whole.
SIZES = {1280: 800, 640: 2000, 360: 3000}
SHARP = 2  # pixels of the picture for one of CSS
MARGIN = 4  # around the explorer

CHANGE_THEME = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
SCROLL = f"""(root) => {{
  root.style.scrollMargin = "{MARGIN}px";
  root.scrollIntoView();
}}"""
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
        if asked.readme:
            write_picture(browser, server)
            write_film(browser, server)
            return
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
    browser: Browser, server: Server, cell: str, width: int, height: int, sharp: int = SHARP
) -> Iterator[Shown]:
    """An explorer in a notebook of its own."""
    cells = [f"import gradwidgets as gw\n\ne = {cell}\ne"]
    notebook = open_notebook(
        browser, server, cells, width=width, height=height, device_scale_factor=sharp
    )
    yield Shown.of(notebook)
    notebook.close()


def change_theme(shown: Shown, theme: str) -> None:
    shown.page.evaluate(CHANGE_THEME, THEMES[theme])
    shown.wait(THEMED, theme)


def take(shown: Shown, target: Path) -> Path:
    """The explorer, and where it is higher than the page, its top."""
    settle(shown)
    shown.page.screenshot(path=target, clip=box(shown))
    return target


def box(shown: Shown) -> dict[str, float]:
    """Where the explorer is on the page, with a margin as far as the page has it."""
    place = shown.root.bounding_box()
    assert place
    left, top = max(0, place["x"] - MARGIN), max(0, place["y"] - MARGIN)
    right = place["x"] + place["width"] + MARGIN
    bottom = place["y"] + place["height"] + MARGIN
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def settle(shown: Shown) -> None:
    """Bring its top to the top of the page, and wait until nothing moves any more."""
    shown.notebook.wait_page(READY)
    shown.root.evaluate(SCROLL)
    shown.page.evaluate(CALM, [shown.root.element_handle(), ALIKE])


# ── README ───────────────────────────────────────────────────────────────────────────────────────

PICTURE = """gw.GradientExplorer("sin(x)*y + x**2/5", point=(1.2, 1.1), angle=110)"""
PLAYED = """gw.DescentExplorer("x**2 + 10*y**2", point=(2.4, 2), rate=0.05, steps=20)"""
# Where the thumb of a logarithmic range is on the page, now and for a value.
THUMB = """(range, value) => {
  const { left, top, width, height } = range.getBoundingClientRect();
  const along = (place) => left + 8 + (place - range.min) / (range.max - range.min) * (width - 16);
  return [along(range.value), along(Math.log10(value)), top + height / 2];
}"""


def write_picture(browser: Browser, server: Server) -> None:
    with opened(browser, server, PICTURE, 1180, 1100) as shown:
        print(take(shown, HERE / "explorer.png"))


def write_film(browser: Browser, server: Server) -> None:
    with opened(browser, server, PLAYED, 1360, 800, sharp=1) as shown:
        settle(shown)
        film = Film(shown, box(shown))
        act(film)
        film.save(HERE / "explorer.webp")


def turn(film: Film, rate: float) -> None:
    """Drag α's thumb from where it is to this learning rate."""
    now, then, y = film.shown.slider("learning rate α").evaluate(THUMB, rate)
    film.drag((now, y), *along((now, y), (then, y), 9))


def act(film: Film) -> None:
    """Drag the start, turn α over its landmark and back, play."""
    shown = film.shown
    start = middle(shown.handle())
    film.move(*along((start[0] + 60, start[1] + 60), start, 4))
    film.drag(start, *along(start, (start[0] - 280, start[1] + 48), 14))
    film.hold(3)
    turn(film, 0.11)
    film.hold(5)
    turn(film, 0.085)
    play = middle(button(shown, "Play"))
    film.move(*along(film.at, play, 3))
    film.play()
    film.hold(8)


if __name__ == "__main__":
    main()
