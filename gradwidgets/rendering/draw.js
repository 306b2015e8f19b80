// @ts-check
/**
 * Scenes drawn by the browser: pure functions of a spec and its numbers, the partner of paint.py.
 *
 * Pixels are those of the painted picture, y downwards. canvas.py joins this file, surface.js,
 * touch.js and canvas.js into one module, because a widget's front end is a single file without
 * imports.
 *
 * @typedef {{box: [number, number, number, number], x: [number, number], y: [number, number],
 *   space: Space|null}} Panel
 * @typedef {{name: string, low: number, high: number, step: number, start: number,
 *   scale: string, cyclic: boolean}} Control
 * @typedef {{kind: string, name: string, panel: string, color: string, width: number, size: number,
 *   dash: number[], along: number[]|null, fill: string, dots: number, texts: string[],
 *   above: boolean, aside: number, flat: boolean, low: string, high: string, shape: string,
 *   moves: (string|null)[], sets: (string|null)[], origin: string,
 *   slices: [number, number][]}} Mark
 * @typedef {{width: number, height: number, sizes: [number, number, number], marks: Mark[],
 *   controls: Control[], panels: Object<string, Panel>}} Spec
 * @typedef {{readings: Float64Array, geometry: Float32Array, curves: Int16Array}} Numbers
 */

const INK = "#1F2933";
const FONT = '"DejaVu Sans", "Helvetica Neue", Arial, sans-serif';
const HEIGHT = 8192; // of a panel, in the units of a packed curve
const TITLE = 30; // the height of a title's line above its panel
const FAR = 1e7; // pixels: what is farther away is not drawn

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

/** A number for a reader; calculus/wording.py has the same functions, and a test compares them. */
export function formatNumber(value, decimals, power = null) {
  if (!Number.isFinite(value)) return noNumber(value);
  let exponent = power ?? 0;
  let share = inUnits(value, exponent);
  const most = power === 0 ? 1e15 : 1e6;
  if (Math.abs(share) >= most || (value !== 0 && Math.abs(share) < 0.5 * 10 ** -decimals)) {
    exponent = Math.floor(Math.log10(Math.abs(value)));
    if (Math.abs(+inUnits(value, exponent).toFixed(decimals)) >= 10) exponent += 1;
    share = inUnits(value, exponent);
  }
  const text = (share + 0).toFixed(decimals).replace("-", "−"); // of −0 nothing but 0 is left
  return exponent ? `${text}·${powerOfTen(exponent)}` : text;
}

/** A number of any size in three digits that count. */
export function threeDigits(value) {
  if (!Number.isFinite(value)) return noNumber(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(2).split("e"); // rounded: 9.999 is 1.00e1
  const plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5;
  const text = plain ? value.toFixed(Math.max(0, 2 - exponent)) : `${mantissa}·${powerOfTen(+exponent)}`;
  return text.replace("-", "−");
}

const noNumber = (value) => (Number.isNaN(value) ? "undefined" : value < 0 ? "−∞" : "∞");
/** A number in units of a power of ten, of which the least is no float. */
const inUnits = (value, exponent) =>
  exponent < -300 ? (value * 1e300) / Number(`1e${exponent + 300}`) : value / Number(`1e${exponent}`);
const raised = (digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)];
const powerOfTen = (exponent) => `10${[...String(exponent)].map(raised).join("")}`;

