"""Named functions, each with a domain, a start that shows its point, and its known minima.

Values: Molga & Smutnicki, *Test functions for optimization needs* (2005); MATLAB's `peaks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from gradwidgets.calculus import named
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Interval


@dataclass(frozen=True)
class Example(named.Named):
    """A function worth looking at.

    `start` is where an explorer opens; `minima` are points of least value; `lesson` says what to
    see. The intervals stand in the order of the variables.
    """

    title: str
    text: str
    intervals: tuple[Interval, ...]
    start: tuple[float, ...]
    lesson: str
    minima: tuple[tuple[float, ...], ...] = ()
    variables: tuple[str, ...] = ("x", "y")

    @cached_property
    def field(self) -> ScalarField:
        """The example as a field, always the same one: what it has traced serves all who ask.

        >>> catalog["bowl"].field.value((1, 2))
        41.0
        """
        return ScalarField(self)

    @property
    def domain(self) -> dict[str, Interval]:
        """The interval of every variable."""
        return dict(zip(self.variables, self.intervals, strict=True))


def _square(half_width: float) -> tuple[Interval, Interval]:
    return ((-half_width, half_width), (-half_width, half_width))


catalog: Mapping[str, Example] = MappingProxyType(
    {
        "bowl": Example(
            "Bowl x² + 10y²",
            "x**2 + 10*y**2",
            _square(3),
            (1.5, 0.5),
            "The gradient does not point at the minimum.",
            minima=((0, 0),),
        ),
        "valley": Example(
            "Narrow bowl, κ = 25",
            "(x**2 + 25*y**2)/2",
            ((-30, 30), (-15, 15)),
            (25.0, 1.0),
            "From here the steepest descent zig-zags as badly as it can.",
            minima=((0, 0),),
        ),
        "saddle": Example(
            "Saddle",
            "x**2 - y**2",
            _square(2),
            (0.8, 0.0),
            "On the ridge the gradient leads to a point that is no minimum.",
        ),
        "monkey saddle": Example(
            "Monkey saddle",
            "x**3 - 3*x*y**2",
            _square(2),
            (1.2, 0.6),
            "At the origin gradient and Hessian both vanish.",
        ),
        "trough": Example(
            "Trough x²",
            "x**2",
            _square(2),
            (0.8, 0.5),
            "∂f/∂y is 0 everywhere: y does not matter.",
            minima=((0, 0), (0, 1)),
        ),
        "hill": Example(
            "Hill",
            "exp(-x**2 - y**2)",
            _square(2),
            (0.8, 0.4),
            "The gradient points uphill, and is short where the hill is flat.",
        ),
        "rosenbrock": Example(
            "Rosenbrock",
            "(1 - x)**2 + 100*(y - x**2)**2",
            _square(2),
            (-1.0, -1.0),
            "Steep walls, and a valley floor that is almost flat.",
            minima=((1, 1),),
        ),
        "himmelblau": Example(
            "Himmelblau",
            "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
            _square(5),
            (-0.15, 0.67),
            "Four minima: a small step decides which one is found.",
            minima=(
                (3, 2),
                (-2.805118086952745, 3.131312518250573),
                (-3.779310253377747, -3.283185991286170),
                (3.584428340330492, -1.848126526964404),
            ),
        ),
        "beale": Example(
            "Beale",
            "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
            _square(4.5),
            (1.0, 1.5),
            "A flat middle between steep corners.",
            minima=((3, 0.5),),
        ),
        "booth": Example(
            "Booth",
            "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
            _square(10),
            (-5.0, 4.0),
            "A tilted bowl.",
            minima=((1, 3),),
        ),
        "matyas": Example(
            "Matyas",
            "0.26*(x**2 + y**2) - 0.48*x*y",
            _square(10),
            (-5.0, 3.0),
            "Flat along one diagonal, steep along the other.",
            minima=((0, 0),),
        ),
        "three-hump camel": Example(
            "Three-hump camel",
            "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
            _square(2.2),
            (-1.2, 1.2),
            "Three valleys, of which the middle one is deepest.",
            minima=((0, 0),),
        ),
        "six-hump camel": Example(
            "Six-hump camel",
            "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
            ((-2, 2), (-1.2, 1.2)),
            (1.0, 0.3),
            "Six valleys; two of them share the lowest floor.",
            minima=(
                (0.08984201368301331, -0.7126564032704135),
                (-0.08984201368301331, 0.7126564032704135),
            ),
        ),
        "rastrigin": Example(
            "Rastrigin",
            "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
            _square(5.12),
            (1.7, 1.2),
            "A valley at every whole number: the gradient sees only the nearest.",
            minima=((0, 0),),
        ),
        "ackley": Example(
            "Ackley",
            "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
            _square(4),
            (1.3, 1.4),
            "The minimum is a cusp: there the slope has no single value.",
            minima=((0, 0),),
        ),
        "peaks": Example(
            "Peaks",
            "3*(1 - x)**2*exp(-x**2 - (y + 1)**2)"
            " - 10*(x/5 - x**3 - y**5)*exp(-x**2 - y**2) - exp(-(x + 1)**2 - y**2)/3",
            _square(3),
            (-0.4, -0.5),
            "Hills, hollows and passes on one map.",
            minima=((0.22827892, -1.62553496),),
        ),
        "wave": Example(
            "Wave sin x",
            "sin(x)",
            ((-6, 6),),
            (1.0,),
            "The slope of the sine is the cosine.",
            variables=("x",),
        ),
        "cubic": Example(
            "Cubic x³ − 3x",
            "x**3 - 3*x",
            ((-2.2, 2.2),),
            (0.4,),
            "Where f′ is 0 the curve turns, and where f″ is 0 it bends the other way.",
            variables=("x",),
        ),
        "bell": Example(
            "Bell curve",
            "exp(-x**2)",
            ((-3, 3),),
            (0.7,),
            "It is steepest exactly where f″ changes its sign.",
            variables=("x",),
        ),
        "corner": Example(
            "Corner |x|",
            "abs(x)",
            ((-2, 2),),
            (0.0,),
            "At 0 the slope on the left is −1, on the right 1: there is no tangent.",
            minima=((0,),),
            variables=("x",),
        ),
        "ramp": Example(
            "Ramp max(x, 0)",
            "max(x, 0)",
            ((-2, 2),),
            (0.0,),
            "At 0 the slope on the left is 0, on the right 1. autograd says ½, by convention.",
            variables=("x",),
        ),
        "ellipsoid": Example(
            "Three variables",
            "x**2 + 2*y**2 + 3*z**2 + x*y",
            ((-2, 2), (-2, 2), (-2, 2)),
            (1.0, -1.0, 0.5),
            "Three variables, three partial derivatives.",
            minima=((0, 0, 0),),
            variables=("x", "y", "z"),
        ),
    }
)
named.known.update(catalog)
