/**
 * The still picture in an output before the view, for readers without a kernel: a live view hides it.
 *
 * It is an image whose `data-gw-model` names the model, written by explorers/still.py.
 *
 * @import { Model } from "./host.js"
 */
import { put } from "./host.js";

/** The rules that hide a model's still picture, and of a notebook the whole output that holds it. @param {string} id */
export function hidingRules(id) {
  const image = `img.gw-still[data-gw-model="${CSS.escape(id)}"]`;
  const outputs = [".jp-OutputArea-child", ".output_area", ".cell-output"].map((output) => `${output}:has(${image})`);
  return [image, ...outputs].map((what) => `${what} { display: none !important; }`).join("\n");
}

/** Hide a model's still picture while a view of it is there, and tell Python that there is one. @param {Model & {model_id?: string}} model @param {AbortSignal} signal */
export function hideStill(model, signal) {
  if (model.model_id) {
    const style = Object.assign(document.createElement("style"), { textContent: hidingRules(model.model_id) });
    document.head.append(style);
    signal.addEventListener("abort", () => style.remove());
  }
  if (!model.get("_live")) put(model, { _live: true });
}
