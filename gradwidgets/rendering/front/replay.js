/**
 * A picture at values of its controls: by its program, or where it has none by Python's numbers.
 *
 * @import { Mark, Numbers, Painted, Spec } from "./wire.js"
 * @import { Frame, Outputs } from "./frame.js"
 * @import { Data } from "./program.js"
 *
 * @typedef {{spec: Spec, numbers: Numbers, old: Set<string>, wanted: Wanted|null}} Shown `old` are
 *   marks whose numbers are still those of an earlier state; `wanted`: the frame is not the painted one
 * @typedef {{frames: Record<string, Frame>, kept: number[]}} Wanted
 * @typedef {{at(values: number[]): Shown|null, goOn(): boolean}} Replay `goOn` works on what comes
 *   later for some milliseconds, and tells whether all is done
 */
import { framesOf, isPainted, otherForm, stretched } from "./frame.js";
import { make } from "./program.js";
import { bytesOf, unpack } from "./wire.js";

const SLICE = 8; // milliseconds of work between two looks at what the hand does
/** @type {ReadonlySet<string>} */
const NONE = new Set();

/** Numbers as they travel: eight bytes each. @param {DataView} bytes */
const floatsOf = ({ buffer, byteOffset, byteLength }) => new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));

/** A list of controls' values by name. @param {Painted} spec @param {number[]} values */
const named = ({ controls }, values) => Object.fromEntries(controls.map(({ name }, k) => [name, values[k]]));

/** @param {number|Float64Array} result */
const asArray = (result) => (typeof result === "number" ? Float64Array.of(result) : result);

/** @param {ArrayLike<unknown>} one @param {ArrayLike<unknown>} two */
const sameList = (one, two) => one.length === two.length && Array.from(one).every((part, k) => Object.is(part, two[k]));

/** A picture's program made ready. @param {Painted} spec @param {Data} data @param {DataView<ArrayBuffer>|string} constants */
export const programOf = ({ later }, data, constants) => make(data, floatsOf(bytesOf(constants)), { later });

/**
 * A picture that its program moves.
 *
 * @param {Painted} spec
 * @param {ReturnType<make>} program
 * @returns {Replay}
 */
export function replayOf(spec, program) {
  const around = Object.fromEntries(spec.ambient.map(({ name, start }) => [name, start]));
  const late = spec.later.map((place) => spec.outputs[place]);
  /** @type {number[]|null} */
  let last = null;
  let due = false; // whether results that come later are still old
  /** @type {Outputs} */
  let outputs = {};
  /** @type {Record<string, Float64Array>} */
  const steady = {}; // of marks whose panel may take another form: the numbers of the painted one

  const run = (/** @type {number[]} */ values) => {
    const results = program.run([...values, ...Object.values(around)]);
    outputs = Object.fromEntries(spec.outputs.map((name, k) => [name, asArray(results[k])]));
    spec.kept.forEach(([name, output, place]) => (around[name] = outputs[output][place]));
    // Much of it may be as it was: then it is not old for a single frame.
    [last, due] = [values, late.length > 0 && !program.soon(1)];
  };
  const numbersOf = (/** @type {Mark} */ { name, panel }, /** @type {Record<string, Frame>} */ frames) => {
    const now = /** @type {Float64Array} */ (outputs[name]);
    if (!panel || !outputs[`${panel} form`]) return now;
    if (!otherForm(spec.panels[panel], frames[panel])) steady[name] = now.slice();
    return steady[name] ?? new Float64Array(now.length).fill(NaN);
  };
  const at = (/** @type {number[]} */ values) => {
    if (!last || !sameList(values, last)) run(values);
    const frames = framesOf(spec, outputs);
    const drawable = Object.fromEntries(spec.marks.map((mark) => [mark.name, numbersOf(mark, frames)]));
    // What is told beside the marks has its readers, too.
    const marks = /** @type {Record<string, Float64Array>} */ ({ ...outputs, ...drawable });
    const drawn = spec.marks.map((mark) => stretched(mark, spec.panels[mark.panel], frames[mark.panel]));
    const wanted = isPainted(spec, frames) ? null : { frames, kept: spec.kept.map(([name]) => around[name]) };
    return { spec: { ...spec, marks: drawn }, numbers: { values: named(spec, values), marks }, old: new Set(due ? late : NONE), wanted };
  };
  return { at, goOn: () => (due &&= !program.soon(SLICE), !due) };
}

/**
 * A picture whose numbers Python sends; only its spaces turn at once.
 *
 * @param {Painted} spec
 * @param {() => DataView<ArrayBuffer>|string} sent what Python sent last
 * @returns {Replay}
 */
export function sentOf(spec, sent) {
  /** @type {Numbers|null} */
  let numbers = null;
  /** @type {unknown} */
  let known = null;
  const turns = Object.values(spec.panels).flatMap(({ space }) => space?.turns ?? []);
  const at = (/** @type {number[]} */ values) => {
    const bytes = sent();
    if (bytes !== known) numbers = unpack(bytesOf(bytes), spec) ?? numbers;
    known = bytes;
    if (!numbers) return null;
    const turned = Object.fromEntries(Object.entries(named(spec, values)).filter(([name]) => turns.includes(name)));
    return { spec, numbers: { values: { ...numbers.values, ...turned }, marks: numbers.marks }, old: new Set(NONE), wanted: null };
  };
  return { at, goOn: () => true };
}
