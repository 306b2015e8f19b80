"""Where panels stand on a page, and whether it is light or dark: pure functions in a bare page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.pictures import palette
from gradwidgets.pictures.arrows import BESIDE
from tests.browser.bare import bare_page
from tests.browser.pictured import PICTURES, picture_of
from tests.browser.stub import painted

KINDS = dict(reversed(PICTURES))
WIDTHS = (320, 360, 589, 590, 608, 640, 900, 1200)
every_kind = pytest.mark.parametrize("kind", sorted(KINDS))
PLAN = """([panels, width, before]) => {
  const plan = gw.planOf(Object.entries(panels), width, before ?? {});
  return { ...plan, parts: Object.fromEntries(Object.entries(gw.partsOfPage(Object.entries(panels)))
    .map(([part, named]) => [part, named.map(([name]) => name)])) };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


def panels_of(kind: str) -> dict[str, Any]:
    picture = picture_of(kind, KINDS[kind])
    start = tuple(control.start for control in picture.controls)
    panels: dict[str, Any] = painted(picture, start)["_picture"]["panels"]
    return panels


def panel(**more: Any) -> dict[str, Any]:
    usual = dict.fromkeys(("equal", "xlog", "ylog", "left", "bare", "stacked", "under"), False)
    empty = dict.fromkeys(("xticks", "yticks", "most", "space", "terrain"))
    told = {"title": "f", "xlabel": "x", "ylabel": "", "tall": 1, "least": 0, "others": []}
    return {"x": [-1, 1], "y": [-1, 1], **usual, **empty, **told, "axes": [None, None], **more}


# ── plans ────────────────────────────────────────────────────────────────────────────────────────


@every_kind
def test_frames_are_within_their_plots_and_plots_within_the_page(page: Page, kind: str) -> None:
    panels = panels_of(kind)
    for width in WIDTHS:
        plan = page.evaluate(PLAN, [panels, width])
        assert plan["places"].keys() == panels.keys()
        for name, place in plan["places"].items():
            left, top, wide, high = place["box"]
            assert min(left, top) >= 0
            assert left + wide <= place["width"] <= width
            assert top + high <= place["height"]
            assert wide >= 100, (name, width)
            assert high >= 60, (name, width)
        main = max(p["width"] for p in plan["places"].values() if p["part"] == "main")
        columns = plan["columns"]["aside"]
        across = (width - main) / columns - 20
        for name, place in plan["places"].items():
            if place["part"] == "aside" and not plan["narrow"]:
                assert place["column"] + place["span"] <= columns
                assert place["width"] <= place["span"] * (across + 20) - 20 + 1, (name, width)


@every_kind
def test_axes_of_one_scale_keep_it(page: Page, kind: str) -> None:
    panels = panels_of(kind)
    for width in WIDTHS:
        places = page.evaluate(PLAN, [panels, width])["places"]
        for name, told in panels.items():
            if told["equal"]:
                across, up = (told[axis][1] - told[axis][0] for axis in ("x", "y"))
                _, _, wide, high = places[name]["box"]
                assert wide / across == pytest.approx(high / up)


@every_kind
def test_those_below_each_other_have_one_left_edge(page: Page, kind: str) -> None:
    panels = panels_of(kind)
    for width in WIDTHS:
        plan = page.evaluate(PLAN, [panels, width])
        framed = {name for name, told in panels.items() if not told["bare"] and not told["space"]}
        main = [plan["places"][name]["box"] for name in plan["parts"]["main"] if name in framed]
        assert len({box[0] for box in main}) <= 1
        assert len({box[2] for box in main}) <= 1


def test_the_first_leads_and_those_stacked_share_its_axis(page: Page) -> None:
    panels = {"f": panel(), "f′": panel(stacked=True), "zoom": panel(), "row": panel(under=True)}
    plan = page.evaluate(PLAN, [panels, 960])
    assert plan["parts"] == {"main": ["f", "f′"], "aside": ["zoom"], "under": ["row"]}
    assert plan["places"]["f"]["unlabelled"]
    assert not plan["places"]["f′"]["unlabelled"]
    assert plan["places"]["f"]["box"][3] > plan["places"]["f′"]["box"][3]
    assert 0.4 * 960 < plan["main"] <= 0.62 * 960
    assert page.evaluate(PLAN, [panels, 589])["narrow"]


def test_a_usual_picture_is_seen_without_scrolling(page: Page) -> None:
    for kind in ("gradient", "partials", "descent, momentum", "race", "derivative"):
        places = page.evaluate(PLAN, [panels_of(kind), 960])["places"]
        for part in ("main", "aside"):
            heights = [place["height"] for place in places.values() if place["part"] == part]
            assert sum(heights) <= 440, kind


@pytest.mark.parametrize("kind", ["gradient, surface", "partials, surface"])
def test_a_map_with_its_surface_and_what_is_under_them_fit_into_a_pane(
    page: Page, kind: str
) -> None:
    """Of JupyterLab at 1280 × 800: 679 pixels, of which 129 are for text, captions and sliders."""
    places = page.evaluate(PLAN, [panels_of(kind), 1100])["places"]
    rows = dict.fromkeys(("main", "under"), 0)
    for place in places.values():
        if place["part"] in rows and not place["column"]:
            rows[place["part"]] = max(rows[place["part"]], place["height"])
    assert rows["under"]
    assert sum(rows.values()) <= 679 - 129


@pytest.mark.parametrize("equal", [True, False])
def test_loss_and_data_of_a_fit_are_seen_together_in_a_small_frame(page: Page, equal: bool) -> None:
    """Of 640 × 400, which leaves 608 pixels across and 346 below the box of the formula."""
    told = {"loss": panel(title="Loss", most=360, equal=equal, ylabel="w")}
    told |= {"data": panel(title="Data", ylabel="y", tall=2.0)}
    told |= {"curve": panel(title="Loss, all rows", most=225, left=True), "rates": panel(left=True)}
    for width in (593, 608):
        places = page.evaluate(PLAN, [told, width])["places"]
        assert places["data"]["part"] == "aside"
        assert max(places["loss"]["height"], places["data"]["height"]) <= 346
        assert min(*places["loss"]["box"][2:], places["data"]["box"][2]) >= 190


@pytest.mark.parametrize("width", [360, 500, 608, 900, 1200, 1400])
def test_a_small_panel_fills_its_column(page: Page, width: int) -> None:
    told = {"map": panel(equal=True, ylabel="w"), "data": panel(tall=2.0)}
    told |= {"curve": panel(most=225, left=True), "rates": panel(left=True)}
    plan = page.evaluate(PLAN, [told, width])
    curve, rates = (plan["places"][name] for name in ("curve", "rates"))
    if plan["narrow"] or plan["columns"]["aside"] == 1:
        assert curve["width"] == rates["width"]
    else:
        assert curve["width"] + rates["width"] + 20 >= plan["places"]["data"]["width"] - 2


def test_numbers_along_an_axis_move_its_frame_only_once(page: Page) -> None:
    """What has become wide for longer numbers stays so: the frame does not jump back and forth."""
    usual, long = ({"f": panel(y=[-high, high])} for high in (1, 1e-4))
    first = page.evaluate(PLAN, [usual, 900])["places"]["f"]
    wide = page.evaluate(PLAN, [long, 900])["places"]["f"]
    assert wide["box"][0] > first["box"][0]
    again = page.evaluate(PLAN, [usual, 900, {"f": wide["gutters"]}])["places"]["f"]
    assert again["box"] == wide["box"]


@every_kind
def test_on_a_telephone_the_leading_frame_is_large(page: Page, kind: str) -> None:
    name, told = next(iter(panels_of(kind).items()))
    if told["bare"]:
        return  # as high as its rows need
    _, _, wide, high = page.evaluate(PLAN, [panels_of(kind), 360])["places"][name]["box"]
    ratio = (told["x"][1] - told["x"][0]) / (told["y"][1] - told["y"][0])
    assert high >= min(0.6 * 360, wide / ratio if told["equal"] else 360) - 1


@pytest.mark.parametrize("kind", ["gradient", "partials"])
def test_no_chart_beside_a_map_is_larger_than_the_map(page: Page, kind: str) -> None:
    for width in (900, 1100, 1200):
        hero, *charts = page.evaluate(PLAN, [panels_of(kind), width])["places"].values()
        for chart in charts:
            assert chart["width"] <= hero["width"] + 1
            assert chart["box"][3] <= hero["box"][3]
            assert chart["box"][3] >= 0.35 * hero["box"][3]


def test_arrows_that_stick_out_of_a_frame_have_room_in_their_plot(page: Page) -> None:
    open_plan = """([panels]) =>
      gw.planOf(Object.entries(panels), 900, {}, new Set(["map"])).places"""
    for name, place in page.evaluate(open_plan, [{"map": panel(), "row": panel()}]).items():
        right = place["width"] - place["box"][0] - place["box"][2]
        assert (right >= BESIDE + 2) == (name == "map")


@pytest.mark.parametrize(
    ("height", "shares", "expected"),
    [(300, [2, 1], [200, 100]), (200, [3, 1], [136, 64]), (50, [1, 1], [64, 64])],
)
def test_a_height_is_shared(page: Page, height: int, shares: list[int], expected: Any) -> None:
    shared = "([height, shares]) => gw.shared(height, shares)"
    assert page.evaluate(shared, [height, shares]) == expected


# ── light and dark ───────────────────────────────────────────────────────────────────────────────

AROUND = """([host, style]) => {
  const { documentElement: root, body } = document;
  for (const one of [root, body])
    for (const { name } of [...one.attributes]) one.removeAttribute(name);
  Object.entries(host).forEach(([place, value]) => {
    const [part, name] = place.split(" ");
    (part === "html" ? root : body).setAttribute(name, value);
  });
  const around = body.appendChild(document.createElement("div"));
  around.style.cssText = style;
  const shadow = around.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  const found = gw.themeAround(shadow.appendChild(document.createElement("div")));
  around.remove();
  return [found.theme, found.ground ?? null];
}"""


@pytest.mark.parametrize(
    ("host", "style", "theme"),
    [
        ({"body data-jp-theme-light": "true"}, "", "light"),
        ({"body data-jp-theme-light": "false"}, "", "dark"),
        ({"body class": "vscode-dark"}, "", "dark"),
        ({"body class": "vscode-light"}, "background: black", "light"),
        ({"body class": "vscode-high-contrast-light vscode-high-contrast"}, "", "light"),
        ({"html class": "dark"}, "", "dark"),
        ({"html data-theme": "dark"}, "", "dark"),
        ({"html data-theme": "auto"}, "", "light"),
        ({}, "background: #222", "dark"),
        ({}, "background: #eee", "light"),
        ({}, "background: #2228", "dark"),
        ({}, "background: #2222", "light"),
    ],
)
@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_host_tells_the_theme_then_the_ground(
    page: Page, host: dict[str, str], style: str, theme: str, system: Any
) -> None:
    page.emulate_media(color_scheme=system)
    assert page.evaluate(AROUND, [host, style])[0] == theme


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_system_tells_the_theme_of_a_page_that_follows_it(page: Page, system: Any) -> None:
    page.emulate_media(color_scheme=system)
    follows = {"html style": "color-scheme: light dark"}
    assert page.evaluate(AROUND, [follows, ""]) == [system, None]
    assert page.evaluate(AROUND, [{}, ""]) == ["light", None]
    assert page.evaluate(AROUND, [follows, "background: #fafafa"]) == [
        "light",
        "rgb(250, 250, 250)",
    ]


def test_the_ground_has_the_palette_s_colours(page: Page) -> None:
    roles = {
        "low": palette.MAP_LOW,
        "high": palette.MAP_HIGH,
        "line": palette.LEVEL_LINE,
        "field": palette.FIELD,
        "ground": palette.UNDEFINED,
        "hatch": palette.HATCH,
    }
    light, dark = page.evaluate("() => ['light', 'dark'].map((name) => gw.lookOf(name).terrain)")
    assert {name: light[name] for name in roles} == roles
    assert {name: dark[name] for name in roles} == {n: palette.DARK[c] for n, c in roles.items()}
