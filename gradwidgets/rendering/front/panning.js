/**
 * Hands on a panel's window: wheel, fingers, keys, buttons, drags of its contents and of its axes.
 *
 * @import { Board } from "./board.js"
 * @import { Pair, Panel } from "./wire.js"
 * @import { PanelPart } from "./panel.js"
 * @import { Shown } from "./replay.js"
 * @import { Ends, Windowing } from "./windowing.js"
 * @import { Shown as Ranges } from "./window.js"
 *
 * @typedef {{panel: Panel, from: Pair}} Pan what was shown when it began, with only those axes along
 *   which it goes, and where it began
 */
import { pointerOn } from "./coordinates.js";
import { describe, element, OWN_KEYS } from "./elements.js";
import { handles, pick, pressedTick } from "./touch.js";
import { pannedAxes, pinchedAxes, pinchOf, wheelFactor, zoomedAxes } from "./window.js";

const ZOOM = 0.8; // of the width, for one key or button
const PAN = 0.1; // of the width, for one key
const COARSER = 5; // with Shift

/** Into which direction keys look, in widths and heights. @type {Record<string, Pair>} */
const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
/** @type {Record<string, number>} */
const ZOOMS = { "+": ZOOM, "=": ZOOM, "-": 1 / ZOOM, "−": 1 / ZOOM, _: 1 / ZOOM };
/** Buttons with what they are called, and the key that does the same. */
const ZOOM_BUTTONS = [["+", "zoom in", "+"], ["−", "zoom out", "-"], ["⟲", "reset view", "0"]]; // prettier-ignore

/** A panel as a hand has left it, be it drawn or not. @param {Panel} panel @param {Ends} ends @returns {Panel} */
export function asLeft(panel, ends) {
  const [across, up] = panel.axes;
  return { ...panel, x: (across && ends[across]) || panel.x, y: (up && ends[up]) || panel.y };
}

/** The variables that get other ends where a panel shows other ranges. @param {Panel} panel @param {Ranges} ranges @returns {Ends} */
export const endsFor = ({ axes: [across, up] }, { x, y }) => ({ ...(across && { [across]: x }), ...(up && { [up]: y }) });

/** A panel whose hand moves it along some axes only. @param {Panel} panel @param {Pair} along @returns {Panel} */
const movedAlong = (panel, along) => ({ ...panel, axes: [along[0] ? panel.axes[0] : null, along[1] ? panel.axes[1] : null] });

/**
 * The axes whose strip is at a pixel, as a drag goes along them; null for inside, and for outside of both.
 *
 * @param {Panel} panel @param {Pair} at @returns {Pair|null}
 */
export function stripAt({ box: [left, top, width, height], axes: [across, up] }, [x, y]) {
  if (across && y > top + height && x >= left && x <= left + width) return [1, 0];
  return up && x < left && y >= top && y <= top + height ? [0, 1] : null;
}

/** The nearest pixel within a panel's frame. @param {Panel} panel @param {Pair} at @returns {Pair} */
const intoFrame = ({ box: [left, top, width, height] }, [x, y]) =>
  [Math.min(Math.max(x, left), left + width), Math.min(Math.max(y, top), top + height)]; // prettier-ignore

/**
 * Around which pixel keys and buttons zoom: the handle that shows where the reader stands, or the middle.
 *
 * @param {Shown} shown @param {string} name
 */
function anchorIn({ spec, numbers }, name) {
  const panel = spec.panels[name], [left, top, width, height] = panel.box;
  const own = handles(spec, numbers).filter(({ mark }) => mark.panel === name && panel.axes.every((axis) => !axis || mark.moves.includes(axis)));
  const seen = own.find(({ at }) => at.every((one, k) => one === intoFrame(panel, at)[k]));
  return seen?.at ?? /** @type {Pair} */ ([left + width / 2, top + height / 2]);
}

