"""What pages without a kernel weigh, how soon they show their picture, how soon a key changes it.

Run as `python benchmarks/pages.py [--positions N] [--rounds N]`. Pages are files, opened in
Chromium without a network, several times each; the soonest counts. First the gradient picture as
others embed it and as ours, where they are installed (Panel and Plotly come with the extra
"bench"); then our own pages beside their bars. A picture is there in the first frame in which it
has pixels; the first paint, which has a bar, is that of words. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import TimeoutError as Late

import gradwidgets as gw
from benchmarks import embedded
from tests.browser.host import launch_browser
from tests.browser.paged import KINDS, VERIFIED

MOST_BYTES, MOST_OF_TEN = 150_000, 600_000
LATEST_PAINT, LATEST_KEY = 400, 34  # milliseconds
PATIENCE, PRESSES = 10_000, 40

# Where a picture is, be it in a shadow root, and when it has its first pixels; after that how soon
# a key changes those of its explorer, a frame lasting 16.7 ms.
WATCH = """(() => {
  const within = ({ shadowRoot }, selector) => shadowRoot && find(shadowRoot, selector);
  const find = (root, selector) => root.querySelector(selector) ??
    [...root.querySelectorAll("*")].map((one) => within(one, selector)).find(Boolean);
  const [width, height] = [160, 120];
  const small = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  small.imageSmoothingEnabled = false;
  const dotsOf = (shown) => {
    small.clearRect(0, 0, width, height);
    if (shown.width && shown.height) small.drawImage(shown, 0, 0, width, height);
    return new Uint32Array(small.getImageData(0, 0, width, height).data.buffer);
  };
  const isThere = (shown) => shown.localName === "canvas" ? dotsOf(shown).some(Boolean)
    : shown.localName === "img" ? shown.naturalWidth > 1 : shown.getBoundingClientRect().width > 1;
  const wait = (selector, resolve) => {
    const shown = document.body && find(document, selector);
    if (shown && isThere(shown)) resolve(performance.now());
    else requestAnimationFrame(() => wait(selector, resolve));
  };
  const own = () => document.activeElement.closest(".gw-alone");
  const looks = () => [...own().querySelectorAll(".gw-stage canvas")].map(dotsOf);
  const isOther = (dots, before) => dots.some((dot, at) => dot !== before[at]);
  const changed = (before, start, resolve) => {
    if (looks().some((dots, k) => isOther(dots, before[k]))) resolve(performance.now() - start);
    else requestAnimationFrame(() => changed(before, start, resolve));
  };
  window.measure = {
    picture: SELECTOR && new Promise((resolve) => wait(SELECTOR, resolve)),
    watch: () => {
      const before = looks();
      window.measure.key = new Promise((resolve) => addEventListener("keydown", () => {
        const start = performance.now();
        requestAnimationFrame(() => changed(before, start, resolve));
      }, { capture: true, once: true }));
    },
  };
})()"""
OURS = ".gw-stage canvas"
PICTURED = "async () => (window.shown = await measure.picture)"
WINDOW: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Contender:
    """A page of the gradient picture, and what its sliders can do."""

    title: str
    make: Callable[[], str]
    selector: str  # of the picture
    positions: str
    off: str  # at most, of a number's range, where a slider stands between two positions


@dataclass(frozen=True)
class Opened:
    """How long it took until the picture was there, and whether something was asked of others."""

    picture: float | None  # milliseconds, or never
    paint: float  # milliseconds until anything was there
    busy: float  # of these the page's main thread computed: less hangs on the machine's other work
    asks: bool


def opened(browser: Browser, path: Path, selector: str) -> Opened:
    with closing(browser.new_context(viewport=WINDOW)) as context:
        page, asked = context.new_page(), list[str]()
        page.route(lambda url: not _own(url), lambda route: route.abort())
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(WATCH.replace("SELECTOR", repr(selector)))
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri(), wait_until="commit")
        try:
            page.wait_for_function(PICTURED, timeout=PATIENCE)
            picture = page.evaluate("() => window.shown")
        except Late:
            picture = None
        paint = page.evaluate("() => performance.getEntriesByType('paint')[0].startTime")
        told = {
            one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
        }
        return Opened(picture, paint, 1e3 * told["TaskDuration"], not all(map(_own, asked)))


def _own(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def soonest(browser: Browser, path: Path, selector: str, rounds: int) -> Opened:
    """The one of several times that other work on the machine has disturbed least."""
    every = [opened(browser, path, selector) for _ in range(rounds)]
    return min(every, key=lambda one: (one.picture is None, one.picture))


# ── beside others ────────────────────────────────────────────────────────────────────────────────


def contenders(positions: int) -> Iterator[Contender]:
    yield Contender("gradwidgets", embedded.explorer()._page, OURS, "all", "0, checked")
    if find_spec("panel"):
        for many in (3, positions):
            made = f"{many} × {many} states"
            yield Contender(
                "Panel, embed=True",
                lambda many=many: embedded.by_panel(many),
                "img",
                made,
                between(many),
            )
    if find_spec("plotly"):
        made = f"{positions}, of one slider"
        yield Contender(
            "Plotly, frames",
            lambda: embedded.by_plotly(positions),
            ".contour path",
            made,
            between(positions),
        )
    yield Contender(
        "ipywidgets, embedded", embedded.by_ipywidgets, "img", "none that is followed", "–"
    )


def between(positions: int) -> str:
    """Half a step of a slider: the slope of the bowl changes as much as the slider moves."""
    return f"{1 / (2 * (positions - 1)):.1%}"


def beside_others(browser: Browser, folder: Path, positions: int, rounds: int) -> None:
    print(f"{'page':<22}{'kB':>8}{'picture ms':>12}{'network':>9}  {'positions':<22}{'off by'}")
    for one in contenders(positions):
        path = folder / "page.html"
        path.write_text(one.make(), "utf-8")
        found = soonest(browser, path, one.selector, rounds)
        time = f"{found.picture:.0f}" if found.picture else "never"
        asks = "asked" if found.asks else "none"
        size = path.stat().st_size / 1e3
        print(
            f"{one.title:<22}{size:>8.0f}{time:>12}{asks:>9}  {one.positions:<22}{one.off}",
            flush=True,
        )


# ── beside the bars ──────────────────────────────────────────────────────────────────────────────


def write_own(folder: Path) -> dict[str, Path]:
    """Our pages: every explorer as it opens, a long descent, and ten on one page."""
    every = {name: kind() for name, kind in KINDS.items()}
    every["descent of 300 steps"] = gw.DescentExplorer(steps=300)
    paths = {name: folder / f"{name}.html" for name in every}
    for name, explorer in every.items():
        explorer.save(paths[name])
    more = [gw.GradientExplorer(), gw.DerivativeExplorer(), gw.PartialsExplorer()]
    paths["ten on a page"] = folder / "ten.html"
    gw.save_page(paths["ten on a page"], [*[every[name] for name in KINDS], *more])
    return paths


def key_to_pixels(browser: Browser, path: Path) -> float:
    """Milliseconds from a slider's key to other pixels, in the middle of many."""
    with closing(browser.new_context(viewport=WINDOW)) as context:
        page = context.new_page()
        page.add_init_script(WATCH.replace("SELECTOR", "''"))
        page.goto(path.as_uri())
        page.locator(VERIFIED).last.wait_for()
        page.locator("input[type=range]:visible").first.focus()
        times = [pressed(page, turn) for turn in range(PRESSES)]
    return statistics.median(times[PRESSES // 4 :])


def pressed(page: Page, turn: int) -> float:
    page.evaluate("() => measure.watch()")
    page.keyboard.press("ArrowLeft" if turn // 8 % 2 else "ArrowRight")
    time: float = page.evaluate("() => measure.key")
    return time


def beside_bars(browser: Browser, folder: Path, rounds: int) -> bool:
    heads = f"{'paint ms':>10}{'picture ms':>12}{'busy ms':>9}{'key ms':>8}"
    print(f"\n{'our page of':<22}{'bytes':>9}{heads}")
    kept = []
    for name, path in write_own(folder).items():
        size, found = path.stat().st_size, soonest(browser, path, OURS, rounds)
        time, key = found.picture or PATIENCE, key_to_pixels(browser, path)
        most = {"GradientExplorer": MOST_BYTES, "ten on a page": MOST_OF_TEN}.get(name, size)
        kept.append(size <= most and found.paint <= LATEST_PAINT and key <= LATEST_KEY)
        line = f"{name:<22}{size:>9,}{found.paint:>10.0f}{time:>12.0f}{found.busy:>9.0f}{key:>8.1f}"
        print(f"{line}{'' if kept[-1] else '  missed'}", flush=True)
    return all(kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--positions", type=int, default=11, help="of a slider (default: 11)")
    parser.add_argument("--rounds", type=int, default=7, help="of every opening (default: 7)")
    parser.add_argument("--alone", action="store_true", help="our own pages only")
    options = parser.parse_args()
    with launch_browser() as browser, TemporaryDirectory() as folder:
        if not options.alone:
            beside_others(browser, Path(folder), options.positions, options.rounds)
        sys.exit(0 if beside_bars(browser, Path(folder), options.rounds) else 1)
