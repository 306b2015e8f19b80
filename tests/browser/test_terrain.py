"""The ground that the browser makes of f, held against Python's and matplotlib's."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator
from itertools import cycle, pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.curvature import curvature_picture
from gradwidgets.pictures.descent import descent_picture
from gradwidgets.pictures.gradient import VALLEY, gradient_picture
from gradwidgets.pictures.ground import Contours
from gradwidgets.pictures.levels import SPACINGS, choose_levels, short
from gradwidgets.pictures.pale import FIELD_NOTE
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.quadratic import LEVELS, NO_LEVEL
from gradwidgets.pictures.rates import MAP_LEVELS, Curvature
from gradwidgets.pictures.settings import Settings
from gradwidgets.pictures.surface import BOX, SEEN
from gradwidgets.pictures.terrain import (
    LEVELS_NOTE,
    arrow_scale,
    ratio_text,
    value_range,
)
from gradwidgets.rendering.contours import drawable
from gradwidgets.rendering.terrain import as_space, as_terrain, pack_grid
from tests.browser.asked import ask
from tests.browser.bare import bare_page

PRELUDE = """() => {
  const buffer = (text) => new DataView(decode(text).buffer);
  window.known = (values) => Array.from(values, (value) => Number.isFinite(value) ? value : null);
  window.sourceOf = ({ program, grid, variables }) => program
    ? gw.programSource(program[0], Float64Array.from(program[1]))
    : gw.gridSource(buffer(grid), variables);
  window.grounds = (sent) => gw.terrainOf(sent, sourceOf(sent));
  window.fineAt = (sent, inputs) => {
    const terrain = grounds(sent);
    terrain.at(inputs);
    while (!terrain.goOn());
    return terrain.at(inputs);
  };
  window.told = ({ sheet, ...ground }) => ({ ...ground,
    x: [...sheet.x], y: [...sheet.y], values: known(sheet.values),
    torn: sheet.torn && [...sheet.torn],
    curves: ground.curves.map(({ points, starts }) => [[...points], [...starts]]),
    arrows: [...ground.arrows], mesh: null });
}"""

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]
WINDOWS = {"domain": (0.0, 1.0), "near": (0.1, 0.25), "aside": (0.4, 1.0), "close": (0.3, 0.01)}
# Each function with one other window, each window with several functions.
IN_TURN = list(zip(TWO, cycle(list(WINDOWS)[1:])))
HOSTILE = [
    "1/x + y",
    "x/y",
    "log(x) + y",
    "sqrt(1 - x^2 - y^2)",
    "floor(x) + y",
    "where(x + y > 0, 3 + y, y)",
    "1/(x - 0.513) + y",
    "1e-9*floor(y) + 1e-9*x",
    "tanh(200*x) + y",
    "exp(5*x)*y",
    "x**2 % 1 + y",
    "1e200*x*y",
    "x**y",
    "sin(x)/x + y",
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        page.evaluate(PRELUDE)
        yield page


def sent(picture: Picture, as_grid: bool = False) -> dict[str, Any]:
    """What the page gets of a picture's terrain."""
    assert picture.field is not None
    panels = {
        panel.name: {
            "x": panel.x,
            "y": panel.y,
            "terrain": as_terrain(panel),
            "space": as_space(panel.space),
        }
        for panel in picture.panels
    }
    told: dict[str, Any] = {"panels": panels, "variables": picture.field.variables}
    if as_grid:
        return told | {"grid": b64encode(zlib.decompress(pack_grid(picture))).decode()}
    assert picture.terrain is not None
    data, constants = picture.terrain.program(*picture.field.middle).as_data()
    return told | {"program": [data, constants.tolist()]}


def inputs(picture: Picture, **others: float) -> dict[str, float]:
    controls = (*picture.controls, *picture.ambient)
    return {control.name: control.start for control in controls} | others


