"""Where labels step aside to: pure functions in a bare page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from gradwidgets.rendering import placing
from tests.browser.bare import bare_page

ROOM = [0, 0, 400, 300]
PLACE = """([labels, obstacles, before]) => {
  const known = new Map(Object.entries(before ?? {}));
  const middles = gw.middlesOf(labels, { boxes: [], lines: [], ...obstacles }, known);
  return { middles: Object.fromEntries(middles), known: Object.fromEntries(known) };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


def label(name: str, anchor: tuple[float, float], **more: Any) -> dict[str, Any]:
    usual = {"toward": [1, 0], "half": [30, 7], "aside": 9, "room": ROOM}
    usual |= {"still": False, "level": False}
    return {"name": name, "anchor": list(anchor), **usual, **more}


def box_of(one: dict[str, Any], middle: list[float]) -> list[float]:
    (x, y), (across, down) = middle, one["half"]
    return [x - across, y - down, x + across, y + down]


def meet(one: list[float], two: list[float]) -> bool:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    return wide > 1e-6 and min(one[3], two[3]) - max(one[1], two[1]) > 1e-6


def test_where_nothing_is_in_the_way_a_label_has_its_own_side(page: Page) -> None:
    told = page.evaluate(PLACE, [[label("one", (100, 100))], {}])
    assert told == {"middles": {"one": [139, 100]}, "known": {"one": 0}}


def test_two_labels_of_one_place_do_not_meet(page: Page) -> None:
    both = [label("one", (100, 100)), label("two", (104, 103))]
    middles = page.evaluate(PLACE, [both, {}])["middles"]
    assert middles["one"] == [139, 100]
    assert not meet(*(box_of(one, middles[one["name"]]) for one in both))


@pytest.mark.parametrize(
    "obstacles",
    [
        {"boxes": [{"box": [120, 90, 140, 110], "weight": 4}]},
        {"lines": [{"ends": [100, 100, 180, 100], "weight": 1}]},
    ],
    ids=["handle", "arrow"],
)
def test_a_label_leaves_a_handle_and_an_arrow_alone(page: Page, obstacles: Any) -> None:
    one = label("one", (100, 100))
    box = box_of(one, page.evaluate(PLACE, [[one], obstacles])["middles"]["one"])
    assert not any(meet(box, other["box"]) for other in obstacles.get("boxes", ()))
    for line in obstacles.get("lines", ()):
        assert page.evaluate("([ends, box]) => gw.lengthIn(ends, box)", [line["ends"], box]) == 0


def test_a_label_that_is_still_has_no_choice(page: Page) -> None:
    still, other = label("still", (100, 100), still=True), label("other", (100, 100))
    middles = page.evaluate(PLACE, [[other, still], {}])["middles"]
    assert middles["still"] == [139, 100]
    assert not meet(box_of(still, middles["still"]), box_of(other, middles["other"]))


def test_a_label_without_a_direction_stays_at_its_place_and_off_a_handle(page: Page) -> None:
    one = label("one", (100, 100), toward=[0, 0])
    handle = {"box": [92, 92, 108, 108], "weight": 4}
    assert page.evaluate(PLACE, [[one], {}])["middles"]["one"] == [100, 100]
    middle = page.evaluate(PLACE, [[one], {"boxes": [handle]}])["middles"]["one"]
    assert not meet(box_of(one, middle), handle["box"])


def test_a_label_rather_lies_on_lines_than_on_another_label(page: Page) -> None:
    still = [
        label(f"still {k}", (100, y), still=True, toward=[0, 0]) for k, y in enumerate((80, 120))
    ]
    lines = [{"ends": [0, y, 400, y], "weight": 0.4} for y in range(0, 300, 6)]
    both = [*still, label("one", (100, 100), aside=0)]
    middles = page.evaluate(PLACE, [both, {"lines": lines}])["middles"]
    boxes = [box_of(one, middles[one["name"]]) for one in both]
    assert not any(meet(boxes[-1], other) for other in boxes[:-1])


@pytest.mark.parametrize("x", [100.0, 330.0])
@pytest.mark.parametrize("curve", [0.4, 3.0])
def test_labels_that_are_level_touch_their_own_marks_and_no_other(
    page: Page, x: float, curve: float
) -> None:
    """However close the marks are, whatever runs there: one side or the other of each."""
    marks = {"low": (x, 140.0), "middle": (x + 6, 120.0), "high": (x + 7, 100.0)}
    labels = [label(name, at, level=True, aside=10) for name, at in marks.items()]
    labels.insert(0, label("other", (x + 40, 130.0)))
    own = {name: [a - 9.5, b - 9.5, a + 9.5, b + 9.5] for name, (a, b) in marks.items()}
    boxes = [{"box": box, "weight": 4} for box in own.values()]
    lines = [{"ends": [x + 60, 60.0, x + 12, 160.0], "weight": curve}]
    middles = page.evaluate(PLACE, [labels, {"boxes": boxes, "lines": lines}])["middles"]
    for one in labels[1:]:
        left, _, right, _ = box_of(one, middles[one["name"]])
        mark, height = marks[one["name"]]
        assert middles[one["name"]][1] == height
        assert min(abs(left - mark), abs(mark - right)) == pytest.approx(10)
        assert not meet(box_of(one, middles[one["name"]]), box_of(labels[0], middles["other"]))


def test_labels_do_not_hop_while_something_passes(page: Page) -> None:
    """A handle that comes pushes the label away; while it leaves, the label stays."""
    one, choices, known = label("one", (100, 100)), [], {}
    for x in [*range(210, 120, -2), *range(120, 212, 2)]:
        obstacles = {"boxes": [{"box": [x - 7, 93, x + 7, 107], "weight": 4}]}
        known = page.evaluate(PLACE, [[one], obstacles, known])["known"]
        choices.append(known["one"])
    changes = sum(now != last for last, now in pairwise(choices))
    assert changes <= 2
    leaving = choices[len(choices) // 2 :]
    assert leaving == [leaving[0]] * len(leaving)


place = st.tuples(st.floats(0, 400), st.floats(0, 300))


@settings(max_examples=40, deadline=None)
@given(st.lists(place, min_size=1, max_size=6), st.sampled_from([(1, 0), (0, -1), (-0.6, 0.8)]))
def test_labels_stay_in_their_room_wherever_they_step(
    page: Page, places: list[tuple[float, float]], toward: tuple[float, float]
) -> None:
    labels = [label(str(k), place, toward=list(toward)) for k, place in enumerate(places)]
    middles = page.evaluate(PLACE, [labels, {}])["middles"]
    for one in labels:
        left, top, right, bottom = box_of(one, middles[one["name"]])
        assert min(left, top) >= 2 - 1e-9
        assert max(right - 398, bottom - 298) <= 1e-9


@pytest.mark.parametrize(
    ("ends", "length"),
    [
        ([-10, 5, 30, 5], 20),
        ([5, -10, 5, 30], 10),
        ([0, 20, 20, 20], 0),
        ([5, 5, 8, 9], 5),
        ([-5, -5, -1, -1], 0),
    ],
)
def test_how_much_of_a_line_lies_in_a_box(page: Page, ends: list[float], length: float) -> None:
    found = page.evaluate("(ends) => gw.lengthIn(ends, [0, 0, 20, 10])", ends)
    assert found == pytest.approx(length)


# ── files place them alike ───────────────────────────────────────────────────────────────────────

ways = st.one_of(
    st.just((0.0, 0.0)),
    st.floats(0, 6.28).map(lambda angle: (math.cos(angle), math.sin(angle))),
)
asked = st.builds(
    lambda anchor, toward, half, aside, still, level: label(
        "", anchor, toward=list(toward), half=list(half), aside=aside, still=still, level=level
    ),
    place,
    ways,
    st.tuples(st.floats(5, 60), st.floats(4, 12)),
    st.floats(0, 20),
    st.booleans(),
    st.booleans(),
)
weights = st.sampled_from([0.12, 0.4, 1, 2, 4])
boxes = st.tuples(place, st.floats(1, 30)).map(
    lambda at: [at[0][0] - at[1], at[0][1] - at[1], at[0][0] + at[1], at[0][1] + at[1]]
)
ends = st.tuples(place, place).map(lambda both: [*both[0], *both[1]])


@settings(max_examples=60, deadline=None)
@example(
    [label("", (0.0, 0.0), toward=[0.0, 0.0], half=[5.0, 4.0], aside=0.0, still=False)],
    [],
    [{"ends": [0.0, 0.0, 0.0, 5e-324], "weight": 1}],  # by which nothing can be divided
    [],
)
@given(
    st.lists(asked, min_size=1, max_size=6),
    st.lists(st.builds(lambda box, weight: {"box": box, "weight": weight}, boxes, weights)),
    st.lists(st.builds(lambda line, weight: {"ends": line, "weight": weight}, ends, weights)),
    st.lists(st.integers(0, 23), max_size=6),
)
def test_files_place_labels_as_the_page_does(
    page: Page, labels: list[Any], boxes: list[Any], lines: list[Any], before: list[int]
) -> None:
    """The same places, and the same choices to be kept the next time."""
    named = [one | {"name": str(k)} for k, one in enumerate(labels)]
    chosen = {str(k): last for k, last in enumerate(before[: len(named)])}
    told = page.evaluate(PLACE, [named, {"boxes": boxes, "lines": lines}, chosen])
    obstacles = placing.Obstacles(
        np.array([one["box"] for one in boxes]).reshape(-1, 4),
        np.array([one["weight"] for one in boxes]),
        np.array([one["ends"] for one in lines]).reshape(-1, 4),
        np.array([one["weight"] for one in lines]),
    )
    found = placing.middles_of([as_asked(one) for one in named], obstacles, chosen)
    assert found.keys() == told["middles"].keys()
    for name, middle in told["middles"].items():
        assert found[name] == pytest.approx(middle, abs=1e-6)
    assert chosen == told["known"]


def as_asked(one: dict[str, Any]) -> placing.Asked:
    arrays = {name: np.array(one[name], float) for name in ("anchor", "toward", "half", "room")}
    return placing.Asked(**(one | arrays))
