// An authenticator app: six digits from a secret and the time (RFC 6238, SHA-1, 30 seconds).

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytes(secret) {
  const digits = [...secret.replace(/[\s=-]/g, "").toUpperCase()].map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, "0")).join("");
  return Buffer.from(digits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** What the app shows, or showed so many steps ago, or will show. A code is good for one use, and one step off is forgiven. */
export function code(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", bytes(secret)).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
