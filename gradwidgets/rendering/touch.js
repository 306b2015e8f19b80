// @ts-check
/**
 * What the pointer and the keys ask for: pure functions of a spec and its numbers.
 *
 * Which control values a drag or a key means, and what a press takes hold of.
 */

const GRAB = 26; // how near to a handle a press takes hold of it
const HALF_TURN = 180; // degrees for a drag across a space's panel
const PRESS = 14; // how near to a tick a press means it

/** A value brought into a control's range; where that is cyclic, round and round. */
const within = ({ low, high, cyclic }, value) =>
  cyclic && (value < low || value > high) ? value - (high - low) * Math.floor((value - low) / (high - low))
    : Math.min(Math.max(value, low), high); // prettier-ignore

/** The nearest value of a grid of steps within a control's range. @param {Control} control */
export function snap(control, value, grid = control.step) {
  return within(control, Number((Math.round(value / grid) * grid).toPrecision(15)));
}

/** The nearest value that a drag gives to a control. @param {Control} control */
const dragged = (control, value) =>
  control.scale === "log" ? within(control, Number(value.toPrecision(3))) : snap(control, value);

/** A control's value at a place of its axis, which where it is logarithmic counts in exponents. */
const valueAt = (control, coordinate) => dragged(control, control.scale === "log" ? 10 ** coordinate : coordinate);

/** A control's value after so many of a key's finest steps. @param {Control} control */
function stepped(control, value, count) {
  if (control.scale !== "log") return snap(control, value + count * control.step, control.step / 1000);
  return count ? within(control, Number((value * 10 ** (0.002 * count)).toPrecision(4))) : value;
}

const placed = (spec, numbers, wanted) =>
  spec.marks.filter(wanted).map((mark) => {
    const panel = spec.panels[mark.panel];
    return { mark, at: dataToPixel(panel, ...placesOf(mark, panel, numbers)) };
  });

/** The handles with their places in pixels. @param {Spec} spec @param {Numbers} numbers */
export const handles = (spec, numbers) => placed(spec, numbers, isHandle);

/** The marks that stand somewhere, the nearest first, with their distances from a pixel. */
const byDistance = (marks, pixelX, pixelY) =>
  marks
    .map((one) => ({ ...one, distance: Math.hypot(one.at[0] - pixelX, one.at[1] - pixelY) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance);

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * The control values that a key asks for, or null: arrows move, Shift ten times coarser, Alt ten
 * times finer, Home returns to the start.
 * @param {Spec} spec @param {Numbers} numbers @param {Mark} mark
 */
export function keyValues(spec, numbers, mark, { key, shiftKey, altKey }) {
  const turns = ARROWS[key];
  if (!turns && key !== "Home") return null;
  const count = 10 * (shiftKey ? 10 : 1) * (altKey ? 0.1 : 1);
  const values = {};
  mark.moves.forEach((name, axis) => {
    const place = spec.controls.findIndex((control) => control.name === name);
    if (place < 0) return;
    const control = spec.controls[place];
    values[name] = turns ? stepped(control, numbers.readings[place], turns[axis] * count) : control.start;
  });
  return values;
}

const reading = (spec, numbers, name) => numbers.readings[spec.controls.findIndex((control) => control.name === name)];

/** Whether a handle turns the view of its panel's space. @param {Spec} spec @param {Mark} mark */
export const isKnob = (spec, mark) => String(spec.panels[mark.panel].space?.turns) === String(mark.moves);

/** The coordinates that a handle at a pixel means; `numbers` are those from when it was grabbed. */
function meant(spec, numbers, mark, pixelX, pixelY) {
  const panel = spec.panels[mark.panel];
  const place = pixelToData(panel, pixelX, pixelY);
  if (!panel.space) return place;
  const [azimuth, elevation] = panel.space.turns.map((name) => reading(spec, numbers, name));
  if (!isKnob(spec, mark)) return onFloor(panel.space, azimuth, elevation, place);
  const [fromX, fromY] = dataToPixel(panel, ...placesOf(mark, panel, numbers));
  const degrees = HALF_TURN / panel.box[2]; // what is grabbed stays under the pointer: its front, that is
  return [azimuth + degrees * (pixelX - fromX), elevation + degrees * (pixelY - fromY)];
}

/**
 * The control values for a handle at a pixel.
 * @param {Spec} spec @param {Mark} mark @param {Numbers} numbers those from when it was grabbed
 */
export function dragValues(spec, numbers, mark, pixelX, pixelY) {
  const data = meant(spec, numbers, mark, pixelX, pixelY);
  const origin = spec.controls.findIndex(({ name }) => name === mark.origin);
  const values = {};
  mark.moves.forEach((name, axis) => {
    const control = spec.controls.find((candidate) => candidate.name === name);
    if (!control) return;
    const away = Math.abs(data[axis] - numbers.readings[origin]);
    values[control.name] = origin < 0 ? valueAt(control, data[axis]) : dragged(control, away);
  });
  return values;
}

/**
 * The handle that a press takes hold of: one near by, else the one of the panel pressed, which comes
 * there. In a space that is the knob, which stays where it is.
 */
export function pick(spec, numbers, pixelX, pixelY, anywhere) {
  const near = byDistance(handles(spec, numbers), pixelX, pixelY);
  if (near[0]?.distance <= GRAB || !anywhere) return near[0]?.distance <= GRAB ? near[0] : null;
  const inside = ({ box: [left, top, width, height] }) =>
    pixelX >= left && pixelX <= left + width && pixelY >= top && pixelY <= top + height;
  const panels = near.filter(({ mark }) => inside(spec.panels[mark.panel]));
  const knob = panels.find(({ mark }) => isKnob(spec, mark));
  return knob ?? (panels.length ? { ...panels[0], at: [pixelX, pixelY] } : null);
}

/** The tick that a press means: one near by, and nearer than every handle. */
export function pressedTick(spec, numbers, pixelX, pixelY) {
  const [tick] = byDistance(placed(spec, numbers, isTick), pixelX, pixelY);
  const [handle] = byDistance(handles(spec, numbers), pixelX, pixelY);
  return tick?.distance <= PRESS && !(handle?.distance <= tick.distance) ? tick.mark : null;
}
