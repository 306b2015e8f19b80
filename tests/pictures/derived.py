"""What the tests of the derivative's picture share: fields and scenes of a formula in x."""

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.derivative import derivative_picture as traced_picture
from tests.pictures.computed import untraced

derivative_picture = untraced(traced_picture)


def field(text, low=-3, high=3):
    """f on a domain."""
    return ScalarField(text, {"x": (low, high)}, ("x",))


def scene(text, x, h=0.5, kind="forward", **domain):
    """Its picture at a point."""
    return derivative_picture(field(text, **domain), difference=kind).scene((x, h))


def slope_of(line):
    """How steep a line through two points is."""
    (x0, y0), (x1, y1) = line
    return (y1 - y0) / (x1 - x0)
