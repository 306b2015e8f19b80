"""The explorer in the fog: a landscape that is seen only where one has stepped."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.calculus.written import spelled
from gradwidgets.explorers import form
from gradwidgets.explorers.files import HEIGHT
from gradwidgets.explorers.handed import FIXED, Handed, Task
from gradwidgets.explorers.source import Formulas, Place, Source, plainly
from gradwidgets.pictures.fog import AFTER, MOST, PLAIN, Lifted, fog_picture, walk_names
from gradwidgets.pictures.picture import Picture
from gradwidgets.rendering import page

TEXT = "Come as low as you can. You see f and ∇f only where you step, and pay for every step."
TITLE = "In the fog"
SEAL = "fog:"
LANDSCAPES = ("himmelblau", "peaks", "six-hump camel", "three-hump camel", "booth")
WAY = len(walk_names())


class _Fog:
    """What stands for the function in a menu."""

    title = TITLE


class Hidden(Formulas):
    """Functions of which nothing is told."""

    examples: Mapping[str, Any] = {"fog": _Fog()}

    def text(self, field: ScalarField) -> str:
        """Nothing."""
        return ""

    def box(self, field: ScalarField) -> dict[str, Any]:
        """No line to type in, and so no head of the form."""
        return {"label": "", "placeholder": "", "lines": 0, "why": FIXED}

    def shown(self, field: ScalarField) -> str:
        """The same for all."""
        return "fog"


HIDDEN, KNOWN = Hidden(least=2), Formulas(least=2)


class FogExplorer(Handed):
    """A hidden landscape: f and ∇f where one has stepped, and the map when the fog is lifted.

    >>> explorer = FogExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.step(1, 1.5)
    >>> explorer.places.tolist(), explorer.task.tries
    ([[1.0, 2.0], [1.0, 1.5]], 1)
    >>> explorer.close()
    """

    walked = traitlets.Tuple(
        help=f"the way: how many steps, at most {MOST}, then x and y of every place, the start "
        "first"
    ).tag(control=True, most=WAY)
    lifted = traitlets.Bool(
        False, help="whether the fog is gone, and the map is seen with a method's path"
    ).tag(picture=True)
    actions: ClassVar[Mapping[str, str]] = {**Handed.actions, "step": "_step"}
    seed = traitlets.Int(-1, help="the seed by which the function was drawn, −1 if it was not").tag(
        page=True
    )

    @property
    def takes(self) -> Formulas:  # type: ignore[override]
        """Of which functions, and what is told of them."""
        return KNOWN if self.lifted else HIDDEN

    @traitlets.validate("walked")
    def _valid_walked(self, proposal: Mapping[str, Any]) -> tuple[float, ...]:
        """A way of whole steps; places that are still to come are the start."""
        try:
            numbers = tuple(map(float, proposal["value"]))
        except (TypeError, ValueError):
            numbers = (np.nan,)
        if not numbers:
            return ()
        steps, start = numbers[0], numbers[1:3]
        known = 1 + 2 * (steps + 1) <= len(numbers) <= WAY
        if not np.isfinite(numbers).all() or not 0 <= steps == int(steps) <= MOST or not known:
            raise traitlets.TraitError(f"a way has up to {MOST} steps, and two numbers to a place")
        way = numbers[: 3 + 2 * int(steps)]
        return (*way, *(start * MOST)[: WAY - len(way)])

    # ── the way ──────────────────────────────────────────────────────────────────────────────────

    @property
    def places(self) -> Array:
        """The places where she has stepped, the start first, shape (steps + 1, 2)."""
        count = int(self.walked[0]) + 1
        return np.reshape(self.walked[1 : 1 + 2 * count], (count, 2))

    def step(self, *place: float) -> None:
        """Step to a place, as the button does from where the handle stands."""
        with self._life.together():
            self.point = place or self.point
            count, way = int(self.walked[0]), self.walked[1:]
            if count < MOST:
                self.walked = (count + 1, *way[: 2 * count + 2], *self.point)

    def _step(self, _: Any) -> None:
        self.step()

    @property
    def task(self) -> Task:
        """The task as it stands: it is done when the fog is lifted."""
        return Task(TEXT, self.lifted, int(self.walked[0]), self.scene.captions[0])

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _complete(self, changed: set[str]) -> None:
        """Another function, or none so far: the way begins where the point is."""
        super()._complete(changed)
        if not self.walked or ("walked" not in changed and self._another_source()):
            self.walked = (0.0, *self.point)
        if "seed" not in changed and self._another_source():
            self.seed = -1

    def _at(self, name: str) -> dict[str, Any]:
        names = walk_names()
        if name in names:
            return {"trait": "walked", "key": names.index(name)}
        return super()._at(name)

    def _make_picture(self) -> Picture:
        return fog_picture(self.field, self._lifted() if self.lifted else None)

    def _lifted(self) -> Lifted:
        values = self.field.on_grid().values
        least = np.min(values, where=np.isfinite(values), initial=np.inf)
        return Lifted(usual_rate(self.field, self.walked[1:3], PLAIN), float(least))

    def _tell_settled(self) -> None:
        super()._tell_settled()
        self.formula = self.takes.text(self.field)

    def _typed(self, change: Mapping[str, Any]) -> None:
        """Nobody types another function."""
        self.formula = self.takes.text(self.field)

    # ── form ─────────────────────────────────────────────────────────────────────────────────────

    def _suits(self, example: Any) -> bool:
        return False

    def _form_parts(self) -> dict[str, Any]:
        text = self.takes.box(self.field) | {"why": FIXED}
        menu = {"label": "", "value": "", "options": []}
        step = form.keep("walked", AFTER, "step", "Step there")
        lift = form.option(self, "lifted", "lift the fog")
        again = form.button("reset", "Reset", quiet=True, help="back to where it began")
        side = [[{"kind": "label", "text": TEXT}], *([] if self.lifted else [[step, lift, again]])]
        return {**super()._form_parts(), "text": text, "menu": menu, "side": side, "above": True}

    # ── what leaves the notebook ─────────────────────────────────────────────────────────────────

    def code(self) -> str:
        """One line of Python that makes this task again, as it stands; it does not tell f."""
        way = self.walked[: 3 + 2 * int(self.walked[0])]
        parts = [f"point={plainly(self.point)!r}", f"walked={plainly(way)!r}"]
        parts += ["lifted=True"] if self.lifted else []
        if self.seed >= 0:
            if self.field.domain != landscape(self.seed)[0].domain:
                parts.append(f"domain={plainly(self.field.domain)!r}")
            return f"gw.task('fog', {', '.join([f'seed={self.seed}', *parts])})"
        source, before = _sealed_source(self.field)
        line = f"gw.task('fog', {', '.join([source, *parts])})"
        return f"{before}\n{line}" if before else line

    def _addressed(self) -> dict[str, float]:
        ahead = walk_names()[3 + 2 * int(self.walked[0]) :]
        told = super()._addressed()
        return {name: value for name, value in told.items() if name not in ahead}

    def to_iframe(
        self, *, functions: Sequence[Source] = (), nonce: str = "", height: int = HEIGHT
    ) -> str:
        """The same as a frame, so many pixels high, for pages that take nothing else."""
        return page.framed(self._page(functions, nonce), TITLE, height)

    def _page(self, functions: Sequence[Source] = (), nonce: str = "") -> str:
        return page.whole([self._fragment(functions, script=False)], TITLE, nonce=nonce)


def sealed(field: ScalarField) -> str:
    """A formula with its domain in a form that is not read by eye.

    >>> opened(sealed(ScalarField("x*y", {"x": (0, 2)}))).domain
    {'x': (0.0, 2.0), 'y': (-3.0, 3.0)}
    """
    told = json.dumps([field.text, field.domain]).encode()
    return SEAL + base64.urlsafe_b64encode(zlib.compress(told, 9)).decode()


def opened(source: Any) -> Any:
    """What was sealed as a field; any other source as it is.

    Raises:
        ValueError: a text that is cut, or was changed.
    """
    if not (isinstance(source, str) and source.startswith(SEAL)):
        return source
    try:
        text, domain = json.loads(zlib.decompress(base64.urlsafe_b64decode(source[len(SEAL) :])))
    except (ValueError, zlib.error) as error:
        raise ValueError("this line of the fog is not whole: copy all of it") from error
    ends = {name: (float(low), float(high)) for name, (low, high) in domain.items()}
    return ScalarField(text, ends, tuple(ends))


def _sealed_source(field: ScalarField) -> tuple[str, str]:
    """The function in a line of code, and a line to go before, neither of which tells it."""
    if field.formula is not None:
        return repr(sealed(field)), ""
    name = "" if isinstance(field.source, str) else spelled(field.source) or ""
    if name.isidentifier():
        return name, ""
    return "f", f"f = ...  # the hidden function of {', '.join(field.variables)}"


def landscape(seed: int) -> tuple[ScalarField, Place]:
    """A function, and where to start in it: the same for all who have the seed."""
    rng = np.random.default_rng([seed, *SEAL.encode()])
    field = catalog[LANDSCAPES[rng.integers(len(LANDSCAPES))]].field
    shares = rng.uniform(0.08, 0.92, 2)
    ends = field.domain.values()
    raw = (low + share * (high - low) for share, (low, high) in zip(shares, ends, strict=True))
    return field, tuple(float(f"{number:.2g}") for number in raw)
