"""What the browser computes and draws, held against Python's numbers and matplotlib's artists."""

from __future__ import annotations

import math
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.wording import fill, format_number
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow, Label, Marker, Polyline, Surface
from gradwidgets.pictures.numbers import row
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.pictures.surface import with_surface
from gradwidgets.rendering import layout, paint
from gradwidgets.rendering.surface import Turn, on_panel, pieces, project
from gradwidgets.rendering.wire import sent as sent_of
from tests.browser.asked import ask
from tests.browser.bare import bare_page, wire

# A canvas context that notes every shape with the state it was drawn in. Of a surface, whose
# thousands of cells have a test of their own, it notes the name.
RECORDER = """() => {
  const named = (ctx, panel, mark) => ctx.fillText(mark.name);
  window.recorded = (spec, numbers, surface = named) => {
    const shapes = [];
    const kept = [];
    let state = { dash: [], clip: null };
    let path = [];
    const known = {
      save: () => kept.push({ ...state }),
      restore: () => { state = kept.pop(); },
      beginPath: () => { path = []; },
      clip: () => { state.clip = path; },
      setLineDash: (dash) => { state.dash = dash; },
      measureText: (text) => ({ width: 8 * text.length }),
    };
    const drawing = ["fill", "stroke", "fillText", "strokeText"];
    const other = (name) => (...args) => {
      if (drawing.includes(name)) shapes.push({ ...state, name, path, args });
      else path.push([name, ...args]);
    };
    gw.draw(new Proxy({}, {
      get: (_, name) => known[name] ?? other(name),
      set: (_, name, value) => { state[name] = value; return true; },
    }), spec, numbers, surface);
    return shapes;
  };
  window.received = ({ spec, numbers }) => gw.unpack(new DataView(decode(numbers).buffer), spec);
}"""
MESH = """({ spec, numbers }) => {
  const marks = spec.marks.filter(({ name }) => name === "surface mesh");
  const shapes = recorded({ ...spec, marks }, received({ spec, numbers }), gw.drawSurface);
  const steps = shapes.flatMap(({ path }) => path);
  return steps.filter(([step]) => /To$/.test(step)).map(([_, ...place]) => place);
}"""
BY_MARK = """(sent) => Object.fromEntries(sent.spec.marks.map((mark) =>
  [mark.name, recorded({ ...sent.spec, marks: [mark] }, received(sent))]))"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        page.evaluate(RECORDER)
        yield page


# ── scenes ───────────────────────────────────────────────────────────────────────────────────────

NOTHING = math.nan
ALONG = tuple(np.linspace(0, 360, 25))
PANELS = (
    Panel("left", (-2.0, 2.0), (-1.0, 3.0), equal=True),
    Panel("right", (0, 360), (-1.5, 1)),
    Panel("powers", (-4.0, 1.0), (-6.0, 2.0), xlog=True, ylog=True, tall=0.7),
)
CONTROLS = (
    Control("x", "x", -2.0, 2.0, 0.01, 0.5),
    Control("y", "y", -1.0, 3.0, 0.01, -0.25),
    Control("angle", "angle", 0.0, 360.0, 1.0, 30.0),
    Control("rate", "rate", 1e-4, 10.0, 0.01, 0.1, "log"),
)
SIDES = [(0, 0), *((math.cos(turn), math.sin(turn)) for turn in np.linspace(0, 5.5, 8))]
MARKS = (
    Polyline(name="line", panel="left", color="#111111", width=1.2, dash=(5, 4)),
    Polyline(name="curve", panel="right", color="#222222", width=2.5, along=ALONG),
    Polyline(name="area", panel="left", color="#121212", width=0, fill="#ABCDEF"),
    Polyline(name="below", panel="right", color="#131313", fill="#BCDEFA", along=ALONG[:3]),
    Polyline(name="dots", panel="left", color="#141414", width=1, fill="#CDEFAB", dots=6.0),
    Polyline(name="only dots", panel="powers", color="#151515", width=0, dash=(2, 2), dots=3.0),
    Arrow(name="arrow", panel="left", color="#333333", width=4.0),
    Arrow(name="arrows", panel="right", color="#444444", width=1.2),
    Marker(name="circles", panel="left", color="#555555", size=10),
    Marker(name="diamond", panel="right", color="#666666", shape="diamond"),
    Marker(name="square", panel="right", color="#777777", shape="square"),
    Marker(name="triangle", panel="right", color="#787878", shape="triangle", size=12),
    Marker(name="down", panel="right", color="#767676", shape="triangle down", size=12),
    Marker(name="tick", panel="powers", color="#797979", sets=("rate", None)),
    Marker(name="tick of two", panel="left", color="#7A7A7A", shape="triangle", sets=("x", "y")),
    *(Label(name=f"side {k}", panel="left", texts=(f"side {{.{k}}}",)) for k in range(len(SIDES))),
    Label(name="choice", panel="right", color="#888888", size=11, texts=("first", "second {5.1}")),
    Label(name="hidden", panel="left", texts=("never",)),
    Label(name="nowhere", panel="left", texts=("never",)),
    Label(name="caption", panel="", texts=("{.2} and {.2}",)),
    Marker(name="point", panel="left", color="#999999", moves=("x", "y")),
    Marker(name="direction", panel="right", color="#AAAAAA", moves=("angle", None)),
    Marker(name="speed", panel="powers", color="#BBBBBB", moves=("rate", None)),
    Marker(name="away", panel="left", color="#CCCCCC", moves=("rate", None), origin="x"),
)


def fixture_numbers(x: Any, y: Any, angle: Any, rate: Any) -> dict[str, Any]:
    """Lines with gaps; areas; arrows long, short, of no length, undefined and far outside."""
    heights = np.where(np.array(ALONG) < 90, NOTHING, np.sin(np.radians(ALONG)))
    gone = (NOTHING, NOTHING)
    short = [(180, 0, 180 + 10.0**-k, 10.0**-k / 300) for k in range(-2, 7)]
    sides = {f"side {k}": row(0.5, 1, *side, 0, k / 8) for k, side in enumerate(SIDES)}
    return sides | {
        "line": np.array([(-1, 0), (0, 1.5), gone, (1, 1), (1.5, 2.5), (2.5, 9)]),
        "curve": heights,
        "area": np.array([(-1, 0), (1, 0.5), (3, 2.5), (0, 2)]),
        "below": np.array([0.1, 0.9, -0.2]),
        "dots": np.array([(-1.5, 0), (-1, 0.5), gone, (-0.5, 1), (-1.5, 2.5)]),
        "only dots": np.array([(-3, -5), (-2, 0), (-2, NOTHING), (0, 9)]),
        "arrow": row(x, y, x + 0.7, y + 0.4),
        "arrows": np.array([*short, (90, 0, 90, 0), (90, 0, *gone), (0, 0, 4e4, -3)]),
        "circles": np.array([(-1.0, 1.0), (1.0, 2.0)]),
        "diamond": row(120, 0.5),
        "square": row(240, -0.5),
        "triangle": row(300, 0.5),
        "down": row(330, -0.5),
        "tick": row(math.log10(0.2), -6),
        "tick of two": row(-1, 2.5),
        "choice": row(200, -1, 1, 0, 1, 0.125),
        "hidden": row(0, 0, 0, 1, -1),
        "nowhere": row(*gone, 0, 1, 0),
        "caption": row(0, 0, 0, 0, 0, x, y),
        "point": row(x, y),
        "direction": row(angle, 0.5),
        "speed": row(np.log10(rate), -6),
        "away": row(1.9, -0.9),
    }


FIXTURE = Picture(PANELS, Layer(), MARKS, CONTROLS, fixture_numbers)
PARTLY = ScalarField("log(x) + sqrt(y)", domain={"x": (-1, 3), "y": (-1, 3)})
SCENES = {
    "fixture": (FIXTURE, (0.5, 1.0, 200.0, 0.02)),
    "gradient": (gradient_picture(catalog["bowl"].field), (1.0, 2.0, 30.0)),
    "gradient, steep": (gradient_picture(catalog["rosenbrock"].field), (-1.0, -1.0, 271.0)),
    "gradient, level": (gradient_picture(catalog["saddle"].field), (0.0, 0.0, 90.0)),
    "gradient, undefined": (gradient_picture(PARTLY), (-0.5, 1.0, 0.0)),
    "partials": (partials_picture(catalog["peaks"].field), (0.3, -1.25)),
    "partials, undefined": (partials_picture(PARTLY), (-0.5, 1.0)),
    "partials, steep": (partials_picture(ScalarField("exp(4*x)*y")), (2.5, 1.0)),
    "partials, huge": (partials_picture(ScalarField("exp(60*x)*y")), (2.5, 1.0)),
    "partials, high": (partials_picture(ScalarField("1e7 + x**2*y")), (0.3, 0.7)),
    "partials, pole": (partials_picture(ScalarField("1/x")), (1.0,)),
    "partials, one": (partials_picture(ScalarField("sin(x)/x")), (0.5,)),
    "derivative": (derivative_picture(ScalarField("sin(x)")), (1.0, 0.5)),
    "derivative, corner": (derivative_picture(ScalarField("abs(x)")), (0.0, 1e-9)),
    "derivative, undefined": (derivative_picture(ScalarField("log(x)")), (-1.0, 0.5)),
    "derivative, pole": (derivative_picture(ScalarField("1/x")), (1e-3, 0.5)),
    "partials, three": (partials_picture(ScalarField("x*y + sin(z)"), at={"z": 1}), (1, 2, 1)),
}
START = (0.5, 1.0, 200.0, 0.02)
SURFACES = {
    "surface": (
        gradient_picture(catalog["bowl"].field, view="both"),
        (1.0, 2.0, 30.0, -30.0, 30.0),
    ),
    "surface, modelled": (
        with_surface(gradient_picture(catalog["peaks"].field), "surface", second=True),
        (0.5, 0.7, 30.0, 140.0, 60.0),
    ),
    "surface, undefined": (partials_picture(PARTLY, view="both"), (-0.5, 1.0, 50.0, 20.0)),
}
SCENES |= SURFACES
every_scene = pytest.mark.parametrize("name", SCENES)
every_surface = pytest.mark.parametrize("name", SURFACES)


# ── places and numbers ───────────────────────────────────────────────────────────────────────────


def test_pixels_are_pythons_and_lead_back(page: Page) -> None:
    rng = np.random.default_rng(3)
    panel, box = Panel("", (-3.0, 5.0), (100.0, 140.0)), layout.Box(62, 34, 430, 217)
    places = rng.uniform((-9, 50), (9, 200), (1000, 2))
    there, back = page.evaluate(
        """([panel, places]) => {
          const there = places.map(([x, y]) => gw.dataToPixel(panel, x, y));
          return [there, there.map(([x, y]) => gw.pixelToData(panel, x, y))];
        }""",
        [{"box": [62, 34, 430, 217], "x": panel.x, "y": panel.y}, places.tolist()],
    )
    np.testing.assert_allclose(there, layout.to_pixels(panel, box, places), rtol=1e-12)
    np.testing.assert_allclose(back, places, rtol=1e-12)


@pytest.mark.parametrize(
    ("value", "grid", "snapped"),
    [
        (0.123, None, 0.12),
        (0.125, 0.05, 0.15),
        (-0.004, None, 0.0),
        (0.1 + 0.2, 1e-5, 0.3),
        (7, None, 2),
        (-7, None, -2),
        (1.23456, 1e-5, 1.23456),
        (1.234567e-13, 1e-16, 1.235e-13),
    ],
)
def test_a_value_snaps_to_its_grid_within_its_range(
    page: Page, value: float, grid: float | None, snapped: float
) -> None:
    control = {"low": -2, "high": 2, "step": 0.01}
    assert page.evaluate(
        "([control, value, grid]) => gw.snap(control, value, grid ?? undefined)",
        [control, value, grid],
    ) == (snapped)


def awkward_numbers() -> Iterator[float]:
    """Doubles of any bits and of any size, ties, what rounds up to a power of ten, no numbers."""
    rng = np.random.default_rng(1)
    yield from rng.integers(0, 2**64, 1000, dtype=np.uint64).view(float).tolist()
    yield from (rng.uniform(-1, 1, 2000) * 10.0 ** rng.integers(-14, 20, 2000)).tolist()
    yield from (k / 16 for k in range(-200, 200))
    yield from (10**k * (1 + error) for k in range(-13, 16) for error in (0, 1e-16, -1e-9, -1e-16))
    yield from (5 * 10.0**-k for k in range(14))
    yield from (math.nextafter(5 * 10.0**-k, side) for k in range(14) for side in (0, 1))
    yield from (0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308)


def test_numbers_read_as_in_python(page: Page) -> None:
    cases = [(number, decimals) for number in awkward_numbers() for decimals in range(6)]
    cases += [(number, 2, power) for number in awkward_numbers() for power in (-30, -8, 0, 9)]
    found = page.evaluate("(cases) => cases.map((one) => gw.formatNumber(...one))", cases)
    wrong = [
        (*case, text)
        for case, text in zip(cases, found, strict=True)
        if text != format_number(*case)
    ]
    assert len(cases) > 20_000
    assert wrong == []


@pytest.mark.parametrize("digits", ["0", "2", "0e0", "2e9", "1e-8"])
def test_a_number_s_own_digits_read_as_in_python(page: Page, digits: str) -> None:
    slot, numbers = f"{{.{digits}+}}", [*awkward_numbers()]
    found = page.evaluate("([slot, all]) => all.map((x) => gw.fill(slot, [x]))", [slot, numbers])
    wrong = [(x, text) for x, text in zip(numbers, found, strict=True) if text != fill(slot, [x])]
    assert wrong == []


@st.composite
def ties(draw: st.DrawFn) -> tuple[float, int, int | None]:
    """A number that is half a unit, exactly or nearly, or the float beside it."""
    decimals = draw(st.integers(0, 6))
    power = draw(st.none() | st.integers(-290, 290))
    halves = draw(st.integers(-(10**9), 10**9)) * 2 + 1
    nearest = float(f"{5 * halves}e{(power or 0) - decimals - 1}")
    binary = halves * 2.0 ** -draw(st.integers(1, 12))
    value = draw(st.sampled_from([nearest, binary, 0.5 * draw(st.sampled_from([-1, 1]))]))
    return (
        math.nextafter(value, draw(st.sampled_from([value, -math.inf, math.inf]))),
        decimals,
        power,
    )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(ties(), min_size=60, max_size=60))
def test_halves_are_rounded_by_one_rule(page: Page, cases: list[Any]) -> None:
    found = page.evaluate("(cases) => cases.map((one) => gw.formatNumber(...one))", cases)
    assert found == [format_number(*case) for case in cases]


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("no slot", []),
        ("{.2}{.0}", [0.125, 2.5]),
        ("f = {.2}, slope {8.1@0}, {9.3@2}, {3.0}", [41.0, -7.25, math.nan]),
        ("{12.1}|{12.1@0}|{12.5@1}", [-math.inf, 2.5e-9]),
        ("{} {x} {2} {.e1} {a.1} {gg} {g2}", []),
        ("{6g}|{2g@0}|{9g}|", [2.0, -0.0123]),
        ("{.10}, {.2e-8}, {9.3e0@1}, {.1e9@0}, {.2e-200@2}", [1.5e-8, -0.0, 1.25e-200]),
        ("{g}, {.1}, {g}, {g@0}", [0.0123, 2, -1e9]),
    ],
)
def test_templates_fill_as_in_python(page: Page, template: str, values: list[float]) -> None:
    found = page.evaluate("([template, values]) => gw.fill(template, values)", [template, values])
    assert found == fill(template, values)


def test_a_label_that_is_not_yet_known_has_no_text(page: Page) -> None:
    shown = """(choice) => gw.labelText(
      { texts: ["at {.1}", "none"] }, Float64Array.of(0, 0, 0, 0, choice ?? NaN, 0.5))"""
    assert [page.evaluate(shown, choice) for choice in (0, 1, -1, None)] == [
        "at 0.5",
        "none",
        "",
        "",
    ]


def test_three_digits_read_as_in_python(page: Page) -> None:
    edges = (10.0**k * (1 + error) for k in range(-8, 9) for error in (-5e-4, -4.99e-4, 0, 5e-3))
    numbers = [*awkward_numbers(), *edges, *(k / 8 + 1 for k in range(100))]
    found = page.evaluate("(numbers) => numbers.map((x) => gw.fill('{g}', [x]))", numbers)
    wrong = [(x, text) for x, text in zip(numbers, found, strict=True) if text != fill("{g}", [x])]
    assert len(numbers) > 3000
    assert wrong == []


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────

ARRIVED = """(sent) => {
  const numbers = received(sent);
  const marks = (kind, read) => Object.fromEntries(sent.spec.marks
    .filter((mark) => mark.kind === kind).map((mark) => [mark.name, read(mark)]));
  const seen = (mark) => gw.onPanel(sent.spec, numbers, mark);
  return {
    values: numbers.values,
    marks: Object.fromEntries(Object.entries(numbers.marks).map(([name, own]) => [name, [...own]])),
    seen: Object.fromEntries(sent.spec.marks.map((mark) => [mark.name, [...seen(mark)]])),
    texts: marks("Label", (mark) => gw.labelText(mark, seen(mark))),
    lines: marks("Polyline", (mark) =>
      [...gw.linePoints(sent.spec.panels[mark.panel], mark, seen(mark))]),
  };
}"""


@every_scene
def test_all_numbers_arrive(page: Page, name: str) -> None:
    picture, values = SCENES[name]
    scene, sent = wire(picture, values, 960)
    arrived = SimpleNamespace(**ask(page, ARRIVED, sent))
    assert list(arrived.values.items()) == list(scene.values.items())
    assert list(arrived.marks) == list(sent_of(scene))
    for part, numbers in sent_of(scene).items():
        found = np.array(arrived.marks[part], float)  # an integer where it is one
        np.testing.assert_array_equal(found, numbers.ravel())
    assert arrived.texts == {m.name: scene.text(m.name) for m in scene.marks if type(m) is Label}
    for mark in (mark for mark in scene.marks if isinstance(mark, Polyline) and mark.along):
        check_curve(np.reshape(np.array(arrived.lines[mark.name], float), (-1, 2)), scene, mark)


def check_curve(places: np.ndarray, scene: Scene, mark: Polyline) -> None:
    """Over its own places; it is followed four heights beyond its panel."""
    low, high = scene.panel(mark.panel).y
    reach = 4 * (high - low)
    expected = np.where(np.isfinite(scene[mark.name]), scene[mark.name], np.nan)
    np.testing.assert_array_equal(places[:, 0], mark.along)
    np.testing.assert_array_equal(places[:, 1], expected.clip(low - reach, low + reach))


AT_THE_END = {
    "all": (0.5, -0.0, 1e-308, 1e300),
    "some": (1.0, NOTHING, math.inf, NOTHING, NOTHING),
    "none": (NOTHING, NOTHING),
    "nothing": (),
}


def test_nan_at_the_end_stays_in_python_and_is_there_again(page: Page) -> None:
    marks = tuple(Marker(name=name, panel="left") for name in AT_THE_END)
    numbers = {name: np.array(own) for name, own in AT_THE_END.items()}
    _, sent = wire(Picture(PANELS, Layer(), marks, (), lambda: numbers), (), 960)
    assert len(b64decode(sent["numbers"])) == 4 * 4 + 8 * (4 + 3)
    arrived = ask(page, ARRIVED, sent)["marks"]
    for name, own in AT_THE_END.items():
        np.testing.assert_array_equal(arrived[name], own)
        assert [math.copysign(1, x) for x in arrived[name]] == [math.copysign(1, x) for x in own]


def test_numbers_of_another_spec_are_none_and_their_place_in_a_message_is_no_matter(
    page: Page,
) -> None:
    _, sent = wire(*SCENES["gradient"], 960)
    lengths, shorter, same = page.evaluate(
        """({ spec, numbers }) => {
          const bytes = decode(numbers);
          const shifted = new Uint8Array(bytes.length + 3);
          shifted.set(bytes, 3);
          const unpacked = (...place) => gw.unpack(new DataView(shifted.buffer, ...place), spec);
          const places = ({ values, marks }) => JSON.stringify([values, marks]);
          const other = spec.marks.map((mark) => ({ ...mark, count: mark.count - 1 }));
          return [
            [0, 8, bytes.length - 1, bytes.length + 1].map((size) => unpacked(0, size)),
            gw.unpack(new DataView(bytes.buffer), { ...spec, marks: other }),
            places(unpacked(3)) === places(gw.unpack(new DataView(bytes.buffer), spec)),
          ];
        }""",
        sent,
    )
    assert lengths == [None] * 4
    assert shorter is None
    assert same


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────


def drawn(page: Page, name: str, width: int = 960) -> dict[str, list[dict[str, Any]]]:
    """For each mark the shapes drawn, with their path and the state of the context."""
    found: dict[str, list[dict[str, Any]]] = ask(page, BY_MARK, wire(*SCENES[name], width)[1])
    return found


def corners(shape: dict[str, Any]) -> list[list[float]]:
    return [place for step, *place in shape["path"] if step in ("moveTo", "lineTo")]


def steps(shape: dict[str, Any]) -> list[str]:
    return [step for step, *_ in shape["path"]]


@pytest.fixture
def shapes(page: Page) -> dict[str, list[dict[str, Any]]]:
    return drawn(page, "fixture")


@pytest.fixture
def boxes() -> dict[str, list[float]]:
    _, sent = wire(*SCENES["fixture"], 960)
    return {name: panel["box"] for name, panel in sent["spec"]["panels"].items()}


def test_a_line_is_stroked_with_its_dash_and_interrupted_where_undefined(shapes) -> None:
    (line,) = shapes["line"]
    assert (line["name"], line["strokeStyle"]) == ("stroke", "#111111")
    assert (line["lineWidth"], line["dash"]) == (1.2, [5, 4])
    assert steps(line) == ["moveTo", "lineTo", "moveTo", "lineTo", "lineTo"]


def test_a_curve_over_fixed_places_starts_where_it_is_defined(shapes) -> None:
    (curve,) = shapes["curve"]
    assert steps(curve) == ["moveTo"] + 18 * ["lineTo"]
    assert (curve["lineWidth"], curve["dash"]) == (2.5, [])


def test_an_area_is_filled_below_its_line_and_hidden_where_a_corner_is_undefined(shapes) -> None:
    (area,) = shapes["area"]
    assert (area["name"], area["fillStyle"]) == ("fill", "#ABCDEF")
    assert steps(area) == 4 * ["lineTo"]
    below, line = shapes["below"]
    assert (below["name"], below["fillStyle"], line["name"]) == ("fill", "#BCDEFA", "stroke")
    assert corners(below) == corners(line)
    assert all(shape.get("fillStyle") != "#CDEFAB" for shape in shapes["dots"])


def test_a_line_may_have_dots_and_a_line_without_width_is_only_dots(shapes) -> None:
    line, dots = shapes["dots"]
    assert (line["name"], dots["name"], dots["fillStyle"]) == ("stroke", "fill", "#141414")
    assert steps(dots) == 4 * ["moveTo", "arc"]
    assert {step[3] for step in dots["path"] if step[0] == "arc"} == {3.0}
    (only,) = shapes["only dots"]
    assert (only["name"], only["fillStyle"], only["dash"]) == ("fill", "#151515", [])
    assert steps(only) == 3 * ["moveTo", "arc"]


def beside(points: Any, corners: Any) -> Any:
    """How far each point is from a line through corners."""
    start, way = corners[:-1], np.diff(corners, axis=0)
    from_start = points[:, None] - start
    length = np.maximum(np.sum(way**2, axis=1), 1e-300)
    share = np.clip(np.sum(from_start * way, axis=2) / length, 0, 1)
    return np.min(np.linalg.norm(from_start - share[..., None] * way, axis=2), axis=1)


MANY = np.linspace(0, 1, 1001)
RNG = np.random.default_rng(0)
LINES = {  # in pixels; of how many points, at the most, such a line needs to be drawn
    "straight": (np.stack([350 * MANY, 200 * MANY], axis=1), 2),
    "a point": (np.full((1001, 2), 20.0), 1),
    "there and back": (np.stack([99 * np.abs(1 - 2 * MANY), 0 * MANY], axis=1), 3),
    "smooth": (np.stack([350 * MANY, 100 * np.exp(-5 * MANY)], axis=1), 20),
    "peaks": (np.stack([350 * MANY, np.where(np.arange(1001) % 100 == 50, 90, 7)], axis=1), 42),
    "between two": (np.stack([20.0 * (np.arange(1001) % 2), 9.0 * MANY], axis=1), 1001),
    "inwards": (
        np.stack([90 * f(40 * MANY) * np.exp(-9 * MANY) for f in (np.cos, np.sin)], 1),
        200,
    ),
    "at rest": (30 + 0.02 * RNG.standard_normal((1001, 2)), 9),
    "at random": (np.cumsum(RNG.standard_normal((1001, 2)) * 10 ** RNG.uniform(-3, 1), 0), 1001),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_of_many_points_passes_all_of_them_with_fewer_corners(page: Page, name: str) -> None:
    points, most = LINES[name]
    found = page.evaluate("(places) => [...gw.thinned(places)]", points.ravel().tolist())
    corners = np.array(found).reshape(-1, 2)
    assert len(corners) <= most
    assert {tuple(corner) for corner in corners} <= {tuple(point) for point in points}
    np.testing.assert_array_equal(corners[[0, -1]], points[[0, -1]])
    assert beside(points, np.concatenate([corners, corners[-1:]])).max() <= 0.15 + 1e-9


def test_a_line_of_many_points_stays_interrupted_where_it_is(page: Page) -> None:
    points: list[Any] = [(k / 10, 2.0) for k in range(20)]
    points[7], points[12], points[14] = (None, None), (3.0, 2e7), (1.4, None)
    found = page.evaluate(
        """(places) => [...gw.thinned(places.map((x) => x ?? NaN))].map(
          (x) => (Number.isNaN(x) ? null : x))""",
        [x for point in points for x in point],
    )
    none = (None, None)
    ends = [(0, 2), (0.6, 2), none, (0.8, 2), (1.1, 2), none, (1.3, 2), none, (1.5, 2), (1.9, 2)]
    assert list(zip(found[::2], found[1::2], strict=True)) == ends


def test_of_dots_on_one_place_there_is_one_and_none_outside(page: Page) -> None:
    places = [10.1, 10.1, 10.3, 10.4, 90.0, 10.0, 10.2, 10.2, 10.6, 10.1, None, 5.0, 113.0, 9.0]
    places += [112.0, 20.0, -4.0, 20.0]
    found = page.evaluate(
        "(places) => gw.apart(places.map((x) => x ?? NaN), [0, 0, 110, 50], 2)", places
    )
    assert found == [10.1, 10.1, 90.0, 10.0, 10.6, 10.1, 112.0, 20.0]


MANY_DRAWN = """(places) => {
  const mark = { kind: "Polyline", name: "walk", panel: "map", color: "red", pinned: false,
    count: places.length, width: 2, dash: [], along: null, fill: "", dots: 4 };
  const panel = { box: [0, 0, 300, 200], x: [0, 300], y: [200, 0], space: null };
  const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 200 });
  const ctx = canvas.getContext("2d");
  const spec = { width: 300, height: 200, controls: [], panels: { map: panel }, marks: [mark] };
  gw.draw(ctx, spec, { values: {}, marks: { walk: Float64Array.from(places) } });
  return [...ctx.getImageData(0, 0, 300, 200).data].filter((_, k) => k % 4 === 3);
}"""


def test_many_points_look_as_few_do(page: Page) -> None:
    """A walk to a place where it rests, as a whole and without what rests."""
    across = np.linspace(0, 1, 101)
    walk = np.stack([20 + 260 * across, 100 + 60 * np.sin(9 * across)], axis=1)
    rest = walk[-1] + 0.02 * RNG.standard_normal((900, 2))
    few, many = (
        np.array(page.evaluate(MANY_DRAWN, part.ravel().tolist()), float)
        for part in (walk, np.concatenate([walk, rest]))
    )
    assert np.count_nonzero(few > 128) > 500
    assert np.abs(few - many).max() <= 64


def test_arrows_are_filled_outlines_and_undefined_ones_left_out(shapes) -> None:
    rim, arrow = shapes["arrow"]
    assert (rim["name"], rim["strokeStyle"], rim["lineWidth"]) == ("stroke", "white", 2)
    assert (arrow["name"], arrow["fillStyle"]) == ("fill", "#333333")
    assert len(shapes["arrows"]) == 2 * 11
    for shape in shapes["arrows"]:
        assert steps(shape) == ["moveTo", *(6 * ["lineTo"]), "closePath"]


@pytest.mark.parametrize(
    ("name", "outline", "look"),
    [
        ("circles", ["arc", "closePath"], ("#555555", "white", 1)),
        ("diamond", 4 * ["lineTo"] + ["closePath"], ("#666666", "white", 1)),
        ("square", 4 * ["lineTo"] + ["closePath"], ("#777777", "white", 1)),
        ("triangle", 3 * ["lineTo"] + ["closePath"], ("#787878", "white", 1)),
        ("down", 3 * ["lineTo"] + ["closePath"], ("#767676", "white", 1)),
        ("tick", ["arc", "closePath"], ("#797979", "#1F2933", 2)),
        ("point", ["arc", "closePath"], ("#999999", "#1F2933", 2)),
        ("direction", ["arc", "closePath"], ("#AAAAAA", "#1F2933", 2)),
    ],
)
def test_markers_are_filled_and_ringed_handles_and_ticks_darkly(
    shapes, name, outline, look
) -> None:
    for inside, ring in zip(shapes[name][::2], shapes[name][1::2], strict=True):
        assert (inside["name"], ring["name"]) == ("fill", "stroke")
        assert steps(inside) == steps(ring) == outline
        assert (ring["fillStyle"], ring["strokeStyle"], ring["lineWidth"]) == look


def test_a_handle_is_larger_than_a_marker_of_its_size(shapes) -> None:
    radius = {name: shapes[name][0]["path"][0][3] for name in ("circles", "tick", "point")}
    assert radius == {"circles": 5, "tick": 4.5, "point": pytest.approx(1.4 * 4.5)}


def test_a_label_is_its_chosen_text_on_a_white_rim(shapes) -> None:
    rim, text = shapes["choice"]
    assert (rim["name"], rim["strokeStyle"]) == ("strokeText", "white")
    assert (text["name"], text["fillStyle"]) == ("fillText", "#888888")
    assert rim["args"] == text["args"]
    assert text["args"][0] == "second 0.125"  # one digit would be too few
    assert text["font"].startswith("11px")


@pytest.mark.parametrize("name", ["hidden", "nowhere", "caption"])
def test_what_is_hidden_undefined_or_a_caption_is_not_drawn(shapes, name) -> None:
    assert shapes[name] == []


def test_lines_and_arrows_are_cut_at_their_panel_and_nothing_else_is(shapes, boxes) -> None:
    for mark in MARKS:
        cut = isinstance(mark, Polyline | Arrow)
        for shape in shapes[mark.name]:
            assert shape["clip"] == ([["rect", *boxes[mark.panel]]] if cut else None)


def test_labels_stay_inside_their_panel(page: Page) -> None:
    corner = Label(name="corner", panel="left", texts=("a long text beyond the corner",))

    def numbers(x: Any, y: Any, **_: Any) -> dict[str, Any]:
        return {"corner": row(x, y, 1, 1, 0)}

    picture = Picture(PANELS, Layer(), (corner,), CONTROLS, numbers)
    for place in ((2.0, 3.0, 0.0, 1.0), (-2.0, -1.0, 0.0, 1.0)):
        _, sent = wire(picture, place, 960)
        (_, text) = ask(page, BY_MARK, sent)["corner"]
        left, top, width, height = sent["spec"]["panels"]["left"]["box"]
        words, x, y = text["args"]
        assert left <= x - 4 * len(words) < x + 4 * len(words) <= left + width
        assert top <= y - 6 < y + 6 <= top + height


def test_a_label_steps_aside_from_a_handle_and_a_tangent(page: Page) -> None:
    label = Label(name="slope", panel="left", texts=("slope 3.12",))
    line = Polyline(name="tangent", panel="left", color="#111111", width=3.0)
    handle = Marker(name="handle", panel="left", color="#111111", moves=("x", "y"), size=12)

    def numbers(**_: Any) -> dict[str, Any]:
        tangent = np.array([(-1.5, -0.5), (0.0, 1.0), (1.5, 2.5)])
        return {"slope": row(0, 1, -1, 1, 0), "tangent": tangent, "handle": row(0, 1)}

    picture = Picture(PANELS, Layer(), (line, handle, label), CONTROLS, numbers)
    _, sent = wire(picture, (0.0, 1.0, 0.0, 1.0), 960)
    (_, text) = page.evaluate("(sent) => recorded(sent.spec, received(sent)).slice(-2)", sent)
    words, x, y = text["args"]
    left, top, width, height = sent["spec"]["panels"]["left"]["box"]
    at = (left + width / 2, top + height / 2)
    half = (4 * len(words), 0.55 * label.size)
    gaps = [abs(one - own) - wide for one, own, wide in zip((x, y), at, half, strict=True)]
    assert max(gaps) > 0.7 * handle.size + 3
    ends = [
        at[0] - width * 3 / 8,
        at[1] + height * 3 / 8,
        at[0] + width * 3 / 8,
        at[1] - height * 3 / 8,
    ]
    box = [x - half[0], y - half[1], x + half[0], y + half[1]]
    assert page.evaluate("([ends, box]) => gw.lengthIn(ends, box)", [ends, box]) == 0


def test_a_label_of_what_sticks_out_stands_beside_it(page: Page) -> None:
    def numbers(x: Any, **_: Any) -> dict[str, Any]:
        return {"u": row(2.2, 1, 0, 1, 0)}

    mark = Label(name="u", panel="left", texts=("u",))
    _, sent = wire(Picture(PANELS, Layer(), (mark,), CONTROLS, numbers), (2.0, 1.0, 0.0, 1.0), 960)
    (_, text) = ask(page, BY_MARK, sent)["u"]
    left, _, width, _ = sent["spec"]["panels"]["left"]["box"]
    assert text["args"][1] > left + width


@pytest.mark.parametrize(
    ("free", "place", "out"),
    [
        (True, (-2.2, 1.0), (-1, 0)),
        (True, (0.0, -1.2), (0, 1)),
        (True, (1.9, 3.2), (0, -1)),
        (True, (-1.9, 3.2), (0, 0)),  # there the title is
        (False, (0.0, -1.2), (0, 0)),
    ],
)
def test_a_free_label_leaves_its_panel_beside_its_arrow_though_not_into_the_title(
    page: Page, free: bool, place: tuple[float, float], out: tuple[int, int]
) -> None:
    mark = Label(name="u", panel="left", texts=("u",), free=free)
    toward = (out[0], -out[1]) if any(out) else (0, 1 if place[1] > 1 else -1)
    picture = Picture(
        PANELS, Layer(), (mark,), CONTROLS, lambda **_: {"u": row(*place, *toward, 0)}
    )
    _, sent = wire(picture, (2.0, 1.0, 0.0, 1.0), 960)
    sent["spec"]["panels"]["left"]["title"] = "f(x, y) = <i>x</i>"
    (_, drawn) = ask(page, BY_MARK, sent)["u"]
    left, top, width, height = sent["spec"]["panels"]["left"]["box"]
    _, x, y = drawn["args"]
    beyond = ((x + 4 > left + width) - (x - 4 < left), (y + 6 > top + height) - (y - 6 < top))
    assert beyond == out


@every_scene
def test_marks_are_drawn_in_their_order(page: Page, name: str) -> None:
    sent = wire(*SCENES[name], 960)[1]
    every = ask(page, "(sent) => recorded(sent.spec, received(sent))", sent)
    by_mark = drawn(page, name)
    one_by_one = [shape for mark in sent["spec"]["marks"] for shape in by_mark[mark["name"]]]
    assert [gist(shape) for shape in every] == [gist(shape) for shape in one_by_one]


def gist(shape: dict[str, Any]) -> tuple[Any, ...]:
    """What tells a shape from others: a text, which makes room for other labels, or a path."""
    return (shape["name"], *(shape["args"][:1] or shape["path"]))


# ── two painters, one truth ──────────────────────────────────────────────────────────────────────

FAR = 1e7  # pixels; the browser does not draw so far


def painted(made: Figure, mark: Any) -> list[np.ndarray]:
    """Outlines of a mark in matplotlib's picture, in pixels with y downwards."""
    artists = [
        artist
        for name in (f"{mark.name} area", mark.name)
        for artist in made.findobj(lambda artist, name=name: artist.get_gid() == name)
    ]
    return [
        outline * (1, -1) + (0, made.bbox.height)
        for artist in artists
        for outline in _outlines(artist, mark)
    ]


