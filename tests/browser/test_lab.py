"""Explorers in JupyterLab: a real mouse and real keys, held against Python's traits and pixels."""

from __future__ import annotations

import pytest

from tests.browser.explorer import Opener, Shown, button

GRADIENT = "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))"
PARTIALS = "gw.PartialsExplorer('x**2 + 10*y**2', point=(1, 2))"
PIXEL = 0.02  # of the map, in data
both = pytest.mark.parametrize("made", [GRADIENT, PARTIALS], ids=["gradient", "partials"])


@pytest.fixture
def shown(explore: Opener, made: str) -> Shown:
    return explore(made)


@pytest.fixture
def gradient(explore: Opener) -> Shown:
    return explore(GRADIENT)


@pytest.fixture
def partials(explore: Opener) -> Shown:
    return explore(PARTIALS)


# ── the formula ──────────────────────────────────────────────────────────────────────────────────


def test_a_typed_formula_changes_the_picture(gradient: Shown) -> None:
    before = gradient.look()
    gradient.type("sin(x)*y")
    gradient.wait_python("field.text == 'sin(x)*y'")
    gradient.other_look(before)
    gradient.wait_captions()


def test_nonsense_changes_nothing_and_is_explained_under_the_box(gradient: Shown) -> None:
    before, place = gradient.look(), gradient.plot("map").bounding_box()
    gradient.type("x**2 + foo(y)")
    gradient.message.wait_for()
    assert "foo" in (gradient.message.text_content() or "")
    box, message = (part.bounding_box() or {} for part in (gradient.formula, gradient.message))
    assert box["y"] + box["height"] <= message["y"] + 1
    assert gradient.plot("map").bounding_box() == place  # it lies over the picture, which stays
    assert gradient.formula.input_value() == "x**2 + foo(y)"
    assert gradient.python("field.text") == "x**2 + 10*y**2"
    assert gradient.python("point") == [1, 2]
    assert gradient.look() == before

    gradient.type("x**2 + 2*y")
    gradient.message.wait_for(state="hidden")
    gradient.wait_python("field.text == 'x**2 + 2*y'")


def test_an_example_brings_its_function_and_its_start(gradient: Shown) -> None:
    before = gradient.look()
    gradient.root.get_by_label("Example").select_option(label="Rosenbrock")
    gradient.wait_python("point == (-1, -1)")
    gradient.other_look(before)
    gradient.wait_captions()
    assert gradient.formula.input_value() == gradient.python("field.text")
    assert gradient.python("domain['x']") == [-2, 2]


def test_reset_brings_everything_back(gradient: Shown) -> None:
    before = gradient.look()
    gradient.drag("map", (1, 2), (-1, -2))
    gradient.drag("directions", (100, -1.2), (200, 0))
    gradient.wait_python("point != (1, 2) and e.angle > 190")
    gradient.type("x/")
    gradient.message.wait_for()
    button(gradient, "Reset").click()
    gradient.wait_python("point == (1, 2) and e.angle == 30")
    gradient.message.wait_for(state="hidden")
    gradient.wait_look(before)
    assert gradient.formula.input_value() == "x**2 + 10*y**2"


# ── handles ──────────────────────────────────────────────────────────────────────────────────────


@both
def test_a_drag_moves_the_point_and_the_sliders_follow(shown: Shown) -> None:
    before = shown.look()
    shown.drag("map", (1, 2), (0.5, 1), (-2, -1.5))
    shown.wait_python("point[1] < -1.4")
    point = shown.python("point")
    assert point == pytest.approx([-2, -1.5], abs=PIXEL)
    shown.other_look(before)
    shown.wait_captions()
    for name, number in zip("xy", point, strict=True):
        shown.wait_number(name, number)


def test_the_direction_is_turned_in_the_panel_beside_the_map(gradient: Shown) -> None:
    before = gradient.look()
    gradient.drag("directions", (30, 0.54), (90, 0), (210, 0))
    gradient.wait_python("angle > 200")
    assert gradient.python("angle") == pytest.approx(210, abs=1)
    assert gradient.python("point") == [1, 2]
    gradient.other_look(before)
    gradient.wait_captions()


def test_a_point_on_a_slice_moves_along_that_slice(partials: Shown) -> None:
    before = partials.look()
    partials.drag("slice x", (1, 41), (2.5, 0))
    partials.wait_python("point[0] > 2")
    assert partials.python("point") == [pytest.approx(2.5, abs=0.03), 2]
    partials.other_look(before)


@both
def test_keys_move_the_point_and_jupyter_lets_them(shown: Shown) -> None:
    shown.press("map", (1, 2))
    shown.release()
    before = shown.cells()
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
    assert shown.cells() == before


