"""One picture on a page: where its places are, what it shows, how to take hold of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

Place = tuple[float, float]

# A number for what the eye sees: all canvases. The ring of the focus is none of it: a handle is an
# element over the picture.
LOOK = """(root) => [...root.querySelectorAll(".gw-stage canvas")].reduce((sum, canvas) => {
  const { width, height } = canvas;
  if (!width || !height) return sum;
  const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  ctx.drawImage(canvas, 0, 0);
  const dots = new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
  for (const dot of dots) sum = (Math.imul(sum, 31) + dot) | 0;
  return sum;
}, 0)"""
WRITTEN = "(root) => [...root.querySelectorAll('.gw-captions p')].map((p) => p.dataset.text)"
DRAWN = "(root) => root.querySelector('.gw-captions p')"


@dataclass(frozen=True)
class View:
    """An explorer's view, here of a stub or of Jupyter's; `spec` tells what Python said last."""

    root: Locator
    spec: Callable[[], dict[str, Any]]

    @property
    def page(self) -> Page:
        return self.root.page

    def plot(self, panel: str) -> Locator:
        """The plot of a panel, with its frame, numbers along the axes, and handles."""
        return self.root.locator(f'[data-panel="{panel}"] .gw-plot')

    @property
    def captions(self) -> list[str]:
        """The lines below the picture as they were written: indices are set as such."""
        lines: list[str] = self.root.evaluate(WRITTEN)
        return lines

    @property
    def note(self) -> str:
        return self.root.locator(".gw-note").text_content() or ""

    def wait(self, condition: str, argument: object = None) -> None:
        """Until a JavaScript function of the root and an argument is true."""
        self.page.wait_for_function(
            f"([root, argument]) => ({condition})(root, argument)",
            arg=[self.root.element_handle(), argument],
        )

    def wait_drawn(self) -> None:
        """Until the view shows the picture that Python told last."""
        shown = "(root, key) => root.querySelector('.gw-stage').dataset.key === key"
        self.wait(shown, str(self.spec()["key"]))
        self.wait(DRAWN)

    def look(self) -> int:
        """A number that is another one when a pixel is."""
        look: int = self.root.evaluate(LOOK)
        return look

    def other_look(self, before: int) -> int:
        """The look once it is not this one."""
        self.wait(f"(root, before) => ({LOOK})(root) !== before", before)
        return self.look()

    def wait_look(self, look: int) -> None:
        """Until it looks so: what is fine comes a frame after what is coarse."""
        self.wait(f"(root, look) => ({LOOK})(root) === look", look)

    def at(self, panel: str, place: Place) -> Place:
        """Where a place of a panel is on the page, to a whole pixel."""
        plot = self.plot(panel)
        plot.scroll_into_view_if_needed()
        (left, top, width, height), x, y = json.loads(plot.get_attribute("data-frame") or "")
        box = plot.bounding_box()
        assert box
        across = left + (place[0] - x[0]) / (x[1] - x[0]) * width
        down = top + (y[1] - place[1]) / (y[1] - y[0]) * height
        return round(box["x"] + across), round(box["y"] + down)

    def press(self, panel: str, place: Place) -> None:
        self.page.mouse.move(*self.at(panel, place))
        self.page.mouse.down()

    def move(self, panel: str, place: Place) -> None:
        self.page.mouse.move(*self.at(panel, place))

    def release(self) -> None:
        self.page.mouse.up()

    def pull(self, handle: Locator, look: int, across: float, down: float) -> int:
        """Take a handle so many pixels from its corner, and look while it is held."""
        box = handle.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + across, box["y"] + down)
        other = self.other_look(look)
        self.page.mouse.up()
        return other

    def drag(self, panel: str, *places: Place) -> None:
        """Press at the first place, move to the others, release at the last."""
        self.press(panel, places[0])
        for place in places[1:]:
            self.move(panel, place)
        self.release()
