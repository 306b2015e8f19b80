/**
 * The lines of a function of one variable, over another window than Python has drawn them for.
 *
 * @import { Curves } from "./through.js"
 * @import { Packet } from "./packet.js"
 * @import { Ends } from "../front/windowing.js"
 * @import { Painted } from "../front/wire.js"
 */
import { lift, over } from "../front/lift.js";
import { fixedOf } from "../front/replay.js";
import { spacedPlaces } from "../front/sheets.js";

const SUDDEN_STEP = 0.02; // of a curve's height: a smaller step between neighbours is not looked into
const CLOSING = 1e-3; // a gap that bisection shrinks to less than this share of itself is none
const BISECTIONS = 60;

/** @type {WeakMap<object, ReturnType<lift>>} */
const liftedCurves = new WeakMap();

/** f and its derivatives at many places. @param {Curves} curves @param {Packet} packet @returns {(x: Float64Array) => Float64Array[]} */
function functionOf({ program, constants }, packet) {
  const data = packet.json(program), ready = liftedCurves.get(data) ?? lift(data, packet.numbers(constants));
  liftedCurves.set(data, ready);
  return (x) => over(ready, x).map((values) => values.map((value) => (Number.isFinite(value) ? value : NaN)));
}

/** The share of a curve's height between the outermost fiftieths. @param {Float64Array} values */
function heightOf(values) {
  const known = values.filter(Number.isFinite).sort();
  return known.length ? known[Math.floor(0.98 * (known.length - 1))] - known[Math.floor(0.02 * (known.length - 1))] : 0;
}

/** Whether a curve jumps between two places, and where. @param {(x: number) => number} at @param {number} low @param {number} high */
function jumpBetween(at, low, high) {
  let [below, above] = [at(low), at(high)];
  const whole = Math.abs(above - below);
  for (let turn = 0; turn < BISECTIONS; turn += 1) {
    const middle = (low + high) / 2, value = at(middle);
    if (Math.abs(value - below) >= Math.abs(above - value)) [high, above] = [middle, value];
    else [low, below] = [middle, value];
    if (Math.abs(above - below) <= CLOSING * whole) return null;
  }
  return [low, below, high, NaN, high, above];
}

/** Points of a curve, with a gap where it jumps. @param {Float64Array} x @param {Float64Array} values @param {(x: number) => number} at */
function branchesOf(x, values, at) {
  const least = SUDDEN_STEP * heightOf(values), found = /** @type {number[]} */ ([]);
  x.forEach((place, k) => {
    const step = k ? Math.abs(values[k] - values[k - 1]) : 0;
    found.push(...((step > least && jumpBetween(at, x[k - 1], place)) || []), place, values[k]);
  });
  return Float64Array.from(found);
}

/** Bytes as `pack_fixed` in wire.py writes them. @param {Float64Array[]} parts */
function packedNumbers(parts) {
  const head = 4 * (parts.length + (parts.length % 2)), bytes = new ArrayBuffer(head + 8 * parts.reduce((sum, { length }) => sum + length, 0));
  new Uint32Array(bytes, 0, parts.length).set(parts.map(({ length }) => length));
  let at = head;
  for (const part of parts) {
    new Float64Array(bytes, at, part.length).set(part);
    at += part.byteLength;
  }
  return new DataView(bytes);
}

/**
 * What stands still in a picture, with its curves over the window, if that is another one. `picture`
 * gets how many numbers they have.
 *
 * @param {Painted} picture @param {DataView<ArrayBuffer>} fixed @param {Curves} curves @param {Ends} ends @param {Packet} packet
 */
export function curvesThrough(picture, fixed, curves, ends, packet) {
  const shown = ends[picture.variables[0]];
  if (!shown) return fixed;
  const f = functionOf(curves, packet), x = spacedPlaces(shown, curves.points), values = f(x), order = new Map(curves.marks);
  const known = fixedOf(picture, fixed), still = picture.marks.filter((mark) => mark.fixed);
  const parts = still.map(({ name }) => {
    const place = order.get(name);
    if (place !== undefined) return branchesOf(x, values[place], (at) => f(Float64Array.of(at))[place][0]);
    return name.startsWith("zero ") ? Float64Array.of(shown[0], 0, shown[1], 0) : known[name];
  });
  const counts = new Map(still.map(({ name }, k) => [name, parts[k].length]));
  picture.marks = picture.marks.map((mark) => (mark.fixed ? { ...mark, count: counts.get(mark.name) ?? mark.count } : mark));
  return packedNumbers(parts);
}
