/**
 * What a program tells of its panels, beside what is known before: ranges, forms.
 *
 * @import { Mark, Pair, Told } from "./wire.js"
 *
 * @typedef {Record<string, ArrayLike<number>>} Outputs a program's results by name
 */

const HIGHEST = 1e307; // both as in pictures/panels.py
const FLATTEST = 1e-286;

/** An interval that an axis can have. @param {number} first @param {number} last @returns {Pair} */
function drawable(first, last) {
  const [low, high] = [first, last].map((end) => Math.min(Math.max(end, -HIGHEST), HIGHEST));
  if (!(Math.max(Math.abs(low), Math.abs(high)) >= FLATTEST)) return [-FLATTEST, FLATTEST];
  return low === high ? [low - Math.abs(low) / 2, high + Math.abs(high) / 2] : [low, high];
}

/** The form of a panel that the results tell, with its own range. @param {string} name @param {Told} panel @param {Outputs} outputs */
export const formedBy = (name, panel, outputs) => [panel, ...panel.others][Math.trunc(outputs[`${name} form`]?.[0] ?? 0)] ?? panel;

/** @param {Pair} one @param {Pair} two */
const sameRange = (one, two) => one.every((end, k) => end === two[k]);

/** A panel with the range that the results tell, if they tell another one. @param {string} name @param {Told} panel @param {Outputs} outputs @returns {Told} */
export function framedBy(name, panel, outputs) {
  const range = outputs[`${name} range`];
  if (!range) return panel;
  const x = drawable(range[0], range[1]), y = drawable(range[2], range[3]);
  return sameRange(x, panel.x) && sameRange(y, panel.y) ? panel : { ...panel, x, y };
}

/** A panel that shows the ends of its variables among ambient numbers, where these are told. @param {Told} panel @param {Record<string, number>} around @returns {Told} */
export function windowed(panel, around) {
  const [x, y] = panel.axes.map((name, k) => {
    const ends = [around[`${name} low`], around[`${name} high`]];
    return ends.every(Number.isFinite) ? drawable(ends[0], ends[1]) : k ? panel.y : panel.x;
  });
  return sameRange(x, panel.x) && sameRange(y, panel.y) ? panel : { ...panel, x, y };
}

/** Whether a mark is a line over places that fill its panel's range. @param {Mark} mark @returns {mark is Mark & {along: number[]}} */
const fills = (mark) => mark.kind === "Polyline" && Boolean(mark.along) && !mark.counts;

/** A mark as it is drawn in a panel with another range: a line over places of a range is stretched as the range is. @template {Mark} M @param {M} mark @param {Pair} from @param {Pair} to @returns {M} */
export function stretched(mark, from, to) {
  if (!fills(mark) || sameRange(from, to)) return mark;
  const share = (/** @type {number} */ x) => (x - from[0]) / (from[1] - from[0]);
  return { ...mark, along: mark.along.map((x) => to[0] * (1 - share(x)) + to[1] * share(x)) };
}
