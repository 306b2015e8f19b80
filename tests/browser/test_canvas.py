"""The life of the canvas's views, in a bare page whose Python is an explorer of this process."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.rendering.surface import Turn, project
from tests.browser.bare import ORIGIN, bare_page
from tests.browser.view import LOOK, View
from tests.explorers.rated import BEST, CORNER, RatedExplorer

# What anywidget hands to `render`, in a few lines: traits, messages that were sent, listeners.
STUB = """(state) => {
  const traits = {};
  const listeners = [];
  const tell = (names) => names.forEach((name) => [...listeners]
    .filter(([event]) => event === `change:${name}`).forEach(([_, hear]) => hear()));
  const revive = (value) =>
    value?.bytes === undefined ? value : new DataView(decode(value.bytes).buffer);
  let unsaved = {};
  window.ends = [];
  window.model = {
    sent: [],
    listeners,
    get: (name) => traits[name],
    set: (name, value) => { unsaved[name] = traits[name] = value; tell([name]); },
    save_changes: () => { model.sent.push(unsaved); unsaved = {}; },
    on: (name, hear) => listeners.push([name, hear]),
    off: (name, hear) => {
      const place = listeners.findIndex((entry) => entry[0] === name && entry[1] === hear);
      if (place >= 0) listeners.splice(place, 1);
    },
    receive: (news) => {
      Object.entries(news).forEach(([name, value]) => { traits[name] = revive(value); });
      tell(Object.keys(news));
    },
  };
  model.receive(state);
}"""
RENDER = """() => {
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(gw.default.render({ model, el }));
}"""
SYNCHRONISED = ("background", "spec", "numbers", "note", "answered", "view")
PIXEL = 0.02  # of the map, in data
WIDTH, HEIGHT = 700, 1300
FIELD = ScalarField("x**2 + 10*y**2")


@dataclass
class Live:
    """An explorer and the page that shows it; nothing is answered before `answer` is called."""

    page: Page
    explorer: Explorer
    told: dict[str, Any] = field(default_factory=dict)  # what the page has heard last

    def __post_init__(self) -> None:
        self.page.evaluate(STUB, self.news())

    @property
    def canvas(self) -> Any:
        return self.explorer._canvas

    def news(self) -> dict[str, Any]:
        now = {name: getattr(self.canvas, name) for name in SYNCHRONISED}
        news = {name: now[name] for name in now if now[name] != self.told.get(name)}
        self.told |= news
        return {name: as_json(value) for name, value in news.items()}

    def tell(self) -> None:
        """What Python says of its own accord."""
        self.page.evaluate("(news) => model.receive(news)", self.news())

    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.page.evaluate("() => model.sent.splice(0)")
        return messages

    def answer(self) -> list[dict[str, Any]]:
        """Let Python handle all messages; returns them, gestures as their values alone."""
        messages = self.messages()
        for message in messages:
            self.told |= {"view": message.get("view", self.told["view"])}
            self.canvas.set_state(message)
        self.tell()
        return [message.get("gesture", {}).get("values", message) for message in messages]

    def show(self) -> View:
        """One more view, painted for its own width."""
        self.page.evaluate(RENDER)
        place = self.page.evaluate("() => ends.length - 1")
        view = View(self.page.locator(".gw-canvas").nth(place), lambda: dict(self.canvas.spec))
        view.wait_drawn()
        return view

    def end(self, view: int = 0) -> None:
        self.page.evaluate("(view) => ends[view]()", view)

    def stop_clock(self) -> Any:
        """From now on the page's time stands still, but for what `run_for` lets go by."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1)
        return self.page.clock

    def wait_message(self) -> None:
        self.page.wait_for_function("() => model.sent.length")


def as_json(value: Any) -> Any:
    return {"bytes": b64encode(value).decode()} if isinstance(value, bytes) else value


def page_of(width: int, height: int, **options: Any) -> pytest.MarkDecorator:
    """For tests that need a browser's page of their own."""
    options["viewport"] = {"width": width, "height": height}
    return pytest.mark.parametrize("options", [options], ids=[f"{width} px"])


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


@pytest.fixture
def options() -> dict[str, Any]:
    return {}


@pytest.fixture
def page(browser: Browser, shared_page: Page, options: dict[str, Any]) -> Iterator[Page]:
    if options:
        with bare_page(browser, **options) as page:
            yield page
    else:
        shared_page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        shared_page.mouse.up()
        shared_page.goto(ORIGIN)
        yield shared_page
        assert shared_page.evaluate("() => errors") == []


