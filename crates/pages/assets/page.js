// What makes the pages more comfortable. Without it everything works too: each part improves what is there already, finds its
// elements by the attributes that `parts.html` describes, and shows what would be useless without it (`hidden` until then).
// It writes no style and no script into the page, so the strictest policy lets it run.

const all = (selector) => [...document.querySelectorAll(selector)];
const root = document.documentElement;

// --- a mailed token leaves the address bar, and the history with it: the form holds it

function forgetToken() {
  const address = new URL(location.href);
  if (!address.searchParams.has("token")) return;
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address.pathname + address.search + address.hash);
}

// --- passwords are shown when asked for, and judged a little before the server judges them

function offerReveal(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const show = button.textContent;
  const turn = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(input.type === "password"));
  // Sent as plain text, a browser would remember it among the things typed before.
  input.form.addEventListener("submit", () => turn(false));
}

const KINDS = [[/\p{Ll}/u, 26], [/\p{Lu}/u, 26], [/\p{N}/u, 10], [/[^\p{L}\p{N}]/u, 33]];
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm"];
const COMMON = ("password passwort contrasena welcome bienvenido letmein iloveyou teamo admin login master dragon monkey sunshine "
  + "princess princesa football futbol baseball superman secret summer winter spring changeme hello hola love").split(" ");
const DISGUISES = { "@": "a", 4: "a", 3: "e", 1: "i", "!": "i", 0: "o", $: "s", 5: "s", 7: "t" };

// In lower case, without accents, and with the letters that digits stand for.
const undisguised = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[@431!0$57]/g, (sign) => DISGUISES[sign]);

function isRun(three) {
  const back = [...three].reverse().join("");
  return new Set(three).size === 1 || RUNS.some((run) => run.includes(three) || run.includes(back));
}

// How many characters say something new. One that goes on a run ("abc", "111") says little; so do few that come again and again.
function telling(text) {
  const characters = [...text];
  const counted = characters.reduce((sum, _, at) => sum + (at > 1 && isRun(characters.slice(at - 2, at + 1).join("")) ? 0.2 : 1), 0);
  return counted * Math.min(1, new Set(characters).size / Math.min(7, characters.length));
}

// From 1 to 4, and why it is no more where there is a reason to name. A hint, no rule: the rules are the server's.
function judge(password, shortest, personal) {
  if ([...password].length < shortest) return [1, "short"];
  const yours = personal.flatMap((text) => undisguised(text).split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 2);
  let rest = undisguised(password);
  let why = "";
  for (const [reason, words] of [["common", COMMON], ["yours", yours]]) {
    for (const word of words.filter((one) => rest.includes(one))) {
      why = reason;
      // A word that can be guessed is worth about as much as one character.
      rest = rest.replaceAll(word, word[0]);
    }
  }
  const signs = KINDS.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const bits = telling(rest) * Math.log2(signs);
  const score = 1 + [30, 46, 64].filter((least) => bits >= least).length;
  return why ? [Math.min(score, 2), why] : [score, ""];
}

function measure(meter) {
  const input = document.getElementById(meter.dataset.meter);
  const said = meter.querySelector("p");
  const words = meter.dataset.words.split("|");
  input.addEventListener("input", () => {
    meter.hidden = input.value === "";
    const typed = ["email", "name", "givenName", "familyName", "companyName"].map((name) => input.form.elements.namedItem(name)?.value ?? "");
    const [score, why] = judge(input.value, Math.max(8, input.minLength), [...typed, ...meter.dataset.personal.split("\n")]);
    meter.dataset.score = score;
    said.textContent = [words[score - 1], meter.dataset[why]].filter(Boolean).join(" · ");
  });
}

// --- a button that sleeps until a mail may be asked for again

function countDown(form) {
  const button = form.querySelector("button:not([type=button])");
  const awake = button.textContent;
  const end = Date.now() + Number(form.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? form.dataset.countdownText.replace("#", left) : awake;
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}

// --- copies and files

function offerCopy(button) {
  if (!navigator.clipboard) return;
  const label = button.querySelector("span");
  const text = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(textOf(button.dataset.copy));
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = text; }, 2000);
  });
}

