"""The tape in JupyterLab: roles, calls, the two passes, the program typed by hand."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.explorer import Opener, Shown, button
from tests.browser.host import Notebook


def result(shown: Shown) -> Locator:
    return shown.root.locator(".gw-call").last


def role(shown: Shown, place: int, name: str) -> Locator:
    """The button that makes an input constant, watched or variable."""
    return shown.root.locator(".gw-roles").nth(place).get_by_text(name, exact=True)


def wait_text(shown: Shown, text: str) -> None:
    result(shown).get_by_text(text).wait_for()


def test_a_constant_that_is_watched_turns_none_into_a_number(explore: Opener) -> None:
    shown = explore(
        "gw.TapeExplorer('y = x*w', point=(1, 2), sources=('w',), "
        "roles={'w': 'constant', 'x': 'constant'})"
    )
    before = shown.look()
    wait_text(shown, "None")
    shown.root.get_by_text("w gets None: w was not watched").wait_for()
    role(shown, 0, "watched").click()
    wait_text(shown, "2.0")
    assert shown.python("roles['w']") == "watched"
    assert shown.python("answer.found") == [2.0]
    shown.other_look(before)


def test_the_second_call_on_a_single_use_tape_is_an_error_and_on_a_persistent_is_not(
    explore: Opener,
) -> None:
    shown = explore("gw.TapeExplorer('y = x*w', point=(1, 2), sources=('w',))")
    button(shown, "gradient").click()
    wait_text(shown, "2.0")
    button(shown, "gradient").click()
    error = shown.root.locator(".gw-error")
    error.wait_for()
    assert "RuntimeError" in (error.text_content() or "")
    assert "persistent=True" in (error.text_content() or "")
    shown.root.get_by_label("persistent").click()
    error.wait_for(state="detached")
    for calls in (1, 2):
        button(shown, "gradient").click()
        shown.page.wait_for_function(
            "([root, calls]) => root.querySelectorAll('.gw-result').length === calls",
            arg=[shown.root.element_handle(), calls],
        )
    assert shown.root.locator(".gw-error").count() == 0


def test_stepping_backward_highlights_node_and_edge(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = x*w + b', point=(0.5, 2, 3), sources=('w', 'b'))")
    button(shown, "backward").click()
    shown.wait_python("step == 3")  # two operations forward, then the seed
    shown.wait_captions()
    assert shown.captions[0] == "The backward pass begins with ∂y/∂y = 1."
    seen = [shown.look()]
    for text in ("∂(u + v)/∂u = 1", "∂(u + v)/∂v = 1", "∂(u·v)/∂v = u"):
        button(shown, "backward").click()
        seen.append(shown.other_look(seen[-1]))
        shown.wait_captions()
        assert text in shown.captions[0]
    assert len(set(seen)) == 4
    place = """e._canvas.scene['backward halo'].ravel().tolist()"""
    halo = shown.notebook.python(place)
    times = shown.notebook.python("e._drawing().place(2)")
    assert halo == list(times)  # the product is where the rule is applied
    edge = shown.notebook.python("e._canvas.scene['backward flow'][0].tolist()")
    assert edge == list(shown.notebook.python("e._drawing().place(1)"))  # towards w


def test_forward_fills_in_and_play_goes_to_the_end(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = x*x + x', point=(3,))")
    button(shown, "forward").click()
    shown.wait_python("step == 1")
    shown.wait_captions()
    assert shown.captions[0] == "Forward 1 of 2: x × x = 3.00 × 3.00 = 9.00."
    shown.notebook.run("e._play.interval = 20")
    shown.root.locator(".jupyter-widget-play button, .widget-play button").first.click()
    shown.wait_python("step == -1")
    shown.wait_captions()
    assert shown.captions[0] == "∂y/∂x = 7.00."


def test_a_program_is_typed_and_a_mistake_is_explained(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = x*w')")
    box = shown.root.locator("textarea")
    before = shown.look()
    box.fill("z = w*x +\ny = z^2")
    button(shown, "Run").click()
    shown.message.wait_for()
    assert "Something is missing" in (shown.message.text_content() or "")
    assert shown.look() == before
    box.fill("z = w*x + b\ny = z^2")
    button(shown, "Run").click()
    shown.other_look(before)
    shown.wait_python("field.variables == ('b', 'w', 'x')")
    shown.message.wait_for(state="hidden")


def test_a_derivative_is_compared_with_other_ways(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = exp(x)', point=(1,), compare='x')")
    before = shown.focused_look()
    shown.drag("error", tuple(shown.python("scene['h'].tolist()")), (-2.0, -5.0))
    shown.wait_python("h > 0.005")
    shown.other_look(before)
    shown.root.get_by_placeholder("a formula of your own").fill("exp(x)")
    shown.page.keyboard.press("Enter")
    shown.root.get_by_text("your formula").wait_for()
    shown.root.get_by_placeholder("a formula of your own").fill("exp(q)")
    shown.page.keyboard.press("Enter")
    shown.message.get_by_text("has no value here").wait_for()


def test_it_is_readable_on_a_narrow_page(notebook: Notebook, explore: Opener) -> None:
    """Nothing has to be scrolled sideways; how it looks was looked at."""
    shown = explore("gw.TapeExplorer('z = w*x + b\\ny = tanh(z)\\nloss = (y - t)^2')")
    try:
        shown.page.set_viewport_size({"width": 360, "height": 1600})
        shown.wait_painted()
        width = shown.canvas.bounding_box()
        assert width
        assert width["width"] <= 360
        across = shown.root.evaluate("(root) => [root.scrollWidth, root.clientWidth]")
        assert across[0] <= across[1] + 1
    finally:
        shown.page.set_viewport_size({"width": 1200, "height": 1300})
