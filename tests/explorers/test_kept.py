"""Pictures that several explorers share: traced once, told apart by all that makes them."""

import numpy as np
import pytest

from gradwidgets import (
    CurvatureExplorer,
    DerivativeExplorer,
    DescentExplorer,
    GradientExplorer,
    PartialsExplorer,
    RaceExplorer,
)
from gradwidgets.calculus.program import tracing
from gradwidgets.explorers import kept
from tests.explorers.face import Face
from tests.explorers.views import shown

BOWL = "x**2 + 10*y**2"
SHARING = (GradientExplorer, PartialsExplorer, CurvatureExplorer, DescentExplorer)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(kept, "_pictures", {})


@pytest.fixture
def traced(monkeypatch):
    """What has been traced at a point; grids may be traced where they come again."""
    found, cleaned = [], tracing.cleaned

    def noting(listing):
        if not any(listing.shapes):
            found.append(listing)
        return cleaned(listing)

    monkeypatch.setattr(tracing, "cleaned", noting)
    return found


@pytest.mark.parametrize("make", SHARING)
def test_a_second_explorer_of_a_formula_traces_nothing(make, traced):
    first = make(BOWL, point=(1, 2))
    before = shown(first)
    traced.clear()
    second = make(BOWL, point=(1, 2))
    assert shown(second) == before
    assert second._shown is first._shown
    assert traced == []


def test_neither_do_a_reset_and_an_example_that_is_opened_again(traced):
    explorer = GradientExplorer("bowl")
    face, picture, before = Face(explorer), explorer._shown, explorer.code()
    face.choose("peaks")
    traced.clear()
    face.choose("bowl")
    assert traced == []
    assert explorer.point == GradientExplorer("bowl").point
    explorer.density = 9
    traced.clear()
    face.reset()
    assert traced == []
    assert (explorer._shown, explorer.code()) == (picture, before)


@pytest.mark.parametrize(
    "other",
    [
        {"point": (1, 1)},
        {"domain": {"x": (-2, 2)}},
        {"density": 9},
        {"view": "surface"},
        {"normalized": True},
    ],
    ids=str,
)
def test_whatever_differs_has_a_picture_of_its_own(other):
    usual = GradientExplorer(BOWL, point=(1, 2))
    before = shown(usual)
    assert GradientExplorer(BOWL, **({"point": (1, 2)} | other))._shown is not usual._shown
    assert shown(usual) == before


def test_explorers_that_share_a_picture_move_alone():
    one, two = (GradientExplorer(BOWL, point=(1, 2)) for _ in range(2))
    one.point = (2, 1)
    assert one.scene["point"].tolist() == [2, 1]
    assert two.scene["point"].tolist() == [1, 2]
    two.field = "x*y"
    assert np.array_equal(one.scene["point"], [2, 1])
    assert one.field.text == BOWL


def test_what_is_told_of_a_changed_rate_stays_with_its_explorer():
    changed = DescentExplorer("valley", rate=1.0)
    Face(changed).choose("bowl")
    assert any("α was changed" in told for told in changed.scene.captions)
    fresh = DescentExplorer("bowl")
    assert (fresh.field, fresh.rate) == (changed.field, changed.rate)
    assert not any("α was changed" in told for told in fresh.scene.captions)


def test_a_callable_and_a_race_have_their_own():
    def square(x):
        return x * x

    assert DerivativeExplorer(square)._shown is not DerivativeExplorer(square)._shown
    assert RaceExplorer("bowl")._shown is not RaceExplorer("bowl")._shown


def test_only_the_last_ones_are_kept():
    for place in range(kept.MOST + 2):
        kept.kept(place, lambda place=place: f"picture {place}")
    assert len(kept._pictures) == kept.MOST
    assert kept.kept(kept.MOST, lambda: "new") == f"picture {kept.MOST}"
    assert kept.kept(0, lambda: "new") == "new"
