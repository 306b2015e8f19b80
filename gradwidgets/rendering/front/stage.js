/**
 * A view's picture: panels in the page, what stands still in them, and what moves over it.
 *
 * @import { Board } from "./board.js"
 * @import { Mark, Numbers, Painted, Panel, Told } from "./wire.js"
 * @import { Gutters, Part, Place, Plan } from "./layout.js"
 * @import { PanelPart } from "./panel.js"
 * @import { Around, Played, Replay, Shown } from "./replay.js"
 * @import { Theme, Themed } from "./theme.js"
 * @import { Data } from "./program.js"
 * @import { Ground } from "./ground.js"
 *
 * @typedef {DataView<ArrayBuffer>|string} Sent bytes, which some hosts hand over as base64
 * @typedef {{at(frame: Panel, values: Record<string, number>): Ground, goOn(): boolean}} Terrain
 *   the ground of a panel for values of controls; `goOn` makes it finer, and tells whether all is done
 */
import { draw } from "./draw.js";
import { describe, element, holds, shownIf } from "./elements.js";
import { paintGround } from "./ground.js";
import { planOf } from "./layout.js";
import { cleared, panelPart } from "./panel.js";
import { fixedOf, programOf, replayOf, sentOf } from "./replay.js";
import { keptSurfaces } from "./surface.js";
import { lookOf } from "./theme.js";
import { valueOf } from "./values.js";
import { controlsIn, inWindow } from "./windowing.js";
import { bytesOf } from "./wire.js";

const RESTING = 150; // milliseconds without a turn before a surface is drawn finely

