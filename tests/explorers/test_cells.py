"""After a cell: explorers of callables see what has changed around these."""

import types

import autograd.numpy as anp
import pytest

from gradwidgets import GradientExplorer, PartialsExplorer
from gradwidgets.explorers import cells
from tests.explorers.face import Face

slope = 1.0


def sloping(x, y):
    return slope * x + anp.sin(y)


@pytest.fixture(autouse=True)
def _as_before():
    yield
    globals()["slope"] = 1.0


@pytest.mark.parametrize("kind", [GradientExplorer, PartialsExplorer])
def test_a_changed_global_brings_another_program_without_a_drag(kind, presented):
    face = Face(kind(sloping, point=(1, 0)))
    key, program = face.key, face.seen["_program"]
    globals()["slope"] = 2.0
    assert face.key == key
    cells.look_again()
    assert face.key == key + 1
    assert face.seen["_program"] != program
    assert "f = 2.00" in face.captions[0]
    assert len(presented) == 2
    assert face.agrees()


def test_what_does_not_change_says_nothing():
    faces = [Face(GradientExplorer(sloping)), Face(GradientExplorer("x*y"))]
    cells.look_again()
    assert [face.messages for face in faces] == [[], []]


def test_an_error_after_a_cell_is_told_and_the_last_picture_stays():
    face = Face(GradientExplorer(sloping, point=(1, 0)))
    key, captions = face.key, face.captions
    globals()["slope"] = None
    cells.look_again()
    assert "TypeError" in face.note
    assert (face.key, face.captions) == (key, captions)
    assert face.agrees()
    globals()["slope"] = 3.0
    cells.look_again()
    assert face.note == ""
    assert "f = 3.00" in face.captions[0]


def test_the_scene_of_a_broken_callable_is_the_last_good_one():
    face = Face(GradientExplorer(sloping, point=(1, 0)))
    face.drag(x=2)
    globals()["slope"] = None
    cells.look_again()
    assert face.explorer.scene["point"].tolist() == [2, 0]
    assert face.explorer.scene.captions == face.captions
    assert "f = 2.00" in face.captions[0]
    face.drag(x=0.5)
    assert face.explorer.scene["point"].tolist() == [2, 0]
    assert face.agrees()


def test_without_a_program_the_scene_is_the_last_one_sent():
    face = Face(GradientExplorer(lambda x, y: sloping(x, y) if x > -9 else y, point=(1, 0)))
    face.drag(x=2)
    globals()["slope"] = None
    cells.look_again()
    assert face.explorer.scene.captions == face.captions
    assert "f = 2.00" in face.captions[0]


def test_the_error_of_one_leaves_the_others_alone():
    first, second = Face(GradientExplorer(sloping)), Face(GradientExplorer("x*y"))
    third = Face(GradientExplorer(lambda x, y: x * y))
    globals()["slope"] = "steep"
    cells.look_again()
    assert first.note
    assert (second.note, third.note) == ("", "")


def test_a_closed_explorer_does_not_look():
    explorer = GradientExplorer(sloping)
    explorer.close()
    globals()["slope"] = 2.0
    cells.look_again()
    assert explorer.note == ""


def test_a_shell_is_listened_to_once(monkeypatch):
    heard = []
    events = types.SimpleNamespace(register=lambda name, call: heard.append((name, call)))
    shell = types.SimpleNamespace(events=events)
    monkeypatch.setattr(cells, "_shell", lambda: shell)
    monkeypatch.setattr(cells, "_listening", [])
    GradientExplorer("x*y"), GradientExplorer("x + y")
    assert heard == [("post_run_cell", cells.look_again)]
