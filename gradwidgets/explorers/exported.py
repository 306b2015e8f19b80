"""An explorer as a page without Python carries it: its state, its other pictures, its numbers.

alone/kernel.js reads it. Everything is made by copies of the explorer that no browser hears of,
by setting what a reader could set: so it is what a notebook would show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from gradwidgets.calculus.assignments import Assignments
from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.lattice import PLACES, interpolated, is_interpolated
from gradwidgets.explorers import checked as checking
from gradwidgets.explorers.alone import form_alone
from gradwidgets.explorers.checked import as_parts, checked
from gradwidgets.explorers.choices import choices
from gradwidgets.explorers.copies import copied
from gradwidgets.explorers.joined import point_of
from gradwidgets.explorers.life import garbage_waits
from gradwidgets.rendering.curves import POINTS, curves_of, pack_without_curves
from gradwidgets.rendering.packing import as_distances, packed
from gradwidgets.rendering.wire import pack_program, unpack_program

PROGRAMS = ("_program", "_terrain")
BYTES = ("_numbers", "_fixed", "_grid", "_rows")
MOST_SAVED = 200_000  # bytes of a saved notebook's programs and numbers: more is long to pack


class Parts:
    """What is packed, each different part once."""

    def __init__(self) -> None:
        self.all: list[str | bytes] = [""]  # the first one tells of all others
        self._places = dict[str | bytes, int]()

    def add(self, part: str | bytes) -> int:
        """The place of a part."""
        if part not in self._places:
            self._places[part] = len(self.all)
            self.all.append(part)
        return self._places[part]

    def traits(self, state: Mapping[str, Any]) -> dict[str, int]:
        """The places of traits' values."""
        return {name: self._trait(name, value) for name, value in state.items()}

    def _trait(self, name: str, value: Any) -> int:
        if name in PROGRAMS:
            return self.program(value) if value else self.add("")
        return self.add(bytes(value) if name in BYTES else as_json(value))

    def program(self, packed: bytes) -> int:
        """The place of a program, in which stands the place of its constants."""
        data, constants = unpack_program(packed)
        return self.add(as_json(as_distances(data) | {"numbers": self.add(constants.tobytes())}))


def as_json(value: Any) -> str:
    """As short as it can be."""
    text: str = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text


class StillError(ValueError):
    """A picture that nothing but Python can move; the message tells why."""


def exported(explorer: Any, functions: Sequence[Any] = ()) -> tuple[bytes, str]:
    """The packet of an explorer, with other functions for its menu, and what is not exact in it.

    Raises:
        StillError: there is nothing in it that could move.
    """
    if explorer._shown.untraced:
        raise StillError(explorer._shown.untraced)
    parts = Parts()
    with garbage_waits(), ExitStack() as open_ones:
        field = _traceable(explorer.field)
        first = open_ones.enter_context(copied(explorer, field=field))
        every = [first, *(open_ones.enter_context(_with_function(first, f)) for f in functions)]
        for one in every:
            if one._replays is None:
                raise StillError(one._shown.replayed.why)
        known = {_title(one): one for one in reversed(every)}
        shown = {title: known[title] for title in map(_title, every)}  # in order, each once
        titles = list(shown)
        carried = [_carried(one, k, titles, parts) for k, one in enumerate(shown.values())]
        notes = [_lattice_note(one.field) for one in shown.values()]
    return _in_packet(explorer, carried, parts), " ".join(filter(None, notes))


def present(explorer: Any) -> bytes:
    """The packet of what an explorer shows now, for its saved notebook: soon made, and small.

    It has no other pictures, and no numbers to check by: those would have to be computed.

    Raises:
        StillError: there is nothing in it that could move without Python.
    """
    shown = explorer._shown
    if shown.untraced or explorer._replays is None:
        raise StillError(shown.untraced or shown.replayed.why)
    if sum(len(getattr(explorer, name)) for name in (*PROGRAMS, *BYTES)) > MOST_SAVED:
        raise StillError("it would be too much for a saved notebook")
    parts = Parts()
    menu = {"label": "Function", "value": "0", "options": _numbered([_title(explorer)])}
    state = _state(explorer, explorer, menu, carried=False)
    state["formula"] = explorer.takes.text(explorer.field)  # not what was refused
    carried = {
        "traits": parts.traits(state),
        "choices": {},
        "check": None,
        "curves": _curves(explorer, parts),
    }
    return _in_packet(explorer, [carried], parts)


def _in_packet(explorer: Any, carried: Sequence[Mapping[str, Any]], parts: Parts) -> bytes:
    told = {"functions": carried, "bytes": BYTES, "programs": PROGRAMS, **_linked(explorer)}
    parts.all[0] = as_json(told)
    return packed(parts.all)


