"""A fit under a real mouse and real keys, in a page without a kernel: θ, the curve, the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

import gradwidgets as gw
from gradwidgets.explorers.fit import FitExplorer
from tests.browser.paged import alone, show, wait_verified
from tests.browser.view import View

X, Y = [-1.0, 0.0, 1.0, 2.0], [-2.0, 0.5, 1.0, 4.0]
AT = {"b": 1.0, "w": -0.5}
GROUND = "(root) => root.querySelector('[data-panel=\"map\"] .gw-ground').toDataURL()"
MARKS = "(root) => root.querySelector('[data-panel=\"data\"] .gw-marks').toDataURL()"
DOMAIN = {"b": (-3, 3), "w": (-3, 3)}


def made(**options: object) -> FitExplorer:
    return gw.FitExplorer(X, Y, point=AT, domain=DOMAIN, rate=0.05, steps=20, **options)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "page.html"
    explorer = made()
    explorer.save(path)
    explorer.close()
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1280, "height": 1000}) as page:
        yield page


@pytest.fixture
def view(page: Page, saved: Path) -> View:
    (view,) = show(page, saved)
    return view


def told(view: View, explorer: FitExplorer) -> None:
    """Wait until the page says of its place what Python says."""
    view.wait(
        "(root, said) => root.querySelector('.gw-captions p').dataset.text === said",
        explorer.scene.captions[0],
    )


def address(view: View) -> dict[str, str]:
    """What the page's link tells: by itself the address follows when a hand has rested."""
    copy = view.root.get_by_role("button", name=re.compile("copy link|copied"))
    copy.evaluate("(button) => button.click()")
    told = view.page.evaluate("() => location.hash.slice(1)")
    return {name: value for name, (value,) in parse_qs(told).items()}


def state(view: View) -> dict[str, float]:
    """θ in the page's link."""
    known = address(view)
    return {name: float(known.get(name, usual)) for name, usual in AT.items()}


def edits(view: View) -> dict[str, list[float]]:
    """The rows in the page's link."""
    rows = [one.split("*") for one in address(view)["data"].split("_")]
    return {slot: list(map(float, row)) for slot, *row in rows}


def slot_of(explorer: FitExplorer, x: float) -> int:
    return int(np.flatnonzero(explorer._slots[0] == x)[0])


def handle(view: View, panel: str, name: str) -> Locator:
    return view.plot(panel).get_by_role("slider", name=re.compile(name))


# ── the mouse ────────────────────────────────────────────────────────────────────────────────────


def test_the_page_s_numbers_are_python_s(view: View) -> None:
    assert wait_verified(view) == ""
    told(view, made())


def test_theta_on_the_loss_moves_the_curve_through_the_data(view: View) -> None:
    before, ground = view.root.evaluate(MARKS), view.root.evaluate(GROUND)
    view.press("map", (1.0, -0.5))
    view.move("map", (0.0, 1.0))
    view.move("map", (-0.5, 2.0))
    view.wait(f"(root, before) => ({MARKS})(root) !== before", before)
    view.release()
    theta = state(view)
    assert theta == pytest.approx({"b": -0.5, "w": 2.0}, abs=0.03)
    explorer = made()
    explorer.point = theta
    told(view, explorer)
    assert view.root.evaluate(GROUND) == ground  # the landscape is that of the data


def test_a_batch_ends_at_the_rows_that_there_are(view: View) -> None:
    batch = view.root.get_by_label("rows in a batch", exact=True)
    assert (batch.get_attribute("max"), batch.input_value()) == ("4", "4")
    view.root.get_by_role("button", name="add a point").click()
    view.wait("(root) => root.querySelector('[aria-label=\"rows in a batch\"]').value === '5'")
    batch.press("ArrowLeft")
    view.wait("(root) => root.textContent.includes('Each step looks at 4 of 5 rows, in turn')")
    batch.press("End")
    view.wait("(root) => root.textContent.includes('Each step looks at all 5 rows.')")
    for left in (4, 3, 2, 1):
        view.root.get_by_role("button", name="remove it").click()
        view.wait(
            """(root, left) => ["max", "value"].every((one) =>
              root.querySelector('[aria-label="rows in a batch"]')[one] === String(left))""",
            left,
        )
    view.wait("(root) => root.textContent.includes('Each step looks at the only row.')")


