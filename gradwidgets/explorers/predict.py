"""Predict first: what explorers share that ask before they show, and keep the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.misconceptions import CHOICES
from gradwidgets.calculus.questions import ASKED, QUESTIONS, Question, as_field, hidden, question
from gradwidgets.calculus.score import Score, record_of
from gradwidgets.calculus.types import Domain, Interval
from gradwidgets.explorers import form
from gradwidgets.explorers.asked import facts, rows
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.copies import copied, copying
from gradwidgets.explorers.source import Source
from gradwidgets.pictures import asked
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.predict import question_picture

POSING = {"predict", "question", "seed", "kinds", "functions", "hide"}
HIDDEN = ("formula", "numbers")
LEAVE = "guess first, then see what it is; pressed again, it shows all as usual"
ALLOWED = {"reset", "domain", "cancel"}  # what a page may ask for before the answer is checked
FIRST = "First answer the question, then check."
AGAIN = "Your first answer to this question counts in the score, not this one."
CHOSEN = "In predict mode the question chooses the function."
ALONE = "To be asked in a page, save it from a notebook with predict=True."


def is_answer(posed: Question, value: tuple[float, ...]) -> bool:
    """Whether a question can be answered by these numbers."""
    if len(value) != len(posed.start):
        return False
    if posed.kind in CHOICES:
        return value == posed.start or value[0] in range(len(CHOICES[posed.kind]))
    return posed.kind != "rate" or value[0] > 0


def _told_nothing(value: Any, owner: Any) -> list[Any]:
    """What a browser hears of functions: their callables can't travel, and may be secret."""
    return []


