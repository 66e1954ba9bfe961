// Proofs of the recovery log hold, or fail, as the vectors say.

import assert from "node:assert/strict";

import { fromHex, toHex, utf8 } from "../../.cache/phone/phone/core/bytes.js";
import { InputError } from "../../.cache/phone/phone/core/errors.js";
import { checkWitnesses, openCheckpoint, readCheckpoint, readCosignature, witnessPolicy } from "../../.cache/phone/phone/core/tlog/checkpoint.js";
import { ENTRY_KINDS, isAbout, readLeaf } from "../../.cache/phone/phone/core/tlog/leaf.js";
import { checkNote, readNote, readVerifierKey } from "../../.cache/phone/phone/core/tlog/note.js";
import { checkProof, readProof } from "../../.cache/phone/phone/core/tlog/proof.js";
import { bundlePath, readBundle, tilePath } from "../../.cache/phone/phone/core/tlog/tiles.js";
import { checkExtension, checkInclusion, rootOf } from "../../.cache/phone/phone/core/tlog/tree.js";
import { verify } from "./vectors.js";

/** @param {string[]} texts */
const keys = (texts) => Promise.all(texts.map(readVerifierKey));

/**
 * @param {string} origin
 * @param {string} key
 */
const logKey = async (origin, key) => ({ name: origin, type: 1, public: fromHex(key), id: await idOf(origin, key) });

/**
 * @param {string} origin
 * @param {string} key
 */
async function idOf(origin, key) {
  const typed = new Uint8Array([...utf8(`${origin}\n`), 1, ...fromHex(key)]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", typed)).slice(0, 4);
}

verify("log/roots", async (vector) => assert.equal(toHex(await rootOf(vector.entries.map(fromHex))), vector.root));

verify("log/inclusion", (vector) =>
  checkInclusion(fromHex(vector.leaf), BigInt(vector.index), BigInt(vector.size), vector.path.map(fromHex), fromHex(vector.root)));

verify("log/consistency", (vector) =>
  checkExtension(BigInt(vector.old), fromHex(vector["old-root"]), BigInt(vector.new), fromHex(vector["new-root"]), vector.path.map(fromHex)));

verify(
  "log/tiles",
  (vector) => {
    const index = /** @param {any} value */ (value) => BigInt(value);
    if ("data" in vector) {
      const width = Number(/\.p\/(\d+)$/.exec(vector.path)?.[1] ?? 256);
      assert.deepEqual(readBundle(fromHex(vector.data), width).map(toHex), vector.entries);
    } else if (vector.level === "entries") {
      assert.equal(bundlePath(index(vector.index), vector.width), vector.path);
    } else {
      assert.equal(tilePath(vector.level, index(vector.index), vector.width), vector.path);
    }
  },
  (vector) => "data" in vector || ("path" in vector && vector.expect === "ok"),
);

verify("log/keys", async (vector) => {
  const key = await readVerifierKey(vector.text);
  assert.deepEqual([key.name, key.type, toHex(key.id)], [vector["key-name"], vector.type, vector.id]);
});

verify("log/notes", async (vector) => {
  const trusted = await keys(vector.keys);
  const signers = await checkNote(readNote(utf8(vector.note)), trusted);
  assert.deepEqual(signers.map((key) => key.name), vector.signers);
});

verify("log/checkpoints", async (vector) => {
  const found = await readCheckpoint(vector.text);
  assert.deepEqual([found.origin, found.size, toHex(found.root)], [vector.origin, BigInt(vector.size), vector.root]);
});

verify("log/cosignatures", async (vector) => {
  if (!("note" in vector)) {
    witnessPolicy(await keys(vector.witnesses), vector.needed);
    return;
  }
  const note = readNote(utf8(vector.note));
  if ("time" in vector) {
    const line = note.signatures.find((one) => one.name === vector["witness-name"]);
    assert.equal(readCosignature(line?.body ?? new Uint8Array()).time, BigInt(vector.time));
    return;
  }
  const seen = await checkWitnesses(note, witnessPolicy(await keys(vector.witnesses), vector.needed));
  assert.deepEqual(seen, vector.seen.map((/** @type {[string, number]} */ [name, time]) => [name, BigInt(time)]));
});

verify("log/leaves", (vector) => {
  const leaf = readLeaf(fromHex(vector.leaf));
  assert.deepEqual(
    [ENTRY_KINDS.indexOf(leaf.kind), leaf.time, leaf.policy, leaf.approvers.map(toHex)],
    [vector.kind, vector.time, BigInt(vector.policy), vector.approvers],
  );
  if (leaf.kind === "issued") {
    assert.deepEqual([leaf.method, leaf.action, toHex(leaf.request ?? new Uint8Array())], [vector.method, vector.action, vector.request]);
    assert.ok(isAbout(leaf, fromHex(vector["log-id"])));
  } else {
    assert.deepEqual([toHex(leaf.subject ?? new Uint8Array()), leaf.role], [vector.subject, vector.role]);
  }
});

verify("log/proofs", async (vector) => {
  const logKeys = await Promise.all(vector["log-keys"].map((/** @type {string} */ key) => logKey(vector.origin, key)));
  const known = "known" in vector ? await openCheckpoint(readNote(utf8(vector.known)), vector.origin, logKeys) : null;
  const leaf = fromHex(vector.leaf);
  if (readLeaf(leaf).kind !== "issued") throw new InputError("leaf");
  const policy = witnessPolicy(await keys(vector.witnesses), vector.needed);
  const found = await checkProof(leaf, readProof(fromHex(vector.proof)), vector.origin, logKeys, policy, known);
  assert.deepEqual([found.size, toHex(found.root)], [BigInt(vector.size), vector.root]);
});
