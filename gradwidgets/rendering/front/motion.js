/**
 * Motion that explains: a point on its way from one step to the next, a new picture that fades in.
 *
 * @import { Mark, Numbers } from "./wire.js"
 */

const FADE = 160; // milliseconds

/** Whether the reader has asked for no motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Slow at both ends. @param {number} share */
export const eased = (share) => (share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) * (1 - share));

/** @param {HTMLElement} el */
export function fadeIn(el) {
  if (!calm()) el.animate([{ opacity: 0.15 }, { opacity: 1 }], { duration: FADE, easing: "ease-out" });
}

/** How many of a mark's numbers are places that can move; a label's words are at once the new ones. @param {Mark} mark @param {number} count */
const movable = ({ kind }, count) => (kind === "Marker" || kind === "Arrow" ? count : kind === "Label" ? Math.min(count, 2) : 0);

/** Between two numbers; where one is missing, the new one. @param {number} old @param {number} fresh @param {number} share */
const mixed = (old, fresh, share) => (Number.isFinite(old) ? old + share * (fresh - old) : fresh);

/**
 * Numbers on their way from earlier ones: markers and arrows move, lines and words are the new ones.
 *
 * @param {Numbers["marks"]} from
 * @param {Numbers} to
 * @param {Mark[]} marks
 * @param {number} share of the way
 * @returns {Numbers}
 */
export function onTheWay(from, to, marks, share) {
  const moved = marks.flatMap((mark) => {
    const [old, fresh] = [from[mark.name], to.marks[mark.name]], count = movable(mark, fresh?.length ?? 0);
    if (!count || old?.length !== fresh.length) return [];
    return [[mark.name, fresh.map((number, k) => (k < count ? mixed(old[k], number, share) : number))]];
  });
  return { ...to, marks: { ...to.marks, ...Object.fromEntries(moved) } };
}

/** Numbers of its own, for the next replay writes over those that are drawn. @param {Numbers["marks"]} marks @returns {Numbers["marks"]} */
const copied = (marks) => Object.fromEntries(Object.entries(marks).map(([name, own]) => [name, own.slice()]));

/** Lets numbers glide for a while to those that come next. @param {() => Numbers|undefined} now what is drawn @param {() => void} later draws in the next frame */
export function glideOf(now, later) {
  /** @type {{from: Numbers["marks"], start: number, time: number}|null} */
  let glide = null;
  const begin = (/** @type {number} */ time) => {
    const drawn = calm() ? null : now()?.marks;
    glide = drawn ? { from: copied(drawn), start: performance.now(), time } : null;
  };
  /** The numbers for this frame. @param {Numbers} to @param {Mark[]} marks */
  const at = (to, marks) => {
    const share = glide ? (performance.now() - glide.start) / glide.time : 1;
    if (!glide || share >= 1) return (glide = null), to;
    later();
    return onTheWay(glide.from, to, marks, eased(share));
  };
  return { begin, at };
}
