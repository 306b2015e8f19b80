/**
 * Text with numbers in it, beside a place or as a line of the caption.
 *
 * @import { Label, Panel } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { FAR, dataToPixel } from "./coordinates.js";
import { FONT, LIGHT } from "./look.js";
import { fill } from "./text.js";

const TITLE = 30; // the height of a title's line above its panel

/** A label's text, or "" where it is hidden or not yet known. @param {Label} mark @param {Float64Array} own */
export function labelText(mark, own) {
  const choice = Math.trunc(own[4]);
  return choice >= 0 ? fill(mark.texts[choice], own.subarray(5)) : "";
}

/** @param {number} component */
const sideOf = (component) => (component < -0.38 ? -1 : component > 0.38 ? 1 : 0);

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Label} mark @param {Float64Array} own @param {Look} look */
export function paintLabel(ctx, panel, mark, own, look = LIGHT) {
  const [text, [x, y, across, up]] = [labelText(mark, own), own];
  const [px, py] = dataToPixel(panel, x, y);
  if (!text || !(Math.max(Math.abs(px), Math.abs(py)) < FAR)) return;
  const length = Math.hypot(across, up) || 1;
  ctx.font = `${mark.size}px ${FONT}`;
  const half = [ctx.measureText(text).width / 2, 0.55 * mark.size];
  const [left, top, width, height] = panel.box;
  const extra = mark.above ? TITLE : 0;
  /** @type {(centre: number, low: number, size: number, reach: number) => number} */
  const inside = (centre, low, size, reach) => Math.min(Math.max(centre, low + 2 + reach), low + size - 2 - reach);
  const centreX = inside(px + (mark.aside * across) / length + half[0] * sideOf(across / length), left, width, half[0]);
  const centreY = inside(py - (mark.aside * up) / length - half[1] * sideOf(up / length), top - extra, height + extra, half[1]);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = look.ground;
  ctx.lineWidth = 3.6;
  ctx.lineJoin = "round";
  ctx.strokeText(text, centreX, centreY);
  ctx.fillStyle = look.color(mark.color);
  ctx.fillText(text, centreX, centreY);
}
