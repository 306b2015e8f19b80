/**
 * Buttons: what Python does, what a tick's place sets, steps and play.
 *
 * @import { Board, Part } from "./board.js"
 * @import { At, Control } from "./wire.js"
 *
 * @typedef {{label?: string, help?: string}} Labelled
 */
import { describe, element, OWN_KEYS, say } from "./elements.js";
import { isTick } from "./marker.js";
import { sayMath } from "./mathematics.js";
import { pressValues } from "./touch.js";
import { read, valueOf } from "./values.js";
import { isEmpty } from "./wire.js";

const LONGEST_GLIDE = 350; // milliseconds of a step that is played

/** A button; mathematics in its text is set as such. @param {string} text @param {() => void} act @param {AbortSignal} signal @param {string} [help] @param {string} [kind] */
export function button(text, act, signal, help = "", kind = "") {
  const made = element("button", `gw-button ${kind}`.trim(), { type: "button", ...(help && { title: help }), ...OWN_KEYS });
  sayMath(made, text);
  made.addEventListener("click", act, { signal });
  return made;
}

/** A quiet button that shows more, and less again. @param {[string, string]} words when it is closed, and open @param {(open: boolean) => void} act @param {AbortSignal} signal @param {Record<string, string>} [more] */
export function foldButton(words, act, signal, more = {}) {
  const made = element("button", "gw-more", { type: "button", "aria-expanded": "false", ...more, ...OWN_KEYS }, words[0]);
  made.addEventListener("click", () => {
    const open = made.getAttribute("aria-expanded") === "false";
    made.setAttribute("aria-expanded", String(open));
    say(made, words[Number(open)]);
    act(open);
  }, { signal }); // prettier-ignore
  return made;
}

/** @param {Board} board @param {Labelled & {do: string, primary?: boolean, quiet?: boolean}} item @returns {Part} */
export function buttonPart(board, { label = "", help, do: name, primary, quiet }) {
  return { el: button(label, () => board.ask({ do: name }), board.signal, help, primary ? "gw-primary" : quiet ? "gw-quiet" : ""), refresh: () => {} };
}

/** A button that stays pressed. @param {Board} board @param {Labelled & {at: At}} item @returns {Part} */
export function togglePart(board, { label = "", help, at }) {
  const isOn = () => Boolean(read(board.get, at));
  const el = button(label, () => board.set({ [at.trait]: !isOn() }), board.signal, help);
  return { el, refresh: () => el.setAttribute("aria-pressed", String(isOn())) };
}

/** What a press on a mark that is a tick sets. @param {Board} board @param {string} name @returns {Record<string, number>} */
function pressing(board, name) {
  const shown = board.shown();
  const tick = shown?.spec.marks.filter(isTick).find((mark) => mark.name === name);
  return shown && tick ? pressValues(shown.spec, shown.numbers, tick) : {};
}

/** @param {Board} board @param {Labelled & {mark: string}} item @returns {Part} */
export function pressPart(board, { label = "", help, mark }) {
  const el = button(label, () => board.give(pressing(board, mark)), board.signal, help);
  return { el, refresh: () => {}, shown: () => Object.keys(pressing(board, mark)).length > 0 };
}

/** A button by which a trait gets the numbers that an output has now; without a program Python is asked for it. @param {Board} board @param {Labelled & {ask: string, trait: string, output: string}} item @returns {Part} */
export function keepPart(board, { label = "", help, ask, trait, output }) {
  const keep = () => {
    if (isEmpty(board.get("_program"))) return board.ask({ do: ask });
    const numbers = board.settled()?.numbers.marks[output];
    if (numbers) board.set({ [trait]: [...numbers] });
  };
  return { el: button(label, keep, board.signal, help, "gw-primary"), refresh: () => {} };
}

/** @param {Board} board @param {string} name */
const controlNamed = (board, name) => board.controls().find((control) => control.name === name);

/** A button that leads round and round; where it leads nowhere it rests, and keeps the focus. @param {Board} board @param {Labelled & {control: string, from: number, to: number}} item @returns {Part} */
export function walkPart(board, { label = "", help, control: name, from, to }) {
  const now = () => valueOf(board.get, /** @type {Control} */ (controlNamed(board, name)));
  const next = (/** @type {number} */ value) => (value >= from && value < to ? value + 1 : from + 1);
  const shown = () => controlNamed(board, name) !== undefined;
  const walk = () => shown() && board.give({ [name]: next(now()) });
  const el = button(label, walk, board.signal, help);
  return { el, refresh: () => describe(el, { "aria-disabled": String(shown() && next(now()) === now()) }), shown };
}

/** Steps to and fro, and a clock that makes them. @param {Board} board @param {Labelled & {control: string, interval: number}} item @returns {Part} */
export function playPart(board, { control: name, interval, label = "", help }) {
  let clock = 0;
  const stop = () => (clearInterval(clock), (clock = 0), refresh());
  const move = (/** @type {(control: Control, value: number) => number} */ next) => {
    const control = controlNamed(board, name);
    if (control) board.give({ [name]: Math.min(Math.max(next(control, valueOf(board.get, control)), control.low), control.high) });
  };
  const atEnd = () => {
    const control = controlNamed(board, name);
    return !control || valueOf(board.get, control) >= control.high;
  };
  const step = (/** @type {number} */ turns) => (stop(), move(({ step }, value) => value + turns * step));
  const tick = () => {
    board.glide(Math.min(0.8 * interval, LONGEST_GLIDE));
    move(({ step: size }, value) => value + size);
    if (atEnd()) stop();
  };
  const toggle = () => {
    if (clock) return stop();
    if (atEnd()) move(({ low }) => low);
    clock = window.setInterval(tick, interval);
    refresh();
  };
  const what = label || name;
  const play = button("▶ Play", toggle, board.signal, help, "gw-play");
  const [back, on] = [button("◀", () => step(-1), board.signal, `${what} back`), button("▶", () => step(1), board.signal, `${what} on`)];
  const refresh = () => sayMath(play, clock ? "❚❚ Pause" : "▶ Play");
  [[back, "back"], [on, "on"]].forEach(([part, way]) => /** @type {Element} */ (part).setAttribute("aria-label", `one ${what} ${way}`));
  board.signal.addEventListener("abort", () => clearInterval(clock));
  return { el: element("div", "gw-field gw-player", {}, back, play, on), refresh, shown: () => controlNamed(board, name) !== undefined };
}
