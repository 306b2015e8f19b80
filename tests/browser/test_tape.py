"""The tape in JupyterLab: roles, calls, the two passes, the program typed by hand."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.explorer import Opener, Shown, button


def result(shown: Shown) -> Locator:
    return shown.root.locator(".gw-call").last


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
    roles = shown.root.get_by_role("radiogroup", name="w is")
    roles.get_by_role("radio", name="watched").check()
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
    shown.notebook.run("from gradwidgets.explorers.tape import lesson_drawing")
    place = "lesson_drawing(e.lesson, e.values).place"
    # The product is where the rule is applied, and it leads towards w.
    halo = shown.python("scene['backward halo'].ravel().tolist()")
    assert halo == shown.notebook.python(f"{place}(2)")
    edge = shown.python("scene['backward flow'][0].tolist()")
    assert edge == shown.notebook.python(f"{place}(1)")


def test_forward_fills_in_and_play_goes_to_the_end(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = x*x + x', point=(3,))")
    button(shown, "forward").click()
    shown.wait_python("step == 1")
    shown.wait_captions()
    assert shown.captions[0] == "Forward 1 of 2: x × x = 3.00 × 3.00 = 9.00."
    button(shown, "Play").click()
    shown.wait_python("step == -1")
    shown.wait_captions()
    assert shown.captions[0] == "∂y/∂x = 7.00."


def test_a_program_is_typed_and_a_mistake_is_explained(explore: Opener) -> None:
    shown = explore("gw.TapeExplorer('y = x*w')")
    box = shown.root.get_by_role("textbox", name="program")
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
    before = shown.look()
    shown.drag("error", shown.stands("h"), (-2.0, -5.0))
    shown.wait_python("h > 0.005")
    shown.other_look(before)
    shown.root.get_by_placeholder("a formula of your own").fill("exp(x)")
    shown.page.keyboard.press("Enter")
    shown.root.get_by_text("your formula").wait_for()
    shown.root.get_by_placeholder("a formula of your own").fill("exp(q)")
    shown.page.keyboard.press("Enter")
    shown.message.get_by_text("has no value here").wait_for()
