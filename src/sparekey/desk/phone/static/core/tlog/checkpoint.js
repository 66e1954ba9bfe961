// A checkpoint: what a log says it is at one moment, and who witnessed it (spec/log.md sections 7 and 8).

import { fromBase64, joined, same, toHex, utf8 } from "../bytes.js";
import { InputError, UntrustedError } from "../errors.js";
import { bodiesOf, checkNote, checkSignature, COSIGNATURE } from "./note.js";
import { checkExtension, rootOf, SIZE_LIMIT } from "./tree.js";

/** @typedef {import("./note.js").Note} Note */
/** @typedef {import("./note.js").VerifierKey} VerifierKey */
/** @typedef {{origin: string, size: bigint, root: Uint8Array}} Checkpoint */

const ORIGIN_LIMIT = 255;
const WITNESSES_LIMIT = 16;
const TIME_LENGTH = 8;
const SIGNATURE_LENGTH = 64;

/**
 * Read a note's text; nothing is trusted yet.
 * @param {string} text
 * @returns {Promise<Checkpoint>}
 */
export async function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.some((line) => !line || /[\x00-\x1f]/.test(line))) throw new InputError("checkpoint");
  const [origin, size, root] = [lines[0], lines[1], fromBase64(lines[2])];
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(size) || BigInt(size) > SIZE_LIMIT) throw new InputError("checkpoint");
  if (!root || root.length !== 32 || utf8(origin).length > ORIGIN_LIMIT) throw new InputError("checkpoint");
  if (size === "0" && !same(root, await rootOf([]))) throw new InputError("checkpoint");
  return { origin, size: BigInt(size), root };
}

/**
 * The checkpoint of a note that this log signed.
 * @param {Note} note
 * @param {string} origin
 * @param {VerifierKey[]} keys
 */
export async function openCheckpoint(note, origin, keys) {
  await checkNote(note, keys.filter((key) => key.name === origin));
  const checkpoint = await readCheckpoint(note.text);
  if (checkpoint.origin !== origin) throw new UntrustedError("log-origin");
  return checkpoint;
}

/**
 * Whether the log only grew from `old` to `now`.
 * @param {Checkpoint} old
 * @param {Checkpoint} now
 * @param {Uint8Array[]} path
 */
export async function checkConsistency(old, now, path) {
  if (old.origin !== now.origin) throw new UntrustedError("log-origin");
  if (now.size < old.size) throw new UntrustedError("log-older");
  await checkExtension(old.size, old.root, now.size, now.root, path);
}

/**
 * What a witness's line says: its time and its signature.
 * @param {Uint8Array} body
 */
export function readCosignature(body) {
  const time = body.length === TIME_LENGTH + SIGNATURE_LENGTH ? body.slice(0, TIME_LENGTH).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) : 0n;
  if (time < 1n || time > SIZE_LIMIT) throw new UntrustedError("signature");
  return { time, signature: body.slice(TIME_LENGTH) };
}

/**
 * A witness policy that makes sense: each key once, and no more needed than there are.
 * @param {VerifierKey[]} witnesses
 * @param {number} needed
 */
export function witnessPolicy(witnesses, needed) {
  const ids = new Set(witnesses.map((witness) => toHex(witness.public)));
  const fit = witnesses.length <= WITNESSES_LIMIT && witnesses.every((witness) => witness.type === COSIGNATURE);
  if (!fit || ids.size < witnesses.length || needed < 0 || needed > witnesses.length) throw new InputError("witness-policy");
  return { witnesses, needed };
}

/** @typedef {ReturnType<typeof witnessPolicy>} WitnessPolicy */

/**
 * Who of these witnesses cosigned, and when. Throws when fewer than needed did.
 * @param {Note} note
 * @param {WitnessPolicy} policy
 * @returns {Promise<[string, bigint][]>}
 */
export async function checkWitnesses(note, { witnesses, needed }) {
  /** @type {[string, bigint][]} */
  const seen = [];
  for (const witness of witnesses) {
    /** @type {bigint | null} */
    let latest = null;
    for (const body of bodiesOf(note, witness)) {
      const { time, signature } = readCosignature(body);
      await checkSignature(witness.public, joined(utf8(`cosignature/v1\ntime ${time}\n`), utf8(note.text)), signature);
      latest = latest === null || time > latest ? time : latest;
    }
    if (latest !== null) seen.push([witness.name, latest]);
  }
  if (seen.length < needed) throw new UntrustedError("log-witnesses");
  return seen;
}
