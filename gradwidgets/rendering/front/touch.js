/**
 * What the pointer and the keys ask for: pure functions of a spec and its numbers.
 *
 * Which control values a drag or a key means, and what a press takes hold of.
 *
 * @import { Marker, Mark, Numbers, Pair, Spec } from "./wire.js"
 *
 * @typedef {{mark: Marker, at: Pair}} Placed
 * @typedef {{key: string, shiftKey?: boolean, altKey?: boolean}} Key
 */
import { dragged, exactlyAt, stepped, valueAt } from "./control.js";
import { dataToPixel, pixelToData } from "./coordinates.js";
import { isHandle, isTick } from "./marker.js";
import { onFloor, onPanel, turnOf } from "./space.js";

const GRAB = 26; // how near to a handle a press takes hold of it
const HALF_TURN = 180; // degrees for a drag across a space's panel
const PULL = 1000; // so many of a key's finest steps are a panel's height
const PRESS = 14; // how near to a tick a press means it

/**
 * The markers of a kind, with their places in pixels of their panels.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {(mark: Mark) => mark is Marker} wanted
 * @returns {Placed[]}
 */
const placed = (spec, numbers, wanted) =>
  spec.marks.filter(wanted).map((mark) => {
    const [x, y] = onPanel(spec, numbers, mark);
    return { mark, at: dataToPixel(spec.panels[mark.panel], x, y) };
  });

/** The ticks with their places in pixels. @param {Spec} spec @param {Numbers} numbers */
export const ticks = (spec, numbers) => placed(spec, numbers, isTick);

/** The handles with their places in pixels. @param {Spec} spec @param {Numbers} numbers */
export const handles = (spec, numbers) => placed(spec, numbers, isHandle);