def fine(page: Page, picture: Picture, panel: str = "map", **others: Any) -> dict[str, Any]:
    """A panel's ground when all is done."""
    as_grid = others.pop("as_grid", False)
    source = "([sent, inputs, panel]) => told(fineAt(sent, inputs).grounds[panel])"
    found = ask(page, source, [sent(picture, as_grid), inputs(picture, **others), panel])
    return dict(found)


def shifted(field: ScalarField, window: str) -> ScalarField:
    """A field seen through a part of its domain: where it begins, and how wide it is."""
    at, part = WINDOWS[window]
    ends = {
        name: (low + at * (high - low), low + (at + part) * (high - low))
        for name, (low, high) in field.domain.items()
    }
    return field.with_domain(ends)


def contours_of(picture: Picture, panel: int = 0) -> Contours:
    contours = picture.panels[panel].contours
    assert contours is not None
    return contours


# ── levels ───────────────────────────────────────────────────────────────────────────────────────


# Each function with two of the three spacings, on its domain and in its other window.
BOTH_WINDOWS = [shown for name, turn in IN_TURN for shown in ((name, "domain"), (name, turn))]
SPACED = [(*shown, spacing) for shown, spacing in zip(BOTH_WINDOWS, cycle(SPACINGS))]


@pytest.mark.parametrize(("name", "window", "spacing"), SPACED)
def test_the_levels_and_what_is_told_of_them_are_python_s(
    name: str, window: str, spacing: str, page: Page
) -> None:
    picture = gradient_picture(shifted(catalog[name].field, window), levels=spacing)
    wanted, found = contours_of(picture), fine(page, picture)
    assert tuple(found["levels"]) == wanted.levels
    assert (found["note"], found["told"]) == (wanted.note, wanted.told)
    assert found["valley"] == wanted.valley
    numbers = ["" if k % 2 == 0 else short(level) for k, level in enumerate(wanted.levels)]
    assert found["texts"] == numbers


RNG = np.random.default_rng(3)
VALUES = {
    "nothing": np.full(121, np.nan),
    "flat": np.full(121, 7.0),
    "a plain with a floor below zero": RNG.exponential(size=121) ** 6 - 3.0,
    "crowded at the top": 1e5 - RNG.exponential(size=121) ** 8,
    "far from zero": 1e9 + RNG.normal(size=121),
    "tiny": 1e-280 * RNG.normal(size=121),
    "huge, with infinities": np.where(RNG.random(121) < 0.1, np.inf, 1e300 * RNG.normal(size=121)),
    "many decades": 10.0 ** RNG.uniform(-80, 80, 121),
    "a few holes": np.where(RNG.random(121) < 0.1, np.nan, RNG.normal(size=121)),
    "negative decades": -(10.0 ** RNG.uniform(-30, 3, 121)),
    "a lonely peak": np.append(RNG.normal(size=120), 1e6),
}


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_levels_are_chosen_alike_from_any_values(values: Any, spacing: str, page: Page) -> None:
    span = value_range(values)
    wanted = choose_levels(values.reshape(11, 11), span, spacing)
    source = """([values, spacing]) => gw.chooseLevels(
      Float64Array.from(values, (value) => value === null ? NaN : Number(value)), spacing)"""
    told = [None if np.isnan(value) else str(value).replace("inf", "Infinity") for value in values]
    found = page.evaluate(source, [told, spacing])
    assert found["span"] == pytest.approx(list(span), rel=1e-15)
    assert found["levels"] == pytest.approx(list(wanted.values), rel=1e-12)
    assert (found["note"], found["told"]) == (wanted.note, wanted.told)
    assert found["valley"] == wanted.valley


def test_scales_are_rounded_and_written_as_in_python(page: Page) -> None:
    wanted = [10.0**power for power in np.linspace(-9, 9, 181)]
    scales = [arrow_scale(np.array([1.0]), longest) for longest in wanted]
    source = "(all) => all.map((longest) => gw.arrowScale([1], longest))"
    assert page.evaluate(source, wanted) == pytest.approx(scales, rel=1e-14)
    assert page.evaluate("(all) => all.map(gw.ratioText)", scales) == list(map(ratio_text, scales))
    numbers = [sign * scale for scale in scales for sign in (1, -2.5)] + [0.0, 1e-4, 1e6, 250.0]
    assert page.evaluate("(all) => all.map((number) => gw.shortNumber(number))", numbers) == list(
        map(short, numbers)
    )


