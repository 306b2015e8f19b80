"""What axe-core, which comes from npm for tests alone, finds wrong for readers of screens."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "node_modules/axe-core/axe.min.js"
FOUND = """async ([selector, options]) => (await axe.run(selector, options)).violations
  .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))"""
INSTALL = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock")


@cache
def axe() -> str:
    """The script, which package.json names; node and npm come with the test extra."""
    if not SCRIPT.exists():
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        subprocess.run(INSTALL, cwd=ROOT, check=True, env={**os.environ, "PATH": path})
    return SCRIPT.read_text("utf-8")


def violations(page: Page, selector: str, *, preload: bool = True) -> list[dict[str, Any]]:
    """The rules that what is selected breaks, and where.

    `preload`: whether style sheets are asked for again, which a page from a disk may not.
    """
    page.evaluate(axe())  # by the inspector, which a page's policy does not bind
    # Of what is right nothing is told: that took longer than to look.
    asked = [selector, {"preload": preload, "resultTypes": ["violations"]}]
    found: list[dict[str, Any]] = page.evaluate(FOUND, asked)
    return found
