// Where there is something to agree to: the pages that ask for it, looked at as all others are.

import { AGREED } from "./hasty.js";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asTheyAre, fillAndSend, isRefused, send } from "./forms.js";
import { api, browser, visitor } from "./house.js";
import { lookAt } from "./look.js";
import { account, freshAddress, newcomer, PASSWORD, signIn } from "./person.js";
import { member, open, stranger } from "./scenes.js";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

/** Somebody who was invited, and has not been asked yet. */
async function owing() {
  const cookie = await signIn(await account({ name: "Charles Babbage", companyName: "Analytical Engines", consents: AGREED }));
  const { said } = await api("GET", "/tenants", undefined, cookie);
  return newcomer(cookie, said.tenants[0].id);
}

const scenes = [
  stranger("/register", "register with something to agree to", open("/register")),
  stranger("/register", "register without agreeing", async (visit) => {
    await visit.go("/register");
    await asTheyAre(visit.page);
    await fillAndSend(visit.page, { name: "Ada", email: freshAddress(), password: PASSWORD });
    await isRefused(visit.page, "consents.terms", "consents.privacy");
  }),
  member("/consents", "consents due", open("/consents"), undefined, owing),
  member("/consents", "consents refused", async (visit) => {
    await visit.go("/consents");
    await asTheyAre(visit.page);
    await send(visit.page, "terms");
    await isRefused(visit.page, "terms", "privacy");
  }, undefined, owing),
  member("/settings/privacy", "privacy with something due", open("/settings/privacy"), undefined, owing),
  member("/settings/privacy", "privacy of somebody who has agreed", open("/settings/privacy"), undefined, { consents: AGREED }),
];

test("axe finds nothing where there is something to agree to", { concurrency: 3 }, (t) => lookAt(t, chrome, scenes));

test("whoever signs up ticks what there is to agree to, and is asked for nothing when they sign in", async () => {
  const visit = await visitor(chrome);
  const { page } = visit;
  const email = freshAddress();
  await visit.go("/register");
  for (const box of ["terms", "privacy", "marketing"]) assert.equal(await page.isChecked(`[id="consents.${box}"]`), false, `${box} is not ticked`);
  await fillAndSend(page, { name: "Ada", email, password: PASSWORD, "consents.terms": true, "consents.privacy": true });
  assert.equal(visit.where(), "/email-confirmation");
  await visit.go("/login");
  await fillAndSend(page, { email, password: PASSWORD });
  assert.equal(visit.where(), "/settings/profile");
  visit.isContent();
  await visit.leave();
});
