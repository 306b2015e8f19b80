"""Pictures' programs as data: all that a browser needs to replay them, and the same again."""

import json
import zlib

import numpy as np
import pytest

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.lesson import Lesson
from gradwidgets.calculus.program import OPERATIONS, Program
from gradwidgets.pictures.curvature import PARTS, curvature_picture
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.tape import tape_picture
from gradwidgets.pictures.terrain import coordinate

MAKERS = {
    1: {
        "derivative": lambda field: derivative_picture(field, difference="central"),
        "partials": partials_picture,
    },
    2: {
        "gradient and surface": lambda field: gradient_picture(field, view="both"),
        "partials": partials_picture,
        "curvature": lambda field: curvature_picture(field, show=PARTS, exact=True),
    },
    3: {"partials": partials_picture, "curvature": curvature_picture},
}
# one of each kind: flat, with wells, a valley, waves, a tip, the longest ones; of the others all
TWO = ("trough", "himmelblau", "rosenbrock", "rastrigin", "ackley", "beale", "peaks")
SHOWN = [
    (name, kind)
    for name, example in catalog.items()
    if name in TWO or len(example.variables) != 2
    for kind in MAKERS[len(example.variables)]
]
HEAVIEST = 14_000  # bytes of JSON, deflated as it travels


def moved(picture, seed):
    """Other values of all inputs, within their ranges."""
    inputs = (*picture.controls, *picture.ambient)
    shares = np.random.default_rng(seed).uniform(0.2, 0.8, len(inputs))
    return [
        control.at(control.low + share * (control.high - control.low))
        if control.scale == "linear"
        else control.start
        for control, share in zip(inputs, shares, strict=True)
    ]


@pytest.mark.parametrize(("name", "kind"), SHOWN)
def test_a_picture_s_program_comes_back_from_its_data(name, kind):
    check_again(MAKERS[len(catalog[name].variables)][kind](catalog[name].field))


@pytest.mark.parametrize("text", ["y = x*w + b", "z = max(x, w)*b\ny = where(z > x, exp(z), w)"])
def test_a_tape_s_program_comes_back_from_its_data(text):
    program, inputs = parse_lines(text), [coordinate(name, (-3, 3)) for name in "bwx"]
    lesson = Lesson(program, dict.fromkeys("bwx", "variable"), "y", ("w", "b"))
    check_again(tape_picture(lesson, {"b": 0.3, "w": 0.7, "x": 2.0}, inputs))


def check_again(picture):
    start = picture.inputs([control.start for control in picture.controls])
    program = picture.replayed.program(*start)
    data, numbers = program.as_data()
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    assert len(zlib.compress(text.encode())) < HEAVIEST
    assert {call[0] for call in data["calls"]} <= set(OPERATIONS)
    back = Program.from_data(json.loads(text), numbers)
    assert back == program
    for values in (start, moved(picture, 1)):
        for found, expected in zip(back(*values), program(*values), strict=True):
            assert np.asarray(found).tobytes() == np.asarray(expected).tobytes()
