"""Autograd's own computation, traced once and replayed as a straight-line program.

While a function runs, each primitive of autograd's numpy that touches an input is written down.
Where the function takes derivatives, autograd's rules are such primitives too, so what is written
down *is* autograd's derivative. The list is cleaned and turned into Python source: arithmetic
where the values are numbers, calls of numpy where they are arrays. See docs/engine.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, cached_property, wraps
from typing import Any, NamedTuple

import numpy as np
from autograd import core
from autograd.builtins import SequenceBox
from autograd.core import VSpace, defvjp, identity_vjp
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.numpy.numpy_wrapper import _array_from_scalar_or_array, array_from_args
from autograd.tracer import Box, Node, isbox, new_box, primitive, trace_stack

from gradwidgets.calculus.tracing import calm

# A comparison of two numbers gives numpy's bool. autograd never boxes it, because its own nodes do
# not follow comparisons; a recording does.
ArrayBox.register(np.bool_)

LARGE = 1024  # from this size on an array's memory is worth reusing


class TracingError(ValueError):
    """Why a function can't be traced: what it does depends on values, not only on shapes."""


class Slot(NamedTuple):
    """The place of a value: inputs come first, then each instruction's result."""

    place: int


@dataclass(frozen=True, eq=False)
class Instruction:
    """One call of a numpy function: `primitive(*arguments, **keywords)` goes to slot `output`.

    Arguments are slots or constants. `shape` is that of the result, None for a number; `truth`
    tells whether the result is one of logic, which Python and numpy add up differently.
    """

    primitive: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    output: int
    shape: tuple[int, ...] | None
    truth: bool = False

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Equal for instructions that compute the same."""
        keywords = tuple((name, _key(value)) for name, value in sorted(self.keywords.items()))
        return (self.primitive, tuple(map(_key, self.arguments)), keywords)


@dataclass(frozen=True, eq=False)
class Program:
    """A straight-line program from inputs to outputs; printing it shows readable code.

    >>> program = trace(lambda x, y: (x * x * y,), 3.0, 2.0, names=("x", "y"))
    >>> print(program)
    def program(x, y):
        a = x * x
        b = a * y
        return b
    >>> program(3.0, 2.0)
    (18.0,)
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...] | None, ...]
    instructions: tuple[Instruction, ...]
    outputs: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.instructions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Equal for programs that compute the same in the same order."""
        steps = tuple((step.key, step.output) for step in self.instructions)
        return (self.names, self.shapes, steps, tuple(map(_key, self.outputs)))

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """Replay on new values of the traced shapes: floats or arrays in, floats or arrays out.

        Python's arithmetic raises where numpy's gives inf or nan; then numpy's is used.

        Raises:
            ValueError: a value of another shape.
        """
        if self.of_numbers and set(map(type, values)) == {float}:
            try:  # a descent calls this at every step: no more than it must do
                return tuple(map(float, self.fast(*values)))
            except (ArithmeticError, ValueError):
                return self.careful(*values)
        cast = [_fitting(v, shape) for v, shape in zip(values, self.shapes, strict=True)]
        try:
            found = self.fast(*cast)
        except (ArithmeticError, ValueError):
            found = self.careful(*cast)
        return tuple(map(_result, found))

    @cached_property
    def of_numbers(self) -> bool:
        """Whether all inputs and all outputs are numbers."""
        shapes = {step.output: step.shape for step in self.instructions}
        numbers = (
            not isinstance(value, np.ndarray) and shapes.get(getattr(value, "place", -1)) is None
            for value in self.outputs
        )
        return all(shape is None for shape in self.shapes) and all(numbers)

    @cached_property
    def fast(self) -> Callable[..., tuple[Any, ...]]:
        """The program as Python arithmetic on numbers and numpy calls on arrays."""
        made = _compile(self, numbers=True)
        spelled = _Writer(self, numbers=True)
        return made if all(map(spelled.as_numbers, self.instructions)) else _quietly(made)

    def looped(self, own: int, handed: int) -> Callable[..., None]:
        """The program of numbers, round after round, in one function without calls in between.

        A round's `own` first arguments are new each time. The next `handed` arguments are the
        first results of the round before, the others stay. The function takes a callable that
        hears of every round's results, the rounds' own arguments, and all other arguments. It ends
        where the result after those handed on is not finite, and raises as `fast` does.

        >>> rows = []
        >>> halve = trace(lambda step, x: (x - step * x, x * x), 0.5, 1.0)
        >>> halve.looped(own=1, handed=1)(rows.append, [(0.5,), (0.25,)], 4.0)
        >>> rows
        [(2.0, 16.0), (1.5, 4.0)]
        """
        return _compile_loop(self, own, handed)

    @cached_property
    def careful(self) -> Callable[..., tuple[Any, ...]]:
        """The program in numpy alone, with inf and nan as numpy gives them, and no warning."""
        made = _quietly(_compile(self, numbers=False))
        scalar = [shape is None for shape in self.shapes]

        def replay(*values: Any) -> tuple[Any, ...]:
            cast = (np.float64(v) if s else v for v, s in zip(values, scalar, strict=True))
            return tuple(map(_result, made(*cast)))

        return replay

    def __str__(self) -> str:
        return _source(self, _Readable(self))


def trace(
    function: Callable[..., Any],
    *examples: Any,
    names: Sequence[str] | None = None,
) -> Program:
    """Record what a function does with its arguments, and clean the record.

    Args:
        function: written with autograd.numpy; it may call autograd's grad, jacobian and so on. It
            returns a tuple of numbers and arrays.
        examples: an argument each, of the type and shape with which the program will be called.
        names: what the inputs are called.

    Raises:
        TracingError: the function asks for a value's truth, or converts it.
    """
    tape = _Tape(len(examples))
    values = [_float(example) for example in examples]
    with calm(), _recording(), trace_stack.new_trace() as level:
        boxes = [new_box(v, level, _Record.new_root(tape, Slot(i))) for i, v in enumerate(values)]
        results = _items(function(*boxes))
        outputs = tuple(_output(result, level) for result in results)
    shapes = tuple(_shape(value) for value in values)
    inputs = tuple(names or (f"x{place}" for place in range(len(values))))
    return _clean(Program(inputs, shapes, tuple(tape.steps), outputs))


@primitive  # type: ignore[untyped-decorator]
def call(program: Program, *numbers: Any) -> Any:
    """A program of numbers as one step of another: its results side by side.

    What is computed alike in many places is so traced once, and compiled once.

    >>> square = trace(lambda x: (x * x, 2.0 * x), 3.0)
    >>> call(square, 4.0)
    array([16.,  8.])
    """
    return np.array(program(*map(float, numbers)))


def in_one_step(function: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
    """A function of numbers whose own program is one step of every program that calls it.

    Arrays, and numbers by which is differentiated, go through the function itself.

    >>> double = in_one_step(lambda x: (2.0 * x,))
    >>> len(trace(lambda x: (double(x)[0] + double(x)[0],), 3.0))
    3
    """

    @cache
    def program(count: int) -> Program:
        return trace(function, *[0.5] * count)

    @wraps(function)
    def called(*numbers: Any) -> Sequence[Any]:
        differentiated = (isbox(n) and not isinstance(n._node, _Record) for n in numbers)
        if any(map(np.ndim, numbers)) or any(differentiated):
            return function(*numbers)
        own = program(len(numbers))
        found = call(own, *numbers)
        return [found[place] for place in range(len(own.outputs))]

    return called


# ── recording ────────────────────────────────────────────────────────────────────────────────────


class _Tape:
    """Instructions in the order in which they were run."""

    def __init__(self, inputs: int) -> None:
        self.steps: list[Instruction] = []
        self.inputs = inputs

    def add(self, primitive: Any, arguments: list[Any], keywords: Any, value: Any) -> Slot:
        slot = Slot(self.inputs + len(self.steps))
        fixed = tuple(map(_constant, arguments))
        kept = {name: _constant(part) for name, part in keywords.items()}
        _refuse_hidden_forks(primitive.fun, fixed, value)
        truth = getattr(value, "dtype", None) == np.bool_
        step = Instruction(primitive.fun, fixed, kept, slot.place, _shape(value), truth)
        self.steps.append(step)
        return slot


_SHAPED_BY_VALUES = {np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.compress, np.extract}


def _refuse_hidden_forks(primitive: Any, arguments: tuple[Any, ...], value: Any) -> None:
    """What would be wrong for other values without ever asking for a value's truth."""
    index = arguments[1] if primitive is ArrayBox.__getitem__.fun else None
    parts = index if isinstance(index, tuple) and not isinstance(index, Slot) else (index,)
    moving = any(isinstance(part, Slot) for part in parts)
    if primitive in _SHAPED_BY_VALUES or moving:
        raise TracingError("the shape of what it computes depends on values")
    if isinstance(value, np.ndarray | np.generic | complex) and np.iscomplexobj(value):
        raise TracingError("it computes with complex numbers")


