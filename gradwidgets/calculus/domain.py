"""The domain of a function, as pictures show it: an interval for every variable, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradwidgets.calculus.types import Array, Domain, Interval

DEFAULT_INTERVAL: Interval = (-3.0, 3.0)
WIDEST, NARROWEST = 1e100, 1e-100  # squares of squares neither overflow nor vanish
NARROW = 1e-8  # of a domain's ends: floats between them would be too few
PLACES = 225  # that are spread over a domain
MESHED = 6  # variables: beyond, a mesh has too many places
GOLDEN = (5**0.5 - 1) / 2  # multiples of its powers spread evenly


def complete_domain(variables: tuple[str, ...], given: Domain | Interval) -> dict[str, Interval]:
    """An interval for every variable, each checked.

    Raises:
        ValueError: an interval for another name, or one that is no interval.
    """
    given = named_domain(variables, given)
    for name, interval in given.items():
        if name not in variables:
            raise ValueError(f"the domain names {name}, which is none of {', '.join(variables)}")
        _check_interval(name, interval)
    chosen = {name: given.get(name, DEFAULT_INTERVAL) for name in variables}
    return {name: (float(low), float(high)) for name, (low, high) in chosen.items()}


def named_domain(variables: Sequence[str], given: Domain | Interval) -> Domain:
    """A domain by names: for one variable its interval alone is understood.

    Raises:
        ValueError: an interval alone for several variables, with what to write.

    >>> named_domain(["x"], (-1, 1))
    {'x': (-1, 1)}
    """
    if isinstance(given, Mapping):
        return given
    if len(variables) == 1:
        return {variables[0]: given}
    pairs = ", ".join(f'"{name}": (-1, 1)' for name in variables)
    raise ValueError(f"name the variables: write domain={{{pairs}}} with the numbers you want")


def _check_interval(name: str, interval: Interval) -> None:
    """Refuse an interval that can't be drawn, with a ValueError in a student's words."""
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"The range of {name} is two numbers, not {interval!r}") from None
    if not (abs(low) <= WIDEST and abs(high) <= WIDEST):
        raise ValueError(f"The range of {name} stays between −10¹⁰⁰ and 10¹⁰⁰.")
    if not high > low:
        raise ValueError(
            f"The range of {name} must grow: its upper end is not above its lower end."
        )
    if not high - low > max(NARROW * max(abs(low), abs(high)), NARROWEST):
        raise ValueError(f"The range of {name} is too narrow for numbers of 16 digits.")


def spread_over(domain: Domain) -> Sequence[Array]:
    """Coordinates of a few places all over a domain, an array for every variable."""
    variables = len(domain)
    if variables > MESHED:
        shares = np.outer(np.arange(PLACES), GOLDEN ** np.arange(1, variables + 1)) % 1.0
        ends = zip(domain.values(), shares.T, strict=True)
        return [low + share * (high - low) for (low, high), share in ends]
    count = max(3, int(PLACES ** (1 / variables)))
    return np.meshgrid(*(np.linspace(*ends, count) for ends in domain.values()))
