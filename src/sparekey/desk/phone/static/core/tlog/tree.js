// The Merkle tree over the log's entries, and proofs about it (RFC 9162 section 2.1; spec/log.md sections 3 and 4).

import { joined, same, sha256 } from "../bytes.js";
import { InputError, UntrustedError } from "../errors.js";

const HASH_LENGTH = 32;
const PATH_LIMIT = 64;
export const SIZE_LIMIT = (1n << 63n) - 1n;

/** @param {Uint8Array} entry */
export function leafHash(entry) {
  return sha256(joined(Uint8Array.of(0), entry));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function nodeHash(left, right) {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/**
 * The root over entries.
 * @param {Uint8Array[]} entries
 */
export async function rootOf(entries) {
  if (!entries.length) return sha256(new Uint8Array());
  /** @type {{level: number, hash: Uint8Array}[]} */
  const peaks = [];
  for (const entry of entries) {
    let made = { level: 0, hash: await leafHash(entry) };
    for (let last = peaks.at(-1); last && last.level === made.level; last = peaks.at(-1)) {
      peaks.pop();
      made = { level: made.level + 1, hash: await nodeHash(last.hash, made.hash) };
    }
    peaks.push(made);
  }
  let root = /** @type {{hash: Uint8Array}} */ (peaks.pop()).hash;
  while (peaks.length) root = await nodeHash(/** @type {{hash: Uint8Array}} */ (peaks.pop()).hash, root);
  return root;
}

/**
 * Throws UntrustedError (`log-inclusion`) unless the path leads from this leaf hash to the root.
 * @param {Uint8Array} leaf
 * @param {bigint} index
 * @param {bigint} size
 * @param {Uint8Array[]} path
 * @param {Uint8Array} root
 */
export async function checkInclusion(leaf, index, size, path, root) {
  const fail = () => new UntrustedError("log-inclusion");
  if (index < 0n || index >= size || size > SIZE_LIMIT || !fit(leaf, root, ...path)) throw fail();
  let [place, last, reached] = [index, size - 1n, leaf];
  for (const step of path) {
    if (last === 0n) throw fail();
    if (place & 1n || place === last) {
      reached = await nodeHash(step, reached);
      [place, last] = upToRightChild(place, last);
    } else {
      reached = await nodeHash(reached, step);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  if (last !== 0n || !same(reached, root)) throw fail();
}

/**
 * Throws UntrustedError (`log-consistency`) unless the new tree begins with the old one.
 * @param {bigint} old
 * @param {Uint8Array} oldRoot
 * @param {bigint} now
 * @param {Uint8Array} newRoot
 * @param {Uint8Array[]} path
 */
export async function checkExtension(old, oldRoot, now, newRoot, path) {
  const fail = () => new UntrustedError("log-consistency");
  if (old < 0n || old > now || now > SIZE_LIMIT || !fit(oldRoot, newRoot, ...path)) throw fail();
  if (old === 0n || old === now) {
    const empty = old !== 0n || same(oldRoot, await rootOf([]));
    if (path.length || !empty || (old === now && !same(oldRoot, newRoot))) throw fail();
    return;
  }
  const [first, ...steps] = old & (old - 1n) ? path : [oldRoot, ...path];
  if (!first) throw fail();
  let [place, last] = [old - 1n, now - 1n];
  while (place & 1n) [place, last] = [place >> 1n, last >> 1n];
  let [oldReached, newReached] = [first, first];
  for (const step of steps) {
    if (last === 0n) throw fail();
    if (place & 1n || place === last) {
      [oldReached, newReached] = [await nodeHash(step, oldReached), await nodeHash(step, newReached)];
      [place, last] = upToRightChild(place, last);
    } else {
      newReached = await nodeHash(newReached, step);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  if (last !== 0n || !same(oldReached, oldRoot) || !same(newReached, newRoot)) throw fail();
}

/**
 * The hashes that stand one after the other.
 * @param {Uint8Array} data
 */
export function hashes(data) {
  if (data.length % HASH_LENGTH || data.length > PATH_LIMIT * HASH_LENGTH) throw new InputError("field");
  return Array.from({ length: data.length / HASH_LENGTH }, (_, at) => data.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH));
}

/**
 * Climb while the node has no sibling to its right: it stands alone at the tree's edge.
 * @param {bigint} place
 * @param {bigint} last
 * @returns {[bigint, bigint]}
 */
function upToRightChild(place, last) {
  while (place && !(place & 1n)) [place, last] = [place >> 1n, last >> 1n];
  return [place, last];
}

/** @param {Uint8Array[]} parts */
function fit(...parts) {
  return parts.length <= PATH_LIMIT + 2 && parts.every((part) => part.length === HASH_LENGTH);
}
