// What a person does with a form: fills it in by its labels' fields, sends it, reads what came of it.

import assert from "node:assert/strict";

/** A field by its id, which may have a dot in it. */
const named = (id) => `[id="${id}"]`;

/** The form that holds this field. */
const formOf = (page, field) => page.locator("main form").filter({ has: page.locator(field) });

/** Fills fields in, by their ids: texts are typed, true and false tick and untick, a choice of a list is chosen. */
export async function fill(page, values) {
  for (const [id, value] of Object.entries(values)) {
    const field = page.locator(named(id));
    if (typeof value === "boolean") await field.setChecked(value);
    else if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Presses the button of the form that holds this field, and waits for the page it leads to. */
export async function send(page, id) {
  await press(page, formOf(page, named(id)).locator("button:not([type=button])"));
}

/** Fills a form in and sends it; the last field named says which form. */
export async function fillAndSend(page, values) {
  await fill(page, values);
  await send(page, Object.keys(values).at(-1));
}

/** Presses a button that leads to another page. Where a script asks first, says yes. */
export async function press(page, button) {
  const isAsked = await button.evaluate((element) => "confirm" in (element.form?.dataset ?? {}));
  const arrived = page.waitForEvent("load");
  await button.click();
  const yes = page.locator("dialog[open] .danger");
  if (isAsked && (await yes.count()) === 1) await yes.click();
  await arrived;
}

/** From here on the forms of this page are sent as they are, as by a browser that checks nothing itself. */
export function asTheyAre(page) {
  return page.evaluate(() => document.querySelectorAll("main form").forEach((form) => { form.noValidate = true; }));
}

/** These fields are wrong, each says so beside itself, and the person is led there; nothing else is marked. */
export async function isRefused(page, ...ids) {
  assert.match(await page.title(), /^Error: /);
  for (const id of ids) {
    const field = page.locator(named(id));
    assert.equal(await field.getAttribute("aria-invalid"), "true", `${id} is marked`);
    const described = (await field.getAttribute("aria-describedby")).split(" ");
    assert.ok(described.includes(`${id}-error`), `${id} is tied to what is wrong with it`);
    assert.notEqual((await page.locator(named(`${id}-error`)).innerText()).trim(), "");
    assert.equal(await page.locator(`.summary a[href="#${id}"]`).count(), 1, `the summary leads to ${id}`);
  }
  assert.equal(await page.locator("[aria-invalid=true]").count(), ids.length);
  assert.equal(await page.evaluate(() => document.activeElement.className), "summary");
}

/** The page says that something was done. */
export async function says(page) {
  const notice = page.locator("main > .notice:not(.warning, .error)").first();
  await notice.waitFor();
  return notice.innerText();
}
