"""The browser answers by itself: over a slow network, beside a busy kernel, without any kernel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser.explorer import PRELUDE, Opener, Shown, busy
from tests.browser.host import PANEL, Notebook, Server, open_notebook
from tests.browser.network import slow_network

pytestmark = pytest.mark.slow

GRADIENT = "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))"
MOVES = 120
NOT_HEARD = "Python does not hear this"
# What an icon font draws before parts of the explorer, as the broken link of what is disconnected.
ICONS = """(root) => [root, ...root.querySelectorAll("*")]
  .map((part) => getComputedStyle(part, "::before").content)
  .filter((content) => /[\\ue000-\\uf8ff]/.test(content))"""
# How many messages had come when a handle first told another place.
WAITED = """(handle) => new MutationObserver((_, watch) => {
  window.waited = window.traffic.filter(([way]) => way === "down").length;
  watch.disconnect();
}).observe(handle, { attributeFilter: ["aria-valuetext"] })"""
EXACT = "list(map(float, e.point))"


@pytest.fixture
def explorer(explore: Opener) -> Shown:
    return explore(GRADIENT)


@pytest.fixture
def far(browser: Browser, lab: Server) -> Iterator[Notebook]:
    """A notebook whose server is 200 ms away."""
    with slow_network(lab.port, 0.2) as network:
        cell = f"{PRELUDE}\ne = {GRADIENT}\ndisplay(e)\ndisplay(e)"
        server = replace(lab, port=network.port)
        notebook = open_notebook(browser, server, [cell], height=1300)
        yield notebook
        notebook.close()


def handle_of(shown: Shown, description: str) -> None:
    """Focus the handle of one of ipywidgets' own sliders."""
    label = shown.page.locator(".widget-slider", has_text=description)
    label.locator(".noUi-handle").focus()


# ── a slow network ───────────────────────────────────────────────────────────────────────────────


def test_over_a_slow_network_all_agree_after_a_drag(far: Notebook) -> None:
    first = Shown.of(far)
    second = first.other_output(1)
    first.listen()
    look = first.look()
    first.handle().evaluate(WAITED)
    first.press_key("ArrowRight")
    look = first.other_look(look)
    assert first.page.evaluate("() => window.waited") == 0  # it did not wait for Python

    (left, top), (right, bottom) = first.at("map", (-2.5, 2.5)), first.at("map", (2, -2))
    first.press("map", (1.1, 2))
    for k in range(1, MOVES + 1):
        share = k / MOVES
        far.page.mouse.move(right + share * (left - right), top + share**2 * (bottom - top))
        far.page.wait_for_timeout(1000 / 60)
    first.release()
    look = first.other_look(look)
    first.wait_idle()
    far.wait_python(f"{EXACT} == {first.told()}")
    first.wait_captions()
    second.wait_captions()
    first.handle().blur()
    assert first.look() == second.look()
    for name, number in zip("xy", first.told(), strict=True):
        assert first.number(name) == second.number(name) == float(f"{number:.12g}")
    assert far.errors == []


# ── a busy kernel ────────────────────────────────────────────────────────────────────────────────


def test_two_views_follow_each_other_beside_a_busy_kernel(explore: Opener) -> None:
    first = explore(GRADIENT, "display(e)\ndisplay(e)")
    second = first.other_output(1)
    second.wait_shown()
    with busy(first.notebook):
        looks = first.look(), second.look()
        first.pull((-60, 30), (-120, 40))
        first.other_look(looks[0])
        second.other_look(looks[1])
        second.press_key("Shift+ArrowRight")
        second.handle().blur()
        first.wait_seen(second.captions)
    first.wait_captions()
    second.wait_captions()
    assert first.look() == second.look()


def test_linked_explorers_follow_each_other_beside_a_busy_kernel(explore: Opener) -> None:
    first = explore(
        GRADIENT,
        "others = [gw.PartialsExplorer(), gw.GradientExplorer('x*y')]\n"
        "together = gw.link(e, *others)\n"
        "display(e, *others)",
    )
    others = [first.other_output(place) for place in (1, 2)]
    for other in others:
        other.root.locator(".gw-captions p").first.wait_for()
    first.wait_idle()
    with busy(first.notebook):
        for mover, followers in ((first, others), (others[1], [first, others[0]])):
            looks = [follower.look() for follower in followers]
            mover.press_key("Shift+ArrowLeft")
            for follower, look in zip(followers, looks, strict=True):
                follower.other_look(look)
    first.wait_python("point == (-1.0, 2.0)")
    assert first.notebook.python("[tuple(o.point) == tuple(e.point) for o in others]") == [
        True,
        True,
    ]
    first.notebook.run("together.unlink(); [other.close() for other in others]")


def test_a_slider_joined_by_jslink_moves_the_picture_without_the_kernel(explore: Opener) -> None:
    shown = explore(
        GRADIENT,
        "s = ipw.FloatSlider(30, min=0, max=360, step=5, description='by hand')\n"
        "ipw.jslink((s, 'value'), (e, 'angle'))\n"
        "display(ipw.VBox([s, e]))",
    )
    with busy(shown.notebook):
        look = shown.look()
        handle_of(shown, "by hand")
        shown.page.keyboard.press("ArrowRight")
        shown.other_look(look)
    shown.wait_python("angle == s.value and abs(s.value - 35) < 1e-9")
    shown.wait_captions()


