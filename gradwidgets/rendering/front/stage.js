/**
 * A view's picture: panels in the page, what stands still in them, and what moves over it.
 *
 * @import { Board } from "./board.js"
 * @import { Mark, Numbers, Painted, Panel, Sent, Told } from "./wire.js"
 * @import { Gutters, Part, Place, Plan } from "./plot.js"
 * @import { PanelPart } from "./panel.js"
 * @import { Around, Played, Replay, Shown } from "./replay.js"
 * @import { Theme, Themed } from "./theme.js"
 * @import { Source } from "./sheets.js"
 * @import { Ground, Seen } from "./terrain.js"
 */
import { draw } from "./draw.js";
import { describe, element, holds, shownIf } from "./elements.js";
import { paintGround } from "./behind.js";
import { planOf } from "./layout.js";
import { glideOf } from "./motion.js";
import { cleared, panelPart } from "./panel.js";
import { spaceOver } from "./painted.js";
import { fixedOf, programOf, replayOf, sentOf } from "./replay.js";
import { gridSource, programSource } from "./sheets.js";
import { keptSurfaces } from "./surface.js";
import { terrainOf } from "./terrain.js";
import { lookOf } from "./theme.js";
import { remembered, sameList, valueOf } from "./values.js";
import { controlsIn, inWindow } from "./windowing.js";
import { bytesOf, isEmpty, programIn } from "./wire.js";

const TRAITS = ["_picture", "_program", "_fixed", "_terrain", "_grid"];
const BRACE = 123; // with which an object begins in JSON
const HALF = 8; // milliseconds of a frame: who has drawn within that has time for what comes later
const FRAME = 20; // milliseconds after which a hand that moves on has asked for another one
const RESTING = 150; // milliseconds without a turn before a surface is drawn finely

