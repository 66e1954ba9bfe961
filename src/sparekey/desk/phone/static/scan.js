// The page that scans: one thing at a time, and a sentence for everything that can go wrong.

import { frame, NoCameraError, openCamera, pictures } from "./camera.js";
import { openDecoder } from "./decoder.js";
import { keep } from "./kept.js";
import { trouble } from "./light.js";
import { recognise } from "./scanned.js";

const EVERY = 150; // milliseconds between two looks
const PATIENCE = 8_000; // milliseconds without a code before the page says what may help

/**
 * @template {Element} T
 * @param {string} name
 * @param {new () => T} kind
 */
function part(name, kind) {
  const found = document.getElementById(name);
  if (!(found instanceof kind)) throw new Error(`the page has no ${name}`);
  return found;
}

const main = part("scan", HTMLElement);
const video = part("view", HTMLVideoElement);
const hint = part("hint", HTMLElement);
const said = part("said", HTMLElement);
const other = part("elsewhere", HTMLAnchorElement);

const { prefix = "", decoder = "" } = main.dataset;
/** @type {Promise<import("./decoder.js").Decode> | null} */
let decoding = null;
const decode = () => (decoding ??= openDecoder(decoder));
/** @type {(() => void) | null} */
let close = null;
let opening = false;
const looking = () => close !== null; // it may end while a picture is being read

/**
 * Shows one of the screens.
 * @param {"begin" | "look" | "found" | "reply"} name
 */
function show(name) {
  for (const screen of main.querySelectorAll("[data-screen]")) {
    if (screen instanceof HTMLElement) screen.hidden = screen.dataset.screen !== name;
  }
}

/**
 * Says the sentence of this name, or nothing.
 * @param {string} name
 */
function say(name) {
  said.hidden = !name;
  said.textContent = name ? (main.dataset[name] ?? "") : "";
  other.hidden = true;
  if (name) said.scrollIntoView({ block: "nearest" });
}

/** @param {string} name */
function suggest(name) {
  const text = main.dataset[name] ?? "";
  if (hint.textContent !== text) hint.textContent = text;
}

function end() {
  close?.();
  close = null;
}

async function look() {
  if (opening || looking()) return;
  opening = true;
  say("");
  try {
    close = await openCamera(video);
  } catch (error) {
    if (!(error instanceof NoCameraError)) throw error;
    say(`camera${error.why}`);
    return;
  } finally {
    opening = false;
  }
  show("look");
  suggest("sayHold");
  const reader = await decode().catch(() => null);
  if (!reader) {
    end();
    show("begin");
    say("saydecoder");
    return;
  }
  const begun = performance.now();
  let last = "";
  while (looking()) {
    const picture = frame(video);
    const text = picture ? await reader(picture) : null;
    if (text && text !== last && looking() && (await take(text))) return;
    last = text ?? last;
    if (picture && !text) {
      const why = trouble(picture);
      const late = performance.now() - begun > PATIENCE;
      suggest(why === "dark" ? "sayDark" : why === "glare" ? "sayGlare" : late ? "sayCloser" : "sayHold");
    }
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

/**
 * Goes on with a text. False when it is nothing to go on with; the page has said so then.
 * @param {string} text
 */
async function take(text) {
  const found = await recognise(text, prefix);
  if (found.is === "foreign" || found.is === "damaged") {
    say(found.is === "foreign" ? "sayforeign" : "saydamaged");
    return false;
  }
  end();
  if (found.is === "elsewhere") {
    show("begin");
    say("sayelsewhere");
    other.hidden = false;
    other.href = found.address;
    other.textContent = found.host;
    return true;
  }
  if (found.is === "reply") {
    bring(found.text);
    return true;
  }
  const address = found.is === "pairing" ? `/P/${found.part}` : `/R/${found.part}`;
  if (await reachable()) {
    location.assign(address);
    return true;
  }
  if (found.is === "pairing") {
    show("begin");
    say("saynetwork");
    return true;
  }
  const { kind, model, serial } = found.request;
  part("device", HTMLElement).textContent = `${model} ${serial}`;
  part("keep", HTMLButtonElement).onclick = () => {
    const kept = keep({ part: found.part, kind, model, serial });
    if (kept) location.assign("/app");
    else say("saynotkept");
  };
  show("found");
  return true;
}

/**
 * An answer for a device, to be handed in there: nothing of it leaves this phone.
 * @param {string} text
 */
function bring(text) {
  part("answer", HTMLTextAreaElement).value = text;
  const save = part("save", HTMLAnchorElement);
  if (save.href) URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(new Blob([text, "\n"], { type: "application/octet-stream" }));
  const title = part("title", HTMLElement);
  title.textContent = title.dataset.answer ?? "";
  part("first", HTMLElement).hidden = true;
  show("reply");
}

async function reachable() {
  if (!navigator.onLine) return false;
  return fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
}

/** @param {Blob} photo */
async function readPhoto(photo) {
  say("sayreading");
  const reader = await decode().catch(() => null);
  if (!reader) return say("saydecoder");
  try {
    for await (const picture of pictures(photo)) {
      const text = await reader(picture);
      if (text) {
        say("");
        await take(text);
        return undefined;
      }
    }
  } catch {
    return say("sayphoto"); // not a picture, or one that this browser cannot show
  }
  return say("sayphoto");
}

part("open", HTMLButtonElement).addEventListener("click", look);
part("stop", HTMLButtonElement).addEventListener("click", () => {
  end();
  say("");
  show("begin");
});
part("photo", HTMLInputElement).addEventListener("change", ({ target }) => {
  const photo = target instanceof HTMLInputElement ? target.files?.[0] : null;
  if (photo) readPhoto(photo);
});
part("pasted", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const text = part("text", HTMLTextAreaElement).value;
  say("");
  if (text.trim()) take(text);
  else say("sayforeign");
});
part("copy", HTMLButtonElement).addEventListener("click", async () => {
  const answer = part("answer", HTMLTextAreaElement);
  answer.select();
  const copied = await navigator.clipboard?.writeText(answer.value).then(() => true, () => false);
  part("copied", HTMLElement).textContent = (copied ? main.dataset.saycopied : main.dataset.saymarked) ?? "";
});
addEventListener("pagehide", () => {
  end();
  show("begin"); // whoever comes back in history finds no dead picture
});
main.hidden = false;
if (location.hash === "#camera") look();
