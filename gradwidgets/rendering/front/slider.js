/**
 * A control's slider: a range with a box for the number; linear, logarithmic, cyclic.
 *
 * @import { Board, Part } from "./board.js"
 * @import { Control } from "./wire.js"
 */
import { numberBox } from "./box.js";
import { dragged, ownStep, placeOf, stepped, valueAt } from "./control.js";
import { describe, element, freshName, OWN_KEYS } from "./elements.js";
import { sayMath } from "./mathematics.js";
import { reading, valueOf } from "./values.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/**
 * @param {Board} board
 * @param {() => Control|undefined} find the control, which another picture may give another range
 * @param {{slow?: boolean, integer?: boolean, help?: string}} [item] where it is `slow`, a drag tells its value at its end
 * @returns {Part}
 */
export function sliderPart(board, find, { slow, integer, help } = {}) {
  const id = freshName();
  const { get, signal } = board;
  const label = element("label", "gw-label gw-symbol", { for: id });
  const range = element("input", "gw-range", { id, type: "range", step: "any", ...OWN_KEYS });
  const take = (/** @type {number} */ value) => {
    const control = find();
    if (control) board.give({ [control.name]: value }, [control]);
  };
  const box = numberBox({
    label: "", integer, take, low: () => find()?.low ?? NaN, high: () => find()?.high ?? NaN,
    text: (value) => reading(find() ?? { digits: { decimals: 0, exponent: null } }, value),
  }, signal); // prettier-ignore
  const number = element("span", "gw-number", {}, box.input);
  const el = element("div", "gw-slider", help ? { title: help } : {}, label, range, number, box.wrong);

  let pulling = false; // a slow drag that has not ended
  const pulled = (/** @type {Control} */ control) => valueAt(control, Number(range.value));
  const listen = (/** @type {string} */ type, /** @type {(control: Control) => void} */ hear) =>
    range.addEventListener(type, () => { const control = find(); if (control) hear(control); }, { signal }); // prettier-ignore
  listen("input", (control) => {
    if (slow) pulling = true, box.show(pulled(control));
    else take(pulled(control));
  });
  listen("change", (control) => {
    if (pulling) pulling = false, take(pulled(control));
  });
  range.addEventListener("keydown", (event) => {
    const [control, turns] = [find(), STEPS[event.key]];
    if (!control || event.ctrlKey || event.metaKey || !(turns || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    const count = turns * ownStep(control) * (event.shiftKey ? 10 : 1) * (event.altKey ? 0.1 : 1);
    if (!turns) take(event.key === "Home" ? control.low : control.high);
    else take(integer ? dragged(control, valueOf(get, control) + turns * control.step) : stepped(control, valueOf(get, control), count));
  }, { signal }); // prettier-ignore

  const refresh = () => {
    const control = find();
    if (!control || pulling) return;
    const value = valueOf(get, control);
    if (Number.isNaN(value)) return;
    const [low, high, place] = [control.low, control.high, value].map((end) => String(placeOf(control, end)));
    if (range.min !== low) range.min = low;
    if (range.max !== high) range.max = high;
    if (range.value !== place) range.value = place;
    const { label: name, symbol, unit = "" } = control;
    sayMath(label, symbol || name, symbol ? [symbol] : []);
    describe(label, { title: symbol && symbol !== name ? name : "" });
    describe(range, { "aria-label": name, "aria-valuetext": reading(control, value) + unit });
    describe(number, { "data-unit": unit });
    describe(box.input, { "aria-label": `${control.label}, as a number` });
    box.show(value);
  };
  return { el, refresh, shown: () => find() !== undefined };
}
