"""A task on a picture: the verdict of the last check, and what the next one would find."""

import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tasks import Asked, drawn
from gradwidgets.pictures.descent import Settings, descent_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.task import CHECK, SHAPE, VERDICT, known_name, watched_by, with_task

SQUARE = {"x": (-3, 3), "y": (-3, 3)}
BOWL = ScalarField("x**2 + y**2", SQUARE)
ASKED = Asked("Put the point.", "gradient", "flat one way", (0.0, 1.0))


def scene(asked, field=BOWL, at=(), known=()):
    """The picture with the point there, and with what is known of checks."""
    picture = with_task(gradient_picture(field), asked)
    values = {control.name: control.start for control in picture.controls}
    values |= dict(zip(field.variables, at, strict=False))
    values |= {known_name(name): value for name, value in known}
    return picture.scene(tuple(values.values()))


def known_of(row, at=("x", "y")):
    return list(zip(("tries", "done", "found", *at), map(float, row), strict=True))


def test_nothing_is_told_before_the_first_check():
    told = scene(ASKED, at=(0, 1))
    assert told.captions[0] == "Not checked yet."
    assert told.captions[1].startswith("At (0.00, 1.00): f = 1.00")
    assert told[CHECK].tolist() == [1, 1, 2, 0, 1]


def test_a_check_tells_what_it_found_until_something_moves():
    before = scene(ASKED, at=(1, 1))
    assert before[CHECK].tolist() == [1, 0, 1, 1, 1]
    checked = known_of(before[CHECK])
    found = scene(ASKED, at=(1, 1), known=checked)
    assert found.captions[0] == "Check 1: not yet. ∂f/∂x is 2.00 there, and should be 0."
    moved = scene(ASKED, at=(0, 1), known=checked)
    assert moved.captions[0] == "Changed since check 1: press Check again."
    again = scene(ASKED, at=(0, 1), known=known_of(moved[CHECK]))
    assert again.captions[0].startswith("Check 2: yes.")


def test_what_is_done_stays_done():
    done = known_of(scene(ASKED, at=(0, 1))[CHECK])
    other = scene(ASKED, at=(1, 1), known=done)
    assert other[CHECK].tolist() == [2, 1, 1, 1, 1]


def test_the_headline_of_before_is_not_folded_away():
    marks = with_task(gradient_picture(BOWL), ASKED).marks
    assert next(mark.name for mark in marks if getattr(mark, "urgent", False)) == "spoken"
    assert next(mark for mark in marks if getattr(mark, "panel", None) == "").name == VERDICT


def test_a_typed_function_is_judged_wherever_the_point_is():
    asked, begun = drawn("direction", 1)
    for at in ((0, 0), (1, 2)):
        told = scene(asked, begun, at)
        assert told[CHECK].tolist() == [1, 0, 1]
        assert told[SHAPE].ravel().tolist() == list(asked.numbers[:2])


def test_a_curve_that_a_task_names_is_closed():
    asked, begun = drawn("level curve", 1)
    shape = scene(asked, begun)[SHAPE]
    assert shape[0].tolist() == shape[-1].tolist()
    assert np.hypot(*shape.T) == pytest.approx(asked.numbers[0])


def test_what_a_teacher_s_own_condition_said_is_told():
    asked = Asked("Anything.", "gradient", condition=lambda at: True)
    for found, said in ((1, "Check 3: not yet."), (2, "Check 3: yes.")):
        known = known_of((3, 0, found, 1, 1))
        assert scene(asked, at=(1, 1), known=known).captions[0] == said
        assert scene(asked, at=(1, 2), known=known).captions[0].startswith("Changed since check 3")


def test_the_answer_to_a_run_is_start_and_rate():
    asked, begun = drawn("zig-zag", 1)
    picture = with_task(descent_picture(begun, Settings()), asked)
    assert [control.name for control in watched_by(picture, asked)] == ["x", "y", "rate"]
    values = {control.name: control.start for control in picture.controls}
    values |= {"x": 1.5, "y": 0.5}
    held = {
        rate: picture.scene(tuple((values | {"rate": rate}).values()))[CHECK].tolist()
        for rate in (0.04, 0.09)
    }
    assert held == {0.04: [1, 0, 1, 1.5, 0.5, 0.04], 0.09: [1, 1, 2, 1.5, 0.5, 0.09]}


def test_no_control_of_a_task_has_a_label_and_so_a_slider():
    picture = with_task(gradient_picture(BOWL), ASKED)
    assert [c.name for c in picture.controls if not c.label] == [
        known_name(name) for name in ("tries", "done", "found", "x", "y")
    ]
