// What the clear part of a scanned request says, and a pairing link (spec/requests.md, spec/pairing.md).
// The sealed part is for the desk alone.

import { fromBase32, toBase32 } from "./base32.js";
import { sha256 } from "./bytes.js";
import { decode } from "./cbor.js";
import { readNumber } from "./codes.js";
import { InputError } from "./errors.js";
import { Fields } from "./fields.js";

const REQUEST_LIMIT = 1024;
const PAIRING_LIMIT = 128;
const TEXT_LIMIT = 4096;
const PAIRING_TEXT_LIMIT = 512;
const SEALED_LEAST = 49;
const VALID_LIMIT = 1_209_600n;
const WALL_LIMIT = 1n << 40n;
const AGE_LIMIT = 1n << 40n;
const SERIES_LIMIT = (1n << 32n) - 1n;
const SIZE_LIMIT = (1n << 63n) - 1n;

/** The kinds of requests, by number. */
export const KINDS = /** @type {const} */ (["", "mail", "support", "technician", "enrol", "notice"]);

/**
 * @typedef {object} Request
 * @property {typeof KINDS[number]} kind
 * @property {Uint8Array} desk
 * @property {Uint8Array} key
 * @property {string} serial
 * @property {string} model
 * @property {string} firmware
 * @property {string} number
 * @property {Uint8Array} tls
 * @property {number} valid
 * @property {number | null} made
 * @property {bigint} seen
 * @property {Uint8Array} encoded
 * @property {Uint8Array} hash
 */

/** @param {number} bytes */
const charactersOf = (bytes) => Math.floor((bytes * 8 + 4) / 5);

/**
 * What follows the last `/`, without white space, in upper case.
 * @param {string} text
 */
export function lastPart(text) {
  const last = text.replace(/\s/gu, "").split("/").at(-1) ?? "";
  return /^[\x00-\x7f]*$/.test(last) ? last.toUpperCase() : last;
}

/**
 * The request in a link, or in its last part alone.
 * @param {string} text
 */
export async function readLink(text) {
  if ([...text].length > TEXT_LIMIT) throw new InputError("oversize");
  const last = lastPart(text);
  if (!last) throw new InputError("empty");
  if (last.length > charactersOf(REQUEST_LIMIT)) throw new InputError("oversize");
  return readRequest(fromBase32(last));
}

/**
 * The last part of a request's link: what the desk's own page takes.
 * @param {Request} request
 */
export function linkPart(request) {
  return toBase32(request.encoded);
}

/**
 * @param {Uint8Array} data
 * @returns {Promise<Request>}
 */
export async function readRequest(data) {
  if (data.length > REQUEST_LIMIT) throw new InputError("oversize");
  const parts = decode(data);
  if (!Array.isArray(parts) || parts.length !== 2) throw new InputError("field");
  const [clear, sealed] = parts;
  if (!(clear instanceof Uint8Array) || !(sealed instanceof Uint8Array) || sealed.length < SEALED_LEAST) throw new InputError("field");
  const fields = Fields.of(clear);
  fields.number(1n, 1n, 1n);
  fields.number(2n, 1n, 1n);
  const kind = KINDS[Number(fields.number(3n, 1n, 5n))];
  const options = fields.inner(11n);
  const request = {
    kind,
    desk: fields.data(4n, 8),
    key: fields.data(5n, 8),
    serial: fields.label(6n, 48, "bad-serial"),
    model: fields.label(7n, 24, "bad-model"),
    firmware: fields.label(8n, 24, "bad-firmware"),
    number: readNumber(fields.text(9n, 8)),
    tls: fields.data(10n, 32),
    valid: Number(options.number(1n, 1n, VALID_LIMIT)),
    made: options.has(2n) ? Number(options.number(2n, 0n, WALL_LIMIT)) : null,
    seen: options.has(3n) ? options.number(3n, 1n, SIZE_LIMIT) : 0n,
    encoded: data,
  };
  options.end();
  fields.end();
  return { ...request, hash: await sha256(data) };
}

/** @param {string} text */
export function isPairing(text) {
  const bare = text.replace(/\s/gu, "").toUpperCase();
  return [...text].length <= PAIRING_TEXT_LIMIT && bare.slice(0, Math.max(bare.lastIndexOf("/"), 0)).endsWith("/P");
}

/**
 * The pairing in a link, or in its last part alone.
 * @param {string} text
 */
export function readPairing(text) {
  if ([...text].length > PAIRING_TEXT_LIMIT) throw new InputError("oversize");
  const last = lastPart(text);
  if (!last || last.length > charactersOf(PAIRING_LIMIT)) throw new InputError("field");
  const fields = Fields.of(fromBase32(last));
  fields.number(1n, 1n, 1n);
  const pairing = {
    desk: fields.data(2n, 8),
    device: fields.data(3n, 8),
    token: fields.data(4n, 16),
    serial: fields.label(5n, 48, "bad-serial"),
    series: fields.number(6n, 1n, SERIES_LIMIT),
    age: fields.number(7n, 0n, AGE_LIMIT),
    proof: fields.data(8n, 16),
  };
  fields.end();
  return pairing;
}
