"""A slider of exponents and its box in JupyterLab: what one says the other shows, once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import FAILED, show
from tests.browser.explorer import FIRST_CELL, IDLE, LISTEN
from tests.browser.host import Notebook, Server, open_notebook

CODE = """
from IPython.display import display
from gradwidgets.explorers import controls
from gradwidgets.pictures.scene import Control

control, heard = Control("rate", "rate", 1e-4, 0.95, 0.01, 0.1, "log"), []

def moved(name, value):
    heard.append(value)
    controls.follow(made, control, value)

made = controls.slider(control, moved)
display(made)
"""


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Server) -> Iterator[Notebook]:
    notebook = open_notebook(browser, lab, ["pass"])
    yield notebook
    notebook.close()


@pytest.fixture
def notebook(
    opened: Notebook, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Notebook]:
    """A notebook that shows a new pair, and has heard of its messages since."""
    opened.page.evaluate(FIRST_CELL, CODE)
    opened.run_all_cells()
    box(opened).wait_for()
    opened.page.wait_for_function(IDLE)
    opened.page.evaluate(LISTEN)
    yield opened
    if request.node.stash[FAILED]:
        show(opened, tmp_path)
    assert opened.errors == []


def box(notebook: Notebook) -> Locator:
    return notebook.page.locator(".jp-OutputArea input[type=number]")


def handle(notebook: Notebook) -> Locator:
    return notebook.page.locator(".jp-OutputArea .noUi-handle")


def wait_box(notebook: Notebook, value: float) -> None:
    notebook.page.wait_for_function(
        "([box, value]) => Number(box.value) === value",
        arg=[box(notebook).element_handle(), value],
    )


def exponent(notebook: Notebook) -> float:
    """Where the slider's handle stands."""
    return float(handle(notebook).get_attribute("aria-valuetext") or "nan")


def sent(notebook: Notebook) -> int:
    """How many messages of widgets the page has sent."""
    notebook.page.wait_for_function(IDLE)
    traffic = notebook.page.evaluate("() => window.traffic")
    return len([kind for way, kind, _ in traffic if (way, kind) == ("up", "comm_msg")])


def test_showing_a_pair_changes_nothing(notebook: Notebook) -> None:
    assert notebook.python("[made.box.value, made.slider.value, heard]") == [
        0.1, pytest.approx(0.1), []
    ]  # fmt: skip


@pytest.mark.parametrize("value", [0.0123, 0.6667, 0.5, 0.00037, 0.95, 1e-4])
def test_a_value_set_in_python_does_not_come_back_changed(notebook: Notebook, value: float) -> None:
    notebook.run(f"controls.follow(made, control, {value!r})")
    wait_box(notebook, value)
    assert exponent(notebook) == pytest.approx(math.log10(value), abs=0.0051)
    for _ in range(2):  # whatever the page had to say came before the question
        assert notebook.python("[made.box.value, heard]") == [value, []]
    assert sent(notebook) == 0


def test_a_move_of_the_slider_is_sent_once_and_the_box_follows(notebook: Notebook) -> None:
    place = handle(notebook).bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    notebook.page.mouse.move(x, y)
    notebook.page.mouse.down()
    values = []
    for step, across in enumerate((-20, -40, 15), 1):
        notebook.page.mouse.move(x + across, y)
        notebook.wait_python(f"len(heard) == {step}")
        values = notebook.python("heard")
        wait_box(notebook, values[-1])
        assert values[-1] == float(f"{values[-1]:.3g}")
        assert exponent(notebook) == pytest.approx(math.log10(values[-1]), abs=0.0051)
        assert sent(notebook) == step
    notebook.page.mouse.up()
    assert values[1] < values[0] < 0.1 < values[2]
    assert notebook.python("heard") == values
    assert sent(notebook) == 3


def test_keys_move_the_slider_by_its_step(notebook: Notebook) -> None:
    handle(notebook).focus()
    for count in (1, 2, 3):  # while Python is busy, the page would leave some out
        notebook.page.keyboard.press("ArrowRight")
        notebook.wait_python(f"len(heard) == {count}")
    assert notebook.python("heard") == [0.102, 0.105, 0.107]
    wait_box(notebook, 0.107)
    assert sent(notebook) == 3


def test_a_typed_number_moves_the_slider_and_stays_as_it_is(notebook: Notebook) -> None:
    box(notebook).fill("0.012345")
    box(notebook).press("Enter")
    notebook.wait_python("heard")
    assert notebook.python("[made.box.value, heard]") == [0.012345, [0.012345]]
    assert exponent(notebook) == pytest.approx(math.log10(0.012345), abs=0.0051)
    assert box(notebook).input_value() == "0.012345"


def test_no_number_is_cut(notebook: Notebook) -> None:
    for value in (6 * 1e-4, 1.2345678e-4, 2 / 3, 0.3123456):
        notebook.run(f"controls.follow(made, control, {value!r})")
        notebook.page.wait_for_function(
            "([box, value]) => Math.abs(Number(box.value) / value - 1) < 1e-3",
            arg=[box(notebook).element_handle(), value],
        )
        assert box(notebook).evaluate(ROOM) > 0


# Pixels that are left in a box beside its text, with the arrows that appear in it.
ROOM = """box => {
  const style = getComputedStyle(box), pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const inside = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return inside - pen.measureText(box.value).width - 16;
}"""


@pytest.mark.parametrize(
    ("typed", "value", "heard"),
    [("0", 0.1, []), ("-3", 0.1, []), ("7", 0.95, [0.95]), ("1e-9", 1e-4, [1e-4])],
)
def test_a_number_that_can_not_be_is_replaced(
    notebook: Notebook, typed: str, value: float, heard: list[float]
) -> None:
    box(notebook).fill(typed)
    box(notebook).press("Enter")
    wait_box(notebook, value)
    assert notebook.python("[made.box.value, heard]") == [value, heard]
    assert exponent(notebook) == pytest.approx(math.log10(value), abs=0.0051)
