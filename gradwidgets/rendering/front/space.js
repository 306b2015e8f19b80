/**
 * A space seen from an angle: the projection that rendering/surface.py has, too, and its reverse.
 *
 * @import { Mark, Numbers, Pair, Panel, Space, Spec } from "./wire.js"
 */

/** Cosine and sine. @param {number} degrees @returns {Pair} */
const around = (degrees) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

/** @param {Panel} panel */
export function spaceOf({ space }) {
  if (!space) throw new Error("This panel is no window into a space.");
  return space;
}

/** Azimuth and elevation in degrees. @param {Space} space @param {Numbers} numbers @returns {Pair} */
export const turnOf = ({ turns: [azimuth, elevation] }, { values }) => [values[azimuth], values[elevation]];

/**
 * From places of the box to the panel: the parallel projection.
 *
 * @param {Pair} turn
 * @returns {(x: number, y: number, z: number) => Pair}
 */
export function projection([azimuth, elevation]) {
  const [[cosine, sine], [up, tilt]] = [around(azimuth), around(elevation)];
  return (x, y, z) => [cosine * x - sine * y, tilt * (sine * x + cosine * y) + up * z];
}

/**
 * The field's coordinates of the place on the floor that appears at a place of the panel.
 *
 * @param {Space} space
 * @param {Pair} turn
 * @param {Pair} place
 * @returns {Pair}
 */
export function onFloor({ floor, centre, half }, [azimuth, elevation], [across, up]) {
  const [[cosine, sine], [rise, tilt]] = [around(azimuth), around(elevation)];
  const away = (up - rise * floor) / tilt;
  const [x, y] = [cosine * across + sine * away, cosine * away - sine * across];
  return [centre[0] + half[0] * x, centre[1] + half[1] * y];
}

/**
 * A mark's numbers in its panel's own coordinates, two to a place, as they are seen; outside of a
 * space they are what they were.
 *
 * @param {Spec} spec
 * @param {Numbers} numbers
 * @param {Mark} mark
 */
export function onPanel(spec, numbers, mark) {
  const own = numbers.marks[mark.name];
  const space = spec.panels[mark.panel]?.space;
  if (!space || mark.pinned || mark.kind === "Surface") return own;
  const turn = turnOf(space, numbers);
  const see = projection(turn);
  const end = mark.kind === "Label" ? 6 : own.length;
  const places = mark.kind === "Label" && mark.front ? inFront(own, turn) : own;
  const seen = new Float64Array((2 * end) / 3 + own.length - end);
  for (let k = 0; k < end / 3; k += 1) seen.set(see(places[3 * k], places[3 * k + 1], places[3 * k + 2]), 2 * k);
  seen.set(own.subarray(end), (2 * end) / 3);
  return seen;
}

/** Place and direction, mirrored where the direction leads away from the eye. @param {Float64Array} own @param {Pair} turn */
function inFront(own, [azimuth]) {
  const [[cosine, sine], [x, y, z, dx, dy, dz]] = [around(azimuth), own];
  if (sine * dx + cosine * dy <= 0) return own;
  const twice = 2 * (x * dx + y * dy + z * dz);
  return Float64Array.of(x - twice * dx, y - twice * dy, z - twice * dz, -dx, -dy, -dz);
}
