"""What became of a descent, and why: one word, and a sentence with the numbers that explain it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from gradwidgets.calculus.critical import eigenvalues, kind, nearby, slope_at
from gradwidgets.calculus.field import Array
from gradwidgets.calculus.rates import stability_bound
from gradwidgets.calculus.wording import fill, three_digits

if TYPE_CHECKING:
    from gradwidgets.calculus.descent import Trajectory

FAR = 1e3  # sizes of the domain: so far away a value that overflows is no edge of a domain
RECENT = 12  # pairs of steps that tell whether a run oscillates
GROWTH = 1.02  # from third to third of a run: f grows
PROGRESS = 0.8  # from third to third of a run: f falls
UNEVEN = (0.3, 0.9)  # of the recent steps raise f
STEEPER = 1e6  # times what f has changed: a slope that promises more on the domain has no bound
UNSEEN = 1e-5  # of the domain's width
BACK = -0.1  # the cosine between two steps of which the second turns back
ALIKE = 0.1  # between the factor that α·λmax predicts and the one that is seen
PLACES, GOLDEN = 8, (5**0.5 - 1) / 2  # multiples of the golden ratio spread evenly
GENTLE = 0.1  # of the slope that is usual on the domain: a flat region is below
LOUD = 10.0  # times the noise: a slope that is louder than it
NEGLIGIBLE = 1e-3  # of what f has changed: a slope that promises less over the whole domain is flat

# The sentence for each reason. <place> stands for the coordinates of a point.
REASONS: Mapping[str, str] = {
    "minimum": "‖∇f‖ fell below {g} at step {.0}: f = {g} at <place>, a minimum.",
    "trough": "‖∇f‖ fell below {g} at step {.0}: f = {g} at <place>, on the floor of a trough.",
    "saddle": (
        "∇f = 0 at <place>, but the Hessian's eigenvalues reach from {g} to {g}: "
        "a saddle, not a minimum."
    ),
    "maximum": "∇f = 0 at <place>: a maximum. Every way leads down, but the gradient shows none.",
    "degenerate": (
        "∇f = 0 at <place>, and along a direction the Hessian is 0, too: flat, nothing tells a way."
    ),
    "singular": (
        "The Hessian is singular at <place>: f is flat to second order along a direction, "
        "and Newton's step is not defined."
    ),
    "plain": "‖∇f‖ is only {g} at <place>, and no minimum is near: a flat region.",
    "unstable": "f rose from {g} to {g} at step {.0}: α·λmax = {g} is over {g}.",
    "uphill": "f rose from {g} to {g} at step {.0}: with the learning rate {g} steps lead uphill.",
    "rose": "f rose from {g} to {g} at step {.0}, and goes on rising: the steps are too long.",
    "climbing": (
        "f rose from {g} to {g} by step {.0}: where the Hessian has a negative eigenvalue "
        "as {g}, Newton's step can lead uphill."
    ),
    "overflow": "At step {.0} the numbers overflowed: f had gone from {g} to {g}.",
    "bottomless": "f falls without bound: from {g} to {g} by step {.0}, far from the picture.",
    "pole": "Step {.0} led to <place>, where f falls to −∞.",
    "cliff": (
        "‖∇f‖ grows without bound near <place>: by step {.0} it went from {g} to {g}, "
        "and f from {g} to {g}."
    ),
    "undefined": "Step {.0} led to <place>, where f is undefined.",
    "edge": "At step {.0} f = {g} at <place>, where ∇f is undefined: no step leads on.",
    "nowhere": "f is undefined at the start <place>.",
    "outside": "At step {.0} the run is at <place>, outside of the domain, and f still falls.",
    "astray": "At step {.0} the run is at <place>, outside of the domain; f went from {g} to {g}.",
    "alternating": (
        "The steps turn back on themselves: α·λmax = {g} is over 1, "
        "so an error changes its sign at every step (factor {g})."
    ),
    "turning": "{.0} of the last {.0} steps turned back on the step before.",
    "restless": (
        "f goes up and down and gets no lower: it rose in {.0} of the last {.0} steps, and is {g}."
    ),
    "noisy": "The noise keeps the run from settling: ‖∇f‖ is {g} at step {.0}.",
    "falling": "f fell from {g} to {g} by step {.0}, and ‖∇f‖ is still {g}.",
    "wandering": "f went from {g} to {g} by step {.0}, and ‖∇f‖ from {g} to {g}.",
    "still": "The run stayed at the start: f = {g} and ‖∇f‖ = {g} there.",
}

WORDS: Mapping[str, str] = {
    "minimum": "converged",
    "trough": "converged",
    "saddle": "at a saddle",
    **dict.fromkeys(("maximum", "degenerate", "singular", "plain"), "flat"),
    **dict.fromkeys(("unstable", "uphill", "rose", "climbing", "overflow"), "diverged"),
    **dict.fromkeys(("bottomless", "pole", "cliff"), "diverged"),
    **dict.fromkeys(("undefined", "edge", "nowhere", "outside", "astray"), "left the domain"),
    **dict.fromkeys(("alternating", "turning", "restless"), "oscillating"),
    **dict.fromkeys(("noisy", "falling", "wandering", "still"), "converging"),
}


class Verdict(NamedTuple):
    """A key of `REASONS`, and the numbers for its slots."""

    reason: str
    numbers: tuple[float, ...]
    variables: int

    @property
    def word(self) -> str:
        """The verdict in a word or three."""
        return WORDS[self.reason]

    @property
    def why(self) -> str:
        """The reason as a sentence."""
        return fill(sentence(self.reason, self.variables), self.numbers)


def sentence(reason: str, variables: int) -> str:
    """A reason's template for a number of variables."""
    place = ", ".join(["{g}"] * variables)
    return REASONS[reason].replace("<place>", f"({place})" if variables > 1 else place)


