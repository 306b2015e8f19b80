/**
 * Level curves of values on a rectangular grid: marching squares, joined to lines.
 *
 * A curve crosses the side of a cell where the values between its ends, taken as a straight line,
 * meet the level. In a saddle, where two opposite corners are higher, the mean of all four tells
 * which two are joined. Cells with a corner that is undefined have no curves. Higher values lie to
 * the left of a line as seen along it, where x grows to the right and y upwards.
 *
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, values: ArrayLike<number>}} Grid
 *   `values[i * y.length + j]` at x[i], y[j]
 * @typedef {{level: number, points: Float64Array, starts: Int32Array}} Curves points x, y one behind
 *   the other; line k holds those from `starts[k]` up to `starts[k + 1]`, and where it is closed the
 *   first once more at its end
 */

const LOW_SADDLES = [16, 17]; // codes of 5 and 10 where the middle is low
const OUTSIDE = -1e300;
const USUAL_SIZE = 1e12; // as in contours.py

/**
 * A cell's code has a bit for every corner above the level, (i, j), (i + 1, j), (i + 1, j + 1),
 * (i, j + 1); side k goes from corner k to the next. A line comes in where a high corner is followed
 * by a low one, and leaves where it is the other way round. Entries are at `4 * code + side`.
 */
function cellTables() {
  const exits = new Int8Array(72).fill(-1), entries = new Int8Array(72).fill(-1), rest = new Uint8Array(72);
  for (let code = 1; code < 15; code += 1) {
    const high = [0, 1, 2, 3, 4].map((corner) => (code >> (corner % 4)) & 1);
    const comes = [0, 1, 2, 3].filter((side) => high[side] > high[side + 1]);
    const goes = [0, 1, 2, 3].filter((side) => high[side] < high[side + 1]);
    if (comes.length === 1) join(code, comes[0], goes[0], 0);
    else for (const side of comes) {
      const after = (side + 1) % 4, before = (side + 3) % 4;
      // What remains of a saddle is the code of its other line, around one corner.
      join(code, side, after, 15 - (1 << before));
      join(LOW_SADDLES[code === 5 ? 0 : 1], side, before, 1 << ((side + 2) % 4));
    } // prettier-ignore
  }
  return { exits, entries, rest };

  /** @param {number} code @param {number} from @param {number} to @param {number} left */
  function join(code, from, to, left) {
    [exits[4 * code + from], entries[4 * code + to], rest[4 * code + from]] = [to, from, left];
  }
}

const CELL_TABLES = cellTables();

/** The level curves of a grid, for one rising level after the other. @param {Grid} grid @param {ArrayLike<number>} levels @returns {Curves[]} */
export function levelCurves(grid, levels) {
  const trace = tracerOf(grid), crossed = crossedCells(grid, levels);
  return Array.from(levels, (level, k) => trace(level, crossed[k]));
}

/** @param {Grid} grid */
function tracerOf({ x, y, values }) {
  const { exits, entries, rest } = CELL_TABLES, ny = y.length;
  const codes = new Uint8Array((x.length + 2) * ny); // of cell k at k + ny: around all cells there are zeros
  const across = Int32Array.of(-1, ny, 1, -ny); // to the cell behind a side

  return (/** @type {number} */ level, /** @type {number[]} */ cells) => {
    const points = new Float64Array(4 * classify(level, cells)), starts = [0];
    let size = 0;
    for (const cell of cells) {
      for (let side = 0; side < 4; side += 1) {
        if (exits[4 * codes[cell + ny] + side] < 0) continue;
        size = follow(beginning(cell + ny, side), level, points, size);
        starts.push(size / 2);
      }
    }
    return { level, points: points.subarray(0, size), starts: Int32Array.from(starts) };
  };

  /** Give the cells that a level crosses their codes; how many pieces of lines are in them. @param {number} level @param {number[]} cells */
  function classify(level, cells) {
    let segments = 0;
    for (const at of cells) {
      const a = values[at], b = values[at + ny], c = values[at + ny + 1], d = values[at + 1];
      let code = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
      if (code === 5 || code === 10) {
        if (!(0.25 * (a + b + c + d) > level)) code = code === 5 ? LOW_SADDLES[0] : LOW_SADDLES[1];
        segments += 1;
      }
      segments += 1;
      codes[at + ny] = code;
    }
    return segments;
  }

  /** Where the line begins that comes into a cell by a side: at the edge, or where it is closed there. @param {number} cell @param {number} side */
  function beginning(cell, side) {
    let at = cell, entry = side;
    for (;;) {
      const before = at + across[entry], from = entries[4 * codes[before] + (entry ^ 2)];
      if (from < 0) break;
      [at, entry] = [before, from];
      if (at === cell && entry === side) break;
    }
    return 4 * at + entry;
  }

  /** Write a line's points, and wipe it out of the codes. @param {number} start @param {number} level @param {Float64Array} points @param {number} size */
  function follow(start, level, points, size) {
    let at = start >> 2, entry = start & 3, end = cross(at - ny, entry, level, points, size);
    for (;;) {
      const place = 4 * codes[at] + entry, exit = exits[place];
      if (exit < 0) return end;
      codes[at] = rest[place];
      end = cross(at - ny, exit, level, points, end);
      at += across[exit];
      entry = exit ^ 2;
    }
  }

  /** Write where a side of a cell meets the level. @param {number} cell @param {number} side @param {number} level @param {Float64Array} points @param {number} size */
  function cross(cell, side, level, points, size) {
    const from = cell + (side === 1 ? ny : side === 2 ? 1 : 0), to = from + (side & 1 ? 1 : ny);
    const i = Math.floor(from / ny), j = from - i * ny;
    const share = (level - values[from]) / (values[to] - values[from]);
    points[size] = side & 1 ? x[i] : x[i] + share * (x[i + 1] - x[i]);
    points[size + 1] = side & 1 ? y[j] + share * (y[j + 1] - y[j]) : y[j];
    return size + 2;
  }
}

