"""How a descent searches and what its picture shows, beside the numbers that have a control."""

from __future__ import annotations

from dataclasses import dataclass

from gradwidgets.calculus.field import Interval


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
