// Where there is something to agree to: the pages that ask for it, looked at as all others are.

import { AGREED } from "./hasty.js";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillAndSend, press } from "./forms.js";
import { api, browser, visitor } from "./house.js";
import { lookAt } from "./look.js";
import { account, freshAddress, newcomer, PASSWORD, signIn } from "./person.js";
import { member, open, refused, stranger } from "./scenes.js";

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
    await refused("/register", { name: "Ada", email: freshAddress(), password: PASSWORD })(visit);
    for (const document of ["terms", "privacy"]) {
      assert.equal(await visit.page.getAttribute(`[id="consents.${document}"]`, "aria-invalid"), "true");
    }
  }),
  member("/consents", "consents due", open("/consents"), undefined, owing),
  member("/consents", "consents refused", async (visit) => {
    await visit.go("/consents");
    await press(visit.page, visit.page.locator("main form button"));
    assert.match(await visit.page.title(), /^Error: /);
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
