// What a scanned text is for: a page of this desk, of another one, an answer to carry, or nothing of ours.

import assert from "node:assert/strict";
import { test } from "node:test";

import { recognise } from "../../.cache/phone/phone/scanned.js";
import { load } from "./vectors.js";

const PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/";
const REQUEST = load("links").find(({ expect, read }) => expect === "ok" && read === "link")?.text ?? "";
const PART = REQUEST.replace(/\s/g, "").replace(/.*\//, "").toUpperCase();
const PAIRING = load("texts").find(({ holds, expect }) => holds === "pairing" && expect === "ok")?.text ?? "";
const REPLY = load("texts").find(({ name }) => name === "an enrolment reply as a link")?.text ?? "";

/** @param {string} text */
const is = async (text) => (await recognise(text, PREFIX)).is;

test("a request leads to its page, however it is written", async () => {
  for (const text of [PREFIX + PART, (PREFIX + PART).toLowerCase(), ` ${PREFIX}\n${PART.slice(0, 40)}\n${PART.slice(40)} `, PART]) {
    const found = await recognise(text, PREFIX);
    assert.equal(found.is, "request", text);
    assert.equal(found.is === "request" && found.part, PART);
  }
});

test("another desk's square leads there, and nowhere else", async () => {
  const found = await recognise(`https://other.example.net/r/${PART}`, PREFIX);
  assert.deepEqual(found, { is: "elsewhere", host: "other.example.net", address: `https://other.example.net/R/${PART}` });
  assert.equal(await is(`https://desk.example.com.other.example.net/R/${PART}`), "elsewhere");
  assert.equal(await is(`https://desk.example.com@other.example.net/R/${PART}`), "foreign");
  assert.equal(await is(`javascript:alert(1)//desk.example.com/R/${PART}`), "foreign");
});

test("a pairing leads to its page", async () => {
  const found = await recognise(PAIRING, PREFIX);
  assert.ok(found.is === "pairing" && PAIRING.endsWith(found.part));
  assert.equal(await is(PAIRING.replace("DESK.EXAMPLE.COM", "OTHER.EXAMPLE.NET")), "elsewhere");
});

test("an answer is carried as it came, whichever desk gave it", async () => {
  assert.deepEqual(await recognise(REPLY.toLowerCase(), PREFIX), { is: "reply", text: REPLY.toUpperCase() });
  assert.equal(await is(REPLY.replace("DESK.EXAMPLE.COM", "OTHER.EXAMPLE.NET")), "reply");
  assert.equal(await is(REPLY.slice(0, -9)), "damaged");
});

test("a piece of ours is damaged, everything else is foreign", async () => {
  for (const text of [PREFIX + PART.slice(0, 60), PAIRING.slice(0, -4), `${PREFIX}!`]) assert.equal(await is(text), "damaged", text);
  for (const text of ["WIFI:S:GUESTS;;", "https://example.org/menu", "", "HELLO", "https://example.org/x/ABC"]) {
    assert.equal(await is(text), "foreign", text);
  }
});
