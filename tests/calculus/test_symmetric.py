"""Eigenvalues by Jacobi's rotations beside LAPACK's."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.program import trace
from gradwidgets.calculus.symmetric import decomposition

SIZES = range(1, 7)


def symmetric(half):
    return half + half.T


def with_values(values, rng):
    axes = np.linalg.qr(rng.normal(size=(len(values), len(values))))[0]
    return symmetric(axes * values @ axes.T) / 2


def matrices(count):
    """Of all kinds: any, with many zeros, nearly singular, with equal eigenvalues, of all sizes."""
    rng = np.random.default_rng(count)
    for _ in range(30):
        yield symmetric(rng.normal(size=(count, count)))
        yield symmetric(rng.integers(-1, 2, (count, count)).astype(float))
        yield with_values(10.0 ** rng.uniform(-14, 3, count) * rng.choice([-1, 1], count), rng)
        yield with_values(rng.choice([1.0, 1.0 + 1e-13, -2.0], count), rng)
        yield symmetric(rng.normal(size=(count, count))) * 10.0 ** rng.uniform(-300, 300)
    yield from (np.zeros((count, count)), np.ones((count, count)), np.eye(count))
    yield np.diag(np.arange(count, 0.0, -1.0))


@pytest.mark.parametrize("count", SIZES)
def test_values_and_vectors_are_lapack_s(count):
    for matrix in matrices(count):
        size = np.linalg.norm(matrix / (np.max(np.abs(matrix)) or 1.0)) or 1.0
        scaled = matrix / (np.max(np.abs(matrix)) or 1.0)
        values, vectors = decomposition(matrix)
        shares = values / (np.max(np.abs(matrix)) or 1.0)
        assert np.max(np.abs(shares - np.linalg.eigvalsh(scaled))) <= 1e-13 * size
        assert np.max(np.abs(vectors.T @ vectors - np.eye(count))) <= 1e-14
        assert np.max(np.abs(scaled @ vectors - vectors * shares)) <= 1e-13 * size
        assert (np.diff(values) >= 0).all()


@pytest.mark.parametrize("count", SIZES)
def test_the_first_component_that_can_be_seen_is_positive(count):
    for matrix in matrices(count):
        for vector in decomposition(matrix).vectors.T:
            assert vector[np.abs(vector) > 1e-8][0] > 0


def test_signs_stay_when_the_matrix_moves_by_roundings():
    rng, matrix = np.random.default_rng(0), np.ones((3, 3)) + np.diag([0.0, 1.0, 3.0])
    usual = decomposition(matrix).vectors
    for _ in range(50):
        moved = matrix * (1 + symmetric(rng.uniform(-1, 1, (3, 3))) * 1e-16)
        assert np.max(np.abs(decomposition(moved).vectors - usual)) < 1e-13


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_eigenvalues(count, bad):
    matrix = np.eye(count)
    matrix[-1, -1] = bad
    with np.errstate(all="ignore"):
        assert np.isnan(decomposition(matrix).values).all()


@pytest.mark.parametrize("count", SIZES)
def test_the_program_of_one_matrix_is_right_for_others(count):
    program = trace(lambda matrix: tuple(decomposition(matrix)), np.eye(count))
    for matrix in list(matrices(count))[:10]:
        size = np.max(np.abs(matrix)) or 1.0
        values, vectors = program(matrix)
        np.testing.assert_allclose(values, decomposition(matrix).values, 0, 1e-13 * size)
        assert np.max(np.abs(matrix / size @ vectors - vectors * (values / size))) <= 1e-13


@pytest.mark.parametrize("count", [2, 3, 6])
def test_autograd_can_differentiate_them(count):
    """∂λ/∂A = v vᵀ."""
    matrix = symmetric(np.random.default_rng(1).normal(size=(count, count)))
    vector = decomposition(matrix).vectors[:, 0]
    slope = grad(lambda half: decomposition(0.5 * (half + anp.transpose(half))).values[0])(matrix)
    np.testing.assert_allclose(slope, np.outer(vector, vector), 1e-9, 1e-9)
