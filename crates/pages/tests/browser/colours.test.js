// Colours are legible by the numbers: text on its ground at least 4.5 : 1, the edges of controls and the ring of focus 3 : 1
// (WCAG 2.2, 1.4.3 and 1.4.11). axe sees text; what makes a field a field it does not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, visitor } from "./house.js";

const TEXT = {
  ground: ["ink", "muted", "brand", "brand-strong", "bad"],
  card: ["ink", "muted", "brand", "brand-strong", "bad"],
  raised: ["ink", "muted"],
  brand: ["on-brand"],
  "brand-strong": ["on-brand"],
  "brand-soft": ["ink", "brand-strong"],
  bad: ["on-bad"],
  "good-soft": ["ink", "good"],
  "warn-soft": ["ink", "warn"],
  "bad-soft": ["ink", "bad"],
  panel: ["on-panel"],
};
const PARTS = {
  ground: ["edge", "brand"],
  card: ["edge", "brand", "bad", "good", "warn"],
  raised: ["edge", "brand", "bad", "good", "warn"],
};

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

/** How every pair differs in luminance, as the browser paints it. */
function ratios(page, pairs) {
  return page.evaluate((pairs) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const probe = document.body.appendChild(document.createElement("span"));
    const luminance = (name) => {
      probe.style.color = `var(--${name})`;
      canvas.fillStyle = getComputedStyle(probe).color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return pairs.map(([one, other]) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    });
  }, pairs);
}

for (const theme of ["light", "dark"]) {
  test(`every pair of colours is told apart in the ${theme} theme`, async () => {
    const reader = await visitor(chrome, { theme });
    await reader.go(`/login?theme=${theme}`);
    for (const [table, least] of [[TEXT, 4.5], [PARTS, 3]]) {
      const pairs = Object.entries(table).flatMap(([ground, tops]) => tops.map((top) => [top, ground]));
      const measured = await ratios(reader.page, pairs);
      const weak = pairs.map((pair, at) => [pair.join(" on "), measured[at]]).filter(([, ratio]) => ratio < least);
      assert.deepEqual(weak, []);
    }
    await reader.leave();
  });
}
