"""Programs as immutable data, and as JSON beside one buffer of numbers.

A listing holds names of the table of operations, numbers, truths and arrays, and nothing else. Its
JSON has these keys; a shape is a list, or null for a number.

- `inputs`: names and shapes.
- `calls`: the different operations, each with its name, its result's shape, and attributes if
  there are any.
- `constants`: the shapes of the constants, which stand in the buffer one after the other; `truths`
  are the places of those which are truths.
- `steps`: for every instruction its place in `calls`, then its arguments.
- `outputs`: the results.
- `bodies`: the programs that are called, each once, and after all that it calls itself. They are
  such JSON without `constants` and `truths`, for all programs share the outermost one's. The
  attribute `body` of a call is a place among them.

An argument or a result from 0 on is a value: the inputs first, then a step's each. Below 0, −1 is
the first constant, −2 the second.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from gradwidgets.calculus.program.operations import OPERATIONS

Shape: TypeAlias = "tuple[int, ...] | None"  # None is that of a number
Attributes: TypeAlias = tuple[tuple[str, Any], ...]

_GAP = "?"  # no name and no attribute is that


class Slot(NamedTuple):
    """The place of a value: inputs come first, then each instruction's result."""

    place: int


@cache
def slot(place: int) -> Slot:
    """The slot of a place: one object for all programs, for they have thousands."""
    return Slot(place)


class Instruction(NamedTuple):
    """One operation of the table; its result goes to slot `output`.

    Arguments are slots, floats, truths, and arrays of floats or truths. Attributes are pairs of a
    name and numbers, truths, texts or tuples of them; a call's `body` is a listing. `shape` is that
    of the result, None for a number; `truth` tells whether the result is one of logic.
    """

    operation: str
    arguments: tuple[Any, ...]
    attributes: Attributes
    output: int
    shape: Shape
    truth: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for instructions that compute the same."""
        return call_key(self.operation, self.arguments, self.attributes, self.shape)


@dataclass(frozen=True, eq=False)
class Listing:
    """Instructions from inputs to outputs, in order.

    One with a `hole` is none yet: it has that name, and another will be put in its place.
    """

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]
    instructions: tuple[Instruction, ...]
    outputs: tuple[Any, ...]
    hole: str = ""

    def __len__(self) -> int:
        return len(self.instructions)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Listing) and self.key == other.key)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Another one for other constants: a comparison of equal hashes looks at everything."""
        steps = self.instructions
        given = (value for step in steps for value in step.arguments if isinstance(value, float))
        numbers = tuple(0.0 if math.isnan(value) else value for value in given)
        return hash((self.names, self.hole, tuple(step.operation for step in steps), numbers))

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Equal for listings that compute the same in the same order."""
        steps = tuple((step.key, step.output) for step in self.instructions)
        return (self.names, self.shapes, steps, tuple(map(value_key, self.outputs)), self.hole)

    @cached_property
    def written(self) -> tuple[list[str], list[Any]]:
        """Its own JSON in pieces, and what belongs between them: constants, with keys, and bodies.

        Their numbers depend on the program in which it stands; all else is written only once.
        """
        gaps: list[Any] = []

        def gap(value: Any) -> str:
            gaps.append(value if isinstance(value, Listing) else (value_key(value), value))
            return _GAP

        def references(values: Sequence[Any]) -> list[Any]:
            return [value.place if type(value) is Slot else gap(value) for value in values]

        def attribute(value: Any) -> Any:
            return gap(value) if isinstance(value, Listing) else _listed(value)

        calls: dict[Any, int] = {}
        for step in self.instructions:
            calls.setdefault((step.operation, step.shape, step.attributes), len(calls))
        data = {  # the gaps are met in this order
            "inputs": _listed(tuple(zip(self.names, self.shapes, strict=True))),
            "calls": [
                [name, _listed(shape), *([{k: attribute(v) for k, v in more}] if more else [])]
                for name, shape, more in calls
            ],
            "steps": [
                [calls[step.operation, step.shape, step.attributes], *references(step.arguments)]
                for step in self.instructions
            ],
            "outputs": references(self.outputs),
        }
        return _json(data).split(f'"{_GAP}"'), gaps

    @cached_property
    def is_open(self) -> bool:
        """Whether there is a hole in it, or in one of its bodies."""
        return bool(self.hole) or any(body.is_open for body in self.bodies)

    @cached_property
    def open_steps(self) -> tuple[int, ...]:
        """The places of the instructions that call a program with a hole."""
        attributes = (dict(step.attributes) for step in self.instructions)
        bodies = enumerate(own.get("body") for own in attributes)
        return tuple(place for place, body in bodies if body is not None and body.is_open)

    @property
    def bodies(self) -> Iterator[Listing]:
        """The programs that its instructions call."""
        for step in self.instructions:
            for name, value in step.attributes:
                if name == "body":
                    yield value


L = TypeVar("L", bound=Listing)


def call_key(
    operation: str, arguments: tuple[Any, ...], attributes: Attributes, shape: Shape
) -> tuple[Any, ...]:
    """Equal for calls that compute the same."""
    keys = [value if type(value) is Slot else value_key(value) for value in arguments]
    return (operation, tuple(keys), attributes, shape)


def value_key(value: Any) -> Any:
    """Equal for equal slots and constants; it tells −0 from 0, and takes NaN for itself."""
    if isinstance(value, Slot) or (type(value) is float and value and value == value):
        return value
    if isinstance(value, np.ndarray):
        return ("array", value.shape, value.dtype.str, value.tobytes())
    return (type(value), repr(value))


# ── as JSON and a buffer ─────────────────────────────────────────────────────────────────────────


def as_json(listing: Listing) -> tuple[str, NDArray[np.float64]]:
    """A listing as JSON, and all its constants in one array of floats.

    The keys of the first are told at the head of this module.
    """
    constants: dict[Any, tuple[int, Any]] = {}
    bodies: dict[Listing, tuple[int, str]] = {}
    text = _joined(listing, constants, bodies)
    kept = [np.asarray(value) for _, value in constants.values()]
    shapes = _json([_listed(array.shape) if array.ndim else None for array in kept])
    truths = _json([place for place, array in enumerate(kept) if array.dtype == np.bool_])
    numbers = [np.ravel(array).astype(np.float64) for array in kept]
    called = ",".join(body for _, body in bodies.values())
    more = f'"bodies":[{called}],"constants":{shapes},"truths":{truths}'
    return f"{text[:-1]},{more}}}", np.concatenate([np.empty(0), *numbers])


def _joined(
    listing: Listing,
    constants: dict[Any, tuple[int, Any]],
    bodies: dict[Listing, tuple[int, str]],
) -> str:
    """A listing's own JSON; its constants and bodies are put among the others."""

    def number(gap: Any) -> str:
        if not isinstance(gap, Listing):
            key, value = gap
            return str(-1 - constants.setdefault(key, (len(constants), value))[0])
        if gap not in bodies:
            own = _joined(gap, constants, bodies)  # what it calls comes first
            bodies[gap] = len(bodies), own
        return str(bodies[gap][0])

    (first, *pieces), gaps = listing.written
    return first + "".join([number(gap) + text for gap, text in zip(gaps, pieces, strict=True)])


