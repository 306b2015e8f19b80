/**
 * Waking one explorer that a page carries: its picture, and whether its numbers are Python's.
 *
 * @import { Carried } from "./kernel.js"
 * @import { Packet } from "./packet.js"
 */
import { differenceIn } from "./check.js";
import { copyPart } from "./copying.js";
import { answering } from "./kernel.js";
import { linkWith } from "./linked.js";
import { openPacket } from "./packet.js";
import { passed } from "./passing.js";
import { askedIn } from "./score.js";
import { element } from "../front/elements.js";
import { render } from "../front/explorer.js";

const ASLEEP = ".gw-alone[data-gw]";
const AFTER_PAINT = 50; // milliseconds

/** Whether the numbers of all functions are Python's; else what differs. @param {Carried[]} functions @param {Packet} packet */
async function differences(functions, packet) {
  for (const { check, traits } of functions) {
    await passed(AFTER_PAINT); // the hand comes first
    const known = packet.read(traits), wrong = check ? differenceIn((name) => known[name], check, packet) : "";
    if (wrong) return wrong;
  }
  return "";
}

/** @param {HTMLElement} el @param {Carried[]} functions @param {Packet} packet @param {HTMLElement} foot */
async function verify(el, functions, packet, foot) {
  await new Promise(requestAnimationFrame);
  const wrong = await differences(functions, packet);
  el.dataset.verified = String(!wrong);
  if (wrong) foot.append(element("p", "gw-wrong", { role: "alert" }, `In this browser a number differs from Python's: ${wrong}`));
}

/** The elements that carry an explorer, with what they carry; nobody else wakes them. @param {ParentNode} root */
export function asleepIn(root) {
  return [...root.querySelectorAll(ASLEEP)].map((one) => {
    const el = /** @type {HTMLElement} */ (one), text = el.dataset.gw ?? "";
    delete el.dataset.gw;
    return { el, text };
  });
}

/** Bring one to life; `show` lets it be seen, and returns what ends it. @param {{el: HTMLElement, text: string}} asleep */
export async function wake({ el, text }) {
  const { carried: { functions, linked }, packet } = await openPacket(text); // prettier-ignore
  const alone = answering(functions, packet), view = element("div", "");
  const foot = /** @type {HTMLElement} */ (el.querySelector(".gw-foot"));
  if (linked) linkWith(linked, alone.model);
  if (askedIn(alone.model)) foot.append(copyPart("copy my score", "all answers that were checked here", alone.score));
  const show = () => {
    el.replaceChildren(view, foot);
    const end = render({ model: alone.model, el: view });
    void verify(el, functions, packet, foot);
    return end;
  };
  return { alone, foot, show };
}
