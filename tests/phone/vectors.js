// Reads vectors/*.txt (vectors/README.md), and says what a reader did with each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = process.env.VECTORS ?? "vectors";
const BARE = ["name", "expect", "slug"];
const NAMES = { malformed: "InputError", untrusted: "UntrustedError" };

/** @typedef {Record<string, any>} Vector */

/**
 * @param {string} topic
 * @returns {Vector[]}
 */
export function load(topic) {
  const blocks = readFileSync(`${ROOT}/${topic}.txt`, "utf8").split("\n\n");
  return blocks.flatMap((block) => {
    const lines = block.split("\n").filter((line) => line && !line.startsWith("#"));
    if (!lines.length) return [];
    const pairs = lines.map((line) => {
      const [key, value] = [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)];
      return [key, BARE.includes(key) ? value : JSON.parse(value, exact)];
    });
    return [Object.fromEntries(pairs)];
  });
}

/**
 * A number beyond 2^53 stays what it is.
 * @param {string} _key
 * @param {any} value
 * @param {{source?: string}} [context]
 */
function exact(_key, value, context) {
  return typeof value === "number" && !Number.isSafeInteger(value) && context?.source ? BigInt(context.source) : value;
}

/**
 * @param {string} topic
 * @param {(vector: Vector) => unknown} check
 * @param {(vector: Vector) => boolean} [concerns] which of them a phone can judge
 */
export function verify(topic, check, concerns = () => true) {
  for (const vector of load(topic).filter(concerns)) {
    test(`${topic}: ${vector.name}`, async () => {
      if (vector.expect === "ok") {
        await check(vector);
        return;
      }
      /** @type {any} */
      const caught = await Promise.resolve().then(() => check(vector)).then(() => null, (error) => error);
      assert.equal(caught?.name, NAMES[/** @type {keyof typeof NAMES} */ (vector.expect)], String(caught));
      assert.equal(caught.slug, vector.slug);
    });
  }
}
