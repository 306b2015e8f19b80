"""Pictures seen through another window, beside pictures of the same field on it as its domain."""

import numpy as np

from gradwidgets.pictures.marks import Polyline

ALIKE, MEASURED = 1e-12, 1e-5


def computed(picture, **values):
    """All numbers of a picture as its function computes them, where all else is at present."""
    present = {control.name: control.start for control in picture.ambient}
    return picture.compute(**present | values)


def part_of(field, start=0.13, size=0.8):
    """A window into a field: the part of each interval that starts at a share of it."""
    return {
        name: (low + start * (high - low), low + (start + size) * (high - low))
        for name, (low, high) in field.domain.items()
    }


def window_differences(make, field, places=5, **window):
    """How far the marks of `make(field)` in a window are off those of the field on that window.

    By name, where it is more than rounding; infinite for other sizes and holes. All that is
    ambient comes from the other picture, as a program that shows the terrain will tell it.
    """
    seen = part_of(field, **window)
    picture, other = make(field), make(field.with_domain(seen))
    around = {control.name: control.start for control in other.ambient}
    rng = np.random.default_rng(1)
    found = {}
    for _ in range(places):
        values = [
            rng.uniform(*seen[control.name]) if control.name in seen else control.start
            for control in picture.controls
        ]
        for name, off in _apart(picture.scene(values, around), other.scene(values)):
            found[name] = max(off, found.get(name, 0.0))
    return {name: off for name, off in found.items() if off > ALIKE}


def _apart(one, other):
    for name, numbers in one.numbers.items():
        yield name, _off(numbers, other[name])
    for panel in one.panels:
        yield (
            panel.name,
            _off([*panel.x, *panel.y], [*other.panel(panel.name).x, *other.panel(panel.name).y]),
        )
    for mark, twin in zip(one.marks, other.marks, strict=True):
        if isinstance(mark, Polyline) and mark.along:
            yield mark.name, _off(mark.along, twin.along)


def _off(found, expected):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape or (np.isfinite(found) != np.isfinite(expected)).any():
        return np.inf
    known = np.isfinite(expected)
    off, size = np.abs(found[known] - expected[known]), np.abs(expected[known])
    return float(off.max(initial=0.0) / (size.max(initial=0.0) or 1.0))
