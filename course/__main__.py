"""The one command: `python -m course [folder] [--lite]`, by default to `site`."""

import argparse
from pathlib import Path

from course.site import ROOT, build

parser = argparse.ArgumentParser(prog="python -m course", description="Build the course as a site.")
parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site", help="where to")
parser.add_argument("--lite", action="store_true", help="with JupyterLite: students type their own")
asked = parser.parse_args()
build(asked.folder.resolve(), lite=asked.lite)
print(f"{asked.folder} is ready: open {asked.folder / 'index.html'}")
