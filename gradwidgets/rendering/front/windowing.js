/**
 * The window as a control: what a hand has made of it, ahead of Python, in all views of a model.
 *
 * While a hand zooms and pans, the picture's program is given other ends of its variables; when it
 * rests, Python is asked for that domain, and its next picture ends what was ahead of it.
 *
 * @import { Model } from "./host.js"
 * @import { Control, Painted, Pair } from "./wire.js"
 * @import { Around } from "./replay.js"
 *
 * @typedef {Record<string, Pair>} Ends intervals by variable
 * @typedef {ReturnType<windowOf>} Windowing
 */
import { hears, send } from "./host.js";
import { alike } from "./values.js";
import { readable } from "./window.js";

const REST = 250; // milliseconds without a gesture before Python is asked

/** The window that a picture was made for. @param {Painted|undefined} picture @returns {Ends} */
export function madeFor(picture) {
  const starts = Object.fromEntries((picture?.ambient ?? []).map(({ name, start }) => [name, start]));
  const framed = Object.fromEntries(Object.values(picture?.panels ?? {}).flatMap(({ axes, x, y }) => [[axes[0], x], [axes[1], y]])); // prettier-ignore
  /** @type {(name: string) => Pair} */
  const endsOf = (name) => [starts[`${name} low`] ?? framed[name]?.[0], starts[`${name} high`] ?? framed[name]?.[1]];
  const known = (picture?.variables ?? []).filter((name) => endsOf(name).every(Number.isFinite));
  return Object.fromEntries(known.map((name) => [name, endsOf(name)]));
}

/** Ends as a program takes them. @param {Ends} ends @returns {Around} */
const aroundOf = (ends) =>
  Object.fromEntries(Object.entries(ends).flatMap(([name, [low, high]]) => [[`${name} low`, low], [`${name} high`, high]])); // prettier-ignore

/** A coordinate that waits at the window's edge, as it will in Python, while it is outside. @param {Around} around @param {string} name @param {number} value */
export const inWindow = (around, name, value) =>
  Math.min(Math.max(value, around[`${name} low`] ?? -Infinity), around[`${name} high`] ?? Infinity);

/**
 * Controls through another window: a coordinate goes from end to end of what is seen, in steps as
 * much finer or coarser, by a power of ten.
 *
 * @param {Control[]} controls @param {Around} around @returns {Control[]}
 */
export const controlsIn = (controls, around) => controls.map((control) => {
  const [low, high] = ["low", "high"].map((end) => around[`${control.name} ${end}`]);
  if (low === undefined || high === undefined) return control;
  const finer = 10 ** Math.floor(Math.log10((high - low) / (control.high - control.low)) + 1e-9);
  return { ...control, low, high, step: control.step * finer };
}); // prettier-ignore

/** @param {Model} model */
function freshWindow(model) {
  /** @type {Set<() => void>} */
  const views = new Set();
  /** @type {Painted|undefined} */
  let picture = model.get("_picture");
  let ends = /** @type {Ends} */ ({}); // ahead of Python
  let before = { key: "", ends }; // what an earlier picture is still drawn with, until the next one is ready
  let home = ends; // what there was before all gestures
  let asked = /** @type {Ends[]} */ ([]); // what Python has not answered
  let timer = 0;
  const tell = () => views.forEach((hear) => hear());
  const drop = () => {
    clearTimeout(timer);
    [timer, ends, asked] = [0, {}, []];
  };
  const rest = () => {
    clearTimeout(timer);
    timer = 0;
    ends = Object.fromEntries(Object.entries(ends).map(([name, own]) => [name, alike(own, home[name]) ? own : readable(own)]));
    asked.push(ends);
    tell();
    send(model, { do: "domain", values: ends });
  };
  /** Show other ends, now. @param {Ends} changed */
  const move = (changed) => {
    if (!Object.keys(changed).length) return;
    home = { ...madeFor(picture), ...home };
    ends = { ...ends, ...changed };
    clearTimeout(timer);
    timer = window.setTimeout(rest, REST);
    tell();
  };
  /** What Python shows now ends what a hand did before it was asked for. @param {Painted|undefined} next */
  const renewed = (next) => {
    if (next?.key === picture?.key) return;
    const [was, now] = [madeFor(picture), madeFor(next)], isNow = (/** @type {Ends} */ one) => alike({ ...now, ...one }, now);
    const answers = asked.findIndex(isNow), isLate = answers >= 0 && answers < asked.length - 1;
    // Only as long as nobody else has chosen a domain is there a way back.
    if (![was, home].some(isNow) && answers < 0) home = timer ? now : {};
    before = { key: picture?.key ?? "", ends };
    asked = asked.slice(answers + 1);
    if (!(timer || isLate) || !alike(Object.keys(was), Object.keys(now))) drop();
    picture = next;
    tell();
  };
  /** Python keeps the domain that it has; only a hand that has gone on is still ahead of it. */
  const refused = () => {
    asked.shift();
    if (timer) return;
    ends = {};
    tell();
  };
  /** The ambient numbers for a picture. @param {string} key */
  const around = (key) => aroundOf(key === before.key && !Object.keys(ends).length ? before.ends : ends);
  /** Ends that are others now. @param {Ends} wanted */
  const others = (wanted) => {
    const now = { ...madeFor(picture), ...ends };
    return Object.fromEntries(Object.entries(wanted).filter(([name, own]) => name in now && !alike(now[name], own)));
  };
  /** The way back: to what there was before all gestures, and from there to what the explorer opened with. */
  const way = () => {
    const opened = model.get("_form")?.home, ways = [home, opened ?? {}].map(others).filter((one) => Object.keys(one).length);
    return opened && !Object.keys(others(opened)).length ? undefined : ways[0];
  };
  /** Ask now, where it is still to be asked: a gesture that follows is meant for that window. */
  const settle = () => timer && rest();
  return { views, move, renewed, refused, around, settle, now: () => ends,
    isAway: () => Boolean(way()), goHome: () => move(way() ?? {}) }; // prettier-ignore
}

/**
 * Windows by a picture that they belong to: hosts hand every view a model object of its own, and
 * what these have in common is the picture that they hold.
 *
 * @type {WeakMap<object, ReturnType<freshWindow>>}
 */
const windows = new WeakMap();

/**
 * The window of a model, for one view of it, which is told of all changes until the signal.
 *
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {() => void} changed
 */
export function windowOf(model, signal, changed) {
  const held = () => model.get("_picture") ?? model;
  const shared = windows.get(held()) ?? freshWindow(model);
  const renew = () => {
    windows.set(held(), shared);
    shared.renewed(model.get("_picture"));
  };
  renew();
  shared.views.add(changed);
  signal.addEventListener("abort", () => shared.views.delete(changed));
  hears(model, ["_picture"], renew, signal);
  const isFirst = () => [...shared.views][0] === changed; // who hears a refusal for all
  hears(model, ["_refused"], () => isFirst() && shared.refused(), signal);
  return shared;
}
