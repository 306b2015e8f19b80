"""The tape: every rule that a learner knows, and autograd's numbers to the last bit."""

import contextlib
import copy as copying
import gc
import pickle
import sys
import threading
import warnings
import weakref

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import trace_stack
from hypothesis import given, settings
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.values import Value, Variable, constant
from tests.calculus.trees import formulas


def number(value):
    return None if value is None else float(value)


@pytest.fixture
def w():
    return constant(1.0, name="w")


@pytest.fixture
def x():
    return constant(2.0, name="x")


# ── what is recorded ─────────────────────────────────────────────────────────────────────────────


def test_a_constant_is_not_recorded_unless_it_is_watched(w, x):
    with GradientTape() as tape:
        y = w * x
    assert tape.gradient(y, w) is None
    with GradientTape() as tape:
        tape.watch(w)
        y = w * x
    assert tape.gradient(y, [w, x])[0] == 2.0


def test_only_what_is_watched_has_a_gradient(w, x):
    with GradientTape() as tape:
        tape.watch(w)
        y = w * x
    by_w, by_x = tape.gradient(y, [w, x])
    assert (number(by_w), by_x) == (2.0, None)


def test_what_was_computed_before_the_tape_is_unknown_to_it(w, x):
    y = x * w
    with GradientTape() as tape:
        tape.watch([w])
        x * w
    assert tape.gradient(y, [w]) == [None]


def test_variables_are_watched_when_they_are_used(x):
    used, unused = Variable(3.0), Variable(4.0)
    with GradientTape() as tape:
        y = used * x
    assert [v is used for v in tape.watched_variables()] == [True]
    assert tape.gradient(y, [used, unused]) == [2.0, None]


def test_variables_can_be_left_alone(x):
    quiet, loud = Variable(3.0, trainable=False), Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y = quiet * loud
    assert tape.gradient(y, quiet) is None
    with GradientTape(watch_accessed_variables=False, persistent=True) as tape:
        tape.watch(quiet)
        y = quiet * loud
    assert tape.gradient(y, [quiet, loud]) == [3.0, None]


def test_stop_recording_leaves_out_what_happens_inside(w):
    with GradientTape() as tape:
        tape.watch(w)
        y = w * 2.0
        with tape.stop_recording():
            z = w * 5.0
        y = y + z
    assert tape.gradient(y, w) == 2.0


def test_reset_forgets_everything():
    w = Variable(3.0)
    with GradientTape() as tape:
        w * w
        tape.reset()
        assert tape.watched_variables() == ()
        y = w * 4.0
    assert tape.gradient(y, w) == 4.0


@pytest.mark.parametrize("thing", [2.0, np.array(1.0), "w", None, [constant(1.0), 2.0]])
def test_watching_what_is_no_value_is_refused(thing):
    with pytest.raises(ValueError, match="is no value that a tape can know"):
        GradientTape().watch(thing)
    w = Variable(1.0)
    with GradientTape(persistent=True) as tape:
        y = w * w
    for target, source in ((y, thing), (thing, y)):
        with pytest.raises(ValueError, match="make it with constant or Variable"):
            tape.gradient(target, source)


def test_a_pause_leaves_other_tapes_alone_and_outlives_an_exception(x):
    with GradientTape() as outer, GradientTape() as inner:
        outer.watch(x)
        inner.watch(x)
        with contextlib.suppress(ZeroDivisionError), outer.stop_recording():
            y = x * x
            1 / 0  # noqa: B018
        z = y * x
    assert (outer.gradient(z, x), inner.gradient(z, x)) == (4.0, 12.0)
    with pytest.raises(ValueError, match="recording"), outer.stop_recording():
        pass


def test_a_tape_that_is_used_up_in_its_pause_stays_so(x):
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
        with tape.stop_recording():
            assert tape.gradient(y, x) == 4.0
        recorded = len(tape.graph().nodes)
        y * x
    assert len(tape.graph().nodes) == recorded


def test_watched_variables_come_in_the_order_of_their_use_and_once():
    a, b, c = (Variable(1.0, name) for name in "abc")
    with GradientTape() as tape:
        y = c * a + b * c
        a.assign(2.0)
        y = y * a
    assert tape.watched_variables() == (c, a, b)
    tape.gradient(y, a)
    assert tape.watched_variables() == (c, a, b)


def test_a_variable_without_a_gradient_is_watched_once(x):
    steps = Variable(3)
    with GradientTape() as tape:
        for _ in range(3):
            x * steps
    assert tape.watched_variables() == (steps,)
    assert len(tape._states) == 1


def test_a_tape_does_not_keep_its_variables_alive(x):
    w = Variable(3.0)
    with GradientTape() as tape:
        w * x
    gone = weakref.ref(w)
    del w
    assert gone() is None
    assert tape.watched_variables() == ()


