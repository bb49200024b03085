// Sealing to a public key: HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, one message.
// A sealed message is enc (32) || ciphertext || tag (16), AAD empty; `info` binds what it is for.

import { Chacha20Poly1305, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "../../vendor/hpke.js";
import { x25519 } from "../../vendor/noble-curves.js";
import { concatBytes } from "../../vendor/noble-hashes.js";
import { demand, SealingError } from "./encoding.js";

export const KEY_BYTES = 32;
export const OVERHEAD_BYTES = 48;

function suite() {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
}

/** The public half of a raw X25519 private key. SealingError("bad-key") unless it has 32 bytes. */
export function publicKeyOf(privateKey) {
  demand(privateKey.length === KEY_BYTES, "bad-key");
  return x25519.getPublicKey(privateKey);
}

/** Encrypt bytes to the holder of `publicKey`. Promise of bytes; SealingError("bad-key"). */
export async function seal(publicKey, plaintext, info) {
  demand(publicKey.length === KEY_BYTES, "bad-key");
  const hpke = suite();
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(publicKey);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return concatBytes(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(plaintext)));
  } catch (error) {
    throw new SealingError("bad-key", { cause: String(error) });
  }
}

/** Decrypt what `seal` made with the same `info`. SealingError("bad-key") or ("not-opened"). */
export async function open(privateKey, sealed, info) {
  demand(privateKey.length === KEY_BYTES, "bad-key");
  demand(sealed.length >= OVERHEAD_BYTES, "not-opened");
  const hpke = suite();
  const recipientKey = await hpke.kem.importKey("raw", privateKey, false);
  try {
    const recipient = await hpke.createRecipientContext({ recipientKey, enc: sealed.slice(0, KEY_BYTES), info });
    return new Uint8Array(await recipient.open(sealed.slice(KEY_BYTES)));
  } catch (error) {
    throw new SealingError("not-opened", { cause: String(error) });
  }
}
