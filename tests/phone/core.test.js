// What the phone reads agrees with the vectors byte for byte.

import assert from "node:assert/strict";

import { fromBase32, toBase32 } from "../../.cache/phone/phone/core/base32.js";
import { fromHex, toHex } from "../../.cache/phone/phone/core/bytes.js";
import { decode } from "../../.cache/phone/phone/core/cbor.js";
import { bitsOf, codeOf, readCode, readNumber, readSaved, shownDigits } from "../../.cache/phone/phone/core/codes.js";
import { isReplyLink, readReply, readReplyLink } from "../../.cache/phone/phone/core/reply.js";
import { isPairing, linkPart, readLink, readPairing, readRequest } from "../../.cache/phone/phone/core/request.js";
import { verify } from "./vectors.js";

/**
 * @param {unknown} value
 * @returns {string}
 */
function diagnostic(value) {
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`;
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(diagnostic).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${diagnostic(key)}: ${diagnostic(item)}`).join(", ")}}`;
  return String(value);
}

verify("cbor", (vector) => assert.equal(diagnostic(decode(fromHex(vector.bytes))), vector.means));

verify("codes", (vector) => {
  if (vector.read === "base32") {
    assert.equal(toHex(fromBase32(vector.text)), vector.bytes);
    assert.equal(toBase32(fromHex(vector.bytes)), vector.text);
    return;
  }
  if (vector.read !== "typed") {
    assert.equal(vector.read === "saved" ? readSaved(vector.text) : readNumber(vector.text), vector.code);
    return;
  }
  const code = readCode(vector.text);
  assert.equal(code, vector.code);
  assert.equal(bitsOf(code), BigInt(vector.bits));
  assert.equal(codeOf(BigInt(vector.bits)), code);
  assert.equal(shownDigits(code), vector.digits);
});

verify(
  "links",
  async (vector) => assert.equal(toHex((await readLink(vector.text)).hash), vector.hash),
  (vector) => vector.read === "link",
);

// What is sealed is the desk's business: a phone reads the outside of all that parse.
verify(
  "requests",
  async (vector) => {
    const request = await readRequest(fromHex(vector.request));
    if ("hash" in vector) assert.equal(toHex(request.hash), vector.hash);
    assert.equal(toHex(request.encoded), vector.request);
    for (const name of /** @type {const} */ (["kind", "serial", "model", "firmware", "number", "valid", "made"])) {
      if (name in vector) assert.equal(request[name], vector[name]);
    }
    for (const name of /** @type {const} */ (["desk", "key", "tls"])) {
      if (name in vector) assert.equal(toHex(request[name]), vector[name]);
    }
    if ("seen" in vector) assert.equal(request.seen, BigInt(vector.seen));
    if ("link" in vector) assert.ok(vector.link.endsWith(`/${linkPart(request)}`));
  },
  (vector) => vector.expect === "ok" || vector.expect === "malformed",
);

// Whether a reply is genuine only the device can tell: a phone carries all that parse.
verify(
  "replies",
  (vector) => {
    const reply = readReply(fromHex(vector.reply));
    assert.deepEqual([toHex(reply.ticket), toHex(reply.trust), reply.epoch], [vector.ticket, vector.trust, BigInt(vector.epoch)]);
    const link = `https://desk.example.com/e/${toBase32(fromHex(vector.reply))}`;
    assert.ok(isReplyLink(link));
    assert.deepEqual(readReplyLink(link.toLowerCase()), reply);
  },
  (vector) => vector.expect === "ok" || vector.expect === "malformed",
);

verify(
  "texts",
  async (vector) => {
    assert.equal(isReplyLink(vector.text), vector.holds === "reply");
    if (vector.holds === "reply") {
      assert.equal(toHex(fromBase32(vector.text.replace(/\s|.*\//gs, "").toUpperCase())), vector.bytes);
      assert.ok(readReplyLink(vector.text).ticket);
      return;
    }
    const pairing = isPairing(vector.text);
    assert.equal(pairing, vector.holds === "pairing");
    if (pairing) assert.ok(readPairing(vector.text).serial);
    else assert.equal(toHex((await readLink(vector.text)).encoded), vector.bytes);
  },
  (vector) => vector.expect === "ok" && ["pairing", "reply", "request"].includes(vector.holds) && !/^[\s\ufeff]*<|-----BEGIN /.test(vector.text),
);