class _Record(Node):  # type: ignore[misc]
    """A node that writes its operation down instead of a derivative."""

    __slots__ = ("slot", "tape")

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        arguments = list(args)
        for argnum, parent in zip(argnums, parents, strict=True):
            arguments[argnum] = parent.slot
        self.tape = parents[0].tape
        self.slot = self.tape.add(fun, arguments, kwargs, value)

    def initialize_root(self, tape: _Tape, slot: Slot) -> None:
        self.tape, self.slot = tape, slot


@primitive  # type: ignore[untyped-decorator]
def _sparse_sum(space: Any, before: Any, new: Any) -> Any:
    """autograd's `sparse_add` into a copy: what it adds to may be a constant of the program."""
    return new.mut_add(space.zeros() if before is None else deepcopy(before))


defvjp(_sparse_sum, None, identity_vjp, identity_vjp)


@contextmanager
def _recording() -> Iterator[None]:
    """While recording, no sum is made in place, and asking a traced value for its truth fails.

    A sum in place would be noted after it had changed its argument; a truth would freeze the path.
    """
    usual = Box.__bool__

    def refuse(box: Any) -> bool:
        node = box
        while isbox(node):
            if isinstance(node._node, _Record):
                raise TracingError("it decides by values: an “if”, “while”, “and” or “max”")
            node = node._value
        return bool(usual(box))

    in_place = ArrayVSpace._mut_add, core.sparse_add
    Box.__bool__, ArrayVSpace._mut_add, core.sparse_add = refuse, ArrayVSpace._add, _sparse_sum
    try:
        yield
    finally:
        Box.__bool__ = usual
        ArrayVSpace._mut_add, core.sparse_add = in_place


