// Bytes, texts and key derivation shared by the sealed formats. The Python side: unionapp/crypto.

import { concatBytes, hkdf, sha256 } from "../../vendor/noble-hashes.js";

const UTF8 = new TextEncoder();
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;

/** Something sealed cannot be made or opened. `code` is stable, for translated messages; `facts` go with it. */
export class SealingError extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.name = "SealingError";
    this.code = code;
    this.facts = facts;
  }
}

/** Throw SealingError(code, facts) unless `condition` holds. */
export function demand(condition, code, facts = {}) {
  if (!condition) throw new SealingError(code, facts);
}

/** Random bytes of the browser: `length` of them. The default of every `random` parameter. */
export function browserRandom(length) {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/** UTF-8 of a text; SealingError("not-unicode") for lone surrogates, which UTF-8 cannot hold. */
export function utf8(text) {
  demand(typeof text === "string" && text.isWellFormed(), "not-unicode");
  return UTF8.encode(text);
}

/** Text of UTF-8 bytes; throws TypeError for anything else. */
export function textOf(bytes) {
  return STRICT_UTF8.decode(bytes);
}

/** Join byte arrays with a zero byte between them. */
export function joinByZero(...parts) {
  const pieces = parts.flatMap((part, index) => (index === 0 ? [part] : [Uint8Array.of(0), part]));
  return concatBytes(...pieces);
}

/** UTF-8 of an id of 1 to 64 letters, digits, _ and -; else SealingError("bad-identifier"). */
export function identifier(text) {
  demand(typeof text === "string" && IDENTIFIER.test(text), "bad-identifier");
  return UTF8.encode(text);
}

/** HKDF-SHA256 with an empty salt, 32 bytes of output. `info`: text or bytes. */
export function expand(secret, info) {
  return hkdf(sha256, secret, undefined, typeof info === "string" ? utf8(info) : info, 32);
}

/** base64url without padding. */
export function toBase64Url(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Bytes of base64url in its one spelling, of this length; else SealingError("bad-encoding"). */
export function fromBase64Url(text, length) {
  demand(typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1, "bad-encoding");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (symbol) => symbol.charCodeAt(0));
  demand(bytes.length === length && toBase64Url(bytes) === text, "bad-encoding");
  return bytes;
}

// UTF-16 order and code point order differ beyond the Basic Multilingual Plane; Python sorts by code points.
function byCodePoint([left], [right]) {
  const [a, b] = [Array.from(left), Array.from(right)];
  const place = a.findIndex((symbol, index) => symbol !== b[index]);
  return place === -1 ? a.length - b.length : a[place].codePointAt(0) - (b[place]?.codePointAt(0) ?? -1);
}

function canonicalText(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).sort(byCodePoint);
    return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalText(inner)}`).join(",")}}`;
  }
  demand(value === null || typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value),
    "not-canonical");
  demand(typeof value !== "string" || value.isWellFormed(), "not-unicode");
  return JSON.stringify(value);
}

/** The one JSON text of an object, members sorted by code point, in UTF-8: what hashes and AAD cover. */
export function canonicalJson(value) {
  return utf8(canonicalText(value));
}

/** True when both byte arrays are equal; looks at every byte. */
export function sameBytes(left, right) {
  let difference = left.length ^ right.length;
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) difference |= left[i] ^ right[i];
  return difference === 0;
}
