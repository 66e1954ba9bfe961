// Requests that wait for the network. A request is sealed: whoever finds one here learns what its QR code shows.

const NAME = "kept requests";
const MOST = 5;

/** @typedef {{part: string, kind: string, model: string, serial: string}} Kept */

/**
 * What a person must go on with: no button is pressed for it.
 * @param {Kept} request
 */
export const isByHand = ({ kind }) => kind === "support" || kind === "technician";

/** @returns {Kept[]} */
export function all() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.part === "string") : [];
  } catch {
    return [];
  }
}

/**
 * Keeps one, the newest first. False when the browser keeps nothing.
 * @param {Kept} request
 */
export function keep(request) {
  return write([request, ...all().filter((one) => one.part !== request.part)].slice(0, MOST));
}

/** @param {string} part */
export function forget(part) {
  write(all().filter((one) => one.part !== part));
}

/** @param {Kept[]} requests */
function write(requests) {
  try {
    localStorage.setItem(NAME, JSON.stringify(requests));
    return true;
  } catch {
    return false;
  }
}

/**
 * Presses the button of the desk's own page for each kept request, and says which of them went out. What the desk
 * does not take any more is forgotten too; what cannot be reached stays.
 * @param {(address: string, options?: RequestInit) => Promise<Response>} [reach]
 */
export async function sendAll(reach = (address, options) => fetch(address, options)) {
  /** @type {{request: Kept, sent: boolean}[]} */
  const ended = [];
  for (const request of all().filter((one) => !isByHand(one))) {
    const address = `/R/${request.part}`;
    const page = await reach(address, { cache: "no-store" }).catch(() => null);
    if (!page || page.status >= 500) break;
    const form = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(`form[action="${address}"]`);
    const token = form?.querySelector("input[name=token]")?.getAttribute("value");
    const answer = token
      ? await reach(address, { method: "POST", body: new URLSearchParams({ token }) }).catch(() => null)
      : page;
    if (!answer || answer.status >= 500) break;
    forget(request.part);
    const done = Boolean(token) || request.kind === "enrol"; // one that is registered already shows its answer
    ended.push({ request, sent: done && answer.ok });
  }
  return ended;
}
