/** Numbers as a reader sees them; calculus/wording.py has the same functions, and a test compares them. */

const DUST = 1e-12; // of the power of ten in which numbers are shown: what is less is left by rounding

/** @param {number} value @param {number} decimals @param {number|null} [power] of ten to show it in */
export function formatNumber(value, decimals, power = null) {
  if (!Number.isFinite(value)) return noNumber(value);
  let exponent = power ?? 0;
  let share = value / 10 ** exponent;
  let size = Math.abs(share);
  if (size < DUST) share = size = 0;
  if (size >= (power === null ? 1e6 : 1e15) || (size > 0 && size < 0.5 * 10 ** -decimals)) {
    exponent = Math.floor(Math.log10(Math.abs(value)));
    if (Math.abs(+(value / 10 ** exponent).toFixed(decimals)) >= 10) exponent += 1;
    share = value / 10 ** exponent;
  }
  const text = share.toFixed(decimals).replace("-", "−");
  return exponent ? `${text}·${powerOfTen(exponent)}` : text;
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
const powerOfTen = (exponent) => `10${[...String(exponent)].map(raised).join("")}`;

/**
 * Slots {width.decimals}, {width.decimalse-8} and {g} filled in turn, with @index by number.
 *
 * @param {string} template
 * @param {ArrayLike<number>} values
 */
export function fill(template, values) {
  let turn = 0;
  return template.replace(/\{(?:(\d*)\.(\d+)(?:e(-?\d+))?|g)(?:@(\d+))?\}/g, (_, width, decimals, power, index) => {
    const value = values[index ?? turn++];
    if (decimals === undefined) return threeDigits(value);
    return formatNumber(value, +decimals, power === undefined ? null : +power).padStart(+width, "\u2007");
  });
}
