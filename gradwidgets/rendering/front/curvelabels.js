/**
 * Numbers on level curves: where a curve is straight they stand in it, upright, in a gap.
 *
 * Lines are in pixels, points x, y one behind the other.
 *
 * @typedef {[number, number, number, number]} Rectangle left, top, width, height
 * @typedef {{text: string, x: number, y: number, angle: number, from: number, to: number}} CurveLabel
 *   its middle, how far it is turned (−π/2 to π/2), and the gap, in pixels along the line
 */

const GAP_SIDE = 5; // pixels to either side of a text
const STRAIGHT = 0.95; // of a stretch, the distance of its ends in comparison with its length, at least
const TRIED_EVERY = 6; // pixels along a line
const EDGE = 2; // pixels that a text stays away from the edge
const CORE = 0.35; // of a text's height, above and below its middle, that no other curve crosses
const CLOSE_BY = 3; // pixels: the squares in which curves are looked for
const ROOMIER = 1.2; // as many times as long as its text a line is at least, upwards or across

/** How far it is from the line's beginning to each of its points. @param {ArrayLike<number>} line */
export function lengthsAlong(line) {
  const far = new Float64Array(line.length / 2);
  for (let k = 1; k < far.length; k += 1)
    far[k] = far[k - 1] + Math.hypot(line[2 * k] - line[2 * k - 2], line[2 * k + 1] - line[2 * k - 1]);
  return far;
}

/** The last point that is not beyond a length. @param {Float64Array} far @param {number} length */
function lastBefore(far, length) {
  let low = 0, high = far.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (far[middle] <= length) low = middle;
    else high = middle;
  }
  return low;
}

/** The place at a length along a line. @param {ArrayLike<number>} line @param {Float64Array} far @param {number} length */
function placeAlong(line, far, length) {
  const k = lastBefore(far, length), share = (length - far[k]) / (far[k + 1] - far[k] || 1);
  return [line[2 * k] + share * (line[2 * k + 2] - line[2 * k]), line[2 * k + 1] + share * (line[2 * k + 3] - line[2 * k + 1])];
}

/** A line without its stretch between two lengths: what stands before and after. @param {Float64Array} line @param {number} from @param {number} to */
export function withGap(line, from, to) {
  const far = lengthsAlong(line), [first, last] = [2 * lastBefore(far, from) + 2, 2 * lastBefore(far, to) + 2];
  const before = new Float64Array(first + 2), after = new Float64Array(line.length - last + 2);
  before.set(line.subarray(0, first));
  before.set(placeAlong(line, far, from), first);
  after.set(placeAlong(line, far, to));
  after.set(line.subarray(last), 2);
  return [before, after];
}

/** How much a text may reach to the sides, and up and down, when it is turned. @param {number} width @param {number} height @param {number} angle */
function reachOf(width, height, angle) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return [(width * cos + height * sin) / 2, (width * sin + height * cos) / 2];
}

/** @param {Rectangle} one @param {Rectangle} two */
const overlap = ([x, y, width, height], [left, top, wide, high]) =>
  x < left + wide && left < x + width && y < top + high && top < y + height;

/**
 * The straightest places of a line for a text so long, the best first: also its surroundings are
 * straight, and it is near the line's middle.
 *
 * @param {ArrayLike<number>} line @param {Float64Array} far @param {number} needed
 */
function straightPlaces(line, far, needed) {
  const total = far[far.length - 1], found = [];
  const straight = (/** @type {number} */ from, /** @type {number} */ to) => {
    const [x0, y0] = placeAlong(line, far, from), [x1, y1] = placeAlong(line, far, to);
    return { share: Math.hypot(x1 - x0, y1 - y0) / (to - from), angle: Math.atan2(y1 - y0, x1 - x0) };
  };
  const tries = 2 * Math.floor((total - needed) / 2 / TRIED_EVERY) + 1; // odd: one is the middle
  for (let k = 0; k < tries; k += 1) {
    const middle = total / 2 + (k - (tries - 1) / 2) * TRIED_EVERY;
    const { share, angle } = straight(middle - needed / 2, middle + needed / 2);
    if (share < STRAIGHT) continue;
    const wide = straight(Math.max(middle - 1.5 * needed, 0), Math.min(middle + 1.5 * needed, total)).share;
    found.push({ middle, angle, rank: share + wide / 2 - Math.abs(middle / total - 0.5) / 20 });
  }
  return found.sort((one, two) => two.rank - one.rank);
}