def test_an_explorer_s_own_slider_and_text_box_drive_it_from_outside(explore: Opener) -> None:
    shown = explore(
        f"{GRADIENT[:-1]}, controls=False)",
        "s, t = e.slider('x'), e.text()\ndisplay(ipw.VBox([s, t, e]))",
    )
    assert shown.root.locator("input:visible").count() == 0
    with busy(shown.notebook):
        look = shown.look()
        shown.page.locator(".noUi-handle").focus()
        shown.page.keyboard.press("ArrowLeft")
        look = shown.other_look(look)
        readout = shown.page.locator(".widget-readout")
        before = readout.text_content()
        shown.press_key("Shift+ArrowLeft")
        look = shown.other_look(look)
        assert readout.text_content() != before
    shown.wait_python("point[0] < 0.1")
    box = shown.page.locator(".widget-text input")
    box.fill("x*y")
    box.press("Enter")
    shown.wait_python("field.text == 'x*y'")
    shown.other_look(look)
    shown.wait_captions()


# ── two that decide ──────────────────────────────────────────────────────────────────────────────


def test_links_and_observers_in_python_have_their_say(explore: Opener) -> None:
    shown = explore(
        GRADIENT,
        "s = ipw.FloatSlider(30, min=0, max=360, step=0.01, description='linked')\n"
        "joined, seen = ipw.link((s, 'value'), (e, 'angle')), []\n"
        "e.observe(lambda change: seen.append(tuple(change['new'])), 'point')\n"
        "e.observe(lambda change: setattr(e, 'arrows', change['new'][0] > 0), 'point')\n"
        "display(ipw.VBox([s, e]))",
    )
    look, key = shown.look(), shown.key()
    shown.press_key("Shift+ArrowLeft", "Shift+ArrowLeft")
    shown.wait_python("arrows is False and seen[-1] == e.point == (-1, 2)")
    look = shown.other_look(look)
    shown.wait("(root, key) => root.querySelector('.gw-stage').dataset.key !== key", key)
    shown.drag("directions", (30, 0.54), (90, 0))
    shown.wait_python("angle > 30 and s.value == e.angle")
    shown.notebook.run("s.value = 120")
    shown.wait_captions()
    assert shown.python("angle") == 120
    shown.notebook.run("joined.unlink()")


def test_an_assignment_during_a_drag_wins_until_the_next_move(explorer: Shown) -> None:
    explorer.press("map", (1, 2))
    explorer.move("map", (0, 0))
    explorer.wait_python("point[1] < 0.1")
    explorer.notebook.run("e.point = (2.123456, -1)")
    explorer.wait_captions()
    assert (explorer.number("x"), explorer.number("y")) == (2.123456, -1)
    explorer.wait_idle()
    assert explorer.python("point") == [2.123456, -1]
    explorer.listen()
    explorer.move("map", (-1, 1))
    explorer.wait_python("point[0] < 0")
    explorer.release()
    explorer.wait_captions()
    assert explorer.python("point") == explorer.told()


def test_a_callable_s_global_that_changed_in_another_cell_is_seen(
    explore: Opener, notebook: Notebook
) -> None:
    notebook.run("k = 1")
    shown = explore("gw.GradientExplorer(lambda x, y: k*x**2 + y**2, point=(1, 2))", "display(e)")
    look, before = shown.look(), shown.captions
    shown.notebook.run_cell("k = 3")
    shown.other_look(look)
    shown.wait_captions()
    assert shown.captions != before
    with busy(shown.notebook):  # the program is another one, not only the numbers
        look = shown.look()
        shown.press_key("ArrowRight")
        shown.other_look(look)
        assert "f = 7.6," in shown.captions[0]  # 3·1.1² + 4


# ── who does not hear ────────────────────────────────────────────────────────────────────────────


def moves_and_tells(shown: Shown) -> None:
    """The picture moves, and after five seconds a sentence says that Python does not hear."""
    look = shown.look()
    shown.press_key("Shift+ArrowLeft")
    shown.page.clock.run_for(100)
    shown.other_look(look)
    shown.page.clock.run_for(6000)
    shown.wait("(root, words) => root.textContent.includes(words)", NOT_HEARD)
    assert shown.root.evaluate(ICONS) == []


def test_a_picture_moves_while_its_kernel_is_busy_restarted_or_gone(open_lab) -> None:
    notebook = open_lab([f"{PRELUDE}\ne = {GRADIENT}\ndisplay(e)"], height=1300)
    shown = Shown.of(notebook)
    notebook.page.clock.install()
    with busy(notebook):
        moves_and_tells(shown)
    shown.page.clock.run_for(1000)
    shown.wait("(root, words) => !root.textContent.includes(words)", NOT_HEARD)
    shown.wait_python("point == (0, 2)")
    notebook.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
    moves_and_tells(shown)
    notebook.run_all_cells()
    again = Shown.of(notebook)
    again.drag("map", (1, 2), (-1, -1))
    again.wait_python("point[0] < -0.9")
    notebook.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
    moves_and_tells(again)
    assert notebook.errors == []
