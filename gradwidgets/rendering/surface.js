// @ts-check
/**
 * The surface drawn by the browser: pure functions of a panel's space and of two angles.
 *
 * The partner of surface.py: the same projection, the same order from back to front. A bitmap keeps
 * what was drawn until the view turns.
 *
 * @typedef {{x: number[], y: number[], heights: (number|null)[][], levels: number[], floor: number,
 *   centre: [number, number], half: [number, number], turns: [string, string]}} Space
 */

const STRIDE = 5; // cells between two lines of the mesh
const SHADES = 24;
const OPACITY = 0.7;
const LINE = 0.7; // pixels: the width of the mesh's lines and of level curves

const radians = (degrees) => (degrees * Math.PI) / 180;

/** From places of the box to the panel, seen from an angle in degrees. */
export function projection(azimuth, elevation) {
  const [cosine, sine] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const [up, tilt] = [Math.cos(radians(elevation)), Math.sin(radians(elevation))];
  return (x, y, z) => [cosine * x - sine * y, tilt * (sine * x + cosine * y) + up * z];
}

/** The field's coordinates of the place on the floor that appears at a place of the panel. */
export function onFloor({ floor, centre, half }, azimuth, elevation, [across, up]) {
  const [cosine, sine] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const away = (up - Math.cos(radians(elevation)) * floor) / Math.sin(radians(elevation));
  const [x, y] = [cosine * across + sine * away, cosine * away - sine * across];
  return [centre[0] + half[0] * x, centre[1] + half[1] * y];
}

/** The mesh's corners in pixels, flat: that of row i and column j begins at 2·(i·columns + j). */
export function meshPixels(panel, azimuth, elevation, flat) {
  const { x, y, heights, floor } = panel.space;
  const see = projection(azimuth, elevation);
  const places = new Float64Array(2 * x.length * y.length);
  x.forEach((across, i) => y.forEach((up, j) => {
    const height = heights[i][j];
    const z = height === null ? NaN : flat ? floor : height;
    places.set(dataToPixel(panel, ...see(across, up, z)), 2 * (i * y.length + j));
  })); // prettier-ignore
  return places;
}

/** Indices of cells along one side, the farthest first. */
const fromFar = (cells, farIsLast) => Array.from({ length: cells }, (_, k) => (farIsLast ? cells - 1 - k : k));

/** The shade of a cell by its mean height; space by space, because it costs as much as a turn. */
const shadesOf = new WeakMap();
function shades(space) {
  if (!shadesOf.has(space)) {
    const known = space.heights.flat().filter((height) => height !== null);
    const low = known.reduce((a, b) => Math.min(a, b), Infinity);
    const span = known.reduce((a, b) => Math.max(a, b), -Infinity) - low;
    const shade = (corners) =>
      corners.includes(null) ? -1 : Math.floor((span > 0 ? (corners.reduce((a, b) => a + b) / 4 - low) / span : 0) * (SHADES - 1) + 0.5);
    const h = space.heights;
    const rows = h.slice(1).map((row, i) => row.slice(1).map((corner, j) => shade([corner, row[j], h[i][j], h[i][j + 1]])));
    shadesOf.set(space, rows);
  }
  return shadesOf.get(space);
}

/** Colours from one to another, both as #RRGGBB. */
export function fade(low, high, count = SHADES) {
  const parts = (color) => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  const [from, to] = [parts(low), parts(high)];
  const mixed = (share) => from.map((part, k) => Math.round(part + share * (to[k] - part)));
  return Array.from({ length: count }, (_, k) => `rgb(${mixed(k / (count - 1))})`);
}

