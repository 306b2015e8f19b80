"""The backward pass of a tape: autograd's rules, in autograd's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.core import add_outgrads, primitive_vjps
from autograd.tracer import isbox
from autograd.util import subvals, toposort

from gradwidgets.calculus.values import FLAT, TapeNode, Value

# Of every node on the way from an end to its origins: the places of the parents on it.
Routes: TypeAlias = Mapping[TapeNode, Sequence[int]]


def routes(
    nodes: Iterable[TapeNode], origins: Iterable[TapeNode], closed: Set[Any] = FLAT
) -> Routes:
    """The ways from all that was computed from some origins back to these.

    `nodes` are in the order in which they were made; no way leads through `closed` operations.
    """
    found: dict[TapeNode, Sequence[int]] = dict.fromkeys(origins, ())
    for node in nodes:
        places = [place for place, parent in enumerate(node.parents) if parent in found]
        if places and node.fun not in closed:
            found[node] = places
    return found


def pull_back(
    end: TapeNode, seed: Any, ways: Routes, watched: bool = False
) -> Iterator[tuple[TapeNode, Any, tuple[Any, ...]]]:
    """Every node on the ways from an end, with its adjoint and the parts it adds to its parents'.

    If it is `watched` by another tape, the rules run on values, so that they are recorded too.
    """
    adjoints = {end: (seed, False)}
    for node in toposort(end, lambda node: [node.parents[place] for place in ways[node]]):
        adjoint, places = adjoints.pop(node)[0], ways[node]
        parts = tuple(vjp(node, places, watched)(adjoint)) if places else ()
        for place, part in zip(places, parts, strict=True):
            parent = node.parents[place]
            adjoints[parent] = add_outgrads(adjoints.get(parent), part)
            if watched and not ways[parent]:
                _call_as_factor(part, node, place, adjoint)
        yield node, adjoint, parts


def vjp(node: TapeNode, places: Sequence[int], watched: bool = False) -> Any:
    """The rule that takes an operation's adjoint to its parts for the parents in some places.

    Raises:
        NotImplementedError: autograd has none.
    """
    if node.fun not in primitive_vjps:
        raise NotImplementedError(f"autograd has no derivative of {node.fun.__name__}")
    value, args = node.value, node.args
    if watched:
        boxed = zip(node.argnums, (parent.box for parent in node.parents), strict=True)
        value, args = node.box, subvals(args, list(boxed))
    argnums = tuple(node.argnums[place] for place in places)
    return primitive_vjps[node.fun](argnums, value, args, node.kwargs)


def _call_as_factor(part: Any, node: TapeNode, place: int, adjoint: Any) -> None:
    """∂(u·v)/∂u = v: where nothing else multiplies a named factor, the part has its name."""
    is_product = node.fun is anp.multiply and len(node.parents) == 2 and isinstance(part, Value)
    if is_product and np.shape(part) == np.shape(node.value) and _is_one(adjoint):
        part.name = part.name or node.parents[1 - place].name


def _is_one(adjoint: Any) -> bool:
    return not isbox(adjoint) and bool(np.all(adjoint == 1))
