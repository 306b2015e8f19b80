/**
 * The controls around a picture: rows of items, folded pages, sliders that stand nowhere else.
 *
 * @import { Board, Part } from "./board.js"
 * @import { Control } from "./wire.js"
 *
 * @typedef {{kind: string, label?: string, hidden?: boolean, help?: string, control?: string} & Record<string, any>} Item
 * @typedef {{title: string, rows: Item[][], lazy?: boolean}} Page
 * @typedef {{rows: Item[][], side: Item[][]|null, pages: Page[]}} Form
 */
import { buttonPart, playPart, pressPart, walkPart } from "./buttons.js";
import { domainPart } from "./domain.js";
import { element, holds, say, shownIf } from "./elements.js";
import { choicePart, numberPart, somePart, switchPart, textPart } from "./fields.js";
import { headPart } from "./head.js";
import { sliderPart } from "./slider.js";

/** @type {Record<string, (board: Board, item: any) => Part>} */
const PARTS = {
  choice: choicePart, switch: switchPart, some: somePart, number: numberPart, text: textPart,
  button: buttonPart, press: pressPart, play: playPart, walk: walkPart, domain: domainPart,
  label: (_, { text }) => ({ el: element("span", "gw-words", {}, text), refresh: () => {} }),
  html: htmlPart,
  slider: (board, { control: name, ...item }) => sliderPart(board, () => board.controls().find((one) => one.name === name), item),
}; // prettier-ignore

/** What Python wrote. @param {Board} board @param {{part: string}} item @returns {Part} */
function htmlPart(board, { part }) {
  const el = element("div", "gw-html gw-code");
  let known = "";
  const refresh = () => {
    const html = board.get("_parts")?.[part] ?? "";
    if (html !== known) el.innerHTML = known = html;
  };
  return { el, refresh, shown: () => Boolean(board.get("_parts")?.[part]) };
}

/** Parts by what they are made from, so that those which stay keep focus and text. @param {Board} board */
function partsOf(board) {
  /** @type {Map<string, Part>} */
  let known = new Map();
  /** @type {Map<string, Part>} */
  let fresh = new Map();
  const partFor = (/** @type {Item} */ { hidden, ...item }) => {
    const text = JSON.stringify(item);
    const twins = [...fresh.keys()].filter((key) => key.startsWith(text)).length;
    const key = `${text}${twins || ""}`;
    const part = known.get(key) ?? PARTS[item.kind](board, item);
    fresh.set(key, part);
    part.refresh();
    shownIf(part.el, !hidden && (part.shown?.() ?? true));
    return part.el;
  };
  /** All of it once more; what is not asked for is forgotten. @template T @param {() => T} build */
  const renew = (build) => {
    known = fresh;
    fresh = new Map();
    return build();
  };
  return { partFor, renew };
}

/** Rows of items; a row stays the element that it was. */
function rowsIn() {
  const el = element("div", "gw-rows");
  const fill = (/** @type {Element[][]} */ rows) => {
    while (el.children.length < rows.length) el.append(element("div", "gw-row"));
    while (el.children.length > rows.length) el.lastElementChild?.remove();
    rows.forEach((parts, k) => holds(el.children[k], parts));
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
  /** @type {Map<string, {el: HTMLDetailsElement, rows: ReturnType<typeof rowsIn>}>} */
  const pages = new Map();

  const opened = () => [...pages].filter(([, { el }]) => el.open).map(([title]) => title);
  const pageNamed = (/** @type {string} */ title) => {
    const known = pages.get(title);
    if (known) return known;
    const rows = rowsIn(), el = element("details", "gw-page", {}, element("summary", "", { "data-lm-suppress-shortcuts": "true" }, title), rows.el);
    el.open = (get("_open") ?? []).includes(title);
    el.addEventListener("toggle", () => {
      refresh();
      if (String(opened()) !== String(get("_open"))) board.set({ _open: opened() });
    }, { signal }); // prettier-ignore
    pages.set(title, { el, rows });
    return { el, rows };
  };
  const build = (/** @type {Form} */ form) => {
    const made = (/** @type {Item[][]} */ rows) => rows.map((row) => row.map(parts.partFor));
    const placed = placedIn(form);
    const rest = board.controls().filter(({ name }) => !placed.includes(name));
    side.fill(made(form.side ?? []));
    below.fill(made(form.rows));
    holds(sliders, rest.map(({ name }) => parts.partFor({ kind: "slider", control: name })));
    [...pages.keys()].filter((title) => !form.pages.some((page) => page.title === title)).forEach((title) => pages.delete(title));
    holds(folded, form.pages.map(({ title }) => pageNamed(title).el));
    // A folded page that is lazy is not even made.
    form.pages.forEach(({ title, rows, lazy }) => pageNamed(title).rows.fill(lazy && !pageNamed(title).el.open ? [] : made(rows)));
    const longest = Math.max(0, ...board.controls().map(({ label }) => label.length));
    sliders.style.setProperty("--gw-label", `${Math.min(longest, 20)}ch`);
  };
  const refresh = () => {
    const form = get("_form");
    if (!form?.rows) return;
    head.refresh();
    parts.renew(() => build(form));
  };
  return { head: head.el, side: side.el, below: [below.el, sliders, folded], refresh };
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
