// Texts, hashes and strict JSON of the Belenios protocol, crypto version 1.

import { bytesToHex, sha256 } from "../../vendor/noble-hashes.js";

const UTF8 = new TextEncoder();
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Something in a Belenios file is not as the protocol demands. `code` is stable, for translated messages. */
export class BeleniosError extends Error {
  constructor(code, detail = "") {
    super(detail === "" ? code : `${code}: ${detail}`);
    this.name = "BeleniosError";
    this.code = code;
    this.detail = detail;
  }
}

/** Throw BeleniosError(code, detail) unless `condition` holds. */
export function demand(condition, code, detail = "") {
  if (!condition) throw new BeleniosError(code, detail);
}

/** Bytes of a text (UTF-8), or the bytes themselves. */
export function toBytes(textOrBytes) {
  return typeof textOrBytes === "string" ? UTF8.encode(textOrBytes) : textOrBytes;
}

/** Text of UTF-8 bytes; BeleniosError("not-utf8") for anything else. */
export function toText(textOrBytes) {
  if (typeof textOrBytes === "string") return textOrBytes;
  try {
    return STRICT_UTF8.decode(textOrBytes);
  } catch {
    throw new BeleniosError("not-utf8");
  }
}

/** SHA-256 in lower-case hexadecimal: the name of a datum in an archive. */
export function hexDigest(textOrBytes) {
  return bytesToHex(sha256(toBytes(textOrBytes)));
}

/** SHA-256 in base64 without padding: fingerprint of an election, tracker of a ballot. 43 characters. */
export function base64Digest(textOrBytes) {
  return btoa(String.fromCharCode(...sha256(toBytes(textOrBytes)))).replace(/=+$/, "");
}

function countKeys(value) {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, inner) => sum + countKeys(inner), own);
}

// JSON.parse keeps the last of two equal keys in silence; another reader might keep the first.
function writtenKeys(text) {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/gu)) count += colon === ":" ? 1 : 0;
  return count;
}

/** Value of a JSON text; BeleniosError("not-json"), also for a key that stands twice. */
export function parseJson(textOrBytes, what) {
  const text = toText(textOrBytes);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BeleniosError("not-json", what);
  }
  demand(countKeys(value) === writtenKeys(text), "not-json", `${what}: a key stands twice`);
  return value;
}

/** Value of a JSON text that must be compact and free of repeated keys; BeleniosError("not-canonical"). */
export function parseCanonicalJson(textOrBytes, what) {
  const value = parseJson(textOrBytes, what);
  demand(JSON.stringify(value) === toText(textOrBytes), "not-canonical", what);
  return value;
}

/** Demand an object whose keys are the `required` ones in order, mixed with none but `optional` ones. */
export function demandKeys(value, required, optional, what) {
  demand(value !== null && typeof value === "object" && !Array.isArray(value), "wrong-shape", what);
  const present = Object.keys(value);
  const known = new Set([...required, ...optional]);
  demand(required.every((key) => Object.hasOwn(value, key)), "wrong-shape", what);
  demand(present.every((key) => known.has(key)), "wrong-shape", what);
  return value;
}

/** Demand an object whose keys are exactly `keys`, in this order: the order is part of what is hashed. */
export function demandExactKeys(value, keys, what) {
  demandKeys(value, keys, [], what);
  demand(Object.keys(value).join() === keys.join(), "not-canonical", what);
  return value;
}

/** Demand an array, of `length` items when it is given. */
export function demandArray(value, length, what) {
  demand(Array.isArray(value), "wrong-shape", what);
  demand(length === undefined || value.length === length, "wrong-length", what);
  return value;
}
