/**
 * A packet as packing.py writes it: alike texts and bytes of numbers, of which what is the same has
 * travelled once.
 *
 * @typedef {Record<string, number>} Told traits by name: the place of each one's part
 * @typedef {{read(traits: Told): Record<string, any>, json(place: number): any, numbers(place: number): Float64Array}} Packet
 *   `read` gives traits, a part's value the same object each time
 */
import { floatsOf } from "../front/replay.js";

const NEWLINE = 10;

/** @param {Uint8Array} letters */
const textOf = (letters) => new TextDecoder().decode(letters);

/** @param {string} text base64 of what is deflated */
async function inflatedText(text) {
  const { body } = new Response(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  return new Uint8Array(await new Response(body?.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
}

/** The parts, one after the other. @param {Uint8Array} plain */
function partsIn(plain) {
  const first = plain.indexOf(NEWLINE), { sizes, pieces } = JSON.parse(textOf(plain.subarray(0, first)));
  const whole = new Uint8Array(sizes.reduce((/** @type {number} */ sum, /** @type {number} */ size) => sum + size, 0));
  let [taken, at, end] = [first + 1, 0, 0];
  for (let k = 0; k < pieces.length; k += 3) {
    const [fresh, jump, count] = pieces.slice(k, k + 3);
    whole.set(plain.subarray(taken, taken + fresh), at);
    taken += fresh;
    at += fresh;
    whole.copyWithin(at, end + jump, end + jump + count);
    at += count;
    end += jump + count;
  }
  let start = 0;
  return sizes.map((/** @type {number} */ size) => new DataView(whole.buffer, start, ((start += size), size)));
}

/** What a page carries of an explorer, and the packet that it points into. @param {string} text */
export async function openPacket(text) {
  const parts = /** @type {DataView<ArrayBuffer>[]} */ (partsIn(await inflatedText(text)));
  /** @type {Map<number, any>} */
  const known = new Map();
  const json = (/** @type {number} */ place) => {
    const { buffer, byteOffset, byteLength } = parts[place];
    if (!known.has(place)) known.set(place, JSON.parse(textOf(new Uint8Array(buffer, byteOffset, byteLength))));
    return known.get(place);
  };
  const carried = json(0), raw = new Set(carried.bytes);
  const read = (/** @type {Told} */ traits) =>
    Object.fromEntries(Object.entries(traits).map(([name, place]) => [name, raw.has(name) ? parts[place] : json(place)]));
  return { carried, packet: { read, json, numbers: (/** @type {number} */ place) => floatsOf(parts[place]) } };
}
