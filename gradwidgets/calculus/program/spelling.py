"""Programs as source code: for Python, with numbers or with numpy alone, and for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.program.data import Instruction, Listing, Slot
from gradwidgets.calculus.program.memory import registers, reusable
from gradwidgets.calculus.program.operations import OPERATIONS
from gradwidgets.calculus.program.shortcuts import SHORTCUTS, handed_out


class Spelled(NamedTuple):
    """A program's source, compiled, and what its names stand for.

    Of the programs that it calls `callers` tells, for a name, by which instruction, and what is to
    be made of that instruction's attributes.
    """

    code: CodeType
    namespace: Mapping[str, Any]
    callers: Mapping[str, tuple[int, Callable[[Mapping[str, Any]], Any]]]

    def of(self, program: Listing, **more: Any) -> Callable[..., Any]:
        """The Python function, for a program that differs in what it calls alone."""
        names: dict[str, Any] = {"__builtins__": {}, **self.namespace, **more}
        for name, (place, made) in self.callers.items():
            names[name] = made(dict(program.instructions[place].attributes))
        exec(self.code, names)
        function: Callable[..., Any] = names["program"]
        return function


def function(program: Listing, numbers: bool) -> Spelled:
    """A Python function: with arithmetic where values are numbers, or with numpy alone."""
    writer = _Writer(program, numbers)
    return _spelled(_source(program, writer), writer)


def loop(program: Listing, handed: int, own: int) -> Spelled:
    """A Python function that runs round after round, given `careful`: see `Program.looped`."""
    writer = _Writer(program, numbers=True)
    return _spelled(_loop_source(program, writer, handed, own), writer)


def repetition(program: Listing, handed: int, most: int) -> Spelled:
    """A Python function that runs until it has had enough: see `Program.repeated`."""
    writer = _Writer(program, numbers=True)
    return _spelled(_repetition_source(program, writer, handed, most), writer)


def text(program: Listing) -> str:
    """Code for people: the programs that it calls stand before it."""
    bodies: dict[Listing, str] = {}
    _name_bodies(program, bodies)
    sources = [_source(body, _Readable(body, bodies), name) for body, name in bodies.items()]
    return "\n\n\n".join([*sources, _source(program, _Readable(program, bodies))])


def _name_bodies(program: Listing, bodies: dict[Listing, str]) -> None:
    """Name what is called, and before it what that calls."""
    for step in program.instructions:
        body = dict(step.attributes).get("body")
        if body is not None:
            _name_bodies(body, bodies)
            word = "called" if step.operation.startswith("call") else "round"
            bodies.setdefault(body, f"{word}_{len(bodies)}")


def all_numbers(program: Listing) -> bool:
    """Whether Python's arithmetic does it all."""
    return all(map(_Writer(program, numbers=True).as_numbers, program.instructions))


# ── what stands for what ─────────────────────────────────────────────────────────────────────────


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _sign(x: float) -> float:
    return x if x != x else float(x > 0) - float(x < 0)


_NUMBERS: dict[str, Any] = {
    **{name: getattr(math, name) for name in dir(math) if not name.startswith("_")},
    "maximum": _maximum,
    "minimum": _minimum,
    "sign": _sign,
    "floor": lambda x: math.copysign(math.floor(x), x),
    "ceil": lambda x: math.copysign(math.ceil(x), x),
    "abs": abs,
}
_LOGIC = {"logical_and", "logical_or", "logical_not"}


