"""The error curve of the central difference, held against plain differences."""

import numpy as np
import pytest

from gradwidgets.calculus.agreement import along
from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.lesson import Lesson
from gradwidgets.pictures.agreement import EXPONENTS, STEP
from gradwidgets.pictures.tape import lesson_drawing, tape_picture
from gradwidgets.pictures.terrain import coordinate


def picture_of(text, values, inner=""):
    program = parse_lines(text)
    roles = dict.fromkeys(program.inputs, "watched")
    lesson = Lesson(program, roles, program.names[-1], program.inputs, inner=inner)
    inputs = [coordinate(name, (-3, 3)) for name in values]
    return tape_picture(lesson, values, inputs, "x"), lesson


def test_facts_about_exp_at_one():
    picture, lesson = picture_of("y = exp(x)", {"x": 1.0})
    end = lesson_drawing(lesson, {"x": 1.0}).end
    for h, error, within in ((0.1, 4.5e-3, 0.02), (6e-6, 1.5e-11, 1.5), (1e-12, 2.1e-4, 0.5)):
        scene = picture.scene((1.0, end, h))
        assert scene["h"][0] == pytest.approx(np.log10(h))
        assert 10 ** scene["h"][1] == pytest.approx(error, rel=within)
        assert scene["error told"][-1] == pytest.approx(error, rel=within)


def test_the_curve_is_that_of_plain_central_differences():
    picture, _ = picture_of("a = x*x\ny = sin(a)*w", {"w": 2.0, "x": 0.8})
    scene = picture.scene((2.0, 0.8, 0, 1e-5))
    for place, exponent in list(enumerate(EXPONENTS))[::8]:
        h = 10.0**exponent
        up, down = (np.sin((0.8 + s * h) ** 2) * 2 for s in (1, -1))
        error = abs((up - down) / (2 * h) - 2 * np.cos(0.64) * 1.6)
        shown = 10 ** scene["error"][place]
        if h > 1e-3:
            assert shown == pytest.approx(error, rel=1e-3)
        else:  # rounding depends on the order of operations: its size counts
            assert shown < 4e-15 / h + 10 * h * h
    assert picture.replayed.why == ""


@pytest.mark.parametrize("inner", ["", "x"])
def test_its_slope_is_two_where_the_step_is_large(inner):
    picture, _ = picture_of("y = exp(x)*w", {"w": 1.0, "x": 0.8}, inner)
    errors = picture.scene((1.0, 0.8, 0, 1e-5))["error"]
    slope = (errors[-1] - errors[-17]) / (EXPONENTS[-1] - EXPONENTS[-17])
    assert slope == pytest.approx(2, abs=0.01)


def test_h_is_a_control_on_a_logarithmic_scale():
    picture, lesson = picture_of("y = x*w", {"w": 1.0, "x": 2.0})
    assert picture.controls[-1] == STEP
    assert along(lesson, "x").axis == 1
