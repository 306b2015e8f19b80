"""JavaScript modules that import one another, joined into the one module that a widget needs.

It reads no JavaScript but what it must: lines at the margin. These are imports of names,
definitions of one name, comments, and what closes a definition; anything else is refused. Style
sheets are joined as well, in the order in which one names the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_NAME = r"[A-Za-z_$][\w$]*"
_PLACE = r"\./[\w-]+\.js|\.\./[\w-]+/[\w-]+\.js"  # beside it, or in a folder beside its own
_IMPORT = re.compile(rf'^import \{{([\w$,\s]+)\}} from "({_PLACE})";$', re.MULTILINE)
_DEFINES = re.compile(
    rf"(?P<export>export )?(?:async )?(?:const|let|function\*?|class) (?P<name>{_NAME})\b"
)
_SECOND = re.compile(  # const a = 1, b = 2
    rf"(?:export )?(?:const|let) {_NAME} = [^()\[\]{{}}\"'`]*,\s*{_NAME}\s*="
)
_CLOSES = re.compile(r"[\]})][\]});,]*(?: // prettier-ignore)?$")
_IGNORED = re.compile(r"\s|$|//|/\*")
# Not in comments: an import or export further inside, import(…) and import.meta.
_DYNAMIC = re.compile(r"(?!\s*[/*]).*\bimport\s*(?:\(|\.meta\b)|\s+(?:import|export)\s")
_STYLE = re.compile(r'^@import "\./([\w-]+\.css)";\n', re.MULTILINE)
_GIVEN = re.compile(r"export default \{[^{}]*\};$")  # names alone, which others import one by one
_DEFAULT, _OF_TYPES = "export default ", " * @import "


class JoiningError(ValueError):
    """Modules that can't be joined; the message names file and line."""


@dataclass(frozen=True)
class Module:
    """A module's text without imports and exports, and what it gives and takes."""

    text: str
    defined: tuple[str, ...]
    exported: frozenset[str]
    imported: tuple[tuple[Path, str], ...]  # which module, which name


def joined(entry: Path) -> str:
    """The text of a module and of all that it imports, in one, with the entry's default export.

    What is imported stands before what imports it. A default export of another module than the
    entry is left out.

    Raises:
        JoiningError: a line at the margin that isn't understood, a name that two modules define or
            that none exports, modules that import one another in a circle.
    """
    modules = _reached(entry.resolve())
    _check(modules)
    needs = {path: {source for source, _ in made.imported} for path, made in modules.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        names = (path.name for path in error.args[1])
        raise JoiningError(f"a circle of imports: {' → '.join(names)}") from None
    return "\n".join(modules[path].text for path in order)


def joined_style(entry: Path) -> str:
    """The text of a style sheet, each sheet that it imports in the import's place.

    Raises:
        JoiningError: an import of what isn't there, or one that isn't understood.
    """
    text = _STYLE.sub(lambda found: _text(entry.parent / found[1]), _text(entry))
    if "@import" in text:
        raise JoiningError(f"{entry.name}: an @import is not understood")
    return text


def _text(path: Path) -> str:
    if not path.exists():
        raise JoiningError(f"there is no {path.name}")
    return path.read_text("utf-8")


def _reached(entry: Path) -> dict[Path, Module]:
    modules, waiting = dict[Path, Module](), [entry]
    while waiting:
        path = waiting.pop()
        if path not in modules:
            modules[path] = _read(path, path == entry)
            waiting += [source for source, _ in modules[path].imported]
    return modules


def _check(modules: dict[Path, Module]) -> None:
    home = dict[str, str]()
    for path, module in modules.items():
        for name in module.defined:
            if name in home:
                raise JoiningError(f"{name} is defined twice, in {home[name]} and {path.name}")
            home[name] = path.name
        for source, name in module.imported:
            if name not in modules[source].exported:
                raise JoiningError(
                    f"{path.name} imports {name}, which {source.name} does not export"
                )


def _read(path: Path, is_entry: bool) -> Module:
    text = _text(path)
    imported = tuple(
        ((path.parent / found[2]).resolve(), name)
        for found in _IMPORT.finditer(text)
        for name in re.findall(_NAME, found[1])
    )
    lines = _IMPORT.sub("", text).strip().splitlines()
    if not is_entry:
        lines = [line for line in lines if not _GIVEN.match(line)]
    definitions = list(_definitions(path.name, lines, is_entry))
    return Module(
        "".join(f"{_plain(line)}\n" for line in lines if not line.startswith(_OF_TYPES)),
        tuple(found["name"] for found in definitions),
        frozenset(found["name"] for found in definitions if found["export"]),
        imported,
    )


def _plain(line: str) -> str:
    """A line without its export, but for the default one."""
    return line if line.startswith(_DEFAULT) else line.removeprefix("export ")


def _definitions(file: str, lines: list[str], is_entry: bool) -> Iterator[re.Match[str]]:
    for line in lines:
        if _DYNAMIC.match(line):
            raise JoiningError(f"{file}: {line.strip()} is not understood")
        if (found := _DEFINES.match(line)) and not _SECOND.match(line):
            yield found
        elif not (
            (is_entry and line.startswith(_DEFAULT)) or _IGNORED.match(line) or _CLOSES.match(line)
        ):
            raise JoiningError(f"{file}: {line} is not understood")
