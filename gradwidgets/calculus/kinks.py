"""What is said of a slope that autograd's answer does not tell alone: a kink, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.slopes import CORNER, EDGE, KINDS, Slope
from gradwidgets.calculus.wording import fill

WEAK = 0.01  # of both slopes together: a smaller change would be lost in three digits of each


@dataclass(frozen=True)
class Kink:
    """What is to be said of a slope along `variable` where it is not autograd's answer alone.

    `left` and `right` are the one-sided slopes, infinite where they grow without bound, NaN where
    there are none; `autograd` is what autograd returns. `kind` is

    - "corner" (the slopes differ), "cusp" (one or both are infinite), "vertical" (both are, alike),
    - "jump" (f itself jumps),
    - "edge" (f is defined on one side alone), "isolated" (on none),
    - "unanswered" (the slopes agree, and autograd has no answer),
    - "contradicted" (the slopes agree, and autograd has another answer),
    - "unsettled" (autograd has no answer, and the slopes show no limit).
    """

    variable: str
    kind: str
    left: float
    right: float
    autograd: float

    def __str__(self) -> str:
        slope = Slope(float(KINDS.index(self.kind)), self.left, self.right, math.nan)
        case, *numbers = kink_said(slope, self.autograd)
        return fill(kink_texts(self.variable, "g")[int(case)], numbers)


def kink_texts(variable: str, shown: str, of: str = "f") -> tuple[str, ...]:
    """The sentences that `kink_case` chooses from, with slots for the numbers of `kink_said`.

    `shown` is how slots show a slope: see `fill`; `of` is what the function is called.
    """
    left, right, answer, gap = (f"{{{shown}@{place}}}" for place in range(4))
    corner = f"Corner along {variable}: slope {left} on the left, {right} on the right."
    sides = "the slopes from left and right"
    ends = f"{of} ends here along {variable}: it is defined on the"
    return (
        f"{corner} autograd's answer {answer} is a convention.",
        f"The slope along {variable} has no bound here: {left} on the left, {right} on the right.",
        f"{of} jumps along {variable} here: it has no slope.",
        f"The slope along {variable} has no bound here: {left} on both sides.",
        f"{ends} right alone, with the slope {right}.",
        f"{of} stands alone here along {variable}: it is undefined on both sides.",
        f"autograd has no answer along {variable} here; {sides} agree: {left}.",
        f"autograd answers {answer} along {variable} here; {sides} agree: {left}.",
        f"autograd has no answer along {variable} here, and {sides} show none.",
        f"{corner} autograd has no answer.",
        f"{ends} left alone, with the slope {left}.",
        f"Corner along {variable}: slope {left} on the left, and it changes by {gap} here. "
        f"autograd's answer {answer} is a convention.",
    )


def kink_said(slope: Slope, answer: Any) -> tuple[Any, ...]:
    """Which of `kink_texts` is to be said, and its numbers; `answer` is autograd's."""
    return kink_case(slope, answer), slope.left, slope.right, answer, slope.right - slope.left


def kink_case(slope: Slope, answer: Any) -> Any:
    """Which of `kink_texts` is to be said; −1 for none."""
    unanswered = anp.logical_and(slope.kind == CORNER, anp.isnan(answer))
    ends = anp.logical_and(slope.kind == EDGE, anp.isnan(slope.right))
    usual = anp.where(unanswered, 9.0, anp.where(ends, 10.0, slope.kind - 1.0))
    gap, most = anp.abs(slope.right - slope.left), anp.abs(slope.left) + anp.abs(slope.right)
    weak = anp.logical_and(slope.kind == CORNER, gap < WEAK * most)
    return anp.where(anp.logical_and(weak, anp.isfinite(answer)), 11.0, usual)
