"""Linked explorers on a page without a kernel: they go on together there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import gradwidgets as gw
from tests.browser.paged import NONCE, alone, show, under_policy, wait_verified
from tests.browser.view import View

BOWL = "x**2 + 10*y**2"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1200, "height": 1000}) as page:
        yield page


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one, other = linked()
    path = tmp_path_factory.mktemp("linked") / "pair.html"
    gw.save_page(path, [one, other, gw.GradientExplorer(BOWL, point=(1, 2))])
    return path


@pytest.fixture
def pair(page: Page, saved: Path) -> tuple[View, View]:
    return show(page, saved)[:2]  # type: ignore[return-value]


def linked() -> tuple[gw.GradientExplorer, gw.PartialsExplorer]:
    one, other = gw.GradientExplorer(BOWL, point=(1, 2)), gw.PartialsExplorer(BOWL)
    gw.link(one, other)
    return one, other


def arrives(view: View, at: list[str]) -> None:
    view.wait(
        "(root, at) => at.every((one, k) => root.querySelectorAll('.gw-box')[k].value === one)", at
    )


def ends(view: View) -> list[str]:
    """The window in the boxes."""
    return [
        view.root.get_by_label(f"{name} {end}").input_value()
        for name in "xy"
        for end in ("from", "to")
    ]


def test_a_hand_on_one_moves_the_other(pair: tuple[View, View]) -> None:
    one, other = pair
    assert [wait_verified(view) for view in pair] == ["", ""]
    looks = [view.look() for view in pair]
    one.drag("map", (1, 2), (-1, 1))
    for view, look in zip(pair, looks, strict=True):
        view.other_look(look)
    for box, value in ((0, "0.5"), (1, "-0.25")):
        other.root.locator(".gw-box").nth(box).fill(value)
        other.root.locator(".gw-box").nth(box).press("Enter")
    arrives(one, ["0.50", "−0.25"])


def test_who_is_not_linked_stays(page: Page, pair: tuple[View, View]) -> None:
    pair[0].root.locator("input[type=range]").first.press("Shift+ArrowLeft")
    arrives(pair[1], ["0.90", "2.00"])
    third = page.locator(".gw-alone").nth(2)
    assert third.locator(".gw-box").first.input_value() == "1.00"


def test_they_share_one_window(page: Page, pair: tuple[View, View]) -> None:
    one, other = pair
    one.plot("map").focus()
    page.keyboard.press("Shift+ArrowRight")
    one.wait("(root) => root.querySelector('[aria-label=\"x from\"]').value !== '−3'")
    other.wait(
        "(root, low) => root.querySelector('[aria-label=\"x from\"]').value === low", ends(one)[0]
    )
    assert ends(one) == ends(other)
    other.root.get_by_role("button", name="Reset", exact=True).click()
    one.wait("(root) => root.querySelector('[aria-label=\"x from\"]').value === '−3'")
    assert ends(one) == ends(other)
    arrives(one, ["1.00", "2.00"])


def test_an_address_that_tells_of_one_brings_both(page: Page, saved: Path) -> None:
    one, other, _ = show(page, saved, "#1.x=0.5")
    arrives(one, ["0.50", "2.00"])
    arrives(other, ["0.50", "2.00"])


def test_fragments_of_one_page_are_linked_as_well(page: Page) -> None:
    html = "\n".join(explorer.to_html(nonce=NONCE) for explorer in linked())
    one, other = under_policy(page, f"<!DOCTYPE html><title>course</title>{html}")
    one.root.locator("input[type=range]").first.press("Shift+ArrowLeft")
    arrives(other, ["0.90", "2.00"])
