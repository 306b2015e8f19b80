/** What all marks share of their look. */

export const INK = "#1F2933";
export const FONT = '"DejaVu Sans", "Helvetica Neue", Arial, sans-serif';
