"""gradwidgets beside plain autograd, JAX and PyTorch over the catalogue: one table with ratios."""

from __future__ import annotations

import argparse
import importlib
import itertools
import math
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeAlias

import autograd
import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.catalog import Example, catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FUNCTIONS
from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.tracing import derivatives
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering.wire import pack

Run: TypeAlias = Callable[[], Any]
Key: TypeAlias = tuple[str, str]  # a measure and a side

# Processor time where it is fine enough, and every side on one thread: on a quiet machine that is
# the time that passes, and on a busy one the neighbours' share is left out.
FINE = time.get_clock_info("process_time").resolution < 1e-6
CLOCK: Callable[[], float] = time.process_time if FINE else time.perf_counter
ROUNDS, BATCH = 5, 0.004  # seconds in which a side repeats a short run before the next has its turn
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
SIDE, LOOPS, STEPS, FEW = 200, 64, 1000, 100
RATE = 1e-4  # small enough for every function: what is timed must not run away
MEASURES = {
    "new_formula": "from a new formula to its first gradient",
    "gradient": "gradient at a point",
    "hessian": "Hessian at a point",
    "grid_value": f"f on {SIDE}×{SIDE}",
    "grid_gradient": f"f and partials on {SIDE}×{SIDE}",
    "grid_hessian": f"f, partials, Hessian on {SIDE}×{SIDE}",
    "descent": f"descent, {STEPS:,} steps",
    "descents": f"{LOOPS} descents; autograd one by one",
    "descents_at_once": f"{LOOPS} descents; autograd vectorised",
    "gradient_picture": "update of a gradient picture",
    "partials_picture": "update of a partials picture",
}
PLANAR = {"descent", "descents", "descents_at_once", "gradient_picture"}  # of two variables
# Long loops are timed in part, for their steps cost alike; so many such parts are the whole.
PARTS: dict[Key, int] = {
    ("descent", "autograd"): STEPS // FEW,
    ("descents", "autograd"): STEPS // FEW * LOOPS,
    ("descents_at_once", "autograd"): STEPS // FEW,
    ("descent", "PyTorch"): STEPS // FEW,
    ("descents_at_once", "PyTorch"): STEPS // FEW,
}


@dataclass(frozen=True)
class Case:
    """A function of the catalogue, with what every side needs of it."""

    example: Example

    @cached_property
    def field(self) -> ScalarField:
        return self.example.field

    @property
    def point(self) -> tuple[float, ...]:
        """Beside the start, which may be a corner, where conventions differ."""
        return tuple(c + 0.01 for c in self.example.start)

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(range(len(self.point)))

    @property
    def axes(self) -> list[Any]:
        """As many points for every function: two axes to run over, or one that is longer."""
        names = self.field.variables
        if len(names) == 1:
            return [self.field.axis(0, SIDE * SIDE)]
        return [*(self.field.axis(place, SIDE) for place in (0, 1)), *self.point[2:]]

    @cached_property
    def mesh(self) -> list[Any]:
        return list(np.meshgrid(*self.axes, indexing="ij"))

    @property
    def starts(self) -> list[Any]:
        """The starts of many descents, around the usual one."""
        return [c + np.linspace(-0.1, 0.1, LOOPS) for c in self.point]


# ── the sides: a method for each measure, from a case to what is timed ───────────────────────────


class Gradwidgets:
    """The public calls."""

    name = "gradwidgets"

    def new_formula(self, case: Case) -> Run:
        example = case.example
        domain = example.domain
        return lambda: ScalarField(example.text, domain, example.variables).gradient(example.start)

    def gradient(self, case: Case) -> Run:
        return partial(case.field.gradient, case.point)

    def hessian(self, case: Case) -> Run:
        return partial(case.field.hessian, case.point)

    def grid_value(self, case: Case) -> Run:
        return partial(case.field.on_grid, *case.axes)

    def grid_gradient(self, case: Case) -> Run:
        return partial(case.field.on_grid, *case.axes, order=1)

    def grid_hessian(self, case: Case) -> Run:
        return partial(case.field.on_grid, *case.axes, order=2)

    def descent(self, case: Case) -> Run:
        return partial(descend, case.field.gradient, np.array(case.point), STEPS)

    def gradient_picture(self, case: Case) -> Run:
        return partial(update, *shown_gradient(case))

    def partials_picture(self, case: Case) -> Run:
        return partial(update, *shown_partials(case))


