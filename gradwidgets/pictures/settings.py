"""How a descent searches and what its picture shows, beside the numbers that have a control."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradwidgets.calculus.types import Interval

MOST_STEPS = 1000  # of a search that is shown
CAPACITIES = (100, 300, 1000)  # steps that a program has room for: more room takes longer


def capacity_for(steps: int) -> int:
    """How many steps there is room for in a program that takes so many.

    >>> [capacity_for(steps) for steps in (5, 100, 101, 2000)]
    [100, 100, 300, 2000]
    """
    return next((most for most in CAPACITIES if most >= steps), steps)


@dataclass(frozen=True)
class Settings:
    """How to search and what to show, beside the numbers that have a control.

    `loss` is "log" or "linear"; `components` splits the loss among the Hessian's eigenvectors;
    `rate_map` shows the convergence rate over (α, β) where the method has a momentum; `span` holds
    the exponents of the learning rates that are shown; `note` is a
    caption of its own, and the learning rate to which it belongs.
    """

    method: str = "gradient descent"
    steps: int = 100
    schedule: str = "constant"
    noise: float = 0.0
    seed: int = 0
    loss: str = "log"
    components: bool = False
    rate_map: bool = False
    span: Interval = (-4.0, 1.0)
    note: tuple[str, float] = ("", 0.0)

    @property
    def capacity(self) -> int:
        """How many steps there is room for in the program."""
        return capacity_for(self.steps)

    @property
    def general(self) -> Settings:
        """The settings of all that have one program: how many steps, and which span, are inputs."""
        return replace(self, steps=self.capacity, span=(-4.0, 1.0))
