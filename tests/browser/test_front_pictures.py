"""Pictures in the browser are those of Python: a few of each kind; `pictured` compares them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pictured import DESCENTS, MAKERS, compare, differing, picture_of, states_of
from tests.browser.replayed import replay_page

SOME = {1: ("wave", "corner", "bell"), 2: ("peaks", "rastrigin"), 3: ("ellipsoid",)}
TAPES = ("neuron", "where", "second order")
SEARCHED = ("corner", "peaks")
SHOWN = [
    (kind, name)
    for count, names in SOME.items()
    for name in names
    for kind in MAKERS[count]
    if kind not in (*DESCENTS, "race")
]
SHOWN += [("tape", name) for name in TAPES]
MOST = 0.15  # of the states of descents: so many may differ by an ulp that has grown
# Errors over a distance h, and what is read from them.
ROUNDING = re.compile(r"(error|slope) \d( at h| label)?|error|best( step)?|order note")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with replay_page(browser) as page:
        yield page


@pytest.mark.parametrize(("kind", "name"), SHOWN)
def test_a_picture_is_python_s(page: Page, kind: str, name: str) -> None:
    picture = picture_of(kind, name)
    differences = compare(page, picture, states_of(picture, 3))
    assert [one for one in differences if not one.allowed] == []
    assert [one.mark for one in differences if not ROUNDING.fullmatch(one.mark)] == []


def test_descents_are_python_s(page: Page) -> None:
    excused = count = 0
    for kind, name in product(DESCENTS, SEARCHED):
        states = states_of(picture := picture_of(kind, name), 4)
        differences = compare(page, picture, states)
        assert [one for one in differences if not one.allowed] == []
        excused, count = excused + len({one.state for one in differences}), count + len(states)
    assert excused <= MOST * count


def test_a_race_is_python_s(page: Page) -> None:
    picture = picture_of("race", "peaks")
    assert [one for one in compare(page, picture, states_of(picture, 3)) if not one.allowed] == []


@pytest.mark.parametrize("operation", ["multiply", "cos", "greater"])
def test_what_differs_is_found(page: Page, operation: str) -> None:
    """Another row of the table in place of one: its code, and its loops."""
    picture = picture_of("partials", "rastrigin")
    states = states_of(picture, 1)
    swap = """(name) => {
      const other = { multiply: "add", cos: "sin", greater: "less" }[name];
      [gw.CODES[name], gw.CODES[other]] = [gw.CODES[other], gw.CODES[name]];
      [gw.LOOPS[name], gw.LOOPS[other]] = [gw.LOOPS[other], gw.LOOPS[name]];
    }"""
    page.evaluate(swap, operation)
    found = any(not one.allowed for one in differing(page, picture, states))
    page.evaluate(swap, operation)
    assert found
    assert compare(page, picture, states) == []
