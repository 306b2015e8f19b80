/**
 * What stands still in a panel: terrain, axes.
 *
 * @import { Panel } from "./wire.js"
 * @import { Themed } from "./theme.js"
 *
 * @typedef {null} Ground what is known of a field over a panel's window
 */
import { paintAxes } from "./axes.js";

/** @param {Panel} panel */
const hasAxes = ({ bare, space }) => !bare && !space;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Panel} panel
 * @param {Themed} look
 * @param {Ground} ground
 */
export function paintGround(ctx, panel, look, ground) {
  if (hasAxes(panel)) paintAxes(ctx, panel, look.axes);
}