def test_every_thread_has_its_own_tapes():
    found = []

    def work():
        w = Variable(3.0)
        with GradientTape() as tape:
            y = w * w
        found.append((tape.gradient(y, w), outer.watched_variables()))

    with GradientTape() as outer:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [(6.0, ())] * 4


def test_loops_and_branches_are_recorded_as_they_were_run(x):
    with GradientTape() as tape:
        tape.watch(x)
        y = x
        while y < 10:
            y *= x
        y = y * 3 if y > 10 else y
    assert (float(y), float(tape.gradient(y, x))) == (48.0, 96.0)


# ── gradient ─────────────────────────────────────────────────────────────────────────────────────


def test_gradients_come_back_in_the_shape_of_the_sources():
    a, b, c = Variable(1.0), Variable(2.0), Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y = a * b * c
    assert tape.gradient(y, a) == 6.0
    assert tape.gradient(y, [a, (b, c)]) == [6.0, (3.0, 2.0)]
    assert tape.gradient(y, {"a": a, "rest": [b, c]}) == {"a": 6.0, "rest": [3.0, 2.0]}
    assert tape.gradient(y, [a, a]) == [6.0, 6.0]
    assert tape.gradient(y, []) == []


def test_sources_may_be_results():
    x = constant(3.0)
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    assert tape.gradient(z, [x, y, z]) == [108.0, 18.0, 1.0]


def test_several_targets_add():
    w = Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y, z = w * w, 5.0 * w
    assert tape.gradient([y, z], w) == tape.gradient({"a": y, "b": (z,)}, w) == 11.0
    assert tape.gradient([y, y, w], w) == 13.0
    assert tape.gradient([], w) is None


@pytest.mark.parametrize(
    ("targets", "weights", "wanted"),
    [
        ("y", np.array([1.0, 10.0]), [2, 40]),
        ("y", [1.0, 10.0], [2, 40]),
        ("y", constant([1, 10]), [2, 40]),
        ("y", [constant([1.0, 10.0])], [2, 40]),
        ("y", 2, [4, 8]),
        (["y"], [[1.0, 10.0]], [2, 40]),
        (["y", "z"], [2.0, constant(1.0)], [7, 11]),
        (["y", "z"], [None, np.array([0.0, 1.0])], [2, 7]),
        (("y", "z"), None, [5, 7]),
        ({"a": "y", "b": "z"}, {"a": [1.0, 0.0], "b": None}, [5, 3]),
    ],
)
def test_output_gradients_weigh_the_targets(targets, weights, wanted):
    w = Variable(np.array([1.0, 2.0]))
    with GradientTape() as tape:
        made = {"y": w * w, "z": 3.0 * w}
    if isinstance(targets, dict):
        target = {key: made[name] for key, name in targets.items()}
    else:
        target = made[targets] if isinstance(targets, str) else [made[name] for name in targets]
    assert tape.gradient(target, w, output_gradients=weights).numpy().tolist() == wanted


def test_output_gradients_fit_their_targets():
    w = Variable(np.array([1.0, 2.0]))
    with GradientTape() as tape:
        y, z = w * w, 3.0 * w
    with pytest.raises(ValueError, match="2 targets need as many output_gradients, not 1"):
        tape.gradient([y, z], w, output_gradients=[1.0])
    with pytest.raises(ValueError, match=r"the target's shape \(2,\), not \(3,\)"):
        tape.gradient(y, w, output_gradients=np.ones(3))
    assert tape.gradient(y, w).numpy().tolist() == [2, 4]  # what is refused uses nothing up


def test_an_outer_tape_sees_the_output_gradients():
    x, s = constant(3.0), constant(2.0)
    with GradientTape() as outer:
        outer.watch([x, s])
        with GradientTape() as inner:
            inner.watch(x)
            y = x * x
        slope = inner.gradient(y, x, output_gradients=s)
    assert outer.gradient(slope, [s, x]) == [6.0, 4.0]


def test_a_target_that_is_a_source_has_the_gradient_one():
    w = Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y = w * w
    assert tape.gradient(w, w) == tape.gradient(y, y) == 1.0
    assert tape.gradient([y, w], w) == 7.0
    alone = constant(np.ones(2))
    assert tape.gradient(alone, alone).numpy().tolist() == [1, 1]


def test_unconnected_gradients_are_none_or_zero_and_nothing_else():
    w, u = Variable(np.array([1.0, 2.0])), Variable(np.ones((2, 3)))
    with GradientTape(persistent=True) as tape:
        y, _ = w * w, u * u
    assert tape.gradient(y, u) is None
    assert tape.gradient(y, u, unconnected_gradients="zero").numpy().tolist() == [[0] * 3] * 2
    for word in ("nothing", "ZERO", "", None, 0):
        with pytest.raises(ValueError, match="unconnected_gradients"):
            tape.gradient(y, u, unconnected_gradients=word)
    small = Variable(np.float32(1.0))
    assert tape.gradient(y, small, unconnected_gradients="zero").dtype == np.float32
    assert tape.gradient(y, w).numpy().tolist() == [2, 4]


