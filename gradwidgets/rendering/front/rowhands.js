/**
 * Hands on the rows of the data: dots that are dragged, added, removed; the same by keys and buttons.
 *
 * @import { Board, Part } from "./board.js"
 * @import { Pair, Panel } from "./wire.js"
 * @import { PanelPart } from "./panel.js"
 * @import { Shown } from "./replay.js"
 * @import { Edits, Rows } from "./rows.js"
 */
import { button } from "./buttons.js";
import { dataToPixel, pixelToData, pointerOn } from "./coordinates.js";
import { describe, element, OWN_KEYS, shownIf } from "./elements.js";
import { decimalsOf } from "./fields.js";
import { arraysIn, freshPlace, rowAt, rowKeyed, rowNear, slotBeside, slotsIn } from "./rows.js";
import { pick } from "./touch.js";
import { reading } from "./values.js";

const SLIP = 3; // pixels that a press may go and be no drag

/** What can be done with rows, and with the one that is looked at. @param {Board} board */
function rowActions({ get, set, rows, shown }) {
  /** @type {() => Edits} */
  const edits = () => get("edits") ?? {};
  const slot = () => /** @type {number} */ (get("row"));
  /** Where the row stands that is looked at, if there is one. @returns {Pair|null} */
  const place = ([x, y, weights] = rows()) => (weights[slot()] > 0 ? [x[slot()], y[slot()]] : null);
  const panel = () => /** @type {Panel|undefined} */ (shown()?.spec.panels[get("_picture").rows?.panel]);
  /** @param {number} at @param {Pair} one @param {number} weight */
  const put = (at, one, weight, next = at) => set({ edits: { ...edits(), [at]: [...one, weight] }, row: next });
  const usual = () => arraysIn(get("_rows"));
  const free = () => rows()[2].indexOf(0);
  const last = () => slotsIn(rows()).length < 2; // without a row there is no loss
  return {
    edits, slot, place, free, last,
    look: (/** @type {number} */ next) => next !== slot() && set({ row: next }),
    move: (/** @type {Pair} */ to) => put(slot(), to, rows()[2][slot()]),
    /** @param {Pair|null} [to] where a hand wants it */
    add: (to) => {
      const frame = panel(), told = get("_picture").rows;
      if (frame && free() >= 0) put(free(), to ? rowAt(told, frame, to) : freshPlace(told, frame, place()), 1);
    },
    remove: (one = place()) => one && !last() && put(slot(), one, 0, slotBeside(rows(), slot(), 1)),
    /** As it was, if it was. */
    restore: () => {
      const { [slot()]: _, ...others } = edits();
      if (place(usual())) set({ edits: others });
    },
    restoreAll: () => set({ edits: {}, row: place(usual()) ? slot() : slotsIn(usual())[0] }),
  }; // prettier-ignore
}

/** Buttons for who has no mouse at hand. @param {Board} board @returns {Part} */
export function rowsPart(board) {
  const { add, remove, restoreAll, free, place, edits, last } = rowActions(board);
  const buttons = [
    button("add a point", () => add(), board.signal),
    button("remove it", () => remove(), board.signal),
    button("all data back", restoreAll, board.signal),
  ];
  const refresh = () => [free() >= 0, place() && !last(), Object.keys(edits()).length].forEach((can, k) => (buttons[k].disabled = !can));
  return { el: element("div", "gw-field", {}, ...buttons), refresh };
}

/** What tells of a row to who does not see it. @param {Rows} rows @param {Float64Array[]} arrays @param {number} slot @returns {Record<string, string>} */
export function spokenRow({ steps, labels }, arrays, slot) {
  const slots = slotsIn(arrays), count = String(slots.length), now = String(slots.indexOf(slot) + 1);
  const [x, y] = steps.map((step, k) => reading({ digits: { decimals: labels && k ? 0 : decimalsOf(step), exponent: null } }, Number(arrays[k][slot].toPrecision(5))));
  return { "aria-valuetext": `row ${now} of ${count}: x ${x}, y ${y}`, "aria-valuenow": now, "aria-valuemin": "1", "aria-valuemax": count };
}

