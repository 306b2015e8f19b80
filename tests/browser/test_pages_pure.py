"""What the pages without a kernel compute, function by function, beside what Python does."""

from __future__ import annotations

import json
import math
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.explorers import calls, checked
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.rendering.curves import POINTS, curves_of, pack_without_curves
from gradwidgets.rendering.packing import as_distances, packed
from gradwidgets.rendering.wire import describe, pack_program
from tests.browser.bare import FILES, FRONT, ORIGIN

DATA = tuple(np.array(column) for column in ([1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [1.0, 1.0, 0.0]))
ALONE = FRONT.parent / "alone"
OWN = {
    f"alone/{path.name}": ("text/javascript", path.read_text("utf-8"))
    for path in ALONE.glob("*.js")
}
NAMES = ("packet", "choices", "check", "curves", "tape", "through", "model", "numbers", "address")
MAIN = "".join(f'import * as {name} from "./alone/{name}.js";' for name in NAMES)
WIRE = 'import * as wire from "./front/wire.js";'
START = {
    "": ("text/html", '<!DOCTYPE html><script type="module" src="main.js"></script>'),
    "main.js": ("text/javascript", f"{MAIN}{WIRE} window.alone = {{ {', '.join(NAMES)}, wire }};"),
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    served = {**FILES, **OWN, **START}

    def serve(route: Route) -> None:
        kind, text = served[route.request.url.removeprefix(ORIGIN)]
        route.fulfill(body=text, content_type=f"{kind}; charset=utf-8")

    with closing(browser.new_page()) as page:
        page.route("**/*", serve)
        page.goto(ORIGIN)
        page.wait_for_function("() => window.alone", timeout=8000)
        yield page


def test_a_packet_comes_out_as_it_went_in(page: Page) -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=300)
    listing = {"inputs": [["x", None]], "calls": [["add", None]], "steps": [[0, 0, -1], [0, 1, 0]]}
    program = {**listing, "outputs": [2], "constants": [None], "bodies": [listing]}
    lists = [rng.integers(0, 9, 400).tolist() for _ in range(2)]
    texts = [json.dumps([*lists[0], k, *lists[1]], separators=(",", ":")) for k in range(3)]
    told = {"bytes": ["b"], "programs": ["p"], "words": "∂f/∂x"}
    as_told = json.dumps(as_distances(program) | {"numbers": 4})
    parts = [json.dumps(told), *texts, numbers.tobytes(), numbers[50:].tobytes(), as_told, ""]
    found = page.evaluate(
        """async (text) => {
          const { carried, packet } = await alone.packet.openPacket(text);
          const { a, b, p, none } = packet.read({ a: 3, b: 5, p: 6 });
          const empty = packet.read({ p: 7 }).p;
          return [carried, [1, 2, 3].map(packet.json), Array.from(packet.numbers(5)), b.byteLength,
            alone.wire.programIn(p.buffer).map((part) => part.steps ?? Array.from(part)),
            empty.byteLength, a === packet.json(3)];
        }""",
        b64encode(packed(parts)).decode(),
    )
    assert found == [
        told, [json.loads(text) for text in texts], numbers[50:].tolist(), 2000,
        [program["steps"], numbers.tolist()], 0, True,
    ]  # fmt: skip


def test_floats_are_written_as_python_writes_them(page: Page) -> None:
    rng = np.random.default_rng(0)
    sizes = 10.0 ** rng.integers(-20, 20, 400)
    numbers = [*(rng.normal(size=400) * sizes), 0.0, -0.0, 1.0, -2.5, 1e16, 1e-4, 1e-5, 0.1 + 0.2]
    found = page.evaluate("(all) => all.map(alone.tape.asPython)", [float(n) for n in numbers])
    assert found == [calls._number(number) for number in numbers]
    missing = page.evaluate("() => [NaN, Infinity, -Infinity].map(alone.tape.asPython)")
    assert missing == [calls._number(number) for number in (math.nan, math.inf, -math.inf)]


def test_lists_are_told_in_short_as_python_tells_them(page: Page) -> None:
    rng = np.random.default_rng(0)
    for size in (9, 100):
        numbers = rng.normal(size=size) * 10.0 ** rng.integers(-3, 3, size)
        numbers[[2, 5, 7]] = math.nan, math.inf, -math.inf
        told = [n if math.isfinite(n) else str(n).replace("inf", "Infinity") for n in numbers]
        read = "(all) => alone.check.digestOf(all.map(Number))"
        assert page.evaluate(read, told) == pytest.approx(
            checked._in_short(numbers)[0].tolist(), rel=1e-14
        )


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("map", "both", "both"),
        (False, True, "true"),
        (["a", "b"], ["a"], "b"),
        (["a"], ["a", "c"], "c"),
        ({"w": "watched", "x": "constant"}, {"w": "variable", "x": "constant"}, "w variable"),
    ],
)
def test_a_change_has_one_name(page: Page, before: Any, after: Any, name: str) -> None:
    changed = "([before, after]) => alone.choices.changeOf(before, after)"
    assert page.evaluate(changed, [before, after]) == name


