"""Widgets made from controls as data: sliders, boxes for the domain, messages."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from typing import Any

import ipywidgets as ipw

from gradwidgets.calculus.field import Domain, Interval, ScalarField, check_interval
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.wording import plain
from gradwidgets.pictures.scene import Control

MOST_STEPS = 1000
BOX = 9  # characters that a number's box has room for
ROOM = {"description_width": "initial"}
_MARGIN = "2px 14px 2px 2px"


def slider(control: Control, moved: Callable[[str, float], None]) -> ipw.FloatSlider | LogSlider:
    """A slider with an editable number, for one control; `moved` hears its name and value."""
    if control.scale == "log":
        return LogSlider(control, moved)
    made = ipw.FloatSlider(
        value=control.start,
        min=control.low,
        max=control.high,
        step=control.step,
        description=control.label,
        readout_format=_readout(control),
        style=ROOM,
        layout=ipw.Layout(flex="1 1 300px", min_width="220px", max_width="560px", margin=_MARGIN),
    )
    made.observe(lambda change: moved(control.name, _on_step(change["new"], made.step)), "value")
    return made


def _readout(control: Control) -> str:
    """How a slider's number is written: all its decimals, or powers of ten where they are many."""
    digits = control.digits
    plain = digits.exponent is None or digits.exponent == 0
    return f".{digits.decimals}{'f' if plain else 'e'}"


def follow(made: ipw.FloatSlider | LogSlider, control: Control, value: float) -> None:
    """Bring a slider to a control's range and value, without a message where nothing changed."""
    if isinstance(made, LogSlider):
        made.follow(control, value)
        return
    value = _as_the_page_has_it(control, value)
    if (made.min, made.max, made.step) != (control.low, control.high, control.step):
        with made.hold_sync(), made.hold_trait_notifications():
            made.min, made.max, made.step = control.low, control.high, control.step
            made.readout_format = _readout(control)
            made.value = value
    elif made.value != value:
        made.value = value


def steps(count: int) -> ipw.IntSlider:
    """A slider for the number of steps of a search."""
    return ipw.IntSlider(
        value=count,
        min=1,
        max=MOST_STEPS,
        description="steps",
        style=ROOM,
        continuous_update=False,
        layout=ipw.Layout(flex="1 1 220px", min_width="200px", max_width="360px"),
    )


class LogSlider(ipw.HBox):  # type: ignore[misc]
    """A slider of exponents, and beside it a box with the number, as far as there is room.

    The page rounds the slider to its step, and sends that back with its own last digit. Whatever
    says no more than what the box holds is therefore not heard.
    """

    def __init__(self, control: Control, moved: Callable[[str, float], None]) -> None:
        self._control, self._good, self._moved = control, control.start, moved
        low, high = _exponents(control)
        self.slider = ipw.FloatLogSlider(
            value=_on_page(control, control.start),
            min=low,
            max=high,
            step=control.step,
            description=control.label,
            readout=False,
            style=ROOM,
            layout=ipw.Layout(flex="1 1 210px", width="auto"),
        )
        self.box = ipw.FloatText(value=_short(control.start), layout=ipw.Layout(width="110px"))
        room = {"flex": "1 1 300px", "min_width": "220px", "max_width": "560px"}
        room["flex_flow"] = "row wrap"  # a long label takes the box's place on a narrow page
        super().__init__((self.slider, self.box), layout=ipw.Layout(margin=_MARGIN, **room))
        self.slider.observe(self._slid, "value")
        self.box.observe(self._typed, "value")

    def follow(self, control: Control, value: float) -> None:
        """Bring both to a control's range and value."""
        self._control, self._good = control, value
        made, (low, high), place = self.slider, _exponents(control), _on_page(control, value)
        if (made.min, made.max, made.step) != (low, high, control.step):
            with made.hold_sync(), made.hold_trait_notifications():
                made.min, made.max, made.step, made.value = low, high, control.step, place
        elif not _same(made.value, place):
            made.value = place
        if self.box.value != _short(value):
            self.box.value = _short(value)

    def _slid(self, change: dict[str, float]) -> None:
        if not _same(change["new"], _on_page(self._control, self._good)):
            self._tell(float(f"{change['new']:.3g}"))

    def _typed(self, change: dict[str, float]) -> None:
        if change["new"] != _short(self._good):
            self._tell(change["new"])

    def _tell(self, value: float) -> None:
        """Tell what is asked for, where it can be; what nobody takes goes back."""
        control = self._control
        if math.isfinite(value) and value > 0:
            self._moved(control.name, min(max(value, control.low), control.high))
        self.follow(self._control, self._good)


def _short(value: float) -> float:
    """A number that its box has room for: as it is, or where that is too long its four digits."""
    fits = len(f"{value:.12f}".rstrip("0")) <= BOX
    return plain(value) if fits else float(f"{value:.4g}")


def _exponents(control: Control) -> Interval:
    return math.log10(control.low), math.log10(control.high)


def _on_page(control: Control, value: float) -> float:
    """Where the page's logarithmic slider stands for a value."""
    low, high = _exponents(control)
    exponent = min(max(math.log10(value), low), high)
    return float(10.0 ** _rounded(low, high, control.step, exponent))


def _same(value: float, other: float) -> bool:
    """Whether two numbers differ by no more than the arithmetic of two languages."""
    return math.isclose(value, other, rel_tol=1e-9)


def _on_step(value: float, step: float) -> float:
    """The step that a slider stands on, free of its rounding."""
    if not math.isfinite(value):
        return value
    near = float(f"{round(value / step) * step:.15g}")
    return near if abs(value - near) < 1e-6 * step else value


