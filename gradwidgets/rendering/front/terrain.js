/**
 * The ground of a picture's maps and surfaces while its window and its hidden coordinates move.
 *
 * Levels are chosen from a coarse grid, every second place of the fine one: so they do not change
 * when the fine one is there.
 *
 * @import { Box, Pair } from "./wire.js"
 * @import { Chosen } from "./chosen.js"
 * @import { Arrows, PaleArrows, Relief } from "./ground.js"
 * @import { Inputs, Land, Sheet, Source, View } from "./sheets.js"
 *
 * @typedef {{across: string, up: string, spacing: string, points: number, arrows: PaleArrows|null, silent: boolean}} Terrain
 *   as `as_terrain` in rendering/terrain.py tells it
 * @typedef {{levels: number[], x: Pair, y: Pair, values: number[][]}} Told values that stand still
 * @typedef {{x: Pair, y: Pair, terrain?: Terrain|Told|null, space?: Box|null}} Land2D what of a
 *   panel is needed here
 * @typedef {Chosen & Relief & Arrows & {span: Pair, fine: boolean, from: number, mesh: Sheet|null}} Ground
 *   `span` is what it shows of f; a surface has a `mesh`, a map does not; `from` when on there is
 *   time for the fine one
 * @typedef {{grounds: Record<string, Ground>, ambient: Inputs, captions: Record<string, string>}} Seen
 *   by panels' names; what the program's ambient numbers become, and texts by their marks' names
 */
import { chooseLevels, valueRange } from "./chosen.js";
import { arrowsOver, mended, reliefOf } from "./ground.js";
import { toldSheet } from "./sheets.js";
import { alike, sameList } from "./values.js";

const SLICE_OF_TERRAIN = 8; // milliseconds of work between two looks at what the hand does
const CALM = 150; // milliseconds without a change, after which a hand does not move
const MESH = 61; // places along a side of a surface
const LONG = 1e6; // places times rows of data: more of them are not looked at within a frame
const NO_LEVEL = Number.MAX_VALUE; // as in pictures/quadratic.py

/** @type {Arrows} */
const NO_ARROWS = { arrows: new Float64Array(0), arrowNote: "" };

/** Of what tells no number. */
const SILENCE = { texts: [], note: "", told: "" };

/** @template T @param {Generator<void, T>} work @returns {T} */
function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** What is seen of two variables. @param {Land} land @param {Terrain} terrain @param {Land2D} panel @param {Inputs} inputs @param {Float64Array[]} arrays @returns {View} */
function viewOf({ variables }, { across, up }, panel, inputs, arrays) {
  const ends = (/** @type {string} */ name, /** @type {Pair} */ own) =>
    /** @type {Pair} */ ([inputs[`${name} low`] ?? own[0], inputs[`${name} high`] ?? own[1]]);
  const held = variables.filter((name) => name !== across && name !== up);
  return { x: ends(across, panel.x), y: ends(up, panel.y), held: Object.fromEntries(held.map((name) => [name, inputs[name]])), arrays };
}

/** Ground that stands still. @param {Told} told @returns {Ground} */
function toldGround(told) {
  const relief = reliefOf(toldSheet(told), told.levels), span = valueRange(relief.sheet.values);
  return { ...relief, ...NO_ARROWS, levels: told.levels, note: "", told: "", valley: false, span, fine: true, from: 0, mesh: null };
}

/**
 * The ground of one panel: a coarse one at once, the fine one when there is time.
 *
 * @param {Terrain} terrain @param {boolean} isSurface @param {Land} land
 */
