/**
 * Handles and ticks as elements over the picture, that take focus, keys and pointers.
 *
 * @import { Board } from "./board.js"
 * @import { Control, Marker, Numbers, Pair, Spec } from "./wire.js"
 * @import { Shown } from "./replay.js"
 * @import { PanelPart } from "./panel.js"
 * @import { Placed } from "./touch.js"
 *
 * @typedef {{name: string, numbers: Numbers, offset: Pair, before: Record<string, number>}} Drag
 *   `numbers` from when it was grabbed, `before`: what it changes as it was then
 */
import { captionsOf } from "./captions.js";
import { pointerOn } from "./coordinates.js";
import { describe, element, holds, OWN_KEYS, shownIf } from "./elements.js";
import { dragValues, drivenBy, handles, keyValues, pick, pressedTick, pressValues, ticks } from "./touch.js";
import { reading, valueOf } from "./values.js";

const ROOM = 90; // letters that a handle says of the caption

/** The controls that a marker moves or sets. @param {Spec} spec @param {(string|null)[]} names */
const controlsOf = ({ controls }, names) => controls.filter(({ name }) => names.includes(name));

/** What a handle or tick is called. @param {Control[]} controls */
const nameOf = (controls) =>
  controls.length > 1 && controls.every(({ at }) => at.trait === "point") ? "point" : controls.map(({ label }) => label).join(" and ");

/** Values with their names, as a reader hears them. @param {Control[]} controls @param {Record<string, number>} values */
const listed = (controls, values) => controls.map((control) => `${control.label} ${reading(control, values[control.name])}`).join(", ");

/** A number without an exponent, which attributes of ARIA do not know. @param {number} value */
const decimal = (value) => (String(value).includes("e") ? value.toFixed(20) : String(value));

/** What tells of a handle to who does not see it. @param {Shown} shown @param {Marker} mark @returns {Record<string, string>} */
export function spokenOf(shown, mark) {
  const controls = controlsOf(shown.spec, drivenBy(mark)), { values } = shown.numbers;
  const { name, low, high } = controls[0], caption = captionsOf(shown)[0]?.text ?? "";
  const text = listed(controls, values);
  return { "aria-label": mark.pulls?.length ? `curve, ${mark.name}` : nameOf(controls), "aria-valuetext": caption && caption.length <= ROOM ? `${text}; ${caption}` : text,
    "aria-valuenow": decimal(values[name]), "aria-valuemin": decimal(low), "aria-valuemax": decimal(high) }; // prettier-ignore
}

/** Only what a drag needs of the numbers, which the next replay overwrites. @param {Numbers} numbers @param {Marker} mark @returns {Numbers} */
const grabbedOf = ({ values, marks }, { name }) => ({ values: { ...values }, marks: { [name]: marks[name].slice() } });

