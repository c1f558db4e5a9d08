// Organisations, privacy, invitations and the end of an account with nothing but the keyboard: what is pressed, what is told, and where
// one stands afterwards.

import { AGREED } from "./hasty.js";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, browser, letter, visitor } from "./house.js";
import { isLedTo, keyOn, tabOn, tabTo, type } from "./keys.js";
import { account, freshAddress, invite, join, newcomer, PASSWORD, signIn, signInto } from "./person.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

/** Somebody with an organisation, in which the session works, in front of a browser. */
async function owner() {
  const person = await account({ name: "Ada Lovelace", companyName: "Analytical Engines", consents: AGREED });
  const visit = await visitor(chrome);
  const cookie = await signInto(visit, person);
  const { said } = await api("GET", "/tenants", undefined, cookie);
  return { person, visit, page: visit.page, cookie, tenant: said.tenants[0].id };
}

const tell = (page) => page.innerText("main > .notice");
const done = async ({ visit }) => {
  visit.isContent();
  await visit.leave();
};

test("an organisation is made, renamed and left", async () => {
  const ada = await owner();
  const { page } = ada;
  await ada.visit.go("/settings/tenants");
  await tabTo(page, "new-name");
  await page.keyboard.type("   ");
  await keyOn(page);
  await isLedTo(page, "new-name");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Nanoseconds");
  await keyOn(page);
  assert.match(await tell(page), /organisation is ready/);
  await tabOn(page, "Switch to Nanoseconds");
  assert.equal(await page.innerText(".works-in span"), "Nanoseconds");
  await tabOn(page, "Open Analytical Engines");
  await tabTo(page, "name-name");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Engines");
  await keyOn(page);
  assert.equal(await page.innerText("main h1"), "Engines");
  // The last owner may not leave: told so, they stand before it, and what leads back is the next thing but one.
  await tabOn(page, "Leave organisation");
  await tabOn(page, "Leave");
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement.className), "summary");
  await tabOn(page, "Cancel");
  assert.equal(await page.innerText("main h1"), "Engines");
  await done(ada);
});

test("people are found, given roles and removed", async () => {
  const ada = await owner();
  const { page, cookie, tenant } = ada;
  await join(cookie, tenant, await account({ name: "Bob", consents: AGREED }));
  await ada.visit.go(`/settings/tenants/${tenant}/members`);
  await type(page, "search", "bo");
  await keyOn(page);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await tabOn(page, "Manage Bob");
  await tabTo(page, "roles-roles-member");
  await page.keyboard.press("Space");
  await keyOn(page);
  await isLedTo(page, "roles-roles");
  await tabTo(page, "roles-roles-viewer");
  await page.keyboard.press("Space");
  await keyOn(page);
  assert.match(await page.innerText("tbody"), /Viewer/);
  await tabOn(page, "Manage Bob");
  await tabOn(page, "Remove");
  // The question has one answer, and it is not under the finger: whoever keeps pressing Enter removes nobody.
  await page.keyboard.press("Enter");
  assert.match(await page.title(), /^Remove Bob\?/);
  await tabOn(page, "Remove");
  assert.match(await tell(page), /no longer belongs/);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await done(ada);
});

test("people are invited, and an invitation is withdrawn", async () => {
  const ada = await owner();
  const { page, tenant } = ada;
  const email = freshAddress("grace");
  await ada.visit.go(`/settings/tenants/${tenant}/invitations`);
  await type(page, "invite-emails", "nobody");
  await tabOn(page, "Send invitations");
  await isLedTo(page, "invite-emails");
  await page.keyboard.press("ControlOrMeta+a");
  // Enter is a new line here, as it is in every field of several lines.
  await page.keyboard.type(`${email}\n`);
  await tabOn(page, "Send invitations");
  assert.match(await page.innerText("#invitations"), /Pending/);
  await tabOn(page, `Withdraw: ${email}`);
  assert.match(await page.innerText("#invitations"), /Withdrawn/);
  await done(ada);
});

test("the rules of an organisation are tightened", async () => {
  const ada = await owner();
  const { page, tenant } = ada;
  await ada.visit.go(`/settings/tenants/${tenant}/policy`);
  await tabTo(page, "policy-passwordMinLength");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1");
  await keyOn(page);
  await isLedTo(page, "policy-passwordMinLength");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("14");
  await tabTo(page, "passwordRequireNumbers");
  await page.keyboard.press("Space");
  await keyOn(page);
  assert.match(await tell(page), /rules/);
  assert.equal(await page.inputValue("#policy-passwordMinLength"), "14");
  assert.equal(await page.isChecked("#passwordRequireNumbers"), true);
  await done(ada);
});

test("somebody is invited, makes their account, agrees to what there is, and asks for a copy of everything", async () => {
  const { cookie, tenant, ...ada } = await owner();
  await done(ada);
  const email = freshAddress("grace");
  await invite(cookie, tenant, email);
  const visit = await visitor(chrome);
  const { page } = visit;
  await page.goto((await letter(email, "invitation")).link);
  await type(page, "name", "Grace Hopper");
  await type(page, "password", "password123");
  await keyOn(page);
  await isLedTo(page, "password");
  await page.keyboard.type(PASSWORD);
  await keyOn(page);
  assert.equal(visit.where(), "/consents");
  await tabTo(page, "terms");
  await page.keyboard.press("Space");
  await tabTo(page, "privacy");
  await page.keyboard.press("Space");
  await tabOn(page, "Agree and continue");
  assert.equal(visit.where(), "/settings/profile");
  await tabOn(page, "Privacy");
  await tabTo(page, "marketingEmails");
  await page.keyboard.press("Space");
  await keyOn(page);
  assert.match(await tell(page), /choice is saved/);
  assert.equal(await page.isChecked("#marketingEmails"), true);
  await tabOn(page, "Request a copy");
  assert.match(await tell(page), /being made/);
  await done({ visit });
});

test("an invitation is declined", async () => {
  const { cookie, tenant, ...ada } = await owner();
  await done(ada);
  const email = freshAddress("grace");
  await invite(cookie, tenant, email);
  const visit = await visitor(chrome);
  await visit.page.goto((await letter(email, "invitation")).link);
  await tabOn(visit.page, "Decline");
  assert.match(await visit.page.title(), /^The invitation is declined/);
  await done({ visit });
});

test("an account is given up, and kept after all", async () => {
  const { cookie, tenant, ...ada } = await owner();
  await done(ada);
  const grace = await newcomer(cookie, tenant);
  const visit = await visitor(chrome);
  const { page } = visit;
  await signInto(visit, grace);
  await visit.go("/settings/privacy");
  await tabOn(page, "Delete your account");
  await type(page, "confirmation", "delete");
  await type(page, "password", PASSWORD);
  await keyOn(page);
  await isLedTo(page, "confirmation");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("DELETE");
  await type(page, "password", PASSWORD);
  await tabOn(page, "Delete my account");
  assert.match(await page.title(), /^Your account will be deleted/);
  await page.goto((await letter(grace.email, "deletion_scheduled")).link);
  await tabOn(page, "Keep my account");
  assert.equal(await page.innerText("main h1"), "Your account is kept");
  await signIn(grace);
  await done({ visit });
});
