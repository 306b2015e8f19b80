"""A film of an explorer: pictures of what a real mouse does to it, one after each movement."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from math import cos, pi
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator

from tests.browser.explorer import Shown
from tests.browser.view import Place

BEAT = 95  # milliseconds of a picture of the film
PAINTED = """() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(resolve)))"""
OTHER = "([input, last]) => input.value !== last && input.value"
POINTER = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))  # its outline


@dataclass
class Film:
    """Pictures of an explorer, each taken after a movement of the mouse and painted with it."""

    shown: Shown
    clip: dict[str, float]  # of the page, for all pictures
    at: Place = (0, 0)
    pictures: list[Image.Image] = field(default_factory=list)
    beats: list[int] = field(default_factory=list)

    def shoot(self) -> None:
        self.shown.page.evaluate(PAINTED)
        shot = self.shown.page.screenshot(clip=self.clip)
        taken = Image.open(BytesIO(shot)).convert("RGB")
        left, top = self.at[0] - self.clip["x"], self.at[1] - self.clip["y"]
        outline = [(left + x, top + y) for x, y in POINTER]
        ImageDraw.Draw(taken).polygon(outline, fill="black", outline="white")
        self.pictures.append(taken)
        self.beats.append(BEAT)

    def move(self, *places: Place) -> None:
        for self.at in places:
            self.shown.page.mouse.move(*self.at)
            self.shoot()

    def drag(self, *places: Place) -> None:
        self.move(places[0])
        self.shown.page.mouse.down()
        self.move(*places[1:])
        self.shown.page.mouse.up()

    def hold(self, beats: int) -> None:
        self.beats[-1] += beats * BEAT

    def play(self) -> None:
        """Press Play, and take a picture whenever another step is shown, until the last one."""
        step = self.shown.box("step").element_handle()
        last = self.shown.slider("step").get_attribute("max")
        self.shown.page.mouse.click(*self.at)
        seen = "0"
        while seen != last:
            before, seen = seen, self.shown.notebook.wait_page(OTHER, [step, seen])
            self.shoot()
            self.hold(int(seen) - int(before) - 1)  # a slow machine sees not every step

    def save(self, target: Path) -> None:
        first, *others = self.pictures
        options = {"duration": self.beats, "loop": 0, "quality": 70, "method": 4}
        first.save(target, save_all=True, append_images=others, **options)
        print(target.name, f"{sum(self.beats) / 1000:.1f} s, {target.stat().st_size / 1000:.0f} kB")


def along(start: Place, end: Place, count: int) -> list[Place]:
    """Places on the way, slow at both ends; the last is the end."""
    shares = ((1 - cos(pi * k / count)) / 2 for k in range(1, count + 1))
    return [(mix(start[0], end[0], share), mix(start[1], end[1], share)) for share in shares]


def mix(start: float, end: float, share: float) -> float:
    return start + share * (end - start)


def middle(one: Locator) -> Place:
    place = one.bounding_box()
    assert place
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
