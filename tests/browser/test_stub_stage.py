"""What a view shows of what arrives: the front end over stub models in a bare page."""

from __future__ import annotations

from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.surface import with_surface
from gradwidgets.rendering.surface import Turn, project
from tests.browser.stub import Stub, as_json, painted, stub, stub_page
from tests.browser.view import LOOK, View

FIELD = ScalarField("x**2 + 10*y**2")
AT = (1.0, 2.0, 30.0)
SIZES = "(all) => all.map((canvas) => [canvas.width, canvas.clientWidth])"
FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@cache
def gradient(arrows: bool = True) -> Picture:
    return gradient_picture(FIELD, arrows=arrows)


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, gradient(), AT)


# ── sharpness and size ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_dot_of_the_canvas_is_a_dot_of_the_screen(ratio: int, browser: Browser) -> None:
    size = {"width": 801, "height": 700}
    with stub_page(browser, viewport=size, device_scale_factor=ratio) as page:
        view = stub(page, gradient(), AT).show()
        sizes = view.root.locator(".gw-stage canvas").evaluate_all(SIZES)
    assert len(sizes) == 4
    assert all(dots == ratio * pixels for dots, pixels in sizes)


def test_a_page_that_becomes_narrow_is_laid_out_anew_and_python_is_told_nothing(
    one: Stub, view: View
) -> None:
    below = """(root) => new Set([...root.querySelectorAll(".gw-plot")]
      .map((one) => one.getBoundingClientRect().left)).size === 1"""
    assert not view.root.evaluate(below)
    one.page.set_viewport_size({"width": 360, "height": 800})
    view.wait(below)
    view.root.evaluate("(root) => { root.style.display = 'none'; }")
    one.page.evaluate(FRAME)
    one.receive(point=[0, 0])
    one.page.evaluate(FRAME)
    assert one.sent() == []


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────


def test_a_title_breaks_where_it_has_no_room(page: Page) -> None:
    page.set_viewport_size({"width": 150, "height": 800})
    view = stub(page, gradient(), AT).show()
    title = view.root.locator("[data-panel=directions] > .gw-title")
    assert title.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert title.evaluate("(one) => one.clientHeight") > 30
    page.set_viewport_size({"width": 1280, "height": 720})


def test_explorers_in_a_row_of_widgets_do_not_touch(page: Page) -> None:
    for name in ("one", "two"):
        stub(page, gradient(), AT, name=name).show()
    page.locator("main").evaluate(
        "(main) => { main.className = 'widget-hbox'; main.style.display = 'flex'; }"
    )
    first, second = (box for view in page.locator(".gw-view").all() if (box := view.bounding_box()))
    page.locator("main").evaluate("(main) => { main.className = main.style.display = ''; }")
    assert second["x"] - first["x"] - first["width"] == pytest.approx(12, abs=1)


def test_numbers_of_another_length_are_ignored(page: Page) -> None:
    one = stub(page, gradient(), AT, program=False)
    before = one.show().look()
    one.receive(_numbers=b"16 bytes of text")
    page.evaluate(FRAME)
    assert page.evaluate(f"() => ({LOOK})(document)") == before


def test_numbers_wait_for_the_picture_they_belong_to(page: Page) -> None:
    """Another domain has numbers of the same length; drawn on the old map they would lie."""
    one = stub(page, gradient(), AT, program=False)
    view = one.show()
    before = view.look()
    wide = ScalarField("x**2 + 10*y**2", domain={"x": (-10, 20), "y": (-20, 10)})
    news = painted(gradient_picture(wide), AT, program=False, key="2")
    meanwhile = page.evaluate(
        f"([root, news]) => {{ models.one.receive(news); return ({LOOK})(root); }}",
        [view.root.element_handle(), {name: as_json(value) for name, value in news.items()}],
    )
    assert meanwhile == before
    view.other_look(before)


