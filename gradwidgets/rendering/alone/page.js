/**
 * Explorers in a page without a kernel: each element that carries one wakes up.
 *
 * @import { Carried } from "./kernel.js"
 * @import { Packet } from "./packet.js"
 * @typedef {import("./address.js").Answering} Answering
 */
import { followAddress } from "./address.js";
import { differenceIn } from "./check.js";
import { answering } from "./kernel.js";
import { openPacket } from "./packet.js";
import { button } from "../front/buttons.js";
import { element, say } from "../front/elements.js";
import { render } from "../front/explorer.js";

const ASLEEP = ".gw-alone[data-gw]";
const ADDRESSED = "[data-gw-address]"; // a page of ours, whose address we may change
const TOLD_FOR = 2000; // milliseconds
const AFTER_PAINT = 50;

/** @param {number} time */
const passed = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** A button that copies the page's address; where that is not allowed, it is shown. @param {() => void} write */
function linkPart(write) {
  const shown = element("input", "gw-link", { readonly: "", hidden: "", "aria-label": "link to this view" });
  const copy = async () => {
    write();
    try {
      await navigator.clipboard.writeText(location.href);
      say(made, "copied");
      await passed(TOLD_FOR);
      say(made, "copy link");
    } catch {
      shown.value = location.href;
      shown.hidden = false;
      shown.select();
    }
  };
  const made = button("copy link", copy, new AbortController().signal, "the address of what is seen now", "gw-quiet");
  return element("span", "", {}, made, shown);
}

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

/** Bring one to life; `show` lets it be seen. @param {HTMLElement} el @param {string} text what it carries */
async function wake(el, text) {
  const { carried: { functions }, packet } = await openPacket(text); // prettier-ignore
  const alone = answering(functions, packet), view = element("div", "");
  const foot = /** @type {HTMLElement} */ (el.querySelector(".gw-foot"));
  const show = () => {
    el.replaceChildren(view, foot);
    render({ model: alone.model, el: view });
    void verify(el, functions, packet, foot);
  };
  return { alone, foot, show };
}

/** All that are still asleep, one after the other. */
async function wakeAll() {
  const asleep = [...document.querySelectorAll(ASLEEP)].map((one) => {
    const el = /** @type {HTMLElement} */ (one), text = el.dataset.gw ?? "";
    delete el.dataset.gw; // nobody else wakes it
    return { el, text };
  });
  const awake = [];
  for (const { el, text } of asleep) awake.push(await wake(el, text));
  if (document.querySelector(ADDRESSED) && location.protocol !== "about:") {
    const named = awake.map(({ alone }, k) => /** @type {[string, Answering]} */ ([awake.length > 1 ? `${k + 1}.` : "", alone]));
    const { read, write } = followAddress(new Map(named));
    read();
    awake.forEach(({ foot }) => foot.append(linkPart(write)));
  }
  awake.forEach(({ show }) => show());
}

/** Now, and again when all of the page is there. */
function start() {
  Object.assign(globalThis, { gradwidgetsWake: wakeAll });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", wakeAll);
  else wakeAll();
}

export default start();
