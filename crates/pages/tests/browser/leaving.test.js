// The whole story of somebody who is invited, looks around, takes their words along and goes: on a phone with the scripts of the pages,
// and on a desktop without. Once they think better of it; the second time they are erased, and the address is anybody's again.

import { AGREED, GRACE, receipts, ROUND } from "./hasty.js";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { unzip } from "./archive.js";
import { asTheyAre, fill, fillAndSend, isRefused, press, says, send } from "./forms.js";
import { api, browser, desktop, letter, phone, visitor } from "./house.js";
import { account, freshAddress, join, PASSWORD, signIn } from "./person.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

test("from an invitation to the erasure", { concurrency: 2 }, (t) =>
  Promise.all([
    t.test("on a phone, with JavaScript", (t) => live(t, { size: phone, scripts: true })),
    t.test("on a desktop, without JavaScript", (t) => live(t, { size: desktop, scripts: false })),
  ]),
);

/** Charles, who has two organisations and tells nobody of the second, and Ada in the first of them. */
async function hosts() {
  const charles = await account({ name: "Charles Babbage", companyName: "Analytical Engines", consents: AGREED });
  const cookie = await signIn(charles);
  assert.equal((await api("PATCH", "/users/me", { familyName: "Babbagefamily" }, cookie)).status, 200);
  const tenant = (await api("GET", "/tenants", undefined, cookie)).said.tenants[0].id;
  assert.equal((await api("POST", "/tenants", { name: "Secret Difference Club" }, cookie)).status, 201);
  const ada = await account({ name: "Ada Lovelace", consents: AGREED });
  await join(cookie, tenant, ada);
  return { cookie, tenant, charles, ada };
}

