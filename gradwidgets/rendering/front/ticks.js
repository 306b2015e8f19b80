/**
 * Ticks of an axis: where they stand and what they say, so few that labels never touch.
 *
 * Along a linear axis they stand where matplotlib has them, along a logarithmic one, whose
 * coordinates are exponents of ten, where rendering/ticks.py has them; tests compare.
 *
 * @import { Pair } from "./wire.js"
 *
 * @typedef {{places: number[], labels: string[], minor: number[], note: string}} Ticks a label for
 *   each place; places of the small ticks between; by what all labels are to be multiplied, or what
 *   is to be added to them, for beside the axis
 */
import { powerOfTen, tenTo } from "./text.js";

const LETTER_WIDTH = 7.5; // pixels, with some air
const LINE_HEIGHT = 22;
const LABEL_GAP = 8;
const LABEL_ROOM = (8.5 * 3) / 0.72; // pixels from tick to tick, as matplotlib reckons at 8.5 points
const LINE_ROOM = (8.5 * 2) / 0.72;
const MOST_TICKS = 9;
const STEP_DIGITS = [10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000];
const ROUGHLY = 1e-9;

/** A number times a power of ten, rounded once. @param {number} value @param {number} power */
const timesTenTo = (value, power) => (power < 0 ? value / tenTo(-power) : value * tenTo(power));

/** @param {number} size */
const exponentOf = (size) => Math.floor(Math.log10(size) + 1e-12);

/** @param {number} value @param {number} digits */
const significant = (value, digits) => String(+value.toPrecision(digits)).replace("-", "−");

/** A round number as it is written, as in pictures/levels.py. @param {number} number @param {number} digits */
export function shortNumber(number, digits = 4) {
  const size = Math.abs(number);
  if (number === 0 || (size >= 1e-4 && size < 1e6)) return significant(number, 12);
  const exponent = exponentOf(size), lead = significant(timesTenTo(number, -exponent), digits);
  return lead === "1" ? powerOfTen(exponent) : `${lead}·${powerOfTen(exponent)}`;
}

/** Whether no label touches the next, at so many pixels to the unit. @param {number[]} places @param {string[]} labels @param {number} scale @param {boolean} upright */
function areApart(places, labels, scale, upright) {
  const needed = (/** @type {number} */ k) =>
    upright ? LINE_HEIGHT : (LETTER_WIDTH * (labels[k - 1].length + labels[k].length)) / 2 + LABEL_GAP;
  return places.every((place, k) => k === 0 || (place - places[k - 1]) * scale >= needed(k));
}

// ── linear ───────────────────────────────────────────────────────────────────────────────────────

/** Multiples of a round step in a range, a share of it or less apart, and two at least. @param {Pair} range @param {number} share */
function evenPlaces([low, high], share) {
  const least = (high - low) / share, power = exponentOf(least) - 2;
  const start = STEP_DIGITS.findIndex((digits) => timesTenTo(digits, power) >= least * (1 - ROUGHLY));
  for (const digits of STEP_DIGITS.slice(0, start + 1).reverse()) {
    const step = timesTenTo(digits, power);
    const first = Math.ceil(low / step - ROUGHLY), last = Math.floor(high / step + ROUGHLY);
    if (last > first) return Array.from({ length: last - first + 1 }, (_, k) => timesTenTo((first + k) * digits, power));
  }
  return [low, high]; // so narrow that no number between is a round one
}

/** What places share that lie close together and far from 0, or 0. @param {number[]} places */
function baseOf(places) {
  const [first, last] = [places[0], places[places.length - 1]];
  const width = last - first, nearest = Math.min(Math.abs(first), Math.abs(last));
  if (!(width > 0) || first < 0 !== last < 0) return 0;
  const power = Math.ceil(Math.log10(width)), lead = Math.floor(timesTenTo(nearest, -power));
  return lead < 1000 ? 0 : Math.sign(first) * timesTenTo(lead, power);
}

/** How many decimals tell numbers apart, an even step between them. @param {number[]} numbers */
function decimalsFor(numbers) {
  const near = Math.abs(numbers[numbers.length - 1] - numbers[0] || numbers[0]) / numbers.length / 1000;
  const misses = (/** @type {number} */ decimals) => numbers.some((one) => Math.abs(+one.toFixed(decimals) - one) > near);
  let decimals = 0;
  while (decimals < 15 && misses(decimals)) decimals += 1;
  return decimals;
}

/** Ticks at given places, rising. @param {number[]} places @returns {Ticks} */
export function labelled(places) {
  const base = baseOf(places), rest = places.map((place) => place - base);
  const largest = Math.max(...rest.map(Math.abs)), size = largest > 0 ? exponentOf(largest) : 0;
  const power = size >= 6 || size <= (base ? -3 : -5) ? size : 0, units = rest.map((value) => timesTenTo(value, -power));
  const decimals = decimalsFor(units);
  const labels = units.map((unit) => (unit === 0 ? 0 : unit).toFixed(decimals).replace("-", "−"));
  const added = base ? `${base < 0 ? "−" : "+"} ${shortNumber(Math.abs(base), 12)}` : "";
  return { places, labels, minor: [], note: [power ? `·${powerOfTen(power)}` : "", added].filter(Boolean).join(" ") };
}

