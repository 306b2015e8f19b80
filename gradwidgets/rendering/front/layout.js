/**
 * Where panels stand on a page of some width, and where in its plot each one's frame is.
 *
 * The first panel leads, with those stacked on its axis; others stand beside it, and below them
 * those that are `under`. On a narrow page all stand in one column. Lengths are CSS pixels.
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
 */
import { ticksOf } from "./axes.js";

export const NARROW = 640; // below, all panels stand in one column
export const GAP = 20; // between columns
const STACKED_LINE = 26; // the line of a title right below another frame
const TITLE_LINE = 30; // the line of a title, which a plot shares for labels beside it
const NOTE = 16; // a line more, for a power of ten, or for a label that has no room beside the title
const BESIDE = 290; // a frame so wide has this room, with any title
const LABEL_WIDTH = 215; // of the longest label
const TITLE_LETTER = 8;
const AIR = 8; // around a frame
export const STRIP = 28; // right of one whose arrows may stick out of it
const THIN = 5; // below one that another is stacked on
const LABELS = 26; // numbers along x
const NAME = 20; // the line of an axis's name
const LETTER = 7.3; // of a tick's label, and what is between it and the frame
const TICK = 11;
const MAIN_SHARE = 0.62; // of the width, at most
const HALF_SHARE = 0.52; // on a page so wide that both halves are small
const SMALL = 800;
const STACKED_SHARE = 0.35; // of a panel's height, for one that shares its axis
const LOWEST = 64; // a frame
const TALLEST = 440; // a picture on a wide page, without what is under it
const READABLE = 116; // a frame beside the leading one
const LEAST_BESIDE = 84; // such a frame where the page has to be taller for it
const SERVING = 0.42; // of its width: so high is such a frame at most,
const SQUARE = 0.75; // or, where it is no wider than the leading panel, so high
const SERVED = 150; // or so high
const CHROME = 60; // beside a small one's frame
const LEAST_ACROSS = 220; // for a panel in one of several columns beside the leading one
const LEAST_STACKED = 60;
const LEAST_MAIN = 120;
const ACROSS = 260; // for a panel below the others

/** @param {number} value @param {number} low @param {number} high */
const between = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** @param {Told} panel */
const isFree = ({ bare, space }) => bare || space !== null;

/** Which panels stand where. @param {Named} panels @returns {Record<Part, Named>} */
export function partsOfPage(panels) {
  const stack = panels.findIndex(([, panel], k) => k > 0 && !panel.stacked);
  const main = stack < 0 ? panels : panels.slice(0, stack), others = panels.slice(main.length);
  const twins = Boolean(others[0]?.[1].space); // a map and its surface side by side
  const isUnder = (/** @type {Told} */ panel, /** @type {number} */ k) => panel.under || (twins && k > 0);
  return { main, aside: others.filter(([, panel], k) => !isUnder(panel, k)), under: others.filter(([, panel], k) => isUnder(panel, k)) };
}

// ── around a frame ───────────────────────────────────────────────────────────────────────────────

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
const grown = (own, known = own) => ({
  left: Math.max(own.left, known.left), right: Math.max(own.right, known.right),
  top: Math.max(own.top, known.top), bottom: Math.max(own.bottom, known.bottom),
}); // prettier-ignore

/** The largest frame in a room, of the panel's own proportions where both axes have one scale. @param {Told} panel @param {number} width @param {number} height */
export function fitted({ equal, x, y }, width, height) {
  if (!equal) return [Math.floor(width), Math.floor(height)];
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return [Math.min(width, height * ratio), Math.min(height, width / ratio)];
}

// ── heights ──────────────────────────────────────────────────────────────────────────────────────

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

