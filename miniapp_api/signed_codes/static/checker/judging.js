// What is to be said about a text that was scanned, by keys and lists that were fetched at some time.

import { addressIn, DIGITS, parts } from "./reading.js";
import { signedBy } from "./signatures.js";

const FRESH_MS = 10 * 60_000;
const CLOCKS_DIFFER_MS = 86_400_000;

/**
 * Judge a text.
 *
 * Gives the state (genuine, revoked, online: only the server can tell, forged, unread) and why; for a
 * code that one of our keys signed its parts too. `lists` is null as long as there are none.
 */
export function judge(text, lists, format, now) {
  const address = addressIn(text);
  if (!address) return { state: "unread", why: "no address" };
  if (!lists) return { state: "online", why: "no lists", digits: wellFormed(address.digits) };
  if (isForeign(address.host, lists.host)) return { state: "forged", why: "host", host: address.host };
  const { digits } = address;
  if (digits === null) return { state: "unread", why: "no address" };
  if (!/^[0-9]+$/.test(digits)) return { state: "unread", why: "letters" };
  if (digits.length !== DIGITS) return { state: "unread", why: "length", length: digits.length };
  const code = parts(digits, format.first_day);
  return code ? { digits, ...judgeCode(code, lists, format, now) } : { state: "forged", why: "changed" };
}

function judgeCode(code, lists, format, now) {
  const key = lists.keys.find((key) => key.kid === code.kid);
  if (!key || code.version !== format.version) {
    return { state: now - lists.at < FRESH_MS ? "forged" : "online", why: "key" };
  }
  const ours = signedBy(key, lists.host, code);
  if (ours === null) return { state: "online", why: "algorithm" };
  if (!ours) return { state: "forged", why: "changed" };
  if (code.day < key.not_before || code.day > key.not_after) return { state: "forged", why: "day" };
  if (!format.kinds[code.kind]) return { state: "online", why: "kind" };
  if (code.day > dayInChina(Math.max(now, lists.at) + CLOCKS_DIFFER_MS)) return { state: "online", why: "clock", code };
  if (lists.revoked[code.kid]?.includes(code.id)) return { state: "revoked", code };
  if (key.compromised_at) return { state: "online", why: "compromised", code };
  return { state: "genuine", code };
}

/** The server takes a host with the usual port for the one without. */
function isForeign(host, ours) {
  return host !== null && !["https:", "http:"].some((scheme) => new URL(`${scheme}//${ours}`).host === host);
}

function wellFormed(digits) {
  return digits?.length === DIGITS && /^[0-9]+$/.test(digits) ? digits : null;
}

function dayInChina(at) {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
}
