"""A descent's picture is one program: it tells the same as from the run that Python made."""

import json
from itertools import product

import numpy as np
import pytest

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import OPERATIONS, Program
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.pictures.descent import Settings, descent_picture
from gradwidgets.pictures.marks import Label, label_text

STEPS = 60
FUNCTIONS = {
    "bowl": ("x**2 + 10*y**2", (2, 1)),
    "ravine": ("(1 - x)**2 + 100*(y - x**2)**2", (-1, 1)),
    "saddle": ("x**2 - y**2", (1.2, 0.01)),
    "corner": ("abs(x) + abs(y)", (2, 1)),
    "curve": ("x**4 - x**2 + x/4", (1.5,)),
    "holes": ("log(x) + y**2", (1, 1)),
}
KINDS = list(schedules)


def settings_of(function, method):
    """Another schedule, noise and form of the loss for each."""
    place = list(FUNCTIONS).index(function) + list(methods).index(method)
    noise = 0.1 * (place % 3 == 1)
    schedule, linear = KINDS[place % len(KINDS)], place % 4 == 3
    parts = {"components": place % 2 == 0, "loss": "linear" if linear else "log"}
    return Settings(method, STEPS, schedule=schedule, noise=noise, seed=place, **parts)


def values_of(field, start, method, step=3.0):
    own = [parameter.usual for parameter in methods[method].parameters.values()]
    return (*start, usual_rate(field, start, method), *own, step)


def words(picture, numbers):
    """What its labels say."""
    labels = [mark for mark in picture.marks if isinstance(mark, Label)]
    return {label.name: label_text(label, numbers[label.name]) for label in labels}


# every other one: three functions for a method, four or five methods for a function
PAIRS = [pair for k, pair in enumerate(product(FUNCTIONS, methods)) if k % 2 == 0]


@pytest.mark.parametrize(("function", "method"), PAIRS)
def test_the_program_of_a_search_tells_what_the_run_tells(function, method):
    text, start = FUNCTIONS[function]
    field = ScalarField(text)
    picture = descent_picture(field, settings_of(function, method))
    assert not picture.untraced
    values = values_of(field, start, method)
    plain = picture.scene(values).numbers  # of the run that Python made
    inputs = picture.inputs(values)
    found = dict(zip(plain, picture.replayed.program(*inputs)(*inputs), strict=True))
    for name, numbers in found.items():
        assert numbers == pytest.approx(plain[name], rel=1e-12, nan_ok=True)
    assert words(picture, found) == words(picture, plain)


@pytest.mark.parametrize("method", ["momentum", "newton", "backtracking"])
def test_it_comes_back_from_its_data(method):
    field = ScalarField("x**2 + 10*y**2")
    picture, values = descent_picture(field, Settings(method)), values_of(field, (2, 1), method)
    program = picture.replayed.program(*picture.inputs(values))
    data, numbers = program.as_data()
    back = Program.from_data(json.loads(json.dumps(data, allow_nan=False)), numbers)
    assert {call[0] for call in data["calls"]} <= set(OPERATIONS)
    assert back == program
    inputs = picture.inputs(values)
    for one, other in zip(back(*inputs), program(*inputs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_one_program_serves_all_numbers_of_steps_and_all_spans():
    field, values = ScalarField("x**2 + 10*y**2"), (2.0, 1.0, 0.02, 3.0)
    short, long = (descent_picture(field, Settings(steps=steps)) for steps in (7, 100))
    other = descent_picture(field, Settings(steps=100, span=(-2.0, 0.0)))
    assert short.replayed is long.replayed is other.replayed
    assert descent_picture(field, Settings(steps=101)).replayed is not long.replayed
    scene = short.scene(values)
    inputs = short.inputs(values)
    replayed = dict(zip(scene.numbers, short.replayed.numbers(*inputs), strict=True))
    for name, numbers in scene.numbers.items():
        assert numbers == pytest.approx(np.asarray(replayed[name]), rel=1e-12, nan_ok=True)
    run = descend(field, (2, 1), 0.02, 7)
    assert scene["path"][:8].tolist() == run.points.tolist()
    assert np.isnan(scene["path"][8:]).all()
    assert scene.panel("loss").x == (0.0, 7.0)
    assert scene.text("now").startswith("Step 3 of 7, at")
    assert long.scene(values, {"steps": 7})["loss"] == pytest.approx(scene["loss"], nan_ok=True)
    assert other.scene(values)["rate label"][0] == 0.0
    assert long.scene(values)["rate label"][0] == 1.0
