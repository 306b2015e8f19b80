"""A student's callable as a function of numbers, and of arrays element by element."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.causes import outside
from gradwidgets.calculus.lifting import Lifted, lift
from gradwidgets.calculus.numbers import NotANumberError, as_number, as_numbers
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import calm, derivatives
from gradwidgets.calculus.watching import Watch, watch

BLOCK = 2**16  # numbers in the largest array of a computation: more points are taken in turns
MOST_COMPONENTS = 6  # that are tried to recognise a function of one vector
GOLDEN = (5**0.5 - 1) / 2
Intervals = Mapping[str, tuple[float, float]]
Function = Callable[..., Any]


class DerivativeError(ValueError):
    """A callable that has values, but no derivative by autograd."""


class Called:
    """A callable as a function of n numbers, or of n arrays element by element.

    Numbers in disguise are understood. Arrays go to the callable itself where it maps them element
    by element, else to its program, lifted to arrays, else point after point.

    Args:
        source: of n numbers, or of one vector of n components.
        domain: the names of the n variables, each with an interval from which trials are taken.

    Attributes:
        watch: the look at what the callable reads, or None where it can't be watched.
        why: why it must stay with plain autograd, or "".

    Raises:
        NotANumberError: it returns something else than one real number.

    >>> data = np.array([1.0, 2.0, 3.0])
    >>> f = Called(lambda m: anp.mean((data - m) ** 2), {"m": (0.0, 4.0)})
    >>> f(np.array([2.0, 3.0]))
    array([0.66666667, 1.66666667])
    """

    def __init__(self, source: Function, domain: Intervals) -> None:
        self.source, self.name = source, text_of(source)
        self._trial = trial_points(domain)
        self._at = _of_numbers(source, tuple(domain), self._trial)
        self._itself = self._maps_arrays()
        self._alike = self._itself and not self._maps_mixed()  # it wants arrays of one shape
        self.watch, self.why = self._watched(tuple(domain))
        self.values = self.derivatives(0, tuple(domain))
        self._known: tuple[Program, Lifted | None] | None = None

    def __call__(self, *coordinates: Any) -> Any:
        """f at a point, or at many."""
        if not any(map(np.ndim, coordinates)):
            return as_number(self._at(*coordinates), self.name)
        if self._itself and not self._alike:
            return self._whole(*coordinates)
        spread = [c + sum(0.0 * other for other in coordinates) for c in coordinates]
        if self._itself:
            return self._whole(*spread)
        lifted = self._lifted()
        columns = [anp.ravel(c) for c in spread]
        found = self._one_by_one(columns) if lifted is None else lifted.function(*columns)
        return anp.reshape(found, np.shape(spread[0]))

    def derivatives(self, order: int, names: tuple[str, ...]) -> Replayed:
        """f and its derivatives up to an order, traced as long as what it reads is the same."""
        function = partial(derivatives, self, order)
        return Replayed(function, names, self.watch, self.why, arrays=lambda: self.at_once)

    @property
    def at_once(self) -> bool:
        """Whether arrays are computed at once, without a loop over points."""
        return self._itself or self._lifted() is not None

    @property
    def width(self) -> int:
        """About how many numbers one point costs."""
        if self._itself:
            return 1
        lifted = self._lifted()
        return BLOCK if lifted is None else lifted.width

    def on_points(self, replayed: Replayed, mesh: Sequence[Any]) -> Sequence[Any]:
        """A function built on this one, at all points of a mesh, some of them at a time.

        `mesh` holds an array for each variable, all of one shape.
        """
        if self._itself:
            return replayed(*mesh)
        columns, shape = [np.ravel(axis) for axis in mesh], np.shape(mesh[0])
        parts = self._at_points(replayed, columns)
        return [np.reshape(part, shape) for part in parts]

    def _at_points(self, replayed: Replayed, columns: Sequence[Any]) -> Sequence[Any]:
        count, lifted = len(columns[0]), self._lifted()
        if lifted is None:
            if replayed.current(*(column[0] for column in columns)) is None:
                return replayed.plain(*columns)
            rows = zip(*(column.tolist() for column in columns), strict=True)
            look = replayed.steady(*self._trial[0])
            return list(np.array([look(*row) for row in rows]).T)
        block = min(count, max(1, BLOCK // lifted.width))
        padded = [np.append(c, np.full(-count % block, c[-1])) for c in columns]  # of one shape
        rows = zip(*(np.split(column, len(column) // block) for column in padded), strict=True)
        found = [np.broadcast_arrays(*row, *replayed(*row))[len(row) :] for row in rows]
        return [np.concatenate(parts)[:count] for parts in zip(*found, strict=True)]

    def _one_by_one(self, columns: Sequence[Any]) -> Any:
        results, errors = [], []
        for point in zip(*columns, strict=True):
            try:
                results.append(as_number(self._at(*point), self.name))
            except Exception as error:  # undefined here, unless it fails everywhere
                results.append(np.nan)
                errors.append(error)
        if len(errors) == len(results):
            raise errors[-1]
        return anp.array(results)

    # ── what is known after trials ───────────────────────────────────────────────────────────────

    def _maps_arrays(self) -> bool:
        """Whether the callable itself maps arrays element by element, in value and slope."""
        columns, loop = np.array(self._trial).T, _loop(self._at, self.name)
        try:
            (alone,) = self._plain(columns, loop, 0)
            for some in (slice(None), slice(0, 3), slice(5, None, -2)):
                if not _same(self._plain(columns[:, some], self._whole, 0), [alone[some]]):
                    return False
            grid = self._plain(columns.reshape(-1, 4, 2), self._whole, 0)
            return _same(grid, [alone.reshape(4, 2)]) and _same(
                self._plain(columns[:, :2], self._whole), self._plain(columns[:, :2], loop)
            )
        except Exception:  # whatever it raises, the loop finds out where
            return False

    def _maps_mixed(self) -> bool:
        """Whether the callable also takes an array beside numbers."""
        first, *others = np.array(self._trial).T
        try:
            mixed = self._plain([first, *(c[0] for c in others)], self._whole, 0)
            spread = self._plain([first, *(0 * first + c[0] for c in others)], self._whole, 0)
        except Exception:  # whatever it raises
            return False
        return _same(mixed, spread)

    def _whole(self, *columns: Any) -> Any:
        return as_numbers(self._at(*columns), self.name)

    def _plain(self, columns: Any, function: Function, order: int = 1) -> list[Any]:
        """Values and partials by autograd, or values alone where it has no slope at any point."""
        with calm():
            try:
                found = derivatives(function, order, *columns)
            except Exception:
                found = derivatives(function, 0, *columns)
        return [np.broadcast_to(np.asarray(part, float), np.shape(columns[0])) for part in found]

    def _watched(self, names: tuple[str, ...]) -> tuple[Watch | None, str]:
        """What the callable depends on, and why it must stay with plain autograd, if it must.

        It is compared with autograd at several points: a path through its code that depends on
        values would show there even where tracing did not notice it.
        """
        try:
            look = watch(self.source)
            before = look()
            trial = Replayed(partial(derivatives, self, 1), names)
            replayed = np.array([trial.numbers(*point) for point in self._trial], float)
            if trial.why:
                return None, outside(trial.why, self.source)
            plain = np.array([trial.plain(*point) for point in self._trial], float)
            if not _same([*replayed.T], [*plain.T]):
                return None, "its program differs from autograd: it decides or changes by itself"
            if look() != before:
                return None, "it changes what it reads"
        except Exception as error:
            return None, outside(str(error) or type(error).__name__, self.source)
        return look, ""

    def _lifted(self) -> Lifted | None:
        """The program that is in force now, as a function of arrays, if it can be."""
        program = self.values.current(*self._trial[0])
        if program is None:
            return None
        if self._known is None or self._known[0] is not program:
            self._known = (program, self._checked(program))
        return self._known[1]

    def _checked(self, program: Program) -> Lifted | None:
        """A program lifted to arrays, if that agrees with autograd at the trial's points."""
        columns = np.array(self._trial).T
        with suppress(Exception):
            made = lift(program)
            expected = self._plain(columns, _loop(self._at, self.name))
            for some in (slice(None), slice(1), slice(2)):
                found = self._plain(columns[:, some], made.function)
                if not _same(found, [part[some] for part in expected], 1e-8):
                    return None
            return made
        return None