/** Of ticks at given places every second, third, … where an axis has no room for all. @param {number[]} places @param {Pair} range @param {number} room in pixels @param {boolean} upright */
export function ticksAt(places, [low, high], room, upright = false) {
  for (let stride = 1; ; stride += 1) {
    const made = labelled(places.filter((_, k) => k % stride === 0));
    if (stride >= places.length || areApart(made.places, made.labels, room / (high - low), upright)) return made;
  }
}

/** Ticks at multiples of 1, 2, 2.5 or 5 · 10ᵏ, on an axis of so many pixels. @param {Pair} range @param {number} room @param {boolean} upright */
export function linearTicks(range, room, upright = false) {
  const scale = room / (range[1] - range[0]), space = Math.floor(room / (upright ? LINE_ROOM : LABEL_ROOM));
  let made = labelled([]);
  for (let share = Math.min(Math.max(space, 1), MOST_TICKS); share > 0; share -= 1) {
    made = labelled(evenPlaces(range, share));
    if (areApart(made.places, made.labels, scale, upright)) return made;
  }
  return labelled(made.places.slice(0, 1));
}

// ── logarithmic ──────────────────────────────────────────────────────────────────────────────────

const ALL_DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const FINE_DIGITS = [ALL_DIGITS, [1, 2, 5], [1, 3], [1]];
const DECADES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, ...Array.from({ length: 38 }, (_, k) => 20 + 10 * k)];

/** @param {number} first @param {number} last whole numbers */
const countsFrom = (first, last) => Array.from({ length: Math.max(last - first + 1, 0) }, (_, k) => first + k);

/** Ticks for exponents of ten, on an axis of so many pixels. @param {Pair} range @param {number} room @param {boolean} upright @returns {Ticks} */
export function logTicks(range, room, upright = false) {
  const [low, high] = range, scale = room / (high - low);
  const plain = high - low < 2 && Math.max(-low, high) < 300;
  const [places, labels] = firstApart(plain ? plainValues(range) : powersIn(range), scale, upright);
  const digits = scale >= 24 ? ALL_DIGITS : scale >= 4 ? [1] : [];
  const minor = digitPlaces(range, digits).filter((place) => !places.includes(place));
  return { places, labels, minor, note: "" };
}

/** @param {Iterable<[number[], string[]]>} candidates from many to few @param {number} scale @param {boolean} upright @returns {[number[], string[]]} */
function firstApart(candidates, scale, upright) {
  /** @type {[number[], string[]]} */
  let last = [[], []];
  for (last of candidates) if (areApart(...last, scale, upright)) return last;
  return [last[0].slice(0, 1), last[1].slice(0, 1)];
}

/** Every power of ten, every second, and so on. @param {Pair} range @returns {Generator<[number[], string[]]>} */
function* powersIn([low, high]) {
  const first = Math.ceil(low - ROUGHLY), last = Math.floor(high + ROUGHLY);
  for (const stride of DECADES) {
    const counts = countsFrom(Math.ceil(first / stride), Math.floor(last / stride)).map((count) => count * stride || 0);
    yield [counts, counts.map(powerOfTen)];
  }
}

/** Plain numbers, from many to few; on less than an octave in even steps. @param {Pair} range @returns {Generator<[number[], string[]]>} */
function* plainValues(range) {
  const written = (/** @type {number[]} */ places) => /** @type {[number[], string[]]} */ ([places, places.map(asWritten)]);
  for (const digits of FINE_DIGITS) {
    const places = digitPlaces(range, digits);
    if (places.length >= 2) yield written(places);
  }
  const [least, most] = range.map((end) => 10 ** end), unit = 10 ** Math.floor(Math.log10((most - least) / 5));
  for (const factor of [1, 2, 5, 10, 20, 50]) {
    const step = unit * factor, counts = countsFrom(Math.ceil(least / step), Math.floor(most / step));
    yield written(counts.map((count) => Math.log10(count * step)));
  }
}

/** @param {Pair} range @param {number[]} digits */
function digitPlaces([low, high], digits) {
  const all = countsFrom(Math.floor(low), Math.floor(high)).flatMap((power) => digits.map((digit) => power + Math.log10(digit)));
  return all.filter((place) => low - ROUGHLY <= place && place <= high + ROUGHLY);
}

/** @param {number} place */
function asWritten(place) {
  const value = 10 ** place, exponent = Math.floor(place + ROUGHLY);
  if (exponent >= -4 && exponent < 5) return significant(value, 12);
  return `${significant(value / 10 ** exponent, 12)}·${powerOfTen(exponent)}`;
}
