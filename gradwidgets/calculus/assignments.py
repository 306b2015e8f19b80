"""A small program that a student typed: one assignment per line, each a safe formula."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gradwidgets.calculus.formula import CONSTANTS, FUNCTIONS, Formula, FormulaError, parse
from gradwidgets.calculus.tokens import tokens

MAX_LINES = 20
MAX_SIZE = 300  # operations, numbers and names of all lines
RESULT = "f"  # what a lone formula without a name is called


@dataclass(frozen=True)
class Assignments:
    """Named steps from inputs to a result: `lines` are (name, formula) in their order.

    `fixed` tells whether the same operations are done for all values, as in every formula.

    Called with a number or an array for each of `inputs`, which stand in alphabetical order after
    those that `order` names, it returns the last line's value. It is written with autograd.numpy.

    >>> program = parse_lines("y = x*w + b")
    >>> program.inputs, program.names
    (('b', 'w', 'x'), ('y',))
    >>> program(1.0, 2.0, 3.0)
    7.0
    """

    text: str
    lines: tuple[tuple[str, Formula], ...]
    fixed: bool = True
    order: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names that no line assigns."""
        used = {name for _, formula in self.lines for name in formula.variables}
        free = sorted(used - set(self.names))
        first = [name for name in self.order if name in free]
        return (*first, *(name for name in free if name not in first))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are assigned, in order."""
        return tuple(name for name, _ in self.lines)

    def first(self, name: str) -> str:
        """What a name's value was called first: after y = x, that of y is x."""
        for line, formula in reversed(self.lines):
            if line == name:
                name = lone_name(formula) or name
        return name

    @property
    def __name__(self) -> str:
        return self.names[-1]

    def __call__(self, *values: Any) -> Any:
        """The result for a number or an array for each input."""
        return self.run(dict(zip(self.inputs, values, strict=True)))[self.names[-1]]

    def run(
        self,
        values: Mapping[str, Any],
        keep: Callable[[str, Any], Any] = lambda name, value: value,
    ) -> dict[str, Any]:
        """The values of all names; one that has a value already keeps it.

        `keep` is asked, as soon as a line is computed, what its name stands for.
        """
        known = dict(values)
        for name, formula in self.lines:
            if name not in known:
                operands = (known[used] for used in formula.variables)
                known[name] = keep(name, formula.function(*operands))
        return known


def lone_name(formula: Formula) -> str:
    """The name that a formula only repeats, as in y = x, or ""."""
    tree = formula.tree
    while isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.UAdd):
        tree = tree.operand
    return tree.id if isinstance(tree, ast.Name) and tree.id in formula.variables else ""


def parse_lines(text: str, given: Collection[str] = ()) -> Assignments:
    """Turn text into `Assignments`; a lone formula gets the name f.

    `given` are names that are meant, whatever could be read in them, and so is every line's name.

    Raises:
        FormulaError: with a message for the person who typed the text, and the place in it.
    """
    lines: list[tuple[str, Formula]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(_parse_line(line, start, lines, given))
        start += len(line) + 1
    _check(lines)
    return Assignments(text.strip(), tuple(lines))


def _parse_line(
    line: str, start: int, before: list[tuple[str, Formula]], given: Collection[str]
) -> tuple[str, Formula]:
    left, equals, right = _split(line)
    name = left.strip() if equals else RESULT
    at = start + len(left) - len(left.lstrip())
    _check_name(name, at, [earlier for earlier, _ in before], bool(equals))
    try:
        meant = {*given, *(earlier for earlier, _ in before)}
        formula = parse(right, products=False, given=meant)  # a square is one operation
    except FormulaError as error:
        place = None if error.position is None else start + len(line) - len(right) + error.position
        raise FormulaError(str(error), place) from None
    if name in formula.variables:
        raise FormulaError(f"“{name}” can't be computed from itself: choose another name.", at)
    for earlier, used in before:
        if name in used.variables:
            raise FormulaError(f"“{name}” is used for {earlier}, before this line.", at)
    return name, formula


def _split(line: str) -> tuple[str, str, str]:
    """What stands before the first single equals sign, the sign, and what stands behind."""
    for place, character in enumerate(line):
        alone = line[place - 1 : place] not in ("<", ">", "=", "!") and line[place + 1 :][:1] != "="
        if character == "=" and alone:
            return line[:place], "=", line[place + 1 :]
    return "", "", line


def _check_name(name: str, at: int, before: list[str], written: bool) -> None:
    if not name:
        raise FormulaError("A name is missing before “=”, as in y = x*w + b.", at)
    if name in FUNCTIONS or name in CONSTANTS:
        raise FormulaError(f"“{name}” has its own meaning: choose another name.", at)
    if before and not written:
        raise FormulaError("With several lines each one needs a name, as in y = x*w + b.", at)
    if name in before:
        raise FormulaError(f"“{name}” has a value already: choose another name.", at)
    try:
        one_name = [token.text for token in tokens(name)] == [name]
    except FormulaError:
        one_name = False
    if not one_name:
        raise FormulaError("Before “=” stands one name, as in y = x*w + b.", at)


def _check(lines: list[tuple[str, Formula]]) -> None:
    if not lines:
        raise FormulaError("Type a program, one assignment per line, for example y = x*w + b.", 0)
    if len(lines) > MAX_LINES:
        raise FormulaError(f"The program is too long: at most {MAX_LINES} lines.")
    if sum(formula.size for _, formula in lines) > MAX_SIZE:
        raise FormulaError(f"The program is too long: at most {MAX_SIZE} parts.")
    names = {name for name, _ in lines}
    if not any(set(formula.variables) - names for _, formula in lines):
        raise FormulaError("The program has no input: use a name that no line assigns, such as x.")
