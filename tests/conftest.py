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


class Scheduling(LoadFileScheduling):
    """A file stays in one process; all that show something in JupyterLab in the same one."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return "JupyterLab" if in_lab(self.config.rootpath / file) else file


@cache
def in_lab(file: Path) -> bool:
    return file.parent.name == "browser" and "browser.explorer import" in file.read_text("utf-8")


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)
