"""What an explorer is outside of its notebook: a figure, a file, a page, a line of code."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradwidgets.explorers import exported
from gradwidgets.explorers.life import in_turn
from gradwidgets.explorers.source import Source, plainly
from gradwidgets.explorers.state import State
from gradwidgets.explorers.work import Work
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import page, paint
from gradwidgets.rendering.animate import animate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 760  # pixels of a frame: an explorer with its inputs, on a page of usual width


class Files(State):
    """What all explorers share that leaves the notebook."""

    _task: Work

    def _frames(self) -> list[Scene]:
        """The scenes of an animation."""
        raise ValueError(f"{type(self).__name__} has nothing that moves; save a .png or .html")

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

    def figure(self) -> Figure:
        """The picture as it stands, as a matplotlib Figure."""
        return paint.figure(self._still_scene())

    def save(self, path: str | Path, *, functions: Sequence[Source] = ()) -> None:
        """Write the picture to a file: .png, .svg, .pdf, or .html for a page that stays alive.

        Such a page needs neither kernel nor network; `functions` are others that its menu offers.
        Where something moves also .gif, and .mp4 with ffmpeg; interrupted, it leaves no file.

        Raises:
            ValueError: another ending, or functions for a file that is no page.
        """
        path = Path(path)
        ending = path.suffix.lower()
        if functions and ending != ".html":
            raise ValueError(
                f"only a page has a menu of functions: save to .html, not {path.name!r}"
            )
        if ending == ".html":
            path.write_text(self._page(functions), "utf-8")
        elif ending in (".gif", ".mp4"):
            frames = self._frames()
            name = f"Writing {path.name} (to end it, interrupt the kernel)"
            self._task.run(name, lambda told: animate(frames, path, told=told))
        elif ending in (".png", ".svg", ".pdf"):
            self.figure().savefig(path, dpi=200)
        else:
            raise ValueError(
                f"save to .png, .svg, .pdf or .html, a film to .gif: not to {path.name!r}"
            )

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

    def code(self) -> str:
        """One line of Python that makes this view again.

        A lambda stands in it as it was written, a def by its name. What has neither must be
        written anew: a line before says so.
        """
        usual = {name: self.trait_defaults(name) for name in self._option_names()}
        changed = [
            f"{name}={plainly(getattr(self, name))!r}"
            for name in sorted(usual)
            if getattr(self, name) != usual[name]
        ]
        source, before = self.takes.code(self.field)
        parts = [source, f"point={plainly(self.point)!r}"]
        line = f"gw.{type(self).__name__}({', '.join([*parts, *changed])})"
        return "\n".join(filter(None, [before, line]))
