"""How many bytes of numbers a gesture brings, for each explorer: what a slow network must carry."""

import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.explorers.curvature import CurvatureExplorer
from gradwidgets.explorers.derivative import DerivativeExplorer
from gradwidgets.explorers.descent import DescentExplorer
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.partials import PartialsExplorer
from gradwidgets.explorers.race import RaceExplorer
from gradwidgets.explorers.tape import TapeExplorer

KILO = 1024
BARS = {
    "derivative": (lambda: DerivativeExplorer(catalog["wave"].field), 4),
    "partials": (lambda: PartialsExplorer(catalog["bowl"].field), 4),
    "gradient": (lambda: GradientExplorer(catalog["bowl"].field), 4),
    "gradient and surface": (lambda: GradientExplorer(catalog["bowl"].field, view="both"), 8),
    "descent": (lambda: DescentExplorer(catalog["bowl"].field), 8),
    "race": (lambda: RaceExplorer(catalog["bowl"].field), 8),
    "curvature and surface": (
        lambda: CurvatureExplorer(catalog["monkey saddle"].field, view="both"),
        32,
    ),
    "tape": (lambda: TapeExplorer("y = x*w + b"), 4),
}


@pytest.mark.parametrize("name", BARS)
def test_the_numbers_of_a_picture_are_few(name):
    make, most = BARS[name]
    explorer = make()
    assert len(explorer._canvas.numbers) <= most * KILO
    explorer.close()


def test_the_steps_that_a_search_did_not_make_cost_nothing():
    """Room for ten times as many steps, and the search has diverged long before."""
    short, long = (DescentExplorer("x**2 + y**2", rate=20.0, steps=n) for n in (100, 1000))
    assert len(long.run) < 1000
    assert len(long._canvas.numbers) < len(short._canvas.numbers) + 64
