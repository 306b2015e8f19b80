/**
 * The ground of a map: bands, level curves, hatching and pale arrows, made from f as it is seen.
 *
 * @import { Curves } from "./contours.js"
 * @import { Pair } from "./wire.js"
 * @import { Land, Sheet, View } from "./sheets.js"
 *
 * @typedef {{sheet: Sheet, curves: Curves[], rings: Curves[], texts: string[]}} Relief
 * @typedef {{arrows: Float64Array, arrowNote: string|null}} Arrows of each tail and tip; what is
 *   told of their length, null where Python has told it
 * @typedef {{density: number, normalized: boolean}} PaleArrows
 */
import { filledValues, tornPlaces } from "./breaks.js";
import { drawableValues, levelCurves, levelRings } from "./contours.js";
import { mesh } from "./lift.js";
import { arrowScale, ratioText } from "./scales.js";
import { spacedPlaces } from "./sheets.js";
import { shortNumber } from "./ticks.js";

const ARROW_SHARE = 0.7; // of the way from arrow to arrow, where they have one length

/** Bands and curves of a sheet at levels; numbers stand on every second one. @param {Sheet} sheet @param {number[]} levels @returns {Relief} */
export function reliefOf(sheet, levels) {
  if (levels.length < 2) return { sheet, curves: [], rings: [], texts: [] };
  const { x, y, torn } = sheet, drawn = drawableValues(sheet.values, levels);
  const whole = torn ? drawn.values.map((value, k) => (torn[k] ? NaN : value)) : drawn.values;
  return {
    sheet,
    curves: levelCurves({ x, y, values: whole }, drawn.levels),
    rings: levelRings({ x, y, values: drawn.values }, drawn.levels),
    texts: levels.map((level, k) => (k % 2 ? shortNumber(level) : "")),
  };
}

/** A sheet without gaps that lie on its grid alone, and where f jumps; as it is where both are known. @param {Land} land @param {Sheet} sheet @param {Pair} span */
export function mended({ values: cut }, sheet, [low, high]) {
  if (!cut) return sheet;
  const values = filledValues(cut, sheet), whole = { ...sheet, values };
  return { ...whole, torn: tornPlaces(cut, whole, high - low) };
}

/** The pale arrows of a gradient's field, see pictures/pale.py. @param {Land} land @param {View} view @param {PaleArrows} wanted @returns {Arrows} */
export function arrowsOver({ slopes, arrows }, { x, y }, { density, normalized }) {
  if (!slopes) return { arrows: arrows ?? new Float64Array(0), arrowNote: null };
  const [acrossAll, upAll] = mesh(innerPlaces(x, density), innerPlaces(y, density));
  const [f, byX, byY] = slopes(acrossAll, upAll), spacing = Math.min(x[1] - x[0], y[1] - y[0]) / density;
  const lengths = f.map((value, k) => (Number.isFinite(value) ? Math.hypot(byX[k], byY[k]) : NaN));
  if (!lengths.some((length) => length > 0)) return { arrows: new Float64Array(0), arrowNote: "" };
  const common = normalized ? 1 : arrowScale(lengths, spacing), ends = [];
  for (let k = 0; k < f.length; k += 1) {
    const half = (normalized ? (ARROW_SHARE * spacing) / lengths[k] : common) / 2;
    const [dx, dy] = [byX[k] * half, byY[k] * half];
    if (Number.isFinite(lengths[k] * half) && Number.isFinite(dx) && Number.isFinite(dy))
      ends.push(acrossAll[k] - dx, upAll[k] - dy, acrossAll[k] + dx, upAll[k] + dy);
  }
  const arrowNote = normalized ? "The pale arrows show the direction alone." : `The pale arrows are drawn at ${ratioText(common)}.`;
  return { arrows: Float64Array.from(ends), arrowNote };
}

/** Places over a range, half a step away from its ends. @param {Pair} range @param {number} count */
function innerPlaces([low, high], count) {
  const half = (high - low) / count / 2;
  return spacedPlaces([low + half, high - half], count);
}
