/**
 * The mesh of a space from back to front, in the order that rendering/surface.py has.
 *
 * @import { Pair, Panel, Space, Surface } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { dataToPixel } from "./coordinates.js";
import { projection, spaceOf } from "./space.js";

const STRIDE = 6; // cells between two lines of the mesh
const OVERLAP = 1.15; // of a cell onto those before it, which are drawn later: no seam is left
const SHADES = 24;
export const HAIRLINE = 0.7; // pixels: the width of the mesh's lines and of level curves

/**
 * What a function makes of a space, made once.
 *
 * @template T
 * @param {(space: Space) => T} make
 * @returns {(space: Space) => T}
 */
export const once = (make) => {
  /** @type {WeakMap<Space, T>} */
  const known = new WeakMap();
  return (space) => {
    const made = known.get(space) ?? make(space);
    known.set(space, made);
    return made;
  };
};

/** The least height, and how many shades there are to a unit of height. */
const shading = once(({ heights }) => {
  let [low, high] = [Infinity, -Infinity];
  for (const height of heights.flat()) if (height !== null) [low, high] = [Math.min(low, height), Math.max(high, height)]; // prettier-ignore
  return [low, high > low ? (SHADES - 1) / (high - low) : 0];
});

/** Colours from one to another, both as #RRGGBB. @param {string} low @param {string} high */
export function fade(low, high, count = SHADES) {
  const parts = (/** @type {string} */ color) => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  const [from, to] = [parts(low), parts(high)];
  const mixed = (/** @type {number} */ share) => from.map((part, k) => Math.round(part + share * (to[k] - part)));
  return Array.from({ length: count }, (_, k) => `rgb(${mixed(k / (count - 1))})`);
}

/** The corners in pixels, flat: that of row i and column j begins at 2·(i·columns + j). @param {Panel} panel @param {Pair} turn */
export function meshPixels(panel, turn) {
  const [{ x, y, heights }, see] = [spaceOf(panel), projection(turn)];
  const places = new Float64Array(2 * x.length * y.length);
  x.forEach((across, i) => y.forEach((up, j) => {
    places.set(dataToPixel(panel, ...see(across, up, heights[i][j] ?? NaN)), 2 * (i * y.length + j));
  })); // prettier-ignore
  return places;
}

/**
 * Indices of cells along one side, the farthest first: [far corner, near corner].
 *
 * @param {number} cells
 * @param {number} step
 * @param {boolean} farIsLast
 */
const fromFar = (cells, step, farIsLast) =>
  Array.from({ length: cells / step }, (_, k) => (farIsLast ? [cells - k * step, cells - (k + 1) * step] : [k * step, (k + 1) * step]));

/**
 * Draw cell after cell, from back to front, each with the lines on its sides that lie farther away.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Panel} panel
 * @param {Surface} mark
 * @param {Pair} turn
 * @param {number} step cells that are drawn as one
 * @param {Look} look
 */
export function drawMesh(ctx, panel, mark, turn, step, look) {
  const space = spaceOf(panel);
  const { x, y, heights } = space;
  const places = meshPixels(panel, turn);
  const [[low, shade], colors] = [shading(space), fade(look.color(mark.low), look.color(mark.high))];
  const place = (/** @type {number} */ i, /** @type {number} */ j) => places.subarray(2 * (i * y.length + j), 2 * (i * y.length + j) + 2);
  const height = (/** @type {number} */ i, /** @type {number} */ j) => heights[i][j] ?? NaN;
  const azimuth = (turn[0] * Math.PI) / 180;
  const columns = fromFar(y.length - 1, step, Math.cos(azimuth) > 0);
  ctx.lineWidth = HAIRLINE;
  ctx.strokeStyle = look.color(mark.color);
  for (const [i, k] of fromFar(x.length - 1, step, Math.sin(azimuth) > 0)) {
    for (const [j, l] of columns) {
      const [a, b, c, d] = [place(i, j), place(k, j), place(k, l), place(i, l)];
      const mean = (height(i, j) + height(k, j) + height(k, l) + height(i, l)) / 4;
      if (Number.isNaN(mean)) continue; // a hole at a corner
      ctx.fillStyle = colors[Math.floor((mean - low) * shade + 0.5)];
      ctx.beginPath();
      ctx.moveTo(a[0], a[1]);
      [b, c, d].forEach(([px, py]) => ctx.lineTo(a[0] + OVERLAP * (px - a[0]), a[1] + OVERLAP * (py - a[1])));
      ctx.fill();
      const sides = [];
      if (j % STRIDE === 0) sides.push([a, b]);
      if (i % STRIDE === 0) sides.push([a, d]);
      if (k % (x.length - 1) === 0) sides.push([b, c]);
      if (l % (y.length - 1) === 0) sides.push([d, c]);
      if (!sides.length) continue;
      ctx.beginPath();
      sides.forEach(([[x0, y0], [x1, y1]]) => (ctx.moveTo(x0, y0), ctx.lineTo(x1, y1)));
      ctx.stroke();
    }
  }
}
