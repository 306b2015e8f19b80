/**
 * Arrows from a tail to a tip.
 *
 * @import { Arrow, Pair, Panel } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { dataToPixel } from "./coordinates.js";
import { LIGHT } from "./look.js";

const RIM = 2; // pixels, half of it around an arrow

/**
 * The seven corners of an arrow, its tip the fourth; a short one is all head.
 *
 * @param {Pair} tail
 * @param {Pair} tip
 * @param {number} width
 * @returns {Pair[]}
 */
export function arrowOutline([x0, y0], [x1, y1], width) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 1e-6) return Array(7).fill([x1, y1]);
  const full = 3 + 3.2 * width;
  const head = Math.min(full, length);
  const shaft = (width / 2) * Math.min(1, length / full);
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  /** @type {(back: number, side: number) => Pair} */
  const at = (back, side) => [x1 - back * ux - side * uy, y1 - back * uy + side * ux];
  const barb = 0.42 * head;
  return [at(length, shaft), at(head, shaft), at(head, barb), [x1, y1],
    at(head, -barb), at(head, -shaft), at(length, -shaft)]; // prettier-ignore
}

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Arrow} mark @param {ArrayLike<number>} own @param {Look} look */
export function paintArrow(ctx, panel, mark, own, look = LIGHT) {
  Object.assign(ctx, { fillStyle: look.color(mark.color), strokeStyle: look.ground, lineWidth: RIM, lineJoin: "round" });
  for (let i = 0; i < own.length; i += 4) {
    const tail = dataToPixel(panel, own[i], own[i + 1]);
    const tip = dataToPixel(panel, own[i + 2], own[i + 3]);
    if (![...tail, ...tip].every(Number.isFinite)) continue;
    ctx.beginPath();
    arrowOutline(tail, tip, mark.width).forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
    ctx.stroke(); // so that it stands out from dark ground, too
    ctx.fill();
  }
}
