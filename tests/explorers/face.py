"""What a browser does with an explorer and what it sees, for tests: hands and eyes without a page.

`Face(explorer)` is one browser. It keeps the model as a browser has it (`seen`): the state at its
opening, what its own gestures set, and every message since, each of which must be JSON without NaN.

Hands: `drag(x=1, rate=0.1)` sets controls by their names, wherever their values live, in one
message with a tick; `press("best")` presses a tick of the picture, `push("…")` a button, or a
`press` or `keep` item by its label, `type("x*y")` commits the text box, `choose("saddle")` the menu
of examples, `set("density", 9)` an input of the form by its trait, its label or what it does,
`bounds(x=(0, 5))` the domain's boxes, `window(x=(0, 5))` zooms and pans, `open("Options")` a page,
`reset()`, `look()` tells that a page shows it,
`tell(point=[1, 2])` sets any traits as jslink would, `do("cancel")` sends any custom message.

Eyes: `numbers["point"]` (the program replayed with the values that are seen, or the numbers sent),
`captions`, `values` of the controls by name, `control("x")` with its range, `arrays` of data,
`item("density")` of the form, `press_item`s as items, `examples`, `shown` (the menu's choice),
`text`, `message`, `domain_message`, `note`, `work`, `parts`, `titles` of the pages, `panels`, `key`
of the picture.

Ears: `messages` since the last `clear()`, each with `method` ("update", "echo_update"), `names`
and `state`; `updates` and `echoes` are the names of those, `agrees()` says whether Python has
exactly what is seen.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradwidgets.calculus.program import Program
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.control import Control
from gradwidgets.rendering.wire import unpack_program

OWN = {"_tick", "_following", "_open", "_live"}


@dataclass(frozen=True)
class Message:
    method: str
    state: dict

    @property
    def names(self):
        return set(self.state)


class Face:
    def __init__(self, explorer):
        self.explorer, self.messages, self._ticks = explorer, [], 0.0
        state = explorer.get_state()
        self.seen = {**_as_json({n: v for n, v in state.items() if not _is_binary(v)})}
        self.seen |= {name: bytes(value) for name, value in state.items() if _is_binary(value)}
        self._send = explorer._send
        explorer._send = self._hear

    def _hear(self, message, buffers=None):
        if message["method"] in ("update", "echo_update"):
            state = _as_json(message["state"])
            paths = message.get("buffer_paths") or ()
            state |= {path[0]: bytes(part) for path, part in zip(paths, buffers or (), strict=True)}
            self.seen |= state
            self.messages.append(Message(message["method"], state))
        return self._send(message, buffers)

    # ── hands ────────────────────────────────────────────────────────────────────────────────────

    def tell(self, **state):
        """Set traits, as a gesture does: seen at once, told to Python with a tick."""
        self._ticks += 1
        self.seen |= state
        self._tell({**state, "_tick": self._ticks})

    def _tell(self, state):
        """What the page sends, as it arrives: with the wild values that a client may make up."""
        self.explorer.set_state(json.loads(json.dumps(state)))

    def do(self, name, **more):
        self.explorer._asked_for(self.explorer, json.loads(json.dumps({"do": name, **more})), [])

    def drag(self, **values):
        state = {}
        for name, value in values.items():
            control = self.control(name)
            state |= self._placed(control["at"], value, state, control.get("high"))
        self.tell(**state)

    def press(self, mark):
        told = next(one for one in self.seen["_picture"]["marks"] if one["name"] == mark)
        place = np.ravel(self.numbers[mark]).tolist()
        pairs = [pair for pair in zip(told["sets"], place, strict=False) if pair[0]]
        if pairs and np.isfinite([where for _, where in pairs]).all():
            self.drag(**{name: self._value_at(name, where) for name, where in pairs})

    def push(self, label):
        found = next(one for one in self.items if one.get("label") == label)
        if found["kind"] == "press":
            self.press(found["mark"])
        elif found["kind"] == "keep" and self.seen["_program"]:
            self.tell(**{found["trait"]: np.ravel(self.numbers[found["output"]]).tolist()})
        else:
            self.do(found.get("do") or found["ask"])

    def type(self, text):
        self.tell(formula=text)

    def choose(self, key):
        self.do("example", key=key)

    def set(self, name, value):
        found = self.item(name)
        if "at" in found:
            self.tell(**self._placed(found["at"], value, {}))
        else:
            self.do(found["do"], value=value)

    def bounds(self, **intervals):
        self.do("domain", values=_listed(intervals), typed=True)

    def window(self, **intervals):
        self.do("domain", values=_listed(intervals))

    def open(self, *titles):
        self.seen["_open"] = [*self.seen["_open"], *titles]
        self._tell({"_open": self.seen["_open"]})

    def reset(self):
        self.do("reset")

    def look(self):
        self.seen["_live"] = True
        self._tell({"_live": True})

    # ── eyes ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def key(self):
        return self.seen["_picture"]["key"]

    def control(self, name):
        return next(one for one in self._controls() if one["name"] == name)

    def _controls(self):
        """As the page ranges them: a batch ends at the number of rows that there are."""
        for one in self.seen["_picture"]["controls"]:
            rows = one["at"].get("rows")
            yield one | {"high": int(np.count_nonzero([*self.arrays.values()][2]))} if rows else one

    @property
    def values(self):
        return {one["name"]: self._read(one) for one in self._controls()}

    @property
    def numbers(self):
        """The numbers of all marks and outputs as the page draws them, by name."""
        picture = self.seen["_picture"]
        if not self.seen["_program"]:
            return _unpacked(picture, self.seen["_numbers"])
        ambient = [one["start"] for one in picture["ambient"]]
        program = _program(self.seen["_program"])
        numbers = map(np.float64, (*self.values.values(), *ambient))
        results = program(*numbers, *self.arrays.values())
        return dict(zip(picture["outputs"], map(np.asarray, results), strict=True))

    @property
    def arrays(self):
        """The data as the page has them, by name: what Python sent with `edits` laid over."""
        names = self.seen["_picture"]["arrays"]
        parts = np.frombuffer(self.seen["_rows"], "<f8").reshape(len(names) or 1, -1).copy()
        for slot, row in self.seen.get("edits", {}).items():
            parts[:, int(slot)] = row
        return dict(zip(names, parts, strict=False))

    @property
    def captions(self):
        numbers = self.numbers
        labels = [m for m in self.seen["_picture"]["marks"] if m["kind"] == "Label"]
        told = [(m["texts"], np.ravel(numbers[m["name"]])) for m in labels if m["panel"] == ""]
        return [fill(texts[int(own[4])], own[5:]) for texts, own in told if own[4] >= 0]

    @property
    def panels(self):
        """The panels as the page frames them now, each in the form that it has."""
        numbers = self.numbers
        return {n: _framed(p, n, numbers) for n, p in self.seen["_picture"]["panels"].items()}

    @property
    def items(self):
        form = self.seen["_form"]
        rows = [form["modes"], *form["rows"], *(form["side"] or ())]
        rows += [row for page in form["pages"] for row in page["rows"]]
        return [item for row in rows for item in row]

    def item(self, name):
        """The input of a trait, else the one with this label, else what asks for this."""
        for ask in (
            lambda one: one.get("at", {}).get("trait") == name and "key" not in one["at"],
            lambda one: name in (one.get("label"), one.get("do"), one.get("mark")),
            lambda one: one.get("at", {}).get("key") == name,
        ):
            found = [one for one in self.items if ask(one)]
            if found:
                return found[0]
        raise LookupError(f"no input {name!r}")

    def has(self, name):
        try:
            return bool(self.item(name))
        except LookupError:
            return False

    @property
    def titles(self):
        return [page["title"] for page in self.seen["_form"]["pages"]]

    @property
    def examples(self):
        return [key for key, _ in self.seen["_form"]["menu"]["options"] if key]

    @property
    def shown(self):
        return self.seen["_form"]["menu"]["value"]

    text = property(lambda self: self.seen["formula"])
    message = property(lambda self: self.seen["_message"])
    domain_message = property(lambda self: self.seen["_domain_message"])
    note = property(lambda self: self.seen["note"])
    work = property(lambda self: self.seen["_work"])
    parts = property(lambda self: self.seen["_parts"])

    # ── ears ─────────────────────────────────────────────────────────────────────────────────────

    def clear(self):
        self.messages.clear()

    @property
    def updates(self):
        return [one.names for one in self.messages if one.method == "update"]

    @property
    def echoes(self):
        return [one.names for one in self.messages if one.method == "echo_update"]

    def agrees(self):
        """Whether Python has what this browser sees, in everything that is no browser's own."""
        state = self.explorer.get_state()
        plain = {n: v for n, v in state.items() if not _is_binary(v)}
        now = _as_json(plain) | {n: bytes(v) for n, v in state.items() if _is_binary(v)}
        differ = {n for n in now if n not in OWN and now[n] != self.seen.get(n)}
        assert not differ, {n: (now[n], self.seen.get(n)) for n in differ}
        return True

    # ── where values live ────────────────────────────────────────────────────────────────────────

    def _read(self, control):
        at = control["at"]
        found = self.seen[at["trait"]]
        value = found[at["key"]] if "key" in at else found
        if "end" in at:
            return control["high"] if value == at["end"] else min(value, control["high"])
        return value

    def _placed(self, at, value, state, high=None):
        trait = at["trait"]
        if "end" in at and high is not None and value >= high:
            value = at["end"]
        if "key" in at:
            whole = state.get(trait, self.seen[trait])
            whole = dict(whole) if isinstance(whole, dict) else list(whole)
            whole[at["key"]] = value
            value = whole
        return {trait: value} | ({at["clears"]: False} if "clears" in at else {})

    def _value_at(self, name, coordinate):
        fields = Control.__dataclass_fields__
        told = {key: part for key, part in self.control(name).items() if key in fields}
        return Control(**told).at(coordinate)


