// What a scanned or pasted text is for: a page of this desk, of another one, or nothing of ours.

import { InputError } from "./core/errors.js";
import { isReplyLink, readReplyLink } from "./core/reply.js";
import { isPairing, lastPart, linkPart, readLink, readPairing } from "./core/request.js";

/** @typedef {import("./core/request.js").Request} Request */
/**
 * @typedef {{is: "request", part: string, request: Request}
 *   | {is: "pairing", part: string, serial: string}
 *   | {is: "reply", text: string}
 *   | {is: "elsewhere", host: string, address: string}
 *   | {is: "damaged"}
 *   | {is: "foreign"}} Scanned
 */

const LINK = /^(https?):\/\/([a-z0-9.:-]+)\/(r|p|e)\//i;

/**
 * @param {string} text
 * @param {string} prefix this desk's, such as `HTTPS://DESK.EXAMPLE.COM/R/`
 * @returns {Promise<Scanned>}
 */
export async function recognise(text, prefix) {
  const bare = text.replace(/\s/gu, "");
  const link = LINK.exec(bare);
  if (!link && bare.includes("/")) return { is: "foreign" };
  const own = prefix.replace(/R\/$/, "").toUpperCase();
  try {
    if (link && isReplyLink(bare)) {
      readReplyLink(bare);
      return { is: "reply", text: bare.toUpperCase() };
    }
    if (link && isPairing(bare)) {
      const pairing = readPairing(bare);
      return link[0].toUpperCase() === `${own}P/` ? { is: "pairing", part: lastPart(bare), serial: pairing.serial } : elsewhere(link, bare);
    }
    const request = await readLink(bare);
    if (link && link[0].toUpperCase() !== `${own}R/`) return elsewhere(link, bare);
    return { is: "request", part: linkPart(request), request };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { is: link ? "damaged" : "foreign" };
  }
}

/**
 * @param {RegExpExecArray} link
 * @param {string} bare
 * @returns {Scanned}
 */
function elsewhere(link, bare) {
  return { is: "elsewhere", host: link[2].toLowerCase(), address: `${link[1].toLowerCase()}://${link[2].toLowerCase()}/${link[3].toUpperCase()}/${lastPart(bare)}` };
}