def _items(result: Any) -> list[Any]:
    if isinstance(result, SequenceBox):
        return [result[place] for place in range(len(result))]
    return list(result)


def _output(result: Any, level: int) -> Any:
    if isbox(result) and result._trace == level:
        return result._node.slot
    if isinstance(result, np.ndarray) and result.dtype.kind == "O":
        raise TracingError("numpy itself has met autograd's values and lost track of them")
    return _constant(result)


def _float(value: Any) -> Any:
    return np.asarray(value, dtype=float) if np.ndim(value) else np.float64(value)


def _constant(value: Any) -> Any:
    """A constant that nobody can change later; numbers as Python's floats."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.ndim else value.item()
    if type(value) in (tuple, list):
        return type(value)(map(_constant, value))
    return value.item() if isinstance(value, np.generic) else value


def _fitting(value: Any, shape: tuple[int, ...] | None) -> Any:
    """A float, or an array of floats, as the program was traced for."""
    if np.shape(value) != (shape or ()):
        raise ValueError(
            f"the program was traced for the shape {shape or ()}, not {np.shape(value)}"
        )
    return float(value) if shape is None else np.asarray(value, dtype=float)


def _result(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim:
        return value
    return float(value) if isinstance(value, np.ndarray | np.generic | float | int) else value


def _shape(value: Any) -> tuple[int, ...] | None:
    return value.shape if isinstance(value, np.ndarray) and value.ndim else None


def _key(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return ("array", value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, Slot | Instruction | Program) or value is None:
        return value
    if isinstance(value, tuple | list):
        return (type(value), tuple(map(_key, value)))
    return (type(value), repr(value))


# ── cleaning ─────────────────────────────────────────────────────────────────────────────────────


def _clean(program: Program) -> Program:
    """The same results with less work: plain numpy, nothing twice, nothing in vain."""
    return _renumbered(_without_dead_code(_shared(program)))


def _shared(program: Program) -> Program:
    """Common subexpressions once, and operations that change nothing left out."""
    stands_for: dict[int, Any] = {}
    seen: dict[Any, Slot] = {}
    steps: list[Instruction] = []
    shapes: dict[int, Any] = {k: (shape, False) for k, shape in enumerate(program.shapes)}

    def resolve(value: Any) -> Any:
        return stands_for.get(value.place, value) if isinstance(value, Slot) else value

    for raw in program.instructions:
        shapes[raw.output] = (raw.shape, raw.truth)
        arguments = tuple(map(resolve, raw.arguments))
        step = _plain(replace(raw, arguments=arguments))
        same = _unchanged(step, shapes)
        known = same if same is not None else seen.get(step.key)
        if known is not None:
            stands_for[raw.output] = known
            continue
        seen[step.key] = Slot(raw.output)
        steps.append(step)
    outputs = tuple(map(resolve, program.outputs))
    return Program(program.names, program.shapes, tuple(steps), outputs)


def _plain(step: Instruction) -> Instruction:
    """autograd's sums of adjoints as numpy's: they may not change a value in place."""
    if step.primitive not in _SPACE_SUMS:
        return step
    space, before, new = step.arguments
    if not isinstance(space, ArrayVSpace):
        return replace(step, primitive=_space_sum)
    if before is None:
        return replace(step, primitive=np.positive, arguments=(new,))
    return replace(step, primitive=np.add, arguments=(before, new))


def _space_sum(space: Any, before: Any, new: Any) -> Any:
    return new if before is None else space._add(before, new)


_SPACE_SUMS = {VSpace.add.fun, VSpace.mut_add.fun}
_IDENTITIES = {np.conjugate, np.positive, VSpace.covector.fun}


def _unchanged(step: Instruction, shapes: Mapping[int, Any]) -> Slot | None:
    """The argument that a step hands on as it is, if it does."""
    last: Any = step.arguments[-1]
    if step.primitive in _IDENTITIES and isinstance(last, Slot) and not step.truth:
        return last
    if step.primitive is np.multiply and not step.keywords:
        for one, other in (step.arguments, step.arguments[::-1]):
            if not isinstance(other, Slot) or not _is_one(one):
                continue
            if shapes[other.place] == (step.shape, step.truth):
                return other
    return None


def _is_one(value: Any) -> bool:
    return (
        not isinstance(value, Slot)
        and isinstance(value, float | np.ndarray)
        and bool(np.all(value == 1.0))
    )


def _without_dead_code(program: Program) -> Program:
    needed = {value.place for value in program.outputs if isinstance(value, Slot)}
    kept: list[Instruction] = []
    for step in reversed(program.instructions):
        if step.output in needed:
            needed |= {value.place for value in step.arguments if isinstance(value, Slot)}
            kept.append(step)
    return Program(program.names, program.shapes, tuple(reversed(kept)), program.outputs)


def _renumbered(program: Program) -> Program:
    """Slots without gaps, so that equal programs are equal."""
    inputs = len(program.names)
    places = {step.output: inputs + k for k, step in enumerate(program.instructions)}

    def moved(value: Any) -> Any:
        return Slot(places.get(value.place, value.place)) if isinstance(value, Slot) else value

    steps = tuple(
        replace(step, arguments=tuple(map(moved, step.arguments)), output=places[step.output])
        for step in program.instructions
    )
    return replace(program, instructions=steps, outputs=tuple(map(moved, program.outputs)))


# ── source code ──────────────────────────────────────────────────────────────────────────────────

_ARITHMETIC: dict[Any, str] = {
    np.add: "{0} + {1}",
    np.subtract: "{0} - {1}",
    np.multiply: "{0} * {1}",
    np.true_divide: "{0} / {1}",
    np.negative: "-{0}",
    np.remainder: "{0} % {1}",
    np.greater: "{0} > {1}",
    np.greater_equal: "{0} >= {1}",
    np.less: "{0} < {1}",
    np.less_equal: "{0} <= {1}",
    np.equal: "{0} == {1}",
    np.not_equal: "{0} != {1}",
    np.logical_and: "{0} and {1}",
    np.logical_or: "{0} or {1}",
    np.logical_not: "not {0}",
    np.where: "{1} if {0} else {2}",
    np.square: "{0} * {0}",
    np.power: "pow({0}, {1})",
    np.absolute: "abs({0})",
    np.arctan2: "atan2({0}, {1})",
    np.arcsin: "asin({0})",
    np.arccos: "acos({0})",
    np.arctan: "atan({0})",
    np.arcsinh: "asinh({0})",
    np.arccosh: "acosh({0})",
    np.arctanh: "atanh({0})",
    np.maximum: "maximum({0}, {1})",
    np.minimum: "minimum({0}, {1})",
    np.sign: "sign({0})",
    np.floor: "floor({0})",
    np.ceil: "ceil({0})",
    **{
        getattr(np, name): f"{name}({{0}})"
        for name in (
            *("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1"),
            *("log", "log1p", "log2", "log10", "sqrt", "isfinite", "isnan"),
        )
    },
}


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


_LOGIC = {np.logical_and, np.logical_or, np.logical_not}


def _is_arithmetic(step: Instruction) -> bool:
    return step.primitive in _ARITHMETIC and not step.keywords


class _Writer:
    """How the steps of a program are spelled; what they need stands in `namespace`."""

    def __init__(self, program: Program, numbers: bool) -> None:
        self.numbers = numbers
        self.namespace: dict[str, Any] = dict(_NUMBERS) if numbers else {}
        self.shapes: dict[int, Any] = dict(enumerate(program.shapes))
        self.shapes |= {step.output: step.shape for step in program.instructions}
        self.truths = {step.output for step in program.instructions if step.truth}
        self.reusable, self.registers = _reusable(program), _registers(program)

    def name(self, index: int) -> str:
        return f"t{self.registers[index]}"

    def value(self, value: Any) -> str:
        if isinstance(value, Slot):
            return self.name(value.place)
        if value is None or type(value) is bool or type(value) is int:
            return repr(value)
        if type(value) is float and math.isfinite(value):
            return repr(value) if value >= 0 else f"({value!r})"
        return self.keep(f"c{len(self.namespace)}", value)

    def keep(self, name: str, value: Any) -> str:
        self.namespace[name] = value
        return name

    def is_number(self, value: Any) -> bool:
        if isinstance(value, Slot):
            return self.shapes[value.place] is None
        return isinstance(value, float | int)

    def is_truth(self, value: Any) -> bool:
        return value.place in self.truths if isinstance(value, Slot) else isinstance(value, bool)

    def as_numbers(self, step: Instruction) -> bool:
        """Whether Python's operators do what numpy's would.

        They do not where truths alone are added, nor where numbers are asked for their truth.
        """
        if not (_is_arithmetic(step) and step.shape is None):
            return False
        if not all(map(self.is_number, step.arguments)):
            return False
        truths = [self.is_truth(value) for value in step.arguments]
        if step.primitive is np.where:
            return True
        return all(truths) if step.primitive in _LOGIC else not all(truths)

    def step(self, step: Instruction) -> str:
        arguments = [self.value(argument) for argument in step.arguments]
        if self.numbers and self.as_numbers(step):
            return _ARITHMETIC[step.primitive].format(*arguments)
        if step.primitive is _array_from_scalar_or_array.fun and not step.arguments[0]:
            return f"{self.keep('np_array_0', np.array)}({arguments[2]})"
        if step.primitive is array_from_args.fun and not step.arguments[0]:
            return f"{self.keep('np_array_0', np.array)}(({', '.join(arguments[2:])},))"
        function = self.keep(f"np_{_name(step.primitive)}_{len(self.namespace)}", step.primitive)
        keywords = [f"{name}={self.value(value)}" for name, value in step.keywords.items()]
        target = self.reusable.get(step.output)
        out = [] if target is None else [f"out={self.name(target)}"]
        return f"{function}({', '.join([*arguments, *keywords, *out])})"

    def result(self, value: Any) -> str:
        copied = ".copy()" if isinstance(value, np.ndarray) else ""
        return self.value(value) + copied


class _Readable(_Writer):
    """The spelling for people: letters, infix operators, plain function names."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, numbers=True)
        self.names = dict(enumerate(program.names))
        letters = _letters(set(program.names))
        self.names |= {step.output: next(letters) for step in program.instructions}

    def name(self, index: int) -> str:
        return self.names[index]

    def keep(self, name: str, value: Any) -> str:
        if isinstance(value, np.ndarray):
            return f"<array {'×'.join(map(str, value.shape))}>"
        return name.removeprefix("np_").rpartition("_")[0] if callable(value) else repr(value)

    def step(self, step: Instruction) -> str:
        if step.primitive is ArrayBox.__getitem__.fun:
            return f"{self.value(step.arguments[0])}[{_index(step.arguments[1])}]"
        if not _is_arithmetic(step):
            return super().step(step)
        return _ARITHMETIC[step.primitive].format(*map(self.value, step.arguments))


