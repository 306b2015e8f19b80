/**
 * The state in a page's address, as in #x=1.2&rate=0.1: what is another than in the usual state.
 *
 * On a page of several explorers each name has the place of its explorer before it: 2.x.
 *
 * @import { Control } from "../front/wire.js"
 */
import { gesture } from "../front/host.js";
import { plainly, traitsFor, valueOf } from "../front/values.js";

const FUNCTION = "function"; // which of several functions
const REST_OF_HAND = 400; // milliseconds before the address follows

/**
 * @typedef {ReturnType<import("./kernel.js").answering>} Answering
 * @typedef {(name: string) => unknown} Telling
 */

/** @param {Answering} alone @returns {Control[]} */
const controlsNow = ({ model }) => model.get("_picture").controls;

/** What is not usual, by name. @param {Answering} alone @param {string} before */
export function addressOf(alone, before) {
  const { model } = alone, place = alone.place(), chosen = alone.chosen(), usual = alone.usual(), told = new URLSearchParams();
  if (place) told.set(`${before}${FUNCTION}`, String(place));
  if (chosen) told.set(before + chosen.option, chosen.name);
  for (const control of controlsNow(alone)) {
    const value = valueOf(model.get, control);
    if (value !== valueOf((name) => usual[name], control)) told.set(before + control.name, plainly(value).replace("−", "-"));
  }
  return told.toString();
}

/** Which picture is told of, in its usual state. @param {Answering} alone @param {Telling} told */
function openTold({ model, choose, options }, told) {
  model.send({ do: "example", key: told(FUNCTION) ?? "0" });
  options().forEach((option) => choose(option, String(told(option))));
}

/** Where in that picture. @param {Answering} alone @param {Telling} told */
function moveTold(alone, told) {
  const values = controlsNow(alone).flatMap(({ name, low, high }) => {
    const value = Number(told(name) ?? NaN);
    return Number.isFinite(value) ? [[name, Math.min(Math.max(value, low), high)]] : [];
  });
  const { model } = alone;
  if (values.length) gesture(model, traitsFor(model.get, controlsNow(alone), Object.fromEntries(values)));
}

/** Bring a state to what is told by an address's names. @param {Answering} alone @param {Telling} told */
export function bringTo(alone, told) {
  openTold(alone, told);
  moveTold(alone, told);
}

/** Let the page's address and its explorers follow one another. @param {Map<string, Answering>} all by what stands before their names */
export function followAddress(all) {
  let timer = 0, known = "";
  const write = () => {
    known = [...all].map(([before, alone]) => addressOf(alone, before)).filter(Boolean).join("&");
    if (known !== location.hash.slice(1)) history.replaceState(null, "", known ? `#${known}` : location.pathname + location.search);
  };
  const read = () => {
    if (location.hash.slice(1) === known) return;
    const names = new URLSearchParams((known = location.hash.slice(1)));
    // First all of them are opened: a linked one that opens brings the others along.
    for (const bring of [openTold, moveTold]) all.forEach((alone, before) => bring(alone, (name) => names.get(before + name) ?? undefined));
  };
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(write, REST_OF_HAND);
  };
  addEventListener("hashchange", read);
  all.forEach(({ model }) => ["_heard", "_picture"].forEach((name) => model.on(`change:${name}`, later)));
  return { read, write };
}
