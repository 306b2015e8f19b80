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

const STRIDE = 6; // cells between two lines of the mesh
const COARSE = 2; // cells that are drawn as one while the view turns
const OVERLAP = 1.15; // of a cell onto those before it, which are drawn later: no seam is left
const SHADES = 24;
const OPACITY = 0.62;
const LINE = 0.7; // pixels: the width of the mesh's lines and of level curves

const radians = (degrees) => (degrees * Math.PI) / 180;

/** From places of the box to the panel, seen from an angle in degrees. */
export function projection(azimuth, elevation) {
  const [cosine, sine] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const [up, tilt] = [Math.cos(radians(elevation)), Math.sin(radians(elevation))];
  return (x, y, z) => [cosine * x - sine * y, tilt * (sine * x + cosine * y) + up * z];
}

/** From panel and depth to the panel, as the view turns from one [azimuth, elevation] to another. */
function turning([azimuth, elevation], to) {
  const [cosine, sine] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const [up, tilt] = [Math.cos(radians(elevation)), Math.sin(radians(elevation))];
  const see = projection(...to);
  return (right, above, depth) => {
    const away = tilt * above + up * depth;
    return see(cosine * right + sine * away, cosine * away - sine * right, up * above - tilt * depth);
  };
}

/**
 * The numbers as they will be when a panel's view has turned: what stands in its space goes where
 * Python would put it, but for the sides to which labels step aside.
 * @param {Spec} spec @param {Numbers} numbers @param {string} name of the panel
 * @param {[number, number]} turn azimuth and elevation
 */
export function turnNumbers(spec, numbers, name, turn) {
  const { space, x: [left, right], y: [low, high] } = spec.panels[name]; // prettier-ignore
  const marks = spec.marks.filter(({ panel, kind }) => panel === name && kind !== "Surface");
  const { readings, curves } = { readings: numbers.readings.slice(), curves: numbers.curves.slice() };
  const controls = space.turns.map((control) => spec.controls.findIndex((one) => one.name === control));
  const move = turning(controls.map((place) => readings[place]), turn); // prettier-ignore
  controls.forEach((place, k) => (readings[place] = turn[k]));
  spec.marks.filter(({ panel, kind }) => panel === name && kind === "Surface").forEach(({ slices }) => readings.set(turn, slices[0][0]));
  let [depth] = marks.find(({ kind }) => kind === "Depths").slices[2];
  for (const { kind, slices: [, , [start, stop]] } of marks.filter(({ kind }) => kind !== "Depths")) { // prettier-ignore
    for (let k = start; k < (kind === "Label" ? start + 2 : stop); k += 2, depth += 1) {
      const [u, v, away] = [curves[k], curves[k + 1], curves[depth]].map(unpacked);
      const place = move(left + u * (right - left), low + v * (high - low), left + away * (right - left));
      if (place.some(Number.isNaN)) continue;
      curves[k] = packed((place[0] - left) / (right - left));
      curves[k + 1] = packed((place[1] - low) / (high - low));
    }
  }
  return { ...numbers, readings, curves };
}

/** The field's coordinates of the place on the floor that appears at a place of the panel. */
export function onFloor({ floor, centre, half }, azimuth, elevation, [across, up]) {
  const [cosine, sine] = [Math.cos(radians(azimuth)), Math.sin(radians(azimuth))];
  const away = (up - Math.cos(radians(elevation)) * floor) / Math.sin(radians(elevation));
  const [x, y] = [cosine * across + sine * away, cosine * away - sine * across];
  return [centre[0] + half[0] * x, centre[1] + half[1] * y];
}

/** The mesh's corners in pixels, flat: that of row i and column j begins at 2·(i·columns + j). */
export function meshPixels(panel, azimuth, elevation) {
  const { x, y, heights } = panel.space;
  const see = projection(azimuth, elevation);
  const places = new Float64Array(2 * x.length * y.length);
  x.forEach((across, i) => y.forEach((up, j) => {
    places.set(dataToPixel(panel, ...see(across, up, heights[i][j] ?? NaN)), 2 * (i * y.length + j));
  })); // prettier-ignore
  return places;
}

/**
 * The level curves on the floor, in the box's coordinates: straight pieces [x, y, x, y], in each half
 * of a cell at most one of each level. @param {Space} space
 */
export function levelPieces({ x, y, heights, levels }) {
  const pieces = [];
  const corner = (i, j) => ({ x: x[i], y: y[j], height: heights[i][j] });
  const cut = (level, from, to) => {
    const share = (level - from.height) / (to.height - from.height);
    return [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
  };
  const triangle = (corners) => levels.forEach((level) => {
    const sides = corners.map((from, k) => [from, corners[(k + 1) % 3]]);
    const crossed = sides.filter(([from, to]) => from.height < level !== to.height < level);
    if (crossed.length) pieces.push(crossed.flatMap((side) => cut(level, ...side)));
  }); // prettier-ignore
  for (let i = 0; i < x.length - 1; i += 1) {
    for (let j = 0; j < y.length - 1; j += 1) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      if (![a, b, c, d].some(({ height }) => height === null)) [[a, b, c], [a, c, d]].forEach(triangle); // prettier-ignore
    }
  }
  return pieces;
}

/** What a function makes of a space, made once. */
const once = (make) => {
  const known = new WeakMap();
  return (space) => known.get(space) ?? known.set(space, make(space)).get(space);
};

const levelPath = once((space) => {
  const path = new Path2D();
  levelPieces(space).forEach(([x0, y0, x1, y1]) => (path.moveTo(x0, y0), path.lineTo(x1, y1)));
  return path;
});

