/**
 * A line through points: the area inside, the line, its dots.
 *
 * @import { Pair, Panel, Polyline } from "./wire.js"
 */
import { FAR, pixelsOf } from "./coordinates.js";

const FOLLOWED = 4; // heights of its panel that a steep curve is followed: the canvas knows no farther

/**
 * The points of a line in data coordinates, x and y in turn.
 *
 * @param {Panel} panel
 * @param {Polyline} mark
 * @param {ArrayLike<number>} own
 */
export function linePoints({ y: [low, high] }, mark, own) {
  if (!mark.along) return own;
  const reach = FOLLOWED * (high - low);
  const height = (/** @type {number} */ y) => (Number.isFinite(y) ? Math.min(Math.max(y, low - reach), low + reach) : NaN);
  return mark.along.flatMap((x, k) => [x, height(own[k])]);
}

/** @param {Pair} place */
const isNear = ([x, y]) => Number.isFinite(x) && Math.abs(y) < FAR;

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Polyline} mark @param {ArrayLike<number>} own */
export function paintPolyline(ctx, panel, mark, own) {
  const places = pixelsOf(panel, linePoints(panel, mark, own));
  if (mark.fill && places.every(([x, y]) => Math.abs(x) < FAR && Math.abs(y) < FAR)) {
    ctx.fillStyle = mark.fill;
    ctx.beginPath();
    places.forEach((place) => ctx.lineTo(...place));
    ctx.fill();
  }
  if (mark.width) {
    ctx.strokeStyle = mark.color;
    ctx.lineWidth = mark.width;
    ctx.setLineDash(mark.dash);
    ctx.beginPath();
    places.forEach((place, k) => isNear(place) && (k && isNear(places[k - 1]) ? ctx.lineTo(...place) : ctx.moveTo(...place)));
    ctx.stroke();
    ctx.setLineDash([]);
  }
  if (mark.dots) {
    ctx.fillStyle = mark.color;
    ctx.beginPath();
    places.filter(isNear).forEach(([x, y]) => {
      ctx.moveTo(x + mark.dots / 2, y);
      ctx.arc(x, y, mark.dots / 2, 0, 2 * Math.PI);
    });
    ctx.fill();
  }
}