function offerDownload(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([textOf(button.dataset.download) + "\n"], { type: "text/plain" }));
    link.download = button.dataset.filename;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

// A list as lines, anything else as it stands.
function textOf(id) {
  const element = document.getElementById(id);
  const items = [...element.querySelectorAll("li")];
  return items.length ? items.map((item) => item.textContent.trim()).join("\n") : element.textContent.trim();
}

// --- the time zone of this device: chosen where nothing was, offered else

function findTimeZone(select) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (![...select.options].some((option) => option.value === here)) return;
  if (select.dataset.timeZone === "open") {
    select.value = here;
    return;
  }
  const offer = document.querySelector(`[data-time-zone-offer="${select.id}"]`);
  const button = offer.querySelector("button");
  const show = () => { offer.hidden = select.value === here; };
  button.textContent = button.dataset.text.replace("#", here.replaceAll("_", " "));
  button.addEventListener("click", () => {
    select.value = here;
    show();
    select.focus();
  });
  select.addEventListener("change", show);
  show();
}

// --- theme and language

function wear(theme) {
  root.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
}

// A choice in the foot holds at once; the server is told, so that the next page comes in it.
function switchThemes(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter.value;
    wear(chosen);
    for (const button of form.elements) if (button.name === "theme") button.setAttribute("aria-pressed", String(button.value === chosen));
    fetch(`${form.getAttribute("action")}?theme=${chosen}`, { credentials: "same-origin" }).catch(() => {});
  });
}

// A pointer's choice is sent at once. Keys walk through a list, so whoever uses them presses the button.
function sendChoice(select) {
  const button = select.form.querySelector("button");
  button.hidden = true;
  select.addEventListener("keydown", () => { button.hidden = false; });
  select.addEventListener("change", () => { if (button.hidden) select.form.requestSubmit(); });
}

// --- dangerous forms ask first

function ask(form, submitter) {
  const { confirmTitle, confirm, confirmYes, confirmNo } = form.dataset;
  const dialog = document.createElement("dialog");
  const make = (name, text, attributes = {}) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.textContent = text;
    return element;
  };
  const no = make("button", confirmNo, { className: "button quiet", autofocus: true });
  const yes = make("button", confirmYes, { className: "button danger" });
  const actions = make("div", "", { className: "actions" });
  actions.append(no, yes);
  dialog.append(make("h2", confirmTitle, { id: "confirm-title" }), make("p", confirm, { id: "confirm-text" }), actions);
  dialog.setAttribute("aria-labelledby", "confirm-title");
  dialog.setAttribute("aria-describedby", "confirm-text");
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "";
    dialog.close();
    form.requestSubmit(submitter);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    submitter?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// --- on a phone the tabs are wider than the page: the open one is brought into sight

function showOpenTab(open) {
  const tabs = open.closest(".tabs");
  const [tab, row] = [open.getBoundingClientRect(), tabs.getBoundingClientRect()];
  tabs.scrollLeft += (tab.left + tab.right - row.left - row.right) / 2;
}

// --- a form is sent once; whoever comes back, or waits in vain, may send it again

function release(form) {
  delete form.dataset.sent;
  delete form.dataset.confirmed;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "stays" in form.dataset) return;
  if ("confirm" in form.dataset && !("confirmed" in form.dataset)) {
    event.preventDefault();
    ask(form, event.submitter);
  } else if ("sent" in form.dataset) {
    event.preventDefault();
  } else {
    form.dataset.sent = "";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 10_000);
  }
}

forgetToken();
for (const [selector, improve] of [
  [".reveal", offerReveal],
  ["[data-meter]", measure],
  ["form[data-countdown]", countDown],
  ["[data-copy]", offerCopy],
  ["[data-download]", offerDownload],
  ["[data-time-zone]", findTimeZone],
  ["[data-themes]", switchThemes],
  ["[data-autosubmit]", sendChoice],
  [".tabs [aria-current]", showOpenTab],
]) all(selector).forEach(improve);
all("main input[name=theme]").forEach((radio) => radio.addEventListener("change", () => wear(radio.value)));
document.addEventListener("submit", onSubmit);
window.addEventListener("pageshow", (event) => { if (event.persisted) all("form").forEach(release); });
