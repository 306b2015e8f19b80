"""Rows of data under a hand: dots, the curve through them, and the loss that both make."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import pull_of
from gradwidgets.pictures.ground import Dependent, Terrain
from gradwidgets.pictures.marks import Label, Marker, Polyline
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.rows import Rows
from gradwidgets.pictures.scene import Layer
from tests.browser.bare import bare_page
from tests.browser.stub import EMPTY_FORM, Stub, stub, stub_page
from tests.browser.view import View

X = [-2.0, -1.0, 0.0, 1.0, 2.0]
Y = [-1.5, -1.0, 0.5, 1.0, 2.5]
ROOM = 8
AT = (0.5, 0.25, 0.0)
PIXEL = 0.02  # of the data's panel
FORM = EMPTY_FORM | {"rows": [[{"kind": "rows"}]]}


def slots(*columns: list[float]) -> list[np.ndarray]:
    """x, y and weights, with room for more."""
    return [np.pad(column, (0, ROOM - len(column))) for column in (*columns, [1.0] * len(X))]


def loss(w: Any, b: Any, x: Any, y: Any, weights: Any) -> Any:
    return anp.sum(weights * (w * x + b - y) ** 2) / anp.sum(weights)


def compute(w: Any, b: Any, row: Any, x: Any, y: Any, weights: Any) -> dict[str, Any]:
    there = anp.where(weights > 0, 1.0, np.nan)
    looked = anp.where(anp.arange(float(ROOM)) == row, weights, 0.0)
    place = anp.where(anp.sum(looked) > 0, 1.0, np.nan)
    return {
        "dots": anp.stack([x * there, y * there], axis=1),
        "curve": w * np.array([-3.0, 3.0]) + b,
        "looked at": place * anp.stack([anp.sum(looked * x), anp.sum(looked * y)]),
        "point": anp.stack([w, b]),
        "right end": anp.stack([1.5, w * 1.5 + b]),
        pull_of("right end"): anp.stack([1.5, 1.0]) / 3.25,
        "told": anp.stack([0.0, 0.0, 0.0, 1.0, 0.0, loss(w, b, x, y, weights)]),
    }


@cache
def picture(labels: bool = False, still: bool = False) -> Picture:
    field = ScalarField(lambda w, b: w**2 + b**2, domain={"w": (-2, 2), "b": (-2, 2)})
    arrays = dict(zip(("x", "y", "weights"), slots(X, Y), strict=True))
    return Picture(
        panels=(
            Panel("map", (-2, 2), (-2, 2), axes=("w", "b"), terrain=Terrain("w", "b", points=21)),
            Panel("data", (-3, 3), (-4, 4)),
        ),
        backdrop=Layer(),
        marks=(
            Polyline(name="dots", panel="data", width=0, dots=8, still=still),
            Polyline(name="curve", panel="data", along=(-3.0, 3.0)),
            Marker(name="looked at", panel="data", size=12),
            Marker(name="point", panel="map", moves=("w", "b")),
            Marker(name="right end", panel="data", moves=(None, "w"), pulls=("w", "b")),
            Label(name="told", panel="", texts=("The loss is {.4}.",)),
        ),
        controls=(
            Control("w", "w", -2.0, 2.0, 0.01, 0.5),
            Control("b", "b", -2.0, 2.0, 0.01, 0.25),
            Control("row", "row", 0.0, ROOM - 1.0, 1.0, 0.0),
        ),
        compute=compute,
        field=field,
        outputs=(pull_of("right end"),),
        arrays=arrays,
        rows=Rows("data", "looked at", (0.05, 0.1), labels),
        over=Dependent(loss, (), ROOM),
    )


@pytest.fixture(scope="module")
def pure(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        page.wait_for_function("() => window.gw")
        yield page


def shown(page: Page, **traits: Any) -> Stub:
    """A model of the picture with its data."""
    made = picture(traits.pop("labels", False), traits.pop("still", False))
    rows = np.concatenate(slots(X, Y)).astype("<f8").tobytes()
    return stub(page, made, AT, form=FORM, traits={"_rows": rows, "edits": {}, **traits})


@pytest.fixture
def one(page: Page) -> Stub:
    return shown(page)


def dot(view: View) -> Locator:
    return view.plot("data").get_by_role("slider", name="data point")


def curve(view: View) -> Locator:
    return view.plot("data").get_by_role("slider", name="curve, right end")


def spoken(view: View, text: str) -> None:
    view.wait(
        """(root, text) => root.querySelector('[data-mark="looked at"]')
          ?.getAttribute("aria-valuetext") === text""",
        text,
    )


def told(view: View, loss: str) -> None:
    text = f"The loss is {loss}."
    view.wait(
        "(root, text) => root.querySelector('.gw-captions p')?.textContent === text",
        text,
    )


def loss_at(edits: dict[int, list[float]], w: float = AT[0], b: float = AT[1]) -> str:
    x, y, weights = slots(X, Y)
    for slot, row in edits.items():
        x[slot], y[slot], weights[slot] = row
    return f"{loss(w, b, x, y, weights):.4f}"


# ── the pointer ──────────────────────────────────────────────────────────────────────────────────


def test_what_the_pointer_is_near_to_is_looked_at(one: Stub, view: View) -> None:
    view.move("data", (0.95, 1.05))
    one.wait("(model) => model.get('row') === 3")
    spoken(view, "row 4 of 5: x 1.00, y 1.0")
    one.sent()
    view.move("data", (1.0, -2.0))
    view.move("data", (0.97, 1.0))
    assert one.sent() == []  # it is looked at already, and nothing was left in between
    assert one.get("edits") == {}


def test_a_dragged_dot_moves_the_loss_and_its_landscape(one: Stub, view: View) -> None:
    before = view.look()
    ground = "(root) => root.querySelector('[data-panel=\"map\"] .gw-ground').toDataURL()"
    landscape = view.root.evaluate(ground)
    view.press("data", (2.0, 2.5))
    view.move("data", (2.0, 0.5))
    view.move("data", (1.52, -2.04))
    one.wait("(model) => model.get('row') === 4")
    assert one.get("edits") == {"4": [1.5, -2.0, 1.0]}
    view.other_look(before)
    told(view, loss_at({4: [1.5, -2.0, 1.0]}))
    view.wait(f"(root, before) => ({ground})(root) !== before", landscape)
    view.release()
    spoken(view, "row 5 of 5: x 1.50, y −2.0")
    assert dot(view).evaluate("(one) => one === document.activeElement")
    sent = {name for message in one.sent() for name in message}
    assert sent == {"edits", "row", "_tick"}


def test_rows_that_data_alone_move_are_painted_with_the_ground(page: Page) -> None:
    """Again where a row is another, and not where a parameter is."""
    wipe = "(canvas) => canvas.getContext('2d').clearRect(0, 0, 9999, 9999)"
    painted = "(root) => new Uint32Array(root.querySelector('[data-panel=data] .gw-ground')"
    painted += ".getContext('2d').getImageData(0, 0, 300, 300).data.buffer).some(Boolean)"
    one = shown(page, still=True)
    view = one.show()
    view.plot("data").locator(".gw-ground").evaluate(wipe)
    one.receive(point=[-0.5, AT[1]])
    told(view, loss_at({}, w=-0.5))
    assert not view.root.evaluate(painted)
    one.receive(edits={"4": [1.5, -2.0, 1.0]})
    told(view, loss_at({4: [1.5, -2.0, 1.0]}, w=-0.5))
    assert view.root.evaluate(painted)


def test_a_dot_stays_in_its_panel(one: Stub, view: View) -> None:
    view.drag("data", (-2.0, -1.5), (-2.9, -3.0), (-3.2, -4.4))
    assert one.get("edits") == {"0": [-3.0, -4.0, 1.0]}


def test_a_press_alone_changes_no_data(one: Stub, view: View) -> None:
    x, y = view.at("data", (0.0, 0.5))
    view.page.mouse.move(x + 3, y - 2)
    view.page.mouse.down()
    view.page.mouse.move(x + 4, y - 2)
    view.release()
    assert (one.get("row"), one.get("edits")) == (2, {})


def test_escape_gives_a_dragged_dot_back(one: Stub, view: View) -> None:
    view.press("data", (1.0, 1.0))
    view.move("data", (0.0, -1.0))
    one.wait("(model) => model.get('edits')[3]")
    view.page.keyboard.press("Escape")
    assert one.get("edits") == {}
    view.move("data", (0.5, -1.0))
    view.release()
    assert one.get("edits") == {}


def test_a_double_click_adds_and_removes(one: Stub, view: View) -> None:
    view.page.mouse.dblclick(*view.at("data", (-1.0, 3.0)))
    assert one.get("edits") == {"5": [-1.0, 3.0, 1.0]}
    spoken(view, "row 6 of 6: x −1.00, y 3.0")
    told(view, loss_at({5: [-1.0, 3.0, 1.0]}))
    view.page.mouse.dblclick(*view.at("data", (0.0, 0.5)))
    assert one.get("edits") == {"5": [-1.0, 3.0, 1.0], "2": [0.0, 0.5, 0.0]}
    told(view, loss_at({5: [-1.0, 3.0, 1.0], 2: [0.0, 0.5, 0.0]}))
    spoken(view, "row 3 of 5: x 1.00, y 1.0")
    view.page.mouse.dblclick(*view.at("data", (2.5, -3.0)))
    assert one.get("edits")["2"] == [2.5, -3.0, 1.0]  # the first slot with room


def test_where_data_are_full_nothing_is_added(page: Page) -> None:
    one = shown(page, edits={str(k): [0.1 * k, -3.0, 1.0] for k in range(5, ROOM)})
    view = one.show()
    one.sent()
    view.page.mouse.dblclick(*view.at("data", (-1.0, 3.0)))
    assert one.sent() == []
    assert view.root.get_by_role("button", name="add a point").is_disabled()


def test_labels_are_0_or_1(page: Page) -> None:
    one = shown(page, labels=True)
    view = one.show()
    view.drag("data", (1.0, 1.0), (1.5, 1.0), (1.5, 0.4))
    assert one.get("edits") == {"3": [1.5, 0.0, 1.0]}
    spoken(view, "row 4 of 5: x 1.50, y 0")
    dot(view).press("ArrowUp")
    assert one.get("edits") == {"3": [1.5, 1.0, 1.0]}
    view.page.mouse.dblclick(*view.at("data", (-2.5, 3.0)))
    assert one.get("edits")["5"] == [-2.5, 1.0, 1.0]


def test_a_handle_that_is_nearer_is_taken(one: Stub, view: View) -> None:
    one.receive(edits={"3": [1.4, 1.0, 1.0]})
    spoken(view, "row 1 of 5: x −2.00, y −1.5")
    view.drag("data", (1.48, 1.0), (1.48, 2.0))
    assert one.get("edits") == {"3": [1.4, 1.0, 1.0]}
    assert one.get("point") != [0.5, 0.25]
    view.drag("data", (1.4, 1.0), (1.4, 0.0))
    assert one.get("edits") == {"3": [1.4, 0.0, 1.0]}


def test_a_finger_taps_a_dot_and_takes_it_along(browser: Browser) -> None:
    size = {"width": 390, "height": 844}
    with stub_page(browser, viewport=size, has_touch=True, is_mobile=True) as phone:
        one = shown(phone)
        view = one.show()
        x, y = view.at("data", (1.0, 1.0))
        phone.touchscreen.tap(x + 8, y + 14)
        one.wait("(model) => model.get('row') === 3")
        spoken(view, "row 4 of 5: x 1.00, y 1.0")
        session = phone.context.new_cdp_session(phone)
        for kind, down in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40)):
            places = [{"x": x + 8, "y": y + 8 + down}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        place, weight = one.get("edits")["3"][:2], one.get("edits")["3"][2]
        assert place[1] < 0.7
        assert (place[0], weight) == (1.0, 1.0)


# ── keys and buttons ─────────────────────────────────────────────────────────────────────────────


def test_keys_move_a_row_and_bring_it_back(one: Stub, view: View) -> None:
    spoken(view, "row 1 of 5: x −2.00, y −1.5")
    point = dot(view)
    for key, place in (
        ("ArrowRight", [-1.5, -1.5]),
        ("Alt+ArrowUp", [-1.5, -1.4]),
        ("Alt+ArrowLeft", [-1.55, -1.4]),
        ("Shift+ArrowDown", [-1.55, -4.0]),
    ):
        point.press(key)
        assert one.get("edits") == {"0": [*place, 1.0]}
    point.press("Home")
    assert one.get("edits") == {}


def test_keys_go_from_row_to_row(one: Stub, view: View) -> None:
    point = dot(view)
    for key, row in (("PageUp", 1), ("PageUp", 2), ("PageDown", 1)):
        point.press(key)
        assert one.get("row") == row
    spoken(view, "row 2 of 5: x −1.00, y −1.0")
    point.press("PageDown")
    point.press("PageDown")
    assert one.get("row") == 4
    point.press("PageUp")
    assert one.get("row") == 0
    names = ("aria-valuenow", "aria-valuemin", "aria-valuemax")
    spoken(view, "row 1 of 5: x −2.00, y −1.5")
    assert [point.get_attribute(name) for name in names] == ["1", "1", "5"]


def test_keys_remove_and_add(one: Stub, view: View) -> None:
    point = dot(view)
    point.press("PageUp")
    point.press("Delete")
    assert (one.get("edits"), one.get("row")) == ({"1": [-1.0, -1.0, 0.0]}, 2)
    spoken(view, "row 2 of 4: x 0.00, y 0.5")
    point.press("Insert")
    assert (one.get("edits")["1"], one.get("row")) == ([-0.5, 0.5, 1.0], 1)
    spoken(view, "row 2 of 5: x −0.50, y 0.5")
    point.press("Backspace")
    assert one.get("edits") == {"1": [-0.5, 0.5, 0.0]}
    assert point.evaluate("(one) => one === document.activeElement")


def test_what_was_added_has_no_way_back(one: Stub, view: View) -> None:
    dot(view).press("Insert")
    before = one.get("edits")
    dot(view).press("Home")
    assert one.get("edits") == before


def test_all_can_be_removed_and_brought_back(one: Stub, view: View) -> None:
    add, remove, back = (
        view.root.get_by_role("button", name=name)
        for name in ("add a point", "remove it", "all data back")
    )
    assert [button.is_enabled() for button in (add, remove, back)] == [True, True, False]
    for _ in X[1:]:
        remove.click()
    view.wait("(root) => root.querySelectorAll('.gw-button:disabled').length === 1")
    assert [button.is_enabled() for button in (add, remove, back)] == [True, False, True]
    view.root.locator("[data-mark='looked at']").press("Delete")
    assert len(one.get("edits")) == len(X) - 1  # one row stays
    left = int(one.get("row"))
    add.click()
    added = next(row for row in one.get("edits").values() if row[2])
    assert added[:2] == [X[left] + (0.5 if X[left] < 0 else -0.5), Y[left]]  # beside it
    back.click()
    assert one.get("edits") == {}
    view.wait("(root) => root.querySelectorAll('.gw-button:disabled').length === 1")
    assert back.is_disabled()
    spoken(view, "row 1 of 5: x −2.00, y −1.5")  # the slot that the added one had
    told(view, loss_at({}))


def test_what_python_says_of_the_data_is_shown(one: Stub, view: View) -> None:
    one.receive(edits={"0": [-2.0, 3.0, 1.0]})
    told(view, loss_at({0: [-2.0, 3.0, 1.0]}))
    spoken(view, "row 1 of 5: x −2.00, y 3.0")


# ── the curve ────────────────────────────────────────────────────────────────────────────────────


def test_the_curve_is_pulled_to_the_pointer(one: Stub, view: View) -> None:
    view.press("data", (1.5, 1.0))
    assert one.get("point") == [0.5, 0.25]  # a press alone changes nothing
    view.move("data", (1.5, 2.0))
    view.move("data", (0.2, 2.5))
    w, b = one.get("point")
    assert w * 1.5 + b == pytest.approx(2.5, abs=PIXEL)
    assert (w - 0.5) / (b - 0.25) == pytest.approx(1.5, rel=1e-2)  # along the pull
    told(view, loss_at({}, w, b))
    view.page.keyboard.press("Escape")
    assert one.get("point") == [0.5, 0.25]
    view.release()


def test_a_press_elsewhere_fetches_no_curve(one: Stub, view: View) -> None:
    view.drag("data", (-2.5, 3.0), (-2.5, 2.0))
    assert one.get("point") == [0.5, 0.25]
    assert one.sent() == []


def test_keys_pull_the_curve(one: Stub, view: View) -> None:
    handle = curve(view)
    handle.press("ArrowUp")  # a hundredth of the panel's height
    w, b = one.get("point")
    assert (w * 1.5 + b) == pytest.approx(1.0 + 0.08, abs=1e-4)
    handle.press("Shift+ArrowDown")
    w, b = one.get("point")
    assert (w * 1.5 + b) == pytest.approx(1.08 - 0.8, abs=1e-4)
    handle.press("Home")
    assert one.get("point") == [0.5, 0.25]
    view.wait(
        """(root) => root.querySelector('[data-mark="right end"]')
          .getAttribute("aria-valuetext").startsWith("w 0.50, b 0.25")"""
    )


# ── rows as they are ─────────────────────────────────────────────────────────────────────────────

PANEL = {"x": [-3, 3], "y": [-4, 4], "box": [50, 10, 600, 400]}
TOLD = {"panel": "data", "mark": "looked at", "steps": [0.05, 0.1], "labels": False}


def asked(pure: Page, name: str, *arguments: Any) -> Any:
    """A function of the front end, of arrays as of lists."""
    return pure.evaluate(
        """([name, given]) => JSON.parse(JSON.stringify(gw[name](...given.map((one) =>
          Array.isArray(one?.[0]) ? one.map((list) => Float64Array.from(list)) : one)),
          (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)))""",
        [name, arguments],
    )


def test_edits_are_laid_over_what_python_sent(pure: Page) -> None:
    found = pure.evaluate(
        """() => {
          const sent = new DataView(new Float64Array([9, 1, 2, 3, 4, 1, 0]).buffer, 8);
          return gw.arraysIn(sent, { 1: [7, 8, 9] }).map((one) => [...one]);
        }"""
    )
    assert found == [[1, 7], [3, 8], [1, 9]]


@pytest.mark.parametrize(
    ("slot", "turn", "expected"), [(1, 1, 4), (4, 1, 1), (1, -1, 4), (2, -1, 1), (2, 1, 4)]
)
def test_the_next_row_has_a_weight(pure: Page, slot: int, turn: int, expected: int) -> None:
    weights = [0.0, 1.0, 0.0, 0.0, 2.0]
    arrays = [[0.0] * 5, [0.0] * 5, weights]
    assert asked(pure, "slotBeside", arrays, slot, turn) == expected
    assert asked(pure, "slotsIn", arrays) == [1, 4]
    assert asked(pure, "slotBeside", [[0.0], [0.0], [0.0]], 0, turn) == 0


def test_the_nearest_row_is_near(pure: Page) -> None:
    arrays = [[0.0, 0.05, 0.05], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]
    found = asked(pure, "rowNear", PANEL, arrays, [353, 210])
    assert (found["slot"], found["at"], found["distance"]) == (1, [355, 210], 2)
    assert asked(pure, "rowNear", PANEL, arrays, [351, 210])["slot"] == 0
    assert asked(pure, "rowNear", PANEL, arrays, [350, 223]) is None


def test_a_place_is_made_one_that_a_row_may_have(pure: Page) -> None:
    assert asked(pure, "rowAt", TOLD, PANEL, [0.123, 0.26]) == [0.1, 0.3]
    assert asked(pure, "rowAt", TOLD, PANEL, [-5, 99]) == [-3, 4]
    labels = TOLD | {"labels": True}
    assert [asked(pure, "rowAt", labels, PANEL, [0, y])[1] for y in (-3, 0.4, 0.6)] == [0, 0, 1]


def test_a_fresh_row_is_beside_the_one_looked_at(pure: Page) -> None:
    assert asked(pure, "freshPlace", TOLD, PANEL, None) == [0, 0]
    assert asked(pure, "freshPlace", TOLD, PANEL, [2.9, 1]) == [2.4, 1]
    assert asked(pure, "freshPlace", TOLD, PANEL, [-2.9, 1]) == [-2.4, 1]


def test_a_pull_is_kept_in_range(pure: Page) -> None:
    control = {"scale": "linear", "cyclic": False, "step": 0.01, "start": 0.0}
    spec = {
        "panels": {"data": PANEL | {"space": None}},
        "controls": [control | {"name": name, "low": -1, "high": 1} for name in ("w", "b")],
    }
    mark = {"name": "end", "panel": "data", "moves": [None, "w"], "pulls": ["w", "b"]}
    ask = """([spec, mark, pull, y]) => gw.dragValues(spec, { values: { w: 0.5, b: -0.25 },
      marks: { end: [0, 1], "end pull": pull } }, mark, 50, 10 + 50 * (4 - y))"""

    def pulled(pull: list[float | None], y: float) -> Any:
        return pure.evaluate(ask, [spec, mark, pull, y])

    assert pulled([0.2, 0.1], 2) == {"w": 0.7, "b": -0.15}
    assert pulled([0.2, 0.1], 4) == {"w": 1, "b": 0}  # all go as far as all have room
    assert pulled([-4.0, 0.1], 4) == {"w": -1, "b": -0.2125}
    assert pulled([0.0, 0.00123], 2) == {"w": 0.5, "b": -0.24877}
    assert pulled([None, 0.1], 2) == {"w": 0.5, "b": -0.15}


@pytest.mark.parametrize(("rows", "at_once"), [(100, True), (1000, False)])
def test_of_many_rows_the_last_ground_stays_until_the_next_is_there(
    pure: Page, rows: int, at_once: bool
) -> None:
    x = np.linspace(-1, 1, rows)
    program = trace(lambda w, b, x: (anp.mean((w * x - b) ** 2),), 0.5, 0.25, x)
    data, constants = program.as_data()
    terrain = {"across": "x0", "up": "x1", "spacing": "even", "points": 41, "arrows": None}
    found = pure.evaluate(
        """([data, constants, terrain, x]) => {
          const panel = { x: [-2, 2], y: [-2, 2], terrain, space: null };
          const source = gw.programSource(data, Float64Array.from(constants));
          const made = gw.terrainOf({ panels: { map: panel } }, source);
          const [first, second] = [1, 3].map((k) => [Float64Array.from(x, (one) => k * one)]);
          const top = (arrays) => made.at({}, arrays).grounds.map.span[1];
          const before = top(first), at = top(second);
          while (!made.goOn());
          return [before, at, top(second), made.at({}, second).grounds.map.fine];
        }""",
        [data, constants.tolist(), terrain, x.tolist()],
    )
    before, after = (4 * np.mean((k * x) ** 2) + 4 for k in (1, 3))
    assert found[:3] == pytest.approx([before, after if at_once else before, after], rel=1e-6)
    assert found[3] is True
