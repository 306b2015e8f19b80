"""The still picture: an output before the view, filled after the cell, painted anew at rest."""

import asyncio
import base64
import io
import re

import ipywidgets as ipw
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from gradwidgets import GradientExplorer, PartialsExplorer, RaceExplorer
from gradwidgets.explorers import still

VIEW = "application/vnd.jupyter.widget-view+json"


class Published(list):
    """What a shell publishes: (data, display id, whether it replaces what is there)."""

    def publish(self, data, transient=None, update=False, **_):
        self.append((data, (transient or {}).get("display_id"), update))


@pytest.fixture
def shell(monkeypatch):
    made = InteractiveShell()
    made.kernel, made.display_pub = object(), Published()
    monkeypatch.setattr(still, "_shells", [])
    monkeypatch.setattr(still, "_loops", [])
    monkeypatch.setattr(still, "REST", 0.1)
    monkeypatch.setattr(still, "BETWEEN", 0.0)
    still.follow(made)
    yield made
    made.history_manager.end_session()


def image_in(data):
    (coded,) = re.findall(r'src="data:image/png;base64,([^"]*)"', data["text/html"])
    return Image.open(io.BytesIO(base64.b64decode(coded)))


def show(shell, widget):
    return shell.display_formatter.format(widget)[0]


def test_an_empty_output_stands_before_the_view_and_is_filled_after_the_cell(shell):
    explorer = GradientExplorer("x*y")
    assert set(show(shell, explorer)) == {VIEW, "text/plain"}
    [(data, name, update)] = shell.display_pub
    assert (data["text/html"], update) == ("", False)
    still.fill()
    _, (data, again, update) = shell.display_pub
    assert (again, update) == (name, True)
    assert image_in(data).width == 960
    assert f'class="gw-still" data-gw-still="{explorer._still}"' in data["text/html"]
    assert data["text/plain"].startswith("At (")
    still.fill()
    assert len(shell.display_pub) == 2


@pytest.mark.parametrize(
    "layout",
    [
        lambda *inner: ipw.HBox(inner),
        lambda *inner: ipw.Tab(children=[ipw.VBox(inner)]),
        lambda *inner: ipw.Accordion(children=inner),
        lambda *inner: ipw.GridBox([*inner, ipw.Label("beside")]),
    ],
)
def test_so_it_does_for_explorers_in_a_layout(shell, layout):
    one, other = GradientExplorer("x*y"), PartialsExplorer("x*y")
    assert VIEW in show(shell, layout(one, other))
    names = [name for _, name, _ in shell.display_pub]
    assert names == [f"gradwidgets-{one._still}", f"gradwidgets-{other._still}"]


def test_in_voila_there_are_none(shell, monkeypatch):
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    monkeypatch.setattr(still, "_shells", [])
    still.follow(shell)
    assert VIEW in show(shell, GradientExplorer("x*y"))
    still.fill()
    assert shell.display_pub == []


def test_another_layout_is_shown_as_ever(shell):
    assert VIEW in show(shell, ipw.HBox([ipw.Label("no explorer")]))
    assert shell.display_pub == []


def test_a_change_is_painted_once_when_nothing_changes_any_more(shell):
    explorer = GradientExplorer("x*y")

    async def drag():
        show(shell, explorer)
        still.fill()
        for step in range(5):
            explorer.point = (1.0, step / 5)
            await asyncio.sleep(0.004)
        assert len(shell.display_pub) == 2
        await asyncio.sleep(1.0)

    asyncio.run(drag())
    assert len(shell.display_pub) == 3
    (before, *_), (after, _, update) = shell.display_pub[-2:]
    assert update
    assert after["text/html"] != before["text/html"]


def test_what_another_thread_finds_is_in_the_picture_that_waits_for_it(shell):
    explorer = RaceExplorer("x**2 + 10*y**2", point=(2, 1), steps=5)
    show(shell, explorer)
    still.fill()
    assert not explorer._task.busy
    assert np.isfinite(explorer.scene["final adam"]).any()


def test_what_was_never_shown_or_is_closed_is_not_painted(shell):
    explorer = GradientExplorer("x*y")

    async def change():
        explorer.point = (1.0, 1.0)
        await asyncio.sleep(0.1)

    asyncio.run(change())
    show(shell, explorer)
    explorer.close()
    still.fill()
    assert [update for *_, update in shell.display_pub] == [False]


def test_without_a_kernel_there_is_no_output_but_the_view(monkeypatch):
    monkeypatch.setattr(still, "_shells", [])
    still.follow(InteractiveShell())
    assert still._shells == []


def test_a_picture_that_can_not_be_painted_is_told_below_the_view(shell, monkeypatch):
    explorer = GradientExplorer("x*y")
    show(shell, explorer)
    monkeypatch.setattr(type(explorer), "_still_scene", lambda _: 1 / 0)
    still.fill()
    assert "zero" in explorer.note
