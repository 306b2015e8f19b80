"""The ground of a map: which function's terrain it is, and the curves that a file shows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.types import Array


@dataclass(frozen=True)
class PaleArrows:
    """The gradient all over a map: `density` arrows along each side, centred on their places.

    They show the direction alone where they are `normalized`; else they have one scale.
    """

    density: int
    normalized: bool = False


@dataclass(frozen=True)
class Terrain:
    """The terrain of a field over two of its variables, the others at the point's coordinates.

    `spacing` is that of the level curves, one of `SPACINGS`. They are chosen from f at `points`
    places along each side, and drawn over the grid that halves those steps. A `silent` one tells
    no number.
    """

    across: str
    up: str
    spacing: str = "auto"
    points: int = 61
    arrows: PaleArrows | None = None
    silent: bool = False


class Sheet(NamedTuple):
    """Values over a grid: `values[i, j]` belongs to `x[i]`, `y[j]`.

    Where `torn` is true f jumps beside that place, and no level curve is drawn there; where `gaps`
    is, f itself is undefined, and the value is that close by.
    """

    x: Array
    y: Array
    values: Array
    torn: Array | None = None
    gaps: Array | None = None


@dataclass(frozen=True, eq=False)  # one is equal to itself alone, so that panels can be compared
class Contours:
    """Level curves, whose fine grid is computed by `make` only where they are painted.

    `note` says in a few words beside the map how the rising `levels` are spaced, `told` in a
    sentence. `valley` is true where even levels would leave half of the map without a curve.
    `arrows` are pale ones over all of it, (k, 4) as an `Arrow` has them. Where they are `silent`
    there is no number on the curves.
    """

    make: Callable[[], Sheet]
    levels: tuple[float, ...]
    note: str = ""
    told: str = ""
    valley: bool = False
    arrows: Array | None = None
    silent: bool = False

    @cached_property
    def sheet(self) -> Sheet:
        """Values over the grid."""
        return self.make()


class Dependent(NamedTuple):
    """f where it depends on more than its variables: on controls, by their names, and on data.

    `function` takes the variables, the controls' values, and of each array the first `rows`.
    """

    function: Callable[..., Any]
    controls: tuple[str, ...]
    rows: int


def rising(
    field: ScalarField, terrain: Terrain, over: Callable[..., Any] | None = None
) -> Callable[..., tuple[Any, Any, Any]]:
    """From all the field's variables to f and its partials across and up.

    Where f is taken `over` more than its variables, from that, too.

    >>> rise = rising(ScalarField("x*y + z"), Terrain("z", "x"))
    >>> [float(number) for number in rise(2.0, 3.0, 4.0)]
    [10.0, 1.0, 3.0]
    """
    across, up = field.index(terrain.across), field.index(terrain.up)

    def rise(*given: Any) -> tuple[Any, Any, Any]:
        point, data = given[: len(field.variables)], given[len(field.variables) :]
        function = field.function if over is None else lambda *place: over(*place, *data)
        f, partials = value_and_partials(function, point)
        return f, partials[across], partials[up]

    return rise