def _outlines(artist: Any, mark: Any) -> list[np.ndarray]:
    if isinstance(mark, Arrow):
        to_screen = artist.get_transform()
        return [to_screen.transform(path.vertices[:7]) for path in artist.get_paths()]
    if isinstance(artist, Polygon):
        return [artist.get_transform().transform(artist.get_xy()[:-1])]
    if isinstance(mark, Polyline):
        places = artist.get_transform().transform(artist.get_xydata())
        return [places] * (artist.get_linestyle() != "None") + [places] * (mark.dots > 0)
    places = np.ma.filled(artist.get_offsets(), np.nan)
    return [artist.get_offset_transform().transform([place]) for place in places]


def centre(shape: dict[str, Any]) -> list[list[float]]:
    """The place of a marker: the middle of its shape."""
    low, high = ends(shape)
    return [((low + high) / 2).tolist()]


def ends(shape: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the box around a marker."""
    step, *numbers = shape["path"][0]
    if step == "arc":
        return np.array(numbers[:2]) - numbers[2], np.array(numbers[:2]) + numbers[2]
    return np.min(corners(shape), axis=0), np.max(corners(shape), axis=0)


def dotted(shape: dict[str, Any]) -> list[list[float]]:
    return [place[:2] for step, *place in shape["path"] if step == "arc"]


def outlines(shapes: list[dict[str, Any]], mark: Any) -> list[np.ndarray]:
    if isinstance(mark, Marker):
        return [np.array(centre(shape)) for shape in shapes[::2]]
    if isinstance(mark, Polyline):
        lines = [np.reshape(dotted(shape) or corners(shape), (-1, 2)) for shape in shapes]
        closed = [np.array_equal(line[:1], line[-1:]) for line in lines]
        area = [bool(mark.fill) and shape["name"] == "fill" for shape in shapes]
        return [
            line[:-1] if all(both) else line
            for line, *both in zip(lines, closed, area, strict=True)
        ]
    filled = (shape for shape in shapes if shape["name"] == "fill")  # over its own rim
    return [np.reshape(corners(shape), (-1, 2)) for shape in filled]


@pytest.mark.parametrize(("name", "width"), list(zip(SCENES, cycle([960, 400]), strict=False)))
def test_both_painters_put_every_corner_in_one_place(page: Page, name: str, width: int) -> None:
    picture, values = SCENES[name]
    scene, shapes = picture.scene(values), drawn(page, name, width)
    made, boxes = paint.figure(scene, width), layout.plan(scene.panels, width).boxes
    for mark in scene.marks:
        if not isinstance(mark, Label | Surface):
            ours, theirs = outlines(shapes[mark.name], mark), painted(made, mark)
            assert len(ours) == len(theirs), mark.name
            compare(ours, theirs, mark, boxes[mark.panel])


def defined(places: np.ndarray) -> np.ndarray:
    return places[np.isfinite(places).all(axis=1)]


def visible(places: np.ndarray) -> np.ndarray:
    return places[np.abs(places[:, 1]) < FAR]


def distinct(places: np.ndarray) -> np.ndarray:
    """Without steps of a line that no eye could see: one painter may leave them out."""
    steps = np.abs(np.diff(places, axis=0, prepend=np.inf)).max(axis=1, initial=0.0)
    return places[steps > 1e-6]


def compare(ours: list[np.ndarray], theirs: list[np.ndarray], mark: Any, box: layout.Box) -> None:
    """Within a hundredth of a pixel, or the rounding of a number far outside the panel.

    A curve is followed four heights of its panel.
    """
    curve = isinstance(mark, Polyline) and mark.along is not None
    reach = 2.99 * box.height if curve else np.inf
    low, high = (-np.inf, box.top - reach), (np.inf, box.top + box.height + reach)
    for pair in zip(ours, theirs, strict=True):
        found, expected = (visible(defined(places).clip(low, high)) for places in pair)
        if isinstance(mark, Polyline) and found.shape != expected.shape:
            found, expected = distinct(found), distinct(expected)
        assert found.shape == expected.shape, mark.name
        np.testing.assert_allclose(found, expected, atol=0.01, rtol=1e-6)


def test_both_painters_draw_a_marker_of_one_size(page: Page) -> None:
    picture, values = SCENES["fixture"]
    shapes, made = drawn(page, "fixture"), paint.figure(picture.scene(values))
    for mark in (mark for mark in MARKS if isinstance(mark, Marker)):
        (artist,) = made.findobj(lambda artist, m=mark: artist.get_gid() == m.name)
        scale = math.sqrt(artist.get_sizes()[0]) * made.dpi / 72
        low, high = ends(shapes[mark.name][0])
        assert high - low == pytest.approx(artist.get_paths()[0].get_extents().size * scale, 1e-3)
        assert shapes[mark.name][1]["lineWidth"] == pytest.approx(
            artist.get_linewidths()[0] * made.dpi / 72
        )


def test_the_fourth_corner_of_an_arrow_is_its_tip(page: Page) -> None:
    picture, values = SCENES["gradient"]
    scene, sent = wire(picture, values, 960)
    made = paint.figure(scene, 960)
    for mark in (mark for mark in scene.marks if isinstance(mark, Arrow)):
        (ours,) = outlines(ask(page, BY_MARK, sent)[mark.name], mark)
        (theirs,) = painted(made, mark)
        box = layout.Box(*sent["spec"]["panels"]["map"]["box"])
        tip = layout.to_pixels(scene.panel("map"), box, scene[mark.name][2:])
        assert max(math.dist(ours[3], tip), math.dist(theirs[3], tip)) < 0.01


LAID = """(panels) => Object.fromEntries(Object.entries(
  gw.planOf(Object.entries(panels), 900, {}).places).map(([name, { box }]) => [name, box]))"""


@pytest.mark.parametrize("name", ["gradient", "gradient, steep"])
def test_arrows_end_within_a_pixel_though_each_painter_lays_out_its_own_page(
    page: Page, name: str
) -> None:
    scene, sent = wire(*SCENES[name], 960)
    panels, theirs = sent["spec"]["panels"], layout.plan(scene.panels, 960).boxes
    for panel, box in page.evaluate(LAID, panels).items():
        panels[panel]["box"] = box
    shapes, made = ask(page, BY_MARK, sent), paint.figure(scene, 960)
    arrows = [mark for mark in scene.marks if isinstance(mark, Arrow) and shapes[mark.name]]
    assert arrows
    for mark in arrows:
        ours, box = layout.Box(*panels[mark.panel]["box"]), theirs[mark.panel]
        pairs = zip(outlines(shapes[mark.name], mark), painted(made, mark), strict=True)
        for (across, down), (x, y) in ((one[3], other[3]) for one, other in pairs):
            assert (across - ours.left) / ours.width == pytest.approx(
                (x - box.left) / box.width, abs=1 / ours.width
            )
            assert (down - ours.top) / ours.height == pytest.approx(
                (y - box.top) / box.height, abs=1 / ours.height
            )


@every_scene
def test_both_painters_write_the_same_texts(page: Page, name: str) -> None:
    picture, values = SCENES[name]
    scene, shapes = picture.scene(values), drawn(page, name)
    made = paint.figure(scene)
    made.canvas.draw()
    for mark in (mark for mark in scene.marks if isinstance(mark, Label) and mark.panel):
        found = made.findobj(lambda a, m=mark: a.get_gid() == m.name and a.get_visible())
        theirs = [text.get_text() for text in found]
        assert [text["args"][0] for text in shapes[mark.name][1::2]] == theirs


@pytest.mark.parametrize("side", range(len(SIDES)))
def test_both_painters_put_a_label_on_the_same_side_of_its_place(page: Page, side: int) -> None:
    """The edge that faces the place is the same; how far the text reaches is its font's matter."""
    picture, values = SCENES["fixture"]
    (mark,) = (mark for mark in picture.marks if mark.name == f"side {side}")
    alone = replace(picture, marks=(mark,))  # nothing else is in its way
    made = paint.figure(alone.scene(values))
    made.canvas.draw()
    (text,) = made.findobj(lambda artist: artist.get_gid() == mark.name)
    extent, high = text.get_window_extent(), made.bbox.height
    sent = wire(alone, values, 960)[1]
    words, x, y = ask(page, BY_MARK, sent)[mark.name][1]["args"]
    ours = (x - 4 * len(words), x + 4 * len(words), y - 0.55 * 13, y + 0.55 * 13)
    theirs = (extent.x0, extent.x1, high - extent.y1, high - extent.y0)
    for toward, (near, far) in zip(
        np.multiply(SIDES[side], (1, -1)), ((0, 1), (2, 3)), strict=True
    ):
        if abs(toward) < 0.38:
            assert ours[near] + ours[far] == pytest.approx(theirs[near] + theirs[far], abs=2)
        else:
            facing = near if toward > 0 else far
            assert ours[facing] == pytest.approx(theirs[facing], abs=1)


# ── surfaces ─────────────────────────────────────────────────────────────────────────────────────


@every_surface
def test_both_painters_draw_the_same_cells_and_lines_in_the_same_order(
    page: Page, name: str
) -> None:
    picture, values = SURFACES[name]
    scene, sent = wire(picture, values, 960)
    shown = ask(page, MESH, sent)
    panel, box = scene.panel("surface"), layout.Box(*sent["spec"]["panels"]["surface"]["box"])
    assert panel.space is not None
    found = pieces(panel.space, Turn(*values[-2:]))
    expected = np.concatenate([layout.to_pixels(panel, box, piece.corners) for piece in found])
    np.testing.assert_allclose(shown, expected, atol=0.01)


@every_surface
def test_level_curves_lie_where_the_heights_are_those_levels(page: Page, name: str) -> None:
    scene, sent = wire(*SURFACES[name], 960)
    found = np.array(ask(page, "({ spec }) => gw.levelPieces(spec.panels.surface.space)", sent))
    space = scene.panel("surface").space
    assert space is not None
    heights = [height_at(space, *place) for place in found.reshape(-1, 2)]
    distances = np.abs(np.array(heights)[:, None] - np.array(space.levels))
    assert distances.min(axis=1).max() < 1e-4
    assert set(distances.argmin(axis=1)) == set(range(len(space.levels)))


def height_at(space: Any, x: float, y: float) -> float:
    """The mesh's height at a place on a side or a diagonal of one of its cells."""
    i, j = (
        min(int((place - side[0]) / (side[1] - side[0]) + 1e-9), len(side) - 2)
        for place, side in ((x, space.x), (y, space.y))
    )
    s = (x - space.x[i]) / (space.x[i + 1] - space.x[i])
    t = (y - space.y[j]) / (space.y[j + 1] - space.y[j])
    (a, d), (b, c) = np.nan_to_num(space.heights[i : i + 2, j : j + 2])
    return float(a + s * (b - a) + t * (c - b) if s >= t else a + t * (d - a) + s * (c - d))


def test_level_curves_are_stroked_on_the_floor(page: Page) -> None:
    """Pixels of a real canvas: colour at the middle of every piece, projected by Python."""
    scene, sent = wire(*SURFACES["surface"], 960)
    panel, box = scene.panel("surface"), layout.Box(*sent["spec"]["panels"]["surface"]["box"])
    found = np.array(ask(page, "({ spec }) => gw.levelPieces(spec.panels.surface.space)", sent))
    middles = found.reshape(-1, 2, 2).mean(axis=1)
    places = np.insert(middles, 2, panel.space.floor, axis=1)
    pixels = layout.to_pixels(panel, box, project(Turn(-30.0, 30.0), places))
    shown = page.evaluate(
        """([{ spec }, pixels]) => {
          const canvas = new OffscreenCanvas(960, 900);
          const ctx = canvas.getContext("2d");
          const mark = spec.marks.find(({ name }) => name === "floor levels");
          gw.drawSurface(ctx, spec.panels.surface, mark, [-30, 30]);
          const near = ([x, y]) =>
            ctx.getImageData(Math.floor(x - 0.5), Math.floor(y - 0.5), 2, 2).data.some(Boolean);
          return pixels.map(near);
        }""",
        [sent, pixels.tolist()],
    )
    assert len(shown) > 300
    assert all(shown)


@every_surface
def test_dragging_the_point_on_the_floor_undoes_the_projection(page: Page, name: str) -> None:
    picture, values = SURFACES[name]
    _, sent = wire(picture, values, 960)
    asked = page.evaluate(
        """(sent) => {
          const numbers = received(sent);
          const all = gw.handles(sent.spec, numbers);
          const own = all.find(({ mark }) => mark.name === "floor point");
          return gw.dragValues(sent.spec, numbers, own.mark, ...own.at);
        }""",
        sent,
    )
    assert asked == pytest.approx(dict(zip("xy", values, strict=False)), abs=0.011)


TURNS = [(-30.0, 30.0), (17.5, 65.0), (-170.0, 12.0), (0.0, 45.0), (90.0, 10.0), (180.0, 80.0)]


@every_surface
@pytest.mark.parametrize("turn", TURNS)
def test_both_painters_see_a_space_alike(page: Page, name: str, turn: tuple[float, float]) -> None:
    picture, values = SURFACES[name]
    scene, sent = wire(picture, (*values[:-2], *turn), 960)
    seen = ask(page, ARRIVED, sent)["seen"]
    for mark in scene.marks:
        expected = on_panel(scene, mark, scene[mark.name]).ravel()
        np.testing.assert_allclose(seen[mark.name], expected, rtol=1e-12, atol=1e-14)


@every_surface
def test_a_turn_changes_no_number(name: str) -> None:
    picture, values = SURFACES[name]
    scenes = [picture.scene((*values[:-2], *turn)) for turn in TURNS]
    for mark in picture.marks:
        for scene in scenes[1:]:
            np.testing.assert_array_equal(scene[mark.name], scenes[0][mark.name])


@pytest.mark.parametrize(
    ("moved", "azimuth", "elevation"),
    [
        ((0, 0), -30, 30),
        ((0.1, 0), -12, 30),
        ((0, 0.1), -30, 48),
        ((0, -0.5), -30, 10),
        ((0, 2), -30, 80),
        ((1.5, 0), -120, 30),  # once round and further
        ((-1, 0), 150, 30),
    ],
)
def test_a_drag_in_the_space_turns_it_by_half_a_turn_for_a_panel(
    page: Page, moved: Any, azimuth: float, elevation: float
) -> None:
    asked = turned(
        page, "gw.dragValues(spec, numbers, mark, at[0] + size * x, at[1] + size * y)", moved
    )
    assert asked == {
        "azimuth": pytest.approx(azimuth, abs=0.5),
        "elevation": pytest.approx(elevation, abs=0.5),
    }


@pytest.mark.parametrize(
    ("key", "azimuth", "elevation"),
    [("ArrowRight", -25, 30), ("ArrowUp", -30, 35), ("Home", -30, 30)],
)
def test_keys_turn_the_space(page: Page, key: str, azimuth: float, elevation: float) -> None:
    asked = turned(page, f"gw.keyValues(spec, numbers, mark, {{ key: '{key}' }})", (0, 0))
    assert asked == {"azimuth": azimuth, "elevation": elevation}


def turned(page: Page, asked: str, moved: Any) -> dict[str, float]:
    """What the knob asks for, in the scene "surface"."""
    values: dict[str, float] = page.evaluate(
        f"""([sent, [x, y]]) => {{
          const [spec, numbers] = [sent.spec, received(sent)];
          const {{ mark, at }} = gw.handles(spec, numbers).find((one) => one.mark.name === "turn");
          const size = spec.panels.surface.box[2];
          return {asked};
        }}""",
        [wire(*SURFACES["surface"], 960)[1], moved],
    )
    return values


def test_a_press_in_a_space_takes_the_knob_where_it_is(page: Page) -> None:
    picture = SURFACES["surface"][0]
    hand = pick(page, picture, "surface", (-1.4, -1.6), (0, 0), True, SURFACES["surface"][1])
    assert (hand["name"], hand["at"]) == ("turn", hand["handle"])
    assert (
        pick(page, picture, "surface", (-1.4, -1.6), (0, 0), False, SURFACES["surface"][1]) is None
    )


# ── keys, drags, presses ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ({"key": "ArrowRight"}, {"x": 0.6, "y": 1}),
        ({"key": "ArrowLeft"}, {"x": 0.4, "y": 1}),
        ({"key": "ArrowUp"}, {"x": 0.5, "y": 1.1}),
        ({"key": "ArrowDown"}, {"x": 0.5, "y": 0.9}),
        ({"key": "ArrowRight", "shiftKey": True}, {"x": 1.5, "y": 1}),
        ({"key": "ArrowRight", "altKey": True}, {"x": 0.51, "y": 1}),
        ({"key": "ArrowRight", "shiftKey": True, "altKey": True}, {"x": 0.6, "y": 1}),
        ({"key": "Home"}, {"x": 0.5, "y": -0.25}),
        ({"key": "Home", "shiftKey": True}, {"x": 0.5, "y": -0.25}),
        ({"key": "a"}, None),
        ({"key": "PageUp"}, None),
    ],
)
def test_keys_ask_for_values(page: Page, key: dict[str, Any], asked: Any) -> None:
    assert pressed(page, START, "point", key) == asked


