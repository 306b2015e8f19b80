"""Autograd's own computation, traced once and replayed as a straight-line program.

`operations` is the table of all that a program may do, `data` holds programs as plain data,
`tracing` makes them, by the `rules` for autograd's primitives, `loops` are traced for themselves
and are one step of a program, `cleaning` shortens them, and
`spelling` writes them as Python source: arithmetic where the values are numbers, calls of numpy
where they are arrays. See docs/engine.md.
"""

from gradwidgets.calculus.program.cleaning import cleaned
from gradwidgets.calculus.program.copying import copied_in
from gradwidgets.calculus.program.data import Instruction, Slot
from gradwidgets.calculus.program.draft import TracingError
from gradwidgets.calculus.program.kernels import call, indices, pick
from gradwidgets.calculus.program.loops import repeat, scan
from gradwidgets.calculus.program.operations import HELPERS, OPERATIONS, Operation
from gradwidgets.calculus.program.program import Program, hole
from gradwidgets.calculus.program.shaking import shaken
from gradwidgets.calculus.program.tracing import in_one_step, recorded_once, trace

__all__ = [
    "HELPERS",
    "OPERATIONS",
    "Instruction",
    "Operation",
    "Program",
    "Slot",
    "TracingError",
    "call",
    "cleaned",
    "copied_in",
    "hole",
    "in_one_step",
    "indices",
    "pick",
    "recorded_once",
    "repeat",
    "scan",
    "shaken",
    "trace",
]
