"""Explorers in JupyterLab: a real mouse and real keys, held against Python's traits and pixels."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser

from tests.browser.explorer import PRELUDE, Opener, Shown
from tests.browser.host import PANEL, Notebook, Server, open_notebook

GRADIENT = "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))"
PARTIALS = "gw.PartialsExplorer('x**2 + 10*y**2', point=(1, 2))"
PIXEL = 0.02  # of the map, in data
both = pytest.mark.parametrize("made", [GRADIENT, PARTIALS], ids=["gradient", "partials"])


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Server) -> Iterator[Notebook]:
    """One notebook for the whole module: tests put their explorers into its first cell."""
    notebook = open_notebook(browser, lab, ["pass", "'the next cell'"], width=1200, height=1300)
    notebook.run(PRELUDE)
    yield notebook
    notebook.close()


@pytest.fixture
def shown(explore: Opener, made: str) -> Shown:
    return explore(made)


@pytest.fixture
def gradient(explore: Opener) -> Shown:
    return explore(GRADIENT)


# ── the formula ──────────────────────────────────────────────────────────────────────────────────


@both
def test_a_typed_formula_changes_the_picture(shown: Shown) -> None:
    before = shown.look()
    shown.type("sin(x)*y")
    shown.wait_python("field.text == 'sin(x)*y'")
    shown.other_look(before)
    shown.wait_captions()


@pytest.mark.parametrize("made", [GRADIENT])
def test_nonsense_changes_nothing_and_is_explained_under_the_box(shown: Shown) -> None:
    before = shown.look()
    shown.type("x**2 + foo(y)")
    shown.message.wait_for()
    assert "foo" in shown.message.text_content()
    box, message, canvas = (
        part.bounding_box() for part in (shown.formula, shown.message, shown.canvas)
    )
    assert box["y"] + box["height"] <= message["y"] + 1
    assert message["y"] + message["height"] <= canvas["y"] + 1
    assert shown.formula.input_value() == "x**2 + foo(y)"
    assert shown.python("field.text") == "x**2 + 10*y**2"
    assert shown.python("point") == [1, 2]
    shown.canvas.scroll_into_view_if_needed()
    assert shown.look() == before

    shown.type("x**2 + 2*y")
    shown.message.wait_for(state="hidden")
    shown.wait_python("field.text == 'x**2 + 2*y'")


def test_an_example_brings_its_function_and_its_start(gradient: Shown) -> None:
    before = gradient.look()
    gradient.root.locator("select").first.select_option(label="Rosenbrock")
    gradient.wait_python("point == (-1, -1)")
    gradient.other_look(before)
    assert gradient.formula.input_value() == gradient.python("field.text")
    assert gradient.python("domain['x']") == [-2, 2]


def test_reset_brings_everything_back(gradient: Shown) -> None:
    before = gradient.look()
    gradient.drag("map", (1, 2), (-1, -2))
    gradient.drag("directions", (100, -1.2), (200, 0))
    gradient.wait_python("point != (1, 2) and e.angle > 190")
    gradient.type("x/")
    gradient.message.wait_for()
    gradient.root.get_by_role("button", name="Reset").click()
    gradient.wait_python("point == (1, 2) and e.angle == 30")
    gradient.message.wait_for(state="hidden")
    gradient.wait_look(before)
    assert gradient.formula.input_value() == "x**2 + 10*y**2"


# ── handles ──────────────────────────────────────────────────────────────────────────────────────


@both
def test_a_drag_moves_the_point_and_the_sliders_follow(shown: Shown) -> None:
    before = shown.focused_look()
    shown.drag("map", (1, 2), (0.5, 1), (-2, -1.5))
    shown.wait_python("point != (1, 2) and e.point[1] < -1.4")
    point = shown.python("point")
    assert point == pytest.approx([-2, -1.5], abs=PIXEL)
    shown.other_look(before)
    shown.wait_captions()
    for name, number in zip("xy", point, strict=True):
        assert shown.number(name) == pytest.approx(number)


def test_the_direction_is_turned_in_the_panel_beside_the_map(gradient: Shown) -> None:
    before = gradient.focused_look()
    gradient.drag("directions", (30, 0.54), (90, 0), (210, 0))
    gradient.wait_python("angle > 200")
    assert gradient.python("angle") == pytest.approx(210, abs=1)
    assert gradient.python("point") == [1, 2]
    gradient.other_look(before)
    gradient.wait_captions()


@pytest.mark.parametrize("made", [PARTIALS])
def test_a_point_on_a_slice_moves_along_that_slice(shown: Shown) -> None:
    before = shown.focused_look()
    shown.drag("slice x", (1, 41), (2.5, 0))
    shown.wait_python("point[0] > 2")
    assert shown.python("point") == [pytest.approx(2.5, abs=0.03), 2]
    shown.other_look(before)


@both
def test_keys_move_the_point_and_jupyter_lets_them(shown: Shown) -> None:
    shown.press("map", (1, 2))
    shown.release()
    active = f"() => [{PANEL}.content.activeCellIndex, {PANEL}.content.mode]"
    before = shown.page.evaluate(active)
    for key, point in {
        "ArrowRight": (1.1, 2),
        "ArrowDown": (1.1, 1.9),
        "Shift+ArrowLeft": (0.1, 1.9),
        "Alt+ArrowUp": (0.1, 1.91),
        "Shift+ArrowDown": (0.1, 0.91),
        "Home": (1, 2),
    }.items():
        look = shown.look()
        shown.page.keyboard.press(key)
        shown.wait_python(f"point == {point}")
        shown.other_look(look)
    assert shown.page.evaluate(active) == before


def test_a_point_set_in_python_stays_exactly_there(gradient: Shown) -> None:
    before = gradient.look()
    gradient.notebook.run("e.point = (1.2345, 0.5)")
    gradient.other_look(before)
    gradient.wait_captions()
    gradient.wait("(root) => root.querySelector('.widget-readout').textContent === '1.23'")
    for _ in range(2):  # whatever the page had to say came before the question
        assert gradient.python("point") == [1.2345, 0.5]
    gradient.canvas.focus()
    gradient.page.keyboard.press("ArrowUp")
    gradient.wait_python("point == (1.2345, 0.6)")


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("made", [PARTIALS])
def test_a_slider_is_dragged(shown: Shown) -> None:
    before = shown.look()
    handle = shown.slider("x").locator(".noUi-handle").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    shown.page.mouse.move(x - 30, y)
    shown.page.mouse.move(x - 60, y)
    shown.page.mouse.up()
    shown.wait_python("point[0] < 0.9")
    shown.other_look(before)
    shown.wait_captions()
    assert shown.python("point[1]") == 2
    assert shown.number("x") == shown.python("point[0]")


@pytest.mark.parametrize("made", [GRADIENT])
def test_a_slider_hears_the_keyboard(shown: Shown) -> None:
    before = shown.look()
    shown.slider("y").locator(".noUi-handle").focus()
    for _ in range(3):
        shown.page.keyboard.press("ArrowLeft")
    shown.wait_python("point == (1, 1.97)")
    shown.other_look(before)
    shown.wait_captions()


def test_a_number_is_typed_beside_a_slider(gradient: Shown) -> None:
    before = gradient.look()
    gradient.readout("x").fill("-1.23")
    gradient.readout("x").press("Enter")
    gradient.wait_python("point == (-1.23, 2)")
    gradient.other_look(before)
    gradient.wait_captions()


def test_the_field_of_arrows_is_switched_off_and_on(gradient: Shown) -> None:
    before = gradient.look()
    image = gradient.image()
    gradient.open_options()
    box = gradient.root.get_by_label("field of arrows")
    box.click()
    gradient.wait_python("arrows is False")
    bare = gradient.other_look(before)
    assert gradient.image() != image
    box.click()
    gradient.wait_python("arrows is True")
    gradient.other_look(bare)
    assert gradient.look() == before


def test_a_bad_domain_is_explained_and_changes_nothing(gradient: Shown) -> None:
    before = gradient.look()
    gradient.open_options()
    low = gradient.root.locator("input[type=number]").first
    low.fill("7")
    low.press("Enter")
    gradient.message.wait_for()
    assert "range of x must grow" in gradient.message.text_content()
    assert gradient.python("domain") == {"x": [-3, 3], "y": [-3, 3]}
    assert gradient.look() == before

    low.fill("-1")
    low.press("Enter")
    gradient.wait_python("domain['x'] == (-1, 3)")
    gradient.message.wait_for(state="hidden")
    gradient.other_look(before)


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────

COUNT = """
calls, scene = [], e._picture.scene
counted = lambda at, *more: (calls.append(at), scene(at, *more))[1]
object.__setattr__(e._picture, "scene", counted)
"""


@pytest.mark.parametrize("made", [PARTIALS])
def test_a_gesture_is_one_recomputation(shown: Shown) -> None:
    places = [shown.at("map", place) for place in ((1, 2), (0.5, 1.5), (-1, 1))]
    shown.notebook.run(COUNT)
    shown.page.mouse.move(*places[0])
    shown.page.mouse.down()  # the point stays where it is: nothing to compute
    for place in places[1:]:
        look = shown.look()
        shown.page.mouse.move(*place)
        shown.other_look(look)
    shown.page.mouse.up()
    for key in ("ArrowLeft", "Shift+ArrowDown"):
        look = shown.look()
        shown.page.keyboard.press(key)
        shown.other_look(look)
    shown.slider("x").locator(".noUi-handle").focus()
    look = shown.look()
    shown.page.keyboard.press("ArrowRight")
    shown.other_look(look)
    shown.wait_idle()
    assert shown.notebook.python("len(calls)") == 5


@both
def test_one_move_of_the_mouse_is_one_small_message_up_and_little_down(shown: Shown) -> None:
    places = [shown.at("map", place) for place in ((1, 2), (0.5, 1.5), (-1.2, 1))]
    shown.page.mouse.move(*places[0])
    shown.page.mouse.down()
    shown.page.mouse.move(*places[1])
    shown.wait_python("point[0] < 0.9")
    shown.wait_idle()
    look = shown.look()
    shown.listen()
    shown.page.mouse.move(*places[2])
    shown.other_look(look)
    shown.wait_idle()
    for way, most in (("up", 4096), ("down", 6144)):
        assert sum(size for _, size in shown.heard(way)) <= most
    assert shown.python("point") == pytest.approx([-1.2, 1], abs=PIXEL)
    assert [kind for kind, _ in shown.heard("up")] == ["comm_msg", "execute_request"]


# ── where an explorer may stand ──────────────────────────────────────────────────────────────────


def test_two_outputs_of_one_explorer_follow_each_other(explore: Opener) -> None:
    first = explore(GRADIENT, "display(e)\ndisplay(e)")
    second = first.other_output(1)
    second.wait_drawn()
    for one, other, start, goal in (
        (first, second, (1, 2), (-1, -1.5)),
        (second, first, (-1, -1.5), (2, 1)),
    ):
        before = other.look()
        one.drag("map", start, goal)
        one.wait_python(f"point[1] * {goal[1]} > 0")
        other.other_look(before)
        one.canvas.blur()
        one.wait_captions()
        other.wait_captions()
        assert first.look() == second.look()
    second.type("x*y")
    first.wait_python("field.text == 'x*y'")
    first.wait("(root) => root.querySelector('input').value === 'x*y'")


@pytest.mark.parametrize(
    "code",
    [
        "display(ipw.HBox([e]))",
        "display(ipw.Tab([ipw.HTML('first'), ipw.HBox([e])], titles=['one', 'two']))",
    ],
    ids=["HBox", "Tab"],
)
def test_an_explorer_works_inside_of_other_widgets(explore: Opener, code: str) -> None:
    shown = explore(GRADIENT, code)
    before = shown.focused_look()
    shown.drag("map", (1, 2), (-2, -1))
    shown.wait_python("point[0] < -1.9")
    shown.other_look(before)
    shown.wait_captions()


def test_an_error_in_the_users_function_is_told_below_the_last_good_picture(
    explore: Opener,
) -> None:
    shown = explore("gw.GradientExplorer(patchy, point=(-1, 1))")
    before = shown.look()
    shown.press("map", (-1, 1))
    shown.move("map", (2, 2))
    shown.release()
    shown.wait("(root) => root.querySelector('.gw-note').textContent")
    assert shown.note == "ArithmeticError: nothing beyond 1"
    note, canvas = shown.root.locator(".gw-note").bounding_box(), shown.canvas.bounding_box()
    assert note["y"] >= canvas["y"] + canvas["height"] - 1
    assert shown.python("point") == [-1, 1]
    shown.canvas.blur()
    assert shown.look() == before
    shown.drag("map", (-1, 1), (0, 0.5))
    shown.wait_python("point[0] > -0.1")
    shown.wait("(root) => !root.querySelector('.gw-note').textContent")


NARROW = """(root) => {
  const { left, right } = root.getBoundingClientRect();
  return [...root.querySelectorAll("*")].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width > 1 && (box.right > right + 1 || box.left < left - 1);
  }).map((part) => part.className || part.tagName);
}"""


@both
def test_a_narrow_page_holds_the_whole_explorer(shown: Shown) -> None:
    wide = shown.page.viewport_size
    shown.open_options()
    try:
        shown.page.set_viewport_size({"width": 360, "height": 800})
        shown.wait("(root) => root.clientWidth < 360")
        shown.wait_painted()
        assert shown.root.evaluate("(root) => root.scrollWidth <= root.clientWidth")
        assert shown.root.evaluate(NARROW) == []
        before = shown.focused_look()
        shown.drag("map", (1, 2), (-1, -1))
        shown.wait_python("point[0] < -0.9")
        shown.other_look(before)
    finally:
        shown.page.set_viewport_size(wide)


# ── without a kernel ─────────────────────────────────────────────────────────────────────────────


def test_a_saved_notebook_holds_a_picture_beside_the_view(gradient: Shown) -> None:
    gradient.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    folder, name = gradient.notebook.server.folder, gradient.notebook.name
    (output,) = nbformat.read(folder / "notebooks" / name, as_version=4).cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")


def test_after_a_restart_of_the_kernel_the_picture_stays_and_a_note_explains(open_lab) -> None:
    notebook = open_lab([f"{PRELUDE}\ne = {GRADIENT}\ndisplay(e)"], height=1300)
    shown = Shown.of(notebook)
    before = shown.look()
    shown.page.clock.install()
    place = shown.at("map", (1, 2))
    shown.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
    shown.wait_idle()
    shown.page.mouse.move(*place)
    shown.page.mouse.down()
    shown.page.mouse.move(place[0] - 50, place[1] + 50)
    shown.page.mouse.up()
    shown.page.clock.run_for(6000)
    shown.wait("(root) => root.querySelector('.gw-note').textContent")
    assert "run this cell again" in shown.note
    shown.canvas.blur()
    assert shown.look() == before

    notebook.run_all_cells()
    again = Shown.of(notebook)
    again.drag("map", (1, 2), (-1, -1))
    again.wait_python("point[0] < -0.9")
    assert notebook.errors == []
