/**
 * The surface as it is seen from an angle; a bitmap keeps what was drawn until the view turns.
 *
 * @import { Pair, Panel, Surface } from "./wire.js"
 * @import { Look } from "./look.js"
 *
 * @typedef {(ctx: CanvasRenderingContext2D, panel: Panel, mark: Surface, turn: Pair,
 *   look?: Look) => void} Drawing
 * @typedef {{canvas: HTMLCanvasElement, still: unknown[]|null, turn: Pair|null}} Kept
 */
import { drawLevels } from "./levels.js";
import { LIGHT } from "./look.js";
import { drawMesh } from "./mesh.js";

const COARSE = 2; // cells that are drawn as one while the view turns
const OPACITY = 0.62;

/**
 * Draw the mesh, or the level curves on the floor.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Panel} panel
 * @param {Surface} mark
 * @param {Pair} turn
 * @param {Look} look
 * @param {number} step cells that are drawn as one
 */
export function drawSurface(ctx, panel, mark, turn, look = LIGHT, step = 1) {
  if (mark.flat) drawLevels(ctx, panel, mark, turn, look);
  else drawMesh(ctx, panel, mark, turn, step, look);
}

/** @param {unknown[]} some @param {unknown[]|null} others */
const differ = (some, others) => some.some((part, k) => part !== others?.[k]);

/**
 * A `drawSurface` that keeps bitmaps of what it has drawn until the angle or the size is another.
 * While the view turns it draws coarsely, and hands `later` what makes the next drawing a fine one.
 *
 * @param {(refine: () => void) => void} later
 * @returns {Drawing}
 */
export function keptSurfaces(later) {
  /** @type {Map<string, Kept>} */
  const kept = new Map();
  const refine = () => kept.forEach((entry) => (entry.still = null));
  return (ctx, panel, mark, turn, look = LIGHT) => {
    const sharp = ctx.getTransform().a;
    const [left, top, width, height] = panel.box;
    const still = [panel, mark, sharp, look];
    const known = kept.get(mark.name) ?? { canvas: document.createElement("canvas"), still: null, turn: null };
    const other = differ(still, known.still);
    if (other || differ(turn, known.turn)) {
      Object.assign(known.canvas, { width: Math.ceil(width * sharp), height: Math.ceil(height * sharp) });
      const own = /** @type {CanvasRenderingContext2D} */ (known.canvas.getContext("2d"));
      own.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
      drawSurface(own, panel, mark, turn, look, other ? 1 : COARSE);
      kept.set(mark.name, Object.assign(known, { still, turn }));
      if (!other) later(refine);
    }
    ctx.globalAlpha = mark.flat ? 1 : OPACITY;
    ctx.drawImage(known.canvas, left, top, known.canvas.width / sharp, known.canvas.height / sharp);
    ctx.globalAlpha = 1;
  };
}
