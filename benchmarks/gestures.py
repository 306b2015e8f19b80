"""Gestures on the pictures of notebooks: how soon the pixels answer, and how often in a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.host import PANEL, Notebook

STRETCH = 8  # gestures; after a stretch of them the point turns back
FORMULAS = ("x**2 + 10*y**2", "x**2 + 6*y**2 + 2*x*y")

# The same look at every contender: in each animation frame, 80×60 pixels picked from the right part
# of what shows the result of the calculation, and not only the point that was moved.
# Picked, not averaged, and read from a small canvas of their own: copying a large one back would
# cost more than what is measured. An image that is not loaded yet counts as unchanged; what has
# loaded is decoded by the look itself, which spares it the further frame that decode() takes.
# The time is that of the first frame in which the look differs; a frame lasts 16.7 ms.
PROBE = f"""([surface, share]) => {{
  const [width, height] = [80, 60];
  const small = Object.assign(document.createElement("canvas"), {{ width, height }});
  const ctx = small.getContext("2d", {{ willReadFrequently: true }});
  ctx.imageSmoothingEnabled = false;
  const look = (place = [1 - share, 0, share, 1], shown = document.querySelector(surface)) => {{
    if (!shown || shown.complete === false) return null;
    const [w, h] = [shown.naturalWidth ?? shown.width, shown.naturalHeight ?? shown.height];
    ctx.clearRect(0, 0, width, height);
    const [left, top, wide, high] = place;
    ctx.drawImage(shown, left * w, top * h, wide * w, high * h, 0, 0, width, height);
    return new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
  }};
  const sleep = time => new Promise(resolve => setTimeout(resolve, time));
  const kernel = {PANEL}.sessionContext.session.kernel;
  const changed = (before, start, resolve) => {{
    const now = performance.now();
    if (look()?.some((pixel, k) => pixel !== before[k])) resolve(now - start);
    else requestAnimationFrame(() => changed(before, start, resolve));
  }};
  const settled = async (delay, rests = 6) => {{ // what is under way takes a round trip
    for (let quiet = 0; quiet < rests; quiet = kernel.status === "idle" ? quiet + 1 : 0) {{
      await sleep(20 + delay / 4);
    }}
  }};
  const watch = type => {{
    const before = look();
    const unchanged = new Error(`unchanged by ${{type}}: ${{surface}}`);
    const late = sleep(20000).then(() => Promise.reject(unchanged));
    const shown = new Promise(resolve => addEventListener(type, () => {{
      const start = performance.now();
      requestAnimationFrame(() => changed(before, start, resolve));
    }}, {{ capture: true, once: true }}));
    probe.shown = Promise.race([shown, late]);
  }};
  const bytes = {{}};
  const size = data => data.byteLength ?? data.size ?? new TextEncoder().encode(data).length;
  const content = data => {{ // with its buffers: what is not of the protocol's own
    if (typeof data === "string") return size(JSON.stringify(JSON.parse(data).content));
    const starts = new DataView(data instanceof ArrayBuffer ? data : data.buffer);
    return size(data) - Number(starts.getBigUint64(8 * 5, true)); // count, then 6 offsets or more
  }};
  const note = (way, data) => {{
    bytes[way] += content(data);
    bytes[`${{way}} in frames`] += size(data);
  }};
  const count = () => {{
    const socket = kernel._ws, send = socket.send;
    socket.send = data => {{ note("up", data); send.call(socket, data); }};
    socket.addEventListener("message", ({{ data }}) => note("down", data));
  }};
  const frames = (selector, place) => {{ // times of those that differ from the one before
    const shown = document.querySelector(selector), times = [];
    let before = look(place, shown);
    const frame = now => {{
      const after = look(place, shown);
      if (after.some((pixel, k) => pixel !== before[k])) times.push(now);
      before = after;
      if (probe.going) requestAnimationFrame(frame);
    }};
    Object.assign(probe, {{ going: true, times }});
    requestAnimationFrame(frame);
  }};
  window.probe = {{ look, watch, settled, count, bytes, frames }};
}}"""
WAYS = ("up", "down", "up in frames", "down in frames")
NO_BYTES = f"() => {{ for (const way of {list(WAYS)}) probe.bytes[way] = 0; }}"
BYTES = "() => ({ ...probe.bytes })"
SETTLED = "delay => probe.settled(delay)"
QUIET_SECOND = "() => probe.settled(0, 50)"
SHOWN = "() => probe.shown"
END = "() => { probe.going = false; return probe.times; }"
# What is to be done once everything is at rest, and the event from which the time counts.
Act = Callable[["Contender", int], tuple[str, Callable[[], None]]]
Place = tuple[float, float, float, float]  # left, top, width, height, in shares
Spot = tuple[float, float]  # on the page
WHOLE: Place = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Contender:
    """A notebook whose picture moves when something is done to it."""

    title: str
    notebook: Notebook
    surface: str  # selector of the canvas or image that changes
    focus: str  # selector of what hears the keys, or is dragged
    act: Act
    redraw: str = "pass"  # code that shows the whole picture anew, as it was first of all
    share: float = 1.0  # of the surface's width, on the right: what is looked at

    @property
    def page(self) -> Page:
        return self.notebook.page

    @property
    def held(self) -> Locator:
        return self.page.locator(self.focus).last

    def prepare(self) -> Contender:
        self.page.evaluate(PROBE, [self.surface, self.share])
        self.page.evaluate(QUIET_SECOND)
        self.notebook.run(self.redraw)
        self.notebook.wait_page("() => probe.look()?.some(Boolean)")
        self.page.evaluate(QUIET_SECOND)
        self.page.locator(self.surface).first.scroll_into_view_if_needed()
        return self

    def gesture(self, turn: int, delay: float) -> float:
        """Milliseconds from the event to the first frame with other pixels."""
        event, act = self.act(self, turn)
        self.page.evaluate(SETTLED, delay)
        self.page.evaluate("type => probe.watch(type)", event)
        act()
        time = float(self.page.evaluate(SHOWN))
        self.page.mouse.up()
        self.page.evaluate(SETTLED, delay)
        return time


def backwards(turn: int) -> bool:
    return turn // STRETCH % 2 == 1


def pressing(one: Contender, turn: int) -> tuple[str, Callable[[], None]]:
    one.held.focus()
    return "keydown", lambda: one.page.keyboard.press("ArrowDown" if backwards(turn) else "ArrowUp")


def dragging(one: Contender, turn: int) -> tuple[str, Callable[[], None]]:
    x, y = reachable(one.held)
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    across, down = (24, 16) if backwards(turn) else (-24, -16)
    return "pointermove", lambda: one.page.mouse.move(x + across, y + down)


def stepping(one: Contender, turn: int) -> tuple[str, Callable[[], None]]:
    """The buttons beside play: a step on, or back."""
    one.page.locator(one.focus).nth(0 if backwards(turn) else 2).focus()
    return "keydown", lambda: one.page.keyboard.press("Enter")


def typing(one: Contender, turn: int) -> tuple[str, Callable[[], None]]:
    """The other formula, and Enter."""
    one.held.fill(FORMULAS[(turn + 1) % 2])
    return "keydown", lambda: one.page.keyboard.press("Enter")


def reachable(place: Locator) -> Spot:
    """The middle of an element that a mouse is to hit: a slider's focus may have scrolled it away,
    and below the toolbar it still counts as visible."""
    place.evaluate("part => part.scrollIntoView({ block: 'center' })")
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ── frames ───────────────────────────────────────────────────────────────────────────────────────


def frames(page: Page, surface: str, act: Callable[[], None], place: Place = WHOLE) -> list[float]:
    """The times of the frames in which a share of a canvas differs from the frame before."""
    page.evaluate("([surface, place]) => probe.frames(surface, place)", [surface, list(place)])
    act()
    times: list[float] = page.evaluate(END)
    return times


def per_second(times: list[float]) -> float:
    return 1e3 * (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


# What a hand does in a frame, at a share of its way. A real mouse presses and lets go; moves are
# the page's own: a driver's come from another process, and on a busy machine not in every frame,
# so that a picture which refines between two of them would count twice.
DRAG = """([x, y, width, height], share) => {
  const [clientX, clientY] = [x + share * width, y + share * height];
  const at = { bubbles: true, cancelable: true, pointerId: 1, pointerType: "mouse", buttons: 1 };
  const on = document.elementFromPoint(x, y), told = { ...at, clientX, clientY };
  on.dispatchEvent(new PointerEvent("pointermove", told));
  on.dispatchEvent(new MouseEvent("mousemove", told));
}"""
SLIDE = """(range, share) => {
  range.value = Number(range.min) + (0.3 + 0.4 * share) * (range.max - range.min);
  range.dispatchEvent(new Event("input", { bubbles: true }));
}"""
WHEEL = """([clientX, clientY], share, closer) => {
  const told = { bubbles: true, cancelable: true, ctrlKey: true, clientX, clientY };
  const turn = new WheelEvent("wheel", { ...told, deltaY: closer ? -20 : 20 });
  document.elementFromPoint(clientX, clientY).dispatchEvent(turn);
}"""
EVERY_FRAME = """async ([on, moves]) => {{
  const act = {act};
  for (let k = 0; k < moves; k += 1) {{
    await new Promise(requestAnimationFrame);
    act(on, Math.abs((k + 30) % 60 - 30) / 30, k % 60 < 30);
  }}
}}"""


def every_frame(page: Page, act: str, on: object, moves: int) -> None:
    """Act so many times, once in every frame, to and fro."""
    page.evaluate(EVERY_FRAME.format(act=act), [on, moves])


def swing(page: Page, start: Spot, moves: int, width: float, height: float) -> None:
    """Drag to and fro, a move in every frame, as a hand's mouse does."""
    page.mouse.move(*start)
    page.mouse.down()
    every_frame(page, DRAG, [*start, width, height], moves)
    page.mouse.up()


def slide(slider: Locator, moves: int) -> None:
    """Move a slider to and fro, a step in every frame."""
    every_frame(slider.page, SLIDE, slider.element_handle(), moves)


def pan(page: Page, plot: Locator, moves: int) -> None:
    """Shift + drag."""
    page.keyboard.down("Shift")
    swing(page, reachable(plot), moves, 90, 60)
    page.keyboard.up("Shift")


def zoom(page: Page, plot: Locator, moves: int) -> None:
    """Control + wheel, closer and back."""
    every_frame(page, WHEEL, list(reachable(plot)), moves)
