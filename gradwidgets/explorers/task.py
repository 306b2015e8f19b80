"""Tasks for a class: an explorer that asks for something, and checks what a student has done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.tasks import KINDS, Asked, At, drawn, known
from gradwidgets.calculus.written import written
from gradwidgets.explorers import form
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.curvature import CurvatureExplorer
from gradwidgets.explorers.derivative import DerivativeExplorer
from gradwidgets.explorers.descent import DescentExplorer
from gradwidgets.explorers.fog import FogExplorer, landscape, opened
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.handed import FIXED, Handed, Task
from gradwidgets.explorers.partials import PartialsExplorer
from gradwidgets.explorers.source import Source, plainly
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.task import (
    CHECK,
    COUNTS,
    HELD,
    NOT_YET,
    VERDICT,
    known_name,
    watched_by,
    with_task,
)

MEND = "First mend the formula: it can’t be read."
NEITHER = "The task’s own check must return True, False or a text on what is missing, not "
ALONE = "Python checks this task: open it in a notebook."
OTHERS = ("predict",)  # options by which an explorer asks for something of its own
WATCHED = 16  # numbers at most on which an answer depends


class Tasked(Handed):
    """What all explorers have that ask for something."""

    asked = traitlets.Any(help="what is asked for").tag(
        picture=True, to_json=lambda asked, _: asked and asked.text
    )
    tried = traitlets.Tuple(
        help="of checks: how many there were, 1 where one has held, what the last one found (0 "
        "where nothing stands, 1 that it does not hold yet, 2 that it does), and for which numbers"
    ).tag(control=True)

    actions: ClassVar[Mapping[str, str]] = {**Explorer.actions, "check": "_check"}
    _missing = ("", "")  # the verdict of the last check, and what a condition said beside it

    @traitlets.validate("asked")
    def _valid_asked(self, proposal: Mapping[str, Any]) -> Asked:
        if not isinstance(proposal["value"], Asked):
            raise traitlets.TraitError("a task is made by gw.task")
        return proposal["value"]

    @traitlets.validate("tried")
    def _valid_tried(self, proposal: Mapping[str, Any]) -> tuple[float, ...]:
        try:
            numbers = tuple(map(float, proposal["value"]))
        except (TypeError, ValueError):
            numbers = (np.nan,)
        if not np.isfinite(numbers).all() or len(numbers) > len(COUNTS) + WATCHED:
            raise traitlets.TraitError("what is known of checks is a few finite numbers")
        return numbers

    @property
    def task(self) -> Task:
        """The task as it stands."""
        tries, done, _ = self.tried[: len(COUNTS)]
        found = self.scene.text(VERDICT)
        verdict, told = self._missing
        more = f" {told}" if told and found == verdict else ""
        return Task(self.asked.text, done > 0, int(tries), found + more)

    def check(self) -> bool:
        """Check what stands now, as the button does; tells whether the task is done.

        Raises:
            ValueError: what was typed can't be read, or a condition of one's own fails.
        """
        self._check()
        return self.task.done

    def _check(self, _: Any = None) -> None:
        """Put down what the picture finds, or what a teacher's own condition says."""
        if self._needs_python and self._message and self.formula != self.takes.text(self.field):
            raise ValueError(MEND)
        if self.asked.condition is None:
            self.tried = tuple(self.scene[CHECK])
            return
        holds, told = self._answered()
        tries, done, _found, *_ = self.tried
        values = self._read_all(watched_by(self._shown, self.asked))
        self.tried = (tries + 1, max(done, float(holds)), HELD if holds else NOT_YET, *values)
        self._missing = (self.scene.text(VERDICT), told)
        if told:
            self.note = self._news = told

    def _answered(self) -> tuple[bool, str]:
        """Whether a teacher's own condition holds, and what it says is missing."""
        at = At(self.field, self.point, getattr(self, "rate", None), getattr(self, "run", None))
        assert self.asked.condition
        try:
            found = self.asked.condition(at)
        except Exception as error:
            raise ValueError(f"The task’s own check failed: {form.named(error)}") from error
        if isinstance(found, str):
            return False, found
        if not isinstance(found, bool | np.bool_):
            raise ValueError(f"{NEITHER}{found!r:.60}.")
        return bool(found), ""

    @property
    def _needs_python(self) -> bool:
        return self.asked.is_typed or self.asked.condition is not None

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _read_all(self, controls: Sequence[Any]) -> list[float]:
        state = self._state()
        return [self._read(state, control) for control in controls]

    def _complete(self, changed: set[str]) -> None:
        """What a check has found of another function stands no longer."""
        other = self._another_source() and bool(self._life.good)
        if other and "field" in changed and self.asked.kind and not self.asked.is_typed:
            raise ValueError(FIXED)
        super()._complete(changed)
        count = len(COUNTS) + self._watched()
        if len(self.tried) != count:
            self.tried = (*self.tried[:2], *[0.0] * count)[:count]
        elif "field" in changed and "tried" not in changed and self._another_source():
            self.tried = (*self.tried[:2], 0.0, *self.tried[3:])

    def _opened_anew(self) -> dict[str, Any]:
        """Whatever is typed, a task opens without a check."""
        return {**super()._opened_anew(), "tried": (0.0,) * len(self.tried)}

    def _watched(self) -> int:
        if self.asked.is_typed:
            return 0
        return len(self.field.variables) + int(self.asked.explorer == "descent")

    def _at(self, name: str) -> dict[str, Any]:
        known = [known_name(one) for one in (*COUNTS, *self.field.variables, "rate")]
        if name in known:
            return {"trait": "tried", "key": known.index(name)}
        return super()._at(name)

    def _make_picture(self) -> Picture:
        return with_task(super()._make_picture(), self.asked)

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _tools(self) -> list[form.Row]:
        # A typed function and a condition are Python's, which answers after what came before.
        if self._needs_python:
            check = form.button("check", "Check", primary=True)
        else:
            check = form.keep("tried", CHECK, "check", "Check")
        return [[check, {"kind": "html", "part": "alone"}], *super()._tools()]

    def _make_form(self) -> dict[str, Any]:
        """Without what would ask for something else."""
        made = super()._make_form()
        pages = [
            {**page, "rows": list(map(_without_others, page["rows"]))} for page in made["pages"]
        ]
        return {**made, "pages": pages}

    def _modes(self) -> form.Row:
        """None: a task asks for something of its own."""
        return []

    def _form_parts(self) -> dict[str, Any]:
        text = self.takes.box(self.field) | ({} if self.asked.is_typed else {"why": FIXED})
        own = {
            "text": text,
            "menu": {"label": "", "value": "", "options": []},
            "side": [[{"kind": "label", "text": self.asked.text}]],
            "above": True,
        }
        return {**super()._form_parts(), **own}

    def _parts_alone(self) -> dict[str, str]:
        told = {"alone": ALONE} if self._needs_python else {}
        return {**super()._parts_alone(), **told}

    # ── what leaves the notebook ─────────────────────────────────────────────────────────────────

    def code(self) -> str:
        """One line of Python that makes this task again, as it stands."""
        usual: dict[str, Any] = {n: self.trait_defaults(n) for n in self._option_names()}
        if not self.tried[0]:
            usual["tried"] = self.tried
        changed = [
            f"{name}={plainly(getattr(self, name))!r}"
            for name in sorted(usual.keys() - {"asked", "seed"})  # the task's seed comes first
            if getattr(self, name) != usual[name]
        ]
        what, before = self._what()
        source, line = self._which()
        parts = [what, *source, f"point={plainly(self.point)!r}", *changed]
        return "\n".join(filter(None, [before, line, f"gw.task({', '.join(parts)})"]))

    def _what(self) -> tuple[str, str]:
        """What is asked for as code, and a line to go before."""
        asked = self.asked
        if asked.condition is None:
            return f"{asked.name!r}, seed={asked.seed}", ""
        condition, before = written(asked.condition, ("at",))
        return f"{asked.text!r}, {condition}, explorer={asked.explorer!r}", before

    def _which(self) -> tuple[list[str], str]:
        """The function as code, unless it is the one that is drawn, and a line to go before."""
        if self.asked.kind is not None:
            begun = drawn(self.asked.name, self.asked.seed)[1]
            if (begun.source, begun.domain) == (self.field.source, self.field.domain):
                return [], ""
        source, before = self.takes.code(self.field)
        return [f"field={source}"], before