def _listed(intervals):
    return {name: list(ends) for name, ends in intervals.items()}


def _is_binary(value):
    return isinstance(value, bytes | memoryview)


def _as_json(state):
    kept = {name: value for name, value in state.items() if name != "layout"}
    return json.loads(json.dumps(kept, allow_nan=False))


@lru_cache(maxsize=32)
def _program(packed):
    return Program.from_data(*unpack_program(packed))


def _framed(panel, name, numbers):
    form = int(np.ravel(numbers.get(f"{name} form", 0.0))[0])
    told = np.ravel(numbers.get(f"{name} range", [*panel["x"], *panel["y"]])).tolist()
    return {**[panel, *panel["others"]][form], "x": told[:2], "y": told[2:]}


def _unpacked(picture, data):
    """What wire.js does: the numbers of every mark and output by its name."""
    names = picture["outputs"]
    counts = {mark["name"]: mark["count"] for mark in picture["marks"]}
    head = -4 * len(names) // 8 * -8
    lengths = np.frombuffer(data, "<u4", len(names)).tolist()
    numbers = np.frombuffer(data[head:], "<f8")
    starts = np.cumsum([len(picture["controls"]), *lengths])
    parts = dict(zip(names, np.split(numbers, starts)[1:-1], strict=True))
    return {
        name: np.pad(part, (0, counts.get(name, part.size) - part.size), constant_values=np.nan)
        for name, part in parts.items()
    }
