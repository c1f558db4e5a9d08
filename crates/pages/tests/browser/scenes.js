// Every page as it may be met: whole, refused, done, and empty where it can be. A scene says how one gets there.

import assert from "node:assert/strict";
import { code } from "./authenticator.js";
import { fillAndSend, press } from "./forms.js";
import { api, letter, site } from "./house.js";
import { account, freshAddress, invite, join, PASSWORD, signIn, signInto } from "./person.js";

/** Somebody who is not signed in. Language and theme are what the foot of a page offers; a cookie keeps them. */
export const stranger = (page, name, show) => ({
  page,
  name,
  prepare: async (visit) => ({ wear: (language, theme) => visit.go(`/login?lang=${language}&theme=${theme}`) }),
  show,
});

/**
 * Somebody who is signed in; language and theme are their preferences. `prepare` gets the person ready. `sort` says what is particular
 * about their account, or makes it.
 */
export const member = (page, name, show, prepare = async () => {}, sort = {}) => ({
  page,
  name,
  prepare: async (visit) => {
    const person = typeof sort === "function" ? await sort() : await account(sort);
    const cookie = await signInto(visit, person);
    const stage = { person, cookie };
    await prepare(stage, visit);
    stage.wear = async (language, theme) => {
      const { status } = await api("PATCH", "/users/me", { language, theme }, stage.cookie);
      assert.equal(status, 200);
    };
    return stage;
  },
  show,
});

export const open = (path) => (visit) => visit.go(path);

/** Makes a tenant of the person's; `stage.tenant` is the path of its pages. */
async function withTenant(stage) {
  const made = await api("POST", "/tenants", { name: "Analytical Engines" }, stage.cookie);
  assert.equal(made.status, 201, made.said.error);
  stage.tenant = `/settings/tenants/${made.said.id}`;
  const { said } = await api("GET", "/users/me", undefined, stage.cookie);
  stage.me = `${stage.tenant}/members/${said.id}`;
  return made.said.id;
}

/** The same, with Bob in it and Grace invited; the session works there; and there is another tenant with a name that is no end. */
async function withTenants(stage) {
  const id = await withTenant(stage);
  stage.bob = `${stage.tenant}/members/${await join(stage.cookie, id, await account({ name: "Bob <b>" }))}`;
  await invite(stage.cookie, id, freshAddress("grace"), ["admin"]);
  const long = { name: "Society for the Advancement of Calculating Machinery and Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" };
  assert.equal((await api("POST", "/tenants", long, stage.cookie)).status, 201);
  assert.equal((await api("POST", "/auth/switch-tenant", { tenantId: id }, stage.cookie)).status, 200);
}

/** A page of the person's tenant. */
const inTenant = (below = "") => (visit, stage) => visit.go(stage.tenant + below);

/** Answers the question of a page, which it refuses. */
const unanswered = (path) => async (visit, stage) => {
  await visit.go(path(stage));
  await press(visit.page, visit.page.locator("main .card-foot button.danger"));
  assert.match(await visit.page.title(), /^Error: /);
};

/** Opens a page and sends its form as it should not be. */
const refused = (path, values) => async (visit) => {
  await visit.go(path);
  await fillAndSend(visit.page, values);
  assert.match(await visit.page.title(), /^Error: /);
};

/** Somebody with an authenticator app; `stage.secret` is what the app keeps. */
async function withApp(stage, visit) {
  const enrolled = await api("POST", "/users/me/mfa/totp", {}, stage.cookie);
  assert.equal(enrolled.status, 201, enrolled.said.error);
  stage.secret = enrolled.said.secret;
  const confirmed = await api("POST", "/users/me/mfa/totp/confirm", { code: code(stage.secret) }, stage.cookie);
  assert.equal(confirmed.status, 200, confirmed.said.error);
  stage.codes = confirmed.said.recoveryCodes;
  stage.cookie = await carry(visit, confirmed.cookies);
}

/** Sends the app's first code from the page; the recovery codes are shown then, and only then. */
async function showCodes(visit, stage) {
  await removeApp(visit, stage);
  await visit.go("/settings/security/second-factor");
  await press(visit.page, visit.page.locator('form[action$="/second-factor"] button'));
  const secret = await visit.page.innerText("#secret");
  await fillAndSend(visit.page, { "first-code": code(secret) });
  stage.codes = await visit.page.locator("#codes li").allInnerTexts();
  stage.cookie = await cookieOf(visit);
}

async function removeApp(visit, stage) {
  if (!stage.codes) return;
  await visit.go("/settings/security/second-factor");
  await fillAndSend(visit.page, { "remove-recoveryCode": stage.codes.pop() });
  stage.cookie = await cookieOf(visit);
}