class Programs:
    """The traced programs alone."""

    name = "program"

    def gradient(self, case: Case) -> Run:
        return partial(case.field.gradient_program, *case.point)

    def hessian(self, case: Case) -> Run:
        return partial(case.field.hessian_program, *case.point)

    def grid_value(self, case: Case) -> Run:
        return partial(program_on(case, 0, case.mesh), *case.mesh)

    def grid_gradient(self, case: Case) -> Run:
        return partial(program_on(case, 1, case.mesh), *case.mesh)

    def grid_hessian(self, case: Case) -> Run:
        return partial(program_on(case, 2, case.mesh), *case.mesh)

    def descent(self, case: Case) -> Run:
        return partial(descend_by_program, case.field.gradient_program, case.point, STEPS)

    def descents(self, case: Case) -> Run:
        return partial(descend_by_program, program_on(case, 1, case.starts), case.starts, STEPS)

    descents_at_once = descents

    def gradient_picture(self, case: Case) -> Run:
        picture, values = shown_gradient(case)
        return partial(picture.present.numbers, *values)

    def partials_picture(self, case: Case) -> Run:
        picture, values = shown_partials(case)
        return partial(picture.present.numbers, *values)


class Rival:
    """Another library: the catalogue's text is read with the functions of its `module`."""

    def __init__(self, module: ModuleType) -> None:
        names = {name: getattr(module, name, None) for name in FUNCTIONS}
        self.names = {**names, "pi": math.pi, "e": math.e}

    def function(self, case: Case) -> Callable[..., Any]:
        parameters = ", ".join(case.example.variables)
        made: Callable[..., Any] = eval(f"lambda {parameters}: {case.example.text}", self.names)
        return made

    def of_vector(self, case: Case) -> Callable[[Any], Any]:
        function = self.function(case)
        return lambda p: function(*p)


class Autograd(Rival):
    """autograd in its fastest forms: of a vector at a point, of separate arrays on a grid."""

    name = "autograd"

    def __init__(self) -> None:
        super().__init__(anp)

    def new_formula(self, case: Case) -> Run:
        return lambda: self.gradient(case)()

    def gradient(self, case: Case) -> Run:
        return partial(autograd.grad(self.of_vector(case)), np.array(case.point))

    def hessian(self, case: Case) -> Run:
        return partial(autograd.hessian(self.of_vector(case)), np.array(case.point))

    def grid_value(self, case: Case) -> Run:
        return partial(self.function(case), *case.mesh)

    def grid_gradient(self, case: Case) -> Run:
        return partial(self.pull_back(case), *case.mesh)

    def pull_back(self, case: Case) -> Callable[..., Any]:
        """The value and all partials in one pass forward and one back."""
        both = autograd.make_vjp(self.function(case), case.places)

        def derive(*coordinates: Any) -> tuple[Any, ...]:
            vjp, value = both(*coordinates)
            return (value, *vjp(np.ones(np.shape(value))))

        return derive

    def grid_hessian(self, case: Case) -> Run:
        first, function = self.pull_back(case), self.function(case)
        partials = [autograd.elementwise_grad(function, place) for place in case.places]
        rows = [autograd.elementwise_grad(by_one, case.places) for by_one in partials]
        return lambda: [derive(*case.mesh) for derive in (first, *rows)]

    def descent(self, case: Case) -> Run:
        gradient = autograd.grad(self.of_vector(case))
        return partial(descend, gradient, np.array(case.point), FEW)

    descents = descent

    def descents_at_once(self, case: Case) -> Run:
        return partial(descend_by_program, self.pull_back(case), case.starts, FEW)

    def gradient_picture(self, case: Case) -> Run:
        picture, values = shown_gradient(case)
        return partial(picture.present.plain, *values)

    def partials_picture(self, case: Case) -> Run:
        picture, values = shown_partials(case)
        return partial(picture.present.plain, *values)


