"""The curvature explorer: the Hessian at a point, the model that it makes, and Newton's step."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.nested import Entry, Nested, by_tapes, nested
from gradwidgets.calculus.newton import Critical, critical_points
from gradwidgets.calculus.values import constant
from gradwidgets.calculus.wording import three_digits
from gradwidgets.calculus.written import written
from gradwidgets.explorers import form
from gradwidgets.explorers.axes import CutExplorer
from gradwidgets.explorers.life import in_turn
from gradwidgets.explorers.predict import Predicting
from gradwidgets.explorers.soon import Soon
from gradwidgets.explorers.source import Formulas, Source
from gradwidgets.pictures.curvature import (
    MOST_VARIABLES,
    PARTS,
    USUAL,
    curvature_picture,
    usual_rate,
)
from gradwidgets.pictures.hessian import second_name
from gradwidgets.pictures.local import distances, rates
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.surface import with_surface

TAPES = "Second order by tapes"
STEPS = {"newton": "Newton step", "gradient": "gradient step"}
WITHOUT = {4.0: "H is singular", 5.0: "H is 0", 7.0: "H is singular"}  # by the case of its note


class CurvatureExplorer(Predicting, CutExplorer):
    """The second order at a point: H, its eigenvectors, the local model, Newton's step.

    >>> explorer = CurvatureExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> print(explorer.scene.captions[0].partition(": f bends")[0])
    At (1.00, 2.00): f = 41.0. H is positive definite (λ = 2.00, 20.0)
    >>> explorer.step("newton")
    >>> explorer.point
    (0.0, 0.0)
    >>> explorer.close()
    """

    angle = traitlets.Float(
        30.0,
        min=0.0,
        max=360.0,
        help="the direction of u in degrees, from the first axis of the map towards the second",
    ).tag(control=True)
    h = traitlets.Float(
        0.6,
        help="a distance from the point, in the unit of the axes: of Taylor's errors, and the "
        "radius of the circle under ∇f; by default a fifth of what the map allows",
    ).tag(control=True, suits=True)
    rate = traitlets.Float(
        0.1,
        help="the learning rate α of the gradient step; by default one that suits f at the point",
    ).tag(control=True, suits=True)
    exact = traitlets.Bool(False, help="whether α is instead the best one for the model").tag(
        picture=True
    )
    show: Any = traitlets.Tuple(USUAL, help="the names of the parts that are shown").tag(
        picture=True
    )

    preset: ClassVar[str] = "himmelblau"
    takes: ClassVar[Formulas] = Formulas(least=2)
    asks: ClassVar[tuple[str, ...]] = ("kind",)
    actions: ClassVar[Mapping[str, str]] = {
        **CutExplorer.actions,
        "newton": "_press",
        "gradient": "_press",
    }

    def __init__(self, source: Source | None = None, **wanted: Any) -> None:
        self._tell_soon = Soon(self._tell_tapes)
        super().__init__(source, **wanted)

    @traitlets.validate("angle", "rate", "h")
    def _finite(self, proposal: Mapping[str, Any]) -> float:
        name, value = proposal["trait"].name, float(proposal["value"])
        positive = name != "angle"
        if not np.isfinite(value) or (positive and value <= 0):
            raise traitlets.TraitError(f"{name} is a finite{' positive' * positive} number")
        return value

    @traitlets.validate("show")
    def _valid_show(self, proposal: Mapping[str, Any]) -> tuple[str, ...]:
        wanted = set(proposal["value"])
        if unknown := wanted - set(PARTS):
            raise traitlets.TraitError(f"show takes some of {tuple(PARTS)}, not {sorted(unknown)}")
        return tuple(name for name in PARTS if name in wanted)

    def step(self, name: str) -> None:
        """Take a step, "newton" or "gradient": the point moves to where its arrow ends.

        Raises:
            ValueError: there is no such step, or it leads out of the domain.
        """
        self._check_first()
        self.point = tuple(self._destination(name).values())

    # ── state → picture ──────────────────────────────────────────────────────────────────────────

    def _complete(self, changed: set[str]) -> None:
        """α and h that suit another function, within what can be chosen."""
        super()._complete(changed)
        if not changed & {"field", "axes", "h", "rate"}:
            return
        another = self._another_source()
        least, most = distances(self.field, self._map_axes() or self.field.variables[:2])
        if another and "rate" not in changed:
            self.rate = usual_rate(self.field, self.point)
        if another and "h" not in changed:
            self.h = float(f"{most / 5:.2g}")
        self.h = min(max(self.h, least), most)
        slowest, fastest = rates(self.field)
        self.rate = min(max(self.rate, slowest), fastest)

    def _make_picture(self) -> Picture:
        return with_surface(self._picture_with(self.show), self._seen(), second=True)

    def _picture_with(self, show: tuple[str, ...]) -> Picture:
        return curvature_picture(
            self.field,
            self.critical_points if "critical points" in show else (),
            axes=self._map_axes(),
            at=dict(zip(self.field.variables, self.point, strict=True)),
            show=show,
            exact=self.exact,
            levels=self.levels,
        )

    @property
    def critical_points(self) -> tuple[Critical, ...]:
        """The critical points that Newton's method finds in the domain, with what they are."""
        self._check_first()
        return _critical_points(self.field, self.field.state)

    def _suits(self, example: Example) -> bool:
        return 2 <= len(example.variables) <= MOST_VARIABLES

    # ── steps ────────────────────────────────────────────────────────────────────────────────────

    def _destination(self, name: str) -> dict[str, float]:
        """Where a step leads, as the picture has it."""
        scene, title = self.scene, STEPS[name]
        if "steps" not in self.show:
            picture = self._picture_with(("steps",))
            scene = picture.scene(self._values(picture))
        variables = self.field.variables
        case, *numbers = scene[f"{name} note"][4:].tolist()
        there = dict(zip(variables, numbers[-len(variables) :], strict=True))
        if not np.isfinite(list(there.values())).all():
            raise ValueError(f"There is no {title}: {WITHOUT.get(case, 'f is not smooth here')}.")
        place = ", ".join(map(three_digits, there.values()))
        intervals = self.field.domain
        if not all(intervals[v][0] <= number <= intervals[v][1] for v, number in there.items()):
            raise ValueError(f"The {title} leads to ({place}), outside of the window.")
        if not np.isfinite(self.field.value(there)):
            raise ValueError(f"The {title} leads to ({place}), where f is undefined.")
        return there

    def _press(self, asked: Mapping[str, Any]) -> None:
        self.step(asked["do"])

    # ── the form ─────────────────────────────────────────────────────────────────────────────────

    def _tools(self) -> list[form.Row]:
        point = self._sliders(*self.field.variables, "angle")
        if "steps" not in self.show:
            return [point]
        steps = [form.button(name, title) for name, title in STEPS.items()]
        return [point, steps]

    def _options(self) -> list[form.Row]:
        exact = [form.option(self, "exact", "α exact for the model")]
        rows = [
            [form.some(self, "show", PARTS)],
            self._sliders("h", "rate"),
            exact if "steps" in self.show else [],
            *self._axes_menus(),
            *super()._options(),
        ]
        return [row for row in rows if row]

    def _pages(self) -> list[dict[str, Any]]:
        return [form.page(TAPES, [[{"kind": "html", "part": "tapes"}]], lazy=True)]

    def _tell_page(self, title: str) -> None:
        self._tell_soon()

    def _parts_alone(self) -> dict[str, str]:
        """The page with the tapes tells of the point where it was made."""
        if self.predict:
            return super()._parts_alone()
        place = ", ".join(map(three_digits, self.point))
        told = f"<p>At ({place}), where this page was made:</p>"
        return {"tapes": told + tapes_page(self.field, self.point)}

    @in_turn
    def _tell_tapes(self) -> None:
        """The page with the tapes, while it is open."""
        if TAPES in self._open:
            self._parts = {"tapes": tapes_page(self.field, self.point)}