@pytest.fixture(scope="module")
def explorer() -> Iterator[GradientExplorer]:
    with closing(GradientExplorer()) as explorer:
        yield explorer


@pytest.fixture
def live(page: Page, explorer: GradientExplorer) -> Live:
    explorer.arrows, explorer.angle, explorer.point = True, 30, (1, 2)
    explorer.field = FIELD
    explorer._canvas.view = [WIDTH, 1]
    return Live(page, explorer)


@pytest.fixture
def view(live: Live) -> View:
    view = live.show()
    if live.page.viewport_size["width"] != WIDTH:
        live.wait_message()
        live.answer()
        view.wait_drawn()
    return view


# ── sharpness and size ───────────────────────────────────────────────────────────────────────────


@page_of(801, 700)
def test_a_dot_of_the_canvas_is_a_dot_of_the_screen(live: Live, view: View) -> None:
    assert view.canvas.evaluate("(canvas) => [canvas.width, canvas.clientWidth]") == [801, 801]


@page_of(640, 700, device_scale_factor=2)
def test_a_dense_screen_gets_all_its_dots(live: Live, view: View) -> None:
    assert live.canvas.view == [640, 2]
    assert view.canvas.evaluate("(canvas) => [canvas.width, canvas.clientWidth]") == [1280, 640]
    image = view.root.locator("img")
    assert image.evaluate("(image) => [image.naturalWidth, image.clientWidth]") == [1280, 640]


def test_a_narrow_page_gets_one_column(live: Live, view: View) -> None:
    before = view.look()
    live.page.set_viewport_size({"width": 360, "height": 800})
    live.wait_message()
    assert live.answer()[-1] == {"view": [360, 1]}
    view.wait_drawn()
    lefts = [panel["box"][0] for panel in live.canvas.spec["panels"].values()]
    assert lefts[0] == lefts[1]
    assert view.canvas.evaluate("(canvas) => canvas.width") == 360
    assert view.look() != before


def test_a_view_that_is_hidden_asks_for_nothing(live: Live, view: View) -> None:
    view.root.evaluate("(root) => { root.style.display = 'none'; }")
    live.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    live.explorer.point = (0, 0)
    live.tell()
    assert live.messages() == []


# ── the mouse ────────────────────────────────────────────────────────────────────────────────────


def test_a_drag_moves_the_point(live: Live, view: View) -> None:
    look = view.focused_look()
    view.press("map", (1, 2))
    assert live.answer() == [{"x": 1, "y": 2}]
    for place in ((2, -1), (-2.5, 0.4)):
        view.move("map", place)
        assert live.answer() == [pytest.approx({"x": place[0], "y": place[1]}, abs=PIXEL)]
        assert live.explorer.point == pytest.approx(place, abs=PIXEL)
        assert view.captions == live.explorer.scene.captions
        look = view.other_look(look)
    view.release()
    view.move("map", (0, 0))
    assert live.messages() == []
    assert view.look() == look


def test_a_gesture_carries_a_tick_and_the_answer_returns_it(live: Live, view: View) -> None:
    view.drag("map", (1, 2), (1.5, 2), (1.7, 2))
    ticks = [message["gesture"]["tick"] for message in live.messages()]
    assert len(ticks) == 3
    assert ticks == sorted(set(ticks))
    live.canvas.gesture = {"tick": ticks[-1], "values": {"x": 1.7, "y": 2}}
    assert live.canvas.answered == ticks[-1]


def test_taking_hold_of_a_handle_beside_its_middle_does_not_move_it(live: Live, view: View) -> None:
    x, y = view.at("map", (1, 2))
    live.page.mouse.move(x + 9, y - 7)
    live.page.mouse.down()
    assert live.answer() == [{"x": 1, "y": 2}]


@pytest.mark.parametrize(
    ("panel", "place", "values"),
    [
        ("map", (-2, -1), {"x": -2, "y": -1}),
        ("directions", (250, -1.2), {"angle": 250}),
    ],
)
def test_a_press_in_a_panel_brings_its_handle_there(live, view, panel, place, values) -> None:
    before = view.focused_look()
    view.press(panel, place)
    assert live.answer() == [pytest.approx(values, abs=PIXEL if panel == "map" else 1)]
    named = {"x": live.explorer.point[0], "y": live.explorer.point[1]}
    named["angle"] = live.explorer.angle
    assert {name: named[name] for name in values} == pytest.approx(values, abs=1)
    view.other_look(before)


