/**
 * The level curves on a space's floor.
 *
 * @import { Pair, Panel, Space, Surface } from "./wire.js"
 * @import { Look } from "./look.js"
 */
import { dataToPixel } from "./coordinates.js";
import { HAIRLINE, once } from "./mesh.js";
import { projection, spaceOf } from "./space.js";

/** @typedef {{x: number, y: number, height: number|null}} Corner */

/** Where a side meets a level. @param {number} level @param {Corner} from @param {Corner} to */
function crossing(level, from, to) {
  const [low, high] = [from.height ?? NaN, to.height ?? NaN];
  const share = (level - low) / (high - low);
  return [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
}

/**
 * In the box's coordinates: straight pieces [x, y, x, y], in each half of a cell at most one of each
 * level.
 *
 * @param {Space} space
 */
export function levelPieces({ x, y, heights, levels }) {
  /** @type {number[][]} */
  const pieces = [];
  /** @type {(i: number, j: number) => Corner} */
  const corner = (i, j) => ({ x: x[i], y: y[j], height: heights[i][j] });
  const below = (/** @type {Corner} */ { height }, /** @type {number} */ level) => height !== null && height < level;
  const triangle = (/** @type {Corner[]} */ corners) => levels.forEach((level) => {
    const sides = corners.map((from, k) => [from, corners[(k + 1) % 3]]);
    const crossed = sides.filter(([from, to]) => below(from, level) !== below(to, level));
    if (crossed.length) pieces.push(crossed.flatMap(([from, to]) => crossing(level, from, to)));
  }); // prettier-ignore
  for (let i = 0; i < x.length - 1; i += 1) {
    for (let j = 0; j < y.length - 1; j += 1) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      if (![a, b, c, d].some(({ height }) => height === null)) [[a, b, c], [a, c, d]].forEach(triangle); // prettier-ignore
    }
  }
  return pieces;
}

const levelPath = once((space) => {
  const path = new Path2D();
  levelPieces(space).forEach(([x0, y0, x1, y1]) => (path.moveTo(x0, y0), path.lineTo(x1, y1)));
  return path;
});

/** The view of the floor is one affine map of all its points. @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Surface} mark @param {Pair} turn @param {Look} look */
export function drawLevels(ctx, panel, mark, turn, look) {
  const [space, see] = [spaceOf(panel), projection(turn)];
  const at = (/** @type {Pair} */ [across, up]) => dataToPixel(panel, ...see(across, up, space.floor));
  const [[x, y], [right, right2], [up, up2]] = [at([0, 0]), at([1, 0]), at([0, 1])];
  const seen = new Path2D();
  seen.addPath(levelPath(space), new DOMMatrix([right - x, right2 - y, up - x, up2 - y, x, y]));
  ctx.strokeStyle = look.color(mark.color);
  ctx.lineWidth = HAIRLINE;
  ctx.stroke(seen);
}
