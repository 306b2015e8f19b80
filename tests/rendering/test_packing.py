"""Packets: what went in comes out, and what is the same travels once."""

import json
import zlib

import numpy as np
import pytest

from gradwidgets.calculus.program import trace
from gradwidgets.rendering.packing import as_distances, packed, unpacked


def as_bytes(parts):
    return [part.encode() if isinstance(part, str) else part for part in parts]


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [""],
        ["{}", b""],
        ["[1,2]", b"12345678" * 30, b"123"],
        ["é,∂}" * 40, "]" * 200, "no end"],
        ["[" + "1,2,3,4,5,6,7,8,9,10,11,12,13," * 5 + "0]"] * 3,
    ],
)
def test_what_goes_in_comes_out(parts):
    assert unpacked(packed(parts)) == as_bytes(parts)


def test_alike_parts_cost_little_however_far_they_are():
    rng = np.random.default_rng(0)
    text = json.dumps(rng.integers(0, 10**6, 9000).tolist())
    assert len(text) > 2**16  # farther back than deflating looks
    others = [text[:20_000] + "7," + text[20_000:], text]
    once, thrice = packed([text]), packed([text, *others])
    assert len(thrice) < 1.02 * len(once)
    assert len(zlib.compress("".join([text, *others]).encode(), 9)) > 2 * len(once)
    assert unpacked(thrice) == as_bytes([text, *others])


def test_numbers_that_are_the_same_travel_once():
    numbers = np.random.default_rng(0).normal(size=500).tobytes()
    assert len(packed([numbers, b"another one", numbers])) < 1.1 * len(packed([numbers]))


def test_steps_are_the_same_text_wherever_they_stand():
    def alike(*values):
        x = values[-1]
        for value in values[:-1]:
            x = x + value * 2.0  # more steps before those that follow
        return ((x * x + 1.0) * x,)

    one, other = (
        as_distances(trace(alike, *numbers).as_data()[0])
        for numbers in ([3.0, 1.0], [3.0, 2.0, 1.0])
    )
    assert one["steps"][-1][1] - len(one["inputs"]) == other["steps"][-1][1] - len(other["inputs"])


def test_distances_of_distances_are_places():
    data, _ = trace(lambda x, y: (x * y + x, (x * y) * (y + 1.0)), 2.0, 3.0).as_data()
    assert as_distances(data) != data
    assert as_distances(as_distances(data)) == data
