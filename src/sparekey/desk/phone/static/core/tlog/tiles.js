// The log as files that never change (C2SP tlog-tiles; spec/log.md section 5).

import { InputError } from "../errors.js";

export const TILE_WIDTH = 256;

/**
 * Where a bundle of entries is served, below the log's prefix.
 * @param {bigint} index
 * @param {number} width
 */
export function bundlePath(index, width = TILE_WIDTH) {
  return `tile/entries/${place(index, width)}`;
}

/**
 * Where a tile of hashes is served, below the log's prefix.
 * @param {number} level
 * @param {bigint} index
 * @param {number} width
 */
export function tilePath(level, index, width = TILE_WIDTH) {
  return `tile/${level}/${place(index, width)}`;
}

/**
 * The entries of a bundle: exactly as many as there must be.
 * @param {Uint8Array} data
 * @param {number} width
 */
export function readBundle(data, width) {
  const entries = [];
  let at = 0;
  for (let left = width; left > 0; left -= 1) {
    const start = at + 2;
    at = start + ((data[start - 2] ?? 0) << 8) + (data[start - 1] ?? 0);
    if (start > data.length || at > data.length) throw new InputError("bundle");
    entries.push(data.slice(start, at));
  }
  if (at !== data.length) throw new InputError("bundle");
  return entries;
}

/**
 * @param {bigint} index
 * @param {number} width
 */
function place(index, width) {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/.{3}/g) ?? [];
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return [...groups.slice(0, -1).map((group) => `x${group}`), groups.at(-1)].join("/") + partial;
}