@pytest.mark.parametrize(("name", "other"), [("left", 0.8), ("right", 0.2)])
def test_a_handle_of_the_curve_moves_theta_and_the_other_end_stays(
    view: View, name: str, other: float
) -> None:
    explorer = made()
    low, high = explorer.scene.panel("data").x
    x, y = explorer.scene[name]
    view.press("data", (x, y))
    view.move("data", (x, y + 0.5))
    view.move("data", (x, y + 1.5))
    view.release()
    theta = state(view)
    assert theta["w"] * x + theta["b"] == pytest.approx(y + 1.5, abs=0.05)
    still = low + other * (high - low)
    assert theta["w"] * still + theta["b"] == pytest.approx(-0.5 * still + 1.0, abs=0.01)
    explorer.point = theta
    told(view, explorer)


def test_a_row_that_is_dragged_moves_the_landscape(view: View) -> None:
    explorer, ground = made(), view.root.evaluate(GROUND)
    view.press("data", (2.0, 4.0))
    view.move("data", (1.5, 2.0))
    view.move("data", (1.0, -1.0))
    view.wait(f"(root, before) => ({GROUND})(root) !== before", ground)
    view.release()
    now = edits(view)
    slot = str(slot_of(explorer, 2.0))
    assert now == {slot: pytest.approx([1.0, -1.0, 1.0], abs=0.05)}
    explorer.edits = now
    told(view, explorer)
    view.root.get_by_role("button", name="all data back").click()
    told(view, made())
    view.wait(f"(root, before) => ({GROUND})(root) === before", ground)


def test_a_double_click_adds_a_row_and_removes_one(view: View) -> None:
    explorer = made()
    view.page.mouse.dblclick(*view.at("data", (0.5, 3.0)))
    explorer.edits = edits(view)
    assert sorted(explorer.data[0]) == pytest.approx([-1.0, 0.0, 0.5, 1.0, 2.0], abs=0.01)
    told(view, explorer)
    view.page.mouse.dblclick(*view.at("data", (2.0, 4.0)))
    explorer.edits = edits(view)
    assert sorted(explorer.data[0]) == pytest.approx([-1.0, 0.0, 0.5, 1.0], abs=0.01)
    told(view, explorer)
    view.root.get_by_role("button", name="Reset", exact=True).click()
    told(view, made())


def test_where_x_is_measured_otherwise_rows_go_along_and_theta_is_as_it_was_opened(
    view: View,
) -> None:
    view.drag("data", (2.0, 4.0), (1.0, -1.0))
    view.drag("map", (1.0, -0.5), (0.0, 1.0))
    moved = edits(view)
    view.root.get_by_label("standardise x").click()
    explorer = made()
    explorer.edits = moved
    explorer.standardise = True
    told(view, explorer)
    assert view.root.locator(".gw-note").text_content() == ""
    view.page.wait_for_function("() => location.hash.includes('standardise')")
    (slot,) = moved
    assert edits(view)[slot] == pytest.approx(explorer.edits[slot], abs=1e-9)
    view.root.get_by_label("standardise x").click()
    explorer = made()
    explorer.edits = moved
    told(view, explorer)


def test_what_is_no_label_does_not_come_into_a_loss_for_labels(page: Page, tmp_path: Path) -> None:
    def labelled() -> FitExplorer:
        return gw.FitExplorer(X, [0, 1, 0, 1], point=AT, domain=DOMAIN)

    labelled().save(tmp_path / "labels.html")
    (view,) = show(page, tmp_path / "labels.html")
    row = view.root.get_by_role("slider", name="data point")
    row.press("Shift+ArrowUp")
    assert not {y for _, y, _ in edits(view).values()} <= {0.0, 1.0}
    view.root.get_by_label("loss").select_option("logistic")
    explorer = labelled()
    explorer.loss = "logistic"
    told(view, explorer)
    assert "as they came" in (view.root.locator(".gw-note").text_content() or "")


