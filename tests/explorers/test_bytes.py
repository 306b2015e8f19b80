"""How many bytes an explorer takes, for each explorer: what a slow network must carry."""

import json

import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.explorers.curvature import CurvatureExplorer
from gradwidgets.explorers.derivative import DerivativeExplorer
from gradwidgets.explorers.descent import DescentExplorer
from gradwidgets.explorers.fit import FitExplorer
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.partials import PartialsExplorer
from gradwidgets.explorers.race import RaceExplorer
from gradwidgets.explorers.surface import SurfaceExplorer
from gradwidgets.explorers.tape import TapeExplorer
from gradwidgets.rendering import wire
from tests.explorers.face import Face

KILO = 1024
MOST = 120_000  # bytes of state beside the front end's own text
BARS = {  # kilobytes of numbers where the page has no program
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
    "fit": (lambda: FitExplorer(), 16),
    "tape": (lambda: TapeExplorer("y = x*w + b"), 4),
}
KINDS = (
    DerivativeExplorer,
    PartialsExplorer,
    GradientExplorer,
    DescentExplorer,
    RaceExplorer,
    CurvatureExplorer,
    FitExplorer,
    TapeExplorer,
)


def state_size(explorer):
    """Bytes of all that is told at an opening, but the front end's own text."""
    state = explorer.get_state(set(explorer.keys) - {"_esm", "_css"})
    binary = {name: value for name, value in state.items() if isinstance(value, bytes | memoryview)}
    plain = {name: value for name, value in state.items() if name not in binary}
    text = json.dumps(plain, allow_nan=False, ensure_ascii=False)
    return len(text.encode()) + sum(map(len, binary.values()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_explorer_s_state_is_small_also_with_map_and_surface(kind):
    explorer = kind()
    assert state_size(explorer) <= MOST
    if issubclass(kind, SurfaceExplorer):
        explorer.view = "both"
        assert state_size(explorer) <= MOST


@pytest.mark.parametrize("name", BARS)
def test_the_numbers_of_a_picture_are_few(name):
    make, most = BARS[name]
    assert len(wire.pack(make().scene)) <= most * KILO


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_drag_takes_few_bytes_each_way(kind):
    face = Face(kind())
    face.clear()
    face.drag(**{name: face.control(name)["low"] for name in face.explorer.field.variables[:1]})
    answers = [len(json.dumps(one.state, allow_nan=False)) for one in face.messages]
    assert 0 < sum(answers) < KILO


def test_the_steps_that_a_search_did_not_make_cost_nothing():
    """Room for ten times as many steps, and the search has diverged long before."""
    short, long = (DescentExplorer("x**2 + y**2", rate=20.0, steps=n) for n in (100, 1000))
    assert len(long.run) < 1000
    assert len(wire.pack(long.scene)) < len(wire.pack(short.scene)) + 64