def judge(run: Trajectory) -> Verdict:
    """The verdict on a single run."""
    with np.errstate(all="ignore"):
        ended = run.ended or not np.isfinite([run.values[-1], *run.gradients[-1]]).all()
        reason, numbers = _ended(run) if ended else _lasting(run)
    return Verdict(reason, tuple(map(float, numbers)), run.points.shape[-1])


Found: TypeAlias = tuple[str, Sequence[Any] | Array]

# ── runs that could not go on ────────────────────────────────────────────────────────────────────


def _ended(run: Trajectory) -> Found:
    """Why a run could not go on."""
    steps, last, values = len(run), run.points[-1], run.values
    known = np.isfinite(values)
    if not known.any():
        return "nowhere", last
    if known[-1]:
        return _stuck(run)
    if values[-1] == -math.inf:
        fell = ("bottomless", (values[0], values[-1], steps))
        return fell if _far(run, last) else ("pole", (steps, *last))
    if values[-1] == math.inf:
        return _first_rise(run)
    if not _far(run, run.points[known][-1]):  # far away it is for want of digits
        return "undefined", (steps, *last)
    return _first_rise(run) if values[known][-1] > values[0] else _too_far(run)


def _stuck(run: Trajectory) -> Found:
    """A place from which no step leads on, although f has a value."""
    last = run.points[-1]
    if _far(run, last):
        return _too_far(run)
    if not np.isfinite(run.gradients[-1]).all():
        return "edge", (len(run), run.values[-1], *_shown(run, last))
    return _critical(run) or (("singular", last) if run.method == "newton" else _too_far(run))


def _too_far(run: Trajectory) -> Found:
    """Numbers overflowed: on a long way down, or in a single jump."""
    known = np.isfinite(run.values)
    values, place = run.values[known], run.points[known][-1]
    if values[-1] < values[0] and not _inside(run, place):
        return "bottomless", (values[0], values[-1], int(np.sum(known)) - 1)
    return "overflow", (len(run) + bool(known[-1]), values[0], values[-1])


def _shown(run: Trajectory, place: Array) -> Array:
    """A place as it is told: what is negligible beside the domain is 0."""
    return np.where(np.abs(place) < UNSEEN * _box(run)[1], 0.0, place)


def _far(run: Trajectory, place: Array) -> bool:
    centre, width = _box(run)
    return bool(np.max(np.abs(place - centre)) > FAR * width)