function groundOf(terrain, isSurface, land) {
  const { points, spacing, silent } = terrain;
  const relief = (/** @type {Sheet} */ sheet, /** @type {number[]} */ levels) => ({ ...reliefOf(sheet, levels), ...(silent && SILENCE) });
  let [known, changed] = [/** @type {unknown[]} */ ([]), -Infinity];
  /** @type {Ground|null} */
  let ground = null;
  /** @type {Generator<void, Ground>|null} */
  let work = null;

  /** @param {View} view @param {number} from @returns {Generator<void, Ground>} */
  function* coarse(view, from) {
    const sample = yield* land.sheet(view, points), { span, ...chosen } = chooseLevels(sample.values, spacing);
    const base = { ...chosen, ...NO_ARROWS, span, fine: false, from, mesh: null };
    if (isSurface) return surface(view, sample, base);
    const arrows = terrain.arrows ? arrowsOver(land, view, terrain.arrows) : NO_ARROWS;
    return { ...base, ...arrows, ...relief(mended(land, sample, span), chosen.levels) };
  }

  /** @param {View} view @param {Sheet} sample @param {Omit<Ground, keyof Relief>} base @returns {Ground} */
  function surface(view, sample, base) {
    const sheet = points === MESH ? sample : finished(land.sheet(view, MESH)), span = valueRange(sheet.values);
    return { ...base, span, sheet, mesh: sheet, curves: [], rings: [], texts: [], fine: true };
  }

  /** @param {View} view @param {Ground} before @returns {Generator<void, Ground>} */
  function* fine(view, before) {
    const sheet = yield* land.sheet(view, 2 * points - 1);
    const whole = mended(land, sheet, before.span);
    yield;
    return { ...before, ...relief(whole, before.levels), fine: true };
  }

  /** @param {Generator<void, Ground>} begun @param {View} view */
  function* whole(begun, view) {
    const before = yield* begun;
    return before.fine ? before : yield* fine(view, before);
  }

  return {
    made: [terrain, isSurface],
    /** @param {Inputs} inputs @param {Land2D} panel @param {Float64Array[]} arrays */
    at(inputs, panel, arrays) {
      const view = viewOf(land, terrain, panel, inputs, arrays);
      const key = land.values ? [JSON.stringify([view.x, view.y, view.held]), ...arrays] : [];
      if (ground && sameList(key, known)) return ground;
      const now = performance.now(), isLong = arrays.length && points * points * arrays[0].length > LONG;
      const begun = coarse(view, now - changed < CALM ? now + CALM : now);
      [known, changed] = [key, now];
      // Of many rows the last ground stays until the next one is there.
      if (ground && isLong) return (work = whole(begun, view)), (ground = { ...ground, fine: false, from: now });
      ground = finished(begun);
      work = ground.fine ? null : fine(view, ground);
      return ground;
    },
    /** Work on the fine ground until it is late; whether it is there. @param {number} due */
    goOn(due) {
      while (work) {
        const { done, value } = work.next();
        if (done) [ground, work] = [value, null];
        if (performance.now() >= due) break;
      }
      return !work;
    },
  };
}

/**
 * The grounds of all panels. `at` takes the controls' values and the ambient numbers by name: of a
 * window "x low", "x high" and so on, where there are none a panel's own ends; and the picture's
 * arrays. `goOn` works for some milliseconds on what is finer, and tells whether all is done; then `at` gives it. Grounds of
 * the picture `before` serve again where they are of the same source.
 *
 * @param {{panels: Record<string, Land2D>}} spec @param {Source|null} source null where no field is shown
 * @param {{source: Source|null, moving: Record<string, ReturnType<typeof groundOf>>}|null} before
 */
export function terrainOf({ panels }, source, before = null) {
  const still = /** @type {Record<string, Ground>} */ ({}), moving = /** @type {Record<string, ReturnType<typeof groundOf>>} */ ({});
  for (const [name, { terrain, space }] of Object.entries(panels)) {
    if (!terrain) continue;
    const known = before?.source === source && before?.moving[name], isSurface = Boolean(space);
    if ("values" in terrain) still[name] = toldGround(terrain);
    else if (known && alike(known.made, [terrain, isSurface])) moving[name] = known;
    else if (source) moving[name] = groundOf(terrain, isSurface, source(terrain.across, terrain.up));
  }
  return {
    source, moving,
    /** @param {Inputs} inputs @param {Float64Array[]} [arrays] @returns {Seen} */
    at(inputs, arrays = []) {
      const grounds = { ...still };
      for (const name of Object.keys(moving)) grounds[name] = moving[name].at(inputs, panels[name], arrays);
      const own = Object.keys(moving).map((name) => grounds[name]);
      return { grounds, ambient: ambientOf(own, inputs), captions: wordsOf(own) };
    },
    goOn() {
      const due = performance.now() + SLICE_OF_TERRAIN;
      return Object.values(moving).every((ground) => ground.goOn(due));
    },
  };
}

/** What the program's ambient numbers become that depend on the ground: those that are among the inputs. @param {Ground[]} grounds @param {Inputs} inputs @returns {Inputs} */
function ambientOf(grounds, inputs) {
  const [first] = grounds, surface = grounds.find(({ mesh }) => mesh);
  const told = /** @type {Inputs} */ ({});
  const tell = (/** @type {string} */ name, /** @type {number} */ value) => name in inputs && (told[name] = value);
  if (first) {
    tell("valley of levels", +first.valley);
    for (let k = 0; `level ${k}` in inputs; k += 1) tell(`level ${k}`, first.levels[k] ?? NO_LEVEL);
  }
  if (surface) surface.span.forEach((end, k) => tell(`values seen ${k ? "high" : "low"}`, end));
  return told;
}

/** @param {Ground[]} grounds @returns {Record<string, string>} */
function wordsOf(grounds) {
  const [first] = grounds, field = grounds.find(({ mesh, arrowNote }) => !mesh && arrowNote);
  const told = /** @type {Record<string, string>} */ (first ? { "levels note": first.told } : {});
  return field ? { ...told, "field note": field.arrowNote ?? "" } : told;
}
