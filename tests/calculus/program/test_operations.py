"""Every row of the table beside numpy: zeros of both signs, infinities, NaN, denormals, shapes."""

from itertools import product

import numpy as np
import pytest

from gradwidgets.calculus.program import OPERATIONS
from tests.calculus.program import cases
from tests.calculus.program.cases import alike, alone

ELEMENTWISE = dict(cases.elementwise())


def test_every_row_has_cases():
    tried = {*ELEMENTWISE, *(name for name, *_ in cases.SHAPED)}
    assert tried == set(OPERATIONS)
    assert {name for name, row in OPERATIONS.items() if row.elementwise} == set(ELEMENTWISE)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_elementwise_operation_is_numpy_s(name):
    numpy_s, values = getattr(np, name), ELEMENTWISE[name]
    mesh = np.meshgrid(*(np.array(part) for part in values), indexing="ij")
    with np.errstate(all="ignore"):
        expected = numpy_s(*mesh)
        on_arrays = OPERATIONS[name].numpy(*mesh)
    assert np.array_equal(expected, on_arrays, equal_nan=True)
    if name in cases.OF_TRUTHS:
        return
    program = alone(name, [1.0] * len(values))
    for place, point in enumerate(product(*values)):
        with np.errstate(all="ignore"):  # numpy's power has other answers for single numbers
            known = expected.flat[place], numpy_s(*map(np.float64, point))
        for replay in (program, program.careful):
            (found,) = replay(*point)
            assert any(alike(found, one, name) for one in known), point


@pytest.mark.parametrize("name", [name for name, values in ELEMENTWISE.items() if len(values) > 1])
def test_an_elementwise_operation_broadcasts(name):
    values = [np.array(part, float)[:4] for part in ELEMENTWISE[name]]
    shapes = [(len(part), *(1,) * place) for place, part in enumerate(values)]
    parts = [part.reshape(shape) for part, shape in zip(values, shapes, strict=True)]
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(*parts)
    (found,) = alone(name, parts, expected=expected)(*parts)
    assert alike(found, expected, name).all()


@pytest.mark.parametrize("case", cases.SHAPED, ids=lambda case: case[0])
def test_a_kernel_gives_what_its_name_says(case):
    name, arguments, attributes, expected = case
    values = [np.array(value) for value in arguments]
    program = alone(name, values, tuple(attributes.items()), expected)
    if all(value.dtype == float for value in values):
        found = program(*(value if value.ndim else value.item() for value in values))[0]
    else:
        found = OPERATIONS[name].numpy(*values, **attributes)
    exact = name not in {"solve", "inv", "det", "einsum"}
    tolerance = 0.0 if exact else 1e-14
    np.testing.assert_allclose(found, np.array(expected, float), tolerance, tolerance)
    assert np.shape(found) == np.shape(expected)


def test_logic_of_truths_is_python_s_and_numpy_s():
    for name, count in cases.OF_TRUTHS.items():
        row = OPERATIONS[name]
        for point in product(cases.TRUTHS, repeat=count):
            expected = bool(getattr(np, name)(*point))
            assert bool(row.numpy(*point)) is expected
            if row.python:
                assert eval(row.python.format(*point)) is expected


@pytest.mark.parametrize("name", OPERATIONS)
def test_spellings_use_the_arguments_that_there_are(name):
    row = OPERATIONS[name]
    if row.elementwise:
        places = [f"a{place}" for place in range(len(ELEMENTWISE[name]))]
        for form in (row.python, row.javascript):
            spelled = form.format(*places)
            assert not form or all(place in spelled for place in places)
