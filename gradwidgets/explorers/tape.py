"""The tape explorer: write a program, choose what the tape watches, and see what it answers."""

from __future__ import annotations

import ast
import html
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets as ipw
import traitlets

from gradwidgets.calculus import named
from gradwidgets.calculus.agreement import Agreement, agreement
from gradwidgets.calculus.assignments import Assignments, lone_name, parse_lines
from gradwidgets.calculus.field import Domain, Interval, Point, ScalarField
from gradwidgets.calculus.formula import Formula, FormulaError
from gradwidgets.calculus.lesson import ROLES, Answer, Lesson, answers
from gradwidgets.calculus.programs import TAPE_EXAMPLES, TapeExample, program_field
from gradwidgets.calculus.wording import three_digits
from gradwidgets.calculus.written import written
from gradwidgets.explorers import controls
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.source import Source, usual_start
from gradwidgets.pictures import terrain
from gradwidgets.pictures.agreement import STEP
from gradwidgets.pictures.scene import Picture
from gradwidgets.pictures.tape import Drawing, lesson_drawing, tape_picture

MOST_INPUTS = 8
MOST_SHOWN = 3  # calls of gradient that are listed
END = -1  # as a step: both passes are done
ONE_TAPE = "no second tape"


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
    h = traitlets.Float(
        STEP.start,
        min=STEP.low,
        max=STEP.high,
        help="the step of the central difference, in the unit of the input",
    ).tag(control=True)
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
    examples: ClassVar[Mapping[str, Any]] = TAPE_EXAMPLES
    preset: ClassVar[str] = "line"

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **options: Any,
    ) -> None:
        self._calls = 0
        super().__init__(source, point=point, domain=domain, **options)
        self._tell_answer()

    # ── state ────────────────────────────────────────────────────────────────────────────────────

    @property
    def program(self) -> Assignments:
        """What the reader typed."""
        return _program(self.field)

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

    def _as_field(self, source: Source, wanted: tuple[str, ...], domain: Domain) -> ScalarField:
        if isinstance(source, str):
            examples: dict[str, Any] = {**named.known, **self.examples}
            source = named.by_name(source, examples) or source
        if isinstance(source, TapeExample):
            made = source.field
            return made.with_domain(domain) if domain else made
        if isinstance(source, named.Named):
            source = ScalarField(source)
        if isinstance(source, ScalarField):
            shown, start = source.domain, source.start
        else:  # inputs that stay keep their intervals
            shown, start = dict(self.field.domain) if self.field is not None else {}, {}
        made = program_field(_program(source), start)
        kept = {name: shown[name] for name in made.variables if name in shown}
        return made.with_domain({**kept, **domain})

    def _complete(self, changed: set[str]) -> None:
        """What belongs to an example; roles for all inputs, a target and sources that exist."""
        for name, value in self._settings_of_example().items():
            if name not in changed:
                setattr(self, name, value)
        self._refuse_strangers(changed)
        self._follow_program(changed)
        program = self.program
        known = (*program.inputs, *program.names)
        roles = {name: self.roles.get(name, "watched") for name in program.inputs}
        sources = tuple(name for name in self.sources if name in known) or program.inputs
        wanted = {
            "roles": roles,
            "target": self.target if self.target in known else program.names[-1],
            "sources": sources,
            "inner": self.inner if self.inner in program.inputs else "",
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
        if "field" not in changed or "field" not in self._good:
            return
        before = _program(self._good["field"])
        if "target" not in changed and self.target == before.names[-1]:
            self.target = ""
        if "sources" not in changed and self.sources == before.inputs:
            self.sources = ()

    def _refuse_strangers(self, changed: set[str]) -> None:
        """What is asked for by a name must be in the program; what another one left is dropped."""
        inputs, names = self.program.inputs, self.program.names
        offered = {
            "roles": (tuple(self.roles), inputs),
            "target": ((self.target,), (*inputs, *names)),
            "sources": (self.sources, (*inputs, *names)),
            "inner": ((self.inner,), inputs),
            "compare": ((self.compare,), self._comparable((*inputs, *names))),
        }
        for option in offered.keys() & changed:
            asked, known = offered[option]
            for name in asked:
                if name and name not in known:
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
        key = self._example_shown()
        if not key or not self._example_chosen():
            return {}
        example = self.examples[key]
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

    def _fit_point(self) -> None:
        """Inputs that stay keep their values, but for an example's."""
        if self._example_chosen():
            self.point = usual_start(self.field)
            return
        before = self._good["field"]
        old = dict(zip(before.variables, self._good["point"], strict=True))
        new = zip(self.field.variables, usual_start(self.field), strict=True)
        self.point = tuple(old.get(name, number) for name, number in new)

    def _make_picture(self) -> Picture:
        self._path = self._taken()
        return tape_picture(self.lesson, self.values, terrain.controls(self.field), self.compare)

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where a callable takes another path."""
        return super()._needs_picture(stale) or self._taken() != self._path

    def _taken(self) -> tuple[Any, ...]:
        """The path of a callable, which another place may change, and its numbers in symbols."""
        if self.program.fixed:
            return ()
        drawing = self._drawing()
        return drawing.path, drawing.written

    def _drawing(self) -> Drawing:
        """The steps of the two passes."""
        return lesson_drawing(self.lesson, self.values)

    def _control(self, name: str) -> float:
        if name == "step":
            last = self._picture_end()
            return last if self.step == END else min(float(self.step), last)
        return super()._control(name)

    def _picture_end(self) -> float:
        return next(c.high for c in self._picture.controls if c.name == "step")

    def _set_control(self, name: str, value: float) -> None:
        if name == "step":
            value = END if round(value) >= self._picture_end() else round(value)
        super()._set_control(name, value)

    def _at_opening(self, name: str) -> float:
        return float(self._drawing().end) if name == "step" else super()._at_opening(name)

    def _settle(self) -> None:
        super()._settle()
        self._tell_answer()

    # ── text, examples, code ─────────────────────────────────────────────────────────────────────

    def _text(self, field: ScalarField) -> str:
        return _program(field).text

    def _text_box(self) -> ipw.Text | ipw.Textarea:
        return ipw.Textarea(
            value=self._text(self.field),
            continuous_update=False,
            placeholder="one assignment per line, for example\ny = x*w + b\nloss = (y - 3)^2",
            layout=ipw.Layout(flex="0 0 auto", height="96px", width="auto"),
        )

    def _head(self) -> None:
        """The text box is a program: nothing stands before it."""

    def _example_shown(self) -> str:
        text = self._text(self.field)
        return next((key for key, example in self.examples.items() if example.text == text), "")

    def _written(self) -> tuple[str, str]:
        return ("", "") if self.program.fixed else _own(self.program)

    def _source_code(self) -> str:
        if not self.program.fixed:  # text can't say it
            made = f"domain={self.field.domain!r}, variables={self.field.variables!r}"
            return f"gw.ScalarField({self._written()[0]}, {made})"
        text, domain = repr(self.program.text), self.field.domain
        inputs: tuple[str, ...] = ()
        with suppress(FormulaError):  # a name that is one only because it was given
            inputs = parse_lines(self.program.text).inputs
        if self.program.inputs != inputs:
            return f"gw.ScalarField({text}, domain={domain!r}, variables={self.field.variables!r})"
        usual = ScalarField(self.program, variables=self.program.inputs).domain
        return text if usual == domain else f"{text}, domain={domain!r}"

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    def _arrange(self) -> tuple[ipw.Widget, ...]:
        """The program and what is asked on one side, the graph on the other."""
        self._inputs = ipw.VBox(layout=ipw.Layout(width="100%"))
        self._h_place = controls.row()
        tools = controls.row(self._menu, self._run_button(), self._reset)
        program = [self._formula, self._message, tools, self._inputs, *self._asking()]
        graph = [self._canvas, self._passes(), self._slider_row]
        both = ipw.HBox(
            [ipw.VBox(program, layout=_column()), ipw.VBox(graph, layout=_column())],
            layout=ipw.Layout(flex_flow="row wrap", width="100%"),
        )
        return (both, self._work.box, self._more)

    def _run_button(self) -> ipw.Button:
        """To click anywhere commits the program; a button says so."""
        return ipw.Button(description="Run", icon="check", layout=ipw.Layout(width="80px"))

    def _asking(self) -> list[ipw.Widget]:
        """What is asked of the tape, the call as code, and the answer."""
        self._target = _menu("target")
        self._inner = _menu("inner tape, with respect to")
        self._persistent = ipw.Checkbox(
            description="persistent", indent=False, layout=ipw.Layout(width="110px")
        )
        self._source_row = ipw.HBox(layout=ipw.Layout(flex_flow="row wrap"))
        call = ipw.Button(description="gradient", button_style="primary", layout={"width": "110px"})
        call.on_click(lambda _: self.ask())
        self._told = ipw.HTML(layout=ipw.Layout(width="100%"))
        self._told.add_class("gw-code")
        for name, widget in (("target", self._target), ("persistent", self._persistent)):
            widget.observe(lambda change, name=name: self._choose(name, change["new"]), "value")
        self._inner.observe(
            lambda change: self._choose("inner", change["new"].replace(ONE_TAPE, "")), "value"
        )
        asked = controls.row(self._target, self._source_row)
        return [asked, controls.row(self._persistent, self._inner), call, self._told, *self._ways()]

    def _ways(self) -> list[ipw.Widget]:
        """The derivative in other ways, on demand."""
        self._compared_by = _menu("compare the derivative with respect to")
        self._own = ipw.Text(
            continuous_update=False,
            placeholder="a formula of your own",
            style=controls.ROOM,
            layout=ipw.Layout(width="auto", min_width="220px"),
        )
        self._own_message, self._table = controls.message(), ipw.HTML()
        self._table.add_class("gw-code")
        self._compared_by.observe(
            lambda change: self._choose("compare", change["new"].replace("–", "")), "value"
        )
        self._own.observe(lambda change: self._choose("own", change["new"]), "value")
        self._compared = ipw.VBox([self._own, self._own_message, self._h_place, self._table])
        return [self._compared_by, self._compared]

    def _passes(self) -> ipw.Widget:
        """Buttons for the two passes."""
        self._play = ipw.Play(min=0, interval=700, show_repeat=False, description="play")
        self._play.observe(lambda change: self._set_controls({"step": change["new"]}), "value")
        forward = ipw.Button(description="forward", icon="arrow-down", layout={"width": "110px"})
        backward = ipw.Button(description="backward", icon="arrow-up", layout={"width": "110px"})
        forward.on_click(lambda _: self.forward())
        backward.on_click(lambda _: self.backward())
        return controls.row(self._play, forward, backward)

    def _place_sliders(self) -> None:
        """Each input's slider beside its switch, the others where they belong."""
        old = (*self._inputs.children, *self._h_place.children)
        self._switches = {name: self._switch(name) for name in self.program.inputs}
        for name in self._switches:
            self._sliders[name].layout.flex = "1 1 200px"
        self._inputs.children = tuple(
            controls.row(self._sliders[name], switch) for name, switch in self._switches.items()
        )
        self._slider_row.children = (self._sliders["step"],)
        self._h_place.children = (self._sliders["h"],) if "h" in self._sliders else ()
        for widget in old:
            controls.close(widget)

    def _switch(self, name: str) -> ipw.ToggleButtons:
        made = ipw.ToggleButtons(
            options=ROLES,
            value=self.roles[name],
            tooltips=[
                f"{name} as a {role}" for role in ("constant", "watched constant", "variable")
            ],
            style={"button_width": "68px"},
            layout=ipw.Layout(width="auto"),
        )
        made.add_class("gw-roles")
        made.observe(
            lambda change: self._choose("roles", {**self.roles, name: change["new"]}), "value"
        )
        return made

    def _source_boxes(self) -> None:
        """A box for every name that a derivative can be taken with respect to."""
        names = tuple(n for n in (*self.program.inputs, *self.program.names) if n != self.target)
        if [box.description for box in self._source_row.children[1:]] != list(names):
            old = self._source_row.children
            boxes = [self._source_box(name) for name in names]
            self._source_row.children = (ipw.Label("with respect to"), *boxes)
            for widget in old:
                controls.close(widget)
        for box in self._source_row.children[1:]:
            box.value = box.description in self.sources

    def _source_box(self, name: str) -> ipw.Checkbox:
        box = ipw.Checkbox(
            description=name, indent=False, layout=ipw.Layout(width="auto", margin="0 10px 0 2px")
        )

        def chosen(change: Mapping[str, Any]) -> None:
            kept = tuple(source for source in self.sources if source != name)
            self._choose("sources", (*kept, name) if change["new"] else kept)

        box.observe(chosen, "value")
        return box

    def _follow_state(self) -> None:
        super()._follow_state()
        program = self.program
        _offer(self._target, (*program.inputs, *program.names), self.target)
        _offer(self._inner, (ONE_TAPE, *program.inputs), self.inner or ONE_TAPE)
        comparable = self._comparable(self.sources)
        _offer(self._compared_by, ("–", *comparable), self.compare or "–")
        self._source_boxes()
        for name, switch in self._switches.items():
            switch.value = self.roles[name]
        self._persistent.value, self._own.value = self.persistent, self.own
        self._own.description = f"∂{self.lesson.asked}/∂{self.compare} ="
        self._compared.layout.display = "" if self.compare else "none"
        step, last = int(self._control("step")), int(self._picture_end())
        if (self._play.max, self._play.value) != (last, step):
            self._play.max, self._play.value = last, step

    # ── what the reader does ─────────────────────────────────────────────────────────────────────

    def forward(self) -> None:
        """One step of the forward pass; after its end it begins anew."""
        done = self._drawing().forward_steps
        step = int(self._control("step"))
        self._set_controls({"step": step + 1 if step < done else 1})

    def backward(self) -> None:
        """One step of the backward pass; before its begin and after its end it begins."""
        drawing = self._drawing()
        done, last = drawing.forward_steps, drawing.end
        step = int(self._control("step"))
        self._set_controls({"step": step + 1 if done <= step < last else done + 1})

    def ask(self) -> None:
        """Call `gradient` once more on the same tape."""
        self._calls += 1
        self._tell_answer()

    def _tell_answer(self) -> None:
        """The program as code, the calls, and what the tape answers to each."""
        lesson = self.lesson
        found = answers(lesson, self.values, max(self._calls, 1))
        self._told.value = _code(lesson, self.values) + _calls(lesson, found)
        if self.compare:
            self._tell_agreement()

    def _tell_agreement(self) -> None:
        controls.say(self._own_message, "")
        try:
            found = self.agreement
        except FormulaError as error:
            controls.say(self._own_message, controls.complaint(error, self.own))
            found = agreement(self.lesson, self.values, self.compare, self.h)
        self._table.value = _table(found, self.h)


# ── from a source to a program ───────────────────────────────────────────────────────────────────


def _program(source: Source) -> Assignments:
    """A program of text, of a field or of a callable.

    Raises:
        FormulaError: text that is no program, or one with too many inputs.
    """
    if isinstance(source, ScalarField) and isinstance(source.source, Assignments):
        return source.source
    if isinstance(source, str):
        program = parse_lines(source)
    elif isinstance(source, ScalarField) and source.formula:
        names = source.variables
        program = replace(parse_lines(source.formula.text, names), order=names)
    else:
        made = source if isinstance(source, ScalarField) else ScalarField(source)
        shown = f"{made.text}({', '.join(made.variables)})"
        step = Formula(shown, made.variables, 1, ast.Name(made.text), made.function)
        program = Assignments(f"f = {shown}", (("f", step),), fixed=False, order=made.variables)
    if len(program.inputs) > MOST_INPUTS:
        raise FormulaError(f"The program has {len(program.inputs)} inputs: at most {MOST_INPUTS}.")
    return program


def _own(program: Assignments) -> tuple[str, str]:
    """How the callable of a program is written, and a line that must go before."""
    ((_, step),) = program.lines
    return written(getattr(step.function, "source", step.function), step.variables)


# ── widgets and texts ────────────────────────────────────────────────────────────────────────────


def _column() -> ipw.Layout:
    return ipw.Layout(flex="1 1 440px", min_width="220px")


def _menu(text: str) -> ipw.Dropdown:
    return ipw.Dropdown(
        description=text,
        style=controls.ROOM,
        layout=ipw.Layout(width="max-content", max_width="100%"),
    )


def _offer(menu: ipw.Dropdown, options: tuple[str, ...], value: str) -> None:
    if menu.options != options:
        menu.options = options
    menu.value = value


def _code(lesson: Lesson, values: Mapping[str, float]) -> str:
    """The program in its tapes, as Python would have it."""
    lines = []
    if not lesson.program.fixed:
        spelled, before = _own(lesson.program)
        own = ast.unparse(lesson.program.lines[0][1].tree)
        lines = [before] if before else [f"{own} = {spelled}"] * (spelled != own)
    for name, number in values.items():
        made = "Variable" if lesson.roles[name] == "variable" else "constant"
        lines.append(f'{name} = gw.{made}({_number(number)}, name="{name}")')
    watched = [name for name, role in lesson.roles.items() if role == "watched"]
    steps = [f"{name} = {_step(name, formula)}" for name, formula in lesson.program.lines]
    block = [*_watch("tape", watched), *steps]
    if lesson.inner:
        inner = f"{lesson.asked} = tape.gradient({lesson.target}, {lesson.inner})"
        block = [
            *_watch("outer", watched),
            "with gw.GradientTape() as tape:",
            *_indented(block),
            inner,
        ]
    name, persistent = _asked_tape(lesson), "persistent=True" if lesson.persistent else ""
    lines += [f"with gw.GradientTape({persistent}) as {name}:", *_indented(block)]
    return f"<pre>{html.escape(chr(10).join(lines))}</pre>"


def _step(name: str, formula: Formula) -> str:
    """A line's formula; a number alone becomes a value, which a tape can be asked for."""
    if formula.variables:
        return lone_name(formula) or formula.text.replace("^", "**")
    return f'gw.constant({float(formula.function())!r}, name="{name}")'


def _watch(tape: str, names: list[str]) -> list[str]:
    return [f"{tape}.watch([{', '.join(names)}])"] if names else []


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _asked_tape(lesson: Lesson) -> str:
    return "outer" if lesson.inner else "tape"


def _calls(lesson: Lesson, found: tuple[Answer, ...]) -> str:
    """Every call with its answer; of many the last ones."""
    single = len(lesson.sources) == 1
    by = lesson.sources[0] if single else f"[{', '.join(lesson.sources)}]"
    call = html.escape(f"{_asked_tape(lesson)}.gradient({lesson.asked}, {by})")
    hidden = len(found) - MOST_SHOWN
    more = f"<p class='gw-why'>{hidden} earlier calls</p>" if hidden > 0 else ""
    return more + "".join(_call(call, answer, lesson.sources) for answer in found[-MOST_SHOWN:])


def _call(call: str, answer: Answer, sources: tuple[str, ...]) -> str:
    if answer.error:
        result = f"<code class='gw-error' role='alert'>{html.escape(answer.error)}</code>"
    else:
        numbers = [str(None) if part is None else _number(part) for part in answer.found]
        shown = numbers[0] if len(sources) == 1 else f"[{', '.join(numbers)}]"
        result = f"<code class='gw-result' role='status'>{html.escape(shown)}</code>"
    reasons = "".join(
        f"<p class='gw-why'>{html.escape(name)} gets None: {html.escape(reason)}.</p>"
        for name, reason in zip(sources, answer.reasons, strict=False)
        if reason
    )
    return f"<div class='gw-call'><code>{call}</code> → {result}</div>{reasons}"


def _number(value: float) -> str:
    """A float as Python writes it, without digits that only rounding made, nor the sign of 0."""
    return repr(float(f"{value:.10g}") + 0.0)


def _table(found: Agreement, h: float) -> str:
    """Four ways to one derivative, and how far each is from autograd's."""
    ways = (
        ("the tape", found.tape),
        ("autograd", found.autograd),
        (f"central difference, h = {three_digits(h)}", found.central),
        ("your formula", found.own),
    )
    rows = [
        f"<tr><td>{name}</td><td>{value!r}</td><td>{three_digits(value - found.autograd)}</td></tr>"
        for name, value in ways
        if value is not None
    ]
    none = f"<p class='gw-why'>The tape gives None: {html.escape(found.reason)}.</p>"
    head = "<tr><th></th><th>derivative</th><th>minus autograd's</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>{'' if found.tape is not None else none}"
