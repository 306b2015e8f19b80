"""The order of the tests: whole sessions first, so that both processes end together."""

SESSIONS = ("test_package", "test_notebooks", "browser")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(part in item.nodeid for part in SESSIONS))
