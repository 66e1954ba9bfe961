// Signed notes: a text and the signatures under it (C2SP signed-note; spec/log.md section 6).

import { fromBase64, fromUtf8, joined, same, sha256, toHex, utf8 } from "../bytes.js";
import { InputError, UntrustedError } from "../errors.js";

const NOTE_LIMIT = 128 * 1024;
const SIGNATURES_LIMIT = 32;
const NAME_LIMIT = 255;
const ID_LENGTH = 4;
const UNFIT = /[\x00-\x09\x0b-\x1f]/;
const SPACE = /[\s\x1c-\x1f\x85]/u;
const VERIFIER = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
const DASH = "\u2014 ";

/** What a key signs: the note's text, or its text at a time, as a witness. */
export const ED25519 = 1;
export const COSIGNATURE = 4;

/** @typedef {{name: string, type: number, public: Uint8Array, id: Uint8Array}} VerifierKey */
/** @typedef {{name: string, key: Uint8Array, body: Uint8Array}} Signature */
/** @typedef {{text: string, signatures: Signature[]}} Note */

/**
 * Read `name+id+key`.
 * @param {string} text
 * @returns {Promise<VerifierKey>}
 */
export async function readVerifierKey(text) {
  const found = VERIFIER.exec(text);
  const typed = found && fromBase64(found[3]);
  if (!found || !typed || ![ED25519, COSIGNATURE].includes(typed[0]) || typed.length !== 33 || !goodName(found[1])) {
    throw new InputError("note-key");
  }
  const id = (await sha256(joined(utf8(`${found[1]}\n`), typed))).slice(0, ID_LENGTH);
  if (toHex(id) !== found[2]) throw new InputError("note-key");
  return { name: found[1], type: typed[0], public: typed.slice(1), id };
}

/**
 * Take a note apart; no signature is checked.
 * @param {Uint8Array} data
 * @returns {Note}
 */
export function readNote(data) {
  const whole = data.length > NOTE_LIMIT ? null : fromUtf8(data);
  const gap = whole === null ? -1 : whole.lastIndexOf("\n\n");
  if (whole === null || gap < 0 || !whole.endsWith("\n") || gap + 2 >= whole.length) throw new InputError("note");
  const text = whole.slice(0, gap + 1);
  const lines = whole.slice(gap + 2, -1).split("\n");
  if (UNFIT.test(text) || lines.length > SIGNATURES_LIMIT) throw new InputError("note");
  return { text, signatures: lines.map(readLine) };
}

/**
 * The keys that signed, one at least. Signatures of other keys are passed over.
 * @param {Note} note
 * @param {VerifierKey[]} keys
 */
export async function checkNote(note, keys) {
  const signers = [];
  for (const key of keys) {
    const bodies = bodiesOf(note, key);
    for (const body of bodies) await checkSignature(key.public, utf8(note.text), body);
    if (bodies.length) signers.push(key);
  }
  if (!signers.length) throw new UntrustedError("note-unsigned");
  return signers;
}

/**
 * What stands under the note in the name of this key; not checked.
 * @param {Note} note
 * @param {VerifierKey} key
 */
export function bodiesOf(note, key) {
  return note.signatures.filter((one) => one.name === key.name && same(one.key, key.id)).map((one) => one.body);
}

/**
 * Ed25519 (RFC 8032). Throws UntrustedError (`signature`).
 * @param {Uint8Array} key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 */
export async function checkSignature(key, message, signature) {
  const plain = /** @param {Uint8Array} data */ (data) => /** @type {Uint8Array<ArrayBuffer>} */ (data);
  const imported = await crypto.subtle.importKey("raw", plain(key), "Ed25519", false, ["verify"]).catch(() => null);
  const holds = imported && (await crypto.subtle.verify("Ed25519", imported, plain(signature), plain(message)));
  if (!holds) throw new UntrustedError("signature");
}

/**
 * @param {string} line
 * @returns {Signature}
 */
function readLine(line) {
  const space = line.indexOf(" ", DASH.length);
  const raw = line.startsWith(DASH) && space > 0 ? fromBase64(line.slice(space + 1)) : null;
  const name = line.slice(DASH.length, space);
  if (!raw || raw.length <= ID_LENGTH || !goodName(name)) throw new InputError("note");
  return { name, key: raw.slice(0, ID_LENGTH), body: raw.slice(ID_LENGTH) };
}

/** @param {string} name */
function goodName(name) {
  return name !== "" && !name.includes("+") && !SPACE.test(name) && !UNFIT.test(name) && utf8(name).length <= NAME_LIMIT;
}
