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

/** @typedef {ReturnType<import("./kernel.js").answering>} Answering */

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

/** Bring a state to what an address tells. @param {Answering} alone @param {string} before @param {string} hash */
export function followHash(alone, before, hash) {
  const all = [...new URLSearchParams(hash.replace(/^#/, ""))], { model } = alone;
  const told = new Map(all.filter(([name]) => name.startsWith(before)).map(([name, value]) => [name.slice(before.length), value]));
  model.send({ do: "example", key: told.get(FUNCTION) ?? "0" });
  told.forEach((value, name) => alone.choose(name, value));
  const values = controlsNow(alone).flatMap(({ name, low, high }) => {
    const value = Number(told.get(name) ?? NaN);
    return Number.isFinite(value) ? [[name, Math.min(Math.max(value, low), high)]] : [];
  });
  if (values.length) gesture(model, traitsFor(model.get, controlsNow(alone), Object.fromEntries(values)));
}

/** Let the page's address and its explorers follow one another. @param {Map<string, Answering>} all by what stands before their names */
export function followAddress(all) {
  let timer = 0, known = "";
  const write = () => {
    known = [...all].map(([before, alone]) => addressOf(alone, before)).filter(Boolean).join("&");
    if (known !== location.hash.slice(1)) history.replaceState(null, "", known ? `#${known}` : location.pathname + location.search);
  };
  const read = () => {
    if (location.hash.slice(1) !== known) all.forEach((alone, before) => followHash(alone, before, location.hash));
    known = location.hash.slice(1);
  };
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(write, REST_OF_HAND);
  };
  addEventListener("hashchange", read);
  all.forEach(({ model }) => ["_heard", "_picture"].forEach((name) => model.on(`change:${name}`, later)));
  return { read, write };
}