def _without_others(row: form.Row) -> form.Row:
    return [item for item in row if item.get("at", {}).get("trait") not in OTHERS]


class DerivativeTask(Tasked, DerivativeExplorer):
    """A task on a curve."""


class PartialsTask(Tasked, PartialsExplorer):
    """A task on slices of a surface."""


class GradientTask(Tasked, GradientExplorer):
    """A task on a map with its gradient."""


class CurvatureTask(Tasked, CurvatureExplorer):
    """A task on a map with its second derivatives."""


class DescentTask(Tasked, DescentExplorer):
    """A task on a run."""


EXPLORERS: Mapping[str, type[Tasked]] = {
    "derivative": DerivativeTask,
    "partials": PartialsTask,
    "gradient": GradientTask,
    "curvature": CurvatureTask,
    "descent": DescentTask,
}


FOG = "fog"


def task(what: str | Sequence[str], about: Any = None, *, seed: int = 0, **options: Any) -> Handed:
    """A task: an explorer that asks for something, and checks a property of what comes.

    What a check found is told below the picture, and `explorer.task` knows it. `explorer.code()`
    and `explorer.link(page)` hand the task on as it stands.

    Args:
        what: a kind of task, or several of which the seed draws one: "flat one way", "steepest",
            "no minimum", "inflexion" (put the point), "direction", "gradient", "level curve",
            "saddle", "valley" (type a function), "zig-zag", "soon" (choose α), or "fog": a
            landscape that is hidden but where one has stepped. Or a sentence of your own.
        about: for a sentence its condition, a callable that takes what is shown, with `point`,
            `value`, `gradient`, `hessian`, `eigenvalues`, `field`, and of a descent `rate`, `run`,
            `verdict`; it returns whether that will do, or a text on what is missing. For a kind
            another function than the drawn one.
        seed: with the same one all get the same task.
        options: those of the explorer, and `field`; for a sentence also `explorer`: "derivative",
            "partials", "gradient", "curvature" or "descent".

    Raises:
        ValueError: a kind or an explorer that does not exist, a sentence without a condition, or
            what is neither a kind nor a sentence.

    >>> made = task("saddle", seed=1)
    >>> made.task.text, made.check()
    ('Type a function f(x, y) that has a saddle point at (1, 2).', False)
    """
    names = _names(what)
    name = names[np.random.default_rng(seed).integers(len(names))]
    if name == FOG:
        return _in_fog(about, seed, **options)
    own = name not in KINDS and callable(about)
    return _own(name, about, **options) if own else _of_kind(name, about, seed, **options)


