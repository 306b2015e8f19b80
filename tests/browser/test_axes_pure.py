"""Ticks, axes and windows in the browser, held against matplotlib and ticks.py."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.levels import short
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering import layout, paint
from gradwidgets.rendering.joining import joined
from gradwidgets.rendering.ticks import log_ticks
from tests.browser.bare import FRONT, bare_page

NEW = {
    "ticks": "linearTicks",
    "axes": "paintAxes",
    "contours": "levelCurves",
    "curvelabels": "labelOn",
    "relief": "paintBands",
    "window": "zoomedAxes",
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


def test_the_modules_can_be_joined_to_the_others(tmp_path: Path) -> None:
    shutil.copytree(FRONT, tmp_path / "front")
    entry = tmp_path / "front/explorer.js"
    imports = [f'import {{ {name} }} from "./{file}.js";' for file, name in NEW.items()]
    entry.write_text("\n".join([*imports, entry.read_text("utf-8")]), "utf-8")
    text = joined(entry)
    for name in NEW.values():
        assert f"{name}" in text


# ── ticks ────────────────────────────────────────────────────────────────────────────────────────


def panels_of(picture: Picture) -> Iterator[tuple[Any, Any, Any, int]]:
    """matplotlib's axes of a picture at 960 pixels: range, axis, its length, 1 for upright."""
    scene = picture.scene(tuple(control.start for control in picture.controls))
    boxes, drawn = layout.plan(scene.panels, 960).boxes, paint.figure(scene).axes
    for panel, ax in zip(scene.panels, drawn, strict=True):
        box = boxes[panel.name]
        if not (panel.space or panel.xticks or panel.xlog):
            yield panel.x, ax.xaxis, box.width, 0
        if not (panel.space or panel.yticks or panel.ylog):
            yield panel.y, ax.yaxis, box.height, 1


@pytest.mark.parametrize("name", ["bowl", "rosenbrock", "beale", "peaks", "wave", "bell"])
def test_linear_ticks_are_matplotlibs(name: str, page: Page) -> None:
    field = catalog[name].field
    picture = (partials_picture if len(field.variables) == 2 else derivative_picture)(field)
    for (low, high), axis, room, upright in panels_of(picture):
        near = 1e-9 * (high - low)
        places = [at for at in axis.get_majorticklocs() if low - near <= at <= high + near]
        texts = [
            text.replace(r"$\mathdefault{", "").replace("}$", "")
            for text in axis.get_major_formatter().format_ticks(places)
        ]
        asked = [[low, high], room, bool(upright)]
        found = page.evaluate("(asked) => gw.linearTicks(...asked)", asked)
        assert found["places"] == pytest.approx(places, abs=near)
        assert found["labels"] == texts
        assert found["note"] == ""


@pytest.mark.parametrize(
    ("low", "high", "labels", "note"),
    [
        (0, 4e7, ["0", "1", "2", "3", "4"], "·10⁷"),
        (-2e-7, 2e-7, ["−2", "−1", "0", "1", "2"], "·10⁻⁷"),
        (1.23456, 1.234564, ["0", "1", "2", "3", "4"], "·10⁻⁶ + 1.23456"),
        (-1e9 - 4, -1e9, ["−4", "−3", "−2", "−1", "0"], "− 1·10⁹"),
        (999, 1001, ["999.0", "999.5", "1000.0", "1000.5", "1001.0"], ""),
        (5.0001, 5.0003, ["1.0", "1.5", "2.0", "2.5", "3.0"], "·10⁻⁴ + 5"),
        (0, 4e-287, ["0", "1", "2", "3", "4"], "·10⁻²⁸⁷"),
        (-1e307, 1e307, ["−1.0", "−0.5", "0.0", "0.5", "1.0"], "·10³⁰⁷"),
    ],
)
def test_far_and_near_numbers(
    low: float, high: float, labels: list[str], note: str, page: Page
) -> None:
    found = page.evaluate("([range]) => gw.linearTicks(range, 130, true)", [[low, high]])
    assert (found["labels"], found["note"]) == (labels, note.replace("1·10⁹", "10⁹"))


RANGES = st.tuples(
    st.floats(-1e6, 1e6), st.floats(-6, 6), st.floats(46, 900), st.booleans()
)  # middle, power of ten of the width, room, upright


@given(st.lists(RANGES, min_size=20, max_size=20))
@settings(max_examples=10, deadline=None)
def test_linear_labels_differ_and_never_touch(
    page: Page, cases: list[tuple[float, float, float, bool]]
) -> None:
    asked = [
        [[middle - 10**power / 2, middle + 10**power / 2], room, upright]
        for middle, power, room, upright in cases
    ]
    found = page.evaluate("(all) => all.map((asked) => gw.linearTicks(...asked))", asked)
    for ((low, high), room, upright), ticks in zip(asked, found, strict=True):
        places, labels = ticks["places"], ticks["labels"]
        assert len(set(labels)) == len(labels) > 0
        assert all(low - 1e-8 <= at <= high + 1e-8 for at in places)
        for (one, first), (two, second) in pairwise(zip(places, labels, strict=True)):
            gap = 22 if upright else 7.5 * (len(first) + len(second)) / 2 + 8
            assert (two - one) * room / (high - low) >= gap - 1e-6


