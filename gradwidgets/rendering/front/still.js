/**
 * The still picture in an output before the view, for readers without a kernel: a live view hides it.
 *
 * It is an image that explorers/still.py has written, with the name that the model has in `_still`.
 *
 * @import { Model } from "./host.js"
 */
import { put } from "./host.js";

/** The rules that hide a still picture, and of a notebook the whole output that holds it. @param {string} name */
export function hidingRules(name) {
  const image = `img.gw-still[data-gw-still="${CSS.escape(name)}"]`;
  const outputs = [".jp-OutputArea-child", ".output_area", ".cell-output"].map((output) => `${output}:has(${image})`);
  return [image, ...outputs].map((what) => `${what} { display: none !important; }`).join("\n");
}

/** Hide a model's still picture while a view of it is there, and tell Python that there is one. @param {Model} model @param {AbortSignal} signal */
export function hideStill(model, signal) {
  const name = model.get("_still");
  if (name) {
    const style = Object.assign(document.createElement("style"), { textContent: hidingRules(name) });
    document.head.append(style);
    signal.addEventListener("abort", () => style.remove());
  }
  if (!model.get("_live")) put(model, { _live: true });
}
