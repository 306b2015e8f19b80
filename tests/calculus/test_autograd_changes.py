"""What is changed inside of autograd: only while it must be, and never against autograd's users."""

import warnings

import numpy as np
import pytest
from autograd import core, grad
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.tracer import Box, trace_stack

from gradwidgets.calculus.autograd_changes import recording
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.values import Value, constant


def inside():
    return Box.__bool__, ArrayVSpace._mut_add, core.sparse_add


def test_a_recording_takes_its_changes_back():
    before = inside()
    with recording(lambda node: None):
        assert not set(inside()) & set(before)
    assert inside() == before


def test_a_recording_that_fails_takes_its_changes_back():
    before, level = inside(), trace_stack.top
    with pytest.raises(ZeroDivisionError):
        trace(lambda x: (grad(lambda y: y / 0 if y is None else 1 // 0)(x),), 1.0)
    assert (inside(), trace_stack.top) == (before, level)


def test_a_recording_hears_of_every_box_that_is_asked_for_its_truth():
    heard = []
    with recording(heard.append):
        grad(lambda x: grad(lambda y: y * x if y else y)(x))(1.0)
    assert len(set(heard)) == 2  # of the inner derivative, and below it of the outer one


def test_autograd_s_own_boxes_stay_its_own():
    slope = grad(lambda x: x[0] * x[1] if x[0] > 0 else x[0])(np.array([2.0, 3.0]))
    assert slope.tolist() == [3.0, 2.0]
    assert type(constant(2.0) * 3.0) is Value


def test_a_result_without_the_input_still_warns():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert grad(lambda x: 2.0)(1.0) == 0.0
    assert "independent" in str(caught[0].message)
