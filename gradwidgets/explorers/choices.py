"""What a hand can do with the inputs for options: each change with its name.

alone/choices.js finds these names again from what the hand has done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from gradwidgets.explorers.alone import SHIPPED, as_menu, items, way_of

Change: TypeAlias = Callable[[Any], None]  # of an explorer
Item: TypeAlias = Mapping[str, Any]


def choices(explorer: Any, form: Mapping[str, Any]) -> Iterator[tuple[str, str, Change]]:
    """Every choice of a form that a page carries: option or button, name, what it does.

    >>> from gradwidgets.explorers.gradient import GradientExplorer
    >>> explorer = GradientExplorer("x*y")
    >>> [name for option, name, _ in choices(explorer, explorer._form) if option == "view"]
    ['surface', 'both']
    """
    for item in items(form):
        if way_of(type(explorer), item) == SHIPPED:
            option = item.get("do") or item["at"]["trait"]
            for name, change in _changes(explorer, as_menu(explorer, item)):
                yield option, name, change


def _changes(explorer: Any, item: Item) -> Iterator[tuple[str, Change]]:
    if "do" in item:
        return _asked(explorer, item)
    now = getattr(explorer, item["at"]["trait"])
    if item["kind"] in ("switch", "toggle"):
        return iter([(str(not now).lower(), _setting(item, not now))])
    if item["kind"] == "some":
        return _toggled(now, item)
    return _chosen(now, item)


def _asked(explorer: Any, item: Item) -> Iterator[tuple[str, Change]]:
    """A menu whose choice is a method's."""
    method = explorer.actions[item["do"]]
    for value, _ in item["options"]:
        if value != item["value"]:
            yield value, _calling(method, {"do": item["do"], "value": value})


def _toggled(now: tuple[Any, ...], item: Item) -> Iterator[tuple[str, Change]]:
    """Boxes, each ticked or not."""
    for part, _ in item["options"]:
        others = tuple(one for one in now if one != part)
        yield str(part), _setting(item, others if part in now else (*now, part))


def _chosen(now: Any, item: Item) -> Iterator[tuple[str, Change]]:
    """One of several, be it of a key in a table."""
    key = item["at"].get("key")
    for value, text in item["options"]:
        if key is None and value != now:
            yield (value if isinstance(value, str) else text), _setting(item, value)
        elif key is not None and value != now[key]:
            yield f"{key} {value}", _setting(item, {**now, key: value})


def _setting(item: Item, value: Any) -> Change:
    return lambda explorer: setattr(explorer, item["at"]["trait"], value)


def _calling(method: str, content: Mapping[str, Any]) -> Change:
    return lambda explorer: getattr(explorer, method)(content)