/** For each level the first corners of the cells that it crosses; all four are known. @param {Grid} grid @param {ArrayLike<number>} levels */
function crossedCells({ x, y, values }, levels) {
  const ny = y.length, crossed = Array.from(levels, () => /** @type {number[]} */ ([]));
  let k = 0; // the first level that is not below the cell: in the next one it is near
  for (let i = 0; i < x.length - 1; i += 1) {
    for (let cell = i * ny; cell < i * ny + ny - 1; cell += 1) {
      const a = values[cell], b = values[cell + 1], c = values[cell + ny], d = values[cell + ny + 1];
      if (!(Math.abs(a) < Infinity && Math.abs(b) < Infinity && Math.abs(c) < Infinity && Math.abs(d) < Infinity)) continue;
      const low = Math.min(a, b, c, d), high = Math.max(a, b, c, d);
      while (k > 0 && levels[k - 1] >= low) k -= 1;
      while (k < levels.length && levels[k] < low) k += 1;
      for (let own = k; own < levels.length && levels[own] < high; own += 1) crossed[own].push(cell);
    }
  }
  return crossed;
}

/** Rings around the places above each level, for bands of colour; what is undefined counts as low. @param {Grid} grid @param {ArrayLike<number>} levels */
export const levelRings = (grid, levels) => levelCurves(surrounded(grid), levels);

/** A grid with a rim without width, below all levels. @param {Grid} grid @returns {Grid} */
function surrounded({ x, y, values }) {
  const [nx, ny] = [x.length, y.length], rimmed = new Float64Array((nx + 2) * (ny + 2)).fill(OUTSIDE);
  for (let i = 0; i < nx; i += 1)
    for (let j = 0, to = (i + 1) * (ny + 2) + 1; j < ny; j += 1, to += 1)
      if (Number.isFinite(values[i * ny + j])) rimmed[to] = values[i * ny + j];
  return { x: widened(x), y: widened(y), values: rimmed };
}

/** @param {ArrayLike<number>} places */
function widened(places) {
  const all = new Float64Array(places.length + 2);
  all.set(places, 1);
  [all[0], all[all.length - 1]] = [places[0], places[places.length - 1]];
  return all;
}

/**
 * Values and rising levels, two at least, as both painters draw them, see `drawable` in contours.py:
 * without peaks, and where levels are of an unusual size, counted.
 *
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} levels
 */
export function drawableValues(values, levels) {
  const count = levels.length, places = new Float64Array(count + 2);
  places.set(levels, 1);
  places[0] = 2 * levels[0] - levels[1];
  places[count + 1] = 2 * levels[count - 1] - levels[count - 2];
  const size = Math.max(Math.abs(levels[0]), Math.abs(levels[count - 1]));
  const steps = Array.from({ length: count - 1 }, (_, k) => levels[k + 1] - levels[k]);
  const usual = 1 / USUAL_SIZE < size && size < USUAL_SIZE && Math.min(...steps) > size / USUAL_SIZE;
  const [low, high] = [places[0], places[count + 1]];
  const tamed = new Float64Array(values.length).fill(NaN);
  for (let k = 0; k < tamed.length; k += 1) {
    if (!Number.isFinite(values[k])) continue;
    const inside = Math.min(Math.max(values[k], low), high);
    tamed[k] = usual ? inside : countedBy(places, inside);
  }
  return { values: tamed, levels: usual ? places.slice(1, count + 1) : Float64Array.from({ length: count }, (_, k) => k + 1) };
}

/** How many of rising places lie below a value, with the share of the way to the next. @param {Float64Array} places @param {number} value */
function countedBy(places, value) {
  let k = places.length - 2;
  while (k > 0 && places[k] > value) k -= 1;
  return k + (value - places[k]) / (places[k + 1] - places[k]);
}