/** Draw cell after cell, from back to front, each with the lines along its sides. */
function drawMesh(ctx, panel, mark, azimuth, elevation) {
  const { x, y } = panel.space;
  const places = meshPixels(panel, azimuth, elevation, false);
  const [rows, colors] = [shades(panel.space), fade(mark.low, mark.high)];
  const columns = fromFar(y.length - 1, Math.cos(radians(azimuth)) > 0);
  const to = (step, i, j) => ctx[step](places[2 * (i * y.length + j)], places[2 * (i * y.length + j) + 1]);
  const side = (line, i, j, k, l) => line % STRIDE === 0 && (to("moveTo", i, j), to("lineTo", k, l));
  ctx.lineWidth = LINE;
  for (const i of fromFar(x.length - 1, Math.sin(radians(azimuth)) > 0)) {
    for (const j of columns) {
      if (rows[i][j] < 0) continue;
      ctx.beginPath();
      [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].forEach(([k, l], n) => to(n ? "lineTo" : "moveTo", k, l)); // prettier-ignore
      ctx.closePath();
      ctx.fillStyle = ctx.strokeStyle = colors[rows[i][j]];
      ctx.fill();
      ctx.stroke(); // closes the seam between two cells
      ctx.beginPath();
      side(j, i, j, i + 1, j);
      side(j + 1, i, j + 1, i + 1, j + 1);
      side(i, i, j, i, j + 1);
      side(i + 1, i + 1, j, i + 1, j + 1);
      ctx.strokeStyle = mark.color;
      ctx.stroke();
    }
  }
}

/** The level curves on the floor: in each half of a cell at most one straight piece of each. */
function drawLevels(ctx, panel, mark, azimuth, elevation) {
  const { x, y, heights, levels } = panel.space;
  const places = meshPixels(panel, azimuth, elevation, true);
  const crossing = (level, [a, p], [b, q]) => {
    const share = (level - a) / (b - a);
    return [p, p + 1].map((at, k) => places[at] + share * (places[q + k] - places[at]));
  };
  ctx.strokeStyle = mark.color;
  ctx.lineWidth = LINE;
  ctx.beginPath();
  for (let i = 0; i < x.length - 1; i += 1) {
    for (let j = 0; j < y.length - 1; j += 1) {
      const corner = (k, l) => [heights[k][l], 2 * (k * y.length + l)];
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      if ([a, b, c, d].some(([height]) => height === null)) continue;
      for (const three of [[a, b, c], [a, c, d]]) { // prettier-ignore
        for (const level of levels) {
          const sides = three.map((one, k) => [one, three[(k + 1) % 3]]);
          const cut = sides.filter(([[from], [to]]) => from < level !== to < level);
          cut.forEach((ends, k) => ctx[k ? "lineTo" : "moveTo"](...crossing(level, ...ends)));
        }
      }
    }
  }
  ctx.stroke();
}

/** Draw the mesh, or the level curves on the floor, as they are seen from an angle. */
export function drawSurface(ctx, panel, mark, azimuth, elevation) {
  (mark.flat ? drawLevels : drawMesh)(ctx, panel, mark, azimuth, elevation);
}

/** A `drawSurface` that keeps what it has drawn as bitmaps until the angle, or the size, is another. */
export function keptSurfaces() {
  const kept = new Map();
  return (ctx, panel, mark, azimuth, elevation) => {
    const { a: sharp } = ctx.getTransform();
    const [left, top, width, height] = panel.box;
    const now = [panel, mark, azimuth, elevation, sharp];
    let [drawn, canvas] = kept.get(mark.name) ?? [[], document.createElement("canvas")];
    if (now.some((part, k) => part !== drawn[k])) {
      Object.assign(canvas, { width: Math.ceil(width * sharp), height: Math.ceil(height * sharp) });
      const own = canvas.getContext("2d");
      own.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
      own.lineJoin = "round";
      drawSurface(own, panel, mark, azimuth, elevation);
      kept.set(mark.name, [now, canvas]);
    }
    ctx.globalAlpha = mark.flat ? 1 : OPACITY;
    ctx.drawImage(canvas, left, top, canvas.width / sharp, canvas.height / sharp);
    ctx.globalAlpha = 1;
  };
}
