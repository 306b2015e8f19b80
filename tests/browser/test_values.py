"""How the front end reads and writes values: its pure functions, in a bare page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.pictures.control import Control
from gradwidgets.pictures.panels import drawable
from tests.browser.replayed import replay_page

POINT = {"trait": "point", "key": 1}
STATE = {"point": [1, 2], "rate": 0.05, "rates": {"adam": 0.1}, "step": -1, "persistent": True}
STEP = {"name": "step", "low": 0, "high": 7, "at": {"trait": "step", "end": -1}}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with replay_page(browser) as page:
        yield page


def of_state(page: Page, call: str, *arguments: Any) -> Any:
    """What a function gives for a model's traits and arguments."""
    read = f"([state, ...more]) => gw.{call}((name) => state[name], ...more)"
    return page.evaluate(read, [STATE, *arguments])


def test_values_live_in_traits_and_their_elements(page: Page) -> None:
    assert of_state(page, "read", POINT) == 2
    assert of_state(page, "read", {"trait": "rates", "key": "adam"}) == 0.1
    assert of_state(page, "read", {"trait": "rates", "key": "newton"}) is None
    news = [[POINT, 5], [{"trait": "point", "key": 0}, 4], [{"trait": "rates", "key": "new"}, 1]]
    changed = of_state(page, "traitsWith", news)
    assert changed == {"point": [4, 5], "rates": {"adam": 0.1, "new": 1}}


def test_a_trait_s_end_is_the_control_s_high(page: Page) -> None:
    assert of_state(page, "valueOf", STEP) == 7
    assert of_state(page, "traitsFor", [STEP], {"step": 7}) == {"step": -1}
    assert of_state(page, "traitsFor", [STEP], {"step": 6, "other": 1}) == {"step": 6}
    truth = {"name": "persistent", "low": 0, "high": 1, "at": {"trait": "persistent"}}
    assert of_state(page, "valueOf", truth) == 1
    assert of_state(page, "traitsFor", [truth], {"persistent": 0}) == {"persistent": False}


@pytest.mark.parametrize(
    ("decimals", "exponent", "value", "text"),
    [
        (2, None, 1, "1.00"),
        (2, None, -1.5, "−1.50"),
        (2, None, 0.0001, "0.0001"),
        (2, None, 1.23456789012345, "1.23456789012"),
        (2, None, 0.1 + 0.2, "0.30"),
        (0, None, 30, "30"),
        (1, -8, 1.5e-8, "1.5e−8"),
        (1, -8, 1.25e-8, "1.25e−8"),
    ],
)
def test_a_value_reads_with_all_its_digits(
    decimals: int, exponent: int | None, value: float, text: str, page: Page
) -> None:
    digits = {"decimals": decimals, "exponent": exponent}
    assert (
        page.evaluate("([digits, value]) => gw.reading({ digits }, value)", [digits, value]) == text
    )
    assert page.evaluate("(text) => gw.typedNumber(text)", text) == pytest.approx(value, rel=1e-11)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3), (" −2.5 ", -2.5), ("0,5", 0.5), (".5", 0.5), ("3.", 3), ("+1", 1),
        ("", None), ("1,000.5", None), ("x", None), ("0x10", None), ("1 2", None),
    ],
)  # fmt: skip
def test_what_is_typed(text: str, value: float | None, page: Page) -> None:
    told = "(text) => { const value = gw.typedNumber(text); return isNaN(value) ? null : value; }"
    assert page.evaluate(told, text) == value


@pytest.mark.parametrize("coordinate", [-0.69897000433, -1.0, 400.0, -9.0, 0.3])
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_a_tick_means_what_it_means_in_python(scale: str, coordinate: float, page: Page) -> None:
    control = Control("rate", "α", 1e-4, 10.0, 0.01, 1.0, scale)
    found = page.evaluate("([one, at]) => gw.exactlyAt(one, at)", [vars(control), coordinate])
    assert found == pytest.approx(control.at(coordinate), rel=1e-13)


