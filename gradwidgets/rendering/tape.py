"""A gradient tape that can be looked at: its computation graph as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradwidgets.calculus import tape
from gradwidgets.calculus.nests import values_of
from gradwidgets.calculus.values import TapeNode, Value
from gradwidgets.pictures.scene import Scene
from gradwidgets.pictures.tape import graph_scene
from gradwidgets.rendering import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class GradientTape(tape.GradientTape):
    """Records what is computed with watched values, to differentiate it backwards.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: whether trainable variables are watched when they are used.

    A cell that ends with a tape shows its computation graph, as `figure()` returns it.

    >>> from gradwidgets import constant
    >>> x = constant(3.0, name="x")
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> tape.gradient(y, x)
    <Value shape=(), 6.0>
    >>> tape
    <GradientTape: 1 operation>

    Tapes nest. Source: Griewank & Walther (2008), *Evaluating Derivatives*, chapter 3.
    """

    _asked: tuple[TapeNode, tuple[TapeNode, ...]] | None = None  # nodes: variables may be let go

    def reset(self) -> None:
        """Forget everything that was watched, recorded and asked."""
        super().reset()
        self._asked = None

    def gradient(self, target: Any, sources: Any, *args: Any, **options: Any) -> Any:
        """The derivative of a target, or of the sum of several, with respect to each source.

        Args:
            target: a value, or a nest of them.
            sources: a value, or a nest of them: lists, tuples, mappings.
            output_gradients: what each target's derivative is multiplied by; 1 without it.
            unconnected_gradients: what a source without influence gets, "none" for None or "zero".

        Returns:
            Values in the shape of `sources`, or None in their places.

        Raises:
            RuntimeError: the second call on a tape that is not persistent.
            ValueError: something that is no value.
        """
        found = super().gradient(target, sources, *args, **options)
        targets = values_of(target)
        if len(targets) == 1:
            self._asked = targets[0]._node, tuple(self._origins(sources))
        return found

    def figure(self, target: Value | None = None, sources: Any = None) -> Figure:
        """The computation graph as a matplotlib figure.

        Without a target it is the graph of what was asked last, with adjoints; before any call of
        `gradient`, and after one with several targets, all that was recorded. A graph of more than
        60 nodes is folded where it repeats, and the figure says so.

        Raises:
            ValueError: nothing was recorded.
        """
        return paint.figure(self._scene(target, sources))

    def _scene(self, target: Value | None = None, sources: Any = None) -> Scene:
        end = values_of(target)[0]._node if target is not None else None
        origins = None if sources is None else tuple(self._origins(sources))
        if end is None and self._asked is not None:
            end, origins = self._asked
        found = self._graph(end, origins)
        if not found.nodes:
            raise ValueError("nothing was recorded: compute with watched values inside the tape")
        return graph_scene(found, end.name if end is not None else "")

    def _repr_png_(self) -> bytes | None:
        """The picture for a notebook's cell, if there is anything to show."""
        return paint.png(self._scene()) if self._nodes else None

    def __repr__(self) -> str:
        count = len(self._nodes)
        return f"<GradientTape: {count} operation{'' if count == 1 else 's'}>"
