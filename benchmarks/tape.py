"""What a taped step costs, against `autograd.grad` of the same function.

Run as `python benchmarks/tape.py`. A taped step makes a tape, computes the loss, asks for the
gradient and reads the number. The two take turns; the ratio is that of their medians. The exit
code is 1 if one is above the limit.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import autograd
import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.values import Variable

Function: TypeAlias = Callable[..., Any]
LIMIT = 1.5
ROUNDS = 1000
X = np.linspace(-1, 1, 12).reshape(4, 3)
Y = np.array([0.5, -0.25, 1.0, 0.0])


def square(w: Any) -> Any:
    return w * w


def neuron(w: Any, b: Any) -> Any:
    return (anp.tanh(w * 2.0 + b) - 0.75) ** 2


def rosenbrock(v: Any) -> Any:
    x, y = v[0], v[1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def long(x: Any) -> Any:
    y = anp.sin(x) * anp.exp(-x * x) + anp.log(1 + x**2) / (2 + anp.cos(3 * x))
    return anp.sqrt(1 + y * y) + anp.where(y > 0, y, 0.1 * y) - anp.arctan(x * y)


def line(w: Any) -> Any:
    return anp.sum((anp.dot(X, w) - Y) ** 2)


def chain(x: Any) -> Any:
    for _ in range(100):
        x = anp.sin(x) + x
    return x


CASES: dict[str, tuple[Function, tuple[Any, ...]]] = {
    "square": (square, (np.float64(1.5),)),
    "neuron, by w": (lambda w: neuron(w, 0.5), (np.float64(1.5),)),
    "neuron, by w, b": (neuron, (np.float64(1.5), np.float64(0.5))),
    "rosenbrock": (rosenbrock, (np.array([-1.2, 1.0]),)),
    "longer formula": (long, (np.float64(0.7),)),
    "least squares": (line, (np.array([0.1, -0.2, 0.3]),)),
    "chain of 200": (chain, (np.float64(0.1),)),
}


def taped(function: Function, at: Sequence[Any]) -> Callable[[], Any]:
    sources = [Variable(number) for number in at]

    def step() -> Any:
        with GradientTape() as tape:
            loss = function(*sources)
        return [gradient.numpy() for gradient in tape.gradient(loss, sources)]

    return step


def plain(function: Function, at: Sequence[Any]) -> Callable[[], Any]:
    if len(at) == 1:
        gradient = autograd.grad(function)
        return lambda: [gradient(*at)]
    gradients = autograd.grad(function, tuple(range(len(at))))
    return lambda: gradients(*at)


def microseconds(step: Callable[[], Any]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e6


def medians(*steps: Callable[[], Any]) -> list[float]:
    for step in steps:
        for _ in range(100):
            step()
    times = [[microseconds(step) for step in steps] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def main() -> int:
    worst = 0.0
    for name, (function, at) in CASES.items():
        tape, grad = taped(function, at), plain(function, at)
        assert np.array_equal(tape(), grad())
        by_tape, by_grad = medians(tape, grad)
        ratio = by_tape / by_grad
        worst = max(worst, ratio)
        print(f"{name:15} tape {by_tape:6.1f} µs, grad {by_grad:6.1f} µs, ratio {ratio:.2f}")
    print(f"worst ratio {worst:.2f}, limit {LIMIT}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
