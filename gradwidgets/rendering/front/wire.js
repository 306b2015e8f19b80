/**
 * What Python sends: a description of the scene, and its numbers; the partner of wire.py.
 *
 * Numbers are the scene's own, in data coordinates; pictures/marks.py tells what each mark's mean.
 *
 * @import { Data } from "./program.js"
 * @import { Rows } from "./rows.js"
 * @import { Told as Levels, Terrain } from "./terrain.js"
 *
 * @typedef {[number, number]} Pair
 * @typedef {[string|null, string|null]} Names
 * @typedef {{x: number[], y: number[], heights: (number|null)[][], levels: number[], floor: number,
 *   centre: Pair, half: Pair, turns: [string, string]}} Space
 * @typedef {{floor: number, centre: Pair, half: Pair, low: number, high: number, box: string,
 *   turns: [string, string]}} Box a space as it is told, without its heights
 * @typedef {{x: Pair, y: Pair, title: string, xlabel: string, ylabel: string, equal: boolean,
 *   xlog: boolean, ylog: boolean, xticks: number[]|null, yticks: number[]|null, left: boolean,
 *   tall: number, bare: boolean, least: number, most: number|null, stacked: boolean, under: boolean,
 *   axes: Names, terrain: Terrain|Levels|null, space: Box|null, others: Told[]}} Told a panel as it is
 *   told; title and labels are HTML
 * @typedef {Omit<Told, "space"> & {space: Space|null, box: [number, number, number, number],
 *   unlabelled?: boolean}} Panel a panel as it is laid out: with heights, where its frame is in its
 *   own canvas, whether it has no labels along x
 * @typedef {{trait: string, key?: string|number, end?: number, rows?: boolean}} At where a value lives in the model:
 *   in a trait, or in an element of it; the trait's value `end` means the control's `high`, which with `rows` is at present their number
 * @typedef {{name: string, label: string, low: number, high: number, step: number, start: number,
 *   scale: string, cyclic: boolean, symbol?: string, unit?: string, digits: {decimals: number, exponent: number|null}, at: At}} Control
 *
 * @typedef {{name: string, panel: string, color: string, pinned: boolean, count: number,
 *   fixed?: boolean, still?: boolean}} Shared `fixed`: nothing moves it; `still`: only data do
 * @typedef {Shared & {kind: "Polyline", width: number, dash: number[], along: number[]|null,
 *   fill: string, squares?: boolean, dots: number, counts?: boolean}} Polyline
 * @typedef {Shared & {kind: "Arrow", width: number, free: boolean}} Arrow
 * @typedef {Shared & {kind: "Marker", size: number, shape: string, moves: Names, sets: Names,
 *   origin: string, pulls?: string[]}} Marker
 * @typedef {Shared & {kind: "Label", texts: string[], size: number, above: boolean, aside: number,
 *   front: boolean, urgent?: boolean, letters?: number, free?: boolean, level?: boolean}} Label
 * @typedef {Shared & {kind: "Surface", flat: boolean, low: string, high: string}} Surface
 * @typedef {Polyline|Arrow|Marker|Label|Surface} Mark
 *
 * @typedef {{marks: Mark[], controls: Control[], panels: Record<string, Panel>,
 *   still?: Mark[]}} Spec what is drawn; labels avoid what is `still` there
 * @typedef {{key: string, variables: string[], marks: Mark[], controls: Control[],
 *   panels: Record<string, Told>, ambient: {name: string, start: number}[],
 *   kept: [string, string, number][], outputs: string[], later: number[],
 *   dark?: Record<string, string>, arrays?: string[], rows?: Rows|null}} Painted what `_picture` tells: panels, marks, and what the
 *   program takes and gives
 * @typedef {{values: Record<string, number>, marks: Record<string, Float64Array>}} Numbers
 * @typedef {DataView<ArrayBuffer>|string} Sent bytes, which some hosts hand over as base64
 */

/** Bytes as a host hands them over: a page whose state is JSON has them as base64. @param {Sent|undefined} bytes @returns {DataView<ArrayBuffer>} */
export function bytesOf(bytes) {
  if (typeof bytes !== "string") return bytes ?? new DataView(new ArrayBuffer(0));
  return new DataView(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)).buffer);
}

/** @param {Sent|undefined} sent */
export const isEmpty = (sent) => !bytesOf(sent).byteLength;

/** A program as `pack_program` in wire.py wrote it, inflated: its data, and its constants. @param {ArrayBuffer} plain @returns {[Data, Float64Array]} */
export function programIn(plain) {
  const end = plain.byteLength - 8, start = end - 8 * new Float64Array(plain, end)[0];
  return [JSON.parse(new TextDecoder().decode(plain.slice(0, start))), new Float64Array(plain.slice(start, end))];
}

/**
 * What `pack` or `pack_fixed` in wire.py wrote, by the names of controls, and of marks and other
 * outputs; null where it belongs to another spec.
 *
 * @param {DataView} bytes
 * @param {Pick<Spec, "marks"|"controls"> & {outputs?: string[]}} spec without outputs, the marks alone
 * @returns {Numbers|null}
 */
export function unpack(bytes, { marks, controls, outputs = marks.map(({ name }) => name) }) {
  const counts = Object.fromEntries(marks.map(({ name, count }) => [name, count]));
  const parts = sectionsOf(bytes, controls.length, outputs.length);
  if (!parts || outputs.some((name, k) => parts[k + 1].length > (counts[name] ?? Infinity))) return null;
  return {
    values: Object.fromEntries(controls.map(({ name }, k) => [name, parts[0][k]])),
    marks: Object.fromEntries(outputs.map((name, k) => [name, filled(parts[k + 1], counts[name])])),
  };
}

/** The first numbers, so many, then those of every part; null where these are not the parts. @param {DataView} bytes @param {number} first @param {number} count */
function sectionsOf(bytes, first, count) {
  const head = 4 * (count + (count % 2));
  if (bytes.byteLength < head) return null;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const lengths = [first, ...new Uint32Array(buffer, 0, count)];
  if (buffer.byteLength !== head + 8 * lengths.reduce((sum, length) => sum + length, 0)) return null;
  const numbers = new Float64Array(buffer, head);
  let start = 0;
  return lengths.map((length) => numbers.subarray(start, (start += length)));
}

/** With the NaN at its end that did not travel. @param {Float64Array} own @param {number} [count] */
function filled(own, count = own.length) {
  if (own.length === count) return own;
  const whole = new Float64Array(count).fill(NaN);
  whole.set(own);
  return whole;
}
