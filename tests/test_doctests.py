"""The examples in docstrings run, and give what they say."""

import doctest
from importlib import import_module
from pathlib import Path

import ipywidgets as ipw
import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "gradwidgets").rglob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(module):
    assert doctest.testmod(import_module(module)).failed == 0
    ipw.Widget.close_all()


def test_there_are_examples():
    found = [test for name in MODULES for test in doctest.DocTestFinder().find(import_module(name))]
    assert sum(bool(test.examples) for test in found) > 60
