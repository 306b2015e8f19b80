"""Layered layouts: every edge goes down, nothing overlaps, and few edges cross."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.pictures.layers import _spaced, layered


@st.composite
def graphs(draw):
    """A number of nodes, and edges from earlier to later ones."""
    count = draw(st.integers(1, 14))
    pairs = list(combinations(range(count), 2))
    return count, draw(st.lists(st.sampled_from(pairs), max_size=30)) if pairs else []


@given(graphs())
def test_edges_go_down_and_neighbours_keep_their_distance(graph):
    count, edges = graph
    layout = layered(count, edges)
    assert len(layout.places) == count
    for parent, child in edges:
        assert layout.places[parent][1] < layout.places[child][1]
    rows = {}
    for x, y in layout.places:
        rows.setdefault(y, []).append(x)
    for row in rows.values():
        assert all(right - left >= 1 - 1e-5 for left, right in pairwise(sorted(row)))


@given(graphs())
def test_a_route_leads_from_parent_to_child_without_a_jump(graph):
    count, edges = graph
    layout = layered(count, edges)
    for (parent, child), route in zip(edges, layout.routes, strict=True):
        assert (route[0], route[-1]) == (layout.places[parent], layout.places[child])
        assert all(0 < below[1] - above[1] <= 1 for above, below in pairwise(route))


def test_a_parent_of_two_stands_between_and_leaves_stand_close_to_their_child():
    #  0   1        0 and 1 feed 3, 2 feeds only the last
    layout = layered(5, [(0, 3), (1, 3), (3, 4), (2, 4)])
    (x0, _), (x1, _), (_, y2), (x3, _), (_, y4) = layout.places
    assert x3 == pytest.approx(x0)  # below its first parent, the second joins from the side
    assert x1 == pytest.approx(x0 + 1)
    assert y2 == y4 - 0.5  # beside the chain, where there is room


def test_edges_between_the_same_nodes_are_told_apart():
    one, two = layered(2, [(0, 1), (0, 1)]).routes
    assert one != two
    assert one[1][0] == pytest.approx(-two[1][0])


def test_a_tree_has_no_crossing():
    edges = [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)]
    layout = layered(7, edges)
    order = [layout.places[node][0] for node in range(4)]
    pairs = [sorted(order[:2]), sorted(order[2:])]
    assert pairs[0][1] < pairs[1][0] or pairs[1][1] < pairs[0][0]


def test_the_longest_chain_is_straight():
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 5), (5, 7), (6, 7)]
    layout = layered(8, edges)
    assert len({layout.places[node][0] for node in (0, 2, 4, 5, 7)}) == 1
    assert layout.width == 1


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 10)), min_size=1, max_size=9))
def test_spacing_is_the_nearest_that_keeps_distance(pairs):
    wishes, weights = zip(*sorted(pairs), strict=True)
    found = np.array(_spaced(wishes, weights, [1.0] * len(wishes)))
    assert (np.diff(found) >= 1 - 1e-9).all()
    # In least squares the weighted error of a block of touching places is 0 on average.
    starts = np.flatnonzero(np.diff(found, prepend=-np.inf) > 1 + 1e-9)
    for block in np.split((found - wishes) * weights, starts[1:]):
        assert np.mean(block) == pytest.approx(0, abs=1e-8)