def _linked(explorer: Any) -> dict[str, Any]:
    """By which names linked explorers find each other in a page."""
    others = [told["model"] for told in explorer._joined if "point" in told]
    return {"linked": {"name": point_of(explorer)["model"], "others": others}} if others else {}


def _lattice_note(field: Any) -> str:
    """What a reader must know of a function that has no program, or ""."""
    if not is_interpolated(field):
        return ""
    places = " × ".join([str(PLACES[len(field.variables)])] * len(field.variables))
    return (
        f"“{field.text}” is Python that decides by values. This page knows it at {places} places "
        "alone: in between its numbers are interpolated."
    )


# ── copies ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _with_function(explorer: Any, source: Any) -> Iterator[Any]:
    """A copy that shows another function, as if a reader had typed it."""
    field = _traceable(explorer.takes.field(source, explorer.field, {}))
    with copied(explorer, explorer._shown) as made:
        made.field = field
        yield made


def _traceable(field: Any) -> Any:
    """The field, or what a lattice tells of it where it has no program; a tape's needs none."""
    if not field.traced.why or isinstance(field.source, Assignments):
        return field
    if isinstance(field, Landscape):
        raise StillError(field.traced.why)  # on a lattice there would be no model, and no data
    try:
        return interpolated(field)
    except ValueError as error:
        raise StillError(f"{field.traced.why}, and {error}") from None


def _others(explorer: Any, form: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every choice that a page carries: its option, its name, and a copy that shows it."""
    for option, name, change in choices(explorer, form):
        with suppress(Exception), copied(explorer, explorer._shown) as other:
            change(other)  # what is refused is no choice, and a callable may raise anything
            yield option, name, other


def _title(explorer: Any) -> str:
    """How a menu calls an explorer's function."""
    key = explorer.takes.shown(explorer.field)
    title: str = explorer.takes.examples[key].title if key else explorer.field.text
    return title


# ── a function with its other pictures ───────────────────────────────────────────────────────────


def _carried(explorer: Any, place: int, titles: Sequence[str], parts: Parts) -> dict[str, Any]:
    menu = {"label": "Function", "value": str(place), "options": _numbered(titles)}
    state = _state(explorer, explorer, menu)
    chosen: dict[str, dict[str, dict[str, int]]] = {}
    for option, name, other in _others(explorer, state["_form"]):
        differs = {n: v for n, v in _state(other, explorer, menu).items() if v != state[n]}
        chosen.setdefault(option, {})[name] = parts.traits(differs)
    return {
        "traits": parts.traits(state),
        "choices": chosen,
        "check": _check(explorer, parts),
        "curves": _curves(explorer, parts),
    }


def _numbered(titles: Sequence[str]) -> list[list[str]]:
    return [[str(place), title] for place, title in enumerate(titles)]


def _state(
    explorer: Any, usual: Any, menu: Mapping[str, Any], *, carried: bool = True
) -> dict[str, Any]:
    """The traits that a page must know of an explorer: the usual one, or one of its choices.

    `carried` tells whether it has other pictures, too.
    """
    names = ("point", "formula", "_form", "_parts", "_picture", *PROGRAMS, *BYTES)
    state = explorer.get_state(key=[*names, *explorer._option_names()])
    picture = _picture_alone(state["_picture"], explorer._shown.by_python)
    form = form_alone(usual, {**state["_form"], "menu": menu}, carried=carried)
    own = {"_parts": explorer._parts_alone(), "_script": explorer._script()}
    if curves_of(explorer._shown):
        own["_fixed"] = pack_without_curves(explorer._shown)
    return {**state, "_picture": picture, "_form": form, **own}


def _picture_alone(told: Mapping[str, Any], searched: Sequence[str]) -> dict[str, Any]:
    """A picture as it is told, without its key: the page counts its own.

    What Python has `searched` for all over the window stays as it is in any other one.
    """
    return {**{name: part for name, part in told.items() if name != "key"}, "searched": searched}


def _check(explorer: Any, parts: Parts) -> dict[str, int] | None:
    if explorer._replays is None:
        return None
    picture = explorer._shown
    found = as_parts(checked(picture, explorer._replays, explorer._values(picture)))
    return {**{name: parts.add(part) for name, part in found.items()}, "few": checking.FEW}


def _curves(explorer: Any, parts: Parts) -> dict[str, Any] | None:
    found = curves_of(explorer._shown)
    if found is None:
        return None
    program = parts.program(pack_program(found.program))
    return {"program": program, "marks": found.marks, "points": POINTS}
