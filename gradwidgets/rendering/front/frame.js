/**
 * What a program tells of its panels, beside what is painted: other ranges, other forms.
 *
 * @import { Mark, Painted, Pair, Panel } from "./wire.js"
 *
 * @typedef {{x: Pair, y: Pair, form: number}} Frame
 * @typedef {Record<string, ArrayLike<number>>} Outputs a program's results by name
 */

const HIGHEST = 1e307; // both as in pictures/scene.py
const FLATTEST = 1e-286;
const ROUNDING = 1e-9; // of a range

/** An interval that an axis can have. @param {number} first @param {number} last @returns {Pair} */
function drawable(first, last) {
  const [low, high] = [first, last].map((end) => Math.min(Math.max(end, -HIGHEST), HIGHEST));
  if (!(Math.max(Math.abs(low), Math.abs(high)) >= FLATTEST)) return [-FLATTEST, FLATTEST];
  return low === high ? [low - Math.abs(low) / 2, high + Math.abs(high) / 2] : [low, high];
}

/** The frame that a program's results tell of a panel; what they do not tell is as painted. @param {string} name @param {Panel} panel @param {Outputs} outputs @returns {Frame} */
function toldOf(name, panel, outputs) {
  const [range, form] = [outputs[`${name} range`], outputs[`${name} form`]];
  const ends = range ? { x: drawable(range[0], range[1]), y: drawable(range[2], range[3]) } : { x: panel.x, y: panel.y };
  return { ...ends, form: form ? Math.trunc(form[0]) : (panel.form ?? 0) };
}

/** The frames of all panels. @param {Painted} spec @param {Outputs} outputs @returns {Record<string, Frame>} */
export const framesOf = ({ panels }, outputs) =>
  Object.fromEntries(Object.entries(panels).map(([name, panel]) => [name, toldOf(name, panel, outputs)]));

/** @param {Pair} one @param {Pair} two */
const sameRange = (one, two) => one.every((end, k) => Math.abs(end - two[k]) <= ROUNDING * Math.abs(two[1] - two[0]));

/** Whether a panel has another form than the one painted. @param {Panel} panel @param {Frame} frame */
export const otherForm = (panel, frame) => frame.form !== (panel.form ?? 0);

/** Whether a panel is painted as its frame is. @param {Panel} panel @param {Frame} frame */
const fits = (panel, frame) => !otherForm(panel, frame) && sameRange(frame.x, panel.x) && sameRange(frame.y, panel.y);

/** Whether all panels are painted as the program tells. @param {Painted} spec @param {Record<string, Frame>} frames */
export const isPainted = ({ panels }, frames) => Object.entries(panels).every(([name, panel]) => fits(panel, frames[name]));

/** A mark as it is drawn in the panel as painted: a line over places of a range is stretched as the range is. @template {Mark} M @param {M} mark @param {Panel|undefined} panel @param {Frame|undefined} frame @returns {M} */
export function stretched(mark, panel, frame) {
  if (mark.kind !== "Polyline" || !mark.along || mark.counts || !panel || !frame || sameRange(frame.x, panel.x)) return mark;
  const [from, to] = [panel.x, frame.x];
  const share = (/** @type {number} */ x) => (x - from[0]) / (from[1] - from[0]);
  return { ...mark, along: mark.along.map((x) => to[0] * (1 - share(x)) + to[1] * share(x)) };
}
