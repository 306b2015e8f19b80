/**
 * The controls around a picture: rows of items, folded pages, sliders that stand nowhere else.
 *
 * @import { Board, Part } from "./board.js"
 * @import { Control } from "./wire.js"
 *
 * @typedef {{kind: string, label?: string, hidden?: boolean, help?: string, control?: string, why?: string} & Record<string, any>} Item
 *   `why` tells why nobody can use it here
 * @typedef {{title: string, rows: Item[][], lazy?: boolean}} Page
 * @typedef {{rows: Item[][], side: Item[][]|null, pages: Page[], modes?: Item[],
 *   above?: boolean, home?: Record<string, [number, number]>}} Form `side` stands beside the picture, or
 *   `above` it; `home` is the domain that the explorer opened with; `modes` stand beside Reset
 */
import { buttonPart, keepPart, playPart, pressPart, togglePart, walkPart } from "./buttons.js";
import { domainPart } from "./domain.js";
import { describe, element, holds, OWN_KEYS, say, shownIf } from "./elements.js";
import { choicePart, numberPart, somePart, switchPart, textPart } from "./fields.js";
import { headPart } from "./head.js";
import { rowsPart } from "./rowhands.js";
import { sliderPart } from "./slider.js";
import { alike, reading } from "./values.js";

const LONGEST = 18; // letters of a symbol or label for which a column has room
const FEWEST = 8; // digits for which a box has room
const MOST = 11;

/** @type {Record<string, (board: Board, item: any) => Part>} */
const PARTS = {
  choice: choicePart, switch: switchPart, some: somePart, number: numberPart, text: textPart,
  button: buttonPart, press: pressPart, play: playPart, walk: walkPart, toggle: togglePart, domain: domainPart, rows: rowsPart,
  label: (_, { text }) => ({ el: element("span", "gw-words", {}, text), refresh: () => {} }),
  html: htmlPart, keep: keepPart,
  slider: (board, { control: name, ...item }) => sliderPart(board, () => board.controls().find((one) => one.name === name), item),
}; // prettier-ignore

/** What Python wrote. @param {Board} board @param {{part: string}} item @returns {Part} */
function htmlPart(board, { part }) {
  const el = element("div", "gw-html gw-code", { tabindex: "0", ...OWN_KEYS }); // keys scroll what is too wide
  let known = "";
  const refresh = () => {
    const html = board.get("_parts")?.[part] ?? "";
    if (html !== known) el.innerHTML = known = html;
  };
  return { el, refresh, shown: () => Boolean(board.get("_parts")?.[part]) };
}

/** Let all inputs in it rest, and tell why. @param {HTMLElement} part @param {string} why */
function disable(part, why) {
  part.title = why;
  part.querySelectorAll("input, select, button").forEach((input) => describe(input, { disabled: "", title: why }));
  if (part instanceof HTMLButtonElement) part.disabled = true;
}

/** What an item may change without becoming another one. @param {Item} item */
const lasting = ({ hidden, message, intervals, value, alone, ...item }) => JSON.stringify(item);

/** Parts by what they are made from, so that those which stay keep focus and text. @param {Board} board */
function partsOf(board) {
  /** @type {Map<string, {part: Part, item: Item}>} */
  let known = new Map();
  /** @type {Map<string, {part: Part, item: Item}>} */
  let fresh = new Map();
  const partFor = (/** @type {Item} */ item) => {
    let key = lasting(item);
    while (fresh.has(key)) key += " "; // twins
    const part = known.get(key)?.part ?? PARTS[item.kind](board, item);
    if (item.why) disable(part.el, item.why);
    fresh.set(key, { part, item });
    return part.el;
  };
  /** All of it once more; what is not asked for is forgotten. @param {() => void} build */
  const renew = (build) => {
    known = fresh;
    fresh = new Map();
    build();
  };
  const refresh = () => fresh.forEach(({ part, item }) => {
    part.refresh(item);
    shownIf(part.el, !item.hidden && (part.shown?.() ?? true));
  }); // prettier-ignore
  return { partFor, renew, refresh };
}

/** Let sliders have one column for symbols of so many letters. @param {HTMLElement} row @param {number} letters */
const roomFor = (row, letters) => row.style.setProperty("--gw-label", `${(0.53 * Math.min(letters, LONGEST) + 0.6 * Number(letters > 0)).toFixed(2)}em`);

/** How many letters stand beside a slider. @param {Control} control */
const lettersOf = ({ symbol, label }) => (symbol || label).length;

/** How many digits a control's values may have. @param {Control} control */
const digitsOf = (control) =>
  Math.max(...[control.start, ...(control.scale === "log" ? [] : [control.low, control.high])].map((value) => reading(control, value).length));

