"""The descent explorer: set α, the start and the number of steps, and see what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.usual import usual_rate, why_useless
from gradwidgets.calculus.wording import fill
from gradwidgets.explorers import form
from gradwidgets.explorers.film import FRAMES
from gradwidgets.explorers.methods import MethodExplorer, by_table
from gradwidgets.explorers.predict import Predicting
from gradwidgets.pictures.descent import Settings, descent_picture, search
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.rates import NAMES
from gradwidgets.pictures.scene import Scene
from gradwidgets.pictures.settings import MOST_STEPS
from gradwidgets.pictures.spans import HIGHEST_RATE, LOWEST_RATE, Shown, shown_for
from gradwidgets.rendering.animate import animate

FILM = "descent.gif"
PACE = 200  # milliseconds for a step that is played


class DescentExplorer(Predicting, MethodExplorer):
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
    steps = traitlets.Int(100, min=1, max=MOST_STEPS, help="how many steps").tag(picture=True)
    locals().update(by_table())  # in their place among the options
    schedule = traitlets.Enum(
        tuple(schedules), "constant", help="how the learning rate changes over the steps"
    ).tag(picture=True)
    noise = traitlets.Float(
        0.0, min=0.0, max=1e6, help="the standard deviation of noise on every partial"
    ).tag(picture=True)
    seed = traitlets.Int(0, min=0, max=2**31, help="the seed of the noise, and of questions").tag(
        picture=True
    )
    step = traitlets.CInt(0, min=0, help="the step that is looked at, at most `steps`").tag(
        control=True
    )
    loss = traitlets.Enum(("log", "linear"), "log", help="the scale of the loss's axis").tag(
        picture=True
    )
    components = traitlets.Bool(
        False, help="whether the loss is split by the Hessian's eigenvectors"
    ).tag(picture=True)
    rate_map = traitlets.Bool(
        False, help="whether α and β share a map of the rate, where there is a β"
    ).tag(picture=True)

    preset: ClassVar[str] = "valley"
    asks: ClassVar[tuple[str, ...]] = ("step", "converges", "rate")
    actions: ClassVar[Mapping[str, str]] = {**Predicting.actions, "film": "_save_film"}
    _note: tuple[str, float] = ("", 0.0)

    @traitlets.validate("rate", "noise")
    def _finite(self, proposal: Mapping[str, Any]) -> float:
        if not np.isfinite(proposal["value"]):
            raise traitlets.TraitError(f"{proposal['trait'].name} is a finite number")
        return float(proposal["value"])

    @property
    def run(self) -> Trajectory:
        """The search that is shown."""
        self._check_first()
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
            note=self._note,
        )

    def _complete(self, changed: set[str]) -> None:
        super()._complete(changed)
        if self._asked is None:
            self._complete_rate(changed)
        if self.step > self.steps:
            self.step = self.steps

    def _complete_rate(self, changed: set[str]) -> None:
        left = self._life.good.get("_asked")
        if "rate" in changed:
            return
        if left is not None and left.kind != "rate":  # the question's own
            self.rate, self._note = left.scale, ("", 0.0)
            return
        good = self._life.good
        if not good or left is not None or not self._in_family_of(good["method"]):
            self.rate, self._note = usual_rate(self.field, self.point, self.method), ("", 0.0)
        elif self._another_source():
            self._keep_rate()

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

    def _remembered(self) -> dict[str, Any]:
        return {**super()._remembered(), "_note": self._note}

    def _frame(self) -> Shown:
        """The axis of α, and what a map of rates is painted for: the last ones where they fit."""
        good = self._life.good
        same = good and good["field"] is self.field and good["method"] == self.method
        return shown_for(
            self.field,
            self.point,
            self.rate,
            self.method,
            rate_map=self.rate_map,
            last=self._structured[-1] if same else None,
        )

    def _structure(self) -> tuple[Any, ...]:
        """Also what a caption tells of α: another explorer at this place has not changed it."""
        return (self._note, *super()._structure())

    def _make_picture(self) -> Picture:
        shown = self._frame()
        settings = replace(self._settings(), span=shown.span)
        return descent_picture(self.field, settings, curvature=shown.mapped)

    def _frames(self, most: int = FRAMES) -> list[Scene]:
        """The steps in turn, some left out of a long run; none of a question."""
        if self.predict:
            return super()._frames(most)
        picture, steps = self._shown, len(self.run)
        values = self._values(picture)[:-1]
        places = np.unique(np.linspace(0, steps, min(steps + 1, most)).astype(int))
        return [picture.scene((*values, float(place))) for place in places]

    def _save_film(self, _: Any) -> None:
        """Write the steps as a film beside the notebook, in the background."""
        frames = self._frames()
        self._task.start(
            f"Writing {FILM}",
            lambda told: animate(frames, FILM, told=told),
            f"{FILM} is written, beside the notebook.",
        )

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _suits(self, example: Example) -> bool:
        return len(example.variables) <= 2

    def _tools(self) -> list[form.Row]:
        own = methods[self.method].parameters
        play = {"kind": "play", "control": "step", "interval": PACE, "label": "step"}
        return [
            self._sliders(*self.field.variables, "rate", *own),
            [play, *self._sliders("step")],
        ]

    def _options(self) -> list[form.Row]:
        there = {mark.name for mark in self._shown.marks}
        landmarks = [
            {"kind": "press", "mark": f"landmark {name}", "label": f"α = {text}", "help": "set α"}
            for name, text in NAMES.items()
            if f"landmark {name}" in there
        ]
        method = form.option(self, "method", "method", style="menu")
        steps = form.option(self, "steps", "steps", slider=True, slow=True)
        film = form.button("film", f"Save as {FILM}", quiet=True)
        schedule = form.option(self, "schedule", "schedule of α", style="menu")
        noise = form.option(self, "noise", "noise", step=0.1)
        looks = [
            form.option(self, "loss", "loss"),
            form.option(self, "components", "loss by eigenvector"),
        ]
        if methods[self.method].with_momentum:
            looks.append(form.option(self, "rate_map", "map of (α, β)"))
        return [
            [method, steps, *landmarks],
            [schedule, noise, form.option(self, "seed", "its seed")],
            [*looks, film],
        ]