@pytest.mark.parametrize(
    ("start", "name", "key", "asked"),
    [
        ((1.95, 1, 0, 1), "point", "ArrowRight", {"x": 2, "y": 1}),
        ((0, 2.95, 0, 1), "point", "ArrowUp", {"x": 0, "y": 3}),
        ((-1.95, 1, 0, 1), "point", "ArrowLeft", {"x": -2, "y": 1}),
        ((1.2345, 1, 0, 1), "point", "ArrowUp", {"x": 1.2345, "y": 1.1}),
        (START, "direction", "ArrowRight", {"angle": 210}),
        (START, "direction", "ArrowUp", {"angle": 200}),
        (START, "direction", "Home", {"angle": 30}),
        (START, "speed", "ArrowRight", {"rate": 0.02094}),
        (START, "speed", "ArrowLeft", {"rate": 0.0191}),
        (START, "speed", "Home", {"rate": 0.1}),
        ((0, 1, 0, 9.9), "speed", "ArrowRight", {"rate": 10}),
        ((0, 1, 0, 1.01e-4), "speed", "ArrowLeft", {"rate": 1e-4}),
        ((0, 1, 0, 0.0123456), "speed", "ArrowUp", {"rate": 0.0123456}),
    ],
)
def test_keys_stay_in_range_and_on_the_handles_own_axes(page, start, name, key, asked) -> None:
    assert pressed(page, start, name, {"key": key}) == asked


