/**
 * What all marks share of their look.
 *
 * @typedef {{ground: string, color(light: string): string}} Look the colour of what is behind the
 *   picture, and that of a mark by the one it has in light
 */

export const INK = "#1F2933";

/** The page's own letters, in which canvases write, too. */
export const FACE = { family: "system-ui, sans-serif" };

/** Read them. @param {Element} el whether they are others now */
export function readFace(el) {
  const { fontFamily } = getComputedStyle(el), other = fontFamily !== "" && fontFamily !== FACE.family;
  if (other) FACE.family = fontFamily;
  return other;
}

/** @type {Look} */
export const LIGHT = { ground: "white", color: (light) => light };
