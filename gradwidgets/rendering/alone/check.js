/**
 * Whether a page's numbers are Python's: at some states of every picture Python has left its own.
 *
 * numbers in explorers/checked.py are made in the same way.
 *
 * @import { Get } from "../front/values.js"
 * @import { Packet } from "./packet.js"
 * @typedef {{states: number, numbers: number, room: number, few: number}} Check places of parts: inputs
 *   of the program, state after state; what Python found; by how much it may differ. And how many
 *   numbers are told one by one
 */
import { numbersNow } from "./numbers.js";

const WEIGHTS = 7; // after so many numbers weights begin anew

/** A list of numbers in three: the largest, a weighted sum relative to it, and which are none. @param {ArrayLike<number>} list */
export function digestOf(list) {
  let [largest, sum, kinds] = [0, 0, 0];
  for (let k = 0; k < list.length; k += 1) if (Number.isFinite(list[k])) largest = Math.max(largest, Math.abs(list[k]));
  for (let k = 0; k < list.length; k += 1) {
    if (Number.isFinite(list[k])) sum += (1 + (k % WEIGHTS) / WEIGHTS) * (list[k] / (largest || 1));
    else kinds += (k + 1) * (Number.isNaN(list[k]) ? 1 : list[k] > 0 ? 2 : 3);
  }
  return [largest, sum, kinds];
}

/** @param {number|ArrayLike<number>} found @param {number} few */
function briefly(found, few) {
  const list = typeof found === "number" ? [found] : Array.from(found);
  return list.length > few ? digestOf(list) : list;
}

/** The first number that differs by more than it may, in a sentence, or "". @param {Get} get @param {Check} check @param {Packet} packet */
export function differenceIn(get, check, packet) {
  const { controls, ambient, outputs, later } = get("_picture"), width = controls.length + ambient.length;
  const [states, numbers, room] = [check.states, check.numbers, check.room].map(packet.numbers);
  const asked = outputs.filter((/** @type {string} */ _, /** @type {number} */ k) => !later.includes(k));
  let at = 0;
  for (let start = 0; start < states.length; start += width) {
    const found = numbersNow(get, Array.from(states.subarray(start, start + width)));
    for (const name of asked)
      for (const value of briefly(found[name], check.few)) {
        if (!Object.is(value, numbers[at]) && !(Math.abs(value - numbers[at]) <= room[at]))
          return `“${name}” is ${value} here, and ${numbers[at]} in Python.`;
        at += 1;
      }
  }
  return at === numbers.length ? "" : `There are ${at} numbers here, and ${numbers.length} in Python.`;
}
