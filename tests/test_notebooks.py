"""Every notebook of the course runs from top to bottom and shows live pictures."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

import gradwidgets as gw

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
LIVE = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_it_is_committed_without_outputs(notebook: nbformat.NotebookNode) -> None:
    assert outputs(notebook) == []


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelManager]:
    """One for all notebooks: to start and to import takes longer than most of them."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


def test_it_runs_and_shows_pictures(notebook: nbformat.NotebookNode, kernel: KernelManager) -> None:
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))  # no name of another's
    client = NotebookClient(notebook, timeout=120, km=kernel)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()
    live = [output.data for output in outputs(notebook) if LIVE in output.get("data", {})]
    stills = [
        output.data["text/html"]
        for output in outputs(notebook)
        if output.output_type == "display_data" and "gw-still" in output.data.get("text/html", "")
    ]
    assert len(live) >= 2
    assert len(stills) >= 2  # for a reader without a kernel
    assert all("data:image/png;base64," in still for still in stills)
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]


def test_its_links_lead_somewhere(notebook: nbformat.NotebookNode) -> None:
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if not target.startswith("http")]
    assert all((NOTEBOOKS[0].parent / target).exists() for target in local)


# ── what the text foretells is what the pictures show ────────────────────────────────────────────


def source(name: str) -> str:
    cells = nbformat.read(NOTEBOOKS[0].parent / name, as_version=4).cells
    return "\n".join(cell.source for cell in cells)


def ran(name: str) -> dict[str, Any]:
    """The names that a notebook's cells leave, run in order."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(NOTEBOOKS[0].parent / name, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, name, "exec"), names)
    return names


def test_running_all_of_the_tour_leaves_each_picture_its_own_function() -> None:
    names = ran("00-tour.ipynb")
    assert names["gradient"].field.text == "x**2 + 4*y**2"
    assert names["partials"].field.text == gw.catalog["peaks"].field.text
    assert f"# {'together = gw.link(gradient, partials)'}" in source("00-tour.ipynb")


def test_the_rounding_error_is_the_one_in_the_picture() -> None:
    text = source("01-derivative.ipynb")
    scene = gw.DerivativeExplorer("exp(x)", point=1, h=0.01, difference="central").scene
    assert scene.text("rounding label") == "rounding ε(|f| + |x f′|)/2h"
    assert "ε(|f| + |x f′|)" in text
    assert abs(scene["best step"][0] - scene["now"][0]) > 1  # so there is a way to drag


def test_what_is_to_be_switched_on_is_off() -> None:
    text = source("03-gradient.ipynb")
    assert "tick *direction alone*" in text
    assert "normalized=True" not in text
    assert "straight down" not in text.replace("almost straight down", "")


def test_a_corner_has_lost_its_tangent_as_the_text_says() -> None:
    assert "`abs(x) + y**2`" in source("02-partial-derivatives.ipynb")
    explorer = gw.PartialsExplorer("abs(x) + y**2", point=(0, 1))
    assert "∂f/∂x does not exist" in explorer.scene.captions[0]
    assert any("autograd's answer" in line for line in explorer.scene.captions)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_derivative_is_taken_with_respect_to_a_variable(path: Path) -> None:
    text = " ".join(source(path.name).split())
    for words in ("derivatives by", "derivative by", "ask by", "by *w*", "by *x*", " apart,"):
        assert words not in text


def test_a_page_of_one_s_own_goes_with_its_explorer() -> None:
    names = ran("04-search.ipynb")
    explorer, alpha, formula = names["explorer"], names["alpha"], names["formula"]
    alpha.value = 1 / 11
    assert explorer.rate == 0.0909
    formula.value = "x**2 +"
    assert explorer.field.text == "x**2 + 10*y**2"
    explorer.rate = 0.05
    assert alpha.value == pytest.approx(0.05)
    assert not explorer.controls


# ── the tour as a dashboard ──────────────────────────────────────────────────────────────────────

DASHBOARD = (NOTEBOOKS[0].parents[1] / "dashboard/voila.py").read_text("utf-8")
ONLY_IN_A_NOTEBOOK = ("Run All", "Shift + Enter", " cell", ".ipynb", "gw.", ".save(", "code")


def dashboard_cells() -> list[nbformat.NotebookNode]:
    (tag,) = re.findall(r"remove_cell_tags = \{\"(.*)\"\}", DASHBOARD)
    cells = nbformat.read(NOTEBOOKS[0].parent / "00-tour.ipynb", as_version=4).cells
    kept = [cell for cell in cells if tag not in cell.metadata.get("tags", ())]
    assert 0 < len(kept) < len(cells)
    return kept


@pytest.mark.parametrize("words", ONLY_IN_A_NOTEBOOK)
def test_the_dashboard_says_nothing_that_only_fits_a_notebook(words: str) -> None:
    told = [cell.source for cell in dashboard_cells() if cell.cell_type == "markdown"]
    assert words in source("00-tour.ipynb")
    assert not [text for text in told if words in text]


def test_the_dashboard_s_sections_are_numbered_and_so_are_the_notebook_s() -> None:
    shown = "\n".join(cell.source for cell in dashboard_cells())
    for text in (shown, source("00-tour.ipynb")):
        numbers = [int(number) for number in re.findall(r"^## (\d+) ·", text, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_dashboard_needs_no_cell_that_is_left_out() -> None:
    names: dict[str, Any] = {}
    for cell in dashboard_cells():
        if cell.cell_type == "code":
            exec(compile(cell.source, "dashboard", "exec"), names)
    assert {"gradient", "partials", "descent"} <= set(names)
