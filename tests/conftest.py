"""The order of the tests: whole sessions first, so that both processes end together."""

import gc

SESSIONS = ("test_package", "test_notebooks", "browser")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(part in item.nodeid for part in SESSIONS))


def pytest_collection_finish():
    """What stands now stays to the end: the collector need not look through it again and again."""
    gc.freeze()
