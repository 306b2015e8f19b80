/**
 * What stands on top: the box where a formula is typed, the menu of examples, Reset.
 *
 * @import { Board, Part } from "./board.js"
 *
 * @typedef {{text: {label: string, placeholder: string, lines: number, why?: string},
 *   menu: {label: string, value: string, options: [string, string][]}}} Head `why` tells why nobody
 *   can type here
 */
import { button } from "./buttons.js";
import { describe, element, freshName, OWN_KEYS, say, shownIf } from "./elements.js";
import { typed } from "./fields.js";
import { alike } from "./values.js";

/** With a place for buttons. @param {Board} board @returns {Part & {modes: HTMLElement}} */
export function headPart(board) {
  const { get, signal } = board;
  const [id, wrong, choice] = [freshName(), freshName(), freshName()];
  const head = /** @returns {Head|undefined} */ () => get("_form")?.text && get("_form");
  const lines = head()?.text.lines ?? 1;
  const attributes = { id, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": wrong, ...OWN_KEYS };
  const input = lines > 1 ? element("textarea", "gw-text", { rows: String(lines), ...attributes })
    : element("input", "gw-text", { type: "text", ...attributes }); // prettier-ignore
  const label = element("label", "gw-label", { for: id });
  const message = element("div", "gw-message", { id: wrong });
  typed(input, () => get("formula"), (formula) => board.set({ formula }), signal);

  const select = element("select", "", { id: choice, ...OWN_KEYS });
  const menuLabel = element("label", "gw-label", { for: choice });
  /** @type {Head["menu"]["options"]} */
  let options = [];
  select.addEventListener("change", () => board.ask({ do: "example", key: options[select.selectedIndex][0] }), { signal });
  const reset = button("Reset", () => board.ask({ do: "reset" }), signal, "back to how this function was opened", "gw-quiet");

  const modes = element("span", ""), menu = element("div", "gw-field", {}, menuLabel, select, reset, modes);
  const el = element("div", "gw-head", {}, element("div", "gw-typed", {}, label, input), menu, message);
  /** @type {unknown} */
  let known;
  const refresh = () => {
    const now = head();
    if (!now) return;
    if (get("formula") !== known) input.value = known = get("formula");
    shownIf(el, now.text.lines > 0);
    say(label, now.text.label || "program");
    label.classList.toggle("gw-unseen", !now.text.label);
    describe(input, { placeholder: now.text.placeholder, ...(now.text.why && { readonly: "", title: now.text.why }) });
    say(menuLabel, now.menu.label);
    [menuLabel, select].forEach((part) => shownIf(part, now.menu.options.length > 1));
    if (!alike(options, now.menu.options)) {
      options = now.menu.options;
      select.replaceChildren(...options.map(([key, title]) => element("option", "", { value: key }, title)));
    }
    if (select.value !== now.menu.value) select.value = now.menu.value;
    const said = get("_message") || "";
    if (message.dataset.said !== said) message.innerHTML = message.dataset.said = said;
    describe(input, { "aria-invalid": String(said !== "") });
  };
  return { el, refresh, modes };
}
