/**
 * Where panels stand on a page of some width, and where in its plot each one's frame is.
 *
 * The first panel leads, with those stacked on its axis; others stand beside it, and below them
 * those that are `under`. On a narrow page all stand in one column.
 *
 * @import { Told } from "./wire.js"
 * @import { Gutters, Known, Named, Part, Plan } from "./plot.js"
 */
import { beside } from "./beside.js";
import { STRIP, grown, guttersOf, isFree, plotFor, widthFor } from "./plot.js";
import { LEAST_MAIN, LOWEST, between } from "./shares.js";

const NARROW = 590; // below, all panels stand in one column: a frame of 640 has room for two

/** Which panels stand where. @param {Named} panels @returns {Record<Part, Named>} */
export function partsOfPage(panels) {
  const stack = panels.findIndex(([, panel], k) => k > 0 && !panel.stacked);
  const main = stack < 0 ? panels : panels.slice(0, stack), others = panels.slice(main.length);
  const twins = Boolean(others[0]?.[1].space); // a map and its surface side by side
  const isUnder = (/** @type {Told} */ panel, /** @type {number} */ k) => panel.under || (twins && k > 0);
  return { main, aside: others.filter(([, panel], k) => !isUnder(panel, k)), under: others.filter(([, panel], k) => isUnder(panel, k)) };
}

/** @param {Record<Part, Named>} parts @param {number} width @param {Known} known @returns {Plan} */
function oneColumn({ main, aside, under }, width, known) {
  const [[first, hero]] = main;
  const heightOf = (/** @type {string} */ name, /** @type {Told} */ panel) =>
    name === first ? Math.max(panel.equal ? Math.min(width, 360) : Math.max(between(0.6 * width, 180, 300) * panel.tall, Math.min(0.6 * width, 240)), LEAST_MAIN, hero.least)
      : panel.equal ? Math.min(0.75 * width, 260) : Math.max(between(0.4 * width, 110, 170) * panel.tall, LOWEST, panel.least); // prettier-ignore
  const inPart = (/** @type {Part} */ part, /** @type {Named} */ panels) =>
    panels.map(([name, panel]) => plotFor(part, name, panel, panel.equal ? widthFor(panel, width) : width, heightOf(name, panel), known));
  const places = [...inPart("main", main), ...inPart("aside", aside), ...inPart("under", under)];
  return { narrow: true, columns: { main: 1, aside: 1, under: 1 }, main: width, aside: width, places: Object.fromEntries(places) };
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
