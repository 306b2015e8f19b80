/**
 * Inputs for options: choices, switches, some of several, numbers, texts.
 *
 * @import { Board, Part } from "./board.js"
 * @import { At, Control } from "./wire.js"
 *
 * @typedef {{at: At, label?: string, help?: string}} Field
 * @typedef {Field & {options: [unknown, string][], style?: "buttons"|"menu", do?: string, value?: unknown, rests?: {at: At, value: unknown}}} Choice
 *   with `do` Python is asked to choose, and tells the `value`; it `rests` while another place has this value
 * @typedef {Field & {low: number, high: number, step: number, integer?: boolean, slider?: boolean,
 *   slow?: boolean}} NumberField
 * @typedef {Field & {placeholder?: string, message?: string}} TextField
 */
import { numberBox } from "./box.js";
import { element, freshName, OWN_KEYS } from "./elements.js";
import { sliderPart } from "./slider.js";
import { alike, plainly, read, traitsWith } from "./values.js";

/** Set one place of the traits. @param {Board} board @param {At} at @param {unknown} value */
const setAt = (board, at, value) => board.set(traitsWith(board.get, [[at, value]]));

/** What tells of a field when the pointer rests on it. @param {Field} field @returns {Record<string, string>} */
const helping = ({ help }) => (help ? { title: help } : {});

/** A box to tick, or one of several buttons. @param {string} type @param {string} text @param {Record<string, string>} [more] */
function tickBox(type, text, more = {}) {
  const input = element("input", "", { type, ...more, ...OWN_KEYS });
  return { input, label: element("label", `gw-${type}`, {}, input, element("span", "", {}, text)) };
}

/** Several boxes under one name. @param {Field} field @param {string} className @param {Node[]} inside */
function group({ label, ...field }, className, inside) {
  const id = freshName();
  const name = label ? [element("span", "gw-label", { id }, label)] : [];
  return element("div", className, { ...(label && { "aria-labelledby": id }), ...helping({ ...field, label }) }, ...name, ...inside);
}

/** Set what was chosen, or ask Python to. @param {Board} board @param {Choice} item @param {unknown} value */
const choose = (board, { at, do: asked }, value) => (asked ? board.ask({ do: asked, value }) : setAt(board, at, value));

/** What is chosen now. @param {Board} board @param {Choice} item */
const chosenIn = (board, { at, do: asked, value }) => (asked ? value : read(board.get, at));

/** @param {Board} board @param {Choice} item @returns {Part} */
export const choicePart = (board, item) => (item.style === "menu" ? menuPart : buttonsPart)(board, item);

/** @param {Board} board @param {Choice} item @returns {Part} */
function buttonsPart(board, item) {
  const { options, ...field } = item, name = freshName();
  const boxes = options.map(([, text]) => tickBox("radio", text, { name }));
  boxes.forEach(({ input }, k) =>
    input.addEventListener("change", () => choose(board, item, options[k][0]), { signal: board.signal }));
  const el = group(field, "gw-field", [element("span", "gw-buttons", {}, ...boxes.map(({ label }) => label))]);
  el.setAttribute("role", "radiogroup");
  const refresh = (/** @type {Choice} */ now) => boxes.forEach(({ input }, k) => {
    input.checked = alike(chosenIn(board, now), options[k][0]);
    if (now.rests) input.disabled = read(board.get, now.rests.at) === now.rests.value;
  }); // prettier-ignore
  return { el, refresh };
}

/** @param {Board} board @param {Choice} item @returns {Part} */
function menuPart(board, item) {
  const { options, at, label, help } = item, id = freshName();
  const select = element("select", "", { id, ...OWN_KEYS }, ...options.map(([, text], k) => element("option", "", { value: String(k) }, text)));
  select.addEventListener("change", () => choose(board, item, options[select.selectedIndex][0]), { signal: board.signal });
  const el = element("div", "gw-field", helping({ at, help }), element("label", "gw-label", { for: id }, label ?? ""), select);
  const refresh = (/** @type {Choice} */ now) => (select.selectedIndex = options.findIndex(([value]) => alike(value, chosenIn(board, now))));
  return { el, refresh };
}

