// Voters' credentials, as belenios-tool 3.x derives them: two SHA-256, no salt, no stretching.

import { BeleniosError, demand, hexDigest } from "./encoding.js";
import { browserRandom } from "./group.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const PRIVATE = new RegExp(`^[${BASE58}]{5}-[${BASE58}]{6}-[${BASE58}]{5}-[${BASE58}]{6}$`);
const SYMBOLS = 22;

/** What a person typed, as a private credential: spaces go, dashes are put back, full-width letters narrow. */
export function tidyCredential(typed) {
  const symbols = typed.normalize("NFKC").replace(/[\s\-‐‑‒–—―−ー]/g, "");
  demand(symbols.length === SYMBOLS, "bad-credential", "length");
  const credential = [symbols.slice(0, 5), symbols.slice(5, 11), symbols.slice(11, 16), symbols.slice(16)].join("-");
  demand(PRIVATE.test(credential), "bad-credential", "alphabet");
  return credential;
}

/** A new private credential of 22 symbols, 128 bits and a little; `random(length)` gives bytes. */
export function makeCredential(random = browserRandom) {
  let symbols = "";
  while (symbols.length < SYMBOLS) {
    // 232 is the largest multiple of 58 in a byte: what lies beyond would favour the first symbols.
    for (const byte of random(SYMBOLS)) {
      if (byte < 232 && symbols.length < SYMBOLS) symbols += BASE58[byte % 58];
    }
  }
  return tidyCredential(symbols);
}

/** The secret scalar of a private credential in the election `uuid`; BeleniosError("bad-credential"). */
export function credentialSecret(group, uuid, credential) {
  if (!PRIVATE.test(credential)) throw new BeleniosError("bad-credential", "form");
  const half = (number) => hexDigest(`derive_credential|${uuid}|${number}|${credential}`);
  return group.reduce(BigInt(`0x${half(0)}${half(1)}`));
}

/** The public credential, as it stands in the election's list. */
export function publicCredential(group, uuid, credential) {
  return group.encode(group.basePower(credentialSecret(group, uuid, credential)));
}

/** The list of public credentials: Map from encoded credential to weight (BigInt). Duplicates are refused. */
export function parseCredentialList(entries) {
  demand(Array.isArray(entries), "wrong-shape", "public credentials");
  const weights = new Map();
  let weighted = null;
  for (const entry of entries) {
    const match = typeof entry === "string" ? /^([0-9a-f]+)(?:,([1-9][0-9]*))?$/.exec(entry) : null;
    demand(match !== null, "wrong-shape", "public credential");
    const hasWeight = match[2] !== undefined;
    demand(weighted === null || weighted === hasWeight, "wrong-shape", "weights on some credentials only");
    weighted = hasWeight;
    demand(!weights.has(match[1]), "duplicate-credential", match[1]);
    weights.set(match[1], BigInt(match[2] ?? 1));
  }
  return weights;
}
