/**
 * The frame of a panel with its ticks and their labels, and hatching where f is undefined.
 *
 * @import { Pair } from "./wire.js"
 * @import { Grid } from "./contours.js"
 * @import { Place } from "./coordinates.js"
 * @import { Ticks } from "./ticks.js"
 *
 * @typedef {{quiet: string, faint: string, ground: string, hatch: string}} AxesLook colours: of
 *   ticks and their labels, of frame and small ticks, of what is undefined and of the lines there
 * @typedef {Place & {xlog?: boolean, ylog?: boolean, xticks?: number[]|null, yticks?: number[]|null,
 *   bare?: boolean, unlabelled?: boolean}} Axes ticks that are given are taken; a bare panel has
 *   none; one that is unlabelled has no labels along x, which those of the panel below are
 */
import { dataToPixel } from "./coordinates.js";
import { FACE } from "./look.js";
import { linearTicks, logTicks, ticksAt } from "./ticks.js";

/** @type {AxesLook} */
export const LIGHT_AXES = { quiet: "#5F6B7A", faint: "#C4CCD6", ground: "#F4F1EB", hatch: "#D8D2C6" };

const TICK_SIZE = 11.8; // pixels: 8.5 points
const TICK_LENGTH = 4.2;
const MINOR_LENGTH = 2.1;
const LABEL_PAD = 4.9; // from a tick to its label
const NOTE_DROP = 26; // below the frame, under the labels
const HATCH_EVERY = 8.33; // pixels across, as of four strokes in matplotlib
const HATCH_WIDTH = 1.39;

/** @param {Pair} range @param {number} room @param {boolean} upright @param {boolean} [isLog] @param {number[]|null} [given] */
function axisTicks(range, room, upright, isLog, given) {
  const inside = given?.filter((place) => range[0] <= place && place <= range[1]);
  return inside ? ticksAt(inside, range, room, upright) : (isLog ? logTicks : linearTicks)(range, room, upright);
}

/** The ticks of both axes. @param {Axes} axes @returns {{x: Ticks, y: Ticks}} */
export function ticksOf({ box: [, , width, height], x, y, xlog, ylog, xticks, yticks }) {
  return { x: axisTicks(x, width, false, xlog, xticks), y: axisTicks(y, height, true, ylog, yticks) };
}

/** Frame, ticks, labels. @param {CanvasRenderingContext2D} ctx @param {Axes} axes @param {AxesLook} look @param {{x: Ticks, y: Ticks}} ticks */
export function paintAxes(ctx, axes, look = LIGHT_AXES, ticks = ticksOf(axes)) {
  if (axes.bare) return;
  const sharp = ctx.getTransform().a, [left, top, width, height] = axes.box;
  const [right, bottom] = [left + width, top + height];
  const acrossAt = (/** @type {number} */ x) => dataToPixel(axes, x, 0)[0];
  const downAt = (/** @type {number} */ y) => dataToPixel(axes, 0, y)[1];
  ctx.save();
  ctx.lineWidth = Math.max(Math.round(sharp), 1) / sharp;
  const [lineX, lineY] = [left, bottom].map((edge) => onDots(edge, sharp));
  const down = (/** @type {number[]} */ places, /** @type {number} */ length) =>
    places.map((x) => [onDots(acrossAt(x), sharp), lineY, onDots(acrossAt(x), sharp), lineY + length]);
  const aside = (/** @type {number[]} */ places, /** @type {number} */ length) =>
    places.map((y) => [lineX, onDots(downAt(y), sharp), lineX - length, onDots(downAt(y), sharp)]);
  strokeAll(ctx, look.faint, [...down(ticks.x.minor, MINOR_LENGTH), ...aside(ticks.y.minor, MINOR_LENGTH)]);
  strokeAll(ctx, look.quiet, [...down(ticks.x.places, TICK_LENGTH), ...aside(ticks.y.places, TICK_LENGTH)]);
  ctx.strokeStyle = look.faint;
  ctx.strokeRect(lineX, onDots(top, sharp), onDots(right, sharp) - lineX, lineY - onDots(top, sharp));

  ctx.fillStyle = look.quiet;
  ctx.font = `${TICK_SIZE}px ${FACE.family}`;
  const away = TICK_LENGTH + LABEL_PAD;
  write(ctx, "right", "middle", ticks.y.labels.map((text, k) => [text, left - away, downAt(ticks.y.places[k])]));
  write(ctx, "left", "bottom", [[ticks.y.note, left, top - LABEL_PAD]]);
  if (!axes.unlabelled) {
    write(ctx, "center", "top", ticks.x.labels.map((text, k) => [text, acrossAt(ticks.x.places[k]), bottom + away]));
    write(ctx, "right", "top", [[ticks.x.note, right, bottom + NOTE_DROP]]);
  }
  ctx.restore();
}

/** Where a thin line covers whole dots of the screen, near a place. @param {number} place @param {number} sharp dots to the pixel */
const onDots = (place, sharp) => (Math.round(place * sharp) + (Math.max(Math.round(sharp), 1) % 2) / 2) / sharp;

/** @param {CanvasRenderingContext2D} ctx @param {string} color @param {number[][]} lines */
function strokeAll(ctx, color, lines) {
  ctx.strokeStyle = color;
  ctx.beginPath();
  lines.forEach(([x0, y0, x1, y1]) => (ctx.moveTo(x0, y0), ctx.lineTo(x1, y1)));
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {CanvasTextAlign} align @param {CanvasTextBaseline} baseline @param {[string, number, number][]} texts */
function write(ctx, align, baseline, texts) {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
  texts.forEach(([text, x, y]) => text && ctx.fillText(text, x, y));
}

// ── where f is undefined ─────────────────────────────────────────────────────────────────────────

/** The cells of a grid that have an undefined corner, in data coordinates: columns of them as [x, y, x, y]. @param {Grid} grid */
export function undefinedCells({ x, y, values }) {
  const ny = y.length, known = (/** @type {number} */ k) => Number.isFinite(values[k]) && Number.isFinite(values[k + ny]);
  const columns = [];
  for (let i = 0; i < x.length - 1; i += 1) {
    let from = -1; // where a run of such cells begins
    for (let j = 0; j < ny; j += 1) {
      const holds = j < ny - 1 && !(known(i * ny + j) && known(i * ny + j + 1));
      if (holds && from < 0) from = j;
      if (holds || from < 0) continue;
      columns.push([x[i], y[from], x[i + 1], y[j]]);
      from = -1;
    }
  }
  return columns;
}

/** Hatch what is undefined. @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Grid} grid @param {AxesLook} look */
export function hatchUndefined(ctx, place, grid, look = LIGHT_AXES) {
  const cells = undefinedCells(grid), [left, top, width, height] = place.box;
  if (!cells.length) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.beginPath();
  for (const [x0, y0, x1, y1] of cells) {
    const [fromX, fromY] = dataToPixel(place, x0, y0), [toX, toY] = dataToPixel(place, x1, y1);
    ctx.rect(fromX, toY, toX - fromX, fromY - toY);
  }
  ctx.fillStyle = look.ground;
  ctx.fill();
  ctx.clip();
  ctx.lineWidth = HATCH_WIDTH;
  const count = Math.ceil((width + height) / HATCH_EVERY);
  strokeAll(ctx, look.hatch, Array.from({ length: count }, (_, k) =>
    [left + k * HATCH_EVERY, top, left + k * HATCH_EVERY - height, top + height])); // prettier-ignore
  ctx.restore();
}