/** The markers that stand somewhere, the nearest first, with their distances from a pixel. @param {Placed[]} markers @param {number} pixelX @param {number} pixelY */
const byDistance = (markers, pixelX, pixelY) =>
  markers
    .map((one) => ({ ...one, distance: Math.hypot(one.at[0] - pixelX, one.at[1] - pixelY) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance);

/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** In which direction a key goes along each axis; null where it goes nowhere. @param {Key} key @returns {Pair|null} */
export const turnsOf = ({ key }) => ARROWS[key] ?? null;

/** How many of the finest steps a key goes: with Shift ten times as many, with Alt one. @param {Key} key */
export const countOf = ({ shiftKey, altKey }) => 10 * (shiftKey ? 10 : 1) * (altKey ? 0.1 : 1);

/** The controls that a marker changes where it is dragged. @param {Marker} mark */
export const drivenBy = ({ pulls, moves }) => (pulls?.length ? pulls : moves);

/** @param {Spec} spec @param {string|null} name */
const controlOf = (spec, name) => spec.controls.find((control) => control.name === name);

/**
 * The control values that a key asks for, or null: arrows move, Shift ten times coarser, Alt ten
 * times finer, Home returns to the start.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {Marker} mark
 * @param {Key} key
 */
export function keyValues(spec, numbers, mark, key) {
  const turns = turnsOf(key), count = countOf(key), [low, high] = spec.panels[mark.panel].y;
  if (!turns && key.key !== "Home") return null;
  if (turns && mark.pulls?.length) return pulled(spec, numbers, mark, (turns[1] * count * (high - low)) / PULL);
  /** @type {Record<string, number>} */
  const values = {};
  drivenBy(mark).forEach((name, axis) => {
    const control = controlOf(spec, name);
    if (!control) return;
    values[control.name] = turns ? stepped(control, numbers.values[control.name], turns[axis] * count) : control.start;
  });
  return values;
}

/** The values of controls with which a mark that pulls them stands higher by so much, as far as its height is even in them and all can go on. @param {Spec} spec @param {Numbers} numbers @param {Marker} mark @param {number} by */
function pulled(spec, numbers, { name, pulls = [] }, by) {
  const ways = pulls.flatMap((one, k) => {
    const control = controlOf(spec, one), way = by * numbers.marks[`${name} pull`][k], value = numbers.values[one];
    return control && Number.isFinite(way) ? [{ control, value, way, part: way ? ((way > 0 ? control.high : control.low) - value) / way : 1 }] : [];
  });
  const part = Math.max(0, Math.min(1, ...ways.map((way) => way.part)));
  return Object.fromEntries(ways.map(({ control, value, way }) => [control.name, stepped(control, value, (part * way) / control.step)]));
}

/** Whether a handle turns the view of its panel's space. @param {Spec} spec @param {Marker} mark */
export const isKnob = (spec, mark) => String(spec.panels[mark.panel].space?.turns) === String(mark.moves);

/**
 * The coordinates that a handle at a pixel means; `numbers` are those from when it was grabbed.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {Marker} mark
 * @param {number} pixelX
 * @param {number} pixelY
 */
function meant(spec, numbers, mark, pixelX, pixelY) {
  const panel = spec.panels[mark.panel];
  const place = pixelToData(panel, pixelX, pixelY);
  if (!panel.space) return place;
  const turn = turnOf(panel.space, numbers);
  if (!isKnob(spec, mark)) return onFloor(panel.space, turn, place);
  const [x, y] = onPanel(spec, numbers, mark);
  const [fromX, fromY] = dataToPixel(panel, x, y);
  const degrees = HALF_TURN / panel.box[2]; // what is grabbed stays under the pointer: its front, that is
  return [turn[0] + degrees * (pixelX - fromX), turn[1] + degrees * (pixelY - fromY)];
}

/**
 * The control values for a handle at a pixel.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers those from when it was grabbed; of a mark that pulls, the present ones
 * @param {Marker} mark
 * @param {number} pixelX
 * @param {number} pixelY
 * @returns {Record<string, number>}
 */
export function dragValues(spec, numbers, mark, pixelX, pixelY) {
  const data = meant(spec, numbers, mark, pixelX, pixelY);
  if (mark.pulls?.length) return pulled(spec, numbers, mark, data[1] - numbers.marks[mark.name][1]);
  const origin = controlOf(spec, mark.origin);
  /** @type {Record<string, number>} */
  const values = {};
  mark.moves.forEach((name, axis) => {
    const control = controlOf(spec, name);
    if (!control) return;
    values[control.name] = origin ? dragged(control, Math.abs(data[axis] - numbers.values[origin.name])) : valueAt(control, data[axis]);
  });
  return values;
}

/** Those in a panel. @param {Placed[]} all @param {string} panel */
const inPanel = (all, panel) => all.filter(({ mark }) => mark.panel === panel);

/**
 * The handle that a press on a panel takes hold of: one near by, else the nearest, which comes there.
 * In a space that is the knob, which stays where it is. What pulls controls comes from nowhere else.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {string} panel
 * @param {number} pixelX
 * @param {number} pixelY
 * @param {boolean} anywhere
 * @returns {(Placed & {distance: number})|null}
 */
export function pick(spec, numbers, panel, pixelX, pixelY, anywhere) {
  const near = byDistance(inPanel(handles(spec, numbers), panel), pixelX, pixelY), [nearest] = near;
  if (nearest?.distance <= GRAB) return nearest;
  const [left, top, width, height] = spec.panels[panel].box;
  const inside = pixelX >= left && pixelX <= left + width && pixelY >= top && pixelY <= top + height;
  const far = near.filter(({ mark }) => !mark.pulls?.length);
  if (!far.length || !anywhere || !inside) return null;
  return far.find(({ mark }) => isKnob(spec, mark)) ?? { ...far[0], at: [pixelX, pixelY] };
}

/** The tick that a press on a panel means: one near by, and nearer than every handle. @param {Spec} spec @param {Numbers} numbers @param {string} panel @param {number} pixelX @param {number} pixelY */
export function pressedTick(spec, numbers, panel, pixelX, pixelY) {
  const [tick] = byDistance(inPanel(ticks(spec, numbers), panel), pixelX, pixelY);
  const [handle] = byDistance(inPanel(handles(spec, numbers), panel), pixelX, pixelY);
  return tick?.distance <= PRESS && !(handle?.distance <= tick.distance) ? tick.mark : null;
}

/** The control values that a pressed tick means, exactly those of its place; none where it is nowhere. @param {Spec} spec @param {Numbers} numbers @param {Marker} mark */
export function pressValues(spec, numbers, { name, sets }) {
  const controls = sets.flatMap((control, axis) => {
    const known = controlOf(spec, control);
    return known ? [{ control: known, coordinate: numbers.marks[name][axis] }] : [];
  });
  if (!controls.every(({ coordinate }) => Number.isFinite(coordinate))) return {};
  return Object.fromEntries(controls.map(({ control, coordinate }) => [control.name, exactlyAt(control, coordinate)]));
}
