/**
 * An explorer: one model whose state lives in its traits, and any number of views of it.
 *
 * `initialize` follows other models, once for each model; `render` makes a view, which replays the
 * picture for itself and draws it in the next frame after any change.
 *
 * @import { Model } from "./host.js"
 * @import { Shown } from "./replay.js"
 */
import { boardOf } from "./board.js";
import { foldButton } from "./buttons.js";
import { captionsOf, captionsPart } from "./captions.js";
import { element, say, shownIf } from "./elements.js";
import { formOf, workPart } from "./form.js";
import { handsOn } from "./hands.js";
import { fadeIn } from "./motion.js";
import { hears, put } from "./host.js";
import { followJoined } from "./joined.js";
import { rowHands } from "./rowhands.js";
import { silenceOf } from "./silence.js";
import { stageOf } from "./stage.js";
import { readFace } from "./look.js";
import { hideStill } from "./still.js";
import { followTheme } from "./theme.js";
import { alike } from "./values.js";
import { windowHands } from "./panning.js";
import { windowOf } from "./windowing.js";

const PICTURE = ["_picture", "_program", "_fixed", "_terrain", "_grid"];
const AROUND = ["_form", "_message", "_domain_message", "_parts", "_work", "_open", "_numbers", "note", "_news", "controls", "size", "formula"];

/** Follow other models for the whole life of this one. @param {{model: Model}} context */
function initialize({ model }) {
  const stop = new AbortController();
  followJoined(model, stop.signal);
  return () => stop.abort();
}

/** The traits in which values of controls and items live. @param {Model} model @returns {string[]} */
function stateOf(model) {
  const controls = (model.get("_picture")?.controls ?? []).map((/** @type {{at: {trait: string}}} */ { at }) => at.trait);
  const form = model.get("_form") ?? {};
  const rows = [...(form.rows ?? []), ...(form.side ?? []), ...(form.pages ?? []).flatMap((/** @type {any} */ { rows }) => rows)];
  return [...controls, ...rows.flat().flatMap(({ at }) => (at ? [at.trait] : [])), "_rows", "edits"];
}

/** Sweep's end: the learning rates of the least heights. @param {Model} model @param {Shown} shown */
function setBest(model, { numbers: { marks }, old }) {
  const best = model.get("_form")?.best;
  if (!best || old.size || !model.get(best.switch)) return;
  const rates = { ...model.get(best.trait) };
  for (const [method, name] of Object.entries(best.marks)) {
    const rate = leastOf(marks[/** @type {string} */ (name)] ?? []);
    if (rate !== null) rates[method] = rate;
  }
  if (!alike(rates, model.get(best.trait))) put(model, { [best.trait]: rates });
}

/** Of rows of exponent and height the number with the least height, to three digits. @param {ArrayLike<number>} rows */
export function leastOf(rows) {
  let least = -1;
  for (let k = 0; k < rows.length; k += 2)
    if (Number.isFinite(rows[k + 1]) && !(least >= 0 && rows[least + 1] <= rows[k + 1])) least = k;
  return least < 0 ? null : Number((10 ** rows[least]).toPrecision(3));
}

/** One view. @param {{model: Model, el: HTMLElement}} context */
export function render({ model, el }) {
  const stop = new AbortController(), { signal } = stop;
  const windowing = windowOf(model, signal, () => stage.later());
  hideStill(model, signal);
  const board = boardOf(model, signal, () => stage.shown(), () => stage.settled(), () => stage.later(), windowing, (time) => stage.glide(time));
  const theme = followTheme(el, signal, () => stage.later());
  const partNamed = (/** @type {string} */ name) => stage.part(name), hands = handsOn(board, partNamed), onRows = rowHands(board), onWindow = windowHands(board, windowing);
  const stage = stageOf(() => board, theme.now, windowing.around, (shown) => {
    onWindow.refresh();
    form.refresh();
    if (!shown) return;
    captions.write(captionsOf(shown), shown.spec.controls.map(({ name }) => name));
    hands.place(shown);
    onRows.place(shown, partNamed);
    welcome();
    setBest(model, shown);
  }, (part) => (onRows.listen(part), hands.listen(part), onWindow.listen(part))); // prettier-ignore
  const form = formOf(board), work = workPart(board), captions = captionsPart(signal);
  const note = element("p", "gw-note", { role: "status" });
  const fold = foldButton(["all panels", "one panel"], (open) => view.classList.toggle("gw-whole", open), signal);
  const picture = element("div", "gw-picture", {}, stage.el, fold, captions.el);
  const side = element("div", "gw-side", {}, form.head, form.side);
  const view = element("div", "gw-view", {}, side, picture, note, work.el, form.below, captions.spoken);
  el.classList.add("gw-explorer");
  el.append(view);

  const silence = silenceOf(model, signal, () => refresh());
  const refresh = () => {
    view.classList.toggle("gw-beside", Boolean(model.get("_form")?.side && !model.get("_form").above));
    const own = model.get("controls") !== false;
    view.classList.toggle("gw-bare", !own);
    const compact = model.get("size") === "compact";
    view.classList.toggle("gw-compact", compact);
    shownIf(fold, compact && Object.keys(model.get("_picture")?.panels ?? {}).length > 1);
    shownIf(form.below, own);
    shownIf(side, own || Boolean(model.get("_message"))); // what is wrong with a formula is told in any case
    say(note, silence.told() || model.get("note") || "");
    note.classList.toggle("gw-news", note.textContent === model.get("_news"));
    work.refresh(null);
    form.refresh();
  };
  let changed = false;
  /** One message may change much. */
  const refreshSoon = () => {
    if (!changed) queueMicrotask(() => (changed = false, refresh(), stage.later()));
    changed = true;
  };
  let [drawn, typed] = [stage.el.dataset.key, model.get("formula")];
  /** Another function's picture does not jump into the place of the last one. */
  const welcome = () => {
    const { key } = stage.el.dataset, formula = model.get("formula");
    if (key === drawn) return;
    if (drawn !== undefined && formula !== typed) fadeIn(stage.el);
    [drawn, typed] = [key, formula];
  };
  const measured = () => {
    theme.read(); // known only in the page
    readFace(el);
    stage.measure();
    captions.measure();
  };
  let heard = new AbortController();
  /** Another picture or form may keep its values in other traits. */
  const follow = () => {
    heard.abort();
    heard = new AbortController();
    hears(model, [...new Set(stateOf(model))], stage.later, heard.signal);
  };
  // Keys that are for an input are not for the page around; its own with Ctrl or ⌘ still are.
  view.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation(), { signal });
  hears(model, PICTURE, stage.repaint, signal);
  hears(model, AROUND, refreshSoon, signal);
  hears(model, ["_picture", "_form"], follow, signal);
  const watch = new ResizeObserver(measured);
  watch.observe(stage.el);
  follow();
  refresh();
  stage.repaint();
  return () => {
    stop.abort();
    heard.abort();
    watch.disconnect();
    stage.end();
    view.remove();
  };
}

export default { initialize, render };
