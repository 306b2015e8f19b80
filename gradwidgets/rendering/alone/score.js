/**
 * The score of questions that are asked in a page: records as calculus/score.py has them.
 *
 * @import { OwnModel } from "./model.js"
 * @typedef {{question: number, kind: string, function: string, point: number[], mistakes: string[], start: number[], choices: string[]}} Asked
 * @typedef {Record<string, unknown>} Row
 */
import { numbersNow } from "./numbers.js";
import { threeDigits } from "../front/text.js";
import { alike } from "../front/values.js";

const SCORED = ["question", "kind", "function", "point", "guess", "answer", "angle error", "length ratio", "right", "mistake"];
const UNANSWERED = "First answer the question, then check.";
const AGAIN = "Your first answer to this question counts in the score, not this one.";

/** @param {string} name @param {unknown} value */
function cellOf(name, value) {
  if (Array.isArray(value)) return value.map(threeDigits).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" && name !== "question" ? threeDigits(value) : String(value ?? "");
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** @param {number} value */
const finiteOf = (value) => (Number.isFinite(value) ? value : null);

/** What is asked now, if anything is. @param {OwnModel} model @returns {Asked|undefined} */
export const askedIn = ({ get }) => get("_form")?.asked;

/** @param {Asked} asked @param {Float64Array} verdict @returns {Row} */
function recordOf({ question, kind, function: text, point, mistakes, choices }, [row, angle, ratio, ...both]) {
  const [answer, said] = [both.slice(0, both.length / 2), both.slice(both.length / 2)];
  const right = row === 0, mistake = right ? "" : mistakes[row];
  const told = (/** @type {number[]} */ numbers) => (choices.length ? choices[numbers[0]] : numbers);
  return { question, kind, function: text, point, guess: told(said), answer: told(answer), "angle error": finiteOf(angle), "length ratio": finiteOf(ratio), right, mistake };
}

/** @param {OwnModel} model */
export function scoreOf(model) {
  /** @type {Row[]} */
  const records = [];
  /** @type {number[]|null} */
  let frozen = null; // the guess that was checked
  const right = () => records.filter((row) => row.right).length;
  const rows = () => records.map((row) => SCORED.map((name) => cellOf(name, row[name])));
  const tableOf = (/** @type {string} */ tag, /** @type {string[]} */ cells) => `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const html = () =>
    `<p>${right()} of ${records.length} right</p><table>${tableOf("th", SCORED)}${rows().map((row) => tableOf("td", row)).join("")}</table>`;
  /** The answer of a question that is checked counts once, and stays; that of an address was another reader's. @param {Asked} asked @param {boolean} isOwn */
  const checkedNow = (asked, isOwn) => {
    const guess = model.get("guess");
    if (alike(guess, asked.start)) return { checked: 0, note: UNANSWERED };
    frozen = guess;
    if (!isOwn) return {};
    if (records.some(({ question }) => question === asked.question)) return { note: AGAIN, _news: AGAIN };
    records.push(recordOf(asked, /** @type {Float64Array} */ (numbersNow(model.get)["guess verdict"])));
    return { _parts: { ...model.get("_parts"), score: html() } };
  };
  return {
    /** What follows when a hand, or an address, has changed traits. @param {string[]} names @param {boolean} byHand @returns {Record<string, unknown>} */
    heard(names, byHand) {
      const asked = askedIn(model);
      if (!asked || model.get("checked") !== asked.question) return {};
      if (names.includes("checked")) return checkedNow(asked, byHand);
      return frozen && names.includes("guess") ? { guess: frozen } : {};
    },
    /** The parts of a form with the score. @param {Record<string, string>} parts */
    within: (parts) => (records.length && "score" in parts ? { ...parts, score: html() } : parts),
    /** For a sheet or a message. */
    text: () => [SCORED, ...rows(), [`${right()} of ${records.length} right`]].map((row) => row.join("\t")).join("\n"),
  };
}
