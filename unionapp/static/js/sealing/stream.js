// Files encrypted chunk by chunk: STREAM over XChaCha20-Poly1305.
// prefix (19) || chunks of 65,536 bytes with a tag each; nonce = prefix || counter (4, big-endian) || last (1).

import { xchacha20poly1305 } from "../../vendor/noble-ciphers.js";
import { concatBytes } from "../../vendor/noble-hashes.js";
import { demand, SealingError } from "./encoding.js";

export const KEY_BYTES = 32;
export const PREFIX_BYTES = 19;
export const CHUNK_BYTES = 65_536;
export const TAG_BYTES = 16;

const MOST_CHUNKS = 2 ** 32;

function nonceOf(prefix, index, last) {
  demand(index < MOST_CHUNKS, "stream-too-long");
  const nonce = new Uint8Array(PREFIX_BYTES + 5);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(PREFIX_BYTES, index);
  nonce[PREFIX_BYTES + 4] = last ? 1 : 0;
  return nonce;
}

/** The length of the encrypted file for a plaintext of `size` bytes. */
export function sealedSize(size) {
  return PREFIX_BYTES + size + TAG_BYTES * Math.max(1, Math.ceil(size / CHUNK_BYTES));
}

// Regroup parts into pieces of `length` bytes, the last one shorter or empty; one always comes.
async function* cut(parts, length) {
  let waiting = new Uint8Array(0);
  for await (const part of parts) {
    waiting = waiting.length === 0 ? part : concatBytes(waiting, part);
    let start = 0;
    while (waiting.length - start > length) {
      yield { piece: waiting.subarray(start, start + length), last: false };
      start += length;
    }
    waiting = waiting.slice(start);
  }
  yield { piece: waiting, last: true };
}

/** Parts of a Blob or File in order, for encrypt: 1 MiB at a time. */
export async function* partsOf(blob, size = 1_048_576) {
  for (let start = 0; start < blob.size; start += size) {
    yield new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
  }
}

/**
 * Yield the encrypted file: the prefix, then each chunk. parts: (async) iterable of byte arrays; prefix: 19 fresh
 * random bytes. SealingError("bad-key") on a key or prefix of the wrong length.
 */
export async function* encrypt(parts, key, prefix) {
  demand(key.length === KEY_BYTES && prefix.length === PREFIX_BYTES, "bad-key");
  yield prefix;
  let index = 0;
  for await (const { piece, last } of cut(parts, CHUNK_BYTES)) {
    yield xchacha20poly1305(key, nonceOf(prefix, index, last)).encrypt(piece);
    index += 1;
  }
}

function openChunk(key, nonce, piece, index) {
  demand(piece.length >= TAG_BYTES && (index === 0 || piece.length > TAG_BYTES), "stream-broken", { chunk: index });
  try {
    return xchacha20poly1305(key, nonce).decrypt(piece);
  } catch {
    throw new SealingError("stream-broken", { chunk: index });
  }
}

async function* after(head, parts) {
  yield head;
  yield* parts;
}

async function* iterate(parts) {
  yield* parts;
}

/**
 * Yield the plaintext chunk by chunk; each is authentic, the file whole only at the end.
 * SealingError("stream-broken", {chunk}) when anything was cut, moved, added or changed.
 */
export async function* decrypt(parts, key) {
  demand(key.length === KEY_BYTES, "bad-key");
  const rest = iterate(parts);
  let head = new Uint8Array(0);
  while (head.length < PREFIX_BYTES) {
    const { value, done } = await rest.next();
    demand(!done, "stream-broken", { chunk: 0 });
    head = concatBytes(head, value);
  }
  const prefix = head.slice(0, PREFIX_BYTES);
  let index = 0;
  for await (const { piece, last } of cut(after(head.slice(PREFIX_BYTES), rest), CHUNK_BYTES + TAG_BYTES)) {
    yield openChunk(key, nonceOf(prefix, index, last), piece, index);
    index += 1;
  }
}
