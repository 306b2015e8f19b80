/**
 * f over a map: by its program for many places at once, or from the grid that Python sends where
 * there is no program.
 *
 * @import { Cut } from "./breaks.js"
 * @import { Data } from "./program.js"
 *
 * @typedef {{x: Float64Array, y: Float64Array, values: Float64Array, torn?: Uint8Array|null}} Sheet
 *   where f is undefined its value is NaN; `torn` where it is known
 * @typedef {Record<string, number>} Inputs controls' values and ambient numbers by name
 * @typedef {{x: [number, number], y: [number, number], held: Inputs, arrays: Float64Array[]}} View what
 *   is seen, where all the other variables stand, and the picture's arrays
 * @typedef {{variables: string[], sheet: (view: View, count: number) => Generator<void, Sheet>,
 *   values: Cut|null, slopes: ((x: Float64Array, y: Float64Array) => Float64Array[])|null,
 *   arrows: Float64Array|null}} Land f over two variables: `slopes` are f and its partials across
 *   and up at many places; where there is no program, `arrows` are Python's
 * @typedef {(across: string, up: string) => Land} Source
 */
import { lift, mesh, over } from "./lift.js";

const SLICE_OF_SHEET = 3; // milliseconds of work between two looks at the clock

/** Evenly from end to end, as numpy's linspace. @param {ArrayLike<number>} ends @param {number} count */
export function spacedPlaces({ 0: low, 1: high }, count) {
  const step = (high - low) / (count - 1), places = new Float64Array(count);
  for (let k = 0; k < count; k += 1) places[k] = k === count - 1 ? high : low + k * step;
  return places;
}

/** A program that computes some of its outputs alone. @param {Data} data @param {number[]} places @returns {Data} */
export function onlyOutputs(data, places) {
  const { inputs, steps } = data, kept = new Set(places.map((place) => data.outputs[place]));
  for (let k = steps.length - 1; k >= 0; k -= 1)
    if (kept.has(inputs.length + k)) steps[k].slice(1).forEach((ref) => kept.add(ref));
  const left = steps.filter((_, k) => kept.has(inputs.length + k));
  const renamed = new Map(inputs.map((_, k) => [k, k]));
  steps.forEach((step, k) => kept.has(inputs.length + k) && renamed.set(inputs.length + k, inputs.length + left.indexOf(step)));
  const now = (/** @type {number} */ ref) => renamed.get(ref) ?? ref; // constants keep their places
  return {
    ...data,
    steps: left.map(([call, ...refs]) => [call, ...refs.map(now)]),
    outputs: places.map((place) => now(data.outputs[place])),
  };
}

/**
 * The terrain by a program from all variables, and a picture's arrays or their first parts, to f
 * and its partials across and up.
 *
 * @param {Data} data @param {Float64Array} constants @returns {Source}
 */
export const programSource = (data, constants) => (across, up) => {
  const variables = data.inputs.filter(([, shape]) => !shape).map(([name]) => name);
  const heights = lift(onlyOutputs(data, [0]), constants);
  let [held, arrays] = [/** @type {Inputs} */ ({}), /** @type {Float64Array[]} */ ([])];
  /** @type {ReturnType<typeof lift>|null} */
  let rising = null;
  const places = (/** @type {Float64Array} */ x, /** @type {Float64Array} */ y) =>
    [...variables.map((name) => (name === across ? x : name === up ? y : new Float64Array(x.length).fill(held[name] ?? 0))), ...arrays];

  function* sheet(/** @type {View} */ view, /** @type {number} */ count) {
    ({ held, arrays } = view);
    const [x, y] = [spacedPlaces(view.x, count), spacedPlaces(view.y, count)];
    const [values] = heights.run(places(.../** @type {[Float64Array, Float64Array]} */ (mesh(x, y))));
    while (!heights.soon(SLICE_OF_SHEET)) yield;
    for (let k = 0; k < values.length; k += 1) if (!Number.isFinite(values[k])) values[k] = NaN;
    return { x, y, values };
  }
  return {
    variables, sheet, arrows: null,
    values: (x, y) => over(heights, ...places(x, y))[0],
    slopes: (x, y) => over((rising ??= lift(data, constants)), ...places(x, y)),
  }; // prettier-ignore
};

/**
 * The terrain as `pack_grid` in rendering/terrain.py told it: over one window, with the others held
 * where they were.
 *
 * @param {DataView} bytes inflated @param {string[]} variables @returns {Source}
 */
export const gridSource = (bytes, variables) => {
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const [nx, ny, arrows] = new Uint32Array(whole, 0, 4);
  const numbers = new Float64Array(whole, 16, nx + ny + nx * ny + 4 * arrows);
  const part = (/** @type {number} */ from, /** @type {number} */ count) => numbers.subarray(from, from + count);
  const odd = new Uint8Array(whole, 16 + numbers.byteLength, nx * ny);
  const told = {
    x: part(0, nx), y: part(nx, ny), values: part(nx + ny, nx * ny),
    torn: odd.some((kind) => kind & 1) ? odd.map((kind) => kind & 1) : null,
  }; // prettier-ignore
  const asAsked = halved({ ...told, values: told.values.map((value, k) => (odd[k] & 2 ? NaN : value)) });
  return () => ({
    variables, values: null, slopes: null, arrows: part(nx + ny + nx * ny, 4 * arrows),
    // eslint-disable-next-line require-yield
    *sheet(_, count) {
      return count < nx ? asAsked : told;
    },
  }); // prettier-ignore
};

/** Every second place. @param {Sheet} sheet @returns {Sheet} */
function halved({ x, y, values }) {
  const even = (/** @type {Float64Array} */ places) => places.filter((_, k) => k % 2 === 0);
  return { x: even(x), y: even(y), values: values.filter((_, k) => k % y.length % 2 === 0 && Math.floor(k / y.length) % 2 === 0) };
}

/** Values over the given ranges, evenly. @param {{x: [number, number], y: [number, number], values: number[][]}} told @returns {Sheet} */
export function toldSheet({ x, y, values }) {
  return { x: spacedPlaces(x, values.length), y: spacedPlaces(y, values[0].length), values: Float64Array.from(values.flat()) };
}
