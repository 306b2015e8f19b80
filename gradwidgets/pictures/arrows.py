"""The gradient at the point as the sum of its components: arrows and labels that are seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.grid import Grid
from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tangent import is_torn
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.types import Array
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.marks import Label, Mark
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.placing import Named, Obstacle, Sheet, half_size, place_labels
from gradwidgets.pictures.window import sides

# Of the map's width:
USUAL = 0.4  # the arrow at a steep point, if it were drawn at the map's own scale
LONGEST = 0.4  # how long it is drawn there
LEAST = 0.2  # but on the floor of a valley, where slopes differ by powers of ten
POWER = 0.29  # of a slope's share of the steep: a tenth is drawn half as long
NAMED = 0.035  # a component that comes out from under the point
CLEAR = 0.045  # one that is seen well
UNIT = 0.16  # how long the unit vector u is drawn
# Pixels:
DOT = 8.0  # half of the point
BESIDE = 26.0  # how far an arrow may stick out of the map
WIDE = {"by x": 6.0, "by y": 6.0, "gradient": 7.0, "u": 4.5}  # half of an arrow's head
ROUNDING = 1e-12  # of the usual slope: a smaller one is none
UNREADABLE = 1e-6  # a scale below it is no 1/n that a reader would count


class Lengths(NamedTuple):
    """How long an arrow is drawn, in the panel's units: as a power of its length, up to the steep.

    So a steeper slope has a longer arrow, and a gentle one, and its components, can be seen, too.
    """

    steep: Any  # the length of a steep slope
    longest: Any  # how long it is drawn
    least: Any = 0.0  # and nowhere shorter than this


class Still(NamedTuple):
    """What stands still while the point moves."""

    width: Any  # the shorter side of the map
    dust: float  # a length of the gradient that rounding makes where there is none
    drawn: Lengths
    sheet: Sheet
    halves: Mapping[str, tuple[float, float]]  # half of what the map's labels measure at most
    equal: bool  # whether both axes have one scale


def lengths_at(field: ScalarField, x: Any, y: Any) -> Any:
    """The gradient's length at every place with one of these x and one of these y; in a row."""
    shape = np.ones((len(x), len(y)))
    places = (anp.ravel(x[:, None] * shape), anp.ravel(y * shape))
    f, (fx, fy) = value_and_partials(field.function, places)
    return anp.where(anp.isfinite(f), anp.hypot(fx, fy), np.nan)


def lengths_on(width: Any, scale: Any, valley: Any = 0.0) -> Lengths:
    """How the arrows at the point are drawn on a map whose shorter side is so wide.

    `scale` would make most gradients there at most `USUAL` of it long. `valley` is 1 where even
    levels would leave half of the map empty.
    """
    return Lengths(USUAL * width / scale, LONGEST * width, LEAST * width * valley)


@np.errstate(all="ignore")
def sums_seen(grid: Grid) -> Array:
    """Where on a grid over a map of two variables the gradient is seen as the sum of both partials.

    Both come out from under the point, and the arrow stays in the map.

    >>> axes = np.array([-3, 1, 1.5, 3]), np.array([-3, 0.5, 3])
    >>> grid = ScalarField("x**2 + 10*y**2").on_grid(*axes, order=1)
    >>> sums_seen(grid).astype(int).tolist()
    [[0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0]]
    """
    assert grid.gradient is not None
    lengths = np.hypot(*grid.gradient)
    ends = [(axis[0], axis[-1]) for axis in grid.axes]
    width = min(high - low for low, high in ends)
    sloping = (lengths > 0) & np.isfinite(lengths)
    with np.errstate(all="ignore"):
        usual = terrain.arrow_scale(lengths, USUAL * width)
        scale, _, _ = scale_of(lengths_on(width, usual), lengths, sloping)
        drawn = scale * grid.gradient
    tips = drawn + np.meshgrid(*grid.axes, indexing="ij")
    (left, right), (bottom, top) = ends
    inside = (left <= tips[0]) & (tips[0] <= right) & (bottom <= tips[1]) & (tips[1] <= top)
    out = np.abs(drawn).min(axis=0) > CLEAR * width
    return np.asarray(sloping & inside & out & np.isfinite(grid.values))


