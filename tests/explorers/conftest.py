"""What these tests share: counters of pictures, recomputations and messages; no widget left."""

import ipywidgets as ipw
import pytest
from hypothesis import settings

from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering.stage import Stage

settings.register_profile("explorers", deadline=None, derandomize=True)
settings.load_profile("explorers")


@pytest.fixture(autouse=True)
def _every_widget_is_closed():
    yield
    ipw.Widget.close_all()


@pytest.fixture
def presented(monkeypatch):
    """The pictures that were told to the browser, but for those of numbers alone."""
    pictures, present = [], Stage._present

    def counting(stage, picture, *more):
        pictures.append(picture)
        return present(stage, picture, *more)

    monkeypatch.setattr(Stage, "_present", counting)
    return pictures


@pytest.fixture
def computed(monkeypatch):
    """The control values of all recomputations."""
    settings, scene = [], Picture.scene

    def counting(picture, values, *around):
        settings.append(tuple(values))
        return scene(picture, values, *around)

    monkeypatch.setattr(Picture, "scene", counting)
    return settings


@pytest.fixture
def sent(monkeypatch):
    """All state that goes to the page: (widget, names)."""
    messages, send = [], ipw.Widget._send

    def listening(widget, message, buffers=None):
        if message["method"] == "update":
            binary = {path[0] for path in message["buffer_paths"]}
            messages.append((widget, binary | set(message["state"])))
        return send(widget, message, buffers)

    monkeypatch.setattr(ipw.Widget, "_send", listening)
    return messages
