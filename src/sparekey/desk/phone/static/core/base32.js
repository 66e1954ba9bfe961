// Crockford's base 32, for codes and for messages as text (spec/codes.md section 1, spec/requests.md section 5).

import { ALPHABET } from "../../web/check.js";
import { InputError } from "./errors.js";

/** @param {string} text */
export function isBase32(text) {
  return [...text].every((character) => ALPHABET.includes(character));
}

/**
 * The number that characters of the alphabet stand for.
 * @param {string} text
 */
export function numberOf(text) {
  return [...text].reduce((sum, character) => sum * 32n + BigInt(ALPHABET.indexOf(character)), 0n);
}

/**
 * A number as `count` characters, the highest five bits first.
 * @param {bigint} number
 * @param {number} count
 */
export function characters(number, count) {
  return Array.from({ length: count }, (_, at) => ALPHABET[Number((number >> BigInt(5 * (count - 1 - at))) & 31n)]).join("");
}

/** @param {Uint8Array} data */
export function toBase32(data) {
  let [held, bits, text] = [0, 0, ""];
  for (const byte of data) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return bits ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/**
 * Strict: upper case, no look-alikes, unused bits zero.
 * @param {string} text
 */
export function fromBase32(text) {
  if ((text.length * 5) % 8 >= 5 || !isBase32(text)) throw new InputError("base32");
  const data = new Uint8Array(Math.floor((text.length * 5) / 8));
  let [held, bits, at] = [0, 0, 0];
  for (const character of text) {
    held = ((held << 5) | ALPHABET.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    data[at++] = (held >> bits) & 255;
  }
  if (held & ((1 << bits) - 1)) throw new InputError("base32");
  return data;
}
