/**
 * The lines below a picture: a headline, what changes what the reader should do, and more on demand.
 *
 * @import { Shown } from "./replay.js"
 *
 * @typedef {{text: string, color: string, urgent: boolean, letters: number}} Line
 */
import { foldButton } from "./buttons.js";
import { legible } from "./colors.js";
import { element, freshName, say, shownIf } from "./elements.js";
import { labelText } from "./label.js";
import { sayMath } from "./mathematics.js";

const SPEECH = 200; // milliseconds without a change before a caption is spoken
const SAID_LETTER = 6.9; // pixels of a caption's letter, at most
const SAID_LINE = 22; // of its line

/** The lines, with their colours on this ground; the first one is the headline. @param {Shown} shown @returns {Line[]} */
export const captionsOf = ({ spec, numbers: { marks }, look, words }) =>
  spec.marks.flatMap((mark) => {
    if (mark.kind !== "Label" || mark.panel) return [];
    const text = words[mark.name] ?? labelText(mark, marks[mark.name]);
    return text ? [{ text, color: legible(look.color(mark.color), look.ground), urgent: Boolean(mark.urgent), letters: mark.letters ?? 0 }] : [];
  });

/** Their place on the page, and one for what is spoken. @param {AbortSignal} signal */
export function captionsPart(signal) {
  const id = freshName();
  const lines = element("div", "gw-lines", { id }), spoken = element("div", "gw-spoken", { "aria-live": "polite" });
  const more = foldButton(["more", "less"], (now) => {
    open = now;
    [tallest, lines.style.minHeight] = [0, ""];
    fold();
    keepRoom();
  }, signal, { "aria-controls": id }); // prettier-ignore
  const el = element("div", "gw-captions", {}, more, lines);
  let [speech, tallest, across, open] = [0, 0, 0, false];
  /** @type {Line[]} */
  let known = [];
  const isFolded = (/** @type {Line} */ { urgent }, /** @type {number} */ k) => k > 0 && !urgent;
  const fold = () => {
    known.forEach((line, k) => shownIf(/** @type {HTMLElement} */ (lines.children[k]), open || !isFolded(line, k)));
    more.style.visibility = known.some(isFolded) ? "" : "hidden"; // its room stays
  };
  /** What stands below does not jump: the room for lines grows, and shrinks with another width. */
  const keepRoom = () => {
    const { clientWidth } = lines;
    known.forEach(({ letters }, k) => {
      const high = clientWidth && SAID_LINE * Math.ceil((letters && SAID_LETTER * letters + (k ? 0 : more.offsetWidth)) / clientWidth);
      /** @type {HTMLElement} */ (lines.children[k]).style.minHeight = high ? `${high}px` : "";
    });
    const { scrollHeight } = lines;
    tallest = clientWidth === across ? Math.max(tallest, scrollHeight) : 0;
    across = clientWidth;
    lines.style.minHeight = tallest ? `${tallest}px` : "";
  };
  const write = (/** @type {Line[]} */ told, /** @type {readonly string[]} */ names) => {
    const before = known;
    known = told;
    while (lines.children.length < told.length) lines.append(element("p", ""));
    while (lines.children.length > told.length) lines.lastElementChild?.remove();
    told.forEach(({ text, color }, k) => {
      const line = /** @type {HTMLElement} */ (lines.children[k]);
      sayMath(line, text, names);
      if (before[k]?.color !== color) line.style.color = color;
    });
    fold();
    if (told.length !== before.length || told.some(({ text }, k) => text.length !== before[k].text.length) || !tallest) keepRoom();
    clearTimeout(speech);
    speech = window.setTimeout(() => say(spoken, told[0]?.text ?? ""), SPEECH);
  };
  signal.addEventListener("abort", () => clearTimeout(speech));
  return { el, spoken, write, measure: keepRoom };
}
