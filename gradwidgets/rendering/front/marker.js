/**
 * Points with a shape: handles, ticks, and what can't be touched.
 *
 * @import { Mark, Marker, Panel } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { pixelsOf } from "./coordinates.js";
import { INK, LIGHT } from "./look.js";

/** @type {Record<string, [number, number][]>} */
const CORNERS = {
  diamond: [[0, -1.06], [1.06, 0], [0, 1.06], [-1.06, 0]],
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  triangle: [[0, -1], [1, 1], [-1, 1]],
  "triangle down": [[0, 1], [-1, -1], [1, -1]],
}; // prettier-ignore

/** @param {Mark} mark @returns {mark is Marker} */
export const isHandle = (mark) => mark.kind === "Marker" && mark.moves.some((name) => name !== null);

/** @param {Mark} mark @returns {mark is Marker} */
export const isTick = (mark) => mark.kind === "Marker" && mark.sets.some((name) => name !== null);

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Marker} mark @param {ArrayLike<number>} own @param {Look} look */
export function paintMarker(ctx, panel, mark, own, look = LIGHT) {
  const ringed = isHandle(mark) || isTick(mark);
  const radius = (mark.size * (isHandle(mark) ? 1.4 : 1)) / 2;
  ctx.fillStyle = look.color(mark.color);
  ctx.strokeStyle = ringed ? look.color(INK) : look.ground;
  ctx.lineWidth = ringed ? 2 : 1;
  const places = pixelsOf(panel, own);
  for (let k = 0; k < places.length; k += 2) {
    const x = places[k], y = places[k + 1];
    ctx.beginPath();
    if (mark.shape === "circle") ctx.arc(x, y, radius, 0, 2 * Math.PI);
    else CORNERS[mark.shape].forEach(([dx, dy]) => ctx.lineTo(x + radius * dx, y + radius * dy));
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
}