@pytest.mark.parametrize(
    ("key", "rate"),
    [
        ({"key": "ArrowRight", "shiftKey": True}, 0.0317),
        ({"key": "ArrowLeft", "altKey": True}, 0.01991),
        ({"key": "ArrowRight", "shiftKey": True, "altKey": True}, 0.02094),
    ],
)
def test_keys_multiply_what_stands_on_a_logarithmic_axis(page: Page, key: Any, rate: float) -> None:
    assert pressed(page, START, "speed", key) == {"rate": rate}


def pressed(page: Page, start: Any, name: str, key: dict[str, Any]) -> dict[str, float] | None:
    sent = wire(FIXTURE, start, 960)[1]
    found: dict[str, float] | None = page.evaluate(
        """([sent, name, key]) => {
          const mark = sent.spec.marks.find((mark) => mark.name === name);
          return gw.keyValues(sent.spec, received(sent), mark, key);
        }""",
        [sent, name, key],
    )
    return found


@pytest.mark.parametrize(
    ("name", "panel", "place", "asked"),
    [
        ("point", "left", (1.234, -0.567), {"x": 1.23, "y": -0.57}),
        ("point", "left", (9, -9), {"x": 2, "y": -1}),
        ("direction", "right", (123.4, 0.9), {"angle": 123}),
        ("direction", "right", (-50, 0.9), {"angle": 0}),
        ("speed", "powers", (math.log10(0.012345), 1), {"rate": 0.0123}),
        ("speed", "powers", (-9, 1), {"rate": 1e-4}),
        ("speed", "powers", (9, 1), {"rate": 10}),
        ("away", "left", (START[0] + 0.12345, 2), {"rate": 0.123}),
        ("away", "left", (START[0] - 0.5, 2), {"rate": 0.5}),
        ("away", "left", (START[0], 2), {"rate": 1e-4}),
    ],
)
def test_a_drag_asks_for_the_steps_nearest_to_the_pixel(page, name, panel, place, asked) -> None:
    sent = wire(FIXTURE, START, 960)[1]
    found = page.evaluate(
        """([sent, name, panel, place]) => {
          const mark = sent.spec.marks.find((mark) => mark.name === name);
          const at = gw.dataToPixel(sent.spec.panels[panel], ...place);
          return gw.dragValues(sent.spec, received(sent), mark, ...at);
        }""",
        [sent, name, panel, place],
    )
    assert found == asked


