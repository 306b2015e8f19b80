/**
 * What is saved in an output before the view, for readers without a kernel: a live view hides it.
 *
 * explorers/still.py has published it, with the name that the model has in `_still`.
 *
 * @import { Model } from "./host.js"
 */
import { put } from "./host.js";

/** The rules that hide what is saved, and of a notebook the whole output that holds it. @param {string} name */
export function hidingRules(name) {
  const still = `[data-gw-still="${CSS.escape(name)}"]`;
  const outputs = [".jp-OutputArea-child", ".output_area", ".cell-output"].map((output) => `${output}:has(${still})`);
  return [still, ...outputs].map((what) => `${what} { display: none !important; }`).join("\n");
}

/** Hide what is saved of a model while a view of it is there, and tell Python that there is one. @param {Model} model @param {AbortSignal} signal */
export function hideStill(model, signal) {
  const name = model.get("_still");
  if (name) {
    const style = Object.assign(document.createElement("style"), { textContent: hidingRules(name) });
    document.head.append(style);
    signal.addEventListener("abort", () => style.remove());
  }
  if (!model.get("_live")) put(model, { _live: true });
}
