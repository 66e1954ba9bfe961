// An owner's browser reads the whole log: what is about their device is found, and a log that does not add up is.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { fromHex, joined, sha256, toBase64, toHex, utf8 } from "../../.cache/phone/phone/core/bytes.js";
import { InputError, UntrustedError } from "../../.cache/phone/phone/core/errors.js";
import { bundlePath } from "../../.cache/phone/phone/core/tlog/tiles.js";
import { rootOf } from "../../.cache/phone/phone/core/tlog/tree.js";
import { entriesOf, LongError } from "../../.cache/phone/phone/entries.js";
import { load } from "./vectors.js";

const ORIGIN = "desk.example.com/log";
const LEAVES = load("log/leaves").filter(({ expect }) => expect === "ok").map(({ leaf }) => fromHex(leaf));
const MINE = load("log/leaves").find(({ name }) => name === "a response file that one person approved") ?? {};
const ELSEWHERE = "ff".repeat(16);
const PAIR = generateKeyPairSync("ed25519");
const PUBLIC = fromHex(PAIR.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex"));
const TYPED = joined(new Uint8Array([1]), PUBLIC);
const ID = (await sha256(joined(utf8(`${ORIGIN}\n`), TYPED))).slice(0, 4);
const KEYS = [`${ORIGIN}+${toHex(ID)}+${toBase64(TYPED)}`];

/** @param {Uint8Array[]} entries */
const bundle = (entries) => joined(...entries.flatMap((entry) => [new Uint8Array([entry.length >> 8, entry.length & 255]), entry]));

/**
 * What a desk serves for these entries. `said`: what its checkpoint says instead.
 * @param {Uint8Array[]} entries
 * @param {{size?: number, root?: Uint8Array}} [said]
 */
async function served(entries, said = {}) {
  const text = `${ORIGIN}\n${said.size ?? entries.length}\n${toBase64(said.root ?? (await rootOf(entries)))}\n`;
  const signature = new Uint8Array(sign(null, utf8(text), PAIR.privateKey));
  const files = new Map([["checkpoint", utf8(`${text}\n\u2014 ${ORIGIN} ${toBase64(joined(ID, signature))}\n`)]]);
  for (let at = 0; at < entries.length; at += 256) {
    const part = entries.slice(at, at + 256);
    files.set(bundlePath(BigInt(at / 256), part.length), bundle(part));
  }
  return async (/** @type {string} */ path) => files.get(path) ?? Promise.reject(new TypeError(path));
}

/** @param {number} count */
const many = (count) => Array.from({ length: count }, (_, at) => LEAVES[at % LEAVES.length]);

/**
 * @param {Uint8Array[]} entries
 * @param {import("../../.cache/phone/phone/entries.js").Seen | null} [seen]
 * @param {{size?: number, root?: Uint8Array}} [said]
 */
const read = async (entries, seen = null, said = {}) => entriesOf(MINE["log-id"], ORIGIN, KEYS, seen, await served(entries, said));

/**
 * @param {() => Promise<unknown>} action
 * @param {string} slug
 */
const refused = (action, slug) => assert.rejects(action, (error) => error instanceof UntrustedError && error.slug === slug);

test("everything about a device is found, over several bundles, and nothing else", async () => {
  const entries = many(600);
  const { leaves, seen } = await read(entries);
  assert.equal(leaves.length, entries.filter((entry) => toHex(entry) === MINE.leaf).length);
  for (const leaf of leaves) assert.deepEqual([leaf.method, leaf.action, leaf.time], [MINE.method, MINE.action, MINE.time]);
  assert.deepEqual(seen, { size: "600", root: toHex(await rootOf(entries)) });
  const none = await entriesOf(ELSEWHERE, ORIGIN, KEYS, null, await served(entries));
  assert.deepEqual(none.leaves, []);
});

test("an empty log has nothing", async () => assert.deepEqual((await read([])).leaves, []));

test("what is remembered of the log is still its beginning", async () => {
  const { seen } = await read(many(300));
  assert.equal((await read(many(700), seen)).seen.size, "700");
  assert.equal((await read(many(300), seen)).seen.size, "300");
});

test("an entry that was changed, left out or put in is found", async () => {
  const entries = many(20);
  const root = await rootOf(entries);
  await refused(() => read([...entries.slice(0, 7), LEAVES[0], ...entries.slice(8)], null, { root }), "log-consistency");
  await assert.rejects(() => read(entries.slice(0, 19), null, { root, size: 20 }), TypeError);
});

test("a log that forgot or rewrote what this browser saw is found", async () => {
  const { seen } = await read(many(300));
  await refused(() => read(many(299), seen), "log-older");
  await refused(() => read([LEAVES[1], ...many(400)], seen), "log-consistency");
});

test("a checkpoint of another key or another log is none", async () => {
  const strange = load("log/keys").find(({ expect, type }) => expect === "ok" && type === 1)?.text;
  await refused(async () => entriesOf(ELSEWHERE, ORIGIN, [strange], null, await served(many(3))), "note-unsigned");
  await refused(async () => entriesOf(ELSEWHERE, "other.example.net/log", KEYS, null, await served(many(3))), "note-unsigned");
  await refused(async () => entriesOf(ELSEWHERE, ORIGIN, [], null, await served(many(3))), "note-unsigned");
});

test("an entry that does not read is no entry", async () =>
  assert.rejects(() => read([...many(2), new Uint8Array([0xa0])]), InputError));

test("a log that is too long for a phone says so before anything is loaded", async () =>
  assert.rejects(() => read(many(3), null, { size: 65_537 }), LongError));