def _loop(at: Function, name: str) -> Function:
    def function(*columns: Any) -> Any:
        return anp.array([as_number(at(*point), name) for point in zip(*columns, strict=True)])

    return function


def _same(found: Sequence[Any], expected: Sequence[Any], close: float = 1e-12) -> bool:
    return len(found) == len(expected) and all(
        np.allclose(one, other, close, close * _largest(other), equal_nan=True)
        for one, other in zip(found, expected, strict=True)
    )


def _largest(part: Any) -> float:
    return float(np.max(np.abs(part), initial=0.0, where=np.isfinite(part)))


def trial_points(domain: Intervals) -> list[tuple[float, ...]]:
    """Eight points that fill a domain evenly: multiples of the golden ratio and its kin."""
    shares = [
        [(0.5 + k * GOLDEN ** (axis + 1)) % 1 for axis in range(len(domain))] for k in range(8)
    ]
    intervals = list(domain.values())
    return [
        tuple(low + share * (high - low) for share, (low, high) in zip(row, intervals, strict=True))
        for row in shares
    ]


# ── what a callable takes ────────────────────────────────────────────────────────────────────────


def callable_variables(source: Function, names: Sequence[str] | None) -> tuple[str, ...]:
    """The names given, or those of the parameters without a default.

    Raises:
        ValueError: they don't fit, or the callable takes a vector whose components have no names.
    """
    found = _required(source)
    if names is not None:
        if not (_takes(source, len(names)) or _takes(source, 1)):
            raise ValueError(_misfit(source, len(names)))
        return tuple(names)
    if not found:
        raise ValueError("name the variables: the callable has no parameters without a default")
    if len(found) == 1:
        _refuse_nameless_vector(source, found[0])
    return found


