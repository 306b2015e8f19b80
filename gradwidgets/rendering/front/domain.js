/**
 * For every variable two boxes, for the interval that the picture shows.
 *
 * @import { Board, Part } from "./board.js"
 *
 * @typedef {{intervals: Record<string, [number, number]>}} Domain
 */
import { numberBox } from "./box.js";
import { element, holds } from "./elements.js";
import { sayMath } from "./mathematics.js";
import { plainly } from "./values.js";

/** @param {Board} board @param {string} name */
function intervalRow(board, name) {
  let ends = [NaN, NaN];
  const boxes = ["from", "to"].map((word, k) => numberBox({
    label: `${name} ${word}`, low: () => -Infinity, high: () => Infinity, text: plainly,
    take: (value) => {
      ends = ends.map((end, other) => (other === k ? value : end));
      board.ask({ do: "domain", values: { [name]: ends }, typed: true });
    },
  }, board.signal)); // prettier-ignore
  const words = ["", "to"].map((word) => element("span", "", { "aria-hidden": "true" }, word));
  sayMath(words[0], `${name} from`, [name]);
  const el = element("div", "gw-field", {}, ...boxes.flatMap(({ input, wrong }, k) => [words[k], input, wrong]));
  const show = (/** @type {[number, number]} */ interval) => {
    ends = interval;
    boxes.forEach((box, k) => box.show(interval[k]));
  };
  return { el, show };
}

/** @param {Board} board @returns {Part} */
export function domainPart(board) {
  /** @type {Map<string, ReturnType<intervalRow>>} */
  const rows = new Map();
  const message = element("div", "gw-message"), list = element("div", "gw-intervals");
  const el = element("div", "gw-domain", { role: "group", "aria-label": "domain" }, list, message);
  /** @type {unknown} */
  let known;
  let told = "";
  const refresh = (/** @type {Domain} */ { intervals }) => {
    const said = board.get("_domain_message") || "";
    if (said !== told) message.innerHTML = told = said;
    if (intervals === known) return;
    known = intervals;
    [...rows.keys()].filter((name) => !(name in intervals)).forEach((name) => rows.delete(name));
    Object.entries(intervals).forEach(([name, interval]) => {
      if (!rows.has(name)) rows.set(name, intervalRow(board, name));
      rows.get(name)?.show(interval);
    });
    holds(list, Object.keys(intervals).flatMap((name) => rows.get(name)?.el ?? []));
  };
  return { el, refresh };
}
