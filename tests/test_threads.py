"""JupyterLab answers the page on another thread than the one that runs the cells: both at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event
from time import sleep

import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering import paint


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    """Threads take turns every few microseconds."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def at_once(*works: Callable[[], None]) -> None:
    """Run each on a thread of its own, from one moment on; the first error is raised."""
    start = Barrier(len(works))
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(lambda work=work: (start.wait(), work())) for work in works]:
            done.result(timeout=60)


def test_two_pictures_are_painted_at_once() -> None:
    """What matplotlib parses mathematics with serves one thread only."""
    scenes = [partials_picture(ScalarField(f"x**2 + {k}*y")).scene((1, 1)) for k in range(3)]

    def paint_all() -> None:
        for scene in scenes:
            paint.png(scene, 400)

    at_once(paint_all, paint_all)


def test_neither_the_cells_nor_the_pages_changes_are_lost() -> None:
    with closing(GradientExplorer("x*y")) as explorer:

        def page() -> None:
            for angle in range(500):
                explorer.set_state({"angle": angle / 2, "_tick": angle})
                assert explorer.angle == angle / 2

        def cell() -> None:
            for k in range(500):
                explorer.point = (k / 200, 1)
                assert explorer.point == (k / 200, 1)

        at_once(page, cell)
        assert tuple(explorer.scene.values.values()) == (499 / 200, 1, 499 / 2)


def test_a_domain_set_while_a_typed_formula_is_shown_is_shown_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(GradientExplorer("x*y", domain={"x": (0, 5)})) as explorer:
        making, make = Event(), explorer._make_picture

        def slowly() -> Picture:
            picture = make()
            if not making.is_set():
                making.set()
                sleep(0.3)  # in which the cell runs
            return picture

        def cell() -> None:
            assert making.wait(timeout=10)
            explorer.domain = {"x": (-3, 3)}

        monkeypatch.setattr(type(explorer), "_make_picture", lambda _: slowly())
        at_once(lambda: explorer.set_state({"formula": "x + 2*y", "_tick": 1}), cell)
        shown = explorer._picture["panels"]["map"]
        assert explorer.domain["x"] == (-3, 3)
        assert shown["x"] == (-3, 3)
        assert explorer.field.text == "x + 2*y"
