"""Level curves, bands and the numbers on curves in the browser, held against matplotlib's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.ground import Contours
from gradwidgets.pictures.terrain import map_panel
from gradwidgets.rendering.contours import drawable
from tests.browser.asked import ask
from tests.browser.bare import bare_page

CANVAS = """() => {
  window.canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 640 });
  window.ctx = canvas.getContext("2d", { willReadFrequently: true });
  window.gridOf = ({ values, ...axes }) =>
    ({ ...axes, values: Float64Array.from(values, (value) => value ?? NaN) });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        page.evaluate(CANVAS)
        yield page


# ── level curves ─────────────────────────────────────────────────────────────────────────────────

SIDE = 560  # pixels of a map
TRACE = """([sent, levels]) => gw.levelCurves(gridOf(sent), levels)
  .map(({ points, starts }) => [[...points], [...starts]])"""


def sent(x: Any, y: Any, values: Any) -> dict[str, Any]:
    known = [float(value) if np.isfinite(value) else None for value in np.ravel(values)]
    return {"x": list(map(float, x)), "y": list(map(float, y)), "values": known}


def traced(page: Page, x: Any, y: Any, values: Any, levels: Any) -> list[list[Any]]:
    """For each level its lines, (n, 2)."""
    found = ask(page, TRACE, [sent(x, y, values), list(map(float, levels))])
    return [
        [np.array(points[2 * a : 2 * b]).reshape(-1, 2) for a, b in pairwise(starts)]
        for points, starts in found
    ]


def contours_of(name: str) -> Contours:
    example = catalog[name]
    contours = map_panel(example.field, *example.variables, {}).contours
    assert contours is not None
    return contours


def apart(one: Any, two: Any) -> float:
    """How far the farthest point of two lines is from the other line's points."""
    far = np.hypot(*np.moveaxis(one[:, None] - two[None], -1, 0))
    return float(max(far.min(0).max(), far.min(1).max()))


@pytest.mark.parametrize(
    "name", [name for name, example in catalog.items() if len(example.variables) == 2]
)
def test_level_curves_are_matplotlibs(name: str, page: Page) -> None:
    contours = contours_of(name)
    values, levels = drawable(contours.sheet.values, contours.levels)
    ours = traced(page, contours.sheet.x, contours.sheet.y, values, levels)
    theirs = (
        Figure().add_subplot().contour(contours.sheet.x, contours.sheet.y, values.T, levels=levels)
    )
    scale = SIDE / np.array([np.ptp(contours.sheet.x), np.ptp(contours.sheet.y)])
    for own, other in zip(ours, theirs.allsegs, strict=True):
        assert len(own) == len(other)
        assert apart(np.concatenate(own) * scale, np.concatenate(other) * scale) < 0.5


@pytest.mark.parametrize("size", [2, 3, 12])
def test_saddles_are_joined_as_in_matplotlib(size: int, page: Page) -> None:
    values = np.random.default_rng(size).normal(size=(size, size + 1))
    x, y, levels = np.arange(size), np.arange(size + 1), (-0.3, 0.0, 0.4)
    theirs = Figure().add_subplot().contour(x, y, values.T, levels=levels).allsegs
    for own, other in zip(traced(page, x, y, values, levels), theirs, strict=True):
        assert sorted(len(line) for line in own) == sorted(len(line) for line in other)
        if own:
            assert apart(np.concatenate(own), np.concatenate(other)) < 1e-9


def test_a_cell_with_an_undefined_corner_has_no_curve(page: Page) -> None:
    x = y = np.arange(5.0)
    values = x[:, None] + 0 * y
    assert len(traced(page, x, y, values, [1.5])[0]) == 1
    values[2, 2] = math.nan
    parts = traced(page, x, y, values, [1.5])[0]
    assert sorted(tuple(np.sort(part[:, 1])) for part in parts) == [(0, 1), (3, 4)]
    values[1, :] = math.inf
    assert traced(page, x, y, values, [1.5]) == [[]]


