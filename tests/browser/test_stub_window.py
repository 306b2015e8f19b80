"""Zooming and panning by real hands: the front end over a stub model in a bare page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.descent import descent_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.settings import Settings
from tests.browser.stub import Stub, open_anew, painted, stub, stub_page
from tests.browser.view import Place, View

ROSENBROCK = "(1 - x)**2 + 100*(y - x**2)**2"
AT = (-1.0, 1.0, 30.0)
Ranges = tuple[list[float], list[float]]
WHOLE: Ranges = ([-2, 2], [-1, 3])
DOMAIN = {"x": (-2.0, 2.0), "y": (-1.0, 3.0)}
OPACITY = "(plot) => getComputedStyle(plot.querySelector('.gw-zooms')).opacity"
REST = 400  # milliseconds of the page, after which Python has been asked


@cache
def picture(domain: tuple[tuple[str, tuple[float, float]], ...] = tuple(DOMAIN.items())) -> Picture:
    return gradient_picture(ScalarField(ROSENBROCK, domain=dict(domain)))


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[Page]:
    """A page whose time can be passed over."""
    with stub_page(browser) as page:
        page.clock.install()
        open_anew(page)
        yield page


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, picture(), AT)


def frame(view: View, panel: str = "map") -> tuple[list[float], list[float], list[float]]:
    """The box of a panel in its plot, and the ranges that it shows."""
    box, x, y = json.loads(view.plot(panel).get_attribute("data-frame") or "")
    return box, x, y


def ranges(view: View, panel: str = "map") -> Ranges:
    return frame(view, panel)[1:]


def close_to(wanted: Ranges) -> Any:
    return tuple(pytest.approx(one, abs=1e-3 * (one[1] - one[0])) for one in wanted)


def drawn(page: Page) -> None:
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def data_at(view: View, pixel: Place, panel: str = "map") -> Place:
    """What a panel shows at a pixel of the page."""
    (left, top, width, height), x, y = frame(view, panel)
    box = view.plot(panel).bounding_box()
    assert box
    across, up = (pixel[0] - box["x"] - left) / width, (pixel[1] - box["y"] - top) / height
    return x[0] + across * (x[1] - x[0]), y[1] - up * (y[1] - y[0])


def wheel(view: View, place: Place, down: float, key: str | None = "Control") -> Place:
    """Turn the wheel over a place of the map; the pixel where that was done."""
    page, pixel = view.page, view.at("map", place)
    page.mouse.move(*pixel)
    if key:
        page.keyboard.down(key)
    page.mouse.wheel(0, down)
    drawn(page)
    if key:
        page.keyboard.up(key)
    return pixel


def wheeled_in_step(view: View) -> Ranges:
    """Turn the wheel in one of two views; what both show afterwards, in one and the same moment."""
    wheel(view, (0.5, 1), -100)
    view.page.wait_for_function(
        """() => new Set([...document.querySelectorAll('[data-panel="map"] .gw-plot')]
        .map((plot) => plot.dataset.frame)).size === 1"""
    )
    return ranges(view)


def domains(one: Stub) -> list[dict[str, list[float]]]:
    """The domains for which Python was asked, once all is at rest."""
    one.page.clock.run_for(REST)
    asked = one.asked()
    assert all(told["do"] == "domain" for told in asked)
    return [told["values"] for told in asked]


def question(one: Stub) -> dict[str, list[float]]:
    """The domain for which Python was asked last, after gestures that a busy machine draws out."""
    one.wait("(model) => model.asked.length")
    return domains(one)[-1]


def answered(values: Mapping[str, Sequence[float]], key: str = "2") -> dict[str, Any]:
    """What Python tells when it shows a domain."""
    other = {name: (low, high) for name, (low, high) in values.items()}
    return painted(picture(tuple((DOMAIN | other).items())), AT, key=key)


def answer(one: Stub, values: Mapping[str, Sequence[float]], key: str = "2") -> None:
    one.receive(**answered(values, key))


def refuse(one: Stub) -> None:
    """Python does not show the domain that it was asked for, and says why."""
    count = one.get("_refused")
    one.receive(_refused=count + 1, note="f has no finite value there.")


# ── the wheel ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["Control", "Meta"])
def test_the_wheel_with_a_key_zooms_around_the_pointer(one: Stub, view: View, key: str) -> None:
    before = view.look()
    pixel = view.at("map", (1, 1))
    under = data_at(view, pixel)
    for _ in range(4):
        wheel(view, (1, 1) if ranges(view) == WHOLE else under, -100, key)
    assert data_at(view, pixel) == pytest.approx(under, abs=0.01)
    x, y = ranges(view)
    assert x[1] - x[0] == pytest.approx(y[1] - y[0], rel=1e-3)
    assert x[1] - x[0] == pytest.approx(4 * 0.383, rel=0.01)
    assert view.look() != before
    told = question(one)
    assert list(told) == ["x", "y"]
    assert (told["x"], told["y"]) == close_to((x, y))
    answer(one, told)
    view.wait_drawn()
    assert ranges(view) == (told["x"], told["y"])


def test_python_is_asked_once_for_many_turns(one: Stub, view: View) -> None:
    view.plot("map").evaluate(
        """(plot) => { for (let k = 0; k < 5; k += 1) plot.dispatchEvent(new WheelEvent("wheel",
        { ctrlKey: true, deltaY: -1, deltaMode: 1, bubbles: true, cancelable: true })); }"""
    )
    (told,) = domains(one)
    width = told["x"][1] - told["x"][0]
    assert width == pytest.approx(4 * math.exp(-0.01 * 16 * 5), rel=1e-3)
    assert domains(one) == []


def test_the_plain_wheel_scrolls_the_page(one: Stub, view: View) -> None:
    one.page.set_viewport_size({"width": 960, "height": 400})
    view.page.evaluate("() => { document.body.style.paddingBottom = '2000px'; scrollTo(0, 0); }")
    wheel(view, (1, 1), 120, key=None)
    one.page.wait_for_function("() => scrollY > 50")
    assert ranges(view) == WHOLE
    assert domains(one) == []


def test_a_panel_without_a_window_leaves_the_wheel_alone(one: Stub, view: View) -> None:
    prevented = view.plot("directions").evaluate(
        """(plot) => !plot.dispatchEvent(new WheelEvent("wheel",
        { ctrlKey: true, deltaY: -100, bubbles: true, cancelable: true }))"""
    )
    assert not prevented
    assert view.plot("directions").get_attribute("tabindex") is None
    assert view.plot("directions").locator(".gw-zooms").is_hidden()
    assert domains(one) == []


# ── who is right ─────────────────────────────────────────────────────────────────────────────────


def test_views_of_a_model_are_in_step(one: Stub, view: View) -> None:
    other = one.show()
    first = wheeled_in_step(view)
    assert wheeled_in_step(other) != first != WHOLE
    told = question(one)
    assert (told["x"], told["y"]) == close_to(ranges(view))


def test_views_are_in_step_where_each_has_a_model_object_of_its_own(page: Page) -> None:
    """As anywidget hands them over."""
    one = stub(page, picture(), AT)
    page.evaluate("() => { models.two = { ...models.one }; }")
    view, _ = one.show(), Stub(page, "two").show()
    assert wheeled_in_step(view) != WHOLE
    assert question(one)


def test_a_refused_domain_gives_the_window_back(one: Stub, view: View) -> None:
    before = view.look()
    wheel(view, (1, 1), -100)
    assert question(one)
    refuse(one)
    drawn(one.page)
    assert ranges(view) == WHOLE
    assert view.look() == before
    note = view.root.locator(".gw-note")
    assert note.inner_text() == "f has no finite value there."
    one.receive(note="")
    assert note.is_hidden()


def test_a_refusal_ends_what_is_ahead_be_an_earlier_question_unanswered(
    one: Stub, view: View
) -> None:
    """Python says nothing of a domain that it shows already."""
    pressed(view, "ArrowRight", "ArrowLeft")
    assert domains(one)
    pressed(view, "ArrowLeft")
    assert domains(one)
    refuse(one)
    drawn(one.page)
    assert ranges(view) == WHOLE
    answer(one, {"x": [0, 4], "y": [0, 4]})
    view.wait_drawn()
    assert ranges(view) == ([0, 4], [0, 4])


def test_the_way_back_outlives_a_refusal_that_two_views_hear_of(one: Stub, view: View) -> None:
    one.show()
    pressed(view, "ArrowRight")
    assert domains(one)
    pressed(view, "ArrowRight")
    told = question(one)
    refuse(one)
    answer(one, told)
    view.wait_drawn()
    assert ranges(view)[0] == told["x"]
    assert pressed(view, "0") == WHOLE


def test_a_gesture_after_the_question_outlives_the_answer(one: Stub, view: View) -> None:
    wheel(view, (1, 1), -100)
    told = question(one)
    news = answered(told)
    wheel(view, (1, 1), -100)
    one.receive(**news)
    now = ranges(view)
    view.wait_drawn()
    assert ranges(view) == close_to(now)
    told = question(one)
    answer(one, told, key="3")
    view.wait_drawn()
    assert ranges(view) == (told["x"], told["y"])
    assert ranges(view) == close_to(now)


def test_an_answer_that_comes_late_takes_nothing_back(one: Stub, view: View) -> None:
    wheel(view, (1, 1), -100)
    first = question(one)
    wheel(view, (1, 1), -100)
    second = question(one)
    answer(one, first)
    view.wait_drawn()
    assert ranges(view) == (second["x"], second["y"])
    answer(one, second, key="3")
    view.wait_drawn()
    assert ranges(view) == (second["x"], second["y"])


def test_another_picture_ends_what_was_ahead_of_it(one: Stub, view: View) -> None:
    wheel(view, (1, 1), -100)
    assert question(one)
    answer(one, {"x": [0, 4], "y": [0, 4]})
    view.wait_drawn()
    assert ranges(view) == ([0, 4], [0, 4])


def test_a_picture_without_a_program_is_zoomed_too(page: Page) -> None:
    one = stub(page, picture(), AT, program=False)
    view = one.show()
    wheel(view, (1, 1), -100)
    assert ranges(view) != WHOLE
    assert question(one)


# ── the point ────────────────────────────────────────────────────────────────────────────────────


def test_pressing_the_map_still_brings_the_point_there(one: Stub, view: View) -> None:
    wheel(view, (1, 1), -100)
    view.drag("map", (0.5, 0.5))
    assert one.get("point") == pytest.approx([0.5, 0.5], abs=0.01)
    # Python hears of the window before it hears of a point in that.
    assert len(one.asked()) == 1


def test_a_press_in_a_wider_window_is_meant_as_it_is_seen(one: Stub, view: View) -> None:
    for _ in range(3):
        wheel(view, (0, 1), 100)
    view.drag("map", (3, 3.5))
    assert one.get("point") == pytest.approx([3, 3.5], abs=0.03)


def test_a_point_outside_waits_at_the_edge(one: Stub, view: View) -> None:
    """So it does in Python, which is asked when all is at rest."""
    for _ in range(6):
        wheel(view, (1, 1), -100)
    handle = view.plot("map").locator(".gw-handle").bounding_box()
    plot = view.plot("map").bounding_box()
    (left, *_), (low, _), _ = frame(view)
    assert handle
    assert plot
    assert low > -1
    assert handle["x"] + handle["width"] / 2 - plot["x"] == pytest.approx(left, abs=0.6)
    assert one.get("point") == [-1, 1]


def test_news_stand_quietly_below_the_picture(one: Stub, view: View) -> None:
    note, color = view.root.locator(".gw-note"), "(note) => getComputedStyle(note).borderLeftColor"
    one.receive(note="It waits.", _news="It waits.")
    quiet = note.evaluate(color)
    one.receive(note="The range must grow.")
    assert note.inner_text() == "The range must grow."
    assert note.evaluate(color) != quiet


# ── panning ──────────────────────────────────────────────────────────────────────────────────────


def test_a_drag_with_shift_moves_the_map_and_not_the_point(one: Stub, view: View) -> None:
    page = one.page
    page.keyboard.down("Shift")
    pixel = view.at("map", (0, 1))
    under = data_at(view, pixel)
    page.mouse.move(*pixel)
    page.mouse.down()
    page.mouse.move(pixel[0] + 20, pixel[1] + 10)
    page.mouse.move(pixel[0] + 50, pixel[1] - 30)
    page.mouse.up()
    page.keyboard.up("Shift")
    drawn(page)
    assert data_at(view, (pixel[0] + 50, pixel[1] - 30)) == pytest.approx(under, abs=0.01)
    assert one.get("point") == [-1, 1]
    page.mouse.move(pixel[0], pixel[1])
    drawn(page)
    told = question(one)
    assert (told["x"], told["y"]) == close_to(ranges(view))


@pytest.mark.parametrize("axis", ["x", "y"])
def test_an_axis_is_dragged_along_itself(one: Stub, view: View, axis: str) -> None:
    page, (box, *_) = one.page, frame(view)
    plot = view.plot("map").bounding_box()
    assert plot
    left, top, width, height = box
    place = (left + width / 2, top + height + 14) if axis == "x" else (left - 14, top + height / 4)
    start = plot["x"] + place[0], plot["y"] + place[1]
    page.mouse.move(*start)
    cursor = view.plot("map").evaluate("(plot) => plot.style.cursor")
    assert cursor == ("ew-resize" if axis == "x" else "ns-resize")
    page.mouse.down()
    page.mouse.move(start[0] + 40, start[1] + 40)
    page.mouse.up()
    drawn(page)
    x, y = ranges(view)
    moved = -40 / width * 4, 40 / height * 4
    wanted = (
        ([-2 + moved[0], 2 + moved[0]], [-1, 3])
        if axis == "x"
        else ([-2, 2], [-1 + moved[1], 3 + moved[1]])
    )
    assert (x, y) == close_to(wanted)
    told = question(one)
    assert list(told) == [axis]
    assert one.get("point") == [-1, 1]


def test_escape_gives_back_what_was_seen_before_a_drag(one: Stub, view: View) -> None:
    page = one.page
    page.keyboard.down("Shift")
    view.press("map", (0, 1))
    view.move("map", (1, 2))
    page.keyboard.up("Shift")
    page.keyboard.press("Escape")
    drawn(page)
    assert ranges(view) == WHOLE
    view.move("map", (0, 0))
    view.release()
    drawn(page)
    assert ranges(view) == WHOLE


# ── keys and buttons ─────────────────────────────────────────────────────────────────────────────


def pressed(view: View, *keys: str) -> Ranges:
    view.plot("map").focus()
    for key in keys:
        view.page.keyboard.press(key)
    drawn(view.page)
    return ranges(view)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("ArrowRight", ([-1.6, 2.4], [-1, 3])),
        ("ArrowLeft", ([-2.4, 1.6], [-1, 3])),
        ("ArrowUp", ([-2, 2], [-0.6, 3.4])),
        ("Shift+ArrowDown", ([-2, 2], [-3, 1])),
        # around the point
        ("+", ([-1.8, 1.4], [-0.6, 2.6])),
        ("=", ([-1.8, 1.4], [-0.6, 2.6])),
        ("-", ([-2.25, 2.75], [-1.5, 3.5])),
    ],
)
def test_keys_on_the_panel_itself(one: Stub, view: View, key: str, wanted: Ranges) -> None:
    assert pressed(view, key) == close_to(wanted)
    told = question(one)
    moved = {name for name, here, before in zip("xy", wanted, WHOLE, strict=True) if here != before}
    assert set(told) == moved
    assert one.get("point") == [-1, 1]


def test_zero_leads_back_to_the_window_before(one: Stub, view: View) -> None:
    pressed(view, "+", "+", "ArrowRight")
    told = question(one)
    answer(one, told)
    view.wait_drawn()
    assert pressed(view, "0") == WHOLE
    assert domains(one) == [{"x": [-2, 2], "y": [-1, 3]}]
    answer(one, DOMAIN, key="3")
    view.wait_drawn()
    assert pressed(view, "0") == WHOLE
    assert domains(one) == []


def test_from_there_zero_leads_to_what_the_explorer_opened_with(page: Page) -> None:
    """A page that was loaded anew does not know what was zoomed before."""
    one = stub(page, picture(), AT, form={"home": {"x": [-3, 3], "y": [-1, 3]}})
    view = one.show()
    assert button(view, "reset view").is_enabled()
    assert pressed(view, "+") != WHOLE
    assert pressed(view, "0") == WHOLE
    assert pressed(view, "0") == ([-3, 3], [-1, 3])
    drawn(page)
    assert button(view, "reset view").is_disabled()


def test_keys_with_control_are_the_pages(one: Stub, view: View) -> None:
    assert pressed(view, "Control+ArrowRight", "Alt+ArrowRight") == WHOLE


def test_keys_on_a_handle_move_the_handle(one: Stub, view: View) -> None:
    view.plot("map").locator(".gw-handle").focus()
    one.page.keyboard.press("ArrowRight")
    drawn(one.page)
    assert ranges(view) == WHOLE
    assert one.get("point") == [-0.9, 1]


def button(view: View, name: str, panel: str = "map") -> Locator:
    return view.plot(panel).get_by_role("button", name=name, exact=True)


def test_buttons_appear_where_the_pointer_is(one: Stub, view: View) -> None:
    plot = view.plot("map")
    one.page.mouse.move(1, 1)
    assert plot.evaluate(OPACITY) == "0"
    assert button(view, "reset view").is_disabled()
    plot.hover()
    assert plot.evaluate(OPACITY) == "1"
    button(view, "zoom in").click()
    drawn(one.page)
    assert ranges(view) == close_to(([-1.8, 1.4], [-0.6, 2.6]))
    button(view, "zoom out").click()
    button(view, "zoom out").click()
    drawn(one.page)
    assert ranges(view) == close_to(([-2.25, 2.75], [-1.5, 3.5]))
    button(view, "reset view").click()
    drawn(one.page)
    assert ranges(view) == WHOLE
    assert button(view, "reset view").is_disabled()
    assert one.get("point") == [-1, 1]
    one.page.mouse.move(1, 1)
    one.page.keyboard.press("Tab")
    plot.focus()
    assert plot.evaluate(OPACITY) == "1"


def test_buttons_for_a_mouse_stand_outside_of_the_frame(page: Page) -> None:
    """So they cover neither handles nor labels, nor the title."""
    view = stub(page, partials_picture(ScalarField("x**2 + 10*y**2")), (-1.0, 1.0)).show()
    for name in ("map", "slice x"):
        plot = view.plot(name)
        plot.hover()
        zooms = plot.locator(".gw-zooms").bounding_box()
        around, ([_, top, _, high], *_) = plot.bounding_box(), frame(view, name)
        assert zooms
        assert around
        begin = zooms["y"] - around["y"]
        assert begin >= top + high or begin + zooms["height"] <= top
        title = view.root.locator(f"[data-panel='{name}'] > .gw-title").bounding_box()
        assert title
        aside = title["x"] + title["width"] <= zooms["x"]
        assert aside or title["y"] + title["height"] <= zooms["y"]


def test_the_focus_outlives_another_picture(one: Stub, view: View) -> None:
    focused = "() => document.activeElement.dataset.mark ?? document.activeElement.className"
    for element, name in (
        (view.plot("map").locator(".gw-handle"), "point"),
        (view.plot("map"), "gw-plot"),
    ):
        element.focus()
        assert one.page.evaluate(focused) == name
        told = painted(
            gradient_picture(ScalarField(ROSENBROCK), arrows=False), AT, key=f"new {name}"
        )
        one.receive(**told)
        view.wait_drawn()
        drawn(one.page)
        assert one.page.evaluate(focused) == name


# ── one variable ─────────────────────────────────────────────────────────────────────────────────


def test_a_gesture_on_a_slice_is_its_variables(page: Page) -> None:
    one = stub(page, partials_picture(ScalarField(ROSENBROCK, domain=DOMAIN)), AT[:2])
    told = one.get("_picture")
    slices = [name for name in told["panels"] if name != "map"]
    for name, variable in zip(slices, "xy", strict=False):
        told["panels"][name]["axes"] = [variable, None]
    one.receive(_picture={**told, "key": "2"})
    view = one.show()
    first = slices[0]
    before = ranges(view, first)
    view.plot(first).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    drawn(page)
    x, _ = ranges(view, first)
    assert x == pytest.approx([before[0][0] + 0.4, before[0][1] + 0.4])
    assert ranges(view) == (x, WHOLE[1])
    assert [list(told) for told in domains(one)] == [["x"]]


def test_a_map_whose_program_knows_no_window_follows_too(page: Page) -> None:
    field = ScalarField(ROSENBROCK, domain=DOMAIN)
    one = stub(page, descent_picture(field, Settings(steps=20)), (0.0, 1.0, 0.001, 3.0))
    view = one.show()
    before = view.look()
    wheel(view, (1, 1), -100)
    assert ranges(view) != WHOLE
    view.other_look(before)
    assert question(one).keys() == {"x", "y"}
    assert pressed(view, "0") == WHOLE


# ── fingers ──────────────────────────────────────────────────────────────────────────────────────


class Fingers:
    """Fingers on a touch screen, as the browser's own input."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)

    def put(self, kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        told = {"type": kind, "touchPoints": points}
        self.session.send("Input.dispatchTouchEvent", told)


@pytest.fixture
def touched(browser: Browser) -> Any:
    size = {"width": 420, "height": 800}
    with stub_page(browser, viewport=size, has_touch=True, is_mobile=True) as page:
        page.clock.install()
        open_anew(page)
        one = stub(page, picture(), AT)
        yield one, one.show()


def middle(both: Sequence[Place]) -> Place:
    (one, other), (up, down) = zip(*both, strict=True)
    return (one + other) / 2, (up + down) / 2


def test_two_fingers_zoom_and_pan(touched: tuple[Stub, View]) -> None:
    one, view = touched
    fingers = Fingers(one.page)
    x, y = view.at("map", (0, 1))
    start = [(x - 30, y), (x + 30, y + 10)]
    under = [data_at(view, pixel) for pixel in start]
    fingers.put("touchStart", start[0])
    fingers.put("touchStart", *start)
    for share in range(1, 6):
        now = [(x - 30 - 6 * share, y + 4 * share), (x + 30 + 6 * share, y + 10 + 6 * share)]
        fingers.put("touchMove", *now)
    drawn(one.page)
    (low, high), _ = ranges(view)
    assert high - low == pytest.approx(4 * math.dist(*start) / math.dist(*now), rel=0.01)
    assert data_at(view, middle(now)) == pytest.approx(middle(under), abs=0.03)
    fingers.put("touchEnd")
    assert one.get("point") == [-1, 1]
    assert question(one)
    assert one.page.evaluate("() => [scrollY, visualViewport.scale]") == [0, 1]


def test_a_second_finger_takes_over_from_a_drag(touched: tuple[Stub, View]) -> None:
    one, view = touched
    fingers = Fingers(one.page)
    x, y = view.at("map", (-1, 1))
    fingers.put("touchStart", (x, y))
    fingers.put("touchMove", (x + 20, y))
    moved = one.get("point")
    assert moved != [-1, 1]
    fingers.put("touchStart", (x + 20, y), (x + 100, y))
    fingers.put("touchMove", (x + 10, y), (x + 120, y))
    fingers.put("touchMove", (x, y), (x + 140, y))
    drawn(one.page)
    assert one.get("point") == moved
    assert ranges(view) != WHOLE
    fingers.put("touchEnd")


def test_a_tap_moves_the_point_and_one_finger_scrolls(touched: tuple[Stub, View]) -> None:
    one, view = touched
    one.page.evaluate("() => { document.body.style.paddingBottom = '2000px'; }")
    x, y = view.at("map", (0, 1))
    one.page.touchscreen.tap(x, y)
    assert one.get("point") == pytest.approx([0, 1], abs=0.03)
    fingers = Fingers(one.page)
    x, y = view.at("map", (1, 0))
    fingers.put("touchStart", (x, y))
    for step in range(1, 9):
        fingers.put("touchMove", (x, y - 12 * step))
    fingers.put("touchEnd")
    one.page.wait_for_function("() => scrollY > 20")
    assert one.get("point") == pytest.approx([0, 1], abs=0.03)
    assert ranges(view) == WHOLE


def test_a_tap_shows_buttons_that_are_large_enough_for_fingers(touched: tuple[Stub, View]) -> None:
    one, view = touched
    plot = view.plot("map")
    assert plot.evaluate(OPACITY) == "0"
    one.page.touchscreen.tap(*view.at("map", (0, 1)))
    assert float(plot.evaluate(OPACITY)) > 0.5
    assert button(view, "reset view").is_hidden()
    box = button(view, "zoom in").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    button(view, "zoom in").tap()
    drawn(one.page)
    assert ranges(view) != WHOLE
    assert one.get("point") == pytest.approx([0, 1], abs=0.03)
    button(view, "reset view").tap()
    drawn(one.page)
    assert ranges(view) == WHOLE