def scale_of(drawn: Lengths, length: Any, sloping: Any, room: Any = np.inf) -> tuple[Any, Any, Any]:
    """An arrow's scale, which text tells it, and its number there.

    It is one that a reader can calculate with: 1/n, or so many hundredths. `room` is the greatest
    for which the map has room.
    """
    length = anp.where(sloping, length, drawn.steep)
    wanted = drawn.longest * anp.minimum(length / drawn.steep, 1.0) ** POWER
    wanted = anp.maximum(wanted, drawn.least) / length
    short = wanted > room
    wanted = anp.where(short, room, wanted)
    parts, hundredths = anp.ceil(1.0 / wanted - 1e-9), anp.floor(100.0 * wanted + 0.5) / 100.0
    small, tiny = wanted < 0.1, wanted < UNREADABLE
    told = anp.where(tiny, wanted, anp.where(small, parts, hundredths))
    case = anp.where(tiny, 3.0, anp.where(small, 1.0, 2.0)) + anp.where(short, 3.0, 0.0)
    scale = anp.where(tiny, wanted, anp.where(small, 1.0 / parts, hundredths))
    return scale, anp.where(sloping, case, 0.0), told


def room_for(
    sheet: Sheet, foot: tuple[Any, Any], way: tuple[Any, Any], wide: float = BESIDE
) -> Any:
    """How many times a way from a foot fits into a map with a strip so many pixels wide around it.

    >>> square = Sheet(np.zeros(2), np.full(2, 26.0), np.full(2, 260.0))  # ten units wide
    >>> float(room_for(square, (6.0, 5.0), (1.0, -0.5))), float(room_for(square, (6.0, 0), (0, 0)))
    (5.0, inf)
    """
    low, high, strip = sheet.corner, sheet.corner + sheet.size / sheet.scale, wide / sheet.scale
    rooms = []
    for axis, (x, step) in enumerate(zip(foot, way, strict=True)):
        beyond, before = high[axis] + strip[axis], low[axis] - strip[axis]
        gap = anp.where(step > 0, beyond - x, x - before)
        rooms.append(anp.where(step == 0, np.inf, gap / anp.where(step == 0, 1.0, anp.abs(step))))
    return anp.minimum(*rooms)


def scale_texts(whose: str = "their") -> tuple[str, ...]:
    """How the scales of `scale_of` are told, by its cases: the first is that of no arrow."""
    return (
        "",
        f"1/{{.0}} of {whose} length",
        f"{{.2}} times {whose} length",
        f"{{g}} of {whose} length",
    )


def scale_notes(equal: bool, hidden: bool = False) -> tuple[str, ...]:
    """The line below the picture that tells how long its arrows are drawn, "" where it has none."""
    skewed = "" if equal else " The axes have different scales: right angles look skewed."
    none, *scales = scale_texts()
    drawn = [f"The arrows at the point are drawn at {told}" for told in scales]
    steeper = "where f is steeper they are longer, though not in proportion"
    notes = (
        *(f"{told}; {steeper}." for told in drawn),
        *(f"{told}, shortened because the edge of the map is near." for told in drawn),
    )
    return tuple("" if hidden else f"{note}{skewed}".strip() for note in (none, *notes))


def halves_of(marks: Sequence[Mark], steepest: float) -> dict[str, tuple[float, float]]:
    """Half of what the map's labels measure, where no slope is longer than the steepest."""
    return {
        mark.name: half_size(mark, -steepest)
        for mark in marks
        if isinstance(mark, Label) and mark.panel == "map"
    }


def dust_of(field: ScalarField, steepest: float) -> float:
    """What is none of a gradient's length, on a domain where none is longer than the steepest."""
    width = min(sides(field.domain.values()))
    return ROUNDING * min(steepest, field.height / width) if steepest else 0.0


