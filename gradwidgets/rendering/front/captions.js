/**
 * The lines below a picture: what they say, in colours that can be read, and to who listens.
 *
 * @import { Shown } from "./replay.js"
 */
import { legible } from "./colors.js";
import { element, say } from "./elements.js";
import { labelText } from "./label.js";

const SPEECH = 200; // milliseconds without a change before a caption is spoken
/** The lines, with their colours on this ground. @param {Shown} shown @returns {[string, string][]} */
export const captionsOf = ({ spec, numbers: { marks }, look, words }) =>
  spec.marks.flatMap((mark) => {
    const text = mark.kind === "Label" && !mark.panel ? words[mark.name] ?? labelText(mark, marks[mark.name]) : "";
    return text ? [/** @type {[string, string]} */ ([text, legible(look.color(mark.color), look.ground)])] : [];
  });

/** Their place on the page, and one for what is spoken. */
export function captionsPart() {
  const el = element("div", "gw-captions"), spoken = element("div", "gw-spoken", { "aria-live": "polite" });
  let [speech, tallest, across] = [0, 0, 0];
  /** What stands below does not jump: the room for lines grows, and shrinks with another width. */
  const keepRoom = () => {
    const { clientWidth, scrollHeight } = el;
    tallest = clientWidth === across ? Math.max(tallest, scrollHeight) : 0;
    across = clientWidth;
    el.style.minHeight = tallest ? `${tallest}px` : "";
  };
  const write = (/** @type {[string, string][]} */ lines) => {
    while (el.children.length < lines.length) el.append(element("p", ""));
    while (el.children.length > lines.length) el.lastElementChild?.remove();
    const before = el.textContent;
    lines.forEach(([text, color], k) => {
      say(el.children[k], text);
      /** @type {HTMLElement} */ (el.children[k]).style.color = color;
    });
    if (el.textContent?.length !== before?.length || !tallest) keepRoom();
    clearTimeout(speech);
    speech = window.setTimeout(() => say(spoken, lines[0]?.[0] ?? ""), SPEECH);
  };
  return { el, spoken, write, end: () => clearTimeout(speech) };
}
