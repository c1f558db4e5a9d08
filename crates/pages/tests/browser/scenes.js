// Every page as it may be met: whole, refused, done, and empty where it can be. A scene says how one gets there.

import assert from "node:assert/strict";
import { code } from "./authenticator.js";
import { fill, fillAndSend, press } from "./forms.js";
import { api, letter } from "./house.js";
import { account, freshAddress, PASSWORD, signInto } from "./person.js";

/** Somebody who is not signed in. Language and theme are what the foot of a page offers; a cookie keeps them. */
const stranger = (page, name, show) => ({
  page,
  name,
  prepare: async (visit) => ({ wear: (language, theme) => visit.go(`/login?lang=${language}&theme=${theme}`) }),
  show,
});

/** Somebody who is signed in; language and theme are their preferences. `prepare` gets the person ready. */
const member = (page, name, show, prepare = async () => {}) => ({
  page,
  name,
  prepare: async (visit) => {
    const person = await account();
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

const open = (path) => (visit) => visit.go(path);

/** Opens a page and sends its form as it should not be. */
const refused = (path, values) => async (visit) => {
  await visit.go(path);
  await fillAndSend(visit.page, values);
  assert.match(await visit.page.title(), /^Error: /);
};

/** Somebody with an authenticator app; `stage.secret` is what the app keeps. */
async function withApp(stage) {
  const enrolled = await api("POST", "/users/me/mfa/totp", {}, stage.cookie);
  assert.equal(enrolled.status, 201, enrolled.said.error);
  stage.secret = enrolled.said.secret;
  const confirmed = await api("POST", "/users/me/mfa/totp/confirm", { code: code(stage.secret) }, stage.cookie);
  assert.equal(confirmed.status, 200, confirmed.said.error);
  stage.codes = confirmed.said.recoveryCodes;
  stage.cookie = confirmed.cookies.join("; ") || stage.cookie;
}

/** Somebody between the password and the code. Language and theme are a stranger's, for the house does not say who it thinks it is. */
const halfway = (name, show) => ({
  page: "/login/second-factor",
  name,
  prepare: async (visit) => {
    const person = await account();
    const stage = { person, cookie: await signInto(visit, person) };
    await withApp(stage);
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
  stranger("/reset-password", "reset password void", refused("/reset-password?token=x", { newPassword: PASSWORD })),
  stranger("/unlock", "unlock", open("/unlock?token=x")),
  stranger("/undo", "undo", open("/undo?token=x")),
  stranger("404", "not found", open("/no/such/page")),
];
