"""Jupyter widgets for exploring gradients: type a function, drag the point, see its derivatives."""

from gradwidgets.calculus.catalog import Example, catalog
from gradwidgets.calculus.datasets import Dataset, datasets
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import Formula, FormulaError
from gradwidgets.calculus.grid import Grid
from gradwidgets.calculus.kinks import Kink
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.values import Variable, constant
from gradwidgets.explorers.curvature import CurvatureExplorer
from gradwidgets.explorers.derivative import DerivativeExplorer
from gradwidgets.explorers.descent import DescentExplorer
from gradwidgets.explorers.fit import FitExplorer
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.link import Link, link
from gradwidgets.explorers.pages import save_page
from gradwidgets.explorers.partials import PartialsExplorer
from gradwidgets.explorers.race import RaceExplorer
from gradwidgets.explorers.saved import options
from gradwidgets.explorers.tape import TapeExplorer
from gradwidgets.explorers.task import task
from gradwidgets.rendering.tape import GradientTape

__version__ = "0.1.0"

__all__ = [
    "CurvatureExplorer",
    "Dataset",
    "DerivativeExplorer",
    "DescentExplorer",
    "Example",
    "FitExplorer",
    "Formula",
    "FormulaError",
    "GradientExplorer",
    "GradientTape",
    "Grid",
    "Kink",
    "Link",
    "PartialsExplorer",
    "RaceExplorer",
    "ScalarField",
    "TapeExplorer",
    "Trajectory",
    "Variable",
    "catalog",
    "constant",
    "datasets",
    "descend",
    "link",
    "options",
    "save_page",
    "task",
]
