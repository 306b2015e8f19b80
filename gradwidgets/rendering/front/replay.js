/**
 * A picture at values of its controls: by its program, or where it has none by Python's numbers.
 *
 * @import { Mark, Numbers, Painted, Spec, Told } from "./wire.js"
 * @import { Outputs } from "./frame.js"
 * @import { Look } from "./look.js"
 * @import { Data } from "./program.js"
 *
 * @typedef {{panels: Record<string, Told>, marks: Mark[], numbers: Numbers, old: Set<string>}} Played
 *   panels and marks as the program frames them, the same objects as long as they are the same;
 *   `old` are marks whose numbers are still those of an earlier state
 * @typedef {{spec: Spec, numbers: Numbers, old: Set<string>, look: Look,
 *   words: Record<string, string>}} Shown the same laid out; `words` are captions by their marks'
 *   names, in place of those that the program tells
 * @typedef {Record<string, number>} Around ambient numbers by name, in place of those that are usual
 * @typedef {{at(values: number[], around?: Around, arrays?: Float64Array[]): Played|null,
 *   goOn(): boolean}} Replay `arrays` are the picture's; `goOn` works on what comes later for some milliseconds, and tells whether all is done
 */
import { formedBy, framedBy, stretched, windowed } from "./frame.js";
import { make } from "./program.js";
import { alike, sameList } from "./values.js";
import { bytesOf, programIn, unpack } from "./wire.js";

const SLICE = 8; // milliseconds of work between two looks at what the hand does
/** @type {ReadonlySet<string>} */
const NONE = new Set();

/** A list of controls' values by name. @param {Painted} spec @param {number[]} values */
const named = ({ controls }, values) => Object.fromEntries(controls.map(({ name }, k) => [name, values[k]]));

/** @param {number|Float64Array} result */
const asArray = (result) => (typeof result === "number" ? Float64Array.of(result) : result);

/** A picture's program made ready. @param {Painted} spec @param {ArrayBuffer} plain */
export const programOf = ({ later }, plain) => make(...programIn(plain), { later });

/** The numbers of what no control moves. @param {Painted} spec @param {DataView<ArrayBuffer>|string} sent @returns {Numbers["marks"]} */
export function fixedOf({ marks }, sent) {
  const fixed = marks.filter((mark) => mark.fixed);
  return unpack(bytesOf(sent), { marks: fixed, controls: [] })?.marks ?? {};
}

/**
 * A function of a program's results that gives panels and marks as these frame them.
 *
 * @param {Painted} spec
 */
function framing(spec) {
  /** @type {Record<string, {sign: string, own: Told, panel: Told, lines: Record<string, Mark>}>} */
  const known = {};
  const frame = (/** @type {string} */ name, /** @type {Outputs} */ outputs) => {
    const sign = [...Array.from(outputs[`${name} form`] ?? []), ...Array.from(outputs[`${name} range`] ?? [])].join();
    if (known[name]?.sign === sign) return;
    const own = formedBy(name, spec.panels[name], outputs);
    known[name] = { sign, own, panel: framedBy(name, own, outputs), lines: {} };
  };
  const framed = (/** @type {Mark} */ mark) => {
    const { own, panel, lines } = known[mark.panel] ?? {};
    return panel && panel !== own ? (lines[mark.name] ??= stretched(mark, own.x, panel.x)) : mark;
  };
  return (/** @type {Outputs} */ outputs) => {
    const names = Object.keys(spec.panels);
    names.forEach((name) => frame(name, outputs));
    return { panels: Object.fromEntries(names.map((name) => [name, known[name].panel])), marks: spec.marks.map(framed) };
  };
}

/**
 * A picture that its program moves.
 *
 * @param {Painted} spec
 * @param {ReturnType<make>} program
 * @param {Numbers["marks"]} fixed
 * @returns {Replay}
 */
export function replayOf(spec, program, fixed) {
  const usual = Object.fromEntries(spec.ambient.map(({ name, start }) => [name, start]));
  const late = spec.later.map((place) => spec.outputs[place]), frame = framing(spec), through = throughWindow();
  /** @type {unknown[]|null} */
  let last = null;
  let due = false; // whether results that come later are still old
  /** @type {Record<string, Float64Array>} */
  let outputs = {};

  const run = (/** @type {(number|Float64Array)[]} */ inputs) => {
    const results = program.run(inputs);
    outputs = Object.fromEntries(spec.outputs.map((name, k) => [name, asArray(results[k])]));
    spec.kept.forEach(([name, output, place]) => (usual[name] = outputs[output][place]));
    // Much of it may be as it was: then it is not old for a single frame.
    due = late.length > 0 && !program.soon(1);
  };
  const at = (/** @type {number[]} */ values, /** @type {Around} */ around = {}, /** @type {Float64Array[]} */ arrays = []) => {
    const given = [...values, ...spec.ambient.map(({ name }) => around[name] ?? NaN), ...arrays];
    if (!last || !sameList(given, last)) run([...values, ...Object.entries(usual).map(([name, value]) => around[name] ?? value), ...arrays]);
    last = given;
    const numbers = { values: named(spec, values), marks: { ...fixed, ...outputs } }, { panels, marks } = frame(outputs);
    // Where the program does not depend on the window, nobody has framed the panels by it.
    return { panels: through(panels, around), marks, numbers, old: new Set(due ? late : NONE) };
  };
  return { at, goOn: () => (due &&= !program.soon(SLICE), !due) };
}

/** Panels through another window, the same objects as long as these and that are the same. */
function throughWindow() {
  /** @type {Record<string, {panel: Told, around: Around, framed: Told}>} */
  const known = {};
  const framed = (/** @type {string} */ name, /** @type {Told} */ panel, /** @type {Around} */ around) => {
    const last = known[name];
    if (last?.panel === panel && alike(last.around, around)) return last.framed;
    known[name] = { panel, around, framed: windowed(panel, around) };
    return known[name].framed;
  };
  return (/** @type {Record<string, Told>} */ panels, /** @type {Around} */ around) =>
    Object.fromEntries(Object.entries(panels).map(([name, panel]) => [name, framed(name, panel, around)]));
}

/**
 * A picture whose numbers Python sends; only its spaces turn at once, and its panels' windows.
 *
 * @param {Painted} spec
 * @param {() => DataView<ArrayBuffer>|string} sent what Python sent last
 * @param {Numbers["marks"]} fixed
 * @returns {Replay}
 */
export function sentOf(spec, sent, fixed) {
  const frame = framing(spec), through = throughWindow();
  /** @type {Numbers|null} */
  let numbers = null;
  /** @type {unknown} */
  let known = null;
  const turns = Object.values(spec.panels).flatMap(({ space }) => space?.turns ?? []);
  const at = (/** @type {number[]} */ values, /** @type {Around} */ around = {}) => {
    const bytes = sent();
    if (bytes !== known) numbers = unpack(bytesOf(bytes), spec) ?? numbers;
    known = bytes;
    if (!numbers) return null;
    const turned = Object.fromEntries(Object.entries(named(spec, values)).filter(([name]) => turns.includes(name)));
    const { panels, marks } = frame(numbers.marks);
    return { panels: through(panels, around), marks, old: new Set(NONE),
      numbers: { values: { ...numbers.values, ...turned }, marks: { ...fixed, ...numbers.marks } } }; // prettier-ignore
  };
  return { at, goOn: () => true };
}
