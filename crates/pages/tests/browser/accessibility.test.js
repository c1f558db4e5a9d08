// axe looks at every page in every language and theme, signed out and signed in, whole and refused, and finds nothing. Which pages
// there are, the house itself says (`pages.json`): one that nobody shows here fails the first test.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { browser } from "./house.js";
import { lookAt } from "./look.js";
import { scenes } from "./scenes.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

test("every page there is has a scene", async () => {
  const pages = JSON.parse(await readFile(new URL("pages.json", import.meta.url)));
  const shown = new Set(scenes.map((scene) => scene.page));
  assert.deepEqual(pages.filter((path) => !shown.has(path)), []);
  assert.deepEqual([...shown].filter((path) => path.startsWith("/") && !pages.includes(path)), [], "a scene of a page that is not there");
});

test("axe finds nothing on any page, in any language and theme", { concurrency: 3 }, (t) => lookAt(t, chrome, scenes));
