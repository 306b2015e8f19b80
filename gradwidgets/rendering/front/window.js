/**
 * Zooming and panning: what of its axes a panel shows, after the wheel, a pinch or a drag.
 *
 * Along a logarithmic axis the coordinates are exponents of ten, so both kinds are stretched and
 * shifted alike, and differ in how far that may go.
 *
 * @import { Pair } from "./wire.js"
 * @import { Axes } from "./axes.js"
 *
 * @typedef {{x: Pair, y: Pair}} Shown ranges of both axes
 */
import { pixelToData } from "./coordinates.js";

const NARROWEST = 1e-9; // of the size of what is shown: digits that a float still tells apart
const WIDEST = 1e9;
const LEAST_WIDTH = 1e-286; // as in pictures/panels.py
const FARTHEST_POWER = 307; // of ten, that a float still is

/** How wide a range around a place may be. @param {number} at @param {boolean} isLog @returns {Pair} */
const widthsAt = (at, isLog) =>
  isLog ? [NARROWEST * Math.max(Math.abs(at), 1), 2 * FARTHEST_POWER] : [Math.max(NARROWEST * Math.abs(at), LEAST_WIDTH), WIDEST];

/**
 * As much of a factor as a range's limits allow; one that is beyond them already may only come back.
 *
 * @param {Pair} range @param {number} at @param {number} factor @param {boolean} isLog
 */
function allowed([low, high], at, factor, isLog) {
  const width = high - low, [least, most] = widthsAt(at, isLog);
  if (!(factor > 0)) return 1;
  return Math.min(Math.max(factor, Math.min(least / width, 1)), Math.max(most / width, 1));
}

/**
 * A range `factor` times as wide, within limits; the place `at` keeps its share of it.
 *
 * @param {Pair} range @param {number} at @param {number} factor @param {boolean} isLog
 */
export const zoomed = (range, at, factor, isLog = false) => stretchedAt(range, at, allowed(range, at, factor, isLog), isLog);

/** @param {Pair} range @param {number} at @param {number} factor @param {boolean} isLog @returns {Pair} */
function stretchedAt([low, high], at, factor, isLog) {
  const ends = /** @type {Pair} */ ([at + (low - at) * factor, at + (high - at) * factor]);
  return isLog ? keptNear(ends) : ends;
}

/** A range of exponents shifted to where powers of ten are numbers. @param {Pair} range @returns {Pair} */
function keptNear([low, high]) {
  const back = Math.max(-FARTHEST_POWER - low, 0) + Math.min(FARTHEST_POWER - high, 0);
  return [low + back, high + back];
}

/**
 * A range after its contents were moved by so many pixels, towards its high end, on an axis of a
 * length; not as far as digits would be lost.
 *
 * @param {Pair} range @param {number} pixels @param {number} length @param {boolean} isLog @returns {Pair}
 */
export function panned([low, high], pixels, length, isLog = false) {
  const width = high - low, shift = (-pixels / length) * width;
  if (isLog) return keptNear([low + shift, high + shift]);
  const centre = (low + high) / 2, farthest = Math.max(width / NARROWEST, Math.abs(centre));
  const inside = Math.min(Math.max(centre + shift, -farthest), farthest) - centre;
  return [low + inside, high + inside];
}

// ── both axes ────────────────────────────────────────────────────────────────────────────────────

/**
 * What a panel shows when it is zoomed around a pixel. Axes of one scale keep it: where one can go
 * no further, neither does the other.
 *
 * @param {Axes & {equal?: boolean}} axes @param {Pair} pixel @param {number} factor of the widths
 * @returns {Shown}
 */
export function zoomedAxes(axes, [pixelX, pixelY], factor) {
  const { x, y, xlog = false, ylog = false, equal = false } = axes;
  const [atX, atY] = pixelToData(axes, pixelX, pixelY);
  const own = [allowed(x, atX, factor, xlog), allowed(y, atY, factor, ylog)];
  const [byX, byY] = equal ? own.fill(factor < 1 ? Math.max(...own) : Math.min(...own)) : own;
  return { x: stretchedAt(x, atX, byX, xlog), y: stretchedAt(y, atY, byY, ylog) };
}

/**
 * What a panel shows when its contents were moved by pixels, down being positive.
 *
 * @param {Axes} axes @param {Pair} pixels @returns {Shown}
 */
export function pannedAxes({ box: [, , width, height], x, y, xlog, ylog }, [across, down]) {
  return { x: panned(x, across, width, xlog), y: panned(y, -down, height, ylog) };
}

/** Zoomed and moved at once, as two fingers do. @param {Axes & {equal?: boolean}} axes @param {Pinch} pinch */
export const pinchedAxes = (axes, { at, factor, shift }) => pannedAxes({ ...axes, ...zoomedAxes(axes, at, factor) }, shift);

// ── from events ──────────────────────────────────────────────────────────────────────────────────

const PER_PIXEL = 0.01; // of the width, as a pinch on a touchpad is told in a wheel's pixels
const LINE_PIXELS = 16;
const PAGE_PIXELS = 800;
const MOST_PIXELS = 24; // of one event: a mouse's wheel goes in steps of a hundred and more
const CLOSEST = 8; // pixels between two fingers that still tell a direction

/** By what a turn of the wheel multiplies the width: towards the reader it shows more. @param {{deltaY: number, deltaMode: number}} event */
export function wheelFactor({ deltaY, deltaMode }) {
  const pixels = deltaY * (deltaMode === 1 ? LINE_PIXELS : deltaMode === 2 ? PAGE_PIXELS : 1);
  return Math.exp(PER_PIXEL * Math.min(Math.max(pixels, -MOST_PIXELS), MOST_PIXELS));
}

/**
 * What two fingers did between two events, each with the pixels of both.
 *
 * @typedef {{at: Pair, factor: number, shift: Pair}} Pinch around which pixel, by what the width is
 *   multiplied, and by how many pixels the contents moved
 * @param {[Pair, Pair]} before @param {[Pair, Pair]} after @returns {Pinch}
 */
export function pinchOf(before, after) {
  const apart = ([one, two] = before) => Math.max(Math.hypot(two[0] - one[0], two[1] - one[1]), CLOSEST);
  const middle = ([one, two] = before) => /** @type {Pair} */ ([(one[0] + two[0]) / 2, (one[1] + two[1]) / 2]);
  const [at, to] = [middle(before), middle(after)];
  return { at, factor: apart(before) / apart(after), shift: [to[0] - at[0], to[1] - at[1]] };
}

const KEPT_DIGITS = 4; // behind the first one of the width: less than a tenth of a pixel

/** A range with no more digits than can be seen, for those who read it. @param {Pair} range @returns {Pair} */
export function readable([low, high]) {
  const places = KEPT_DIGITS - Math.floor(Math.log10(high - low));
  const shorter = (/** @type {number} */ end) => {
    const digits = places + Math.floor(Math.log10(Math.abs(end))) + 1;
    return end === 0 || digits < 1 ? 0 : Number(end.toPrecision(Math.min(digits, 17)));
  };
  return [shorter(low), shorter(high)];
}
