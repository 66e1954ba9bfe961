// The first page of the app: keeps the app ready for a bad connection, and sends what waits.

import { all, sendAll } from "./kept.js";

const main = document.getElementById("start");
const list = document.getElementById("kept");
const template = document.getElementById("one-kept");

function show() {
  if (!list || !(template instanceof HTMLTemplateElement)) return;
  list.replaceChildren(
    ...all().map(({ model, serial }) => {
      const item = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const name = item.querySelector("strong");
      if (name) name.textContent = `${model} ${serial}`;
      return item;
    }),
  );
}

/**
 * @param {string} name
 * @param {string} about
 */
function tell(name, about) {
  const place = document.getElementById(name);
  if (!place) return;
  place.hidden = false;
  const list = place.querySelector("ul");
  const item = document.createElement("li");
  item.textContent = about;
  list?.append(item);
}

async function send() {
  if (!navigator.onLine || !all().length) return;
  for (const { request, sent } of await sendAll()) tell(sent ? "sent" : "not-sent", `${request.model} ${request.serial}`);
  show();
}

/** Whoever is signed in hears at once when somebody asks for a way into what is theirs. */
async function hear() {
  const answer = await fetch("/devices/news", { cache: "no-store" }).catch(() => null);
  const asked = answer?.ok ? await answer.json().catch(() => []) : [];
  for (const { serial } of Array.isArray(asked) ? asked : []) tell("asked", String(serial));
}

if (main) {
  show();
  hear();
  send();
  addEventListener("online", send);
  navigator.serviceWorker?.register("/app/worker.js", { scope: "/app" }).catch(() => undefined); // it works without, too
}