def _required(source: Function) -> tuple[str, ...]:
    parameters = inspect.signature(source).parameters.values()
    usable = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name for p in parameters if p.kind in usable and p.default is p.empty)


def _takes(source: Function, count: int) -> bool:
    try:
        inspect.signature(source).bind(*range(count))
    except TypeError:
        return False
    return True


def _refuse_nameless_vector(source: Function, parameter: str) -> None:
    if _numbers_of(source, trial_points({parameter: (-3.0, 3.0)}))[0]:
        return
    for count in range(2, MOST_COMPONENTS + 1):
        names = tuple("xyz"[:count]) if count < 4 else tuple(f"x{k + 1}" for k in range(count))
        trial = trial_points(dict.fromkeys(names, (-3.0, 3.0)))
        if _numbers_of(_of_vector(source), trial)[0]:
            raise ValueError(
                f"{text_of(source)} takes one vector, {parameter}: name its components\n"
                f"field = gw.ScalarField({text_of(source)}, variables={names!r})\n"
                "gw.GradientExplorer(field)"
            )


def _numbers_of(
    function: Function, trial: Sequence[tuple[float, ...]], name: str = "f"
) -> tuple[list[float], NotANumberError | None]:
    """The numbers that a function returns in a trial, and what else it returns, if it does."""
    found, fault = list[float](), None
    with calm():
        for point in trial:
            try:
                found.append(as_number(function(*map(np.float64, point)), name))
            except NotANumberError as error:
                fault = fault or error
            except Exception:  # undefined here: whoever asks for this very point is told
                continue
    return found, fault


def _of_numbers(
    source: Function, names: tuple[str, ...], trial: list[tuple[float, ...]]
) -> Function:
    """The callable as a function of n numbers, also where it takes them as one vector."""
    ways = [source] if _takes(source, len(names)) else []
    ways += [_of_vector(source)] if _takes(source, 1) else []
    required = _required(source)
    if len(required) == 1 < len(names) and names[:1] != required:
        ways.reverse()  # f(p, k=2) of x and y: p is a vector, rather than k a variable
    faults = []
    for way in ways:
        numbers, fault = _numbers_of(way, trial, text_of(source))
        faults += [fault] if fault else []
        if numbers:
            if fault:
                raise fault
            return way
    if not _takes(source, len(names)):
        raise ValueError(_misfit(source, len(names), faults[0] if faults else None))
    if faults:
        raise faults[0]
    return ways[0]


def _of_vector(source: Function) -> Function:
    return lambda *coordinates: source(anp.array(coordinates))


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def text_of(source: object) -> str:
    """The callable's name, f where it has none."""
    name = str(getattr(source, "__name__", "f"))
    return name if name.isidentifier() else "f"


def _misfit(source: Function, count: int, fault: Exception | None = None) -> str:
    found = _required(source)
    arguments = f"{len(found)} argument{'' if len(found) == 1 else 's'} ({', '.join(found)})"
    told = f"; of one vector of {count} components, {fault}" if fault else ""
    return (
        f"the variables don't fit the callable: {text_of(source)} takes {arguments}, and {count} "
        f"variables are named{told}"
    )
