"""What these tests share: counters of paintings, recomputations and messages; no widget left."""

import ipywidgets as ipw
import pytest
from hypothesis import settings

from gradwidgets.pictures.scene import Picture
from gradwidgets.rendering import paint
from gradwidgets.rendering.stage import RATIO, WIDTH, Stage

settings.register_profile("explorers", deadline=None, derandomize=True)
settings.load_profile("explorers")


@pytest.fixture(autouse=True)
def _every_widget_is_closed():
    yield
    ipw.Widget.close_all()


@pytest.fixture(autouse=True)
def paints(monkeypatch):
    """The scenes of all backgrounds; the painting itself is left out, tests/rendering proves it."""
    scenes = []

    def background(scene, width, ratio):
        scenes.append(scene)
        return b"\x89PNG %d" % len(scenes), paint.plan(scene.panels, width)

    def still(scene, background, layout):
        return paint.png(scene, layout.width, 1.0)

    monkeypatch.setattr(paint, "background", background)
    monkeypatch.setattr(paint, "still", still)
    monkeypatch.setattr(Stage, "_last_view", (WIDTH, RATIO))  # and left to no other test
    return scenes


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
