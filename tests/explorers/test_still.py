"""Outputs before the view: a picture after the cell, its life at rest, all anew after a change."""

import asyncio
import base64
import io
import re
import weakref

import ipywidgets as ipw
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from gradwidgets import GradientExplorer, PartialsExplorer, RaceExplorer
from gradwidgets.explorers import saved, still

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
    monkeypatch.setattr(saved, "_chosen", {"saved": "live"})
    for known in ("_shown", "_empty", "_old"):
        monkeypatch.setattr(still, known, weakref.WeakSet())
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


def packet_in(data):
    (coded,) = re.findall(r'data-gw-saved="([^"]*)"', data["text/html"]) or [""]
    return base64.b64decode(coded)


def name_of(explorer, what=""):
    return f"gradwidgets-{explorer._still}{what}"


def test_empty_outputs_stand_before_the_view_and_are_filled_after_the_cell(shell):
    explorer = GradientExplorer("x*y")
    assert set(show(shell, explorer)) == {VIEW, "text/plain"}
    names = [name_of(explorer), name_of(explorer, "-script")]
    assert [(data["text/html"], *more) for data, *more in shell.display_pub] == [
        ("", names[0], False),
        ("", names[1], False),
    ]
    still.fill()
    *_, (data, name, update), (script, script_s_name, script_update) = shell.display_pub
    assert [(name, update), (script_s_name, script_update)] == [(one, True) for one in names]
    assert image_in(data).width == 960
    assert packet_in(data) == explorer._packet_now()
    assert f'class="gw-alone gw-still" data-gw-still="{explorer._still}"' in data["text/html"]
    assert data["text/plain"].startswith("At (")
    assert "<script>" in script["text/html"]
    still.fill()
    assert len(shell.display_pub) == 4


async def rest():
    """Until nothing is to come any more."""
    while still._old:
        await asyncio.sleep(0.01)


def test_where_a_page_waits_the_picture_comes_first_and_its_life_when_the_kernel_rests(shell):
    explorer = GradientExplorer("x*y")

    async def run():
        show(shell, explorer)
        still.fill()
        before = list(shell.display_pub)
        await rest()
        return before, shell.display_pub[len(before) :]

    before, after = asyncio.run(run())
    assert [name for _, name, _ in before] == [
        name_of(explorer),
        name_of(explorer, "-script"),
        name_of(explorer),
    ]
    assert packet_in(before[-1][0]) == b""
    assert [name for _, name, _ in after] == [name_of(explorer), name_of(explorer, "-script")]
    assert packet_in(after[0][0])
    assert image_in(after[0][0]) == image_in(before[-1][0])


def test_where_nobody_can_be_asked_all_is_there_when_the_cell_ends(shell, monkeypatch):
    asked = {"content": {"allow_stdin": False}}
    monkeypatch.setattr(shell, "get_parent", lambda: asked, raising=False)
    explorer = GradientExplorer("x*y")

    async def run():
        show(shell, explorer)
        still.fill()
        first = packet_in(shell.display_pub[2][0])
        explorer.point = (0.5, -1.0)
        still.fill()
        return first, packet_in(shell.display_pub[-1][0])

    first, second = asyncio.run(run())
    assert first
    assert second == explorer._packet_now() != first


def test_a_script_is_published_once_for_an_output_and_again_for_another(shell):
    one, other = GradientExplorer("x*y"), PartialsExplorer("x*y")

    def scripts():
        return [name for data, name, _ in shell.display_pub if "<script>" in data["text/html"]]

    show(shell, ipw.HBox([one, other]))
    still.fill()
    assert scripts() == [name_of(one, "-script")]
    one.point = (0.5, -1.0)
    still.fill()
    assert len(scripts()) == 1
    show(shell, other)
    still.fill()
    assert scripts() == [name_of(one, "-script"), name_of(other, "-script")]


def test_a_picture_alone_where_that_is_chosen(shell):
    saved.options(saved="picture")
    explorer = GradientExplorer("x*y")
    show(shell, explorer)
    still.fill()
    assert [name for _, name, _ in shell.display_pub] == 2 * [name_of(explorer)]
    data, *_ = shell.display_pub[-1]
    assert image_in(data).width == 960
    assert packet_in(data) == b""


def test_nothing_where_that_is_chosen(shell):
    saved.options(saved="nothing")
    assert VIEW in show(shell, GradientExplorer("x*y"))
    still.fill()
    assert shell.display_pub == []


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
    assert names == [name_of(one), name_of(other), name_of(one, "-script")]


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
        assert len(shell.display_pub) == 3
        await rest()

    asyncio.run(drag())
    (before, *_), (after, _, update), (script, *_) = shell.display_pub[-3:]
    assert update
    assert after["text/html"] != before["text/html"]
    assert image_in(after) != image_in(before)
    assert "<script>" in script["text/html"]


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
    assert [update for *_, update in shell.display_pub] == [False, False]


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