class _Writer:
    """How the steps of a program are spelled; what they need stands in `namespace`."""

    def __init__(self, program: Listing, numbers: bool) -> None:
        self.program, self.numbers = program, numbers
        self.namespace: dict[str, Any] = dict(_NUMBERS) if numbers else {}
        self.callers: dict[str, tuple[int, Callable[[Mapping[str, Any]], Any]]] = {}
        self.shapes: dict[int, Any] = dict(enumerate(program.shapes))
        self.shapes |= {step.output: step.shape for step in program.instructions}
        self.truths = {step.output for step in program.instructions if step.truth}

    @cached_property
    def registers(self) -> dict[int, int]:
        """The local variable of every value."""
        return registers(self.program)

    @cached_property
    def reusable(self) -> dict[int, int]:
        """Whose memory a large result takes."""
        return reusable(self.program)

    @cached_property
    def tuples(self) -> set[int]:
        """The results of calls that need not be arrays."""
        return handed_out(self.program) if self.numbers else set()

    def name(self, index: int) -> str:
        return f"t{self.registers[index]}"

    def value(self, value: Any) -> str:
        if isinstance(value, Slot):
            return self.name(value.place)
        if type(value) is bool:
            return repr(value)
        if type(value) is float and math.isfinite(value):
            return repr(value) if math.copysign(1.0, value) > 0 else f"({value!r})"
        return self.keep(f"c{len(self.namespace)}", value)

    def keep(self, name: str, value: Any) -> str:
        self.namespace[name] = value
        return name

    def caller(self, step: Instruction, made: Callable[[Mapping[str, Any]], Any]) -> str:
        """A name for what is made of the program that an instruction calls."""
        name = f"{step.operation}_{len(self.callers)}"
        self.callers[name] = step.output - len(self.program.names), made
        return name

    def is_number(self, value: Any) -> bool:
        if isinstance(value, Slot):
            return self.shapes[value.place] is None
        return isinstance(value, float | int)

    def is_truth(self, value: Any) -> bool:
        return value.place in self.truths if isinstance(value, Slot) else isinstance(value, bool)

    def as_numbers(self, step: Instruction) -> bool:
        """Whether Python's operators do what numpy's would.

        They do not where truths alone are computed with, nor where numbers are asked for theirs.
        """
        if step.shape is not None or not OPERATIONS[step.operation].python:
            return False
        if not all(map(self.is_number, step.arguments)):
            return False
        if step.operation == "where":
            return True
        truths = [self.is_truth(value) for value in step.arguments]
        return all(truths) if step.operation in _LOGIC else not all(truths)

    def step(self, step: Instruction) -> str:
        row = OPERATIONS[step.operation]
        if self.numbers and self.as_numbers(step):
            return row.python.format(*map(self.value, step.arguments))
        shortcut = SHORTCUTS.get(step.operation)
        short = shortcut and shortcut(self, step)
        if short:
            return short
        called = self.keep(f"np_{row.name}_{len(self.namespace)}", row.numpy)
        attributes = {**dict(step.attributes), **row.extra(step.shape)}
        more = [
            f"{name}={self.caller(step, _body)}"
            if name == "body"
            else f"{name}={self.keep(f'c{len(self.namespace)}', value)}"
            for name, value in attributes.items()
        ]
        target = self.reusable.get(step.output)
        out = [] if target is None else [f"out={self.name(target)}"]
        return f"{called}({', '.join([*map(self.operand, step.arguments), *more, *out])})"

    def operand(self, value: Any) -> str:
        """A value as numpy's functions take it with the least ado: a constant as an array."""
        return self.value(np.array(value) if type(value) is float else value)

    def result(self, value: Any) -> str:
        copied = ".copy()" if isinstance(value, np.ndarray) else ""
        return self.value(value) + copied


def _body(attributes: Mapping[str, Any]) -> Any:
    return attributes["body"]


# ── for people ───────────────────────────────────────────────────────────────────────────────────


class _Readable(_Writer):
    """The spelling for people: letters, infix operators, plain function names."""

    def __init__(self, program: Listing, bodies: Mapping[Listing, str]) -> None:
        super().__init__(program, numbers=True)
        self.bodies = bodies
        self.names = dict(enumerate(program.names))
        letters = _letters(set(program.names))
        self.names |= {step.output: next(letters) for step in program.instructions}

    def name(self, index: int) -> str:
        return self.names[index]

    def keep(self, name: str, value: Any) -> str:
        if isinstance(value, np.ndarray):
            return f"<array {'×'.join(map(str, value.shape))}>"
        return repr(value)

    def step(self, step: Instruction) -> str:
        row, arguments = OPERATIONS[step.operation], list(map(self.value, step.arguments))
        attributes = {**dict(step.attributes), **row.extra(step.shape)}
        form = row.reader or row.python
        if "body" in attributes:
            called = self.bodies[attributes["body"]]
            return _TOLD[step.operation](called, arguments, attributes)
        if form:
            index = ", ".join(map(_part, attributes.get("index", ())))
            return form.format(*arguments, all=", ".join(arguments), index=index)
        told = [f"{name}={value!r}" for name, value in attributes.items() if _tells(value)]
        return f"{row.name}({', '.join([*arguments, *told])})"


def _told_call(called: str, arguments: list[str], attributes: dict[str, Any]) -> str:
    results = f"{called}({', '.join(arguments)})"
    return f"array({results})" if len(attributes["body"].outputs) > 1 else f"array([{results}])"


def _told_call_if(called: str, arguments: list[str], attributes: dict[str, Any]) -> str:
    condition, *numbers = arguments
    nothing = f"full({len(attributes['body'].outputs)}, nan)"
    return f"{_told_call(called, numbers, attributes)} if {condition} else {nothing}"


