// The first page of the app: keeps the app ready for a bad connection, and sends what waits.

import { all, forget, isByHand, sendAll } from "./kept.js";

/** @typedef {import("./kept.js").Kept} Kept */

const main = document.getElementById("start");
const list = document.getElementById("kept");
const template = document.getElementById("one-kept");

/** @param {Kept} request */
const named = ({ model, serial }) => `${model} ${serial}`;

function show() {
  if (!list || !(template instanceof HTMLTemplateElement)) return;
  const waiting = all().filter((one) => !navigator.onLine || !isByHand(one));
  list.replaceChildren(
    ...waiting.map((request) => {
      const item = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const name = item.querySelector("strong");
      if (name) name.textContent = named(request);
      return item;
    }),
  );
}

/**
 * One line more in the notice of this name.
 * @param {string} name
 * @param {string} about
 * @param {string} [address] where to go on
 */
function tell(name, about, address) {
  const place = document.getElementById(name);
  if (!place) return null;
  place.hidden = false;
  const item = document.createElement("li");
  const line = address ? document.createElement("a") : item;
  line.textContent = about;
  if (line instanceof HTMLAnchorElement && address) {
    line.href = address;
    item.append(line);
  }
  place.querySelector("ul")?.append(item);
  return line;
}

async function send() {
  if (!navigator.onLine || !all().length) return;
  for (const { request, sent } of await sendAll()) {
    if (!sent) tell("not-sent", named(request));
    else if (request.kind === "enrol") tell("registered", named(request), `/R/${request.part}`);
    else tell(request.kind === "notice" ? "noticed" : "sent", named(request));
  }
  document.querySelector("#go-on ul")?.replaceChildren();
  for (const request of all().filter(isByHand)) {
    tell("go-on", named(request), `/R/${request.part}`)?.addEventListener("click", () => forget(request.part));
  }
  show();
}

/** Whoever is signed in hears at once when somebody asks for a way into what is theirs, or was let in. */
async function hear() {
  const answer = await fetch("/devices/news", { cache: "no-store" }).catch(() => null);
  const news = answer?.ok ? await answer.json().catch(() => []) : [];
  for (const { what, serial, id } of Array.isArray(news) ? news : []) {
    tell(what === "ended" ? "ended" : "asked", String(serial), `/devices/one/${encodeURIComponent(String(id))}`);
  }
}

if (main) {
  show();
  hear();
  send();
  addEventListener("online", send);
  addEventListener("offline", show);
  navigator.serviceWorker?.register("/app/worker.js", { scope: "/app" }).catch(() => undefined); // it works without, too
}