/** @param {Board} board @param {Field} item @returns {Part} */
export function switchPart(board, { at, label, ...field }) {
  const { input, label: el } = tickBox("checkbox", label ?? "", helping({ at, ...field }));
  input.addEventListener("change", () => setAt(board, at, input.checked), { signal: board.signal });
  return { el, refresh: () => (input.checked = Boolean(read(board.get, at))) };
}

/** A list with some of the options; a new one comes last. @param {Board} board @param {Choice} item @returns {Part} */
export function somePart(board, { options, at, ...field }) {
  const boxes = options.map(([, text]) => tickBox("checkbox", text));
  const chosen = () => /** @type {unknown[]} */ (read(board.get, at) ?? []);
  const has = (/** @type {unknown} */ value) => chosen().some((one) => alike(one, value));
  boxes.forEach(({ input }, k) => input.addEventListener("change", () => {
    const others = chosen().filter((one) => !alike(one, options[k][0]));
    setAt(board, at, input.checked ? [...others, options[k][0]] : others);
  }, { signal: board.signal })); // prettier-ignore
  const el = group({ at, ...field }, "gw-field gw-some", boxes.map(({ label }) => label));
  el.setAttribute("role", "group");
  return { el, refresh: () => boxes.forEach(({ input }, k) => (input.checked = has(options[k][0]))) };
}

/** How many decimals a step needs. @param {number} step */
export const decimalsOf = (step) => Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9));

/** @param {Board} board @param {NumberField} item @returns {Part} */
export function numberPart(board, item) {
  const { at, low, high, step, integer, slider, label = "", help } = item;
  if (slider) {
    /** @type {Control} */
    const control = { name: label, label, low, high, step, start: low, scale: "linear", cyclic: false, at,
      digits: { decimals: integer ? 0 : decimalsOf(step), exponent: null } }; // prettier-ignore
    return sliderPart(board, () => control, item);
  }
  const take = (/** @type {number} */ value) => setAt(board, at, value);
  const box = numberBox({ label, integer, take, low: () => low, high: () => high, text: plainly }, board.signal);
  const el = element("div", "gw-field", helping({ at, help }), element("span", "gw-label", { "aria-hidden": "true" }, label), box.input, box.wrong);
  return { el, refresh: () => box.show(read(board.get, at)) };
}

/** @param {Board} board @param {TextField} item @returns {Part} */
export function textPart(board, { at, label = "", placeholder = "", help }) {
  const [id, wrong] = [freshName(), freshName()];
  const input = element("input", "gw-text", { id, type: "text", placeholder, spellcheck: "false", autocomplete: "off", "aria-describedby": wrong, ...OWN_KEYS }); // prettier-ignore
  const said = element("div", "gw-message", { id: wrong });
  const el = element("div", "gw-field gw-wide", helping({ at, help }), element("label", "gw-label", { for: id }, label), input, said);
  typed(input, () => String(read(board.get, at) ?? ""), (text) => setAt(board, at, text), board.signal);
  let [known, told] = ["", ""];
  const refresh = (/** @type {TextField} */ { message = "" }) => {
    const text = String(read(board.get, at) ?? "");
    if (text !== known) input.value = known = text;
    if (message !== told) said.innerHTML = told = message;
  };
  return { el, refresh };
}

/**
 * Text is told when it is done: on Enter, in several lines on Ctrl+Enter, and when the focus goes.
 *
 * @param {HTMLInputElement|HTMLTextAreaElement} input
 * @param {() => string} now what the state holds
 * @param {(text: string) => void} take
 * @param {AbortSignal} signal
 */
export function typed(input, now, take, signal) {
  const standing = () => (input instanceof HTMLTextAreaElement ? now() : now().replace(/[\r\n]/g, "")); // as a box of one line shows it
  const commit = () => input.value !== standing() && take(input.value);
  input.addEventListener("blur", commit, { signal });
  input.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, isComposing } = /** @type {KeyboardEvent} */ (event);
    if (key !== "Enter" || isComposing || (input instanceof HTMLTextAreaElement && !ctrlKey && !metaKey)) return;
    event.preventDefault();
    commit();
  }, { signal }); // prettier-ignore
}
