"""A figure as a cell's last line is seen once, in a real kernel, with pyplot and without."""

import base64
import io

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

BEGIN = (
    "import sys\n"
    "import gradwidgets as gw\n"
    "explorer = gw.PartialsExplorer('x*y')\n"
    "x = gw.constant(3.0, name='x')\n"
    "with gw.GradientTape() as tape:\n"
    "    tape.watch(x)\n"
    "    y = x*x\n"
    "tape.gradient(y, x)"
)
CELLS = {
    "explorer": "explorer.figure()",
    "tape": "tape.figure()",
    "pyplot": "assert 'matplotlib.pyplot' not in sys.modules\nimport matplotlib.pyplot as plt",
    "styled": "plt.style.use('dark_background')\nexplorer.figure()",
    "their own": "figure, axes = plt.subplots()",
    "as svg": "%config InlineBackend.figure_formats = ['svg']\nexplorer.figure()",
    "not last": "explorer.figure();",
}


@pytest.fixture(scope="module")
def shown():
    """The outputs of every cell of one session."""
    cells = [nbformat.v4.new_code_cell(source) for source in (BEGIN, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells[1:], strict=True)}


def corner(output):
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB")
    return picture.getpixel((1, 1))


@pytest.mark.parametrize("name", ["explorer", "tape", "styled"])
def test_a_picture_is_seen_once_and_is_white(shown, name):
    (output,) = shown[name]
    assert output.output_type in ("execute_result", "display_data")
    assert corner(output) == (255, 255, 255)


@pytest.mark.parametrize("name", ["explorer", "tape"])
def test_without_pyplot_it_has_its_own_size(shown, name):
    assert shown[name][0].metadata["image/png"] == {"width": 960}


def test_the_readers_own_plots_keep_the_readers_style(shown):
    (output,) = shown["their own"]
    assert corner(output) == (0, 0, 0)


def test_the_readers_format_holds(shown):
    (output,) = shown["as svg"]
    assert output.data["image/svg+xml"].startswith("<?xml")


def test_nothing_is_shown_that_nobody_asked_for(shown):
    assert shown["pyplot"] == shown["not last"] == []
