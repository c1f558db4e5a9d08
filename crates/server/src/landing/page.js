"use strict";

// The token leaves the address bar, and with it the history, as soon as the page has it.
const token = new URLSearchParams(location.search).get("token");
if (token !== null) history.replaceState(null, "", location.pathname);

const form = document.querySelector("form");
const answer = document.getElementById("answer");

function say(text, refused) {
  answer.textContent = text;
  answer.className = refused ? "refused" : "";
  answer.hidden = false;
}

async function post(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const body = Object.fromEntries(new FormData(form));
  if ("withToken" in form.dataset) body.token = token ?? "";
  button.disabled = true;
  try {
    const response = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await response.json();
    if (response.ok) {
      form.hidden = true;
      say(said.message, false);
    } else {
      const reasons = (said.errors ?? []).map((reason) => reason.message);
      say(reasons.length > 0 ? reasons.join(". ") : said.error, true);
    }
  } catch {
    say("The server could not be reached. Please try again.", true);
  } finally {
    button.disabled = false;
  }
}

if (form !== null) form.addEventListener("submit", post);
