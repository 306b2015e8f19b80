"""A point on its way from step to step: pure functions in a bare page, and Play over a stub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.bare import bare_page
from tests.browser.formed import FORM, START, TRAITS, descent
from tests.browser.stub import Stub, stub

ON_THE_WAY = """(share) => {
  const marks = [{ name: "dot", kind: "Marker" }, { name: "line", kind: "Polyline" }];
  const from = { dot: Float64Array.of(0, 10), line: Float64Array.of(0, 0) };
  const to = { values: {}, marks: { dot: Float64Array.of(4, 20), line: Float64Array.of(9, 9) } };
  const { dot, line } = gw.onTheWay(from, to, marks, share).marks;
  return [[...dot], [...line]];
}"""
# The page's memory: a replay writes over what was drawn.
GLIDE = """async () => {
  const memory = Float64Array.of(0, 0), marks = [{ name: "dot", kind: "Marker" }];
  const numbers = { values: {}, marks: { dot: memory } };
  const glide = gw.glideOf(() => numbers, () => {}), seen = [];
  glide.begin(120);
  memory.set([1, 1]);
  for (let frames = 0; frames < 600 && seen.at(-1) !== 1; frames += 1) {
    await new Promise(requestAnimationFrame);
    seen.push(glide.at(numbers, marks).marks.dot[0]);
  }
  return seen;
}"""
PLACES = """(root) => {
  const handle = root.querySelector('.gw-panel[data-panel="loss"] .gw-handle');
  const places = (window.places = [handle.style.transform]);
  const look = () => {
    if (handle.style.transform !== places.at(-1)) places.push(handle.style.transform);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


@pytest.mark.parametrize(("share", "dot"), [(0.0, [0, 10]), (0.5, [2, 15]), (1.0, [4, 20])])
def test_markers_move_and_lines_are_the_new_ones(bare: Page, share: float, dot: list) -> None:
    assert bare.evaluate(ON_THE_WAY, share) == [dot, [9, 9]]


def test_it_begins_where_the_point_was_though_a_replay_writes_over_that(bare: Page) -> None:
    seen = bare.evaluate(GLIDE)
    assert seen[0] < 0.5
    assert seen[-1] == 1
    assert seen == sorted(seen)
    assert len([place for place in seen if 0 < place < 1]) >= 2


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, descent(), START, form=FORM, traits=TRAITS | {"step": 0})


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_moves_the_handle_along_its_step(page: Page, one: Stub, motion: str) -> None:
    page.emulate_media(reduced_motion=motion)
    view = one.show()
    view.root.evaluate(PLACES)
    view.root.get_by_role("button", name="Play").click()
    one.wait("(model) => model.get('step') >= 6")
    view.root.get_by_role("button", name="Pause").click()
    places, steps = page.evaluate("places.length"), one.get("step")
    page.emulate_media(reduced_motion="no-preference")
    assert places > 2 * steps if motion == "no-preference" else places <= steps + 1