def _told_scan(called: str, arguments: list[str], attributes: dict[str, Any]) -> str:
    rounds, *values = arguments
    handed, own = attributes["handed"], attributes["own"]
    parts = (values[:handed], values[handed : handed + own], values[handed + own :])
    start, inputs, fixed = map(_tuple, parts)
    more = f", fixed={fixed}" if fixed != "()" else ""
    return f"scan({called}, start={start}, inputs={inputs}, rounds={rounds}{more})"


def _told_repeat(called: str, arguments: list[str], attributes: dict[str, Any]) -> str:
    handed, rounds = attributes["handed"], attributes["capacity"]
    start, fixed = map(_tuple, (arguments[:handed], arguments[handed:]))
    more = f", fixed={fixed}" if fixed != "()" else ""
    return f"repeat({called}, start={start}, rounds={rounds}{more})"


_TOLD: dict[str, Callable[[str, list[str], dict[str, Any]], str]] = {
    "call": _told_call,
    "call_if": _told_call_if,
    "scan": _told_scan,
    "repeat": _told_repeat,
}


def _tuple(parts: list[str]) -> str:
    return f"({', '.join(parts)}{',' * (len(parts) == 1)})"


def _tells(value: Any) -> bool:
    """Whether an attribute is worth a reader's time: all axes, and none kept, are the rule."""
    return value is not None and value is not False


def _part(part: Any) -> str:
    if not isinstance(part, tuple):
        return repr(part)
    start, stop, step = part
    ends = [repr(start) if start else "", repr(stop) if stop >= 0 else ""]
    return ":".join(ends if step == 1 else [*ends, repr(step)])


def _letters(taken: set[str]) -> Iterator[str]:
    """a, b, …, z, a1, b1, …, without the names of the inputs."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    for turn in range(1_000_000):
        for letter in alphabet:
            name = letter if turn == 0 else f"{letter}{turn}"
            if name not in taken:
                yield name


# ── source ───────────────────────────────────────────────────────────────────────────────────────


def _lines(program: Listing, writer: _Writer) -> list[str]:
    return [f"    {writer.name(s.output)} = {writer.step(s)}" for s in program.instructions]


def _source(program: Listing, writer: _Writer, called: str = "program") -> str:
    inputs = ", ".join(writer.name(place) for place in range(len(program.names)))
    if program.hole:
        return f"def {called}({inputs}):\n    ...  # {program.hole}"
    lines = _lines(program, writer)
    results = [writer.result(value) for value in program.outputs]
    comma = "," if len(results) == 1 and not isinstance(writer, _Readable) else ""
    last = f"    return {', '.join(results)}{comma}"
    return "\n".join([f"def {called}({inputs}):", *lines, last])


def _loop_source(program: Listing, writer: _Writer, handed: int, own: int) -> str:
    names = [writer.name(place) for place in range(len(program.names))]
    taken, given = names[:handed], names[handed : handed + own]
    results = [f"r{place}" for place in range(len(program.outputs))]
    lines = [
        f"def program(note, rounds, {', '.join([*taken, *names[handed + own :]])}):",
        f"    for {_together(given)} in rounds:",
        *_attempt(program, writer, names, results),
        f"        note({_together(results)})",
        f"        if not isfinite({results[handed]}):",
        "            return",
        f"        {_together(taken)} = {_together(results[:handed])}",
    ]
    return "\n".join(lines)


def _repetition_source(program: Listing, writer: _Writer, handed: int, most: int) -> str:
    names = [writer.name(place) for place in range(len(program.names))]
    results = ["again", *names[:handed]]
    lines = [
        f"def program({', '.join(names)}):",
        f"    for _ in {writer.keep('rounds', range(most))}:",
        *_attempt(program, writer, names, results),
        "        if not again:",
        "            break",
        f"    return {_together(names[:handed])}",
    ]
    return "\n".join(lines)


def _attempt(program: Listing, writer: _Writer, names: list[str], results: list[str]) -> list[str]:
    """A round in Python's arithmetic, and where that raises the same in numpy's."""
    errors = writer.keep("Undefined", (ArithmeticError, ValueError))
    slowly = f"careful({', '.join(names)})"
    found = _together(list(map(writer.result, program.outputs)))
    return [
        "        try:",
        *(f"        {line}" for line in _lines(program, writer)),
        f"            {_together(results)} = {found}",
        f"        except {errors}:",
        f"            {_together(results)} = {slowly}",
    ]


def _together(parts: list[str]) -> str:
    return f"({', '.join([*parts, ''])})" if parts else "()"


def _spelled(source: str, writer: _Writer) -> Spelled:
    code = compile(source, "<program>", "exec")
    return Spelled(code, writer.namespace, writer.callers)
