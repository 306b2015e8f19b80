/**
 * Bands of colour between levels, level curves, and numbers on them.
 *
 * @import { Curves } from "./contours.js"
 * @import { Place } from "./coordinates.js"
 * @import { CurveLabel, Rectangle } from "./curvelabels.js"
 *
 * @typedef {{low: string, high: string, line: string, quiet: string}} ReliefLook colours: of the
 *   lowest and the highest band, as #RRGGBB, of curves and of the numbers on them
 */
import { pixelsOf } from "./coordinates.js";
import { freeOfOthers, labelOn, withGap } from "./curvelabels.js";
import { FACE } from "./look.js";

/** @type {ReliefLook} */
export const LIGHT_RELIEF = { low: "#FDFEFF", high: "#A9C1DF", line: "#8CA0B9", quiet: "#5F6B7A" };

const LEVEL_WIDTH = 0.97; // pixels: 0.7 points
const LEVEL_SIZE = 9.7; // of the numbers on curves: 7 points
const MOST_PIECES = 60; // of level curves that still carry their numbers, as in contours.py

/** So many colours in even steps from one to another. @param {string} low @param {string} high @param {number} count */
export function bandColors(low, high, count) {
  const [from, to] = [low, high].map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  const mixed = (/** @type {number} */ share) => from.map((part, k) => Math.round(part + share * (to[k] - part)));
  return Array.from({ length: count }, (_, k) => `rgb(${mixed(k / Math.max(count - 1, 1))})`);
}

/** Lines one by one, in pixels. @param {Place} place @param {Curves} curves @returns {Float64Array[]} */
export function pixelLines(place, { points, starts }) {
  const pixels = pixelsOf(place, points);
  return Array.from({ length: starts.length - 1 }, (_, k) => pixels.subarray(2 * starts[k], 2 * starts[k + 1]));
}

/** @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} line */
function trail(ctx, line) {
  ctx.moveTo(line[0], line[1]);
  for (let k = 2; k < line.length; k += 2) ctx.lineTo(line[k], line[k + 1]);
}

/** @type {Map<string, number>} */
const LEVEL_WIDTHS = new Map(); // of round numbers, so there are not many

/** How wide a number on a curve is. @param {CanvasRenderingContext2D} ctx @param {string} text */
function levelWidth(ctx, text) {
  const key = `${FACE.family} ${text}`, known = LEVEL_WIDTHS.get(key) ?? ctx.measureText(text).width;
  LEVEL_WIDTHS.set(key, known);
  return known;
}

/** @param {CanvasRenderingContext2D} ctx @param {Rectangle} box @param {() => void} draw */
function withinBox(ctx, [left, top, width, height], draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  draw();
  ctx.restore();
}

/**
 * Paint the bands, from the lowest up, each over those below: so no seam shows. What is undefined
 * is to be hatched afterwards.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Place} place
 * @param {Curves[]} rings of rising levels, see `levelRings`
 * @param {ReliefLook} look
 */
export function paintBands(ctx, place, rings, look = LIGHT_RELIEF) {
  const colors = bandColors(look.low, look.high, rings.length + 1);
  withinBox(ctx, place.box, () => {
    ctx.fillStyle = colors[0];
    ctx.fillRect(...place.box);
    rings.forEach((curves, k) => {
      ctx.fillStyle = colors[k + 1];
      ctx.beginPath();
      pixelLines(place, curves).forEach((line) => trail(ctx, line));
      ctx.fill("evenodd");
    });
  });
}

/**
 * Paint level curves and the numbers on them: `texts` has one for each, "" for none. Numbers keep
 * off what is `taken`; where there are very many pieces, none has a number. What `between` paints
 * lies over the curves, under their numbers.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Curves[]} curves
 * @param {string[]} texts @param {ReliefLook} look @param {Rectangle[]} taken
 * @param {() => void} between
 */
export function paintLevelCurves(ctx, place, curves, texts, look = LIGHT_RELIEF, taken = [], between = () => {}) {
  const all = curves.flatMap((each, k) => pixelLines(place, each).map((line) => ({ line, text: texts[k] })));
  const used = [...taken], lines = all.map(({ line }) => line);
  ctx.save();
  ctx.font = `${LEVEL_SIZE}px ${FACE.family}`;
  const isFree = all.length > MOST_PIECES ? null : freeOfOthers(lines, place.box);
  const labels = all.map(({ line, text }, k) =>
    text && isFree ? labelOn(line, text, [levelWidth(ctx, text), LEVEL_SIZE], place.box, used, isFree(k)) : null);
  withinBox(ctx, place.box, () => {
    ctx.strokeStyle = look.line;
    ctx.lineWidth = LEVEL_WIDTH;
    ctx.lineJoin = "round";
    ctx.beginPath();
    labels.forEach((label, k) => {
      const parts = label ? withGap(lines[k], label.from, label.to) : [lines[k]];
      parts.forEach((part) => trail(ctx, part));
    });
    ctx.stroke();
  });
  between();
  ctx.fillStyle = look.quiet;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  labels.forEach((label) => label && turnedText(ctx, label));
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {CurveLabel} label */
function turnedText(ctx, { text, x, y, angle }) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.fillText(text, 0, 0);
  ctx.restore();
}
