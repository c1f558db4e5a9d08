// Two people and an organisation, on the pages and nowhere else: made, renamed, joined, managed, handed on and left; on a phone and on
// a desktop, with the scripts of the pages and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fill, fillAndSend, isRefused, press, says, send } from "./forms.js";
import { browser, desktop, letter, phone, visitor } from "./house.js";
import { account, freshAddress, signInto } from "./person.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

for (const [where, size] of [["on a phone", phone], ["on a desktop", desktop]]) {
  for (const scripts of [true, false]) {
    test(`an organisation ${where}, ${scripts ? "with" : "without"} JavaScript`, (t) => live(t, { size, scripts }));
  }
}

async function live(t, options) {
  const [ada, bob] = [await visitor(chrome, options), await visitor(chrome, options)];
  const [adaIs, bobIs] = [await account({ name: "Ada Lovelace" }), await account({ name: "Bob" })];
  await signInto(ada, adaIs);
  await signInto(bob, bobIs);
  const link = (visit, text) => visit.page.locator("main a, .side a").filter({ hasText: text }).first();
  const button = (visit, text) => visit.page.locator("main button").filter({ hasText: text }).first();
  const row = (visit, text) => visit.page.locator("tbody tr").filter({ hasText: text });
  const answer = (visit) => press(visit.page, visit.page.locator("main .card-foot button.danger"));

  // Each chapter begins where the one before has ended, so after one that ends badly there is no next.
  let isOver = false;
  const chapter = async (name, happens) => {
    if (isOver) return;
    isOver = true;
    await t.test(name, async () => {
      await happens();
      ada.isContent();
      bob.isContent();
      isOver = false;
    });
  };

  await chapter("she makes an organisation, switches to it, and its name stands beside every page", async () => {
    await ada.go("/settings/profile");
    assert.equal(await ada.page.locator(".works-in").count(), 0);
    await press(ada.page, link(ada, "Organisations"));
    await fillAndSend(ada.page, { "new-name": "Engines" });
    await says(ada.page);
    await press(ada.page, button(ada, "Switch"));
    assert.equal(await ada.page.innerText(".works-in span"), "Engines");
    await press(ada.page, link(ada, "Open"));
    await fillAndSend(ada.page, { "name-name": "Analytical Engines" });
    await says(ada.page);
    assert.equal(await ada.page.innerText(".works-in span"), "Analytical Engines");
    assert.equal(await ada.page.innerText("main h1"), "Analytical Engines");
  });

  await chapter("she invites somebody, thinks better of it, and invites him", async () => {
    await press(ada.page, link(ada, "Invitations"));
    await fill(ada.page, { "invite-emails": "nobody", "invite-note": "Come in" });
    await send(ada.page, "invite-emails");
    await isRefused(ada.page, "invite-emails");
    await fillAndSend(ada.page, { "invite-emails": freshAddress("grace") });
    await says(ada.page);
    await press(ada.page, button(ada, "Withdraw"));
    await says(ada.page);
    assert.match(await ada.page.innerText("#invitations"), /Withdrawn/);
    await fillAndSend(ada.page, { "invite-note": "Come in", "invite-emails": bobIs.email });
    await says(ada.page);
    assert.match(await ada.page.innerText("#invitations"), /Pending/);
  });

  await chapter("he joins, and sees everybody but changes nobody", async () => {
    await bob.page.goto((await letter(bobIs.email, "invitation")).link);
    await press(bob.page, bob.page.locator('main form[action$="/invitation"] button').first());
    await bob.go("/settings/tenants");
    await press(bob.page, link(bob, "Open"));
    await press(bob.page, link(bob, "Members"));
    assert.equal(await row(bob, adaIs.email).count(), 1);
    assert.equal(await row(bob, adaIs.email).locator("a").count(), 0);
    assert.equal(await bob.page.locator(".subtabs a").count(), 2);
  });

  await chapter("she finds him and makes him an admin; without a role he cannot be", async () => {
    await press(ada.page, link(ada, "Members"));
    await fillAndSend(ada.page, { search: "nobody at all" });
    assert.equal(await row(ada, bobIs.email).count(), 0);
    await fillAndSend(ada.page, { search: "bo" });
    await press(ada.page, row(ada, bobIs.email).locator("a"));
    await fill(ada.page, { "roles-roles-member": false });
    await send(ada.page, "roles-roles");
    await isRefused(ada.page, "roles-roles");
    await fillAndSend(ada.page, { "roles-roles-admin": true });
    await says(ada.page);
    assert.match(await row(ada, bobIs.email).innerText(), /Admin/);
  });

  await chapter("he may now do more, but change no owner", async () => {
    await bob.page.reload();
    assert.equal(await row(bob, bobIs.email).locator("a").count(), 1);
    assert.equal(await row(bob, adaIs.email).locator("a").count(), 0);
    await press(bob.page, link(bob, "Rules"));
    assert.equal(await bob.page.locator("main form input[name=version]").count(), 0, "he reads them");
  });

  await chapter("she asks for longer passwords, within the bounds that are said", async () => {
    await press(ada.page, link(ada, "Rules"));
    await fillAndSend(ada.page, { "policy-passwordMinLength": "1" });
    await isRefused(ada.page, "policy-passwordMinLength");
    await fillAndSend(ada.page, { "policy-passwordMinLength": "14" });
    await says(ada.page);
    assert.equal(await ada.page.inputValue("#policy-passwordMinLength"), "14");
  });

  await chapter("as the only owner she cannot leave, so she hands it on, and leaves", async () => {
    await press(ada.page, link(ada, "General"));
    await press(ada.page, link(ada, "Leave"));
    await answer(ada);
    assert.match(await ada.page.title(), /^Error: /);
    assert.match(await ada.page.innerText("main .summary"), /needs an owner/);
    await press(ada.page, link(ada, "Members"));
    await press(ada.page, row(ada, bobIs.email).locator("a"));
    await press(ada.page, link(ada, "Transfer ownership"));
    await answer(ada);
    await says(ada.page);
    assert.match(await row(ada, bobIs.email).innerText(), /Owner/);
    await press(ada.page, link(ada, "General"));
    await press(ada.page, link(ada, "Leave"));
    await answer(ada);
    await says(ada.page);
    assert.equal(ada.where(), "/settings/tenants");
    assert.equal(await ada.page.locator(".works-in").count(), 0);
  });

  await chapter("he has it to himself", async () => {
    await press(bob.page, link(bob, "Members"));
    assert.equal(await bob.page.locator("tbody tr").count(), 1);
    assert.match(await row(bob, bobIs.email).innerText(), /Owner/);
  });

  await ada.leave();
  await bob.leave();
}