def test_none_is_not_zero():
    w = Variable(-1.0)
    with GradientTape(persistent=True) as tape:
        connected, apart = anp.where(w > 0, w, 0.0 * w), constant(3.0)
    assert tape.gradient(connected, w) == 0.0
    assert tape.gradient(apart, w) is None


def test_adjoints_add_where_a_value_is_used_twice():
    x = Variable(3.0)
    with GradientTape() as tape:
        y = x * x + x
    assert tape.gradient(y, x) == 7.0


@pytest.mark.parametrize("number", [3, np.array([1, 2]), True])
def test_whole_numbers_have_no_gradient(number):
    x = Variable(number)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * 2.0
        z = x + 1
    assert tape.gradient([y, z], x) is None
    assert tape.gradient(z, z) is tape.jacobian(z, x) is None
    assert "whole numbers" in tape.why_none(y, x)


def test_indexing_gives_dense_gradients():
    v = Variable(np.array([1.0, 2.0, 3.0]))
    with GradientTape() as tape:
        y = v[1] * v[1] + v[2]
    assert tape.gradient(y, v).numpy().tolist() == [0, 4, 1]


def test_an_assigned_variable_counts_with_both_of_its_values():
    w = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        before = w * w
        w.assign(5.0)
        after = w * w
    assert tape.gradient(before, w) == 4.0
    assert tape.gradient(after, w) == 10.0
    assert tape.gradient([before, after], w) == 14.0
    w.assign_add(1.0)
    w.assign_sub(constant(2.0))
    assert float(w) == 4.0


def test_an_assigned_variable_stays_what_it_was():
    w, v, n = Variable(1.0, "w"), Variable(np.float32([1, 2])), Variable(3)
    assert (w.assign(2).dtype, w.name, w.trainable) == (float, "w", True)
    assert v.assign([3, 4]).dtype == np.float32
    assert n.assign(4) == 4
    with pytest.raises(ValueError, match="shape"):
        w.assign(np.ones(2))
    with pytest.raises(ValueError, match="begin with a float"):
        n.assign(0.5)


def test_values_are_copies_of_what_they_are_made_of():
    array = np.array([1.0, 2.0])
    v, w = constant(array), Variable(array)
    array[0] = 5.0
    assert v[0] == w[0] == 1.0
    copy = copying.deepcopy(w)
    with GradientTape() as tape:
        y = copy * w
    assert [g.numpy().tolist() for g in tape.gradient(y, [w, copy])] == [[1, 2], [1, 2]]
    back = pickle.loads(pickle.dumps(Variable(2.0, "w", trainable=False)))
    assert (back == 2.0, back.name, back.trainable) == (True, "w", False)


# ── using up ─────────────────────────────────────────────────────────────────────────────────────


def test_a_tape_serves_once_and_says_how_to_ask_more_often():
    w = Variable(3.0)
    with GradientTape() as tape:
        y = w * w
    tape.gradient(y, w)
    with pytest.raises(RuntimeError, match="persistent=True"):
        tape.gradient(y, w)
    with pytest.raises(RuntimeError, match="persistent=True"):
        tape.jacobian(y, w)


def test_a_persistent_tape_serves_as_often_as_one_likes():
    w = Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y = w * w
        z = y * w
    assert [tape.gradient(y, w), tape.gradient(z, w), tape.gradient(z, y)] == [6.0, 27.0, 3.0]


def test_an_active_tape_can_t_be_entered_again_but_one_that_was_left_can():
    w = Variable(3.0)
    with GradientTape() as tape:
        with pytest.raises(ValueError, match="already"), tape:
            pass
        y = w * w
    with tape:
        z = y * w
    assert tape.gradient(z, w) == 27.0
    with tape:  # used up, so it begins anew
        y = 2.0 * w
    assert tape.gradient(y, w) == 2.0


def test_an_exception_inside_ends_the_recording():
    tape = GradientTape()
    with pytest.raises(ZeroDivisionError), tape:
        1 / 0  # noqa: B018
    with tape:
        pass


# ── nesting ──────────────────────────────────────────────────────────────────────────────────────


