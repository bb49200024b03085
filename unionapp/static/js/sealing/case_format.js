// The sealed form of a report: one random report key sealed to each reader, messages and files under it.
// The format stands in unionapp/crypto/case_format.py. A header is {case, seq, role}.

import { xchacha20poly1305 } from "../../vendor/noble-ciphers.js";
import { ed25519 } from "../../vendor/noble-curves.js";
import { concatBytes } from "../../vendor/noble-hashes.js";
import {
  browserRandom,
  canonicalJson,
  demand,
  expand,
  identifier,
  joinByZero,
  sameBytes,
  SealingError,
  textOf,
  utf8,
} from "./encoding.js";
import { padText, unpadText } from "./padding.js";
import { open, seal } from "./sealed_box.js";

export const REPORT_KEY_BYTES = 32;
export const NONCE_BYTES = 24;
export const REPORTER = "reporter";
export const FEWEST_HANDLERS = 2;

const VERSION = 1;
const TAG_BYTES = 16;

function keyVersionText(version) {
  demand(Number.isSafeInteger(version) && version >= 1, "bad-key-version");
  return utf8(String(version));
}

function derived(reportKey, ...info) {
  demand(reportKey.length === REPORT_KEY_BYTES, "bad-report-key");
  return expand(reportKey, joinByZero(...info));
}

function wrapInfo(caseId, recipient, version) {
  return joinByZero(utf8("unionapp/rk/v1"), identifier(caseId), identifier(recipient), keyVersionText(version));
}

/** A fresh report key: 32 bytes. */
export function newReportKey(random = browserRandom) {
  return random(REPORT_KEY_BYTES);
}

/** The 32 public bytes that fix the report key of a case. */
export function reportKeyCommitment(reportKey, caseId, keyVersion) {
  return derived(reportKey, utf8("unionapp/rk-commitment/v1"), identifier(caseId), keyVersionText(keyVersion));
}

/** Seal a report key to one recipient. Promise of bytes. */
export async function wrapReportKey(reportKey, { caseId, recipient, keyVersion, publicKey }) {
  demand(reportKey.length === REPORT_KEY_BYTES, "bad-report-key");
  return seal(publicKey, reportKey, wrapInfo(caseId, recipient, keyVersion));
}

/**
 * Seal a fresh report key to the handlers (object: id to X25519 key) and to the reporter's receipt key.
 * Promise of {caseId, keyVersion, commitment, wraps: [{recipient, sealed}]}. SealingError("too-few-handlers").
 */
export async function newReport(caseId, handlers, reporterKey, { reportKey, keyVersion = 1 }) {
  const readers = Object.entries(handlers);
  demand(readers.length >= FEWEST_HANDLERS, "too-few-handlers");
  demand(!Object.hasOwn(handlers, REPORTER), "bad-identifier");
  const wraps = [];
  for (const [recipient, publicKey] of [...readers, [REPORTER, reporterKey]]) {
    wraps.push({ recipient, sealed: await wrapReportKey(reportKey, { caseId, recipient, keyVersion, publicKey }) });
  }
  return { caseId, keyVersion, commitment: reportKeyCommitment(reportKey, caseId, keyVersion), wraps };
}

/**
 * Open the report key as `recipient`. Promise of 32 bytes. SealingError: "no-wrap" when nothing is sealed to that
 * recipient, "not-opened", "wrong-report-key" when the case committed to another one.
 */
export async function unwrapReportKey(report, recipient, privateKey) {
  const wrap = report.wraps.find((each) => each.recipient === recipient);
  demand(wrap !== undefined, "no-wrap");
  const reportKey = await open(privateKey, wrap.sealed, wrapInfo(report.caseId, recipient, report.keyVersion));
  demand(reportKey.length === REPORT_KEY_BYTES, "wrong-report-key");
  const commitment = reportKeyCommitment(reportKey, report.caseId, report.keyVersion);
  demand(sameBytes(commitment, report.commitment), "wrong-report-key");
  return reportKey;
}

