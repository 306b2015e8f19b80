"""The fit explorer: data and a model, the loss over its parameters, and a search for the least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.fitting import as_lines, carried_over, standardised
from gradwidgets.calculus.landscape import Landscape, strongest
from gradwidgets.calculus.losses import LOSSES, check_labels
from gradwidgets.calculus.models import Model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.training import Data, Run, run_of
from gradwidgets.calculus.types import Array, Domain, Interval, Point
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.explorers import form
from gradwidgets.explorers.axes import AxesExplorer
from gradwidgets.explorers.descent import PACE
from gradwidgets.explorers.laid import Laid, edit_of, key_of, rows_of
from gradwidgets.explorers.methods import MethodExplorer, by_table
from gradwidgets.explorers.models import Models, as_lists
from gradwidgets.explorers.options import Within
from gradwidgets.explorers.start import roomy, usual_start
from gradwidgets.explorers.tape import TapeExplorer
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.fit import ARRAYS, Learning, fit_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Scene
from gradwidgets.pictures.settings import MOST_STEPS
from gradwidgets.pictures.spans import HIGHEST_RATE, LOWEST_RATE, holds, span_of_rates
from gradwidgets.pictures.training import Manner

MOST_EDITS = 20_000  # rows that a hand has changed
LEARNED = {"loss", "delta", "l2", "l1", "edits", "seed", "standardise"}  # what makes the loss


class FitExplorer(MethodExplorer, AxesExplorer):
    """A model on data, and its loss over two of its parameters: the point θ is the curve.

    Drag θ on the loss, take the curve by its handles, or move the data themselves. With one
    parameter the loss is a curve, and of more than two parameters two make the map.

    >>> explorer = FitExplorer([1, 2, 3], [2, 4, 7], model="w*x", point=2.0, rate=0.01)
    >>> explorer.scene.captions[0]
    'At w = 2.00: mean squared error 0.333, slope 2.00.'
    >>> explorer.run.points[:2].round(2).tolist()
    [[2.0], [2.02]]
    >>> explorer.close()
    """

    loss = traitlets.Enum(
        tuple(LOSSES),
        "squared",
        help="what a row costs: its squared or absolute residual, 'huber' for squares up to δ and "
        "lines from there, 'logistic' for labels 0 and 1, of which the model is the logit",
    ).tag(picture=True)
    delta = Within(1.0, help="δ of Huber's loss").tag(control=True, min=1e-3, max=1e3)
    l2 = Within(0.0, help="the penalty λ on Σθ², without the intercept").tag(
        control=True, min=0.0, max=1e9
    )
    l1 = Within(0.0, help="the penalty λ on Σ|θ|, without the intercept").tag(
        control=True, min=0.0, max=1e9
    )
    standardise = traitlets.Bool(
        False, help="whether x is shifted and scaled to the mean 0 and the standard deviation 1"
    ).tag(picture=True)
    rate = traitlets.Float(
        0.05,
        min=LOWEST_RATE,
        max=HIGHEST_RATE,
        help="the learning rate α; by default one that suits the loss at the start",
    ).tag(control=True, suits=True)
    steps = traitlets.Int(100, min=1, max=MOST_STEPS, help="how many steps").tag(picture=True)
    locals().update(by_table())  # in their place among the options
    schedule = traitlets.Enum(
        tuple(schedules), "constant", help="how the learning rate changes over the steps"
    ).tag(picture=True)
    batch = traitlets.Int(
        0, min=0, help="how many rows each step looks at, one mini-batch after the other; 0 for all"
    ).tag(control=True)
    seed = traitlets.Int(
        0, min=0, max=2**31, help="the seed of the order in which batches take the rows"
    ).tag(picture=True)
    step = traitlets.CInt(0, min=0, help="the step that is looked at, at most `steps`").tag(
        control=True
    )
    squares = traitlets.Bool(
        True, help="whether squared residuals are drawn as squares, for up to 60 rows"
    ).tag(picture=True)
    row = traitlets.CInt(0, min=0, help="the row that is looked at, by its slot").tag(control=True)
    edits = traitlets.Dict(
        help="rows that are moved, added or removed: slots as text, each with x, y and weight"
    ).tag(control=True, most=MOST_EDITS)

    arguments: ClassVar[Mapping[str, str]] = {
        "x": "a number for each row: a list, an array, a column of a table; or one of "
        "`gw.datasets`, whose first two columns are taken; without data, four rows to begin with.",
        "y": "the same for what is predicted. Rows in which a number is missing are left out.",
        "model": "a formula of x and its parameters as text, a callable of x and numbers written "
        "with autograd.numpy, or a name of the menu; a line, 'w*x + b', by default.",
        "point": "where θ starts: a number for each parameter, in the order of a callable's or of "
        "the alphabet, or a mapping from names to numbers.",
        "domain": "for some or all parameters the interval to show; by default around 0 and the "
        "least squares, or else −3 to 3.",
    }
    leading: ClassVar[tuple[str, ...]] = ("x", "y")
    named: ClassVar[tuple[str, ...]] = ("model", "point", "domain")
    alike: ClassVar[bool] = False
    preset: ClassVar[str] = "line"

    def __init__(
        self,
        x: Any = None,
        y: Any = None,
        *,
        model: Any = None,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **options: Any,
    ) -> None:
        self._given = rows_of(x, y)
        self._named = f"gw.datasets[{named!r}]" if (named := key_of(x)) else ""
        self._laid = Laid(self._given, 0, False)
        self._slots = self._laid.slots
        self._span: Interval | None = None
        self._handed = model if isinstance(model, Landscape) else None  # with what is known of it
        self._asked = {
            name for name, one in (("point", point), ("domain", domain)) if one is not None
        }
        self.takes = Models(self._learned, self._written)  # type: ignore[misc]
        self._hinted: Model | None = None
        super().__init__(model, point=point, domain=domain, **options)
        self.note = self._news = self._waiting_words()

    # ── the data ─────────────────────────────────────────────────────────────────────────────────

    @property
    def data(self) -> tuple[Array, Array]:
        """x and y of the rows that are there, in the order in which batches take them.

        >>> explorer = FitExplorer([1, 2, 3], [2, 4, 7])
        >>> [part.tolist() for part in explorer.data]
        [[3.0, 1.0, 2.0], [7.0, 2.0, 4.0]]
        >>> explorer.close()
        """
        x, y, weights = self._rows_now()
        return x[weights > 0], y[weights > 0]

    @property
    def model(self) -> Any:
        """The model that is shown; assign another one, as text, a callable, or by its name."""
        return self.field.source

    @model.setter
    def model(self, model: Any) -> None:
        self.field = model

    @property
    def run(self) -> Run:
        """The search that is shown."""
        return run_of(
            self.field.objective,
            self.field.data,
            self.method,
            {name: getattr(self, name) for name in methods[self.method].parameters},
            self.point,
            self.rate,
            self.steps,
            self.batch or len(self._slots[0]),
            self.schedule,
        )

    def tape(self) -> TapeExplorer:
        """The loss of the first rows, at most five, as a program whose graph can be looked at.

        Raises:
            ValueError: the model is a callable.
        """
        x, y = self.data
        lines = as_lines(self.field.objective, x.tolist(), y.tolist(), self.delta, self.l2, self.l1)
        roles = dict.fromkeys(self.field.variables, "variable")
        place = dict(zip(self.field.variables, self.point, strict=True))
        return TapeExplorer(lines, point=place, roles=roles)

    def _rows_now(self) -> tuple[Array, Array, Array]:
        """x, y and weights in their slots, with what a hand has changed."""
        made = [part.copy() for part in self._slots]
        for slot, values in self.edits.items():
            for part, value in zip(made, values, strict=True):
                part[int(slot)] = value
        return made[0], made[1], made[2]

    def _arrays(self) -> Mapping[str, Array]:
        return dict(zip(ARRAYS, self.field.data[:3], strict=True))

    def _written(self) -> tuple[str, str]:
        """The data in a line of Python, and a line that must go before."""
        return (self._named, "") if self._named else as_lists(self._given.x, self._given.y)

    @traitlets.validate("edits")
    def _valid_edits(self, proposal: Mapping[str, Any]) -> dict[str, list[float]]:
        capacity = len(self._slots[0])
        edits = dict(edit_of(slot, values, capacity) for slot, values in proposal["value"].items())
        left = self._slots[2].copy()
        for slot, (_, _, weight) in edits.items():
            left[int(slot)] = weight
        if not left.any():
            raise traitlets.TraitError("one row stays: without data there is no loss")
        return edits

    @traitlets.validate("rate")
    def _finite(self, proposal: Mapping[str, Any]) -> float:
        if not np.isfinite(proposal["value"]):
            raise traitlets.TraitError("rate is a finite number")
        return float(proposal["value"])

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _learned(self, model: Model, domain: Domain | None) -> Landscape:
        """A model's loss over the rows as they are."""
        data = Data(*self._rows_now(), self.delta, self.l2, self.l1)
        objective, handed = Objective(model, LOSSES[self.loss]), self._handed
        if handed and handed.is_of(objective, data, domain):
            return handed
        return Landscape(objective, data, domain)

    def _complete(self, changed: set[str]) -> None:
        if changed & {"seed", "standardise"}:
            self._lay_out("edits" not in changed)
        if changed & {"loss", "edits"}:  # when all is set: they may come in any order
            check_labels(LOSSES[self.loss], self.data[1])
        if changed & LEARNED:
            self._learn_anew(changed)
        super()._complete(changed)
        self.step = min(self.step, self.steps)
        self._look_at_a_row()
        if "rate" not in changed and self._asks_for_rate(changed):
            self.rate, self._span = usual_rate(self.field, self.point, self.method), None

    def _look_at_a_row(self) -> None:
        """The row that is looked at is one that was given, or that a hand has put or taken away.

        An explorer is not opened with another one; later, as `step`, it stays at the last.
        """
        count = len(self._laid.order)
        if self.row < count or str(self.row) in self.edits:
            return
        if not self._life.good:
            raise ValueError(
                f"There is no row {self.row}: slots count from 0, and the last is {count - 1}."
            )
        self.row = count - 1

    def _remembered(self) -> dict[str, Any]:
        return {**super()._remembered(), "_laid": self._laid, "_slots": self._slots}

    def _lay_out(self, moves: bool) -> None:
        """Other slots for the rows, or another x; what a hand has changed goes with its row."""
        before, after = self._laid, Laid(self._given, self.seed, self.standardise)
        self._laid, self._slots = after, after.slots
        if moves and self._life.good:
            self.edits = dict(before.moved(after, slot, row) for slot, row in self.edits.items())

    def _learn_anew(self, changed: set[str]) -> None:
        """The loss of other rows, or another loss; where x is measured anew the curve stays."""
        before, good = self.field, self._life.good
        model, theta = before.objective.model, self.point
        other_x = "standardise" in changed
        labels = LOSSES[self.loss].labels != before.objective.loss.labels
        asked = "domain" in self._asked and not good
        self.field = self._learned(
            model, before.domain if asked or not (other_x or labels) else None
        )
        self._told_field = self.field  # the text box has nothing new to tell
        if other_x and good and "point" not in changed:
            pair = (self._given, standardised(self._given))
            theta = tuple(carried_over(model, theta, *(pair if self.standardise else pair[::-1])))
        elif labels and "point" not in (self._asked if not good else changed):
            theta = usual_start(self.field)
        if self.point != theta or not good:
            self.field, self.point = roomy(self.field, theta, {})

    def _asks_for_rate(self, changed: set[str]) -> bool:
        good = self._life.good
        if not good:
            return True
        family = methods[good["method"]].family != methods[self.method].family
        return bool(family or self._another_source() or changed & {"loss", "standardise"})

    def _structure(self) -> tuple[Any, ...]:
        """Data are inputs of the program; where there is none, each change is another picture."""
        chosen = (getattr(self, name) for name in self._structural())
        field, own = self.field, () if self._replays else (self.field,)
        return (own, field.objective, tuple(field.domain.items()), *chosen, self._frame())

    def _frame(self) -> Any:
        """Also the learning rates that are shown: the last ones while they hold this one."""
        return (self._rates_shown(), super()._frame())

    def _rates_shown(self) -> Interval:
        """Exponents of learning rates: the last ones while they hold this one."""
        if self._span is None or not holds(self._span, self.rate):
            self._span = span_of_rates(self.field, self.point, self.rate, self.method)
        return self._span

    def _make_picture(self, *, drawn: bool = False) -> Picture:
        axes = self._map_axes() or self.field.variables
        manner = Manner(self.method, self.steps, self.schedule)
        return fit_picture(
            self.field,
            Learning(
                self._laid.rows,
                manner,
                axes,
                self._rates_shown(),
                max(strongest(self.field), self.l2, self.l1),
                self.squares,
                cut=self._hidden() if drawn or not self.field.traced else None,
            ),
        )

    def _renew(self) -> None:
        super()._renew()
        self._rows = np.concatenate(self._slots).astype("<f8").tobytes()

    def _at(self, name: str) -> dict[str, Any]:
        batch = {"trait": "batch", "end": 0, "rows": True}
        return batch if name == "batch" else super()._at(name)

    def _ranged(self, control: Control) -> Control:
        """The slider of batches ends at the number of rows that there are."""
        rows = float(np.count_nonzero(self._rows_now()[2]))
        return replace(control, high=rows) if control.name == "batch" else control

    def _still_scene(self) -> Scene:
        """With the level curves that a browser makes for itself."""
        picture = self._make_picture(drawn=True)
        return picture.scene(self._values(picture))

    def _waiting_words(self) -> str:
        """Also what may not be meant by a model, once, when it has come."""
        told, model = super()._waiting_words(), self.field.objective.model
        known, self._hinted = self._hinted is model, model
        return told or ("" if known else model.hint)

    def _again(self, field: Any, options: Mapping[str, Any]) -> FitExplorer:
        kept = {"point": self.point, "domain": field.domain}  # told, so that they stay
        made = type(self)(self._given, model=field, **kept, **options)
        made._named = self._named
        return made

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _suits(self, example: Any) -> bool:
        return True

    def _open_example(self, asked: Mapping[str, Any]) -> None:
        with self._guard(self._tell_at_formula):
            self.field = self.takes.examples[str(asked.get("key"))].text

    def _tools(self) -> list[form.Row]:
        own = methods[self.method].parameters
        play = {"kind": "play", "control": "step", "interval": PACE, "label": "step"}
        return [
            self._sliders(*self.field.variables, "rate", *own),
            [play, *self._sliders("step", "batch")],
            [
                {"kind": "rows"},
                self._losses(),
                form.option(self, "standardise", "standardise x"),
            ],
        ]

    def _losses(self) -> form.Item:
        """The menu of losses: those for labels where these were labels."""
        menu = form.option(self, "loss", "loss", style="menu")
        suits = set(self._given.y.tolist()) <= {0.0, 1.0}
        kept = [one for one in menu["options"] if suits or not LOSSES[one[0]].labels]
        return {**menu, "options": kept}

    def _options(self) -> list[form.Row]:
        return [
            [
                form.option(self, "method", "method", style="menu"),
                form.option(self, "steps", "steps", slider=True, slow=True),
                form.option(self, "schedule", "schedule of α", style="menu"),
            ],
            self._sliders("delta", "l2", "l1"),
            [
                *([form.option(self, "squares", "squares")] if self.loss == "squared" else []),
                form.option(self, "seed", "order of rows"),
            ],
            *self._axes_menus(),
        ]
