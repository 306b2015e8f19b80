/**
 * A box for a number that takes and keeps every digit typed.
 *
 * @typedef {{label: string, low(): number, high(): number, text(value: number): string,
 *   take(value: number): void, integer?: boolean}} Boxed `text` tells how a value reads
 */
import { describe, element, freshName, OWN_KEYS, say } from "./elements.js";
import { plainly, typedNumber } from "./values.js";

const LETTERS = 11; // characters that a box shows
const FEWER = 7; // digits of a longer number, while nobody types

/**
 * The box, a place for what is wrong with what was typed, and what brings it to a value.
 *
 * @param {Boxed} boxed
 * @param {AbortSignal} signal
 */
export function numberBox({ label, low, high, text, take, integer }, signal) {
  const id = freshName();
  const input = element("input", "gw-box", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-label": label, ...OWN_KEYS }); // prettier-ignore
  const wrong = element("span", "gw-wrong", { id, role: "alert" });
  let [known, settled] = [NaN, ""]; // the value that is shown, and as which text
  /** Write a text; where nobody types, as far as there is room. @param {string} whole */
  const write = (whole) => {
    const short = whole.length > LETTERS && input !== document.activeElement;
    input.value = settled = short ? plainly(Number(known.toPrecision(FEWER))) : whole;
  };
  const settle = (/** @type {number} */ value) => {
    known = value;
    write(typedNumber(input.value) === value ? input.value : text(value));
  };
  const complain = (/** @type {string} */ words) => {
    say(wrong, words);
    describe(input, { "aria-invalid": String(words !== ""), "aria-describedby": words && id });
  };
  const commit = () => {
    if (input.value === settled) return;
    const typed = typedNumber(input.value);
    if (Number.isNaN(typed)) {
      complain("Type a number, such as 0.05 or 1e-3.");
      input.value = settled;
      return;
    }
    const meant = integer ? Math.round(typed) : typed;
    settle(Math.min(Math.max(meant, low()), high()));
    if (known !== meant) complain(`It goes from ${text(low())} to ${text(high())}.`);
    take(known);
  };
  input.addEventListener("change", commit, { signal });
  input.addEventListener("focus", () => Number.isFinite(known) && input.value === settled && write(text(known)), { signal });
  input.addEventListener("blur", () => input.value === settled && write(settled), { signal });
  input.addEventListener("input", () => complain(""), { signal });
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") input.value = settled;
    if (key === "Enter") commit(), input.select();
  }, { signal }); // prettier-ignore
  /** What is typed stays until it is committed, unless the value becomes another one. @param {number} value */
  const show = (value) => {
    if (Object.is(value, known)) return;
    settle(value);
    complain("");
  };
  return { input, wrong, show };
}
