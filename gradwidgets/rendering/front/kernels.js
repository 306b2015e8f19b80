/**
 * What has to know shapes: a maker of steps for each row of the table that is not elementwise.
 *
 * @typedef {import("./shapes.js").Shape} Shape
 * @typedef {import("./shapes.js").Value} Value
 * @typedef {{[name: string]: any}} Attributes as in the data
 * @typedef {(changed: number, due: number) => boolean|void} Step computes, when inputs have changed;
 *   true where it stopped because it was `due`, and goes on when it is called with no change
 * @typedef {(m: Float64Array) => Step} Maker
 * @typedef {{inputs: Value[], outputs: Value[], start: Maker}} Body
 * @typedef {(out: Value, args: Value[], attributes: Attributes, body: () => Body) => Maker} Kernel
 */
import { isPlain, placesOf, sizeOf, sliced, stridesOf, stridesWithin } from "./shapes.js";

/** The bit in masks of the input at this place: from the 31st on they share one. @param {number} place */
export const bitOf = (place) => 1 << Math.min(place, 30);

/**
 * Where a result stands without being computed, for it is in the argument already; else -1.
 * @param {string} name @param {Value} value @param {Attributes} attributes @param {Shape} shape
 */
export function standsAt(name, value, attributes, shape) {
  if (name === "reshape" || (name === "broadcast_to" && sizeOf(value.shape) === sizeOf(shape))) return value.at;
  if (name !== "take") return -1;
  const { dims, strides, start } = sliced(value.shape ?? [], attributes.index);
  return isPlain(dims, strides) ? value.at + start : -1;
}

/** Elements from places to places. @param {Float64Array} m @param {Int32Array} to @param {Int32Array} from */
function move(m, to, from) {
  for (let k = 0; k < to.length; k += 1) m[to[k]] = m[from[k]];
}
/** @type {(to: Int32Array, from: Int32Array) => Maker} */
const moved = (to, from) => (m) => () => move(m, to, from);
/** All places of a value. @param {Value} value */
const inOrder = ({ at, shape }) => placesOf(shape ?? [], stridesOf(shape ?? []), at);
/** The places of a value's elements when it is broadcast. @param {Value} value @param {number[]} dims */
const broadcast = ({ at, shape }, dims) => placesOf(dims, stridesWithin(shape, dims), at);

/** @type {(fold: (m: Float64Array, at: number, places: Int32Array) => number) => Kernel} */
const reduction = (fold) => (out, [{ at, shape }], { axis, kept = 0 }) => {
  const dims = shape ?? [], strides = stridesOf(dims);
  const inside = dims.map((_, k) => (axis ? axis.includes(k) : k < dims.length - kept));
  const part = (/** @type {boolean} */ within, start = 0) =>
    placesOf(dims.filter((_, k) => inside[k] === within), strides.filter((_, k) => inside[k] === within), start);
  const starts = part(false, at), places = part(true);
  return (m) => () => {
    for (let i = 0; i < starts.length; i += 1) m[out.at + i] = fold(m, starts[i], places);
  };
};
/** Each after the other. @type {(first: number, both: (sum: number, next: number) => number) => Kernel} */
const folded = (first, both) => reduction((m, at, places) => {
  let found = first;
  for (let k = 0; k < places.length; k += 1) found = both(found, m[at + places[k]]);
  return found;
});

/** A sum in numpy's order: in halves down to 128, and these eight by eight. @param {Float64Array} m @param {number} at @param {Int32Array} places @param {number} from @param {number} to @returns {number} */
function total(m, at, places, from, to) {
  if (to - from > 128) {
    const middle = from + 8 * Math.floor((to - from) / 16);
    return total(m, at, places, from, middle) + total(m, at, places, middle, to);
  }
  let sum = 0, k = from;
  if (to - from >= 8) {
    const r = [0, 1, 2, 3, 4, 5, 6, 7].map((j) => m[at + places[from + j]]);
    for (k = from + 8; k + 8 <= to; k += 8) for (let j = 0; j < 8; j += 1) r[j] += m[at + places[k + j]];
    sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  }
  for (; k < to; k += 1) sum += m[at + places[k]];
  return sum;
}

