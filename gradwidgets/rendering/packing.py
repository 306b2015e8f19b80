"""Many alike texts and numbers in one packet that a page unpacks: what is the same travels once.

alone/packet.js unpacks it. The packet is deflated. In it stands one line of JSON with the `sizes`
of the parts and the `pieces` that make them, and behind that line all letters that are new. A piece
is three numbers: how many new letters come, how far from the end of the last copy the next one
begins, and how many letters that has. Deflating alone does not find what is farther back than
32 kB, and a picture's program is larger than that.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WORD = 8  # bytes of a number
_TOKEN = re.compile(rb"[^,\]}]*[,\]}]+|[^,\]}]+\Z")  # of JSON
_RUN = 6  # so many tokens have to be alike for a copy
_LEAST = 40  # bytes: for less a copy does not pay


def packed(parts: Sequence[str | bytes]) -> bytes:
    """Texts and bytes of numbers in one packet.

    >>> parts = ["[1,2,3]", b"", 9 * "[10,20,30,40,50,60,70]"]
    >>> [part.decode() for part in unpacked(packed(parts))] == ["[1,2,3]", "", parts[2]]
    True
    """
    pieces, new = list[int](), list[bytes]()
    for fresh, jump, count in _copies([token for part in parts for token in _tokens(part)]):
        pieces += [sum(map(len, fresh)), jump, count]
        new += fresh
    sizes = [len(part.encode() if isinstance(part, str) else part) for part in parts]
    head = json.dumps({"sizes": sizes, "pieces": pieces}, separators=(",", ":"))
    return zlib.compress(b"\n".join([head.encode(), b"".join(new)]), 9)


def unpacked(packet: bytes) -> list[bytes]:
    """The parts of a packet."""
    line, _, new = zlib.decompress(packet).partition(b"\n")
    head = json.loads(line)
    numbers, whole, taken, end = iter(head["pieces"]), bytearray(), 0, 0
    for fresh, jump, count in zip(numbers, numbers, numbers, strict=True):
        whole += new[taken : taken + fresh]
        start, taken = end + jump, taken + fresh
        end = start + count
        whole += whole[start:end]
    ends = [sum(head["sizes"][: place + 1]) for place in range(len(head["sizes"]))]
    return [bytes(whole[end - size : end]) for end, size in zip(ends, head["sizes"], strict=True)]


def as_distances(program: Mapping[str, Any]) -> dict[str, Any]:
    """A program's data with results named by how many steps they are back.

    So the same steps are the same text wherever they stand. Done twice, all is as it was.
    """
    bodies = list(map(_as_distances, program["bodies"]))
    return {**_as_distances(program), "bodies": bodies}


def _as_distances(listing: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs keep their names; the result of the step before has the next one after these."""
    inputs = len(listing["inputs"])
    steps = [
        [call, *(2 * inputs + place - 1 - ref if ref >= inputs else ref for ref in references)]
        for place, (call, *references) in enumerate(listing["steps"])
    ]
    return {**listing, "steps": steps}


def _tokens(part: str | bytes) -> list[bytes]:
    if isinstance(part, str):
        return _TOKEN.findall(part.encode())
    return [part[at : at + WORD] for at in range(0, len(part), WORD)]


def _copies(tokens: list[bytes]) -> Iterator[tuple[list[bytes], int, int]]:
    """New tokens, and what is copied behind them: from where, and how many letters."""
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    seen = dict[tuple[bytes, ...], int]()
    here, fresh, end = 0, list[bytes](), 0
    while here < len(tokens):
        known = seen.get(tuple(tokens[here : here + _RUN]))
        length = 0 if known is None else _alike(tokens, known, here)
        size = starts[here + length] - starts[here]
        if known is not None and length >= _RUN and size >= _LEAST:
            yield fresh, starts[known] - end, size
            fresh, end = [], starts[known] + size
        else:
            fresh.append(tokens[here])
            length = 1
        for place in range(here, here + length):
            seen[tuple(tokens[place : place + _RUN])] = place
        here += length
    yield fresh, -end, 0


def _alike(tokens: list[bytes], one: int, two: int) -> int:
    """How many tokens from two places on are the same, before the first comes to the second."""
    most = min(two - one, len(tokens) - two)
    return next((k for k in range(most) if tokens[one + k] != tokens[two + k]), most)