/** An angle at which a text can be read, of a line with this one. @param {number} angle */
const upright = (angle) => (angle > Math.PI / 2 ? angle - Math.PI : angle <= -Math.PI / 2 ? angle + Math.PI : angle);

/**
 * Where a text stands on a line, or null where there is no place for it. It keeps within the box and
 * off what is taken, to which its own place is added, and all of it is on places that are free.
 *
 * @param {ArrayLike<number>} line
 * @param {string} text
 * @param {[number, number]} size of the text
 * @param {Rectangle} box
 * @param {Rectangle[]} taken
 * @param {(x: number, y: number) => boolean} isFree
 * @returns {CurveLabel|null}
 */
export function labelOn(line, text, [width, height], [left, top, wide, high], taken, isFree = () => true) {
  if (!isRoomy(line, ROOMIER * width)) return null;
  const far = lengthsAlong(line), needed = width + 2 * GAP_SIDE;
  for (const { middle, angle } of straightPlaces(line, far, needed)) {
    const [x, y] = placeAlong(line, far, middle), [across, up] = reachOf(width, height, angle);
    const inside = Math.min(x - left, left + wide - x) >= across + EDGE && Math.min(y - top, top + high - y) >= up + EDGE;
    /** @type {Rectangle} */
    const own = [x - across, y - up, 2 * across, 2 * up];
    if (!inside || taken.some((other) => overlap(own, other)) || !isClear(x, y, angle, width, CORE * height, isFree)) continue;
    taken.push(own);
    return { text, x, y, angle: upright(angle), from: middle - needed / 2, to: middle + needed / 2 };
  }
  return null;
}

/** Whether a strip is free, so many pixels to both sides of its middle line. @param {number} x @param {number} y @param {number} angle @param {number} length @param {number} half @param {(x: number, y: number) => boolean} isFree */
function isClear(x, y, angle, length, half, isFree) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)], steps = Math.ceil(length / CLOSE_BY);
  for (let k = 0; k <= steps; k += 1) {
    const along = (k / steps - 0.5) * length;
    for (const off of [-half, 0, half])
      if (!isFree(x + along * cos - off * sin, y + along * sin + off * cos)) return false;
  }
  return true;
}

/**
 * For each line, whether a place is free of all others.
 *
 * @param {ArrayLike<number>[]} lines
 * @param {Rectangle} box
 * @returns {(line: number) => (x: number, y: number) => boolean}
 */
export function freeOfOthers(lines, [left, top, width, height]) {
  const across = Math.ceil(width / CLOSE_BY) + 1, down = Math.ceil(height / CLOSE_BY) + 1;
  const owners = new Int32Array(across * down); // the number of the line from 1, or −1 for several
  const squareAt = (/** @type {number} */ x, /** @type {number} */ y) => {
    const [i, j] = [Math.floor((x - left) / CLOSE_BY), Math.floor((y - top) / CLOSE_BY)];
    return i >= 0 && j >= 0 && i < across && j < down ? i + across * j : -1;
  };
  lines.forEach((line, k) => {
    for (let at = 2; at < line.length; at += 2) {
      const dx = line[at] - line[at - 2], dy = line[at + 1] - line[at - 1];
      const steps = Math.ceil(Math.min(Math.max(Math.abs(dx), Math.abs(dy)), width + height) / CLOSE_BY) || 1;
      for (let step = 0; step < steps; step += 1) {
        const square = squareAt(line[at - 2] + (dx * step) / steps, line[at - 1] + (dy * step) / steps);
        if (square >= 0) owners[square] = owners[square] && owners[square] !== k + 1 ? -1 : k + 1;
      }
    }
  });
  return (line) => (x, y) => {
    const owner = owners[squareAt(x, y)] ?? 0;
    return owner === 0 || owner === line + 1;
  };
}

/** Whether a line is so long, upwards or across. @param {ArrayLike<number>} line @param {number} length */
function isRoomy(line, length) {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k < line.length; k += 2) {
    [west, east] = [Math.min(west, line[k]), Math.max(east, line[k])];
    [north, south] = [Math.min(north, line[k + 1]), Math.max(south, line[k + 1])];
  }
  return Math.max(east - west, south - north) > length;
}
