/** Colours as numbers: how bright they are, and how well one is read on another. */

const CONTRAST = 4.5; // which small letters need: WCAG 2, 1.4.3
/** @type {Map<string, string>} */
const KNOWN = new Map();

/** Red, green, blue from 0 to 255 and opacity, of #RRGGBB or rgb(…). @param {string} color */
export function channelsOf(color) {
  if (color.startsWith("#")) return [...[1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16)), 1];
  const unit = color.startsWith("color(") ? 255 : 1; // as of mixed colours
  const parts = (color.match(/[\d.]+/g) ?? []).map((part, k) => Number(part) * (k < 3 ? unit : 1));
  return parts.length === 4 ? parts : [...parts, 1];
}

/** How bright a colour is, from 0 to 1. @param {number[]} parts red, green, blue from 0 to 255 */
export function luminance(parts) {
  const [red, green, blue] = parts.map((part) => (part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 255 / 12.92));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two brightnesses. @param {number} one @param {number} two */
const contrast = (one, two) => (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);

/** A colour, farther from the ground where on it small letters would be hard to read. @param {string} color @param {string} ground */
export function legible(color, ground = "#FFFFFF") {
  const known = KNOWN.get(color + ground);
  if (known) return known;
  const own = channelsOf(color).slice(0, 3), behind = luminance(channelsOf(ground).slice(0, 3)), toward = behind > 0.18 ? 0 : 255;
  const mixed = (/** @type {number} */ share) => own.map((part) => toward + share * (part - toward));
  let share = 1;
  while (share > 0 && contrast(luminance(mixed(share)), behind) < CONTRAST) share -= 0.02;
  const made = share < 1 ? `rgb(${mixed(share).map(Math.round).join(" ")})` : color;
  KNOWN.set(color + ground, made);
  return made;
}
