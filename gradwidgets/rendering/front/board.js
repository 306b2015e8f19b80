/**
 * What the parts of one view share: the model's state, and what a hand does to it.
 *
 * @import { Control } from "./wire.js"
 * @import { Get } from "./values.js"
 * @import { Model } from "./host.js"
 * @import { Shown } from "./replay.js"
 * @import { Windowing } from "./windowing.js"
 *
 * @typedef {{get: Get, signal: AbortSignal, controls(): Control[], shown(): Shown|null, settled(): Shown|null, rows(): Float64Array[],
 *   give(values: Record<string, number>, controls?: Control[]): void,
 *   glide(time: number): void, set(traits: Record<string, unknown>): void, ask(content: Record<string, unknown>): void}} Board
 *   `settled` is what is shown once that is the state's, `rows` are the data, the same arrays while they are the same; `give` sets controls by their names, `set` traits, `ask` asks Python for something;
 *   after `glide` what is given next is reached in so many milliseconds, not at once
 * @typedef {{el: HTMLElement, refresh(item: any): void, shown?(): boolean}} Part what stands on a
 *   page; `refresh` brings it to the state, and to the item as it is told now
 */
import { gesture, send } from "./host.js";
import { arraysIn, slotsIn } from "./rows.js";
import { remembered, traitsFor } from "./values.js";
import { controlsIn } from "./windowing.js";

/**
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {() => Shown|null} shown what is drawn
 * @param {() => Shown|null} settled the same, once it is that of the state
 * @param {() => void} later draws in the next frame; not every host tells of what we ourselves have set
 * @param {Windowing} windowing
 * @param {(time: number) => void} glide lets what is drawn next come gradually
 * @returns {Board}
 */
export function boardOf(model, signal, shown, settled, later, windowing, glide) {
  const get = (/** @type {string} */ name) => model.get(name);
  const controls = () => controlsIn(get("_picture")?.controls ?? [], windowing.around(get("_picture")?.key)).map((one) => (one.at.rows ? { ...one, high: slotsIn(now()).length } : one));
  /** Whoever sets by hand what is derived ends that it is derived. @param {Record<string, unknown>} traits */
  const freed = (traits) => {
    const best = get("_form")?.best;
    return best && best.trait in traits && get(best.switch) ? { ...traits, [best.switch]: false } : traits;
  };
  const rows = remembered((/** @type {DataView<ArrayBuffer>|string|undefined} */ sent, /** @type {string} */ edits) => arraysIn(sent, JSON.parse(edits)));
  const now = () => rows(get("_rows"), JSON.stringify(get("edits") ?? {}));
  const set = (/** @type {Record<string, unknown>} */ traits) => (gesture(model, traits), later());
  return {
    get, signal, controls, shown, settled, set, glide, rows: now,
    give: (values, known = controls()) => (windowing.settle(), set(freed(traitsFor(get, known, values)))),
    ask: (content) => void send(model, content),
  }; // prettier-ignore
}