@lru_cache(maxsize=8)
def _critical_points(field: ScalarField, state: Any) -> tuple[Critical, ...]:
    """Found once, as long as what a callable reads beside its arguments stays the same."""
    return critical_points(field)


# ── second order by tapes, as HTML ───────────────────────────────────────────────────────────────

_CELL = "style='padding: 1px 14px 1px 2px; text-align: left; white-space: nowrap'"


def tapes_page(field: ScalarField, point: tuple[float, ...]) -> str:
    """The Hessian by nested tapes beside the traced one, the code for it, and y = x·w + b."""
    try:
        found = by_tapes(field, point)
    except Exception as error:
        return f"<p>The tapes can't follow f here: {html.escape(form.named(error))}</p>"
    return (
        f"<p>The inner tape takes ∇f, the outer one differentiates it.</p>"
        f"{_table(_derivatives(field, point, found))}"
        f"<pre>{html.escape(tapes_code(field, point))}</pre>"
        f"<p>None is not 0: there is no path. For y = x·w + b at w = 1, x = 2, b = 0.5:</p>"
        f"{_table(_line_derivatives())}"
    )


def tapes_code(field: ScalarField, point: tuple[float, ...]) -> str:
    """The lines of Python that the page's numbers come from."""
    names, source, before = ", ".join(field.variables), repr(field.text), ""
    if not isinstance(field.source, str):
        source, before = written(field.source, field.variables)
    made = ", ".join(
        f'gw.constant({x!r}, "{v}")' for x, v in zip(point, field.variables, strict=True)
    )
    partials = ", ".join(f"f_{name}" for name in field.variables)
    first, last = field.variables[0], field.variables[-1]
    before += "\n" if before else ""
    return f"""{before}field = gw.ScalarField({source}, variables={field.variables!r})
{names} = {made}
with gw.GradientTape(persistent=True) as outer:
    outer.watch([{names}])
    with gw.GradientTape() as inner:
        inner.watch([{names}])
        f = field.function({names})
    {partials} = inner.gradient(f, [{names}])
outer.gradient(f_{first}, {last})  # ∂²f/∂{first}∂{last}"""


