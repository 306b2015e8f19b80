"""Explorers in pages without a kernel: opened as files, with the network cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import gradwidgets as gw
from gradwidgets.explorers import exported
from gradwidgets.explorers.checked import Checked
from gradwidgets.rendering.page import front_end
from tests.browser.paged import KINDS, NONCE, alone, key_of, show, under_policy, wait_verified
from tests.browser.view import View

BOWL = "x**2 + 10*y**2"
Saved = Callable[[str], Path]
LIVE = ("persistent", "each at its best α")  # switches that bring no other picture


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """The page of a kind of explorer as it opens."""
    folder, known = tmp_path_factory.mktemp("pages"), dict[str, Path]()

    def path(name: str) -> Path:
        if name not in known:
            known[name] = folder / f"{name}.html"
            KINDS[name]().save(known[name])
        return known[name]

    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1200, "height": 1000}) as page:
        yield page


def shown(page: Page, folder: Path, explorer: gw.GradientExplorer, address: str = "") -> View:
    """The page of one explorer."""
    explorer.save(folder / "page.html")
    (view,) = show(page, folder / "page.html", address)
    return view


def slider(view: View, place: int = 0) -> None:
    """Move a slider by a key."""
    range_ = view.root.locator("input[type=range]:visible").nth(place)
    range_.focus()
    view.page.keyboard.press("Shift+ArrowLeft")


def renewed(view: View, before: str | None) -> str | None:
    """The key of the next picture."""
    view.wait("(root, key) => root.querySelector('.gw-stage').dataset.key !== key", before)
    return key_of(view.root)


@pytest.mark.parametrize("name", KINDS)
def test_every_explorer_answers_to_hands_and_keys(page: Page, saved: Saved, name: str) -> None:
    (view,) = show(page, saved(name))
    assert wait_verified(view) == ""
    look = view.look()
    slider(view)
    look = view.other_look(look)
    if name == "TapeExplorer":  # its graph has neither handles nor axes
        return
    handle = view.root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowRight")
    look = view.other_look(look)
    look = view.pull(handle, look, 40, 30)
    before, (plot, key) = key_of(view.root), (view.root.locator(".gw-plot").first, "ArrowRight")
    plot.focus()
    page.keyboard.press(key)
    look = view.other_look(look)
    if name not in ("DescentExplorer", "RaceExplorer"):  # of these the map alone has a window
        renewed(view, before)
    assert view.captions


def once_each(view: View) -> Iterator[tuple[str, Callable[[], object]]]:
    """A choice of every option that can be changed: what stands beside it, and what makes it."""
    for select in view.root.locator("select:enabled:visible").all():
        count = select.locator("option").count()
        other = 0 if select.evaluate("(one) => one.selectedIndex") == count - 1 else count - 1
        yield "menu", partial(select.select_option, index=other)
    for group in view.root.locator("[role=radiogroup]:visible").all():
        if group.locator("input:enabled").count():
            yield "buttons", group.locator("input:not(:checked)").first.click
    for group in view.root.locator(".gw-some:visible").all():
        yield "boxes", group.locator("input").last.click
        yield "boxes", group.locator("input").last.click
    alone = "label.gw-checkbox:visible:not(.gw-some *):has(input:enabled)"
    for switch in view.root.locator(alone).all():
        yield switch.text_content() or "", switch.click


@pytest.mark.parametrize("name", KINDS)
def test_every_option_brings_its_picture_or_says_why_not(
    page: Page, saved: Saved, name: str
) -> None:
    (view,) = show(page, saved(name))
    view.root.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    key = key_of(view.root)
    for said, choose in once_each(view):
        choose()
        if said not in LIVE:
            key = renewed(view, key)
        assert "does not carry" not in view.note
    view.wait_drawn()
    kinds = ":is(input, select, button):disabled:not(.gw-zoom, [data-text='all data back'])"
    for rested in view.root.locator(kinds).all():
        assert re.search(r"Python|notebook", rested.get_attribute("title") or "")


def test_of_two_options_the_first_goes_back_and_the_reader_is_told(
    page: Page, saved: Saved
) -> None:
    (view,) = show(page, saved("GradientExplorer"))
    view.root.get_by_text("Options").click()
    view.root.get_by_label("surface", exact=True).click()
    view.wait("(root) => root.querySelector('.gw-handle[aria-label*=azimuth]')")
    assert view.note == ""
    view.root.get_by_label("direction alone").click()
    view.wait("(root) => !root.querySelector('.gw-handle[aria-label*=azimuth]')")
    assert view.note == "A page can change one option at a time: view is map again."
    view.root.get_by_role("button", name="Reset", exact=True).click()
    view.wait("(root) => !root.querySelector('.gw-note').textContent")
    assert not view.root.get_by_label("direction alone").is_checked()


def test_another_method_keeps_the_start_and_gets_a_rate_of_its_own(
    page: Page, saved: Saved
) -> None:
    (view,) = show(page, saved("DescentExplorer"))
    opened = view.root.locator(".gw-box").first.input_value()
    slider(view)
    view.wait("(root, opened) => root.querySelector('.gw-box').value !== opened", opened)
    point = view.root.locator(".gw-box").first.input_value()
    rate = view.root.locator(".gw-box").nth(2).input_value()
    view.root.get_by_text("Options").click()
    view.root.get_by_label("method").select_option("adam")
    other = "(root, rate) => root.querySelectorAll('.gw-box')[2].value !== rate"
    view.wait(other, rate)
    assert view.root.locator(".gw-box").first.input_value() == point


# ── what Python would have answered ──────────────────────────────────────────────────────────────


def test_its_menu_has_the_functions_that_it_was_given(page: Page, tmp_path: Path) -> None:
    explorer = gw.GradientExplorer(BOWL, point=(1, 2))
    explorer.save(tmp_path / "page.html", functions=["himmelblau", "x*y", BOWL])
    (view,) = show(page, tmp_path / "page.html")
    menu = view.root.get_by_label("Function")
    titles = menu.locator("option").all_text_contents()
    assert len(titles) == 3
    assert titles[2] == "x*y"
    menu.select_option("2")
    view.wait("(root) => root.querySelector('.gw-text').value === 'x*y'")
    expected = gw.GradientExplorer(BOWL, point=(1, 2))
    expected.field = "x*y"
    view.wait(
        "(root, said) => root.querySelector('.gw-captions p').dataset.text === said",
        expected.scene.captions[0],
    )
    assert wait_verified(view) == ""


def test_a_text_box_shows_its_text_and_tells_where_to_type(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gw.GradientExplorer(BOWL, point=(1, 2)))
    box = view.root.locator(".gw-text")
    assert box.input_value() == BOWL
    assert box.get_attribute("readonly") is not None
    assert "Python" in (box.get_attribute("title") or "")
    assert "gw.GradientExplorer('x**2 + 10*y**2', point=(1.0, 2.0))" in (
        view.root.text_content() or ""
    )
    assert not view.root.get_by_label("Example").count()


def test_a_window_stays_and_the_point_waits_at_its_edge(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gw.GradientExplorer(BOWL, point=(1, 2)))
    view.root.get_by_text("Options").click()
    x_to, y_from = view.root.get_by_label("x to"), view.root.get_by_label("y from")
    x_to.fill("0.5")
    x_to.press("Enter")
    view.wait("(root) => root.querySelector('.gw-note').textContent.includes('waits at the edge')")
    view.wait(  # the picture comes a frame after the note
        "(root) => root.querySelector('.gw-captions p').dataset.text.startsWith('At (0.50, 2.00)')"
    )
    assert "x = 1.00, y = 2.00" in view.note
    y_from.fill("9")
    y_from.press("Enter")
    assert view.root.get_by_text("The range of y must grow").is_visible()
    before = key_of(view.root)
    plot = view.plot("map")
    plot.focus()
    page.keyboard.press("ArrowRight")
    renewed(view, before)
    assert float(x_to.input_value()) > 0.5
    before = key_of(view.root)
    page.keyboard.press("0")
    renewed(view, before)
    before = key_of(view.root)
    page.keyboard.press("0")
    renewed(view, before)
    assert x_to.input_value() == "3"
    assert view.captions[0].startswith("At (1.00, 2.00)")


def test_a_curve_goes_on_beyond_where_python_drew_it(page: Page, saved: Saved) -> None:
    (view,) = show(page, saved("DerivativeExplorer"))
    plot, before = view.plot("curve"), key_of(view.root)
    plot.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    renewed(view, before)
    before = key_of(view.root)
    box = view.root.get_by_label("x, as a number")
    box.fill("12")
    box.press("Enter")
    view.wait(
        "(root) => root.querySelector('.gw-captions p').textContent.startsWith('At x = 12.0')"
    )
    assert "−0.537" in view.captions[0]  # sin(12)
    strip = """(root) => {
      const canvas = root.querySelector('[data-panel="curve"] canvas'), { width, height } = canvas;
      const dots = canvas.getContext("2d").getImageData(0.8 * width, 0, 0.1 * width, height).data;
      return new Set(new Uint32Array(dots.buffer)).size;
    }"""
    assert view.root.evaluate(strip) > 3


def test_a_newton_step_leads_where_python_s_does(page: Page, saved: Saved) -> None:
    explorer = gw.CurvatureExplorer()
    explorer.step("newton")
    (view,) = show(page, saved("CurvatureExplorer"))
    view.root.get_by_role("button", name="Newton step").click()
    said = "(root, said) => root.querySelector('.gw-captions p').dataset.text === said"
    view.wait(said, explorer.scene.captions[0])


def test_a_tape_answers_call_after_call_as_python_s_does(page: Page, saved: Saved) -> None:
    explorer = gw.TapeExplorer()
    (view,) = show(page, saved("TapeExplorer"))
    told = view.root.locator(".gw-html").first
    name = explorer.program.inputs[-1]
    box = view.root.get_by_label(f"{name}, as a number")
    box.fill("-0.7")
    box.press("Enter")
    explorer.point = (*explorer.point[:-1], -0.7)
    for persistent in (False, True):
        explorer.persistent = persistent
        if persistent:
            view.root.get_by_label("persistent").click()
        for _ in range(4):
            view.root.get_by_role("button", name="gradient").click()
            explorer.ask()
        expected = told.evaluate(
            "(el, html) => Object.assign(el.cloneNode(), { innerHTML: html }).innerHTML",
            explorer._parts["told"],
        )
        assert told.inner_html() == expected


# ── around it ────────────────────────────────────────────────────────────────────────────────────


def test_an_address_brings_a_state_and_a_hand_changes_it(page: Page, tmp_path: Path) -> None:
    explorer = gw.DescentExplorer(BOWL, point=(2, 1))
    explorer.save(tmp_path / "page.html")
    (view,) = show(page, tmp_path / "page.html", "#x=-1.25&rate=0.03&method=momentum")
    explorer.method, explorer.point, explorer.rate = "momentum", (-1.25, 1), 0.03
    said = "(root, said) => root.querySelector('.gw-captions p').dataset.text === said"
    view.wait(said, explorer.scene.captions[0])
    slider(view, 1)
    page.wait_for_function("() => location.hash.includes('&y=')")
    assert "x=-1.25" in page.evaluate("() => location.hash")
    page.evaluate("() => (location.hash = '#x=1.5')")
    explorer = gw.DescentExplorer(BOWL, point=(2, 1))
    explorer.point = (1.5, 1)
    view.wait(said, explorer.scene.captions[0])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.root.get_by_role("button", name="copy link").click()
    view.root.get_by_role("button", name="copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()").endswith("page.html#x=1.5")


def ends_of(view: View) -> list[str]:
    """The window as its boxes tell it."""
    ends = ("x from", "x to", "y from", "y to")
    return [view.root.get_by_label(end, exact=True).input_value() for end in ends]


def test_an_address_carries_the_window(page: Page, tmp_path: Path) -> None:
    explorer = gw.GradientExplorer(BOWL, point=(1, 2))
    view = shown(page, tmp_path, explorer, "#x=0.25&x-from=-1&x-to=0.5&y-to=4")
    assert ends_of(view) == ["−1", "0.5", "−3", "4"]
    explorer.domain, explorer.point = {"x": (-1, 0.5), "y": (-3, 4)}, (0.25, 2)
    assert view.captions[0] == explorer.scene.captions[0]
    before, plot = key_of(view.root), view.plot("map")
    plot.focus()
    page.keyboard.press("ArrowUp")
    renewed(view, before)
    page.wait_for_function("() => location.hash.includes('y-from=-2')")
    told, ends = page.evaluate("() => location.href"), ends_of(view)
    page.goto("about:blank")
    page.goto(told)
    view.wait("(root) => root.querySelector('.gw-captions p')")
    assert ends_of(view) == ends
    view.root.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function("() => !location.hash")


@pytest.mark.parametrize(
    ("hash_", "ends", "told"),
    [
        ("#x-from=a&x-to=2", ["−3", "2", "−3", "3"], ""),
        ("#x-from=4&y-to=2", ["−3", "3", "−3", "3"], "The range of x must grow"),
        ("#z-from=1&x-from=&x=-9", ["−3", "3", "−3", "3"], ""),
    ],
)
def test_an_address_that_makes_no_sense(
    page: Page, tmp_path: Path, hash_: str, ends: list[str], told: str
) -> None:
    view = shown(page, tmp_path, gw.GradientExplorer(BOWL, point=(1, 2)), hash_)
    assert ends_of(view) == ends
    assert view.note.startswith(told)
    assert bool(view.note) == bool(told)


def test_critical_points_tell_where_they_were_searched(page: Page, saved: Saved) -> None:
    (view,) = show(page, saved("CurvatureExplorer"))
    said = "(Searched when this page was made, in x from"
    assert not any(said in line for line in view.captions)
    before, plot = key_of(view.root), view.plot("map")
    plot.focus()
    page.keyboard.press("Shift+ArrowRight")
    renewed(view, before)
    (line,) = [line for line in view.captions if said in line]
    assert line.startswith("Critical points that Newton's method finds")
    before = key_of(view.root)
    page.keyboard.press("0")
    renewed(view, before)
    assert not any(said in line for line in view.captions)


@pytest.mark.parametrize("name", ["GradientExplorer", "TapeExplorer"])
def test_under_a_strict_policy_with_a_nonce(page: Page, name: str) -> None:
    twice = [KINDS[name](), gw.DerivativeExplorer()]
    html = "\n".join(explorer.to_html(nonce=NONCE) for explorer in twice)
    first, second = under_policy(page, f"<!DOCTYPE html><title>course</title>{html}")
    for view in (first, second):
        assert wait_verified(view) == ""
        look = view.look()
        slider(view)
        view.other_look(look)
    assert page.evaluate("() => document.querySelectorAll('head style').length") == 1
    assert page.evaluate("() => location.hash") == ""


def test_in_a_frame_that_may_run_scripts_alone(page: Page, tmp_path: Path) -> None:
    frame = gw.GradientExplorer(BOWL).to_iframe(height=500)
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><title>course</title>{frame}", "utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("[data-verified=true]").wait_for()
    caption = inside.locator(".gw-captions p").first
    before = caption.text_content()
    inside.locator("input[type=range]").first.press("Shift+ArrowLeft")
    expect(caption).not_to_have_text(before or "")
    assert inside.get_by_role("button", name="copy link").count() == 0


def test_several_on_a_page_share_one_script(page: Page, tmp_path: Path) -> None:
    three = [gw.GradientExplorer(BOWL), gw.DerivativeExplorer("sin(x)"), gw.GradientExplorer("x*y")]
    gw.save_page(tmp_path / "course.html", three, title="Slopes & more")
    shown = show(page, tmp_path / "course.html", "#2.x=0.5")
    assert len(shown) == 3
    assert page.title() == page.locator("h1").text_content() == "Slopes & more"
    assert [wait_verified(view) for view in shown] == ["", "", ""]
    assert shown[1].captions[0].startswith("At x = 0.50")
    slider(shown[2])
    page.wait_for_function("() => location.hash.includes('3.x=')")


def branching(x, y):  # type: ignore[no-untyped-def]
    return x**2 + 10 * y**2 if x > -9 else x


def of_one(x):  # type: ignore[no-untyped-def]
    return branching(x, 1.0)


def test_a_function_without_a_program_is_known_by_a_lattice(page: Page, tmp_path: Path) -> None:
    explorer = gw.DerivativeExplorer(of_one, point=1)
    with pytest.warns(UserWarning, match="“of_one” is Python that decides by values"):
        view = shown(page, tmp_path, explorer)
    assert "in between its numbers are interpolated" in (view.root.text_content() or "")
    assert wait_verified(view) == ""
    assert view.captions[0] == explorer.scene.captions[0]
    look = view.look()
    slider(view)
    view.other_look(look)


def test_what_needs_python_stands_still_and_says_so(page: Page, tmp_path: Path) -> None:
    explorer = gw.TapeExplorer(branching, point=(1, 2))
    with pytest.warns(UserWarning, match="stands still"):
        explorer.save(tmp_path / "page.html")
    page.goto((tmp_path / "page.html").as_uri())
    image = page.locator(".gw-alone img")
    assert image.evaluate("(one) => one.naturalWidth") > 300
    assert image.get_attribute("alt") == " ".join(explorer.scene.captions)
    assert page.get_by_text("This picture stands still, for it needs Python").is_visible()


def test_sizes(saved: Saved) -> None:
    whole = {name: saved(name).stat().st_size for name in KINDS}
    script = len(front_end())
    own = {name: size - script for name, size in whole.items()}
    assert whole["GradientExplorer"] <= 150_000
    again = own["GradientExplorer"] + own["DerivativeExplorer"] + own["PartialsExplorer"]
    assert sum(own.values()) + again + script <= 600_000  # ten on one page


def test_a_number_that_is_another_one_is_told(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*given: object) -> Checked:
        found = right(*given)
        found.numbers[np.argmax(np.abs(found.numbers))] *= 1 + 1e-9
        return found

    right = exported.checked
    monkeypatch.setattr(exported, "checked", wrong)
    view = shown(page, tmp_path, gw.GradientExplorer(BOWL))
    assert "in Python" in wait_verified(view)


@pytest.mark.parametrize("width", [360, 640])
def test_a_title_too_long_leaves_the_picture_in_its_place(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    with alone(browser, viewport={"width": width, "height": 500}) as page:
        view = shown(page, tmp_path, gw.GradientExplorer("himmelblau"))
        plot, panel = (
            view.root.locator(part).first.bounding_box() for part in (".gw-plot", ".gw-panel")
        )
        assert plot
        assert panel
        assert (panel["x"], panel["width"]) == (plot["x"], plot["width"])
        assert panel["x"] >= view.root.bounding_box()["x"]  # type: ignore[index]
