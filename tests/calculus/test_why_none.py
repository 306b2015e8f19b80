"""Every reason why a tape answers None: none of them claims what did not happen."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets import GradientTape, Variable, constant

# The body of a tape's block, in which x and w are variables, c is a constant that is watched at
# `watch`, and y is the target; the derivative by the last name is asked for.
CASES = {
    "never used": ("y = w*w", "x", "x was not watched: it was not used in the tape's block"),
    "assigned only": (
        "y = w*w; x.assign_add(1.0)",
        "x",
        "x was not watched: it got its value in the tape's block, but was not used",
    ),
    "assigned, then used": ("x.assign_add(1.0); y = x*x", "x", ""),
    "used, then assigned": ("y = x*x; x.assign_sub(1.0)", "x", ""),
    "assigned from another": (
        "x.assign(w); y = x*x",
        "w",
        "y does not depend on w: assign takes the number of w off the tape",
    ),
    "added from a watched value": (
        "watch(c); x.assign_add(c); y = x*x",
        "c",
        "y does not depend on c: assign_add takes the number of c off the tape",
    ),
    "assigned from a result": (
        "x.assign_sub(0.1*w); y = x*x",
        "w",
        "y does not depend on w: assign_sub takes "
        "the number of a value computed with w off the tape",
    ),
    "if": (
        "y = w*w if x > 0 else w",
        "x",
        "y does not depend on x: a comparison, as in an “if”, takes the number of x off the tape",
    ),
    "if on the other side": (
        "y = w*w if 0 < x else w",
        "x",
        "y does not depend on x: a comparison, as in an “if”, takes the number of x off the tape",
    ),
    "if of a value itself": (
        "y = w*w if x else w",
        "x",
        "y does not depend on x: an “if” takes the number of x off the tape",
    ),
    "if after a late watch": (
        "z = w*w; watch(c); y = z if c > 0 else w",
        "c",
        "y does not depend on c: a comparison, as in an “if”, takes the number of c off the tape",
    ),
    "late watch of what was not used": ("y = w*w; watch(c)", "c", "y does not depend on c"),
    "late watch": ("y = w*c; watch(c)", "c", ""),
    "late watch of all that was used": (
        "y = c*c; watch(c)",
        "c",
        "y was computed before c was watched",
    ),
    "never watched": ("y = w*c", "c", "c was not watched: call tape.watch(c) before it is used"),
    "where": (
        "y = w*anp.where(x > 0, 1.0, 2.0)",
        "x",
        "y does not depend on x: a comparison, as in an “if”, takes the number of x off the tape",
    ),
    "float": (
        "y = w*math.sin(x)",
        "x",
        "y does not depend on x: float() takes the number of x off the tape",
    ),
    "numpy()": (
        "y = w*x.numpy()",
        "x",
        "y does not depend on x: numpy() takes the number of x off the tape",
    ),
    "numpy itself": (
        "y = w*np.asarray(x)",
        "x",
        "y does not depend on x: numpy itself takes the number of x off the tape",
    ),
    "two ways": (
        "y = w*float(x) + x.numpy()",
        "x",
        "y does not depend on x: float() and numpy() take the number of x off the tape",
    ),
    "constant": (
        "y = constant(x*x)",
        "x",
        "y does not depend on x: constant() takes "
        "the number of a value computed with x off the tape",
    ),
    "whole numbers on the way": (
        "y = w*x.astype(int)",
        "x",
        "y does not depend on x: turning into whole numbers takes the number of x off the tape",
    ),
    "floor": ("y = anp.floor(x)*w", "x", "y depends on x only through floor: no derivative passes"),
    "whole source": ("y = n*w", "n", "n holds whole numbers, which have no derivative"),
    "a part made while paused": (
        "with tape.stop_recording(): z = x*x; z.name = 'z'\n        y = z*w",
        "x",
        "x was not watched: it was not used where the tape recorded; "
        "z was computed in stop_recording()",
    ),
    "all made while paused": (
        "with tape.stop_recording(): y = x*x",
        "x",
        "y was computed in stop_recording()",
    ),
    "a part made outside": (
        "y = before*w",
        "x",
        "x was not watched: it was not used in the tape's block; "
        "before was computed outside the tape",
    ),
    "the name given to another": (
        "y = x*x; x = Variable(5.0, name='x')",
        "x",
        "x was not watched: it was not used in the tape's block; another variable of its name was",
    ),
    "the name given to a result": ("y = x*x; x = 2.0*x", "x", "the source was computed after y"),
    "a source computed later": ("y = x*x; z = y*x; z.name = 'z'", "z", "z was computed after y"),
    "a product with zero": ("y = x*0.0", "x", ""),
}


def run(body, source):
    names = {"anp": anp, "np": np, "math": math, "constant": constant, "Variable": Variable}
    names |= {"x": Variable(2.0, name="x"), "w": Variable(3.0, name="w"), "n": Variable(2, "n")}
    names |= {"c": constant(1.5, name="c"), "tape": GradientTape(persistent=True)}
    names["before"] = names["x"] * 2.0
    names["before"].name = "before"
    names["watch"] = names["tape"].watch
    exec(f"if True:\n    with tape:\n        {body}", names)
    names["y"].name = "y"
    return names["tape"], names["y"], names[source]


@pytest.mark.parametrize("name", CASES)
def test_a_reason_is_what_happened(name):
    body, source, words = CASES[name]
    tape, y, of = run(body, source)
    assert tape.why_none(y, of) == words
    assert (tape.gradient(y, of) is None) == bool(words)


LINES = {  # a step of a program, and what it lets the target depend on
    "y = y*{v}": True,
    "y = y + anp.sin({v})": True,
    "{v}.assign_add(0.5)": False,
    "{v}.assign({o})": False,
    "y = y*float({v})": False,
    "y = y*2.0 if {v} > 0 else y*3.0": False,
    "y = y*{v}.numpy()": False,
    "y = y*anp.where({v} > 0, 1.0, 2.0)": False,
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(LINES)), st.sampled_from("xw")), max_size=5))
def test_there_is_a_reason_exactly_where_there_is_none(steps):
    lines = [line.format(v=v, o="w" if v == "x" else "x") for line, v in steps]
    body = "\n        ".join(["y = Variable(1.0)*1.0", *lines])
    for name in "xw":
        tape, y, source = run(body, name)
        used = any(LINES[line] and v == name for line, v in steps)
        why = tape.why_none(y, source)
        assert (why == "") == used == (tape.gradient(y, source) is not None)
        read = any(
            f"({name})" in line or f"{name} >" in line or f"{name}.n" in line for line in lines
        )
        assert ("off the tape" in why) == (read and not used)
