"""What is right: a program beside autograd alone, to a rounding, and what a reader would run."""

import math
from functools import partial

import numpy as np

from gradwidgets.calculus.program import Slot, shaken, trace
from gradwidgets.calculus.tracing import calm

CLOSE = 1e-12

A, B, Z = [1.0, 2.0, 3.0], [-1.0, 0.5, 4.0], [0.0, -2.0, 0.25]
C = np.array([1.0, 5.0, 7.0])
EXTREMES = (1e-300, -1e-300, 1e150, -1e150, 1e300, 5e-324, 0.0, -0.0, 2.5, math.inf, -math.inf)
EXTREMES += (math.nan,)
SIDES = (-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 1.5)


def plainly(function, *values):
    """The function by autograd alone, on values of its own."""
    with calm():
        return tuple(function(*(np.array(v) if np.ndim(v) else np.float64(v) for v in values)))


def error(found, expected):
    """How far off each number is, as a share of it where that is over 1; inf and nan are exact."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    assert found.dtype != object
    found, expected = found + 0.0, expected + 0.0  # a truth counts as a number
    with np.errstate(all="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        share = np.abs(found - expected) / np.maximum(1, np.abs(expected))
        return np.where(same, 0.0, np.where(np.isnan(share), np.inf, share))


def rounding(program, values):
    """What a rounding more or less in exp, sin, … can do to each result."""
    exact = program.careful(*values)
    tries = [shaken(program, seed).careful(*values) for seed in range(4)]
    return [2 * sum(error(t, e) for t in column) for e, *column in zip(exact, *tries, strict=True)]


def agree(found, expected, program=None, values=()):
    """Equal to 1e-12; with a program, to its own rounding where that is worse."""
    assert len(found) == len(expected)
    errors = [error(*pair) for pair in zip(found, expected, strict=True)]
    if program is not None and any(np.any(e > CLOSE) for e in errors):
        room = rounding(program, values)
        errors = [np.where(e <= r, 0.0, e) for e, r in zip(errors, room, strict=True)]
    assert all(np.all(e <= CLOSE) for e in errors), (found, expected)


def check(function, *points):
    """Traced at the first point, replayed at all of them and back: autograd's results each time."""
    points = [[np.array(v, float) if np.ndim(v) else float(v) for v in point] for point in points]
    program = trace(function, *points[0])
    for values in (*points, *reversed(points)):
        expected = plainly(function, *values)
        given_ = [np.array(v) if np.ndim(v) else v for v in values]
        agree(program(*given_), expected, program, values)
        agree(program.careful(*given_), expected, program, values)
        assert all(map(partial(np.array_equal, equal_nan=True), given_, values))
    return program


def check_unless_refused(function, *points):
    """For a function that need not be traced; but if it is, it is right."""
    try:
        trace(function, *map(np.array, points[0]))
    except (TypeError, ValueError):
        return
    check(function, *points)


NUMPY = {name: getattr(np, name) for name in ("maximum", "minimum", "sign", "logaddexp")}
READ = {name: getattr(math, name) for name in dir(math)} | NUMPY


def executed(program, *values, names=READ):
    """What a reader gets who runs the printed code."""
    namespace = dict(names)
    exec(str(program), namespace)
    found = namespace["program"](*values)
    return found if isinstance(found, tuple) else (found,)


def wasted(program):
    """Lines that nothing needs, that stand there twice, or that compute with constants alone."""
    needed = {v.place for v in program.outputs if isinstance(v, Slot)}
    needed |= {v.place for s in program.instructions for v in s.arguments if isinstance(v, Slot)}
    keys = [step.key for step in program.instructions]
    return [
        step
        for place, step in enumerate(program.instructions)
        if step.output not in needed
        or step.key in keys[:place]
        or not any(isinstance(v, Slot) for v in step.arguments)
    ]
