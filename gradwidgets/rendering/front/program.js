/**
 * Programs as data, replayed: `make` plans memory and steps once, `run` only computes.
 *
 * The data are those that calculus/program/data.py writes. All values stand in one Float64Array, a
 * number as an array of one, so an element, a row or another shape is only another place. Numbers
 * are computed in runs of coded instructions, arrays by a closure each.
 *
 * @typedef {import("./shapes.js").Shape} Shape
 * @typedef {import("./shapes.js").Value} Value
 * @typedef {import("./kernels.js").Attributes} Attributes
 * @typedef {import("./kernels.js").Body} Body
 * @typedef {import("./kernels.js").Step} Step
 * @typedef {import("./kernels.js").Maker} Maker
 * @typedef {{inputs: [string, Shape][], calls: [string, Shape, Attributes?][], steps: number[][],
 *   outputs: number[]}} Listing
 * @typedef {Listing & {constants: Shape[], bodies?: Listing[]}} Data
 * @typedef {{mask: number, make: Maker}} Planned
 * @typedef {{claim: (shape: Shape) => number, release: (value: Value) => void, size: () => number,
 *   bodies: Map<Listing, Body>}} Room
 * @typedef {(inputs: ArrayLike<number | ArrayLike<number>>) => (number | Float64Array)[]} Run
 */
import { bitOf, KERNELS, standsAt } from "./kernels.js";
import { CODES, LOOPS, runNumbers } from "./loops.js";
import { rowsOf, sizeOf } from "./shapes.js";

const FIRST = 1 << 31; // a bit in every mask: of the first run, in which nothing is known

/**
 * Memory that is given out, and where it was released given out again. What a body has released it
 * keeps to itself, for it may run between any two steps that stand around it.
 * @param {Room} [around] @returns {Room}
 */
function roomIn(around) {
  /** @type {Record<number, number[]>} */
  const free = {};
  let size = 0;
  const more = (/** @type {Shape} */ shape) => (size += sizeOf(shape)) - sizeOf(shape);
  return {
    claim: (shape) => free[sizeOf(shape)]?.pop() ?? (around ? around.claim(shape) : more(shape)),
    release: ({ at, shape }) => void (free[sizeOf(shape)] ??= []).push(at),
    size: () => size, bodies: around ? around.bodies : new Map(),
  };
}

/** @type {(name: string, out: Value, args: Value[]) => Maker} */
function elementwise(name, out, args) {
  const { alike, spread } = LOOPS[name], n = sizeOf(out.shape);
  const [a, b, c] = args.map(({ at }) => at);
  if (args.every(({ shape }) => sizeOf(shape) === n)) return (m) => () => alike(m, n, out.at, a, b, c);
  const { length, starts: [A, B, C], steps: [s, t, u] } = rowsOf(out.shape ?? [], args);
  return (m) => () => spread(m, length, out.at, A, s, B, t, C, u);
}

/** Steps in order; numbers that follow one another are computed in one of them. */
function stepList() {
  const steps = /** @type {Planned[]} */ ([]);
  let codes = /** @type {number[]|null} */ (null);
  /** @param {number} mask @param {number[]} code operation, result, arguments */
  function number(mask, [code, o, a, b = 0, c = 0]) {
    const run = (codes ??= []);
    if (!run.length) steps.push({ mask: 0, make: (m, all = Int32Array.from(run)) => (changed) => runNumbers(m, all, changed) });
    steps[steps.length - 1].mask |= mask;
    run.push(code, mask, o, a, b, c);
  }
  const other = (/** @type {number} */ mask, /** @type {Maker} */ make) => void (codes = null, steps.push({ mask, make }));
  return { steps, number, other };
}

/**
 * The data with programs where their places among the bodies stand; a body comes before what calls it.
 * @param {Data} data @param {Listing[]} done @returns {Data}
 */
export function opened({ bodies = [], ...whole }, done = []) {
  const open = (/** @type {any} */ listing) => ({ ...listing, calls: listing.calls.map((/** @type {any} */ [name, shape, more]) =>
    [name, shape, more && "body" in more ? { ...more, body: done[more.body] ?? more.body } : more]) });
  return bodies.forEach((body) => done.push(open(body))), open(whole);
}

/** Which values outputs need, but for those at the places `later`. @param {Listing} data @param {number[]} later */
function neededNow({ inputs, steps, outputs }, later) {
  const needed = new Set(outputs.filter((_, place) => !later.includes(place)));
  for (let k = steps.length - 1; k >= 0; k -= 1)
    if (needed.has(inputs.length + k)) steps[k].slice(1).forEach((ref) => needed.add(ref));
  return needed;
}

/**
 * Where everything stands and what is done, now or `later`. Memory serves again where the `whole`
 * is run at every run, from beginning to end: what a mask skips must keep its value.
 * @param {Listing} data @param {Value[]} constants @param {Room} room @param {boolean} whole @param {number[]} later
 */
