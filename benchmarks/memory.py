"""What one student costs in memory: a kernel with its explorers, and the servers before it.

Run as `python benchmarks/memory.py`. "Private" is what a process shares with no other: another
student costs that much more. So that it is told apart, two kernels of each kind run at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import nbformat
import psutil
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.host import LAB, VOILA, Host, of_cells, serve  # noqa: E402

NOTHING = "pass"
IMPORT = "import gradwidgets as gw"
EXPLORER = 'explorer = gw.GradientExplorer("x**2 + 10*y**2", point=(1, 2))\nexplorer'
AS_VOILA = "import os; os.environ['VOILA_KERNEL_ID'] = '1'"
TOUR = [
    cell.source
    for cell in nbformat.read(ROOT / "notebooks/00-tour.ipynb", as_version=4).cells
    if cell.cell_type == "code"
]
KERNELS = {
    "kernel": [NOTHING],
    "kernel, gradwidgets imported": [IMPORT],
    "kernel with one explorer": [IMPORT, EXPLORER],
    "kernel with the tour's four": TOUR,
    "Voilà's kernel with one explorer": [AS_VOILA, IMPORT, EXPLORER],
    "Voilà's kernel with the tour's": [AS_VOILA, *TOUR],
}
SERVERS = {"server of JupyterLab": LAB, "server of Voilà": VOILA}


def megabytes(process: int) -> tuple[float, float]:
    """What a process has in memory, and what of that is its own."""
    memory = psutil.Process(process).memory_full_info()
    return memory.rss / 2**20, memory.uss / 2**20


@contextmanager
def kernel(cells: list[str]) -> Iterator[int]:
    """The process of a kernel that has run these cells."""
    manager = KernelManager(kernel_name="python3")
    client = NotebookClient(of_cells(cells), km=manager)
    with client.setup_kernel():
        for place, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, place)
        yield manager.provisioner.pid


def of_kernel(cells: list[str]) -> tuple[float, float]:
    with ExitStack() as both:
        return [megabytes(both.enter_context(kernel(cells))) for _ in range(2)][-1]


def of_server(host: Host) -> tuple[float, float]:
    """A server that has answered one page; it has no kernel yet."""
    with serve(host) as server:
        path = "lab" if host is LAB else ""
        urlopen(server.url + path).read()
        return megabytes(
            next(
                process.pid
                for process in psutil.process_iter(["cmdline"])
                if str(server.folder / "notebooks") in " ".join(process.info["cmdline"] or ())
            )
        )


def report() -> None:
    print(f"{'MB':<34}{'resident':>10}{'private':>10}")
    for measure, table in ((of_kernel, KERNELS), (of_server, SERVERS)):
        for name, what in table.items():
            resident, private = measure(what)
            print(f"{name:<34}{resident:>10.0f}{private:>10.0f}", flush=True)


if __name__ == "__main__":
    report()
