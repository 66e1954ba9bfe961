// Reads the whole public log in the owner's browser, checks it, and shows what is about one device.

import { fromHex, toHex } from "./core/bytes.js";
import { InputError, UntrustedError } from "./core/errors.js";
import { checkConsistency, openCheckpoint } from "./core/tlog/checkpoint.js";
import { isAbout, readLeaf } from "./core/tlog/leaf.js";
import { readNote, readVerifierKey } from "./core/tlog/note.js";
import { bundlePath, readBundle, TILE_WIDTH } from "./core/tlog/tiles.js";
import { rootOf } from "./core/tlog/tree.js";

/** @typedef {import("./core/tlog/checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {import("./core/tlog/leaf.js").Leaf} Leaf */
/** @typedef {{size: string, root: string}} Seen */

const MOST = 65_536n; // entries that a phone reads
const NAME = "log seen";

export class LongError extends Error {}

/**
 * Everything in the log about a device. Throws UntrustedError when the log does not add up, LongError when it is too
 * long to read here, and whatever `fetch` throws.
 * @param {string} logId in hexadecimal digits
 * @param {string} origin
 * @param {string[]} keys
 * @param {Seen | null} seen what was remembered of the log
 * @param {(path: string) => Promise<Uint8Array>} read a part of the log
 * @returns {Promise<{leaves: Leaf[], seen: Seen}>}
 */
export async function entriesOf(logId, origin, keys, seen, read) {
  const known = await Promise.all(keys.map(readVerifierKey));
  const checkpoint = await openCheckpoint(readNote(await read("checkpoint")), origin, known);
  if (checkpoint.size > MOST) throw new LongError();
  const entries = [];
  for (let index = 0n; index * BigInt(TILE_WIDTH) < checkpoint.size; index += 1n) {
    const left = Number(checkpoint.size - index * BigInt(TILE_WIDTH));
    const width = Math.min(left, TILE_WIDTH);
    entries.push(...readBundle(await read(bundlePath(index, width)), width));
  }
  await checkConsistency(checkpoint, { ...checkpoint, root: await rootOf(entries) }, []);
  if (seen) await checkSeen(seen, checkpoint, entries);
  const about = fromHex(logId);
  const leaves = entries.map(readLeaf).filter((leaf) => isAbout(leaf, about));
  return { leaves, seen: { size: checkpoint.size.toString(), root: toHex(checkpoint.root) } };
}

/**
 * What the log was once, it still begins with.
 * @param {Seen} seen
 * @param {Checkpoint} now
 * @param {Uint8Array[]} entries
 */
async function checkSeen(seen, now, entries) {
  const size = BigInt(seen.size);
  if (size > now.size) throw new UntrustedError("log-older");
  if (toHex(await rootOf(entries.slice(0, Number(size)))) !== seen.root) throw new UntrustedError("log-consistency");
}

/** @param {string} path */
async function reach(path) {
  const answer = await fetch(`/log/${path}`, { cache: "no-store" });
  if (!answer.ok) throw new TypeError(path);
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {string} origin */
function remembered(origin) {
  try {
    const found = JSON.parse(localStorage.getItem(`${NAME} ${origin}`) ?? "null");
    return /^\d+$/.test(found?.size) && typeof found.root === "string" ? /** @type {Seen} */ (found) : null;
  } catch {
    return null;
  }
}

/** @param {HTMLElement} place */
export async function show(place) {
  const { log = "", origin = "", keys = "" } = place.dataset;
  const say = (/** @type {string} */ name) => {
    const status = place.querySelector("p");
    if (status) status.textContent = place.dataset[name] ?? "";
  };
  say("reading");
  try {
    const { leaves, seen } = await entriesOf(log, origin, keys.split(" ").filter(Boolean), remembered(origin), reach);
    try {
      localStorage.setItem(`${NAME} ${origin}`, JSON.stringify(seen));
    } catch {
      // This browser keeps nothing: then it compares nothing next time.
    }
    const methods = JSON.parse(place.dataset.methods ?? "{}");
    const times = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const lines = leaves.map(({ time, method = "" }) => {
      const line = document.createElement("li");
      line.textContent = `${times.format(time * 1000)}: ${methods[method] ?? method}`;
      return line;
    });
    place.querySelector("ul")?.replaceChildren(...lines.reverse());
    say(leaves.length ? "good" : "none");
  } catch (error) {
    if (error instanceof LongError) say("long");
    else say(error instanceof UntrustedError || error instanceof InputError ? "bad" : "away");
  }
}

const place = typeof document === "undefined" ? null : document.getElementById("entries");
if (place) show(place);