/** A program's JSON, which travels deflated. @param {Sent} sent @returns {Promise<Data>} */
async function inflated(sent) {
  const whole = new Blob([bytesOf(sent)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(whole).text());
}

/** @param {unknown[]} some @param {unknown[]} [others] */
const alikeAll = (some, others) => some.length === others?.length && some.every((part, k) => part === others[k]);

/** A function that computes anew only where one of its arguments is another. @template {unknown[]} A @template R @param {(...args: A) => R} compute @returns {(...args: A) => R} */
function remembered(compute) {
  /** @type {{args: A, made: R}|null} */
  let last = null;
  return (...args) => {
    if (!last || !alikeAll(args, last.args)) last = { args, made: compute(...args) };
    return last.made;
  };
}

/** The page's columns, and panels in them. */
function columnsPart() {
  /** @type {Record<Part, HTMLElement>} */
  const columns = { main: element("div", "gw-main"), aside: element("div", "gw-aside"), under: element("div", "gw-under") };
  const el = element("div", "gw-stage", { role: "group", "aria-label": "picture" }, ...Object.values(columns));
  /** @param {Plan} plan @param {PanelPart[]} parts */
  const arrange = (plan, parts) => {
    const inPart = (/** @type {Part} */ part) => parts.filter(({ name }) => plan.places[name].part === part).map((one) => one.el);
    el.style.gridTemplateColumns = plan.narrow || !inPart("aside").length ? "minmax(0, 1fr)" : `${plan.main}px minmax(0, 1fr)`;
    Object.entries(columns).forEach(([name, column]) => {
      const part = /** @type {Part} */ (name), panels = inPart(part);
      column.style.gridTemplateColumns = `repeat(${plan.columns[part]}, minmax(0, 1fr))`;
      holds(column, panels);
      shownIf(column, panels.length > 0);
    });
  };
  return { el, arrange };
}

/**
 * @param {() => Board} board
 * @param {() => {theme: Theme, ground?: string}} theme
 * @param {(key: string) => Around} around ambient numbers in place of those that a picture has
 * @param {(shown: Shown|null) => void} after what follows when the state was looked at, and drawn where it can be
 * @param {(part: PanelPart) => void} made what follows when there is another panel
 */
export function stageOf(board, theme, around, after, made) {
  const { el, arrange } = columnsPart();
  /** @type {Map<string, PanelPart>} */
  const parts = new Map();
  /** @type {Painted|null} */
  let spec = null;
  /** @type {Replay|null} */
  let replay = null;
  let terrain = /** @type {Terrain|null} */ (null);
  /** @type {Numbers["marks"]} */
  let fixed = {};
  /** @type {{packed: Sent, constants: Sent, program: ReturnType<programOf>}|null} */
  let ready = null; // a program serves many pictures
  /** @type {Shown|null} */
  let shown = null;
  /** @type {Record<string, Gutters>} */
  let gutters = {};
  /** @type {Plan|null} */
  let plan = null;
  /** @type {unknown[]} */
  let planned = []; // for which panels and which width
  /** @type {Map<string, {from: unknown[], panel: Panel}>} */
  const panels = new Map(); // the same objects as long as nothing changes
  /** @type {Map<string, unknown[]>} */
  const painted = new Map(); // of which each ground was painted
  let [width, latest] = [0, 0]; // of the stage, in pixels; the picture asked for last
  let [frame, rest, soon] = [0, 0, 0]; // timers
  const lookAt = remembered((/** @type {Theme} */ name, /** @type {string|undefined} */ ground, /** @type {Painted["dark"]} */ dark) => lookOf(name, ground, dark));
  const surface = keptSurfaces((refine) => {
    clearTimeout(rest);
    rest = window.setTimeout(() => (refine(), later()), RESTING);
  });

  const partOf = (/** @type {string} */ name) => {
    const known = parts.get(name) ?? panelPart(name);
    if (!parts.has(name)) made(known);
    parts.set(name, known);
    return known;
  };
  /** Lay the panels out, where something about them has changed. @param {Record<string, Told>} told */
  const planFor = (told) => {
    const now = [width, ...Object.values(told)];
    if (plan && alikeAll(now, planned)) return plan;
    planned = now;
    plan = planOf(Object.entries(told), width, gutters);
    gutters = Object.fromEntries(Object.entries(plan.places).map(([name, place]) => [name, place.gutters]));
    parts.forEach((part, name) => name in told || forget(name));
    arrange(plan, Object.keys(told).map(partOf));
    return plan;
  };
  const forget = (/** @type {string} */ name) => [parts, panels, painted].forEach((known) => known.delete(name));
  /** A panel with its place. @param {string} name @param {Told} told @param {Place} place @returns {Panel} */
  const panelAt = (name, told, { box, unlabelled }) => {
    const from = [told, unlabelled, ...box], known = panels.get(name);
    if (known && alikeAll(from, known.from)) return known.panel;
    const panel = { ...told, box, unlabelled };
    panels.set(name, { from, panel });
    return panel;
  };

  /** What stands still in a panel, where it is not painted already. @param {PanelPart} part @param {Shown} shown @param {Mark[]} marks @param {Place} size */
  const paintStill = (part, { spec: laid, numbers, look }, marks, { width: wide, height }) => {
    const panel = laid.panels[part.name], ground = terrain?.at(panel, numbers.values) ?? null;
    const of = [panel, ground, look, fixed, wide, height, devicePixelRatio];
    if (alikeAll(of, painted.get(part.name))) return;
    painted.set(part.name, of);
    cleared(part.ground, wide, height);
    paintGround(part.ground, panel, /** @type {Themed} */ (look), ground);
    draw(part.ground, { ...laid, marks }, numbers, surface, new Set(), look);
  };
  /** @param {Shown} now @param {Plan} laid */
  const paint = (now, laid) => {
    const [first] = Object.keys(now.spec.panels);
    for (const [name, panel] of Object.entries(now.spec.panels)) {
      const part = partOf(name), size = laid.places[name], own = now.spec.marks.filter((mark) => mark.panel === name);
      const still = own.filter((mark) => mark.fixed && !panel.space), moving = own.filter((mark) => !still.includes(mark));
      part.place(panel, size, name === first);
      part.tell(panel);
      paintStill(part, now, still, size);
      cleared(part.marks, size.width, size.height);
      draw(part.marks, { ...now.spec, marks: moving }, now.numbers, surface, now.old, now.look);
    }
  };
  /** Work on what comes later, while nothing else asks for a frame. */
  const goOn = () => {
    const [known, fine] = [replay?.goOn() ?? true, terrain?.goOn() ?? true];
    if (known && fine) later();
    else soon = window.setTimeout(goOn);
  };
  /** @param {Painted} told @param {Played} played */
  const show = (told, { panels: framed, marks, numbers, old }) => {
    const laid = planFor(framed), { theme: name, ground } = theme();
    const placed = Object.fromEntries(Object.entries(framed).map(([one, panel]) => [one, panelAt(one, panel, laid.places[one])]));
    shown = { spec: { marks, controls: controlsIn(told.controls, around(told.key)), panels: placed }, numbers, old, look: lookAt(name, ground, told.dark) };
    paint(shown, laid);
    describe(el, { "data-key": told.key });
    return shown;
  };
  const redraw = () => {
    frame = 0;
    clearTimeout(soon);
    const other = spec ? around(spec.key) : {};
    const values = spec?.controls.map((control) => inWindow(other, control.name, valueOf(board().get, control))) ?? [];
    // What belongs to a picture that is still on its way has no values here.
    const played = values.every(Number.isFinite) ? replay?.at(values, other) : null;
    if (!spec || !played || !width) return after(null);
    const now = show(spec, played);
    if (now.old.size) soon = window.setTimeout(goOn);
    after(now);
  };
  const later = () => void (frame ||= requestAnimationFrame(redraw));

  const readied = async (/** @type {Painted} */ next, /** @type {Sent} */ packed, /** @type {Sent} */ constants) => {
    if (ready?.packed === packed && ready.constants === constants) return ready.program;
    const program = programOf(next, await inflated(packed), constants);
    ready = { packed, constants, program };
    return program;
  };
  const repaint = async () => {
    const turn = ++latest;
    await null; // picture, program, numbers change in one message: let all of them arrive
    if (turn !== latest || board().signal.aborted) return;
    const { get, signal } = board();
    const [next, packed, constants, still] = ["_picture", "_program", "_constants", "_fixed"].map(get);
    if (!next?.marks) return;
    const program = packed && bytesOf(packed).byteLength ? await readied(next, packed, constants) : null;
    if (signal.aborted || turn !== latest) return;
    if (next.key !== spec?.key) gutters = {};
    [spec, fixed, plan] = [next, fixedOf(next, still), null];
    replay = program ? replayOf(next, program, fixed) : sentOf(next, () => get("_numbers"), fixed);
    later();
  };
  const measure = () => {
    const before = width;
    width = el.clientWidth; // asked for here alone: it makes the browser lay out the page
    if (width !== before) gutters = {};
    later();
  };
  const end = () => {
    cancelAnimationFrame(frame);
    [rest, soon].forEach((timer) => clearTimeout(timer));
  };
  return { el, repaint, later, measure, end, shown: () => shown, part: (/** @type {string} */ name) => parts.get(name) };
}
