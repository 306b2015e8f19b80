/** Numbers as a reader sees them; calculus/wording.py has the same functions, and a test compares them. */

/**
 * Rounded is the number that a float exactly is, half away from zero.
 * @param {number} value @param {number} decimals @param {number|null} [power] of ten to show it in
 */
export function formatNumber(value, decimals, power = null) {
  if (!Number.isFinite(value)) return noNumber(value);
  let exponent = power ?? 0;
  const size = Math.abs(value);
  let text = inUnits(size, decimals, exponent);
  const vague = size > 0 && isVague(text, decimals, size, power);
  if (vague && power !== 0 && size >= 1e-3 && size < 1e3) return threeDigits(value);
  if (vague || size >= tenTo(exponent + (power === 0 ? 15 : 6))) {
    const most = vague ? Math.max(decimals, 2) : decimals;
    exponent = +size.toExponential(most).split("e")[1]; // rounded: 9.999 counts as 10.0
    text = inUnits(size, most, exponent);
  }
  const sign = value < 0 && size > 0 ? "−" : "";
  return exponent ? `${sign}${text}·${powerOfTen(exponent)}` : sign + text;
}

/**
 * The same, but three digits for numbers that this would change, and of which it leaves less.
 * @param {number} value @param {number} decimals @param {number|null} [power]
 */
export function ownDigits(value, decimals, power = null) {
  const size = Math.abs(value), text = Number.isFinite(value) ? inUnits(size, decimals, power ?? 0) : "0";
  const isMeant = Math.abs(Number(`${text}e${power ?? 0}`) - size) <= 1e-9 * size;
  const digits = text.replace(".", "").replace(/^0+/, "").length;
  return isMeant || digits >= 3 ? formatNumber(value, decimals, power) : threeDigits(value);
}

/**
 * Whether too few digits are left of a number that is not 0, below 1 as it is shown.
 * @param {string} text @param {number} decimals @param {number} size @param {number|null} power
 */
function isVague(text, decimals, size, power) {
  const digits = text.replace(".", "").replace(/^0+/, "").length;
  if (digits === 0 || power === 0) return digits === 0;
  if (power === null) return digits < Math.min(2, decimals + 1) && Math.abs(+text - size) > 1e-9 * size; // 0.05 is all
  return digits < Math.min(3, decimals + 1);
}

/** The float nearest to a power of ten, which 10 ** power need not be. @param {number} power */
export const tenTo = (power) => Number(`1e${power}`);

/** A number that is not negative, in units of a power of ten. @param {number} size @param {number} decimals @param {number} power */
function inUnits(size, decimals, power) {
  if (power === 0 && size < 1e21) return size.toFixed(decimals);
  const [digits, exponent] = size.toExponential(100).replace(".", "").split("e");
  const count = size && +exponent - power + decimals + 1; // of digits that are shown
  const up = count >= 0 && digits.charAt(count) >= "5";
  const units = BigInt(count > 0 ? digits.slice(0, count) : "0") + BigInt(up);
  const text = String(units).padStart(decimals + 1, "0");
  return decimals ? `${text.slice(0, -decimals)}.${text.slice(-decimals)}` : text;
}

/** A number of any size in three digits that count. @param {number} value */
export function threeDigits(value) {
  if (!Number.isFinite(value)) return noNumber(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(2).split("e"); // rounded: 9.999 is 1.00e1
  const plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5;
  const text = plain ? value.toFixed(Math.max(0, 2 - +exponent)) : `${mantissa}·${powerOfTen(+exponent)}`;
  return text.replace("-", "−");
}

/** @param {number} value */
const noNumber = (value) => (Number.isNaN(value) ? "undefined" : value < 0 ? "−∞" : "∞");

/** @param {string} digit */
const raised = (digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)];

/** @param {number} exponent */
export const powerOfTen = (exponent) => `10${[...String(exponent)].map(raised).join("")}`;

/**
 * Slots {width.decimals}, {width.decimalse-8}, both with or without a +, {g} and {6g} filled in turn, with @index by number.
 *
 * @param {string} template
 * @param {ArrayLike<number>} values
 */
export function fill(template, values) {
  let turn = 0;
  return template.replace(/\{(?:(\d*)\.(\d+)(?:e(-?\d+))?(\+)?|(\d*)g)(?:@(\d+))?\}/g, (_, width, decimals, power, own, wide, index) => {
    const value = values[index ?? turn++];
    if (decimals === undefined) return threeDigits(value).padEnd(+wide, "\u2007");
    return (own ? ownDigits : formatNumber)(value, +decimals, power === undefined ? null : +power).padStart(+width, "\u2007");
  });
}
