// What a desk answers to an enrolment, as a phone carries it back to the device (spec/enrolment.md section 3).
// Whether it is genuine the device alone can tell.

import { fromBase32 } from "./base32.js";
import { decode } from "./cbor.js";
import { InputError } from "./errors.js";
import { Fields } from "./fields.js";
import { lastPart } from "./request.js";

const TRUST_LIMIT = 8_192;
const REPLY_LIMIT = TRUST_LIMIT + 256;
const EPOCH_LIMIT = (1n << 32n) - 1n;

/** @param {string} text */
export function isReplyLink(text) {
  const bare = text.replace(/\s/gu, "").toUpperCase();
  return [...text].length <= 2 * REPLY_LIMIT && bare.slice(0, Math.max(bare.lastIndexOf("/"), 0)).endsWith("/E");
}

/**
 * The reply in a link, or in its last part alone.
 * @param {string} text
 */
export function readReplyLink(text) {
  const last = lastPart(text);
  if (!last) throw new InputError("empty");
  return readReply(fromBase32(last));
}

/** @param {Uint8Array} data */
export function readReply(data) {
  if (data.length > REPLY_LIMIT) throw new InputError("oversize");
  const parts = decode(data);
  if (!Array.isArray(parts) || parts.length !== 2) throw new InputError("field");
  const [payload, mac] = parts;
  if (!(payload instanceof Uint8Array) || !(mac instanceof Uint8Array) || mac.length !== 32) throw new InputError("field");
  const fields = Fields.of(payload);
  fields.number(1n, 1n, 1n);
  const reply = {
    request: fields.data(2n, 32),
    ticket: fields.data(3n, 16),
    trust: fields.data(4n, 1, TRUST_LIMIT),
    epoch: fields.number(5n, 1n, EPOCH_LIMIT),
  };
  fields.end();
  return reply;
}