/** The stream key of one file. Ids are random and never used twice. */
export function attachmentKey(reportKey, attachmentId) {
  return derived(reportKey, utf8("unionapp/attachment/v1"), identifier(attachmentId));
}

function associatedData({ case: caseId, seq, role }) {
  identifier(caseId);
  identifier(role);
  demand(Number.isSafeInteger(seq) && seq >= 0, "bad-header");
  return canonicalJson({ v: VERSION, case: caseId, seq, role });
}

function payloadMembers({ text, category, answers = {}, attachments = [] }) {
  const files = attachments.map(({ id, name, type, size }) => ({ id, name, type, size }));
  return {
    v: VERSION,
    text,
    attachments: files,
    ...(category === undefined || category === null ? {} : { category }),
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
  };
}

/**
 * Seal a payload at its place. payload: {text, category?, answers? {question id: text}, attachments? [{id, name,
 * type, size}]}. Returns nonce || ciphertext: 40 bytes and a multiple of 4,096.
 */
export function sealMessage(reportKey, header, payload, random = browserRandom) {
  demand(reportKey.length === REPORT_KEY_BYTES, "bad-report-key");
  const nonce = random(NONCE_BYTES);
  const members = payloadMembers(payload);
  demand(isPayload(members), "bad-payload");
  const padded = padText(canonicalJson(members));
  return concatBytes(nonce, xchacha20poly1305(reportKey, nonce, associatedData(header)).encrypt(padded));
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isAttachment(value) {
  if (!isObject(value) || Object.keys(value).sort().join() !== "id,name,size,type") return false;
  const texts = [value.id, value.name, value.type].every((text) => typeof text === "string");
  return texts && /^[A-Za-z0-9_-]{1,64}$/.test(value.id) && Number.isSafeInteger(value.size) && value.size >= 0;
}

function isPayload(value) {
  if (!isObject(value) || value.v !== VERSION || typeof value.text !== "string") return false;
  const known = ["v", "text", "category", "answers", "attachments"];
  if (!Object.keys(value).every((key) => known.includes(key))) return false;
  if (Object.hasOwn(value, "category") && typeof value.category !== "string") return false;
  const answers = value.answers ?? {};
  if (!isObject(answers) || (Object.hasOwn(value, "answers") && value.answers === null)) return false;
  const answered = Object.values(answers).every((answer) => typeof answer === "string");
  return answered && Array.isArray(value.attachments) && value.attachments.every(isAttachment);
}

function parsePayload(bytes) {
  let found;
  try {
    found = JSON.parse(textOf(bytes));
  } catch {
    throw new SealingError("bad-payload");
  }
  demand(isPayload(found), "bad-payload");
  const { text, category = null, answers = {}, attachments } = found;
  return { text, category, answers, attachments };
}

/**
 * Open a message at its place: {text, category | null, answers, attachments}. SealingError("message-broken") when
 * it was changed, moved or sealed under another key, ("bad-payload") when it holds none of this version.
 */
export function openMessage(reportKey, header, message) {
  demand(reportKey.length === REPORT_KEY_BYTES, "bad-report-key");
  const aad = associatedData(header);
  demand(message.length >= NONCE_BYTES + TAG_BYTES, "message-broken");
  let text;
  try {
    const padded = xchacha20poly1305(reportKey, message.slice(0, NONCE_BYTES), aad).decrypt(message.slice(NONCE_BYTES));
    text = unpadText(padded);
  } catch {
    throw new SealingError("message-broken");
  }
  return parsePayload(text);
}

function signedBytes(header, message) {
  return joinByZero(utf8("unionapp/message-signature/v1"), associatedData(header), message);
}

/** Sign a sealed message as a case worker: 64 bytes. */
export function signMessage(signingSeed, header, message) {
  return ed25519.sign(signedBytes(header, message), signingSeed);
}

/** True when the case worker with `verifyKey` signed this message at this place. */
export function verifyMessage(verifyKey, header, message, signature) {
  if (verifyKey.length !== 32 || signature.length !== 64) return false;
  return ed25519.verify(signature, signedBytes(header, message), verifyKey, { zip215: false });
}