@pytest.mark.parametrize(
    ("panel", "place", "aside", "anywhere", "picked"),
    [
        ("left", (0.5, 1), (0, 0), False, "point"),
        ("left", (0.5, 1), (18, -18), False, "point"),
        ("left", (0.5, 1), (19, -19), False, None),
        ("left", (0.5, 1), (19, -19), True, "point"),
        ("right", (200, 0.5), (5, 5), False, "direction"),
        ("right", (20, -1), (0, 0), False, None),
        ("right", (20, -1), (0, 0), True, "direction"),
        ("left", (-2, 3), (-9, 0), True, None),
    ],
)
def test_a_press_takes_the_handle_near_by_or_its_panels(
    page, panel, place, aside, anywhere, picked
) -> None:
    hand = pick(page, FIXTURE, panel, place, aside, anywhere)
    assert (hand and hand["name"]) == picked
    if picked:
        near = math.dist(hand["handle"], hand["pressed"]) < 26
        assert hand["at"] == hand["handle" if near else "pressed"]


def test_a_handle_without_a_place_is_in_nobodys_way(page: Page) -> None:
    places = {"far": row(-2, -1), "lost": row(NOTHING, NOTHING), "near": row(1, 1)}
    marks = tuple(Marker(name=name, panel="left", moves=("x", "y")) for name in places)
    picture = Picture(PANELS, Layer(), marks, CONTROLS, lambda **_: places)
    assert pick(page, picture, "left", (1, 1), (0, 0), False)["name"] == "near"