async function live(t, options) {
  const grace = await visitor(chrome, options);
  const { page } = grace;
  const { cookie, tenant, charles, ada } = await hosts();
  const email = freshAddress("grace");
  const password = "a moth in relay seventy";
  let id;

  // Each chapter begins where the one before has ended, so after one that ends badly there is no next.
  let isOver = false;
  const chapter = async (name, happens) => {
    if (isOver) return;
    isOver = true;
    await t.test(name, async () => {
      await happens();
      grace.isContent();
      isOver = false;
    });
  };
  const follow = async (kind) => page.goto((await letter(email, kind)).link);
  const link = (text) => page.locator("main a, .side a").filter({ hasText: text }).first();
  const button = (text) => page.locator("main button").filter({ hasText: text }).first();
  const logIn = async () => {
    await grace.go("/login");
    await fillAndSend(page, { email, password });
  };
  const members = async () => (await api("GET", `/tenants/${tenant}/users`, undefined, cookie)).said.users.map((user) => user.email);

  await chapter("she is invited, and reads by whom, to what, and why", async () => {
    const invitations = [{ email, roles: ["member"], note: "Come in,\nthe water is fine." }];
    const invited = await api("POST", `/tenants/${tenant}/invitations`, { invitations }, cookie);
    assert.equal(invited.status, 200, JSON.stringify(invited.said));
    await follow("invitation");
    assert.equal(grace.where(), "/invitation");
    const told = await page.innerText("main");
    for (const word of ["Charles Babbage", "Analytical Engines", "the water is fine", email]) assert.ok(told.includes(word), word);
  });

  await chapter("she makes her account on that page, agrees to what there is, and is in", async () => {
    await fillAndSend(page, { name: "Grace Hopper", password: "password123" });
    await isRefused(page, "password");
    await fillAndSend(page, { password });
    assert.equal(grace.where(), "/consents");
    await asTheyAre(page);
    await send(page, "terms");
    await isRefused(page, "terms", "privacy");
    await fillAndSend(page, { terms: true, privacy: true });
    assert.equal(grace.where(), "/settings/profile");
    assert.equal(await page.innerText(".works-in span"), "Analytical Engines");
    assert.ok((await members()).includes(email));
  });

  await chapter("she makes an organisation of her own, and goes to and fro between the two", async () => {
    await press(page, link("Organisations"));
    await fillAndSend(page, { "new-name": "Nanoseconds" });
    await says(page);
    const to = (name) => page.locator(`main button[aria-label*="${name}"]`);
    for (const name of ["Nanoseconds", "Analytical Engines"]) {
      if ((await page.innerText(".works-in span")) !== name) await press(page, to(name));
      assert.equal(await page.innerText(".works-in span"), name);
    }
  });

  await chapter("she asks for a copy of everything, and is written to when it is there", async () => {
    await grace.go("/settings/profile");
    await fillAndSend(page, { "name-familyName": "Hopperfamily" });
    await press(page, link("Privacy"));
    await press(page, button("Request a copy"));
    await letter(email, "export_ready", { seconds: ROUND });
    await follow("export_ready");
    assert.equal(grace.where(), "/settings/privacy");
  });

  await chapter("she finds her own words in it, and nobody else's", async () => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("main a[download]").click()]);
    const files = unzip(await readFile(await file.path()));
    const data = JSON.parse(files.get("data.json").toString("utf8"));
    id = data.userId;
    assert.equal(data.profile.email, email);
    assert.equal(data.profile.familyName, "Hopperfamily");
    assert.deepEqual(data.memberships.map((one) => one.tenant).sort(), ["Analytical Engines", "Nanoseconds"]);
    assert.deepEqual(data.consents.map((one) => one.subject).sort(), ["privacy", "terms"]);
    const page1 = files.get("index.html").toString("utf8");
    assert.ok(page1.includes("Hopperfamily") && page1.includes(email), "people can read it too");
    assert.ok(files.get("profile.csv").toString("utf8").includes("Hopperfamily"));
    for (const [name, content] of files) {
      const text = content.toString("utf8");
      for (const foreign of [charles.email, ada.email, "Babbagefamily", "Lovelace", "Secret Difference Club", password]) {
        assert.ok(!text.includes(foreign), `${foreign} in ${name}`);
      }
    }
  });

  await chapter("she wants to go, and is told what is in the way", async () => {
    await press(page, link("Delete your account"));
    assert.equal(grace.where(), "/settings/delete-account");
    await fillAndSend(page, { password, confirmation: "delete" });
    await isRefused(page, "confirmation");
    assert.equal(await page.inputValue("#password"), "", "a password does not come back");
    await fillAndSend(page, { password, confirmation: "DELETE" });
    assert.match(await page.title(), /^Error: /);
    assert.match(await page.innerText("main"), /Nanoseconds/);
  });

  const goes = async () => {
    await fillAndSend(page, { password, tenants: true, confirmation: "DELETE" });
    assert.match(await page.title(), /^Your account will be deleted/);
    await grace.go("/settings/profile");
    assert.equal(grace.where(), "/login", "she is signed out");
  };

  await chapter("she goes: she is told what comes, and signed out", goes);

  await chapter("she thinks better of it: opening the mailed link changes nothing, its button does", async () => {
    await follow("deletion_scheduled");
    await follow("deletion_scheduled");
    assert.equal(grace.where(), "/keep-account");
    await press(page, page.locator("main form button"));
    assert.equal(await page.innerText("main h1"), "Your account is kept");
    await letter(email, "account_kept");
    await follow("deletion_scheduled");
    await press(page, page.locator("main form button"));
    assert.match(await page.title(), /^Error: /, "it works once");
  });

  await chapter("she signs in, and everything is as it was", async () => {
    await logIn();
    assert.equal(grace.where(), "/settings/profile");
    assert.equal(await page.inputValue("#name-familyName"), "Hopperfamily");
    await press(page, link("Organisations"));
    const told = await page.innerText("#yours");
    assert.ok(told.includes("Nanoseconds") && told.includes("Analytical Engines"));
  });

  await chapter("she goes for good: when the time is over, nobody is let in", async () => {
    await grace.go("/settings/delete-account");
    await goes();
    await new Promise((resolve) => setTimeout(resolve, (GRACE + 1) * 1000));
    await logIn();
    assert.match(await page.title(), /^Error: /);
    assert.equal(grace.where(), "/login");
  });

  await chapter("she is erased: there is a receipt and nothing else, and a last letter", async () => {
    await letter(email, "account_erased", { seconds: ROUND });
    const receipt = (await receipts()).find((one) => one.user === id);
    assert.equal(receipt.basis, "asked");
    const { users, tenants, tenant_users } = receipt.counts;
    assert.deepEqual({ users, tenants, tenant_users }, { users: 1, tenants: 1, tenant_users: 2 });
    assert.ok(!JSON.stringify(receipt).includes(email));
    assert.ok(!(await members()).includes(email));
    await logIn();
    assert.match(await page.title(), /^Error: /);
  });

  await chapter("somebody else signs up with the address, and inherits nothing", async () => {
    await grace.go("/register");
    await fill(page, { "consents.terms": true, "consents.privacy": true });
    await fillAndSend(page, { name: "Grace Murray", email, password: PASSWORD });
    assert.equal(grace.where(), "/email-confirmation");
    const cookie = await signIn({ email, password: PASSWORD });
    const { said } = await api("GET", "/users/me", undefined, cookie);
    assert.notEqual(said.id, id);
    assert.equal(said.emailVerified, false);
    assert.deepEqual((await api("GET", "/tenants", undefined, cookie)).said.tenants, []);
    assert.deepEqual((await api("GET", "/users/me/export", undefined, cookie)).said.exports, []);
  });

  await grace.leave();
}
