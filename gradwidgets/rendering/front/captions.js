/**
 * The lines below a picture: what they say, in colours that can be read, and to who listens.
 *
 * @import { Shown } from "./replay.js"
 */
import { element, say } from "./elements.js";
import { labelText } from "./label.js";

const SPEECH = 200; // milliseconds without a change before a caption is spoken
const CONTRAST = 4.5; // to white, which small letters need: WCAG 2, 1.4.3
/** @type {Map<string, string>} */
const KNOWN = new Map();

/** How bright a colour is, from 0 to 1. @param {number[]} parts red, green, blue from 0 to 255 */
function luminance(parts) {
  const [red, green, blue] = parts.map((part) => (part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 255 / 12.92));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A colour "#rrggbb", darker where on white its letters would be hard to read. @param {string} color */
export function legible(color) {
  const known = KNOWN.get(color);
  if (known) return known;
  const parts = [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));
  let share = 1;
  while (1.05 / (luminance(parts.map((part) => share * part)) + 0.05) < CONTRAST) share -= 0.02;
  const made = share < 1 ? `rgb(${parts.map((part) => Math.round(share * part)).join(" ")})` : color;
  KNOWN.set(color, made);
  return made;
}

/** The lines, with their colours. @param {Shown} shown @returns {[string, string][]} */
export const captionsOf = ({ spec, numbers: { marks } }) =>
  spec.marks.flatMap((mark) => {
    const text = mark.kind === "Label" && !mark.panel ? labelText(mark, marks[mark.name]) : "";
    return text ? [/** @type {[string, string]} */ ([text, mark.color])] : [];
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
      /** @type {HTMLElement} */ (el.children[k]).style.color = legible(color);
    });
    if (el.textContent?.length !== before?.length || !tallest) keepRoom();
    clearTimeout(speech);
    speech = window.setTimeout(() => say(spoken, lines[0]?.[0] ?? ""), SPEECH);
  };
  return { el, spoken, write, end: () => clearTimeout(speech) };
}
