/**
 * A ground as it is painted, and the heights of a surface over it.
 *
 * @import { Place } from "./coordinates.js"
 * @import { Box, Pair, Space } from "./wire.js"
 * @import { AxesLook } from "./axes.js"
 * @import { ReliefLook } from "./relief.js"
 * @import { Rectangle } from "./curvelabels.js"
 * @import { Ground } from "./terrain.js"
 *
 * @typedef {ReliefLook & Pick<AxesLook, "quiet"|"faint"|"ground"|"hatch"> & {field: string}} TerrainLook
 *   colours: of bands, curves, numbers, of what is undefined, of pale arrows
 */
import { arrowOutline } from "./arrow.js";
import { hatchUndefined, LIGHT_AXES } from "./axes.js";
import { dataToPixel } from "./coordinates.js";
import { LIGHT_RELIEF, paintBands, paintLevelCurves } from "./relief.js";

/** @type {TerrainLook} */
export const LIGHT_TERRAIN = { ...LIGHT_AXES, ...LIGHT_RELIEF, field: "#CB7E52" };
/** @type {TerrainLook} */
export const DARK_TERRAIN = {
  low: "#10151B", high: "#466587", line: "#6B8099", quiet: "#A6B1BE",
  faint: "#3D4650", ground: "#1B1916", hatch: "#3A352C", field: "#B06A3E",
}; // prettier-ignore

const PALE_WIDTH = 1.2; // pixels, of pale arrows

/**
 * Paint bands, hatching, level curves, pale arrows, and the numbers on the curves, which keep off
 * what is `taken`.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Ground} ground
 * @param {TerrainLook} look @param {Rectangle[]} taken
 */
export function paintTerrain(ctx, place, ground, look = LIGHT_TERRAIN, taken = []) {
  paintBands(ctx, place, ground.rings, look);
  hatchUndefined(ctx, place, ground.sheet, look);
  paintLevelCurves(ctx, place, ground.curves, ground.texts, look, taken, () => paintPale(ctx, place, ground.arrows, look.field));
}

/** All in one path: there may be hundreds. @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Float64Array} arrows @param {string} color */
function paintPale(ctx, place, arrows, color) {
  if (!arrows.length) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(...place.box);
  ctx.clip();
  ctx.fillStyle = color;
  ctx.beginPath();
  for (let k = 0; k < arrows.length; k += 4) {
    const tail = dataToPixel(place, arrows[k], arrows[k + 1]), tip = dataToPixel(place, arrows[k + 2], arrows[k + 3]);
    arrowOutline(tail, tip, PALE_WIDTH).forEach(([x, y], corner) => (corner ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
  }
  ctx.fill();
  ctx.restore();
}

// ── surfaces ─────────────────────────────────────────────────────────────────────────────────────

/** @type {WeakMap<Ground, {told: string, space: Space}>} */
const SPACES = new WeakMap();

/**
 * A surface's space with its heights: the same one as long as ground and box are the same. `box`
 * is what the program tells: the middle of the window, a unit along x and y, the ends of f.
 *
 * @param {Box} own @param {Ground} ground @param {ArrayLike<number>|undefined} box @returns {Space}
 */
export function spaceOver(own, ground, box) {
  const ends = Array.from(box ?? [...own.centre, ...own.half, ...ground.span]), told = ends.join();
  const known = SPACES.get(ground);
  if (known?.told === told) return known.space;
  const space = heightsOver(own, ground, ends);
  SPACES.set(ground, { told, space });
  return space;
}

/** @param {Box} own @param {Ground} ground @param {number[]} ends @returns {Space} */
function heightsOver({ floor, low, high, turns }, { sheet: { x, y, values }, levels }, [middleX, middleY, unitX, unitY, least, most]) {
  const reach = most > least ? most - least : 1;
  const height = (/** @type {number} */ value) =>
    Number.isFinite(value) ? low + (high - low) * Math.min(Math.max((value - least) / reach, 0), 1) : null;
  const heights = Array.from(x, (_, i) => Array.from(values.subarray(i * y.length, (i + 1) * y.length), height));
  const curves = levels.filter((level) => least < level && level < most).map((level) => /** @type {number} */ (height(level)));
  return {
    x: Array.from(x, (place) => (place - middleX) / unitX),
    y: Array.from(y, (place) => (place - middleY) / unitY),
    heights, levels: [...new Set(curves)], floor, turns,
    centre: /** @type {Pair} */ ([middleX, middleY]), half: /** @type {Pair} */ ([unitX, unitY]),
  }; // prettier-ignore
}