def test_a_ring_is_closed_and_higher_values_lie_on_its_left(page: Page) -> None:
    x = y = np.linspace(-1, 1, 21)
    (ring,), _ = traced(page, x, y, -(x[:, None] ** 2 + y**2), [-0.5, 3.0])
    assert ring[0].tolist() == ring[-1].tolist()
    assert np.hypot(*ring.T) == pytest.approx(math.sqrt(0.5), abs=5e-3)
    areas = ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]
    assert areas.sum() > 0


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (np.linspace(-5, 50, 12), (0.0, 1.0, 3.0)),
        (np.array([0.0, 1e13, 5e14, math.nan, math.inf, 2e20]), (1e13, 1e14, 1e15)),
        (np.geomspace(1e-8, 1e8, 12), (1e-6, 1.0, 1e7)),
    ],
)
def test_values_are_prepared_as_in_python(values: Any, levels: Any, page: Page) -> None:
    tamed, places = drawable(values, levels)
    source = """([sent, levels]) => {
      const found = gw.drawableValues(gridOf(sent).values, levels);
      return [Array.from(found.values, (value) => isNaN(value) ? null : value), [...found.levels]];
    }"""
    found, marks = page.evaluate(source, [sent([], [], values), list(levels)])
    assert np.array(found, float) == pytest.approx(tamed, rel=1e-12, nan_ok=True)
    assert marks == pytest.approx(places.tolist())


# ── painted ──────────────────────────────────────────────────────────────────────────────────────

BOX = [40, 20, SIDE, SIDE]
COLORS_AT = """([sent, levels, place, dots]) => {
  const grid = gridOf(sent);
  ctx.clearRect(0, 0, 640, 640);
  gw.paintBands(ctx, place, gw.levelRings(grid, levels));
  gw.hatchUndefined(ctx, place, grid);
  const { low, high } = gw.LIGHT_RELIEF, rgb = ([...color]) => `rgb(${color.slice(0, 3)})`;
  return [
    dots.map(([x, y]) => rgb(ctx.getImageData(x, y, 1, 1).data)),
    gw.bandColors(low, high, levels.length + 1),
  ];
}"""


def parts(color: str) -> list[int]:
    return [int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(",")]


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "saddle", "hill"])
def test_each_place_has_the_colour_of_its_band(name: str, page: Page) -> None:
    contours = contours_of(name)
    values, levels = drawable(contours.sheet.values, contours.levels)
    ranges = [[float(axis[0]), float(axis[-1])] for axis in (contours.sheet.x, contours.sheet.y)]
    place = {"box": BOX, "x": ranges[0], "y": ranges[1]}
    # Grid points inside the box, but for those whose neighbours lie in another band.
    band = np.searchsorted(levels, values)
    alike = np.ones(band.shape, bool)
    for shift in (1, -1):
        for axis in (0, 1):
            alike &= np.roll(band, shift, axis) == band
    chosen = [(i, j) for i, j in np.argwhere(alike) if 0 < i < 120 and 0 < j < 120][::37]
    step = SIDE / 120
    dots = [[40 + float(i) * step, 20 + SIDE - float(j) * step] for i, j in chosen]
    asked = [sent(contours.sheet.x, contours.sheet.y, values), levels.tolist(), place, dots]
    found, colors = ask(page, COLORS_AT, asked)
    near = [
        np.abs(np.subtract(parts(one), parts(colors[band[at]]))).max() <= 1
        for one, at in zip(found, map(tuple, chosen), strict=True)
    ]
    assert len(near) > 50
    assert all(near)


def test_what_is_undefined_is_hatched(page: Page) -> None:
    x = y = np.linspace(-1, 1, 21)
    values = np.where(x < -0.01, math.nan, x)[:, None] + 0 * y
    place = {"box": BOX, "x": [-1, 1], "y": [-1, 1]}
    dots = [[60 + 3 * k, 300] for k in range(60)] + [[400, 300]]
    found, colors = ask(page, COLORS_AT, [sent(x, y, values), [0.2, 0.9], place, dots])
    assert found[-1] == colors[1]
    assert len(set(found[:-1])) > 2  # ground, lines, their edges
    assert not set(found[:-1]) & set(colors)
    cells = page.evaluate("(sent) => gw.undefinedCells(gridOf(sent))", sent(x, y, values))
    assert len(cells) == 10
    assert cells[-1] == pytest.approx([-0.1, -1, 0, 1])