def test_of_two_pictures_the_later_stays(one: Stub, view: View) -> None:
    before, news = view.look(), []
    for key, shown in (("2", False), ("3", True)):
        told = painted(gradient(shown), AT, key=key)
        news.append({name: as_json(value) for name, value in told.items()})
    one.page.evaluate("(all) => all.forEach((news) => models.one.receive(news))", news)
    view.wait_drawn()
    view.wait_look(before)


def test_another_picture_keeps_panels_and_focus(one: Stub, view: View) -> None:
    point = view.root.locator(".gw-stage").get_by_role("slider", name="point")
    point.focus()
    view.plot("map").evaluate("(plot) => { plot.kept = true; }")
    one.receive(**painted(gradient_picture(ScalarField("x*y")), AT, key="2"), formula="x*y")
    view.wait_drawn()
    assert view.plot("map").evaluate("(plot) => plot.kept")
    assert point.evaluate("(one) => one === document.activeElement")


def test_what_stands_still_is_painted_once(one: Stub, view: View) -> None:
    """Its canvas is cleared and painted where a range, a size or the theme is another."""
    wipe = "(canvas) => canvas.getContext('2d').clearRect(0, 0, 9999, 9999)"
    ground = view.root.locator('[data-panel="map"] .gw-ground')
    empty = "(root) => !new Uint32Array(root.querySelector('[data-panel=map] .gw-ground')"
    empty += ".getContext('2d').getImageData(0, 0, 300, 300).data.buffer).some(Boolean)"
    ground.evaluate(wipe)
    one.receive(point=[0, 0])
    one.page.evaluate(FRAME)
    assert view.root.evaluate(empty)
    one.page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    view.wait(f"(root) => !({empty})(root)")


def test_a_view_may_end_before_its_picture_is_there(one: Stub) -> None:
    one.page.evaluate("() => { showModel('one'); ends[0](); }")
    one.page.evaluate(FRAME)
    assert one.page.locator(".gw-captions p").count() == 0
    assert one.sent() == []


def test_what_is_said_waits_for_the_end_of_a_gesture(one: Stub, view: View) -> None:
    spoken = view.root.locator(".gw-spoken")
    assert spoken.get_attribute("aria-live") == "polite"
    view.wait("(root) => root.querySelector('.gw-spoken').textContent")
    before = spoken.text_content()
    clock = one.page.clock
    clock.install(time=0)
    clock.pause_at(1)
    point = view.root.locator(".gw-stage").get_by_role("slider", name="point")
    for key in ("ArrowRight", "ArrowDown"):
        point.press(key)
        clock.run_for(50)
    assert "(1.10, 1.90)" in view.captions[0]
    assert spoken.text_content() == before
    clock.run_for(1000)
    assert spoken.text_content() == view.captions[0]
    clock.resume()


# ── a space ──────────────────────────────────────────────────────────────────────────────────────


def test_without_a_program_a_space_turns_at_once_with_its_handles(page: Page) -> None:
    picture = with_surface(gradient(), "both")
    values = (*AT, *(control.start for control in picture.controls[3:]))
    one = stub(page, picture, values, program=False)
    view = one.show()
    look = view.look()
    view.press("surface", (-1.5, 1.5))
    for place in ((-1.2, 1.4), (-0.9, 1.2)):
        view.move("surface", place)
        look = view.other_look(look)  # nobody has answered
    view.release()
    fine = one.show().look()
    view.wait(f"(root, fine) => ({LOOK})(root) === fine", fine)  # it has come to rest
    turn = Turn(one.get("azimuth"), one.get("elevation"))
    assert turn.azimuth == pytest.approx(-30 + 0.6 * 180 / 3.44, abs=1)
    assert one.get("point") == [1, 2]
    place = project(turn, picture.scene(values)["floor point"])
    view.press("surface", tuple(place.tolist()))
    view.release()
    assert one.get("point") == pytest.approx([1, 2], abs=0.05)
    assert one.get("azimuth") == turn.azimuth
