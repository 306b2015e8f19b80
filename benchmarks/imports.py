"""What `import gradwidgets` costs on top of the libraries it stands on.

Run as `python benchmarks/imports.py [pairs]`. Each time is that of a fresh interpreter, start to
end; the two sides alternate, so that a machine that slows down slows both.
"""

import statistics
import subprocess
import sys
import time

LIBRARIES = "import numpy, matplotlib, autograd, ipywidgets, anywidget"
SIDES = {"libraries": LIBRARIES, "libraries + gradwidgets": f"{LIBRARIES}; import gradwidgets"}


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def measure(pairs: int) -> dict[str, list[float]]:
    for code in SIDES.values():
        seconds(code)  # the first run writes bytecode and fills the disk cache
    rounds = [{side: seconds(code) for side, code in SIDES.items()} for _ in range(pairs)]
    return {side: [times[side] for times in rounds] for side in SIDES}


def report(times: dict[str, list[float]]) -> str:
    base = statistics.median(times["libraries"])
    rows = [f"{'fresh interpreter':<26}{'median ms':>10}{'fastest ms':>12}{'ratio':>8}"]
    for side, samples in times.items():
        median = statistics.median(samples)
        fastest = min(samples)
        rows.append(f"{side:<26}{median * 1e3:>10.0f}{fastest * 1e3:>12.0f}{median / base:>8.3f}")
    return "\n".join(rows)


if __name__ == "__main__":
    print(report(measure(pairs=int(sys.argv[1]) if len(sys.argv) > 1 else 15)))
