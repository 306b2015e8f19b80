/**
 * What all marks share of their look.
 *
 * @typedef {{ground: string, color(light: string): string}} Look the colour of what is behind the
 *   picture, and that of a mark by the one it has in light
 */

export const INK = "#1F2933";
export const FONT = '"DejaVu Sans", "Helvetica Neue", Arial, sans-serif';

/** @type {Look} */
export const LIGHT = { ground: "white", color: (light) => light };
