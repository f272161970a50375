// What was scanned or pasted, read as a compact signed code (R1). Nothing here knows a key.

export const DIGITS = 179;
const LENGTH = 74;
const CLAIMS = 10;
const DAY_MS = 86_400_000;

/**
 * Find the address of a code in a text.
 *
 * Gives its host, as URLs write it, and what follows /r/; host is null if there were digits only,
 * digits null if the address is of something else. Null if there is no address at all.
 */
export function addressIn(text) {
  const address = text.replace(/\s+/g, "");
  if (/^[0-9]+$/.test(address)) return { host: null, digits: address };
  try {
    const whole = address.includes("://");
    const url = new URL(whole ? address : `https://${address}`);
    if (!["http:", "https:"].includes(url.protocol) || !(whole || url.host.includes("."))) return null;
    return { host: url.host, digits: url.pathname.match(/^\/r\/([^/]+)$/)?.[1] ?? null };
  } catch {
    return null;
  }
}

/** Take 179 digits apart; null if their number is too large to be a code. */
export function parts(digits, firstDay) {
  const hex = BigInt(digits).toString(16).padStart(LENGTH * 2, "0");
  if (hex.length > LENGTH * 2) return null;
  const code = Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16));
  const claims = code.subarray(0, CLAIMS);
  const day = new Date(Date.parse(firstDay) + ((claims[2] << 8) | claims[3]) * DAY_MS);
  return {
    version: claims[0] >> 5,
    kid: claims[0] & 31,
    kind: claims[1],
    day: day.toISOString().slice(0, 10),
    id: hex.slice(8, CLAIMS * 2),
    claims,
    signature: code.subarray(CLAIMS),
  };
}
