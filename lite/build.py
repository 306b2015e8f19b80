"""A site on which the lessons run in the reader's browser, Python included: JupyterLite.

Run as `python lite/build.py [folder]`, by default `build/lite`. Any web server can serve the
folder. Readers' browsers fetch Python, numpy and matplotlib from Pyodide's own server; all else,
gradwidgets too, is in the folder.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

# What gradwidgets and the kernel need and Pyodide does not bring, in the versions that are here.
PURE = (
    *("anywidget", "autograd", "comm", "ipywidgets", "jupyterlab-widgets"),
    *("latex2mathml", "psygnal"),
)
EXTENSIONS = (
    "anywidget",
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
)
FIRST_CELL = "%pip install -q gradwidgets"
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}


def write_wheels(folder: Path) -> None:
    """Ours, and the pure ones that it needs: a compiled one would not run in a browser."""
    pip = (sys.executable, "-m", "pip")
    run(*pip, "wheel", "-q", "--no-deps", "-w", folder, ROOT)
    pinned = [f"{name}=={metadata.version(name)}" for name in PURE]
    anywhere = ("--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none")
    run(*pip, "download", "-q", "--no-deps", *anywhere, "-d", folder, *pinned)


def write_notebooks(folder: Path) -> None:
    """The lessons, each with a first cell that fetches gradwidgets."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL, id="install"))
        notebook.metadata["kernelspec"] = KERNEL
        nbformat.write(notebook, folder / path.name)


def write_site(site: Path, wheels: Path, notebooks: Path, cache: Path) -> None:
    """The site, complete and checked against JupyterLite's own schemas."""
    folders = {"lite-dir": HERE, "output-dir": site, "contents": notebooks}
    options = [f"--{name}={folder}" for name, folder in folders.items()]
    extensions = Path(sys.prefix) / "share/jupyter/labextensions"
    federated = [f"--LiteBuildConfig.federated_extensions={extensions / e}" for e in EXTENSIONS]
    settings = [f"--LiteBuildConfig.cache_dir={cache}", f"--piplite-wheels={wheels}", *federated]
    for task in ("build", "check"):
        run(sys.executable, "-m", "jupyterlite_core", task, *options, *settings, cwd=cache)


def run(*command: object, cwd: Path = ROOT) -> None:
    """Run a command in a folder, where it may leave notes of its own."""
    subprocess.run([str(word) for word in command], cwd=cwd, check=True)


def build(site: Path) -> None:
    """Make the site anew from what is in the repository."""
    with TemporaryDirectory() as folder:
        parts = {name: Path(folder) / name for name in ("wheels", "notebooks", "cache")}
        for part in parts.values():
            part.mkdir()
        write_wheels(parts["wheels"])
        write_notebooks(parts["notebooks"])
        write_site(site, **parts)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/lite"
    build(target.resolve())
    print(f"{target} is ready: python -m http.server -d {target}")