# ── numbers on curves ────────────────────────────────────────────────────────────────────────────

LABEL = "([line, text, size, box, taken]) => gw.labelOn(line, text, size, box, taken)"


def label_on(page: Page, line: Any, taken: Sequence[Sequence[float]] = ()) -> Any:
    asked = [np.ravel(line).tolist(), "12", [20, 10], [0, 0, 400, 400], list(taken)]
    return page.evaluate(LABEL, asked)


def test_a_number_stands_upright_in_the_middle_of_a_straight_line(page: Page) -> None:
    far = np.linspace(0, 1, 30)[:, None]
    for start, end in (((50, 300), (350, 100)), ((350, 100), (50, 300)), ((200, 50), (200, 350))):
        found = label_on(page, np.array(start) + far * np.subtract(end, start))
        assert (found["x"], found["y"]) == pytest.approx((200, 200))
        assert -math.pi / 2 <= found["angle"] <= math.pi / 2
        assert found["to"] - found["from"] == pytest.approx(30)


def test_a_number_seeks_the_straight_part_and_keeps_off_what_is_taken(page: Page) -> None:
    turns = np.linspace(0, 3 * math.pi, 60)
    wave = np.stack([20 + 12 * turns, 200 + 15 * np.sin(turns * 2)], -1)
    line = np.concatenate([wave, np.linspace((150, 200), (390, 200), 40)])
    free = label_on(page, line)
    assert free["x"] > 170
    taken = [free["x"] - 30, 150, 60, 100]
    beside = label_on(page, line, [taken])
    assert abs(beside["x"] - free["x"]) >= 40
    assert label_on(page, line, [[0, 0, 400, 400]]) is None
    assert label_on(page, wave[:4]) is None  # short


def test_a_gap_is_as_long_as_told(page: Page) -> None:
    line = [0, 0, 100, 0, 100, 50]
    source = "(line) => gw.withGap(Float64Array.from(line), 40, 120).map((part) => [...part])"
    assert page.evaluate(source, line) == [[0, 0, 40, 0], [100, 20, 100, 50]]


def test_numbers_on_a_map_lie_inside_and_not_on_each_other(page: Page) -> None:
    contours = contours_of("himmelblau")
    values, levels = drawable(contours.sheet.values, contours.levels)
    source = """([sent, levels, place]) => {
      const taken = [], found = [];
      for (const curves of gw.levelCurves(gridOf(sent), levels))
        for (const line of gw.pixelLines(place, curves))
          found.push(gw.labelOn(line, String(curves.level), [20, 10], place.box, taken));
      return [found, taken];
    }"""
    place = {"box": BOX, "x": [-5, 5], "y": [-5, 5]}
    asked = [sent(contours.sheet.x, contours.sheet.y, values), levels.tolist(), place]
    found, taken = page.evaluate(source, asked)
    assert len(taken) == sum(label is not None for label in found) > 12
    for k, (left, top, width, height) in enumerate(taken):
        assert left >= 40
        assert top >= 20
        assert left + width <= 600
        assert top + height <= 580
        for x, y, wide, high in taken[:k]:
            assert left >= x + wide or x >= left + width or top >= y + high or y >= top + height


def test_a_number_keeps_off_other_curves(page: Page) -> None:
    source = """([lines]) => {
      const box = [0, 0, 400, 400], free = gw.freeOfOthers(lines, box);
      return [free(0)(200, 200), free(0)(200, 203), free(1)(200, 203),
        lines.map((line, k) => gw.labelOn(line, "12", [20, 10], box, [], free(k)))];
    }"""
    straight, other = [0, 200, 400, 200], [100, 203, 300, 203]
    own, near, its_own, (label, _) = page.evaluate(source, [[straight, other]])
    assert (own, near, its_own) == (True, False, True)
    assert not 88 < label["x"] < 312
    assert page.evaluate(source, [[straight, [0, 203, 400, 203]]])[3] == [None, None]
