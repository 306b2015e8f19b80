/**
 * A picture through another window than it was made for, as Python would have made it anew.
 *
 * @import { Ends } from "../front/windowing.js"
 * @import { Control, Mark, Painted, Pair, Told } from "../front/wire.js"
 * @typedef {{program: number, marks: [string, number][], points: number}} Curves
 *   lines of a function of one variable: its program, and which result each of them shows
 * @typedef {Painted & {searched: string[]}} Exported names what Python found all over the window
 */
import { threeDigits } from "../front/text.js";
import { alike, plainly } from "../front/values.js";
import { controlsIn, madeFor } from "../front/windowing.js";

/** Ends as a program takes them. @param {Ends} ends */
const asInputs = (ends) =>
  Object.fromEntries(Object.entries(ends).flatMap(([name, [low, high]]) => [[`${name} low`, low], [`${name} high`, high]])); // prettier-ignore

/** @param {number} value @param {Pair} ends */
export const withinEnds = (value, [low, high]) => Math.min(Math.max(value, low), high);

/** @param {Told} panel @param {Ends} ends @returns {Told} */
function panelThrough(panel, ends) {
  const [across, up] = panel.axes;
  return { ...panel, x: (across && ends[across]) || panel.x, y: (up && ends[up]) || panel.y, others: panel.others.map((one) => panelThrough(one, ends)) };
}

/** Ends that are not those a picture was made for. @param {Painted} picture @param {Ends} ends @returns {Ends} */
export function othersThan(picture, ends) {
  const made = madeFor(picture);
  return Object.fromEntries(Object.entries(ends).filter(([name, own]) => name in made && !alike(own, made[name])));
}

/** What a label tells of what Python has searched for: where that was. @param {Ends} made */
const searchedWords = (made) =>
  ` (Searched when this page was made, in ${Object.entries(made).map(([name, own]) => `${name} from ${own.map(plainly).join(" to ")}`).join(", ")}.)`; // prettier-ignore

/** Marks of which those that Python has searched for tell where, in another window. @param {Exported} picture @param {Ends} ends @returns {Mark[]} */
function marksThrough(picture, ends) {
  if (!Object.keys(othersThan(picture, ends)).length) return picture.marks;
  const words = searchedWords(madeFor(picture));
  const told = (/** @type {Mark} */ mark) => ("texts" in mark && picture.searched.includes(mark.name) ? { ...mark, texts: mark.texts.map((text) => text + words) } : mark); // prettier-ignore
  return picture.marks.map(told);
}

/** @param {Exported} picture @param {Ends} ends @returns {Exported} */
export function pictureThrough(picture, ends) {
  const around = asInputs(ends), home = ({ name, start, ...more } = /** @type {Control} */ ({})) => ({ ...more, name, start: ends[name] ? withinEnds(start, ends[name]) : start });
  return {
    ...picture,
    marks: marksThrough(picture, ends),
    panels: Object.fromEntries(Object.entries(picture.panels).map(([name, panel]) => [name, panelThrough(panel, ends)])),
    controls: controlsIn(picture.controls, around).map(home),
    ambient: picture.ambient.map(({ name, start }) => ({ name, start: around[name] ?? start })),
  };
}

/** A form whose boxes tell of the window. @param {any} form @param {Ends} ends */
export const formThrough = (form, ends) => ({
  ...form,
  pages: form.pages.map((/** @type {any} */ page) => ({
    ...page,
    rows: page.rows.map((/** @type {any[]} */ row) => row.map((item) => (item.kind === "domain" ? { ...item, intervals: { ...item.intervals, ...ends } } : item))),
  })),
});

/** A point where it stands in the window of a picture. @param {number[]} point @param {Painted} picture */
export function standing(point, picture) {
  const ends = madeFor(picture);
  return point.map((value, k) => (ends[picture.variables[k]] ? withinEnds(value, ends[picture.variables[k]]) : value));
}

/** Why there is no such window, as Python has it, or "". @param {Ends} wanted */
export function wrongIn(wanted) {
  const wrong = Object.entries(wanted).find(([, [low, high]]) => !(Number.isFinite(low) && Number.isFinite(high) && low < high));
  return wrong ? `The range of ${wrong[0]} must grow: its upper end is not above its lower end.` : "";
}

/** What is told of a point that is not seen. @param {string[]} variables @param {number[]} point */
export const waitingWords = (variables, point) =>
  `The point was at ${variables.map((name, k) => `${name} = ${threeDigits(point[k])}`).join(", ")}, which is not seen now: ` +
  "it waits at the edge, and returns when you show that place again.";
