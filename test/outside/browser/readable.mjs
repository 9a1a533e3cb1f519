import assert from "node:assert/strict";

/** Contrast that WCAG 2.2 asks of text, AA. */
const leastContrast = 4.5;
/** Side of what is pressed, in CSS pixels: the size that fingers need. */
const leastTarget = 44;

/**
 * What holds of every page that a person reads, at any width and in any colours: nothing to the side of the window, text that
 * stands out from what is behind it, buttons that a finger meets, boxes that text does not leave, one heading of the first level.
 */
export async function readable(page) {
  const found = await page.evaluate(measure);
  assert.deepEqual(found.wide, [], "stands out to the side");
  assert.equal(found.headings, 1);
  assert.ok(found.language.length >= 2);
  for (const { text, contrast } of found.texts)
    assert.ok(contrast >= leastContrast, `contrast ${contrast.toFixed(1)} of "${text}"`);
  for (const { name, width, height } of found.targets)
    assert.ok(Math.min(width, height) >= leastTarget, `${name} is ${width} by ${height}`);
}

/** Runs in the page. */
function measure() {
  const colour = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = colour(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const all = [...document.querySelectorAll("main *")];
  const own = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
  const texts = all.filter(own).map((element) => {
    const [one, other] = [
      light(colour(getComputedStyle(element).color)),
      light(behind(element)),
    ].sort((a, b) => b - a);
    return { text: element.textContent.slice(0, 40), contrast: (one + 0.05) / (other + 0.05) };
  });
  const width = document.documentElement.clientWidth;
  const wide = all
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.tagName);
  const targets = [...document.querySelectorAll("button, input:not([type=hidden])")].map(
    (element) => {
      const box = element.getBoundingClientRect();
      return { name: element.textContent || element.name, width: box.width, height: box.height };
    },
  );
  return {
    wide: document.documentElement.scrollWidth > width ? ["page", ...wide] : wide,
    texts,
    targets,
    headings: document.querySelectorAll("h1").length,
    language: document.documentElement.lang,
  };
}
