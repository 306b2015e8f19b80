"""A sequence of scenes as a moving picture in a file: .gif everywhere, .mp4 where ffmpeg is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import paint, sizing
from gradwidgets.rendering.layout import DPI
from gradwidgets.rendering.panels import place_axes
from gradwidgets.rendering.settings import usual_settings

if TYPE_CHECKING:
    from matplotlib.animation import AbstractMovieWriter
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Told: TypeAlias = Callable[[int, int], None]


def animate(
    scenes: Iterable[Scene],
    path: str | Path,
    seconds_per_frame: float = 0.1,
    width: int = sizing.USUAL_WIDTH,
    told: Told | None = None,
    size: sizing.Size | None = None,
    dpi: float = DPI,
) -> None:
    """Write scenes of one picture as a .gif or .mp4, one frame each.

    Frames have a width in pixels or a `size` in inches, with so many dots to the inch. What stands
    still is painted once, and anew only where a panel changes. After each frame `told` hears
    how many are done, and of how many; what it raises ends the work and removes the file.

    Raises:
        ValueError: no scenes, another ending, or an .mp4 without ffmpeg.
    """
    path, scenes = Path(path), list(scenes)
    if not scenes:
        raise ValueError("there is nothing to animate")
    with usual_settings():
        writer = _writer(path, seconds_per_frame)
    reel = Reel(scenes, width, size, dpi)
    try:
        _film(writer, reel, scenes, path, told)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _film(
    writer: AbstractMovieWriter, reel: Reel, scenes: Sequence[Scene], path: Path, told: Told | None
) -> None:
    # Not by the writer's `saving`, which would put the settings back to those before the film.
    with usual_settings():
        writer.setup(reel.sheet, str(path), reel.sheet.dpi)
    try:
        for place, scene in enumerate(scenes, 1):
            with usual_settings():
                reel.show(scene)
                writer.grab_frame()
            if told is not None:
                told(place, len(scenes))
    finally:
        writer.finish()


def _writer(path: Path, seconds_per_frame: float) -> AbstractMovieWriter:
    from matplotlib.animation import FFMpegWriter

    ending = path.suffix.lower()
    if ending not in (".gif", ".mp4"):
        raise ValueError(f"save to .gif or .mp4, not to {path.name!r}")
    if ending == ".gif":
        return _gif_writer(seconds_per_frame)
    if not FFMpegWriter.isAvailable():
        raise ValueError("saving an .mp4 needs ffmpeg; save a .gif instead")
    return FFMpegWriter(fps=1 / seconds_per_frame)  # type: ignore[arg-type]


def _gif_writer(seconds_per_frame: float) -> AbstractMovieWriter:
    from matplotlib.animation import PillowWriter

    class Writer(PillowWriter):
        """Keeps one byte of a pixel instead of three: all frames wait in memory for the end."""

        def grab_frame(self, **options: Any) -> None:
            super().grab_frame(**options)
            frames = vars(self)["_frames"]
            frames[-1] = frames[-1].quantize(256)

        def finish(self) -> None:
            if vars(self)["_frames"]:  # else the first could not be drawn, which is told already
                super().finish()

    # It cuts milliseconds off: 149.99 would become 149.
    return Writer(fps=(1 - 1e-9) / seconds_per_frame)  # type: ignore[arg-type]


class Reel:
    """A sheet of one size for all scenes: the ground on which a scene stands, and its marks."""

    def __init__(
        self,
        scenes: Sequence[Scene],
        width: int = sizing.USUAL_WIDTH,
        size: sizing.Size | None = None,
        dpi: float = DPI,
    ) -> None:
        self._form = sizing.usual(scenes, width) if size is None else sizing.fitted(scenes, size)
        self._panels: tuple[Panel, ...] = ()
        self._ground: list[Artist] = []  # below the marks
        self._chosen: dict[str, int] = {}  # where labels are, so that they do not hop
        with usual_settings():
            self.sheet = self._sheet(dpi)

    def show(self, scene: Scene) -> None:
        """Take the marks of the scene before away, and paint those of this one."""
        for artist in self._moving():
            artist.remove()
        if scene.panels != self._panels or scene.backdrop is not self._backdrop:
            self._lay_ground(scene)
        paint.paint_marks(self._axes, scene, self._layout.boxes, self._chosen)
        lines = sizing.caption_lines(scene, self._layout.width)
        paint.write_captions(self.sheet, self._layout, lines)

    def _sheet(self, dpi: float) -> Figure:
        """A sheet with an even number of dots along its sides, as films need it."""
        across, up = (2 * math.ceil(side * dpi / 2 - 1e-6) / dpi for side in self._form.inches)
        return paint.sheet(self._form.per_inch, (across, up), dpi)

    def _lay_ground(self, scene: Scene) -> None:
        """The pixels of panels and backdrop, and over them axes for what moves."""
        for artist in self._ground:
            artist.remove()
        self._panels, self._backdrop = scene.panels, scene.backdrop
        self._layout = self._form.layout(scene.panels)
        still = self.sheet.figimage(self._still(scene), origin="upper", zorder=-1)
        self._axes = {
            panel.name: place_axes(self.sheet, panel, self._layout.boxes[panel.name])
            for panel in scene.panels
        }
        for ax in self._axes.values():
            ax.set_axis_off()
        self._ground = [still, *self._axes.values()]

    def _still(self, scene: Scene) -> Any:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        made = self._sheet(self.sheet.dpi)
        paint.paint_panels(made, scene, self._layout)
        canvas: Any = FigureCanvasAgg(made)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())

    def _moving(self) -> list[Artist]:
        kinds = ("lines", "patches", "collections", "texts")
        axes = self.sheet.axes
        marks = [artist for ax in axes for k in kinds for artist in getattr(ax, k)]
        return [*marks, *self.sheet.texts]
