"""The descent explorer: set α, the start and the number of steps, and see what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import ipywidgets as ipw
import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.descent import Trajectory
from gradwidgets.calculus.field import Domain, Interval, Point
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.rules import all_parameters, methods, schedules
from gradwidgets.calculus.usual import usual_rate, why_useless
from gradwidgets.calculus.wording import fill
from gradwidgets.explorers import controls
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.source import Source
from gradwidgets.pictures.descent import (
    HIGHEST_RATE,
    LOWEST_RATE,
    Settings,
    curvature_of,
    descent_picture,
    search,
    span_of_rates,
)
from gradwidgets.pictures.rates import NAMES, Curvature
from gradwidgets.pictures.scene import Picture, Scene
from gradwidgets.rendering.animate import animate
from gradwidgets.rendering.canvas import usable_press

FRAMES = 60  # of an animation, at most
FILM = "descent.gif"


class Within(traitlets.Float[Any, Any]):
    """A number from `min` to `max`, which NaN is not."""

    def validate(self, obj: Any, value: Any) -> float:
        """The number, where it lies in the range."""
        number = float(super().validate(obj, value))
        low, high = self.metadata["min"], self.metadata["max"]
        if not low <= number <= high:
            raise traitlets.TraitError(f"{self.name} lies between {low:g} and {high:g}")
        return number


def _by_table() -> dict[str, traitlets.TraitType[Any, Any]]:
    """The options that follow from the table of methods: which one, and what each of them takes."""
    menu = traitlets.Enum(tuple(methods), "gradient descent", help="the update rule")
    made: dict[str, traitlets.TraitType[Any, Any]] = {"method": menu.tag(picture=True)}
    for name, known in all_parameters().items():
        having = [key for key, method in methods.items() if name in method.parameters]
        told = f"{known.symbol}, {known.meaning}; for {', '.join(having)}"
        number = Within(known.usual, help=told)
        made[name] = number.tag(control=True, min=known.lowest, max=known.high)
    return made


def _refuse_taken(names: Iterable[str], known: Mapping[str, Any]) -> None:
    for name in names:
        if not isinstance(known[name], Within):
            raise ValueError(f"a parameter has a name of its own: {name} is something else here")


class DescentExplorer(Explorer):
    """The path of θₜ₊₁ = θₜ − αₜ∇f(θₜ) and its relatives, and why it converges or not.

    >>> explorer = DescentExplorer("x**2 + 10*y**2", point=(2, 1), rate=0.11)
    >>> explorer.run.verdict, explorer.run.why
    ('diverged', 'f rose from 14.0 to 16.8 at step 1: α·λmax = 2.20 is over 2.00.')
    >>> explorer.close()
    """

    rate = traitlets.Float(
        0.05,
        min=LOWEST_RATE,
        max=HIGHEST_RATE,
        help="the learning rate α; by default one that suits f at the start",
    ).tag(control=True, suits=True)
    steps = traitlets.Int(100, min=1, max=controls.MOST_STEPS, help="how many steps").tag(
        picture=True
    )
    locals().update(_by_table())  # what a class body has in its locals becomes its own
    schedule = traitlets.Enum(
        tuple(schedules), "constant", help="how the learning rate changes over the steps"
    ).tag(picture=True)
    noise = traitlets.Float(
        0.0, min=0.0, max=1e6, help="the standard deviation of noise on every partial derivative"
    ).tag(picture=True)
    seed = traitlets.Int(0, min=0, max=2**31, help="the seed of the noise").tag(picture=True)
    step = traitlets.CInt(0, min=0, help="the step that is looked at, at most `steps`").tag(
        control=True
    )
    loss = traitlets.Enum(("log", "linear"), "log", help="the scale of the loss's axis").tag(
        picture=True
    )
    components = traitlets.Bool(
        False, help="whether the loss is split among the Hessian's eigenvectors"
    ).tag(picture=True)
    rate_map = traitlets.Bool(
        False, help="whether α and β share a map of the convergence rate, where there is a β"
    ).tag(picture=True)

    preset: ClassVar[str] = "valley"
    _span: tuple[float, float] | None = None
    _painted: Curvature | None = None
    _note: tuple[str, float] = ("", 0.0)

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **options: Any,
    ) -> None:
        known, own = self.traits(), all_parameters()
        if known["method"].values != tuple(methods) or own.keys() - known.keys():
            _refuse_taken(own.keys() & known.keys(), known)
            self.add_traits(**_by_table())  # the table has changed since this class was made
        super().__init__(source, point=point, domain=domain, **options)

    @traitlets.validate("rate", "noise")
    def _finite(self, proposal: Mapping[str, Any]) -> float:
        if not np.isfinite(proposal["value"]):
            raise traitlets.TraitError(f"{proposal['trait'].name} is a finite number")
        return float(proposal["value"])

    @property
    def run(self) -> Trajectory:
        """The search that is shown."""
        own = (getattr(self, name) for name in methods[self.method].parameters)
        return search(self.field, self._settings(), (*self.point, self.rate, *own, self.step))

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _settings(self) -> Settings:
        return Settings(
            method=self.method,
            steps=self.steps,
            schedule=self.schedule,
            noise=self.noise,
            seed=self.seed,
            loss=self.loss,
            components=self.components,
            rate_map=self.rate_map,
            span=self._span or (-4.0, 1.0),
            note=self._note,
        )

    def _complete(self, changed: set[str]) -> None:
        before = self._good or {"field": None, "method": self.method}
        another = before["field"] is None or before["field"].source is not self.field.source
        if "rate" not in changed:
            if before["field"] is None or not self._in_family_of(before["method"]):
                self.rate, self._note = usual_rate(self.field, self.point, self.method), ("", 0.0)
            elif another:
                self._keep_rate()
        if changed & {"field", "method"}:
            self._span = None
        self.step = min(self.step, self.steps)
        if another and self._good:  # it opens with this rate
            self._opening = {**self._opening, "rate": self.rate, "step": self.step}

    def _in_family_of(self, method: str) -> bool:
        """Whether the learning rates of both methods mean about the same."""
        return methods[method].family == methods[self.method].family

    def _keep_rate(self) -> None:
        """For another function α stays, unless it would be useless; then a caption tells of it."""
        was, self._note = self.rate, ("", 0.0)
        why = why_useless(self.field, self.point, was, self.method)
        self.rate = usual_rate(self.field, self.point, self.method) if why else was
        if self.rate != was:
            told = f"For this function α was changed from {{g}} to {{g}}: with {{g@0}} {why}."
            self._note = fill(told, (was, self.rate)), self.rate

    def _make_picture(self) -> Picture:
        if self._span is None or not self._in_span():
            self._span = span_of_rates(self.field, self.point, self.rate, self.method)
        self._painted = self._curvature()
        return descent_picture(self.field, self._settings(), curvature=self._painted)

    def _in_span(self) -> bool:
        low, high = self._span or (0.0, 0.0)
        return bool(10**low * (1 - 1e-9) <= self.rate <= 10**high * (1 + 1e-9))

    def _curvature(self) -> Curvature | None:
        """What the rate map is painted for; None where the strip stands in its place."""
        if not (self.rate_map and methods[self.method].with_momentum):
            return None
        found = curvature_of(reference(self.field, self.point))
        return found if found.least > 0 else None

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where α leaves its axis, and where another minimum has the map of rates."""
        if super()._needs_picture(stale) or not self._in_span():
            return True
        now, painted = self._curvature(), self._painted
        if now is None or painted is None:
            return now is not painted
        return not np.allclose(now, painted, 1e-6)

    def _restore(self) -> None:
        super()._restore()
        self._span, self._painted = self._picture.panels[-1].x, self._curvature()

    def _frames(self) -> list[Scene]:
        """The steps in turn, some left out of a long run."""
        values, steps = self._values(), len(self.run)
        places = np.unique(np.linspace(0, steps, min(steps + 1, FRAMES)).astype(int))
        return [self._picture.scene((*values[:-1], float(place))) for place in places]

    def _suits(self, example: Example) -> bool:
        return len(example.variables) <= 2

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    def _tools(self) -> list[ipw.Widget]:
        menu = ipw.Dropdown(
            options=tuple(methods),
            description="Method",
            style=controls.ROOM,
            layout=ipw.Layout(width="220px"),
        )
        steps = controls.steps(self.steps)
        self._link(method=menu, steps=steps)
        self._landmarks = {
            name: ipw.Button(
                description=f"α = {text}", tooltip="set α", layout=ipw.Layout(width="auto")
            )
            for name, text in NAMES.items()
        }
        for name, button in self._landmarks.items():
            button.on_click(lambda _, name=name: self._land(name))
        return [controls.row(menu, steps, *self._landmarks.values()), self._player()]

    def _player(self) -> ipw.Widget:
        self._play = ipw.Play(min=0, interval=200, show_repeat=False, description="step by step")
        back, on = (
            ipw.Button(description=text, layout=ipw.Layout(width="80px"))
            for text in ("◀ step", "step ▶")
        )
        back.on_click(lambda _: self._set_controls({"step": max(self.step - 1, 0)}))
        on.on_click(lambda _: self._set_controls({"step": min(self.step + 1, self.steps)}))
        self._play.observe(lambda change: self._set_controls({"step": change["new"]}), "value")
        film = ipw.Button(
            description=f"Save as {FILM}", icon="film", layout=ipw.Layout(width="auto")
        )
        film.on_click(lambda _: self._save_film())
        return controls.row(self._play, back, on, film)

    def _save_film(self) -> None:
        """Write the steps as a film beside the notebook, in the background."""
        frames = self._frames()
        self._work.start(
            f"Writing {FILM}", lambda told: animate(frames, FILM, told=told), f"{FILM} is written."
        )

    def _options(self) -> list[ipw.Widget]:
        schedule = ipw.Dropdown(
            options=tuple(schedules), description="schedule of α", style=controls.ROOM
        )
        noise = ipw.BoundedFloatText(
            min=0.0, max=1e6, step=0.1, description="noise", style=controls.ROOM
        )
        seed = ipw.BoundedIntText(min=0, max=2**31, description="its seed", style=controls.ROOM)
        loss = ipw.Dropdown(options=("log", "linear"), description="loss", style=controls.ROOM)
        split = ipw.Checkbox(description="loss by eigenvector", indent=False)
        mapped = ipw.Checkbox(description="map of (α, β)", indent=False)
        for widget, width in ((schedule, 220), (noise, 150), (seed, 150), (loss, 150)):
            widget.layout.width = f"{width}px"
        self._link(schedule=schedule, noise=noise, seed=seed, loss=loss)
        self._link(components=split, rate_map=mapped)
        self._map_box = mapped
        return [controls.row(schedule, noise, seed), controls.row(loss, split, mapped)]

    def _land(self, name: str) -> None:
        """Set α to a landmark."""
        press = {"pressed": f"landmark {name}"}
        self._set_controls(usable_press(press, self._picture, self.scene))

    def _follow_state(self) -> None:
        super()._follow_state()
        if (self._play.max, self._play.value) != (self.steps, self.step):
            self._play.max, self._play.value = self.steps, self.step
        self._map_box.layout.display = "" if methods[self.method].with_momentum else "none"
        for name, button in self._landmarks.items():
            mark = f"landmark {name}"
            there = mark in self.scene.numbers and np.isfinite(self.scene[mark]).all()
            button.layout.display = "" if there else "none"