class Jax(Rival):
    """JAX, jitted; a whole descent is one compiled scan, and a first call compiles."""

    name = "JAX"

    def __init__(self) -> None:
        os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
        self.jax = importlib.import_module("jax")
        self.jax.config.update("jax_enable_x64", True)
        self.jax.config.update("jax_platforms", "cpu")
        super().__init__(importlib.import_module("jax.numpy"))

    def jitted(self, function: Callable[[Any], Any], p: Any) -> Run:
        made, wait = self.jax.jit(function), self.jax.block_until_ready
        return lambda: wait(made(p))

    def new_formula(self, case: Case) -> Run:
        return lambda: self.gradient(case)()

    def gradient(self, case: Case) -> Run:
        return self.jitted(self.jax.grad(self.of_vector(case)), np.array(case.point))

    def hessian(self, case: Case) -> Run:
        return self.jitted(self.jax.hessian(self.of_vector(case)), np.array(case.point))

    def on_grid(self, case: Case, derive: Callable[..., Any]) -> Run:
        points = self.jax.numpy.stack(case.mesh).reshape(len(case.point), -1)
        return self.jitted(self.jax.vmap(derive, in_axes=1), points)

    def grid_value(self, case: Case) -> Run:
        return self.on_grid(case, self.of_vector(case))

    def grid_gradient(self, case: Case) -> Run:
        return self.on_grid(case, self.jax.value_and_grad(self.of_vector(case)))

    def grid_hessian(self, case: Case) -> Run:
        f = self.of_vector(case)
        first, second = self.jax.value_and_grad(f), self.jax.hessian(f)
        return self.on_grid(case, lambda p: (first(p), second(p)))

    def path(self, case: Case) -> Callable[[Any], Any]:
        gradient = self.jax.grad(self.of_vector(case))

        def step(p: Any, _: None) -> tuple[Any, Any]:
            following = p - RATE * gradient(p)
            return following, following

        return lambda p: self.jax.lax.scan(step, p, None, length=STEPS)[1]

    def descent(self, case: Case) -> Run:
        return self.jitted(self.path(case), np.array(case.point))

    def descents_at_once(self, case: Case) -> Run:
        return self.jitted(self.jax.vmap(self.path(case), in_axes=1), np.stack(case.starts))


class PyTorch(Rival):
    """PyTorch in float64, without compiling."""

    name = "PyTorch"

    def __init__(self) -> None:
        self.torch = importlib.import_module("torch")
        self.torch.set_num_threads(1)
        super().__init__(self.torch)

    def leaves(self, coordinates: Iterable[Any]) -> list[Any]:
        make = partial(self.torch.tensor, dtype=self.torch.float64, requires_grad=True)
        return [make(c) for c in coordinates]

    def partials(self, value: Any, leaves: Sequence[Any], **options: Any) -> tuple[Any, ...]:
        options |= {"allow_unused": True, "materialize_grads": True}
        return tuple(self.torch.autograd.grad(value.sum(), leaves, **options))

    def new_formula(self, case: Case) -> Run:
        return lambda: self.gradient(case)()

    def gradient(self, case: Case) -> Run:
        function = self.function(case)

        def derive() -> tuple[Any, ...]:
            leaves = self.leaves(case.point)
            return self.partials(function(*leaves), leaves)

        return derive

    def hessian(self, case: Case) -> Run:
        derive = partial(self.torch.autograd.functional.hessian, self.of_vector(case))
        return lambda: derive(self.torch.tensor(case.point, dtype=self.torch.float64))

    def grid_value(self, case: Case) -> Run:
        mesh = [leaf.detach() for leaf in self.leaves(case.mesh)]
        return partial(self.function(case), *mesh)

    def grid_gradient(self, case: Case) -> Run:
        mesh, function = self.leaves(case.mesh), self.function(case)

        def derive() -> tuple[Any, ...]:
            value = function(*mesh)
            return (value, *self.partials(value, mesh))

        return derive

    def grid_hessian(self, case: Case) -> Run:
        mesh, function = self.leaves(case.mesh), self.function(case)

        def derive() -> tuple[Any, ...]:
            value = function(*mesh)
            slopes = self.partials(value, mesh, create_graph=True)
            curved = [slope for slope in slopes if slope.requires_grad]  # a constant's slope is 0
            rows = [self.partials(slope, mesh, retain_graph=True) for slope in curved]
            return (value, slopes, rows)

        return derive

    def descend(self, function: Callable[..., Any], start: Iterable[Any]) -> list[Any]:
        points, leaves = [], self.leaves(start)
        for _ in range(FEW):
            slopes = self.partials(function(*leaves), leaves)
            steps = zip(leaves, slopes, strict=True)
            leaves = [(x - RATE * slope).detach().requires_grad_() for x, slope in steps]
            points.append(leaves)
        return points

    def descent(self, case: Case) -> Run:
        return partial(self.descend, self.function(case), case.point)

    def descents_at_once(self, case: Case) -> Run:
        return partial(self.descend, self.function(case), case.starts)


