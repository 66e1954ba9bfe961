// One entry of the recovery log (spec/log.md section 2).

import { same, toHex } from "../bytes.js";
import { InputError } from "../errors.js";
import { Fields } from "../fields.js";

const LEAF_LIMIT = 512;
const TIME_LIMIT = 1n << 40n;
const POLICY_LIMIT = 1n << 32n;
const APPROVERS_LIMIT = 8;
const ROLE = /^[a-z][a-z0-9-]*$/;
const METHODS = [
  "questions", "key-file", "recovery-sheet", "mail-code", "security-code", "response-file", "response-key", "reset-button",
  "technician",
];
const ACTIONS = ["new-password", "new-password-or-default", "erase-and-default"];

/** By number: something issued for a device, or somebody who may decide more from now on. */
export const ENTRY_KINDS = /** @type {const} */ (["", "issued", "approver", "passkey", "role"]);

/**
 * @typedef {object} Leaf
 * @property {typeof ENTRY_KINDS[number]} kind
 * @property {number} time
 * @property {bigint} policy
 * @property {Uint8Array[]} approvers
 * @property {string} [method]
 * @property {string} [action]
 * @property {Uint8Array} [request]
 * @property {Uint8Array} [logId]
 * @property {Uint8Array} [subject]
 * @property {string} [role]
 */

/**
 * Strict: a field that is not listed is refused, whatever its number.
 * @param {Uint8Array} data
 * @returns {Leaf}
 */
export function readLeaf(data) {
  if (data.length > LEAF_LIMIT) throw new InputError("oversize");
  const fields = Fields.of(data);
  fields.number(1n, 1n, 1n);
  const kind = ENTRY_KINDS[Number(fields.number(2n, 1n, 4n))];
  const time = Number(fields.number(3n, 0n, TIME_LIMIT));
  const policy = fields.number(4n, 1n, POLICY_LIMIT);
  const approvers = fields.has(5n) ? readApprovers(fields) : [];
  const leaf = { kind, time, policy, approvers, ...(kind === "issued" ? readIssued(fields, approvers) : readAdmitted(fields, kind)) };
  if (fields.left.size) throw new InputError("unknown-field");
  return leaf;
}

/** @param {Fields} fields */
function readApprovers(fields) {
  const approvers = fields.blobs(5n, APPROVERS_LIMIT, 8);
  const ids = approvers.map(toHex);
  if (ids.some((id, at) => at > 0 && id <= ids[at - 1])) throw new InputError("leaf-approvers");
  return approvers;
}

/**
 * @param {Fields} fields
 * @param {Uint8Array[]} approvers
 */
function readIssued(fields, approvers) {
  const method = among(METHODS, fields.text(6n, 32));
  const action = among(ACTIONS, fields.text(7n, 32));
  const [request, logId] = [fields.data(8n, 32), fields.data(9n, 16)];
  if (action === "erase-and-default" && approvers.length < 2) throw new InputError("leaf-approvers");
  return { method, action, request, logId };
}

/**
 * @param {Fields} fields
 * @param {string} kind
 */
function readAdmitted(fields, kind) {
  const role = fields.has(11n) ? fields.text(11n, 32) : undefined;
  const subject = fields.data(10n, 8);
  if ((role !== undefined) !== (kind === "role") || (role !== undefined && !ROLE.test(role))) throw new InputError("leaf");
  return role === undefined ? { subject } : { subject, role };
}

/**
 * @param {string[]} names
 * @param {string} name
 */
function among(names, name) {
  if (!names.includes(name)) throw new InputError("field");
  return name;
}

/**
 * Whether an entry is about this device.
 * @param {Leaf} leaf
 * @param {Uint8Array} logId
 */
export function isAbout(leaf, logId) {
  return leaf.logId !== undefined && same(leaf.logId, logId);
}
