// Going through a page by keyboard, as somebody does who has no pointer.

import assert from "node:assert/strict";

/**
 * Where the focus is: what it is called, whether there is a ring around it that can be seen, and whether it is in sight with nothing on
 * top of it. `at` is its place among everything the Tab key stops at (see `stops`), −1 for anything else.
 */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const shown = element.matches(".segmented input") ? element.nextElementSibling : element;
    const box = shown.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const onTop = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, innerHeight) / 2);
    return {
      name: element.id || element.getAttribute("aria-label") || element.textContent.trim() || element.name,
      isRinged: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      isSeen: box.width > 0 && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight + 1,
      isOnTop: onTop !== null && (onTop === element || shown.contains(onTop) || onTop.contains(shown) || (onTop.closest("label")?.contains(element) ?? false)),
      isNowhere: element === document.body,
      at: (globalThis.keyboardStops ?? []).indexOf(element),
    };
  });
}

/** Goes on to the next element, which must be seen to have the focus; says which it is. */
export async function tab(page, keys = "Tab") {
  await page.keyboard.press(keys);
  const { name, isRinged, isSeen, isOnTop } = await focused(page);
  assert.ok(isRinged, `${name} has a ring`);
  assert.ok(isSeen, `${name} is in sight`);
  assert.ok(isOnTop, `${name} is not covered`);
  return name;
}

/** Goes on to the element that is called so; says what was passed on the way. */
export async function tabTo(page, name) {
  const passed = [];
  for (let presses = 0; presses < 60; presses += 1) {
    const here = await tab(page);
    if (here === name) return passed;
    passed.push(here);
  }
  throw new Error(`${name} cannot be reached; these can: ${passed.join(", ")}`);
}

/** Goes on to a field and types into it. */
export async function type(page, id, text) {
  await tabTo(page, id);
  await page.keyboard.type(text);
}

/** Presses a key that leads to another page. */
export async function keyOn(page, key = "Enter") {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press(key)]);
}

/** Goes on to the link or button that is called so, and presses it; it leads to another page. */
export async function tabOn(page, name) {
  await tabTo(page, name);
  await keyOn(page);
}

/** Somebody was told of a mistake and stands before it: one key on, and Enter leads to the field. */
export async function isLedTo(page, field) {
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement.className), "summary");
  await tab(page);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), field);
}

/** What the Tab key should stop at, in the order in which it is written; and where each lies within the main part of the page. */
function stops(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    globalThis.keyboardStops = all.filter((element) => {
      if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const group = all.filter((other) => other.name === element.name && other.form === element.form);
      return element === (group.find((one) => one.checked) ?? group[0]);
    });
    return globalThis.keyboardStops.map((element) => {
      const box = element.getBoundingClientRect();
      return {
        name: element.id || element.getAttribute("aria-label") || element.textContent.trim() || element.name,
        main: element.closest("main") !== null,
        top: box.top + scrollY,
        bottom: box.bottom + scrollY,
      };
    });
  });
}

/**
 * Stands before everything, also where a page that tells of a mistake has taken the focus already. A list that is sent as soon as
 * something is chosen shows its button to whoever uses keys.
 */
async function beginAtTheTop(page) {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    document.querySelector("[data-autosubmit]")?.dispatchEvent(new KeyboardEvent("keydown"));
    scrollTo(0, 0);
  });
}

/**
 * Walks through a whole page: the first key leads to the link past the frame, every stop is reached once, in the order in which the page is
 * read, each is seen to have the focus, and the last leads out.
 */
export async function walk(page, what) {
  await beginAtTheTop(page);
  const expected = await stops(page);
  const reached = [];
  for (let presses = 0; presses < expected.length * 4 + 8; presses += 1) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (here.isNowhere || (here.at === 0 && reached.length > 1)) break;
    // Dates have several stops inside one field.
    if (here.at === reached.at(-1)) continue;
    assert.notEqual(here.at, -1, `${what}: ${here.name} should be no stop`);
    assert.ok(here.isRinged, `${what}: ${here.name} has a ring`);
    assert.ok(here.isSeen, `${what}: ${here.name} is in sight`);
    assert.ok(here.isOnTop, `${what}: ${here.name} is not covered`);
    reached.push(here.at);
  }
  const names = (places) => places.map((at) => expected[at].name);
  assert.deepEqual(names(reached), expected.map(({ name }) => name), `${what}: every stop, in order, and then out`);
  assert.equal(expected[0].name, "Skip to the content", what);
  for (const [at, stop] of expected.entries()) {
    const next = expected[at + 1];
    if (stop.main && next?.main) assert.ok(next.bottom > stop.top, `${what}: from ${stop.name} to ${next.name} one goes up the page`);
  }
}