/** @param {Board} board */
export function rowHands(board) {
  const { get, rows, set, signal, shown } = board, acts = rowActions(board);
  const el = element("div", "gw-handle", { role: "slider", tabindex: "0", "aria-label": "data point", ...OWN_KEYS });
  /** @type {{from: Pair, offset: Pair, edits: Edits, moved: boolean}|null} */
  let drag = null;

  /** @type {Record<string, () => unknown>} */
  const keys = {
    PageUp: () => acts.look(slotBeside(rows(), acts.slot(), 1)),
    PageDown: () => acts.look(slotBeside(rows(), acts.slot(), -1)),
    Delete: () => acts.remove(), Backspace: () => acts.remove(), Insert: () => acts.add(), Home: acts.restore,
    Escape: () => {
      if (!drag) return el.blur();
      set({ edits: drag.edits });
      drag = null;
    },
  }; // prettier-ignore
  el.addEventListener("keydown", (event) => {
    const told = get("_picture").rows, panel = shown()?.spec.panels[told.panel], place = acts.place();
    if (!panel || !place || event.ctrlKey || event.metaKey) return;
    const to = rowKeyed(told, panel, place, event);
    if (to) acts.move(to);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  }, { signal }); // prettier-ignore

  /** Bring the element to the row that is looked at. @param {Shown} shown @param {(name: string) => PanelPart|undefined} panelNamed */
  const place = ({ spec }, panelNamed) => {
    const told = /** @type {Rows|null|undefined} */ (get("_picture").rows), at = told && spec.panels[told.panel] ? acts.place() : null;
    shownIf(el, at !== null);
    if (!told || !at) return;
    const plot = panelNamed(told.panel)?.plot, [x, y] = dataToPixel(spec.panels[told.panel], ...at);
    if (plot && el.parentNode !== plot) plot.append(el);
    el.dataset.mark = told.mark;
    el.style.transform = `translate(${x}px, ${y}px)`;
    describe(el, spokenRow(told, rows(), acts.slot()));
  };

  /** Hear of the hands on a panel, before others do. @param {PanelPart} part */
  const listen = ({ name, plot }) => {
    /** Hears where the pointer is, which row and whether a handle is there, and whether the event is ours. @template {keyof HTMLElementEventMap} Type @param {Type} type @param {(event: PointerEvent, at: Pair, panel: Panel, near: ReturnType<typeof rowNear>, taken: boolean) => unknown} hear */
    const when = (type, hear) => plot.addEventListener(type, (event) => {
      const now = shown(), panel = now?.spec.panels[name], { target, pointerType } = /** @type {PointerEvent} */ (event);
      if (!now || !panel || get("_picture").rows?.panel !== name || /** @type {Element} */ (target).closest("button")) return;
      const at = pointerOn(plot, /** @type {PointerEvent} */ (event)), row = rowNear(panel, rows(), at, pointerType === "touch");
      const handle = pick(now.spec, now.numbers, name, ...at, false), nearer = handle && row && handle.distance < row.distance;
      if (hear(/** @type {PointerEvent} */ (event), at, panel, nearer ? null : row, Boolean(handle))) event.preventDefault(), event.stopImmediatePropagation();
    }, { signal }); // prettier-ignore
    // A finger beside all handles scrolls.
    when("pointerdown", ({ button: pressed, pointerId, pointerType, target }, at, _, near) => {
      if (pressed || !near || (pointerType === "touch" && !/** @type {Element} */ (target).closest(".gw-handle"))) return false;
      drag = { from: at, offset: [near.at[0] - at[0], near.at[1] - at[1]], edits: acts.edits(), moved: false };
      plot.setPointerCapture(pointerId);
      acts.look(near.slot);
      shownIf(el, true);
      el.focus({ preventScroll: true });
      return true;
    });
    when("pointermove", ({ buttons }, at, panel, near) => {
      if (drag) {
        const { from, offset } = drag;
        drag.moved ||= Math.hypot(at[0] - from[0], at[1] - from[1]) >= SLIP;
        if (drag.moved) acts.move(rowAt(get("_picture").rows, panel, pixelToData(panel, at[0] + offset[0], at[1] + offset[1])));
      } else if (near && !buttons) {
        plot.style.cursor = "grab";
        acts.look(near.slot);
      }
      return drag ?? (near && !buttons);
    });
    // A finger that did not scroll has tapped.
    when("click", ({ pointerType }, _, __, near) => pointerType === "touch" && near && (acts.look(near.slot), true));
    when("dblclick", (_, at, panel, near, taken) => {
      const place = pixelToData(panel, ...at);
      if (near) acts.remove();
      else if (!taken && [panel.x, panel.y].every(([low, high], k) => low <= place[k] && place[k] <= high)) acts.add(place);
      return true;
    });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) plot.addEventListener(type, () => (drag = null), { signal });
  };
  return { place, listen };
}
