/**
 * How panels share a page: their columns and rows, and what each has of a height.
 *
 * @import { Gutters, Named } from "./plot.js"
 */
import { LABELS, NAME, TITLE_LINE } from "./plot.js";

const STACKED_SHARE = 0.35; // of a panel's height, for one that shares its axis
export const LOWEST = 64; // a frame
export const READABLE = 116; // a frame beside the leading one
const CHROME = 60; // beside a small one's frame
const LEAST_ACROSS = 220; // for a panel in one of several columns beside the leading one
const LEAST_STACKED = 60;
export const LEAST_MAIN = 120;

/** @param {number} value @param {number} low @param {number} high */
export const between = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {number[]} numbers */
export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** A height in proportion to shares, none of them lower than may be. @param {number} height @param {number[]} shares @param {number} lowest */
export function shared(height, shares, lowest = LOWEST) {
  const ordered = [...shares].sort((one, two) => one - two);
  let unit = 0;
  for (let low = 0; low < ordered.length; low += 1) {
    unit = (height - low * lowest) / sum(ordered.slice(low));
    if (unit * ordered[low] >= lowest) break;
  }
  return shares.map((share) => Math.max(unit * share, lowest));
}

/** The height of what stands above and below a frame. @param {Gutters} gutters */
export const chromeOf = ({ top, bottom }) => top + bottom;

/** How many columns each panel beside the leading one takes, of how many: a small one shares its row with the next. @param {Named} panels @param {number} width @param {number} height @returns {[number, number[]]} */
export function spansOf(panels, width, height) {
  const small = panels.findIndex(([, { most }], k) => most && most + CHROME < width / 2 && k + 1 < panels.length);
  if (small >= 0) {
    const columns = (panels[small][1].most ?? 0) + CHROME < width / 3 ? 3 : 2;
    return [columns, panels.map((_, k) => (k === small ? 1 : k === small + 1 ? columns - 1 : columns))];
  }
  const fits = Math.floor(height / (READABLE + TITLE_LINE + LABELS + NAME));
  const most = Math.max(Math.floor(width / LEAST_ACROSS), 1);
  return [between(Math.ceil(panels.length / Math.max(fits, 1)), 1, most), panels.map(() => 1)];
}

/** Panels in rows of so many columns, and the column at which each begins. @param {Named} panels @param {number} columns @param {number[]} spans @returns {[Named[], number[]]} */
export function panelRows(panels, columns, spans) {
  /** @type {Named[]} */
  const rows = [];
  let free = 0;
  const begins = panels.map((panel, k) => {
    if (spans[k] > free) free = (rows.push([]), columns);
    rows[rows.length - 1].push(panel);
    free -= spans[k];
    return columns - free - spans[k];
  });
  return [rows, begins];
}

/** The height of a row's titles and numbers. @param {Named} row @param {(name: string) => Gutters} gutters */
export const chromeOfRow = (row, gutters) => Math.max(...row.map(([name]) => chromeOf(gutters(name))));

/** Heights of frames in rows, and the whole height of these. @param {Named[]} rows @param {number} height @param {(name: string) => Gutters} gutters @returns {Record<string, number>} */
export function rowHeights(rows, height, gutters) {
  const chrome = sum(rows.map((row) => chromeOfRow(row, gutters)));
  const heights = shared(height - chrome, rows.map((row) => Math.max(...row.map(([, { tall }]) => tall))));
  return Object.fromEntries(rows.flatMap((row, k) => row.map(([name]) => [name, heights[k]])));
}

/** Heights of the leading frame and those stacked on it. @param {Named} stack @param {number} height @param {(name: string) => Gutters} gutters @returns {Record<string, number>} */
export function stackHeights(stack, height, gutters) {
  const room = height - sum(stack.map(([name]) => chromeOf(gutters(name)))), [[name, first], ...others] = stack;
  const heights = shared(room, [first.tall, ...others.map(([, { tall }]) => STACKED_SHARE * tall)], LEAST_STACKED);
  const low = Math.max(heights[0], LEAST_MAIN, first.least);
  return { [name]: low, ...Object.fromEntries(others.map(([other], k) => [other, heights[k + 1]])) };
}
