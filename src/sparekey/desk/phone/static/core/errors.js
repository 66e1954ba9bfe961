// What a reader says of bytes and text that come from outside. The slugs are those of the protocol.

/** It does not parse. */
export class InputError extends Error {
  /** @param {string} slug stable, for the page that has the words for it */
  constructor(slug) {
    super(slug);
    this.name = "InputError";
    this.slug = slug;
  }
}

/** It parses, and a proof failed. */
export class UntrustedError extends Error {
  /** @param {string} slug stable, for the page that has the words for it */
  constructor(slug) {
    super(slug);
    this.name = "UntrustedError";
    this.slug = slug;
  }
}
