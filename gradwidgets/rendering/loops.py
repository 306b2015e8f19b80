"""The loops of the browser's replay, written from the table of operations as a JavaScript module.

`python -m gradwidgets.rendering.loops` writes `front/loops.js` anew; a test compares the two.
"""

from __future__ import annotations

import re
from pathlib import Path

from gradwidgets.calculus.program import HELPERS, OPERATIONS, Operation

PATH = Path(__file__).with_name("front") / "loops.js"

HEAD = """\
/**
 * Loops for each elementwise operation, written by gradwidgets/rendering/loops.py: not by hand.
 *
 * Every one is a function of its own, so that an engine can put the arithmetic in line. `m` is the
 * memory in which all values stand, `o` where the result goes.
 *
 * @typedef {{
 *   alike: (m: Float64Array, n: number, o: number, a: number, b: number, c: number) => void,
 *   spread: (m: Float64Array, n: number, o: number, A: Int32Array, s: number,
 *     B: Int32Array, t: number, C: Int32Array, u: number) => void,
 * }} Loops `alike` for operands of the result's shape. `spread` for broadcasting: of each operand
 *   where every row of `n` elements begins, and how far one element is from the next.
 */
"""

NUMBERS = """\
/**
 * Run instructions on numbers, six integers each: code, mask, result, three arguments; those whose
 * mask has none of the bits of `changed` are left out.
 * @param {Float64Array} m @param {Int32Array} code @param {number} changed
 */
export function runNumbers(m, code, changed) {
  for (let i = 0; i < code.length; i += 6) {
    if ((code[i + 1] & changed) === 0) continue;
    const o = code[i + 2], a = m[code[i + 3]];
    switch (code[i]) {
      case 0: m[o] = a; break;
"""

AFTER = """\
    }
  }
}
"""

ARGUMENTS = "abc"
READ = ("a", "m[code[i + 4]]", "m[code[i + 5]]")  # only by those that have so many


def source() -> str:
    """The module's text.

    >>> "case 4: m[o] = a / m[code[i + 4]]; break;" in source()
    True
    """
    rows = [row for row in OPERATIONS.values() if row.elementwise]
    codes = ", ".join(f"{row.name}: {code}" for code, row in enumerate(rows, start=1))
    cases = (
        f"      case {code}: m[o] = {row.javascript.format(*READ)}; break;"
        for code, row in enumerate(rows, start=1)
    )
    return "\n".join(
        [
            HEAD,
            *(_helper(name, text) for name, text in HELPERS.items()),
            "",
            "/** Of each operation its number in `runNumbers`; `copy` hands its argument on. */",
            "/** @type {Record<string, number>} */",
            f"export const CODES = {{ copy: 0, {codes} }};",
            "",
            NUMBERS + "\n".join(cases),
            AFTER,
            "/** @type {Record<string, Loops>} */",
            "export const LOOPS = {",
            *map(_loops, rows),
            "};",
            "",
        ]
    )


def _arity(row: Operation) -> int:
    return 1 + max(map(int, re.findall(r"\{(\d)\}", row.javascript)))


def _expression(row: Operation) -> str:
    return row.javascript.format(*ARGUMENTS)


def _helper(name: str, text: str) -> str:
    """A helper with its type: numbers in, a number out."""
    names = re.findall(r"\w+", text.partition("=>")[0])
    typed = ", ".join(f"{each}: number" for each in names)
    return f"/** @type {{({typed}) => number}} */\nconst {name} = {text};"


def _loops(row: Operation) -> str:
    names = ARGUMENTS[: _arity(row)]
    places = [2 * x for x in names]  # of a in memory: aa
    read = ", ".join(f"{x} = m[{x}{x}]" for x in names)
    walks = list(zip(places, names.upper(), "stu", strict=False))
    begin = ", ".join(f"{place} = {starts}[r]" for place, starts, _ in walks)
    onward = ", ".join(f"{place} += {step}" for place, _, step in walks)
    return f"""\
  {row.name}: {{
    alike(m, n, o, {", ".join(places)}) {{
      for (const end = o + n; o < end; o += 1, {", ".join(f"{place} += 1" for place in places)}) {{
        const {read}; m[o] = {_expression(row)};
      }}
    }},
    spread(m, n, o, {", ".join(f"{starts}, {step}" for _, starts, step in walks)}) {{
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, {begin}; k < n; k += 1, o += 1, {onward}) {{
          const {read}; m[o] = {_expression(row)};
        }}
    }},
  }},"""


if __name__ == "__main__":
    PATH.write_text(source(), "utf-8")
