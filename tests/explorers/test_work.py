"""Long work: a bar that moves, a button that ends it, and one piece of work at a time."""

import asyncio
import contextvars
import threading

import pytest

from gradwidgets.explorers import work as module
from gradwidgets.explorers.work import CancelledError, Work


@pytest.fixture
def heard():
    """The errors that were told."""
    return []


@pytest.fixture
def shown():
    """What the browser has been told of the work, in turn."""
    return [{}]


@pytest.fixture
def work(heard, shown):
    made = Work(shown.append, heard.append)
    yield made
    made.cancel()


@pytest.fixture
def loud(monkeypatch):
    """What threads raise in the end, instead of a report on stderr."""
    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    return raised


class Gate:
    """A task that says when it has begun and goes on when it may."""

    def __init__(self, *shares):
        self.begun, self.may_go_on, self.shares, self.end = (
            threading.Event(),
            threading.Event(),
            shares,
            None,
        )

    def __call__(self, told):
        self.begun.set()
        self.may_go_on.wait()
        try:
            for share in self.shares:
                told(*share)
            self.end = "done"
        except CancelledError:
            self.end = "cancelled"
            raise


# ── here and now ─────────────────────────────────────────────────────────────────────────────────


def test_without_work_there_is_nothing_to_see(work, shown):
    assert not work.busy
    work.wait()  # nothing to wait for
    work.cancel()
    assert shown == [{}]


def test_work_shows_itself_while_it_goes_on_and_gives_back_what_it_made(work, shown):
    def task(told):
        assert work.busy
        assert shown[-1] == {"name": "Writing a film", "share": 0.0, "cancel": False}
        told(1, 4)
        told(4, 4)
        return "made"

    assert work.run("Writing a film", task) == "made"
    assert [told.get("share") for told in shown] == [None, 0.0, 0.25, 1.0, None]
    assert shown[-1] == {}


def test_the_bar_begins_anew(work, shown):
    work.run("one", lambda told: told(1, 1))
    assert work.run("two", lambda _: shown[-1]["share"]) == 0.0


def test_the_bar_moves_in_steps_that_can_be_seen(work, shown):
    """Each change is a message to the page."""
    work.run("counting", lambda told: [told(done, 10_000) for done in range(10_001)])
    assert 40 <= len(shown) <= 60
    assert shown[-2]["share"] == 1.0


def test_nothing_to_do_is_no_error(work):
    work.run("nothing", lambda told: told(0, 0))


def test_cancelled_work_ends_at_its_next_report(work, shown):
    reached = []

    def task(told):
        told(1, 10)
        work.cancel()
        reached.append("after the click")
        told(2, 10)
        reached.append("too far")

    with pytest.raises(CancelledError):
        work.run("counting", task)
    assert reached == ["after the click"]
    assert shown[-1] == {}


def test_an_error_here_and_now_is_raised_and_not_told(work, heard, shown):
    with pytest.raises(ZeroDivisionError):
        work.run("dividing", lambda _: 1 / 0)
    assert shown[-1] == {}
    assert heard == []


def test_after_cancelled_work_the_next_goes_its_way(work, shown):
    work.cancel()
    assert work.run("again", lambda told: told(1, 2)) is None
    assert shown[-2]["share"] == 0.5


# ── on a thread ──────────────────────────────────────────────────────────────────────────────────


def test_started_work_goes_on_beside_the_caller(work, shown):
    gate = Gate((1, 2), (2, 2))
    work.start("Sweeping", gate)
    gate.begun.wait()
    assert work.busy
    assert shown[-1] == {"name": "Sweeping", "share": 0.0, "cancel": True}
    gate.may_go_on.set()
    work.wait()
    assert gate.end == "done"
    assert shown[-2]["share"] == 1.0
    assert shown[-1] == {}


def test_waiting_has_an_end(work):
    gate = Gate()
    work.start("Sweeping", gate)
    work.wait(0.0)
    assert work.busy
    gate.may_go_on.set()
    work.wait()
    assert not work.busy


def test_cancelled_work_ends_quietly_and_its_bar_goes(work, heard, shown, loud):
    gate = Gate((1, 2))
    work.start("Sweeping", gate)
    gate.begun.wait()
    work.cancel()
    gate.may_go_on.set()
    work.wait()
    assert gate.end == "cancelled"
    assert [told.get("share") for told in shown] == [None, 0.0, None]
    assert shown[-1] == {"said": "Cancelled."}
    assert heard == loud == []


def test_a_second_start_ends_the_first_and_keeps_the_bar(work, shown):
    first, second = Gate((1, 2)), Gate((1, 2))
    work.start("one", first)
    thread = work._thread
    first.begun.wait()
    work.start("two", second)
    first.may_go_on.set()
    thread.join()
    assert first.end == "cancelled"
    assert work.busy  # the first one's end hides nothing of the second's
    assert shown[-1] == {"name": "two", "share": 0.0, "cancel": True}
    second.may_go_on.set()
    work.wait()
    assert second.end == "done"
    assert shown[-1] == {}