# ── curves, jumps and gaps ───────────────────────────────────────────────────────────────────────

SIDE = 560  # pixels of a map


def lines(curves: Any) -> list[list[Any]]:
    return [
        [np.array(points[2 * a : 2 * b]).reshape(-1, 2) for a, b in pairwise(starts)]
        for points, starts in curves
    ]


def apart(one: Any, two: Any) -> float:
    """How far the farthest point of two lines is from the other line's points."""
    far = np.hypot(*np.moveaxis(one[:, None] - two[None], -1, 0))
    return float(max(far.min(0).max(), far.min(1).max()))


def check_curves(found: Any, contours: Contours) -> None:
    x, y, values, torn, _ = contours.sheet
    tamed, levels = drawable(values, contours.levels)
    if torn is not None:
        tamed = np.where(torn, np.nan, tamed)
    drawn = Figure().add_subplot().contour(x, y, tamed.T, levels=levels, corner_mask=False)
    scale = SIDE / np.array([np.ptp(x), np.ptp(y)])
    for own, other in zip(lines(found["curves"]), drawn.allsegs, strict=True):
        drawn_there = [line for line in other if len(line)]
        assert len(own) == len(drawn_there)
        if own:
            assert apart(np.concatenate(own) * scale, np.concatenate(drawn_there) * scale) < 0.5


@pytest.mark.parametrize(("name", "window"), IN_TURN)
def test_the_level_curves_are_matplotlib_s(name: str, window: str, page: Page) -> None:
    picture = gradient_picture(shifted(catalog[name].field, window))
    check_curves(fine(page, picture), contours_of(picture))


@pytest.mark.parametrize("text", HOSTILE)
def test_jumps_and_gaps_are_python_s(text: str, page: Page) -> None:
    picture = gradient_picture(ScalarField(text, variables=("x", "y")))
    contours, found = contours_of(picture), fine(page, picture)
    x, y, values, torn, _ = contours.sheet
    own = np.array(found["values"], float).reshape(values.shape)
    assert (np.isnan(own) == np.isnan(values)).all()  # what is hatched
    known = np.isfinite(values)
    assert own[known] == pytest.approx(
        values[known], rel=1e-9, abs=1e-12 * np.abs(values[known]).max()
    )
    assert found["x"] == x.tolist()
    assert found["y"] == y.tolist()
    if found["torn"] is None:
        assert not np.any(torn)
    else:
        assert (np.array(found["torn"], bool).reshape(values.shape) == torn).all()
    assert tuple(found["levels"]) == contours.levels
    check_curves(found, contours)


# ── arrows, surfaces ─────────────────────────────────────────────────────────────────────────────


# What is wild with arrows of both kinds, the others with one of them in turn.
WILD = [(text, "domain") for text in ("1/x + y", "log(x)*y", "5", "1e200*x*y")]
POINTED = [(*shown, kind) for shown, kind in zip(IN_TURN, cycle([False, True]))]
POINTED += [(*shown, kind) for shown in WILD for kind in (False, True)]


@pytest.mark.parametrize(("name", "window", "normalized"), POINTED)
def test_pale_arrows_are_python_s(name: str, window: str, normalized: bool, page: Page) -> None:
    field = catalog[name].field if name in TWO else ScalarField(name, variables=("x", "y"))
    picture = gradient_picture(shifted(field, window), normalized=normalized, density=11)
    found, wanted = fine(page, picture), contours_of(picture).arrows
    size = min(high - low for low, high in (picture.panels[0].x, picture.panels[0].y))
    ends = np.reshape(found["arrows"], (-1, 4))
    assert ends == pytest.approx(np.asarray(wanted), abs=1e-9 * size)
    assert found["arrowNote"] == next(m for m in picture.marks if m.name == FIELD_NOTE).texts[0]