def test_a_press_outside_of_the_panels_or_with_another_button_does_nothing(live, view) -> None:
    before = view.look()
    live.page.mouse.click(4, 4)
    live.page.mouse.click(*view.at("map", (1, 2)), button="right")
    view.drag("map", (-3.4, -3.4), (0, 0))
    assert live.messages() == []
    view.canvas.blur()
    assert view.look() == before


def test_a_drag_beyond_the_picture_stays_in_range(live: Live, view: View) -> None:
    view.press("map", (1, 2))
    live.page.mouse.move(WIDTH - 1, HEIGHT - 1)
    live.answer()
    assert live.explorer.point == (3, -3)
    view.release()
    view.move("map", (0, 0))
    assert live.messages() == []


def test_the_cursor_tells_what_can_be_grabbed(live: Live, view: View) -> None:
    for place, cursor in (((1, 2), "grab"), ((-2, -2), "crosshair")):
        view.move("map", place)
        assert view.canvas.evaluate("(canvas) => canvas.style.cursor") == cursor


@pytest.fixture
def space(live: Live) -> Iterator[View]:
    """The explorer with its surface beside the map."""
    live.explorer.view = "both"
    live.tell()
    view = live.show()
    yield view
    live.explorer.view = "map"
    live.explorer.azimuth, live.explorer.elevation = -30.0, 30.0


def test_a_space_turns_at_once_and_python_agrees(live: Live, space: View) -> None:
    look = space.focused_look()
    space.press("surface", (-1.5, 1.5))
    for place in ((-1.2, 1.4), (-0.9, 1.2)):
        space.move("surface", place)
        look = space.other_look(look)  # nobody has answered
    space.release()
    assert live.explorer.azimuth == -30.0
    live.answer()
    assert live.explorer.azimuth == pytest.approx(-30 + 0.6 * 180 / 3.44, abs=1)
    space.other_look(look)  # it has come to rest: the mesh is drawn finely


def test_handles_are_where_they_are_seen_before_python_has_answered(live, space) -> None:
    space.drag("surface", (-1.5, 1.5), (-0.9, 1.2))
    live.messages()
    place = project(Turn(1.5, 45.5), live.canvas.scene["floor point"])
    space.press("surface", tuple(place.tolist()))
    assert live.answer()[-1] == pytest.approx({"x": 1, "y": 2}, abs=0.05)


# ── a finger ─────────────────────────────────────────────────────────────────────────────────────


def touch(page: Page, *places: tuple[float, float]) -> None:
    """A finger put down at the first place, moved over the others, lifted from the last."""
    session = page.context.new_cdp_session(page)
    for step, (x, y) in enumerate(places):
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def long_page(live: Live, view: View) -> Page:
    live.page.evaluate("() => { document.body.style.paddingBottom = '3000px'; }")
    return live.page


@page_of(390, 700, has_touch=True, is_mobile=True)
def test_a_finger_on_a_handle_drags_it_and_the_page_stays(live, view, long_page) -> None:
    before = view.focused_look()
    x, y = view.at("map", (1, 2))
    touch(long_page, (x + 6, y + 6), (x + 6, y + 40), (x + 6, y + 90), (x + 6, y + 156))
    last = live.answer()[-1]
    assert last["x"] == 1
    assert live.explorer.point == (1, last["y"])
    assert last["y"] < 0
    view.other_look(before)
    assert long_page.evaluate("() => scrollY") == 0


@page_of(390, 700, has_touch=True, is_mobile=True)
def test_a_finger_elsewhere_scrolls_the_page_and_drags_nothing(live, view, long_page) -> None:
    x, y = view.at("map", (-1, -2))
    touch(long_page, (x, y), (x, y - 40), (x, y - 90), (x, y - 150))
    long_page.wait_for_function("() => scrollY > 50")
    assert live.messages() == []
    assert live.explorer.point == (1, 2)


# ── the keyboard ─────────────────────────────────────────────────────────────────────────────────

CHANGED = """async ([root, act]) => {
  const canvas = root.querySelector("canvas");
  const dots = () => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const before = dots();
  canvas[act]();
  const after = dots();
  const [across, down] = [[], []];
  after.forEach((shade, k) => {
    if (shade === before[k]) return;
    across.push((k >> 2) % canvas.width);
    down.push(Math.floor((k >> 2) / canvas.width));
  });
  const ends = (all) => [Math.min(...all), Math.max(...all)];
  return [ends(across), ends(down)];
}"""