function planned(data, constants, room, whole, later) {
  const values = data.inputs.map(([, shape]) => ({ at: room.claim(shape), shape }));
  const masks = values.map((_, place) => FIRST | bitOf(place));
  const valueOf = (/** @type {number} */ ref) => (ref < 0 ? constants[-1 - ref] : values[ref]);
  const needed = later.length ? neededNow(data, later) : null, [now, soon] = [stepList(), stepList()];
  const used = whole ? releaser(data, values, room) : () => {};
  for (const [call, ...refs] of data.steps) {
    const [name, shape, attributes = {}] = data.calls[call], args = refs.map(valueOf);
    const mask = whole ? FIRST : refs.reduce((all, ref) => (ref < 0 ? all : all | masks[ref]), FIRST);
    const list = !needed || needed.has(values.length) ? now : soon, numbers = args.every((value) => value.shape === null);
    const known = standsAt(name, args[0], attributes, shape), out = { at: known < 0 ? room.claim(shape) : known, shape };
    const body = () => bodyOf(attributes.body, constants, room, name.startsWith("call"));
    if (known < 0 && numbers && name in CODES) list.number(mask, [CODES[name], out.at, ...args.map(({ at }) => at)]);
    else if (known < 0 && numbers && name === "stack") args.forEach(({ at }, k) => list.number(masks[refs[k]] ?? FIRST, [CODES.copy, out.at + k, at]));
    else if (known < 0) list.other(mask, name in LOOPS ? elementwise(name, out, args) : KERNELS[name](out, args, attributes, body));
    values.push(out);
    masks.push(mask);
    used(refs, known >= 0);
  }
  return { inputs: values.slice(0, data.inputs.length), outputs: data.outputs.map(valueOf), now: now.steps, soon: soon.steps };
}

/**
 * What hears of every step, its arguments and whether its result is only a part of the first, and
 * releases memory after its last use.
 * @param {Listing} data @param {Value[]} values @param {Room} room @returns {(refs: number[], part: boolean) => void}
 */
function releaser({ inputs, steps, outputs }, values, room) {
  const uses = new Float64Array(inputs.length + steps.length), owners = inputs.map(() => -1);
  for (const [, ...refs] of steps) for (const ref of refs) if (ref >= 0) uses[ref] += 1;
  for (const ref of outputs) if (ref >= 0) uses[ref] = Infinity;
  return (refs, part) => {
    const place = owners.length;
    owners.push(part ? (owners[refs[0]] ?? -1) : place);
    if (part && owners[place] >= 0) uses[owners[place]] += uses[place];
    for (const ref of refs) if (owners[ref] >= 0 && (uses[owners[ref]] -= 1) === 0) room.release(values[owners[ref]]);
  };
}

/** @param {Float64Array} m @param {Planned[]} groups @returns {Step} */
function runnerOf(m, groups) {
  const masks = groups.map(({ mask }) => mask), steps = groups.map(({ make }) => make(m));
  return (changed) => {
    for (let k = 0; k < steps.length; k += 1) if (masks[k] & changed) steps[k](changed, Infinity);
  };
}

/**
 * A program inside of another. All calls share one, for no round of theirs hands anything on to the next.
 * @param {Listing} data @param {Value[]} constants @param {Room} room @param {boolean} called @returns {Body}
 */
function bodyOf(data, constants, room, called) {
  const known = called && room.bodies.get(data);
  if (known) return known;
  const { inputs, outputs, now } = planned(data, constants, roomIn(room), called, []);
  /** @type {Step|null} */
  let made = null;
  const body = /** @type {Body} */ ({ inputs, outputs, start: (m) => (made ??= runnerOf(m, now)) });
  return called && room.bodies.set(data, body), body;
}

/** Write a value, and tell whether it is another one. @param {Float64Array} m @param {Value} place @param {number | ArrayLike<number>} value */
function written(m, { at, shape }, value) {
  const given = typeof value === "number" ? [value] : value;
  let other = false;
  for (let k = 0; k < sizeOf(shape); k += 1) {
    other ||= !Object.is(m[at + k], given[k]);
    m[at + k] = given[k];
  }
  return other;
}

/**
 * A program made ready. `run` takes numbers and arrays, which nobody changes any more, in the order
 * of its inputs, and returns its outputs, arrays row by row, which the next run overwrites. Outputs at the places `later` stay as
 * they were until `soon` is through, which works on them for some milliseconds, but one step at
 * least, and tells whether all is done; first of all they are NaN.
 * @param {Data} data @param {Float64Array} numbers its constants, one after the other
 * @param {{later?: number[], whole?: boolean}} options `whole`: no input stays the same, so memory may serve again
 */
export function make(data, numbers, { later = [], whole = false } = {}) {
  const room = roomIn();
  const constants = data.constants.map((shape) => ({ at: room.claim(shape), shape }));
  const { inputs, outputs, now, soon } = planned(opened(data), constants, room, whole, later);
  const m = new Float64Array(room.size()).fill(NaN);
  m.set(numbers);
  const work = runnerOf(m, now), steps = soon.map(({ make }) => make(m));
  const stale = new Int32Array(soon.length), begun = new Uint8Array(soon.length);
  const views = outputs.map(({ at, shape }) => m.subarray(at, at + sizeOf(shape)));
  const found = views.map((view, k) => (outputs[k].shape ? view : NaN));
  const refreshed = () => (outputs.forEach(({ at, shape }, k) => shape || (found[k] = m[at])), found);
  /** @type {(number|ArrayLike<number>)[]|null} */
  let last = null;

  /** @type {Run} */
  function run(values) {
    let changed = whole || !last ? -1 : 0;
    inputs.forEach((place, k) => { if (!Object.is(values[k], last?.[k]) && written(m, place, values[k])) changed |= bitOf(k); });
    last = Array.from(values);
    work(changed, Infinity);
    soon.forEach(({ mask }, k) => { if (mask & changed) stale[k] |= changed; });
    return refreshed();
  }
  /** @param {number} milliseconds */
  function goOn(milliseconds) {
    const due = performance.now() + milliseconds;
    for (let k = 0; k < steps.length; k += 1) {
      if (!stale[k] && !begun[k]) continue;
      begun[k] = +(steps[k](stale[k], due) ?? false);
      stale[k] = 0;
      if (begun[k] || performance.now() >= due) return refreshed(), !begun[k] && k + 1 === steps.length;
    }
    return refreshed(), true;
  }
  return { run, soon: goOn };
}