/** Rows of items; a row stays the element that it was. */
function rowsIn() {
  const el = element("div", "gw-rows");
  const fill = (/** @type {HTMLElement[][]} */ rows, /** @type {number[]} */ letters) => {
    while (el.children.length < rows.length) el.append(element("div", ""));
    while (el.children.length > rows.length) el.lastElementChild?.remove();
    rows.forEach((parts, k) => {
      holds(el.children[k], parts);
      roomFor(/** @type {HTMLElement} */ (el.children[k]), letters[k]);
      el.children[k].className = parts.every((part) => part.classList.contains("gw-slider")) ? "gw-sliders" : "gw-row";
    });
  };
  return { el, fill };
}

/** The names of controls that items place. @param {Form} form */
const placedIn = ({ rows, side, pages }) =>
  [...rows, ...(side ?? []), ...pages.flatMap((page) => page.rows)].flat().flatMap(({ kind, control }) => (kind === "slider" && control ? [control] : []));

/**
 * The three places for controls: the top, beside the picture, below it.
 *
 * @param {Board} board
 */
export function formOf(board) {
  const { get, signal } = board;
  const head = headPart(board), parts = partsOf(board);
  const side = rowsIn(), below = rowsIn();
  const sliders = element("div", "gw-sliders"), folded = element("div", "gw-pages");
  const around = element("div", "gw-below", {}, below.el, sliders, folded);
  /** @type {Map<string, {el: HTMLDetailsElement, rows: ReturnType<typeof rowsIn>}>} */
  const pages = new Map();

  const opened = () => [...pages].filter(([, { el }]) => el.open).map(([title]) => title);
  const pageNamed = (/** @type {string} */ title) => {
    const known = pages.get(title);
    if (known) return known;
    const rows = rowsIn(), el = element("details", "gw-page", {}, element("summary", "", { "data-lm-suppress-shortcuts": "true" }, title), rows.el);
    el.addEventListener("toggle", () => {
      if (!alike(opened(), get("_open"))) board.set({ _open: opened() });
    }, { signal }); // prettier-ignore
    pages.set(title, { el, rows });
    return { el, rows };
  };
  const build = (/** @type {Form} */ form) => {
    const made = (/** @type {Item[][]} */ rows) => rows.map((row) => row.map(parts.partFor));
    const lettersIn = (/** @type {Item[][]} */ rows) => rows.map((row) =>
      Math.max(0, ...board.controls().filter(({ name }) => row.some(({ control, kind }) => kind === "slider" && control === name)).map(lettersOf)));
    const placed = placedIn(form);
    const rest = board.controls().filter(({ name, label }) => label && !placed.includes(name));
    holds(head.modes, (form.modes ?? []).map(parts.partFor));
    side.fill(made(form.side ?? []), lettersIn(form.side ?? []));
    below.fill(made(form.rows), lettersIn(form.rows));
    holds(sliders, rest.map(({ name }) => parts.partFor({ kind: "slider", control: name })));
    [...pages.keys()].filter((title) => !form.pages.some((page) => page.title === title)).forEach((title) => pages.delete(title));
    holds(folded, form.pages.map(({ title }) => pageNamed(title).el));
    form.pages.forEach(({ title, rows, lazy }) => {
      const page = pageNamed(title);
      page.el.open = get("_open")?.includes(title);
      page.rows.fill(lazy && !page.el.open ? [] : made(rows), lettersIn(rows));
    });
    roomFor(sliders, Math.max(0, ...rest.map(lettersOf)));
    const digits = Math.min(Math.max(FEWEST, ...board.controls().map(digitsOf)), MOST);
    [side.el, around].forEach(({ style }) => style.setProperty("--gw-digits", `${digits}ch`));
  };
  /** @type {unknown[]} */
  let built = [];
  const refresh = () => {
    const form = get("_form"), from = [form, get("_picture"), get("_open")];
    if (!form?.rows) return;
    if (from.some((one, k) => one !== built[k])) parts.renew(() => build(form));
    built = from;
    head.refresh(form);
    parts.refresh();
  };
  return { head: head.el, side: side.el, below: around, refresh };
}

/** How far some work is, and a button that ends it. @param {Board} board @returns {Part} */
export function workPart(board) {
  const name = element("span", "gw-words"), bar = element("progress", "", { max: "1", "aria-label": "progress" });
  const cancel = buttonPart(board, { label: "Cancel", do: "cancel" }).el;
  const said = element("span", "gw-words", { role: "status" });
  const el = element("div", "gw-work", {}, name, bar, cancel, said);
  const refresh = () => {
    const work = board.get("_work") ?? {};
    say(name, work.name ?? "");
    say(said, work.said ?? "");
    bar.value = work.share ?? 0;
    [name, bar].forEach((part) => shownIf(part, Boolean(work.name)));
    shownIf(cancel, Boolean(work.name && work.cancel));
    shownIf(el, Boolean(work.name || work.said));
  };
  return { el, refresh };
}