def test_the_lesson_s_example_runs_as_it_stands():
    w, x, b = gw.constant(1.0), gw.constant(2.0), gw.Variable(3.0)
    y = x * w
    with gw.GradientTape() as tape:
        tape.watch([w])
        y2 = x * w
    assert tape.gradient(y, [w]) == [None]
    with gw.GradientTape() as tape:
        tape.watch([w])
        y2 = x * w
    assert tape.gradient(y2, [w]) == [2.0]
    with pytest.raises(RuntimeError, match="persistent=True"):
        tape.gradient(y2, [w])
    with gw.GradientTape(persistent=True) as tape:
        tape.watch([w])
        y2 = x * w
    assert tape.gradient(y2, [w]) == tape.gradient(y2, [w]) == [2.0]
    w = gw.Variable(1.0)
    with gw.GradientTape() as t1:
        with gw.GradientTape() as t2:
            y = x * w + b
        dy_dw, dy_db = t2.gradient(y, [w, b])
    assert (dy_dw, dy_db, t1.gradient(dy_dw, w)) == (2.0, 1.0, None)


def test_a_tape_is_local_about_what_it_watches():
    x1, x2 = Variable(2.0, trainable=False), Variable(2.0, trainable=False)
    with GradientTape() as outer:
        with GradientTape() as inner:
            outer.watch(x1)
            inner.watch([x1, x2])
            y, z = x1**3, x2**2
            slopes = inner.gradient([y, z], [x1, x2])
        assert outer.gradient(slopes, [x1, x2]) == [12.0, None]


def test_nested_tapes_may_watch_each_other_s_results():
    x = constant(3.0)
    with GradientTape() as outer:
        outer.watch(x)
        y = x * x
        with GradientTape(persistent=True) as inner:
            inner.watch(y)
            z = 2 * y
        slopes = [inner.gradient(z, [y])[0] for _ in range(2)]
        y += slopes[1]
    assert slopes == [2.0, 2.0]
    assert outer.gradient([y, z], x) == 18.0


def test_nested_tapes_give_the_second_derivative():
    x = constant(5.0)
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = x * x
        slope = inner.gradient(y, x)
    assert (float(slope), float(outer.gradient(slope, x))) == (10.0, 2.0)