class Predicting(Explorer):
    """An explorer that can ask: with `predict` it hides what it shows until a guess is checked."""

    predict = traitlets.Bool(
        False,
        help="whether questions are asked: a guess first, then what the explorer would show",
    ).tag(picture=True)
    seed = traitlets.Int(
        0, min=0, max=2**31, help="the seed of the questions: one seed asks everybody the same"
    ).tag(picture=True)
    question = traitlets.Int(1, min=1, max=QUESTIONS, help="the number of the question").tag(
        picture=True
    )
    checked = traitlets.CInt(
        0, min=0, max=QUESTIONS, help="the number of the question whose answer is checked; 0 before"
    ).tag(control=True)
    guess: Any = traitlets.Tuple(
        help="what is guessed: an arrow's tip, the height of a tangent's end, a learning rate, or "
        "the place of a choice, counted from 0"
    ).tag(control=True)
    kinds: Any = traitlets.Any(
        (), help="the kinds of questions; all that the explorer can ask where there are none"
    ).tag(picture=True, private=True)
    functions: Any = traitlets.Any(
        (),
        help="the functions that are asked about: formulas, names of `gw.catalog`, callables, "
        "fields; where there are none, the source that came with `predict`, or usual ones",
    ).tag(picture=True, private=True, to_json=_told_nothing)
    hide: Any = traitlets.Any(
        (),
        help="what is hidden in predict mode: 'formula', or 'numbers' of level curves and guesses",
    ).tag(picture=True, private=True)
    lock = traitlets.Bool(
        False, help="whether a page has no way out of predict mode, and no other options"
    ).tag(picture=True, private=True)

    asks: ClassVar[tuple[str, ...]] = ()
    _asked: Question | None = None
    _begun: dict[str, Any] | None = None  # how it was opened, where questions came since
    _hint = ""

    def __init__(
        self,
        source: Source | None = None,
        *,
        domain: Domain | Interval | None = None,
        **wanted: Any,
    ) -> None:
        self._score, self._counted = Score(), set[Any]()
        if wanted.get("predict") and copying.get() is None and source is not None:
            wanted["functions"] = wanted.get("functions") or (_shown_on(source, domain),)
        super().__init__(source, domain=domain, **wanted)

    @property
    def score(self) -> Score:
        """The records of all answers that were checked, each question's once."""
        return self._score

    # ── what is valid ────────────────────────────────────────────────────────────────────────────

    @traitlets.validate("kinds", "hide")
    def _valid_some(self, proposal: Mapping[str, Any]) -> tuple[str, ...]:
        name, value = proposal["trait"].name, proposal["value"]
        known = self.asks if name == "kinds" else HIDDEN
        wanted = (value,) if isinstance(value, str) else tuple(value or ())
        if unknown := [one for one in wanted if one not in known]:
            raise traitlets.TraitError(f"{name} takes some of {known}, not {unknown[0]!r}")
        return tuple(one for one in known if one in wanted)

    @traitlets.validate("functions")
    def _valid_functions(self, proposal: Mapping[str, Any]) -> tuple[Source, ...]:
        value = proposal["value"]
        wanted = tuple(value) if isinstance(value, list | tuple) else (value,)
        for source in wanted:
            as_field(source)
        return wanted

    @traitlets.validate("predict")
    def _valid_predict(self, proposal: Mapping[str, Any]) -> bool:
        if self.lock and not proposal["value"] and self._life.good.get("predict"):
            raise traitlets.TraitError("predict stays on while lock is on")
        return bool(proposal["value"])

    @traitlets.validate("guess")
    def _valid_guess(self, proposal: Mapping[str, Any]) -> tuple[float, ...]:
        value = proposal["value"]
        if not all(isinstance(one, int | float) and np.isfinite(one) for one in value):
            raise traitlets.TraitError("a guess has finite numbers")
        if self._is_checked and self._life.good and tuple(value) != self.guess:
            raise traitlets.TraitError(f"question {self.question} is checked: go on to the next")
        if self._asked and not is_answer(self._asked, value):
            raise traitlets.TraitError(f"that is no guess at {ASKED[self._asked.kind].title}")
        return tuple(map(float, value))

    @property
    def _is_checked(self) -> bool:
        return bool(self._asked) and self.checked == self.question

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _complete(self, changed: set[str]) -> None:
        """Bring function and point to the question; whoever has not guessed can't check."""
        super()._complete(changed)
        self._hint = ""
        if not self.predict:
            self._asked = None
        elif self._asked is None or changed & POSING or self._is_another():
            self._pose(changed)
        elif "point" in changed:
            self.point = self._asked.point
        if self._asked and self._is_checked and self.guess == self._asked.start:
            self.checked, self._hint = 0, FIRST
        elif self._is_checked and "checked" in changed and self._known in self._counted:
            self._hint = AGAIN

    def _is_another(self) -> bool:
        """Whether somebody has set another function."""
        assert self._asked
        return self.field.source is not self._asked.field.source

    def _pose(self, changed: set[str]) -> None:
        posed = question(self.question, self.kinds or self.asks, self.functions, self.seed)
        if "formula" in self.hide:
            posed = replace(posed, field=hidden(posed.field))
        posed = replace(posed, numbers="numbers" not in self.hide)
        self._asked = None  # while numbers of the last question go
        self.field, self.point = posed.field, posed.point
        if self._life.good or len(self.guess) != len(posed.start):
            self.checked, self.guess = 0, posed.start
        self._asked = posed
        changed |= {"field", "point"}

    def _opened_anew(self) -> dict[str, Any]:
        """A question is nothing that a reader has opened: `Reset` leads to what was before it."""
        opening = self._begun or self._opening
        if self._asked:
            self._begun = opening
            return super()._opened_anew()
        self._begun, self._opening = None, opening
        return {**super()._opened_anew(), "predict": self.predict}

    def _remembered(self) -> dict[str, Any]:
        return {"_asked": self._asked, "_begun": self._begun, **super()._remembered()}

    def _at(self, name: str) -> dict[str, Any]:
        if name in asked.GUESS:
            return {"trait": "guess", "key": asked.GUESS.index(name)}
        return super()._at(name)

    def _at_home(self) -> Picture:
        if self._asked is None:
            return super()._at_home()
        return question_picture(self.field, self._asked)

    def _renew(self) -> None:
        super()._renew()
        self._parts = {"score": self._score._repr_html_()} if self.predict else {}

    def _tell_settled(self) -> None:
        self._count()
        super()._tell_settled()
        if self.predict:  # what was typed meanwhile goes
            self.formula = self.takes.text(self.field)
        if self._hint:
            self.note = self._hint
            self._news = self._hint if self._hint == AGAIN else ""

    def _waiting_words(self) -> str:
        """A question's point is no handle: it may be out of sight."""
        return "" if self.predict else super()._waiting_words()

    def _reset(self, _: Any = None) -> None:
        """Back to how it was opened, as in a page: to that question and guess, or out of the mode.

        The score stays, and what a teacher has set since: `lock` keeps the mode.
        """
        opening, kept = self._begun or self._opening, self._private()
        if self.lock:
            kept = kept | {"predict"}
        back = {name: value for name, value in opening.items() if name not in kept}
        with self._life.together():
            self._asked = None  # it is no guess at the present question
            for name, value in back.items():
                setattr(self, name, value)
            self._life.changed(*back)
        if self._asked and is_answer(self._asked, opening["guess"]):
            with self._life.together():
                self.guess, self.checked = opening["guess"], opening["checked"]
        self.formula, self._message = self.takes.text(self.field), ""

    @property
    def _known(self) -> Any:
        """By what a question is told from others."""
        return self.seed, self.kinds, self.functions, self.question

    def _count(self) -> None:
        """Each question's first check is a record."""
        if not self._is_checked or self._known in self._counted:
            return
        assert self._asked
        self._counted.add(self._known)
        self._score.append(record_of(self._asked, self.scene[asked.VERDICT].tolist()))
        self._parts = {"score": self._score._repr_html_()}

    @property
    def _shares(self) -> bool:
        """Beside a question no other explorer shows what is asked for."""
        return not self.predict

    def _swept_controls(self) -> Sequence[Control]:
        """No film leads past a check, nor to other questions."""
        hidden = (asked.CHECKED, asked.NUMBER) if self.predict else ()
        return [one for one in super()._swept_controls() if one.name not in hidden]

    def _parts_alone(self) -> dict[str, str]:
        """A page keeps a score of its own."""
        own = {"score": Score()._repr_html_()} if self.predict else {}
        return {**super()._parts_alone(), **own}

    def _fragment(self, functions: Sequence[Source], **how: Any) -> str:
        """A page opens before its answer: whoever checked it here was another one."""
        if self._asked is None or not self._is_checked:
            return super()._fragment(functions, **how)
        with copied(self) as fresh:
            fresh.checked = 0
            fresh.guess = self._asked.start
            return super(Predicting, fresh)._fragment(functions, **how)

    def _check_first(self) -> None:
        """Nothing that Python is asked for comes before the check.

        Raises:
            ValueError: the question is not answered yet.
        """
        if self._asked and not self._is_checked:
            raise ValueError(FIRST)

    def _coded(self) -> set[str]:
        """Functions whose formulas are hidden stand in no line of code."""
        return super()._coded() - ({"functions"} if "formula" in self.hide else set())

    def code(self) -> str:
        """One line of Python that makes this view again; in predict mode it tells no answer."""
        if not self.predict:
            return super().code()
        usual = {name: self.trait_defaults(name) for name in self._option_names()}
        told = ("predict", "seed", "question", "guess", "kinds", "functions", "hide", "lock")
        changed = {name: getattr(self, name) for name in told if getattr(self, name) != usual[name]}
        if self._asked and self.guess == self._asked.start:
            del changed["guess"]
        secret = "formula" in self.hide or not all(isinstance(f, str) for f in self.functions)
        before = (
            "functions = ...  # those that were given here\n" if secret and self.functions else ""
        )
        named = {**changed, **({"functions": _Name("functions")} if before else {})}
        listed = ", ".join(f"{name}={value!r}" for name, value in named.items())
        return f"{before}gw.{type(self).__name__}({listed})"

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _tell_pages(self, _: Any = None) -> None:
        if not self.predict:
            super()._tell_pages()

    def _asked_for(self, widget: Any, content: Any, buffers: Any) -> None:
        do = content.get("do") if isinstance(content, Mapping) else None
        if not self.predict or do in ALLOWED:
            super()._asked_for(widget, content, buffers)

    def _modes(self) -> form.Row:
        """The button for questions, where it leads anywhere."""
        if self.lock and self.predict:
            return super()._modes()
        alone = {"alone": ALONE} if self._asked is None else {}
        button = form.option(self, "predict", "Predict", kind="toggle", help=LEAVE, **alone)
        return [button, *super()._modes()]

    def _make_form(self) -> dict[str, Any]:
        made = super()._make_form()
        if self._asked is None:
            return made
        pages = [form.page("Score", [[{"kind": "html", "part": "score"}]])]
        hides = "formula" in self.hide
        box = {**made["text"], "placeholder": "hidden" if hides else "", "why": CHOSEN}
        return {
            **made,
            "text": box,
            "menu": {**made["menu"], "value": "", "options": []},
            "rows": rows(self._asked),
            "side": None,
            "pages": pages,
            "home": {name: list(ends) for name, ends in self._asked.field.domain.items()},
            "asked": facts(self._asked),
        }


class _Name(str):
    """A name that stands in a line of code without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _shown_on(source: Source, domain: Domain | Interval | None) -> Source:
    return as_field(source).with_domain(domain) if domain is not None else source
