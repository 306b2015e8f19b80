/**
 * A packet as packing.py writes it: alike texts and bytes of numbers, of which what is the same has
 * travelled once.
 *
 * @import { Data, Listing } from "../front/program.js"
 * @typedef {Data & {numbers: number}} Program with the place of its constants
 * @typedef {Record<string, number>} Told traits by name: the place of each one's part
 * @typedef {{read(traits: Told): Record<string, any>, json(place: number): any, program(place: number): Program,
 *   numbers(place: number): Float64Array}} Packet `read` gives traits; of a part all get one object
 */
const NEWLINE = 10;
const SPACE = 32;

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

/** A listing whose results are named by their places, which were told by how many steps they are back. @template {Listing} L @param {L} listing @returns {L} */
function byPlaces({ steps, ...listing }) {
  const inputs = listing.inputs.length;
  const named = steps.map(([call, ...refs], place) => [call, ...refs.map((ref) => (ref < inputs ? ref : 2 * inputs + place - 1 - ref))]);
  return /** @type {L} */ ({ ...listing, steps: named });
}

/** A program as it was before packing.py made distances of places. @param {Program} data @returns {Program} */
const asPlaces = (data) => ({ ...byPlaces(data), bodies: data.bodies?.map(byPlaces) });

/** Numbers as they travel: eight bytes each. @param {DataView} bytes */
const floatsOf = ({ buffer, byteOffset, byteLength }) => new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));

/** What `programIn` in front/wire.js reads. @param {Program} data @param {Float64Array} numbers */
function plainOf(data, numbers) {
  const letters = new TextEncoder().encode(JSON.stringify(data)), start = Math.ceil(letters.length / 8) * 8;
  const plain = new Uint8Array(start + 8 * (numbers.length + 1)).fill(SPACE, 0, start);
  plain.set(letters);
  new Float64Array(plain.buffer, start).set([...numbers, numbers.length]);
  return plain.buffer;
}

/** What a page carries of an explorer, and the packet that it points into. @param {string} text @returns {Promise<{carried: any, packet: Packet}>} */
export async function openPacket(text) {
  const parts = /** @type {DataView<ArrayBuffer>[]} */ (partsIn(await inflatedText(text)));
  /** @type {Map<string, any>} */
  const known = new Map();
  /** A part made into something, the same object each time. @param {string} kind @param {number} place @param {(text: string) => any} make */
  const once = (kind, place, make) => {
    const { buffer, byteOffset, byteLength } = parts[place], key = `${kind} ${place}`;
    if (!known.has(key)) known.set(key, make(textOf(new Uint8Array(buffer, byteOffset, byteLength))));
    return known.get(key);
  };
  const json = (/** @type {number} */ place) => once("json", place, JSON.parse);
  const program = (/** @type {number} */ place) => once("program", place, (told) => asPlaces(JSON.parse(told)));
  const numbers = (/** @type {number} */ place) => floatsOf(parts[place]);
  /** As the front end gets it from a kernel, but for the deflating. @param {number} place */
  const sent = (place) => once("sent", place, (told) => new DataView(told ? plainOf(program(place), numbers(program(place).numbers)) : new ArrayBuffer(0)));
  const carried = json(0), bytes = new Set(carried.bytes), programs = new Set(carried.programs);
  const valueOfTrait = (/** @type {string} */ name, /** @type {number} */ place) => (programs.has(name) ? sent(place) : bytes.has(name) ? parts[place] : json(place));
  return {
    carried,
    packet: {
      json, program, numbers,
      read: (traits) => Object.fromEntries(Object.entries(traits).map(([name, place]) => [name, valueOfTrait(name, place)])),
    },
  }; // prettier-ignore
}
