// The whole story of an account, as somebody lives it who has never heard of an API: on a phone and on a desktop, with the
// scripts of the pages and without.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { code } from "./authenticator.js";
import { fill, fillAndSend, isRefused, press, says, send } from "./forms.js";
import { api, browser, desktop, letter, phone, visitor } from "./house.js";
import { png } from "./picture.js";
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
  let firstReset;

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
  // A code is good for one use, and one step early or late is forgiven: so there are three at any time, and then one every 30 s.
  const used = new Set();
  const freshCode = async () => {
    for (;;) {
      const found = [-1, 0, 1].map((step) => code(secret, step)).find((one) => !used.has(one));
      if (found) return used.add(found) && found;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const signInWithApp = async () => {
    const begun = await api("POST", "/auth/login", { email, password });
    const proved = await api("POST", "/auth/login/second-factor", { recoveryCode: recoveryCodes.pop() }, begun.cookies.join("; "));
    assert.equal(proved.status, 200, proved.said.error);
    return proved.cookies.join("; ");
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

  await chapter("she says how she is called, and everybody sees it in the bar", async () => {
    await fillAndSend(page, { "name-name": "Ada King", "name-givenName": "Ada", "name-familyName": "King" });
    await says(page);
    assert.equal(await page.textContent(".whoami-name"), "Ada King");
    assert.equal(await page.inputValue("#name-familyName"), "King");
  });

  await chapter("she gives herself a picture, and takes it away again", async () => {
    await page.setInputFiles("#picture-picture", { name: "rook.png", mimeType: "image/png", buffer: png(64, [3, 105, 161]) });
    await press(page, page.locator('form[action$="/picture"] button:not([name=remove])'));
    await says(page);
    const picture = page.locator("main .avatar img");
    await picture.waitFor();
    assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 0), "it is shown");
    await press(page, page.locator('form[action$="/picture"] button[name=remove]'));
    assert.equal(await picture.count(), 0);
    await page.setInputFiles("#picture-picture", { name: "rook.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
    await press(page, page.locator('form[action$="/picture"] button:not([name=remove])'));
    await isRefused(page, "picture-picture");
    await ada.go("/settings/profile");
  });

  await chapter("she chooses language, time zone and theme, which hold at once and stay", async () => {
    if (ada.scripts) {
      assert.equal(await page.inputValue("#looks-timezone"), "Europe/Madrid", "the zone of the device is proposed");
      await page.locator('main input[name="theme"][value="dark"]').check();
      assert.equal(await page.getAttribute("html", "data-theme"), "dark", "before anything is sent");
    }
    await page.locator('main input[name="theme"][value="dark"]').check();
    await fillAndSend(page, { "looks-timezone": "Europe/Madrid", "looks-language": "es" });
    await says(page);
    assert.equal(await page.getAttribute("html", "lang"), "es");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.equal(await page.innerText("main h1"), "Perfil");
    await ada.go("/settings/privacy");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await ada.go("/settings/profile");
    assert.equal(await page.inputValue("#looks-timezone"), "Europe/Madrid");
    await fillAndSend(page, { "looks-language": "en" });
    assert.equal(await page.innerText("main h1"), "Profile");
  });

  await chapter("she chooses what she wants to hear of", async () => {
    await fillAndSend(page, { emailNotifications: false, weeklyReports: true });
    await says(page);
    await page.reload();
    assert.equal(await page.isChecked("#emailNotifications"), false);
    assert.equal(await page.isChecked("#weeklyReports"), true);
    await ada.go("/settings/privacy");
    await fillAndSend(page, { marketingEmails: true });
    await says(page);
    assert.equal(await page.isChecked("#marketingEmails"), true);
  });

  await chapter("she changes her password: not with a wrong one, not to her own name, and whoever else was signed in is out", async () => {
    const elsewhere = await signIn({ email, password });
    await ada.go("/settings/security");
    await fillAndSend(page, { "password-currentPassword": "not my password", "password-newPassword": "towers above the town" });
    await isRefused(page, "password-currentPassword");
    assert.equal(await page.inputValue("#password-newPassword"), "");
    await fillAndSend(page, { "password-currentPassword": password, "password-newPassword": "password123" });
    await isRefused(page, "password-newPassword");
    await fillAndSend(page, { "password-currentPassword": password, "password-newPassword": "towers above the town" });
    await says(page);
    password = "towers above the town";
    assert.equal((await api("GET", "/users/me", undefined, elsewhere)).status, 401);
  });

  await chapter("she asks for another address, and thinks better of it", async () => {
    const other = freshAddress("countess");
    await fillAndSend(page, { "email-newEmail": other, "email-password": password });
    await says(page);
    assert.match(await page.innerText("#email"), new RegExp(other));
    await letter(other, "confirm_new_email");
    await press(page, page.locator('form[action$="/email/cancel"] button'));
    await says(page);
    assert.doesNotMatch(await page.innerText("#email"), new RegExp(other));
  });

  await chapter("she sets up the second step: from the picture or the text, with a code, and keeps the recovery codes", async () => {
    await press(page, page.locator('main a[href$="/settings/security/second-factor"]'));
    await press(page, page.locator('form[action$="/second-factor"] button'));
    assert.ok(await page.locator(".qr img").evaluate((image) => image.complete && image.naturalWidth > 0), "there is something to scan");
    secret = await page.innerText("#secret");
    await fillAndSend(page, { "first-code": "000000" });
    await isRefused(page, "first-code");
    await fillAndSend(page, { "first-code": await freshCode() });
    recoveryCodes = await page.locator("#codes li").allInnerTexts();
    assert.equal(recoveryCodes.length, 10);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#codes-file button").click()]);
    const kept = await readFile(await file.path(), "utf8");
    for (const recoveryCode of recoveryCodes) assert.ok(kept.includes(recoveryCode), "the file holds every code");
    await press(page, page.locator('main a[href$="/settings/security/second-factor"]'));
    assert.match(await page.innerText("main"), /10/);
  });

  await chapter("she sees where she is signed in, and ends what is not this", async () => {
    const laptop = await signInWithApp();
    await ada.go("/settings/security");
    assert.equal(await page.locator("#sessions .row").count(), 2);
    await press(page, page.locator('form[action$="/sessions/end"] button').first());
    await says(page);
    assert.equal((await api("GET", "/users/me", undefined, laptop)).status, 401);
    assert.equal(await page.locator("#sessions .row").count(), 1);
    const other = await signInWithApp();
    await ada.go("/settings/security");
    await press(page, page.locator('form[action$="/sessions/end-others"] button'));
    await says(page);
    assert.equal((await api("GET", "/users/me", undefined, other)).status, 401);
  });

  await chapter("she reads what has happened, part of it, and takes it along", async () => {
    await press(page, page.locator('#sessions a[href$="/settings/activity"]'));
    assert.ok((await page.locator("tbody tr").count()) > 5);
    const kind = await page.locator("#action option").nth(1).getAttribute("value");
    await fillAndSend(page, { action: kind });
    assert.equal(new URL(page.url()).searchParams.get("action"), kind);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
    assert.match(await readFile(await file.path(), "utf8"), /,/);
  });

  await chapter("she signs out", async () => {
    await logOut();
    assert.equal(ada.where(), "/login");
    await says(page);
    await ada.go("/settings/profile");
    assert.equal(ada.where(), "/login");
  });

  await chapter("she signs in with a code; this browser is trusted from now on, and is not asked again", async () => {
    await logIn();
    assert.equal(ada.where(), "/login/second-factor");
    await fillAndSend(page, { "app-code": "000000" });
    await isRefused(page, "app-code");
    await fillAndSend(page, { "recovery-recoveryCode": recoveryCodes.pop().toLowerCase() });
    assert.equal(ada.where(), "/settings/profile");
    await logOut();
    await logIn();
    await fillAndSend(page, { "app-trustDevice": true, "app-code": await freshCode() });
    assert.equal(ada.where(), "/settings/profile");
    await logOut();
    await logIn();
    assert.equal(ada.where(), "/settings/profile");
    await ada.go("/settings/security/second-factor");
    assert.equal(await page.locator(".row").count(), 1);
    await press(page, page.locator('form[action$="/trusted-browsers/forget"] button').first());
    await says(page);
    await logOut();
  });

  await chapter("she has forgotten her password, and sets another", async () => {
    await press(page, page.locator('main a[href$="/forgot-password"]'));
    await fillAndSend(page, { email });
    await follow("reset_password");
    firstReset = (await letter(email, "reset_password")).token;
    await fillAndSend(page, { newPassword: "password123" });
    await isRefused(page, "newPassword");
    password = "nests in every tower";
    await fillAndSend(page, { newPassword: password });
    assert.equal(ada.where(), "/login");
    await says(page);
    await logIn();
    assert.equal(ada.where(), "/login/second-factor");
    await fillAndSend(page, { "recovery-recoveryCode": recoveryCodes.pop() });
    assert.equal(ada.where(), "/settings/profile");
  });

  await chapter("she forgets it again, reads the mail on another device, and types its code", async () => {
    await logOut();
    await ada.go("/forgot-password");
    await fillAndSend(page, { email });
    let mailed;
    do mailed = await letter(email, "reset_password"); while (mailed.token === firstReset);
    password = "crows keep the castle";
    await ada.go("/reset-password");
    await fillAndSend(page, { email, code: mailed.code.toLowerCase().replace("-", " "), newPassword: password });
    assert.equal(ada.where(), "/login");
    await says(page);
    await logIn();
    assert.equal(ada.where(), "/login/second-factor");
  });

  await ada.leave();
}