/** The session the browser holds now: some changes go on under a new one. */
async function cookieOf({ context }) {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Hands the cookies of an answer to the browser, and says what it holds then. */
async function carry(visit, cookies) {
  await visit.context.addCookies(cookies.map((pair) => ({ name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1), url: site })));
  return cookieOf(visit);
}

/** Somebody who has another window open, wants another address, and has trusted this browser. */
async function withEverything(stage, visit) {
  await signIn(stage.person);
  const asked = await api("POST", "/users/me/change-email", { newEmail: freshAddress("countess"), password: stage.person.password }, stage.cookie);
  assert.equal(asked.status, 200, asked.said.error);
}

/** Somebody between the password and the code. Language and theme are a stranger's, for the house does not say who it thinks it is. */
const halfway = (name, show) => ({
  page: "/login/second-factor",
  name,
  prepare: async (visit) => {
    const person = await account();
    const stage = { person, cookie: await signInto(visit, person) };
    await withApp(stage, visit);
    await visit.context.clearCookies();
    stage.wear = async (language, theme) => {
      await visit.go(`/login?lang=${language}&theme=${theme}`);
      await fillAndSend(visit.page, { email: person.email, password: person.password });
      assert.equal(visit.where(), "/login/second-factor");
    };
    return stage;
  },
  show,
});

/** Somebody who asks for the deletion of their account, and keeps it by signing in again whenever it is to be seen once more. */
const going = (name, show) => ({
  page: "/settings/delete-account",
  name,
  prepare: async (visit) => {
    const person = await account();
    const wear = async (language, theme) => {
      const cookie = await signInto(visit, person);
      assert.equal((await api("PATCH", "/users/me", { language, theme }, cookie)).status, 200);
    };
    return { person, wear };
  },
  show,
});

/** The link of the mail to somebody who has just asked for the deletion of their account. */
async function wayBack() {
  const person = await account();
  const asked = await api("DELETE", "/users/me", { confirmation: "DELETE", password: person.password }, await signIn(person));
  assert.equal(asked.status, 202, JSON.stringify(asked.said));
  return (await letter(person.email, "deletion_scheduled")).link;
}

/** Somebody else invites a person into their organisation; where the mail leads to. */
async function invitation(email = freshAddress("grace")) {
  const cookie = await signIn(await account({ name: "Charles Babbage", companyName: "Analytical Engines" }));
  const { said } = await api("GET", "/tenants", undefined, cookie);
  const path = `/tenants/${said.tenants[0].id}/invitations`;
  const invitations = [{ email, roles: ["member"], note: "Come in,\nthe water is fine." }];
  const invited = await api("POST", path, { invitations }, cookie);
  assert.equal(invited.status, 200, JSON.stringify(invited.said));
  const { link } = await letter(email, "invitation");
  return { link, revoke: () => api("DELETE", `${path}/${invited.said.invitations[0].invitation.id}`, {}, cookie) };
}

