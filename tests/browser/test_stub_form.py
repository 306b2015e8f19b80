"""An explorer's own controls: the front end over a stub model in a bare page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.formed import FORM, START, TRAITS, descent
from tests.browser.stub import Stub, stub
from tests.browser.view import View


@pytest.fixture
def one(page: Page) -> Stub:
    return stub(page, descent(), START, form=FORM, traits=TRAITS)


BOX_SAYS = """(root, value) =>
  [...root.querySelectorAll(".gw-box")].some((one) => +one.value === value)"""


def slider(view: View, name: str) -> Locator:
    return view.root.locator(".gw-slider").get_by_role("slider", name=name, exact=True)


def box(view: View, name: str) -> Locator:
    return view.root.get_by_role("textbox", name=f"{name}, as a number", exact=True)


def type_into(found: Locator, text: str, key: str = "Enter") -> None:
    found.fill(text)
    found.press(key)


# ── sliders and their boxes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("x", "ArrowRight", 2.01),
        ("x", "Shift+ArrowLeft", 1.9),
        ("x", "Alt+ArrowUp", 2.001),
        ("x", "PageDown", 1.9),
        ("x", "Home", -3),
        ("learning rate α", "ArrowUp", 0.05116),
        ("learning rate α", "End", 1),
        ("step", "ArrowRight", 4),
    ],
)
def test_keys_on_a_slider(name: str, key: str, value: float, one: Stub, view: View) -> None:
    slider(view, name).press(key)
    trait = {"x": "point", "learning rate α": "rate"}.get(name, name)
    found = one.get(trait)
    assert (found[0] if name == "x" else found) == pytest.approx(value)
    if value > 0:
        view.wait(BOX_SAYS, value)


def test_a_slider_is_dragged_by_the_mouse(one: Stub, view: View) -> None:
    before, place = view.look(), slider(view, "learning rate α").bounding_box()
    assert place
    view.page.mouse.move(place["x"] + place["width"] / 4, place["y"] + place["height"] / 2)
    view.page.mouse.down()
    view.other_look(before)
    view.page.mouse.up()
    assert 0.002 < one.get("rate") < 0.01
    assert one.get("rate") == float(f"{one.get('rate'):.3g}")


def test_each_move_of_a_slider_is_told_once_and_its_box_follows(one: Stub, view: View) -> None:
    place = slider(view, "learning rate α").bounding_box()
    assert place
    mouse, y = view.page.mouse, place["y"] + place["height"] / 2
    mouse.move(place["x"] + place["width"] / 2, y)
    mouse.down()
    one.sent()
    for share in (0.4, 0.3, 0.6):
        mouse.move(place["x"] + share * place["width"], y)
        one.wait("(model) => model.sent.length")
        (message,) = one.sent()
        assert message.keys() == {"rate", "_tick"}
        view.wait(BOX_SAYS, message["rate"])
    mouse.up()
    assert one.sent() == []


@pytest.mark.parametrize("value", [0.0123, 0.6667, 0.5, 0.00137, 1.0, 2 / 3])
def test_a_value_set_in_python_does_not_come_back(value: float, one: Stub, view: View) -> None:
    one.receive(rate=value)
    view.wait(BOX_SAYS, float(f"{value:.7g}"))
    box(view, "learning rate α").press("Tab")
    assert all("rate" not in message for message in one.sent())
    assert one.get("rate") == value


def test_a_cyclic_slider_goes_round(one: Stub, view: View) -> None:
    picture = one.get("_picture")
    picture["controls"][0] |= {"cyclic": True}
    one.receive(_picture=picture, point=[3, 1])
    view.wait("(root) => root.querySelectorAll('.gw-box')[1].value === '3.00'")
    slider(view, "x").press("ArrowRight")
    assert one.get("point")[0] == pytest.approx(-2.99)


def test_a_box_keeps_every_digit(one: Stub, view: View) -> None:
    before = view.look()
    type_into(box(view, "x"), "1.23456789012345")
    assert one.get("point") == [1.23456789012345, 1]
    view.other_look(before)
    assert box(view, "x").input_value() == "1.23456789012345"
    box(view, "x").press("Tab")
    assert one.get("point") == [1.23456789012345, 1]
    one.receive(point=[0.5, 1])
    view.wait("(root) => [...root.querySelectorAll('.gw-box')].some((one) => one.value === '0.50')")


def test_a_box_takes_the_nearest_end(one: Stub, view: View) -> None:
    type_into(box(view, "x"), "99", "Tab")
    assert one.get("point") == [3, 1]
    assert box(view, "x").input_value() == "3.00"
    type_into(box(view, "x"), "98")
    assert box(view, "x").input_value() == "3.00"
    type_into(box(view, "learning rate α"), "1e-2")
    assert one.get("rate") == 0.01


def test_nonsense_in_a_box_is_told_in_place(one: Stub, view: View) -> None:
    type_into(box(view, "x"), "zwei")
    assert one.sent() == []
    assert box(view, "x").input_value() == "2.00"
    said = view.root.locator(".gw-wrong:visible")
    assert said.text_content() == "Type a number, such as 0.05 or 1e-3."
    box(view, "x").press_sequentially("1")
    assert said.count() == 0


# ── options ──────────────────────────────────────────────────────────────────────────────────────


def test_choices_and_switches(one: Stub, view: View) -> None:
    view.root.get_by_role("radiogroup", name="Show").get_by_role("radio", name="surface").check()
    assert one.get("show") == "surface"
    view.page.keyboard.press("ArrowLeft")
    assert one.get("show") == "map"
    arrows = view.root.get_by_role("checkbox", name="arrows")
    arrows.check()
    assert one.get("arrows") is True
    one.receive(arrows=False)
    view.wait("(root) => !root.querySelector('[title=pale] input, input[title=pale]').checked")
    view.root.locator("summary").first.click()
    view.root.get_by_role("combobox", name="loss").select_option("log")
    assert one.get("loss") == "log"


def test_some_keep_their_order(one: Stub, view: View) -> None:
    view.root.get_by_role("checkbox", name="adam").check()
    assert one.get("methods") == ["momentum", "gradient descent", "adam"]
    view.root.get_by_role("checkbox", name="momentum").uncheck()
    assert one.get("methods") == ["gradient descent", "adam"]


def test_a_slow_slider_tells_at_its_end(one: Stub, view: View) -> None:
    place = slider(view, "steps").bounding_box()
    assert place
    y = place["y"] + place["height"] / 2
    view.page.mouse.move(place["x"] + place["width"] / 2, y)
    view.page.mouse.down()
    assert one.sent() == []
    assert box(view, "steps").input_value() != "60"
    view.page.mouse.up()
    assert one.get("steps") == int(box(view, "steps").input_value()) > 400
    type_into(box(view, "steps"), "7.4")
    assert one.get("steps") == 7


def test_play_steps_and_walk(one: Stub, view: View) -> None:
    step = view.root.get_by_role("button", name="one step on")
    step.click()
    view.root.get_by_role("button", name="one step back").click()
    assert one.get("step") == 3
    one.receive(step=0)
    play = view.root.get_by_role("button", name="Play")
    play.click()
    assert view.root.get_by_role("button", name="Pause").count() == 1
    one.wait("(model) => model.get('step') === 60")
    play.wait_for()
    play.click()
    one.wait("(model) => model.get('step') < 20")
    view.root.get_by_role("button", name="Pause").click()
    one.receive(step=3)
    walk = view.root.get_by_role("button", name="walk")
    seen = []
    for _ in range(3):
        walk.click()
        seen.append(one.get("step"))
    assert seen == [11, 12, 11]


def test_buttons_ask_python_and_press(one: Stub, view: View) -> None:
    view.root.get_by_role("button", name="Sweep").click()
    view.root.get_by_role("button", name="Reset", exact=True).click()
    view.root.get_by_role("combobox", name="Example").select_option("bowl")
    assert one.asked() == [{"do": "sweep"}, {"do": "reset"}, {"do": "example", "key": "bowl"}]
    view.root.get_by_role("button", name="α = 2/").click()
    assert one.get("rate") == pytest.approx(2 / 22)
    assert view.root.get_by_text("not there").is_hidden()
    assert view.root.get_by_text("unseen").is_hidden()


def test_the_domain_s_boxes(one: Stub, view: View) -> None:
    view.root.locator("summary").first.click()
    high = view.root.get_by_role("textbox", name="x to")
    type_into(high, "4.5", "Tab")
    assert one.asked() == [{"do": "domain", "values": {"x": [-3, 4.5]}, "typed": True}]
    form = one.get("_form")
    form["pages"][0]["rows"][1][0]["intervals"] = {"x": [-3, 5], "y": [-2, 2]}
    view.root.get_by_role("textbox", name="y from").focus()
    one.receive(_form=form, _domain_message="<span role='alert'>too wide</span>")
    view.root.get_by_text("too wide").wait_for()
    assert high.input_value() == "5"
    focused = view.root.get_by_role("textbox", name="y from")
    assert focused.evaluate("(one) => one === document.activeElement")


def test_pages_are_opened_in_every_view(one: Stub, view: View) -> None:
    other = one.show()
    assert view.root.locator("pre").count() == 0
    view.root.get_by_text("Code").click()
    assert other.root.locator("pre").text_content() == "y = x*w"
    assert one.get("_open") == ["Code"]
    other.root.get_by_text("Code").click()
    one.wait("(model) => model.get('_open').length === 0")


def test_work_is_shown_and_cancelled(one: Stub, view: View) -> None:
    one.receive(_work={"name": "Sweeping", "share": 0.5, "cancel": True, "said": ""})
    view.root.get_by_role("button", name="Cancel").click()
    assert one.asked() == [{"do": "cancel"}]
    one.receive(_work={"said": "done"})
    assert view.root.get_by_text("done").is_visible()
    assert view.root.locator("progress").is_hidden()


# ── the text box ─────────────────────────────────────────────────────────────────────────────────


def test_a_formula_is_told_on_enter_and_when_the_focus_goes(one: Stub, view: View) -> None:
    text = view.root.get_by_role("textbox", name="f(x, y) =")
    text.fill("x*y")
    assert one.sent() == []
    text.press("Enter")
    text.press("Tab")
    assert [message["formula"] for message in one.sent()] == ["x*y"]
    text.fill("x*(")
    text.blur()
    assert one.get("formula") == "x*("
    one.receive(_message="<span role='alert'>one ) is missing</span>")
    assert view.root.get_by_role("alert").text_content() == "one ) is missing"
    assert text.input_value() == "x*("
    assert text.get_attribute("aria-invalid") == "true"
    one.receive(formula="x", _message="")
    assert text.input_value() == "x"


def test_a_program_of_several_lines(page: Page) -> None:
    text = {"label": "", "placeholder": "one assignment per line", "lines": 4}
    rows = [[{"kind": "label", "text": "asked"}]]
    one = stub(page, descent(), START, form={"text": text, "side": rows}, traits={"formula": "y=x"})
    view = one.show()
    typed = view.root.get_by_role("textbox", name="program")
    typed.press("Enter")
    typed.press("Control+Enter")
    assert one.get("formula").replace("\n", "") == "y=x"
    assert "\n" in one.get("formula")
    side, stage = (view.root.locator(f".gw-{name}").bounding_box() for name in ("side", "stage"))
    assert side
    assert stage
    assert side["x"] + side["width"] <= stage["x"]
