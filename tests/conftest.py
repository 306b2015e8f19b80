"""The order of the tests: whole sessions first, so that both processes end together."""

import gc
import sys
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

# What jsonschema, and so nbformat, would load to look at links: two seconds, and no test does that.
sys.modules["rfc3987_syntax"] = None

SESSIONS = ("test_package", "test_notebooks", "browser")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(part in item.nodeid for part in SESSIONS))


def pytest_collection_finish():
    """What stands now stays to the end: the collector need not look through it again and again."""
    gc.freeze()


# Files that share what is costly: a JupyterLab with its kernel, and what saved pages carry.
TOGETHER = {"JupyterLab": "tests.browser.explorer import", "pages": "tests.browser.paged import"}


class Scheduling(LoadFileScheduling):
    """A file stays in one process; all that share something in the same one."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return shared(self.config.rootpath / file) or file


@cache
def shared(file: Path) -> str:
    text = file.read_text("utf-8") if file.parent.name == "browser" else ""
    return next((name for name, taken in TOGETHER.items() if taken in text), "")


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)
