"""What an explorer is outside of its notebook: a figure, a file, a page, a line of code."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradwidgets.explorers import exported, film
from gradwidgets.explorers.film import Sweep
from gradwidgets.explorers.life import in_turn
from gradwidgets.explorers.source import Source, plainly
from gradwidgets.explorers.state import State
from gradwidgets.explorers.work import Work
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import module, page, paint
from gradwidgets.rendering.sizing import Size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gradwidgets.rendering.own import Own

HEIGHT = 760  # pixels of a frame: an explorer with its inputs, on a page of usual width


class Files(State):
    """What all explorers share that leaves the notebook.

    >>> from tempfile import TemporaryDirectory
    >>> from matplotlib.figure import Figure
    >>> from gradwidgets.explorers.gradient import GradientExplorer
    >>> explorer = GradientExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.figure(size=(6, 4)).get_size_inches().tolist()
    [6.0, 4.0]
    >>> mine = Figure()
    >>> left, right = mine.subplots(1, 2)
    >>> explorer.figure(ax={"directions": right}) is mine
    True
    >>> with TemporaryDirectory() as folder:
    ...     explorer.save(f"{folder}/print.pdf", size=(6, 4))
    ...     explorer.save(f"{folder}/turn.gif", sweep="angle", frames=4, dpi=40)
    ...     explorer.save(f"{folder}/walk.gif", sweep={"x": (1, -1), "y": (2, 0)}, frames=2)
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['print.pdf', 'turn.gif', 'walk.gif']
    >>> explorer.close()
    """

    _task: Work

    def _frames(self, most: int) -> list[Scene]:
        """The scenes of an animation, at most so many."""
        raise ValueError(film.nothing_moves(self))

    def _swept_controls(self) -> Sequence[Control]:
        """What a film may move."""
        return self._shown.controls

    def _parts_alone(self) -> dict[str, str]:
        """The parts of the form that Python writes, for a page that has no Python."""
        return {}

    def _script(self) -> dict[str, Any] | None:
        """What such a page tells at any state, with holes for numbers."""
        return None

    @in_turn
    def _still_scene(self) -> Scene:
        """The scene for a picture that does not move; what it lacks is waited for a while."""
        return self.scene

    def figure(self, *, size: Size | None = None, ax: Own | None = None) -> Figure:
        """The picture as it stands, as a matplotlib Figure.

        Args:
            size: width and height in inches, filled with all in proportion, text too; without it,
                9.6 inches and the height that it needs.
            ax: axes of your own for the leading panel; several, for the panels in their order; or
                a mapping from the panels' names. Inside of them all is ours, around them yours;
                captions are left out. The figure is that of the axes.

        Raises:
            ValueError: a size that is none, or axes that do not fit the panels.
        """
        if ax is None:
            return paint.figure(self._still_scene(), size=size)
        if size is not None:
            raise ValueError("axes of your own have the size of their figure")
        from gradwidgets.rendering.own import paint_into

        return paint_into(self._still_scene(), ax)

    def save(
        self,
        path: str | Path,
        *,
        functions: Sequence[Source] = (),
        size: Size | None = None,
        dpi: float | None = None,
        sweep: Sweep | None = None,
        frames: int | None = None,
        fps: float | None = None,
    ) -> None:
        """Write the picture to a file: .png, .svg, .pdf; .html or .mjs for one that stays alive.

        A page needs neither kernel nor network, nor does a module, .mjs, which other pages import,
        as MyST does. A film is a .gif, or with ffmpeg an .mp4: of the steps of a descent, or of a
        sweep; interrupted, it leaves no file. Files are light and bring their fonts.

        Args:
            path: where to; its ending says what.
            functions: others that the menu of a page or module offers.
            size: width and height in inches, as of `figure`.
            dpi: dots to the inch; 200 for a picture, 100 for a film.
            sweep: the name of a control or coordinate that a film moves over its range, or several
                together; or a mapping from names to intervals.
            frames: how many a film has, at most; 60.
            fps: how many of them to a second; 10 for steps, 20 for a sweep.

        Raises:
            ValueError: another ending, nothing that moves, or what does not go with the ending.
        """
        path = Path(path)
        more = {"sweep": sweep, "frames": frames, "fps": fps, "functions": functions or None}
        film.check(path, size=size, dpi=dpi, **more)
        if path.suffix.lower() in film.ALIVE:
            whole = self._module if path.suffix.lower() == ".mjs" else self._page
            path.write_text(whole(functions), "utf-8")
        elif path.suffix.lower() in film.ENDINGS:
            film.write(self, path, sweep, frames, fps, size, dpi)
        else:
            paint.write(self._still_scene(), path, size, dpi)

    def to_html(
        self, *, functions: Sequence[Source] = (), nonce: str = "", script: bool = True
    ) -> str:
        """HTML for the middle of a page, alive as a saved page is.

        One `script` does for all explorers there; `nonce` is how the page's policy knows it.
        """
        return self._fragment(functions, nonce=nonce, script=script)

    def to_iframe(
        self, *, functions: Sequence[Source] = (), nonce: str = "", height: int = HEIGHT
    ) -> str:
        """The same as a frame, so many pixels high, for pages that take nothing else."""
        return page.framed(self._page(functions, nonce), self.field.text, height)

    def _page(self, functions: Sequence[Source] = (), nonce: str = "") -> str:
        return page.whole([self._fragment(functions, script=False)], self.field.text, nonce=nonce)

    def _module(self, functions: Sequence[Source]) -> str:
        return module.written(self._fragment(functions, script=False))

    def _fragment(self, functions: Sequence[Source], **how: Any) -> str:
        """What a page carries, and what it says until it is awake; what can't be alive is still."""
        scene = self._still_scene()  # it may wait for a sweep: not in turn
        said, code = " ".join(scene.captions), self.code()
        try:
            packet, note = self._packet(functions)
        except exported.StillError as error:
            note = f"This picture stands still, for it needs Python: {error}."
            warnings.warn(note, stacklevel=4)
            return page.still(paint.small_png(scene), said, code, note)
        if note:
            warnings.warn(note, stacklevel=4)
        return page.fragment(packet, said, code, note, **how)

    @in_turn
    def _packet(self, functions: Sequence[Source]) -> tuple[bytes, str]:
        return exported.exported(self, functions)

    @in_turn
    def _packet_now(self) -> bytes:
        return exported.present(self)

    def _coded(self) -> set[str]:
        """The options that a line of code may name."""
        return set(self._option_names())

    def code(self) -> str:
        """One line of Python that makes this view again.

        A lambda stands in it as it was written, a def by its name. What has neither must be
        written anew: a line before says so.
        """
        usual = {name: self.trait_defaults(name) for name in self._coded()}
        changed = [
            f"{name}={plainly(getattr(self, name))!r}"
            for name in sorted(usual)
            if getattr(self, name) != usual[name]
        ]
        source, before = self.takes.code(self.field)
        parts = [source, f"point={plainly(self.point)!r}"]
        line = f"gw.{type(self).__name__}({', '.join([*parts, *changed])})"
        return "\n".join(filter(None, [before, line]))