def _as_the_page_has_it(control: Control, value: float) -> float:
    """The value to which the page's slider will round, computed with the same operations.

    It would otherwise send its own rounding back, two needless messages for every drag, and pull
    a point that stands between two steps away from its place.
    """
    return _rounded(control.low, control.high, control.step, value)


def _rounded(low: float, high: float, step: float, value: float) -> float:
    """What noUiSlider, which counts in percent, makes of a value."""
    width = high - low
    percent = (value + abs(low) if low < 0 else value - low) * 100 / width
    share = step * 100 / width
    return min(max(math.floor(percent / share + 0.5) * share * width / 100 + low, low), high)


def row(*children: ipw.Widget) -> ipw.HBox:
    """Widgets side by side, that wrap where the page is narrow."""
    return ipw.HBox(
        children, layout=ipw.Layout(flex_flow="row wrap", align_items="center", width="100%")
    )


def message() -> ipw.HTML:
    """A place for a message under a field; it takes no room while it is empty."""
    made = ipw.HTML(layout=ipw.Layout(display="none", margin="0 0 4px 2px"))
    made.add_class("gw-message")
    return made


def say(place: ipw.HTML, text: str) -> None:
    """Show a message, already in HTML, or hide its place."""
    place.value = text
    place.layout.display = "" if text else "none"


def named(error: Exception) -> str:
    """An error of the user's own code, with its kind."""
    return f"{type(error).__name__}: {error}"


def complaint(error: Exception, typed: str = "") -> str:
    """What is wrong, as HTML; for a formula with a mark under the place."""
    text = html.escape(str(error) if isinstance(error, ValueError) else named(error))
    said = f"<span role='alert'>{text}</span>"
    if not isinstance(error, FormulaError) or error.position is None or not typed.strip():
        return said
    start = max(0, error.position - 30)
    shown = html.escape(typed[start : error.position + 30].replace("\n", " "))
    caret = " " * (error.position - start) + "▲"
    return f"<pre aria-hidden='true'>{shown}\n{caret}</pre>{said}"


class DomainBoxes:
    """For every variable two boxes and a slider for the interval that the picture shows."""

    def __init__(self, changed: Callable[[Domain], None]) -> None:
        self._changed = changed
        self._rows: dict[str, tuple[ipw.FloatText, ipw.FloatRangeSlider, ipw.FloatText]] = {}
        self._following = False
        self._field: ScalarField | None = None  # the one that is shown
        self.message = message()
        self.box = ipw.VBox()

    def show(self, field: ScalarField) -> list[ipw.Widget]:
        """Follow a field's domain; the widgets that are no longer needed come back."""
        if field is self._field and not self.message.value:
            return []
        self._field = field
        replaced: list[ipw.Widget] = []
        if tuple(self._rows) != field.variables:
            replaced = [child for child in self.box.children if child is not self.message]
            self._rows = {name: self._make(name) for name in field.variables}
            self.box.children = (*(row(*made) for made in self._rows.values()), self.message)
        self._following = True
        for name, interval in field.domain.items():
            _fit_row(self._rows[name], interval)
        self._following = False
        say(self.message, "")
        return replaced

    def _make(self, name: str) -> tuple[ipw.FloatText, ipw.FloatRangeSlider, ipw.FloatText]:
        narrow = ipw.Layout(width="150px")
        low = ipw.FloatText(description=f"{name} from", style=ROOM, layout=narrow)
        high = ipw.FloatText(description="to", style=ROOM, layout=ipw.Layout(width="130px"))
        span = ipw.FloatRangeSlider(
            readout=False,
            continuous_update=False,
            layout=ipw.Layout(flex="1 1 160px", min_width="140px", max_width="360px"),
        )
        low.observe(lambda change: self._moved(name, (change["new"], high.value)), "value")
        high.observe(lambda change: self._moved(name, (low.value, change["new"])), "value")
        span.observe(lambda change: self._moved(name, _plain_interval(change["new"])), "value")
        return low, span, high

    def _moved(self, name: str, interval: Interval) -> None:
        if self._following:
            return
        try:
            check_interval(name, interval)
        except ValueError as error:
            self.tell(error)
        else:
            self._changed({name: interval})

    def tell(self, error: Exception) -> None:
        """Say below the boxes what is wrong with the domain."""
        say(self.message, complaint(error))


def _plain_interval(interval: Interval) -> Interval:
    low, high = interval
    return plain(low), plain(high)


def _fit_row(
    made: tuple[ipw.FloatText, ipw.FloatRangeSlider, ipw.FloatText], interval: Interval
) -> None:
    low, span, high = made
    low.value, high.value = interval
    width = interval[1] - interval[0]
    if not (
        span.min <= interval[0] and interval[1] <= span.max and width > (span.max - span.min) / 8
    ):
        with span.hold_sync(), span.hold_trait_notifications():
            span.min, span.max = interval[0] - width, interval[1] + width
            span.step = width / 100
            span.value = interval
    span.value = interval


def descendants(widget: ipw.Widget) -> list[ipw.Widget]:
    """A widget and all that belongs to it: children, layouts, styles."""
    found: list[ipw.Widget] = []
    queue: list[Any] = [widget]
    while queue:
        current = queue.pop()
        if isinstance(current, ipw.Widget) and current not in found:
            found.append(current)
            names = ("layout", "style", "children")
            made = [getattr(current, name) for name in names if current.trait_has_value(name)]
            for part in made:
                queue += part if isinstance(part, tuple) else [part]
    return found


def close(widget: ipw.Widget) -> None:
    """Close a widget with all that belongs to it; ipywidgets alone would leave most of it."""
    for part in descendants(widget):
        ipw.Widget.close(part)
