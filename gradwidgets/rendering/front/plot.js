/**
 * A plot: a panel's frame, as large as fits into a room, and what stands around it. Lengths are CSS pixels.
 *
 * @import { Panel, Told } from "./wire.js"
 *
 * @typedef {"main"|"aside"|"under"} Part
 * @typedef {{left: number, right: number, top: number, bottom: number}} Gutters around a frame
 * @typedef {{part: Part, width: number, height: number, box: Panel["box"], gutters: Gutters,
 *   unlabelled: boolean, column: number, span: number}} Place a plot's size, its frame, and from
 *   which column of its part it takes how many; `unlabelled` along x
 * @typedef {{narrow: boolean, columns: Record<Part, number>, main: number, aside: number,
 *   places: Record<string, Place>}} Plan how many columns each part has, and the widths of two parts
 * @typedef {[string, Told][]} Named
 * @typedef {{gutters: (name: string) => Gutters, unlabelled: (name: string) => boolean}} Known
 */
import { ticksOf } from "./axes.js";

const STACKED_LINE = 26; // the line of a title right below another frame
export const TITLE_LINE = 30; // the line of a title, which a plot shares for labels beside it
const NOTE = 16; // a line more, for a power of ten, or for a label that has no room beside the title
const BESIDE = 290; // a frame so wide has this room, with any title
const LABEL_WIDTH = 215; // of the longest label
const TITLE_LETTER = 8;
const AIR = 8; // around a frame
export const STRIP = 28; // right of one whose arrows may stick out of it
const THIN = 5; // below one that another is stacked on
export const LABELS = 26; // numbers along x
export const NAME = 20; // the line of an axis's name
const LETTER = 7.3; // of a tick's label, and what is between it and the frame
const TICK = 11;

/** Whether it has no axes. @param {Told} panel */
export const isFree = ({ bare, space }) => bare || space !== null;

/** How wide a title is, about. @param {{title: string}} panel */
export const titleWidth = ({ title }) => TITLE_LETTER * title.replace(/<[^>]*>/g, "").length;

/** Whether a label has room beside a title. @param {Told} panel @param {number} width of the frame */
const hasRoomBeside = (panel, width) => !panel.left || width >= BESIDE || titleWidth(panel) + LABEL_WIDTH < width;

/** What stands around a frame of some size: title, numbers, names. @param {Told} panel @param {number} width @param {number} height @param {boolean} unlabelled @returns {Gutters} */
export function guttersOf(panel, width, height, unlabelled) {
  const top = panel.title ? (panel.stacked ? STACKED_LINE : TITLE_LINE) : AIR;
  if (isFree(panel)) return { left: AIR, right: AIR, top, bottom: AIR };
  const { x, y } = ticksOf({ ...panel, box: [0, 0, width, height] });
  const widest = LETTER * Math.max(0, ...y.labels.map(({ length }) => length)), last = x.labels.length - 1;
  const over = last < 0 ? 0 : (LETTER * x.labels[last].length) / 2 - ((panel.x[1] - x.places[last]) / (panel.x[1] - panel.x[0])) * width;
  const named = panel.xlabel || panel.terrain || x.note;
  return {
    left: 8 * Math.ceil((widest ? widest + TICK + 2 : AIR) / 8) + (panel.ylabel ? NAME : 0),
    right: 4 * Math.ceil(Math.max(over + 2, 10) / 4),
    top: top + (y.note || !hasRoomBeside(panel, width) ? NOTE : 0),
    bottom: unlabelled ? THIN : (x.labels.length ? LABELS : AIR) + (named ? NAME : 0),
  };
}

/** Gutters of which none is smaller than known: numbers that change do not move the frame back and forth. @param {Gutters} own @param {Gutters} [known] */
export const grown = (own, known = own) => ({
  left: Math.max(own.left, known.left), right: Math.max(own.right, known.right),
  top: Math.max(own.top, known.top), bottom: Math.max(own.bottom, known.bottom),
}); // prettier-ignore

/** The largest frame in a room, of the panel's own proportions where both axes have one scale. @param {Told} panel @param {number} width @param {number} height */
export function fitted({ equal, x, y }, width, height) {
  if (!equal) return [Math.floor(width), Math.floor(height)];
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return [Math.min(width, height * ratio), Math.min(height, width / ratio)];
}

/** How wide a plot is where it may be so wide: no wider than it needs. @param {Told} panel @param {number} width */
export const widthFor = ({ most }, width) => Math.min(width, most ? most + 80 : width);

/** A plot around a frame that fits into a room. @param {Part} part @param {string} name @param {Told} panel @param {number} width of the plot @param {number} height of the frame @param {Known} known @param {number} [column] @param {number} [span] @returns {[string, Place]} */
export function plotFor(part, name, panel, width, height, { gutters, unlabelled }, column = 0, span = 1) {
  const own = gutters(name), [wide, high] = fitted(panel, Math.max(width - own.left - own.right, 40), height);
  const size = { width: Math.ceil(own.left + wide + own.right), height: Math.ceil(own.top + high + own.bottom) };
  return [name, { part, ...size, box: [own.left, own.top, wide, high], gutters: own, unlabelled: unlabelled(name), column, span }];
}
