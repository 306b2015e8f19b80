/**
 * The lines of a function of one variable, over any window; calculus/sketch.py has the same.
 *
 * @import { Curves } from "./through.js"
 * @import { Packet } from "./packet.js"
 * @import { Painted } from "../front/wire.js"
 */
import { lift, over } from "../front/lift.js";
import { fixedOf } from "../front/replay.js";
import { quantileOf } from "../front/scales.js";
import { spacedPlaces } from "../front/sheets.js";
import { madeFor } from "../front/windowing.js";

const SUDDEN_STEP = 0.02; // of a curve's height: a smaller step between neighbours is not looked into
const CLOSING = 1e-3; // a gap that bisection shrinks to less than this share of itself is none
const BISECTIONS = 60;
const NOISE_OF_SIZE = 1e-12; // of f's size over the width: what rounding alone may make

/** @type {WeakMap<object, ReturnType<lift>>} */
const liftedCurves = new WeakMap();

/** f and its derivatives at many places. @param {Curves} curves @param {Packet} packet @returns {(x: Float64Array) => Float64Array[]} */
function functionOf({ program }, packet) {
  const data = packet.program(program), ready = liftedCurves.get(data) ?? lift(data, packet.numbers(data.numbers));
  liftedCurves.set(data, ready);
  return (x) => over(ready, x).map((values) => values.map((value) => (Number.isFinite(value) ? value : NaN)));
}

/** The value below which so many of all finite ones lie. @param {Float64Array} values @param {number} share */
function shareOf(values, share) {
  const known = values.filter(Number.isFinite).sort();
  return known.length ? quantileOf(known, share) : 0;
}

/**
 * Ever smaller intervals over which a curve changes most, until all of them are closed; of those that
 * stay open both sides, for a jump.
 *
 * @param {(x: Float64Array) => Float64Array} at @param {number[][]} wide each interval's ends
 * @returns {(number[]|null)[]}
 */
function jumpsIn(at, wide) {
  const ends = [0, 1].map((end) => at(Float64Array.from(wide, (pair) => pair[end])));
  const all = wide.map(([low, high], k) => ({ low, high, below: ends[0][k], above: ends[1][k], whole: Math.abs(ends[1][k] - ends[0][k]) }));
  let open = all;
  for (let turn = 0; turn < BISECTIONS && open.length; turn += 1) {
    const values = at(Float64Array.from(open, ({ low, high }) => (low + high) / 2));
    open.forEach((one, k) => {
      const middle = (one.low + one.high) / 2, isLeft = Math.abs(values[k] - one.below) >= Math.abs(one.above - values[k]);
      Object.assign(one, isLeft ? { high: middle, above: values[k] } : { low: middle, below: values[k] });
    });
    open = open.filter(({ below, above, whole }) => !(Math.abs(above - below) <= CLOSING * whole));
  }
  return all.map((one) => (open.includes(one) ? [one.low, one.below, one.high, NaN, one.high, one.above] : null));
}

/** Points of a curve, with a gap where it jumps. @param {Float64Array} x @param {Float64Array} values @param {number} noise @param {(x: Float64Array) => Float64Array} at */
function branchesOf(x, values, noise, at) {
  const height = shareOf(values, 0.98) - shareOf(values, 0.02), least = Math.max(SUDDEN_STEP * height, noise);
  const wide = Array.from(x.keys()).filter((k) => k && Math.abs(values[k] - values[k - 1]) > least);
  const jumps = wide.length ? jumpsIn(at, wide.map((k) => [x[k - 1], x[k]])) : [], gaps = new Map(wide.map((k, place) => [k, jumps[place]])); // prettier-ignore
  return Float64Array.from([...x.keys()].flatMap((k) => [...(gaps.get(k) ?? []), x[k], values[k]]));
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
 * What stands still in a picture, with the curves over what is seen. `picture` gets how many numbers
 * they have.
 *
 * @param {Painted} picture @param {DataView<ArrayBuffer>} fixed @param {Curves} curves @param {Packet} packet
 */
export function withCurves(picture, fixed, curves, packet) {
  const [low, high] = madeFor(picture)[picture.variables[0]], order = new Map(curves.marks);
  const f = functionOf(curves, packet), x = spacedPlaces([low, high], curves.points), all = f(x), size = shareOf(all[0].map(Math.abs), 0.9);
  const noises = all.map((_, k) => (NOISE_OF_SIZE * size) / (high - low) ** k);
  const values = all.map((list, k) => list.map((value) => (Math.abs(value) <= noises[k] ? 0 : value)));
  const known = fixedOf(picture, fixed), still = picture.marks.filter((mark) => mark.fixed);
  const parts = still.map(({ name }) => {
    const place = order.get(name);
    if (place !== undefined) return branchesOf(x, values[place], noises[place], (at) => f(at)[place]);
    return name.startsWith("zero ") ? Float64Array.of(low, 0, high, 0) : known[name];
  });
  const counts = new Map(still.map(({ name }, k) => [name, parts[k].length]));
  picture.marks = picture.marks.map((mark) => (mark.fixed ? { ...mark, count: counts.get(mark.name) ?? mark.count } : mark));
  return packedNumbers(parts);
}
