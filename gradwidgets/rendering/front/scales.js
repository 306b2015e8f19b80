/** Scales of arrows as round numbers, and how they are told; pictures/terrain.py has the same. */
import { tenTo } from "./text.js";
import { shortNumber } from "./ticks.js";

const ROUND_NUMBERS = [1, 2, 3, 4, 5, 6, 8, 10];
const LARGEST_SCALE = 1e307;
const STEEP_SHARE = 0.85; // of arrows are at most as long as is wanted

/** Of a positive number: the greatest power of ten that is not above it. @param {number} value */
export const sizeOfNumber = (value) => +value.toExponential().split("e")[1];

/** The nearest number with so many digits. @param {number} value @param {number} digits */
export const withDigits = (value, digits) => +value.toPrecision(digits);

/** The value below which a share lies of numbers in rising order, as numpy's quantile. @param {ArrayLike<number>} rising @param {number} share */
export function quantileOf(rising, share) {
  const place = share * (rising.length - 1), k = Math.floor(place), part = place - k;
  const [low, high] = [rising[k], rising[Math.min(k + 1, rising.length - 1)]];
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** Without the digits that only rounding made. @param {number} value */
function plainNumber(value) {
  const plain = withDigits(value, 15);
  return String(plain).length + 5 < String(value).length ? plain : value;
}

/** @param {number} value */
function roundDown(value) {
  const size = Math.min(value, LARGEST_SCALE), power = tenTo(sizeOfNumber(size));
  return plainNumber(Math.max(...ROUND_NUMBERS.filter((step) => step * power <= size * (1 + 1e-9))) * power);
}

/** @param {number} value */
function roundUp(value) {
  const size = Math.min(value, LARGEST_SCALE), power = tenTo(sizeOfNumber(size));
  return plainNumber(Math.min(...ROUND_NUMBERS.filter((step) => step * power >= size * (1 - 1e-9))) * power);
}

/** A round factor, such as 2 or 1/40, by which most arrows become at most this long. @param {ArrayLike<number>} lengths @param {number} longest */
export function arrowScale(lengths, longest) {
  const known = Float64Array.from(lengths).filter((length) => length > 0 && length < Infinity).sort();
  if (!known.length) return 1;
  const scale = longest / quantileOf(known, STEEP_SHARE);
  return scale >= 1 ? roundDown(scale) : 1 / roundUp(1 / scale);
}

/** A scale for a reader, see `ratio_text` in pictures/terrain.py. @param {number} scale */
export function ratioText(scale) {
  if (scale === 1) return "their true length";
  if (scale > 1) return `${shortNumber(scale)} times their length`;
  if (scale < 1e-6) return `${shortNumber(scale)} of their length`;
  return `1/${(1 / scale).toFixed(0)} of their length`;
}
