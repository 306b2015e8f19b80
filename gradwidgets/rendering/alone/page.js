/**
 * Explorers in a page without a kernel: each element that carries one wakes up.
 *
 * @typedef {import("./address.js").Answering} Answering
 */
import { followAddress } from "./address.js";
import { copyPart } from "./copying.js";
import { wakingSaved } from "./saved.js";
import { asleepIn, wake } from "./wake.js";

const ADDRESSED = "[data-gw-address]"; // a page of ours, whose address we may change
const wakeSaved = wakingSaved(async (asleep) => void (await wake(asleep)).show());

/** All that are still asleep, one after the other; what an address tells comes before they are seen. */
async function wakeAll() {
  wakeSaved();
  const isOurs = document.querySelector(ADDRESSED) && location.protocol !== "about:", isTold = isOurs && location.hash;
  const awake = [];
  for (const one of asleepIn(document)) {
    const made = await wake(one);
    awake.push(made);
    if (!isTold) made.show();
  }
  if (!isOurs) return;
  const named = awake.map(({ alone }, k) => /** @type {[string, Answering]} */ ([awake.length > 1 ? `${k + 1}.` : "", alone]));
  const { read, write } = followAddress(new Map(named));
  read();
  awake.forEach(({ foot, show }) => {
    foot.append(copyPart("copy link", "the address of what is seen now", () => (write(), location.href)));
    if (isTold) show();
  });
}

/** Now, and again when all of the page is there. */
function start() {
  Object.assign(globalThis, { gradwidgetsWake: wakeAll });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", wakeAll);
  else wakeAll();
}

export default start();
