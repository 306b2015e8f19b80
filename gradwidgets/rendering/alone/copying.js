/**
 * A button that copies a text; where that is not allowed, the text is shown, to be copied by hand.
 */
import { passed } from "./passing.js";
import { button } from "../front/buttons.js";
import { element, say } from "../front/elements.js";

const TOLD_FOR = 2000; // milliseconds

/** @param {string} words on the button @param {string} help @param {() => string} textNow */
export function copyPart(words, help, textNow) {
  const shown = element("textarea", "gw-link", { readonly: "", hidden: "", rows: "1", "aria-label": words });
  const copy = async () => {
    const text = textNow();
    try {
      await navigator.clipboard.writeText(text);
      say(made, "copied");
      await passed(TOLD_FOR);
      say(made, words);
    } catch {
      shown.value = text;
      shown.rows = text.split("\n").length;
      shown.hidden = false;
      shown.select();
    }
  };
  const made = button(words, copy, new AbortController().signal, help, "gw-quiet");
  return element("span", "", {}, made, shown);
}
