/**
 * Where labels stand, so that none lies on another, on an arrow or on a handle; pixels, y downwards.
 *
 * @import { Pair } from "./wire.js"
 *
 * @typedef {[number, number, number, number]} Box left, top, right, bottom
 * @typedef {{name: string, anchor: Pair, toward: Pair, half: Pair, aside: number, room: Box,
 *   still: boolean, level: boolean}} Asked a label with half its width and height; `toward` is where it steps aside,
 *   a unit long, or where it is nothing the label is at its place; one that is `still` has no choice,
 *   one that is `level` that of two sides
 * @typedef {{boxes: {box: Box, weight: number}[], lines: {ends: Box, weight: number}[]}} Obstacles
 *   what labels avoid; a line goes from the first two numbers to the others
 */

const TURNS = [0, 45, -45, 90, -90, 135, -135, 180]; // degrees from where a label would step
const APART = 8; // pixels between words of two labels
const FARTHER = 14; // pixels, where all that is near is taken
const PREFERRED = [0, 0.12, 0.12, 0.3, 0.3, 0.45, 0.45, 0.5];
const FAR_COST = 0.4;
const LOYAL = 0.5; // what another place must be better by: labels do not hop

/** To which side a component leads. @param {number} component */
const sideTo = (component) => (component < -0.38 ? -1 : component > 0.38 ? 1 : 0);

/** @param {number} centre @param {number} low @param {number} high @param {number} reach */
const kept = (centre, low, high, reach) => Math.min(Math.max(centre, low + 2 + reach), high - 2 - reach);

/** The middle of a label that steps aside in a direction. @param {Asked} asked @param {Pair} toward @param {number} aside @returns {Pair} */
function middleOf({ anchor, half, room }, [across, down], aside) {
  return [
    kept(anchor[0] + aside * across + half[0] * sideTo(across), room[0], room[2], half[0]),
    kept(anchor[1] + aside * down + half[1] * sideTo(down), room[1], room[3], half[1]),
  ];
}

/** @param {Pair} toward @param {number} degrees @returns {Pair} */
function turnedBy([x, y], degrees) {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [cosine * x - sine * y, sine * x + cosine * y];
}

/** All the middles that a label might have, its own first. @param {Asked} asked @returns {Pair[]} */
function choicesOf(asked) {
  const { toward, aside, still, level } = asked;
  if (still || level) return (still ? [1] : [1, -1]).map((side) => middleOf(asked, [side * toward[0], side * toward[1]], aside));
  const free = toward.some(Boolean), way = free ? toward : /** @type {Pair} */ ([0, -1]);
  const choices = [0, 1, 2].flatMap((more) => TURNS.map((turn) => middleOf(asked, turnedBy(way, turn), aside + more * FARTHER)));
  return free ? choices : [middleOf(asked, toward, aside), ...choices.slice(1)];
}

/** @param {Pair} middle @param {Pair} half @returns {Box} */
const boxAround = ([x, y], [across, down]) => [x - across, y - down, x + across, y + down];

/** The share of a box that lies in another. @param {Box} box @param {Box} other */
export function shareIn([left, top, right, bottom], other) {
  const wide = Math.min(right, other[2]) - Math.max(left, other[0]), high = Math.min(bottom, other[3]) - Math.max(top, other[1]);
  return wide > 0 && high > 0 ? (wide * high) / ((right - left) * (bottom - top)) : 0;
}

/** How many pixels of a line lie in a box. @param {Box} ends @param {Box} box */
export function lengthIn([x0, y0, x1, y1], box) {
  if (Math.max(x0, x1) < box[0] || Math.min(x0, x1) > box[2] || Math.max(y0, y1) < box[1] || Math.min(y0, y1) > box[3]) return 0;
  let [from, to] = [0, 1];
  for (const [start, step, low, high] of [[x0, x1 - x0, box[0], box[2]], [y0, y1 - y0, box[1], box[3]]]) { // prettier-ignore
    if (Math.abs(step) < 1e-9) {
      if (start < low || start > high) return 0;
      continue;
    }
    const [one, two] = [(low - start) / step, (high - start) / step];
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  return to > from ? (to - from) * Math.hypot(x1 - x0, y1 - y0) : 0;
}

/** What is bad about a place: 0 where nothing is. @param {Box} box @param {Obstacles} obstacles @param {Box[]} taken */
function badness(box, { boxes, lines }, taken) {
  const high = box[3] - box[1];
  let cost = 0;
  for (const other of taken) cost += hitCost(shareIn(box, other), 12);
  for (const { box: other, weight } of boxes) cost += hitCost(shareIn(box, other), weight);
  for (const { ends, weight } of lines) cost += (weight * lengthIn(ends, box)) / high;
  return cost;
}

/** @param {number} share @param {number} weight */
const hitCost = (share, weight) => (share > 0 ? weight * (0.2 + 2 * share) : 0);

/**
 * The middles of labels by their names, one after the other; each keeps near its own side, and where
 * it was.
 *
 * @param {Asked[]} labels
 * @param {Obstacles} obstacles
 * @param {Map<string, number>} before the choice of each label, which is kept here for the next time
 * @returns {Map<string, Pair>}
 */
export function middlesOf(labels, obstacles, before = new Map()) {
  /** @type {Box[]} */
  const taken = [];
  /** @type {Map<string, Pair>} */
  const middles = new Map();
  for (const label of [...labels].sort((one, two) => Number(two.still || two.level) - Number(one.still || one.level))) {
    const choices = choicesOf(label), last = before.get(label.name);
    const costs = choices.map((middle, k) =>
      PREFERRED[k % TURNS.length] + FAR_COST * Math.floor(k / TURNS.length) - (k === last ? LOYAL : 0) + badness(boxAround(middle, label.half), obstacles, taken)); // prettier-ignore
    const best = costs.indexOf(Math.min(...costs));
    before.set(label.name, best);
    middles.set(label.name, choices[best]);
    taken.push(boxAround(choices[best], [label.half[0] + APART, label.half[1]]));
  }
  return middles;
}
