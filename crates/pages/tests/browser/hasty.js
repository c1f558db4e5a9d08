// The hasty house: an account whose deletion was asked for waits there for some seconds instead of a month, and the terms and the
// privacy policy have versions that everybody agrees to. `scripts/browser-tests` starts it beside the other one.
//
// A file that plays there imports this before everything else, so that `site` of house.js is this house.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const { ROOKERY_HASTY_URL, ROOKERY_HASTY_DATA, ROOKERY_BINARY, PATH } = process.env;
assert.ok(ROOKERY_HASTY_URL && ROOKERY_HASTY_DATA && ROOKERY_BINARY, "scripts/browser-tests starts the house and says where it is");
process.env.ROOKERY_URL = ROOKERY_HASTY_URL;

/** How long an account waits there, and how long it may take until a round of the house finds that its time has come. */
export const GRACE = 20;
export const ROUND = 90;

/** What everybody agrees to who signs up there. */
export const AGREED = { terms: "2026-11", privacy: "3" };

/** What has been erased there, as an operator asks on the machine itself. */
export async function receipts() {
  const { stdout } = await promisify(execFile)(ROOKERY_BINARY, ["erasures", "list", "--json"], { env: { PATH, ROOKERY_DATA_DIR: ROOKERY_HASTY_DATA } });
  return JSON.parse(stdout);
}