def _inside(run: Trajectory, place: Array) -> bool:
    low, high = np.array(list(run.field.domain.values())).T
    return bool(((low <= place) & (place <= high)).all())


def _box(run: Trajectory) -> tuple[Array, float]:
    """The middle of the domain and its greatest width."""
    low, high = np.array(list(run.field.domain.values())).T
    return (low + high) / 2, float(np.max(high - low))


# ── runs that took all their steps ───────────────────────────────────────────────────────────────


def _lasting(run: Trajectory) -> Found:
    """What a run came to that took all its steps."""
    tests = (_critical, _still, _diverged, _bottomless, _flat, _oscillating, _outside, _restless)
    found = next(filter(None, (test(run) for test in tests)), None)
    return found or _converging(run)


def _critical(run: Trajectory) -> Found | None:
    """A zero gradient, and what the Hessian says of it."""
    return None if run.arrived is None else _numbered(run, kind(run.field, run.points[-1]))


def _numbered(run: Trajectory, found: str) -> Found:
    """The numbers that belong to what lies at the end."""
    last, slope = _shown(run, run.points[-1]), float(run.slopes[-1])
    if found in ("minimum", "trough"):
        return found, (run.tolerance, run.arrived, run.values[-1], *last)
    if found == "plain":
        return found, (slope, *last)
    if found == "degenerate":
        return found, last
    values, there = eigenvalues(run.field, run.points[-1]), _shown(run, nearby(run.field, last))
    return found, (*there, values[0], values[-1]) if found == "saddle" else there


def _still(run: Trajectory) -> Found | None:
    if (run.points != run.points[0]).any():
        return None
    return "still", (run.values[0], float(run.slopes[0]))


