"""One picture on a page: where its places are, what it shows, how to take hold of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

Place = tuple[float, float]

# A number for what the eye sees: background and foreground, laid on one sheet. The ring of the
# focus is none of it: a handle is an element over the picture.
LOOK = """(root) => {
  const canvas = root.querySelector(".gw-stage canvas");
  const { width, height } = canvas;
  const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  ctx.drawImage(root.querySelector(".gw-stage img"), 0, 0, width, height);
  ctx.drawImage(canvas, 0, 0);
  const dots = new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
  return dots.reduce((sum, dot) => (Math.imul(sum, 31) + dot) | 0, 0);
}"""
DRAWN = "(root) => root.querySelector('.gw-captions p')"


@dataclass(frozen=True)
class View:
    """An explorer's view, here of a stub or of Jupyter's; `spec` tells what Python said last."""

    root: Locator
    spec: Callable[[], dict[str, Any]]

    @property
    def page(self) -> Page:
        return self.root.page

    @property
    def canvas(self) -> Locator:
        return self.root.locator(".gw-stage canvas")

    @property
    def captions(self) -> list[str]:
        return self.root.locator(".gw-captions p").all_text_contents()

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
        """Until the view shows the picture that Python painted last."""
        spec = self.spec()
        shown = "(root, ratio) => root.querySelector('.gw-stage').style.aspectRatio === ratio"
        self.wait(shown, f"{spec['width']} / {spec['height']}")
        self.wait(DRAWN)

    def look(self) -> int:
        """A number that is another one when a pixel is."""
        look: int = self.root.evaluate(LOOK)
        return look

    def other_look(self, before: int) -> int:
        """The look once it is not this one."""
        self.wait(f"(root, before) => ({LOOK})(root) !== before", before)
        return self.look()

    def at(self, panel: str, place: Place) -> Place:
        """Where a place of a panel is on the page, to a whole pixel."""
        spec = self.spec()
        (left, top, width, height), x, y = (spec["panels"][panel][key] for key in ("box", "x", "y"))
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box
        scale = box["width"] / spec["width"]
        across = left + (place[0] - x[0]) / (x[1] - x[0]) * width
        down = top + (y[1] - place[1]) / (y[1] - y[0]) * height
        return round(box["x"] + scale * across), round(box["y"] + scale * down)

    def press(self, panel: str, place: Place) -> None:
        self.page.mouse.move(*self.at(panel, place))
        self.page.mouse.down()

    def move(self, panel: str, place: Place) -> None:
        self.page.mouse.move(*self.at(panel, place))

    def release(self) -> None:
        self.page.mouse.up()

    def drag(self, panel: str, *places: Place) -> None:
        """Press at the first place, move to the others, release at the last."""
        self.press(panel, places[0])
        for place in places[1:]:
            self.move(panel, place)
        self.release()
