// Looks at scenes: with axe in every language and theme, and at what can be seen by looking. Pictures of all of them, wide and narrow,
// are left in target/browser/screenshots for people.

import assert from "node:assert/strict";
import axe from "axe-core";
import { desktop, narrow, phone, tablet, visitor } from "./house.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const wanted = process.env.ROOKERY_SCENES ?? "";
const pictures = process.env.ROOKERY_BROWSER_ARTEFACTS && `${process.env.ROOKERY_BROWSER_ARTEFACTS}/screenshots`;

/** Every scene, on a desktop and on a phone, as a test of its own. */
export function lookAt(t, chrome, scenes) {
  const played = scenes.filter(({ name }) => name.includes(wanted));
  return Promise.all(played.flatMap((scene) => [desktop, phone].map((size) => t.test(`${scene.name}, ${size.width} px`, () => play(chrome, scene, size)))));
}

async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags, resultTypes: ["violations"] }), TAGS);
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

/** What can be seen by looking: nothing sticks out to the side, nothing is written inline. */
async function isTidy({ page }, what) {
  const [overflow, inline] = await page.evaluate(() => [
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    document.querySelectorAll("[style], style, script:not([src])").length,
  ]);
  assert.equal(overflow, 0, `${what}: something sticks out to the side`);
  assert.equal(inline, 0, `${what}: something is inline`);
}

async function play(chrome, scene, size) {
  const visit = await visitor(chrome, { size, motion: "reduce" });
  const stage = await scene.prepare(visit);
  for (const language of ["en", "es"]) {
    for (const theme of ["light", "dark"]) {
      // What axe sees does not hang on the width, so a phone is looked at by axe once, and in Spanish only for its longer words.
      if (size === phone && language === "es" && theme === "dark") continue;
      const what = `${scene.name}, ${language}, ${theme}, ${size.width} px`;
      await stage.wear(language, theme);
      await scene.show(visit, stage);
      assert.equal(await visit.page.getAttribute("html", "lang"), language, what);
      assert.equal(await visit.page.getAttribute("html", "data-theme"), theme, what);
      await isTidy(visit, what);
      // The longer words stick out first. As narrow as the smallest phone is a desktop that is magnified four times.
      if (language === "es" && theme === "light") {
        const other = size === phone ? narrow : tablet;
        await visit.page.setViewportSize(other);
        await isTidy(visit, `${what}, made ${other.width} px wide`);
        await visit.page.setViewportSize(size);
      }
      if (size === desktop || (language === "en" && theme === "light")) assert.deepEqual(await violations(visit.page), [], what);
      if (language === "en") await picture(visit, `${scene.name.replace(/\W+/g, "-")}.${theme}.${size.width}`);
    }
  }
  visit.isContent();
  await visit.leave();
}
