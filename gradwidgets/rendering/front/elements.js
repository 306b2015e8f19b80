/** Elements of the page, made in one line. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {Record<string, string>} [attributes]
 * @param {(Node|string)[]} inside
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...inside);
  return made;
}

/** What Jupyter's own shortcuts and menus leave the keys to: they look at the focused element alone. */
export const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

/** Show an element, or take it away. @param {HTMLElement} part @param {boolean} shown */
export function shownIf(part, shown) {
  if (part.hidden === shown) part.hidden = !shown;
}

/** Give an element a text, without touching the page where it has it. @param {Element} part @param {string} text */
export function say(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

/** The same with an attribute. @param {Element} part @param {Record<string, string>} attributes */
export function describe(part, attributes) {
  Object.entries(attributes).forEach(([name, value]) => part.getAttribute(name) !== value && part.setAttribute(name, value));
}

/** Let an element have these children, in this order; one that stays where it was keeps the focus. @param {Element} part @param {Element[]} children */
export function holds(part, children) {
  [...part.children].forEach((one) => children.includes(one) || one.remove());
  children.forEach((child, k) => child === part.children[k] || part.insertBefore(child, part.children[k] ?? null));
}

const OURS = Math.random().toString(36).slice(2, 10); // every widget has a module of its own
let names = 0;

/** A name that no other element of the page has. */
export const freshName = () => `gw-${OURS}-${(names += 1)}`;
