// Who signed: Ed25519 by tweetnacl, SM2 with SM3 by sm-crypto. Both are whole without WebCrypto.

const PURPOSE = "daoban/receipt/1\0";
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * Tell whether a key signed a code for a host: true or false, or null if this page cannot tell.
 *
 * The key is as the public list of keys has it.
 */
export function signedBy(key, host, code) {
  const verify = ALGORITHMS[key.alg];
  if (!verify) return null;
  const message = Uint8Array.of(...new TextEncoder().encode(PURPOSE + host), ...code.claims);
  return verify(bytesOf(key.public_key), message, code.signature);
}

const ALGORITHMS = {
  // tweetnacl takes s + ORDER for s: a second way of writing a signature, which the server refuses.
  Ed25519: (key, message, signature) =>
    BigInt(`0x${hex(signature.slice(32).reverse())}`) < ORDER && nacl.sign.detached.verify(message, signature, key),
  SM2: (key, message, signature) => sm2.doVerifySignature([...message], hex(signature), `04${hex(key)}`),
};

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
