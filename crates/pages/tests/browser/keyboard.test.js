// Everything by keyboard: in the order it is read, with a ring around where one is, into and out of dialogs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, visitor } from "./house.js";
import { account, signInto } from "./person.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

/** Goes on to the next element, which must be seen to have the focus; says which it is. */
async function tab(page, keys = "Tab") {
  await page.keyboard.press(keys);
  const focused = await page.evaluate(() => {
    const element = document.activeElement;
    const shown = element.matches(".segmented input") ? element.nextElementSibling : element;
    const box = shown.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return {
      name: element.id || element.getAttribute("aria-label") || element.textContent.trim() || element.name,
      isRinged: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      isSeen: box.width > 0 && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight + 1,
    };
  });
  assert.ok(focused.isRinged, `${focused.name} has a ring`);
  assert.ok(focused.isSeen, `${focused.name} is in sight`);
  return focused.name;
}

async function tabTo(page, name) {
  const passed = [];
  for (let presses = 0; presses < 40; presses += 1) {
    const here = await tab(page);
    if (here === name) return passed;
    passed.push(here);
  }
  throw new Error(`${name} cannot be reached; these can: ${passed.join(", ")}`);
}

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
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "alert");
  await tab(page);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "email");
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
