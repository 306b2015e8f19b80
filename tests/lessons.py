"""The lessons with the outputs that are committed: pictures and words, made anew and compared.

`python -m tests.lessons` runs all notebooks and brings their outputs up to date. What looks the
same stays as it is, so that a diff has nothing but what has changed.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from PIL import Image

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
LIVE = "application/vnd.jupyter.widget-view+json"
PICTURE, STILL = (
    "image/png",
    re.compile(r'class="[^"]*gw-still.* src="data:image/png;base64,([^"]*)"'),
)
BEFORE = "%reset -f\n__import__('gradwidgets').options(saved='picture')"  # no name of another's
NUMBER = re.compile(r"[-+−]?\d+(?:\.\d*)?(?:e[-+]?\d+)?")
BLOCK = 4  # pixels: letters may be set a little otherwise elsewhere
FAR, FEW = 48, 5  # so much of 255 is another colour; so many blocks of one may differ

Cell = nbformat.NotebookNode
Output = nbformat.NotebookNode


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@contextmanager
def kernel() -> Iterator[KernelManager]:
    """One for all notebooks: to start and to import takes longer than most of them."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)


def run(notebook: nbformat.NotebookNode, manager: KernelManager) -> None:
    """Let all cells have the outputs that they have when they run."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BEFORE))
    client = NotebookClient(notebook, timeout=120, km=manager, record_timing=False)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()
    del notebook.cells[0]


def code_cells(notebook: nbformat.NotebookNode) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def committed(outputs: Sequence[Output]) -> list[Output]:
    """Outputs as they are committed: plain pictures, which any host shows; no views, no counts."""
    kept = [one for one in outputs if LIVE not in one.get("data", {})]
    return [_plain(one) for one in kept]


def _plain(output: Output) -> Output:
    found = STILL.search(output.get("data", {}).get("text/html", ""))
    if found:
        data = {PICTURE: found[1], "text/plain": output.data["text/plain"]}
        return nbformat.v4.new_output("display_data", data=data)
    if output.output_type == "execute_result":
        output.execution_count = None
    return output


# ── what looks the same ──────────────────────────────────────────────────────────────────────────


def alike(some: Sequence[Output], others: Sequence[Output]) -> bool:
    """Whether outputs show and say the same."""
    return len(some) == len(others) and all(map(_same, some, others))


def _same(one: Output, other: Output) -> bool:
    if one.output_type != other.output_type or one.keys() != other.keys():
        return False
    said, also = one.get("data", one), other.get("data", other)
    pictures = said.get(PICTURE), also.get(PICTURE)
    if said.keys() != also.keys() or (pictures[0] and not look_alike(*map(_dots, pictures))):
        return False
    return all(
        same_words(said[kind], also[kind]) for kind in said if kind in ("text", "text/plain")
    )


def same_words(one: str, other: str) -> bool:
    """Texts whose numbers are the same to three digits, or small: rounding alone makes some."""
    numbers = [map(_number, NUMBER.findall(text)) for text in (one, other)]
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    return all(
        math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-3) for a, b in zip(*numbers, strict=True)
    )


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def _dots(picture: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")


def look_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether pictures differ by no more than how letters are set."""
    if one.size != other.size:
        return False
    coarse: list[Any] = [np.asarray(part.reduce(BLOCK), dtype=int) for part in (one, other)]
    off = np.abs(coarse[0] - coarse[1]).max(axis=-1)
    return int((off > FAR).sum()) <= FEW


def refresh(path: Path, manager: KernelManager) -> int:
    """Bring a notebook's outputs up to date; how many cells had others."""
    notebook, old = read(path), code_cells(read(path))
    run(notebook, manager)
    count = 0
    for cell, before in zip(code_cells(notebook), old, strict=True):
        cell.execution_count, now = None, committed(cell.outputs)
        cell.outputs = before.outputs if alike(before.outputs, now) else now
        count += cell.outputs is now
    notebook.metadata = read(path).metadata
    nbformat.write(notebook, path)
    return count


if __name__ == "__main__":
    with kernel() as manager:
        for path in NOTEBOOKS:
            print(f"{refresh(path, manager):3} cells of {path.name} look otherwise", flush=True)
