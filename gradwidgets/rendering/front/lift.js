/**
 * A program of numbers for many points at once: f over a window, tile by tile.
 *
 * Every value gets one more axis, the last, for the points of a tile; of constant arrays it has
 * length one. Tiles are small enough to stay in a processor's cache, and memory serves again as
 * soon as a value is used for the last time.
 *
 * @typedef {import("./program.js").Data} Data
 * @typedef {import("./program.js").Listing} Listing
 */
import { LOOPS } from "./loops.js";
import { make } from "./program.js";

/** How attributes change. @typedef {(attributes: any, tile: number) => any} Change */
/** @type {(names: string, change: Change) => Record<string, Change>} */
const each = (names, change) => Object.fromEntries(names.split(" ").map((name) => [name, change]));
const LIFTED = {
  ...each("reshape broadcast_to stack concatenate cumsum", (attributes) => attributes),
  ...each("sum prod max min any all", (attributes) => ({ ...attributes, kept: 1 })),
  ...each("take put", ({ index }, tile) => ({ index: [...index, [0, tile, 1]] })),
  ...each("transpose", ({ axes }) => ({ axes: [...axes, axes.length] })),
  ...each("einsum", ({ subscripts }) => ({ subscripts: subscripts.replace(/(?=,|->)|$/g, "*") })),
  ...each("gather", (_, tile) => ({ block: tile })),
  ...each("call", ({ body }, tile) => ({ body: lifted(body, tile) })),
};

/** Whether each operation works alike with one more axis. @param {Listing} data @returns {boolean} */
const lifts = ({ calls, steps }) =>
  calls.every(([name, , more]) => name in LOOPS || (name in LIFTED && (name !== "call" || lifts(more?.body)))) &&
  steps.every(([call, whole, places]) => calls[call][0] !== "gather" || (whole >= 0 && places < 0));

/** @template {Listing} T @param {T} data @param {number} tile @returns {T} */
const lifted = (data, tile) => ({
  ...data,
  inputs: data.inputs.map(([name, shape]) => [name, [...(shape ?? []), tile]]),
  calls: data.calls.map(([name, shape, more]) => [name, [...(shape ?? []), tile], LIFTED[name]?.(more ?? {}, tile) ?? {}]),
});

/**
 * A program of numbers made ready for many points. The function that it returns takes an array for
 * each input, all of one length, and returns one for each output, of an array's elements one after
 * the other. What does not lift is run point by point.
 * @param {Data} data @param {Float64Array} numbers @returns {(...points: Float64Array[]) => Float64Array[]}
 */
export function lift(data, numbers, tile = 512) {
  const together = lifts(data), size = together ? tile : 1;
  const constants = data.constants.map((shape) => shape && [...shape, 1]);
  const { run } = together ? make({ ...lifted(data, tile), constants }, numbers, { whole: true }) : make(data, numbers);
  return (...points) => {
    const count = points[0].length;
    /** @type {Float64Array[]} */
    const results = [];
    for (let start = 0; start < count; start += size) {
      run(points.map((list) => list.subarray(start, start + size))).forEach((part, k) => {
        const view = typeof part === "number" ? Float64Array.of(part) : part, wide = together && data.outputs[k] >= 0 ? size : 1;
        const result = (results[k] ??= new Float64Array((view.length / wide) * count));
        for (let row = 0; row * wide < view.length; row += 1)
          for (let i = start; i < Math.min(start + size, count); i += 1) result[row * count + i] = view[row * wide + (wide > 1 ? i - start : 0)];
      });
    }
    return results;
  };
}

/** All points of a grid, the last axis fastest: a list for each axis. @param {ArrayLike<number>[]} axes */
export function mesh(...axes) {
  const count = axes.reduce((product, { length }) => product * length, 1);
  let block = count;
  return axes.map((axis) => {
    block /= axis.length;
    return Float64Array.from({ length: count }, (_, k) => axis[Math.floor(k / block) % axis.length]);
  });
}