/** @param {Gutters} gutters */
const chromeOf = ({ top, bottom }) => top + bottom;

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
function panelRows(panels, columns, spans) {
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
const chromeOfRow = (row, gutters) => Math.max(...row.map(([name]) => chromeOf(gutters(name))));

/** Heights of frames in rows, and the whole height of these. @param {Named[]} rows @param {number} height @param {(name: string) => Gutters} gutters @returns {Record<string, number>} */
function rowHeights(rows, height, gutters) {
  const chrome = sum(rows.map((row) => chromeOfRow(row, gutters)));
  const heights = shared(height - chrome, rows.map((row) => Math.max(...row.map(([, { tall }]) => tall))));
  return Object.fromEntries(rows.flatMap((row, k) => row.map(([name]) => [name, heights[k]])));
}

/** Heights of the leading frame and those stacked on it. @param {Named} stack @param {number} height @param {(name: string) => Gutters} gutters @returns {Record<string, number>} */
function stackHeights(stack, height, gutters) {
  const room = height - sum(stack.map(([name]) => chromeOf(gutters(name)))), [[name, first], ...others] = stack;
  const heights = shared(room, [first.tall, ...others.map(([, { tall }]) => STACKED_SHARE * tall)], LEAST_STACKED);
  const low = Math.max(heights[0], LEAST_MAIN, first.least);
  return { [name]: low, ...Object.fromEntries(others.map(([other], k) => [other, heights[k + 1]])) };
}

// ── plans ────────────────────────────────────────────────────────────────────────────────────────

/** @typedef {{gutters: (name: string) => Gutters, unlabelled: (name: string) => boolean}} Known */

/** A plot around a frame that fits into a room. @param {Part} part @param {string} name @param {Told} panel @param {number} width of the plot @param {number} height of the frame @param {Known} known @param {number} [column] @param {number} [span] @returns {[string, Place]} */
function plotFor(part, name, panel, width, height, { gutters, unlabelled }, column = 0, span = 1) {
  const own = gutters(name), [wide, high] = fitted(panel, Math.max(width - own.left - own.right, 40), height);
  const size = { width: Math.ceil(own.left + wide + own.right), height: Math.ceil(own.top + high + own.bottom) };
  return [name, { part, ...size, box: [own.left, own.top, wide, high], gutters: own, unlabelled: unlabelled(name), column, span }];
}

/** @param {Record<Part, Named>} parts @param {number} width @param {Known} known @returns {Plan} */
function oneColumn({ main, aside, under }, width, known) {
  const [[first, hero]] = main;
  const heightOf = (/** @type {string} */ name, /** @type {Told} */ panel) =>
    name === first ? Math.max(panel.equal ? Math.min(width, 360) : Math.max(between(0.6 * width, 180, 300) * panel.tall, Math.min(0.6 * width, 240)), LEAST_MAIN, hero.least)
      : panel.equal ? Math.min(0.75 * width, 260) : Math.max(between(0.4 * width, 110, 170) * panel.tall, LOWEST, panel.least); // prettier-ignore
  const room = (/** @type {Told} */ { most }) => Math.min(width, most ? most + 80 : width);
  const inPart = (/** @type {Part} */ part, /** @type {Named} */ panels) =>
    panels.map(([name, panel]) => plotFor(part, name, panel, room(panel), heightOf(name, panel), known));
  const places = [...inPart("main", main), ...inPart("aside", aside), ...inPart("under", under)];
  return { narrow: true, columns: { main: 1, aside: 1, under: 1 }, main: width, aside: width, places: Object.fromEntries(places) };
}

/** How wide and high the leading plot is where it may take so much of the page. @param {Named} main @param {number} most @param {number} whole @param {Known} known */
function heroIn([[name, panel], ...stacked], most, whole, { gutters }) {
  const { left, right, top, bottom } = gutters(name);
  if (!panel.equal || stacked.length) return [Math.min(most, panel.most ? panel.most + 80 : most), whole];
  const [wide, high] = fitted(panel, most - left - right, whole - top - bottom);
  return [left + wide + right, top + high + bottom];
}

/** @param {Record<Part, Named>} parts @param {number} width @param {Known} known @returns {Plan} */
function beside({ main, aside, under }, width, known) {
  const room = between(0.5 * width, 300, TALLEST) * (under.length ? 0.74 : 1), twins = Boolean(aside[0]?.[1].space);
  const most = aside.length ? Math.floor((twins ? 0.5 : width < SMALL ? HALF_SHARE : MAIN_SHARE) * width - GAP / 2) : width;
  const [leads, high] = heroIn(main, most, room, known);
  const [columns, spans] = spansOf(aside, width - leads - GAP, room), [rows, begins] = panelRows(aside, columns, spans);
  const needed = (/** @type {number} */ least) => sum(rows.map((row) => chromeOfRow(row, known.gutters) + least));
  const whole = Math.max(high, Math.min(needed(READABLE), room), needed(LEAST_BESIDE));
  const tall = stackHeights(main, whole, known.gutters);
  const height = Math.max(whole, sum(main.map(([name]) => tall[name] + chromeOf(known.gutters(name)))));
  const stack = main.map(([name, panel], k) =>
    plotFor("main", name, panel, k ? stackWidth() : Math.min(most, panel.most ? panel.most + 80 : most), tall[name], known));
  /** Those below are as wide as the first. */
  function stackWidth() {
    const [name, panel] = main[0], own = known.gutters(name);
    return own.left + own.right + fitted(panel, most - own.left - own.right, tall[name])[0];
  }
  const mainWidth = aside.length ? Math.max(...stack.map(([, { width: wide }]) => wide)) : width;
  const free = width - mainWidth - columns * GAP, capped = columns === 1 && main[0][1].equal && !twins;
  const across = capped ? Math.min(free, mainWidth) : free / columns, heights = rowHeights(rows, height, known.gutters);
  const column = { main: 1, aside: columns, under: between(Math.floor(width / ACROSS), 1, Math.max(under.length, 1)) };
  const below = ((aside.length ? mainWidth + columns * (GAP + across) : width) - (column.under - 1) * GAP) / column.under;
  const served = (/** @type {string} */ name, /** @type {Told} */ panel, /** @type {number} */ begin, /** @type {number} */ span) => {
    const { left, right } = known.gutters(name), own = span * across + (span - 1) * GAP;
    const wide = panel.most ? Math.min(own, panel.most + left + right) : own;
    const most = panel.equal ? heights[name] : Math.max((capped ? SQUARE : SERVING) * (wide - left - right), SERVED);
    return plotFor("aside", name, panel, wide, Math.min(heights[name], most), known, begin, span);
  };
  const places = [
    ...stack,
    ...aside.map(([name, panel], k) => served(name, panel, begins[k], spans[k])),
    ...under.map(([name, panel]) => plotFor("under", name, panel, below, panel.equal ? 150 : between(0.4 * below, 100, 130) * panel.tall, known)),
  ];
  return { narrow: false, columns: column, main: mainWidth, aside: columns * across + (columns - 1) * GAP, places: Object.fromEntries(places) };
}

/**
 * The plan for a width; gutters are as large as `before`, or larger.
 *
 * @param {Named} panels
 * @param {number} width
 * @param {Record<string, Gutters>} before
 * @param {ReadonlySet<string>} open the panels of which arrows may stick out
 * @returns {Plan}
 */
export function planOf(panels, width, before = {}, open = new Set()) {
  const parts = partsOfPage(panels), make = width < NARROW ? oneColumn : beside;
  const unlabelled = (/** @type {string} */ name) => Boolean(panels[panels.findIndex(([one]) => one === name) + 1]?.[1].stacked);
  let gutters = guttersFor((panel) => [panel.equal ? 300 : 400, 150], () => 0);
  const { places } = make(parts, width, { gutters: (name) => gutters[name], unlabelled });
  gutters = guttersFor((_, name) => [places[name].box[2], places[name].box[3]], (name) => places[name].column);
  return make(parts, width, { gutters: (name) => gutters[name], unlabelled });

  /** Those that stand below each other. @param {(name: string) => number} column @returns {Named[]} */
  function together(column) {
    if (width < NARROW) return [panels];
    const begins = [...new Set(parts.aside.map(([name]) => column(name)))];
    const aside = begins.map((begin) => parts.aside.filter(([name]) => column(name) === begin));
    return [parts.main, ...aside, ...parts.under.map((one) => [one])];
  }
  /** One left edge for those that stand below each other. @param {(panel: Told, name: string) => number[]} size @param {(name: string) => number} column */
  function guttersFor(size, column) {
    const own = panels.map(([name, panel]) => {
      const [wide, high] = size(panel, name);
      const around = guttersOf(panel, wide, high, unlabelled(name)), right = Math.max(around.right, open.has(name) ? STRIP : 0);
      return /** @type {[string, Gutters]} */ ([name, grown({ ...around, right }, before[name])]);
    });
    const all = Object.fromEntries(own);
    together(column).forEach((stack) => {
      const framed = stack.filter(([, panel]) => !isFree(panel)), left = Math.max(...framed.map(([name]) => all[name].left));
      framed.forEach(([name]) => (all[name] = { ...all[name], left }));
    });
    return all;
  }
}