def test_rows_that_are_labels_stay_where_they_are_in_a_loss_for_labels(
    page: Page, tmp_path: Path
) -> None:
    explorer = gw.FitExplorer(X, [0, 1, 0, 1], point=AT, domain=DOMAIN)
    explorer.save(tmp_path / "labels.html")
    (view,) = show(page, tmp_path / "labels.html")
    view.page.mouse.dblclick(*view.at("data", (2.0, 1.0)))
    explorer.edits = edits(view)
    assert len(explorer.data[0]) == 3
    view.root.get_by_label("loss").select_option("logistic")
    explorer.loss = "logistic"
    told(view, explorer)
    assert view.root.locator(".gw-note").text_content() == ""


# ── keys and what is spoken ──────────────────────────────────────────────────────────────────────


def spoken(view: View, one: Locator, words: str, start: str = "") -> str:
    """What a handle says, once it says these words and no longer what it said at the start."""
    view.page.wait_for_function(
        """([one, words, start]) => {
          const said = one.getAttribute("aria-valuetext") ?? "";
          return said.includes(words) && said !== start;
        }""",
        arg=[one.element_handle(), words, start],
    )
    return one.get_attribute("aria-valuetext") or ""


@pytest.mark.parametrize(
    ("panel", "name", "key"),
    [("map", "", "Shift+ArrowRight"), ("data", "left", "ArrowUp"), ("data", "right", "ArrowDown")],
)
def test_keys_move_theta_and_the_curve_and_they_say_where_they_are(
    view: View, panel: str, name: str, key: str
) -> None:
    one = handle(view, panel, name)
    first = spoken(view, one, "b 1.00, w −0.50")
    one.press(key)
    explorer = made()
    explorer.point = state(view)
    told(view, explorer)
    assert explorer.scene.captions[0] in spoken(view, one, "mean squared error", first)
    one.press("Home")
    told(view, made())
    spoken(view, one, "b 1.00, w −0.50")


def test_keys_go_from_row_to_row_move_and_remove_them(view: View) -> None:
    row = handle(view, "data", "data point")
    first = spoken(view, row, "row 1 of 4: x ")
    row.press("PageUp")
    spoken(view, row, "row 2 of 4: x ", first)
    row.press("Shift+ArrowUp")
    explorer = made()
    explorer.edits = edits(view)
    told(view, explorer)
    row.press("Delete")
    spoken(view, row, " of 3: x ")
    row.press("Insert")
    spoken(view, row, " of 4: x ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_360_pixels_nothing_is_cut_and_all_three_are_touched(
    browser: Browser, saved: Path, scheme: str
) -> None:
    options = {"viewport": {"width": 360, "height": 800}, "color_scheme": scheme}
    with alone(browser, **options) as page:
        (view,) = show(page, saved)
        wide = "() => document.documentElement.scrollWidth <= innerWidth"
        assert page.evaluate(wide)
        look = view.look()
        view.drag("map", (1.0, -0.5), (0.0, 0.5))
        look = view.other_look(look)
        view.drag("data", (2.0, 4.0), (1.5, 3.0))
        look = view.other_look(look)
        assert edits(view)
        assert page.evaluate(wide)


def test_labels_stay_labels_and_the_decision_line_follows(page: Page, tmp_path: Path) -> None:
    explorer = gw.FitExplorer([1, 2, 3, 4, 5], [0, 0, 1, 0, 1], loss="logistic", steps=5)
    explorer.save(tmp_path / "labels.html")
    (view,) = show(page, tmp_path / "labels.html")
    assert wait_verified(view) == ""
    view.drag("data", (4.0, 0.0), (4.2, 0.3), (4.3, 0.8))
    ((slot, row),) = edits(view).items()
    assert row == pytest.approx([4.3, 1.0, 1.0], abs=0.05)
    explorer.edits = {slot: row}
    told(view, explorer)