def test_the_focus_is_shown_by_a_ring_around_the_handle(live: Live, view: View) -> None:
    before = view.look()
    (left, right), (top, bottom) = live.page.evaluate(
        CHANGED, [view.root.element_handle(), "focus"]
    )
    x, y = view.at("map", (1, 2))
    assert (left, right, top, bottom) == pytest.approx((x - 14, x + 14, y - 14, y + 14), abs=2)
    view.canvas.blur()
    assert view.look() == before


def test_the_tab_key_leads_to_the_canvas_and_away(live: Live, view: View) -> None:
    focused = "() => document.activeElement.tagName"
    live.page.keyboard.press("Tab")
    assert live.page.evaluate(focused) == "CANVAS"
    live.page.keyboard.press("Tab")
    assert live.page.evaluate(focused) == "BODY"


def test_jupyters_shortcuts_and_screen_readers_are_told(view: View) -> None:
    for name, value in {"data-lm-suppress-shortcuts": "true", "role": "application"}.items():
        assert view.canvas.get_attribute(name) == value
    assert "Arrow keys" in view.canvas.get_attribute("aria-label")


@pytest.mark.parametrize(
    ("key", "point"),
    [
        ("ArrowRight", (1.1, 2)),
        ("ArrowDown", (1, 1.9)),
        ("Shift+ArrowLeft", (0, 2)),
        ("Shift+ArrowUp", (1, 3)),
        ("Alt+ArrowUp", (1, 2.01)),
    ],
)
def test_keys_move_the_point(live: Live, view: View, key: str, point: Any) -> None:
    before = view.focused_look()
    live.page.keyboard.press(key)
    assert live.answer() == [dict(zip("xy", point, strict=True))]
    assert live.explorer.point == point
    view.other_look(before)


def test_home_returns_to_the_start(live: Live, view: View) -> None:
    before = view.focused_look()
    for key in ("ArrowRight", "Shift+ArrowDown", "Home"):
        live.page.keyboard.press(key)
        live.answer()
    assert live.explorer.point == (1, 2)
    assert view.look() == before


def test_keys_move_the_handle_that_was_pressed_last(live: Live, view: View) -> None:
    view.drag("directions", (30, 0.54), (90, 0.5))
    live.answer()
    live.page.keyboard.press("ArrowRight")
    assert live.answer() == [{"angle": pytest.approx(100, abs=1)}]
    view.drag("map", (1, 2), (1, 2))
    live.answer()
    live.page.keyboard.press("ArrowRight")
    assert live.answer() == [{"x": 1.1, "y": 2}]


def test_only_keys_that_move_a_handle_are_kept_from_the_page(live: Live, view: View) -> None:
    live.page.evaluate("""() => {
      window.heard = [];
      const hear = ({ key, defaultPrevented }) => heard.push([key, defaultPrevented]);
      window.addEventListener("keydown", hear);
    }""")
    view.canvas.focus()
    for key in ("ArrowLeft", "Home", "a", "Control+ArrowLeft", "Meta+ArrowLeft"):
        live.page.keyboard.press(key)
    modifiers = [["Control", False], ["ArrowLeft", False], ["Meta", False], ["ArrowLeft", False]]
    assert live.page.evaluate("() => heard") == [["a", False], *modifiers]
    assert len(live.answer()) == 2


@page_of(WIDTH, HEIGHT)
def test_the_live_region_says_where_the_point_has_come_to(live: Live) -> None:
    clock, view = live.stop_clock(), live.show()
    spoken = view.root.locator(".gw-spoken")
    assert spoken.get_attribute("aria-live") == "polite"
    view.canvas.focus()
    for key in ("ArrowRight", "ArrowDown"):
        live.page.keyboard.press(key)
        live.answer()
        clock.run_for(50)
    assert spoken.text_content() == ""
    clock.run_for(1000)
    assert spoken.text_content() == live.explorer.scene.captions[0]
    assert "At (1.10, 1.90)" in spoken.text_content()


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────


def test_python_moves_the_point_too(live: Live, view: View) -> None:
    before = view.look()
    live.explorer.point = (-1.5, 0.25)
    live.tell()
    view.other_look(before)
    assert view.captions == live.explorer.scene.captions
    assert live.messages() == []


