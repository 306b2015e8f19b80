"""Every notebook of the course runs from top to bottom, and its pictures are those committed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from PIL import Image, ImageDraw

import gradwidgets as gw
from tests.lessons import (
    LIVE,
    NOTEBOOKS,
    PICTURE,
    alike,
    code_cells,
    committed,
    kernel,
    look_alike,
    read,
    run,
    same_words,
)

MOST = 2_100_000  # bytes of all notebooks


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return read(request.param)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_what_is_committed_is_pictures_and_words(notebook: nbformat.NotebookNode) -> None:
    assert [cell.execution_count for cell in code_cells(notebook)] == [None] * len(
        code_cells(notebook)
    )
    for output in outputs(notebook):
        assert output.get("execution_count") is None
        assert output.output_type in ("display_data", "execute_result", "stream")
        assert set(output.get("data", {})) <= {PICTURE, "text/plain"}
    pictures = [output for output in outputs(notebook) if PICTURE in output.get("data", {})]
    assert len(pictures) >= 2


def test_they_are_not_large() -> None:
    assert sum(path.stat().st_size for path in NOTEBOOKS) < MOST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_written_as_jupyter_writes_it(path: Path) -> None:
    assert nbformat.writes(read(path)).rstrip() == path.read_text("utf-8").rstrip()


@pytest.fixture(scope="module")
def running() -> Iterator[KernelManager]:
    with kernel() as manager:
        yield manager


def test_it_runs_and_shows_what_is_committed(
    notebook: nbformat.NotebookNode, running: KernelManager
) -> None:
    before = [cell.outputs for cell in code_cells(notebook)]
    run(notebook, running)
    now = outputs(notebook)
    assert len([output for output in now if LIVE in output.get("data", {})]) >= 2
    assert not [output for output in now if output.get("name") == "stderr"]
    for cell, old in zip(code_cells(notebook), before, strict=True):
        told = f"python -m tests.lessons brings this cell up to date:\n{cell.source}"
        assert alike(old, committed(cell.outputs)), told


def drawn(x: int) -> Image.Image:
    made = Image.new("RGB", (960, 600), "white")
    ImageDraw.Draw(made).ellipse((x, 100, x + 14, 114), fill="orange")
    return made


def test_a_dot_that_has_moved_is_another_picture_and_the_edge_of_one_is_not() -> None:
    assert look_alike(drawn(100), drawn(100))
    assert look_alike(drawn(100), drawn(101))
    assert not look_alike(drawn(100), drawn(115))
    assert not look_alike(drawn(100), drawn(100).crop((0, 0, 960, 500)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("f = 41.0", "f = 41.0", True),
        ("f = 41.0", "f = 41.2", False),
        ("f = −41.0", "f = 41.0", False),
        ("error 2.1e-11", "error 1.7e-12", True),
        ("f = 41.0", "g = 41.0", False),
    ],
)
def test_words_are_the_same_with_the_same_numbers(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) == same


def test_its_links_lead_somewhere(notebook: nbformat.NotebookNode) -> None:
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if not target.startswith("http")]
    assert all((NOTEBOOKS[0].parent / target).exists() for target in local)


# ── what the text foretells is what the pictures show ────────────────────────────────────────────


def source(name: str) -> str:
    cells = read(NOTEBOOKS[0].parent / name).cells
    return "\n".join(cell.source for cell in cells)


def ran(name: str) -> dict[str, Any]:
    """The names that a notebook's cells leave, run in order."""
    names: dict[str, Any] = {}
    for cell in read(NOTEBOOKS[0].parent / name).cells:
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


ANSWERS = {
    "my_residuals": [-1, -3, -3, -3],
    "my_loss": 7,
    "my_shares": [-0.5, -3, -4.5, -6],
    "my_next_w": 1.7,
    "my_shares_b": [1.2, -0.1, -0.4, -0.7],
    "my_shares_w": [1.2, -0.2, -1.2, -2.8],
    "my_p": 0.88,
    "my_losses": [0.13, 2.13],
    "my_slopes": [-0.12, 0.88],
}


def test_answers_on_paper_are_called_right_and_zeros_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = ("cell-01", "weight-", "line-", "logistic-")
    cells = [
        c for c in code_cells(read(NOTEBOOKS[0].parent / "07-fit.ipynb")) if "view" not in c.id
    ]
    sources = [cell.source for cell in cells if cell.id.startswith(parts)]
    for given, told in ((None, "not yet"), (ANSWERS, "right")):
        names: dict[str, Any] = {}
        for text in sources:
            exec(compile(text, "07-fit", "exec"), names)
            if "my_" in text and "check(" not in text:
                names.update(given or {})
        verdicts = re.findall("right|not yet", capsys.readouterr().out)
        assert verdicts == [told] * len(ANSWERS)


def test_what_the_lesson_on_data_foretells() -> None:
    air, flights = gw.datasets["co2"], gw.datasets["o-rings"]
    explorer = gw.FitExplorer(air["year"], air["co2"], point=(340, 0), squares=False)
    assert explorer.run.values[-1] > 0.99 * explorer.run.values[0]
    explorer.standardise = True
    assert explorer.run.values[1] == pytest.approx(explorer.run.values[-1])
    assert any("κ = 1.00" in line for line in explorer.scene.captions)
    explorer.close()
    cold = flights["temperature"] < 65
    damage = flights["damage"]
    assert (damage[cold].sum(), cold.sum(), damage[~cold].sum(), (~cold).sum()) == (4, 4, 3, 19)


# ── the tour as a dashboard ──────────────────────────────────────────────────────────────────────

DASHBOARD = (NOTEBOOKS[0].parents[1] / "dashboard/voila.py").read_text("utf-8")
ONLY_IN_A_NOTEBOOK = ("Run All", "Shift + Enter", " cell", ".ipynb", "gw.", ".save(", "code")


def dashboard_cells() -> list[nbformat.NotebookNode]:
    (tag,) = re.findall(r"remove_cell_tags = \{\"(.*)\"\}", DASHBOARD)
    cells = read(NOTEBOOKS[0].parent / "00-tour.ipynb").cells
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
