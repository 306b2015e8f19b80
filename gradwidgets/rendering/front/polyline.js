/**
 * A line through points: the area inside, the line, its dots. Of many points those that can't be
 * told apart are left out: the canvas would draw each.
 *
 * Points stand one behind the other, x and y in turn.
 *
 * @import { Panel, Polyline } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { FAR, pixelsOf } from "./coordinates.js";
import { LIGHT } from "./look.js";

const FOLLOWED = 4; // heights of its panel that a steep curve is followed: the canvas knows no farther
const MANY = 250; // points, and a line may do with fewer
const UNSEEN = 0.15; // pixels that a line may pass beside a point of its own
const CELL = 0.5; // pixels: where dots' centres are in one square of this size, there is one dot

/**
 * The points of a line in data coordinates.
 *
 * @param {Panel} panel
 * @param {Polyline} mark
 * @param {ArrayLike<number>} own
 */
export function linePoints({ y: [low, high] }, { along }, own) {
  if (!along) return own;
  const reach = FOLLOWED * (high - low), points = new Float64Array(2 * along.length);
  for (let k = 0; k < along.length; k += 1) {
    points[2 * k] = along[k];
    points[2 * k + 1] = Number.isFinite(own[k]) ? Math.min(Math.max(own[k], low - reach), low + reach) : NaN;
  }
  return points;
}

/** @param {number} x @param {number} y */
const isNear = (x, y) => Number.isFinite(x) && Math.abs(y) < FAR;

/**
 * The same line with fewer corners: it passes every point at most `unseen` pixels away, and goes as
 * far as that. Undefined places interrupt it, as NaN.
 *
 * From a corner a line goes on as long as one direction passes all points and they go farther away.
 * @param {ArrayLike<number>} places in pixels
 */
export function thinned(places, unseen = UNSEEN) {
  const kept = new Float64Array(places.length);
  let size = 0, far = 0; // how far the points are from the corner, squared; 0 while they are on it
  let [x, y, lastX, lastY] = [NaN, NaN, NaN, NaN]; // the corner, and the point before
  let [leftX, leftY, rightX, rightY] = [0, 0, 0, 0]; // the directions still possible lie between
  const corner = () => (far = 0, kept[size] = x = lastX, kept[size + 1] = y = lastY, size += 2);
  for (let k = 0; k < places.length; k += 2) {
    const broken = !isNear(places[k], places[k + 1]), begins = Number.isNaN(lastX);
    if (!begins && (lastX !== x || lastY !== y) && (broken || !fits(places[k] - x, places[k + 1] - y))) corner();
    [lastX, lastY] = broken ? [NaN, NaN] : [places[k], places[k + 1]];
    if (broken !== begins) corner();
    else if (!broken) narrow(lastX - x, lastY - y);
  }
  if (lastX !== x || lastY !== y) corner();
  return kept.subarray(0, size);

  /** @param {number} dx @param {number} dy */
  function fits(dx, dy) {
    if (far === 0) return true;
    return dx * dx + dy * dy >= far && rightX * dy >= rightY * dx && dx * leftY >= dy * leftX;
  }
  /** @param {number} dx @param {number} dy */
  function narrow(dx, dy) {
    const length = Math.sqrt(dx * dx + dy * dy), acrossX = (-dy * unseen) / length, acrossY = (dx * unseen) / length;
    if (!(length > unseen)) return;
    const first = far === 0;
    far = length * length;
    if (first || (dx + acrossX) * leftY > (dy + acrossY) * leftX) [leftX, leftY] = [dx + acrossX, dy + acrossY];
    if (first || rightX * (dy - acrossY) > rightY * (dx - acrossX)) [rightX, rightY] = [dx - acrossX, dy - acrossY];
  }
}

/**
 * Of dots that can't be told apart the first, and none that is not to be seen.
 * @param {ArrayLike<number>} places in pixels @param {Panel["box"]} box @param {number} radius
 */
export function apart(places, [left, top, width, height], radius) {
  const taken = new Set(), wide = Math.ceil((width + 2 * radius) / CELL) + 1, kept = [];
  for (let k = 0; k < places.length; k += 2) {
    const x = places[k], y = places[k + 1], across = x - left + radius, down = y - top + radius;
    if (!(across >= 0 && down >= 0 && across <= width + 2 * radius && down <= height + 2 * radius)) continue;
    const cell = Math.floor(across / CELL) + wide * Math.floor(down / CELL);
    if (!taken.has(cell)) taken.add(cell), kept.push(x, y);
  }
  return kept;
}

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Polyline} mark @param {ArrayLike<number>} own @param {Look} look */
export function paintPolyline(ctx, panel, mark, own, look = LIGHT) {
  const places = pixelsOf(panel, linePoints(panel, mark, own)), many = places.length > 2 * MANY;
  const whole = mark.fill && !mark.squares && places.every((place) => Math.abs(place) < FAR);
  if (whole || mark.squares) ctx.fillStyle = look.color(mark.fill);
  if (mark.squares) fillSquares(ctx, panel, places);
  if (whole) {
    ctx.beginPath();
    for (let k = 0; k < places.length; k += 2) ctx.lineTo(places[k], places[k + 1]);
    ctx.fill();
  }
  if (mark.width) {
    ctx.strokeStyle = look.color(mark.color);
    ctx.lineWidth = mark.width;
    ctx.setLineDash(mark.dash);
    ctx.beginPath();
    connect(ctx, many ? thinned(places) : places);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  if (mark.dots) {
    const radius = mark.dots / 2, dots = many ? apart(places, panel.box, radius) : places;
    ctx.fillStyle = look.color(mark.color);
    ctx.beginPath();
    for (let k = 0; k < dots.length; k += 2) {
      if (!isNear(dots[k], dots[k + 1])) continue;
      ctx.moveTo(dots[k] + radius, dots[k + 1]);
      ctx.arc(dots[k], dots[k + 1], radius, 0, 2 * Math.PI);
    }
    ctx.fill();
  }
}

/** Beside every two places, towards the middle. @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {ArrayLike<number>} places */
function fillSquares(ctx, { box: [left, , wide] }, places) {
  for (let k = 0; k < places.length; k += 4) {
    const x = places[k], side = Math.abs(places[k + 3] - places[k + 1]);
    if (isNear(x, side)) ctx.fillRect(x > left + wide / 2 ? x - side : x, Math.min(places[k + 1], places[k + 3]), side, side);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} corners */
function connect(ctx, corners) {
  let along = false;
  for (let k = 0; k < corners.length; k += 2) {
    const there = isNear(corners[k], corners[k + 1]);
    if (there && along) ctx.lineTo(corners[k], corners[k + 1]);
    else if (there) ctx.moveTo(corners[k], corners[k + 1]);
    along = there;
  }
}