def _index(index: Any) -> str:
    if isinstance(index, tuple):
        return ", ".join(map(_index, index))
    if not isinstance(index, slice):
        return repr(index)
    ends = ["" if end is None else repr(end) for end in (index.start, index.stop)]
    return ":".join(ends if index.step is None else [*ends, repr(index.step)])


def _letters(taken: set[str]) -> Iterator[str]:
    """a, b, …, z, a1, b1, …, without the names of the inputs."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    for turn in range(1_000_000):
        for letter in alphabet:
            name = letter if turn == 0 else f"{letter}{turn}"
            if name not in taken:
                yield name


def _name(primitive: Any) -> str:
    name = getattr(primitive, "__name__", "call")
    return name if name.isidentifier() else "call"


def _lines(program: Program, writer: _Writer) -> list[str]:
    return [f"    {writer.name(s.output)} = {writer.step(s)}" for s in program.instructions]


def _source(program: Program, writer: _Writer) -> str:
    inputs = ", ".join(writer.name(place) for place in range(len(program.names)))
    lines = _lines(program, writer)
    results = [writer.result(value) for value in program.outputs]
    comma = "," if len(results) == 1 and not isinstance(writer, _Readable) else ""
    return "\n".join([f"def program({inputs}):", *lines, f"    return {', '.join(results)}{comma}"])


def _loop_source(program: Program, writer: _Writer, own: int, handed: int) -> str:
    names = [writer.name(place) for place in range(len(program.names))]
    results = [writer.result(value) for value in program.outputs]
    taken = ", ".join([*names[own : own + handed], ""])
    lines = [
        f"def program(note, rounds, {', '.join(names[own:])}):",
        f"    for {', '.join([*names[:own], ''])} in rounds:",
        *(f"    {line}" for line in _lines(program, writer)),
        f"        note(({', '.join([*results, ''])}))",
        f"        if not isfinite({results[handed]}):",
        "            return",
        f"        {taken} = {', '.join([*results[:handed], ''])}",
    ]
    return "\n".join(lines)


def _compile_loop(program: Program, own: int, handed: int) -> Callable[..., None]:
    writer = _Writer(program, numbers=True)
    return _made(_loop_source(program, writer, own, handed), writer)


def _compile(program: Program, numbers: bool) -> Callable[..., tuple[Any, ...]]:
    writer = _Writer(program, numbers)
    return _made(_source(program, writer), writer)


def _made(source: str, writer: _Writer) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__builtins__": {}}
    namespace |= writer.namespace
    exec(compile(source, "<program>", "exec"), namespace)
    function: Callable[..., Any] = namespace["program"]
    return function


def _quietly(function: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    def replay(*values: Any) -> tuple[Any, ...]:
        with np.errstate(all="ignore"):
            return function(*values)

    return replay


def _last_uses(program: Program) -> dict[int, int]:
    """The instruction after which each value is not needed any more by others."""
    return {
        value.place: place
        for place, step in enumerate(program.instructions)
        for value in step.arguments
        if isinstance(value, Slot)
    }


def _kept(program: Program) -> set[int]:
    return {value.place for value in program.outputs if isinstance(value, Slot)}


def _registers(program: Program) -> dict[int, int]:
    """A local variable for every value: those of values that are not needed any more serve again.

    What is dropped early leaves its memory to what comes next, and that is still in the cache.
    Inputs keep theirs, for a loop begins with them anew.
    """
    inputs, last_use, kept = len(program.names), _last_uses(program), _kept(program)
    chosen, free, used = {place: place for place in range(inputs)}, list[int](), inputs
    for place, step in enumerate(program.instructions):
        arguments = {value.place for value in step.arguments if isinstance(value, Slot)}
        ending = {i for i in arguments - kept if i >= inputs and last_use[i] == place}
        free += sorted(chosen[index] for index in ending)
        if not free:
            free, used = [used], used + 1
        chosen[step.output] = free.pop()
    return chosen


def _reusable(program: Program) -> dict[int, int]:
    """For large results the argument whose memory can take them: it is not needed any more.

    Only the results of other ufuncs qualify, for these own their memory, and only while no other
    function has seen them, for it may have kept a view.
    """
    last_use, kept = _last_uses(program), _kept(program)
    own: dict[int, tuple[int, ...]] = {}
    reused: dict[int, int] = {}
    for place, step in enumerate(program.instructions):
        inputs = [value.place for value in step.arguments if isinstance(value, Slot)]
        if not isinstance(step.primitive, np.ufunc) or step.primitive.nout != 1:
            for index in inputs:
                own.pop(index, None)
            continue
        free = (i for i in inputs if last_use[i] == place and own.get(i) == step.shape)
        target = next((i for i in free if i not in kept), None)
        if step.shape is not None and math.prod(step.shape) >= LARGE and not step.truth:
            if target is not None:
                reused[step.output] = target
            own[step.output] = step.shape
    return reused
