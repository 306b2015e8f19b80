/**
 * Rows that a hand has changed, where x is measured in another way.
 *
 * @import { Edits } from "../front/rows.js"
 */
import { arraysIn, slotsIn } from "../front/rows.js";

/**
 * The same rows in the units of the x that comes, which goes along a line with the one that was; null
 * where y are to be labels and some are none.
 * @param {Edits} edits @param {DataView<ArrayBuffer>|string} before @param {DataView<ArrayBuffer>|string} after @param {boolean} labels
 * @returns {Edits|null}
 */
export function measuredAnew(edits, before, after, labels) {
  if (labels && Object.values(edits).some(([, y]) => y !== 0 && y !== 1)) return null;
  const [[x, , weights], [fresh]] = [arraysIn(before), arraysIn(after)], slots = slotsIn([x, x, weights]).sort((one, two) => x[one] - x[two]);
  const [low, high] = [slots[0], slots[slots.length - 1]], scale = x[high] > x[low] ? (fresh[high] - fresh[low]) / (x[high] - x[low]) : 1;
  const moved = Object.entries(edits).map(([slot, [place, ...rest]]) => [slot, [scale * (place - x[low]) + fresh[low], ...rest]]);
  return Object.fromEntries(moved);
}
