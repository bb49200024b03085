// A case worker's key bundle: made in the browser, locked there by a passphrase, kept locked by the server.
// The format stands in unionapp/crypto/handler_keys.py.

import { xchacha20poly1305 } from "../../vendor/noble-ciphers.js";
import { ed25519 } from "../../vendor/noble-curves.js";
import { concatBytes } from "../../vendor/noble-hashes.js";
import {
  browserRandom,
  canonicalJson,
  demand,
  fromBase64Url,
  identifier,
  sameBytes,
  SealingError,
  textOf,
  toBase64Url,
} from "./encoding.js";
import { atLeast, BROWSER_COST, derive, HIGHEST_COST, SALT_BYTES } from "./passphrase.js";
import { KEY_BYTES, publicKeyOf } from "./sealed_box.js";

export const SECRET_BYTES = 64;
export const NONCE_BYTES = 24;

const VERSION = 1;
const MEMBERS = "ed25519 handler hpke kdf nonce v wrapped";
const KDF_MEMBERS = "m name p salt t";

function keysFrom(secret) {
  const privateKey = secret.slice(0, KEY_BYTES);
  const signingSeed = secret.slice(KEY_BYTES);
  return { privateKey, signingSeed, publicKey: publicKeyOf(privateKey), verifyKey: ed25519.getPublicKey(signingSeed) };
}

function outside(handler, { publicKey, verifyKey }, cost, salt) {
  return {
    v: VERSION,
    handler,
    hpke: toBase64Url(publicKey),
    ed25519: toBase64Url(verifyKey),
    kdf: { name: "argon2id", t: cost.t, m: cost.m, p: cost.p, salt: toBase64Url(salt) },
  };
}

async function lock(handler, keys, passphrase, { random, cost, onProgress }) {
  identifier(handler);
  const salt = random(SALT_BYTES);
  const nonce = random(NONCE_BYTES);
  const { authentication, encryption } = await derive(passphrase, salt, cost, onProgress);
  const open = outside(handler, keys, cost, salt);
  const secret = concatBytes(keys.privateKey, keys.signingSeed);
  const wrapped = xchacha20poly1305(encryption, nonce, canonicalJson(open)).encrypt(secret);
  const closed = { ...open, nonce: toBase64Url(nonce), wrapped: toBase64Url(wrapped) };
  return { bundle: textOf(canonicalJson(closed)), keys, authentication };
}

/**
 * Make fresh keys and lock them. handler: the case worker's public id. options: {random, cost, onProgress(0..1)}.
 * Promise of {bundle (JSON text for the server), keys, authentication (32 bytes to sign in with)};
 * keys = {privateKey, signingSeed, publicKey, verifyKey}. random is asked for 64, 16 and 24 bytes, in this order.
 */
export async function makeBundle(handler, passphrase, options = {}) {
  const settings = { random: browserRandom, cost: BROWSER_COST, ...options };
  return lock(handler, keysFrom(settings.random(SECRET_BYTES)), passphrase, settings);
}

/** Lock opened keys again, under a new passphrase. Options and result as of makeBundle. */
export async function relockBundle(handler, keys, passphrase, options = {}) {
  return lock(handler, keys, passphrase, { random: browserRandom, cost: BROWSER_COST, ...options });
}

function hasMembers(value, names) {
  return value !== null && typeof value === "object" && Object.keys(value).sort().join(" ") === names;
}

function read(text) {
  const found = JSON.parse(text);
  demand(hasMembers(found, MEMBERS) && hasMembers(found.kdf, KDF_MEMBERS), "bad-bundle");
  demand(found.v === VERSION && found.kdf.name === "argon2id", "bad-bundle");
  identifier(found.handler);
  const { t, m, p } = found.kdf;
  demand([t, m, p].every(Number.isSafeInteger), "bad-bundle");
  return {
    handler: found.handler,
    publicKey: fromBase64Url(found.hpke, KEY_BYTES),
    verifyKey: fromBase64Url(found.ed25519, KEY_BYTES),
    cost: { t, m, p },
    salt: fromBase64Url(found.kdf.salt, SALT_BYTES),
    nonce: fromBase64Url(found.nonce, NONCE_BYTES),
    wrapped: fromBase64Url(found.wrapped, SECRET_BYTES + 16),
  };
}

/**
 * Read a bundle's JSON: {handler, publicKey, verifyKey, cost, salt, nonce, wrapped}. SealingError("bad-bundle"),
 * also for a cost below `lowest`, with which a dishonest server could guess the passphrase, or over `highest`.
 */
export function parseBundle(text, { lowest = BROWSER_COST, highest = HIGHEST_COST } = {}) {
  let bundle;
  try {
    bundle = read(text);
  } catch (error) {
    throw new SealingError("bad-bundle", { cause: String(error) });
  }
  demand(atLeast(bundle.cost, lowest) && atLeast(highest, bundle.cost), "bad-bundle");
  return bundle;
}

/**
 * Unlock a parsed bundle. Promise of {keys, authentication}. SealingError("bundle-locked") when the passphrase
 * does not open it or it was changed.
 */
export async function unlockBundle(bundle, passphrase, { onProgress } = {}) {
  const { authentication, encryption } = await derive(passphrase, bundle.salt, bundle.cost, onProgress);
  const open = canonicalJson(outside(bundle.handler, bundle, bundle.cost, bundle.salt));
  let secret;
  try {
    secret = xchacha20poly1305(encryption, bundle.nonce, open).decrypt(bundle.wrapped);
  } catch {
    throw new SealingError("bundle-locked");
  }
  const keys = keysFrom(secret);
  const fits = sameBytes(keys.publicKey, bundle.publicKey) && sameBytes(keys.verifyKey, bundle.verifyKey);
  demand(fits, "bundle-locked");
  return { keys, authentication };
}