export const scenes = [
  stranger("/login", "login", open("/login")),
  stranger("/login", "login refused", refused("/login", { email: "nobody@example.com", password: "not a password" })),
  halfway("second step", async () => {}),
  halfway("second step refused", async ({ page }) => {
    await fillAndSend(page, { "app-code": "000000" });
    assert.match(await page.title(), /^Error: /);
  }),
  stranger("/register", "register", open("/register")),
  stranger("/register", "register refused", refused("/register", { name: "Ada <b>", email: "ada@example", password: "password123" })),
  stranger("/email-confirmation", "email confirmation", async (visit) => {
    await visit.context.clearCookies({ name: /sent$/ });
    await visit.go("/email-confirmation");
  }),
  stranger("/email-confirmation", "email confirmation sent", async (visit) => {
    await visit.go("/register");
    await fillAndSend(visit.page, { email: freshAddress(), password: PASSWORD });
    assert.equal(visit.where(), "/email-confirmation");
  }),
  stranger("/verify-email", "verify email", open("/verify-email?token=vfy_x")),
  stranger("/verify-email", "verify email refused", async (visit) => {
    await visit.go("/verify-email?token=vfy_x");
    await press(visit.page, visit.page.locator("main form button"));
  }),
  stranger("/verify-email", "verify email by code", open("/verify-email")),
  stranger("/verify-email", "verify email by code refused", refused("/verify-email", { email: "nobody@example.com", code: "00000-00000" })),
  stranger("/verify-email", "verify email done", async (visit) => {
    const { email } = await account({ confirmed: false });
    await visit.page.goto((await letter(email, "verify_email")).link);
    await press(visit.page, visit.page.locator("main form button"));
  }),
  stranger("/confirm-email", "confirm email", open("/confirm-email?token=x")),
  stranger("/forgot-password", "forgot password", open("/forgot-password")),
  stranger("/forgot-password", "forgot password refused", refused("/forgot-password", { email: "ada@example" })),
  stranger("/forgot-password", "forgot password sent", async (visit) => {
    await visit.go("/forgot-password");
    await fillAndSend(visit.page, { email: freshAddress() });
  }),
  stranger("/reset-password", "reset password", open("/reset-password?token=x")),
  stranger("/reset-password", "reset password refused", refused("/reset-password?token=x", { newPassword: "password123" })),
  stranger("/reset-password", "reset password by code", open("/reset-password")),
  stranger("/reset-password", "reset password by code refused", refused("/reset-password", { email: "nobody@example.com", code: "00000-00000", newPassword: PASSWORD })),
  stranger("/reset-password", "reset password void", refused("/reset-password?token=x", { newPassword: PASSWORD })),
  stranger("/unlock", "unlock", open("/unlock?token=x")),
  stranger("/undo", "undo", open("/undo?token=x")),
  stranger("/keep-account", "keep account", open("/keep-account?token=x")),
  stranger("/keep-account", "keep account refused", async (visit) => {
    await visit.go("/keep-account?token=kep_x");
    await press(visit.page, visit.page.locator("main form button"));
  }),
  stranger("/keep-account", "keep account done", async (visit) => {
    await visit.page.goto(await wayBack());
    await press(visit.page, visit.page.locator("main form button"));
    assert.doesNotMatch(await visit.page.title(), /^Error: /);
  }),
  stranger("/invitation", "invitation", async (visit) => visit.page.goto((await invitation()).link)),
  stranger("/invitation", "invitation refused", async (visit) => {
    await visit.page.goto((await invitation()).link);
    await fillAndSend(visit.page, { name: "Grace", password: "password123" });
    assert.match(await visit.page.title(), /^Error: /);
  }),
  stranger("/invitation", "invitation of somebody with an account", async (visit) => visit.page.goto((await invitation((await account()).email)).link)),
  stranger("/invitation", "invitation declined", async (visit) => {
    await visit.page.goto((await invitation()).link);
    await press(visit.page, visit.page.locator("main form button").last());
  }),
  stranger("/invitation", "invitation taken back", async (visit) => {
    const { link, revoke } = await invitation();
    assert.equal((await revoke()).status, 200);
    await visit.page.goto(link);
  }),
  member("/invitation", "invitation to join", async (visit, stage) => visit.page.goto((await invitation(stage.person.email)).link)),
  member("/invitation", "invitation of somebody else", async (visit) => visit.page.goto((await invitation()).link)),
  stranger("/status", "status", open("/status")),
  stranger("404", "not found", open("/no/such/page")),

  member("/settings/profile", "profile", open("/settings/profile")),
  member("/settings/profile", "profile of somebody unconfirmed", open("/settings/profile"), undefined, { confirmed: false }),
  member("/settings/profile", "profile picture refused", async (visit) => {
    await visit.go("/settings/profile");
    await visit.page.setInputFiles("#picture-picture", { name: "rook.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await press(visit.page, visit.page.locator('form[action$="/picture"] button'));
    assert.match(await visit.page.title(), /^Error: /);
  }),
  member("/settings/delete-account", "delete account", open("/settings/delete-account")),
  member("/settings/delete-account", "delete account refused", refused("/settings/delete-account", { confirmation: "delete", password: PASSWORD })),
  member("/settings/delete-account", "delete account with organisations in the way", open("/settings/delete-account"), withTenants),
  going("account to be deleted", async (visit) => {
    await visit.go("/settings/delete-account");
    await fillAndSend(visit.page, { confirmation: "DELETE", password: PASSWORD });
    assert.doesNotMatch(await visit.page.title(), /^Error: /);
  }),
  member("/settings/security", "security", open("/settings/security")),
  member("/settings/security", "security with all there can be", open("/settings/security"), withEverything),
  member("/settings/security", "security, password refused", refused("/settings/security", { "password-currentPassword": "not my password", "password-newPassword": "towers above the town" })),
  member("/settings/security", "security, address refused", refused("/settings/security", { "email-newEmail": "ada@example", "email-password": PASSWORD })),
  member("/settings/security/second-factor", "second factor", open("/settings/security/second-factor")),
  member("/settings/security/second-factor", "second factor, setting up", async (visit) => {
    await visit.go("/settings/security/second-factor");
    await press(visit.page, visit.page.locator('form[action$="/second-factor"] button').last());
    await visit.page.locator(".qr").waitFor();
  }),
  member("/settings/security/second-factor", "second factor, code refused", refused("/settings/security/second-factor", { "first-code": "000000" }), async (stage) => {
    await api("POST", "/users/me/mfa/totp", {}, stage.cookie);
  }),
  member("/settings/security/second-factor", "recovery codes", showCodes),
  member("/settings/security/second-factor", "second factor on", open("/settings/security/second-factor"), withApp),
  member("/settings/security/second-factor", "second factor, removal refused", refused("/settings/security/second-factor", { "remove-code": "000000" }), withApp),
  member("/settings/activity", "activity", open("/settings/activity")),
  member("/settings/activity", "activity, nothing found", open("/settings/activity?from=2020-01-01&to=2020-01-02")),
  member("/settings/privacy", "privacy", open("/settings/privacy")),
  member("/settings/privacy", "privacy with a copy and a decision", open("/settings/privacy"), async (stage) => {
    await api("POST", "/users/me/export", {}, stage.cookie);
    await api("POST", "/users/me/consents", { marketing: true }, stage.cookie);
  }),
  member("/consents", "consents, nothing due", open("/consents")),
  member("/settings/tenants", "tenants", open("/settings/tenants"), withTenants),
  member("/settings/tenants", "tenants, none", open("/settings/tenants")),
  member("/settings/tenants", "tenants, unconfirmed", open("/settings/tenants"), withTenant, { confirmed: false }),
  member("/settings/tenants", "tenants, name refused", refused("/settings/tenants", { "new-name": " " }), withTenants),
  member("/settings/tenants/{tenantId}", "tenant", inTenant(), withTenants),
  member("/settings/tenants/{tenantId}", "tenant, elsewhere", inTenant(), withTenant),
  member("/settings/tenants/{tenantId}", "tenant, name refused", async (visit, stage) => refused(stage.tenant, { "name-name": " " })(visit), withTenants),
  member("/settings/tenants/{tenantId}/leave", "tenant, leaving", inTenant("/leave"), withTenants),
  member("/settings/tenants/{tenantId}/leave", "tenant, the last owner leaving", unanswered((stage) => `${stage.tenant}/leave`), withTenants),
  member("/settings/tenants/{tenantId}/members", "members", inTenant("/members"), withTenants),
  member("/settings/tenants/{tenantId}/members", "members, nobody found", inTenant("/members?search=zoe"), withTenants),
  member("/settings/tenants/{tenantId}/members/{userId}", "member, oneself", (visit, stage) => visit.go(stage.me), withTenants),
  member("/settings/tenants/{tenantId}/members/{userId}", "member, somebody else", (visit, stage) => visit.go(stage.bob), withTenants),
  member("/settings/tenants/{tenantId}/members/{userId}", "member, roles refused", async (visit, stage) => refused(stage.me, { "roles-roles": false })(visit), withTenants),
  member("/settings/tenants/{tenantId}/members/{userId}/remove", "member, removing", (visit, stage) => visit.go(`${stage.bob}/remove`), withTenants),
  member("/settings/tenants/{tenantId}/members/{userId}/hand-on", "tenant, handing on", (visit, stage) => visit.go(`${stage.bob}/hand-on`), withTenants),
  member("/settings/tenants/{tenantId}/invitations", "tenant invitations", inTenant("/invitations"), withTenants),
  member("/settings/tenants/{tenantId}/invitations", "tenant invitations, none and unconfirmed", inTenant("/invitations"), withTenant, { confirmed: false }),
  member("/settings/tenants/{tenantId}/invitations", "tenant invitations refused", async (visit, stage) =>
    refused(`${stage.tenant}/invitations`, { "invite-emails": "grace@example, nobody", "invite-roles-member": false, "invite-note": "www.example.com" })(visit), withTenants),
  member("/settings/tenants/{tenantId}/policy", "tenant policy", inTenant("/policy"), withTenants),
  member("/settings/tenants/{tenantId}/policy", "tenant policy refused", async (visit, stage) =>
    refused(`${stage.tenant}/policy`, { "policy-passwordMinLength": "1", "policy-sessionTimeoutHours": "many", "policy-maxLoginAttempts": "99" })(visit), withTenants),
  member("/reauthenticate", "reauthenticate", open("/reauthenticate?redirect=/settings/security")),
  member("/reauthenticate", "reauthenticate refused", refused("/reauthenticate", { "password-password": "not my password" }), withApp),
  member("404", "not found, signed in", async (visit) => {
    // What a page of their own was worn in, a browser keeps.
    await visit.go("/settings/privacy");
    await visit.go("/no/such/page");
  }),
];
