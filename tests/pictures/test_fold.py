"""Folding: up to sixty nodes nothing, beyond that what repeats, and nothing is lost."""

import random

import autograd.numpy as anp
import pytest

from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.values import constant
from gradwidgets.pictures.fold import READABLE, folded


def graph_of(function):
    w = constant(0.4, name="w")
    with GradientTape() as tape:
        tape.watch(w)
        y = function(w)
    return tape.graph(y, w)


def loop(turns):
    def function(w):
        y = w
        for _ in range(turns):
            y = anp.tanh(y * w) + 1.0
        return y

    return function


def test_a_readable_graph_stays_as_it_is():
    graph = graph_of(loop(10))
    groups = folded(graph)
    assert [group.nodes for group in groups] == [(node.index,) for node in graph.nodes]
    assert not any(group.note for group in groups)


@pytest.mark.parametrize("turns", [30, 200])
def test_a_loop_is_folded_but_for_its_first_and_last_turn(turns):
    groups = folded(graph_of(loop(turns)))
    notes = [group.note for group in groups if group.note]
    assert notes == [f"the same 3 operations, {turns - 2} times more"]
    assert len(groups) <= READABLE


def tangle(seed):
    def function(w):
        pick = random.Random(seed)
        values = [w]
        for _ in range(120):
            one, other = pick.choice(values[-6:]), pick.choice(values)
            name = pick.choice(["sin", "cos", "tanh", "exp"])
            values.append(getattr(anp, name)(one) * other)
        return values[-1]

    return function


@pytest.mark.parametrize("seed", range(6))
def test_a_tangle_is_folded_without_a_loss_or_a_cycle(seed):
    graph = graph_of(tangle(seed))
    groups = folded(graph)
    assert len(groups) <= READABLE
    assert sorted(n for g in groups for n in g.nodes) == [n.index for n in graph.nodes]
    home = {n: place for place, group in enumerate(groups) for n in group.nodes}
    links = {(home[e.parent], home[e.child]) for e in graph.edges}
    waiting, done = set(range(len(groups))), set()
    while waiting:  # a cycle would never get ready
        ready = {g for g in waiting if all(p in done or p == g for p, c in links if c == g)}
        assert ready
        done |= ready
        waiting -= ready


def test_hidden_nodes_are_in_no_group():
    graph = graph_of(loop(3))
    hidden = frozenset({1})
    assert 1 not in [n for group in folded(graph, hidden) for n in group.nodes]
