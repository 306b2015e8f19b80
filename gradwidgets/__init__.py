"""Jupyter widgets for exploring gradients: type a function, drag the point, see its derivatives."""

from gradwidgets.calculus.catalog import Example, catalog
from gradwidgets.calculus.field import Grid, Kink, ScalarField
from gradwidgets.calculus.formula import Formula, FormulaError
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.link import Link, link
from gradwidgets.explorers.partials import PartialsExplorer

__version__ = "0.1.0"

__all__ = [
    "Example",
    "Formula",
    "FormulaError",
    "GradientExplorer",
    "Grid",
    "Kink",
    "Link",
    "PartialsExplorer",
    "ScalarField",
    "catalog",
    "link",
]