/** Elements of handles and ticks, and how they are brought to their places in panels. @param {Board} board @param {(name: string) => PanelPart|undefined} panelNamed */
export function handsOn(board, panelNamed) {
  /** @type {Map<string, HTMLElement>} */
  const parts = new Map();
  /** @type {Drag|null} */
  let drag = null;
  let dropped = false; // whether the click that comes ends a drag

  const shownMark = (/** @type {Placed[]} */ all, /** @type {string} */ name) => all.find(({ mark }) => mark.name === name)?.mark;
  const handleNamed = (/** @type {Shown} */ { spec, numbers }, /** @type {string} */ name) => shownMark(handles(spec, numbers), name);
  /** Numbers with the values of the state, which two keys within one frame have moved before they are drawn. */
  const now = (/** @type {Shown} */ { spec, numbers }) => {
    const values = spec.controls.map((control) => [control.name, valueOf(board.get, control)]).filter(([, value]) => Number.isFinite(value));
    return { ...numbers, values: { ...numbers.values, ...Object.fromEntries(values) } };
  };
  const press = (/** @type {string} */ name) => {
    const shown = board.shown();
    const tick = shown && shownMark(ticks(shown.spec, shown.numbers), name);
    if (tick) board.give(pressValues(shown.spec, shown.numbers, tick));
  };
  const keyed = (/** @type {string} */ name, /** @type {KeyboardEvent} */ event) => {
    const shown = board.shown(), mark = shown && handleNamed(shown, name);
    if (!mark || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return drag ? giveBack() : parts.get(name)?.blur();
    const values = keyValues(shown.spec, now(shown), mark, event);
    if (!values) return;
    event.preventDefault();
    board.give(values);
  };
  const giveBack = () => {
    if (drag) board.give(drag.before);
    drag = null;
  };
  const made = (/** @type {string} */ name, /** @type {boolean} */ tick) => {
    const known = parts.get(name);
    if (known) return known;
    /** @type {HTMLElement} */
    const part = tick ? element("button", "gw-tick", { type: "button", ...OWN_KEYS })
      : element("div", "gw-handle", { role: "slider", tabindex: "0", ...OWN_KEYS }); // prettier-ignore
    // A pointer's click has pressed already, when it came down.
    if (tick) part.addEventListener("click", (event) => event.detail || press(name), { signal: board.signal });
    else part.addEventListener("keydown", (event) => keyed(name, event), { signal: board.signal });
    part.dataset.mark = name;
    parts.set(name, part);
    return part;
  };
  /** Bring the elements to where their marks are. @param {Shown} shown */
  const place = (shown) => {
    const { spec, numbers } = shown, [moved, set] = [handles(spec, numbers), ticks(spec, numbers)], both = [...moved, ...set];
    const all = both.map(({ mark, at: [x, y] }, k) => {
      const part = made(mark.name, k >= moved.length);
      shownIf(part, Number.isFinite(x) && Number.isFinite(y));
      part.style.transform = `translate(${x}px, ${y}px)`;
      return part;
    });
    moved.forEach(({ mark }, k) => describe(all[k], spokenOf(shown, mark)));
    set.forEach(({ mark }, k) => {
      const values = pressValues(spec, numbers, mark);
      describe(all[moved.length + k], { "aria-label": `set ${listed(controlsOf(spec, Object.keys(values)), values)}` });
    });
    parts.forEach((part, name) => all.includes(part) || parts.delete(name));
    for (const name of Object.keys(spec.panels)) {
      const layer = panelNamed(name)?.hands;
      if (layer) holds(layer, all.filter((_, k) => both[k].mark.panel === name));
    }
  };
  const grab = (/** @type {Shown} */ { spec, numbers }, /** @type {Placed} */ { mark, at }, /** @type {Pair} */ [x, y]) => {
    const before = Object.fromEntries(drivenBy(mark).flatMap((name) => (name ? [[name, numbers.values[name]]] : [])));
    drag = { name: mark.name, numbers: grabbedOf(numbers, mark), offset: [at[0] - x, at[1] - y], before };
    if (!mark.pulls?.length) board.give(dragValues(spec, numbers, mark, ...at));
    parts.get(mark.name)?.focus({ preventScroll: true });
  };
  /** The handle or tick under a pointer. @param {Event} event */
  const partAt = ({ target }) => (target instanceof Element ? /** @type {HTMLElement|null} */ (target.closest(".gw-handle, .gw-tick")) : null);

  /** Hear of the hands on a panel. @param {PanelPart} panel */
  const listen = ({ name: on, plot }) => {
    /**
     * @template {keyof HTMLElementEventMap} Type
     * @param {Type} type
     * @param {(event: HTMLElementEventMap[Type], shown: Shown, at: Pair) => void} hear
     */
    const when = (type, hear) => plot.addEventListener(type, (event) => {
      const shown = board.shown();
      if (shown?.spec.panels[on]) hear(event, shown, pointerOn(plot, /** @type {PointerEvent} */ (event)));
    }, { signal: board.signal }); // prettier-ignore
    when("pointerdown", (event, shown, at) => {
      const { spec, numbers } = shown, own = partAt(event);
      if (event.button || (event.pointerType === "touch" && !own)) return;
      // A finger's target is larger than what a mouse must hit.
      const broad = pick(spec, numbers, on, ...at, false) ? undefined : own?.matches(".gw-tick") && own.dataset.mark;
      const tick = pressedTick(spec, numbers, on, ...at)?.name ?? broad;
      const picked = tick ? null : pick(spec, numbers, on, ...at, true);
      if (!tick && !picked) return;
      event.preventDefault();
      if (tick) {
        parts.get(tick)?.focus({ preventScroll: true });
        press(tick);
      }
      if (!picked) return;
      plot.setPointerCapture(event.pointerId);
      grab(shown, picked, at);
    });
    when("pointermove", (event, shown, at) => {
      const { spec, numbers } = shown, mark = drag && handleNamed(shown, drag.name);
      if (drag && mark) {
        const grabbed = mark.pulls?.length ? numbers : { ...numbers, ...drag.numbers };
        board.give(dragValues(spec, grabbed, mark, at[0] + drag.offset[0], at[1] + drag.offset[1]));
        return;
      }
      const near = pick(spec, numbers, on, ...at, false), far = pick(spec, numbers, on, ...at, true);
      plot.style.cursor = pressedTick(spec, numbers, on, ...at) ? "pointer" : near ? "grab" : far ? "crosshair" : "";
    });
    // A finger that did not scroll has tapped: the handle comes there.
    when("click", (event, shown, at) => {
      if (!(event instanceof PointerEvent) || event.pointerType !== "touch" || partAt(event)) return;
      const { spec, numbers } = shown, tick = pressedTick(spec, numbers, on, ...at), picked = pick(spec, numbers, on, ...at, true);
      if (tick) press(tick.name);
      else if (picked && !dropped) board.give(dragValues(spec, numbers, picked.mark, ...picked.at));
    });
    const release = () => {
      dropped = drag !== null;
      drag = null;
      setTimeout(() => (dropped = false));
    };
    when("pointerup", release);
    when("pointercancel", release);
    when("lostpointercapture", release);
  };
  return { place, listen };
}