/** What travels deflated, or as JSON in a page that is deflated as a whole: written at once, for a blob's stream goes round by another process. @param {Sent} sent */
function inflated(sent) {
  const bytes = bytesOf(sent);
  if (bytes.byteLength && bytes.getUint8(0) === BRACE) return new Response(bytes).arrayBuffer();
  const { readable, writable } = new DecompressionStream("deflate"), writer = writable.getWriter();
  writer.write(bytes).catch(() => {}); // who reads hears of it
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/** What the ground is made of: a program, or a grid; null where there is none. @param {string} variables @param {Sent} program @param {Sent} grid @returns {Promise<Source|null>} */
async function sourceOf(variables, program, grid) {
  if (!isEmpty(program)) return programSource(...programIn(await inflated(program)));
  return isEmpty(grid) ? null : gridSource(new DataView(await inflated(grid)), variables.split(","));
}

/** Values of controls and ambient numbers by name. @param {Painted} spec @param {number[]} values @param {Around} around */
const inputsOf = ({ controls, ambient }, values, around) => ({
  ...Object.fromEntries(controls.map(({ name }, k) => [name, values[k]])),
  ...Object.fromEntries(ambient.map(({ name, start }) => [name, start])),
  ...around,
});

/** Panels of which arrows may stick out. @param {Mark[]} marks */
const openOf = (marks) => new Set(marks.flatMap((mark) => (mark.kind === "Arrow" && mark.free ? [mark.panel] : [])));

/** The page's columns, and panels in them. */
function columnsPart() {
  /** @type {Record<Part, HTMLElement>} */
  const columns = { main: element("div", "gw-main"), aside: element("div", "gw-aside"), under: element("div", "gw-under") };
  const el = element("div", "gw-stage", { role: "group", "aria-label": "picture" }, ...Object.values(columns));
  /** @param {Plan} plan @param {PanelPart[]} parts */
  const arrange = (plan, parts) => {
    const inPart = (/** @type {Part} */ part) => parts.filter(({ name }) => plan.places[name].part === part).map((one) => one.el);
    el.style.gridTemplateColumns = plan.narrow || !inPart("aside").length ? "minmax(0, 1fr)" : `${plan.main}px minmax(0, ${plan.aside}px)`;
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
  /** @type {ReturnType<typeof terrainOf>|null} */
  let terrain = null;
  /** @type {Numbers["marks"]} */
  let fixed = {};
  /** @type {{packed: Sent, program: ReturnType<programOf>}|null} */
  let ready = null; // a program serves many pictures
  /** @type {Shown|null} */
  let shown = null;
  /** @type {Record<string, Gutters>} */
  let gutters = {};
  /** @type {Plan|null} */
  let plan = null;
  /** @type {Plan|null} */
  let standing = null; // that which the page has
  /** @type {unknown[]} */
  let planned = []; // for which panels and which width
  /** @type {Map<string, {from: unknown[], panel: Panel}>} */
  const panels = new Map(); // the same objects as long as nothing changes
  /** @type {Map<string, unknown[]>} */
  const painted = new Map(); // of which each ground was painted
  /** @type {Numbers["marks"]} */
  const copies = {}; // of what only data move
  let [width, latest] = [0, 0]; // of the stage, in pixels; the picture asked for last
  let [frame, rest, soon] = [0, 0, 0]; // timers
  let arrays = /** @type {Float64Array[]} */ ([]); // those that belong to the picture
  const lookAt = remembered((/** @type {Theme} */ name, /** @type {string|undefined} */ ground, /** @type {Painted["dark"]} */ dark) => lookOf(name, ground, dark));
  const sourceFor = remembered(sourceOf); // one ground serves many pictures, too
  const glide = glideOf(() => shown?.numbers, () => later());
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
    if (plan && sameList(now, planned)) return plan;
    planned = now;
    plan = planOf(Object.entries(told), width, gutters, openOf(spec?.marks ?? []));
    gutters = Object.fromEntries(Object.entries(plan.places).map(([name, place]) => [name, place.gutters]));
    return plan;
  };
  /** Bring the page's elements to the plan. @param {Record<string, Told>} told @param {Plan} laid */
  const place = (told, laid) => {
    parts.forEach((part, name) => name in told || forget(name));
    standing = laid;
    arrange(laid, Object.keys(told).map(partOf));
    Object.entries(told).forEach(([name, panel], k) => partOf(name).place(panel, laid.places[name], k === 0));
  };
  const forget = (/** @type {string} */ name) => [parts, panels, painted].forEach((known) => known.delete(name));
  /** A panel with its place, and heights where it has some. @param {string} name @param {Told} told @param {Place} place @param {Ground|undefined} ground @param {Numbers} numbers @returns {Panel} */
  const panelAt = (name, told, { box, unlabelled }, ground, { marks }) => {
    const space = told.space && ground ? spaceOver(told.space, ground, marks[told.space.box]) : null;
    const from = [told, unlabelled, space, ...box], known = panels.get(name);
    if (known && sameList(from, known.from)) return known.panel;
    const panel = { ...told, box, unlabelled, space };
    panels.set(name, { from, panel });
    return panel;
  };

  /** What a mark's numbers are, for the next replay writes over those of data: the same copy while they are the same. @param {Mark} mark @param {Numbers} numbers */
  const steady = ({ name, fixed }, { marks }) => {
    const own = marks[name], known = copies[name];
    if (fixed || (known?.length === own.length && known.every((one, k) => Object.is(one, own[k])))) return fixed ? own : known;
    return (copies[name] = own.slice());
  };
  /** What stands still in a panel, where it is not painted already. @param {PanelPart} part @param {Shown} shown @param {Mark[]} marks @param {Place} size @param {Ground|null} ground */
  const paintStill = (part, { spec: laid, numbers, look }, marks, { width: wide, height }, ground) => {
    const panel = laid.panels[part.name];
    const of = [panel, ground, look, wide, height, devicePixelRatio, ...marks.map((mark) => steady(mark, numbers))];
    if (sameList(of, painted.get(part.name))) return;
    painted.set(part.name, of);
    cleared(part.ground, wide, height);
    paintGround(part.ground, panel, /** @type {Themed} */ (look), ground);
    draw(part.ground, { ...laid, marks }, numbers, surface, new Set(), look);
  };
  /** @param {Shown} now @param {Plan} laid @param {Seen["grounds"]} grounds */
  const paint = (now, laid, grounds) => {
    for (const [name, panel] of Object.entries(now.spec.panels)) {
      const part = partOf(name), size = laid.places[name], own = now.spec.marks.filter((mark) => mark.panel === name);
      const still = own.filter((mark) => (mark.fixed || mark.still) && mark.kind !== "Label" && !panel.space), moving = own.filter((mark) => !still.includes(mark));
      paintStill(part, now, still, size, grounds[name] ?? null);
      cleared(part.marks, size.width, size.height);
      draw(part.marks, { ...now.spec, marks: moving, still }, now.numbers, surface, now.old, now.look);
    }
  };
  /** What panels tell beside their canvases. @param {Shown} shown */
  const tell = ({ spec: { panels: laid, marks }, numbers: { values } }) =>
    Object.entries(laid).forEach(([name, panel]) => {
      const topped = marks.some((mark) => mark.panel === name && mark.kind === "Label" && mark.above);
      partOf(name).tell(panel, topped, Object.values(values));
    });
  /** Work on what comes later, while nothing else asks for a frame. */
  const goOn = () => {
    const done = shown?.old.size ? replay?.goOn() : terrain?.goOn();
    if (done ?? true) later();
    else soon = window.setTimeout(goOn);
  };
  /** @param {Painted} told @param {Played} played @param {Seen|null} seen */
  const show = (told, { panels: framed, marks, numbers: found, old }, seen) => {
    const numbers = glide.at(found, marks);
    const laid = planFor(framed), { theme: name, ground } = theme(), grounds = seen?.grounds ?? {};
    const placed = Object.fromEntries(Object.entries(framed).map(([one, panel]) => [one, panelAt(one, panel, laid.places[one], grounds[one], numbers)]));
    const look = lookAt(name, ground, told.dark), words = seen?.captions ?? {};
    shown = { spec: { marks, controls: controlsIn(told.controls, around(told.key)), panels: placed }, numbers, old, look, words };
    // Writing on a canvas lays out whatever of the page has changed: the page comes last.
    paint(shown, laid, grounds);
    if (laid !== standing) place(framed, laid);
    tell(shown);
    describe(el, { "data-key": told.key });
    return shown;
  };
  const redraw = () => {
    const begun = performance.now();
    frame = 0;
    clearTimeout(soon);
    const other = spec ? around(spec.key) : {};
    const values = spec?.controls.map((control) => inWindow(other, control.name, valueOf(board().get, control))) ?? [];
    // What belongs to a picture that is still on its way has no values here.
    if (!spec || !width || !values.every(Number.isFinite)) return after(null);
    if (spec.key === board().get("_picture")?.key) arrays = spec.arrays?.length ? board().rows() : [];
    const seen = terrain?.at(inputsOf(spec, values, other), arrays) ?? null;
    const played = replay?.at(values, { ...seen?.ambient, ...other }, arrays);
    if (!played) return after(null);
    const now = show(spec, played, seen), rough = Object.values(seen?.grounds ?? {}).filter(({ fine }) => !fine);
    const done = performance.now(), pause = done - begun < HALF ? 0 : FRAME;
    if (now.old.size || rough.length) soon = window.setTimeout(goOn, now.old.size ? pause : Math.max(...rough.map(({ from }) => from)) - done);
    after(now);
  };
  const later = () => void (frame ||= requestAnimationFrame(redraw));
  /** What is shown, once it is that of the state: whoever keeps its numbers can't wait for a frame. */
  const settled = () => {
    redraw();
    while (shown?.old.size && !replay?.goOn());
    redraw();
    return shown;
  };

  const readied = async (/** @type {Painted} */ next, /** @type {Sent} */ packed) => {
    if (ready?.packed === packed) return ready.program;
    const program = programOf(next, await inflated(packed));
    ready = { packed, program };
    return program;
  };
  const repaint = async () => {
    const turn = ++latest;
    await null; // picture, program, numbers change in one message: let all of them arrive
    if (turn !== latest || board().signal.aborted) return;
    const { get, signal } = board();
    const [next, packed, still, ...ground] = TRAITS.map(get);
    if (!next?.marks) return;
    const [program, source] = await Promise.all([
      isEmpty(packed) ? null : readied(next, packed),
      sourceFor(next.variables.join(), .../** @type {[Sent, Sent]} */ (ground)),
    ]);
    if (signal.aborted || turn !== latest) return;
    if (next.key !== spec?.key) gutters = {};
    [spec, fixed, plan] = [next, fixedOf(next, still), null];
    terrain = terrainOf(next, source, terrain);
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
  return { el, repaint, later, measure, end, glide: glide.begin, shown: () => shown, settled, part: (/** @type {string} */ name) => parts.get(name) };
}
