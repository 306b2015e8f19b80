/**
 * Where a control's value lives in the model's traits, and how it reads: pure functions.
 *
 * @import { At, Control } from "./wire.js"
 *
 * @typedef {(name: string) => any} Get a model's traits by their names
 */

/** What stands at a place of the traits. @param {Get} get @param {At} at */
export function read(get, { trait, key }) {
  const whole = get(trait);
  return key === undefined ? whole : whole?.[key];
}

/** A trait with another value at a place; lists and dicts are new ones. @param {any} whole @param {At} at @param {unknown} value */
function replaced(whole, { key }, value) {
  if (key === undefined) return value;
  return Array.isArray(whole) ? whole.map((old, place) => (place === key ? value : old)) : { ...whole, [key]: value };
}

/** The traits that change where some places get other values. @param {Get} get @param {[At, unknown][]} news */
export function traitsWith(get, news) {
  /** @type {Record<string, unknown>} */
  const traits = {};
  for (const [at, value] of news) traits[at.trait] = replaced(at.trait in traits ? traits[at.trait] : get(at.trait), at, value);
  return traits;
}

/** A control's value; NaN where there is none. @param {Get} get @param {Control} control */
export function valueOf(get, { at, high }) {
  const value = read(get, at);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "number") return NaN;
  return at.end === undefined ? value : value === at.end ? high : Math.min(value, high);
}

/** What a control's value is in its trait. @param {Get} get @param {Control} control @param {number} value */
function asKept(get, { at, high }, value) {
  if (typeof read(get, at) === "boolean") return value !== 0;
  return at.end !== undefined && value >= high ? at.end : value;
}

/** The traits that change where controls get other values. @param {Get} get @param {Control[]} controls @param {Record<string, number>} values */
export const traitsFor = (get, controls, values) =>
  traitsWith(get, controls.filter(({ name }) => name in values).map((control) => [control.at, asKept(get, control, values[control.name])]));

/** A number with all its digits, but for what rounding adds behind the twelfth. @param {number} value */
export const plainly = (value) => String(Number(value.toPrecision(12))).replace("-", "−");

/** A control's value with the digits that all its values have, and more where it has them. @param {Pick<Control, "digits">} control @param {number} value */
export function reading({ digits: { decimals, exponent } }, value) {
  const usual = exponent ? value.toExponential(decimals) : value.toFixed(decimals);
  return Number(usual) === Number(value.toPrecision(12)) ? usual.replaceAll("-", "−") : plainly(value);
}

const TYPED = /^([-+]?)(?:(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)\*?)?(pi|π)?(?:\/(\d+\.?\d*|\.\d+))?$/i;

/** The number that a reader typed, be it 1/3 or 2π, or NaN. @param {string} text */
export function typedNumber(text) {
  const plain = text.trim().replace(/\s*([*/πp])\s*/g, "$1").replaceAll("−", "-").replace(/^([^,.]*),([^,.]*)$/, "$1.$2");
  const [, sign, count, pi, part = "1"] = TYPED.exec(plain) ?? [];
  if (!count && !pi) return NaN;
  return (sign === "-" ? -1 : 1) * Number(count ?? 1) * (pi ? Math.PI : 1) / Number(part); // prettier-ignore
}

/** @param {ArrayLike<unknown>} one @param {ArrayLike<unknown>} [two] */
export const sameList = (one, two) => one.length === two?.length && Array.from(one).every((part, k) => Object.is(part, two[k]));

/** A function that computes anew only where one of its arguments is another. @template {unknown[]} A @template R @param {(...args: A) => R} compute @returns {(...args: A) => R} */
export function remembered(compute) {
  /** @type {{args: A, made: R}|null} */
  let last = null;
  return (...args) => {
    if (!last || !sameList(args, last.args)) last = { args, made: compute(...args) };
    return last.made;
  };
}

/** Whether two values are the same as JSON. @param {unknown} one @param {unknown} two */
export const alike = (one, two) => one === two || JSON.stringify(one) === JSON.stringify(two);
