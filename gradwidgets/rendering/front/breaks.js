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
const SETTLED = 0.05; // of the change: with so little left it is none, and is halved no more
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
  const ny = y.length, count = from.length, jumps = new Uint8Array(count);
  const [lowX, lowY, highX, highY, below, above, whole] = Array.from({ length: 7 }, () => new Float64Array(count));
  let open = new Int32Array(count); // those that may still be jumps
  for (let k = 0; k < count; k += 1) {
    const low = from[k], high = low + step;
    lowX[k] = x[Math.floor(low / ny)];
    lowY[k] = y[low % ny];
    highX[k] = x[Math.floor(high / ny)];
    highY[k] = y[high % ny];
    below[k] = values[low];
    above[k] = values[high];
    whole[k] = Math.abs(above[k] - below[k]);
    open[k] = k;
  }
  for (let halving = 0; halving < HALVINGS && open.length; halving += 1) {
    const middleX = new Float64Array(open.length), middleY = new Float64Array(open.length);
    for (let place = 0; place < open.length; place += 1) {
      const k = open[place];
      middleX[place] = (lowX[k] + highX[k]) / 2;
      middleY[place] = (lowY[k] + highY[k]) / 2;
    }
    const found = cut(middleX, middleY);
    let left = 0;
    for (let place = 0; place < open.length; place += 1) {
      const k = open[place], value = Math.min(Math.max(found[place], -LARGEST_VALUE), LARGEST_VALUE);
      const upper = Math.abs(above[k] - value) > Math.abs(value - below[k]);
      (upper ? lowX : highX)[k] = middleX[place];
      (upper ? lowY : highY)[k] = middleY[place];
      (upper ? below : above)[k] = value;
      if (!(Math.abs(above[k] - below[k]) <= SETTLED * whole[k])) open[left++] = k;
    }
    open = open.subarray(0, left);
  }
  for (const k of open) jumps[k] = +(Math.abs(above[k] - below[k]) > LEFT_OF_JUMP * whole[k]);
  return jumps;
}
