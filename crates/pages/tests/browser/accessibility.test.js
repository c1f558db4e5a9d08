// axe looks at every page in every language and theme, signed out and signed in, whole and refused, and finds nothing. Which pages
// there are, the house itself says (`pages.json`): one that nobody shows here fails the first test. Pictures of all of them, wide and
// narrow, are left in target/browser/screenshots for people to look at.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { browser, desktop, phone, visitor } from "./house.js";
import { scenes } from "./scenes.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const pictures = process.env.ROOKERY_BROWSER_ARTEFACTS && `${process.env.ROOKERY_BROWSER_ARTEFACTS}/screenshots`;

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

test("every page there is has a scene", async () => {
  const pages = JSON.parse(await readFile(new URL("pages.json", import.meta.url)));
  const shown = new Set(scenes.map((scene) => scene.page));
  assert.deepEqual(pages.filter((path) => !shown.has(path)), []);
  assert.deepEqual([...shown].filter((path) => !pages.includes(path)), [], "a scene of a page that is not there");
});

async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), TAGS);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** A picture of the whole page. The window is made as high as the page, so that what sticks to its edges does so once. */
async function picture({ page, size }, name) {
  if (!pictures) return;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
  await page.screenshot({ path: `${pictures}/${name}.png` });
  await page.setViewportSize(size);
}

for (const scene of scenes) {
  test(scene.name, async () => {
    for (const size of [desktop, phone]) {
      const visit = await visitor(chrome, { size });
      const stage = await scene.prepare(visit);
      for (const theme of ["light", "dark"]) {
        for (const language of ["en", "es"]) {
          // One width is enough for axe in the second language; whether the words fit is looked at below.
          await stage.wear(language, theme);
          await scene.show(visit, stage);
          const what = `${scene.name}, ${language}, ${theme}, ${size.width} px`;
          assert.equal(await visit.page.getAttribute("html", "lang"), language, what);
          assert.equal(await visit.page.getAttribute("html", "data-theme"), theme, what);
          assert.deepEqual(await violations(visit.page), [], what);
          const overflow = await visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(overflow, 0, `${what}: nothing sticks out to the side`);
          const inline = await visit.page.evaluate(() => document.querySelectorAll("[style], style, script:not([src])").length);
          assert.equal(inline, 0, `${what}: nothing inline`);
          if (language === "en") await picture(visit, `${scene.name.replace(/\W+/g, "-")}.${theme}.${size.width}`);
          visit.isContent();
        }
      }
      await visit.leave();
    }
  });
}
