"""Every notebook of the course runs from top to bottom and shows live pictures."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

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


def test_it_runs_and_shows_pictures(notebook: nbformat.NotebookNode) -> None:
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [output for output in outputs(notebook) if LIVE in output.get("data", {})]
    assert len(shown) >= 2
    assert all("image/png" in output.data for output in shown)
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]


def test_its_links_lead_somewhere(notebook: nbformat.NotebookNode) -> None:
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if not target.startswith("http")]
    assert all((NOTEBOOKS[0].parent / target).exists() for target in local)