def test_given_ticks_are_thinned_where_there_is_no_room(page: Page) -> None:
    ask = "(room) => gw.ticksAt([0, 90, 180, 270, 360], [0, 360], room)"
    assert page.evaluate(ask, 300)["labels"] == ["0", "90", "180", "270", "360"]
    assert page.evaluate(ask, 80)["labels"] == ["0", "180", "360"]
    assert page.evaluate(ask, 20)["labels"] == ["0"]


SPANS = st.one_of(st.floats(0.01, 2), st.floats(2, 300))
LOGS = st.tuples(st.floats(-150, 150), SPANS, st.floats(46, 900), st.booleans())


@given(st.lists(LOGS, min_size=20, max_size=20))
@settings(max_examples=10, deadline=None)
def test_log_ticks_are_pythons(page: Page, cases: list[tuple[float, float, float, bool]]) -> None:
    asked = [[[low, low + span], room, upright] for low, span, room, upright in cases]
    found = page.evaluate("(all) => all.map((asked) => gw.logTicks(...asked))", asked)
    for ((low, high), room, upright), ticks in zip(asked, found, strict=True):
        ours = log_ticks((low, high), room, upright)
        assert ticks["labels"] == [text for _, text in ours.labels]
        places = [place for place, _ in ours.labels]
        assert ticks["places"] == pytest.approx(places, abs=1e-12)
        between = [
            [at for at in minor if all(abs(at - place) > 1e-9 for place in places)]
            for minor in (ticks["minor"], ours.minor)
        ]
        assert between[0] == pytest.approx(between[1], abs=1e-12)


@pytest.mark.parametrize("number", [0, 2.5, -400.0, 1e6, -2.5e9, 1e-5, 123456.5, 1e300, -1e-290])
def test_levels_are_written_as_in_python(number: float, page: Page) -> None:
    assert page.evaluate("(number) => gw.shortNumber(number)", number) == short(number)


# ── painted axes ─────────────────────────────────────────────────────────────────────────────────

RECORD = """([axes]) => {
  const written = [], lines = [];
  gw.paintAxes(new Proxy({}, {
    get: (_, name) => name === "getTransform" ? () => ({ a: 2 })
      : name === "fillText" ? (...told) => written.push(told)
      : name === "measureText" ? ({ length }) => ({ width: 6 * length })
      : name === "moveTo" ? (...from) => lines.push(from) : () => {},
    set: () => true,
  }), axes);
  return [written, lines];
}"""


def test_labels_and_ticks_stand_at_their_places(page: Page) -> None:
    axes = {"box": [62, 34, 414, 200], "x": [-3, 3], "y": [-4, 0], "ylog": True}
    written, lines = page.evaluate(RECORD, [axes])
    placed = {text: (x, y) for text, x, y in written}
    assert placed["−3"][0] == 62
    assert placed["2"][0] == pytest.approx(62 + 414 * 5 / 6)
    assert placed["10⁰"][1] == 34
    assert placed["10⁻²"][1] == pytest.approx(134)
    assert all(34 <= y <= 235 and 62 <= x <= 477 for x, y in lines)
    starts = sorted({x for x, y in lines if y == 234})
    assert starts == pytest.approx([62 + 69 * k for k in range(7)])
    assert page.evaluate(RECORD, [{**axes, "bare": True}]) == [[], []]
    unlabelled, _ = page.evaluate(RECORD, [{**axes, "unlabelled": True}])
    assert {text for text, _, _ in unlabelled} == {text for text in placed if "10" in text}


def test_the_levels_note_and_an_axis_s_power_of_ten_are_at_two_ends(page: Page) -> None:
    axes = {"box": [62, 34, 414, 200], "x": [-2.9011241, -2.9011235], "y": [0, 1], "xlabel": "x"}
    note = """(ctx, axes) => {
      gw.paintAxes(ctx, axes);
      gw.paintNote(ctx, axes, { axes: gw.LIGHT_AXES }, "curves every 5·10⁻⁷");
    }"""
    record = RECORD.replace("gw.paintAxes", f"({note})")
    written, _ = page.evaluate(record, [axes])
    placed = {text: x for text, x, y in written if y > 250}
    assert placed.pop("curves every 5·10⁻⁷") == 62
    assert list(placed.values()) == [476]
    written, _ = page.evaluate(record, [axes | {"box": [62, 34, 240, 200]}])
    assert "curves every 5·10⁻⁷" not in [text for text, *_ in written]  # no room beside a name


# ── windows ──────────────────────────────────────────────────────────────────────────────────────

ZOOM = "(all) => all.map((asked) => gw.zoomed(...asked))"
ZOOMS = st.tuples(st.floats(-100, 100), st.floats(0.01, 100), st.floats(0, 1), st.floats(0.1, 10))