def test_a_derivative_that_does_not_depend_on_the_source_has_none():
    w, b, x = Variable(1.0), Variable(3.0), constant(2.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x * w + b
        by_w, by_b = inner.gradient(y, [w, b])
    assert (float(by_w), float(by_b)) == (2.0, 1.0)
    assert outer.gradient(by_w, w) is None


def test_a_derivative_that_depends_on_the_source_has_a_number():
    w, x = Variable(3.0), constant(2.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x * w * w
        slope = inner.gradient(y, w)
    assert outer.gradient(slope, w) == 4.0


def test_tapes_know_only_what_they_watch():
    w, x = constant(3.0), constant(2.0)
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(w)
            y = x * w * w
        slope = inner.gradient(y, w)
    assert slope == 12.0
    assert outer.gradient(slope, x) == 6.0
    assert inner.knows([x._node]) is False


def test_a_persistent_tape_in_its_own_block_records_its_gradients():
    x = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        y = x**4
        first = tape.gradient(y, x)
        second = tape.gradient(first, x)
    third = tape.gradient(second, x)
    assert [float(g) for g in (first, second, third)] == [32.0, 48.0, 48.0]


# ── autograd beside tapes ────────────────────────────────────────────────────────────────────────


def test_autograd_works_inside_a_tape():
    w = Variable(3.0)
    with GradientTape() as tape:
        slope = autograd.grad(lambda x: x * x * w)(2.0)
    assert (float(slope), float(tape.gradient(slope, w))) == (12.0, 4.0)


def test_autograd_differentiates_a_function_with_a_tape_in_it():
    def slope(x):
        v = constant(x)
        with GradientTape() as tape:
            tape.watch(v)
            y = v**3
        return tape.gradient(y, v)

    assert slope(2.0) == 12.0
    assert autograd.grad(slope)(2.0) == 12.0
    assert autograd.grad(autograd.grad(slope))(2.0) == 6.0


def test_every_operator_of_autograd_works_inside_a_tape():
    w, x = Variable(3.0), constant(np.array([1.0, 2.0]))
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        slope = autograd.grad(lambda u: anp.sum(u**3) * w)(x)
        each = autograd.elementwise_grad(lambda u: u**3 * w)(x)
        curvature = autograd.hessian(lambda u: anp.sum(u**3) * w)(x)
        table = autograd.jacobian(lambda u: u**3 * w)(x)
    assert slope.numpy().tolist() == each.numpy().tolist() == [9, 36]
    assert curvature.numpy().tolist() == [[18, 0], [0, 36]]
    assert table.numpy().tolist() == [[9, 0], [0, 36]]
    assert tape.gradient(slope, x).numpy().tolist() == [18, 36]
    assert tape.gradient(curvature, w) == 18.0


def by_own(x):
    v = constant(x)
    with GradientTape() as tape:
        tape.watch(v)
        y = v**3
    return tape.gradient(y, v)


def by_variable_beside(x):
    v, w = constant(x), Variable(anp.ones(anp.shape(x)))
    with GradientTape() as tape:
        y = v**3 * w
    return 3 * tape.gradient(y, w) / x


def by_plain_argument(x):
    w = Variable(anp.ones(anp.shape(x)))
    with GradientTape() as tape:
        y = w**2 * x**3
    return 1.5 * tape.gradient(y, w) / x


def by_value(x):
    v = constant(x)
    return 3.0 * v * v  # a value, and no box of autograd's


def by_jacobian(x):
    v = constant(x)
    with GradientTape() as tape:
        tape.watch(v)
        y = v**3
    table = tape.jacobian(y, v)
    return table if np.ndim(x) == 0 else anp.sum(table, axis=0)


@pytest.mark.parametrize(
    "slope", [by_own, by_variable_beside, by_plain_argument, by_value, by_jacobian]
)
def test_every_operator_of_autograd_differentiates_a_function_with_a_tape(slope):
    at = np.array([1.0, 2.0])
    assert np.allclose(np.asarray(slope(at)), 3 * at**2)
    assert np.allclose(autograd.grad(slope)(2.0), 12.0)
    assert np.allclose(autograd.elementwise_grad(slope)(at), 6 * at)
    assert np.allclose(autograd.jacobian(slope)(at), np.diag(6 * at))
    assert np.allclose(autograd.hessian(lambda x: anp.sum(slope(x)))(at), 6 * np.eye(2))


def test_a_field_may_be_computed_with_values():
    field = ScalarField(lambda x, y: constant(x) * Variable(3.0) * y)
    assert field.gradient((1.0, 2.0)).tolist() == [6.0, 3.0]


def test_a_plain_box_beside_an_outer_tape_is_refused_with_advice():
    outer = Variable(3.0)

    def slope(x):
        with GradientTape() as inner:
            y = outer * x
        return inner.gradient(y, outer)

    with GradientTape(), pytest.raises(ValueError, match="make it with constant"):
        autograd.grad(slope)(2.0)


def derivative(function, order, x):
    """A higher derivative by that many nested tapes."""
    if order == 0:
        return function(x)
    with GradientTape() as tape:
        below = derivative(function, order - 1, x)
    return tape.gradient(below, x, unconnected_gradients="zero")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(formulas(("x",)), st.floats(-3, 3))
def test_gradients_are_autograd_s_to_the_last_bit_and_to_third_order(text, x):
    field = ScalarField(text, variables=("x",))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        wanted, plain = [], field.function
        for _ in range(3):
            plain = autograd.grad(plain)
            wanted.append(float(plain(np.float64(x))))
        found = [float(derivative(field.function, order, Variable(x))) for order in (1, 2, 3)]
    assert np.array_equal(found, wanted, equal_nan=True)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(formulas(("x", "y")), st.floats(-3, 3), st.floats(-3, 3))
def test_several_sources_get_what_autograd_gives_each(text, x, y):
    field = ScalarField(text, variables=("x", "y"))
    sources = [Variable(x), Variable(y)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with GradientTape() as tape:
            value = constant(0.0) + field.function(*sources)
        found = tape.gradient(value, sources, unconnected_gradients="zero")
        at = np.float64(x), np.float64(y)
        wanted = [autograd.grad(field.function, place)(*at) for place in range(2)]
    assert np.array_equal([float(g) for g in found], wanted, equal_nan=True)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    formulas(("x", "y")), st.floats(-3, 3), st.floats(-3, 3), st.tuples(*[st.integers(0, 1)] * 3)
)
@pytest.mark.filterwarnings("ignore")
def test_mixed_third_derivatives_are_autograd_s_to_the_last_bit(text, x, y, places):
    function, sources = ScalarField(text, variables=("x", "y")).function, [Variable(x), Variable(y)]
    plain = function
    for place in places:
        plain = autograd.grad(plain, place)

    def nested(order):
        if order == 0:
            return constant(0.0) + function(*sources)
        with GradientTape() as tape:
            below = nested(order - 1)
        return tape.gradient(below, sources, unconnected_gradients="zero")[places[order - 1]]

    with np.errstate(all="ignore"):
        wanted, found = plain(np.float64(x), np.float64(y)), nested(3)
    assert np.array_equal(found, wanted, equal_nan=True)


@pytest.mark.parametrize(
    "function",
    [
        lambda v: v[0] * v[1] + v[-1] ** 2,
        lambda v: anp.sum(v[[0, 0, 2]] * v[anp.array([True, False, False, True])][0]),
        lambda v: anp.sum(anp.where(v > 2, v**2, 0.0)),
        lambda v: anp.sum(v.reshape(2, 2) @ v.reshape((2, 2)).T),
        lambda v: anp.sum(anp.outer(v, v)[1:, ::2], axis=0)[1],
        lambda v: anp.mean(v) * anp.max(v) / anp.linalg.norm(v),
        lambda v: anp.log(anp.sum(anp.exp(v - 1.0))) + v.sum(),
        lambda v: sum(part**2 for part in v) * len(v),
        lambda v: anp.sum(anp.concatenate([v, 2 - v, v / 3]) * anp.stack([v[0]] * 12)),
        lambda v: anp.dot(np.arange(4.0), v) + 2.0 ** v[0] + abs(-v[1]),
    ],
)
def test_gradients_of_arrays_are_autograd_s_to_the_last_bit(function):
    at = np.array([1.5, -2.0, 3.0, 0.5])
    v = Variable(at)
    with GradientTape() as outer:
        with GradientTape() as inner:
            value = function(v)
        slope = inner.gradient(value, v)
    assert np.array_equal(slope, autograd.grad(function)(at))
    curvature = outer.jacobian(slope, v, unconnected_gradients="zero")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.array_equal(curvature, autograd.hessian(function)(at))


# ── jacobian ─────────────────────────────────────────────────────────────────────────────────────


def test_the_jacobian_has_the_shapes_of_target_and_source():
    v, m = Variable(np.array([1.0, 2.0, 3.0])), np.arange(6.0).reshape(2, 3)
    with GradientTape(persistent=True) as tape:
        y, s = anp.dot(m, v) ** 2, anp.sum(v * v)
    wanted = autograd.jacobian(lambda u: anp.dot(m, u) ** 2)(v.numpy())
    assert np.array_equal(tape.jacobian(y, v).numpy(), wanted)
    assert tape.jacobian(s, v).numpy().tolist() == [2, 4, 6]
    assert tape.jacobian(y, Variable(1.0)) is None
    assert tape.jacobian(y, Variable(1.0), unconnected_gradients="zero").shape == (2,)


def test_jacobians_come_back_in_the_shape_of_the_sources():
    x, y, u = constant([1.0, 2.0]), constant([3.0, 4.0]), Variable(1.0)
    with GradientTape(persistent=True) as tape:
        tape.watch([x, y, u])
        z = x * x * y
    by_x, (by_y, by_u) = tape.jacobian(z, [x, (y, u)])
    assert by_x.numpy().tolist() == [[6, 0], [0, 16]]
    assert by_y.numpy().tolist() == [[1, 0], [0, 4]]
    assert by_u is None
    assert tape.jacobian(z, {"z": z})["z"].numpy().tolist() == [[1, 0], [0, 1]]
    with GradientTape() as tape:
        tape.watch(x)
        y = anp.outer(x, x)
    assert tape.jacobian(y, x).numpy().tolist() == [[[2, 0], [2, 1]], [[2, 1], [0, 4]]]


def test_where_one_value_is_asked_for_two_are_refused():
    w = Variable(3.0)
    with GradientTape() as tape:
        y, z = w * w, w + 1.0
    for ask in (tape.jacobian, tape.why_none, tape.graph):
        with pytest.raises(ValueError, match="one value is asked for, not 2"):
            ask([y, z], w)
    assert tape.jacobian([y], w) == 6.0


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_the_jacobian_of_nothing_is_empty(shape):
    v = Variable(np.ones(shape))
    with GradientTape() as tape:
        y = v * v
    assert tape.jacobian(y, v).shape == shape * 2


def test_the_hessian_is_the_jacobian_of_the_gradient():
    v = Variable(np.array([1.0, 2.0]))
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = v[0] ** 2 * v[1]
        slope = inner.gradient(y, v)
    assert outer.jacobian(slope, v).numpy().tolist() == [[4, 2], [2, 0]]


# ── explanations ─────────────────────────────────────────────────────────────────────────────────


def test_a_none_can_be_asked_why(w, x):
    before = x * w
    before.name = "y"
    with GradientTape() as tape:
        tape.watch(w)
        inside, apart = x * w, constant(4.0, name="z")
    assert tape.why_none(before, w) == "y was computed outside the tape"
    assert tape.why_none(inside, x) == "x was not watched: call tape.watch(x) before it is used"
    assert tape.why_none(apart, w) == "z does not depend on w"
    assert tape.why_none(inside, w) == tape.why_none(x, x) == ""


def test_why_a_value_is_watched_too_late(w, x):
    with GradientTape() as tape:
        y = w * x
        y.name = "y"
        tape.watch(w)
        z = constant(1.0, "z")
    assert tape.why_none(y, w) == "y was computed before w was watched"
    assert tape.why_none(z, w) == "z does not depend on w"
    assert tape.why_none(Variable(1.0, "v"), w) == "v does not depend on w"


def test_why_a_second_derivative_is_none(w, x):
    b = constant(3.0)
    with GradientTape() as outer:
        outer.watch(w)
        with GradientTape() as inner:
            inner.watch([w, b])
            y, z = x * w + b, 3.0 * w
            y.name, z.name = "y", "z"
        slope = inner.gradient(y, w)
    assert outer.gradient(slope, w) is None
    assert outer.why_none(slope, w) == "dy/dw = x does not depend on w"
    with GradientTape() as outer:
        outer.watch(w)
        with GradientTape() as inner:
            inner.watch(w)
            z = 3.0 * w
            z.name = "z"
        slope = inner.gradient(z, w)
    assert outer.why_none(slope, w) == "dz/dw = 3 does not depend on w"
    with GradientTape() as late:
        late.watch(w)
    assert late.why_none(slope, w) == "dz/dw was computed outside the tape"


def test_why_a_variable_was_not_watched():
    used, unused = Variable(1.0, "u"), Variable(1.0, "v")
    fixed = Variable(1.0, "f", trainable=False)
    with GradientTape() as tape:
        y = used * fixed
    assert tape.why_none(y, unused) == "v was not watched: it was not used in the tape's block"
    assert "f was not watched: it is not trainable" in tape.why_none(y, fixed)
    with GradientTape(watch_accessed_variables=False) as tape:
        y = used * fixed
    assert "watches no variable by itself; call tape.watch(u)" in tape.why_none(y, used)


def test_why_there_is_no_way_through_an_operation_or_a_pause():
    w = Variable(1.5, "w")
    with GradientTape() as tape:
        y, n = anp.floor(w) * 2.0, constant(3, "n")
        with tape.stop_recording():
            z = w * w
        y.name, z.name = "y", "z"
    assert tape.gradient([y, z], w) is None
    assert tape.why_none(y, w) == "y depends on w only through floor: no derivative passes"
    assert tape.why_none(z, w) == "z was computed in stop_recording()"
    assert tape.why_none(y, n) == "n holds whole numbers, which have no derivative"
    assert tape.why_none(n, w) == "n holds whole numbers, which have no derivative"


def test_derivatives_have_names_where_target_and_source_have():
    w, b = Variable(2.0, "w"), Variable(3.0, "b")
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = w**3 * b
            y.name = "y"
        by_w, by_b = inner.gradient(y, [w, b])
    assert (by_w.name, by_b.name) == ("dy/dw", "dy/db")
    assert outer.gradient(by_w, w).name == "d²y/dw²"
    with GradientTape() as tape:
        y = w * b
    assert tape.gradient(y, w).name == ""


def test_derivatives_that_are_one_and_the_same_have_no_name():
    w, b, s = Variable(2.0, "w"), Variable(3.0, "b"), constant(1.0, "s")
    with GradientTape():
        with GradientTape() as inner:
            y = w + b
            y.name = "y"
        found = inner.gradient(y, [w, b], output_gradients=s * s)
    assert [gradient.name for gradient in found] == ["", ""]


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def test_values_are_numbers_with_a_short_name():
    x, v = constant(2.0, name="x"), Variable(np.array([1.0, 2.0]), name="v")
    assert (float(x), x.numpy(), int(x), f"{x:.2f}") == (2.0, 2.0, 2, "2.00")
    assert repr(x) == "<Value 'x', shape=(), 2.0>"
    assert repr(v) == "<Variable 'v', shape=(2,), [1. 2.]>"
    assert isinstance(x * v, Value)
    assert (x * 3 == 6, x > 1, x < 1, bool(x), -x == -2, abs(-x) == 2) == (
        *(True, True, False, True),
        *(True, True),
    )
    assert [float(part) for part in v] == [1.0, 2.0]
    assert np.exp(x) == anp.exp(2.0)


def test_values_behave_as_numbers_do():
    x, v, m = constant(2.5), constant([1.0, 2.0]), constant([[1.0, 2.0], [3.0, 4.0]])
    pairs = [
        *((x + 1, 3.5), (1 - x, -1.5), (x / 2, 1.25), (x**2, 6.25), (2**x, 2**2.5), (x % 2, 0.5)),
        *((x // 2, 1.0), (7 // x, 2.0), (+x, 2.5), (-x, -2.5), (abs(-x), 2.5), (round(x, 0), 2.0)),
    ]
    assert all(float(found) == wanted for found, wanted in pairs)
    assert (v @ m).numpy().tolist() == [7, 10]
    assert (len(v), v.shape, m.ndim, v.dtype, m.T[0, 1] == 3) == (2, (2,), 2, float, True)
    assert (v == [1.0, 3.0]).tolist() == [True, False]
    assert ({v: 1}[v], [1, 2, 3][constant(1)]) == (1, 2)
    assert (max(x, 3), sorted([x, constant(1.0)])[1] is x) == (3, True)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(v)
    total = x
    total += 1
    assert (float(total), float(x)) == (3.5, 2.5)


def test_values_can_be_compared_by_the_tools_of_tests():
    x, v = constant(0.1 + 0.2), constant([0.1 + 0.2, 1.0])
    assert x == pytest.approx(0.3)
    assert v == pytest.approx([0.3, 1.0])
    assert [x, x] == [pytest.approx(0.3)] * 2
    assert pytest.approx(0.3) == x
    assert x != pytest.approx(0.4)
    np.testing.assert_allclose(v, [0.3, 1.0])
    np.testing.assert_allclose(np.array(v), v.numpy())
    assert np.array(v, copy=True) is not v.numpy()
    assert np.asarray(v, dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    "name", ["sin", "sum", "mean", "where", "concatenate", "dot", "maximum", "norm"]
)
def test_functions_of_numpy_give_autograd_s_derivative(name):
    arguments = {
        "where": lambda v: (v > 1, v, 0.0),
        "concatenate": lambda v: ([v, v * v],),
        "dot": lambda v: (v, np.array([3.0, 4.0])),
        "maximum": lambda v: (v, 1.5),
    }.get(name, lambda v: (v,))
    home, plain = (np.linalg, anp.linalg) if name == "norm" else (np, anp)
    v = Variable(np.array([1.0, 2.0]))
    with GradientTape() as tape:
        y = getattr(home, name)(*arguments(v))
    wanted = autograd.grad(lambda u: anp.sum(getattr(plain, name)(*arguments(u))))(v.numpy())
    assert np.array_equal(tape.gradient(y, v), wanted)


def test_functions_without_a_derivative_say_so_or_give_numbers():
    v = Variable(np.array([1.0, 8.0]))
    with GradientTape(persistent=True) as tape:
        roots, rounded, middle = anp.cbrt(v), np.round(v) * 2.0, np.median(v)
    with pytest.raises(NotImplementedError, match="autograd has no derivative of cbrt"):
        tape.gradient(roots, v)
    assert tape.gradient(rounded, v) is None
    assert middle == 4.5
    assert np.lib.stride_tricks.sliding_window_view(v, 1).tolist() == [[1], [8]]
    with pytest.raises(ValueError, match="compute with autograd"):
        tape.gradient(middle, v)


def test_long_arrays_are_shown_in_one_short_line():
    assert repr(constant(np.arange(1000.0), "v")) == (
        "<Value 'v', shape=(1000,), [ 0. 1. ... 998. 999.]>"
    )
    assert repr(constant(np.eye(2))) == "<Value shape=(2, 2), [[1. 0.] [0. 1.]]>"


@pytest.mark.parametrize("thing", ["a", None, 1j, object()])
def test_what_is_no_number_is_no_value(thing):
    with pytest.raises(ValueError, match="real number"):
        constant(thing)


# ── nothing is left behind ───────────────────────────────────────────────────────────────────────


def once(w, x):
    with GradientTape() as tape:
        loss = (anp.tanh(w * x) - 0.5) ** 2
    w.assign_sub(0.01 * tape.gradient(loss, w))


def persistently(w, x):
    with GradientTape(persistent=True) as tape:
        loss = (anp.tanh(w * x) - 0.5) ** 2
        loss.name = "loss"
    tape.gradient(loss, x)
    w.assign(w - 0.01 * tape.gradient(loss, w))


def to_second_order(w, x):
    with GradientTape() as outer:
        with GradientTape() as inner:
            loss = w * w * x
        slope = inner.gradient(loss, w)
    w.assign_sub(0.01 * slope / outer.gradient(slope, w))


@pytest.mark.parametrize(
    ("step", "times"), [(once, 2000), (persistently, 2000), (to_second_order, 400)]
)
def test_thousands_of_steps_leave_no_object_behind(step, times):
    w, x = Variable(1.0, "w"), constant(2.0, "x")
    step(w, x)
    gc.collect()
    gc.disable()
    try:
        objects, references = len(gc.get_objects()), sys.getrefcount(w)
        for _ in range(times):
            step(w, x)
        assert len(gc.get_objects()) <= objects + 5
        assert sys.getrefcount(w) == references
    finally:
        gc.enable()
    assert trace_stack.top == -1


def test_a_tape_goes_when_it_is_let_go():
    w = Variable(1.0)
    with GradientTape(persistent=True) as tape:
        y = w * w
        z = tape.gradient(y, w)
    nodes = [weakref.ref(tape), weakref.ref(y), weakref.ref(z)]
    del tape, y, z
    assert [node() for node in nodes] == [None] * 3


def test_the_public_names_are_these():
    assert issubclass(gw.GradientTape, GradientTape)  # with its picture
    assert (gw.Variable, gw.constant) == (Variable, constant)
