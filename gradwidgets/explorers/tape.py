"""The tape explorer: write a program, choose what the tape watches, and see what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from gradwidgets.calculus.agreement import Agreement, agreement
from gradwidgets.calculus.assignments import Assignments
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.lesson import ROLES, Answer, Lesson, answers
from gradwidgets.explorers import calls, form
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.life import in_turn
from gradwidgets.explorers.options import Within
from gradwidgets.explorers.programs import Programs, program
from gradwidgets.explorers.soon import Soon
from gradwidgets.explorers.source import Formulas, Source
from gradwidgets.pictures import terrain
from gradwidgets.pictures.agreement import STEP
from gradwidgets.pictures.passes import told_places
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.tape import frame, lesson_drawing, tape_picture

END = -1  # as a step: both passes are done
ONE_TAPE, NOTHING = "no second tape", "–"
PACE = 700  # milliseconds from one step to the next


class TapeExplorer(Explorer):
    """A program on a gradient tape: its graph, its two passes, and the answer to `gradient`.

    The source is a program of one assignment per line, or what every explorer takes.

    >>> explorer = TapeExplorer("y = x*w + b", point=(0.5, 2, 3), sources=("w", "b"))
    >>> explorer.answer.found
    (3.0, 1.0)
    >>> explorer.roles = {**explorer.roles, "w": "constant"}
    >>> explorer.answer.found, explorer.answer.reasons[0]
    ((None, 1.0), 'w was not watched: call tape.watch(w) before it is used')
    >>> explorer.close()
    """

    roles = traitlets.Dict(
        help="for each input by its name 'constant', 'watched' or 'variable'; 'watched' where "
        "nothing is said"
    ).tag(picture=True)
    target = traitlets.Unicode(
        help="the name whose derivative is asked for; the last one where nothing is said"
    ).tag(picture=True)
    sources = traitlets.Tuple(
        help="the names with respect to which it is asked for; all inputs where nothing is said"
    ).tag(picture=True)
    persistent = traitlets.Bool(False, help="whether the tape may be asked more than once").tag(
        control=True
    )
    inner = traitlets.Unicode(
        help="an input with respect to which a second, inner tape differentiates first; '' for "
        "one tape"
    ).tag(picture=True)
    step = traitlets.CInt(
        END, min=END, help="the step of the two passes that is shown, −1 for the end"
    ).tag(control=True)
    compare = traitlets.Unicode(
        help="a source whose derivative is compared with other ways to it, or ''"
    ).tag(picture=True)
    h = Within(STEP.start, help="the step of the central difference, in the unit of the input").tag(
        control=True, min=STEP.low, max=STEP.high
    )
    own = traitlets.Unicode(help="the student's own formula for this derivative, or ''").tag(
        control=True
    )

    arguments: ClassVar[Mapping[str, str]] = {
        **Explorer.arguments,
        "source": 'a program as text, one assignment per line, as in "y = x*w + b", or what '
        "every explorer takes; without it, an example that suits.",
        "point": "a number for each input, in the order of a callable's parameters or of a "
        "program's names by the alphabet, or a mapping from names to numbers.",
    }
    takes: ClassVar[Formulas] = Programs()
    preset: ClassVar[str] = "line"
    actions: ClassVar[Mapping[str, str]] = {**Explorer.actions, "ask": "_ask"}

    def __init__(self, source: Source | None = None, **wanted: Any) -> None:
        self._calls = 0
        self._tell_soon = Soon(self._tell_guarded)
        super().__init__(source, **wanted)

    # ── state ────────────────────────────────────────────────────────────────────────────────────

    @property
    def program(self) -> Assignments:
        """What the reader typed."""
        return program(self.field)

    @property
    def lesson(self) -> Lesson:
        """The program with all that is set."""
        return Lesson(
            self.program, self.roles, self.target, self.sources, self.persistent, self.inner
        )

    @property
    def values(self) -> dict[str, float]:
        """The number of every input."""
        return dict(zip(self.field.variables, self.point, strict=True))

    @property
    def answer(self) -> Answer:
        """What the tape answers to the first call."""
        return answers(self.lesson, self.values, 1)[0]

    @property
    def agreement(self) -> Agreement:
        """The derivative with respect to the source compared, in four ways.

        Raises:
            FormulaError: the student's own formula can't be read.
            ValueError: nothing is compared.
        """
        if not self.compare:
            raise ValueError("choose a source to compare first")
        return agreement(self.lesson, self.values, self.compare, self.h, self.own)

    def _complete(self, changed: set[str]) -> None:
        """What belongs to an example; roles for all inputs, a target and sources that exist."""
        for name, value in self._settings_of_example().items():
            if name not in changed:
                setattr(self, name, value)
        self._refuse_strangers(changed)
        self._follow_program(changed)
        inputs, names = self.program.inputs, self.program.names
        known = (*inputs, *names)
        sources = tuple(name for name in self.sources if name in known) or inputs
        wanted = {
            "roles": {name: self.roles.get(name, "watched") for name in inputs},
            "target": self.target if self.target in known else names[-1],
            "sources": sources,
            "inner": self.inner if self.inner in inputs else "",
            "compare": self.compare if self.compare in self._comparable(sources) else "",
        }
        for name, value in wanted.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        if changed - {"step", "h", "own", "compare"}:
            self._calls = 0  # the program runs anew, on a fresh tape
        if changed & {"field", "roles", "target", "sources", "inner"} and "step" not in changed:
            self.step = END

    def _follow_program(self, changed: set[str]) -> None:
        """The last line and all inputs, where they are asked for, stay so in another program."""
        if "field" not in changed or "field" not in self._life.good:
            return
        before = program(self._life.good["field"])
        if "target" not in changed and self.target == before.names[-1]:
            self.target = ""
        if "sources" not in changed and self.sources == before.inputs:
            self.sources = ()

    def _refuse_strangers(self, changed: set[str]) -> None:
        """What is asked for by a name must be in the program; what another one left is dropped."""
        inputs, names = self.program.inputs, self.program.names
        offered = {
            "roles": (tuple(self.roles), inputs),
            "target": (_named(self.target), (*inputs, *names)),
            "sources": (self.sources, (*inputs, *names)),
            "inner": (_named(self.inner), inputs),
            "compare": (_named(self.compare), self._comparable((*inputs, *names))),
        }
        for option in offered.keys() & changed:
            asked, known = offered[option]
            for name in asked:
                if name not in known:
                    raise ValueError(
                        f"{option} names {name!r}, which is none of {', '.join(known)}"
                    )

    def _comparable(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The sources for which other ways ask the same: on a second tape only the inputs.

        How a derivative depends on a step is a matter of how a rule is written: that of exp(w) can
        be told by w or by the step itself.
        """
        return tuple(name for name in names if not self.inner or name in self.program.inputs)

    def _settings_of_example(self) -> dict[str, Any]:
        """What else to set where another example of the menu was chosen or named."""
        key = self.takes.shown(self.field)
        if not key or not self._example_chosen():
            return {}
        example = self.takes.examples[key]
        usual = {"target": "", "inner": "", "compare": "", "own": ""}
        shown = {"roles": dict(example.roles), "sources": example.sources}
        return {**usual, **shown, **example.options}

    @traitlets.validate("roles")
    def _valid_roles(self, proposal: Mapping[str, Any]) -> dict[str, str]:
        roles = dict(proposal["value"])
        wrong = [role for role in roles.values() if role not in ROLES]
        if wrong:
            raise traitlets.TraitError(f"a role is one of {', '.join(ROLES)}, not {wrong[0]!r}")
        return roles

    def _make_picture(self) -> Picture:
        return tape_picture(self.lesson, self.values, terrain.controls(self.field), self.compare)

    def _frame(self) -> Any:
        """Also the path that a callable takes there."""
        return frame(self.lesson, self.values)

    def _at(self, name: str) -> dict[str, Any]:
        return {"trait": "step", "end": END} if name == "step" else super()._at(name)

    # ── the two passes ───────────────────────────────────────────────────────────────────────────

    def forward(self) -> None:
        """One step of the forward pass; after its end it begins anew."""
        self._walk("forward")

    def backward(self) -> None:
        """One step of the backward pass; before its begin and after its end it begins."""
        self._walk("backward")

    def _walk(self, name: str) -> None:
        passes = self._passes()
        (first, last), (_, end) = passes[name], passes["backward"]
        now = end if self.step == END else min(self.step, end)
        there = now + 1 if first <= now < last else first + 1
        self.step = END if there >= end else there

    def _passes(self) -> dict[str, tuple[int, int]]:
        """The steps before the first and at the last of each pass."""
        drawing = lesson_drawing(self.lesson, self.values)
        done = drawing.forward_steps
        return {"forward": (0, done), "backward": (done, drawing.end)}

    # ── what the tape answers ────────────────────────────────────────────────────────────────────

    def ask(self) -> None:
        """Call `gradient` once more on the same tape."""
        self._calls += 1
        self._tell_answer()

    def _ask(self, _: Any) -> None:
        self.ask()

    def _renew(self) -> None:
        super()._renew()
        self._tell_answer()

    def _settle(self, stale: set[str]) -> None:
        super()._settle(stale)
        if stale & {"own", "persistent"}:
            self._tell_answer()
        elif stale & {"point", "h"}:
            self._tell_soon()

    @in_turn
    def _tell_guarded(self) -> None:
        with self._guard(self._tell_below):
            self._tell_answer()

    def _tell_answer(self) -> None:
        """The program as code, the calls, what the tape answers to each, and other ways to it."""
        lesson, values = self.lesson, self.values
        found = answers(lesson, values, max(self._calls, 1))
        told = calls.code(lesson, values) + calls.calls(lesson, found)
        self._parts = {"told": told, **(self._ways() if self.compare else {})}

    def _script(self) -> dict[str, Any] | None:
        """What a page without Python tells of the tape; None where it has no numbers."""
        if self._replays is None:
            return None
        drawing = lesson_drawing(self.lesson, self.values)
        places = told_places(drawing, self.lesson.sources)
        return calls.script(self.lesson, self.values, places)

    def _ways(self) -> dict[str, str]:
        """The derivative in other ways, and what is wrong with the student's own formula."""
        try:
            return {"wrong": "", "ways": calls.table(self.agreement, self.h)}
        except FormulaError as error:
            found = agreement(self.lesson, self.values, self.compare, self.h)
            wrong = f"<div class='gw-message'>{form.complaint(error, self.own)}</div>"
            return {"wrong": wrong, "ways": calls.table(found, self.h)}

    # ── the form ─────────────────────────────────────────────────────────────────────────────────

    def _tools(self) -> list[form.Row]:
        walks = [
            {"kind": "walk", "control": "step", "from": first, "to": last, "label": name}
            for name, (first, last) in self._passes().items()
        ]
        play = {"kind": "play", "control": "step", "interval": PACE, "label": "step"}
        return [[play, *walks], self._sliders("step")]

    def _form_parts(self) -> dict[str, Any]:
        """The program and what is asked stand beside the graph."""
        run = form.button("run", "Run", help="Ctrl+Enter in the program does it too")
        inputs = [[*self._sliders(n), self._role(n)] for n in self.program.inputs]
        return {"side": [[run], *inputs, *self._asking(), *self._comparing()]}

    def _role(self, name: str) -> form.Item:
        """The choice of an input's role."""
        return {
            "kind": "choice", "at": {"trait": "roles", "key": name}, "label": f"{name} is",
            "help": f"whether {name} is a constant, a watched constant or a variable",
            "options": form.choices(ROLES), "style": "buttons",
        }  # fmt: skip

    def _asking(self) -> list[form.Row]:
        """What is asked of the tape, the call as code, and the answer."""
        names = (*self.program.inputs, *self.program.names)
        others = {name: name for name in names if name != self.target}
        inner = {"": ONE_TAPE, **{name: name for name in self.program.inputs}}
        return [
            [
                self._menu("target", "target", {name: name for name in names}),
                form.some(self, "sources", others, "with respect to"),
            ],
            [
                form.option(self, "persistent", "persistent"),
                self._menu("inner", "inner tape, with respect to", inner),
            ],
            [form.button("ask", "gradient", primary=True)],
            [{"kind": "html", "part": "told"}],
        ]

    def _comparing(self) -> list[form.Row]:
        """The derivative in other ways, on demand."""
        sources = self._comparable(self.sources)
        offered = {"": NOTHING, **{name: name for name in sources}}
        menu = self._menu("compare", "compare the derivative with respect to", offered)
        if not self.compare:
            return [[menu]]
        label = f"∂{self.lesson.asked}/∂{self.compare} ="
        return [
            [menu],
            [form.option(self, "own", label, placeholder="a formula of your own")],
            [{"kind": "html", "part": "wrong"}],
            self._sliders("h"),
            [{"kind": "html", "part": "ways"}],
        ]

    def _menu(self, name: str, label: str, titles: Mapping[str, str]) -> form.Item:
        """A menu for a name of the program."""
        offered = [[value, title] for value, title in titles.items()]
        return form.option(self, name, label, kind="choice", style="menu", options=offered)


def _named(name: str) -> tuple[str, ...]:
    return (name,) if name else ()
