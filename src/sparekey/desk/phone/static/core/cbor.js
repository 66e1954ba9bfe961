// Deterministic CBOR, the strict subset of spec/requests.md section 2. Integers are bigint, maps are Map.

import { fromUtf8 } from "./bytes.js";
import { InputError } from "./errors.js";

/** @typedef {bigint | Uint8Array | string | boolean | null | unknown[] | Map<bigint | string, unknown>} Value */

const DEPTH_LIMIT = 16;
/** @type {Map<number, boolean | null>} */
const SIMPLE = new Map([[20, false], [21, true], [22, null]]);
/** @type {Map<number, [number, bigint]>} */
const WIDTHS = new Map([[24, [1, 24n]], [25, [2, 1n << 8n]], [26, [4, 1n << 16n]], [27, [8, 1n << 32n]]]);

class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  /**
   * @param {number} depth
   * @returns {Value}
   */
  value(depth) {
    if (depth === 0) throw new InputError("cbor-depth");
    const first = this.take(1n)[0];
    const [major, low] = [first >> 5, first & 31];
    if (major === 7) {
      const simple = SIMPLE.get(low);
      if (simple === undefined) throw new InputError("cbor-type");
      return simple;
    }
    const number = this.number(low);
    switch (major) {
      case 0: return number;
      case 1: return -1n - number;
      case 2: return this.take(number).slice();
      case 3: return this.text(number);
      case 4: return this.list(number, depth - 1);
      case 5: return this.map(number, depth - 1);
      default: throw new InputError("cbor-type");
    }
  }

  /** @param {number} low */
  number(low) {
    if (low < 24) return BigInt(low);
    const form = WIDTHS.get(low);
    if (form === undefined) throw new InputError("cbor-form");
    const number = this.take(BigInt(form[0])).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (number < form[1]) throw new InputError("cbor-form");
    return number;
  }

  /** @param {bigint} count */
  take(count) {
    this.room(count);
    this.at += Number(count);
    return this.data.subarray(this.at - Number(count), this.at);
  }

  /** @param {bigint} count */
  room(count) {
    if (count > BigInt(this.data.length - this.at)) throw new InputError("cbor-short");
  }

  /** @param {bigint} count */
  text(count) {
    const text = fromUtf8(this.take(count));
    if (text === null) throw new InputError("cbor-text");
    return text;
  }

  /**
   * @param {bigint} count
   * @param {number} depth
   */
  list(count, depth) {
    this.room(count);
    return Array.from({ length: Number(count) }, () => this.value(depth));
  }

  /**
   * @param {bigint} count
   * @param {number} depth
   */
  map(count, depth) {
    this.room(count);
    /** @type {Map<bigint | string, unknown>} */
    const found = new Map();
    let last = new Uint8Array();
    for (let left = count; left > 0n; left -= 1n) {
      const start = this.at;
      const key = this.value(depth);
      if (typeof key !== "bigint" && typeof key !== "string") throw new InputError("cbor-key");
      const raw = this.data.slice(start, this.at);
      if (!precedes(last, raw)) throw new InputError("cbor-order");
      last = raw;
      found.set(key, this.value(depth));
    }
    if (new Set([...found.keys()].map((key) => typeof key)).size > 1) throw new InputError("cbor-key");
    return found;
  }
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
function precedes(left, right) {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at] < right[at];
  }
  return left.length < right.length;
}

/**
 * Exactly one value. Throws InputError for anything that could have been written otherwise.
 * @param {Uint8Array} data
 */
export function decode(data) {
  const reader = new Reader(data);
  const value = reader.value(DEPTH_LIMIT);
  if (reader.at !== data.length) throw new InputError("cbor-trailing");
  return value;
}
