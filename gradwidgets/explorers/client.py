"""What a browser may set, and how: by an allow-list, each value alone, and all told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import traitlets

from gradwidgets.explorers import options
from gradwidgets.explorers.life import garbage_waits, in_turn
from gradwidgets.rendering.stage import is_number

OWN = ("_tick", "_following", "_open", "_live")  # of one browser: no other hears of them
LONGEST_TEXT, MOST_PARTS, DEEPEST = 10_000, 64, 3
LATEST = 1e14  # milliseconds since 1970 that a clock may tell


@in_turn
def hear(explorer: Any, told: Mapping[str, Any]) -> None:
    """Take a browser's state; then all browsers get what its names have become.

    Good values are applied together. What is refused or moved goes back as it is now, in the same
    message; ipywidgets drops from it what its sender has changed again since.
    """
    known = {"point", "formula", *explorer._option_names(), *OWN} - explorer._private()
    asked = {name: value for name, value in told.items() if name in known}
    with garbage_waits(), explorer.hold_sync():
        _take(explorer, {name: asked[name] for name in asked if name != "formula"})
        if "formula" in asked:
            with explorer._guard(explorer._tell_at_formula):
                explorer.formula = _plausible("formula", asked["formula"], str)
                if explorer.formula == explorer.takes.text(explorer.field):
                    explorer._message = ""  # also where it was this one before
        if "_tick" in asked:  # another tab's clock may be slower
            explorer._heard = max(explorer._heard, explorer._tick)
        said = {name for name in asked if name not in OWN}
        explorer._states_to_send -= {*said, *OWN, "_heard"}
    state = explorer.get_state(key=[*said, "_heard"])
    explorer._send({"method": "echo_update", "state": state, "buffer_paths": []})


def _take(explorer: Any, asked: Mapping[str, Any]) -> None:
    """Set what can be set; the first thing that could not is told below the picture."""
    good, wrong = dict[str, Any](), list[Exception]()

    def tell(error: Exception) -> None:
        wrong.append(error)
        explorer._tell_below(wrong[0])

    if asked.keys() - set(OWN):
        explorer.note = ""
    for name, value in asked.items():
        with explorer._guard(tell):
            good[name] = _checked(explorer, name, value)
    try:
        with explorer._life.together():
            raised = [*_set(explorer, good)]
        wrong += raised
    except Exception:  # then each for itself, so that the others are not lost
        for name, value in good.items():
            with explorer._guard(tell), explorer._life.together():
                wrong += _set(explorer, {name: value})
    if wrong:  # again, for what was good has taken the note away
        explorer._tell_below(wrong[0])


def _set(explorer: Any, values: Mapping[str, Any]) -> Iterator[Exception]:
    """Set traits; what observers raise, after a value was taken, undoes nothing."""
    for name, value in values.items():
        before = getattr(explorer, name)
        try:
            setattr(explorer, name, value)
        except Exception as error:
            if getattr(explorer, name) is before:
                raise _in_words(explorer, name, error) from error
            yield error


def _in_words(explorer: Any, name: str, error: Exception) -> Exception:
    """A refusal in a reader's words: what an option takes, in place of what a trait is."""
    trait, own = explorer.traits()[name], str(error)
    if not isinstance(error, traitlets.TraitError) or not own.startswith(("The ", "Invalid")):
        return error
    return traitlets.TraitError("; ".join([f"{name} can't be that", *options.range_of(trait)]))


def _checked(explorer: Any, name: str, value: Any) -> Any:
    """A value that may be what a trait takes.

    Raises:
        TraitError: it is nothing that this trait takes.
    """
    if name == "_tick":
        return min(_plausible(name, value, int | float), LATEST)
    if name == "_open" and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        raise traitlets.TraitError("pages are opened by their titles")
    trait = explorer.traits()[name]
    value = _plausible(name, value, object, trait.metadata.get("most", MOST_PARTS))
    if isinstance(value, bool) and not isinstance(trait, traitlets.Bool):
        raise traitlets.TraitError(f"{name} is not yes or no")
    return tuple(value) if isinstance(value, list) and isinstance(trait, traitlets.Tuple) else value


def _plausible(name: str, value: Any, kind: Any, most: int = MOST_PARTS) -> Any:
    """A value of a kind, without what is not finite or endless.

    Raises:
        TraitError: it is not such a value.
    """
    if not isinstance(value, kind) or not _is_plain(value, DEEPEST, most):
        told = "it takes finite numbers, and no endless text"
        raise traitlets.TraitError(f"{name} stays as it was: {told}")
    return value


def _is_plain(value: Any, depth: int, most: int) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and _is_text(value)
    if isinstance(value, bool):
        return depth == DEEPEST  # a whole value: among others it is a number's place that it takes
    if isinstance(value, list | dict):
        if len(value) > most or depth <= 0:
            return False
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        return all(_is_plain(part, depth - 1, MOST_PARTS) for part in parts)
    return is_number(value)


def _is_text(value: str) -> bool:
    """Whether a text can travel: half of a pair of surrogates can't."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def intervals(values: Any) -> dict[str, tuple[float, float]]:
    """The intervals that a browser asks for, by variable.

    Raises:
        ValueError: these are no intervals.
    """
    with suppress(AttributeError, TypeError, ValueError):
        pairs = {str(name): tuple(ends) for name, ends in values.items()}
        if all(len(ends) == 2 and all(map(is_number, ends)) for ends in pairs.values()):
            return {name: (float(low), float(high)) for name, (low, high) in pairs.items()}
    raise ValueError("An interval has two finite ends.")
