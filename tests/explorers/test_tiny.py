"""A new explorer takes its own picture and its own class, and nothing of what others share."""

import autograd.numpy as anp
import pytest
import traitlets

from gradwidgets.explorers import form
from gradwidgets.explorers.base import Explorer
from gradwidgets.pictures import terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label, Marker
from gradwidgets.pictures.numbers import caption, row
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from tests.explorers.face import Face

# ── a picture: the mean of f at the point and at a distance ──────────────────────────────────────

MARKS = (
    Marker(name="point", panel="line", moves=("x", None)),
    Marker(name="nearest", panel="line", sets=("x", None)),
    Label(name="said", panel="", texts=("The mean is {.2}.", "The mean is {.2}, to the {s}.")),
)


def mean_picture(field, side):
    def compute(x, gap):
        other = x + gap if side == "right" else x - gap
        mean = (field.function(x) + field.function(other)) / 2
        return {"point": row(x, 0.0), "nearest": row(anp.floor(x), 0.0), "said": caption(0, mean)}

    panel = Panel("line", field.domain["x"], (-1.0, 1.0))
    controls = (*terrain.controls(field), Control("gap", "gap", 0.1, 2.0, 0.1, 1.0))
    return Picture((panel,), Layer(), MARKS, controls, compute, field)


# ── its explorer ─────────────────────────────────────────────────────────────────────────────────


class MeanExplorer(Explorer):
    """The mean of a function at two places.

    >>> MeanExplorer("x**2").gap
    1.0
    """

    gap = traitlets.Float(1.0, min=0.1, max=2.0, help="how far away").tag(control=True)
    side = traitlets.Enum(("right", "left"), "right", help="on which side").tag(picture=True)

    preset = "wave"

    def _make_picture(self):
        return mean_picture(self.field, self.side)

    def _suits(self, example):
        return example.variables == ("x",)

    def _tools(self):
        return [[form.option(self, "side", "side")]]


@pytest.fixture
def face():
    return Face(MeanExplorer("x**2", point=1))


def test_it_opens_with_picture_form_and_program(face):
    assert face.captions == ["The mean is 2.50."]
    assert face.values == {"x": 1.0, "gap": 1.0}
    assert face.seen["_program"]
    assert face.item("side")["options"] == [["right", "right"], ["left", "left"]]
    assert "wave" in face.examples
    assert "gap: how far away; 0.1 to 2; 1.0 by default." in MeanExplorer.__doc__


def test_hands_reach_it(face, computed):
    computed.clear()
    face.drag(x=2, gap=0.5)
    assert (face.explorer.point, face.explorer.gap) == ((2.0,), 0.5)
    assert face.captions == ["The mean is 5.13."]
    face.drag(x=1.7)
    face.press("nearest")
    assert face.values["x"] == 1.0
    assert computed == []
    key = face.key
    face.set("side", "left")
    assert face.key == key + 1
    assert face.captions == ["The mean is 0.63."]
    assert face.agrees()


def test_it_is_validated_reset_coded_and_closed(face):
    face.tell(gap=99)
    assert face.explorer.gap == 1.0
    face.set("side", "left")
    assert face.explorer.code() == "gw.MeanExplorer('x**2', point=(1.0,), side='left')"
    face.reset()
    assert (face.text, face.explorer.side) == ("x**2", "right")
    face.type("sin(x)")
    assert face.explorer.field.text == "sin(x)"
    assert face.explorer.slider("gap").max == 2
    face.explorer.figure()
    face.explorer.close()
