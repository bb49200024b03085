// Hiding lengths: text in steps of 4 KiB, files by Padmé; both append 0x80 and zero bytes inside the encryption.

import { demand, sameBytes } from "./encoding.js";

export const STEP_BYTES = 4096;
export const SMALLEST_FILE_BYTES = 4096;

const MARKER = 0x80;

/** Pad to the next multiple of 4,096 bytes; at least one byte is added. */
export function padText(text) {
  const padded = new Uint8Array((Math.floor(text.length / STEP_BYTES) + 1) * STEP_BYTES);
  padded.set(text);
  padded[text.length] = MARKER;
  return padded;
}

/** Undo padText. SealingError("bad-padding") for anything it cannot have made. */
export function unpadText(padded) {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end -= 1;
  demand(end > 0 && padded[end - 1] === MARKER, "bad-padding");
  const text = padded.slice(0, end - 1);
  demand(padText(text).length === padded.length, "bad-padding");
  return text;
}

function padme(length) {
  const exponent = length.toString(2).length - 1;
  const keptBits = exponent.toString(2).length;
  const step = 2 ** Math.max(0, exponent - keptBits);
  return Math.ceil(length / step) * step;
}

/** The padded length of a file of `size` bytes. */
export function paddedFileSize(size) {
  demand(Number.isSafeInteger(size) && size >= 0, "bad-size");
  return Math.max(SMALLEST_FILE_BYTES, padme(size + 1));
}

/** The bytes that follow a file of `size` bytes: at most 12 % of it, or 4,096. */
export function fileFiller(size) {
  const filler = new Uint8Array(paddedFileSize(size) - size);
  filler[0] = MARKER;
  return filler;
}

/**
 * Yield the first `size` bytes of a padded file and check every byte behind them. SealingError("bad-padding"),
 * for a wrong filler only after the content: take nothing for whole before the end.
 */
export async function* stripFile(chunks, size) {
  const filler = new Uint8Array(paddedFileSize(size) - size);
  let taken = 0;
  let filled = 0;
  for await (const chunk of chunks) {
    const content = chunk.slice(0, size - taken);
    const rest = chunk.slice(content.length);
    demand(filled + rest.length <= filler.length, "bad-padding");
    filler.set(rest, filled);
    taken += content.length;
    filled += rest.length;
    if (content.length > 0) yield content;
  }
  demand(taken === size && filled === filler.length && sameBytes(filler, fileFiller(size)), "bad-padding");
}
