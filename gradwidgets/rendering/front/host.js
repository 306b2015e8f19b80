/**
 * The model that a host hands to us, and what hosts differ in: some throw where a kernel should be.
 *
 * @typedef {{get(name: string): any, set(name: string, value: unknown): void, save_changes(): void,
 *   send?: (content: unknown) => void, on(name: string, hear: () => void): void,
 *   off(name: string, hear: () => void): void,
 *   widget_manager?: {get_model(id: string): Promise<Model>}}} Model
 */

/** Whether the host did it. @param {() => unknown} action */
function attempt(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Set traits and send them; whether somebody is there to hear. @param {Model} model @param {Record<string, unknown>} traits */
export function put(model, traits) {
  Object.entries(traits).forEach(([name, value]) => model.set(name, value));
  return attempt(() => model.save_changes());
}

/** The same as the reader's own doing, which Python answers: the last one wins. @param {Model} model @param {Record<string, unknown>} traits */
export const gesture = (model, traits) => put(model, { ...traits, _tick: Math.max(Date.now(), (model.get("_tick") || 0) + 1) });

/** Ask Python to do something. @param {Model} model @param {Record<string, unknown>} content */
export const send = (model, content) => attempt(() => model.send?.(content));

/** Hear of changes until the signal. @param {Model} model @param {string[]} names @param {() => void} hear @param {AbortSignal} signal */
export function hears(model, names, hear, signal) {
  names.forEach((name) => model.on(`change:${name}`, hear));
  signal.addEventListener("abort", () => names.forEach((name) => attempt(() => model.off(`change:${name}`, hear))));
}
