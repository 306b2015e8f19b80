"""Where an explorer may stand in JupyterLab: in two outputs, in other widgets, in a saved file."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import nbformat
import pytest

from tests.browser.explorer import Opener, Shown
from tests.browser.host import Notebook

GRADIENT = "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2))"


def test_a_formula_typed_in_one_output_stands_in_the_other(explore: Opener) -> None:
    first = explore(GRADIENT, "display(e)\ndisplay(e)")
    second = first.other_output(1)
    second.wait_shown()
    before = first.look()
    second.type("x*y")
    first.wait_python("field.text == 'x*y'")
    first.other_look(before)
    first.wait_captions()
    second.wait_captions()
    assert first.formula.input_value() == "x*y"
    assert first.look() == second.look()


@pytest.mark.parametrize(
    "code",
    [
        "display(ipw.HBox([e]))",
        "display(ipw.Tab([ipw.HTML('first'), ipw.HBox([e])], titles=['one', 'two']))",
        "display(ipw.Accordion([ipw.HTML('first'), e], titles=['one', 'two']))",
    ],
    ids=["HBox", "Tab", "Accordion"],
)
def test_an_explorer_works_inside_of_other_widgets(explore: Opener, code: str) -> None:
    shown = explore(GRADIENT, code)
    before = shown.look()
    shown.drag("map", (1, 2), (-2, -1))
    shown.wait_python("point[0] < -1.9")
    shown.other_look(before)
    shown.wait_captions()


def test_an_error_in_the_users_function_is_told_below_the_last_good_picture(
    explore: Opener,
) -> None:
    shown = explore("gw.GradientExplorer(patchy, point=(-1, 1))")
    before = shown.look()
    shown.drag("map", (-1, 1), (2, 2))
    shown.wait("(root) => root.querySelector('.gw-note').textContent")
    assert shown.note == "ArithmeticError: nothing beyond 1"
    note, stage = (shown.root.locator(f".gw-{one}").bounding_box() for one in ("note", "stage"))
    assert note
    assert stage
    assert note["y"] >= stage["y"] + stage["height"] - 1
    assert shown.python("point") == [-1, 1]
    shown.wait_look(before)
    shown.drag("map", (-1, 1), (0, 0.5))
    shown.wait_python("point[0] > -0.1")
    shown.wait("(root) => !root.querySelector('.gw-note').textContent")


HIDDEN = """(id) => {
  const image = document.querySelector(`[data-gw-still="${id}"] img`);
  return image && image.naturalWidth > 900 && image.getClientRects().length === 0;
}"""


@pytest.fixture
def kept(notebook: Notebook) -> Iterator[None]:
    """The file keeps what is shown, as it does where nobody has chosen otherwise."""
    notebook.run("gw.options(saved='live')")
    yield
    notebook.run("gw.options(saved='nothing')")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "code", ["display(e)", "display(ipw.VBox([ipw.HBox([e])]))"], ids=["alone", "nested"]
)
def test_a_saved_notebook_holds_a_picture_that_the_live_view_hides(
    explore: Opener, code: str
) -> None:
    shown: Shown = explore(GRADIENT, code)
    shown.page.wait_for_function(HIDDEN, arg=shown.python("_still"))
    shown.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    folder, name = shown.notebook.server.folder, shown.notebook.name
    still, _, view = nbformat.read(folder / "notebooks" / name, as_version=4).cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in view.data
    (coded,) = re.findall(r"png;base64,([^\"]*)", still.data["text/html"])
    assert base64.b64decode(coded).startswith(b"\x89PNG")
