/**
 * Where f is undefined at a place of its grid alone, and where it jumps; pictures/breaks.py has the
 * same.
 *
 * @import { Grid } from "./contours.js"
 * @typedef {(x: Float64Array, y: Float64Array) => Float64Array} Cut f at many places
 */
const CLOSE_BESIDE = 1e-6; // of the grid's spacing: so near to a place f tells what it is like around it
const SUDDEN = 4; // times the change from a neighbour to the next: what may be a jump
const VISIBLE = 0.01; // of all that the map shows: a smaller jump is left alone
const HALVINGS = 12; // after which a smooth change is next to nothing
const LARGEST_VALUE = 1e307;
const LEFT_OF_JUMP = 0.25; // of the change: what is left of a jump, however near its two sides are

/** The values of a grid, with f close by wherever it is undefined at a place of the grid alone. @param {Cut} cut @param {Grid} grid */
export function filledValues(cut, { x, y, values }) {
  const [dx, dy] = [CLOSE_BESIDE * (x[1] - x[0]), CLOSE_BESIDE * (y[1] - y[0])], all = Float64Array.from(values);
  let gaps = /** @type {number[]} */ ([]);
  for (let k = 0; k < all.length; k += 1) if (Number.isNaN(all[k])) gaps.push(k);
  for (const [across, up] of [[1, 1], [-1, -1], [1, -1], [-1, 1]]) { // prettier-ignore
    if (!gaps.length) break;
    const near = cut(
      Float64Array.from(gaps, (k) => x[Math.floor(k / y.length)] + across * dx),
      Float64Array.from(gaps, (k) => y[k % y.length] + up * dy),
    );
    gaps.forEach((k, place) => (all[k] = Number.isFinite(near[place]) ? near[place] : NaN));
    gaps = gaps.filter((k) => Number.isNaN(all[k]));
  }
  return all;
}

/** The places of a grid beside which f jumps, by a visible part of what the map shows; null where there are none. @param {Cut} cut @param {Grid} grid @param {number} reach @returns {Uint8Array|null} */
export function tornPlaces(cut, grid, reach) {
  const { x, y, values } = grid, ny = y.length, found = new Uint8Array(values.length);
  let any = false;
  for (const step of [ny, 1]) {
    const sudden = suddenPlaces(grid, step, VISIBLE * reach);
    const jumps = jumpsBetween(cut, grid, sudden, step);
    sudden.forEach((k, place) => {
      if (jumps[place]) any = Boolean((found[k] = found[k + step] = 1));
    });
  }
  return any ? found : null;
}

/** From which places to the next f changes much more than from there on. @param {Grid} grid @param {number} step @param {number} least */
function suddenPlaces({ x, y, values }, step, least) {
  const ny = y.length, count = step === 1 ? ny : x.length, found = [];
  const change = (/** @type {number} */ k) => Math.abs(values[k + step] - values[k]);
  for (let k = 0; k < values.length; k += 1) {
    const along = step === 1 ? k % ny : Math.floor(k / ny), own = along < count - 1 ? change(k) : NaN;
    if (!(own > least)) continue;
    const before = along > 0 ? change(k - step) : NaN, after = along < count - 2 ? change(k + step) : NaN;
    if (own > SUDDEN * lesser(before, after)) found.push(k);
  }
  return found;
}

/** The smaller of two numbers, or the one that is known. @param {number} one @param {number} two */
const lesser = (one, two) => (Number.isNaN(one) ? two : Number.isNaN(two) ? one : Math.min(one, two));

/** Which changes do not vanish as their two ends approach each other. @param {Cut} cut @param {Grid} grid @param {number[]} from @param {number} step */
function jumpsBetween(cut, { x, y, values }, from, step) {
  const ny = y.length, to = from.map((k) => k + step);
  const acrossAt = (/** @type {number} */ k) => x[Math.floor(k / ny)], upAt = (/** @type {number} */ k) => y[k % ny];
  const [lowX, lowY, below] = [acrossAt, upAt, (/** @type {number} */ k) => values[k]].map((at) => Float64Array.from(from, at));
  const [highX, highY, above] = [acrossAt, upAt, (/** @type {number} */ k) => values[k]].map((at) => Float64Array.from(to, at));
  const whole = above.map((value, k) => Math.abs(value - below[k]));
  for (let halving = 0; halving < (from.length ? HALVINGS : 0); halving += 1) {
    const middleX = lowX.map((low, k) => (low + highX[k]) / 2), middleY = lowY.map((low, k) => (low + highY[k]) / 2);
    cut(middleX, middleY).forEach((found, k) => {
      const value = Math.min(Math.max(found, -LARGEST_VALUE), LARGEST_VALUE);
      if (Math.abs(above[k] - value) > Math.abs(value - below[k])) [lowX[k], lowY[k], below[k]] = [middleX[k], middleY[k], value];
      else [highX[k], highY[k], above[k]] = [middleX[k], middleY[k], value];
    });
  }
  return whole.map((change, k) => +(Math.abs(above[k] - below[k]) > LEFT_OF_JUMP * change));
}
