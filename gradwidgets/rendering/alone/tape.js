/**
 * What a student's tape answers, at any values: Python wrote the words, with holes for numbers.
 *
 * @import { Get } from "../front/values.js"
 * @typedef {{code: string, calls: [string, string]}} Asked the program as code, the first call with
 *   its answer, and every other one
 * @typedef {{once: Asked, persistent: Asked, most: number}} Script
 */
import { numbersNow } from "./numbers.js";

const DIGITS_TOLD = 10;
const HOLE = /⟦(point|told) (\d+)⟧/g;

/** A float as Python writes it, without digits that only rounding made. @param {number} value */
export function asPython(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const number = Number(value.toPrecision(DIGITS_TOLD)) + 0, size = Math.abs(number);
  if (size && (size < 1e-4 || size >= 1e16)) return number.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

/** The page's part that tells of the tape. @param {Script} script @param {Get} get @param {number} count how often it was asked */
export function told({ once, persistent, most }, get, count) {
  const { code, calls: [first, again] } = get("persistent") ? persistent : once; // prettier-ignore
  const all = Array.from({ length: Math.max(count, 1) }, (_, k) => (k ? again : first)), hidden = all.length - most;
  const more = hidden > 0 ? `<p class='gw-why'>${hidden} earlier calls</p>` : "";
  /** @type {Record<string, ArrayLike<number>>} */
  const known = { point: get("point"), told: /** @type {Float64Array} */ (numbersNow(get).told) };
  return [code, more, ...all.slice(-most)].join("").replace(HOLE, (_, where, place) => asPython(known[where][place]));
}
