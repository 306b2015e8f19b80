"""The life of every explorer: state → picture → canvas, messages, files, and the end."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as ipw
import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example, catalog
from gradwidgets.calculus.field import Domain, Interval, Point, ScalarField, named_domain
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.wording import plain
from gradwidgets.calculus.written import written
from gradwidgets.explorers import controls, options
from gradwidgets.explorers.source import Source, alive, field_of, roomy, usual_start
from gradwidgets.explorers.work import Work
from gradwidgets.pictures.scene import Picture, Scene
from gradwidgets.rendering import page, paint
from gradwidgets.rendering.animate import animate
from gradwidgets.rendering.canvas import Canvas, is_number, usable_gesture, usable_press

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OWN = "your own"


# Cells and the page's messages may run on different threads; linked explorers call each other.
_one_at_a_time = threading.RLock()


def in_turn(method: Callable[..., None]) -> Callable[..., None]:
    """A method that waits until no other thread changes an explorer."""

    @wraps(method)
    def waiting(*args: Any) -> None:
        with _one_at_a_time:
            method(*args)

    return waiting


class Explorer(ipw.VBox, metaclass=options.Explained):  # type: ignore[misc]
    """What all explorers share. A subclass tells its options, its picture and its variables.

    Options are traits: tagged `picture` where a change asks for another picture, and `control`
    where the trait is one of the picture's controls.
    Their `help` says what they mean; so do signature and docstring of the class.
    """

    field = traitlets.Any(help="the function that is shown; it takes what the explorer takes")
    point: Any = traitlets.TraitType((), help="one number for each variable, set all at once")

    arguments: ClassVar[Mapping[str, str]] = {
        "source": "a formula as text, an example of `gw.catalog` or its name, a callable written "
        "with autograd.numpy, or a `ScalarField`; without it, an example that suits.",
        "point": "where to start: one number for each variable, in the order of a callable's "
        "parameters or of a formula's names by the alphabet, or a mapping from names to numbers; "
        "by default where an example shows its point, or else at two thirds of every interval.",
        "domain": 'for some or all variables the interval to show, as in {"x": (-3, 3)}, with '
        "one variable also the interval alone; by default an example's own, or else −3 to 3, or as "
        "much more as `point` needs.",
    }
    examples: ClassVar[Mapping[str, Any]] = catalog
    preset: ClassVar[str] = "bowl"
    least_variables: ClassVar[int] = 1
    typed: ClassVar[str] = "x**2 + 10*y**2"  # what an empty text box suggests
    strict: ClassVar[bool] = False  # whether errors from the page are raised after they were shown

    def __init__(
        self,
        source: Source | None = None,
        *,
        point: Point | None = None,
        domain: Domain | Interval | None = None,
        **wanted: Any,
    ) -> None:
        self._refuse_unknown(wanted)
        wanted = {
            n: value for n, value in wanted.items() if value is not None or not self._suited(n)
        }
        self._holding, self._stale = True, set[str]()
        self._good: dict[str, Any] = {}
        self._offered: ScalarField | None = None
        self._tick = 0.0
        self._settled = ipw.CallbackDispatcher()
        self._sliders: dict[str, ipw.Widget] = {}
        self._linked: dict[str, ipw.Widget] = {}
        super().__init__()
        self.layout.width = "100%"
        self.add_class("gw-explorer")
        field, start = self._opening_field(source, point, domain)
        self.field = field
        self.point = start
        for name, value in wanted.items():
            setattr(self, name, value)
        self._complete({"field", "point", *wanted})
        self._opening = self._state()
        self._picture = self._new_picture()
        scene = self._picture.scene(self._values())
        self._canvas = Canvas(self._picture, scene)
        self._build()
        self._accept()
        self._stale.clear()
        self._holding = False
        self.observe(self._changed, list(self._state()))
        self._canvas.observe(self._gestured, "gesture")

    # ── what a subclass tells ────────────────────────────────────────────────────────────────────

    def _make_picture(self) -> Picture:
        raise NotImplementedError

    def _suits(self, example: Example) -> bool:
        """Whether an example of the catalogue belongs into the menu."""
        return True

    def _options(self) -> list[ipw.Widget]:
        """Widgets for the explorer's own options."""
        return []

    def _tools(self) -> list[ipw.Widget]:
        """Widgets that stand directly below the picture."""
        return []

    def _pages(self) -> dict[str, ipw.Widget]:
        """Further pages beside “Display and domain”, by title."""
        return {}

    def _complete(self, changed: set[str]) -> None:
        """Options that depend on the field or on each other, after these have changed."""

    def _text(self, field: ScalarField) -> str:
        """What the text box shows of a field: what the reader typed, or would type."""
        return field.formula.text if field.formula else ""

    def _text_box(self) -> ipw.Text | ipw.Textarea:
        """Where the reader types."""
        return ipw.Text(
            value=self._text(self.field),
            continuous_update=False,
            placeholder=f"type a formula, for example {self.typed}",
            style=controls.ROOM,
            layout=ipw.Layout(flex="3 1 260px", min_width="220px"),
        )

    def _head(self) -> None:
        """Bring what stands before the text box to the field."""
        self._formula.description = f"f({', '.join(self.field.variables)}) ="

    def _open_example(self, example: Any) -> None:
        """Show an example of the menu."""
        self.field, self.point = example, example.start

    def _frames(self) -> list[Scene]:
        """The scenes of an animation."""
        raise ValueError(f"{type(self).__name__} has nothing that moves; save a .png or .html")

    # ── state ────────────────────────────────────────────────────────────────────────────────────

    @property
    def domain(self) -> dict[str, tuple[float, float]]:
        """The interval that is shown for each variable; assign to change some or all."""
        return dict(self.field.domain)

    @domain.setter
    def domain(self, domain: Domain | Interval) -> None:
        self.field = self.field.with_domain(domain)

    @property
    def settled(self) -> ipw.CallbackDispatcher:
        """Calls whoever is registered after every change, with the explorer."""
        return self._settled

    @property
    def scene(self) -> Scene:
        """What is shown now, as data."""
        return self._canvas.scene

    @classmethod
    @cache
    def _option_names(cls) -> tuple[str, ...]:
        return tuple(options.option_traits(cls))

    @classmethod
    def _suited(cls, name: str) -> bool:
        """Whether an option follows the function where nothing, or None, is said."""
        return bool(options.option_traits(cls)[name].metadata.get("suits"))

    @classmethod
    def _refuse_unknown(cls, wanted: Mapping[str, Any]) -> None:
        for name in wanted:
            if name not in cls._option_names():
                raise TypeError(options.refusal(cls, name))

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what exists: an option that does not is refused, with the near name."""
        if name[0] != "_" and not hasattr(type(self), name):
            raise AttributeError(options.refusal(type(self), name))
        super().__setattr__(name, value)

    def _state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("field", "point", *self._option_names())}

    def _values(self) -> tuple[float, ...]:
        """The controls' values, in the picture's order."""
        place = dict(zip(self.field.variables, self.point, strict=True))
        names = (control.name for control in self._picture.controls)
        return tuple(float(place[n] if n in place else self._control(n)) for n in names)

    def _control(self, name: str) -> float:
        """A control's value, by default that of the trait of its name."""
        return float(getattr(self, name))

    @traitlets.validate("field")
    def _valid_field(self, proposal: Mapping[str, Any]) -> ScalarField:
        current = dict(self.field.domain) if self.field is not None else {}
        source = proposal["value"]
        field = self._as_field(source, tuple(current), {})
        typed = isinstance(source, str) and not field.start
        same_picture = typed and field.variables == tuple(current)
        return field.with_domain(current) if same_picture else field

    @traitlets.validate("point")
    def _valid_point(self, proposal: Mapping[str, Any]) -> tuple[float, ...]:
        """A point with one finite number for each variable, moved into the domain."""
        if self.field is None:
            return ()
        try:
            numbers = self.field.coordinates(proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None
        if not np.isfinite(numbers).all():
            raise traitlets.TraitError("a point has finite coordinates")
        intervals = self.field.domain.values()
        return tuple(
            min(max(float(number), low), high)
            for number, (low, high) in zip(numbers, intervals, strict=True)
        )

    # ── from a source to a field, and where to start ─────────────────────────────────────────────

    def _opening_field(
        self, source: Source | None, point: Point | None, domain: Domain | Interval | None
    ) -> tuple[ScalarField, tuple[float, ...]]:
        if source is None:
            source = self.examples[self.preset]
        if domain is not None and not isinstance(domain, Mapping):
            domain = named_domain(self._as_field(source, (), {}).variables, domain)
        field = self._as_field(source, tuple(domain or ()), domain or {})
        field.check()
        return (field, usual_start(field)) if point is None else roomy(field, point, domain or {})

    def _as_field(self, source: Source, wanted: tuple[str, ...], domain: Domain) -> ScalarField:
        """A field of a source, over the wanted variables wherever they suffice."""
        field = field_of(source, wanted, self.least_variables)
        return field.with_domain(domain) if domain else field

    def _fit_point(self) -> None:
        """After a change of the field: the same point if it makes sense there."""
        before: ScalarField | None = self._good.get("field")
        same = before is not None and before.variables == self.field.variables
        if not same or len(self.point) != len(self.field.variables) or self._example_chosen():
            self.point = usual_start(self.field)
            return
        self.point = self.point  # moves it into the domain
        if self._another_source() and not alive(self.field, self.point):
            self.point = usual_start(self.field)

    def _another_source(self) -> bool:
        before = self._good.get("field")
        return before is None or before.source is not self.field.source

    def _example_chosen(self) -> bool:
        """Whether the field has just become that of an example."""
        return bool(self.field.start) and self._another_source()

    # ── state → picture → canvas ─────────────────────────────────────────────────────────────────

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Several changes, one recomputation; all of them or none."""
        with _one_at_a_time:
            self._holding = True
            try:
                yield
            except BaseException:
                self._restore()
                raise
            finally:
                self._holding = False
            self._settle()

    @contextmanager
    def _guard(self, tell: Callable[[Exception], None]) -> Iterator[None]:
        """Around whatever the page asks for: an error is told to the reader, not to a log."""
        try:
            yield
        except Exception as error:
            tell(error)
            if self.strict and not isinstance(error, ValueError):
                raise

    @in_turn
    def _changed(self, change: Mapping[str, Any]) -> None:
        self._stale.add(change["name"])
        if not self._holding:
            self._settle()

    def _settle(self) -> None:
        """Bring the canvas to the state, or the state back to what the canvas shows."""
        stale, self._stale = self._stale, set()
        if not stale:
            return
        self._holding = True
        try:
            self._show(stale)
            self._accept()
        except BaseException:
            self._restore()
            raise
        finally:
            self._stale.clear()
            self._holding = False
        self.settled(self)

    def _show(self, stale: set[str]) -> None:
        if "field" in stale:
            self._change_field("point" in stale)
        self._complete(stale)
        if self._needs_picture(stale):
            self._picture = self._new_picture()
            self._canvas.show(self._picture, self._picture.scene(self._values()))
        else:
            values = self._values()
            scene = self._picture.scene(values, self._picture.left_by(self.scene))
            with self._canvas.hold_sync():  # before the sliders follow: this is what is looked at
                self._canvas.move(scene)
                self._canvas.answered = self._tick

    def _change_field(self, with_point: bool) -> None:
        self.field.check()
        if not with_point:
            self._fit_point()
        if self._good["field"].source is not self.field.source:
            self._opening = self._state()

    def _needs_picture(self, stale: set[str]) -> bool:
        structural = {"field", *(n for n in stale if self.trait_metadata(n, "picture"))}
        return bool(stale & structural)

    def _new_picture(self) -> Picture:
        picture = self._make_picture()
        home = dict(zip(self.field.variables, self._opening["point"], strict=True))
        home |= {c.name: self._at_opening(c.name) for c in picture.controls if c.name not in home}
        return replace(
            picture,
            controls=tuple(replace(c, start=float(home[c.name])) for c in picture.controls),
        )

    def _restore(self) -> None:
        """After a failure: the last good state, which the canvas still shows."""
        for name, value in self._good.items():
            setattr(self, name, value)
        self._opening = self._good_opening
        self._picture = self._canvas.picture
        self._follow()
        self._stale.clear()

    def _accept(self) -> None:
        if self._good.get("field") is not self.field:
            self._offered = None
            self._formula.value = self._text(self.field)
            controls.say(self._message, "")
        self._good, self._good_opening = self._state(), self._opening
        self._canvas.note = ""
        self._follow()

    # ── controls ─────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._formula = self._text_box()
        suiting = [(e.title, key) for key, e in self.examples.items() if self._suits(e)]
        self._menu = ipw.Dropdown(
            options=[(OWN, ""), *suiting],
            description="Example",
            style=controls.ROOM,
            layout=ipw.Layout(flex="1 1 180px", min_width="160px", max_width="320px"),
        )
        self._reset = ipw.Button(description="Reset", icon="undo", layout=ipw.Layout(width="90px"))
        self._message = controls.message()
        self._work = Work(self._tell_below)
        self._domain = controls.DomainBoxes(self._domain_changed)
        self._slider_row = controls.row()
        display, pages = ipw.VBox([*self._options(), self._domain.box]), self._pages()
        self._more = ipw.Accordion(
            children=[display, *pages.values()], titles=("Display and domain", *pages)
        )
        self._formula.observe(self._typed, "value")
        self._menu.observe(self._chosen, "value")
        self._reset.on_click(self._reset_pressed)
        self.children = self._arrange()

    def _arrange(self) -> tuple[ipw.Widget, ...]:
        """What stands where, from top to bottom."""
        head = controls.row(self._formula, self._menu, self._reset)
        below = (*self._tools(), self._slider_row, self._work.box, self._more)
        return (head, self._message, self._canvas, *below)

    def _follow(self) -> None:
        """Bring every control widget to the state."""
        holding, self._holding = self._holding, True
        self._follow_state()
        self._holding = holding

    def _follow_state(self) -> None:
        named = dict(zip((c.name for c in self._picture.controls), self._values(), strict=True))
        if list(named) != list(self._sliders):
            self._replace_sliders()
        for control in self._picture.controls:
            controls.follow(self._sliders[control.name], control, named[control.name])
        for old in self._domain.show(self.field):
            controls.close(old)
        self._head()
        self._menu.value = self._example_shown()
        for name, widget in self._linked.items():
            if widget.value != getattr(self, name):  # even to set it to what it is takes time
                widget.value = getattr(self, name)

    def _example_shown(self) -> str:
        """The key of the example that is shown, or "" for something else."""
        keys = [key for _, key in self._menu.options if key]
        return next((key for key in keys if self.examples[key].text == self.field.text), "")

    def _replace_sliders(self) -> None:
        old = self._slider_row.children
        self._sliders = {
            control.name: controls.slider(control, self._moved)
            for control in self._picture.controls
        }
        self._place_sliders()
        for widget in old:
            controls.close(widget)

    def _place_sliders(self) -> None:
        """Put new sliders where they belong."""
        self._slider_row.children = tuple(self._sliders.values())

    def _moved(self, name: str, value: float) -> None:
        if np.isfinite(value):
            self._set_controls({name: value})
        elif not self._holding:
            self._follow()

    def _gestured(self, change: Mapping[str, Any]) -> None:
        gesture, picture = change["new"], self._picture
        self._tick = _tick(gesture)
        pressed = usable_press(gesture, picture, self._canvas.scene)
        self._set_controls({**usable_gesture(gesture, picture), **pressed})
        self._canvas.answered = self._tick  # where nothing moved; else it went with the numbers

    @in_turn
    def _set_controls(self, values: Mapping[str, float]) -> None:
        """New values for some controls, all at once."""
        if self._holding:
            return
        place = dict(zip(self.field.variables, self.point, strict=True))
        with self._guard(self._tell_below), self._together():
            if values.keys() & place.keys():  # else a cell may be moving it at this very moment
                self.point = tuple(
                    plain(values[name]) if name in values else number
                    for name, number in place.items()
                )
            for name in values.keys() - place.keys():
                self._set_control(name, plain(values[name]))

    def _set_control(self, name: str, value: float) -> None:
        """A control's new value goes to the trait of its name."""
        setattr(self, name, value)

    def _at_opening(self, name: str) -> float:
        """A control's value when the explorer was opened."""
        return float(self._opening[name])

    @in_turn
    def _typed(self, change: Mapping[str, Any]) -> None:
        if self._holding:
            return
        controls.say(self._message, "")
        if change["new"] != self._text(self.field):
            with self._guard(self._tell_at_formula):
                self.field = change["new"]

    @in_turn
    def _chosen(self, change: Mapping[str, Any]) -> None:
        if self._holding or not change["new"]:
            return
        with self._guard(self._tell_at_formula), self._together():
            self._open_example(self.examples[change["new"]])
            self._stale.add("point")  # the same numbers may have been another function's

    def _choose(self, name: str, value: Any) -> None:
        """An option as the reader set it in its widget; what is refused does not stay there."""
        if not self._holding:
            with self._guard(self._tell_below):
                setattr(self, name, value)
            self._follow()

    def _link(self, **widgets: ipw.Widget) -> None:
        """Options and their widgets stay in step; what an option refuses is told."""
        for name, widget in widgets.items():
            widget.value = getattr(self, name)
            widget.observe(lambda change, name=name: self._choose(name, change["new"]), "value")
        self._linked |= widgets

    @in_turn
    def _domain_changed(self, domain: Domain) -> None:
        if not self._holding:
            with self._guard(self._domain.tell):
                self.domain = domain

    @in_turn
    def _reset_pressed(self, _button: ipw.Button) -> None:
        controls.say(self._message, "")
        self._formula.value = self._text(self._opening["field"])
        with self._guard(self._tell_below), self._together():
            for name, value in self._opening.items():
                setattr(self, name, value)

    def _tell_at_formula(self, error: Exception) -> None:
        controls.say(self._message, controls.complaint(error, self._formula.value))

    def _tell_below(self, error: Exception) -> None:
        self._canvas.note = str(error) if isinstance(error, ValueError) else controls.named(error)

    @in_turn
    def take(self, field: ScalarField, point: tuple[float, ...]) -> None:
        """Show another explorer's field and point, as far as this picture can."""
        if field is not self._offered:
            with self._guard(self._tell_at_formula), self._together():
                self.field = field
                if self.field.variables == field.variables:
                    self.point = point
            self._offered = field
        elif self.field.source == field.source and self.field.variables == field.variables:
            self.point = point

    # ── what a user calls ────────────────────────────────────────────────────────────────────────

    def figure(self) -> Figure:
        """The picture as it stands, as a matplotlib Figure."""
        return paint.figure(self.scene)

    def save(self, path: str | Path) -> None:
        """Write the picture to a file: .png, .svg, .pdf, or .html for a page that needs no kernel.

        Where something moves, as the steps of a descent, also .gif, and .mp4 with ffmpeg: a bar
        below the picture shows how far it is. Interrupted, it leaves no file.

        Raises:
            ValueError: another ending.
        """
        path = Path(path)
        ending = path.suffix.lower()
        if ending == ".html":
            path.write_text(page.html(self.scene, self.field.text, self.code()), "utf-8")
        elif ending in (".gif", ".mp4"):
            frames = self._frames()
            name = f"Writing {path.name} (to end it, interrupt the kernel)"
            self._work.run(name, lambda told: animate(frames, path, told=told))
        elif ending in (".png", ".svg", ".pdf"):
            self.figure().savefig(path, dpi=200)
        else:
            raise ValueError(
                f"save to .png, .svg, .pdf or .html, a film to .gif: not to {path.name!r}"
            )

    def _written(self) -> tuple[str, str]:
        """What stands for the source in a line of Python, and a line that must go before."""
        field = self.field
        return (repr(field.text), "") if field.formula else written(field.source, field.variables)

    def _source_code(self) -> str:
        """The arguments that make the field again."""
        field = self.field
        usual = None
        with suppress(FormulaError):  # a name that is one only because it was given
            usual = ScalarField(field.formula.text) if field.formula else None
        if usual is None or usual.variables != field.variables:
            source, _ = self._written()
            made = f"domain={_plain(field.domain)!r}, variables={field.variables!r}"
            return f"gw.ScalarField({source}, {made})"
        text = repr(field.text)
        return text if usual.domain == field.domain else f"{text}, domain={_plain(field.domain)!r}"

    def code(self) -> str:
        """One line of Python that makes this view again.

        A lambda stands in it as it was written, a def by its name. What has neither must be
        written anew: a line before says so.
        """
        usual = {name: self.trait_defaults(name) for name in self._option_names()}
        changed = [
            f"{name}={_plain(getattr(self, name))!r}"
            for name in sorted(usual)
            if getattr(self, name) != usual[name]
        ]
        parts = [self._source_code(), f"point={_plain(self.point)!r}"]
        line = f"gw.{type(self).__name__}({', '.join([*parts, *changed])})"
        return "\n".join(filter(None, [self._written()[1], line]))

    def close(self) -> None:
        """End the explorer and every widget that belongs to it."""
        if getattr(self, "_closing", False):
            return
        self._closing = True
        if hasattr(self, "_work"):  # not where a refused argument ended the making
            self._work.cancel()
        self.unobserve_all()
        for part in controls.descendants(self):
            if part is not self:
                ipw.Widget.close(part)
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and beside it a picture for readers without a kernel."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        bundle["image/png"] = base64.b64encode(paint.png(self.scene)).decode()
        return bundle


def _plain(value: Any) -> Any:
    """A value with its numbers as a reader would write them."""
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def _tick(gesture: Any) -> float:
    tick = gesture.get("tick") if isinstance(gesture, Mapping) else None
    return float(tick) if tick is not None and is_number(tick) else 0.0
