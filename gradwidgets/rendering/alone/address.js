/**
 * The state in a page's address, as in #x=1.2&rate=0.1: what is another than in the usual state. A
 * window is told by its ends, as in #x-from=-1&x-to=2.
 *
 * On a page of several explorers each name has the place of its explorer before it: 2.x.
 *
 * @import { Control } from "../front/wire.js"
 * @import { Ends } from "../front/windowing.js"
 */
import { withinEnds, wrongIn } from "./through.js";
import { gesture } from "../front/host.js";
import { plainly, traitsFor, valueOf } from "../front/values.js";
import { madeFor } from "../front/windowing.js";

const FUNCTION = "function"; // which of several functions
const ENDS = ["from", "to"]; // of a window, behind a variable's name
const REST_OF_HAND = 400; // milliseconds before the address follows

/** @typedef {ReturnType<import("./kernel.js").answering>} Answering */

/** @param {Answering} alone @returns {Control[]} */
const controlsNow = ({ model }) => model.get("_picture").controls;

/** A number as an address has it. @param {number} value */
const asTold = (value) => plainly(value).replace("−", "-");

/** What is not usual, by name. @param {Answering} alone @param {string} before */
export function addressOf(alone, before) {
  const { model } = alone, place = alone.place(), chosen = alone.chosen(), usual = alone.usual(), told = new URLSearchParams();
  if (place) told.set(`${before}${FUNCTION}`, String(place));
  if (chosen) told.set(before + chosen.option, chosen.name);
  for (const control of controlsNow(alone)) {
    const value = valueOf(model.get, control);
    if (value !== valueOf((name) => usual[name], control)) told.set(before + control.name, asTold(value));
  }
  for (const [name, own] of Object.entries(alone.window())) ENDS.forEach((end, k) => told.set(`${before}${name}-${end}`, asTold(own[k])));
  return told.toString();
}

/** The ends of a window that an address tells; one that is no number stays as it is. @param {Answering} alone @param {Map<string, string>} told @returns {Ends} */
function endsIn({ model }, told) {
  const now = Object.entries(madeFor(model.get("_picture")));
  const ends = now.map(([name, own]) => [name, own.map((value, k) => numberIn(told, `${name}-${ENDS[k]}`) ?? value)]);
  return Object.fromEntries(ends.filter(([name]) => ENDS.some((end) => told.has(`${name}-${end}`))));
}

/** @param {Map<string, string>} told @param {string} name */
function numberIn(told, name) {
  const value = Number(told.get(name) || NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Bring a state to what an address tells. @param {Answering} alone @param {string} before @param {string} hash */
export function followHash(alone, before, hash) {
  const all = [...new URLSearchParams(hash.replace(/^#/, ""))], { model } = alone;
  const told = new Map(all.filter(([name]) => name.startsWith(before)).map(([name, value]) => [name.slice(before.length), value]));
  model.send({ do: "example", key: told.get(FUNCTION) ?? "0" });
  told.forEach((value, name) => alone.choose(name, value));
  const ends = endsIn(alone, told), seen = wrongIn(ends) ? {} : ends; // what is refused says so last
  const values = controlsNow(alone).flatMap(({ name, low, high }) => {
    const value = numberIn(told, name);
    return value === undefined ? [] : [[name, withinEnds(value, seen[name] ?? [low, high])]];
  });
  if (values.length) gesture(model, traitsFor(model.get, controlsNow(alone), Object.fromEntries(values)));
  if (Object.keys(ends).length) model.send({ do: "domain", values: ends });
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
