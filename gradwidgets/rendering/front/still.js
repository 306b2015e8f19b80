/**
 * The still picture in an output before the view, for readers without a kernel: a live view hides it.
 *
 * It is an image whose `data-gw-model` names the model, written by explorers/still.py.
 *
 * @import { Model } from "./host.js"
 */
import { put } from "./host.js";

/** The part of the page that the image fills: its whole output, where a host has such a thing. @param {Element} image */
const outputOf = (image) => image.closest(".jp-OutputArea-child, .output_area, .cell-output") ?? image;

/** Hide a model's still picture while a view of it is there, and tell Python that there is one. @param {Model & {model_id?: string}} model @param {AbortSignal} signal */
export function hideStill(model, signal) {
  const hide = () =>
    document.querySelectorAll(`img.gw-still[data-gw-model="${model.model_id}"]`).forEach((image) => {
      /** @type {HTMLElement} */ (outputOf(image)).style.display = "none";
    });
  hide();
  const watch = new MutationObserver(hide); // it may come later than the view, and comes anew
  watch.observe(document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watch.disconnect());
  if (!model.get("_live")) put(model, { _live: true });
}