# Where a surface stands changes nothing of its heights: alone and beside its map in turn.
@pytest.mark.parametrize(
    ("name", "view"), list(zip([*TWO, "log(x) + y", "5"], cycle(["surface", "both"])))
)
def test_a_surface_s_heights_are_python_s(name: str, view: str, page: Page) -> None:
    field = catalog[name].field if name in TWO else ScalarField(name, variables=("x", "y"))
    picture = gradient_picture(field, view=view)
    scene = picture.scene((*field.middle, 30.0, -30.0, 30.0))
    space = scene.panel("surface").space
    assert space is not None
    source = """([sent, inputs, box]) => {
      const ground = fineAt(sent, inputs).grounds.surface;
      const space = () => gw.spaceOver(sent.panels.surface.space, ground, box ?? undefined);
      if (space() !== space()) throw Error("it is made anew");
      return space();
    }"""
    for box in (scene[BOX].tolist(), None):
        found = ask(page, source, [sent(picture), inputs(picture), box])
        for part in ("x", "y", "levels"):
            assert found[part] == pytest.approx(list(getattr(space, part)), abs=1e-12)
        heights = np.array(found["heights"], float)
        assert heights == pytest.approx(space.heights, abs=1e-9, nan_ok=True)
        for part in ("floor", "centre", "half", "turns"):
            assert found[part] == pytest.approx(getattr(space, part))


# ── the program's inputs and the captions ────────────────────────────────────────────────────────

SEEN_AT = "([sent, inputs]) => { const { grounds, ...told } = fineAt(sent, inputs); return told; }"


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "hill"])
@pytest.mark.parametrize("make", [gradient_picture, curvature_picture, partials_picture])
def test_ambient_numbers_and_captions_follow_the_window(make: Any, name: str, page: Page) -> None:
    field = catalog[name].field
    there = make(shifted(field, "aside"))
    ends = {c.name: c.start for c in there.ambient if c.name.endswith((" low", " high"))}
    here = make(field)
    told = ask(page, SEEN_AT, [sent(here), inputs(here, **ends)])
    wanted = {c.name: c.start for c in there.ambient if c.name in (VALLEY, *LEVELS)}
    assert told["ambient"] == wanted
    texts = {m.name: m.texts[0] for m in there.marks if m.name in (LEVELS_NOTE, FIELD_NOTE)}
    assert told["captions"] == texts
    assert NO_LEVEL not in told["ambient"].values() or make is curvature_picture


def test_the_values_that_a_surface_shows_follow_too(page: Page) -> None:
    field = catalog["peaks"].field
    here, there = (gradient_picture(f, view="both") for f in (field, shifted(field, "aside")))
    ends = {c.name: c.start for c in there.ambient}
    names = [f"{SEEN} low", f"{SEEN} high"]
    seen = dict.fromkeys(names, 0.0)
    told = ask(page, SEEN_AT, [sent(here), inputs(here, **ends | seen)])["ambient"]
    assert [told[name] for name in names] == pytest.approx([ends[name] for name in names])


def test_hidden_coordinates_move_the_ground(page: Page) -> None:
    field = ScalarField("x**2 + y*z + z")
    picture = partials_picture(field, axes=("z", "x"), at={"y": 0.5})
    there = partials_picture(field, axes=("z", "x"), at={"y": 2.5})
    found, wanted = fine(page, picture, y=2.5), contours_of(there)
    assert np.array(found["values"]).reshape(121, 121) == pytest.approx(wanted.sheet.values)
    assert tuple(found["levels"]) == wanted.levels
    assert found["told"] == wanted.told


