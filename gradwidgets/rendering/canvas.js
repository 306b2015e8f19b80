// @ts-check
/**
 * The live canvas: in front of a painted background, the scene's numbers drawn by the browser.
 *
 * Pixels are those of the painted picture, y downwards; the stage scales them to its own width.
 *
 * @typedef {{box: [number, number, number, number], x: [number, number], y: [number, number]}} Panel
 * @typedef {{name: string, low: number, high: number, step: number, start: number}} Control
 * @typedef {{kind: string, name: string, panel: string, color: string, width: number, size: number,
 *   dash: number[], along: number[]|null, texts: string[], shape: string,
 *   moves: (string|null)[], geometry: [number, number], readings: [number, number]}} Mark
 * @typedef {{width: number, height: number, readings: number, geometry: number, marks: Mark[],
 *   controls: Control[], panels: Object<string, Panel>}} Spec
 * @typedef {{readings: Float64Array, geometry: Float32Array}} Numbers
 */

const INK = "#1F2933";
const FONT = '"DejaVu Sans", "Helvetica Neue", Arial, sans-serif';
const ASIDE = 9; // how far a label keeps from its place
const GRAB = 26; // how near to a handle a press takes hold of it
const PATIENCE = 5000; // milliseconds without an answer before the reader is told

/** @param {Panel} panel @returns {[number, number]} */
export function dataToPixel({ box: [left, top, width, height], x, y }, dataX, dataY) {
  return [
    left + ((dataX - x[0]) / (x[1] - x[0])) * width,
    top + ((y[1] - dataY) / (y[1] - y[0])) * height,
  ];
}

/** @param {Panel} panel @returns {[number, number]} */
export function pixelToData({ box: [left, top, width, height], x, y }, pixelX, pixelY) {
  return [
    x[0] + ((pixelX - left) / width) * (x[1] - x[0]),
    y[1] - ((pixelY - top) / height) * (y[1] - y[0]),
  ];
}

/** The nearest value of a grid of steps within a control's range. @param {Control} control */
export function snap({ low, high, step }, value, grid = step) {
  const near = Number((Math.round(value / grid) * grid).toFixed(12));
  return Math.min(Math.max(near, low), high);
}

/** A number for a reader; pictures/scene.py has the same function, and a test compares them. */
export function formatNumber(value, decimals) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "undefined" : value < 0 ? "−∞" : "∞";
  let size = Math.abs(value);
  if (size < 1e-12) value = size = 0;
  let power = "";
  if (size >= 1e6 || (size > 0 && size < 0.5 * 10 ** -decimals)) {
    const exponent = Math.floor(Math.log10(size));
    value /= 10 ** exponent;
    power = "·10" + [...String(exponent)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("");
  }
  return value.toFixed(decimals).replace("-", "−") + power;
}

/** Slots {width.decimals} filled in turn, {width.decimals@index} by number. */
export function fill(template, values) {
  let turn = 0;
  return template.replace(/\{(\d*)\.(\d)(?:@(\d+))?\}/g, (_, width, decimals, index) =>
    formatNumber(values[index ?? turn++], +decimals).padStart(+width, "\u2007"),
  );
}

/** The seven corners of an arrow, its tip the fourth; a short one is all head. */
export function arrowOutline(x0, y0, x1, y1, width) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 1e-6) return Array(7).fill([x1, y1]);
  const full = 3 + 3.2 * width;
  const head = Math.min(full, length);
  const shaft = (width / 2) * Math.min(1, length / full);
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const at = (back, side) => [x1 - back * ux - side * uy, y1 - back * uy + side * ux];
  const barb = 0.42 * head;
  return [at(length, shaft), at(head, shaft), at(head, barb), [x1, y1],
    at(head, -barb), at(head, -shaft), at(length, -shaft)]; // prettier-ignore
}

/** What `pack` in canvas.py wrote, or null where it belongs to another spec. @param {Spec} spec */
export function unpack(/** @type {DataView} */ bytes, spec) {
  const split = 8 * spec.readings;
  if (bytes.byteLength !== split + 4 * spec.geometry) return null;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return { readings: new Float64Array(buffer, 0, spec.readings), geometry: new Float32Array(buffer, split) };
}

const part = (array, [start, count]) => array.subarray(start, start + count);

/** A label's text, or "" where it is hidden. @param {Mark} mark @param {Numbers} numbers */
export function labelText(mark, numbers) {
  const [choice, ...values] = part(numbers.readings, mark.readings);
  return choice < 0 ? "" : fill(mark.texts[choice], values);
}

/** The handles with their places in pixels. @param {Spec} spec @param {Numbers} numbers */
export function handles(spec, numbers) {
  return spec.marks
    .filter((mark) => mark.moves?.some((name) => name !== null))
    .map((mark) => ({ mark, at: dataToPixel(spec.panels[mark.panel], ...part(numbers.geometry, mark.geometry)) }));
}

