/**
 * The rows of the data: the arrays that a program is given, and what a hand changes in them.
 *
 * A row is a slot of the arrays x, y and weights. Where the weight is 0 there is none: it was
 * removed, or there is room for one.
 *
 * @import { Pair, Panel } from "./wire.js"
 * @import { Key } from "./touch.js"
 *
 * @typedef {{panel: string, mark: string, steps: Pair, labels: boolean}} Rows where a hand takes rows,
 *   which mark stands on the one that is looked at, and in which steps they move; labels are 0 or 1
 * @typedef {Record<string, number[]>} Edits x, y and weight by slot
 */
import { snap, stepped } from "./control.js";
import { dataToPixel } from "./coordinates.js";
import { countOf, turnsOf } from "./touch.js";
import { remembered } from "./values.js";
import { bytesOf } from "./wire.js";

const NEAR = 12; // pixels from a row to a mouse that means it; a finger may be twice as far
const STEPS_BESIDE = 10; // steps from a row to one that is added

/** x, y and weights as Python sent them, with what a hand has changed. @param {DataView<ArrayBuffer>|string|undefined} sent @param {Edits} [edits] */
export function arraysIn(sent, edits = {}) {
  const { buffer, byteOffset, byteLength } = bytesOf(sent);
  const all = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)), room = all.length / 3;
  for (const [slot, row] of Object.entries(edits)) row.forEach((value, k) => (all[k * room + Number(slot)] = value));
  return [0, 1, 2].map((k) => all.subarray(k * room, (k + 1) * room));
}

/** The slots of the rows that are there. */
export const slotsIn = remembered((/** @type {Float64Array[]} */ [, , weights]) => [...weights.keys()].filter((slot) => weights[slot] > 0));

/** The next row's slot or the one before, round and round. @param {Float64Array[]} arrays @param {number} slot @param {number} turn 1 or −1 */
export function slotBeside(arrays, slot, turn) {
  const slots = slotsIn(arrays).slice();
  if (turn < 0) slots.reverse();
  return slots.find((one) => turn * (one - slot) > 0) ?? slots[0] ?? slot;
}

/** The row near a pixel of its panel, with its place and distance in pixels. @param {Panel} panel @param {Float64Array[]} arrays @param {Pair} at @param {boolean} finger */
export function rowNear(panel, arrays, [pixelX, pixelY], finger = false) {
  const found = slotsIn(arrays).map((slot) => {
    const at = dataToPixel(panel, arrays[0][slot], arrays[1][slot]);
    return { slot, at, distance: Math.hypot(at[0] - pixelX, at[1] - pixelY) };
  }).filter(({ distance }) => distance <= (finger ? 2 : 1) * NEAR).sort((a, b) => a.distance - b.distance); // prettier-ignore
  return found.length ? found[0] : null;
}

/** The values that a row may have, as those of controls. @param {Rows} rows @param {Panel} panel */
const axesOf = ({ steps, labels }, { x, y }) =>
  [x, labels ? [0, 1] : y].map(([low, high], k) => ({ low, high, step: k && labels ? 1 : steps[k], scale: "linear", cyclic: false }));

/** The place that a row may have, the nearest one. @param {Rows} rows @param {Panel} panel @param {Pair} place @returns {Pair} */
export const rowAt = (rows, panel, place) => /** @type {Pair} */ (axesOf(rows, panel).map((axis, k) => snap(axis, place[k])));

/** The place to which a key brings a row, or null. @param {Rows} rows @param {Panel} panel @param {Pair} place @param {Key} key @returns {Pair|null} */
export function rowKeyed(rows, panel, place, key) {
  const turns = turnsOf(key);
  return turns && /** @type {Pair} */ (axesOf(rows, panel).map((axis, k) => stepped(axis, place[k], turns[k] * countOf(key))));
}

/** A place for one more row: beside another one, or in the middle. @param {Rows} rows @param {Panel} panel @param {Pair|null} other */
export function freshPlace(rows, panel, other) {
  const { x, y } = panel, [middle, height] = [x, y].map(([low, high]) => (low + high) / 2);
  const [across, up] = other ?? [middle, height];
  return rowAt(rows, panel, [other ? across + (across < middle ? STEPS_BESIDE : -STEPS_BESIDE) * rows.steps[0] : across, up]);
}
