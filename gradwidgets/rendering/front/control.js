/**
 * The values of a control that a hand or a key can give it.
 *
 * @import { Control } from "./wire.js"
 * @typedef {Pick<Control, "low"|"high"|"step"|"scale"|"cyclic">} Range what of a control is needed
 */

const EXPONENT = 0.002; // the finest step of a key where the scale is logarithmic

/** A value brought into a control's range; where that is cyclic, round and round. @param {Range} control @param {number} value */
const within = ({ low, high, cyclic }, value) =>
  cyclic && (value < low || value > high) ? value - (high - low) * Math.floor((value - low) / (high - low))
    : Math.min(Math.max(value, low), high); // prettier-ignore

/** The nearest value of a grid of steps within a control's range. @param {Range} control @param {number} value */
export function snap(control, value, grid = control.step) {
  return within(control, Number((Math.round(value / grid) * grid).toPrecision(15)));
}

/** The nearest value that a drag gives to a control. @param {Range} control @param {number} value */
export const dragged = (control, value) =>
  control.scale === "log" ? within(control, Number(value.toPrecision(3))) : snap(control, value);

/** A control's value at a place of its axis, which where it is logarithmic counts in exponents. @param {Control} control @param {number} coordinate */
export const valueAt = (control, coordinate) => dragged(control, control.scale === "log" ? 10 ** coordinate : coordinate);

/** A control's value after so many of a key's finest steps. @param {Range} control @param {number} value @param {number} count */
export function stepped(control, value, count) {
  if (control.scale !== "log") return snap(control, value + count * control.step, control.step / 1000);
  return count ? within(control, Number((value * 10 ** (EXPONENT * count)).toPrecision(4))) : value;
}

/** The value that a place of an axis is, with all its digits, as Python's `Control.at`. @param {Control} control @param {number} coordinate */
export const exactlyAt = (control, coordinate) =>
  Math.min(Math.max(control.scale === "log" ? Number((10 ** Math.min(coordinate, 300)).toPrecision(14)) : coordinate, control.low), control.high);

/** A control's place on its axis. @param {Control} control @param {number} value */
export const placeOf = (control, value) => (control.scale === "log" ? Math.log10(value) : value);

/** How many of a key's finest steps are one of the control's own. @param {Control} control */
export const ownStep = (control) => (control.scale === "log" ? control.step / EXPONENT : 1);
