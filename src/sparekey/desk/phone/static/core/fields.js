// One map of numbered fields while it is read: type, length, and nothing that is not known (spec/requests.md section 2).

import { utf8 } from "./bytes.js";
import { decode } from "./cbor.js";
import { InputError } from "./errors.js";

const FIRST_IGNORABLE_KEY = 128n;
const PRINTABLE = /^(?:[^\p{C}\p{Z}]| )+$/u;
const LABEL = /^[A-Za-z0-9 ._/-]+$/;

export class Fields {
  /** @param {unknown} value */
  constructor(value) {
    if (!(value instanceof Map) || [...value.keys()].some((key) => typeof key !== "bigint")) throw new InputError("field");
    /** @type {Map<bigint | string, unknown>} */
    this.left = new Map(value);
  }

  /** @param {Uint8Array} data */
  static of(data) {
    return new Fields(decode(data));
  }

  /**
   * A whole number within bounds.
   * @param {bigint} key
   * @param {bigint} least
   * @param {bigint} most
   */
  number(key, least, most) {
    const value = this.#take(key);
    if (typeof value !== "bigint" || value < least || value > most) throw new InputError("field");
    return value;
  }

  /**
   * A byte string.
   * @param {bigint} key
   * @param {number} least
   * @param {number} most
   */
  data(key, least, most = least) {
    const value = this.#take(key);
    if (!(value instanceof Uint8Array) || value.length < least || value.length > most) throw new InputError("field");
    return value;
  }

  /**
   * A text of 1 to `most` bytes, without control characters.
   * @param {bigint} key
   * @param {number} most
   */
  text(key, most) {
    const value = this.#take(key);
    if (typeof value !== "string" || utf8(value).length > most || !PRINTABLE.test(value)) throw new InputError("field");
    return value;
  }

  /**
   * A serial, a model or a firmware name; `slug` when it has other characters.
   * @param {bigint} key
   * @param {number} most
   * @param {string} slug
   */
  label(key, most, slug) {
    const value = this.text(key, most);
    if (!LABEL.test(value)) throw new InputError(slug);
    return value;
  }

  /**
   * An array of 1 to `most` byte strings of this length.
   * @param {bigint} key
   * @param {number} most
   * @param {number} length
   */
  blobs(key, most, length) {
    const value = this.#take(key);
    if (!Array.isArray(value) || value.length < 1 || value.length > most) throw new InputError("field");
    return value.map((item) => {
      if (!(item instanceof Uint8Array)) throw new InputError("field");
      if (item.length !== length) throw new InputError("leaf-approvers");
      return item;
    });
  }

  /** @param {bigint} key */
  inner(key) {
    return new Fields(this.#take(key));
  }

  /** @param {bigint} key */
  has(key) {
    return this.left.has(key);
  }

  /** Every critical field must have been read by now. */
  end() {
    if ([...this.left.keys()].some((key) => /** @type {bigint} */ (key) < FIRST_IGNORABLE_KEY)) throw new InputError("unknown-field");
  }

  /** @param {bigint} key */
  #take(key) {
    const value = this.left.get(key);
    if (value === undefined) throw new InputError("field");
    this.left.delete(key);
    return value;
  }
}
