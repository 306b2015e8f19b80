/**
 * Which of the other pictures that a page carries a hand has chosen.
 *
 * Each differs from the usual one in a single option: a page has no room for all combinations.
 *
 * @import { Told } from "./packet.js"
 * @typedef {Record<string, Record<string, Told>>} Choices by option, and by what of it is another: a
 *   value, a part that is there or not, or a key with its value
 * @typedef {{option: string, name: string}} Choice
 */
import { alike } from "../front/values.js";

/** @param {unknown} value */
const isTable = (value) => typeof value === "object" && value !== null;

/** Parts that one list has and the other has not. @param {unknown[]} some @param {unknown[]} others */
const without = (some, others) => some.filter((part) => !others.some((one) => alike(one, part)));

/** @param {unknown[]} one @param {unknown[]} two */
const ofOneAlone = (one, two) => [...without(one, two), ...without(two, one)];

/** Whether two values of an option mean the same. @param {any} one @param {any} two */
export const meansSame = (one, two) => (Array.isArray(one) && Array.isArray(two) ? !ofOneAlone(one, two).length : alike(one, two));

/** What a hand has changed in an option. @param {any} before @param {any} after */
export function changeOf(before, after) {
  if (Array.isArray(after)) return String(ofOneAlone(after, before)[0]);
  if (!isTable(after)) return String(after);
  const [key, value] = Object.entries(after).find(([name, one]) => !alike(one, before[name])) ?? [];
  return `${key} ${value}`;
}

/**
 * What is chosen when an option has another value; null for the usual picture, undefined for what
 * the page does not carry.
 *
 * @param {Choices} choices @param {string} option
 * @param {{usual: any, before: any, after: any}} values
 * @param {Choice|null} chosen what was chosen before
 */
export function choiceFor(choices, option, { usual, before, after }, chosen) {
  if (meansSame(after, usual)) return null;
  const name = changeOf(before, after);
  if (chosen?.option === option && chosen.name === name && (Array.isArray(after) || isTable(after))) return null; // taken back
  return name in (choices[option] ?? {}) ? { option, name } : undefined;
}
