/**
 * A model as a host hands it over, in a page without one: it keeps what it is given.
 *
 * @typedef {ReturnType<typeof ownModel>} OwnModel
 */
import { alike } from "../front/values.js";

/** @param {unknown} one @param {unknown} two */
const isSame = (one, two) => one === two || (!(one instanceof DataView) && alike(one, two));

/**
 * @param {(names: string[]) => void} heard hears which traits a hand has changed
 * @param {(content: any) => void} asked hears what the page asks for
 */
export function ownModel(heard, asked) {
  /** @type {Record<string, any>} */
  const traits = {};
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  /** @type {Set<string>} */
  const unsaved = new Set();
  const tell = (/** @type {string[]} */ names) => names.forEach((name) => [...(listeners.get(`change:${name}`) ?? [])].forEach((hear) => hear()));
  return {
    get: (/** @type {string} */ name) => traits[name],
    set(/** @type {string} */ name, /** @type {unknown} */ value) {
      if (isSame(traits[name], value)) return;
      traits[name] = value;
      unsaved.add(name);
      tell([name]);
    },
    save_changes() {
      const names = [...unsaved];
      unsaved.clear();
      if (names.length) heard(names);
    },
    send: asked,
    on: (/** @type {string} */ event, /** @type {() => void} */ hear) => void listeners.set(event, (listeners.get(event) ?? new Set()).add(hear)),
    off: (/** @type {string} */ event, /** @type {() => void} */ hear) => void listeners.get(event)?.delete(hear),
    /** What Python would have said: all of it is there before anybody hears of it. @param {Record<string, any>} news */
    receive(news) {
      const others = Object.keys(news).filter((name) => !isSame(traits[name], news[name]));
      Object.assign(traits, news);
      tell(others);
    },
  };
}