/** The least height, and how many shades there are to a unit of height. */
const shading = once(({ heights }) => {
  const known = heights.flat().filter((height) => height !== null);
  const [low, high] = known.reduce(([a, b], height) => [Math.min(a, height), Math.max(b, height)], [Infinity, -Infinity]);
  return [low, high > low ? (SHADES - 1) / (high - low) : 0];
});

/** Colours from one to another, both as #RRGGBB. */
export function fade(low, high, count = SHADES) {
  const parts = (color) => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  const [from, to] = [parts(low), parts(high)];
  const mixed = (share) => from.map((part, k) => Math.round(part + share * (to[k] - part)));
  return Array.from({ length: count }, (_, k) => `rgb(${mixed(k / (count - 1))})`);
}

/** Indices of a mesh's cells along one side, the farthest first: [far corner, near corner]. */
const fromFar = (cells, step, farIsLast) =>
  Array.from({ length: cells / step }, (_, k) => (farIsLast ? [cells - k * step, cells - (k + 1) * step] : [k * step, (k + 1) * step]));

/** Draw cell after cell, from back to front, each with the lines on its sides that lie farther away. */
function drawMesh(ctx, panel, mark, azimuth, elevation, step) {
  const { x, y, heights } = panel.space;
  const places = meshPixels(panel, azimuth, elevation);
  const [[low, shade], colors] = [shading(panel.space), fade(mark.low, mark.high)];
  const place = (i, j) => places.subarray(2 * (i * y.length + j), 2 * (i * y.length + j) + 2);
  const line = ([x0, y0], [x1, y1]) => (ctx.moveTo(x0, y0), ctx.lineTo(x1, y1));
  const columns = fromFar(y.length - 1, step, Math.cos(radians(azimuth)) > 0);
  ctx.lineWidth = LINE;
  ctx.strokeStyle = mark.color;
  for (const [i, k] of fromFar(x.length - 1, step, Math.sin(radians(azimuth)) > 0)) {
    for (const [j, l] of columns) {
      const [a, b, c, d] = [place(i, j), place(k, j), place(k, l), place(i, l)];
      const mean = (heights[i][j] + heights[k][j] + heights[k][l] + heights[i][l]) / 4;
      if (Number.isNaN(a[1] + b[1] + c[1] + d[1])) continue; // a hole at a corner
      ctx.fillStyle = colors[Math.floor((mean - low) * shade + 0.5)];
      ctx.beginPath();
      ctx.moveTo(a[0], a[1]);
      [b, c, d].forEach(([px, py]) => ctx.lineTo(a[0] + OVERLAP * (px - a[0]), a[1] + OVERLAP * (py - a[1])));
      ctx.fill();
      const sides = [[j, a, b], [i, a, d]].filter(([side]) => side % STRIDE === 0); // prettier-ignore
      if (k % (x.length - 1) === 0) sides.push([k, b, c]);
      if (l % (y.length - 1) === 0) sides.push([l, d, c]);
      if (!sides.length) continue;
      ctx.beginPath();
      sides.forEach(([, from, to]) => line(from, to));
      ctx.stroke();
    }
  }
}

/** The level curves on the floor, whose view is one affine map of all their points. */
function drawLevels(ctx, panel, mark, azimuth, elevation) {
  const see = projection(azimuth, elevation);
  const [[x, y], [right, right2], [up, up2]] = [[0, 0], [1, 0], [0, 1]].map((place) => // prettier-ignore
    dataToPixel(panel, ...see(...place, panel.space.floor)));
  const seen = new Path2D();
  seen.addPath(levelPath(panel.space), new DOMMatrix([right - x, right2 - y, up - x, up2 - y, x, y]));
  ctx.strokeStyle = mark.color;
  ctx.lineWidth = LINE;
  ctx.stroke(seen);
}

/** Draw the mesh, or the level curves on the floor, as they are seen from an angle. */
export function drawSurface(ctx, panel, mark, azimuth, elevation, step = 1) {
  (mark.flat ? drawLevels : drawMesh)(ctx, panel, mark, azimuth, elevation, step);
}

/**
 * A `drawSurface` that keeps bitmaps of what it has drawn until the angle or the size is another.
 * While the view turns it draws coarsely, and hands `later` what makes the next drawing a fine one.
 */
export function keptSurfaces(later) {
  const kept = new Map();
  const differ = (some, others) => some.some((part, k) => part !== others?.[k]);
  const refine = () => kept.forEach((entry) => (entry.still = null));
  return (ctx, panel, mark, azimuth, elevation) => {
    const sharp = ctx.getTransform().a;
    const [left, top, width, height] = panel.box;
    const [still, turn] = [[panel, mark, sharp], [azimuth, elevation]];
    const { canvas, ...known } = kept.get(mark.name) ?? { canvas: document.createElement("canvas") };
    const other = differ(still, known.still);
    if (other || differ(turn, known.turn)) {
      Object.assign(canvas, { width: Math.ceil(width * sharp), height: Math.ceil(height * sharp) });
      const own = canvas.getContext("2d");
      own.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
      drawSurface(own, panel, mark, azimuth, elevation, other ? 1 : COARSE);
      kept.set(mark.name, { canvas, still, turn });
      if (!other) later(refine);
    }
    ctx.globalAlpha = mark.flat ? 1 : OPACITY;
    ctx.drawImage(canvas, left, top, canvas.width / sharp, canvas.height / sharp);
    ctx.globalAlpha = 1;
  };
}
