"""Judging questions of any seed: what is right is called right, a usual mistake by its name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.guesses import CLOSE, EXACT, apart
from gradwidgets.calculus.misconceptions import CHOICES, MISTAKES
from gradwidgets.calculus.questions import QUESTIONS, question
from gradwidgets.calculus.score import record_of
from gradwidgets.pictures.asked import VERDICT
from gradwidgets.pictures.predict import PICTURES, question_picture

ODD = {  # functions that a teacher may bring, by the number of their variables
    1: ("1e6*sin(x)", "1e-6*x**3", "abs(x) + x/2", "max(x, 2*x)", "1/x", "sqrt(x)", "tan(x)"),
    2: (
        "1e6*(x**2 + 3*y**2)", "1e-6*(x**2 + 3*y**2)", "x**2 + y**2", "abs(x) + y**2",
        "x**2 + y**2 + sin(3*x)", "himmelblau", "rosenbrock", "log(x) + log(y)", "x + 2*y",
        "max(x, y) + x**2 + y**2", "x**4 + y**4 + x**2", "where(x > 0, x, 2*x) + y**2",
    ),
}  # fmt: skip
KIND = st.sampled_from(list(PICTURES))
SEEDS, NUMBERS = st.integers(0, 2**31), st.integers(1, QUESTIONS)


def judge(asked, guess):
    """What a question's picture says of a guess, without a trace."""
    made = question_picture(asked.field, asked)
    state = (*map(float, guess), float(asked.number), float(asked.number))
    with np.errstate(all="ignore"):
        numbers = made._stepwise.plain(*made.inputs(state))
    found = np.asarray(numbers[made.told.index(VERDICT)], float)
    return record_of(asked, found), MISTAKES[asked.kind][int(found[0])].key


def guesses(asked):
    """What is right, and the guesses of usual mistakes with all names that each may get."""
    return {"gradient": arrows, "step": arrows, "tangent": tangents, "rate": rates}.get(
        asked.kind, choices
    )(asked)


def arrows(asked):
    slope, at = asked.field.gradient(asked.point), np.array(asked.point)
    shown = asked.scale * slope * (1 if asked.kind == "gradient" else -1)
    against = "downhill" if asked.kind == "gradient" else "uphill"
    x, y = shown
    yield at + shown, {"right"}
    yield at - shown, {against}
    yield at, {"none"}
    yield at + 0.3 * shown, {"length"}
    alike = {"right", "length", "minimum", "away from the minimum"}
    yield np.add(at, (x, 0)), alike | {"axis", "none"}
    yield np.add(at, (0, y)), alike | {"axis", "none"}
    yield np.add(at, (-y, x)), {"level", "axis", "minimum", "away from the minimum"}
    if asked.aim:
        way = np.subtract(asked.aim, at)
        near = apart(way, -shown) <= CLOSE
        yield at + way, {"right", "length", "minimum"} | ({against} if near else set())
        gap = apart(way, shown)
        if EXACT < gap < 180 - CLOSE:
            yield at + way, {"minimum"}


def tangents(asked):
    f, (slope,) = asked.field.value(asked.point), asked.field.gradient(asked.point)

    def to(slope):
        return (f + slope * asked.scale,)

    yield to(slope), {"right"}
    yield to(-slope), {"sign", "flat"}
    yield to(f), {"value", "sign", "flat"}
    yield to(1 / slope), {"reciprocal", "sign", "flat", "value"}
    yield to(0), {"flat"}


def rates(asked):
    least, greatest = np.linalg.eigvalsh(asked.field.hessian(asked.aim))
    yield (2 / greatest,), {"right"}
    yield (1 / greatest,), {"limit at 1"}
    yield (2 / (least + greatest),), {"best rate", "limit at 1", "right"}
    yield (2 / least,), {"least eigenvalue", "right"}


def choices(asked):
    right = choice(asked)
    for place in range(len(CHOICES[asked.kind])):
        wrong = {row.key for row in MISTAKES[asked.kind]} - {"right"}
        yield (place,), {"right"} if place == right else wrong


def choice(asked):
    """The right one, as one finds it by oneself: by values all around, by counting a run out."""
    at, f = np.array(asked.point), asked.field
    if asked.kind == "kind":
        size = 1e-3 * min(high - low for low, high in f.domain.values())
        ways = [size * np.array([np.cos(t), np.sin(t)]) for t in np.linspace(0, np.pi, 24)]
        rises = [f.value(at + way) + f.value(at - way) > 2 * f.value(at) for way in ways]
        return 0 if all(rises) else 2 if any(rises) else 1
    _, axes = np.linalg.eigh(f.hessian(asked.aim))
    steep, first = axes[:, -1], np.subtract(at, asked.aim)
    away, leaps = first, []
    for _ in range(300):
        after = away - asked.scale * f.gradient(away + asked.aim)
        if np.linalg.norm(after) > 20 * np.linalg.norm(first):
            return 2
        if np.linalg.norm(after) < 1e-5 * np.linalg.norm(first):
            break
        if abs(after @ steep) > 1e-4 * np.linalg.norm(first):  # else none is seen
            leaps.append((after @ steep) * (away @ steep) < 0)
        away = after
    assert np.linalg.norm(away) < 0.1 * np.linalg.norm(first)
    return int(any(leaps))


def check(asked):
    keys = []
    for guess, names in guesses(asked):
        if tuple(map(float, guess)) == asked.start:
            continue
        record, key = judge(asked, guess)
        assert key in names, (asked.kind, asked.field.text, asked.point, guess, key, names)
        assert record["right"] == (key == "right") == (record["mistake"] == "")
        keys.append(key)
    assert "right" in keys


@settings(max_examples=40)
@given(kind=KIND, seed=SEEDS, number=NUMBERS)
def test_the_right_answer_is_right_and_mistakes_have_their_names(kind, seed, number):
    check(question(number, [kind], (), seed))


def check_teachers(asked):
    assert np.isfinite(asked.field.value(asked.point))
    assert not asked.field.kinks(asked.point)
    check(asked)


@settings(max_examples=40)
@given(kind=KIND, seed=SEEDS, number=NUMBERS, data=st.data())
def test_so_they_are_of_a_teacher_s_functions(kind, seed, number, data):
    sources = ODD[1 if kind == "tangent" else 2]
    source = data.draw(st.sampled_from(sources))
    try:
        asked = question(number, [kind], [source], seed)
    except ValueError as error:
        told = str(error)
        known = ("No place of", "Near its minimum", "inside of its domain")
    else:
        check_teachers(asked)
        return
    assert any(words in told for words in known)


@pytest.mark.parametrize("source", ["abs(x) + x/2", "max(x, 2*x)", "where(x > 0, x, 0.3*x)"])
def test_no_tangent_is_asked_for_at_a_kink(source):
    asked = [
        question(number, ["tangent"], [source], seed) for number in (1, 2) for seed in range(9)
    ]
    assert all(one.point != (0.0,) for one in asked)


def test_the_dot_of_a_tangent_is_in_sight():
    for seed in range(20):
        asked = question(1, ["tangent"], ["1/x"], seed)
        (low, high), value = question_picture(asked.field, asked).panels[0].y, asked.start[0]
        assert low < value < high
