/**
 * For every variable two boxes, for the interval that the picture shows.
 *
 * @import { Board, Part } from "./board.js"
 */
import { numberBox } from "./box.js";
import { element } from "./elements.js";
import { plainly } from "./values.js";

/** @param {Board} board @param {{intervals: Record<string, [number, number]>}} item @returns {Part} */
export function domainPart(board, { intervals }) {
  const one = (/** @type {string} */ name, /** @type {[number, number]} */ interval) => {
    const ends = [...interval];
    const boxes = ["from", "to"].map((word, k) => {
      const take = (/** @type {number} */ value) => {
        ends[k] = value;
        board.ask({ do: "domain", values: { [name]: [...ends] } });
      };
      const box = numberBox({ label: `${name} ${word}`, low: () => -Infinity, high: () => Infinity, text: plainly, take }, board.signal);
      box.show(interval[k]);
      return [element("span", "", { "aria-hidden": "true" }, k ? "to" : `${name} from`), box.input, box.wrong];
    });
    return element("div", "gw-field gw-interval", {}, ...boxes.flat());
  };
  const message = element("div", "gw-message", { role: "status" });
  const rows = Object.entries(intervals).map(([name, interval]) => one(name, interval));
  const el = element("div", "gw-domain", { role: "group", "aria-label": "domain" }, ...rows, message);
  const refresh = () => {
    const said = board.get("_domain_message") || "";
    if (message.dataset.said !== said) message.innerHTML = message.dataset.said = said;
  };
  return { el, refresh };
}