def test_a_point_set_in_python_stays_exactly_there(gradient: Shown) -> None:
    before = gradient.look()
    gradient.notebook.run("e.point = (1.2345, 0.5)")
    gradient.other_look(before)
    gradient.wait_captions()
    gradient.wait_number("x", 1.2345)
    for _ in range(2):  # whatever the page had to say came before the question
        assert gradient.python("point") == [1.2345, 0.5]
    gradient.press_key("ArrowUp")
    gradient.wait_python("point == (1.2345, 0.6)")


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


def test_a_slider_is_dragged(partials: Shown) -> None:
    before = partials.look()
    partials.slide("x", 0.6, 0.5, 0.45)
    partials.wait_python("point[0] < 0")
    partials.other_look(before)
    partials.wait_captions()
    assert partials.python("point[1]") == 2
    partials.wait_number("x", partials.python("point[0]"))


def test_a_slider_hears_the_keyboard_and_jupyter_lets_it(gradient: Shown) -> None:
    before = gradient.look()
    gradient.slider("y").focus()
    cells = gradient.cells()
    for key in ("ArrowLeft", "ArrowDown", "ArrowDown", "ArrowUp"):
        gradient.page.keyboard.press(key)
    gradient.wait_python("point == (1, 1.98)")
    gradient.other_look(before)
    gradient.wait_captions()
    assert gradient.cells() == cells


def test_a_number_typed_beside_a_slider_keeps_every_digit(gradient: Shown) -> None:
    before = gradient.look()
    gradient.box("x").fill("-1.2345678901234")
    gradient.box("x").press("Enter")
    gradient.wait_python("point == (-1.2345678901234, 2)")
    gradient.other_look(before)
    gradient.wait_captions()
    assert gradient.box("x").input_value() == "-1.2345678901234"


def test_the_field_of_arrows_is_switched_off_and_on(gradient: Shown) -> None:
    before = gradient.look()
    gradient.open_options()
    box = gradient.root.get_by_label("field of arrows")
    box.click()
    gradient.wait_python("arrows is False")
    bare = gradient.other_look(before)
    box.click()
    gradient.wait_python("arrows is True")
    gradient.other_look(bare)
    gradient.wait_look(before)


def test_a_bad_domain_is_explained_and_changes_nothing(gradient: Shown) -> None:
    before = gradient.look()
    gradient.open_options()
    low = gradient.root.get_by_role("textbox", name="x from")
    low.fill("7")
    low.press("Enter")
    gradient.message.wait_for()
    assert "range of x must grow" in (gradient.message.text_content() or "")
    assert gradient.python("domain") == {"x": [-3, 3], "y": [-3, 3]}
    assert gradient.look() == before

    low.fill("-1")
    low.press("Enter")
    gradient.wait_python("domain['x'] == (-1, 3)")
    gradient.message.wait_for(state="hidden")
    gradient.other_look(before)


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────

COUNT = """
calls, scene = [], e._shown.scene
object.__setattr__(e._shown, "scene", lambda *at: (calls.append(at), scene(*at))[1])
"""


def test_gestures_let_python_compute_nothing(partials: Shown) -> None:
    places = [partials.at("map", place) for place in ((1, 2), (0.5, 1.5), (-1, 1))]
    partials.notebook.run(COUNT)
    partials.page.mouse.move(*places[0])
    partials.page.mouse.down()
    for place in places[1:]:
        look = partials.look()
        partials.page.mouse.move(*place)
        partials.other_look(look)
    partials.page.mouse.up()
    partials.press_key("ArrowLeft", "Shift+ArrowDown")
    partials.slider("x").press("ArrowRight")
    partials.wait_python("point[1] < 0.1")
    partials.wait_idle()
    assert partials.notebook.python("len(calls)") == 0
    partials.wait_captions()  # until it is asked
    assert partials.notebook.python("len(calls)") == 1


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
    shown.page.wait_for_function(
        "() => window.traffic.filter(([way]) => way === 'down').length >= 3"
    )
    shown.wait_idle()
    traffic = shown.heard("up"), shown.heard("down")
    shown.page.mouse.up()
    assert [kind for kind, _ in traffic[0]] == ["comm_msg"]
    assert sorted(kind for kind, _ in traffic[1]) == ["comm_msg", "status", "status"]
    for told, most in zip(traffic, (1024, 2048), strict=True):  # with the envelopes
        assert sum(size for _, size in told) <= most
    assert shown.python("point") == pytest.approx([-1.2, 1], abs=PIXEL)


def test_a_typed_formula_brings_its_picture_in_one_message_without_an_image(
    gradient: Shown,
) -> None:
    before = gradient.look()
    gradient.formula.fill("sin(x)*y + x**3/9")
    gradient.wait_idle()
    gradient.listen()
    gradient.formula.press("Enter")
    gradient.other_look(before)
    gradient.wait_captions()
    large = [(kind, size) for kind, size in gradient.heard("down") if size > 2048]
    kind, size = large[0]
    assert kind == "comm_msg"
    assert size <= 60_000
    # the still picture of the output is made later, when nothing changes any more
    assert [kind for kind, _ in large].count("comm_msg") == 1