# ── grids, and what stands still ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["rosenbrock", "hill", "floor(x) + y", "log(x)*y"])
def test_a_grid_makes_the_same_ground_as_a_program(name: str, page: Page) -> None:
    field = catalog[name].field if name in TWO else ScalarField(name, variables=("x", "y"))
    picture = gradient_picture(field)
    by_program, by_grid = fine(page, picture), fine(page, picture, as_grid=True)
    assert by_grid["arrowNote"] is None
    for part in ("levels", "note", "told", "valley", "texts", "x", "y", "torn"):
        assert by_grid[part] == by_program[part], part
    for part in ("values", "arrows", "span"):
        one, other = (np.array(found[part], float) for found in (by_grid, by_program))
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True)
    assert len(by_grid["curves"]) == len(by_program["curves"])


def test_a_callable_that_branches_has_a_ground(page: Page) -> None:
    def cliff(x: Any, y: Any) -> Any:
        return x * y if x > 0.3 else y - 3.0

    picture = gradient_picture(ScalarField(cliff), view="both")
    assert picture.terrain is not None
    assert picture.terrain.current(*ScalarField(cliff).middle) is None
    found = fine(page, picture, as_grid=True)
    sheet = contours_of(picture).sheet
    assert np.array(found["values"]).reshape(sheet.values.shape) == pytest.approx(sheet.values)
    assert tuple(found["levels"]) == contours_of(picture).levels
    surface = fine(page, picture, "surface", as_grid=True)
    assert len(surface["x"]) == 61


def test_a_map_of_rates_brings_its_values(page: Page) -> None:
    settings = Settings(method="momentum", rate_map=True)
    picture = descent_picture(catalog["bowl"].field, settings, curvature=Curvature(2.0, 20.0))
    told = sent(picture)
    assert list(told["panels"]["rates"]["terrain"]) == ["levels", "x", "y", "values"]
    found = fine(page, picture, "rates")
    assert tuple(found["levels"]) == MAP_LEVELS
    contours = next(p.contours for p in picture.panels if p.name == "rates")
    assert contours is not None
    assert np.array(found["values"]) == pytest.approx(
        contours.sheet.values[::2, ::2].ravel(), rel=1e-4
    )


# ── while things move ────────────────────────────────────────────────────────────────────────────


def test_a_coarse_ground_comes_at_once_and_the_fine_one_in_slices(page: Page) -> None:
    picture = gradient_picture(catalog["rastrigin"].field)
    source = """([sent, inputs]) => {
      const terrain = grounds(sent), first = terrain.at(inputs).grounds.map;
      const again = terrain.at({ ...inputs, x: 0.1 }).grounds.map, slices = [];
      for (let done = false; !done; ) {
        const start = performance.now();
        done = terrain.goOn();
        slices.push(performance.now() - start);
      }
      const last = terrain.at(inputs).grounds.map;
      const aside = { ...inputs, "x low": -1 }, other = terrain.at(aside).grounds.map;
      return { same: first === again, stays: terrain.at(aside).grounds.map === other,
        sizes: [first, last].map(({ sheet }) => sheet.x.length), fine: [first.fine, last.fine],
        levels: [first.levels, last.levels], moved: other !== last, left: other.sheet.x[0] };
    }"""
    found = ask(page, source, [sent(picture), inputs(picture)])
    assert found["same"]
    assert found["stays"]
    assert found["moved"]
    assert found["left"] == -1
    assert found["fine"][1]
    assert found["sizes"][1] == 121
    assert found["levels"][0] == found["levels"][1]


def test_a_program_of_some_outputs_is_shorter_and_the_same(page: Page) -> None:
    picture = gradient_picture(catalog["beale"].field)
    source = """([{ program: [data, constants] }]) => {
      const numbers = Float64Array.from(constants);
      const point = [Float64Array.of(1.5, -2), Float64Array.of(0.5, 3)];
      const all = gw.over(gw.lift(data, numbers), ...point), short = gw.onlyOutputs(data, [2, 0]);
      const some = gw.over(gw.lift(short, numbers), ...point);
      return [all.map((part) => [...part]), some.map((part) => [...part]),
        data.steps.length, gw.onlyOutputs(data, [0]).steps.length];
    }"""
    every, some, whole, part = ask(page, source, [sent(picture)])
    assert some == [every[2], every[0]]
    assert part < whole
