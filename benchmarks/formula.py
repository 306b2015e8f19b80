"""How long the slowest answer to a typed formula takes, over the whole corpus of the tests.

Run as `python benchmarks/formula.py`. An answer is a refusal, or a field whose values and gradient
were probed. The exit code is 1 if one answer takes longer than a person notices.
"""

import contextlib
import runpy
import sys
import time
from pathlib import Path

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError

LIMIT = 100  # milliseconds
ROOT = Path(__file__).resolve().parents[1]


def corpus() -> list[str]:
    sys.path.insert(0, str(ROOT))  # the tests are a package beside this folder
    tests = runpy.run_path(str(ROOT / "tests/calculus/test_formula.py"))
    rows = [*tests["ACCEPTED"], *tests["HINTS"]]
    return [*tests["REFUSED"], *(row[0] for row in rows)]


def milliseconds(text: str) -> float:
    start = time.perf_counter()
    with contextlib.suppress(FormulaError):  # a refusal is an answer too
        ScalarField(text).check()
    return (time.perf_counter() - start) * 1e3


def main() -> int:
    texts = corpus()
    milliseconds("x**2")  # imports and caches
    slowest, text = max((milliseconds(text), text) for text in texts)
    print(f"{len(texts)} formulas, slowest answer {slowest:.1f} ms: {text[:40]!r}")
    return int(slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
