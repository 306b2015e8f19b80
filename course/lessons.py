"""Lessons: which there are, what their cells show when they are executed, and that as HTML."""

from __future__ import annotations

import asyncio
import re
from base64 import decodebytes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from course.markdown import as_html

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent / "notebooks"
LEFT_OUT = "notebook-only"  # cells with this tag make no sense without a kernel
SECONDS = 300  # for one cell
# What a lesson tells its reader to type or to choose, by the place of the explorer: nothing can be
# typed on a page, so a menu has it.
OFFERED: dict[str, dict[int, tuple[str, ...]]] = {
    "00-tour": {1: ("sin(x)*cos(y)",)},
    "01-derivative": {1: ("exp(x)", "ramp"), 4: ("x**3",)},
    "02-partial-derivatives": {1: ("x*y", "abs(x) + y**2", "x**2 - y**2")},
    "03-gradient": {1: ("saddle",)},
    "04-search": {10: ("himmelblau", "log(x**2 + y**2)")},
    "06-second-order": {
        1: ("peaks", "bowl"),
        4: ("x**4 + y**4", "x**3 + y**2", "x**2"),
    },
}
# The tour's last cell tells of each lesson in one sentence.
_TOLD = re.compile(r"^- \[.*?\]\((?P<name>.*?\.ipynb)\): (?P<sentence>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course."""

    path: Path
    title: str
    sentence: str

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"{self.path.stem}.html"

    @property
    def picture(self) -> str:
        """The place of its still picture."""
        return f"pictures/{self.path.stem}.png"


def all_lessons() -> list[Lesson]:
    """The course, in order."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    tour = "\n".join(cell.source for cell in _read(paths[0]).cells)
    told = {found["name"]: found["sentence"] for found in _TOLD.finditer(tour)}
    return [
        Lesson(path, _title(path), _capital(told.get(path.name) or _opening(path)))
        for path in paths
    ]


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _title(path: Path) -> str:
    title: str = _read(path).cells[0].source.splitlines()[0]
    return title.removeprefix("# ")


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _opening(path: Path) -> str:
    """What a lesson says first, after its title."""
    sources = [cell.source for cell in without_left_out(_read(path)).cells[1:]]
    return str(sources[0])


def without_left_out(notebook: NotebookNode) -> NotebookNode:
    """A notebook without the cells that need a kernel."""
    cells = [cell for cell in notebook.cells if LEFT_OUT not in cell.metadata.get("tags", ())]
    return NotebookNode({**notebook, "cells": cells})


def executed(path: Path) -> NotebookNode:
    """A lesson with its cells' outputs, in which explorers are as pages show them.

    Raises:
        CellExecutionError: a cell has failed.
        ValueError: a cell has complained.
    """
    notebook = without_left_out(_read(path))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(_first(path.stem), id="first"))
    around = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=SECONDS, resources=around)
    asyncio.run(client.async_execute())
    complaints = [out.text for cell in notebook.cells for out in outputs(cell) if _complains(out)]
    if complaints:
        raise ValueError(f"{path.name}: {' '.join(complaints)}")
    del notebook.cells[0]
    return notebook


def _first(name: str) -> str:
    """What runs before a lesson's own cells, and leaves no name to them."""
    module = f"__import__('runpy').run_path({str(HERE / 'alive.py')!r})"
    return f"{module}['Outputs']({OFFERED.get(name, {})}).follow(get_ipython())"


def outputs(cell: NotebookNode) -> list[NotebookNode]:
    """What a cell has shown."""
    return list(cell.get("outputs", ()))


def _complains(output: NotebookNode) -> bool:
    return bool(output.get("name") == "stderr")


def body(notebook: NotebookNode) -> str:
    """The cells of a notebook as HTML."""
    made, _ = _exporter().from_notebook_node(notebook)
    return str(made)


@cache
def _exporter() -> HTMLExporter:
    template = HERE / "templates/cells.html.j2"
    return HTMLExporter(template_file=str(template), filters={"markdown2html": as_html})


def picture(notebook: NotebookNode) -> bytes:
    """The first picture in a notebook's outputs, as a PNG; nothing where there is none."""
    shown = [out.get("data", {}) for cell in notebook.cells for out in outputs(cell)]
    first = next((data["image/png"] for data in shown if "image/png" in data), "")
    return decodebytes(first.encode())
