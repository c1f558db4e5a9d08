// How much the login page weighs, and when something of it is seen: each time in a browser that has never been there.
// Prints one line of JSON for scripts/bench: bytes on the wire, requests, and milliseconds to the first paint.

import { browser, desktop, site } from "./house.js";

const visits = Number(process.argv[2] ?? 15);
const chrome = await browser();
const seen = [];
// The first visit warms the browser up, not the page.
for (let visit = 0; visit <= visits; visit += 1) {
  const context = await chrome.newContext({ viewport: desktop });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  let bytes = 0;
  let requests = 0;
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await network.send("Network.enable");
  await page.goto(`${site}/login`, { waitUntil: "networkidle" });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  if (visit > 0) seen.push({ bytes, requests, paint });
  await context.close();
}
await chrome.close();

const paints = seen.map(({ paint }) => paint).sort((a, b) => a - b);
const { bytes, requests } = seen[0];
console.log(JSON.stringify({ bytes, requests, visits, paint: paints[paints.length >> 1], slowest: paints.at(-1) }));
