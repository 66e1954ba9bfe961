// The proof that something stands in the log (spec/log.md section 9).

import { UntrustedError, InputError } from "../errors.js";
import { Fields } from "../fields.js";
import { checkConsistency, checkWitnesses, openCheckpoint } from "./checkpoint.js";
import { readNote } from "./note.js";
import { checkInclusion, hashes, leafHash, SIZE_LIMIT } from "./tree.js";

/** @typedef {import("./checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {import("./note.js").VerifierKey} VerifierKey */

const PROOF_LIMIT = 16 * 1024;
const NOTE_LIMIT = 8 * 1024;
const PATH_BYTES = 64 * 32;

/**
 * Read a proof; nothing is trusted yet.
 * @param {Uint8Array} data
 */
export function readProof(data) {
  if (data.length > PROOF_LIMIT) throw new InputError("oversize");
  const fields = Fields.of(data);
  fields.number(1n, 1n, 1n);
  const growth = fields.has(5n)
    ? { since: fields.number(5n, 1n, SIZE_LIMIT), path: hashes(fields.data(6n, 0, PATH_BYTES)) }
    : null;
  const proof = {
    index: fields.number(2n, 0n, SIZE_LIMIT - 1n),
    path: hashes(fields.data(3n, 0, PATH_BYTES)),
    note: readNote(fields.data(4n, 1, NOTE_LIMIT)),
    growth,
  };
  fields.end();
  return proof;
}

/**
 * The checkpoint in which this entry stands.
 * @param {Uint8Array} leaf the entry's bytes
 * @param {ReturnType<typeof readProof>} proof
 * @param {string} origin
 * @param {VerifierKey[]} keys the log's
 * @param {import("./checkpoint.js").WitnessPolicy} policy
 * @param {Checkpoint | null} known what was remembered so far
 */
export async function checkProof(leaf, proof, origin, keys, policy, known) {
  const checkpoint = await openCheckpoint(proof.note, origin, keys);
  await checkWitnesses(proof.note, policy);
  await checkInclusion(await leafHash(leaf), proof.index, checkpoint.size, proof.path, checkpoint.root);
  if (known) await checkGrowth(known, checkpoint, proof.growth);
  return checkpoint;
}

/**
 * @param {Checkpoint} known
 * @param {Checkpoint} now
 * @param {{since: bigint, path: Uint8Array[]} | null} growth
 */
async function checkGrowth(known, now, growth) {
  if (growth && growth.since === known.size) return checkConsistency(known, now, growth.path);
  if (known.size !== 0n && now.size > known.size) throw new UntrustedError("log-growth");
  return checkConsistency(known, now, []);
}