/** Slots {width.decimals}, {width.decimalse-8} and {g} filled in turn, with @index by number. */
export function fill(template, values) {
  let turn = 0;
  return template.replace(/\{(?:(\d*)\.(\d+)(?:e(-?\d+))?|g)(?:@(\d+))?\}/g, (_, width, decimals, power, index) => {
    const value = values[index ?? turn++];
    if (decimals === undefined) return threeDigits(value);
    return formatNumber(value, +decimals, power === undefined ? null : +power).padStart(+width, "\u2007");
  });
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
export function unpack(/** @type {DataView} */ bytes, { sizes: [readings, geometry, curves] }) {
  const [first, second] = [8 * readings, 8 * readings + 4 * geometry];
  if (bytes.byteLength !== second + 2 * curves) return null;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return {
    readings: new Float64Array(buffer, 0, readings),
    geometry: new Float32Array(buffer, first, geometry),
    curves: new Int16Array(buffer, second, curves),
  };
}

const readingsOf = (mark, numbers) => numbers.readings.subarray(...mark.slices[0]);

const unpacked = (height) => (height === -32768 ? NaN : height / HEIGHT);
const packed = (share) => Math.min(Math.max(Math.round(share * HEIGHT), -32767), 32767);

/** A mark's geometry as it was packed: places are shares of the panel, in a space coarser ones. */
function sharesOf(mark, { space }, numbers) {
  if (space) return Array.from(numbers.curves.subarray(...mark.slices[2]), unpacked);
  return Array.from(numbers.geometry.subarray(...mark.slices[1]));
}

/** A mark's places in data coordinates, x and y in turn. */
function placesOf(mark, panel, numbers) {
  const { x, y } = panel;
  return sharesOf(mark, panel, numbers).map((share, k) => (k % 2 ? y[0] + share * (y[1] - y[0]) : x[0] + share * (x[1] - x[0])));
}

/** The points of a line in data coordinates, x and y in turn. @param {Mark} mark */
export function linePoints(mark, panel, numbers) {
  if (!mark.along) return placesOf(mark, panel, numbers);
  const [low, high] = panel.y;
  const heights = numbers.curves.subarray(...mark.slices[2]);
  return mark.along.flatMap((x, k) => [x, low + unpacked(heights[k]) * (high - low)]);
}

/** A label's text, or "" where it is hidden. @param {Mark} mark @param {Numbers} numbers */
export function labelText(mark, numbers) {
  const [choice, ...values] = readingsOf(mark, numbers);
  return choice < 0 ? "" : fill(mark.texts[choice], values);
}

const pairs = (panel, numbers) =>
  Array.from({ length: numbers.length / 2 }, (_, k) => dataToPixel(panel, numbers[2 * k], numbers[2 * k + 1]));
const near = ([px, py]) => Number.isFinite(px) && Math.abs(py) < FAR;

const CORNERS = {
  diamond: [[0, -1.06], [1.06, 0], [0, 1.06], [-1.06, 0]],
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  triangle: [[0, -1], [1, 1], [-1, 1]],
  "triangle down": [[0, 1], [-1, -1], [1, -1]],
}; // prettier-ignore
const isHandle = (mark) => Boolean(mark.moves?.some((name) => name !== null));
const isTick = (mark) => Boolean(mark.sets?.some((name) => name !== null));

const painters = {
  Polyline(ctx, panel, mark, numbers) {
    const places = pairs(panel, numbers);
    if (mark.fill && places.every(([px, py]) => Math.abs(px) < FAR && Math.abs(py) < FAR)) {
      ctx.fillStyle = mark.fill;
      ctx.beginPath();
      places.forEach((place) => ctx.lineTo(...place));
      ctx.fill();
    }
    if (mark.width) {
      ctx.strokeStyle = mark.color;
      ctx.lineWidth = mark.width;
      ctx.setLineDash(mark.dash);
      ctx.beginPath();
      places.forEach((place, k) => near(place) && (k && near(places[k - 1]) ? ctx.lineTo(...place) : ctx.moveTo(...place)));
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (mark.dots) {
      ctx.fillStyle = mark.color;
      ctx.beginPath();
      places.filter(near).forEach(([px, py]) => {
        ctx.moveTo(px + mark.dots / 2, py);
        ctx.arc(px, py, mark.dots / 2, 0, 2 * Math.PI);
      });
      ctx.fill();
    }
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
    const ringed = isHandle(mark) || isTick(mark);
    const radius = (mark.size * (isHandle(mark) ? 1.4 : 1)) / 2;
    ctx.fillStyle = mark.color;
    ctx.strokeStyle = ringed ? INK : "white";
    ctx.lineWidth = ringed ? 2 : 1;
    for (const [x, y] of pairs(panel, numbers)) {
      ctx.beginPath();
      if (mark.shape === "circle") ctx.arc(x, y, radius, 0, 2 * Math.PI);
      else CORNERS[mark.shape].forEach(([dx, dy]) => ctx.lineTo(x + radius * dx, y + radius * dy));
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
  },
  Label(ctx, panel, mark, [x, y], text, [across, up]) {
    const [px, py] = dataToPixel(panel, x, y);
    if (!text || !(Math.max(Math.abs(px), Math.abs(py)) < FAR)) return;
    const length = Math.hypot(across, up) || 1;
    const side = (/** @type {number} */ component) => (component < -0.38 ? -1 : component > 0.38 ? 1 : 0);
    ctx.font = `${mark.size}px ${FONT}`;
    const half = [ctx.measureText(text).width / 2, 0.55 * mark.size];
    const [left, top, width, height] = panel.box;
    const within = (centre, low, size, reach) => Math.min(Math.max(centre, low + 2 + reach), low + size - 2 - reach);
    const centreX = within(px + (mark.aside * across) / length + half[0] * side(across / length), left, width, half[0]);
    const extra = mark.above ? TITLE : 0;
    const centreY = within(py - (mark.aside * up) / length - half[1] * side(up / length), top - extra, height + extra, half[1]);
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

/**
 * Draw every mark of a panel; `surface` draws the surfaces among them.
 * @param {CanvasRenderingContext2D} ctx @param {Spec} spec @param {Numbers} numbers
 */
export function draw(ctx, spec, numbers, surface = drawSurface) {
  for (const mark of spec.marks.filter(({ kind, panel }) => panel && kind !== "Depths")) {
    const panel = spec.panels[mark.panel];
    if (mark.kind === "Surface") {
      surface(ctx, panel, mark, ...readingsOf(mark, numbers));
      continue;
    }
    const clipped = mark.kind === "Polyline" || (mark.kind === "Arrow" && !mark.free);
    ctx.save();
    if (clipped) {
      ctx.beginPath();
      ctx.rect(...panel.box);
      ctx.clip();
    }
    const text = mark.kind === "Label" ? labelText(mark, numbers) : "";
    const own = mark.kind === "Polyline" ? linePoints(mark, panel, numbers) : placesOf(mark, panel, numbers);
    const aside = sharesOf(mark, panel, numbers).slice(2);
    painters[mark.kind](ctx, panel, mark, own, text, aside);
    ctx.restore();
  }
}