/** Small buttons in the corner of a plot. @param {(key: string) => void} press @param {AbortSignal} signal */
function zoomButtons(press, signal) {
  const buttons = ZOOM_BUTTONS.map(([sign, label, key]) => {
    const el = element("button", "gw-zoom", { type: "button", tabindex: "-1", "aria-label": label, title: `${label} (${key})`, ...OWN_KEYS }, sign);
    el.addEventListener("click", (event) => (event.stopPropagation(), press(key)), { signal });
    return el;
  });
  const el = element("div", "gw-zooms", {}, ...buttons);
  // A press is no press on the map below, and leaves the focus where it is.
  el.addEventListener("pointerdown", (event) => event.stopPropagation(), { signal });
  el.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  return { el, reset: /** @type {HTMLButtonElement} */ (buttons[2]) };
}

/** @param {Board} board @param {Windowing} windowing */
export function windowHands(board, windowing) {
  const { signal } = board;
  /** @type {Set<HTMLButtonElement>} */
  const resets = new Set();

  /** @param {PanelPart} part */
  const listen = ({ name, plot }) => {
    let pan = /** @type {Pan|null} */ (null);
    let fingers = /** @type {[Pair, Pair]|null} */ (null);
    let scale = 1; // that Safari has told last

    /** The panel as it is now, where it has a window. */
    const panelNow = () => {
      const panel = board.shown()?.spec.panels[name];
      return panel?.axes.some(Boolean) ? asLeft(panel, windowing.now()) : null;
    };
    const show = (/** @type {Panel} */ panel, /** @type {Ranges} */ ranges) => windowing.move(endsFor(panel, ranges));
    const zoom = (/** @type {Panel} */ panel, /** @type {Pair} */ at, /** @type {number} */ factor) =>
      show(panel, zoomedAxes(panel, intoFrame(panel, at), factor));
    /** Nothing behind hears of an event that is ours. @param {Event} event */
    const ours = (event) => (event.preventDefault(), event.stopImmediatePropagation());

    /** @template {keyof HTMLElementEventMap} Type @param {Type} type @param {(event: HTMLElementEventMap[Type], panel: Panel) => void} hear */
    const when = (type, hear, early = true) => plot.addEventListener(type, (event) => {
      const panel = panelNow();
      if (panel) hear(event, panel);
    }, { signal, capture: early, passive: false }); // prettier-ignore

    // ── wheel, and pinching on a touchpad ──────────────────────────────────────────────────────────

    when("wheel", (event, panel) => {
      if (!event.ctrlKey && !event.metaKey) return;
      ours(event);
      zoom(panel, pointerOn(plot, event), wheelFactor(event));
    });
    /** Safari's own events. @param {string} type @param {(event: MouseEvent & {scale: number}, panel: Panel) => void} hear */
    const whenSafari = (type, hear) => when(/** @type {"click"} */ (type), (event, panel) => {
      ours(event);
      if (!fingers) hear(/** @type {MouseEvent & {scale: number}} */ (/** @type {unknown} */ (event)), panel);
    }); // prettier-ignore
    whenSafari("gesturestart", () => (scale = 1));
    whenSafari("gesturechange", (event, panel) => {
      zoom(panel, pointerOn(plot, event), scale / event.scale);
      scale = event.scale;
    });
    whenSafari("gestureend", () => {});

    // ── two fingers ──────────────────────────────────────────────────────────────────────────────

    /** Where two fingers are, if there are two. @param {TouchEvent} event @returns {[Pair, Pair]|null} */
    const pairOf = ({ touches }) => {
      const [one, two, ...more] = [...touches].filter(({ target }) => target instanceof Node && plot.contains(target));
      return two && !more.length ? [pointerOn(plot, one), pointerOn(plot, two)] : null;
    };
    when("touchstart", (event) => {
      fingers = pairOf(event);
      if (fingers) event.preventDefault(); // neither scrolls nor zooms the page, and is no tap
    });
    when("touchmove", (event, panel) => {
      const now = pairOf(event);
      if (!fingers || !now) return;
      event.preventDefault();
      show(panel, pinchedAxes(panel, pinchOf(fingers, now)));
      fingers = now;
    });
    for (const type of /** @type {const} */ (["touchend", "touchcancel"])) when(type, (event) => (fingers = pairOf(event)));

    // ── drags ────────────────────────────────────────────────────────────────────────────────────

    /** Along which axes a press pans: both with Shift, one on its strip, unless a handle is there. @param {PointerEvent} event @param {Panel} panel @returns {Pair|null} */
    const alongOf = (event, panel) => {
      const shown = board.shown(), at = pointerOn(plot, event);
      if (!shown || event.pointerType === "touch") return null;
      if (event.shiftKey) return [1, 1];
      const { spec, numbers } = shown, taken = pick(spec, numbers, name, ...at, false) || pressedTick(spec, numbers, name, ...at);
      return taken ? null : stripAt(panel, at);
    };
    /** What the pointer tells of what a press would do. @param {Pair} along */
    const cursorOf = ([x, y]) => (x && y ? "move" : x ? "ew-resize" : "ns-resize");
    const onButton = (/** @type {Event} */ { target }) => target instanceof Element && target.closest(".gw-zooms") !== null;
    when("pointerdown", (event, panel) => {
      const along = event.button || onButton(event) ? null : alongOf(event, panel);
      if (!along) return;
      ours(event);
      pan = { panel: movedAlong(panel, along), from: pointerOn(plot, event) };
      plot.setPointerCapture(event.pointerId);
      plot.focus({ preventScroll: true });
      plot.style.cursor = along[0] && along[1] ? "grabbing" : cursorOf(along);
    });
    when("pointermove", (event) => {
      if (fingers) return event.stopImmediatePropagation();
      if (!pan) return;
      ours(event);
      const { panel, from } = pan, to = pointerOn(plot, event);
      show(panel, pannedAxes(panel, [to[0] - from[0], to[1] - from[1]]));
    });
    // After those who take hold of handles have told theirs.
    when("pointermove", (event, panel) => {
      const along = event.buttons ? null : alongOf(event, panel);
      if (along) plot.style.cursor = cursorOf(along);
    }, false); // prettier-ignore
    const release = () => {
      pan = null;
      plot.style.cursor = "";
    };
    for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) when(type, () => pan && release());

    // ── keys and buttons ─────────────────────────────────────────────────────────────────────────

    /** What a key asks for; whether it asks for anything. @param {string} key @param {Panel} panel */
    const press = (key, panel, count = 1) => {
      const shown = board.shown(), look = TOWARDS[key], [, , width, height] = panel.box;
      if (look && look.some((one, k) => one && panel.axes[k]))
        show(movedAlong(panel, look), pannedAxes(panel, [-PAN * count * look[0] * width, PAN * count * look[1] * height]));
      else if (ZOOMS[key] && shown) zoom(panel, anchorIn(shown, name), ZOOMS[key]);
      else if (key === "0") windowing.goHome();
      else return false;
      return true;
    };
    /** Give back what was shown before a drag. */
    const giveBack = () => {
      if (pan) show(pan.panel, pan.panel);
      release();
    };
    when("keydown", (event, panel) => {
      if (event.target !== plot || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") return pan ? giveBack() : plot.blur();
      if (press(event.key, panel, event.shiftKey ? COARSER : 1)) ours(event);
    }, false); // prettier-ignore

    const buttons = zoomButtons((key) => {
      const panel = panelNow();
      if (panel) press(key, panel);
    }, signal);
    resets.add(buttons.reset);
    describe(plot, OWN_KEYS);
    plot.append(buttons.el);
  };
  /** Bring buttons to the state. */
  const refresh = () => resets.forEach((button) => (button.disabled = !windowing.isAway()));
  return { listen, refresh };
}
