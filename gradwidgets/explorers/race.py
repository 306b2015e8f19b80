"""The race explorer: several methods from one start, each at its own α or at its best."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as ipw
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.field import Array, Domain, Interval, Point
from gradwidgets.calculus.rules import methods as known
from gradwidgets.calculus.usual import usual_rate, why_useless
from gradwidgets.calculus.wording import fill
from gradwidgets.explorers import controls
from gradwidgets.explorers.base import Explorer, in_turn
from gradwidgets.explorers.source import Source
from gradwidgets.explorers.work import Told
from gradwidgets.pictures.descent import HIGHEST_RATE, LOWEST_RATE
from gradwidgets.pictures.race import best_rate, race_picture, race_span, sweep
from gradwidgets.pictures.racing import Finals
from gradwidgets.pictures.scene import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PATIENCE = 3.0  # seconds for which a still picture waits for its sweep


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
    steps = traitlets.Int(
        60, min=1, max=controls.MOST_STEPS, help="how many steps each method takes"
    ).tag(picture=True)
    best = traitlets.Bool(
        False, help="whether every method always gets its best learning rate"
    ).tag(control=True)

    preset: ClassVar[str] = "valley"
    least_variables: ClassVar[int] = 2
    _span: Interval = (-4.0, 1.0)
    _told: str = ""
    _finals: Finals = MappingProxyType({})
    _swept: Any = None  # field, start, methods, steps and span to which the finals belong
    _asked: Any = None  # those of the sweep that was started last

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **options: Any,
    ) -> None:
        super().__init__(source, point=point, domain=domain, **options)
        self._sweep_where_due()  # not before: a quick sweep would meet half an explorer

    @traitlets.validate("methods")
    def _valid_methods(self, proposal: Mapping[str, Any]) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(proposal["value"]))
        unknown = [name for name in chosen if name not in known]
        if unknown or not chosen:
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
        before = self._good.get("field")
        another = before is not None and before.source is not self.field.source
        given = "rates" in changed or not another
        kept = self.rates if given else {} if self.best else self._useful_rates()
        missing = [name for name in self.methods if name not in kept]
        rates = {**kept, **{m: usual_rate(self.field, self.point, m) for m in missing}}
        racing = {name: rates[name] for name in self.methods}
        if changed & {"field", "methods"} or not self._in_span(racing):
            self._span = race_span(self.field, self.point, racing)
        if self.best:
            rates |= self._best_rates()
        if rates != self.rates:
            self.rates = rates
        if another:  # it opens with these
            self._opening = {**self._opening, "rates": self.rates}

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

    def _in_span(self, rates: Mapping[str, float]) -> bool:
        low, high = (10.0**exponent for exponent in self._span)
        return all(low * (1 - 1e-9) <= rate <= high * (1 + 1e-9) for rate in rates.values())

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where a learning rate asked for another axis."""
        return super()._needs_picture(stale) or self._picture.panels[-1].x != self._span

    def _restore(self) -> None:
        super()._restore()
        self._span = self._picture.panels[-1].x

    def _best_rates(self) -> dict[str, float]:
        found = {
            name: best_rate(self._span, values)
            for name, values in self._known_finals()[0].items()
            if name in self.methods
        }
        return {name: rate for name, rate in found.items() if rate is not None}

    def _make_picture(self) -> Picture:
        return race_picture(
            self.field,
            self.methods,
            self.steps,
            self._span,
            self._known_finals,
            told=self._told,
        )

    def _known_finals(self) -> tuple[Finals, bool]:
        """What the last sweep found, if for this function and axis, and whether for this start."""
        if self._swept is None or (self._swept[0], self._swept[-1]) != (self.field, self._span):
            return {}, False
        return self._finals, self._swept == self._wanted()

    def _wanted(self) -> Any:
        return self.field, self.point, self.methods, self.steps, self._span

    def _control(self, name: str) -> float:
        return float(self.rates[name.removeprefix("rate ")])

    def _at_opening(self, name: str) -> float:
        method = name.removeprefix("rate ")
        return float(self._opening["rates"].get(method, self.rates[method]))

    def _set_control(self, name: str, value: float) -> None:
        if name.startswith("rate "):
            self.best = False
            self.rates = {**self.rates, name.removeprefix("rate "): value}
        else:
            super()._set_control(name, value)

    # ── sweeps ───────────────────────────────────────────────────────────────────────────────────

    def _settle(self) -> None:
        super()._settle()
        self._sweep_where_due()

    def _sweep_where_due(self) -> None:
        wanted = self._wanted()
        if wanted == self._swept:
            self._asked = None  # what was given up for this is asked for again where it is wanted
        elif wanted != self._asked:
            self.sweep()

    def sweep(self) -> None:
        """Find the final losses over α anew, in the background; a bar and a button show it."""
        self._asked = wanted = self._wanted()
        self._work.start("Sweeping over α", lambda told: self._sweep(wanted, told))

    def _sweep(self, wanted: Any, told: Told) -> None:
        field, start, methods, steps, span = wanted
        finals: dict[str, Array] = {}
        for place, name in enumerate(methods):

            def share(done: int, total: int, place: int = place) -> None:
                told(place * total + done, len(methods) * total)

            finals[name] = sweep(field, start, name, steps, span, share)
        told(1, 1)
        self._take_finals(wanted, finals)

    @in_turn
    def _take_finals(self, wanted: Any, finals: Finals) -> None:
        """What a sweep found, unless something else is wanted by now."""
        if wanted != self._wanted() or getattr(self, "_closing", False):
            return
        self._finals, self._swept = MappingProxyType(dict(finals)), wanted
        self._stale.add("rates")  # they may follow, and the picture has new curves in any case
        self._settle()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """With the first sweep in the still picture, where that does not take long."""
        self._work.wait(PATIENCE)
        return super()._repr_mimebundle_(**kwargs)

    def figure(self) -> Figure:
        """The picture as it stands, as a matplotlib Figure; a sweep is waited for a while."""
        self._work.wait(PATIENCE)
        return super().figure()

    def save(self, path: str | Path) -> None:
        """Write the picture to a file, see `Explorer.save`; a sweep is waited for a while."""
        self._work.wait(PATIENCE)
        super().save(path)

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    def _suits(self, example: Example) -> bool:
        return len(example.variables) == 2

    def _tools(self) -> list[ipw.Widget]:
        self._boxes = {
            name: ipw.Checkbox(
                value=name in self.methods,
                description=name,
                indent=False,
                layout=ipw.Layout(width="auto", margin="0 12px 0 2px"),
            )
            for name in known
        }
        for box in self._boxes.values():
            box.observe(self._chosen_methods, "value")
        self._steps = controls.steps(self.steps)
        self._steps.observe(lambda change: self._choose("steps", change["new"]), "value")
        self._best = ipw.Checkbox(
            value=self.best,
            description="each at its best α",
            indent=False,
            layout=ipw.Layout(width="auto"),
        )
        self._best.observe(lambda change: self._choose("best", change["new"]), "value")
        again = ipw.Button(description="Sweep again", icon="refresh", layout={"width": "130px"})
        again.on_click(lambda _: self.sweep())
        return [controls.row(*self._boxes.values()), controls.row(self._steps, self._best, again)]

    def _chosen_methods(self, change: Mapping[str, Any]) -> None:
        chosen = tuple(name for name, box in self._boxes.items() if box.value)
        if not self._holding and set(chosen) != set(self.methods):
            kept = tuple(name for name in self.methods if name in chosen)
            self._choose("methods", (*kept, *(name for name in chosen if name not in kept)))

    def _follow_state(self) -> None:
        super()._follow_state()
        for name, box in self._boxes.items():
            box.value = name in self.methods
        self._steps.value, self._best.value = self.steps, self.best
