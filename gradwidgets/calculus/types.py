"""What functions take and give, by name: arrays of numbers, intervals, domains, points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]
Domain: TypeAlias = Mapping[str, Interval]
Point: TypeAlias = Mapping[str, float] | ArrayLike