def sides() -> list[Any]:
    """Ours, autograd, and what else is installed."""
    others = [side for module, side in (("jax", Jax), ("torch", PyTorch)) if find_spec(module)]
    return [Gradwidgets(), Programs(), Autograd(), *(side() for side in others)]


def program_on(case: Case, order: int, coordinates: Sequence[Any]) -> Program:
    """The program for arrays of these shapes: the value and its derivatives up to an order."""
    return trace(partial(derivatives, case.field.function, order), *coordinates)


def descend(gradient: Callable[[Any], Any], p: Any, steps: int) -> list[Any]:
    points = []
    for _ in range(steps):
        p = p - RATE * gradient(p)
        points.append(p)
    return points


def descend_by_program(program: Callable[..., Any], start: Iterable[Any], steps: int) -> list[Any]:
    points, (x, y) = [], start
    for _ in range(steps):
        _f, by_x, by_y = program(x, y)
        x, y = x - RATE * by_x, y - RATE * by_y
        points.append((x, y))
    return points


def shown_gradient(case: Case) -> tuple[Picture, tuple[float, ...]]:
    return gradient_picture(case.field), (*case.point, 30.0)


def shown_partials(case: Case) -> tuple[Picture, tuple[float, ...]]:
    return partials_picture(case.field), case.point


def update(picture: Picture, values: Sequence[float]) -> bytes:
    """All that Python does for a new frame: the scene's numbers, packed for the browser."""
    return pack(picture.scene(values))


# ── timing ───────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Timing:
    """A run, what its first call took, and what it takes in each round, in seconds."""

    run: Run
    parts: int
    first: float
    count: int
    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def take_turn(self) -> None:
        if self.count > 1:
            self.run()  # brings its code and data back into the caches
        self.rounds.append(timed(self.run, self.count) * self.parts)


Results: TypeAlias = Mapping[str, Mapping[Key, Timing]]  # by the catalogue's names


def timed(run: Run, count: int = 1) -> float:
    start = CLOCK()
    for _ in itertools.repeat(None, count):
        run()
    return (CLOCK() - start) / count


def prepare(run: Run, parts: int) -> Timing:
    first, _second, usual = timed(run), timed(run), timed(run)
    return Timing(run, parts, first, max(1, int(BATCH / usual)))


def contenders(case: Case, everyone: Sequence[Any]) -> dict[Key, Timing]:
    planar = len(case.point) == 2
    suited = [measure for measure in MEASURES if planar or measure not in PLANAR]
    makers = {
        (measure, side.name): getattr(side, measure)
        for measure, side in itertools.product(suited, everyone)
        if hasattr(side, measure)
    }
    return {key: prepare(make(case), PARTS.get(key, 1)) for key, make in makers.items()}


def measure(case: Case, everyone: Sequence[Any], rounds: int) -> dict[Key, Timing]:
    """Every side in every measure, in turns, so that a machine that slows down slows all."""
    timings = contenders(case, everyone)
    check(case, timings)
    for _ in range(rounds):
        for timing in timings.values():
            timing.take_turn()
    return timings


def check(case: Case, timings: Mapping[Key, Timing]) -> None:
    """Refuse to compare sides that compute different things."""
    for name, power in (("gradient", 1), ("hessian", 2)):
        count = len(case.point) ** power
        found = [t.run() for (measure, _), t in timings.items() if measure == name]
        first, *others = (np.hstack([np.ravel(part) for part in one])[-count:] for one in found)
        for other in others:
            np.testing.assert_allclose(other, first, rtol=1e-9, atol=1e-9)


# ── the report ───────────────────────────────────────────────────────────────────────────────────

TIMES = ("gradwidgets", "program", "autograd")
COLUMNS = (*TIMES, "ratio", "program's", "JAX", "compiling", "PyTorch")
LEGEND = """\
Processor time on one thread. program: the traced program alone. ratio, program's: autograd's time
over gradwidgets' and over the program's. compiling: JAX's first call."""


def medians(results: Results, key: Key) -> list[float]:
    return [timings[key].median for timings in results.values() if key in timings]


