/**
 * A picture's numbers at a state, where a page needs them beside what it draws.
 *
 * @import { Get } from "../front/values.js"
 */
import { arraysIn } from "../front/rows.js";
import { programOf } from "../front/replay.js";
import { valueOf } from "../front/values.js";

/** @type {WeakMap<object, ReturnType<programOf>>} */
const ready = new WeakMap(); // by the bytes of their programs

/** The program of a picture; in a page it stands there inflated. @param {Get} get */
function programNow(get) {
  const bytes = /** @type {DataView} */ (get("_program"));
  const known = ready.get(bytes) ?? programOf(get("_picture"), /** @type {ArrayBuffer} */ (bytes.buffer));
  ready.set(bytes, known);
  return known;
}

/** All numbers of a picture, by the names of marks and other outputs; `inputs` are those without its arrays. @param {Get} get @param {number[]} [inputs] */
export function numbersNow(get, inputs) {
  const { controls, ambient, outputs, arrays } = get("_picture");
  const here = [...controls.map((/** @type {any} */ control) => valueOf(get, control)), ...ambient.map((/** @type {any} */ { start }) => start)];
  const found = programNow(get).run([...(inputs ?? here), ...(arrays?.length ? arraysIn(get("_rows"), get("edits")) : [])]);
  return Object.fromEntries(outputs.map((/** @type {string} */ name, /** @type {number} */ k) => [name, found[k]]));
}

/** Where a step leads: the last numbers of what is told of it. @param {Get} get @param {string} note */
export function destinationOf(get, note) {
  const told = /** @type {Float64Array} */ (numbersNow(get)[note]);
  return Array.from(told.slice(told.length - get("point").length));
}
