"""What a page does with an explorer's boxes: what is clipped, scrolled sideways, or lies on other."""

from __future__ import annotations

from playwright.sync_api import Locator

# Texts (a formula's or a caption's is one), inputs and plots, as far as they can be seen. Code is
# scrolled in its place, a title as long as its formula likewise; handles lie over plots.
FAULTS = """(root) => {
  const scrolled = "pre, .gw-code, .gw-title, .gw-hands, .gw-zooms, .gw-spoken, .gw-unseen";
  const seen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const told = (one) => `${one.className || one.tagName}: ${one.value ?? one.textContent}`.slice(0, 80);
  const inputs = "input, select, textarea, button, progress, summary, .gw-plot, .gw-title";
  const whole = `${inputs}, math, p, label, span`;
  const parts = new Map();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, one = text.parentElement.closest(whole) ?? text.parentElement;
    if (text.data.trim() && seen(one) && !one.closest(scrolled)) {
      const range = document.createRange();
      range.selectNodeContents(text);
      parts.set(one, [...(parts.get(one) ?? []), ...range.getClientRects()]);
    }
  }
  for (const one of root.querySelectorAll(inputs))
    if (seen(one) && !one.closest(".gw-hands, .gw-zooms, .gw-unseen"))
      parts.set(one, [one.getBoundingClientRect()]);
  const faults = [], around = root.getBoundingClientRect();
  const wide = (one) => one.scrollWidth > one.clientWidth + 1;
  if (wide(root)) faults.push(`sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const [one, rects] of parts) {
    if (one.matches(".gw-box") && wide(one)) faults.push(`cut ${told(one)}`);
    if (one.matches("select")) {
      const style = getComputedStyle(one), pen = new OffscreenCanvas(1, 1).getContext("2d");
      pen.font = style.font;
      const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const text = one.selectedOptions[0]?.text ?? "";
      if (pen.measureText(text).width > room) faults.push(`cut ${text}`);
    }
    for (const { left, right } of rects)
      if (left < around.left - 1 || right > around.right + 1) faults.push(`outside ${told(one)}`);
    for (let up = one.parentElement; root.contains(up) && !up.matches(scrolled); up = up.parentElement) {
      if (getComputedStyle(up).overflow === "visible") continue;
      const box = up.getBoundingClientRect();
      for (const { left, right, top, bottom } of rects)
        if (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)
          faults.push(`clipped ${told(one)}`);
    }
  }
  const all = [...parts];
  // A plot has room of its own for titles and numbers along its axes: their text is drawn in it.
  const belongs = (one, other) => one.contains(other) || other.contains(one) ||
    [one, other].some((plot) => plot.matches(".gw-plot") && plot.parentElement.contains(plot === one ? other : one));
  const meets = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1.5 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1.5;
  all.forEach(([one, rects], k) => all.slice(k + 1).forEach(([other, others]) => {
    if (!belongs(one, other) && rects.some((rect) => others.some((box) => meets(rect, box))))
      faults.push(`overlap ${told(one)} | ${told(other)}`);
  }));
  return [...new Set(faults)];
}"""


def faults(root: Locator) -> list[str]:
    """What is wrong with an explorer's boxes, in words."""
    found: list[str] = root.evaluate(FAULTS)
    return found