class Local(NamedTuple):
    """The field around the point: f, its partials, the gradient's length and direction.

    `fx` and `fy` are what can be told of the slopes, `answers` are autograd's.
    """

    x: Any
    y: Any
    f: Any
    fx: Any
    fy: Any
    answers: Sequence[Any]
    torn: Any  # whether f has partials but no tangent plane, and so no gradient
    length: Any
    sloping: Any  # whether there is a gradient with a direction
    nx: Any  # its unit vector, NaN where there is none
    ny: Any
    sides: Sequence[Slope]


def local(field: ScalarField, dust: float, x: Any, y: Any) -> Local:
    """What a field is around a point; a gradient of no more than `dust` has no direction."""
    f, answers = value_and_partials(field.function, (x, y))
    defined = anp.isfinite(f)  # autograd may have an answer even where there is no f
    answers = [anp.where(defined, answer, np.nan) for answer in answers]
    sides = field.slopes((x, y), answers)
    fx, fy = map(corner.told, sides)
    widths = [high - low for low, high in field.domain.values()]
    torn = is_torn(field.function, (x, y), f, (fx, fy), widths, field.height)
    length = anp.where(torn, np.nan, norm(fx, fy))
    sloping = anp.logical_and(anp.isfinite(length), length > dust)
    over = anp.where(sloping, length, np.nan)
    return Local(x, y, f, fx, fy, answers, torn, length, sloping, fx / over, fy / over, sides)


def arrows_at_point(view: Still, at: Local, angle: Any) -> Numbers:
    """The gradient as the sum of its components, and a number beside each long enough to name."""
    foot, turn = (at.x, at.y), angle * (np.pi / 180)
    room = room_for(view.sheet, foot, (at.fx, at.fy))
    scale, case, told = scale_of(view.drawn, at.length, at.sloping, room)
    width = view.width
    dx, dy = scale * at.fx, scale * at.fy
    ux, uy = anp.cos(turn), anp.sin(turn)
    unit = anp.minimum(UNIT * width, room_for(view.sheet, foot, (ux, uy)))
    ends = {
        "by x": (at.x + dx, at.y),
        "by y": (at.x, at.y + dy),
        "gradient": (at.x + dx, at.y + dy),
        "u": (at.x + unit * ux, at.y + unit * uy),
    }
    shown = {
        "by x": anp.abs(dx) > NAMED * width,
        "by y": anp.abs(dy) > NAMED * width,
        "gradient": at.sloping,
        "u": anp.isfinite(angle),
    }
    values = {"by x": at.fx, "by y": at.fy, "gradient": at.length, "u": 0.0}
    stands = _stands(view, foot, ends, shown, (dx, dy), turn)
    return {
        "point": row(*foot),
        "rectangle": points(ends["by x"], ends["gradient"], ends["by y"]),
        **{name: row(*foot, *end) for name, end in ends.items()},
        **{f"{name} label": beside(*stands[name], value) for name, value in values.items()},
        "scale note": caption(case, told),
    }


def _stands(
    view: Still,
    foot: tuple[Any, Any],
    ends: Mapping[str, tuple[Any, Any]],
    shown: Mapping[str, Any],
    tip: tuple[Any, Any],
    turn: Any,
) -> dict[str, tuple[Any, Any, Any]]:
    """Where the arrows' labels stand, away from the other component, and whether they can."""
    away_x, away_y = _against(tip[0]), _against(tip[1])
    toward = {
        "gradient": (-0.4 * away_x, -away_y),
        "by x": (-0.3 * away_x, away_y),
        "by y": (away_x, -0.3 * away_y),
        "u": (anp.cos(turn), anp.sin(turn)),
    }
    named = [
        Named(
            [ends[name], _middle(foot, ends[name])],
            view.halves[f"{name} label"],
            way,
            shown[name],
            name == "u",
        )
        for name, way in toward.items()
    ]
    arrows = [Obstacle(foot, end, WIDE[name]) for name, end in ends.items()]
    return dict(
        zip(
            toward,
            place_labels(view.sheet, foot, named, [*arrows, Obstacle(foot, foot, DOT)]),
            strict=True,
        )
    )


def _middle(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _against(component: Any) -> Any:
    """The side away from a component: −1 where it is positive or zero, 1 where negative."""
    return anp.where(component < 0, 1.0, -1.0)
