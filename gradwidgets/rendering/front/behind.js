/**
 * What stands behind the marks of a panel: terrain, and the axes.
 *
 * @import { Panel } from "./wire.js"
 * @import { Ground } from "./terrain.js"
 * @import { Themed } from "./theme.js"
 */
import { paintAxes } from "./axes.js";
import { FACE } from "./look.js";
import { paintTerrain } from "./painted.js";
import { titleWidth } from "./plot.js";

const NOTE_SIZE = 10.5; // pixels, of how the level curves are spaced
const NOTE_BELOW = 32; // from the frame, in the line of its axis's name
const NOTE_APART = 8; // at least, from that name

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Themed} look @param {string} note */
export function paintNote(ctx, { box: [left, top, width, height], xlabel }, look, note) {
  ctx.font = `${NOTE_SIZE}px ${FACE.family}`;
  if (ctx.measureText(note).width > (width - titleWidth({ title: xlabel })) / 2 - NOTE_APART) return;
  ctx.fillStyle = look.axes.quiet;
  ctx.textAlign = "left"; // at the other end an axis tells its power of ten
  ctx.textBaseline = "top";
  ctx.fillText(note, left, top + height + NOTE_BELOW);
}

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Themed} look @param {Ground|null} ground */
export function paintGround(ctx, panel, look, ground) {
  if (panel.space) return;
  if (ground) {
    paintTerrain(ctx, panel, ground, look.terrain);
    paintNote(ctx, panel, look, ground.note);
  }
  paintAxes(ctx, panel, look.axes);
}
