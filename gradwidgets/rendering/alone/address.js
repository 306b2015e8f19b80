/**
 * The state in a page's address, as in #x=1.2&rate=0.1: what is another than in the usual state. A
 * window is told by its ends, as in #x-from=-1&x-to=2, and rows of data that were changed by their
 * slots, as in #data=3*1.5*-2*1_7*0*0*0.
 *
 * On a page of several explorers each name has the place of its explorer before it: 2.x.
 *
 * @import { Control } from "../front/wire.js"
 * @import { Ends } from "../front/windowing.js"
 * @import { Edits } from "../front/rows.js"
 */
import { withinEnds, wrongIn } from "./through.js";
import { gesture } from "../front/host.js";
import { alike, plainly, traitsFor, valueOf } from "../front/values.js";
import { madeFor } from "../front/windowing.js";

const FUNCTION = "function"; // which of several functions
const DATA = "data"; // rows that a hand has changed
const BETWEEN_ROWS = "_"; // both are left as they are in an address
const BETWEEN_NUMBERS = "*";
const ENDS = ["from", "to"]; // of a window, behind a variable's name
const REST_OF_HAND = 400; // milliseconds before the address follows

/**
 * @typedef {ReturnType<import("./kernel.js").answering>} Answering
 * @typedef {(name: string) => unknown} Telling
 */

/** @param {Answering} alone @returns {Control[]} */
const controlsNow = ({ model }) => model.get("_picture").controls;

/** A number as an address has it. @param {number} value */
const asTold = (value) => plainly(value).replace("−", "-");

/** Rows as an address has them: slot, x, y and weight of each. @param {Edits} edits */
export const toldRows = (edits) =>
  Object.entries(edits).map(([slot, row]) => [slot, ...row.map(asTold)].join(BETWEEN_NUMBERS)).join(BETWEEN_ROWS); // prettier-ignore

/** The rows that a word tells; what tells none is left out. @param {string} word @param {number} room slots that there are @returns {Edits} */
export function rowsFrom(word, room) {
  const rows = word.split(BETWEEN_ROWS).map((one) => one.split(BETWEEN_NUMBERS).map((number) => (number ? Number(number) : NaN)));
  const known = rows.filter(([slot, ...row]) => Number.isInteger(slot) && slot >= 0 && slot < room && row.length === 3 && row.every(Number.isFinite) && row[2] >= 0);
  return Object.fromEntries(known.map(([slot, ...row]) => [slot, row]));
}

/** What is not usual, by name. @param {Answering} alone @param {string} before */
export function addressOf(alone, before) {
  const { model } = alone, place = alone.place(), chosen = alone.chosen(), usual = alone.usual(), told = new URLSearchParams();
  if (place) told.set(`${before}${FUNCTION}`, String(place));
  if (chosen) told.set(before + chosen.option, chosen.name);
  for (const control of controlsNow(alone)) {
    const value = valueOf(model.get, control);
    if (value !== valueOf((name) => usual[name], control)) told.set(before + control.name, asTold(value));
  }
  const edits = model.get("edits");
  if (edits && !alike(edits, usual.edits)) told.set(before + DATA, toldRows(edits));
  for (const [name, own] of Object.entries(alone.window())) ENDS.forEach((end, k) => told.set(`${before}${name}-${end}`, asTold(own[k])));
  return told.toString();
}

/** Which picture is told of, in its usual state. @param {Answering} alone @param {Telling} told */
function openTold({ model, choose, options }, told) {
  model.send({ do: "example", key: told(FUNCTION) ?? "0" });
  options().forEach((option) => choose(option, String(told(option))));
}

/** The number that is told by a name; undefined where it is none. @param {Telling} told @param {string} name */
function numberIn(told, name) {
  const word = told(name), value = word === "" ? NaN : Number(word ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The ends of a window that are told; one that is no number stays as it is. @param {Answering} alone @param {Telling} told @returns {Ends} */
function endsIn({ model }, told) {
  const ends = Object.entries(madeFor(model.get("_picture"))).flatMap(([name, own]) => {
    const wanted = ENDS.map((end) => numberIn(told, `${name}-${end}`));
    return wanted.every((end) => end === undefined) ? [] : [[name, own.map((end, k) => wanted[k] ?? end)]];
  });
  return Object.fromEntries(ends);
}

/** Where in that picture. @param {Answering} alone @param {Telling} told */
function moveTold(alone, told) {
  const { model } = alone, ends = endsIn(alone, told), seen = wrongIn(ends) ? {} : ends; // what is refused says so last
  const values = controlsNow(alone).flatMap(({ name, low, high }) => {
    const value = numberIn(told, name);
    return value === undefined ? [] : [[name, withinEnds(value, seen[name] ?? [low, high])]];
  });
  const rows = told(DATA), room = (model.get("_rows")?.byteLength ?? 0) / 24;
  if (rows !== undefined && room) gesture(model, { edits: rowsFrom(String(rows), room) });
  if (values.length) alone.addressed(() => gesture(model, traitsFor(model.get, controlsNow(alone), Object.fromEntries(values))));
  if (Object.keys(ends).length) model.send({ do: "domain", values: ends });
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
