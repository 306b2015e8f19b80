// @ts-check
/**
 * The life of one view of the live canvas: its elements, the pointer, the keys, the clean-up.
 *
 * Everything drawn is in draw.js and surface.js, all that a press means in touch.js; they stand
 * before this file in the same module.
 */

const RESTING = 150; // milliseconds without a turn before a surface is drawn finely
const PATIENCE = 5000; // milliseconds without an answer before the reader is told

const element = (tag, className, attributes = {}) => {
  const made = Object.assign(document.createElement(tag), { className });
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
};

/** One view of a canvas model. */
function render({ model, el }) {
  const stage = element("div", "gw-stage");
  let image = new Image();
  let painted = null; // the background that the image shows
  // Jupyter's own shortcuts and menus leave the keys alone only where this very element says so.
  const canvas = element("canvas", "", { tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-roledescription": "picture with handles", "aria-label": "Arrow keys move the handle, Page Up and Page Down choose another, Home returns." }); // prettier-ignore
  const captions = element("div", "gw-captions");
  const note = element("div", "gw-note", { role: "alert" });
  const spoken = element("div", "gw-spoken", { "aria-live": "polite" });
  stage.append(image, canvas);
  el.classList.add("gw-canvas");
  el.append(stage, note, captions, spoken);

  const ctx = canvas.getContext("2d");
  const stop = new AbortController();
  let spec = /** @type {Spec|null} */ (null);
  let numbers = /** @type {Numbers|null} */ (null);
  let latest = 0; // background asked for
  let shownWidth = 0;
  let active = 0; // which handle the keys move
  let drag = null;
  let turned = null; // what a drag made of a space's view, until Python has answered
  let patience, speech, rest;
  const surface = keptSurfaces((refine) => {
    clearTimeout(rest);
    rest = setTimeout(() => (refine(), redraw()), RESTING);
  });

  const seen = () => (turned ? turnNumbers(spec, numbers, turned.panel, turned.turn) : numbers);
  const redraw = () => {
    // Numbers that came with another spec belong to a background that is still being decoded.
    if (spec && model.get("spec") === spec) numbers = unpack(model.get("numbers"), spec) ?? numbers;
    if (!spec || !numbers || !shownWidth) return;
    const scale = shownWidth / spec.width;
    const sharp = scale * devicePixelRatio;
    const [width, height] = [Math.round(spec.width * sharp), Math.round(spec.height * sharp)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
    ctx.clearRect(0, 0, spec.width, spec.height);
    draw(ctx, spec, seen(), surface);
    if (document.activeElement === canvas) ring(handles(spec, seen())[active]?.at);
    write();
  };
  const ring = (at) => {
    if (!at) return;
    ctx.strokeStyle = INK;
    ctx.lineWidth = 2;
    ctx.setLineDash([3, 3]);
    ctx.strokeRect(at[0] - 13, at[1] - 13, 26, 26);
    ctx.setLineDash([]);
  };
  const write = () => {
    const lines = spec.marks.filter(({ panel }) => !panel).map((mark) => [labelText(mark, numbers), mark.color]);
    const shown = lines.filter(([text]) => text);
    while (captions.children.length < shown.length) captions.append(element("p", ""));
    while (captions.children.length > shown.length) captions.lastChild.remove();
    shown.forEach(([text, color], k) => {
      if (captions.children[k].textContent !== text) captions.children[k].textContent = text;
      captions.children[k].style.color = color;
    });
    clearTimeout(speech);
    speech = setTimeout(() => (spoken.textContent = shown[0]?.[0] ?? ""), 200);
  };
  const decoded = async (background) => {
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
  const send = (values, more = {}) => {
    tick = performance.now();
    model.set("gesture", { tick, values, ...more });
    model.save_changes();
    clearTimeout(patience);
    patience = setTimeout(() => {
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

  const pixel = (event) => {
    const scale = spec.width / stage.clientWidth;
    const { left, top } = stage.getBoundingClientRect();
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  const on = (type, listener, options = {}) => canvas.addEventListener(type, listener, { signal: stop.signal, ...options });
  on("pointerdown", (event) => {
    if (!numbers || event.button) return;
    const at = pixel(event);
    const tick = pressedTick(spec, seen(), ...at);
    const picked = tick ? null : pick(spec, seen(), ...at, event.pointerType !== "touch");
    if (!tick && !picked) return;
    if (picked) {
      active = handles(spec, seen()).findIndex(({ mark }) => mark === picked.mark);
      drag = { mark: picked.mark, numbers: seen(), offset: [picked.at[0] - at[0], picked.at[1] - at[1]] };
      canvas.setPointerCapture(event.pointerId);
    }
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    if (tick) send({}, { pressed: tick.name });
    else send(dragValues(spec, drag.numbers, drag.mark, ...picked.at));
  });
  const pull = (values) => {
    send(values);
    if (!isKnob(spec, drag.mark)) return;
    turned = { panel: drag.mark.panel, turn: drag.mark.moves.map((name) => values[name]) };
    redraw();
  };
  on("pointermove", (event) => {
    if (!numbers) return;
    const [x, y] = pixel(event);
    if (drag) pull(dragValues(spec, drag.numbers, drag.mark, x + drag.offset[0], y + drag.offset[1]));
    else if (pressedTick(spec, seen(), x, y)) canvas.style.cursor = "pointer";
    else canvas.style.cursor = pick(spec, seen(), x, y, false) ? "grab" : "crosshair";
  });
  const release = () => (drag = null);
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((type) => on(type, release));
  // A finger on a handle drags it, on a tick it presses it; elsewhere it scrolls the page.
  on("touchstart", (event) => {
    const at = numbers && pixel(event.touches[0]);
    if (at && (pressedTick(spec, seen(), ...at) || pick(spec, seen(), ...at, false))) event.preventDefault();
  }, { passive: false }); // prettier-ignore
  const choose = (step) => {
    const count = handles(spec, seen()).length;
    active = (Math.max(active, 0) + step + count) % count;
    redraw();
  };
  on("keydown", (event) => {
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (numbers && step && handles(spec, seen()).length > 1) {
      event.preventDefault();
      event.stopPropagation();
      return choose(step);
    }
    const handle = numbers && !event.ctrlKey && !event.metaKey && handles(spec, seen())[active];
    const values = handle && keyValues(spec, seen(), handle.mark, event);
    if (!values) return;
    event.preventDefault();
    event.stopPropagation();
    send(values);
  });
  // Notebook 7 keeps the arrow keys from a slider, too, unless its own handle says this.
  const keepKeys = ({ target }) =>
    target.matches?.(".gw-explorer .noUi-handle") && target.setAttribute("data-lm-suppress-shortcuts", "true");
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
