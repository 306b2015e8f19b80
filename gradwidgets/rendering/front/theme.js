/**
 * Light or dark, as the page around is: what its host says, else how bright it is.
 *
 * @import { AxesLook } from "./axes.js"
 * @import { Look } from "./look.js"
 * @import { TerrainLook } from "./painted.js"
 *
 * @typedef {"light"|"dark"} Theme
 * @typedef {Look & {theme: Theme, axes: AxesLook, terrain: TerrainLook}} Themed
 */
import { LIGHT_AXES } from "./axes.js";
import { luminance, channelsOf } from "./colors.js";
import { DARK_TERRAIN, LIGHT_TERRAIN } from "./painted.js";

const MIDDLE = 0.18; // as bright as black and white are far
/** @type {Record<Theme, {ground: string, axes: AxesLook, terrain: TerrainLook}>} */
const LOOKS = {
  light: { ground: "#FFFFFF", axes: LIGHT_AXES, terrain: LIGHT_TERRAIN },
  dark: {
    ground: "#121212",
    axes: { quiet: "#A9B4C0", faint: "#4B5560", ground: "#23272C", hatch: "#3B424A" },
    terrain: DARK_TERRAIN,
  },
};

/** How a theme looks on a ground, with the colours that a picture tells for the dark. @param {Theme} theme @param {string} ground @param {Record<string, string>} [dark] @returns {Themed} */
export function lookOf(theme, ground = LOOKS[theme].ground, dark = {}) {
  return { ...LOOKS[theme], theme, ground, color: (light) => (theme === "dark" && dark[light]) || light };
}

/** What JupyterLab, VS Code, MyST, marimo and Sphinx say of themselves. @param {Document} page @returns {Theme|null} */
export function hostTheme({ documentElement: root, body }) {
  const said = body.dataset.jpThemeLight ?? root.dataset.jpThemeLight;
  if (said) return said === "true" ? "light" : "dark";
  for (const { classList, dataset } of [body, root]) {
    if (["vscode-dark", "vscode-high-contrast", "dark", "dark-theme"].some((name) => classList.contains(name)) && !classList.contains("vscode-high-contrast-light")) return "dark"; // prettier-ignore
    if (["vscode-light", "vscode-high-contrast-light", "light"].some((name) => classList.contains(name))) return "light";
    const { theme } = dataset;
    if (theme === "dark" || theme === "light") return theme;
  }
  return null;
}

/** The first colour behind an element that covers what is behind it, or "". @param {Element} el */
export function groundBehind(el) {
  for (let one = /** @type {Element|null} */ (el); one; one = one.parentElement ?? hostOf(one)) {
    const { backgroundColor } = getComputedStyle(one);
    if (channelsOf(backgroundColor)[3] > 0.5) return backgroundColor;
  }
  return "";
}

/** The element whose shadow another stands in. @param {Element} el */
function hostOf(el) {
  const root = el.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** @param {string} color */
const isBright = (color) => luminance(channelsOf(color).slice(0, 3)) > MIDDLE;

/** The theme around an element, and the colour behind it. @param {Element} el @returns {{theme: Theme, ground: string|undefined}} */
export function themeAround(el) {
  const behind = groundBehind(el), page = document.documentElement;
  // Without any ground a page's letters tell: they are bright where it follows a dark system.
  const bright = behind ? isBright(behind) : !isBright(getComputedStyle(page).color);
  return { theme: hostTheme(document) ?? (bright ? "light" : "dark"), ground: behind || undefined };
}

/**
 * Follow the theme, which stands on the element as `data-gw-theme`, and tell when it changes.
 *
 * @param {HTMLElement} el @param {AbortSignal} signal @param {() => void} hear
 */
export function followTheme(el, signal, hear) {
  let known = themeAround(el);
  const read = () => {
    const next = themeAround(el), same = next.theme === known.theme && next.ground === known.ground;
    known = next;
    el.dataset.gwTheme = next.theme;
    el.style.setProperty("--gw-ground", next.ground ?? LOOKS[next.theme].ground);
    if (!same) hear();
  };
  const watch = new MutationObserver(read), told = { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light"] };
  [document.documentElement, document.body].forEach((one) => watch.observe(one, told));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", read, { signal });
  signal.addEventListener("abort", () => watch.disconnect());
  read();
  return { read, now: () => known };
}