def _diverged(run: Trajectory) -> Found | None:
    """f grows from third to third of the run."""
    if not run.values[-1] > run.values[0]:
        return None
    if len(run) < 3:
        reason, numbers = _first_rise(run)
        return None if reason == "rose" else (reason, numbers)
    thirds = _thirds(run)
    growth = 2.0 if run.noise else GROWTH
    slopes = run.slopes
    growing = (
        slopes[-1] > slopes[0] and thirds[1] > growth * thirds[0] and thirds[2] > growth * thirds[1]
    )
    rises = np.diff(run.values) > 0
    return _first_rise(run) if growing and np.mean(rises[len(rises) // 2 :]) > 0.6 else None


def _thirds(run: Trajectory) -> list[float]:
    """The mean of f over each third of a run, above its least value."""
    least = float(np.min(run.values))
    return [float(np.mean(part)) - least for part in np.array_split(run.values, 3)]


def _first_rise(run: Trajectory) -> Found:
    """The step at which f is seen to leave its least value, and whether α is to blame."""
    step = int(np.nanargmin(run.values[:-1]))
    least, seen = run.values[step], three_digits(run.values[step])
    later = range(step + 1, len(run.values))
    higher = (k for k in later if run.values[k] > least and three_digits(run.values[k]) != seen)
    at = next(higher, step + 1)
    rise, rate = (least, run.values[at], at), float(run.step_sizes[step])
    if rate < 0:
        return "uphill", (*rise, rate)
    product, bound = _product(run, step), _bound(run)
    return ("unstable", (*rise, product, bound)) if product > bound else ("rose", rise)


def _product(run: Trajectory, step: int) -> float:
    """α·λmax where a step begins."""
    return float(run.step_sizes[step] * eigenvalues(run.field, run.points[step])[-1])


def _bound(run: Trajectory) -> float:
    """The product α·λ beyond which the method's error grows; for some methods there is none."""
    if run.method == "gradient descent":
        return stability_bound()
    if run.method in ("momentum", "nesterov"):
        return stability_bound(run.parameters["momentum"], run.method)
    return math.inf


def _bottomless(run: Trajectory) -> Found | None:
    """f falls far away, or ever more steeply."""
    last, slopes = run.points[-1], run.slopes
    if not run.values[-1] < run.values[0]:
        return None
    if _far(run, last) and run.values[-1] <= np.min(run.values):
        return "bottomless", (run.values[0], run.values[-1], len(run))
    _, width = _box(run)
    if slopes[-1] * width > STEEPER * max(slopes[0] * width, float(np.ptp(run.values))):
        way = (slopes[0], slopes[-1], run.values[0], run.values[-1])
        return "cliff", (*_shown(run, last), len(run), *way)
    return None


def _flat(run: Trajectory) -> Found | None:
    """The slope promises next to nothing over the whole domain, and no minimum is near."""
    _, width = _box(run)
    slope, last = float(run.slopes[-1]), float(abs(run.values[-1]))
    if not slope * width < NEGLIGIBLE * max(float(np.ptp(run.values)), 1e-12 * last):
        return None
    found = kind(run.field, run.points[-1])
    if found in ("minimum", "trough"):
        return None
    if found in ("plain", "degenerate"):
        return _numbered(run, "plain") if slope < GENTLE * _usual_slope(run) else None
    return _numbered(run, found)


def _usual_slope(run: Trajectory) -> float:
    """The median of ‖∇f‖ at places that are spread over the domain; 0 where it has none."""
    centre, _ = _box(run)
    low = np.array([low for low, _ in run.field.domain.values()])
    axes = np.arange(1, len(low) + 1)
    shares = (0.5 + np.outer(np.arange(PLACES), GOLDEN**axes)) % 1.0
    slopes = [slope_at(run.field, low + 2.0 * share * (centre - low)) for share in shares]
    known = [slope for slope in slopes if math.isfinite(slope)]
    return float(np.median(known)) if known else 0.0


def _oscillating(run: Trajectory) -> Found | None:
    """Of the recent steps, more than half turn back."""
    steps = np.diff(run.points, axis=0)[-RECENT - 1 :]
    lengths = np.linalg.norm(steps, axis=1)
    if len(steps) < 2 or _noisy(run) or not lengths.all():
        return None
    cosines = np.sum(steps[1:] * steps[:-1], axis=1) / (lengths[1:] * lengths[:-1])
    turns = int(np.sum(cosines < BACK))
    if 2 * turns <= len(cosines):
        return None
    product, seen = _product(run, len(run) - 1), -float(lengths[-1] / lengths[-2])
    if run.method == "gradient descent" and 1 < product <= 2 and abs(1 - product - seen) < ALIKE:
        return "alternating", (product, 1 - product)
    return ("turning", (turns, len(cosines))) if len(cosines) > 2 else None


def _noisy(run: Trajectory) -> bool:
    """Whether the slope is so little that the noise may drown it."""
    return bool(run.slopes[-1] < LOUD * run.noise)


def _outside(run: Trajectory) -> Found | None:
    """Beyond what the domain shows, on the way down or not."""
    last, before, centre = run.points[-1], max(len(run) - RECENT, 0), _box(run)[0]
    if _inside(run, last):
        return None
    away = np.linalg.norm(last - centre) > np.linalg.norm(run.points[before] - centre)
    if away and run.values[-1] < min(run.values[before], run.values[0]):
        return "outside", (len(run), *last)
    return "astray", (len(run), *last, run.values[0], run.values[-1])


def _restless(run: Trajectory) -> Found | None:
    """f rises and falls without a trend."""
    rises = np.diff(run.values)[-RECENT:] > 0
    if _noisy(run) or len(run) < 6:
        return None
    _, before, now = _thirds(run)
    if now < PROGRESS * before:
        return None
    if not UNEVEN[0] <= np.mean(rises) <= UNEVEN[1]:
        return None
    return "restless", (int(np.sum(rises)), len(rises), run.values[-1])


def _converging(run: Trajectory) -> Found:
    slope = float(run.slopes[-1])
    if _noisy(run) and np.min(run.values) < run.values[-1]:
        return "noisy", (slope, len(run))
    if run.values[-1] > run.values[0]:
        least = eigenvalues(run.field, run.points[-1])[0]
        if run.method == "newton" and least < 0:
            return "climbing", (run.values[0], run.values[-1], len(run), least)
        first = float(run.slopes[0])
        return "wandering", (run.values[0], run.values[-1], len(run), first, slope)
    return "falling", (run.values[0], run.values[-1], len(run), slope)
