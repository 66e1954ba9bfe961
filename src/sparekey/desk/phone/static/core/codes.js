// What people type, in its one normal form (spec/codes.md). Nothing computed from a code leaves the page.

import { checkCharacter } from "../../web/check.js";
import { characters, isBase32, numberOf } from "./base32.js";
import { InputError } from "./errors.js";

const TYPED_LIMIT = 64;
const FILLERS = /[ \t\r\n\u00a0\u2010-\u2014\u2212-]/gu;
/** @type {Record<string, string>} */
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };
const CODE_BITS = 35n;

// Damm's table: the row of the number at hand, the column of the digit (spec/codes.md section 6).
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

/** @param {string} typed */
function folded(typed) {
  if ([...typed].length > TYPED_LIMIT) throw new InputError("code-length");
  const bare = typed.replace(FILLERS, "");
  if (/[^\x00-\x7f]/.test(bare)) throw new InputError("code-character");
  const text = bare.toUpperCase().replace(/[OIL]/g, (letter) => LOOK_ALIKES[letter]);
  if (!isBase32(text)) throw new InputError("code-character");
  return text;
}

/** @param {string} digits */
function checkDigit(digits) {
  return [...digits].reduce((row, digit) => DAMM[Number(row)][Number(digit)], "0");
}

/**
 * The code for 35 bits.
 * @param {bigint} bits
 */
export function codeOf(bits) {
  const body = characters(bits, 7);
  return body + checkCharacter(body);
}

/**
 * What a person typed, in either spelling, as eight characters.
 * @param {string} typed
 */
export function readCode(typed) {
  const text = folded(typed);
  if (text.length === 12 && /^[0-9]+$/.test(text)) {
    const bits = BigInt(text.slice(0, -1));
    if (checkDigit(text.slice(0, -1)) !== text[11] || bits >> CODE_BITS) throw new InputError("code-check");
    return codeOf(bits);
  }
  if (text.length !== 8) throw new InputError("code-length");
  if (checkCharacter(text.slice(0, -1)) !== text[7]) throw new InputError("code-check");
  return text;
}

/**
 * What a recovery sheet says, as fourteen characters.
 * @param {string} typed
 */
export function readSaved(typed) {
  const text = folded(typed);
  if (text.length !== 14) throw new InputError("code-length");
  if (checkCharacter(text.slice(0, -1)) !== text[13]) throw new InputError("code-check");
  return text;
}

/** @param {string} text */
export function readNumber(text) {
  if (text.length !== 8 || !isBase32(text)) throw new InputError("bad-number");
  return text;
}

/**
 * The 35 bits that a code stands for.
 * @param {string} code
 */
export function bitsOf(code) {
  return numberOf(code.slice(0, -1));
}

/**
 * As people see it: `ABCD-EFGH`.
 * @param {string} code
 */
export function shown(code) {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/**
 * The same code in twelve digits.
 * @param {string} code
 */
export function shownDigits(code) {
  const body = bitsOf(code).toString().padStart(11, "0");
  const text = body + checkDigit(body);
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
