/**
 * What answers in a page where no kernel does: it brings the other pictures that the page carries,
 * and does what a reader may ask for.
 *
 * @import { Packet, Told } from "./packet.js"
 * @import { Choice, Choices } from "./choices.js"
 * @import { Curves } from "./through.js"
 * @import { Ends } from "../front/windowing.js"
 *
 * @typedef {{title: string, traits: Told, choices: Choices, curves: Curves|null,
 *   check: import("./check.js").Check|null}} Carried a function: its usual state, and for every choice
 *   the traits that are others
 */
import { choiceFor, meansSame } from "./choices.js";
import { withCurves } from "./curves.js";
import { measuredAnew } from "./measured.js";
import { ownModel } from "./model.js";
import { destinationOf } from "./numbers.js";
import { scoreOf } from "./score.js";
import { told } from "./tape.js";
import { formThrough, othersThan, pictureThrough, standing, waitingWords, wrongIn } from "./through.js";
import { threeDigits } from "../front/text.js";
import { madeFor } from "../front/windowing.js";

const PICTURED = ["_picture", "_program", "_numbers", "_fixed", "_terrain", "_grid"];
const QUIET = { note: "", _news: "", _message: "", _domain_message: "", _refused: 0, _work: {}, _open: [], _live: true };
const RUN_ANEW = ["point", "persistent"]; // with these a program runs anew, on a fresh tape
const ANSWER = ["checked", "guess"]; // another question has none yet
const MEASURED = ["edits", "row", "point"]; // in units of the data: with others θ is as it was opened, and where y must be labels and are none the rows, too
const ONE_OPTION = "A page can change one option at a time: ";
const AS_IT_WAS = "as it was";
const ROWS_BACK = "The data are as they came: some of the moved rows are no labels, 0 or 1.";

/** A value that an option has again. @param {any} value */
function wordsAgain(value) {
  if (typeof value === "boolean") return value ? "on again" : "off again";
  if (Array.isArray(value) ? !value.length : typeof value === "object") return AS_IT_WAS;
  return `${Array.isArray(value) ? value.join(", ") : value} again`;
}