/** @param {Int32Array[]} parts */
function chained(parts) {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** Arguments along an axis, each as long as `length` says. @param {Value} out @param {Value[]} args @param {number} axis @param {(part: Value) => number} length */
function joined(out, args, axis, length) {
  const all = out.shape ?? [], strides = stridesOf(all);
  const parts = args.map((part) => all.map((size, k) => (k === axis ? length(part) : size)));
  let start = out.at;
  const to = parts.map((dims) => placesOf(dims, strides, (start += dims[axis] * strides[axis]) - dims[axis] * strides[axis]));
  return moved(chained(to), chained(args.map((part, k) => broadcast(part, parts[k]))));
}

/** Rows of a matrix and of a right side solved by elimination with pivots; the determinant. @param {number[][]} rows */
function eliminate(rows) {
  const n = rows.length;
  let det = 1;
  for (let j = 0; j < n; j += 1) {
    let best = j;
    for (let i = j + 1; i < n; i += 1) if (Math.abs(rows[i][j]) > Math.abs(rows[best][j])) best = i;
    if (best !== j) (det = -det), ([rows[j], rows[best]] = [rows[best], rows[j]]);
    det *= rows[j][j];
    for (let i = j + 1; i < n; i += 1) {
      const share = rows[i][j] / rows[j][j];
      for (let k = j; k < rows[i].length; k += 1) rows[i][k] -= share * rows[j][k];
    }
  }
  for (let i = n - 1; i >= 0; i -= 1)
    for (let k = n; k < rows[i].length; k += 1) {
      for (let j = i + 1; j < n; j += 1) rows[i][k] -= rows[i][j] * rows[j][k];
      rows[i][k] /= rows[i][i];
    }
  return det;
}

/** On the right stands the second argument, or the unit matrix. @type {(found: (det: number, rows: number[][]) => number[]) => Kernel} */
const elimination = (found) => (out, [{ at, shape }, right]) => (m) => () => {
  const n = (shape ?? [])[0], width = right ? sizeOf(right.shape) / n : n;
  const rows = Array.from({ length: n }, (_, i) => [
    ...m.subarray(at + i * n, at + (i + 1) * n),
    ...(right ? m.subarray(right.at + i * width, right.at + (i + 1) * width) : Array.from({ length: n }, (_, j) => +(i === j))),
  ]);
  m.set(found(eliminate(rows), rows), out.at);
};
/** @type {(_: number, rows: number[][]) => number[]} */
const solutionOf = (_, rows) => rows.flatMap((row) => row.slice(rows.length));

/** Blocks from the places that an argument tells. @type {(out: Value, value: Value, places: Value, block: number, at: (place: number) => number) => Maker} */
const picked = (out, value, places, block, at) => (m) => () => {
  for (let i = 0; i < sizeOf(out.shape); i += 1) {
    const place = at(m[places.at + Math.floor(i / block)]);
    m[out.at + i] = place >= 0 ? m[value.at + place * block + (i % block)] : place < 0 ? 0 : NaN;
  }
};

/**
 * Rounds of a body, each run of a batch by itself. The values that it hands on it reads where its
 * `results` are put: in round t from `row(t)` on, one after the other. In runs that have ended they
 * stay as they are, or are NaN where each round has a row.
 * @typedef {{handed: number, own: number, each: boolean, last: (m: Float64Array) => number,
 *   row: (t: number) => number, ends: (m: Float64Array, row: number, i: number) => boolean}} Rounds
 * @param {Value[]} given @param {Body} body @param {Value[]} results @param {number[]} dims @param {Value} out @param {Rounds} rounds
 * @returns {Maker}
 */
function looped(given, body, results, dims, out, { handed, own, each, last, row, ends }) {
  const n = sizeOf(dims), inputs = body.inputs.map(inOrder), found = results.map((value) => broadcast(value, dims));
  const isStream = (/** @type {number} */ k) => k >= handed && k < handed + own;
  const rest = given.map((value, k) => (isStream(k) ? new Int32Array() : broadcast(value, body.inputs[k].shape ?? [])));
  const first = moved(chained(inputs.map((places, k) => (isStream(k) ? new Int32Array() : places))), chained(rest));
  const streams = given.slice(handed, handed + own).map(({ at, shape }) => {
    const one = (shape ?? []).slice(1);
    return { from: broadcast({ at, shape: one }, dims), size: sizeOf(one) };
  });
  const moving = inputs.slice(0, handed + own).reduce((bits, _, k) => bits | bitOf(k), 0);
  return (m) => {
    const run = body.start(m), begin = first(m), over = new Uint8Array(n);
    let t = 0, left = n, end = 0;
    const round = () => {
      streams.forEach(({ from, size }, k) => { for (let i = 0; i < n; i += 1) m[inputs[handed + k][i]] = m[from[i] + t * size]; });
      run(t === 0 ? -1 : moving, Infinity);
      const start = row(t);
      for (let k = 0; k < found.length; k += 1)
        for (let i = 0, to = start + k * n; i < n; i += 1, to += 1) if (!over[i]) m[to] = m[found[k][i]]; else if (each) m[to] = NaN;
      for (let i = 0; i < n; i += 1) if (!over[i] && ends(m, start, i)) (over[i] = 1), (left -= 1);
      for (let h = 0; h < handed; h += 1) for (let i = 0; i < n; i += 1) m[inputs[h][i]] = m[start + h * n + i];
      t += 1;
    };
    return (changed, due) => {
      if (changed !== 0) (t = 0), (left = n), (end = last(m)), over.fill(0), begin(0, 0);
      while (t < end && left > 0) {
        round();
        if (due < Infinity && t < end && performance.now() >= due) return true;
      }
      if (each) m.fill(NaN, row(t), out.at + sizeOf(out.shape));
      return false;
    };
  };
}

/** @type {Record<string, Kernel>} */
export const KERNELS = {
  sum: reduction((m, at, places) => total(m, at, places, 0, places.length) + 0), // never −0
  prod: folded(1, (product, next) => product * next),
  max: folded(-Infinity, Math.max),
  min: folded(Infinity, Math.min),
  any: folded(0, (found, next) => +(found !== 0 || next !== 0)),
  all: folded(1, (found, next) => +(found !== 0 && next !== 0)),
  cumsum: (out, [value], { axis }) => {
    const dims = out.shape ?? [], stride = stridesOf(dims)[axis], from = inOrder(value);
    return (m) => () => {
      for (let i = 0; i < from.length; i += 1) m[out.at + i] = m[from[i]] + (Math.floor(i / stride) % dims[axis] ? m[out.at + i - stride] : -0);
    };
  },
  transpose: (out, [{ at, shape }], { axes }) => {
    const strides = stridesOf(shape ?? []);
    return moved(inOrder(out), placesOf(out.shape ?? [], axes.map((/** @type {number} */ axis) => strides[axis]), at));
  },
  broadcast_to: (out, [value]) => moved(inOrder(out), broadcast(value, out.shape ?? [])),
  take: (out, [{ at, shape }], { index }) => {
    const { dims, strides, start } = sliced(shape ?? [], index);
    return moved(inOrder(out), placesOf(dims, strides, at + start));
  },
  put: (out, [value], { index }) => {
    const { dims, strides, start } = sliced(out.shape ?? [], index);
    const move = moved(placesOf(dims, strides, out.at + start), broadcast(value, dims));
    return (m) => {
      const step = move(m);
      return () => (m.fill(0, out.at, out.at + sizeOf(out.shape)), step(0, 0));
    };
  },
  gather: (out, [value, places], { block = 1 }) => picked(out, value, places, block, (place) => place),
  scatter: (out, [value, places]) => (m) => () => {
    m.fill(0, out.at, out.at + sizeOf(out.shape));
    for (let i = 0; i < sizeOf(value.shape); i += 1) if (m[places.at + i] >= 0) m[out.at + m[places.at + i]] += m[value.at + i];
  },
  pick: (out, [value, index]) => {
    const [count, ...others] = value.shape ?? [];
    return picked(out, value, index, sizeOf(others), (asked) => Math.min(Math.max(Math.floor(asked), 0), count - 1));
  },
  stack: (out, args) => joined(out, args, 0, () => 1),
  concatenate: (out, args, { axis }) => joined(out, args, axis, ({ shape }) => (shape ?? [])[axis]),
  einsum: (out, args, { subscripts }) => {
    const [terms, result] = subscripts.split("->"), letters = terms.split(",");
    const sizes = new Map();
    args.forEach(({ shape }, k) => [...letters[k]].forEach((letter, axis) => sizes.set(letter, Math.max(sizes.get(letter) ?? 0, (shape ?? [])[axis] ?? 1))));
    const walks = (/** @type {string[]} */ over) => args.map(({ shape }, k) => {
      const own = stridesOf(shape ?? []);
      const step = (/** @type {string} */ letter) => own.reduce((all, stride, axis) => all + (letters[k][axis] === letter && (shape ?? [])[axis] > 1 ? stride : 0), 0);
      return placesOf(over.map((letter) => sizes.get(letter)), over.map(step));
    });
    const outer = walks([...result]), inner = walks([...sizes.keys()].filter((letter) => !result.includes(letter)));
    return (m) => () => {
      for (let i = 0; i < outer[0].length; i += 1) {
        let sum = 0;
        for (let j = 0; j < inner[0].length; j += 1) {
          let product = 1;
          for (let k = 0; k < args.length; k += 1) product *= m[args[k].at + outer[k][i] + inner[k][j]];
          sum += product;
        }
        m[out.at + i] = sum;
      }
    };
  },
  solve: elimination(solutionOf),
  inv: elimination(solutionOf),
  det: elimination((det) => [det]),
  call: (out, args, _, body) => {
    const { inputs, outputs, start } = body(), results = joined(out, outputs, 0, () => 1);
    const given = moved(chained(inputs.map(inOrder)), chained(args.map((value, k) => broadcast(value, inputs[k].shape ?? []))));
    return (m) => {
      const before = given(m), run = start(m), after = results(m);
      return () => (before(0, 0), run(-1, Infinity), after(0, 0));
    };
  },
  call_if: (out, [condition, ...args], attributes, body) => {
    const call = KERNELS.call(out, args, attributes, body), end = out.at + sizeOf(out.shape);
    return (m, run = call(m)) => () => void (m[condition.at] !== 0 ? run(0, 0) : m.fill(NaN, out.at, end));
  },
  scan: (out, [rounds, ...given], { handed, own, capacity }, body) => {
    const [, width, ...dims] = out.shape ?? [], n = sizeOf(dims), made = body();
    return looped(given, made, made.outputs, dims, out, {
      handed, own, each: true,
      last: (m) => Math.min(Math.max(Math.floor(m[rounds.at]) || 0, 0), capacity),
      row: (t) => out.at + t * width * n,
      ends: (m, row, i) => !Number.isFinite(m[row + handed * n + i]),
    });
  },
  repeat: (out, given, { handed, capacity }, body) => {
    const dims = (out.shape ?? []).slice(1), made = body(), again = broadcast(made.outputs[0], dims);
    return looped(given, made, made.outputs.slice(1), dims, out, {
      handed, own: 0, each: false, last: () => capacity, row: () => out.at, ends: (m, _, i) => m[again[i]] === 0,
    });
  },
};
