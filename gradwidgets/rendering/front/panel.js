/**
 * A panel as elements of the page: title, plot, and the names of its axes.
 *
 * @import { Panel, Told } from "./wire.js"
 * @import { Place } from "./plot.js"
 *
 * @typedef {ReturnType<panelPart>} PanelPart
 */
import { describe, element, shownIf } from "./elements.js";
import { fill } from "./text.js";

const BUTTONS = 80; // pixels that they take of a title's line, as in hands.css

/** Give an element a text that is HTML, without touching the page where it has it. @param {HTMLElement} part @param {string} html */
function sayHtml(part, html) {
  if (part.dataset.html === html) return;
  part.dataset.html = html;
  part.innerHTML = html;
  shownIf(part, html !== "");
}

/** @param {HTMLElement} part @param {Record<string, string>} styles */
function styleOf(part, styles) {
  Object.entries(styles).forEach(([name, value]) => part.style.getPropertyValue(name) !== value && part.style.setProperty(name, value));
}

/** A canvas of a size, with dots as fine as the screen's. @param {CanvasRenderingContext2D} ctx @param {number} width @param {number} height */
export function cleared(ctx, width, height) {
  const { canvas } = ctx, [across, down] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  ctx.setTransform(across / width, 0, 0, down / height, 0, 0);
  ctx.clearRect(0, 0, width, height);
}

/** @param {string} className @returns {CanvasRenderingContext2D} */
const canvasOf = (className) =>
  /** @type {CanvasRenderingContext2D} */ (element("canvas", className, { "aria-hidden": "true" }).getContext("2d"));

/** @param {string} name */
export function panelPart(name) {
  const [ground, marks] = [canvasOf("gw-ground"), canvasOf("gw-marks")], hands = element("div", "gw-hands");
  const [title, xlabel, ylabel] = ["gw-title", "gw-xlabel", "gw-ylabel"].map((one) => element("div", one));
  const plot = element("div", "gw-plot", {}, ground.canvas, marks.canvas, hands);
  const el = element("div", "gw-panel", { "data-panel": name }, title, plot, ylabel, xlabel);

  /** Who has a window takes the focus, to be zoomed and moved. @param {Told} panel */
  const focusable = ({ axes }) => {
    if (!axes.some(Boolean)) return ["tabindex", "role", "aria-label"].forEach((one) => plot.removeAttribute(one));
    describe(plot, { tabindex: "0", role: "group", "aria-label": title.textContent || name });
  };
  /** A text too long has the whole line, and then can be scrolled, by keys too. @param {number} wide */
  const scrollable = (wide) => {
    el.classList.toggle("gw-long", title.scrollWidth > wide - BUTTONS);
    if (title.scrollWidth > title.clientWidth) describe(title, { tabindex: "0", role: "group", "aria-label": "title" });
    else ["tabindex", "role", "aria-label"].forEach((one) => title.removeAttribute(one));
  };
  /** Let it be as large as it is laid out. @param {Told} panel @param {Place} place @param {boolean} leads */
  const place = (panel, { width, height, box: [left, top, wide, high], span }, leads) => {
    const before = title.dataset.html + el.style.cssText;
    el.classList.toggle("gw-hero", leads);
    sayHtml(title, panel.title);
    sayHtml(ylabel, panel.ylabel);
    styleOf(plot, { width: `${width}px`, height: `${height}px` });
    styleOf(el, { "grid-column": `span ${span}`, "--left": `${left}px`, "--top": `${top}px`, "--wide": `${wide}px`, "--high": `${high}px`, "--plot": `${width}px` });
    // Asked for now, the page would be laid out for every panel by itself.
    if (title.dataset.html + el.style.cssText !== before) setTimeout(scrollable, 0, wide);
    focusable(panel);
  };
  /** Values of controls in its axis's name; where its frame is in the plot, and which range that shows, for who measures the page. @param {Panel} panel @param {boolean} topped by a label @param {number[]} values */
  const tell = ({ box, x, y, xlabel: text }, topped, values) => {
    el.classList.toggle("gw-topped", topped);
    sayHtml(xlabel, fill(text, values));
    describe(plot, { "data-frame": JSON.stringify([box, x, y]) });
  };
  return { name, el, plot, ground, marks, hands, place, tell };
}
