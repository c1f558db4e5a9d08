// Everything by keyboard: in the order it is read, with a ring around where one is, into and out of dialogs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, visitor } from "./house.js";
import { isLedTo, tab, tabTo, walk } from "./keys.js";
import { account, signInto } from "./person.js";
import { scenes } from "./scenes.js";

const wanted = process.env.ROOKERY_SCENES ?? "";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

test("somebody signs in with nothing but the keyboard", async () => {
  const ada = await account();
  const visit = await visitor(chrome);
  const { page } = visit;
  await visit.go("/login");
  assert.equal(await tab(page), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await tabTo(page, "email");
  await page.keyboard.type(ada.email);
  // The way to a new password lies before the password, where it is read; the button that shows it after it.
  assert.deepEqual(await tabTo(page, "password"), ["Forgot your password?"]);
  await page.keyboard.type(ada.password);
  await tab(page);
  await page.keyboard.press("Space");
  assert.equal(await page.getAttribute("#password", "type"), "text");
  assert.equal(await tab(page), "rememberMe");
  await page.keyboard.press("Space");
  assert.equal(await page.isChecked("#rememberMe"), true);
  assert.equal(await tab(page), "Sign in");
  await Promise.all([page.waitForURL(/\/settings\/profile$/), page.keyboard.press("Enter")]);
  visit.isContent();
  await visit.leave();
});

test("whoever is told of a mistake stands before it, and one key from its field", async () => {
  const visit = await visitor(chrome);
  const { page } = visit;
  await visit.go("/register");
  await page.fill("#email", "ada@example");
  await page.fill("#password", "password123");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await isLedTo(page, "email");
  visit.isContent();
  await visit.leave();
});

test("the theme is switched by key, at once and for the next page", async () => {
  const visit = await visitor(chrome);
  const { page } = visit;
  await visit.go("/login");
  await page.focus('.themes button[value="dark"]');
  const told = page.waitForResponse(/theme=dark/);
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await told;
  await visit.go("/forgot-password");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  visit.isContent();
  await visit.leave();
});

test("a question before something dangerous takes the focus, keeps it, and gives it back", async () => {
  const ada = await account();
  const visit = await visitor(chrome);
  const { page } = visit;
  await signInto(visit, ada);
  await signInto(await visitor(chrome), ada);
  await visit.go("/settings/security");
  const button = page.locator("form[data-confirm] button").last();
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("dialog[open]").count(), 1);
  for (let presses = 0; presses < 5; presses += 1) {
    assert.equal(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog") !== null), true);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  visit.isContent();
  await visit.leave();
});

test("every page is walked through by keyboard, in the order in which it is read", { concurrency: 3 }, (t) => {
  const walked = scenes.filter(({ name }) => name.includes(wanted));
  return Promise.all(walked.map((scene) => t.test(scene.name, async () => {
    const visit = await visitor(chrome, { motion: "reduce" });
    const stage = await scene.prepare(visit);
    await stage.wear("en", "light");
    await scene.show(visit, stage);
    await walk(visit.page, scene.name);
    visit.isContent();
    await visit.leave();
  })));
});