def test_a_range_is_drawable_as_in_python(page: Page) -> None:
    panel = {"x": [0, 1], "y": [0, 1]}
    framed = "([panel, told]) => gw.framedBy('map', panel, told)"
    for x in ((-1e308, 1e308), (0.0, 5e-324), (2.0, 2.0), (-1.0, 3.0)):
        found = page.evaluate(framed, [panel, {"map range": [*x, 0, 1]}])
        assert found == {"x": list(drawable(x)), "y": [0, 1]}
    assert page.evaluate(framed, [panel, {}]) == panel


def test_a_panel_that_is_as_it_was_is_the_same_object(page: Page) -> None:
    assert (
        page.evaluate("""() => {
      const panel = { x: [0, 1], y: [0, 1], others: [{ x: [5, 6], y: [0, 1] }] };
      return [gw.framedBy("map", panel, { "map range": [0, 1, 0, 1] }) === panel,
        gw.formedBy("map", panel, { "map form": [1] }) === panel.others[0],
        gw.formedBy("map", panel, {}) === panel];
    }""")
        == [True] * 3
    )


def test_a_line_is_stretched_as_its_panel_is(page: Page) -> None:
    stretched = "([mark, to]) => gw.stretched(mark, [0, 1], to).along"
    line = {"kind": "Polyline", "along": [0, 0.5, 1]}
    assert page.evaluate(stretched, [line, [-1, 3]]) == [-1, 1, 3]
    assert page.evaluate(stretched, [{**line, "counts": True}, [-1, 3]]) == [0, 0.5, 1]


def test_the_least_of_a_sweep(page: Page) -> None:
    least = "(rows) => gw.leastOf(rows.map((one) => one ?? NaN))"
    assert page.evaluate(least, [-3, None, -2, 5, -1.5, 1, -1, 1]) == 0.0316
    assert page.evaluate(least, [-3, None]) is None
    assert page.evaluate(least, []) is None


@pytest.mark.parametrize(
    ("slider", "other", "value", "rounding"),
    [
        ({"min": -3, "max": 3, "step": 0.1}, 1.2000000000000002, 1.2345, True),
        ({"min": -3, "max": 3, "step": 0.1}, 1.3, 1.2345, False),
        ({"min": -3, "max": 3, "step": 0.1}, 3, 7, True),
        ({"min": -3, "max": 0, "step": 0.01, "base": 10}, 0.05011872336272722, 0.05, True),
        ({"min": -3, "max": 0, "step": 0.01, "base": 10}, 0.05128613839913648, 0.05, False),
        ({"min": 0, "max": 8, "step": 1, "base": 2}, 16, 17, True),
    ],
)
def test_what_is_no_more_than_a_slider_s_rounding(
    slider: dict[str, float], other: float, value: float, rounding: bool, page: Page
) -> None:
    asked = "([one, ...more]) => gw.isRounding({ get: (name) => one[name] }, ...more)"
    assert page.evaluate(asked, [slider, other, value]) is rounding


@pytest.mark.parametrize("ground", ["#FFFFFF", "rgb(255, 255, 255)", "#111111"])
@pytest.mark.parametrize("color", ["#D55E00", "#009E73", "#0072B2", "#E69F00", "#AA4499"])
def test_letters_can_be_read_on_any_ground(color: str, ground: str, page: Page) -> None:
    ratio = """([color, ground]) => {
      const bright = (color) => {
        const [red, green, blue] = gw.channelsOf(color).map((part) => part / 255)
          .map((part) => (part > 0.03928 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
      };
      const [one, two] = [bright(gw.legible(color, ground)), bright(ground)];
      return [Math.max(one, two) / Math.min(one, two), gw.legible(color, ground) === color];
    }"""
    contrast, same = page.evaluate(ratio, [color, ground])
    assert contrast >= 4.5
    assert same or contrast < 4.9
