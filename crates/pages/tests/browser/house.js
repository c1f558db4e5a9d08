// The house under test, and visitors with a browser who notice everything a person should never meet.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

/** Where the server answers. `scripts/browser-tests` starts it and says so. */
export const site = new URL(process.env.ROOKERY_URL ?? "http://localhost:8080/").href.replace(/\/$/, "");

export const narrow = { width: 320, height: 640 };
export const phone = { width: 390, height: 844 };
export const tablet = { width: 768, height: 1024 };
export const desktop = { width: 1280, height: 800 };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** A browser without a window, of the distribution. */
export function browser() {
  return chromium.launch({ executablePath: process.env.ROOKERY_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
}

/**
 * Somebody with a window of their own, without cookies.
 *
 * `noticed` collects what nobody should meet: errors of scripts, complaints of the browser (a policy that is violated is one),
 * and requests to anybody but the house. `visitor.isContent()` fails if there was any of it.
 */
export async function visitor(browser, { size = desktop, scripts = true, locale = "en-US", theme = "light", motion = "no-preference", zone = "Europe/Madrid" } = {}) {
  const context = await browser.newContext({
    viewport: size,
    javaScriptEnabled: scripts,
    locale,
    colorScheme: theme,
    reducedMotion: motion,
    timezoneId: zone,
    hasTouch: size.width < 500,
    isMobile: size.width < 500,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const noticed = [];
  page.on("pageerror", (error) => noticed.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // A form that is refused comes back as a page with 400 and the like, which the browser writes down as a failure to load.
    const isRefusal = message.text().startsWith("Failed to load resource") && /\b4\d\d\b/.test(message.text()) && message.location().url === page.url();
    if (!isRefusal) noticed.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(protocol) && origin !== new URL(site).origin) noticed.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500 && response.status() !== 503) noticed.push(`${response.status()}: ${response.url()}`);
  });
  return {
    page,
    context,
    scripts,
    size,
    /** Opens a path of the house. */
    go: (path) => page.goto(site + path),
    /** The path that is open, without its query. */
    where: () => new URL(page.url()).pathname.slice(new URL(site).pathname.length - 1),
    /** Nothing was noticed that should not be there, up to here. */
    isContent: () => assert.deepEqual(noticed, [], `on ${page.url()}`),
    leave: () => context.close(),
  };
}

/** The newest letter of a kind that was written to an address; waits for the postman, and longer where something is done first. */
export async function letter(to, kind, { seconds = 10 } = {}) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const response = await fetch(`${site}/dev/mailbox.json?to=${encodeURIComponent(to)}`);
    const found = (await response.json()).find((one) => one.kind === kind);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no letter of the kind ${kind} has come for ${to}`);
}

/** Asks the API, as a program beside the browser does. */
export async function api(method, path, body, cookie = "") {
  const response = await fetch(`${site}/api${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...(cookie && { Cookie: cookie }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  const said = await response.json().catch(() => null);
  return { status: response.status, said, cookies };
}