const painters = {
  Polyline(ctx, panel, mark, numbers) {
    ctx.strokeStyle = mark.color;
    ctx.lineWidth = mark.width;
    ctx.setLineDash(mark.dash);
    ctx.beginPath();
    let open = false;
    const count = mark.along ? numbers.length : numbers.length / 2;
    for (let i = 0; i < count; i++) {
      const x = mark.along ? mark.along[i] : numbers[2 * i];
      const y = mark.along ? numbers[i] : numbers[2 * i + 1];
      const [px, py] = dataToPixel(panel, x, y);
      const there = Number.isFinite(px) && Math.abs(py) < 1e7;
      if (there) open ? ctx.lineTo(px, py) : ctx.moveTo(px, py);
      open = there;
    }
    ctx.stroke();
    ctx.setLineDash([]);
  },
  Arrow(ctx, panel, mark, numbers) {
    ctx.fillStyle = mark.color;
    for (let i = 0; i < numbers.length; i += 4) {
      const tail = dataToPixel(panel, numbers[i], numbers[i + 1]);
      const tip = dataToPixel(panel, numbers[i + 2], numbers[i + 3]);
      if (![...tail, ...tip].every(Number.isFinite)) continue;
      ctx.beginPath();
      arrowOutline(...tail, ...tip, mark.width).forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
      ctx.fill();
    }
  },
  Marker(ctx, panel, mark, numbers) {
    const handle = mark.moves.some((name) => name !== null);
    const radius = (mark.size * (handle ? 1.4 : 1)) / 2;
    ctx.fillStyle = mark.color;
    ctx.strokeStyle = handle ? INK : "white";
    ctx.lineWidth = handle ? 2 : 1;
    for (let i = 0; i < numbers.length; i += 2) {
      const [x, y] = dataToPixel(panel, numbers[i], numbers[i + 1]);
      ctx.beginPath();
      if (mark.shape === "diamond") [[0, -1], [1, 0], [0, 1], [-1, 0]].forEach(([dx, dy]) => ctx.lineTo(x + 1.06 * radius * dx, y + 1.06 * radius * dy));
      else if (mark.shape === "square") ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      else ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
  },
  Label(ctx, panel, mark, [x, y, across, up], text) {
    const [px, py] = dataToPixel(panel, x, y);
    if (!text || !Number.isFinite(px + py)) return;
    const length = Math.hypot(across, up) || 1;
    const side = (/** @type {number} */ component) => (component < -0.38 ? -1 : component > 0.38 ? 1 : 0);
    ctx.font = `${mark.size}px ${FONT}`;
    const half = [ctx.measureText(text).width / 2, 0.55 * mark.size];
    const [left, top, width, height] = panel.box;
    const within = (centre, low, size, reach) => Math.min(Math.max(centre, low + 2 + reach), low + size - 2 - reach);
    const centreX = within(px + (ASIDE * across) / length + half[0] * side(across / length), left, width, half[0]);
    const centreY = within(py - (ASIDE * up) / length - half[1] * side(up / length), top, height, half[1]);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.strokeStyle = "white";
    ctx.lineWidth = 3.6;
    ctx.lineJoin = "round";
    ctx.strokeText(text, centreX, centreY);
    ctx.fillStyle = mark.color;
    ctx.fillText(text, centreX, centreY);
  },
};

/** Draw every mark of a panel. @param {CanvasRenderingContext2D} ctx @param {Spec} spec @param {Numbers} numbers */
export function draw(ctx, spec, numbers) {
  for (const mark of spec.marks.filter(({ panel }) => panel)) {
    const panel = spec.panels[mark.panel];
    const clipped = mark.kind === "Polyline" || mark.kind === "Arrow";
    ctx.save();
    if (clipped) {
      ctx.beginPath();
      ctx.rect(...panel.box);
      ctx.clip();
    }
    const text = mark.kind === "Label" ? labelText(mark, numbers) : "";
    painters[mark.kind](ctx, panel, mark, part(numbers.geometry, mark.geometry), text);
    ctx.restore();
  }
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * The control values that a key asks for, or null: arrows move, Shift ten times coarser, Alt ten
 * times finer, Home returns to the start.
 * @param {Spec} spec @param {Numbers} numbers @param {Mark} mark
 */
export function keyValues(spec, numbers, mark, { key, shiftKey, altKey }) {
  const turns = ARROWS[key];
  if (!turns && key !== "Home") return null;
  const factor = 10 * (shiftKey ? 10 : 1) * (altKey ? 0.1 : 1);
  const values = {};
  mark.moves.forEach((name, axis) => {
    const place = spec.controls.findIndex((control) => control.name === name);
    if (place < 0) return;
    const control = spec.controls[place];
    const moved = numbers.readings[place] + (turns?.[axis] ?? 0) * factor * control.step;
    values[name] = turns ? snap(control, moved, control.step / 1000) : control.start;
  });
  return values;
}

/** The control values for a handle at a pixel. @param {Spec} spec @param {Mark} mark */
export function dragValues(spec, mark, pixelX, pixelY) {
  const data = pixelToData(spec.panels[mark.panel], pixelX, pixelY);
  const values = {};
  mark.moves.forEach((name, axis) => {
    const control = spec.controls.find((candidate) => candidate.name === name);
    if (control) values[control.name] = snap(control, data[axis]);
  });
  return values;
}

/** The handle that a press takes hold of: one near by, else the one of the panel pressed. */
export function pick(spec, numbers, pixelX, pixelY, anywhere) {
  const near = handles(spec, numbers)
    .map((handle) => ({ ...handle, distance: Math.hypot(handle.at[0] - pixelX, handle.at[1] - pixelY) }))
    .sort((a, b) => a.distance - b.distance);
  if (near[0]?.distance <= GRAB || !anywhere) return near[0]?.distance <= GRAB ? near[0] : null;
  const inside = ({ box: [left, top, width, height] }) =>
    pixelX >= left && pixelX <= left + width && pixelY >= top && pixelY <= top + height;
  const pressed = near.find(({ mark }) => inside(spec.panels[mark.panel]));
  return pressed ? { ...pressed, at: [pixelX, pixelY] } : null;
}

const element = (tag, className, attributes = {}) => {
  const made = Object.assign(document.createElement(tag), { className });
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
};

/** One view of a canvas model. */
function render({ model, el }) {
  const stage = element("div", "gw-stage");
  let image = new Image();
  // Jupyter's own shortcuts and menus leave the keys alone only where this very element says so.
  const canvas = element("canvas", "", { tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-roledescription": "picture with handles", "aria-label": "Arrow keys move the handle, Home returns." }); // prettier-ignore
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
  let active = 0; // which handle the keys move
  let drag = null;
  let patience, speech;

  const redraw = () => {
    numbers = (spec && unpack(model.get("numbers"), spec)) ?? numbers;
    if (!spec || !numbers || !stage.clientWidth) return;
    const scale = stage.clientWidth / spec.width;
    const sharp = scale * devicePixelRatio;
    const [width, height] = [Math.round(spec.width * sharp), Math.round(spec.height * sharp)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
    ctx.clearRect(0, 0, spec.width, spec.height);
    draw(ctx, spec, numbers);
    if (document.activeElement === canvas) ring(handles(spec, numbers)[active]?.at);
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
  const repaint = async () => {
    const next = model.get("spec");
    const url = URL.createObjectURL(new Blob([model.get("background")], { type: "image/png" }));
    const fresh = new Image();
    fresh.src = url;
    await fresh.decode().catch(() => {});
    URL.revokeObjectURL(url);
    if (stop.signal.aborted || next !== model.get("spec")) return; // a newer one is on its way
    image.replaceWith(fresh);
    [image, spec, numbers] = [fresh, next, null];
    stage.style.aspectRatio = `${spec.width} / ${spec.height}`;
    redraw();
  };
  const say = () => (note.textContent = model.get("note"));
  const send = (values) => {
    model.set("gesture", { tick: performance.now(), values });
    model.save_changes();
    clearTimeout(patience);
    patience = setTimeout(() => {
      note.textContent = "Waiting for Python. If nothing happens, run this cell again.";
    }, PATIENCE);
  };
  const answered = () => {
    clearTimeout(patience);
    say();
  };
  const measure = () => {
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
    const picked = pick(spec, numbers, ...at, event.pointerType !== "touch");
    if (!picked) return;
    active = handles(spec, numbers).findIndex(({ mark }) => mark === picked.mark);
    drag = { mark: picked.mark, offset: [picked.at[0] - at[0], picked.at[1] - at[1]] };
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    send(dragValues(spec, drag.mark, ...picked.at));
  });
  on("pointermove", (event) => {
    if (!numbers) return;
    const [x, y] = pixel(event);
    if (drag) send(dragValues(spec, drag.mark, x + drag.offset[0], y + drag.offset[1]));
    else canvas.style.cursor = pick(spec, numbers, x, y, false) ? "grab" : "crosshair";
  });
  const release = () => (drag = null);
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((type) => on(type, release));
  // A finger on a handle drags it; elsewhere it scrolls the page.
  on("touchstart", (event) => {
    if (numbers && pick(spec, numbers, ...pixel(event.touches[0]), false)) event.preventDefault();
  }, { passive: false }); // prettier-ignore
  on("keydown", (event) => {
    const handle = numbers && !event.ctrlKey && !event.metaKey && handles(spec, numbers)[active];
    const values = handle && keyValues(spec, numbers, handle.mark, event);
    if (!values) return;
    event.preventDefault();
    event.stopPropagation();
    send(values);
  });
  on("focus", redraw);
  on("blur", redraw);

  const listeners = { "change:background": repaint, "change:numbers": redraw, "change:note": say, "change:answered": answered };
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
    Object.entries(listeners).forEach(([name, listener]) => model.off(name, listener));
  };
}

export default { render };
