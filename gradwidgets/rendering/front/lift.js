/**
 * A program of numbers for many points at once: f over a window, tile by tile.
 *
 * Every value gets one more axis, the last, for the points of a tile; of constants, of arrays that
 * all points share, and of what depends on these alone, it has length one. Tiles are small enough to stay in a processor's cache, and memory serves again as
 * soon as a value is used for the last time.
 *
 * @typedef {import("./program.js").Data} Data
 * @typedef {import("./program.js").Listing} Listing
 * @typedef {import("./shapes.js").Shape} Shape
 */
import { LOOPS } from "./loops.js";
import { make, opened } from "./program.js";
import { sizeOf } from "./shapes.js";

const TILED = 8192; // numbers of one value, about, where points share an array

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

/**
 * With one more axis. Each call is there twice: for points, and for what they share.
 * @template {Listing} T @param {T} data @param {number} tile @param {number[]} widths of the inputs; those of all values follow
 * @returns {T}
 */
function lifted(data, tile, widths = data.inputs.map(() => tile)) {
  const { inputs, calls, steps } = data, wider = (/** @type {Shape} */ shape, /** @type {number} */ width) => [...(shape ?? []), width];
  return {
    ...data,
    inputs: inputs.map(([name, shape], k) => [name, wider(shape, widths[k])]),
    steps: steps.map(([call, ...refs]) => {
      const width = Math.max(1, ...refs.map((ref) => widths[ref] ?? 1));
      widths.push(width);
      return [width > 1 ? call : call + calls.length, ...refs];
    }),
    calls: [tile, 1].flatMap((width) => calls.map(([name, shape, more]) => [name, wider(shape, width), LIFTED[name]?.(more ?? {}, width) ?? {}])),
  };
}

/** An output's shape at one point. @param {Data} data @param {number} ref @returns {Shape} */
function shapeOf({ inputs, steps, calls, constants }, ref) {
  if (ref < 0) return constants[-1 - ref];
  return ref < inputs.length ? inputs[ref][1] : calls[steps[ref - inputs.length][0]][1];
}

/**
 * A program of numbers made ready for many points. `run` takes an array for each number, all of one
 * length, and for an array the one that all points share; the first input is a number. It returns
 * an array for each output, of an array's elements one after the other. They are
 * NaN until `soon` comes to them, which works for some milliseconds, but on one tile at least, and
 * tells whether all is done. What does not lift goes point by point.
 * @param {Data} data @param {Float64Array} numbers
 */
export function lift(data, numbers, tile = 512) {
  data = opened(data);
  const shared = data.inputs.map(([, shape]) => shape !== null), rows = Math.max(1, ...data.inputs.map(([, shape]) => sizeOf(shape)));
  tile = Math.max(2, Math.min(tile, Math.ceil(TILED / rows)));
  const widths = shared.map((one) => (one ? 1 : tile)), together = lifts(data), size = together ? tile : 1;
  const constants = data.constants.map((shape) => shape && [...shape, 1]);
  const program = together ? make({ ...lifted(data, tile, widths), constants }, numbers, { whole: true }) : make(data, numbers);
  let points = /** @type {Float64Array[]} */ ([]), results = /** @type {Float64Array[]} */ ([]), start = 0;
  const count = () => points[0]?.length ?? 0;
  function oneTile() {
    const end = Math.min(start + size, count());
    program.run(points.map((list, k) => (shared[k] ? list : list.subarray(start, end)))).forEach((part, k) => {
      const view = typeof part === "number" ? [part] : part, wide = together ? (widths[data.outputs[k]] ?? 1) : 1;
      for (let row = 0; row * wide < view.length; row += 1) {
        const at = row * count();
        if (wide > 1) results[k].set(view.slice(row * wide, row * wide + end - start), at + start);
        else results[k].fill(view[row], at + start, at + end);
      }
    });
    start = end;
  }
  return {
    run(/** @type {Float64Array[]} */ given) {
      [points, start] = [given, 0];
      return (results = data.outputs.map((ref) => new Float64Array(sizeOf(shapeOf(data, ref)) * count()).fill(NaN)));
    },
    soon(/** @type {number} */ milliseconds) {
      const due = performance.now() + milliseconds;
      do if (start < count()) oneTile();
      while (start < count() && performance.now() < due);
      return start >= count();
    },
  };
}

/** All outputs at all points, at once. @param {ReturnType<typeof lift>} program @param {Float64Array[]} points */
export function over(program, ...points) {
  const results = program.run(points);
  program.soon(Infinity);
  return results;
}

/** All points of a grid, the last axis fastest: a list for each axis. @param {ArrayLike<number>[]} axes */
export function mesh(...axes) {
  const count = axes.reduce((product, { length }) => product * length, 1);
  let block = count;
  return axes.map((axis) => {
    block /= axis.length;
    const all = new Float64Array(count);
    for (let k = 0; k < count; k += 1) all[k] = axis[Math.floor(k / block) % axis.length];
    return all;
  });
}
