"""What can be set on an explorer: its options, their meaning as help tells it, and near names."""

from __future__ import annotations

import inspect
import math
import textwrap
from difflib import get_close_matches
from typing import Any

import ipywidgets as ipw
import traitlets

WIDTH = 92
OPTIONS = ("picture", "control", "page")  # the tags of traits that are options
_ERRORS = """Raises:
    FormulaError: text that is no formula.
    TypeError: an option that does not exist; to set one later is an AttributeError.
    ValueError: a point or domain that does not fit.
    TraitError: a value that an option does not take."""


class Explained(type(ipw.DOMWidget)):  # type: ignore[misc]
    """A class of widgets that tells of itself what a reader can set, and little else.

    Signature and docstring are made from the traits that are options; `help` lists what we have
    added to ipywidgets' own classes, which have hundreds of names.
    """

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        for trait in option_traits(cls).values():
            trait.tag(sync=True)  # so that other widgets can drive it, and the browser knows it
        prose: str = members.get("__doc__") or getattr(cls, "_prose", "") or ""
        cls._prose, cls.__doc__ = prose, _with_arguments(prose, cls)
        cls.__signature__ = _signature(cls)
        cls._explained = True

    def __dir__(cls) -> list[str]:
        return _own_names(cls) if "_explained" in vars(cls) else list(super().__dir__())


def option_traits(cls: type) -> dict[str, traitlets.TraitType[Any, Any]]:
    """The traits that are options, a class's own before those of its bases."""
    found: dict[str, traitlets.TraitType[Any, Any]] = {}
    for part in cls.__mro__:
        for name, trait in vars(part).items():
            if isinstance(trait, traitlets.TraitType) and any(map(trait.metadata.get, OPTIONS)):
                found.setdefault(name, trait)  # a class's own takes the place of its base's
    return found


def refusal(cls: type, name: str) -> str:
    """What to say of an option that does not exist: the near name, or else all there are."""
    options = (*getattr(cls, "named", ()), *option_traits(cls))
    settable = ("field", *options, *(n for n in getattr(cls, "_traits", ()) if n[0] != "_"))
    plain = name.casefold()
    near = [n for n in options if plain.endswith(f"_{n}") or n.startswith(f"{plain}_")]
    near += get_close_matches(plain, dict.fromkeys(settable), 1, 0.7)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(options)}"
    return f"{cls.__name__} has no option {name!r}{':' if near else ';'} {hint}"


class Within(traitlets.Float[Any, Any]):
    """A number from `min` to `max`, which NaN is not."""

    def validate(self, obj: Any, value: Any) -> float:
        """The number, where it lies in the range."""
        number = float(super().validate(obj, value))
        low, high = self.metadata["min"], self.metadata["max"]
        if not low <= number <= high:
            raise traitlets.TraitError(f"{self.name} lies between {low:g} and {high:g}")
        return number


# ── signature and docstring ──────────────────────────────────────────────────────────────────────


def _signature(cls: Any) -> inspect.Signature:
    kind, either = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = [inspect.Parameter(name, either, default=None) for name in getattr(cls, "leading", ())]
    others = [inspect.Parameter(name, kind, default=None) for name in getattr(cls, "named", ())]
    own = [
        inspect.Parameter(name, kind, default=_default(trait))
        for name, trait in option_traits(cls).items()
    ]
    return inspect.Signature([*first, *others, *own])


def _default(trait: Any) -> Any:
    """The value without a word from the reader, None where it follows the function."""
    return None if trait.metadata.get("suits") else trait.default()


def _with_arguments(prose: str, cls: Any) -> str:
    """A docstring with a section on the arguments, before its example."""
    told = [*cls.arguments.items(), *((n, _told(t)) for n, t in option_traits(cls).items())]
    lines = [
        textwrap.fill(f"{name}: {text}", WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8)
        for name, text in told
    ]
    section = "\n".join(["Args:", *lines, "", _ERRORS])
    before, example, after = inspect.cleandoc(prose).partition("\n>>>")
    return f"{before.rstrip()}\n\n{section}\n{example and chr(10)}{example[1:]}{after}"


def _told(trait: Any) -> str:
    """What an option means, which values it takes, and the one that it has by itself."""
    parts = [trait.help, *range_of(trait)]
    if not trait.metadata.get("suits"):
        parts.append(f"{_default(trait)!r} by default")
    return "; ".join(parts) + "."


def range_of(trait: Any) -> list[str]:
    """What an option takes, in a few words; nothing where that is not told by its trait."""
    if isinstance(trait, traitlets.Enum):
        return [f"one of {', '.join(map(repr, trait.values or ()))}"]
    low, high = (trait.metadata.get(end, getattr(trait, end, None)) for end in ("min", "max"))
    if low is None or math.isinf(low):
        return []
    return [f"{_short(low)} to {_short(high)}" if high else f"from {_short(low)}"]


def _short(number: float) -> str:
    return f"{number:.10g}".replace("e-0", "e-").replace("e+0", "e")


def _own_names(cls: type) -> list[str]:
    """What our classes have added: methods, properties and traits; options stand above all that."""
    ours = [part for part in cls.__mro__ if isinstance(part, Explained)]
    added = {name: value for part in ours for name, value in vars(part).items()}
    kinds = (property, classmethod, traitlets.TraitType)
    return sorted(
        name
        for name, value in added.items()
        if not name.startswith("_") and (callable(value) or isinstance(value, kinds))
        if name not in option_traits(cls)
        if name == "close" or not hasattr(ipw.DOMWidget, name)
    )
