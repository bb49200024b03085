// From a passphrase to two independent keys: one to sign in with, one to unlock the key bundle.

import { argon2idAsync } from "../../vendor/noble-hashes.js";
import { demand, expand, utf8 } from "./encoding.js";

export const SALT_BYTES = 16;

/** What a browser bears without WebAssembly: OWASP's minimum for Argon2id. t passes, m KiB, p lanes. */
export const BROWSER_COST = Object.freeze({ t: 2, m: 19_456, p: 1 });

/** Above this a stored cost is an attack on the machine that obeys it. */
export const HIGHEST_COST = Object.freeze({ t: 16, m: 1_048_576, p: 8 });

/** True when every parameter of `cost` reaches the one of `other`. */
export function atLeast(cost, other) {
  return cost.t >= other.t && cost.m >= other.m && cost.p >= other.p;
}

/**
 * Stretch a passphrase. Promise of {authentication, encryption}, 32 bytes each: the first goes to the server,
 * the second stays. onProgress(0..1). SealingError("empty-passphrase"), ("bad-salt").
 */
export async function derive(passphrase, salt, cost, onProgress) {
  demand(passphrase !== "", "empty-passphrase");
  demand(salt.length === SALT_BYTES, "bad-salt");
  const options = { t: cost.t, m: cost.m, p: cost.p, dkLen: 32, asyncTick: 25, onProgress };
  const root = await argon2idAsync(utf8(passphrase.normalize("NFKC")), salt, options);
  return {
    authentication: expand(root, "unionapp/passphrase/auth/v1"),
    encryption: expand(root, "unionapp/passphrase/kek/v1"),
  };
}
