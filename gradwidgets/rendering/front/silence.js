/**
 * Whether Python hears what the reader does: a kernel may be busy, restarted or gone.
 *
 * @import { Model } from "./host.js"
 */
import { hears } from "./host.js";
import { bytesOf } from "./wire.js";

const PATIENCE = 5000; // milliseconds without an answer before the reader is told
const TOLD = "Python does not hear this; the picture still moves.";
const WAITING = "Python does not hear this. If nothing happens, run this cell again.";

/**
 * What to say, "" where Python has heard the last gesture, be it another view's.
 *
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {() => void} changed
 */
export function silenceOf(model, signal, changed) {
  let [told, timer] = ["", 0];
  const deaf = () => (model.get("_heard") ?? 0) < (model.get("_tick") ?? 0);
  const say = (/** @type {string} */ words) => {
    if (words === told) return;
    told = words;
    changed();
  };
  const wait = () => {
    if (!deaf()) return;
    timer ||= window.setTimeout(() => ((timer = 0), say(deaf() ? (bytesOf(model.get("_program")).byteLength ? TOLD : WAITING) : "")), PATIENCE);
  };
  const heard = () => {
    clearTimeout(timer);
    timer = 0;
    if (deaf()) wait();
    else say("");
  };
  hears(model, ["_tick"], wait, signal);
  hears(model, ["_heard"], heard, signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return { told: () => told };
}
