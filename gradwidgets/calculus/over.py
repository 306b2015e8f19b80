"""Functions over data, which loops of a program hand on to their bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Over(NamedTuple):
    """A function of numbers that is told of data beside them: arrays and numbers, all as they are.

    What it reads must not be frozen where a loop's body is traced: so the loop hands it on.

    >>> import numpy as np
    >>> mean = Over(lambda m, x: np.mean((x - m) ** 2), (np.array([1.0, 3.0]),))
    >>> float(mean(2.0))
    1.0
    """

    function: Callable[..., Any]
    data: Sequence[Any]

    def __call__(self, *numbers: Any) -> Any:
        """The function at numbers."""
        return self.function(*numbers, *self.data)


def data_of(function: Any) -> Sequence[Any]:
    """The data that a loop must hand on to a body which calls the function."""
    return function.data if isinstance(function, Over) else ()


def with_data(function: Any, data: Sequence[Any]) -> Any:
    """The function over these data, which a body was handed."""
    return function._replace(data=data) if isinstance(function, Over) else function
