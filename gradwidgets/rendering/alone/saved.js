/**
 * Pictures in a saved notebook: each comes to life where it is seen, unless a live view has hidden it.
 *
 * @typedef {(asleep: {el: HTMLElement, text: string}) => Promise<void>} Waking
 */
import { say } from "../front/elements.js";

const SAVED = "[data-gw-saved]";
const LIVE_BY = 1000; // milliseconds: a live view that comes back has hidden the picture by then,
const LOADS_FOR = 10; // or this often later, while JupyterLab has not said that there is none
const WORDS = "Saved with the notebook. For another function, and for what is grey here, run this cell in Jupyter.";

/** @param {Element} el */
const isShown = (el) => el.getClientRects().length > 0;

/** Whether JupyterLab may show a live view beside it soon. @param {Element} el */
function isAwaited(el) {
  const views = el.closest(".lm-Widget.jp-OutputArea")?.querySelectorAll(".jp-OutputArea-output.lm-Panel") ?? [];
  return [...views].some((view) => !view.textContent?.includes("model not found"));
}

/** What brings saved pictures to life, found anew each time it is called. @param {Waking} wake */
export function wakingSaved(wake) {
  /** @param {HTMLElement} el @param {number} [again] */
  async function wakeOne(el, again = LOADS_FOR) {
    const { gwSaved: text } = el.dataset;
    if (again && isAwaited(el)) return void setTimeout(() => wakeOne(el, again - 1), LIVE_BY);
    if (!text || !isShown(el)) return; // it is alive, or hidden; when it is seen again, we are called again
    delete el.dataset.gwSaved;
    say(/** @type {HTMLElement} */ (el.querySelector(".gw-foot span")), WORDS);
    await wake({ el, text });
  }
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) setTimeout(() => wakeOne(/** @type {HTMLElement} */ (target)), LIVE_BY);
  });
  return () => document.querySelectorAll(SAVED).forEach((el) => seen.observe(el));
}
