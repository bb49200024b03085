// A case as the server hands it out, opened and added to in the browser.

import {
  attachmentKey,
  NONCE_BYTES,
  openMessage,
  REPORTER,
  sealMessage,
  signMessage,
  unwrapReportKey,
  verifyMessage,
  wrapReportKey,
} from "../sealing/case_format.js";
import { fromBase64Url, SealingError, toBase64Url } from "../sealing/encoding.js";
import { stripFile } from "../sealing/padding.js";
import { decrypt } from "../sealing/stream.js";
import { send } from "./page.js";

const WRAP_BYTES = 80;

function bytesOf(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (symbol) => symbol.charCodeAt(0));
}

/** Open the case's key: promise of 32 bytes. SealingError when it is not ours or was exchanged. */
export async function reportKeyOf(found, { handler, keys }) {
  const report = {
    caseId: found.case,
    keyVersion: found.key_version,
    commitment: fromBase64Url(found.commitment, 32),
    wraps: [{ recipient: found.wrap.recipient, sealed: fromBase64Url(found.wrap.sealed, WRAP_BYTES) }],
  };
  return unwrapReportKey(report, handler, keys.privateKey);
}

function isSigned(message, header, sealed) {
  if (!message.verify_key || !message.signature) return false;
  return verifyMessage(fromBase64Url(message.verify_key, 32), header, sealed, bytesOf(message.signature));
}

/** What a message says, or null when it was changed or its case worker did not sign it. */
export function read(found, message, reportKey) {
  const header = { case: found.case, seq: message.seq, role: message.role };
  const sealed = bytesOf(message.sealed);
  if (sealed.length < NONCE_BYTES) return null;
  try {
    if (message.role !== REPORTER && !isSigned(message, header, sealed)) return null;
    return openMessage(reportKey, header, sealed);
  } catch (error) {
    if (error instanceof SealingError) return null;
    throw error;
  }
}

/** Seal and sign the next message: the form fields that carry it. */
export function write(found, text, reportKey, { handler, keys }) {
  const header = { case: found.case, seq: found.messages.length, role: handler };
  const sealed = sealMessage(reportKey, header, { text });
  const signature = signMessage(keys.signingSeed, header, sealed);
  return { seq: header.seq, sealed: toBase64Url(sealed), signature: toBase64Url(signature) };
}

/** Seal the case's key to one more case worker: the form fields that carry it. */
export async function shareWith(found, other, reportKey) {
  const publicKey = fromBase64Url(other.hpke, 32);
  const target = { caseId: found.case, recipient: other.handler, keyVersion: found.key_version, publicKey };
  return { handler: other.handler, sealed: toBase64Url(await wrapReportKey(reportKey, target)) };
}

async function* chunksOf(stream) {
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** Fetch and open a file: promise of a Blob, whole or SealingError; RefusedError when we get none. Its type is always the neutral one. */
export async function openFile(address, csrf, about, reportKey) {
  const answer = await send(address, csrf);
  const parts = [];
  const plain = decrypt(chunksOf(answer.body), attachmentKey(reportKey, about.id));
  for await (const part of stripFile(plain, about.size)) parts.push(part);
  return new Blob(parts, { type: "application/octet-stream" });
}