/** @param {Carried[]} functions @param {Packet} packet */
export function answering(functions, packet) {
  let own = functions[0], key = 0, calls = 0;
  let ends = /** @type {Ends} */ ({}); // of a window that a hand has made
  let chosen = /** @type {Choice|null} */ (null);
  let waits = /** @type {{wanted: number[], place: number[]}|null} */ (null);
  let byHand = true; // and not by an address
  const model = ownModel(heard, asked), score = scoreOf(model);

  /** The traits that a choice makes others. @param {Choice|null} choice */
  const othersOf = (choice) => (choice ? own.choices[choice.option][choice.name] : {});
  /** A trait as Python made it for what is chosen now. @param {string} name */
  const made = (name) => packet.read({ [name]: othersOf(chosen)[name] ?? own.traits[name] })[name];
  /** Traits as they are through the window. @param {string[]} names */
  const seen = (names) => {
    const pictured = names.some((name) => PICTURED.includes(name)), all = pictured ? [...new Set([...names, "_picture", "_fixed"])] : names;
    const news = Object.fromEntries(all.map((name) => [name, made(name)]));
    if (pictured) news._picture = { ...pictureThrough(news._picture, ends), key: String((key += 1)) };
    if (pictured && own.curves) news._fixed = withCurves(news._picture, news._fixed, own.curves, packet);
    if (news._form) news._form = formThrough(news._form, ends);
    return news;
  };
  /** The ends of all that is seen. */
  const windowNow = () => ({ ...madeFor(made("_picture")), ...ends });
  const tell = (/** @type {Record<string, any>} */ news) => {
    model.receive(news._parts ? { ...news, _parts: score.within(news._parts) } : news);
    const script = made("_script");
    if (script) model.receive({ _parts: { ...made("_parts"), told: told(script, model.get, calls) } });
  };
  const open = (/** @type {Carried} */ wanted) => {
    [own, chosen, ends, waits, calls] = [wanted, null, {}, null, 0];
    tell({ ...QUIET, ...seen(Object.keys(own.traits)), _window: windowNow() });
  };
  /** What an option is that has gone back; a button's has no value. @param {string} option */
  const again = (option) => (option in own.traits ? wordsAgain(packet.read({ [option]: own.traits[option] })[option]) : AS_IT_WAS);
  /** Whether y is 0 or 1 in what is chosen now. */
  const labelled = () => Boolean(made("_picture").rows?.labels);
  /** Another picture, and all that comes with it; what another choice has changed goes back. @param {Choice|null} choice */
  const choose = (choice) => {
    const before = chosen, had = labelled(), edits = model.get("edits") ?? {}, rows = model.get("_rows");
    chosen = choice;
    calls = 0;
    const names = new Set([...Object.keys(othersOf(before)), ...Object.keys(othersOf(choice)), ...ANSWER.filter((name) => name in own.traits)]);
    const measured = names.has("_rows") || (labelled() && !had);
    const kept = measured && measuredAnew(edits, rows, made("_rows"), labelled());
    if (measured) MEASURED.forEach((name) => (kept && name !== "point") || names.add(name));
    const other = before && choice && before.option !== choice.option ? `${ONE_OPTION}${before.option} is ${again(before.option)}.` : "";
    const back = [other, measured && !kept ? ROWS_BACK : ""].filter(Boolean).join(" ");
    tell({ note: back, _news: back, ...seen([...names]), ...(kept && { edits: kept }) });
  };

  /** @param {string[]} names */
  function heard(names) {
    if (RUN_ANEW.some((name) => names.includes(name))) calls = 0;
    if (names.includes("_tick")) model.receive({ _heard: model.get("_tick"), note: "", _news: "" });
    const option = names.find((name) => name in own.choices && !meansSame(model.get(name), made(name)));
    if (option) {
      const choice = choiceFor(own.choices, option, { usual: packet.read({ [option]: own.traits[option] })[option], before: made(option), after: model.get(option) }, chosen);
      if (choice === undefined) tell({ [option]: made(option), note: "This page does not carry that picture." });
      else choose(choice);
    } else tell(score.heard(names, byHand));
  }

  /** @param {{values: Ends, typed?: boolean}} content */
  function windowAsked({ values, typed }) {
    const picture = made("_picture"), wrong = wrongIn(values);
    if (wrong && typed) return tell({ _domain_message: `<span role='alert'>${wrong}</span>` });
    if (wrong) return tell({ _refused: model.get("_refused") + 1, note: wrong });
    const point = model.get("point"), wanted = waits && meansSame(waits.place, point) ? waits.wanted : point;
    ends = { ...madeFor(picture), ...ends, ...values };
    const news = seen(["_picture", "_form"]), place = standing(wanted, news._picture);
    waits = meansSame(place, wanted) ? null : { wanted, place };
    const words = waits ? waitingWords(picture.variables, wanted) : "";
    tell({ ...news, point: place, note: words, _news: words, _domain_message: "", _window: windowNow() });
  }

  /** To where an arrow leads. @param {string} name */
  function step(name) {
    const picture = model.get("_picture"), there = destinationOf(model.get, `${name} note`);
    const place = `(${there.map(threeDigits).join(", ")})`, outside = standing(there, picture).some((value, k) => value !== there[k]);
    const note = !there.every(Number.isFinite) ? `There is no ${name} step here.`
      : outside ? `The ${name} step leads to ${place}, outside of the window.` : ""; // prettier-ignore
    tell(note ? { note } : { point: there, note: "" });
  }

  /** @param {any} content */
  function asked(content) {
    const { do: what, key: named, value } = content;
    if (what === "reset") open(own);
    else if (what === "example" && functions[named]) open(functions[named]);
    else if (what === "domain") windowAsked(content);
    else if (what === "newton" || what === "gradient") step(what);
    else if (what === "ask") (calls += 1), tell({});
    else chooseNamed(what, String(value));
  }

  /** Choose by words, where there is such a choice. @param {string} option @param {string} name */
  const chooseNamed = (option, name) => {
    if (name in (own.choices[option] ?? {})) choose({ option, name });
  };

  /** Set what an address tells. @param {() => void} act */
  const addressed = (act) => {
    byHand = false;
    try {
      act();
    } finally {
      byHand = true;
    }
  };

  open(own);
  return {
    model, addressed, choose: chooseNamed, options: () => Object.keys(own.choices), chosen: () => chosen, place: () => functions.indexOf(own),
    score: score.text,
    window: () => othersThan(made("_picture"), ends),
    usual: () => packet.read({ ...own.traits, ...othersOf(chosen) }),
  }; // prettier-ignore
}