def pick(
    page: Page,
    picture: Picture,
    panel: str,
    place: Any,
    aside: Any,
    anywhere: bool,
    start: Any = START,
) -> Any:
    """What is picked so many pixels aside from a place in a panel."""
    return page.evaluate(
        """([sent, panel, place, aside, anywhere]) => {
          const numbers = received(sent);
          const at = gw.dataToPixel(sent.spec.panels[panel], ...place);
          const pressed = [at[0] + aside[0], at[1] + aside[1]];
          const hand = gw.pick(sent.spec, numbers, panel, ...pressed, anywhere);
          if (!hand) return null;
          const own = gw.handles(sent.spec, numbers).find(({ mark }) => mark === hand.mark);
          return { name: hand.mark.name, at: hand.at, handle: own.at, pressed };
        }""",
        [wire(picture, start, 960)[1], panel, place, aside, anywhere],
    )


@pytest.mark.parametrize(
    ("panel", "place", "aside", "ticked"),
    [
        ("powers", (math.log10(0.2), -6), (0, 0), "tick"),
        ("powers", (math.log10(0.2), -6), (9, -9), "tick"),
        ("powers", (math.log10(0.2), -6), (10, -10.5), None),
        ("left", (-1, 2.5), (3, 3), "tick of two"),
        ("left", (0.5, 1), (0, 0), None),  # a handle
    ],
)
def test_a_press_near_by_means_a_tick(page, panel, place, aside, ticked) -> None:
    assert tick_at(page, START, panel, place, aside) == ticked


