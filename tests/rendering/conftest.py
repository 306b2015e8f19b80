"""What these tests share: hypothesis without a stopwatch, and no widget left behind."""

import ipywidgets as ipw
import pytest
from hypothesis import settings

settings.register_profile("rendering", deadline=None, derandomize=True)
settings.load_profile("rendering")


@pytest.fixture(autouse=True)
def _every_widget_is_closed():
    yield
    ipw.Widget.close_all()
