"""What the tests of the curvature picture share: pictures of the catalogue, places, values."""

import numpy as np

from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.curvature import curvature_picture

MANY = [name for name, example in catalog.items() if len(example.variables) > 1]
TWO = [name for name in MANY if len(catalog[name].variables) == 2]
_pictures = {}


def picture_of(name):
    """The picture of an example of the catalogue, made once."""
    if name not in _pictures:
        example = catalog[name]
        place = dict(zip(example.variables, example.start, strict=True))
        _pictures[name] = curvature_picture(example.field, at=place)
    return _pictures[name]


def scene_of(name, point, angle=30.0, h=0.1, rate=0.01):
    """The scene at a point."""
    return picture_of(name).scene((*point, angle, h, rate))


def places(name, count=4):
    """The start and some points of an example's domain, the same ones in every run."""
    example = catalog[name]
    low, high = np.array(example.intervals).T
    drawn = np.random.default_rng(11).uniform(low, high, (count, len(low)))
    return [np.array(example.start), *drawn]


def hessian_of(field, point):
    """The Hessian by central differences of the gradient."""
    rows = []
    for axis in np.eye(len(point)):
        h = 6e-6 * max(1.0, *np.abs(point))
        rows.append((field.gradient(point + h * axis) - field.gradient(point - h * axis)) / (2 * h))
    return np.array(rows)
