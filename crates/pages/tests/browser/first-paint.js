// How much the login page weighs, and when something of it is seen: each time with caches emptied, in a browser that runs already.
// Prints one line of JSON for scripts/bench: bytes on the wire, requests, and milliseconds to the first contentful paint.

import { browser, desktop, site } from "./house.js";

const visits = Number(process.argv[2] ?? 15);
const chrome = await browser();
const page = await chrome.newPage({ viewport: desktop });
const network = await page.context().newCDPSession(page);
let load = { bytes: 0, requests: 0 };
network.on("Network.loadingFinished", ({ encodedDataLength }) => {
  load.bytes += encodedDataLength;
  load.requests += 1;
});
await network.send("Network.enable");

const seen = [];
// The first visit warms the browser up, not the page.
for (let visit = 0; visit <= visits; visit += 1) {
  await page.goto("about:blank");
  await network.send("Network.clearBrowserCache");
  await network.send("Network.clearBrowserCookies");
  load = { bytes: 0, requests: 0 };
  await page.goto(`${site}/login`, { waitUntil: "networkidle" });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  if (visit > 0) seen.push({ ...load, paint });
}
await chrome.close();

const paints = seen.map(({ paint }) => paint).sort((a, b) => a - b);
console.log(JSON.stringify({ ...seen[0], visits, paint: paints[paints.length >> 1], slowest: paints.at(-1) }));