def test_what_is_done_here_ends_what_goes_on_there(work):
    gate = Gate((1, 2))
    work.start("Sweeping", gate)
    gate.begun.wait()
    assert work.run("Writing", lambda told: told(1, 1)) is None
    gate.may_go_on.set()
    work.wait()
    assert gate.end == "cancelled"


def test_an_error_on_a_thread_is_told_and_raised(work, heard, shown, loud):
    def task(_):
        raise OverflowError("too much")

    work.start("Sweeping", task)
    work.wait()
    assert [str(error) for error in heard] == ["too much"]
    assert loud == heard
    assert shown[-1] == {}
    assert work.run("next", lambda told: "fine") == "fine"


def test_a_thread_s_messages_belong_to_who_started_it(work):
    """ipykernel keeps in a context variable the message that it answers."""
    parent = contextvars.ContextVar("parent", default="nobody")
    parent.set("the cell")
    seen = []
    work.start("Sweeping", lambda _: seen.append(parent.get()))
    work.wait()
    assert seen == ["the cell"]


def test_work_never_keeps_python_from_ending(work):
    gate = Gate()
    work.start("Sweeping", gate)
    ends_with_python = work._thread.daemon
    gate.may_go_on.set()
    assert ends_with_python


def test_work_on_a_thread_may_say_what_it_has_done(work, shown):
    work.start("Writing", lambda told: told(1, 1), done="It is written.")
    work.wait()
    assert not work.busy
    assert shown[-1] == {"said": "It is written."}
    work.start("Again", lambda told: None)
    work.wait()
    assert shown[-1] == {}


def test_work_here_and_now_offers_no_button_that_nobody_would_hear(work, shown):
    assert work.run("Now", lambda told: shown[-1]["cancel"]) is False
    work.start("Then", lambda told: None)
    work.wait()
    assert shown[-2]["cancel"] is True


# ── where there are no threads ───────────────────────────────────────────────────────────────────


@pytest.fixture
def alone(monkeypatch):
    """As in Pyodide: a thread can be made, but not started."""

    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(module, "REST", 0.01)


async def a_while():
    await asyncio.sleep(0.1)


def count(told):
    told(1, 2)
    told(2, 2)


@pytest.mark.usefixtures("alone")
def test_without_threads_and_without_a_loop_work_is_done_at_once(work, shown):
    work.start("Sweeping", count, done="There.")
    assert not work.busy
    bars = [told for told in shown if told.get("share")]
    assert [told["share"] for told in bars] == [0.5, 1.0]
    assert not any(told["cancel"] for told in bars)  # a button that nobody would hear
    assert shown[-1] == {"said": "There."}


@pytest.mark.usefixtures("alone")
def test_without_threads_the_loop_does_the_work_after_what_asked_for_it(work, shown):
    async def cell():
        work.start("Sweeping", count)
        assert work.busy
        assert shown[-1] == {"name": "Sweeping", "share": 0.0, "cancel": False}
        await a_while()

    asyncio.run(cell())
    assert not work.busy
    assert shown[-2]["share"] == 1.0


@pytest.mark.usefixtures("alone")
def test_without_threads_a_drag_s_work_is_done_once_when_the_hand_rests(work):
    did = []

    async def drag():
        for step in range(5):
            work.start("Sweeping", lambda _, step=step: did.append(step))
            await asyncio.sleep(0)
        assert did == []
        await a_while()

    asyncio.run(drag())
    assert did == [4]


@pytest.mark.usefixtures("alone")
def test_without_threads_who_waits_does_the_work(work):
    did = []

    async def cell():
        work.start("Sweeping", lambda _: did.append("work"))
        work.wait(3.0)
        did.append("waited")
        await a_while()

    asyncio.run(cell())
    assert did == ["work", "waited"]


@pytest.mark.usefixtures("alone")
def test_without_threads_work_can_be_cancelled_before_it_has_begun(work, shown):
    did = []

    async def cell():
        work.start("Sweeping", lambda told: (told(1, 2), did.append("too far")))
        work.cancel()
        await a_while()

    asyncio.run(cell())
    assert did == []
    assert shown[-1] == {"said": "Cancelled."}


@pytest.mark.usefixtures("alone")
def test_without_threads_an_error_is_told_and_printed_and_ends_no_cell(work, heard, shown, capsys):
    work.start("Sweeping", lambda _: 1 / 0)
    assert [type(error) for error in heard] == [ZeroDivisionError]
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert shown[-1] == {}


@pytest.mark.usefixtures("alone")
def test_without_threads_messages_belong_to_who_started_the_work(work):
    parent = contextvars.ContextVar("parent", default="nobody")
    seen = []

    async def message():
        parent.set("the cell")
        work.start("Sweeping", lambda _: seen.append(parent.get()))

    async def cells():
        await asyncio.create_task(message())
        await a_while()

    asyncio.run(cells())
    assert seen == ["the cell"]
