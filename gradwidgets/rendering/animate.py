"""A sequence of scenes as a moving picture in a file: .gif everywhere, .mp4 where ffmpeg is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import paint
from gradwidgets.rendering.layout import DPI, Plan, plan
from gradwidgets.rendering.marks import paint_layer
from gradwidgets.rendering.panels import place_axes
from gradwidgets.rendering.settings import usual_settings

if TYPE_CHECKING:
    from matplotlib.animation import AbstractMovieWriter
    from matplotlib.artist import Artist

Told: TypeAlias = Callable[[int, int], None]


def animate(
    scenes: Iterable[Scene],
    path: str | Path,
    seconds_per_frame: float = 0.1,
    width: int = 960,
    told: Told | None = None,
) -> None:
    """Write scenes of one picture as a .gif or .mp4, one frame each.

    What stands still is painted once, as it is in the first scene. After each frame `told` hears
    how many are done, and of how many; what it raises ends the work and removes the file.

    Raises:
        ValueError: no scenes, another ending, or an .mp4 without ffmpeg.
    """
    path, scenes = Path(path), list(scenes)
    if not scenes:
        raise ValueError("there is nothing to animate")
    with usual_settings():
        writer = _writer(path, seconds_per_frame)
    reel = Reel(scenes, width)
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
        writer.setup(reel.sheet, str(path), DPI)
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
    """A sheet of one size for all scenes: the first one's background, and one scene's marks."""

    def __init__(self, scenes: Sequence[Scene], width: int) -> None:
        width += width % 2  # films have even sides
        self._plan = plan(scenes[0].panels, width)
        most = max(len(paint.caption_lines(scene, width)) for scene in scenes)
        height = self._plan.height + paint.CAPTION_LINE * most + 8
        height += height % 2
        with usual_settings():
            still = _still(scenes[0], self._plan, height)
            self.sheet = paint.sheet(self._plan, height)
            self.sheet.figimage(still, origin="upper", zorder=-1)  # below the axes
            self._axes = {
                panel.name: place_axes(self.sheet, panel, self._plan.boxes[panel.name])
                for panel in scenes[0].panels
            }
            for ax in self._axes.values():
                ax.set_axis_off()

    def show(self, scene: Scene) -> None:
        """Take the marks of the scene before away, and paint those of this one."""
        for artist in self._moving():
            artist.remove()
        paint_layer(self._axes, scene, self._plan, Layer(scene.marks, scene.numbers))
        lines = paint.caption_lines(scene, self._plan.width)
        paint.write_captions(self.sheet, self._plan, lines)

    def _moving(self) -> list[Artist]:
        kinds = ("lines", "patches", "collections", "texts")
        marks = [artist for ax in self._axes.values() for k in kinds for artist in getattr(ax, k)]
        return [*marks, *self.sheet.texts]


def _still(scene: Scene, layout: Plan, height: int) -> Any:
    """The pixels of panels and backdrop."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    made = paint.sheet(layout, height)
    paint.paint_panels(made, scene, layout)
    canvas: Any = FigureCanvasAgg(made)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())
