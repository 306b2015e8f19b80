/**
 * A view's picture: the painted background, and what moves over it.
 *
 * @import { Board } from "./board.js"
 * @import { Painted } from "./wire.js"
 * @import { Replay, Shown } from "./replay.js"
 * @import { Data } from "./program.js"
 *
 * @typedef {DataView<ArrayBuffer>|string} Sent bytes, which some hosts hand over as base64
 */
import { draw } from "./draw.js";
import { element } from "./elements.js";
import { programOf, replayOf, sentOf } from "./replay.js";
import { keptSurfaces } from "./surface.js";
import { valueOf } from "./values.js";
import { bytesOf } from "./wire.js";

const RESTING = 150; // milliseconds without a turn before a surface is drawn finely

/** @param {Sent} sent */
async function decoded(sent) {
  const fresh = new Image(), background = bytesOf(sent);
  fresh.alt = "";
  if (!background.byteLength) return fresh;
  const url = URL.createObjectURL(new Blob([background], { type: "image/png" }));
  fresh.src = url;
  await fresh.decode().catch(() => {});
  URL.revokeObjectURL(url);
  return fresh;
}

/** A program's JSON, which travels deflated. @param {Sent} sent @returns {Promise<Data>} */
async function inflated(sent) {
  const whole = new Blob([bytesOf(sent)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(whole).text());
}

/**
 * @param {() => Board} board
 * @param {(shown: Shown|null) => void} after what follows when the state was looked at, and drawn where it can be
 */
export function stageOf(board, after) {
  let image = new Image();
  image.alt = "";
  const canvas = element("canvas", "", { "aria-hidden": "true" });
  const el = element("div", "gw-stage", { role: "group", "aria-label": "picture" }, image, canvas);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {unknown} */
  let painted = null; // the background that the image shows
  /** @type {Painted|null} */
  let spec = null;
  /** @type {Replay|null} */
  let replay = null;
  /** @type {{packed: Sent, constants: Sent, program: ReturnType<programOf>}|null} */
  let ready = null; // a program serves many pictures
  /** @type {Shown|null} */
  let shown = null;
  let [width, latest] = [0, 0]; // of the stage, in pixels; the background asked for last
  let [frame, rest, soon] = [0, 0, 0]; // timers
  const surface = keptSurfaces((refine) => {
    clearTimeout(rest);
    rest = window.setTimeout(() => (refine(), later()), RESTING);
  });

  const paint = (/** @type {Shown} */ { spec, numbers, old }) => {
    const sharp = (width / spec.width) * devicePixelRatio;
    const [across, down] = [Math.round(spec.width * sharp), Math.round(spec.height * sharp)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
    ctx.clearRect(0, 0, spec.width, spec.height);
    draw(ctx, spec, numbers, surface, old);
  };
  /** Work on what comes later, while nothing else asks for a frame. */
  const goOn = () => {
    if (replay?.goOn()) later();
    else soon = window.setTimeout(goOn);
  };
  const redraw = () => {
    frame = 0;
    clearTimeout(soon);
    const values = spec?.controls.map((control) => valueOf(board().get, control)) ?? [];
    // What belongs to a picture that is still being decoded has no values here.
    const now = values.every(Number.isFinite) ? replay?.at(values) : null;
    if (!now || !width) return after(null);
    shown = now;
    paint(now);
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
    await null; // picture, program, background change in one message: let all of them arrive
    if (turn !== latest || board().signal.aborted) return;
    const { get, signal } = board();
    const [next, packed, constants, background] = ["_picture", "_program", "_constants", "_background"].map(get);
    if (!next?.marks) return;
    const fresh = background === painted ? image : await decoded(background);
    const program = packed && bytesOf(packed).byteLength ? await readied(next, packed, constants) : null;
    if (signal.aborted || turn !== latest) return;
    image.replaceWith(fresh);
    [image, painted, spec] = [fresh, background, next];
    replay = program ? replayOf(next, program) : sentOf(next, () => get("_numbers"));
    el.style.aspectRatio = `${next.width} / ${next.height}`;
    later();
  };
  const measure = () => {
    width = el.clientWidth; // asked for here alone: it makes the browser lay out the page
    later();
    return width;
  };
  const end = () => {
    cancelAnimationFrame(frame);
    [rest, soon].forEach((timer) => clearTimeout(timer));
  };
  return { el, repaint, later, measure, end, shown: () => shown, width: () => width };
}
