/**
 * Where a map's level curves stand, chosen from f as it is seen; pictures/levels.py has the same.
 *
 * @import { Pair } from "./wire.js"
 * @typedef {{levels: number[], note: string, told: string, valley: boolean}} Chosen rising levels, how
 *   they are spaced in a few words and in a sentence, whether even ones leave a valley empty
 */
import { quantileOf, sizeOfNumber, withDigits } from "./scales.js";
import { tenTo } from "./text.js";
import { shortNumber } from "./ticks.js";

const MOST_LEVELS = 18;
const EMPTY = 15; // in the lowest of so many parts of its range lies a half of f: a valley left empty
const LOWEST_PART = 0.005; // of a valley: so much of it lies below the first curve
const LEAST_RANGE = 1e-300; // what differs by less is flat
const DRAWABLE_VALUE = 1e306;
const ROUND_STEPS = [1, 2, 2.5, 5, 10];
const LEVEL_STRIDES = [1, 2, 5, 10, 20, 25, 50, 100]; // from curve to curve, where there are many
const LONELY = 8; // times as far as nearly all values reach: a peak that dwarfs them

/** @param {Float64Array} values */
function knownInOrder(values) {
  const known = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (Math.abs(value) < Infinity) known[count++] = value;
  return known.subarray(0, count).sort();
}

/** Least and greatest value, without outermost hundredths that dwarf all the rest. @param {Float64Array} values @returns {Pair} */
export const valueRange = (values) => rangeOf(knownInOrder(values));

/** @param {Float64Array} rising @returns {Pair} */
function rangeOf(rising) {
  const known = rising.filter((value) => Math.abs(value) < DRAWABLE_VALUE), count = known.length;
  if (!count) return [0, 0];
  const [low, high, innerLow, innerHigh] = [known[0], known[count - 1], quantileOf(known, 0.02), quantileOf(known, 0.98)];
  const reach = LONELY * (innerHigh - innerLow);
  return high - low > reach && reach > 0 ? [innerLow, innerHigh] : [low, high];
}

/**
 * Values for the level curves of f, and the range that the map shows.
 *
 * @param {Float64Array} values over a square grid, what is undefined is NaN
 * @param {string} spacing
 * @returns {Chosen & {span: Pair}}
 */
export function chooseLevels(values, spacing = "auto") {
  const rising = knownInOrder(values), span = rangeOf(rising), [low, high] = span;
  if (!(high - low > LEAST_RANGE)) return { levels: [], note: "", told: "", valley: false, span };
  const middle = quantileOf(rising, 0.5);
  const empty = middle - low < (high - low) / EMPTY, valley = empty && hasFloor(values);
  const down = middle - low > (high - low) / 2;
  const isLog = spacing === "log" || (spacing === "auto" && valley);
  return { ...(isLog ? logLevels(rising, span, valley, down) : evenLevels(span, empty)), valley, span };
}

/** Whether f is nowhere lower on the map's edge than inside. @param {Float64Array} values */
function hasFloor(values) {
  const side = Math.round(Math.sqrt(values.length));
  let [inside, edge] = [Infinity, Infinity];
  values.forEach((value, k) => {
    if (!Number.isFinite(value)) return;
    const i = Math.floor(k / side), j = k % side;
    if (i % (side - 1) && j % (side - 1)) inside = Math.min(inside, value);
    else edge = Math.min(edge, value);
  });
  return inside <= edge;
}

// ── even ─────────────────────────────────────────────────────────────────────────────────────────

/** @param {Pair} span @param {boolean} empty */
function evenLevels([low, high], empty) {
  const step = roundStep((high - low) / MOST_LEVELS), levels = [];
  for (let count = Math.floor(low / step) + 1; count < Math.ceil(high / step); count += 1) levels.push(withDigits(count * step, 14));
  const apart = shortNumber(step);
  const told = `From one level curve to the next f changes by ${apart}: where they are close, f is steep.`;
  const below = empty ? ' Half of the map lies below them all: levels "log" show what is there.' : "";
  return { levels, note: `curves every ${apart}`, told: told + below };
}

/** The smallest round step that is not below a positive number. @param {number} least */
function roundStep(least) {
  const power = tenTo(sizeOfNumber(least));
  return withDigits((ROUND_STEPS.find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power, 3);
}

// ── logarithmic ──────────────────────────────────────────────────────────────────────────────────

/** Curves at round distances from the end of the range where f crowds. @param {Float64Array} rising @param {Pair} span @param {boolean} valley @param {boolean} down */
function logLevels(rising, span, valley, down) {
  const [low, high] = span, base = baseOfLevels(rising, span, down);
  const far = down ? base - low : high - base;
  const distances = rising.map((value) => Math.max(down ? base - value : value - base, LEAST_RANGE));
  if (down) distances.reverse();
  const near = Math.min(quantileOf(distances, LOWEST_PART), far / 100), { marks, rule } = oneTwoFive(near, far);
  const levels = marks.map((mark) => withDigits(base + (down ? -mark : mark), 14)).sort((one, two) => one - two);
  const where = base || down ? `${shortNumber(base)} ${down ? "−" : "+"} ${rule}` : rule;
  const why = valley ? ", for even steps would leave half of the map empty" : "";
  return {
    levels: [...new Set(levels)].filter((level) => low < level && level < high),
    note: `log curves: ${where}`,
    told: `The level curves stand at ${where}, spaced logarithmically${why}: where they are close, f changes by a large factor, not always by much.`,
  };
}

/** A round number at the end of a range, as round as it can be while it is much nearer to that end than most of f is. @param {Float64Array} rising @param {Pair} span @param {boolean} down */
function baseOfLevels(rising, [low, high], down) {
  const room = down ? -high : low, end = down ? high : low;
  if (0 <= room && room < (high - low) / 200) return 0;
  const near = quantileOf(rising.map((value) => Math.abs(value - end)).sort(), 0.05) / 5;
  let base = end;
  for (let digits = 1; digits < 12; digits += 1) {
    const unit = Math.max(tenTo(sizeOfNumber(high - low) - digits), LEAST_RANGE);
    base = (down ? Math.ceil(end / unit) : Math.floor(end / unit)) * unit;
    if (Math.abs(end - base) <= near) break;
  }
  return withDigits(base, 12) + 0;
}

/** Round distances, few enough for a map, and what they are called. @param {number} near @param {number} far */
function oneTwoFive(near, far) {
  const [first, last] = [sizeOfNumber(near), sizeOfNumber(far)], marks = [];
  for (let k = first; k <= last; k += 1) for (const digit of [1, 2, 5]) marks.push(digit * tenTo(k));
  const fine = marks.filter((mark) => near <= mark && mark <= far);
  if (fine.length <= MOST_LEVELS) return { marks: fine, rule: "1, 2, 5 · 10ᵏ" };
  const stride = LEVEL_STRIDES.find((decades) => (last - first) / decades <= MOST_LEVELS) ?? 100, powers = [];
  for (let k = Math.ceil(first / stride) * stride; k <= last; k += stride) powers.push(tenTo(k));
  return { marks: powers, rule: stride === 1 ? "10ᵏ" : `10ᵏ, k = 0, ±${stride}, …` };
}
