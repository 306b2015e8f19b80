"""Tasks that have more than one answer, each judged by a property and not against a solution.

A kind of task is a row of `KINDS`: how its numbers are drawn, its sentence, the judge of what a
student has made or found, and what she is told where the property does not hold yet. The idea is
that of Sangwin, *Computer Aided Assessment of Mathematics* (2013).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from gradwidgets.calculus import judges, sentences
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.judges import Here, Judged
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.types import Array

WAVING = "x/2 + sin(2*x)"
BLANK = "x + y"  # what stands in the box before anything is typed
FEW = (-2.0, -1.0, 1.0, 2.0)

Numbers: TypeAlias = tuple[float, ...]
Draw: TypeAlias = Callable[[np.random.Generator, ScalarField], Numbers]


@dataclass(frozen=True)
class Kind:
    """A kind of task, for an explorer.

    `words` and `shape` are made for the numbers that `draw` has drawn; `shape` are places of the
    plane that the sentence names, shape (k, 2). One that is about a given function draws it from
    `sources`; the others ask for a function that the student types. `rate` is the learning rate to
    begin with, where the usual one would do already.
    """

    explorer: str
    words: Callable[..., sentences.Words]
    judge: Callable[[Here], Judged]
    draw: Draw
    sources: tuple[str, ...] = ()
    shape: Callable[..., Array] | None = None
    rate: float | None = None


@dataclass(frozen=True, eq=False)
class At:
    """What a condition of a teacher's own is asked of; each part is computed when it is read.

    >>> at = At(ScalarField("x**2 - y**2"), (3.0, -1.0))
    >>> at.value, at.gradient.tolist(), at.eigenvalues.tolist()
    (8.0, [6.0, 2.0], [-2.0, 2.0])
    """

    field: ScalarField
    point: tuple[float, ...]
    rate: float | None = None
    run: Trajectory | None = None

    @cached_property
    def value(self) -> float:
        """f at the point."""
        return self.field.value(self.point)

    @cached_property
    def gradient(self) -> Array:
        """∇f at the point, shape (n,)."""
        return self.field.gradient(self.point)

    @cached_property
    def hessian(self) -> Array:
        """The second partial derivatives at the point, shape (n, n)."""
        return self.field.hessian(self.point)

    @cached_property
    def eigenvalues(self) -> Array:
        """The eigenvalues of the Hessian, the least first; NaN where it is undefined."""
        if not np.isfinite(self.hessian).all():
            return np.full(len(self.point), np.nan)
        return np.asarray(np.linalg.eigvalsh(self.hessian), float)

    @property
    def verdict(self) -> str:
        """What became of the run, in a word or three; "" where there is none."""
        return str(self.run.verdict) if self.run else ""


@dataclass(frozen=True)
class Asked:
    """A task: of a kind with its numbers, or a text with a condition of a teacher's own."""

    text: str
    explorer: str
    name: str = ""
    numbers: Numbers = ()
    seed: int = 0
    condition: Callable[[At], Any] | None = None

    @property
    def kind(self) -> Kind | None:
        """The row of `KINDS`; None where the condition is a teacher's own."""
        return KINDS.get(self.name)

    @property
    def is_typed(self) -> bool:
        """Whether the answer is a function."""
        return self.kind is not None and not self.kind.sources

    @property
    def says(self) -> tuple[str, ...]:
        """What a check may find; at last, that all holds."""
        return self.kind.words(*self.numbers).says if self.kind else ("not yet.", "yes.")

    @property
    def shape(self) -> Array:
        """The places that the sentence names, shape (k, 2)."""
        made = self.kind.shape if self.kind else None
        return made(*self.numbers) if made else np.empty((0, 2))


def drawn(name: str, seed: int, given: ScalarField | None = None) -> tuple[Asked, ScalarField]:
    """A task of a kind, the same for all who have the seed, and the function to begin with.

    `given` is a function in place of the drawn one.

    Raises:
        ValueError: a kind that does not exist.

    >>> asked, begun = drawn("saddle", seed=1)
    >>> asked.text, begun.text
    ('Type a function f(x, y) that has a saddle point at (1, 2).', 'x + y')
    """
    kind, rng = known(name), np.random.default_rng([seed, *name.encode()])
    source = kind.sources[rng.integers(len(kind.sources))] if kind.sources else BLANK
    begun = catalog[source].field if source in catalog else ScalarField(source)
    if given is not None and given.source != begun.source:  # else it shows another window at most
        begun = given
    numbers = kind.draw(rng, begun)
    return Asked(kind.words(*numbers).text, kind.explorer, name, numbers, seed), begun


def known(name: str) -> Kind:
    """A kind by its name.

    Raises:
        ValueError: it does not exist.
    """
    if name not in KINDS:
        raise ValueError(
            f"no kind of task is called {name!r}; there are {', '.join(KINDS)}, and fog. A "
            "sentence of your own takes its condition, too: task('…', lambda at: at.value > 1)"
        )
    return KINDS[name]


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────


def _nothing(_: np.random.Generator, __: ScalarField) -> Numbers:
    return ()


def _one_of_each(*choices: tuple[float, ...]) -> Draw:
    return lambda rng, _: tuple(float(few[rng.integers(len(few))]) for few in choices)


def _greatest_slope(_: np.random.Generator, field: ScalarField) -> Numbers:
    grid = field.on_grid(order=1)
    assert grid.gradient is not None
    return (float(f"{np.nanmax(np.hypot(*grid.gradient)):.4g}"),)


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def _one_place(a: float, b: float, *_: float) -> Array:
    return np.array([[a, b]])


def _round(radius: float) -> Array:
    return np.vstack([judges.circle(radius), judges.circle(radius)[:1]])


_MIXED = ("himmelblau", "peaks", "six-hump camel")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "flat one way": Kind(
            "gradient",
            sentences.flat_one_way,
            judges.flat_one_way,
            _one_of_each((0, 1), (-1, 1)),
            _MIXED,
        ),
        "steepest": Kind(
            "gradient", sentences.steepest, judges.steepest, _greatest_slope, ("hill", "peaks")
        ),
        "no minimum": Kind("gradient", sentences.no_minimum, judges.no_minimum, _nothing, _MIXED),
        "inflexion": Kind(
            "derivative",
            sentences.inflexion,
            judges.inflexion,
            _one_of_each((-1, 1)),
            ("wave", WAVING),
        ),
        "direction": Kind(
            "gradient",
            sentences.direction,
            judges.direction,
            _one_of_each(FEW, FEW, tuple(sentences.WAYS)),
            shape=_one_place,
        ),
        "gradient": Kind(
            "gradient",
            sentences.gradient,
            judges.gradient,
            _one_of_each(FEW, FEW, (-3, -2, 2, 3), (-4, 5)),
            shape=_one_place,
        ),
        "level curve": Kind(
            "gradient",
            sentences.level_curve,
            judges.level_curve,
            _one_of_each((1, 1.5, 2)),
            shape=_round,
        ),
        "saddle": Kind(
            "curvature", sentences.saddle, judges.saddle, _one_of_each(FEW, FEW), shape=_one_place
        ),
        "valley": Kind(
            "curvature",
            sentences.valley,
            judges.valley,
            _one_of_each(FEW, FEW, (4, 9, 10, 25)),
            shape=_one_place,
        ),
        "zig-zag": Kind("descent", sentences.zigzag, judges.zigzag, _nothing, ("valley", "bowl")),
        "soon": Kind(
            "descent",
            sentences.soon,
            judges.soon,
            _one_of_each((40, 50, 60), (0.001,)),
            ("bowl", "booth"),
            rate=0.01,
        ),
    }
)
