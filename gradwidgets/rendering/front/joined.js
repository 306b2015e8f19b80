/**
 * Other models followed in the browser: sliders, text boxes, linked explorers.
 *
 * @import { Control } from "./wire.js"
 * @import { Model } from "./host.js"
 *
 * @typedef {{model: string, control?: string, trait?: string, point?: boolean}} Joined
 */
import { dragged } from "./control.js";
import { gesture, hears, put } from "./host.js";
import { alike, traitsFor, valueOf } from "./values.js";

const DIGITS = 1e-14; // of a number: the arithmetic of two languages
const CLOSE = 1e-6; // of a slider's step: nothing that a hand did

/**
 * Whether a slider's value is no more than where its steps let it stand for our own; a logarithmic
 * one counts in exponents.
 *
 * @param {Model} slider
 * @param {number} other the slider's
 * @param {number} value ours
 */
export function isRounding(slider, other, value) {
  const [low, high, step] = ["min", "max", "step"].map((name) => slider.get(name));
  const base = slider.get("base"), standing = (/** @type {number} */ one) => (base ? Math.log(one) / Math.log(base) : one);
  const near = Math.min(Math.max(low + Math.round((standing(value) - low) / step) * step, low), high);
  return Math.abs(standing(other) - near) <= CLOSE * step;
}

/** Ours is the control of an explorer. @param {Model} model @param {Model} slider @param {string} name @param {AbortSignal} signal */
function joinSlider(model, slider, name, signal) {
  const get = (/** @type {string} */ trait) => model.get(trait);
  /** @returns {Control|undefined} */
  const control = () => get("_picture")?.controls?.find((/** @type {Control} */ one) => one.name === name);
  const hear = () => {
    const known = control(), value = slider.get("value");
    if (!known || typeof value !== "number") return;
    const ours = valueOf(get, known);
    // What says no more than where the slider's rounding puts our own value was nobody's doing.
    if (value === ours || isRounding(slider, value, ours)) return;
    const meant = known.scale === "log" ? dragged(known, value) : Math.min(Math.max(Number(value.toPrecision(12)), known.low), known.high);
    gesture(model, traitsFor(get, [known], { [name]: meant }));
  };
  const tell = () => {
    const known = control(), value = known ? valueOf(get, known) : NaN;
    const told = Math.abs(slider.get("value") - value) <= DIGITS * Math.abs(value);
    if (Number.isFinite(value) && !told) put(slider, { value });
  };
  hears(model, ["_picture", control()?.at.trait ?? name], tell, signal);
  hears(slider, ["value"], hear, signal);
}

/** Ours and theirs are the same text. @param {Model} model @param {Model} box @param {string} trait @param {AbortSignal} signal */
function joinText(model, box, trait, signal) {
  hears(model, [trait], () => box.get("value") === model.get(trait) || put(box, { value: model.get(trait) }), signal);
  hears(box, ["value"], () => box.get("value") === model.get(trait) || gesture(model, { [trait]: box.get("value") }), signal);
}

/** Whether two explorers' points mean the same; a question is nobody else's. @param {Model} one @param {Model} two */
export const comparable = (one, two) =>
  !one.get("predict") && !two.get("predict") && one.get("formula") === two.get("formula") && alike(one.get("_picture")?.variables, two.get("_picture")?.variables);

/** A linked explorer's point is ours; it follows us by itself. @param {Model} model @param {Model} other @param {AbortSignal} signal */
export function joinPoint(model, other, signal) {
  const hear = () => {
    const point = other.get("point");
    if (comparable(model, other) && !alike(point, model.get("point"))) gesture(model, { point: [...point] });
  };
  hears(other, ["point"], hear, signal);
}

/** @param {Model} model @param {Model} other @param {Joined} how @param {AbortSignal} signal */
function join(model, other, { control, trait, point }, signal) {
  if (control) joinSlider(model, other, control, signal);
  else if (trait) joinText(model, other, trait, signal);
  else if (point) joinPoint(model, other, signal);
}

/**
 * Follow what a model is joined with until the signal, where the host can find other models.
 *
 * @param {Model} model
 * @param {AbortSignal} signal
 */
export function followJoined(model, signal) {
  const manager = model.widget_manager;
  if (!manager?.get_model) return;
  let present = new AbortController();
  const renew = () => {
    present.abort();
    const own = (present = new AbortController());
    /** @type {Joined[]} */
    const all = model.get("_joined") ?? [];
    all.forEach(async (how) => {
      const other = await manager.get_model(how.model.replace("IPY_MODEL_", "")).catch(() => null);
      if (other && !own.signal.aborted) join(model, other, how, own.signal);
    });
  };
  hears(model, ["_joined"], renew, signal);
  signal.addEventListener("abort", () => present.abort());
  renew();
  put(model, { _following: true });
}
