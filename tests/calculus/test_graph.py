"""The graph of a tape: every number in it is autograd's, and the sums are the chain rule."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.values import Variable, constant
from tests.calculus.trees import formulas


def rows(graph):
    """Every node in short: operation or kind, name, value, adjoint."""
    return [
        (node.operation or node.kind, node.name, float(node.value), node.adjoint)
        for node in graph.nodes
    ]


def links(graph):
    return [(e.parent, e.child, e.place, e.partial, e.contribution) for e in graph.edges]


@pytest.fixture
def line():
    """(x·w + b − 3)² at x = 3, w = 2, b = 1."""
    w, x, b = Variable(2.0, "w"), constant(3.0, "x"), constant(1.0, "b")
    with GradientTape() as tape:
        tape.watch(b)
        y = x * w + b
        loss = (y - 3) ** 2
    y.name, loss.name = "y", "loss"
    return tape, loss, (w, x, b)


def test_nodes_carry_operation_name_value_and_adjoint(line):
    tape, loss, _ = line
    graph = tape.graph(loss)
    assert rows(graph) == [
        ("constant", "x", 3.0, None),
        ("variable", "w", 2.0, 24.0),
        ("×", "", 6.0, 8.0),
        ("watched", "b", 1.0, 8.0),
        ("+", "y", 7.0, 8.0),
        ("constant", "", 3.0, None),
        ("−", "", 4.0, 8.0),
        ("constant", "", 2.0, None),
        ("^", "loss", 16.0, 1.0),
    ]
    assert [node.index for node in graph.nodes] == list(range(9))
    assert graph.order == (8, 6, 4, 2)


def test_edges_carry_the_local_derivative_and_what_flows_back(line):
    tape, loss, _ = line
    assert links(tape.graph(loss)) == [
        (0, 2, 0, None, None),
        (1, 2, 1, 3.0, 24.0),
        (2, 4, 0, 1.0, 8.0),
        (3, 4, 1, 1.0, 8.0),
        (4, 6, 0, 1.0, 8.0),
        (5, 6, 1, None, None),
        (6, 8, 0, 8.0, 8.0),
        (7, 8, 1, None, None),
    ]


def test_derivatives_flow_only_to_the_sources_that_are_asked_for(line):
    tape, loss, (w, x, b) = line
    graph = tape.graph(loss, [b])
    assert [node.name for node in graph.nodes if node.adjoint is not None] == ["b", "y", "", "loss"]
    assert graph.edges[1].partial == 3.0
    assert graph.edges[1].contribution is None
    assert graph.order == (8, 6, 4)
    assert all(node.adjoint is None for node in tape.graph(loss, x).nodes)
    assert tape.graph(loss, {"w": w, "b": b}).order == (8, 6, 4, 2)


def test_without_a_target_there_is_all_that_was_recorded_and_no_adjoint(line):
    tape, loss, (w, _, _) = line
    with tape:
        w * 5.0
    graph = tape.graph()
    assert [node.operation for node in graph.nodes if node.operation] == ["×", "+", "−", "^", "×"]
    assert {node.adjoint for node in graph.nodes} == {None}
    assert {edge.contribution for edge in graph.edges} == {None}
    assert graph.edges[1].partial == 3.0
    assert graph.order == ()
    assert len(tape.graph(loss).nodes) == len(graph.nodes) - 2


def test_a_source_and_a_target_that_nothing_connects_are_there_too(line):
    tape, _, (w, _, _) = line
    outside, other = constant(4.0, "c"), constant(5.0, "d")
    assert rows(tape.graph(outside, [other])) == [
        ("constant", "c", 4.0, None),
        ("constant", "d", 5.0, None),
    ]
    assert rows(tape.graph(w)) == [("variable", "w", 2.0, 1.0)]


def test_looking_neither_uses_a_tape_up_nor_records(line):
    tape, loss, (w, _, _) = line
    with GradientTape() as outer:
        outer.watch(w)
        before = tape.graph(loss)
        assert tape.gradient(loss, w) == 24.0
        after = tape.graph(loss)
        recorded = len(outer.graph().nodes)
        tape.graph(loss)
        assert len(outer.graph().nodes) == recorded
    assert rows(before) == rows(after)
    assert links(before) == links(after)


def test_a_constant_used_twice_is_one_node_and_plain_numbers_are_one_each():
    x, c = Variable(2.0), constant(3.0, "c")
    with GradientTape() as tape:
        y = c * x + c * x + 3.0 * x + 3.0 * x
    graph = tape.graph(y)
    leaves = [(n.name, n.value) for n in graph.nodes if n.kind == "constant"]
    assert leaves == [("c", 3.0), ("", 3.0), ("", 3.0)]


def test_an_axis_and_an_index_are_no_numbers_to_compute_with():
    v = Variable(np.arange(6.0).reshape(2, 3))
    with GradientTape() as tape:
        y = anp.sum(v, 0)[1] + anp.where(v > 2, v, 0)[1, 1]
    graph = tape.graph(y)
    assert [node.operation or node.kind for node in graph.nodes] == [
        *("variable", "sum", "getitem", "constant", "constant", "where", "getitem", "+")
    ]
    assert graph.nodes[3].value.dtype == bool


def test_an_operation_without_a_derivative_leaves_no_part_of_an_adjoint_and_stops_nothing_else():
    w, x = Variable(3.0, "w"), Variable(8.0, "x")
    with GradientTape() as tape:
        y = x * anp.cbrt(x * 1.0) * w
    graph = tape.graph(y)
    cut = next(node for node in graph.nodes if node.operation == "cbrt")
    assert [edge.partial for edge in graph.edges if edge.child == cut.index] == [None]
    found = {node.name: node.adjoint for node in graph.nodes if node.kind == "variable"}
    assert found == {"w": 16.0, "x": None}  # by x there is more than the part that is known
    assert {node.index for node in graph.nodes if node.adjoint is None} == {0, 1, 2}


def test_second_order_is_the_graph_of_the_gradient():
    w, x = Variable(2.0, "w"), constant(3.0, "x")
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x * w**2
        slope = inner.gradient(y, w)
    graph = outer.graph(slope, w)
    assert [node.value for node in graph.nodes if node.operation][-1] == 12.0
    assert graph.nodes[0].adjoint == 6.0 == outer.gradient(slope, w)


def test_what_is_added_to_in_place_is_shown_as_it_was():
    v = Variable(np.array([1.0, 2.0, 3.0]))
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = v[0] * v[1] + v[2] ** 2
        slope = inner.gradient(y, v)
    sums = [n.value.tolist() for n in outer.graph(slope).nodes if n.operation == "+"]
    assert [sum(value != 0 for value in total) for total in sums] == [1, 2, 3]
    assert sums[-1] == slope.numpy().tolist() == [2, 1, 6]


def test_in_a_trace_of_autograd_the_numbers_stay_its_boxes():
    def adjoint(x):
        v = constant(x)
        with GradientTape() as tape:
            tape.watch(v)
            y = v**3
        return tape.graph(y).nodes[0].adjoint

    assert (adjoint(2.0), autograd.grad(adjoint)(2.0)) == (12.0, 12.0)


def check_sums(graph, target):
    """The adjoint of a node is the sum of what its uses contribute; the target has 1 more."""
    for node in graph.nodes:
        parts = [e.contribution for e in graph.edges if e.parent == node.index]
        parts = [part for part in parts if part is not None]
        if node.index == target:
            parts.append(np.ones(np.shape(node.value)))
        assert (node.adjoint is None) == (not parts)
        if parts:
            assert np.shape(node.adjoint) == np.shape(node.value)
            assert np.allclose(node.adjoint, sum(parts), rtol=1e-12, equal_nan=True)


@given(formulas(("x", "y")), st.floats(-3, 3), st.floats(-3, 3))
@pytest.mark.filterwarnings("ignore")
def test_adjoints_are_sums_of_contributions_and_autograd_s_gradient(text, x, y):
    field, sources = ScalarField(text, variables=("x", "y")), [Variable(x, "x"), Variable(y, "y")]
    with np.errstate(all="ignore"):
        with GradientTape() as tape:
            value = constant(0.0) + field.function(*sources)
        graph = tape.graph(value)
        at = np.float64(x), np.float64(y)
        wanted = {name: autograd.grad(field.function, i)(*at) for i, name in enumerate("xy")}
        made = [node.index for node in graph.nodes if node.operation]
        check_sums(graph, made[-1] if made else -1)
    found = {node.name: node.adjoint for node in graph.nodes if node.kind == "variable"}
    for name, adjoint in found.items():
        assert np.array_equal(0.0 if adjoint is None else adjoint, wanted[name], equal_nan=True)
    for edge in graph.edges:
        # Where the adjoint is NaN, the branch that `where` did not take still gets 0.
        if edge.contribution is not None and np.isfinite(graph.nodes[edge.child].adjoint):
            with np.errstate(all="ignore"):
                product = graph.nodes[edge.child].adjoint * edge.partial
            assert np.allclose(edge.contribution, product, rtol=1e-12, equal_nan=True)
        assert edge.parent < edge.child


def test_graphs_of_arrays_hold_arrays():
    m, rng = Variable(np.arange(6.0).reshape(2, 3)), np.random.default_rng(0)
    u = rng.normal(size=3)

    def loss(a):
        rows = anp.tanh(anp.dot(a, u)) + a[:, 0] * anp.sum(a)
        return anp.sum(anp.concatenate([rows, a[0] ** 2]) * 2)

    with GradientTape() as tape:
        value = loss(m)
    graph = tape.graph(value)
    check_sums(graph, len(graph.nodes) - 1)
    assert np.array_equal(graph.nodes[0].adjoint, autograd.grad(loss)(m.numpy()))
