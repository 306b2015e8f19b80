"""The figure that pictures are painted on: it keeps its look, and shows itself in a notebook.

It imports matplotlib, so it is imported where something is painted.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from gradwidgets.rendering.settings import usual_settings

SHARP = 2.0  # dots to a pixel of what a notebook shows
EMBEDDED = {"pdf.fonttype": 42, "ps.fonttype": 42}  # real fonts, as publishers ask for


class Sheet(Figure):
    """A figure that looks the same under all settings, and is seen as a cell's last line.

    pyplot knows nothing of it, so that it is never shown a second time.
    """

    def __init__(self, per_inch: float, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.per_inch = per_inch  # pixels of its layout
        _Printer(self)

    def draw(self, renderer: Any) -> None:
        """Draw it with matplotlib's own settings."""
        with usual_settings():
            super().draw(renderer)

    def savefig(self, *args: Any, **options: Any) -> None:
        """Write it to a file with matplotlib's own settings, but for the options given here."""
        with usual_settings():
            super().savefig(*args, **options)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        target = io.BytesIO()
        self.savefig(target, dpi=SHARP * self.dpi, format="png")
        return target.getvalue(), {"width": round(self.get_figwidth() * self.dpi)}


class _Printer(FigureCanvasBase):
    """How pyplot's inline backend writes a figure, past its `savefig`."""

    def print_figure(self, filename: Any, *args: Any, **options: Any) -> Any:
        ending = options.get("format") or Path(str(filename)).suffix.removeprefix(".")
        with usual_settings(EMBEDDED if ending.lower() in ("pdf", "ps", "eps") else {}):
            return super().print_figure(filename, *args, **options)


class PlainNumbers(ScalarFormatter):
    """Numbers along an axis as text, a tenth of the work of typeset ones; beside the axis ×10⁻⁷."""

    def __init__(self) -> None:
        super().__init__(useMathText=True)

    def __call__(self, x: float, pos: int | None = None) -> str:
        """A number's text."""
        text: str = super().__call__(x, pos)
        return text.removeprefix(r"$\mathdefault{").removesuffix("}$")
