"""What was answered, record by record, and as a table."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from gradwidgets.calculus.misconceptions import CHOICES, MISTAKES
from gradwidgets.calculus.questions import Question
from gradwidgets.calculus.wording import three_digits

Record: TypeAlias = dict[str, Any]

SCORED = (
    *("question", "kind", "function", "point", "guess", "answer"),
    *("angle error", "length ratio", "right", "mistake"),
)


class Score(list[Record]):
    """Records of answers, in order: a list that shows itself as a table.

    A record has the keys `SCORED`: the question's number and kind, the function's text, the point,
    guess and answer in the same numbers or as the word of a choice, the angle error in degrees and
    the length ratio (None where there is none), whether it was right, else the mistake's key.

    >>> Score([{"question": 1, "right": True}]).right
    1
    """

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(bool(record["right"]) for record in self)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in SCORED)
        rows = ("".join(f"<td>{_cell(one.get(name))}</td>" for name in SCORED) for one in self)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        said = f"{self.right} of {len(self)} right" if self else "Nothing is answered yet."
        return f"<p>{said}</p>" + (f"<table><tr>{head}</tr>{body}</table>" if self else "")


def record_of(question: Question, verdict: Sequence[float]) -> Record:
    """The record of an answer; `verdict` as a question's picture tells it."""
    row, angle, ratio, *both = map(float, verdict)
    answer, said = both[: len(both) // 2], both[len(both) // 2 :]
    key = MISTAKES[question.kind][int(row)].key
    words = CHOICES.get(question.kind)
    told = (
        *(question.number, question.kind, question.field.text, question.point),
        *(_told(said, words), _told(answer, words), _known(angle), _known(ratio)),
        *(key == "right", "" if key == "right" else key),
    )
    return dict(zip(SCORED, told, strict=True))


def _told(numbers: Sequence[float], words: tuple[str, ...] | None) -> Any:
    """Numbers, or the word of a choice."""
    return words[int(numbers[0])] if words else tuple(numbers)


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(three_digits, value))
    if isinstance(value, float):
        return three_digits(value)
    return "" if value is None else html.escape(str(value))
