// The whole story of an account, as somebody lives it who has never heard of an API: on a phone and on a desktop, with the
// scripts of the pages and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { code } from "./authenticator.js";
import { fill, fillAndSend, isRefused, press, says, send } from "./forms.js";
import { api, browser, desktop, letter, phone, site, visitor } from "./house.js";
import { freshAddress, signIn } from "./person.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

for (const [where, size] of [["on a phone", phone], ["on a desktop", desktop]]) {
  for (const scripts of [true, false]) {
    test(`a whole account ${where}, ${scripts ? "with" : "without"} JavaScript`, (t) => live(t, { size, scripts }));
  }
}

async function live(t, options) {
  const ada = await visitor(chrome, options);
  const { page } = ada;
  const email = freshAddress();
  let password = "a rook on every chimney";
  let secret;
  let recoveryCodes;

  // Each chapter begins where the one before has ended, so after one that ends badly there is no next.
  let isOver = false;
  const chapter = async (name, happens) => {
    if (isOver) return;
    isOver = true;
    await t.test(name, async () => {
      await happens();
      ada.isContent();
      isOver = false;
    });
  };
  const follow = async (kind) => {
    const { link } = await letter(email, kind);
    await page.goto(link);
    const isToldTwice = new URL(page.url()).searchParams.has("token");
    assert.equal(isToldTwice, !ada.scripts, "with scripts the token leaves the address bar");
  };
  const logIn = () => fillAndSend(page, { email, password });
  const logOut = () => press(page, page.locator("header form button"));

  await chapter("a newcomer finds the way from the front page to the form, and is told what is wrong with it", async () => {
    await ada.go("/");
    assert.equal(ada.where(), "/login");
    await press(page, page.locator('main a[href$="/register"]'));
    await fillAndSend(page, { name: "Ada Lovelace", email: "ada@example", password: "password123" });
    await isRefused(page, "email", "password");
    assert.equal(await page.inputValue("#name"), "Ada Lovelace");
    assert.equal(await page.inputValue("#email"), "ada@example");
    assert.equal(await page.inputValue("#password"), "", "a password does not come back");
    await page.locator('.summary a[href="#password"]').click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "password");
  });

  await chapter("she registers, and cannot ask for a second mail at once", async () => {
    await fill(page, { email, password });
    if (ada.scripts) {
      assert.notEqual((await page.locator(".meter p").innerText()).trim(), "");
      await page.locator(".reveal").click();
      assert.equal(await page.getAttribute("#password", "type"), "text");
    } else {
      assert.equal(await page.locator(".reveal").isVisible(), false);
    }
    await send(page, "password");
    assert.equal(ada.where(), "/email-confirmation");
    assert.match(await page.innerText("main"), new RegExp(email));
    if (ada.scripts) {
      assert.equal(await page.locator("main form button").isDisabled(), true);
    } else {
      await send(page, "email");
      assert.equal(ada.where(), "/email-confirmation");
    }
  });

  await chapter("she confirms her address: opening the link changes nothing, the button does", async () => {
    await follow("verify_email");
    await page.goto((await letter(email, "verify_email")).link);
    await press(page, page.locator("main form button"));
    assert.match(await page.innerText("main"), new RegExp(email));
  });

  await chapter("she mistypes her password, then signs in", async () => {
    await ada.go("/login");
    await fillAndSend(page, { email, password: "not my password" });
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.inputValue("#email"), email);
    await fillAndSend(page, { password });
    assert.equal(ada.where(), "/settings/profile");
    assert.match(await page.innerText("main h1"), /Profile/);
  });

//SETTINGS
  await chapter("she signs out", async () => {
    await logOut();
    assert.equal(ada.where(), "/login");
    await says(page);
    await ada.go("/settings/profile");
    assert.equal(ada.where(), "/login");
  });

  await chapter("she has forgotten her password, and sets another", async () => {
    await press(page, page.locator('main a[href$="/forgot-password"]'));
    await fillAndSend(page, { email });
    await follow("reset_password");
    await fillAndSend(page, { newPassword: "password123" });
    await isRefused(page, "newPassword");
    password = "nests in every tower";
    await fillAndSend(page, { newPassword: password });
    assert.equal(ada.where(), "/login");
    await says(page);
  });

  await ada.leave();
}
