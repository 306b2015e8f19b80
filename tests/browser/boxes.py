"""What a page does with an explorer's boxes: what is cut off, reaches out, or lies on another."""

from __future__ import annotations

from playwright.sync_api import Locator

# Texts (a formula or a caption is one), inputs and plots, as far as they can be seen. Code is
# scrolled in its place and a title that is too long as well; handles and buttons lie over plots.
FAULTS = """(root) => {
  const scrolled = "pre, .gw-code, .gw-title, .gw-hands, .gw-zooms, .gw-spoken, .gw-unseen";
  const boxes = "input, select, textarea, button, progress, summary, .gw-plot, .gw-title";
  const seen = (one) =>
    one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const told = (one) =>
    `${one.className || one.tagName}: ${one.value ?? one.textContent}`.slice(0, 80);

  const parts = new Map();  // element → where its text, or all of it, is
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, parent = text.parentElement;
    const one = parent.closest(`${boxes}, math, p, label, span`) ?? parent;
    if (!text.data.trim() || !seen(one) || one.closest(scrolled)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    parts.set(one, [...(parts.get(one) ?? []), ...range.getClientRects()]);
  }
  for (const one of root.querySelectorAll(boxes))
    if (seen(one) && !one.closest(".gw-hands, .gw-zooms, .gw-unseen"))
      parts.set(one, [one.getBoundingClientRect()]);

  const wide = (one) => one.scrollWidth > one.clientWidth + 1;
  const within = (one, box) => one.left >= box.left - 1 && one.right <= box.right + 1 &&
    one.top >= box.top - 1 && one.bottom <= box.bottom + 1;
  const cut = (one) => {  // of what is chosen in a menu, or the number in a box
    if (!one.matches("select")) return one.matches(".gw-box") && wide(one);
    const { font, paddingLeft, paddingRight } = getComputedStyle(one);
    const pen = Object.assign(new OffscreenCanvas(1, 1).getContext("2d"), { font });
    const room = one.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return pen.measureText(one.selectedOptions[0]?.text ?? "").width > room;
  };
  const clipped = (one, rects) => {
    const up = one.parentElement;
    if (up === null || up === root.parentElement || up.matches(scrolled)) return false;
    const bound = up === root || getComputedStyle(up).overflow !== "visible";
    const box = up.getBoundingClientRect();
    return (bound && !rects.every((rect) => within(rect, box))) || clipped(up, rects);
  };
  // The titles and numbers of a plot stand in room of its own.
  const owns = (plot, one) => plot.matches(".gw-plot") && plot.parentElement.contains(one);
  const related = (one, other) =>
    one.contains(other) || other.contains(one) || owns(one, other) || owns(other, one);
  const share = (low, high, from, to) => Math.min(high, to) - Math.max(low, from) > 1.5;
  const meet = (one, other) => share(one.left, one.right, other.left, other.right) &&
    share(one.top, one.bottom, other.top, other.bottom);

  const all = [...parts];
  return [
    ...(wide(root) ? [`wide: ${root.scrollWidth} > ${root.clientWidth}`] : []),
    ...all.filter(([one]) => cut(one)).map(([one]) => `cut ${told(one)}`),
    ...all.filter(([one, rects]) => clipped(one, rects)).map(([one]) => `clipped ${told(one)}`),
    ...all.flatMap(([one, rects], k) => all.slice(k + 1)
      .filter(([other]) => !related(one, other))
      .filter(([_, others]) => rects.some((rect) => others.some((box) => meet(rect, box))))
      .map(([other]) => `${told(one)} lies on ${told(other)}`)),
  ];
}"""


def faults(root: Locator) -> list[str]:
    """What is wrong with an explorer's boxes, in words."""
    found: list[str] = root.evaluate(FAULTS)
    return found
