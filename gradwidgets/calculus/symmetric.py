"""Eigenvalues of small symmetric matrices by Jacobi's rotations, a fixed number of them.

Written with autograd.numpy and without branches on values, so that pictures can be traced.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import copied_in

SWEEPS = {1: 0, 2: 1, 3: 4, 4: 6, 5: 6, 6: 7}  # after so many, what is left is rounding
TINY = 1e-300  # beside 0 alone it is seen
VISIBLE = 1e-9  # a component below this may be rounding alone, and its sign too


class Decomposition(NamedTuple):
    """Eigenvalues in rising order, shape (n,), and unit eigenvectors as columns, shape (n, n)."""

    values: Any
    vectors: Any


@copied_in
def decomposition(matrix: Any) -> Decomposition:
    """The eigenvalues and eigenvectors of a symmetric matrix of up to six rows.

    Rotations in as many planes at once as have no axis in common make the matrix diagonal: Golub
    & Van Loan (2013), *Matrix Computations*, section 8.5. In every eigenvector the first component
    that is not negligible is positive. With a NaN in the matrix all is NaN.

    >>> found = decomposition(np.array([[2.0, 2.0, 0.0], [2.0, 5.0, 0.0], [0.0, 0.0, 3.0]]))
    >>> found.values.round(12).tolist(), (found.vectors[:, 2] * 5**0.5).round(12).tolist()
    ([1.0, 3.0, 6.0], [1.0, 2.0, 0.0])
    """
    count = matrix.shape[0]
    size = anp.max(anp.abs(matrix))
    turned, vectors = matrix / anp.where(size == 0, 1.0, size), np.eye(count)
    if count == 2:
        return _of_two(size, turned)
    for _ in range(SWEEPS[count]):
        for pairs in _rounds(count):
            rotation = _rotation(turned, pairs)
            turned = anp.einsum("ji,jk->ik", rotation, anp.dot(turned, rotation))
            vectors = anp.dot(vectors, rotation)
    return _in_order(size * _diagonal(turned), vectors)


def _of_two(size: Any, matrix: Any) -> Decomposition:
    """Two rows need one rotation, and what it adds to the diagonal is known exactly."""
    first, mixed, second = matrix[0, 0], matrix[0, 1], matrix[1, 1]
    tangent, cosine = _turn(first, mixed, second)
    sine, more = tangent * cosine, tangent * mixed
    vectors = anp.reshape(anp.array([cosine, sine, -sine, cosine]), (2, 2))
    return _in_order(size * anp.array([first - more, second + more]), vectors)


def _rounds(count: int) -> list[list[tuple[int, int]]]:
    """All pairs, in rounds without an axis in common, as in a tournament."""
    players = [*range(count), *[-1] * (count % 2)]  # who meets −1 has a rest
    rounds = []
    for _ in range(len(players) - 1):
        halves = zip(players[: len(players) // 2], reversed(players), strict=False)
        met = [(min(pair), max(pair)) for pair in halves]
        rounds.append([pair for pair in met if pair[0] >= 0])
        players = [players[0], players[-1], *players[1:-1]]
    return rounds


def _rotation(matrix: Any, pairs: list[tuple[int, int]]) -> Any:
    """The rotation that makes the matrix's entries at these pairs 0."""
    p, q = np.array(pairs).T
    one, other = (p, q) if len(pairs) > 1 else pairs[0]  # numbers cost less than arrays
    tangent, cosine = _turn(matrix[one, one], matrix[one, other], matrix[other, other])
    sine = tangent * cosine
    parts = anp.concatenate([np.array([0.0, 1.0]), *map(anp.ravel, (cosine, sine, -sine))])
    places = np.eye(matrix.shape[0], dtype=int)  # of zeros and ones, and then of the parts
    count = len(pairs)
    places[p, p] = places[q, q] = first = 2 + np.arange(count)
    places[p, q], places[q, p] = first + count, first + 2 * count
    return parts[places]


def _turn(first: Any, mixed: Any, second: Any) -> tuple[Any, Any]:
    """Tangent and cosine of the angle that makes [[first, mixed], [., second]] diagonal.

    It is 45° at most.
    The tangent t is the smaller root of t² + 2θt = 1, where θ = (second − first) / 2 mixed.
    """
    apart = second - first
    half = 0.5 * anp.abs(apart)
    root = half + anp.sqrt(half * half + mixed * mixed)
    tangent = anp.where(apart < 0, -mixed, mixed) / (root + TINY)
    return tangent, 1.0 / anp.sqrt(1.0 + tangent * tangent)


def _diagonal(matrix: Any) -> Any:
    place = np.arange(matrix.shape[0])
    return matrix[place, place]


def _in_order(values: Any, vectors: Any) -> Decomposition:
    """Sorted by a permutation matrix, and with signs fixed."""
    count = vectors.shape[0]
    rows, columns = np.indices((count, count))
    mine, other = values[:, None], values[None, :]
    before = anp.logical_or(other < mine, anp.logical_and(other == mine, columns < rows))
    rank = anp.sum(1.0 * before, axis=1)
    sorting = 1.0 * (rank[:, None] == columns)
    vectors = anp.dot(vectors, sorting)
    seen = anp.sign(vectors) * (anp.abs(vectors) > VISIBLE)
    first = anp.sum(0.5 ** np.arange(count)[:, None] * seen, axis=0)
    return Decomposition(anp.dot(values, sorting), vectors * anp.where(first < 0, -1.0, 1.0))