@given(st.lists(ZOOMS, min_size=20, max_size=20), st.booleans())
@settings(max_examples=10, deadline=None)
def test_zooming_keeps_the_place_under_the_pointer(
    page: Page, cases: list[tuple[float, float, float, float]], is_log: bool
) -> None:
    asked = [
        [[low, low + width], low + share * width, factor, is_log]
        for low, width, share, factor in cases
    ]
    for (low, width, share, factor), (left, right) in zip(
        cases, page.evaluate(ZOOM, asked), strict=True
    ):
        factor = min(factor, 614 / width) if is_log else factor
        assert right - left == pytest.approx(width * factor)
        if not is_log or max(abs(left), abs(right)) < 307:
            assert left + share * (right - left) == pytest.approx(low + share * width, abs=1e-7)


@pytest.mark.parametrize(
    ("range_", "at", "factor", "is_log", "width"),
    [
        ([4, 6], 5, 1e-12, False, 5e-9),
        ([-1, 1], 0, 1e-12, False, 2e-12),
        ([-1, 1], 0, 1e12, False, 1e9),
        ([-1e10, 1e10], 0, 2, False, 2e10),
        ([-1e10, 1e10], 0, 0.5, False, 1e10),
        ([-2, 2], 0, 1e-12, True, 1e-9),
        ([-2, 2], 1, 1e6, True, 614),
        ([0, 1], 0.5, float("nan"), False, 1),
        ([0, 1], 0.5, 0, False, 1),
    ],
)
def test_zooming_has_limits(
    range_: list[float], at: float, factor: float, is_log: bool, width: float, page: Page
) -> None:
    ((low, high),) = page.evaluate(ZOOM, [[range_, at, factor, is_log]])
    assert high - low == pytest.approx(width, rel=1e-6)
    assert not is_log or (low >= -307 and high <= 307)


def test_panning_moves_by_pixels_and_keeps_the_width(page: Page) -> None:
    pan = "(asked) => gw.panned(...asked)"
    assert page.evaluate(pan, [[0, 10], 50, 500]) == pytest.approx([-1, 9])
    assert page.evaluate(pan, [[300, 306], -5000, 500, True]) == pytest.approx([301, 307])
    low, high = page.evaluate(pan, [[0, 1e-9], -1e15, 100])
    assert (low + high) / 2 == pytest.approx(1)


AXES = {"box": [60, 40, 400, 200], "x": [-4, 4], "y": [-2, 2]}


def test_both_axes_follow_the_pointer(page: Page) -> None:
    zoom = "([axes, pixel, factor]) => gw.zoomedAxes(axes, pixel, factor)"
    found = page.evaluate(zoom, [AXES, [360, 90], 0.5])  # at (2, 1)
    assert found == {"x": [-1, 3], "y": [-0.5, 1.5]}
    moved = page.evaluate("([axes]) => gw.pannedAxes(axes, [50, 50])", [AXES])
    assert moved == {"x": [-5, 3], "y": [-1, 3]}


@pytest.mark.parametrize("factor", [1e-15, 0.3, 2, 1e15])
def test_equal_axes_stay_equal_at_their_limits(factor: float, page: Page) -> None:
    axes = {**AXES, "x": [996, 1004], "equal": True}
    zoom = "([axes, factor]) => gw.zoomedAxes(axes, [260, 140], factor)"
    found = page.evaluate(zoom, [axes, factor])
    (left, right), (low, high) = found["x"], found["y"]
    assert right - left == pytest.approx(2 * (high - low), rel=1e-3)
    free = page.evaluate(zoom, [{**axes, "equal": False}, factor])
    assert (np.ptp(free["y"]) < 1e-8) == (factor == 1e-15)


def test_a_wheel_s_turn_is_a_factor_whatever_it_counts(page: Page) -> None:
    wheel = "([deltaY, deltaMode]) => gw.wheelFactor({ deltaY, deltaMode })"
    assert page.evaluate(wheel, [0, 0]) == 1
    assert page.evaluate(wheel, [3, 0]) == pytest.approx(math.exp(0.03))
    assert page.evaluate(wheel, [1, 1]) == pytest.approx(math.exp(0.16))
    assert (
        page.evaluate(wheel, [120, 0])
        == page.evaluate(wheel, [3, 1])
        == pytest.approx(page.evaluate(wheel, [1, 2]))
    )
    assert page.evaluate(wheel, [120, 0]) * page.evaluate(wheel, [-120, 0]) == pytest.approx(1)


def test_two_fingers_hold_what_is_under_them(page: Page) -> None:
    before, after = [[160, 140], [260, 90]], [[130, 180], [330, 80]]
    pinch = page.evaluate("(told) => gw.pinchOf(...told)", [before, after])
    assert pinch == {"at": [210, 115], "factor": 0.5, "shift": [20, 15]}
    shown = page.evaluate("([axes, pinch]) => gw.pinchedAxes(axes, pinch)", [AXES, pinch])
    data = "([axes, one]) => gw.pixelToData(axes, ...one)"
    for one, two in zip(before, after, strict=True):
        held = page.evaluate(data, [AXES, one])
        assert page.evaluate(data, [{**AXES, **shown}, two]) == pytest.approx(held)
    closed = page.evaluate("(told) => gw.pinchOf(...told)", [[[5, 5], [5, 5]], [[5, 5], [5, 5]]])
    assert closed["factor"] == 1
