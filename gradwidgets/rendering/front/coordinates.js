/**
 * Data coordinates of a panel and pixels of the picture, y downwards; how far pixels are drawn.
 *
 * @import { Pair, Panel } from "./wire.js"
 *
 * @typedef {Pick<Panel, "box"|"x"|"y">} Place where a panel is, in pixels, and what it shows
 */

export const FAR = 1e7; // pixels: what is farther away is not drawn

/** @param {Place} panel @param {number} dataX @param {number} dataY @returns {Pair} */
export function dataToPixel({ box: [left, top, width, height], x, y }, dataX, dataY) {
  return [
    left + ((dataX - x[0]) / (x[1] - x[0])) * width,
    top + ((y[1] - dataY) / (y[1] - y[0])) * height,
  ];
}

/** @param {Place} panel @param {number} pixelX @param {number} pixelY @returns {Pair} */
export function pixelToData({ box: [left, top, width, height], x, y }, pixelX, pixelY) {
  return [
    x[0] + ((pixelX - left) / width) * (x[1] - x[0]),
    y[1] - ((pixelY - top) / height) * (y[1] - y[0]),
  ];
}

/** The pixels of places that stand one behind the other, x and y in turn, as they do. @param {Place} panel @param {ArrayLike<number>} own */
export function pixelsOf(panel, own) {
  const { box: [left, top, width, height], x: [x0, x1], y: [y0, y1] } = panel, pixels = new Float64Array(own.length); // prettier-ignore
  for (let k = 0; k < own.length; k += 2) {
    pixels[k] = left + ((own[k] - x0) / (x1 - x0)) * width;
    pixels[k + 1] = top + ((y1 - own[k + 1]) / (y1 - y0)) * height;
  }
  return pixels;
}

/** Where a pointer is on an element, in the element's own pixels: slides show them larger or smaller. @param {HTMLElement} el @param {{clientX: number, clientY: number}} pointer @returns {Pair} */
export function pointerOn(el, { clientX, clientY }) {
  const { left, top, width } = el.getBoundingClientRect(), own = el.offsetWidth / width;
  return [(clientX - left) * own, (clientY - top) * own];
}