Row = tuple[str, float | None, Entry]


def _derivatives(field: ScalarField, point: tuple[float, ...], found: Nested) -> list[Row]:
    gradient, hessian = field.gradient(point), field.hessian(point)
    names = field.variables
    firsts = [
        (f"∂f/∂{name}", float(gradient[i]), found.gradient[i]) for i, name in enumerate(names)
    ]
    seconds = [
        (second_name(one, other), float(hessian[i, j]), found.hessian[i][j])
        for i, one in enumerate(names)
        for j, other in enumerate(names)
    ]
    return [*firsts, *seconds]


def _line_derivatives() -> list[Row]:
    """First and second derivatives of y = x·w + b, that have no path to w."""
    values = [constant(1.0, "w"), constant(2.0, "x"), constant(0.5, "b")]
    found = nested(lambda w, x, b: x * w + b, values, "y")
    return [
        ("∂y/∂w = x", None, found.gradient[0]),
        ("∂y/∂b", None, found.gradient[2]),
        ("∂²y/∂w²", None, found.hessian[0][0]),
        ("∂²y/∂w∂x", None, found.hessian[0][1]),
    ]


def _table(rows: list[Row]) -> str:
    """Derivatives, traced where that is given, by tapes, and why there is none."""
    traced = any(row[1] is not None for row in rows)
    head = ["", *(["traced"] if traced else []), "by tapes", ""]
    lines = [
        [name, *([repr(number)] if traced else []), repr(entry.value), html.escape(entry.why)]
        for name, number, entry in rows
    ]
    cells = ("".join(f"<td {_CELL}>{cell}</td>" for cell in line) for line in lines)
    kinds = [(cell, "th" if cell else "td") for cell in head]  # no header without a word
    top = "".join(f"<{kind} {_CELL}>{cell}</{kind}>" for cell, kind in kinds)
    body = "".join(f"<tr>{line}</tr>" for line in cells)
    return f"<div style='overflow-x: auto'><table><tr>{top}</tr>{body}</table></div>"