@pytest.mark.parametrize(("aside", "ticked"), [(-1, "tick of two"), (1, None)])
def test_of_a_tick_and_a_handle_the_nearer_one_is_meant(page, aside, ticked) -> None:
    """The handle stands eight pixels to the right of the tick; they part in the middle."""
    box = wire(FIXTURE, START, 960)[1]["spec"]["panels"]["left"]["box"]
    start = (-1 + 8 / box[2] * 4, 2.5, 0, 1)
    assert tick_at(page, start, "left", (-1, 2.5), (4 + aside, 0)) == ticked


def test_a_handle_on_a_tick_is_what_a_press_takes(page: Page) -> None:
    assert tick_at(page, (-1, 2.5, 0, 1), "left", (-1, 2.5), (3, 0)) is None


def tick_at(page: Page, start: Any, panel: str, place: Any, aside: Any) -> str | None:
    found: str | None = page.evaluate(
        """([sent, panel, place, aside]) => {
          const at = gw.dataToPixel(sent.spec.panels[panel], ...place);
          const press = [at[0] + aside[0], at[1] + aside[1]];
          return gw.pressedTick(sent.spec, received(sent), panel, ...press)?.name ?? null;
        }""",
        [wire(FIXTURE, start, 960)[1], panel, place, aside],
    )
    return found
