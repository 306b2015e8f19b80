"""An explorer's state: function, point and options in traits, and the picture that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import ipywidgets as ipw
import numpy as np
import traitlets

from gradwidgets.calculus.domain import named_domain
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import at_one_moment
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.types import Array, Domain, Interval, Point
from gradwidgets.explorers import options
from gradwidgets.explorers.copies import copying
from gradwidgets.explorers.kept import kept
from gradwidgets.explorers.life import Life, garbage_waits, in_turn
from gradwidgets.explorers.source import Formulas, Source, within
from gradwidgets.explorers.start import roomy, usual_start
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering.stage import Stage


class State(Stage, metaclass=options.Explained):
    """What an explorer shows, settled as a whole: field, point, options, and their picture.

    Options are traits: tagged `picture` where a change asks for another picture, `control` where
    the trait is one of the picture's controls, and `page` where it is neither. All are known to the
    browser. Their `help` says what they mean; so do signature and docstring of the class.
    """

    field = traitlets.Any(help="the function that is shown; it takes what the explorer takes")
    point: Any = traitlets.TraitType((), help="one number for each variable, set all at once").tag(
        sync=True
    )

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
    leading: ClassVar[tuple[str, ...]] = ("source",)  # arguments that need no name
    named: ClassVar[tuple[str, ...]] = ("point", "domain")
    takes: ClassVar[Formulas] = Formulas()
    preset: ClassVar[str] = "bowl"
    _waiting: tuple[tuple[float, ...], ...] = ((), ())  # where the point was wanted, and stands
    _names: tuple[str, ...] = ()  # variables that stay while formulas are typed: not a formula's
    alike: ClassVar[bool] = True  # in one state all explorers of the class have one picture

    def __init__(
        self,
        source: Source | None,
        point: Point | None,
        domain: Domain | Interval | None,
        wanted: Mapping[str, Any],
    ) -> None:
        self._refuse_unknown(wanted)
        given = {
            n: value for n, value in wanted.items() if value is not None or not self._suited(n)
        }
        self._life = Life(self._remembered, self._put_back, self._settle, self._tell_settled)
        self._settled = ipw.CallbackDispatcher()
        self._scene: Scene | None = None
        self._last_scene: Scene | None = None
        super().__init__()
        self.field, self.point = self._opening_field(source, point, domain)
        for name, value in given.items():
            setattr(self, name, value)
        with at_one_moment():
            self._complete({"field", "point", *given})
            self._opening = self._state()
            self._renew()
        self._life.accept()
        self.observe(lambda change: self._life.changed(change["name"]), list(self._state()))

    # ── what a subclass tells ────────────────────────────────────────────────────────────────────

    def _make_picture(self) -> Picture:
        raise NotImplementedError

    def _again(self, field: ScalarField, options: Mapping[str, Any]) -> State:
        """Another explorer of this field, with these options and all else as it is here."""
        return type(self)(field, point=self.point, **options)

    def _frame(self) -> Any:
        """What a picture is made for beside its options: with another frame it is another one."""
        return ()

    def _complete(self, changed: set[str]) -> None:
        """Options that depend on the field or on each other, after these have changed."""

    def _at(self, name: str) -> dict[str, Any]:
        """Where the value of a control lives: see `form`."""
        names = self.field.variables
        return {"trait": "point", "key": names.index(name)} if name in names else {"trait": name}

    def _home(self) -> Mapping[str, Any]:
        """The state to which the controls' Home leads."""
        return self._opening

    # ── state ────────────────────────────────────────────────────────────────────────────────────

    @property
    def domain(self) -> dict[str, tuple[float, float]]:
        """The interval that is shown for each variable; assign to change some or all."""
        return dict(self.field.domain)

    @domain.setter
    @in_turn
    def domain(self, domain: Domain | Interval) -> None:
        self.field = self.field.with_domain(domain)

    @property
    def settled(self) -> ipw.CallbackDispatcher:
        """Calls whoever is registered after every change, with the explorer."""
        return self._settled

    @property
    def scene(self) -> Scene:
        """What is shown now, as data; computed when it is asked for."""
        scene = self._scene  # another thread may take it away meanwhile
        if scene is None:
            scene = self._scene = self._last_scene = self._next_scene()
        return scene

    def _next_scene(self) -> Scene:
        """The scene at the state; of a callable that is broken by now as the browser has it."""
        try:
            return self._computed()
        except Exception:
            if self._replays is not None:
                return self._computed(self._replays)
            assert self._last_scene is not None  # for Python alone moves such a picture
            return self._last_scene

    def _computed(self, program: Program | None = None) -> Scene:
        before, picture = self._last_scene, self._shown
        kept = {} if before is None else picture.left_by(before)
        return picture.scene(self._values(picture), kept, program, self._arrays())

    def _arrays(self) -> Mapping[str, Array] | None:
        """The data that are shown, where these are other ones than the picture was made with."""
        return None

    @classmethod
    @cache
    def _option_names(cls) -> tuple[str, ...]:
        return tuple(options.option_traits(cls))

    @classmethod
    @cache
    def _structural(cls) -> tuple[str, ...]:
        """The options with which the picture is another one."""
        traits = options.option_traits(cls)
        return tuple(name for name, trait in traits.items() if trait.metadata.get("picture"))

    @classmethod
    @cache
    def _private(cls) -> set[str]:
        """The options that no browser may set."""
        return {n for n, t in options.option_traits(cls).items() if t.metadata.get("private")}

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
        if name[0] == "_":
            super().__setattr__(name, value)
        else:
            self._set_in_turn(name, value)

    @in_turn
    def _set_in_turn(self, name: str, value: Any) -> None:
        """Set a trait while no other thread makes the picture that shows it."""
        super().__setattr__(name, value)

    def _state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("field", "point", *self._option_names())}

    def _remembered(self) -> dict[str, Any]:
        kept = {name: getattr(self, name) for name in ("_opening", "_waiting", "_names")}
        return {**self._state(), **kept}

    def _put_back(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def _values(self, picture: Picture) -> tuple[float, ...]:
        """The controls' values, in the picture's order."""
        state = self._state()
        return tuple(self._read(state, control) for control in picture.controls)

    def _ranged(self, control: Control) -> Control:
        """A control with the range that its slider has at present."""
        return control

    def _read(self, state: Mapping[str, Any], control: Control) -> float:
        """A control's value in a state; the trait's `end` means the end of its range."""
        at = self._at(control.name)
        found = state[at["trait"]]
        value = float(found[at["key"]] if "key" in at else found)
        if "end" not in at:
            return value
        return control.high if value == at["end"] else min(value, control.high)

    @traitlets.validate("field")
    def _valid_field(self, proposal: Mapping[str, Any]) -> ScalarField:
        source, before = proposal["value"], self.field
        field = self.takes.field(source, before, {}, self._names)
        typed = isinstance(source, str) and not field.start
        if not typed and (before is None or field.source is not before.source):
            self._names = field.variables
        return field

    @traitlets.validate("point")
    def _valid_point(self, proposal: Mapping[str, Any]) -> tuple[float, ...]:
        """A point with one finite number for each variable, moved into the domain."""
        if self.field is None:
            return ()
        try:
            numbers = self.field.coordinates(proposal["value"])
        except (TypeError, ValueError) as error:
            plain = f"a point has a number for each of: {', '.join(self.field.variables)}"
            own = str(error) if str(error).startswith("a point") else plain
            raise traitlets.TraitError(own) from None
        if not np.isfinite(numbers).all():
            raise traitlets.TraitError("a point has finite coordinates")
        return self._let_wait(tuple(numbers))

    def _let_wait(self, wanted: tuple[float, ...]) -> tuple[float, ...]:
        """Where a point stands; what is outside of the domain waits at its edge."""
        place = within(self.field, wanted)
        if place != wanted or place != self._waiting[1]:
            self._waiting = wanted, place
        if place == self.point != wanted:  # no trait changes, and yet it is news
            self._life.changed("point")
        return place

    @property
    def _wanted_place(self) -> tuple[float, ...]:
        """Where the point was wanted: it may wait at the domain's edge."""
        wanted, place = self._waiting
        return wanted if place == self.point else self.point

    def _place_now(self, before: ScalarField) -> tuple[float, ...]:
        """Where the point belongs in the field, after this one: another domain moves it nowhere."""
        same = before.source is self.field.source and before.variables == self.field.variables
        return self._wanted_place if same else self.takes.point(self.field, before, self.point)

    def _opening_field(
        self, source: Source | None, point: Point | None, domain: Domain | Interval | None
    ) -> tuple[ScalarField, tuple[float, ...]]:
        if source is None:
            source = self.takes.examples[self.preset]
        if domain is not None and not isinstance(domain, Mapping):
            domain = named_domain(self.takes.field(source, None, {}).variables, domain)
        field = self.takes.field(source, None, domain or {})
        field.check()
        return (field, usual_start(field)) if point is None else roomy(field, point, domain or {})

    def _another_source(self) -> bool:
        """Whether the function is another one than that of the last good state."""
        before = self._life.good.get("field")
        return before is None or before.source is not self.field.source

    def _example_chosen(self) -> bool:
        """Whether the field has just become that of an example."""
        return bool(self.field.start) and self._another_source()

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _settle(self, stale: set[str]) -> None:
        """Bring the picture to the state; where that fails, the scene stays what it was."""
        before = self._scene
        try:
            with at_one_moment():
                self._bring(stale)
        except BaseException:
            self._scene = before
            raise

    def _bring(self, stale: set[str]) -> None:
        with self.hold_sync():
            if "field" in stale:
                self.field.check()
                if "point" not in stale:
                    self.point = self._place_now(self._life.good["field"])
            self._complete(stale)
            if "field" in stale and self._another_source():
                self._opening = self._opened_anew()
            self._scene = None
            if self._structure() != self._structured:
                self._renew()
            elif not self._program:
                self._scene = self._last_scene = self._computed()
                self._move(self._scene)

    def _opened_anew(self) -> dict[str, Any]:
        """Another function opens with what has come with it; all else stays as it was opened."""
        good, opening = self._life.good, self._opening
        return {
            name: value if name in ("field", "point") or value != good[name] else opening[name]
            for name, value in self._state().items()
        }

    def _structure(self) -> tuple[Any, ...]:
        """Whatever the picture was made for; the one place where that is compared."""
        field = self.field
        reads = field.state if field.watch else None
        chosen = (getattr(self, name) for name in self._structural())
        return (field, reads, *chosen, self._frame())

    def _renew(self) -> None:
        """Another picture, and all that belongs to it."""
        known = copying.get()
        with garbage_waits():
            picture = known.pop() if known else self._picture_now()
            places = [self._at(control.name) for control in picture.controls]
            scene = self._present(picture, self._values(picture), places, self.field.variables)
        self._shown, self._scene, self._last_scene = picture, scene, scene
        self._structured = self._structure()

    def _picture_now(self) -> Picture:
        """The picture of the state; of formulas it is made once."""
        if not (self.field.formula and self.alike):
            return self._at_home()
        state = self._structure(), self.point, *self._home().values()
        picture: Picture = kept((type(self), *state), self._at_home)
        return picture

    def _at_home(self) -> Picture:
        """The picture of the state, with its controls at home."""
        made, home = self._make_picture(), self._home()
        starts = tuple(replace(c, start=self._read(home, c)) for c in made.controls)
        return replace(made, controls=starts)

    def _tell_settled(self) -> None:
        """After every change that has been taken."""
        self.settled(self)