def test_numbers_of_another_length_are_ignored(live: Live, view: View) -> None:
    before = view.look()
    live.page.evaluate("() => model.receive({ numbers: { bytes: btoa('16 bytes of text') } })")
    assert view.look() == before
    live.page.keyboard.press("Tab")
    live.page.keyboard.press("ArrowRight")
    assert live.messages()[0]["gesture"]["values"] == {"x": 1.1, "y": 2}


def test_numbers_wait_for_the_background_they_belong_to(live: Live, view: View) -> None:
    """Another domain has numbers of the same length; drawn on the old map they would lie."""
    before = view.look()
    live.explorer.domain = {"x": (-10, 20), "y": (-20, 10)}
    meanwhile = live.page.evaluate(
        f"([root, news]) => {{ model.receive(news); return ({LOOK})(root); }}",
        [view.root.element_handle(), live.news()],
    )
    assert meanwhile == before
    view.wait_drawn()
    view.other_look(before)


def test_of_two_backgrounds_the_later_stays(live: Live, view: View) -> None:
    first_look, news = view.look(), []
    for shown in (False, True):
        live.explorer.arrows = shown
        news.append(live.news())
    live.page.evaluate("([other, same]) => { model.receive(other); model.receive(same); }", news)
    view.wait("(root) => root.querySelector('img').complete")
    assert view.look() == first_look


def test_another_function_changes_the_picture(live: Live, view: View) -> None:
    before = view.look()
    live.explorer.field = "x*y"
    live.tell()
    view.other_look(before)
    view.wait("(root, text) => root.querySelector('.gw-captions p').textContent === text",
              live.explorer.scene.captions[0])  # fmt: skip


def test_a_note_from_python_is_an_alert(live: Live, view: View) -> None:
    note = view.root.locator(".gw-note")
    assert not note.is_visible()
    live.canvas.note = "Something is wrong here."
    live.tell()
    assert note.is_visible()
    assert (note.text_content(), note.get_attribute("role")) == (live.canvas.note, "alert")
    live.canvas.note = ""
    live.tell()
    assert not note.is_visible()


@page_of(WIDTH, HEIGHT)
def test_a_kernel_that_does_not_answer_is_named_until_it_does(live: Live) -> None:
    clock, view = live.stop_clock(), live.show()
    view.canvas.focus()
    live.page.keyboard.press("ArrowRight")
    clock.run_for(4000)
    assert view.note == ""
    clock.run_for(2000)
    assert view.note.startswith("Waiting for Python.")
    live.answer()
    assert view.note == ""
    live.page.keyboard.press("ArrowRight")
    live.answer()
    clock.run_for(10_000)
    assert view.note == ""


def test_a_picture_on_the_same_background_keeps_the_image(live: Live, view: View) -> None:
    before, image = view.look(), view.root.locator("img")
    image.evaluate("(image) => { image.kept = true; }")
    picture, values = live.canvas.picture, tuple(live.canvas.scene.values.values())
    fewer = replace(picture, marks=picture.marks[3:])
    live.canvas.show(fewer, fewer.scene(values))
    news = live.news()
    assert set(news) == {"spec", "numbers"}
    live.page.evaluate("(news) => model.receive(news)", news)
    fresh = view.other_look(before)
    live.canvas.show(picture, picture.scene(values))
    live.tell()
    assert view.other_look(fresh) == before
    assert image.evaluate("(image) => image.kept")


# ── ticks, and a logarithmic axis ────────────────────────────────────────────────────────────────

TICK = (math.log10(BEST), 0.0)


@pytest.fixture
def rated(page: Page) -> Iterator[Live]:
    with closing(RatedExplorer("x**2 + 10*y**2", point=(1, 2))) as explorer:
        explorer._canvas.view = [WIDTH, 1]
        yield Live(page, explorer)


@pytest.fixture
def dial(rated: Live) -> View:
    view = rated.show()
    if rated.page.viewport_size["width"] != WIDTH:
        rated.wait_message()
        rated.answer()
        view.wait_drawn()
    return view


def test_a_press_on_a_tick_sets_its_control_and_drags_nothing(rated: Live, dial: View) -> None:
    before = dial.focused_look()
    dial.press("rates", TICK)
    dial.move("rates", (-2, 0.5))
    dial.release()
    (message,) = rated.messages()
    assert message["gesture"] | {"tick": 0} == {"tick": 0, "values": {}, "pressed": "best"}
    rated.canvas.set_state(message)
    rated.tell()
    assert rated.explorer.rate == pytest.approx(BEST, rel=1e-13)
    dial.other_look(before)
    assert dial.captions == rated.explorer.scene.captions


