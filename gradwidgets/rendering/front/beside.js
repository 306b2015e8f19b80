/**
 * A wide page: the leading panel with those stacked on it, others beside it, and some below them.
 *
 * @import { Told } from "./wire.js"
 * @import { Known, Named, Part, Place, Plan } from "./plot.js"
 *
 * @typedef {{across: number, share: number}} Column beside the leading panels: its width, and how
 *   high a frame in it is at most, in widths
 */
import { fitted, plotFor, widthFor } from "./plot.js";
import { READABLE, between, chromeOf, chromeOfRow, panelRows, rowHeights, spansOf, stackHeights, sum } from "./shares.js";

const GAP = 20; // between columns
const MAIN_SHARE = 0.62; // of the width, at most
const HALF_SHARE = 0.52; // on a page so wide that both halves are small
const SMALL = 800;
const TALLEST = 440; // a picture on a wide page, without what is under it
const LEAST_BESIDE = 84; // a frame beside the leading one where the page has to be taller for it
const SERVING = 0.42; // of its width: so high is such a frame at most,
const SQUARE = 0.75; // or, where it is no wider than the leading panel, so high
const SERVED = 150; // or so high
const ACROSS = 260; // for a panel below the others

/** How wide the leading panels may be. @param {Named} aside @param {boolean} twins @param {number} width */
function mostFor(aside, twins, width) {
  const share = twins ? 0.5 : width < SMALL ? HALF_SHARE : MAIN_SHARE;
  return aside.length ? Math.floor(share * width - GAP / 2) : width;
}

/** How wide and high the leading plot is where it may take so much of the page. @param {Named} main @param {number} most @param {number} whole @param {Known} known */
function heroIn([[name, panel], ...stacked], most, whole, { gutters }) {
  const { left, right, top, bottom } = gutters(name);
  if (!panel.equal || stacked.length) return [widthFor(panel, most), whole];
  const [wide, high] = fitted(panel, most - left - right, whole - top - bottom);
  return [left + wide + right, top + high + bottom];
}

/** A height in which all rows can be read, if there is so much room, and all can be seen. @param {Named[]} rows @param {number} leads how high the leading plot is @param {number} room @param {Known} known */
function wholeHeight(rows, leads, room, { gutters }) {
  const needed = (/** @type {number} */ least) => sum(rows.map((row) => chromeOfRow(row, gutters) + least));
  return Math.max(leads, Math.min(needed(READABLE), room), needed(LEAST_BESIDE));
}

/** The leading plot, and those stacked on it, as wide as that one; what need not be wide is no higher than that. @param {Named} main @param {number} most @param {Record<string, number>} tall @param {Known} known */
function leadingPlots(main, most, tall, known) {
  const [[first, hero]] = main, { left, right } = known.gutters(first);
  const wide = left + right + fitted(hero, most - left - right, tall[first])[0];
  const high = hero.most && !hero.equal && !hero.bare ? Math.min(tall[first], widthFor(hero, most) - left - right) : tall[first];
  return main.map(([name, panel], k) => plotFor("main", name, panel, k ? wide : widthFor(panel, most), k ? tall[name] : high, known));
}

/** A plot beside the leading ones. @param {string} name @param {Told} panel @param {Column} column @param {number} height @param {Known} known @param {number} begin @param {number} span */
function plotBeside(name, panel, { across, share }, height, known, begin, span) {
  const { left, right } = known.gutters(name), own = span * across + (span - 1) * GAP;
  const wide = panel.most && panel.equal ? Math.min(own, panel.most + left + right) : own;
  const most = panel.equal ? height : Math.max(share * (wide - left - right), SERVED);
  return plotFor("aside", name, panel, wide, Math.min(height, most), known, begin, span);
}

/** Plots below the others, in columns. @param {Named} under @param {number} columns @param {number} width of all @param {Known} known */
function plotsBelow(under, columns, width, known) {
  const wide = (width - (columns - 1) * GAP) / columns, usual = between(0.4 * wide, 100, 130);
  return under.map(([name, panel]) => plotFor("under", name, panel, wide, panel.equal ? 150 : usual * panel.tall, known));
}

/** @param {Record<Part, Named>} parts @param {number} width @param {Known} known @returns {Plan} */
export function beside({ main, aside, under }, width, known) {
  const twins = Boolean(aside[0]?.[1].space), most = mostFor(aside, twins, width);
  const room = between(0.5 * width, 300, TALLEST) * (under.length ? 0.74 : 1), [leads, high] = heroIn(main, most, room, known);
  const [columns, spans] = spansOf(aside, width - leads - GAP, room), [rows, begins] = panelRows(aside, columns, spans);
  const whole = wholeHeight(rows, high, room, known), tall = stackHeights(main, whole, known.gutters);
  const leading = leadingPlots(main, most, tall, known);
  const wide = aside.length ? Math.max(...leading.map(([, place]) => place.width)) : width;
  const free = width - wide - columns * GAP, capped = columns === 1 && main[0][1].equal && !twins;
  const column = capped ? { across: Math.min(free, wide), share: SQUARE } : { across: free / columns, share: SERVING };
  const height = Math.max(whole, sum(main.map(([name]) => tall[name] + chromeOf(known.gutters(name)))));
  const heights = rowHeights(rows, height, known.gutters);
  const served = aside.map(([name, panel], k) => plotBeside(name, panel, column, heights[name], known, begins[k], spans[k]));
  const inAll = { main: 1, aside: columns, under: between(Math.floor(width / ACROSS), 1, Math.max(under.length, 1)) };
  const below = plotsBelow(under, inAll.under, aside.length ? wide + columns * (GAP + column.across) : width, known);
  const places = Object.fromEntries([...leading, ...served, ...below]);
  return { narrow: false, columns: inAll, main: wide, aside: columns * column.across + (columns - 1) * GAP, places };
}
