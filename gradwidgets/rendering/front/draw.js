/**
 * Scenes drawn by the browser: the partner of marks.py, one file for each kind of mark.
 *
 * @import { Mark, Numbers, Panel, Spec } from "./wire.js"
 * @import { Drawing } from "./surface.js"
 * @import { Look } from "./look.js"
 */
import { paintArrow } from "./arrow.js";
import { labelsOn, paintLabel } from "./label.js";
import { LIGHT } from "./look.js";
import { paintMarker } from "./marker.js";
import { paintPolyline } from "./polyline.js";
import { onPanel, spaceOf, turnOf } from "./space.js";
import { drawSurface } from "./surface.js";

const PALE = 0.35; // of what still belongs to an earlier state

/**
 * Draw all marks, each into its panel; `surface` draws the surfaces among them, and `old` are paler.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {Drawing} [surface]
 * @param {ReadonlySet<string>} [old]
 * @param {Look} look
 */
export function draw(ctx, spec, numbers, surface = drawSurface, old = new Set(), look = LIGHT) {
  /** @type {Map<string, ReturnType<typeof labelsOn>>} */
  const labels = new Map();
  for (const mark of spec.marks.filter(({ panel }) => panel)) {
    const panel = spec.panels[mark.panel];
    if (mark.kind === "Surface") surface(ctx, panel, mark, turnOf(spaceOf(panel), numbers), look);
    else {
      ctx.save();
      if (old.has(mark.name)) ctx.globalAlpha = PALE;
      if (mark.kind === "Label") {
        if (!labels.has(mark.panel)) labels.set(mark.panel, labelsOn(ctx, spec, numbers, mark.panel));
        paintLabel(ctx, mark, onPanel(spec, numbers, mark), labels.get(mark.panel)?.get(mark.name), look);
      } else paint(ctx, panel, mark, onPanel(spec, numbers, mark), look);
      ctx.restore();
    }
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Mark} mark @param {Float64Array} own @param {Look} look */
function paint(ctx, panel, mark, own, look) {
  if (mark.kind === "Polyline" || (mark.kind === "Arrow" && !mark.free)) {
    ctx.beginPath();
    ctx.rect(...panel.box);
    ctx.clip();
  }
  if (mark.kind === "Polyline") paintPolyline(ctx, panel, mark, own, look);
  else if (mark.kind === "Arrow") paintArrow(ctx, panel, mark, own, look);
  else if (mark.kind === "Marker") paintMarker(ctx, panel, mark, own, look);
}
