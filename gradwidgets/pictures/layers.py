"""A place for every node of an acyclic graph: layers from top to bottom, chains straight.

Source: Sugiyama, Tagawa & Toda (1981), *Methods for visual understanding of hierarchical system
structures*; Ayer et al. (1955) on isotonic regression.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

SWEEPS = 12  # up and down in turn, the last one down
BEND = 0.3  # the width of an edge that passes by, in that of a node
CLEAR = 0.7  # how far a node keeps from others where it stands between two layers
SHOULDER = 0.15  # how far from its child's middle such an edge turns down
BULGE = 0.32  # how far several edges between the same nodes stand apart
Place = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Places with x to the right and y, the layer, downwards; neighbours are 1 apart or more.

    A leaf beside a chain stands half a layer lower, where there is room.

    `routes` holds for each edge the places that it passes, from its parent to its child.
    """

    places: tuple[Place, ...]
    routes: tuple[tuple[Place, ...], ...]

    @property
    def width(self) -> float:
        """How far to the right nodes and edges reach; they begin at 0."""
        return max(x for route in (self.places, *self.routes) for x, _ in route)

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(max(y for _, y in self.places)) + 1


def layered(count: int, edges: Sequence[tuple[int, int]]) -> Layout:
    """Places for nodes 0 … count − 1 and routes for edges (parent, child), parents before children.

    >>> layered(3, [(0, 2), (1, 2)]).places
    ((0.0, 0.0), (1.0, 0.5), (0.0, 1.0))
    """
    layer = _layers(count, edges)
    chains = [_chain(edge, layer) for edge in edges]  # long edges pass a bend in every layer
    links = [link for chain in chains for link in pairwise(chain)]
    rows = _rows([*((node, layer[node]) for node in range(count)), *_bends(chains)])
    across = _across(rows, links)
    low = _lowered(edges, rows, across)
    places = tuple((across[node], layer[node] + 0.5 * (node in low)) for node in range(count))
    routes = [_route(chain, places, across) for chain in chains]
    return Layout(places, tuple(_apart(edges, routes)))


Node = int | tuple[int, int, int]  # a bend is (parent, child, layer)


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Every node below all its parents, and one without parents just above its first child."""
    layer = [0] * count
    for parent, child in sorted(edges, key=lambda edge: edge[1]):
        layer[child] = max(layer[child], layer[parent] + 1)
    children = {child for _, child in edges}
    for node in range(count):
        below = [layer[child] for parent, child in edges if parent == node]
        if node not in children and below:
            layer[node] = min(below) - 1
    return layer


def _chain(edge: tuple[int, int], layer: Sequence[int]) -> list[Node]:
    parent, child = edge
    bends = [(parent, child, level) for level in range(layer[parent] + 1, layer[child])]
    return [parent, *bends, child]


def _bends(chains: Sequence[Sequence[Node]]) -> list[tuple[Node, int]]:
    found = {bend for chain in chains for bend in chain if isinstance(bend, tuple)}
    return [(bend, bend[2]) for bend in sorted(found)]


def _rows(nodes: Sequence[tuple[Node, int]]) -> list[list[Node]]:
    height = 1 + max(level for _, level in nodes)
    return [[node for node, level in nodes if level == wanted] for wanted in range(height)]


def _across(rows: list[list[Node]], links: Sequence[tuple[Node, Node]]) -> dict[Node, float]:
    """How far to the right everything stands: chains straight, what joins them from the side.

    A node wishes to stand below its main parent, the one with the longest history, and a leaf
    above its child. Where wishes collide, those of longer histories count for more.
    """
    level = {node: height for height, row in enumerate(rows) for node in row}
    above: dict[Node, Node] = {}
    below: dict[Node, Node] = {}
    history = dict.fromkeys(level, 0)
    for upper, lower in sorted(links, key=lambda link: level[link[1]]):
        below.setdefault(upper, lower)
        if lower not in above or history[upper] > history[above[lower]]:
            above[lower] = upper
            history[lower] = history[upper] + 1
    weight = {n: 10.0 ** (2 * history[n] + (above.get(below.get(n, n)) == n)) for n in level}
    across = {node: float(place) for row in rows for place, node in enumerate(row)}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 else rows[::-1]:
            wish = {n: across[above.get(n, below.get(n, n))] for n in row}
            ordered = sorted(row, key=lambda node: (wish[node], -weight[node], across[node]))
            weights = [weight[node] for node in ordered]
            sizes = [BEND if isinstance(node, tuple) else 1.0 for node in ordered]
            spaced = _spaced([wish[node] for node in ordered], weights, sizes)
            across |= zip(ordered, spaced, strict=True)
    least = min(across.values())
    # To tenths, halves always up, so that places 1 apart stay so.
    return {n: math.floor(10 * (place - least) + 0.5 + 1e-6) / 10 for n, place in across.items()}


def _spaced(
    wishes: Sequence[float], weights: Sequence[float], sizes: Sequence[float]
) -> list[float]:
    """The places nearest to rising wishes, in weighted least squares, so that none overlap."""
    offsets = [0.0, *accumulate((one + other) / 2 for one, other in pairwise(sizes))]
    blocks: list[tuple[float, float, int]] = []  # mean of wish − offset, weight, how many
    for offset, wish, weight in zip(offsets, wishes, weights, strict=True):
        mean, size = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, heavy, many = blocks.pop()
            mean = (before * heavy + mean * weight) / (heavy + weight)
            weight, size = heavy + weight, many + size
        blocks.append((mean, weight, size))
    shifts = [mean for mean, _, size in blocks for _ in range(size)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


def _lowered(
    edges: Sequence[tuple[int, int]], rows: Sequence[Sequence[Node]], across: Mapping[Node, float]
) -> set[Node]:
    """The leaves beside a chain that have room half a layer lower, clear of its numbers."""
    low: set[Node] = set()
    made = {child for _, child in edges}
    for row, below in reversed(list(pairwise(rows))):
        staying = [across[other] for other in below if other not in low]
        for node in row:
            used = sum(parent == node for parent, _ in edges)
            clear = all(abs(place - across[node]) > CLEAR for place in staying)
            if node not in made and used == 1 and clear:
                low.add(node)
    return low


def _route(
    chain: Sequence[Node], places: Sequence[Place], across: Mapping[Node, float]
) -> list[Place]:
    """The places that an edge passes; from between two layers it comes to its child from above."""
    route = [
        (across[node], float(node[2])) if isinstance(node, tuple) else places[node]
        for node in chain
    ]
    (x0, y0), (x1, _) = route[0], route[1]
    if y0 % 1:
        route.insert(1, (x1 + (SHOULDER if x0 > x1 else -SHOULDER), y0 + 0.05))
    return route


def _apart(
    edges: Sequence[tuple[int, int]], routes: Sequence[list[Place]]
) -> list[tuple[Place, ...]]:
    """Routes of edges between the same nodes, bent away from each other."""
    made = []
    for place, (edge, route) in enumerate(zip(edges, routes, strict=True)):
        same = [k for k, other in enumerate(edges) if other == edge]
        if len(same) > 1:
            bulge = BULGE * (same.index(place) - (len(same) - 1) / 2)
            (x0, y0), (x1, y1) = route[0], route[-1]
            inner = route[1:-1] or [((x0 + x1) / 2, (y0 + y1) / 2)]
            route = [route[0], *((x + bulge, y) for x, y in inner), route[-1]]
        made.append(tuple(route))
    return made
