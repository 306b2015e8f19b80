"""What every explorer is: one widget with its state, its picture, its form, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Domain, Interval, Point
from gradwidgets.explorers import cells, client, form, joined, still
from gradwidgets.explorers.copies import copying
from gradwidgets.explorers.files import Files
from gradwidgets.explorers.life import garbage_waits, in_turn
from gradwidgets.explorers.source import Source, plainly
from gradwidgets.explorers.work import Work

if TYPE_CHECKING:
    import ipywidgets as ipw

OWN = "your own"
OPTIONS = "Options"


class Explorer(Files, still.Pictured):
    """What all explorers share. A subclass tells its options, its picture and its form."""

    formula = traitlets.Unicode(
        help="what was typed; `field` is the last function that it was good for"
    ).tag(sync=True)
    controls = traitlets.Bool(
        True, help="whether the explorer's own inputs stand around its picture"
    ).tag(page=True)
    size = traitlets.Enum(("usual", "compact"), "usual", help="'compact' for a narrow column").tag(
        page=True
    )

    note = traitlets.Unicode().tag(sync=True)
    _news = traitlets.Unicode(help="a note that is no complaint").tag(sync=True)
    _form = traitlets.Dict().tag(sync=True)
    _message = traitlets.Unicode().tag(sync=True)
    _domain_message = traitlets.Unicode(help="what is wrong in the domain's boxes").tag(sync=True)
    _refused = traitlets.Int(help="how many windows of the page were refused").tag(sync=True)
    _parts = traitlets.Dict().tag(sync=True)
    _work = traitlets.Dict().tag(sync=True)
    _joined = traitlets.List[dict[str, Any]]().tag(sync=True)
    _heard = traitlets.Float().tag(sync=True)
    _tick = traitlets.Float().tag(sync=True)
    _following = traitlets.Bool().tag(sync=True)
    _open = traitlets.List[str]().tag(sync=True)
    _live = traitlets.Bool(help="whether a page has shown it").tag(sync=True)

    actions: ClassVar[Mapping[str, str]] = {  # what the page may ask for → the method that does it
        "reset": "_reset",
        "example": "_open_example",
        "domain": "_take_domain",
        "cancel": "_cancel",
    }
    _told_waiting: Any = Files._waiting  # of which the reader has been told
    _ready = False  # whether all is made, and nothing is closed yet
    _refusal: Exception | None = None  # of a formula, until all have heard of that
    strict: ClassVar[bool] = False  # whether errors from the page are raised after they were shown

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **wanted: Any,
    ) -> None:
        self._offered: ScalarField | None = None
        self._task = Work(self._show_work, self._tell_below)
        with garbage_waits():
            super().__init__(source, point, domain, wanted)
        self.add_class("gw-explorer")
        self._told_field = self.field
        self.formula = self.takes.text(self.field)
        self._listen()
        self._ready = True
        self.open()

    def open(self) -> None:
        """Tell the browser of the widget, once, and when it is complete."""
        if self._ready and copying.get() is None:
            super().open()

    def _listen(self) -> None:
        self.observe(self._typed, "formula")
        self.observe(self._tell_pages, "_open")
        self.on_msg(self._asked_for)
        cells.follow(self)

    # ── what a subclass tells of its form ────────────────────────────────────────────────────────

    def _suits(self, example: Example) -> bool:
        """Whether an example of the catalogue belongs into the menu."""
        return True

    def _tools(self) -> list[form.Row]:
        """Inputs that are always seen, in rows below the picture; other sliders follow them."""
        return []

    def _options(self) -> list[form.Row]:
        """Inputs for the explorer's own options, folded away."""
        return []

    def _sliders(self, *names: str) -> form.Row:
        """Sliders for those of these controls that the picture has."""
        there = {control.name for control in self._shown.controls}
        return [{"kind": "slider", "control": name} for name in names if name in there]

    def _pages(self) -> list[dict[str, Any]]:
        """Further folded parts."""
        return []

    def _modes(self) -> form.Row:
        """Buttons beside Reset, each of which turns all that is shown into something else."""
        return []

    def _form_parts(self) -> dict[str, Any]:
        """What else the form has: see front/form.js."""
        return {}

    def _tell_page(self, title: str) -> None:
        """A lazy page has been opened, or what it tells of has changed while it is open."""

    # ── the form ─────────────────────────────────────────────────────────────────────────────────

    def _renew(self) -> None:
        super()._renew()
        self._form = self._make_form()

    def _make_form(self) -> dict[str, Any]:
        examples = self.takes.examples.items()
        offered = [[key, example.title] for key, example in examples if self._suits(example)]
        shown = self.takes.shown(self.field)
        value = shown if any(key == shown for key, _ in offered) else ""
        intervals = {name: list(ends) for name, ends in self.field.domain.items()}
        display = [*self._options(), [{"kind": "domain", "intervals": intervals}]]
        return {
            "text": self.takes.box(self.field),
            "menu": {"label": "Example", "value": value, "options": [["", OWN], *offered]},
            "modes": self._modes(),
            "rows": self._tools(),
            "side": None,
            "pages": [form.page(OPTIONS, display), *self._pages()],
            "home": {name: list(ends) for name, ends in self._opening["field"].domain.items()},
            **self._form_parts(),
        }

    def _tell_settled(self) -> None:
        with self.hold_sync():
            self.note = self._news = self._waiting_words()
            if "said" in self._work:  # it was about what was shown before
                self._work = {}
            if self._told_field is not self.field:
                self._told_field, self._offered = self.field, None
                self.formula, self._message = self.takes.text(self.field), ""
                self._domain_message = ""
            self._tell_pages()
        still.changed(self)
        super()._tell_settled()

    def _waiting_words(self) -> str:
        """That the point waits at the edge, once, when it has come there."""
        stood, place = self._waiting
        known, self._told_waiting = self._told_waiting is self._waiting, self._waiting
        if known or stood == place or place != self.point:
            return ""
        pairs = zip(self.field.variables, stood, strict=True)
        told = ", ".join(f"{name} = {plainly(value):g}" for name, value in pairs).replace("-", "−")
        return (
            f"The point was at {told}, which is not seen now: it waits at the edge, and returns "
            "when you show that place again."
        )

    def _tell_pages(self, _: Any = None) -> None:
        for title in self._open:
            self._tell_page(title)

    def _show_work(self, work: dict[str, Any]) -> None:
        self._work = work

    # ── what the page asks for ───────────────────────────────────────────────────────────────────

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what a browser has set, as far as it may; all browsers hear what became of it."""
        client.hear(self, sync_data)

    @contextmanager
    def _guard(self, tell: Callable[[Exception], None]) -> Iterator[None]:
        """Around whatever the page asks for: an error is told to the reader, not to a log."""
        try:
            yield
        except Exception as error:
            tell(error)
            if self.strict and not isinstance(error, ValueError | traitlets.TraitError):
                raise

    @in_turn
    def _asked_for(self, _: Any, content: Any, _buffers: Any) -> None:
        do = content.get("do") if isinstance(content, Mapping) else None
        if isinstance(do, str) and do in self.actions:
            with self.hold_sync(), self._guard(self._tell_below):
                getattr(self, self.actions[do])(content)

    @in_turn
    def _typed(self, change: Mapping[str, Any]) -> None:
        """A formula that is refused stays as it was typed; whoever sets it in Python hears why."""
        self._message = ""
        if change["new"] == self.takes.text(self.field):
            return
        try:
            self.field = change["new"]
        except Exception as error:
            self._message, self._refusal = form.complaint(error, change["new"]), error

    def notify_change(self, change: Any) -> None:
        """Tell all observers; then whoever has set a formula that is refused."""
        super().notify_change(change)
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            raise refusal

    def _open_example(self, asked: Mapping[str, Any]) -> None:
        example = self.takes.examples.get(str(asked.get("key")))
        if example is None:
            return
        with self._guard(self._tell_at_formula), self._life.together():
            self.field, self.point = example, example.start
            self._life.changed("point")  # the same numbers may have been another function's

    def _take_domain(self, asked: Mapping[str, Any]) -> None:
        """Show another domain; a point outside waits at its edge, and returns with its place."""
        self.note = self._domain_message = ""
        with self._guard(self._tell_at_domain if asked.get("typed") else self._tell_of_window):
            self.domain = client.intervals(asked.get("values"))

    def _reset(self, _: Any = None) -> None:
        with self._life.together():
            for name, value in self._opening.items():
                setattr(self, name, value)
        self.formula, self._message = self.takes.text(self.field), ""

    def _cancel(self, _: Any) -> None:
        self._task.cancel()

    def _tell_at_formula(self, error: Exception) -> None:
        self._message = form.complaint(error, self.formula)

    def _tell_at_domain(self, error: Exception) -> None:
        self._domain_message = form.complaint(error)

    def _tell_of_window(self, error: Exception) -> None:
        """Where the reader looks, who has zoomed or panned; the page gives that window up."""
        self._refused += 1
        self._tell_below(error)

    def _tell_below(self, error: Exception) -> None:
        known = isinstance(error, ValueError | traitlets.TraitError)
        self.note = str(error) if known else form.named(error)

    @in_turn
    def _take(self, field: ScalarField, point: tuple[float, ...]) -> None:
        """Show another explorer's field and point, as far as this picture can."""
        if field is not self._offered:
            with self._guard(self._tell_at_formula), self._life.together():
                self.field = field
                if self.field.variables == field.variables:
                    self.point = point
                    self._life.changed("point")  # also where it is the same: another field moves it
            self._offered = field
        elif self.field.origin == field.origin and self.field.variables == field.variables:
            with joined.unsaid(self, {"point": list(point)}):
                self.point = point

    @property
    def _shares(self) -> bool:
        """Whether linked explorers show its function and point."""
        return True

    # ── what a user calls ────────────────────────────────────────────────────────────────────────

    def slider(self, name: str) -> ipw.FloatSlider | ipw.FloatLogSlider:
        """An ipywidgets slider for a control or a coordinate, for a layout of your own.

        It and the explorer follow one another, in the browser wherever that can be.

        Raises:
            ValueError: no number of this name can be chosen now.
        """
        return joined.slider(self, name)

    def text(self) -> ipw.Text | ipw.Textarea:
        """An ipywidgets text box for the formula, for a layout of your own."""
        return joined.text(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view alone; a still picture has an output of its own before it."""
        still.announce(self)
        return super()._repr_mimebundle_(**kwargs)

    def close(self) -> None:
        """End the explorer, its layout, and what it listens to."""
        if self._ready:  # not where a refused argument ended the making
            self._task.cancel()
        self._ready = False
        still.forget(self)
        self.unobserve_all()
        if self.trait_has_value("layout"):  # not for the end's sake alone
            self.layout.close()
        super().close()