def _names(what: Any) -> list[str]:
    names = [what] if isinstance(what, str) or not isinstance(what, Iterable) else list(what)
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError(
            f"a task is of one of the kinds {', '.join((*KINDS, FOG))}, or a sentence of your own "
            f"with its condition; {what!r:.60} is neither"
        )
    return names


def _own(
    text: str, about: Any, explorer: str = "gradient", field: Source | None = None, **options: Any
) -> Tasked:
    if explorer not in EXPLORERS:
        raise ValueError(f"a task is asked in one of {', '.join(EXPLORERS)}, not in {explorer!r}")
    return EXPLORERS[explorer](field, asked=Asked(text, explorer, condition=about), **options)


def _of_kind(
    name: str, about: Any, seed: int, field: Source | None = None, **options: Any
) -> Tasked:
    kind, source = known(name), about if field is None else field
    made = EXPLORERS[kind.explorer]
    given = None if source is None else made.takes.field(source, None, {})
    asked, begun = drawn(name, seed, given)
    usual: dict[str, Any] = {} if kind.rate is None else {"rate": kind.rate}
    if len(asked.shape) == 1:
        usual["point"] = tuple(map(float, asked.shape[0]))
    return made(given or begun, asked=asked, **{**usual, **options})


def _in_fog(about: Any, seed: int, field: Source | None = None, **options: Any) -> FogExplorer:
    source = about if field is None else field
    if source is not None:
        return FogExplorer(opened(source), **options)
    drawn_field, point = landscape(seed)
    return FogExplorer(drawn_field, **{"point": point, "seed": seed, **options})
