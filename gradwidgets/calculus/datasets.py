"""Small sets of data in the public domain, with their sources."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gradwidgets.calculus.types import Array

_HERE = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Dataset:
    """A table: what it tells, where its numbers come from, and its columns by their names.

    `units` says what is measured in each column, and in what.

    >>> flights = datasets["o-rings"]
    >>> list(flights.columns), len(flights["damage"]), int(flights["damage"].sum())
    (['temperature', 'damage'], 23, 7)
    """

    title: str
    source: str
    units: Mapping[str, str]
    file: str

    @cached_property
    def columns(self) -> Mapping[str, Array]:
        """Every column as an array of floats that can't be written to."""
        with (_HERE / self.file).open(encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        table = np.array(rows, dtype=float).T
        table.setflags(write=False)
        return MappingProxyType(dict(zip(names, table, strict=True)))

    def __getitem__(self, column: str) -> Array:
        """A column by its name.

        Raises:
            KeyError: there is none of that name; the message tells those that there are.
        """
        if column not in self.columns:
            raise KeyError(f"the columns are {', '.join(self.columns)}, not {column!r}")
        return self.columns[column]


datasets: Mapping[str, Dataset] = MappingProxyType(
    {
        "o-rings": Dataset(
            "O-rings of the Space Shuttle: damage in 23 flights before Challenger's last",
            "Report of the Presidential Commission on the Space Shuttle Challenger Accident "
            "(1986), volume I, chapter VI; as tabulated by Dalal, Fowlkes & Hoadley (1989), "
            "Journal of the American Statistical Association 84, 945–957. A work of the US "
            "government, in the public domain.",
            MappingProxyType(
                {
                    "temperature": "at the joints at launch, in °F",
                    "damage": "1 where a field joint's O-ring was eroded or gas blew by it, else 0",
                }
            ),
            "o-rings.csv",
        ),
        "co2": Dataset(
            "CO₂ in the air at Mauna Loa, Hawaii: means of whole years",
            "C. D. Keeling and T. P. Whorf (2004), Atmospheric CO2 concentrations derived from "
            "flask air samples at sites in the SIO network, in Trends, Carbon Dioxide Information "
            "Analysis Center, US Department of Energy; weekly values of 1958 to 2001 as in the "
            "Python package statsmodels, which states that they are in the public domain. Means "
            "of the twelve monthly means, to 0.01 ppm, of the years in which no month is missing.",
            MappingProxyType({"year": "of the mean", "co2": "parts per million of dry air"}),
            "co2.csv",
        ),
    }
)