def test_what_is_chosen_again_is_taken_back(page: Page) -> None:
    choose = """([usual, before, after, chosen]) => alone.choices.choiceFor(
      { show: { a: {}, c: {} } }, "show", { usual, before, after }, chosen) ?? null"""
    usual, other = ["a", "b"], ["a", "b", "c"]
    chosen = {"option": "show", "name": "c"}
    assert page.evaluate(choose, [usual, usual, other, None]) == chosen
    assert page.evaluate(choose, [usual, other, ["b", "a"], chosen]) is None
    assert page.evaluate(choose, [usual, other, ["b", "c"], chosen]) == {**chosen, "name": "a"}


@pytest.mark.parametrize("text", ["sin(x)", "1/x", "floor(x)", "abs(x)", "log(x)", "x**3 - 3*x"])
def test_curves_are_those_that_python_draws(page: Page, text: str) -> None:
    field = ScalarField(text, domain={"x": (-3, 3.5)})
    picture = derivative_picture(field)
    found = curves_of(picture)
    assert found
    data, constants = found.program.as_data()
    picture_told = describe(picture, dict.fromkeys(picture.told, 1))
    told = {**picture_told, "variables": ["x"], "ambient": ambient(picture)}
    drawn = page.evaluate(
        """({ told, fixed, data, constants, curves }) => {
          const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
          const numbers = () => new Float64Array(bytes(constants));
          const packet = { program: () => ({ ...data, numbers: 0 }), numbers };
          const view = alone.curves.withCurves(told, new DataView(bytes(fixed)), curves, packet);
          const still = told.marks.filter(({ fixed }) => fixed);
          const lengths = new Uint32Array(view.buffer, 0, still.length), all = {};
          let at = 4 * (still.length + (still.length % 2));
          still.forEach(({ name, count }, k) => {
            const own = new Float64Array(view.buffer, at, lengths[k]);
            all[name] = [count, ...Array.from(own, (n) => (Number.isFinite(n) ? n : String(n)))];
            at += own.byteLength;
          });
          return all;
        }""",
        {
            "told": json.loads(json.dumps(told)),
            "fixed": b64encode(pack_without_curves(picture)).decode(),
            "data": json.loads(json.dumps(data)),
            "constants": b64encode(constants.tobytes()).decode(),
            "curves": {"program": 0, "marks": found.marks, "points": POINTS},
        },
    )
    for name, numbers in picture.backdrop.numbers.items():
        count, *own = drawn[name]
        expected = np.ravel(np.asarray(numbers, float))
        assert count == len(own) == expected.size, name
        assert [float(n) for n in own] == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def ambient(picture: Any) -> list[dict[str, Any]]:
    return [{"name": control.name, "start": control.start} for control in picture.ambient]


def test_a_model_tells_of_news_when_all_of_it_is_there(page: Page) -> None:
    seen = page.evaluate(
        """() => {
          const told = [], model = alone.model.ownModel((names) => told.push(names), () => {});
          model.on("change:a", () => told.push(["a", model.get("b")]));
          model.receive({ a: 1, b: 2 });
          model.receive({ a: 1, b: 3 });
          model.set("b", 3);
          model.save_changes();
          model.set("a", 4);
          model.set("b", 5);
          model.save_changes();
          return told;
        }"""
    )
    assert seen == [["a", 2], ["a", 3], ["a", "b"]]


def test_a_picture_s_numbers_are_those_of_its_data(page: Page) -> None:
    program = trace(lambda w, x, y, weights: (anp.sum(weights * (w * x - y) ** 2),), 1.0, *DATA)
    told = {
        "program": b64encode(zlib.decompress(pack_program(program))).decode(),
        "rows": b64encode(np.concatenate(DATA).tobytes()).decode(),
    }
    found = page.evaluate(
        """({ program, rows }) => {
          const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
          const picture = { controls: [{ at: { trait: "w" }, high: 9 }], ambient: [], later: [],
            outputs: ["loss"], arrays: ["x", "y", "weights"] };
          const traits = { _picture: picture, _program: new DataView(bytes(program)), w: 2,
            _rows: new DataView(bytes(rows)), edits: {} };
          const numbers = (inputs) => alone.numbers.numbersNow((name) => traits[name], inputs).loss;
          const before = numbers();
          traits.edits = { 2: [1, 5, 2] };
          return [before, numbers(), numbers([3])];
        }""",
        told,
    )
    assert found == [1.0, 19.0, 12.0]


def test_rows_stand_in_an_address(page: Page) -> None:
    ask = """(edits) => {
      const word = alone.address.toldRows(edits);
      return [new URLSearchParams({ word }).toString(), alone.address.rowsFrom(word, 8)];
    }"""
    edits = {"3": [1.5, -2, 1], "7": [0, 1e-7, 0]}
    assert page.evaluate(ask, edits) == ["word=3*1.5*-2*1_7*0*1e-7*0", edits]
    assert page.evaluate(ask, {}) == ["word=", {}]


@pytest.mark.parametrize(
    "word",
    [
        "8*1*2*1",
        "-1*1*2*1",
        "0.5*1*2*1",
        "x*1*2*1",
        "1*1*2",
        "1*1*2*1*5",
        "1**2*1",
        "1*a*2*1",
        "1*1e999*2*1",
        "1*1*2*-1",
    ],
)
def test_what_tells_no_row_changes_none(page: Page, word: str) -> None:
    found = page.evaluate("(word) => alone.address.rowsFrom(word, 8)", f"{word}_2*0*0*1")
    assert found == {"2": [0, 0, 1]}
