"""The race explorer: several methods from one start, each at its own α or at its best."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.rules import methods as known
from gradwidgets.calculus.types import Array, Domain, Interval, Point
from gradwidgets.calculus.usual import usual_rate, why_useless
from gradwidgets.calculus.wording import fill
from gradwidgets.explorers import form
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.life import in_turn
from gradwidgets.explorers.source import Formulas, Source
from gradwidgets.explorers.work import Told
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.race import best_rate, race_picture, sweep
from gradwidgets.pictures.racing import Finals
from gradwidgets.pictures.scene import Scene
from gradwidgets.pictures.settings import MOST_STEPS
from gradwidgets.pictures.spans import HIGHEST_RATE, LOWEST_RATE, race_span

PATIENCE = 3.0  # seconds for which a still picture waits for its sweep
SWEEPING = "Sweeping over α"


class RaceExplorer(Explorer):
    """Several methods search from one start; each has its path, its loss, and its learning rate.

    The last panel shows for every method the final loss over α, found by one vectorised sweep:
    a comparison depends on α, and is fair where each method has its best.

    >>> explorer = RaceExplorer("x**2 + 10*y**2", methods=("gradient descent", "newton"))
    >>> explorer.scene.captions[1]
    '━━━\xa0━━━\xa0━━━ newton, α = 1.00: converged, f = 0 after 60 steps.'
    >>> explorer.close()
    """

    methods = traitlets.Tuple(
        ("gradient descent", "momentum", "adam"),
        help=f"at least one of {', '.join(map(repr, known))}",
    ).tag(picture=True)
    rates = traitlets.Dict(
        help="the learning rate α of each method, by its name, "
        f"{LOWEST_RATE:g} to {HIGHEST_RATE:g}; those left out get one that suits f at the start"
    ).tag(control=True)
    steps = traitlets.Int(60, min=1, max=MOST_STEPS, help="how many steps each method takes").tag(
        picture=True
    )
    best = traitlets.Bool(
        False, help="whether every method always gets its best learning rate"
    ).tag(control=True)

    preset: ClassVar[str] = "valley"
    alike: ClassVar[bool] = False  # a picture shows the sweep of its own explorer
    takes: ClassVar[Formulas] = Formulas(least=2)
    actions: ClassVar[Mapping[str, str]] = {**Explorer.actions, "sweep": "_sweep_again"}
    _told: str = ""
    _finals: Finals = MappingProxyType({})
    _swept: Any = None  # what decides a sweep, as it was for the one that found the finals
    _sought: Any = None  # the same for the sweep that was started last

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **options: Any,
    ) -> None:
        super().__init__(source, point=point, domain=domain, **options)
        if self._find_best():  # not before: a quick sweep would meet half an explorer
            self._life.changed("rates")
        self._sweep_where_due()

    @traitlets.validate("methods")
    def _valid_methods(self, proposal: Mapping[str, Any]) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(proposal["value"]))
        unknown = [name for name in chosen if name not in known]
        if not chosen:
            raise traitlets.TraitError("at least one method must race")
        if unknown:
            raise traitlets.TraitError(f"methods are some of {', '.join(known)}, not {unknown}")
        return chosen

    @traitlets.validate("rates")
    def _valid_rates(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        rates = {str(name): float(rate) for name, rate in proposal["value"].items()}
        if not all(
            name in known and LOWEST_RATE <= rate <= HIGHEST_RATE for name, rate in rates.items()
        ):
            raise traitlets.TraitError(
                f"rates are numbers from {LOWEST_RATE:g} to {HIGHEST_RATE:g} by method, not {rates}"
            )
        return rates

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _complete(self, changed: set[str]) -> None:
        """A learning rate for every method."""
        another = bool(self._life.good) and self._another_source()
        if another:
            self._told = ""
        given = "rates" in changed or not another
        kept = self.rates if given else {} if self.best else self._useful_rates()
        missing = [name for name in self.methods if name not in kept]
        rates = {**kept, **{m: usual_rate(self.field, self.point, m) for m in missing}}
        if rates != self.rates:
            self.rates = rates

    def _useful_rates(self) -> dict[str, float]:
        """For another function those stay that are of use; a caption tells of the others."""
        reasons = {
            name: why_useless(self.field, self.point, rate, name)
            for name, rate in self.rates.items()
        }
        changed = {name: why for name, why in reasons.items() if why and name in self.methods}
        told = "; ".join(
            fill(f"{name}, as with {{g}} {why}", [self.rates[name]])
            for name, why in changed.items()
        )
        self._told = f"For this function α was changed for {told}." if told else ""
        return {name: rate for name, rate in self.rates.items() if not reasons[name]}

    def _remembered(self) -> dict[str, Any]:
        return {**super()._remembered(), "_told": self._told}

    def _frame(self) -> Interval:
        """The axis of α, the last one where it fits."""
        good = self._life.good
        same = good and good["field"] is self.field and good["methods"] == self.methods
        racing = {name: self.rates[name] for name in self.methods}
        return race_span(self.field, self.point, racing, self._structured[-1] if same else None)

    def _make_picture(self) -> Picture:
        span = self._frame()
        return race_picture(
            self.field,
            self.methods,
            self.steps,
            span,
            partial(self._known_finals, span),
            told=self._told,
        )

    def _at(self, name: str) -> dict[str, Any]:
        method = name.removeprefix("rate ")
        if method == name:
            return super()._at(name)
        return {"trait": "rates", "key": method, "clears": "best"}

    def _home(self) -> Mapping[str, Any]:
        """Methods that were not there at the opening are at home where they are."""
        return {**self._opening, "rates": {**self.rates, **self._opening["rates"]}}

    # ── sweeps: the browser makes them by its program; Python where it has none, or is asked ─────

    def _settle(self, stale: set[str]) -> None:
        super()._settle(stale)
        if self._find_best():
            super()._settle({"rates"})

    def _tell_settled(self) -> None:
        super()._tell_settled()
        self._sweep_where_due()  # not before: what an error says would be taken away

    def _sweep_where_due(self) -> None:
        """Without a program, find what is not known yet, unless that was given up."""
        wanted = self._wanted(self._span)
        if wanted == self._swept:
            self._sought = None  # what was given up is asked for again where it is wanted
        elif not self._program and wanted != self._sought:
            self.sweep()

    def _find_best(self) -> bool:
        """Set every method's best learning rate where that is due; whether anything is new.

        A browser with a program does it by itself. Without a program it waits for the sweep.
        """
        wanted = self._wanted(self._span)
        known = wanted == self._swept
        if not self.best or (self._live if self._program else not known):
            return False
        if not known:
            self._finals, self._swept = self._task.run(SWEEPING, partial(_sweep, wanted)), wanted
        return self._take_best() or not known

    def _take_best(self) -> bool:
        found = {name: best_rate(self._span, values) for name, values in self._finals.items()}
        best = {name: rate for name, rate in found.items() if rate is not None}
        before, self.rates = self.rates, {**self.rates, **best}
        return bool(self.rates != before)

    def sweep(self) -> None:
        """Find the final losses over α anew, in the background; a bar and a button show it."""
        self._sought = wanted = self._wanted(self._span)
        self._task.start(SWEEPING, lambda told: self._take_finals(wanted, _sweep(wanted, told)))

    def _sweep_again(self, _: Any) -> None:
        self.sweep()

    @in_turn
    def _take_finals(self, wanted: Any, finals: Finals) -> None:
        """What a sweep found, unless something else is wanted by now."""
        if self._ready and wanted == self._wanted(self._span):
            self._finals, self._swept = finals, wanted
            self._life.changed("rates")  # they may follow; the picture has new curves in any case

    @property
    def _span(self) -> Interval:
        """The exponents of α that are shown."""
        span: Interval = self._structured[-1]
        return span

    def _wanted(self, span: Interval) -> Any:
        """What decides the sweep over an axis; the function and the axis stand at the ends."""
        field = self.field
        reads = field.state if field.watch else None
        return (field, reads), self.point, self.methods, self.steps, span

    def _known_finals(self, span: Interval) -> tuple[Finals, bool]:
        """What the last sweep found, if for this function and axis, and whether for this start."""
        wanted = self._wanted(span)
        if self._swept is None or (self._swept[0], self._swept[-1]) != (wanted[0], span):
            return {}, False
        return self._finals, self._swept == wanted

    def _still_scene(self) -> Scene:
        """With the sweep: the program's, or Python's where that does not take long."""
        if self._replays is not None:
            return self._computed(self._replays)
        if self._wanted(self._span) not in (self._swept, self._sought):
            self.sweep()
        self._task.wait(PATIENCE)  # not in turn: what it finds is taken in turn
        scene: Scene = super()._still_scene()
        return scene

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _suits(self, example: Example) -> bool:
        return len(example.variables) == 2

    def _tools(self) -> list[form.Row]:
        names = form.some(self, "methods", {name: name for name in known})
        return [[names], self._sliders(*(f"rate {name}" for name in self.methods))]

    def _options(self) -> list[form.Row]:
        again = form.button("sweep", "Sweep again", quiet=True)
        chosen = [
            form.option(self, "steps", "steps", slider=True, slow=True),
            form.option(self, "best", "each at its best α"),
        ]
        start = self._sliders(*self.field.variables)
        return [chosen if self._program else [*chosen, again], start]

    def _form_parts(self) -> dict[str, Any]:
        """Which sweeps tell the best learning rates, where the browser makes them."""
        marks = {name: f"swept {name}" for name in self.methods}
        best = {"switch": "best", "trait": "rates", "marks": marks}
        return {"best": best} if self._program else {}


def _sweep(wanted: Any, told: Told) -> Finals:
    """The final losses over α of every method, for what decides them."""
    (field, _), start, methods, steps, span = wanted
    finals: dict[str, Array] = {}
    for place, name in enumerate(methods):

        def share(done: int, total: int, place: int = place) -> None:
            told(place * total + done, len(methods) * total)

        finals[name] = sweep(field, start, name, steps, span, share)
    told(1, 1)
    return MappingProxyType(finals)
