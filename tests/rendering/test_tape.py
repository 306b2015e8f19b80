"""A tape that shows itself: figures, a cell's picture, and no variable kept alive."""

import gc
from weakref import ref

import autograd.numpy as anp
import numpy as np
import pytest

import gradwidgets as gw


def texts(figure):
    axes = [text.get_text() for ax in figure.axes for text in ax.texts]
    return axes + [text.get_text() for text in figure.texts]


@pytest.fixture
def taped():
    w, x = gw.Variable(3.0, name="w"), gw.constant(2.0, name="x")
    with gw.GradientTape() as tape:
        y = anp.tanh(w * x) + w
        y.name = "y"
    return tape, w, x, y


def test_before_a_call_there_are_values_and_after_it_adjoints(taped):
    tape, w, _, y = taped
    before = texts(tape.figure())
    assert "6.00" in before
    assert not any(text.startswith("∂ ") for text in before)
    slope = tape.gradient(y, w)
    after = texts(tape.figure())
    assert any(text.endswith(f"= {float(slope):.2f}") for text in after)
    assert any("∂y/∂node" in text for text in after)


def test_a_figure_uses_nothing_up(taped):
    tape, w, _, y = taped
    tape.figure(y, w)
    assert float(tape.gradient(y, w)) == 1 + 2 * (1 - np.tanh(6.0) ** 2)
    tape.figure()


def test_a_cell_shows_the_picture_and_a_line(taped):
    tape = taped[0]
    assert tape._repr_png_().startswith(b"\x89PNG")
    assert repr(tape) == "<GradientTape: 3 operations>"


def test_an_empty_tape_has_no_picture():
    with gw.GradientTape() as tape:
        pass
    assert tape._repr_png_() is None
    with pytest.raises(ValueError, match="nothing was recorded"):
        tape.figure()


def test_a_large_graph_is_folded_and_says_so():
    w = gw.Variable(0.5, name="w")
    with gw.GradientTape() as tape:
        y = w
        for _ in range(100):
            y = anp.tanh(y * w) + 1.0
    tape.gradient(y, w)
    assert any("Folded: the same 3 operations, 98 times more." in t for t in texts(tape.figure()))


def test_arrays_and_nested_tapes_have_pictures():
    a = gw.Variable(np.ones((3, 4)), name="A")
    with gw.GradientTape() as outer:
        with gw.GradientTape() as tape:
            loss = anp.sum(a**3)
        slope = tape.gradient(loss, a)
        total = anp.sum(slope)
    outer.gradient(total, a)
    assert "shape (3, 4)" in texts(outer.figure())
    assert "shape (3, 4)" in texts(tape.figure())


def test_the_picture_of_a_tape_keeps_no_variable_alive():
    w = gw.Variable(2.0)
    with gw.GradientTape(persistent=True) as tape:
        y = w * w
    tape.gradient(y, w)
    gone = ref(w)
    del w
    gc.collect()
    assert gone() is None
    tape.figure()


def test_several_targets_show_the_structure(taped):
    tape, w, _, y = taped
    tape.gradient([y, y], w)
    assert not any(text.startswith("∂ ") for text in texts(tape.figure()))
