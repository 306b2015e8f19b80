/**
 * The life of one view of the live canvas: its elements, the pointer, the keys, the clean-up.
 *
 * Everything drawn is in draw.js, all that a press means in touch.js.
 *
 * @import { Marker, Numbers, Pair, Spec } from "./wire.js"
 *
 * @typedef {{get(name: string): any, set(name: string, value: unknown): void, save_changes(): void,
 *   on(name: string, listener: () => void): void, off(name: string, listener: () => void): void}} Model
 * @typedef {{mark: Marker, numbers: Numbers, offset: Pair}} Drag `numbers` from when it was grabbed
 * @typedef {{panel: string, values: Record<string, number>}} Turned
 */
import { draw } from "./draw.js";
import { labelText } from "./label.js";
import { INK } from "./look.js";
import { keptSurfaces } from "./surface.js";
import { dragValues, handles, isKnob, keyValues, pick, pressedTick } from "./touch.js";
import { unpack } from "./wire.js";

const RESTING = 150; // milliseconds without a turn before a surface is drawn finely
const PATIENCE = 5000; // milliseconds without an answer before the reader is told

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
const element = (tag, className, attributes = {}) => {
  const made = Object.assign(document.createElement(tag), { className });
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
};

/** One view of a canvas model. @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const stage = element("div", "gw-stage");
  let image = new Image();
  /** @type {DataView|null} */
  let painted = null; // the background that the image shows
  // Jupyter's own shortcuts and menus leave the keys alone only where this very element says so.
  const canvas = element("canvas", "", { tabindex: "0", role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-roledescription": "picture with handles", "aria-label": "Arrow keys move the handle, Page Up and Page Down choose another, Home returns." }); // prettier-ignore
  const captions = element("div", "gw-captions");
  const note = element("div", "gw-note", { role: "alert" });
  const spoken = element("div", "gw-spoken", { "aria-live": "polite" });
  stage.append(image, canvas);
  el.classList.add("gw-canvas");
  el.append(stage, note, captions, spoken);

  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const stop = new AbortController();
  /** @type {Spec} */
  let spec; // there is one wherever there are numbers
  /** @type {Numbers|null} */
  let numbers = null;
  let latest = 0; // background asked for
  let shownWidth = 0;
  let active = 0; // which handle the keys move
  /** @type {Drag|null} */
  let drag = null;
  /** @type {Turned|null} */
  let turned = null; // from where a drag lets a space be seen, until Python has answered
  let [patience, speech, rest] = [0, 0, 0]; // timers
  const surface = keptSurfaces((refine) => {
    clearTimeout(rest);
    rest = window.setTimeout(() => (refine(), redraw()), RESTING);
  });

  const seen = () => numbers && { ...numbers, values: { ...numbers.values, ...turned?.values } };
  const redraw = () => {
    // Numbers that came with another spec belong to a background that is still being decoded.
    if (spec && model.get("spec") === spec) numbers = unpack(model.get("numbers"), spec) ?? numbers;
    const shown = seen();
    if (!shown || !shownWidth) return;
    const scale = shownWidth / spec.width;
    const sharp = scale * devicePixelRatio;
    const [width, height] = [Math.round(spec.width * sharp), Math.round(spec.height * sharp)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
    ctx.clearRect(0, 0, spec.width, spec.height);
    draw(ctx, spec, shown, surface);
    if (document.activeElement === canvas) ring(handles(spec, shown)[active]?.at);
    write(shown);
  };
  const ring = (/** @type {Pair|undefined} */ at) => {
    if (!at) return;
    ctx.strokeStyle = INK;
    ctx.lineWidth = 2;
    ctx.setLineDash([3, 3]);
    ctx.strokeRect(at[0] - 13, at[1] - 13, 26, 26);
    ctx.setLineDash([]);
  };
  const write = (/** @type {Numbers} */ { marks }) => {
    const lines = spec.marks.flatMap((mark) =>
      mark.kind === "Label" && !mark.panel ? [[labelText(mark, marks[mark.name]), mark.color]] : []);
    const shown = lines.filter(([text]) => text);
    while (captions.children.length < shown.length) captions.append(element("p", ""));
    while (captions.children.length > shown.length) captions.lastElementChild?.remove();
    shown.forEach(([text, color], k) => {
      const line = /** @type {HTMLElement} */ (captions.children[k]);
      if (line.textContent !== text) line.textContent = text;
      line.style.color = color;
    });
    clearTimeout(speech);
    speech = window.setTimeout(() => (spoken.textContent = shown[0]?.[0] ?? ""), 200);
  };
  const decoded = async (/** @type {DataView<ArrayBuffer>} */ background) => {
    const url = URL.createObjectURL(new Blob([background], { type: "image/png" }));
    const fresh = new Image();
    fresh.src = url;
    await fresh.decode().catch(() => {});
    URL.revokeObjectURL(url);
    return fresh;
  };
  const repaint = async () => {
    const turn = ++latest;
    await null; // spec, numbers and background change in one message: let all of them arrive
    if (turn !== latest) return;
    const [next, background] = [model.get("spec"), model.get("background")];
    const fresh = background === painted ? image : await decoded(background);
    if (stop.signal.aborted || turn !== latest) return;
    image.replaceWith(fresh);
    [image, painted, spec, numbers] = [fresh, background, next, null];
    if (turned && !spec.panels[turned.panel]) turned = null;
    stage.style.aspectRatio = `${spec.width} / ${spec.height}`;
    redraw();
  };
  const say = () => (note.textContent = model.get("note"));
  let tick = 0; // of the last gesture
  const send = (/** @type {Record<string, number>} */ values, more = {}) => {
    tick = performance.now();
    model.set("gesture", { tick, values, ...more });
    model.save_changes();
    clearTimeout(patience);
    patience = window.setTimeout(() => {
      note.textContent = "Waiting for Python. If nothing happens, run this cell again.";
    }, PATIENCE);
  };
  const answered = () => {
    clearTimeout(patience);
    say();
    if (!turned || drag || model.get("answered") < tick) return;
    turned = null;
    redraw();
  };
  const measure = () => {
    shownWidth = stage.clientWidth; // asked for here alone: it makes the browser lay out the page
    const view = [Math.round(el.clientWidth), devicePixelRatio];
    if (!view[0] || String(view) === String(model.get("view"))) return redraw();
    model.set("view", view);
    model.save_changes();
    redraw();
  };

  /** @type {(event: {clientX: number, clientY: number}) => Pair} */
  const pixel = (event) => {
    const scale = spec.width / stage.clientWidth;
    const { left, top } = stage.getBoundingClientRect();
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  /**
   * @template {keyof HTMLElementEventMap} Type
   * @param {Type} type
   * @param {(event: HTMLElementEventMap[Type]) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  const on = (type, listener, options = {}) => canvas.addEventListener(type, listener, { signal: stop.signal, ...options });
  on("pointerdown", (event) => {
    const shown = seen();
    if (!shown || event.button) return;
    const at = pixel(event);
    const tick = pressedTick(spec, shown, ...at);
    const picked = tick ? null : pick(spec, shown, ...at, event.pointerType !== "touch");
    if (!tick && !picked) return;
    if (picked) {
      active = handles(spec, shown).findIndex(({ mark }) => mark === picked.mark);
      drag = { mark: picked.mark, numbers: shown, offset: [picked.at[0] - at[0], picked.at[1] - at[1]] };
      canvas.setPointerCapture(event.pointerId);
    }
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    if (picked) send(dragValues(spec, shown, picked.mark, ...picked.at));
    else send({}, { pressed: tick?.name });
  });
  const pull = (/** @type {Drag} */ { mark, numbers: grabbed, offset }, /** @type {Pair} */ [x, y]) => {
    const values = dragValues(spec, grabbed, mark, x + offset[0], y + offset[1]);
    send(values);
    if (!isKnob(spec, mark)) return;
    turned = { panel: mark.panel, values };
    redraw();
  };
  on("pointermove", (event) => {
    const shown = seen();
    if (!shown) return;
    const at = pixel(event);
    if (drag) pull(drag, at);
    else if (pressedTick(spec, shown, ...at)) canvas.style.cursor = "pointer";
    else canvas.style.cursor = pick(spec, shown, ...at, false) ? "grab" : "crosshair";
  });
  const release = () => (drag = null);
  on("pointerup", release);
  on("pointercancel", release);
  on("lostpointercapture", release);
  // A finger on a handle drags it, on a tick it presses it; elsewhere it scrolls the page.
  on("touchstart", (event) => {
    const shown = seen();
    if (!shown) return;
    const at = pixel(event.touches[0]);
    if (pressedTick(spec, shown, ...at) || pick(spec, shown, ...at, false)) event.preventDefault();
  }, { passive: false }); // prettier-ignore
  /** @type {Record<string, number>} */
  const PAGES = { PageUp: -1, PageDown: 1 };
  on("keydown", (event) => {
    const shown = seen();
    if (!shown) return;
    const [all, step] = [handles(spec, shown), PAGES[event.key]];
    if (step && all.length > 1) {
      event.preventDefault();
      event.stopPropagation();
      active = (Math.max(active, 0) + step + all.length) % all.length;
      redraw();
      return;
    }
    const handle = !event.ctrlKey && !event.metaKey && all[active];
    const values = handle && keyValues(spec, shown, handle.mark, event);
    if (!values) return;
    event.preventDefault();
    event.stopPropagation();
    send(values);
  });
  // Notebook 7 keeps the arrow keys from a slider, too, unless its own handle says this.
  const keepKeys = (/** @type {FocusEvent} */ { target }) => {
    if (target instanceof Element && target.matches(".gw-explorer .noUi-handle"))
      target.setAttribute("data-lm-suppress-shortcuts", "true");
  };
  document.addEventListener("focusin", keepKeys, { signal: stop.signal });
  on("focus", redraw);
  on("blur", redraw);

  const listeners = { "change:background": repaint, "change:spec": repaint, "change:numbers": redraw, "change:note": say, "change:answered": answered };
  Object.entries(listeners).forEach(([name, listener]) => model.on(name, listener));
  const watch = new ResizeObserver(measure);
  watch.observe(el);
  say();
  repaint();
  return () => {
    stop.abort();
    watch.disconnect();
    clearTimeout(patience);
    clearTimeout(speech);
    clearTimeout(rest);
    Object.entries(listeners).forEach(([name, listener]) => model.off(name, listener));
  };
}

export default { render };
