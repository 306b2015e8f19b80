"""The browser's loops are those of the table of operations."""

import re

import pytest

from gradwidgets.calculus.program import HELPERS, OPERATIONS
from gradwidgets.rendering import loops

FRONT = loops.PATH.parent


def test_the_module_is_what_the_table_gives():
    assert loops.PATH.read_text("utf-8") == loops.source(), "python -m gradwidgets.rendering.loops"


@pytest.mark.parametrize("name", HELPERS)
def test_each_helper_is_used(name):
    spelled = " ".join(row.javascript for row in OPERATIONS.values())
    assert re.search(rf"(?<![\w.]){name}\(", spelled)


def test_every_row_is_known():
    text = loops.source() + (FRONT / "kernels.js").read_text("utf-8")
    for name in OPERATIONS:
        assert re.search(rf"^  {name}: ", text, re.MULTILINE) or name in {"reshape"}


@pytest.mark.parametrize("path", sorted(FRONT.glob("*.js")), ids=lambda path: path.name)
def test_nothing_becomes_code_while_it_runs(path):
    assert not re.search(r"\beval\b|\bFunction\b|\bimport\(\"[^.]", path.read_text("utf-8"))