def ratios(results: Results, over: Key, under: Key) -> list[float]:
    """For every function the median over the rounds of one time over another."""
    return [
        statistics.median(
            a / b for a, b in zip(timings[over].rounds, timings[under].rounds, strict=True)
        )
        for timings in results.values()
        if over in timings and under in timings
    ]


def first_calls(results: Results, key: Key) -> list[float]:
    return [timings[key].first for timings in results.values() if key in timings]


def middle(numbers: Sequence[float], show: Callable[[float], str]) -> str:
    return show(statistics.median(numbers)) if numbers else "–"


UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def show_time(seconds: float) -> str:
    unit, size = next((u for u in UNITS if seconds >= u[1]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def show_ratio(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×"


def row(results: Results, measure: str, title: str) -> str:
    def taken(side: str) -> str:
        return middle(medians(results, (measure, side)), show_time)

    def by(side: str) -> str:
        found = ratios(results, (measure, "autograd"), (measure, side))
        return middle(found, show_ratio)

    first = middle(first_calls(results, (measure, "JAX")), show_time)
    cells = [*map(taken, TIMES), by("gradwidgets"), by("program"), taken("JAX"), first]
    return line(title, [*cells, taken("PyTorch")])


def line(title: str, cells: Iterable[str]) -> str:
    return f"{title:<41}" + "".join(f"{cell:>11}" for cell in cells)


def table(results: Results, title: str) -> str:
    met = {measure for timings in results.values() for measure, _ in timings}
    rows = [row(results, measure, MEASURES[measure]) for measure in MEASURES if measure in met]
    return "\n".join([line(title, COLUMNS), *rows])


@dataclass(frozen=True)
class Bar:
    """A promise about a median over the catalogue."""

    title: str
    found: list[float]
    least: float = 0.0
    most: float = math.inf
    show: Callable[[float], str] = show_ratio

    @property
    def kept(self) -> bool:
        return self.least <= statistics.median(self.found) <= self.most

    def __str__(self) -> str:
        bound = f"≥ {self.show(self.least)}" if self.least else f"≤ {self.show(self.most)}"
        low, high = self.show(min(self.found)), self.show(max(self.found))
        value = f"{self.show(statistics.median(self.found))} ({low} … {high})"
        return f"{self.title:<45}{value:>32}   {bound:<9} {'yes' if self.kept else 'no'}"


def bars(results: Results) -> list[Bar]:
    def faster(measure: str, side: str = "gradwidgets") -> list[float]:
        return ratios(results, (measure, "autograd"), (measure, side))

    def grid(side: str) -> list[float]:
        return ratios(results, ("grid_gradient", side), ("grid_value", side))

    def taken(measure: str, most: float) -> Bar:
        found = medians(results, (measure, "gradwidgets"))
        return Bar(MEASURES[measure], found, most=most, show=show_time)

    return [
        Bar("gradient at a point, over autograd.grad", faster("gradient"), least=100),
        Bar("Hessian at a point, over autograd.hessian", faster("hessian"), least=200),
        Bar("descent, over a loop of autograd.grad", faster("descent", "program"), least=100),
        taken("new_formula", most=10e-3),
        Bar("on a grid, f and partials over f alone", grid("gradwidgets"), most=5),
        Bar("the same, programs alone", grid("program"), most=5),
        taken("gradient_picture", most=0.5e-3),
        taken("partials_picture", most=0.5e-3),
    ]


def versions() -> str:
    found = filter(find_spec, ("numpy", "autograd", "jax", "torch"))
    return ", ".join(f"{name} {version(name)}" for name in found)


def report(results: Results, detail: bool) -> bool:
    if detail:
        for name, timings in results.items():
            print(table({name: timings}, name), end="\n\n")
    print(table(results, f"median of {len(results)} functions"), "", LEGEND, sep="\n")
    print(versions(), end="\n\n")
    promises = bars(results)
    print(*promises, sep="\n")
    return all(bar.kept for bar in promises)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detail", action="store_true", help="a table for every function too")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns that every side takes")
    chosen = parser.parse_args()
    everyone = sides()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # autograd's, where a function is linear
        cases = {name: Case(example) for name, example in catalog.items()}
        results = {name: measure(case, everyone, chosen.rounds) for name, case in cases.items()}
    return 0 if report(results, chosen.detail) else 1


if __name__ == "__main__":
    sys.exit(main())
