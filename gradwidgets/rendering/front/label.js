/**
 * Text with numbers in it, beside a place or as a line of the caption.
 *
 * @import { Label, Mark, Numbers, Pair, Panel, Spec } from "./wire.js"
 * @import { Look } from "./look.js"
 * @import { Asked, Obstacles } from "./placing.js"
 */
import { FAR, dataToPixel, pixelsOf } from "./coordinates.js";
import { FACE, LIGHT } from "./look.js";
import { isHandle, isTick } from "./marker.js";
import { middlesOf } from "./placing.js";
import { STRIP, titleWidth } from "./plot.js";
import { linePoints, thinned } from "./polyline.js";
import { onPanel } from "./space.js";
import { fill } from "./text.js";

const TITLE = 30; // the height of a title's line above its panel
const THICK = 2; // pixels: such a line strikes a label through as an arrow does
const FEW = 4; // points of a line that labels avoid
const MOST_AVOIDED = 60; // of a longer one
const LONG_LINE = 0.12; // what it weighs
const ABOUT = 2; // pixels: it need not be avoided more exactly

/** A label's text, or "" where it is hidden or not yet known. @param {Label} mark @param {Float64Array} own */
export function labelText(mark, own) {
  const choice = Math.trunc(own[4]);
  return choice >= 0 ? fill(mark.texts[choice], own.subarray(5)) : "";
}

/** @param {Label} mark */
const fontOf = ({ size }) => `${size}px ${FACE.family}`;

/** Where a label wants to stand; null where it is not drawn. @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Label} mark @param {Float64Array} own @returns {Asked|null} */
function askedBy(ctx, panel, mark, own) {
  const text = labelText(mark, own), [x, y, across, up] = own, anchor = dataToPixel(panel, x, y);
  if (!text || !(Math.max(...anchor.map(Math.abs)) < FAR)) return null;
  ctx.font = fontOf(mark);
  const length = Math.hypot(across, up), [left, top, width, height] = panel.box;
  const around = mark.free && length ? STRIP : 0, beyond = anchor[0] > left + width ? STRIP : around; // beside an arrow that sticks out
  return {
    name: mark.name, anchor, toward: [across / (length || 1), -up / (length || 1)],
    half: [ctx.measureText(text).width / 2, 0.55 * mark.size], aside: mark.aside,
    room: [left - around, top - (mark.above ? TITLE : anchor[0] - left < titleWidth(panel) + STRIP ? 0 : around), left + width + beyond, top + height + around],
    still: mark.above || panel.bare || mark.pinned, level: Boolean(mark.level),
  }; // prettier-ignore
}

/** The pixels of what labels avoid. @param {Panel} panel @param {Mark} mark @param {Float64Array} own */
const pixelsIn = (panel, mark, own) =>
  mark.kind === "Polyline" ? thinned(pixelsOf(panel, linePoints(panel, mark, own)), ABOUT) : mark.kind === "Marker" || mark.kind === "Arrow" ? pixelsOf(panel, own) : [];

/** What labels avoid: handles, other markers, arrows, lines. @param {Panel} panel @param {Mark} mark @param {Float64Array} own @returns {Obstacles} */
function obstaclesOf(panel, mark, own) {
  const places = own ? pixelsIn(panel, mark, own) : [];
  /** @type {Obstacles} */
  const found = { boxes: [], lines: [] };
  if (mark.kind === "Marker") {
    const held = isHandle(mark) || isTick(mark), reach = mark.size * (isHandle(mark) ? 0.7 : 0.5) + (held ? 4 : 1);
    for (let k = 0; k < places.length; k += 2) found.boxes.push({ box: [places[k] - reach, places[k + 1] - reach, places[k] + reach, places[k + 1] + reach], weight: held ? 4 : 2 }); // prettier-ignore
    return found;
  }
  const every = Math.ceil(places.length / 2 / MOST_AVOIDED), isLong = mark.kind === "Polyline" && places.length > 2 * FEW;
  const weight = isLong ? LONG_LINE * every : mark.kind === "Arrow" || (mark.kind === "Polyline" && mark.width >= THICK) ? 1 : 0.4;
  for (let k = 0; k + 3 < places.length; k += mark.kind === "Arrow" ? 4 : isLong ? 2 * every : 2) found.lines.push({ ends: [places[k], places[k + 1], places[k + 2], places[k + 3]], weight }); // prettier-ignore
  return found;
}

/** The choices of each canvas's labels, so that they do not hop. @type {WeakMap<object, Map<string, number>>} */
const CHOSEN = new WeakMap();

/** Where the labels of a panel stand, by their names. @param {CanvasRenderingContext2D} ctx @param {Spec} spec @param {Numbers} numbers @param {string} name @returns {Map<string, Pair>} */
export function labelsOn(ctx, spec, numbers, name) {
  const panel = spec.panels[name], own = (/** @type {Mark} */ mark) => onPanel(spec, numbers, mark);
  const labels = spec.marks.flatMap((mark) => (mark.panel === name && mark.kind === "Label" ? askedBy(ctx, panel, mark, own(mark)) ?? [] : []));
  if (!labels.length) return new Map();
  const others = labels.every(({ still }) => still) ? [] : [...spec.marks, ...(spec.still ?? [])];
  const found = others.filter((mark) => mark.panel === name).map((mark) => obstaclesOf(panel, mark, own(mark)));
  const known = CHOSEN.get(ctx.canvas) ?? new Map();
  CHOSEN.set(ctx.canvas, known);
  return middlesOf(labels, { boxes: found.flatMap(({ boxes }) => boxes), lines: found.flatMap(({ lines }) => lines) }, known);
}

/** @param {CanvasRenderingContext2D} ctx @param {Label} mark @param {Float64Array} own @param {Pair|undefined} middle @param {Look} look */
export function paintLabel(ctx, mark, own, middle, look = LIGHT) {
  if (!middle) return;
  const text = labelText(mark, own);
  ctx.font = fontOf(mark);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = look.ground;
  ctx.lineWidth = 3.6;
  ctx.lineJoin = "round";
  ctx.strokeText(text, ...middle);
  ctx.fillStyle = look.color(mark.color);
  ctx.fillText(text, ...middle);
}
