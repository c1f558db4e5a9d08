// People who have an account already: made through the API, so that a test begins where its subject does.

import assert from "node:assert/strict";
import { api, letter, site } from "./house.js";

let count = 0;

/** An address nobody has used. */
export function freshAddress(name = "ada") {
  count += 1;
  return `${name}.${process.pid}.${Date.now().toString(36)}.${count}@example.com`;
}

export const PASSWORD = "correct horse battery";

/** Signs somebody up; their address is confirmed unless told otherwise. */
export async function account({ name = "Ada Lovelace", confirmed = true, ...more } = {}) {
  const email = freshAddress();
  const signedUp = await api("POST", "/auth/signup", { email, password: PASSWORD, name, ...more });
  assert.equal(signedUp.status, 201, JSON.stringify(signedUp.said));
  const { token } = await letter(email, "verify_email");
  if (confirmed) assert.equal((await api("POST", "/auth/verify-email", { token })).status, 200);
  return { email, password: PASSWORD, name, token };
}

/** Signs a person in beside the browser; the answer is the cookie header of that session. */
export async function signIn({ email, password }) {
  const answer = await api("POST", "/auth/login", { email, password });
  assert.equal(answer.status, 200, JSON.stringify(answer.said));
  return answer.cookies.join("; ");
}

/** Signs a person in and hands the session to a visitor's browser. */
export async function signInto(visitor, person) {
  const cookie = await signIn(person);
  const cookies = cookie.split("; ").map((pair) => {
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: site };
  });
  await visitor.context.addCookies(cookies);
  return cookie;
}

/** Invites an address into a tenant. */
export async function invite(cookie, tenant, email, roles = ["member"]) {
  const invited = await api("POST", `/tenants/${tenant}/invitations`, { invitations: [{ email, roles }] }, cookie);
  assert.equal(invited.status, 200, JSON.stringify(invited.said));
}

/** Invites a person into a tenant, who joins; the answer is their id. */
export async function join(cookie, tenant, person, roles = ["member"]) {
  await invite(cookie, tenant, person.email, roles);
  const { token } = await letter(person.email, "invitation");
  const theirs = await signIn(person);
  const joined = await api("POST", "/auth/invitations/accept", { token }, theirs);
  assert.equal(joined.status, 200, JSON.stringify(joined.said));
  return (await api("GET", "/users/me", undefined, theirs)).said.id;
}

/** Somebody who makes their account out of an invitation into a tenant: they have agreed to nothing that others agree to at sign-up. */
export async function newcomer(cookie, tenant, name = "Grace Hopper") {
  const email = freshAddress("grace");
  await invite(cookie, tenant, email);
  const { token } = await letter(email, "invitation");
  const joined = await api("POST", "/auth/invitations/accept", { token, password: PASSWORD, name });
  assert.equal(joined.status, 201, JSON.stringify(joined.said));
  return { email, password: PASSWORD, name };
}
