/**
 * The mathematics in our own sentences, set as such: letters slanted, indices small.
 *
 * @typedef {"" | "i" | "b" | "sub" | "sup"} Kind plain, a variable, a vector, an index, an exponent
 * @typedef {[Kind, string]} Piece
 */
import { element } from "./elements.js";

/** @type {Record<string, string>} */
const INDICES = { ᵤ: "u", ᵢ: "i", ⱼ: "j", ₖ: "k", ₘ: "m", ₙ: "n", ₓ: "x", ₜ: "t" };
const ALONE = "(?<![A-Za-z_'’.])[A-Za-z](?![A-Za-z_'’])";
const MATHEMATICS = new RegExp(`uᵀHu|Hu\\b|λ(?:max|min)|[${Object.keys(INDICES).join("")}]+|ᵀ|[α-ωΑ-Ω]|(?<=∂)[A-Za-z_]\\w*|${ALONE}`, "gu");
const ARTICLES = ["a", "A", "I"]; // letters that are words, unless something else shows that they aren't

/** What is known of a find. @param {string} found @param {string} before @param {string} after @param {readonly string[]} names @returns {Piece[]} */
function piecesOf(found, before, after, names) {
  if (found.endsWith("Hu")) return [...(found === "Hu" ? [] : /** @type {Piece[]} */ ([["b", "u"], ["sup", "T"]])), ["i", "H"], ["b", "u"]]; // prettier-ignore
  if (found.startsWith("λ") && found.length > 1) return [["i", "λ"], ["sub", found.slice(1)]];
  if (found[0] in INDICES) return [["sub", [...found].map((letter) => INDICES[letter]).join("")]];
  if (found === "ᵀ") return [["sup", "T"]];
  const isWord = ARTICLES.includes(found) && Boolean(before || after) && !(names.includes(found) && (/[∂(·]$/.test(before) || /^ =|^[,)]/.test(after)));
  if (isWord) return [["", found]];
  return [[found === "u" && !names.includes("u") ? "b" : "i", found]];
}

/**
 * A sentence in pieces; `names` are those of variables.
 *
 * @param {string} text
 * @param {readonly string[]} names
 * @returns {Piece[]}
 */
export function mathPieces(text, names = []) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  const add = (/** @type {Piece} */ [kind, part]) => {
    const last = pieces.at(-1);
    if (last && !kind && !last[0]) last[1] += part;
    else if (part) pieces.push([kind, part]);
  };
  for (const { 0: found, index } of text.matchAll(MATHEMATICS)) {
    add(["", text.slice(end, index)]);
    end = index + found.length;
    piecesOf(found, text.slice(0, index), text.slice(end), names).forEach(add);
  }
  add(["", text.slice(end)]);
  return pieces;
}

/** Let an element say a sentence, and keep it as it was written. @param {HTMLElement} part @param {string} text @param {readonly string[]} names */
export function sayMath(part, text, names = []) {
  if (part.dataset.text === text) return;
  part.dataset.text = text;
  part.replaceChildren(...mathPieces(text, names).map(([kind, piece]) => (kind ? element(kind, kind.length > 1 ? "" : "gw-math", {}, piece) : piece)));
}
