"""Where to start in a field: its own start, or a place that shows something."""

from __future__ import annotations

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Array, Domain, Point
from gradwidgets.pictures import terrain
from gradwidgets.pictures.arrows import sums_seen
from gradwidgets.pictures.control import Control

PLACES = 25  # along each interval, where a start is looked for
NEARBY = 0.4  # of the intervals: so far a start may lie from the usual one


def usual_start(field: ScalarField) -> tuple[float, ...]:
    """The start that shows a field's point, else near two thirds of every interval.

    There f is defined, and on a map both partials are seen, if that is so anywhere nearby.
    """
    middle = {control.name: control.start for control in terrain.controls(field)}
    usual = tuple(middle.values())
    if field.start:
        place = tuple({**middle, **field.start}.values())
        if alive(field, place):
            return place
    telling = _telling(field, usual) if len(usual) == 2 else None
    if telling is not None:
        return telling
    return usual if alive(field, usual) else _somewhere(field, usual)


def _telling(field: ScalarField, usual: tuple[float, ...]) -> tuple[float, ...] | None:
    """The round place nearest to the usual start where both partials are seen; the start first."""
    controls = terrain.controls(field)
    axes = [_round_places(control) for control in controls]
    grid = field.on_grid(*axes, order=1)
    seen = sums_seen(grid)
    places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)[seen]
    widths = [control.high - control.low for control in controls]
    away = np.hypot.reduce((places - usual) / widths, axis=-1)
    if not len(places) or away.min() > NEARBY:
        return None
    return tuple(map(float, places[np.argmin(away)]))


def _round_places(control: Control) -> Array:
    """Places all over a control's range with few digits, its ends and its start among them."""
    unit = 10 * control.step
    spread = np.linspace(control.low, control.high, PLACES)[1:-1]
    rounded = [float(f"{round(place / unit) * unit:.15g}") for place in spread]
    return np.unique([control.low, *rounded, control.start, control.high])


def roomy(
    field: ScalarField, point: Point, domain: Domain
) -> tuple[ScalarField, tuple[float, ...]]:
    """A field with room for a point: intervals that were not asked for grow to hold it."""
    place = tuple(float(number) for number in field.coordinates(point))
    wider = {}
    for name, number in zip(field.variables, place, strict=True):
        low, high = field.domain[name]
        if low <= number <= high:
            continue
        if name in domain or not np.isfinite(number):
            raise ValueError(f"the point's {name} = {number:g} lies outside of the domain")
        wider[name] = (min(low, 1.5 * number), max(high, 1.5 * number))
    return (field.with_domain(wider) if wider else field), place


def alive(field: ScalarField, point: tuple[float, ...]) -> bool:
    """Whether a point lies in the domain, and the field with its gradient is finite there."""
    intervals = field.domain.values()
    if not all(low <= x <= high for x, (low, high) in zip(point, intervals, strict=True)):
        return False
    try:
        return bool(np.isfinite(field.gradient(point)).all())
    except Exception:
        return False


def _somewhere(field: ScalarField, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The usual start, or the defined place of a coarse grid that is nearest to it."""
    axes = [field.axis(name, 13 if len(usual) < 4 else 5) for name in field.variables]
    grid = field.on_grid(*axes, order=1)
    assert grid.gradient is not None
    places = np.stack(np.meshgrid(*grid.axes, indexing="ij"), axis=-1)
    defined = places[np.isfinite(grid.gradient).all(axis=0)]
    if not len(defined):
        return usual
    return tuple(map(float, defined[np.argmin(np.sum((defined - usual) ** 2, axis=-1))]))
