"""Sentences of tasks: what is asked for, and what a check may find."""

from __future__ import annotations

from typing import NamedTuple

WAYS = {0.0: "+x, to the right", 90.0: "+y, upwards", 180.0: "−x, to the left", 270.0: "−y, down"}


class Words(NamedTuple):
    """The sentence of a task, and what a check may find, in the judge's order: at last, that all
    holds. Slots are for the judge's numbers.
    """

    text: str
    says: tuple[str, ...]


def _place(*numbers: float) -> str:
    """A place as a sentence has it.

    >>> _place(1.0, -2.0)
    '(1, −2)'
    """
    return f"({', '.join(f'{number:g}' for number in numbers)})".replace("-", "−")


NO_SLOPE = "f is undefined there, or has no slope."


def flat_one_way(axis: float, sign: float) -> Words:
    """∂f along one axis is 0, and has a sign along the other."""
    own, other = (f"∂f/∂{name}" for name in (("x", "y"), ("y", "x"))[int(axis)])
    wanted = f"{'>' if sign > 0 else '<'} 0"
    return Words(
        f"Put the point where {own} = 0 and {other} {wanted}.",
        (
            NO_SLOPE,
            f"not yet. {own} is {{g@1}} there, and should be 0.",
            f"not yet. {own} is as good as 0 there, but {other} is {{g@2}}, and should be "
            f"{wanted}.",
            f"yes. {own} is 0 there, as nearly as a hand can tell, and {other} = {{g@2}}.",
        ),
    )


def steepest(most: float) -> Words:
    """A greatest slope."""
    return Words(
        "Put the point where f is steepest on this map: where ‖∇f‖ is greatest.",
        (
            NO_SLOPE,
            f"not yet. ‖∇f‖ is {{g@1}} there; somewhere on this map it comes to {most:.3g}.",
            f"yes. ‖∇f‖ is {{g@1}} there, and on this map it comes to {most:.3g} at most.",
        ),
    )


def no_minimum() -> Words:
    """A stationary place of another kind."""
    return Words(
        "Put the point where ∇f = 0, but where f has no minimum.",
        (
            NO_SLOPE,
            "not yet. ∇f is ({g@1}, {g@2}) there, and should be (0, 0).",
            "not yet. ∇f is as good as 0 there, but f has a minimum: it rises all around.",
            "yes. ∇f is 0 there, as nearly as a hand can tell, and f does not rise all around.",
        ),
    )


def inflexion(sign: float) -> Words:
    """f″ changes its sign."""
    wanted = "rises" if sign > 0 else "falls"
    return Words(
        f"Put the point at an inflection point, where f″ changes its sign, while f {wanted}.",
        (
            NO_SLOPE,
            "not yet. f″ is {g@1} there, and keeps its sign all around.",
            f"not yet. f″ changes its sign there, but f′ is {{g@2}}, and f should be one that "
            f"{wanted}.",
            "yes. f″ changes its sign there, and f′ = {g@2}.",
        ),
    )


def direction(a: float, b: float, turn: float) -> Words:
    """A gradient's direction."""
    at = f"at {_place(a, b)}"
    return Words(
        f"Type a function f(x, y) whose gradient {at} points along {WAYS[turn]}.",
        (
            f"f is undefined {at}, or has no slope there.",
            f"not yet. The gradient {at} is 0, and points nowhere.",
            f"not yet. The gradient {at} points toward {{.0@1}}°, and should toward {turn:.0f}°.",
            f"yes. The gradient {at} points toward {{.0@1}}°.",
        ),
    )


def gradient(a: float, b: float, p: float, q: float) -> Words:
    """A gradient's components."""
    at = f"at {_place(a, b)}"
    return Words(
        f"Type a function f(x, y) with ∇f = {_place(p, q)} {at}.",
        (
            f"f is undefined {at}, or has no slope there.",
            f"not yet. ∂f/∂x is {{g@1}} {at}, and should be {_place(p)[1:-1]}.",
            f"not yet. ∂f/∂x is right {at}, but ∂f/∂y is {{g@2}}, and should be {_place(q)[1:-1]}.",
            f"yes. ∇f = ({{g@1}}, {{g@2}}) {at}.",
        ),
    )


def _stationary(at: str) -> tuple[str, str]:
    return (
        f"f is undefined {at}, or has no second derivatives there.",
        f"not yet. ∇f is ({{g@1}}, {{g@2}}) {at}, and should be (0, 0).",
    )


def saddle(a: float, b: float) -> Words:
    """A saddle point."""
    at = f"at {_place(a, b)}"
    return Words(
        f"Type a function f(x, y) that has a saddle point {at}.",
        (
            *_stationary(at),
            f"not yet. ∇f is 0 {at}, but an eigenvalue of the Hessian is 0, too: it does not tell "
            "what this is. Try one that bends both ways.",
            f"not yet. f has a minimum {at}: it rises in every direction.",
            f"not yet. f has a maximum {at}: it falls in every direction.",
            f"yes. ∇f is 0 {at}, and the Hessian has λ = {{g@3}} and λ = {{g@4}}.",
        ),
    )


def valley(a: float, b: float, kappa: float) -> Words:
    """A minimum with a condition number."""
    at = f"at {_place(a, b)}"
    return Words(
        f"Type a function f(x, y) with a minimum {at} that bends {kappa:g} times as much in one "
        f"direction as across it: κ = {kappa:g}.",
        (
            *_stationary(at),
            f"not yet. ∇f is 0 {at}, but the Hessian has λ = {{g@3}}: that way f does not bend up.",
            f"not yet. f has a minimum {at}, but λ = {{g@3}} and λ = {{g@4}} make κ = {{g@5}}, "
            f"and it should be {kappa:g}.",
            "yes. λ = {g@3} and λ = {g@4} make κ = {g@5}.",
        ),
    )


def level_curve(radius: float) -> Words:
    """A circle as a level curve."""
    return Words(
        f"Type a function f(x, y) of which the circle of radius {radius:g} around (0, 0) is a "
        "level curve.",
        (
            "f is undefined somewhere on the circle.",
            "not yet. f has no slope all along the circle: it is flat there, and shows no curve.",
            "not yet. On the circle f is {g@1} at one place, and {g@2} at another.",
            "yes. f = {g@1} all along the circle.",
        ),
    )


def zigzag() -> Words:
    """A learning rate that swings."""
    both = "‖∇f‖ is {g@1} at the start, and comes down to {g@2}"
    return Words(
        "Choose α so that the run zig-zags across the valley, and arrives all the same.",
        (
            f"not yet. The run neither goes to and fro nor arrives: {both}.",
            "not yet. The run arrives, but its first steps do not go to and fro.",
            f"not yet. The run goes to and fro, but it does not arrive: {both}.",
            f"yes. The run goes to and fro, and arrives: {both}.",
        ),
    )


def soon(count: float, _: float) -> Words:
    """A learning rate that is fast."""
    return Words(
        f"Choose α so that ‖∇f‖ is a thousandth of what it was after {count:g} steps.",
        (
            f"not yet. The run ends before step {count:g}.",
            "not yet. The slope grows: ‖∇f‖ is {g@1} at the start, and {g@2} then.",
            "not yet. ‖∇f‖ is {g@1} at the start, and {g@2} then.",
            "yes. ‖∇f‖ comes down from {g@1} to {g@2}.",
        ),
    )
