/**
 * An explorer as a module that hosts of anywidgets and any page import: no kernel, in any root.
 *
 * @typedef {{get?(name: string): unknown}} Given what a host knows of the state, by an address's names
 */
import { bringTo } from "./address.js";
import { asleepIn, wake } from "./wake.js";
import { element } from "../front/elements.js";

/** What a module gives. @param {string} style @param {string} html the explorer as it stands in a page, asleep */
export const moduleOf = (style, html) => ({
  /** One view with a state of its own; returned is what ends it. @param {{model?: Given, el: Element}} context */
  render({ model, el }) {
    const view = element("div", "", {}, element("style", "", {}, style), element("div", ""));
    const part = /** @type {HTMLElement} */ (view.lastElementChild);
    let ended = false, end = () => {};
    part.innerHTML = html;
    el.append(view);
    asleepIn(part).forEach(async (asleep) => {
      const { alone, show } = await wake(asleep);
      if (ended) return;
      bringTo(alone, (name) => model?.get?.(name));
      end = show();
    });
    return () => {
      ended = true;
      end();
      view.remove();
    };
  },
});