def from_data(kind: type[L], data: Mapping[str, Any], numbers: NDArray[np.float64]) -> L:
    """The listing of this kind that `as_json` has written down.

    Raises:
        ValueError: an operation that is not in the table.
    """
    constants = list(_constants(data, np.asarray(numbers, dtype=np.float64)))
    bodies: list[L] = []
    for body in data["bodies"]:
        bodies.append(_listing(kind, body, constants, bodies))
    return _listing(kind, data, constants, bodies)


def _listing(
    kind: type[L], data: Mapping[str, Any], constants: Sequence[Any], bodies: Sequence[L]
) -> L:
    def read(name: str, value: Any) -> Any:
        return bodies[value] if name == "body" else _fixed(value)

    calls = [
        (name, _fixed(shape), tuple((k, read(k, v)) for one in more for k, v in one.items()))
        for name, shape, *more in data["calls"]
    ]
    unknown = {name for name, _, _ in calls} - set(OPERATIONS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: no row in the table of operations")

    def value(reference: int) -> Any:
        return slot(reference) if reference >= 0 else constants[-1 - reference]

    truths: dict[int, bool] = {}
    steps = []
    for place, (call, *references) in enumerate(data["steps"], start=len(data["inputs"])):
        (name, shape, attributes), arguments = calls[call], tuple(map(value, references))
        truths[place] = is_truth(name, arguments, truths)
        steps.append(Instruction(name, arguments, attributes, place, shape, truths[place]))
    return kind(
        tuple(name for name, _ in data["inputs"]),
        tuple(_fixed(shape) for _, shape in data["inputs"]),
        tuple(steps),
        tuple(map(value, data["outputs"])),
    )


def is_truth(operation: str, arguments: tuple[Any, ...], truths: Mapping[int, bool]) -> bool:
    """Whether an operation's result is one of logic, when `truths` tells it of slots."""
    row = OPERATIONS[operation]
    if row.truth or not (row.moves or operation == "where"):
        return row.truth

    def logical(value: Any) -> bool:
        if isinstance(value, Slot):
            return truths.get(value.place, False)
        return bool(np.asarray(value).dtype == np.bool_)

    if operation == "gather":
        return logical(arguments[0])
    return all(map(logical, arguments[operation == "where" :]))


def _constants(data: Mapping[str, Any], numbers: NDArray[np.float64]) -> Iterator[Any]:
    start, truths = 0, set(data["truths"])
    for place, shape in enumerate(data["constants"]):
        end = start + (1 if shape is None else math.prod(shape))
        part = numbers[start:end].astype(np.bool_ if place in truths else np.float64)
        yield part[0].item() if shape is None else part.reshape(shape)
        start = end


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def _listed(value: Any) -> Any:
    return list(map(_listed, value)) if isinstance(value, tuple) else value


def _fixed(value: Any) -> Any:
    return tuple(map(_fixed, value)) if isinstance(value, list) else value