def test_a_tick_on_the_map_brings_the_point_exactly_there(rated: Live, dial: View) -> None:
    dial.drag("map", CORNER, (2, 2))
    assert rated.answer() == [{}]
    assert rated.explorer.point == CORNER
    dial.press("map", CORNER)  # now there is the handle
    assert list(rated.answer()[0]) == ["x", "y"]


def test_a_press_on_a_tick_leaves_the_keys_to_the_handle_that_had_them(rated, dial) -> None:
    dial.drag("rates", (-1, 0.5), (-1, 0.5))
    rated.answer()
    dial.press("map", CORNER)
    dial.release()
    rated.answer()
    rated.page.keyboard.press("ArrowRight")
    assert rated.answer() == [{"rate": 0.1047}]


def test_the_cursor_tells_what_can_be_pressed(rated: Live, dial: View) -> None:
    for panel, place, cursor in (
        ("rates", TICK, "pointer"),
        ("map", CORNER, "pointer"),
        ("map", (1, 2), "grab"),
        ("map", (-2, -2), "crosshair"),
    ):
        dial.move(panel, place)
        assert dial.canvas.evaluate("(canvas) => canvas.style.cursor") == cursor


def test_a_handle_on_a_logarithmic_axis_is_dragged_and_moved_by_keys(rated, dial) -> None:
    dial.press("rates", (-1, 0.5))
    assert rated.answer() == [{"rate": pytest.approx(0.1, rel=0.01)}]
    dial.move("rates", (-2.5, 0.5))
    (asked,) = rated.answer()
    assert asked == {"rate": pytest.approx(10**-2.5, rel=0.02)}
    assert asked["rate"] == float(f"{asked['rate']:.3g}") == rated.explorer.rate
    dial.release()
    for key, rate in (("Home", 0.1), ("Shift+ArrowLeft", 0.0631), ("Alt+ArrowRight", 0.06339)):
        rated.page.keyboard.press(key)
        assert rated.answer() == [{"rate": rate}]
        assert dial.captions == rated.explorer.scene.captions


@page_of(390, 700, has_touch=True, is_mobile=True)
def test_a_finger_on_a_tick_presses_it_and_the_page_stays(rated: Live, dial: View) -> None:
    rated.page.evaluate("() => { document.body.style.paddingBottom = '3000px'; }")
    x, y = dial.at("map", CORNER)
    top = rated.page.evaluate("() => scrollY")
    touch(rated.page, (x, y), (x, y - 40), (x, y - 150))
    rated.wait_message()
    rated.answer()
    assert rated.explorer.point == CORNER
    assert rated.page.evaluate("() => scrollY") == top


# ── two views, and the end ───────────────────────────────────────────────────────────────────────


def test_two_views_stay_in_step_and_one_survives_the_other(live: Live, view: View) -> None:
    second = live.show()
    assert second.look() == view.look()
    for one, key in ((view, "ArrowDown"), (second, "Shift+ArrowLeft")):
        before = one.look()
        one.canvas.press(key)
        live.answer()
        one.canvas.blur()
        assert view.look() == second.look() != before

    live.end(0)
    view.root.evaluate("(root) => root.replaceChildren()")
    before = second.look()
    second.canvas.press("ArrowUp")
    assert live.answer() == [{"x": 0, "y": 2}]
    second.other_look(before)
    assert live.explorer.point == (0, 2)


@page_of(WIDTH, HEIGHT)
def test_after_its_end_a_view_hears_sends_and_says_nothing(live: Live) -> None:
    clock, view, page = live.stop_clock(), live.show(), live.page
    assert page.evaluate("() => model.listeners.length") > 0
    view.canvas.press("ArrowRight")
    live.messages()
    live.end()
    assert page.evaluate("() => model.listeners") == []

    look = view.look()
    view.canvas.press("ArrowLeft")
    view.drag("map", (1, 2), (2, 2))
    page.set_viewport_size({"width": 500, "height": 900})
    view.wait("(root) => root.clientWidth === 500")
    clock.run_for(10_000)
    live.explorer.point = (0, 0)
    live.tell()
    assert live.messages() == []
    assert view.look() == look
    assert (view.note, view.root.locator(".gw-spoken").text_content()) == ("", "")


def test_a_view_may_end_before_its_picture_is_there(live: Live) -> None:
    live.page.evaluate(f"() => {{ ({RENDER})(); ends[0](); }}")
    live.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert live.page.locator(".gw-captions p").count() == 0
    assert live.messages() == []
