/**
 * Explorers of one page that are linked, as in a notebook: they show one point through one window.
 *
 * @import { Model } from "../front/host.js"
 * @typedef {{name: string, others: string[]}} Linked an explorer, and those that it is linked with
 */
import { hears, send } from "../front/host.js";
import { comparable, joinPoint } from "../front/joined.js";
import { alike } from "../front/values.js";

/** @type {Map<string, Model>} */
const awake = new Map();

/** A linked explorer's point and window are ours. @param {Model} ours @param {Model} theirs */
function follow(ours, theirs) {
  const always = new AbortController().signal;
  const hear = () => {
    const values = theirs.get("_window");
    if (comparable(ours, theirs) && !alike(values, ours.get("_window"))) send(ours, { do: "domain", values });
  };
  hears(theirs, ["_window"], hear, always);
  joinPoint(ours, theirs, always);
}

/** Link one that has woken up with those that are awake. @param {Linked} linked @param {Model} model */
export function linkWith({ name, others }, model) {
  awake.set(name, model);
  for (const one of others) {
    const other = awake.get(one);
    if (other) follow(model, other), follow(other, model);
  }
}
