// Where the browser has a detector of its own, ours is not loaded.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { openDecoder } from "../../.cache/phone/phone/decoder.js";

const NOWHERE = "./there-is-no-decoder.js";
const PICTURE = /** @type {ImageData} */ (/** @type {unknown} */ ({}));
const world = /** @type {any} */ (globalThis);

/**
 * @param {string[]} formats
 * @param {() => Promise<{rawValue: string}[]>} detect
 */
function detector(formats, detect) {
  world.BarcodeDetector = class {
    static getSupportedFormats = async () => formats;
    detect = detect;
  };
}

afterEach(() => delete world.BarcodeDetector);

test("the browser's own detector reads", async () => {
  detector(["qr_code", "ean_13"], async () => [{ rawValue: "HELLO" }]);
  assert.equal(await (await openDecoder(NOWHERE))(PICTURE), "HELLO");
});

test("it may see nothing, or fail for a moment", async () => {
  detector(["qr_code"], async () => []);
  assert.equal(await (await openDecoder(NOWHERE))(PICTURE), null);
  detector(["qr_code"], () => Promise.reject(new Error("not now")));
  assert.equal(await (await openDecoder(NOWHERE))(PICTURE), null);
});

test("one that reads no QR codes, or none, is not asked", async () => {
  await assert.rejects(openDecoder(NOWHERE));
  detector(["ean_13"], async () => [{ rawValue: "HELLO" }]);
  await assert.rejects(openDecoder(NOWHERE));
});
